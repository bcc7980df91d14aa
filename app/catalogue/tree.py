"""A file as plain data that knows its places: what the readers of YAML and JSON give, and everything else checks."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from app.catalogue.faults import FaultList, Place, shown

DEEPEST: Final = 40
"""Levels of nesting that a file may have, its own mapping counted."""

KeyPath = tuple[str | int, ...]


class Broken:
    """Stands where a value could not be read. The reader has said why, so nobody else complains about it."""


BROKEN: Final = Broken()


class MappingNode(dict[str, Any]):
    """A mapping with the place where it starts, and the places of its keys and values."""

    __slots__ = ("incomplete", "place", "places")

    def __init__(self, place: Place) -> None:
        """Start an empty mapping at a place."""
        super().__init__()
        self.place = place
        self.places: dict[str, tuple[Place, Place]] = {}
        self.incomplete = False
        """Whether keys were refused whose absence should not be held against it."""

    def put(self, key: str, value: object, key_place: Place, value_place: Place) -> None:
        """Set a key, once."""
        self[key] = value
        self.places[key] = (key_place, value_place)

    def place_of_key(self, key: str) -> Place:
        """Give the place of a key, or of the mapping where it has none."""
        return self.places[key][0] if key in self.places else self.place

    def place_of(self, key: object) -> Place:
        """Give the place of a key's value, or of the mapping where it has none."""
        return self.places[key][1] if isinstance(key, str) and key in self.places else self.place


class ListNode(list[Any]):
    """A list with the place where it starts, and the places of its items."""

    __slots__ = ("place", "places")

    def __init__(self, place: Place) -> None:
        """Start an empty list at a place."""
        super().__init__()
        self.place = place
        self.places: list[Place] = []

    def put(self, value: object, place: Place) -> None:
        """Add an item."""
        self.append(value)
        self.places.append(place)

    def place_of(self, index: object) -> Place:
        """Give the place of an item, or of the list where there is no such item."""
        return self.places[index] if isinstance(index, int) and index < len(self) else self.place


Node = MappingNode | ListNode


@dataclass(frozen=True, slots=True)
class Spot:
    """A mapping somewhere in a file, and the way to it. Reads leniently: what has the wrong shape is not there."""

    root: MappingNode
    node: MappingNode
    path: KeyPath
    faults: FaultList

    @classmethod
    def at_root(cls, root: MappingNode, faults: FaultList) -> "Spot":
        """Stand at the top of a file."""
        return cls(root, root, (), faults)

    def mappings(self, key: str) -> "Iterator[Spot]":
        """Give the mappings in the list under a key."""
        for index, item in self.items(key):
            if isinstance(item, MappingNode):
                yield Spot(self.root, item, (*self.path, key, index), self.faults)

    def mapping(self, key: str) -> "Spot | None":
        """Give the mapping under a key."""
        item = self.node.get(key)
        return Spot(self.root, item, (*self.path, key), self.faults) if isinstance(item, MappingNode) else None

    def items(self, key: str) -> Iterator[tuple[int, Any]]:
        """Give the items of the list under a key, with their indexes."""
        items = self.node.get(key)
        return enumerate(items) if isinstance(items, ListNode) else enumerate(())

    def words(self, key: str) -> Iterator[tuple[int, str]]:
        """Give the strings in the list under a key, with their indexes."""
        return ((index, item) for index, item in self.items(key) if isinstance(item, str))

    def word(self, key: str) -> str | None:
        """Give the string under a key."""
        item = self.node.get(key)
        return item if isinstance(item, str) else None

    def number(self, key: str) -> int | Decimal | None:
        """Give the number under a key."""
        item = self.node.get(key)
        return item if isinstance(item, int | Decimal) and not isinstance(item, bool) else None

    def fault(self, key: str | None, message: str, index: int | None = None) -> None:
        """Report a fault of the value under a key, of one item of the list there, or of the mapping itself."""
        place = self.node.place if key is None else self.node.place_of(key)
        name = "" if key is None else f"{shown(key)} "
        if key is not None and index is not None:
            place = self.node[key].place_of(index)
            name = f"{shown(f'{key}[{index}]')} "
        self.faults.add(place, f"{label(self.root, self.path)}{name}{message}")

    def fault_at_key(self, key: str, message: str) -> None:
        """Report a fault of a key."""
        self.faults.add(self.node.place_of_key(key), f"{label(self.root, self.path)}{shown(key)} {message}")


Made_co = TypeVar("Made_co", covariant=True)


@dataclass(frozen=True, slots=True)
class ReadFile(Generic[Made_co]):
    """A file that was read, whatever came of it."""

    path: Path
    faults: FaultList
    root: Spot | None
    """The tree; `None` where the file could not be parsed."""
    made: Made_co | None
    """What the file makes. Only without faults can it be relied on."""


def label(root: Node, path: KeyPath) -> str:
    """Give a path as words, with the id of the innermost part that has one: `sections[1].questions[3] (costs): `."""
    text, name, value = "", None, root
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step[:80]}"
        value = value[step]  # type: ignore[index]  # a path fits its tree
        if isinstance(value, MappingNode) and isinstance(value.get("id"), str):
            name = value["id"][:80]
    text = text.removeprefix(".")
    return f"{text} ({name}): " if name else f"{text}: " if text else ""
