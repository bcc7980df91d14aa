"""What is to be protected: scores that nobody may work out, cells that are to be shown, and what insiders know."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]
ALL: Final = "all"
"""The cut that has one category, of the same name: everybody."""


class Detail(IntEnum):
    """How much of a cell is shown; each has what those before it have."""

    WITHHELD = 0
    MEAN = 1
    """The count and the mean."""
    BANDS = 2
    STEADY_QUARTILES = 3
    """Those quartiles that would read the same whatever any single contributor had scored."""
    QUARTILES = 4


@dataclass(frozen=True, slots=True)
class Rules:
    """The numbers of the rule."""

    threshold: int
    """The least contributors of a cell, and of whatever is left when cells are taken from one another."""
    quartiles_from: int = 20
    """The least contributors for quartiles, the median among them."""
    quartile_step: int = 5
    """What quartiles are rounded to."""
    narrowest: int = 10
    """Points; nobody's score may be narrowed to less than this."""
    all_quartiles_to: int = 100
    """With more contributors than this, only steady quartiles are tried: others would take too long to prove."""


class Key(NamedTuple):
    """A cell by its cut and category; those of a cut in two ways are joined with `×`."""

    cut: str
    category: str


WHOLE: Final = Key(ALL, ALL)
HIGHEST: Final = 100
"""Points: the end of the scale of scores, which begins at 0."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One score of one partnership. A score that changed between releases is another unit."""

    partnership: Hashable
    score: Fraction
    """0 to 100."""
    band: str
    lowest: Fraction
    """The lowest score that its band is given for."""
    highest: Fraction
    """The end of its band: up to but not at it, but for 100."""
    least: Fraction = Fraction(0)
    """The lowest it can be by what is told beside the cells; below, its highest: up to but not at it, but for 100."""
    most: Fraction = Fraction(HIGHEST)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown of some units, or is to be."""

    key: Key
    members: tuple[int, ...]
    """Places in `Problem.units`, rising."""
    detail: Detail = Detail.QUARTILES
    """At most how much is shown."""
    is_fixed: bool = False
    """Whether it was shown in an earlier release, so that it cannot be withheld any more."""
    worth: int = 1
    """Where one of several has to be withheld, it is one of those that are worth least."""


@dataclass(frozen=True, slots=True)
class Partition:
    """A cell and those it is divided into. Who is in none of them is part of what is left."""

    parent: Key
    children: tuple[Key, ...]


@dataclass(frozen=True)
class Problem:
    """One measure: an enabler or a question."""

    rules: Rules
    units: tuple[Unit, ...]
    cells: tuple[Cell, ...]
    partitions: tuple[Partition, ...]
    insiders: tuple[frozenset[Hashable], ...]
    """For everybody who knows more than nothing: the partnerships whose scores they know."""

    @cached_property
    def scores(self) -> Floats:
        """The scores of the units."""
        return np.array([float(unit.score) for unit in self.units])

    @cached_property
    def known(self) -> Mask:
        """Insider × unit: whether they know it. Each set once; nobody is there as an insider who knows nothing."""
        places: dict[Hashable, list[int]] = {}
        for place, unit in enumerate(self.units):
            places.setdefault(unit.partnership, []).append(place)
        sets = {frozenset(place for each in known for place in places.get(each, ())) for known in self.insiders}
        sets.add(frozenset())
        found = sorted(sets, key=lambda each: (len(each), sorted(each)))
        matrix = np.zeros((len(found), len(self.units)), dtype=bool)
        for row, each in enumerate(found):
            matrix[row, list(each)] = True
        return matrix

    @cached_property
    def bands(self) -> NDArray[np.int64]:
        """The bands of the units, numbered."""
        names = {name: number for number, name in enumerate(sorted({unit.band for unit in self.units}))}
        return np.array([names[unit.band] for unit in self.units], dtype=np.int64)

    def mask(self, members: Iterable[int]) -> Mask:
        """Give the members of a cell as a mask over the units."""
        found = np.zeros(len(self.units), dtype=bool)
        found[list(members)] = True
        return found

    def count_unknown(self, masks: Sequence[Mask]) -> NDArray[np.int64]:
        """Count the members of groups that even the insider who knows most of each does not know."""
        if not masks:
            return np.zeros(0, dtype=np.int64)
        stacked = np.array(masks)
        overlap = self._known_numbers @ stacked.T.astype(np.float32)
        return np.asarray(stacked.sum(axis=1) - overlap.max(axis=0).round(), dtype=np.int64)

    @cached_property
    def _known_numbers(self) -> NDArray[np.float32]:
        return self.known.astype(np.float32)

    def is_of_one_band(self, group: Mask) -> bool:
        """Say whether, but for what some insider knows, all of a group stand in one band."""
        if not group.any():
            return False
        numbers = self.bands[group]
        largest = int(np.bincount(numbers).max())
        return int(self.count_unknown([group])[0]) <= largest


class Reason(NamedTuple):
    """Why a cell is withheld, or shows less than it could."""

    code: str
    """Such as `too-few`, for tables and tests."""
    words: str
    """A sentence for the administrator."""
