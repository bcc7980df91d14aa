"""The mirror of a release as people read it: what departments say and what places say, side by side."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.change import LITTLE
from app.domain.questionnaire import Framework, Questionnaire
from app.domain.releases import CellFigures, MirrorFigures, MirrorRow
from app.domain.times import date_words
from app.renderings.words import count, one_line
from app.renderings.working import Column, Table

NOT_SHOWN: Final = "Not shown"
WHY_NOT_SHOWN: Final = (
    "Not shown: too few departments or partnerships, or with the other figures one score could be worked out."
)
DASH: Final = "–"
LISTED: Final = 3
"""Pairs on the page of the release."""


@dataclass(frozen=True, slots=True)
class PairRow:
    """One pair on the plot."""

    id: str
    title: str
    departments_asked: str
    places_asked: str
    departments: str
    """Their mean; an en dash where it is not shown, and so below."""
    places: str
    departments_count: str
    places_count: str
    x_departments: str
    """Where the mean stands, in per cent of the width; empty, as below, unless both sides are shown."""
    x_places: str
    apart: str
    """Such as “24 points apart”, “About the same” or “Not shown”."""
    says: str
    """The same as a sentence with both means."""


@dataclass(frozen=True, slots=True)
class MirrorView:
    """All of a mirror in words."""

    rows: tuple[PairRow, ...]
    """The widest apart first; what is not shown last."""
    widest: tuple[tuple[str, str], ...]
    """The first few: what they are about, and the sentence."""
    about: str
    """Whose answers these are, and of when."""
    why_not_shown: str
    """Empty where everything is shown."""
    table: Table
    bands_table: Table | None
    """In which bands both sides stand, where that is shown; `None` where it is nowhere."""

    @property
    def tables(self) -> tuple[Table, ...]:
        """All that there are."""
        return (self.table,) if self.bands_table is None else (self.table, self.bands_table)


def make_mirror_view(mirror: MirrorFigures, places: Questionnaire, departments: Questionnaire) -> MirrorView:
    """Put a mirror into words, with the questions as both questionnaires had them."""
    here, there = (
        {each.id: one_line(each.text) for each in questionnaire.questions} for questionnaire in (places, departments)
    )
    rows = tuple(_make_row(row, here, there) for row in sorted(mirror.rows, key=_order))
    return MirrorView(
        rows=rows,
        widest=tuple((row.title, row.says) for row in rows[:LISTED] if row.x_places),
        about=f"The departments’ side is from “{one_line(mirror.round)}”, closed on {date_words(mirror.closed_at)}.",
        why_not_shown="" if all(row.x_places for row in rows) else WHY_NOT_SHOWN,
        table=_make_table(rows),
        bands_table=_make_bands_table(mirror, places.framework),
    )


def find_apart(row: MirrorRow) -> int | None:
    """Give by how many points departments say more than places, below zero for less; `None` unless both are shown."""
    if row.places_say is None or row.departments_say is None:
        return None
    return row.departments_say.mean - row.places_say.mean


def _order(row: MirrorRow) -> int:
    apart = find_apart(row)
    return 1 if apart is None else -abs(apart)


def _make_row(row: MirrorRow, here: Mapping[str, str], there: Mapping[str, str]) -> PairRow:
    apart = find_apart(row)
    departments, places = _mean(row.departments_say), _mean(row.places_say)
    if apart is None:
        distance, says, both = NOT_SHOWN, f"{NOT_SHOWN}.", False
    else:
        distance = f"{count(abs(apart), 'point')} apart" if abs(apart) >= LITTLE else "About the same"
        closing = distance if abs(apart) >= LITTLE else distance.lower()
        says, both = f"Departments say {departments}, places see {places}: {closing}.", True
    return PairRow(
        id=row.id,
        title=one_line(row.about),
        departments_asked=there.get(row.departments, row.departments),
        places_asked=here.get(row.local, row.local),
        departments=departments,
        places=places,
        departments_count=_count(row.departments_say),
        places_count=_count(row.places_say),
        x_departments=departments if both else "",
        x_places=places if both else "",
        apart=distance,
        says=says,
    )


def _mean(figures: CellFigures | None) -> str:
    return DASH if figures is None else str(figures.mean)


def _count(figures: CellFigures | None) -> str:
    return DASH if figures is None else str(figures.count)


def _make_table(rows: tuple[PairRow, ...]) -> Table:
    return Table(
        caption="The same numbers as a table",
        columns=(
            Column("About"),
            Column("Departments", numeric=True),
            Column("Their mean", numeric=True),
            Column("Partnerships", numeric=True),
            Column("Their mean", numeric=True),
            Column("Distance"),
        ),
        rows=tuple(
            (row.title, row.departments_count, row.departments, row.places_count, row.places, row.apart) for row in rows
        ),
    )


def _make_bands_table(mirror: MirrorFigures, framework: Framework) -> Table | None:
    rows = []
    for pair in sorted(mirror.rows, key=_order):
        for side, said in (("Departments", pair.departments_say), ("Places", pair.places_say)):
            if said is not None and said.bands is not None:
                shares = (f"{said.bands.get(band.id, 0)} of {said.count}" for band in framework.bands)
                rows.append((one_line(pair.about), side, *shares))
    if not rows:
        return None
    return Table(
        caption="In which band both sides stand, where that is shown",
        columns=(
            Column("About"),
            Column("Side"),
            *(Column(one_line(band.label), numeric=True) for band in framework.bands),
        ),
        rows=tuple(rows),
    )
