"""A release as people read it: every word and figure finished. Page, files and public page show the same object."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.aggregate import LEAST_ORGANISATIONS, TIMES, Cut, Measure, MeasureKind, list_measures
from app.domain.barriers import Barriers
from app.domain.change import LITTLE
from app.domain.peers import find_least
from app.domain.questionnaire import Questionnaire
from app.domain.releases import EVERYBODY, CellFigures, CellKey, Content, Item
from app.renderings.release_words import name_category, name_cut, name_measures
from app.renderings.shapes import BandMark, Fact
from app.renderings.view_mirror import MirrorView, make_mirror_view
from app.renderings.view_profile import make_bands
from app.renderings.view_standing import (
    MOVED,
    WHY_NO_CHANGE,
    ChangeView,
    list_changed,
    make_change_view,
    make_changes_table,
    signed,
)
from app.renderings.words import count, one_line
from app.renderings.working import Column, Table

NOT_SHOWN: Final = "Not shown"
TOO_FEW: Final = "too few partnerships, or with the other figures somebody’s own score could be worked out."
TOO_FEW_AGAIN: Final = (
    "too few partnerships, too few with other answers than in an earlier release of the round, or with the other "
    "figures somebody’s own score could be worked out."
)
"""The same in a release that corrects another."""
WHY_NOT_SHOWN: Final = f"Not shown: {TOO_FEW}"
WHY_NOT_SHOWN_AGAIN: Final = f"Not shown: {TOO_FEW_AGAIN}"
DASH: Final = "–"
WHERE_NOT_SHOWN: Final = f"“{DASH}” or “{NOT_SHOWN}” stands where a figure is not shown: {{reason}}"
LISTED: Final = 5
"""Questions in the lists of the lowest and the most improved; so many gaps, barriers and asks stand before the fold."""


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One enabler, or one category of a cut, on the plot."""

    id: str
    title: str
    count: str
    """Such as “40 partnerships”; empty where it is not shown."""
    mean: str
    median: str
    """An en dash where it is not shown; so too the two below."""
    lower: str
    upper: str
    x: str
    """Where the mean stands, in per cent of the width; empty where it is not shown."""
    x_median: str
    x_lower: str
    width: str
    """Of the bar between the quartiles, in per cent."""
    barrier: bool
    """Whether the mean stands in a band that is a barrier."""
    statement: str
    shares: tuple[str, ...]
    """Of each band, how many partnerships of how many; empty where not shown."""
    change: str = ""
    """Of the partnerships in both rounds, since the round before; empty where it is not shown."""


@dataclass(frozen=True, slots=True)
class CutView:
    """One cut: a plot for each enabler, and the table of all of them."""

    id: str
    title: str
    name: str
    """The same for a list of cuts, which says beforehand where one tells nothing."""
    lead: str
    enablers: tuple[tuple[str, tuple[MeasureRow, ...]], ...]
    """Enabler, and a row for each category; no rows where nothing is shown of it, and no enablers where of none."""
    tables: tuple[Table, ...]
    """Everything that the files hold of it; none where that is nothing."""


