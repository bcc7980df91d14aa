"""A release as files: exactly what its pages show, rounded as it was frozen, withheld figures empty."""

import json
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any, Final

from app.domain.aggregate import MeasureKind
from app.domain.money import Comparison
from app.domain.questionnaire import Questionnaire
from app.domain.releases import EVERYBODY, CellFigures, CellKey, Content, write_content
from app.renderings import as_workbook
from app.renderings.columns import CODEBOOK, ROUNDED, Column, Kind
from app.renderings.release_words import name_category, name_cut, name_measures
from app.renderings.sheets import Sheet, Value
from app.renderings.view_mirror import find_apart
from app.renderings.view_money import REFUSAL_WORDS, VERDICT_TITLES, make_money_facts
from app.renderings.view_release import ReleaseView
from app.renderings.view_standing import find_standing


class ReleaseForm(StrEnum):
    """The forms a release can be had in; the value is how its address ends."""

    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"
    JSON = "json"


class SheetName(StrEnum):
    """The sheets, in their order."""

    FIGURES = "figures"
    CHANGES = "changes"
    COMMONEST = "commonest"
    MONEY = "money"
    MIRROR = "mirror"
    ABOUT = "about"
    CODEBOOK = "codebook"


MEDIA_TYPES: Final[Mapping[ReleaseForm, str]] = {
    ReleaseForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReleaseForm.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    ReleaseForm.CSV: "application/zip",
    ReleaseForm.JSON: "application/json",
}
WHOLE: Final = "points, 0 to 100, whole"
FIVE: Final = "points, 0 to 100, to five"
RULES: Final = "docs/disclosure.md"
SPENT: Final = "docs/money.md"
THEIR_RULES: Final = "docs/mirror.md"
IN_BAND: Final = "Partnerships in this band"
DEPARTMENTS_IN_BAND: Final = "Departments in this band"
_OF: Final = (
    Column("kind", "Kind", "enabler or question"),
    Column("id", "Id", "The id of the enabler or question"),
    Column("title", "Title", "Its words"),
)
FIGURES: Final = (
    *_OF,
    Column("cut", "Cut", "By what partnerships are divided; all for no division"),
    Column("category", "Category", "The category of the cut"),
    Column("category_title", "Category in words", "Its words"),
    Column("partnerships", "Partnerships", "With a score; empty where nothing is shown", Kind.COUNT, source=RULES),
    Column("mean", "Mean", "Of the partnerships' scores", Kind.COUNT, WHOLE, RULES),
    Column("lower_quartile", "Lower quartile", "By the inclusive method", Kind.COUNT, FIVE, RULES),
    Column("median", "Median", "By the inclusive method", Kind.COUNT, FIVE, RULES),
    Column("upper_quartile", "Upper quartile", "By the inclusive method", Kind.COUNT, FIVE, RULES),
)
CHANGES: Final = (
    *_OF,
    Column("partnerships", "Partnerships", "With a score in both rounds", Kind.COUNT),
    Column("before", "Then", "Their mean in the round before", Kind.COUNT, WHOLE, RULES),
    Column("after", "Now", "Their mean in this round", Kind.COUNT, WHOLE, RULES),
    Column("change", "Change", "Rounded by itself, from the exact means", Kind.COUNT, "points, whole", RULES),
    Column("leavers", "Leavers", "Partnerships with a score in the round before that are not in this one", Kind.COUNT),
    Column("leavers_before", "Leavers then", "Their mean in the round before", Kind.COUNT, WHOLE, RULES),
    Column("joiners", "New", "Partnerships with a score that were not in the round before", Kind.COUNT),
    Column("joiners_after", "New now", "Their mean in this round", Kind.COUNT, WHOLE, RULES),
)
COMMONEST: Final = (
    Column("what", "What", "gap, barrier or ask"),
    Column("title", "Title", "Its words"),
    Column("says", "Says", "In how many partnerships"),
)
MONEY: Final = (
    Column("enabler", "Enabler", "The id of the enabler"),
    Column("title", "Title", "Its words"),
    Column("partnerships", "Partnerships", "With a score and a figure of spending per head", Kind.COUNT, source=SPENT),
    Column("rho", "Rho", "Spearman's, of score and spending per head, to two decimals", Kind.NUMBER, source=SPENT),
    Column("interval_low", "Lower end", "Of its 95 % interval, to two decimals", Kind.NUMBER, source=SPENT),
    Column("interval_high", "Upper end", "Of its 95 % interval, to two decimals", Kind.NUMBER, source=SPENT),
    Column("detectable", "Detectable", "The weakest, either way, that so many could show", Kind.NUMBER, source=SPENT),
    Column("says", "Says", "What that amounts to, or why nothing is said; never that one is the cause of the other"),
)
MIRROR: Final = (
    Column("pair", "Pair", "Two questions that ask about the same thing from both sides"),
    Column("about", "About", "What both ask about"),
    Column("places_question", "Places were asked", "The id of the local partners’ question"),
    Column("departments_question", "Departments were asked", "The id of the departments’ question"),
    Column("partnerships", "Partnerships", "With a score; empty where nothing is shown", Kind.COUNT, source=RULES),
    Column("places_mean", "Places see", "The mean of partnerships", Kind.COUNT, WHOLE, RULES),
    Column("departments", "Departments", "With a score; empty where nothing is shown", Kind.COUNT, source=THEIR_RULES),
    Column("departments_mean", "Departments say", "The mean of departments", Kind.COUNT, WHOLE, THEIR_RULES),
    Column(
        "apart",
        "Apart",
        "Of departments less that of places, from the rounded means; empty unless both are shown",
        Kind.COUNT,
        "points, whole",
        THEIR_RULES,
    ),
)
ABOUT: Final = (Column("name", "Name", "What is said"), Column("says", "Says", "What it says"))


