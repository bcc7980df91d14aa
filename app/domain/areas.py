"""Official areas: their codes, what kind each is, and which codes stand for retired ones."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

CODE_FORM: Final = "nine characters, a letter and eight digits, such as E06000001"
_CODE = re.compile(r"[A-Z][0-9]{8}", re.ASCII)

KIND_OF_PREFIX: Final[Mapping[str, str]] = {
    "E06": "unitary",
    "E07": "district",
    "E08": "metropolitan-district",
    "E09": "london-borough",
    "E10": "county",
    "E12": "region",
    "E23": "police-area",
    "E31": "fire-area",
    "E47": "combined-authority",
    "E54": "integrated-care-area",
    "E61": "regional-authority",
    "E92": "country",
    "N09": "district",
    "N92": "country",
    "S12": "council-area",
    "S92": "country",
    "W06": "unitary",
    "W92": "country",
    "K02": "country",
}
"""The first three characters of an official code -> the kind of area."""


@dataclass(frozen=True, slots=True)
class AreaRecord:
    """One area, with the codes that stand for it where it is retired."""

    code: str
    name: str
    kind: str
    valid_from: date | None = None
    valid_to: date | None = None
    successors: tuple[str, ...] = ()
    region: str = ""
    """The name of the region it lies in; empty where it is not known."""

    def is_retired(self, today: date) -> bool:
        """Say whether its code is no longer in use."""
        return bool(self.successors) or (self.valid_to is not None and self.valid_to < today)


@dataclass(frozen=True, slots=True)
class NeighbouredArea:
    """An area with the names of those that are most like it."""

    code: str
    name: str
    neighbours: tuple[str, ...]
    """The nearest first."""
    imported_at: datetime | None
    """`None` where that is not known."""


def is_code(text: str) -> bool:
    """Say whether a text has the form of an official code."""
    return _CODE.fullmatch(text) is not None


def find_kind(code: str) -> str:
    """Give the kind of area that a code is of; empty where its prefix is not known."""
    return KIND_OF_PREFIX.get(code[:3], "")


def kind_words(kind: str) -> str:
    """Give the words for a kind: its id, read as words."""
    return kind.replace("-", " ").capitalize()


def find_current(code: str, successors: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """Give the codes that stand for one today, following successors to the end; a current code stands for itself."""
    current: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.add(here)
        following = tuple(successors.get(here, ()))
        if following:
            waiting.extend(following)
        else:
            current[here] = None
    return tuple(current)


def list_current(codes: Iterable[str], areas: Mapping[str, AreaRecord]) -> tuple[AreaRecord, ...]:
    """List the areas of today that codes stand for, each once, in the order of their codes.

    `areas` are all there are, by code; a code that is not among them raises `KeyError`.
    """
    successors = {area.code: area.successors for area in areas.values() if area.successors}
    current = {heir for code in codes for heir in find_current(code, successors)}
    return tuple(areas[code] for code in sorted(current))


def find_following(code: str, successors: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Give a code, and every code that came after it on the way to those of today."""
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        here = waiting.pop()
        if here not in seen:
            seen.add(here)
            waiting.extend(successors.get(here, ()))
    return frozenset(seen)


def find_circular(successors: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Find the codes that come back to themselves by their successors, or lead only into such a circle and never out.

    Codes without successors are taken away, then those that led to them alone, until nothing changes. What is left with
    nothing behind it stands on a circle, or leads into one.
    """
    left = {code: set(following) for code, following in successors.items() if following}
    leading: dict[str, list[str]] = {}
    for code, following in left.items():
        for successor in following:
            leading.setdefault(successor, []).append(code)
    done = [code for code in leading if code not in left]
    while done:
        gone = done.pop()
        for code in leading.get(gone, ()):
            left[code].discard(gone)
            if not left[code]:
                done.append(code)
    return frozenset(code for code, following in left.items() if following)
