"""Where a partnership works: what is known of the areas of its footprint together. Exact and pure.

Sums are made before anything is divided, and each area counts once. What is missing of one area is missing of the
footprint: nothing is estimated. Whether one area lies in another, as a district does in a county, is not known here.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from app.domain.areas import AreaRecord
from app.domain.indicators import DEPRIVATION, POPULATION, SPEND, Figure, Indicator

MIXED: Final = "mixed"
"""Stands for the kind of area where there are several."""
SEVERAL_REGIONS: Final = "several-regions"
FIFTHS: Final = 5


class SizeClass(StrEnum):
    """How many people live in a footprint."""

    UNDER_150K = "under-150k"
    FROM_150K_TO_300K = "150k-to-300k"
    OVER_300K = "over-300k"


@dataclass(frozen=True, slots=True)
class Size:
    """One class of sizes."""

    id: SizeClass
    words: str
    upper: int | None
    """People at its upper end; `None` where it has none."""
    includes_upper: bool = True

    def holds(self, population: Fraction) -> bool:
        """Say whether so many people are not too many for it."""
        return self.upper is None or population < self.upper or (self.includes_upper and population == self.upper)


SIZES: Final = (
    Size(SizeClass.UNDER_150K, "Under 150,000 people", 150_000, includes_upper=False),
    Size(SizeClass.FROM_150K_TO_300K, "150,000 to 300,000 people", 300_000),
    Size(SizeClass.OVER_300K, "Over 300,000 people", None),
)
"""From the smallest; a footprint is of the first that holds it."""


@dataclass(frozen=True, slots=True)
class YearsApart:
    """Why there is no figure: those of the areas are of different years, and are not added up."""

    indicator: str
    years: tuple[int, ...]
    """From the earliest."""

    def __str__(self) -> str:
        """Give the reason as a sentence."""
        *before, last = map(str, self.years)
        return f"The figures of {self.indicator} are of {', '.join(before)} and {last}, and are not added up"


@dataclass(frozen=True, slots=True)
class PerHead:
    """A figure of all areas together, divided by their people."""

    value: Fraction
    unit: str
    """What is counted for each person, such as pounds."""
    year: int
    population_year: int


@dataclass(frozen=True, slots=True)
class Fifths:
    """Where areas of one year are cut into five parts by how deprived they are."""

    borders: tuple[Fraction, ...]
    """Four scores, from the highest: each halfway between the last of one fifth and the first of the next."""

    def place(self, score: Fraction) -> int:
        """Give the fifth of a score, from 1, the most deprived, to 5. On a border it is of the more deprived one."""
        return 1 + sum(score < border for border in self.borders)


@dataclass(frozen=True, slots=True)
class Footprint:
    """What is known of the areas of a partnership together."""

    people: Mapping[str, Fraction | None]
    """Area code -> how many people live there, `None` where it is not known; in the order of codes."""
    area_kind: str
    """The one kind that all areas are of, or `mixed`; empty without areas."""
    region: str
    """The one region that all areas lie in, or `several-regions`; empty where that is not known."""
    population: Fraction | None
    """`None` where it is not known of every area, as are the two below."""
    size: SizeClass | None
    deprivation: Fraction | None
    """The mean of the areas' scores, weighted by their people; `None`, too, where they are of different years."""
    fifth: int | None
    """From 1, the most deprived, to 5, among all areas with a score of that year."""
    per_head: Mapping[str, PerHead | YearsApart | None]
    """Indicator -> its figure for each person; `None` where it is not known of every area."""

    @property
    def main_area(self) -> str:
        """The code of the area where most people live, the lowest of equal ones; what is not known counts as 0."""
        return min(self.people, key=lambda code: (-(self.people[code] or 0), code))


@dataclass(frozen=True, slots=True)
class Covered:
    """What several footprints cover together, each area counted once."""

    areas: int
    people: Fraction | None
    """`None` where it is not known of every area."""
    shared: int
    """Areas that are in more than one of the footprints."""


def cut_fifths(deprivation: Indicator | None) -> dict[int, Fifths]:
    """Cut the areas with a score into fifths by rank, those of each year for themselves: year -> fifths.

    With n areas, the one of rank r, from the most deprived, is in the fifth 5r/n, rounded up. Areas of equal scores are
    all in the more deprived fifth. Fewer than five areas are not cut.
    """
    scores: dict[int, list[Fraction]] = {}
    for year, score in deprivation.figures.values() if deprivation else ():
        scores.setdefault(year, []).append(score)
    return {year: Fifths(_find_borders(found)) for year, found in scores.items() if len(found) >= FIFTHS}