def make_name(form: ReleaseForm) -> str:
    """Name the file, without a word that anybody typed."""
    return "release-csv.zip" if form is ReleaseForm.CSV else f"release.{form}"


def render(form: ReleaseForm, content: Content, questionnaire: Questionnaire, view: ReleaseView) -> bytes:
    """Write a release in a form."""
    match form:
        case ReleaseForm.JSON:
            return (json.dumps(render_json(content, questionnaire, view), ensure_ascii=False, indent=2) + "\n").encode()
        case ReleaseForm.XLSX:
            return as_workbook.render_xlsx(make_sheets(content, questionnaire, view))
        case ReleaseForm.ODS:
            return as_workbook.render_ods(make_sheets(content, questionnaire, view))
        case ReleaseForm.CSV:
            return as_workbook.render_csv(make_sheets(content, questionnaire, view))


def render_json(content: Content, questionnaire: Questionnaire, view: ReleaseView) -> dict[str, Any]:
    """Give a release as JSON values: what was frozen, and what it is of."""
    return {**describe(content, questionnaire, view.round), "notice": view.notice}


def describe(content: Content, questionnaire: Questionnaire, round_title: str) -> dict[str, Any]:
    """Give the same for the API, which needs no words."""
    return {
        "round": round_title,
        "questionnaire": {
            "framework": questionnaire.framework.id,
            "id": questionnaire.id,
            "version": questionnaire.version,
            "hash": questionnaire.hash,
        },
        **write_content(content),
    }


def make_sheets(content: Content, questionnaire: Questionnaire, view: ReleaseView) -> tuple[Sheet, ...]:
    """Put a release into sheets."""
    bands = tuple(
        Column(
            f"in_{band.id.replace('-', '_')}", str(band.label), "Partnerships in this band", Kind.COUNT, source=RULES
        )
        for band in questionnaire.framework.bands
    )
    theirs = tuple(
        Column(f"departments_{band.id}", band.title, DEPARTMENTS_IN_BAND, Kind.COUNT, source=THEIR_RULES)
        for band in bands
    )
    facts = [(fact.label, fact.text) for fact in (*view.facts, *make_money_facts(content))]
    if view.notice:
        facts.append(("Withdrawn", view.notice))
    if view.mirror is not None:
        facts.append(("Mirror", view.mirror.about))
    sheets = (
        Sheet(SheetName.FIGURES, (*FIGURES, *bands), tuple(_list_figures(content, questionnaire))),
        Sheet(SheetName.CHANGES, CHANGES, tuple(_list_changes(content, questionnaire))),
        Sheet(SheetName.COMMONEST, COMMONEST, tuple(_list_commonest(view))),
        Sheet(SheetName.MONEY, MONEY, tuple(_list_money(content, questionnaire))),
        Sheet(SheetName.MIRROR, (*MIRROR, *bands, *theirs), tuple(_list_mirror(content, questionnaire))),
        Sheet(SheetName.ABOUT, ABOUT, (("Round", view.round), *facts)),
    )
    return (*sheets, _make_codebook(sheets))


