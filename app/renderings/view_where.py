"""Where a partnership stands beside what is published of its round. Facts alone: no rank, and no other place."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.aggregate import ONE_WAY, Cut, Measure, MeasureKind
from app.domain.partnership_report import PartnershipReport
from app.domain.releases import EVERYBODY, CellFigures, CellKey, Content
from app.domain.scoring import CoverageStatus, EnablerScore
from app.renderings.numbers import as_digits, shown
from app.renderings.release_words import name_category, name_cut
from app.renderings.shapes import BandMark
from app.renderings.view_profile import make_bands
from app.renderings.view_release import (
    FIGURE_COLUMNS,
    NOT_SHOWN,
    WHY_NOT_SHOWN,
    WHY_NOT_SHOWN_AGAIN,
    BandReader,
    MeasureRow,
    find_figures,
    list_figures,
    make_row,
    make_rules,
)
from app.renderings.words import count, one_line
from app.renderings.working import Column, Table

NO_SCORE: Final = "No score"
STANDS_IN_THE_WAY: Final = "What stands in the way, as it lies under the lower quartile of all partnerships"
OWN_FIFTH_WORDS: Final = (
    "the most deprived fifth of areas",
    "the second most deprived fifth of areas",
    "the middle fifth of areas",
    "the second least deprived fifth of areas",
    "the least deprived fifth of areas",
)
PEERS_WORDS: Final = (
    "A group that is fixed in the release, from the nearest neighbours of areas. Your partnership is in it; "
    "which others are is not told."
)


@dataclass(frozen=True, slots=True)
class WhereRow:
    """One enabler: one's own score, and what is published."""

    id: str
    title: str
    yours: str
    """One decimal, or that there is none."""
    label: str
    """The same for a place where nothing else says whose it is."""
    x: str
    """Where one's own score stands, in per cent of the width; empty where there is none."""
    beside: str
    """The median that is published, or where it is not, the mean."""
    statement: str
    figures: MeasureRow


@dataclass(frozen=True, slots=True)
class Comparison:
    """One's own scores beside those of all partnerships, or of those in one's own category of a cut."""

    id: str
    title: str
    note: str
    """What to know of it; mostly nothing."""
    why_not: str
    """Empty where everything is shown."""
    rows: tuple[WhereRow, ...]
    """None where nothing is shown."""


@dataclass(frozen=True, slots=True)
class WhereView:
    """All of the page in words."""

    bands: tuple[BandMark, ...]
    in_the_way: str
    """Which enablers lie under the lower quartile of all partnerships; empty where none is published."""
    lead: tuple[str, ...]
    """What is said of each enabler beside all partnerships."""
    comparisons: tuple[Comparison, ...]
    table: Table
    rules: tuple[str, ...]


def make_where_view(
    report: PartnershipReport,
    content: Content,
    categories: Mapping[str, str] | None,
    published: str,
    *,
    corrects: bool = False,
) -> WhereView:
    """Set a partnership beside a release. `categories` are its own there; `None` where it does not count in it.

    `corrects`: whether there was a release of the round before it.
    """
    bands = BandReader(report.questionnaire)
    keys = [EVERYBODY, *_list_own(content, categories or {})]
    found = [
        (
            _name(key, content),
            tuple(
                _make_row(f"{key.cut}-{score.enabler.id}", score, _find(content, score, key), bands)
                for score in report.individual.scores.enablers
            ),
        )
        for key in keys
    ]
    why = WHY_NOT_SHOWN_AGAIN if corrects else WHY_NOT_SHOWN
    comparisons = tuple(
        _make_comparison(key.cut, title, rows, why) for key, (title, rows) in zip(keys, found, strict=True)
    )
    return WhereView(
        bands=make_bands(report.questionnaire.framework),
        in_the_way=_say_what_stands_in_the_way(report, content),
        lead=tuple(row.statement for row in found[0][1]),
        comparisons=comparisons,
        table=Table(
            caption="The same numbers as a table",
            columns=(Column("Enabler"), Column("Beside"), Column("Yours", numeric=True), *FIGURE_COLUMNS),
            rows=tuple(
                (row.title, title, row.yours, *list_figures(row.figures)) for title, rows in found for row in rows
            ),
        ),
        rules=(_say_what_is_yours(published, counts=categories is not None), *make_rules(content)),
    )


