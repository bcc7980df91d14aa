"""What people mean by the names and codes they type: areas, organisations and partnerships that are there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.areas import AreaRecord, find_current, is_code
from app.domain.organisations import fold_name, suggest
from app.domain.values import in_quotes

MOST_SUGGESTIONS: Final = 20
"""Names that a nearest one is looked for; it takes a moment each, and a file may have thousands."""


class Names:
    """What there is by name, in any letter case: a name -> its id."""

    def __init__(self, what: str, pairs: Iterable[tuple[UUID, str]]) -> None:
        """Take what these are called, such as organisation, and their ids and names."""
        self._what = what
        self._names = {fold_name(name): (found, name) for found, name in pairs}
        self._suggestions = 0

    def find(self, name: str) -> UUID | None:
        """Find the id of a name."""
        found = self._names.get(fold_name(name))
        return found[0] if found else None

    def explain(self, name: str) -> str:
        """Say that there is none, and which is nearest."""
        self._suggestions += 1
        known = (name for _, name in self._names.values())
        nearest = suggest(name, known) if self._suggestions <= MOST_SUGGESTIONS else ""
        return f"there is no {self._what} {in_quotes(name)}{nearest or '; add it first, or mend the name'}"


@dataclass(frozen=True, slots=True)
class FoundAreas:
    """The current areas that somebody meant, what was wrong, and what they should know."""

    codes: tuple[str, ...]
    faults: tuple[str, ...]
    notes: tuple[str, ...]


def find_areas(typed: Iterable[str], areas: Mapping[str, AreaRecord], today: date) -> FoundAreas:
    """Find areas by code, or by a name that only one current area has. A retired one is replaced by its successors."""
    codes: dict[str, None] = {}
    faults: list[str] = []
    notes: list[str] = []
    by_name: dict[str, list[str]] | None = None
    successors = {area.code: area.successors for area in areas.values() if area.successors}
    for words in typed:
        code = words.upper()
        if code not in areas:
            if by_name is None:
                by_name = _by_name(areas.values(), today)
            named = [] if is_code(code) else by_name.get(fold_name(words), [])
            if len(named) != 1:
                faults.append(_explain(words, named))
                continue
            (code,) = named
        current = find_current(code, successors)
        codes |= dict.fromkeys(current)
        if current != (code,):
            told = " and ".join(f"{new} {areas[new].name}" for new in current)
            notes.append(f"{code} {areas[code].name} is retired; {told} took its place")
        elif areas[code].is_retired(today):
            notes.append(f"{code} {areas[code].name} is retired, and no area is known to have taken its place")
    return FoundAreas(tuple(codes), tuple(faults), tuple(dict.fromkeys(notes)))


def _by_name(areas: Iterable[AreaRecord], today: date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for area in areas:
        if not area.is_retired(today):
            found.setdefault(fold_name(area.name), []).append(area.code)
    return found


def _explain(words: str, named: list[str]) -> str:
    if named:
        return f"several areas are called {in_quotes(words)}: {', '.join(named)}; write the code of the one you mean"
    return f"there is no area {in_quotes(words)}; look it up in the list of areas, or import it first"