def _list_figures(content: Content, questionnaire: Questionnaire) -> Iterator[tuple[Value, ...]]:
    bands = [band.id for band in questionnaire.framework.bands]
    keys = [EVERYBODY, *(CellKey(cut, each) for cut, categories in content.cuts.items() for each in categories)]
    for measure, title in name_measures(questionnaire).items():
        for key in keys:
            figures = content.tables[measure].cells.get(key)
            cut = key.cut if key == EVERYBODY else name_cut(key.cut)
            of = (measure.kind.value, measure.id, title, cut, key.category, name_category(*key))
            if figures is None:
                yield (*of, *(None,) * (5 + len(bands)))
                continue
            yield (*of, figures.count, figures.mean, *figures.quartiles, *_list_bands(figures, bands))


def _list_bands(figures: CellFigures | None, bands: Sequence[str]) -> tuple[int | None, ...]:
    if figures is None or figures.bands is None:
        return (None,) * len(bands)
    return tuple(figures.bands.get(each, 0) for each in bands)


def _list_mirror(content: Content, questionnaire: Questionnaire) -> Iterator[tuple[Value, ...]]:
    bands = [band.id for band in questionnaire.framework.bands]
    for row in content.mirror.rows if content.mirror else ():
        said = [
            (None, None) if figures is None else (figures.count, figures.mean)
            for figures in (row.places_say, row.departments_say)
        ]
        shares = (*_list_bands(row.places_say, bands), *_list_bands(row.departments_say, bands))
        yield (row.id, row.about, row.local, row.departments, *said[0], *said[1], find_apart(row), *shares)


def _list_changes(content: Content, questionnaire: Questionnaire) -> Iterator[tuple[Value, ...]]:
    for measure, title in name_measures(questionnaire).items():
        found = find_standing(content, measure)
        if found.is_told:
            of = (measure.kind.value, measure.id, title)
            numbers = (found.count, found.before, found.after, found.change)
            yield (*of, *numbers, *(found.leavers or (None, None)), *(found.joiners or (None, None)))


def _list_commonest(view: ReleaseView) -> Iterator[tuple[Value, ...]]:
    for what, items in (("gap", view.gaps), ("barrier", view.barriers), ("ask", view.asks)):
        for item in items.items:
            yield (what, item.title, item.detail)


def _list_money(content: Content, questionnaire: Questionnaire) -> Iterator[tuple[Value, ...]]:
    for measure, title in name_measures(questionnaire).items():
        found = content.money.enablers.get(measure.id) if measure.kind is MeasureKind.ENABLER else None
        if isinstance(found, Comparison):
            numbers = (found.rho, found.low, found.high, found.detectable)
            exact = (Fraction(round(number * 1000), 1000) for number in numbers)
            yield (measure.id, title, found.count, *exact, VERDICT_TITLES[found.verdict])
        elif found is not None:
            yield (measure.id, title, *(None,) * 5, REFUSAL_WORDS[found])


def _make_codebook(sheets: tuple[Sheet, ...]) -> Sheet:
    described = [(sheet.name, column) for sheet in sheets for column in sheet.columns]
    described += [(SheetName.CODEBOOK, column) for column in CODEBOOK]
    rows = tuple(
        (name.value, column.id, column.title, column.says, column.unit, ROUNDED[column.kind], column.source)
        for name, column in described
    )
    return Sheet(SheetName.CODEBOOK, CODEBOOK, rows)
