"""A tree against the models of the domain: every error of the shape as a sentence, at its place in the file.

Each part is validated on its own, innermost first, so that a file of nothing but errors costs no more than a good one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple, TypeVar, cast, get_args, get_origin

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from app.catalogue.descriptions import DESCRIPTIONS
from app.catalogue.faults import FaultList, Place, shown, suggest
from app.catalogue.tree import BROKEN, KeyPath, ListNode, MappingNode, Node, label
from app.domain.questionnaire import Part
from app.domain.values import ID_PATTERN, Text

AnyPart = TypeVar("AnyPart", bound=Part)

MOST_ENTRIES: Final = 2_000
"""Entries that a list or mapping of plain values may have; lists of parts may have any number."""
_TEXT: Final = TypeAdapter(Text)
_KEY: Final = "[key]"
"""Pydantic's mark for an error of a key itself, not of its value."""

_SENTENCES: Final[Mapping[str, str]] = {
    "string_type": "must be a text, not {kind}; put quotes around it if it only looks like something else",
    "string_too_long": "is longer than {max_length} characters; shorten it",
    "string_too_short": "is blank; write it, or remove it",
    "int_type": "must be a whole number, such as 1, not {value}",
    "greater_than_equal": "is {value}; it must be at least {ge}",
    "less_than_equal": "is {value}; it must be at most {le}",
    "bool_type": "must be true or false, not {value}",
    "tuple_type": "must be a list, not {kind}",
    "dict_type": "must be a mapping of keys to values, not {kind}",
    "model_type": "must be a mapping of keys to values, not {kind}",
    "too_short": "has {actual} of at least {min_length} entries; add to it",
    "too_long": "has {actual} entries, more than {max_length}; take some away",
    "enum": "is {value}; it must be {expected}",
    "link": "is {value}, which is no web address; write it in full, starting with https://",
    "text_type": "must be a text, not {kind}; put quotes around it if it only looks like something else",
}
"""Pydantic's error type -> what is wrong and what to do. Types not in it speak for themselves in the domain's words."""


def read_shape(
    model: type[AnyPart], root: MappingNode, faults: FaultList, given: Mapping[str, Part | None] | None = None
) -> AnyPart | None:
    """Give the model that a file's tree makes; `None`, with every fault added, where it makes none.

    `given` parts stand in for what the file says under their keys; `None` where one could not be made either.
    """
    reader = _ShapeReader(root, faults, given or {})
    made = reader.read(model, root, ())
    return None if reader.unsound or faults.full else made


@dataclass(slots=True)
class _ShapeReader:
    """Reads the parts of one tree."""

    root: MappingNode
    faults: FaultList
    given: Mapping[str, Part | None]
    unsound: bool = False
    """Whether anything so far had the wrong shape."""

    def read(self, model: type[AnyPart], node: MappingNode, path: KeyPath) -> AnyPart:
        """Give the part that a mapping makes, or an empty one in its stead, with its faults added."""
        try:
            return model.model_validate(dict(self._values(model, node, path)), by_alias=True, by_name=False)
        except ValidationError as error:
            for detail in error.errors(include_url=False, include_input=False):
                _Complaint(self.root, self.faults, detail, model, (*path, *detail["loc"])).add()
            return self._unsound(model)

    def _unsound(self, model: type[AnyPart]) -> AnyPart:
        self.unsound = True
        return cast("AnyPart", model.model_construct())

    def _values(self, model: type[Part], node: MappingNode, path: KeyPath) -> Iterator[tuple[str, object]]:
        """Give the known keys of a mapping, with the parts under them already read."""
        parts = _parts_of(model)
        for key, value in node.items():
            if self.faults.full:
                return
            if key not in parts:
                self._add(node.place_of_key(key), path, f"{shown(key)} is no key here; {suggest(key, parts)}")
                continue
            single, several = parts[key]
            if single is not None and not path and key in self.given:
                yield key, self.given[key] or self._unsound(single)
            elif single is not None and isinstance(value, MappingNode):
                yield key, self.read(single, value, (*path, key))
            elif several is not None and isinstance(value, ListNode):
                yield key, self._read_list(several, value, (*path, key))
            elif isinstance(value, Node) and len(value) > MOST_ENTRIES:
                words = f"{shown(key)} has {len(value):,} entries, over {MOST_ENTRIES:,}; shorten it"
                self._add(node.place_of(key), path, words)
                yield key, BROKEN
            else:
                yield key, value

    def _read_list(self, part: type[Part], items: ListNode, path: KeyPath) -> list[Part]:
        """Give the parts that a list makes, as many as it has entries."""
        made: list[Part] = []
        for index, item in enumerate(items):
            if self.faults.full:
                break
            if isinstance(item, MappingNode):
                made.append(self.read(part, item, (*path, index)))
            else:
                made.append(self._unsound(part))
                if item is not BROKEN:
                    words = f"must be a mapping of keys to values, not {_kind(item)}"
                    self._add(items.place_of(index), path[:-1], f"{shown(f'{path[-1]}[{index}]')} {words}")
        return made

    def _add(self, place: Place, path: KeyPath, words: str) -> None:
        self.unsound = True
        self.faults.add(place, label(self.root, path) + words)