def _list_own(content: Content, categories: Mapping[str, str]) -> Iterator[CellKey]:
    """Give one's own category of each cut in one way, in the order in which cuts are told."""
    for cut in (*ONE_WAY, Cut.PEERS):
        if cut in content.cuts and cut in categories:
            yield CellKey(str(cut), categories[cut])


def _name(key: CellKey, content: Content) -> str:
    if key == EVERYBODY:
        return name_cut(key.cut)
    if key.cut == Cut.DEPRIVATION:
        return f"{name_cut(key.cut)}: {OWN_FIFTH_WORDS[int(key.category) - 1]}"
    if key.cut == Cut.PEERS:
        return f"{name_cut(key.cut)}: your peer group, {key.category} of {len(content.cuts[Cut.PEERS])}"
    return f"{name_cut(key.cut)}: {name_category(*key)}"


def _say_what_stands_in_the_way(report: PartnershipReport, content: Content) -> str:
    """Name the enablers under the lower quartile of all partnerships; nothing where no such quartile is published."""
    enablers = report.individual.scores.enablers
    beside = [(score, found.quartiles[0]) for score in enablers if (found := _find(content, score, EVERYBODY))]
    told = [(score, score.score, lower) for score, lower in beside if score.score is not None and lower is not None]
    if not told:
        return ""
    under = [
        f"{one_line(score.enabler.title)}, {shown(yours)} where that is {lower}"
        for score, yours, lower in told
        if yours < lower
    ]
    if under:
        return f"{STANDS_IN_THE_WAY}: {'; '.join(under)}."
    where = "" if len(told) == len(enablers) else ", of those where it is published"
    return f"No enabler of yours lies under the lower quartile of all partnerships{where}."


def _find(content: Content, score: EnablerScore, key: CellKey) -> CellFigures | None:
    return find_figures(content, Measure(MeasureKind.ENABLER, score.enabler.id), key)


def _make_row(row_id: str, score: EnablerScore, found: CellFigures | None, bands: BandReader) -> WhereRow:
    title = one_line(score.enabler.title)
    return WhereRow(
        id=row_id,
        title=title,
        yours=NO_SCORE if score.score is None else shown(score.score),
        label=NO_SCORE if score.score is None else f"Yours {shown(score.score)}",
        x=_place(score.score),
        beside=_say_briefly(found),
        statement=f"{title}: {_say_yours(score)} {_say_published(found)}",
        figures=make_row(row_id, title, found, bands),
    )


def _place(score: Fraction | None) -> str:
    return "" if score is None else as_digits(score)


def _say_yours(score: EnablerScore) -> str:
    if score.score is None:
        return "yours has no score."
    provisional = ", provisional" * (score.coverage_status is CoverageStatus.PROVISIONAL)
    return f"yours {shown(score.score)}{provisional}."


def _say_briefly(found: CellFigures | None) -> str:
    if found is None:
        return NOT_SHOWN
    _, median, _ = found.quartiles
    return f"Mean {found.mean}" if median is None else f"Median {median}"


def _say_published(found: CellFigures | None) -> str:
    """Say what is published: “Half of the 40 partnerships stand between 35 and 65; the median is 50”, for one."""
    if found is None:
        return f"{NOT_SHOWN}."
    lower, median, upper = found.quartiles
    number = count(found.count, "partnership")
    if lower is not None and upper is not None:
        middle = "" if median is None else f"; the median is {median}"
        return f"Half of the {number} stand between {lower} and {upper}{middle}."
    of = f"Of the {number}, the mean is {found.mean}"
    told = (("the lower quartile", lower), ("the median", median), ("the upper quartile", upper))
    rest = [f"{name} {figure}" for name, figure in told if figure is not None]
    return f"{', '.join((of, *rest))}."


def _make_comparison(cut: str, title: str, rows: tuple[WhereRow, ...], why: str) -> Comparison:
    hidden = [row.figures.mean == NOT_SHOWN for row in rows]
    return Comparison(
        id=f"beside-{cut}",
        title=title,
        note=PEERS_WORDS if cut == Cut.PEERS else "",
        why_not=why if any(hidden) else "",
        rows=() if all(hidden) else rows,
    )


def _say_what_is_yours(published: str, *, counts: bool) -> str:
    part = (
        "yours counts among them, as it was then."
        if counts
        else "yours does not count among them, so that it stands beside all partnerships alone."
    )
    return (
        "Yours is the score in your partnership’s report, of what each organisation answered, as it is now. "
        f"The other figures are those of the release of {published}: {part}"
    )
