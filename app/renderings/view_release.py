"""A release as people read it: every word and figure finished. Page, files and public page show the same object."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.aggregate import LEAST_ORGANISATIONS, TIMES, Cut, Measure, MeasureKind, list_measures
from app.domain.barriers import Barriers
from app.domain.change import LITTLE
from app.domain.peers import find_least
from app.domain.questionnaire import Questionnaire
from app.domain.releases import EVERYBODY, CellFigures, CellKey, Content, Item, LikeForLike
from app.renderings.numbers import MINUS
from app.renderings.release_words import name_category, name_cut, name_measures
from app.renderings.shapes import BandMark, Fact
from app.renderings.view_mirror import MirrorView, make_mirror_view
from app.renderings.view_profile import make_bands
from app.renderings.words import count, one_line
from app.renderings.working import Column, Table

NOT_SHOWN: Final = "Not shown"
WHY_NOT_SHOWN: Final = (
    "Not shown: too few partnerships, or with the other figures somebody’s own score could be worked out."
)
TOO_LITTLE: Final = "Too little to call"
DASH: Final = "–"
MOVED: Final = ("Risen", "Fallen")
LISTED: Final = 5
"""Questions in the lists of the lowest and the most improved; so too gaps, barriers and asks."""


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


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One enabler or question since the round before, in the partnerships that were in both."""

    title: str
    count: str
    before: str
    after: str
    change: str
    verdict: str
    leavers: str


@dataclass(frozen=True, slots=True)
class CutView:
    """One cut: a plot for each enabler, and the table of all of them."""

    id: str
    title: str
    lead: str
    enablers: tuple[tuple[str, tuple[MeasureRow, ...]], ...]
    """Enabler, and a row for each category."""
    table: Table


@dataclass(frozen=True, slots=True)
class ListItem:
    """One of the commonest things, and how often it was named."""

    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class ReleaseView:
    """All of a release in words."""

    round: str
    facts: tuple[Fact, ...]
    lead: tuple[str, ...]
    bands: tuple[BandMark, ...]
    profile: tuple[MeasureRow, ...]
    profile_table: Table
    bands_table: Table
    changes: tuple[ChangeRow, ...]
    changes_table: Table | None
    before: str
    cuts: tuple[CutView, ...]
    lowest: tuple[ListItem, ...]
    improved: tuple[ListItem, ...]
    why_none_improved: str
    questions: Table
    gaps: tuple[ListItem, ...]
    barriers: tuple[ListItem, ...]
    asks: tuple[ListItem, ...]
    why_not_shown: str
    rules: tuple[str, ...]
    mirror: MirrorView | None
    """`None` where no round of departments stands beside it."""


def make_release_view(
    content: Content,
    questionnaire: Questionnaire,
    barriers: Barriers | None,
    round_title: str,
    departments: Questionnaire | None = None,
) -> ReleaseView:
    """Put a release into words; with what departments were asked, where they stand beside it."""
    titles = name_measures(questionnaire)
    enablers = [each for each in list_measures(questionnaire) if each.kind is MeasureKind.ENABLER]
    questions = [each for each in list_measures(questionnaire) if each.kind is MeasureKind.QUESTION]
    bands = make_bands(questionnaire.framework)
    band_of = BandReader(questionnaire)
    profile = tuple(
        make_row(each.id, titles[each], find_figures(content, each, EVERYBODY), band_of) for each in enablers
    )
    changes = tuple(
        _make_change(titles[each], content.tables[each].change)
        for each in enablers
        if any(content.tables[every].change for every in enablers)
    )
    return ReleaseView(
        round=round_title,
        facts=_make_facts(content, titles),
        lead=_make_lead(profile, changes, content),
        bands=bands,
        profile=profile,
        profile_table=_make_profile_table(profile),
        bands_table=_make_bands_table(profile, bands),
        changes=changes,
        changes_table=_make_changes_table(changes, content.before) if changes else None,
        before=content.before,
        cuts=tuple(_make_cut(content, cut, enablers, titles, band_of) for cut in content.cuts),
        lowest=_list_lowest(content, questions, titles),
        improved=_list_improved(content, questions, titles),
        why_none_improved=f"No question has risen by {LITTLE} points or more in partnerships that were in both rounds."
        if content.before
        else "There is no round before this one to compare with.",
        questions=_make_questions_table(content, questionnaire, questions, titles),
        gaps=_list_items(content.gaps, content, lambda name: titles.get(Measure(MeasureKind.QUESTION, name), name)),
        barriers=_list_items(content.barriers, content, lambda name: _name_barrier(barriers, titles, name)),
        asks=_list_items(content.asks, content, one_line),
        why_not_shown=WHY_NOT_SHOWN,
        rules=make_rules(content),
        mirror=make_mirror_view(content.mirror, questionnaire, departments) if content.mirror and departments else None,
    )


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