@dataclass(frozen=True, slots=True)
class ListItem:
    """One of the commonest things, and how often it was named."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class Listing:
    """The commonest things, the first few apart from the others."""

    first: tuple[ListItem, ...]
    others: tuple[ListItem, ...]
    more: str
    """What the others are folded under; empty where there are none."""

    @property
    def items(self) -> tuple[ListItem, ...]:
        """All of them, as the files have them."""
        return (*self.first, *self.others)


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """All of a release in words."""

    round: str
    notice: str
    """That a later release was withdrawn; empty where none was."""
    facts: tuple[Fact, ...]
    lead: tuple[str, ...]
    bands: tuple[BandMark, ...]
    profile: tuple[MeasureRow, ...]
    profile_table: Table
    bands_table: Table
    change: ChangeView | None
    """Since the round before; `None` where nothing is told of that."""
    cuts: tuple[CutView, ...]
    lowest: tuple[ListItem, ...]
    improved: tuple[ListItem, ...]
    why_none_improved: str
    questions: Table
    question_tables: tuple[Table, ...]
    """What else the files hold of questions, all partnerships taken together."""
    gaps: Listing
    barriers: Listing
    asks: Listing
    why_not_shown: str
    where_not_shown: str
    """What stands in the place of a figure that is not shown, and why."""
    is_profile_whole: bool
    """Whether all figures of the five enablers are shown."""
    rules: tuple[str, ...]
    mirror: MirrorView | None
    """`None` where no round of departments stands beside it."""


def make_release_view(
    content: Content,
    questionnaire: Questionnaire,
    barriers: Barriers | None,
    round_title: str,
    departments: Questionnaire | None = None,
    *,
    corrects: bool = False,
    notice: str = "",
) -> ReleaseView:
    """Put a release into words; with what departments were asked, where they stand beside it.

    `corrects`: whether the round had a release before it. `notice`: says that one after it was withdrawn.
    """
    titles = name_measures(questionnaire)
    enablers = [each for each in list_measures(questionnaire) if each.kind is MeasureKind.ENABLER]
    questions = [each for each in list_measures(questionnaire) if each.kind is MeasureKind.QUESTION]
    bands = make_bands(questionnaire.framework)
    band_of = BandReader(questionnaire)
    profile = tuple(
        replace(
            make_row(each.id, titles[each], find_figures(content, each, EVERYBODY), band_of),
            change=_say_change(content, each),
        )
        for each in enablers
    )
    change = make_change_view(content, {each: titles[each] for each in enablers}, corrects=corrects)
    reason = TOO_FEW_AGAIN if corrects else TOO_FEW
    why = f"Not shown: {reason}"
    return ReleaseView(
        round=round_title,
        notice=notice,
        facts=_make_facts(content, titles),
        lead=_make_lead(profile, change, content, why),
        bands=bands,
        profile=profile,
        profile_table=_make_profile_table(profile),
        bands_table=_make_bands_table(profile, bands),
        change=change,
        cuts=tuple(_make_cut(content, cut, titles, band_of, bands, reason) for cut in content.cuts),
        lowest=_list_lowest(content, questions, titles),
        improved=_list_improved(content, questions, titles),
        why_none_improved=_say_why_none_improved(content, questions),
        questions=_make_questions_table(content, questionnaire, questions, titles),
        question_tables=_list_question_tables(content, questions, titles, band_of, bands),
        gaps=_list_items(content.gaps, content, lambda name: titles.get(Measure(MeasureKind.QUESTION, name), name)),
        barriers=_list_items(content.barriers, content, lambda name: _name_barrier(barriers, titles, name)),
        asks=_list_items(content.asks, content, one_line),
        why_not_shown=why,
        where_not_shown=WHERE_NOT_SHOWN.format(reason=reason),
        is_profile_whole=all(map(_is_whole, profile)),
        rules=make_rules(content),
        mirror=make_mirror_view(content.mirror, questionnaire, departments) if content.mirror and departments else None,
    )


def _say_change(content: Content, measure: Measure) -> str:
    table = content.tables.get(measure)
    return "" if table is None or table.change is None else f"{signed(table.change.change)} since last round"


class BandReader:
    """Says of a mean to whole points in which band it stands, and whether that is a barrier."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        """Take the bands of the questionnaire's framework."""
        self.bands = questionnaire.framework.bands
        self.labels = {band.id: one_line(band.label) for band in self.bands}

    def is_barrier(self, mean: int) -> bool:
        """Say whether it stands in a band that is a barrier."""
        return next(band for band in reversed(self.bands) if mean >= band.start).barrier

    def list_shares(self, figures: CellFigures) -> tuple[str, ...]:
        """Give how many partnerships of how many are in each band; none where that is not shown."""
        if figures.bands is None:
            return ()
        return tuple(f"{figures.bands.get(band.id, 0)} of {figures.count}" for band in self.bands)


def find_figures(content: Content, measure: Measure, key: CellKey) -> CellFigures | None:
    """Find what is published of a cell; `None` for one that is withheld, and for one that is empty."""
    table = content.tables.get(measure)
    return None if table is None else table.cells.get(key)