@dataclass(frozen=True, slots=True)
class _Complaint:
    """One error of Pydantic's about one part of a tree."""

    root: MappingNode
    faults: FaultList
    detail: ErrorDetails
    model: type[Part]
    path: KeyPath
    """From the root of the file, not of the part."""
    parent: Node = field(init=False)
    """The mapping or list that holds the end of the path."""

    def __post_init__(self) -> None:
        """Find the parent."""
        value: Any = self.root
        for step in self.path[: -2 if self.path[-1] == _KEY else -1]:
            value = value[step]
        object.__setattr__(self, "parent", value)

    def add(self) -> None:
        """Add the fault, unless it only follows from another one."""
        kind, key = self.detail["type"], self.path[-1]
        if kind == "missing":
            self._add_missing(str(key))
        elif key == _KEY and isinstance(self.parent, MappingNode):
            self._add_at(self.parent.place_of_key(str(self.path[-2])), self.path[:-1], self.path[-2])
        else:
            value = self.parent[key]  # type: ignore[index]  # a path fits its tree
            if kind.startswith("text_") and isinstance(value, MappingNode) and value:
                self._add_languages(value)
            elif value is not BROKEN and not (isinstance(value, Node) and len(value) > MOST_ENTRIES):
                self._add_at(self.parent.place_of(key), self.path, value)

    def _add_missing(self, key: str) -> None:
        if isinstance(self.parent, MappingNode) and not self.parent.incomplete:
            hint = DESCRIPTIONS.get(self.model, {}).get(key)
            words = f"“{key}” is missing; add {key}" + (f": {hint}" if hint else "")
            self.faults.add(self.parent.place, label(self.root, self.path[:-1]) + words)

    def _add_languages(self, words_by_language: MappingNode) -> None:
        """Say what is wrong with each language of a text, where it stands."""
        for language, words in words_by_language.items():
            try:
                if words is not BROKEN:
                    _TEXT.validate_python({language: words})
            except ValidationError as error:
                detail = error.errors(include_url=False, include_input=False)[0]
                path = (*self.path, language)
                complaint = _Complaint(self.root, self.faults, detail, self.model, path)
                complaint._add_at(words_by_language.place_of(language), path, words)

    def _add_at(self, place: Place, path: KeyPath, value: object) -> None:
        key = path[-1]
        where, name = (path[:-1], key) if isinstance(key, str) else (path[:-2], f"{path[-2]}[{key}]")
        self.faults.add(place, f"{label(self.root, where)}{shown(name)} {self._words(value)}")

    def _words(self, value: object) -> str:
        if self.detail["type"] == "string_pattern_mismatch":
            return _explain_pattern(value, self.detail["ctx"]["pattern"])
        sentence = _SENTENCES.get(self.detail["type"])
        if sentence is None:
            return self.detail["msg"]
        if isinstance(value, Node):
            sentence = sentence.partition("; put quotes")[0]
        size = len(value) if isinstance(value, Node) else None
        context = {**self.detail.get("ctx", {}), "value": shown(value), "kind": _kind(value), "actual": size}
        return sentence.format_map(context)


class _Holds(NamedTuple):
    """What stands under a key: one part, several, or neither."""

    single: type[Part] | None = None
    several: type[Part] | None = None


@lru_cache
def _parts_of(model: type[Part]) -> Mapping[str, _Holds]:
    """Give each key of a part as it is written in a file, and the parts it holds."""
    return {field.alias or name: _holds(field.annotation) for name, field in model.model_fields.items()}


def _holds(annotation: Any) -> _Holds:  # noqa: ANN401  # an annotation can be anything
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return _Holds(single=annotation)
    inner = next((held.single for held in map(_holds, get_args(annotation)) if held.single is not None), None)
    return _Holds(several=inner) if get_origin(annotation) is tuple else _Holds(single=inner)


def _explain_pattern(value: object, pattern: str) -> str:
    if pattern == ID_PATTERN:
        return f"is {shown(value)}, which is no id; use small letters, digits and hyphens, such as sharing-information"
    return f"is {shown(value)}, which does not have the right form; use letters, digits and hyphens, such as L1"


def _kind(value: object) -> str:
    if isinstance(value, bool | str | Node) or value is None:
        return shown(value)
    return f"the number {shown(value)}"
