"""YAML text -> a tree. One walk over the C parser's events with our own stack, so that no file can exhaust Python's.

YAML 1.2 core scalars. Anchors, aliases, tags, merge keys, duplicate keys and keys that are no text are refused, each
one named, and the walk goes on; only broken syntax and a bomb end it.
"""

from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from app.catalogue.faults import WHOLE_FILE, FaultList, Place, shown
from app.catalogue.scalars import ScalarError, resolve
from app.catalogue.source import REFUSED_CHARACTER
from app.catalogue.tree import BROKEN, DEEPEST, ListNode, MappingNode, Node
from app.catalogue.yaml_syntax import explain

BOMB_DEPTH: Final = 200
"""Nesting at which a file is no mistake any more but a bomb; reading stops."""
MOST_BOMBS: Final = 20
"""Places nested too deep after which reading stops likewise."""
MOST_EVENTS: Final = 300_000
"""The densest questionnaire that fits into the size allowed has fewer."""
STRING_TAG: Final = "tag:yaml.org,2002:str"
_DROPPED: Final = object()
"""Stands for a key that was refused; its value is read for faults, and dropped."""


class _StopReadingError(Exception):
    """The rest of the file is not worth reading."""


def read_yaml(text: str, faults: FaultList) -> MappingNode | None:
    """Give the mapping that a YAML file is; `None`, with the fault added, where it is none."""
    composer = _Composer(faults)
    try:
        for count, event in enumerate(yaml.parse(text, Loader=yaml.CLoader)):
            composer.take(event)
            if count == MOST_EVENTS:
                faults.add(WHOLE_FILE, "holds more keys and values than a questionnaire can have; split it")
                return None
    except yaml.YAMLError as error:
        faults.add(*explain(text, error))
        return None
    except _StopReadingError:
        return None
    if isinstance(composer.root, MappingNode):
        return composer.root
    found = "is empty" if composer.root is None else f"is {shown(composer.root)}"
    faults.add(WHOLE_FILE, f"{found}; a file is a mapping of keys to values, such as “schema: 1”")
    return None


class _Open:
    """A mapping or list that has started and not ended, and in a mapping the key that waits for its value."""

    __slots__ = ("key", "key_place", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.key: Any = None
        self.key_place: Place = node.place


class _Composer:
    """Takes events, in order; what they make is in `root`."""

    def __init__(self, faults: FaultList) -> None:
        self.root: object = None
        self._faults = faults
        self._open: list[_Open] = []
        self._documents = 0
        self._too_deep = 0
        self._bombs = 0

    def take(self, event: Any) -> None:  # noqa: ANN401  # PyYAML's events have no useful types
        """Take one event."""
        kind = type(event)
        if self._too_deep:
            self._pass_over(kind)
        elif kind is ScalarEvent:
            self._take_scalar(event)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            self._start(event, MappingNode if kind is MappingStartEvent else ListNode)
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._open.pop()
        elif kind is AliasEvent:
            place = _place(event)
            self._faults.add(place, f"{shown(f'*{event.anchor}')} is an alias, which is refused; write the value out")
            self._put_or_drop_key(BROKEN, place)
        elif kind is DocumentStartEvent:
            self._start_document(event)

    def _start_document(self, event: Any) -> None:  # noqa: ANN401
        self._documents += 1
        if event.tags:
            self._faults.add(_place(event), "holds a %TAG directive, which is refused; remove it")
        if self._documents > 1:
            self._faults.add(_place(event), "a second document starts here; keep one document a file")
            raise _StopReadingError
        if self._faults.full:
            raise _StopReadingError

    def _take_scalar(self, event: Any) -> None:  # noqa: ANN401
        mark = event.start_mark
        place = (mark.line + 1, mark.column + 1)
        value = event.value
        plain = event.implicit[0]
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event, place)
            plain = plain or event.tag != STRING_TAG
        waiting = self._open[-1] if self._open else None
        if waiting is not None and waiting.key is None and type(waiting.node) is MappingNode:
            waiting.key, waiting.key_place = self._key(waiting.node, value, place, plain=plain), place
            return
        if plain:
            value = self._resolve(value, place)
        elif event.style == '"' and REFUSED_CHARACTER.search(value):
            self._faults.add(place, "holds the escape of a control character; remove it")
            value = BROKEN
        self._put(value, place)

    def _resolve(self, text: str, place: Place) -> object:
        try:
            return resolve(text)
        except ScalarError as error:
            self._faults.add(place, f"{shown(text)} {error}")
            return BROKEN

    def _key(self, node: MappingNode, text: str, place: Place, *, plain: bool) -> object:
        """Give the key, or what stands for one that is refused."""
        if plain and text == "<<":
            self._faults.add(place, "“<<” is a merge key, which is refused; write the keys out")
            node.incomplete = True
            return _DROPPED
        if plain and not isinstance(self._resolve(text, place), str):
            self._faults.add(place, f"the key {shown(text)} is not a text; use a word, or put quotes around it")
            return _DROPPED
        if text in node:
            first = node.place_of_key(text)[0]
            self._faults.add(place, f"the key {shown(text)} stands on line {first} already; keep one of the two")
            return _DROPPED
        if REFUSED_CHARACTER.search(text):
            self._faults.add(place, "a key holds the escape of a control character; remove it")
            return _DROPPED
        return text

    def _start(self, event: Any, kind: type[Node]) -> None:  # noqa: ANN401
        place = _place(event)
        if event.anchor is not None or event.tag is not None:
            self._refuse_properties(event, place)
        if len(self._open) == DEEPEST:
            self._faults.add(place, f"is nested more than {DEEPEST} levels deep; flatten it")
            self._put_or_drop_key(BROKEN, place)
            self._too_deep = 1
            self._bombs += 1
            return
        node = kind(place)
        self._put_or_drop_key(node, place)
        self._open.append(_Open(node))

    def _pass_over(self, kind: type) -> None:
        """Keep count of the depth, and nothing else, in what is nested too deep."""
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            self._too_deep += 1
            if self._too_deep > BOMB_DEPTH or self._bombs > MOST_BOMBS:
                raise _StopReadingError
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            self._too_deep -= 1

    def _put_or_drop_key(self, value: object, place: Place) -> None:
        """Put a value that is no scalar; where a key should be it is refused."""
        waiting = self._open[-1] if self._open else None
        if waiting is not None and waiting.key is None and type(waiting.node) is MappingNode:
            if value is not BROKEN:
                self._faults.add(place, f"{shown(value)} is no key; use a word")
            waiting.key = _DROPPED
        else:
            self._put(value, place)

    def _put(self, value: object, place: Place) -> None:
        if self._faults.full:
            raise _StopReadingError
        if not self._open:
            self.root = value
            return
        waiting = self._open[-1]
        node = waiting.node
        if isinstance(node, ListNode):
            node.put(value, place)
            return
        if waiting.key is not _DROPPED:
            node.put(waiting.key, value, waiting.key_place, place)
        waiting.key = None

    def _refuse_properties(self, event: Any, place: Place) -> None:  # noqa: ANN401
        if event.anchor is not None:
            self._faults.add(place, f"{shown(f'&{event.anchor}')} is an anchor, which is refused; remove it")
        if event.tag is not None:
            self._faults.add(place, f"{shown(event.tag)} is a tag, which is refused; remove it")


def _place(event: Any) -> Place:  # noqa: ANN401
    return event.start_mark.line + 1, event.start_mark.column + 1