def make_row(row_id: str, title: str, figures: CellFigures | None, bands: BandReader) -> MeasureRow:
    """Put a cell into words."""
    if figures is None:
        return MeasureRow(
            id=row_id,
            title=title,
            count="",
            mean=NOT_SHOWN,
            median=DASH,
            lower=DASH,
            upper=DASH,
            x="",
            x_median="",
            x_lower="",
            width="",
            barrier=False,
            statement=f"{title}: not shown.",
            shares=(),
        )
    lower, median, upper = figures.quartiles
    said = [f"mean {figures.mean} out of 100", f"of {count(figures.count, 'partnership')}"]
    if median is not None:
        said.append(f"median {median}")
    if lower is not None and upper is not None:
        said.append(f"half of them between {lower} and {upper}")
    has_range = lower is not None and upper is not None
    return MeasureRow(
        id=row_id,
        title=title,
        count=count(figures.count, "partnership"),
        mean=str(figures.mean),
        median=_or_dash(median),
        lower=_or_dash(lower),
        upper=_or_dash(upper),
        x=str(figures.mean),
        x_median="" if median is None else str(median),
        x_lower=str(lower) if has_range else "",
        width=str((upper or 0) - (lower or 0)) if has_range else "",
        barrier=bands.is_barrier(figures.mean),
        statement=f"{title}: {', '.join(said)}.",
        shares=bands.list_shares(figures),
    )


def _or_dash(number: int | None) -> str:
    return DASH if number is None else str(number)


def _make_facts(content: Content, titles: Mapping[Measure, str]) -> tuple[Fact, ...]:
    facts = []
    if content.reach:
        reach = content.reach
        others = reach.asked - reach.partnerships
        left_out = f" of the {reach.asked} that took part; {others} {'does' if others == 1 else 'do'} not count"
        facts.append(Fact("Partnerships", f"{reach.partnerships}{left_out if others > 0 else ''}"))
        several = reach.areas_in_several
        once = f"; {several} of them lie in several footprints, and count once" if several else ""
        people = f", with {reach.people:,} people" if reach.people is not None else ""
        facts.append(Fact("They cover", f"{count(reach.areas, 'area')}{people}{once}"))
    provisional = "; ".join(
        f"{titles[measure]}: {table.provisional}"
        for measure, table in content.tables.items()
        if table.provisional is not None
    )
    few = f"{'Otherwise not' if provisional else 'Not'} shown, as they or the others are fewer than {content.threshold}"
    facts.append(Fact("Provisional scores", f"{provisional}. {few}" if provisional else few))
    facts.append(Fact("Threshold", f"No figure of fewer than {content.threshold} partnerships"))
    return tuple(facts)


def _make_lead(profile: Sequence[MeasureRow], change: ChangeView | None, content: Content, why: str) -> tuple[str, ...]:
    shown = [row for row in profile if row.x]
    if not shown:
        return (why,)
    ordered = sorted(shown, key=lambda row: int(row.x))
    lowest, highest = ordered[0], ordered[-1]
    lines = [f"Lowest: {lowest.title}, {_say_mean(lowest)}."]
    if highest is not lowest:
        lines.append(f"Highest: {highest.title}, {_say_mean(highest)}.")
    barriers = [row.title for row in shown if row.barrier]
    lines.append(
        f"In the mean of all partnerships, {count(len(barriers), 'enabler')} of {len(shown)} stand in the way."
        if barriers
        else "In the mean of all partnerships, no enabler stands in the way."
    )
    changes = change.rows if change and content.before else ()
    moved = [row for row in changes if row.verdict in MOVED]
    if moved:
        said = "; ".join(f"{row.title} {row.change}" for row in moved)
        lines.append(f"Since {content.before}, in the partnerships that were in both: {said}.")
    elif changes:
        lines.append(
            f"Since {content.before}, no enabler whose change is shown has moved by {LITTLE} points in the same "
            "partnerships."
        )
    return tuple(lines)


def _say_mean(row: MeasureRow) -> str:
    median = "" if row.median == DASH else f", median {row.median}"
    return f"mean {row.mean} out of 100{median}"


def _make_profile_table(profile: Sequence[MeasureRow]) -> Table:
    return Table(
        caption="The same numbers as a table",
        columns=(Column("Enabler"), *FIGURE_COLUMNS),
        rows=tuple((row.title, *list_figures(row)) for row in profile),
    )


FIGURE_COLUMNS: Final = (
    Column("Partnerships", numeric=True),
    Column("Mean", numeric=True),
    Column("Lower quartile", numeric=True),
    Column("Median", numeric=True),
    Column("Upper quartile", numeric=True),
)


def list_figures(row: MeasureRow) -> tuple[str, ...]:
    """Give the figures of a row for `FIGURE_COLUMNS`."""
    return (row.count.split(" ")[0] or DASH, row.mean, row.lower, row.median, row.upper)


