"""What people mean by the names and codes they type: areas, organisations and partnerships that are there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.areas import CODE_FORM, AreaRecord, find_current, find_following, is_code
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


class Areas:
    """What areas there are, by code and by name: made once, for as many rows as a file has."""

    def __init__(self, areas: Mapping[str, AreaRecord], today: date) -> None:
        """Take every area by its code, and the date that decides which are current."""
        self._areas = areas
        self._today = today
        self._successors = {area.code: area.successors for area in areas.values() if area.successors}
        self._merged: dict[str, list[str]] | None = None
        self._by_name: dict[str, list[str]] = {}
        for area in areas.values():
            if not area.is_retired(today):
                self._by_name.setdefault(fold_name(area.name), []).append(area.code)

    def find(self, typed: Iterable[str]) -> FoundAreas:
        """Find areas by code, or by a name only one current area has. A retired one is replaced by its successors."""
        codes: dict[str, None] = {}
        faults: list[str] = []
        notes: dict[str, None] = {}
        for words in typed:
            code = words.upper()
            if code not in self._areas:
                named = [] if is_code(code) else self._by_name.get(fold_name(words), [])
                if len(named) != 1:
                    faults.append(_explain(words, named))
                    continue
                (code,) = named
            current = find_current(code, self._successors)
            codes |= dict.fromkeys(current)
            if current != (code,):
                told = " and ".join(f"{new} {self._areas[new].name}" for new in current)
                notes[f"{code} {self._areas[code].name} is retired; {told} took its place"] = None
            elif self._areas[code].is_retired(self._today):
                note = f"{code} {self._areas[code].name} is retired, and no area is known to have taken its place"
                notes[note] = None
        return FoundAreas(tuple(codes), tuple(faults), tuple(notes))

    def find_one(self, typed: str) -> FoundAreas:
        """Find the one area that a figure of a code is of today; a fault where the code was divided into several."""
        code = typed.upper()
        if not is_code(code):
            return FoundAreas((), (f"{in_quotes(typed)} is no code of {CODE_FORM}",), ())
        found = self.find([code])
        if len(found.codes) > 1:
            parts = " and ".join(map(self.describe, found.codes))
            return FoundAreas(
                (), (f"{self.describe(code)} was divided into {parts}; write a row for each of them",), ()
            )
        others = self._find_merged(code, found.codes[0]) if found.codes and found.codes != (code,) else ()
        if not others:
            return found
        (note,) = found.notes
        told = " and ".join(map(self.describe, others))
        return FoundAreas(found.codes, (), (f"{note}, and that of {told}; the figures have to be of all of it",))

    def describe(self, code: str) -> str:
        """Give a code that is known with the name of its area."""
        return f"{code} {self._areas[code].name}"

    def _find_merged(self, code: str, heir: str) -> tuple[str, ...]:
        """Find what else became the area that a code became. Codes that came before it or after it are itself."""
        if self._merged is None:
            self._merged = {}
            for retired in self._successors:
                current = find_current(retired, self._successors)
                if len(current) == 1:
                    self._merged.setdefault(current[0], []).append(retired)
        after = find_following(code, self._successors)
        return tuple(
            other
            for other in self._merged[heir]
            if other not in after and code not in find_following(other, self._successors)
        )


def _explain(words: str, named: list[str]) -> str:
    if named:
        return f"several areas are called {in_quotes(words)}: {', '.join(named)}; write the code of the one you mean"
    return f"there is no area {in_quotes(words)}; look it up in the list of areas, or import it first"
