"""Invented figures of the invented areas: how many people, how deprived, what is spent, and who is most alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.indicators import DEPRIVATION, POPULATION, SPEND, UNIT_OF
from app.services.demonstration.draws import draw
from app.services.demonstration.places import Area, World
from app.store import models
from app.store.bulk import Rows

NEIGHBOURS: Final = 5
SPREAD: Final[Mapping[str, tuple[int, int]]] = {"unitary": (110, 420), "district": (70, 180)}
"""Kind of area -> between how many thousand people it has; a county has those of its districts."""


@dataclass(frozen=True, slots=True)
class _Figures:
    people: int
    deprivation: float
    spend: int
    """Pounds for each person."""


def add_indicators(rows: Rows, world: World) -> None:
    """Add the figures of the year before the first round, and each area's nearest neighbours of its own kind."""
    year = world.at.year - 1
    found = {area.code: _draw(area) for area in world.areas if area.kind in SPREAD}
    for county in world.areas:
        if county.kind not in SPREAD:
            inside = [found[a.code] for a in world.areas if a.kind == "district" and a.county == county.name]
            found[county.code] = _add_up(county, inside)
    for area in world.areas:
        figures = found[area.code]
        values = {
            POPULATION: str(figures.people),
            DEPRIVATION: f"{figures.deprivation:.1f}".removesuffix(".0"),
            SPEND: str(figures.people * figures.spend),
        }
        for indicator, value in values.items():
            rows.add(
                models.IndicatorValue,
                indicator=indicator,
                area_code=area.code,
                year=year,
                value=value,
                unit=UNIT_OF[indicator],
            )
        alike = sorted(
            (other for other in world.areas if other.kind == area.kind and other != area),
            key=lambda other: (abs(found[other.code].deprivation - figures.deprivation), other.code),
        )
        for rank, other in enumerate(alike[:NEIGHBOURS], start=1):
            rows.add(
                models.AreaNeighbour,
                area_code=area.code,
                rank=rank,
                neighbour_code=other.code,
                imported_at=world.at,
            )


def _draw(area: Area) -> _Figures:
    chance = draw("indicators", area.code)
    least, most = SPREAD[area.kind]
    deprivation = round(chance.triangular(7, 44, 19), 1)
    return _Figures(
        people=chance.randrange(least * 1000, most * 1000, 100),
        deprivation=deprivation,
        spend=round(1250 + 14 * deprivation + chance.gauss(0, 160)),
    )


def _add_up(area: Area, inside: list[_Figures]) -> _Figures:
    people = sum(each.people for each in inside)
    return _Figures(
        people=people,
        deprivation=round(sum(each.deprivation * each.people for each in inside) / people, 1),
        spend=round(draw("indicators", area.code).gauss(1500, 120)),
    )