def _make_bands_table(profile: Sequence[MeasureRow], bands: Sequence[BandMark]) -> Table:
    return Table(
        caption="In which band partnerships stand",
        columns=(Column("Enabler"), *list_band_columns(bands)),
        rows=tuple((row.title, *(row.shares or (NOT_SHOWN, *(DASH,) * (len(bands) - 1)))) for row in profile),
    )


def _make_cut(
    content: Content,
    cut: str,
    titles: Mapping[Measure, str],
    band_of: BandReader,
    bands: Sequence[BandMark],
    reason: str,
) -> CutView:
    name = name_cut(cut)
    found = {
        each: tuple(
            make_row(
                f"{each.id}-{place}",
                name_category(cut, category),
                find_figures(content, each, CellKey(cut, category)),
                band_of,
            )
            for place, category in enumerate(content.cuts[cut])
        )
        for each in titles
    }
    enablers = [(titles[each], rows) for each, rows in found.items() if each.kind is MeasureKind.ENABLER]
    told = [each for each, rows in found.items() if _is_told(rows)]
    return CutView(
        id=cut.replace(TIMES, "-by-"),
        title=name,
        name=name if told else f"{name} (nothing shown)",
        lead=_lead_into_cut([row for _, rows in enablers for row in rows], reason, told=bool(told)),
        enablers=tuple((title, rows if _is_told(rows) else ()) for title, rows in enablers) if told else (),
        tables=_list_cut_tables(name, {titles[each]: (each.kind, found[each]) for each in told}, enablers, bands)
        if told
        else (),
    )


def _lead_into_cut(rows: Iterable[MeasureRow], reason: str, *, told: bool) -> str:
    if not told:
        return f"Nothing is shown by this cut: {reason}"
    return "" if all(map(_is_whole, rows)) else WHERE_NOT_SHOWN.format(reason=reason)


def _is_whole(row: MeasureRow) -> bool:
    """Say whether all that there is to show of it is shown."""
    return DASH not in (row.median, row.lower, row.upper) and bool(row.shares)


def _is_told(rows: Iterable[MeasureRow]) -> bool:
    return any(row.x for row in rows)


def _list_cut_tables(
    name: str,
    told: Mapping[str, tuple[MeasureKind, tuple[MeasureRow, ...]]],
    enablers: Iterable[tuple[str, tuple[MeasureRow, ...]]],
    bands: Sequence[BandMark],
) -> tuple[Table, ...]:
    """Give the figures of enablers, those of questions, and the bands of both. Of questions only what is shown."""
    rows = [(kind, title, row) for title, (kind, found) in told.items() for row in found if row.x]
    questions = [(title, row) for kind, title, row in rows if kind is MeasureKind.QUESTION]
    in_bands = [(title, row) for _, title, row in rows if row.shares]
    tables = [
        Table(
            caption=f"{name}: the same numbers as a table",
            columns=(Column("Enabler"), Column(name), *FIGURE_COLUMNS),
            rows=tuple((title, row.title, *list_figures(row)) for title, found in enablers for row in found),
        )
    ]
    if questions:
        tables.append(
            Table(
                caption=f"{name}: every question of which something is shown",
                columns=(Column("Question"), Column(name), *FIGURE_COLUMNS),
                rows=tuple((title, row.title, *list_figures(row)) for title, row in questions),
            )
        )
    if in_bands:
        tables.append(
            Table(
                caption=f"{name}: in which band partnerships stand, where that is shown",
                columns=(Column("Enabler or question"), Column(name), *list_band_columns(bands)),
                rows=tuple((title, row.title, *row.shares) for title, row in in_bands),
            )
        )
    return tuple(tables)


def list_band_columns(bands: Sequence[BandMark]) -> tuple[Column, ...]:
    """Give a column for each band."""
    return tuple(Column(band.label, numeric=True) for band in bands)


def _list_lowest(content: Content, questions: Iterable[Measure], titles: Mapping[Measure, str]) -> tuple[ListItem, ...]:
    found = [
        (figures.mean, titles[each], figures.count)
        for each in questions
        if (figures := find_figures(content, each, EVERYBODY))
    ]
    ordered = sorted(found, key=lambda each: each[0])[:LISTED]
    return tuple(
        ListItem(title, f"Mean {mean} out of 100, of {count(partnerships, 'partnership')}")
        for mean, title, partnerships in ordered
    )