def _find_borders(scores: Collection[Fraction]) -> tuple[Fraction, ...]:
    ordered = sorted(scores, reverse=True)
    ends = [len(ordered) * fifth // FIFTHS for fifth in range(1, FIFTHS)]
    return tuple((ordered[end - 1] + ordered[end]) / 2 for end in ends)


def make_footprint(
    areas: Iterable[AreaRecord],
    indicators: Mapping[str, Indicator],
    fifths: Mapping[int, Fifths],
    per_head: Collection[str] = (SPEND,),
) -> Footprint:
    """Put together what is known of areas of today, in any order. `fifths` is what `cut_fifths` gives.

    `per_head` names the indicators to divide by people: totals that can be added up, not averages or shares.
    """
    by_code = {area.code: area for area in sorted(areas, key=lambda area: area.code)}
    people = _find_figures(indicators.get(POPULATION), by_code)
    population = _sum(people)
    deprivation = _find_deprivation(_find_figures(indicators.get(DEPRIVATION), by_code), people)
    return Footprint(
        people={code: figure.value if figure else None for code, figure in people.items()},
        area_kind=_find_one({area.kind for area in by_code.values()}, MIXED),
        region=_find_region({area.region for area in by_code.values()}),
        population=population,
        size=None if population is None else find_size(population),
        deprivation=deprivation.value if deprivation else None,
        fifth=fifths[deprivation.year].place(deprivation.value) if deprivation and deprivation.year in fifths else None,
        per_head={name: _divide(indicators.get(name), people) for name in per_head},
    )


def find_size(population: Fraction) -> SizeClass:
    """Give the class of a number of people."""
    return next(size.id for size in SIZES if size.holds(population))


def count_areas_once(footprints: Iterable[Footprint]) -> Covered:
    """Count what footprints cover together, however they overlap."""
    people: dict[str, Fraction | None] = {}
    times: Counter[str] = Counter()
    for footprint in footprints:
        people |= footprint.people
        times.update(footprint.people.keys())
    known = [number for number in people.values() if number is not None]
    return Covered(
        areas=len(people),
        people=sum(known, Fraction(0)) if len(known) == len(people) else None,
        shared=sum(count > 1 for count in times.values()),
    )


_Figures = Mapping[str, Figure | None]
"""Area code -> its figure, `None` where it has none."""


def _find_figures(indicator: Indicator | None, codes: Iterable[str]) -> _Figures:
    return {code: indicator.figures.get(code) if indicator else None for code in codes}


def _find_known(figures: _Figures) -> tuple[Figure, ...]:
    """Give the figures, or none where one is missing."""
    known = tuple(figure for figure in figures.values() if figure is not None)
    return known if len(known) == len(figures) else ()


def _sum(figures: _Figures) -> Fraction | None:
    known = _find_known(figures)
    return sum((figure.value for figure in known), Fraction(0)) if known else None


def _find_one(ids: Collection[str], several: str) -> str:
    return several if len(ids) > 1 else "".join(ids)


def _find_region(regions: Collection[str]) -> str:
    """Give the one region; where one area's is not known, that there are several can be said all the same."""
    known = {region for region in regions if region}
    return _find_one(known, SEVERAL_REGIONS) if len(known) > 1 or "" not in regions else ""


def _find_deprivation(scores: _Figures, people: _Figures) -> Figure | None:
    """Give the mean score, weighted by people, and its year."""
    known, weights = _find_known(scores), _find_known(people)
    whole = _sum(people)
    if not known or not whole or len({score.year for score in known}) > 1:
        return None
    weighted = sum((score.value * weight.value for score, weight in zip(known, weights, strict=True)), Fraction(0))
    return Figure(known[0].year, weighted / whole)


def _divide(indicator: Indicator | None, people: _Figures) -> PerHead | YearsApart | None:
    """Divide the sum of an indicator by the people of the same areas."""
    figures = _find_figures(indicator, people)
    known, whole = _find_known(figures), _sum(people)
    if indicator is None or not known or not whole:
        return None
    for name, found in ((indicator.id, known), (POPULATION, _find_known(people))):
        years = sorted({figure.year for figure in found})
        if len(years) > 1:
            return YearsApart(name, tuple(years))
    total = sum((figure.value for figure in known), Fraction(0))
    return PerHead(total / whole, indicator.unit, known[0].year, _find_known(people)[0].year)