def _signed(number: int) -> str:
    return f"+{number}" if number > 0 else f"{MINUS}{-number}" if number else "0"


def _make_change(title: str, change: LikeForLike | None) -> ChangeRow:
    if change is None:
        return ChangeRow(title, DASH, DASH, DASH, DASH, "Not shown", DASH)
    return ChangeRow(
        title=title,
        count=str(change.count),
        before=str(change.before),
        after=str(change.after),
        change=_signed(change.change),
        verdict=_judge(change.change),
        leavers=DASH if change.leavers is None else f"{change.leavers[1]} ({change.leavers[0]})",
    )


def _judge(change: int) -> str:
    if abs(change) < LITTLE:
        return TOO_LITTLE
    risen, fallen = MOVED
    return risen if change > 0 else fallen


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


def _make_lead(profile: Sequence[MeasureRow], changes: Sequence[ChangeRow], content: Content) -> tuple[str, ...]:
    shown = [row for row in profile if row.x]
    if not shown:
        return (WHY_NOT_SHOWN,)
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
    moved = [row for row in changes if row.verdict in MOVED]
    if moved:
        said = "; ".join(f"{row.title} {row.change}" for row in moved)
        lines.append(f"Since {content.before}, in the partnerships that were in both: {said}.")
    elif changes:
        lines.append(f"Since {content.before}, no enabler has moved by {LITTLE} points in the same partnerships.")
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
        columns=(Column("Enabler"), *(Column(band.label, numeric=True) for band in bands)),
        rows=tuple((row.title, *(row.shares or (NOT_SHOWN, *(DASH,) * (len(bands) - 1)))) for row in profile),
    )


def _make_changes_table(changes: Sequence[ChangeRow], before: str) -> Table:
    return Table(
        caption=f"Since {before}, in the same partnerships",
        columns=(
            Column("Enabler"),
            Column("Partnerships in both", numeric=True),
            Column("Then", numeric=True),
            Column("Now", numeric=True),
            Column("Change", numeric=True),
            Column("What it amounts to"),
            Column("Mean then of those not in this one", numeric=True),
        ),
        rows=tuple(
            (row.title, row.count, row.before, row.after, row.change, row.verdict, row.leavers) for row in changes
        ),
    )


def _make_cut(
    content: Content,
    cut: str,
    enablers: Iterable[Measure],
    titles: Mapping[Measure, str],
    bands: BandReader,
) -> CutView:
    found = tuple(
        (
            titles[each],
            tuple(
                make_row(
                    f"{each.id}-{place}",
                    name_category(cut, category),
                    find_figures(content, each, CellKey(cut, category)),
                    bands,
                )
                for place, category in enumerate(content.cuts[cut])
            ),
        )
        for each in enablers
    )
    hidden = any(not row.x for _, rows in found for row in rows)
    return CutView(
        id=cut.replace(TIMES, "-by-"),
        title=name_cut(cut),
        lead=WHY_NOT_SHOWN if hidden else "",
        enablers=found,
        table=Table(
            caption=f"{name_cut(cut)}: the same numbers as a table",
            columns=(Column("Enabler"), Column(name_cut(cut)), *FIGURE_COLUMNS),
            rows=tuple((title, row.title, *list_figures(row)) for title, rows in found for row in rows),
        ),
    )


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
            title, f"{_signed(change.change)}, from {change.before} to {change.after}, in {change.count} partnerships"
        )
        for change, title in ordered
    )


def _make_questions_table(
    content: Content, questionnaire: Questionnaire, questions: Sequence[Measure], titles: Mapping[Measure, str]
) -> Table:
    bands = BandReader(questionnaire)
    rows = []
    for each in questions:
        row = make_row(each.id, titles[each], find_figures(content, each, EVERYBODY), bands)
        enabler = Measure(MeasureKind.ENABLER, questionnaire.section_of[each.id].enabler)
        change = content.tables[each].change
        rows.append(
            (row.title, titles[enabler], *list_figures(row), DASH if change is None else _signed(change.change))
        )
    return Table(
        caption="Every question",
        columns=(Column("Question"), Column("Enabler"), *FIGURE_COLUMNS, Column("Change", numeric=True)),
        rows=tuple(rows),
    )


def _list_items(items: Sequence[Item], content: Content, name: Callable[[str], str]) -> tuple[ListItem, ...]:
    whole = f" of {content.reach.partnerships}" if content.reach else ""
    return tuple(ListItem(name(item.id), f"In {item.count}{whole} partnerships") for item in items[:LISTED])


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