def _list_improved(
    content: Content, questions: Iterable[Measure], titles: Mapping[Measure, str]
) -> tuple[ListItem, ...]:
    found = [
        (change, titles[each])
        for each in questions
        if (change := content.tables[each].change) and change.change >= LITTLE
    ]
    ordered = sorted(found, key=lambda each: -each[0].change)[:LISTED]
    return tuple(
        ListItem(
            title, f"{signed(change.change)}, from {change.before} to {change.after}, in {change.count} partnerships"
        )
        for change, title in ordered
    )


def _say_why_none_improved(content: Content, questions: Iterable[Measure]) -> str:
    if not any(content.tables[each].change for each in questions):
        return WHY_NO_CHANGE
    return f"No question whose change is shown has risen by {LITTLE} points or more in partnerships in both rounds."


def _list_question_tables(
    content: Content,
    questions: Sequence[Measure],
    titles: Mapping[Measure, str],
    band_of: BandReader,
    bands: Sequence[BandMark],
) -> tuple[Table, ...]:
    rows = [make_row(each.id, titles[each], find_figures(content, each, EVERYBODY), band_of) for each in questions]
    in_bands = tuple((row.title, *row.shares) for row in rows if row.shares)
    changed = list_changed(content, {each: titles[each] for each in questions})
    tables = []
    if in_bands:
        columns = (Column("Question"), *list_band_columns(bands))
        tables.append(Table("In which band partnerships stand, where that is shown", columns, in_bands))
    if changed:
        tables.append(make_changes_table(changed, content.before, "Question"))
    return tuple(tables)


def _make_questions_table(
    content: Content, questionnaire: Questionnaire, questions: Sequence[Measure], titles: Mapping[Measure, str]
) -> Table:
    bands = BandReader(questionnaire)
    rows = []
    for each in questions:
        row = make_row(each.id, titles[each], find_figures(content, each, EVERYBODY), bands)
        enabler = Measure(MeasureKind.ENABLER, questionnaire.section_of[each.id].enabler)
        change = content.tables[each].change
        rows.append((row.title, titles[enabler], *list_figures(row), DASH if change is None else signed(change.change)))
    return Table(
        caption="Every question",
        columns=(Column("Question"), Column("Enabler"), *FIGURE_COLUMNS, Column("Change", numeric=True)),
        rows=tuple(rows),
    )


def _list_items(items: Sequence[Item], content: Content, name: Callable[[str], str]) -> Listing:
    whole = f" of {content.reach.partnerships}" if content.reach else ""
    found = tuple(ListItem(name(item.id), f"In {item.count}{whole} partnerships") for item in items)
    first, others = found[:LISTED], found[LISTED:]
    return Listing(first, others, f"The others, {len(others)} more" if others else "")


def _name_barrier(barriers: Barriers | None, titles: Mapping[Measure, str], name: str) -> str:
    enabler, _, kind = name.partition("/")
    found = barriers.kinds_by_id.get(kind) if barriers else None
    label = one_line(found.label) if found else kind
    return f"{label} ({titles.get(Measure(MeasureKind.ENABLER, enabler), enabler)})"


def make_rules(content: Content) -> tuple[str, ...]:
    """Say how the figures are made, and what is not shown."""
    counts = (
        f"A partnership counts if at least {LEAST_ORGANISATIONS} of its organisations submitted, and signed off where "
        "the round asks for it. Each partnership counts once, whatever its size, with the mean of its organisations."
    )
    threshold = (
        f"No figure rests on fewer than {content.threshold} partnerships, those that any one organisation or person "
        "knows left out; nor could one be worked out for fewer by taking figures from one another."
    )
    peers = (
        "Places most alike are in groups that are fixed in the release, made from the nearest neighbours of areas. "
        f"Each has at least {find_least(content.threshold)} of the partnerships that take part. Who is in which is not "
        "told, and by them enablers alone are."
    )
    audit = (
        "Before it was published, the release was audited: no sum of one, two or three partnerships can be worked out, "
        "and no score narrowed to less than ten points, with all releases before it and whatever an insider knows."
    )
    rounding = "Means are rounded to whole points, medians and quartiles to five; those take 20 partnerships or more."
    said = (counts, threshold, rounding, audit, f"A change of fewer than {LITTLE} points is too little to call.")
    return (*said, peers) if Cut.PEERS in content.cuts else said
