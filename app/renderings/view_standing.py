"""Since the round before, in a release: who was in both rounds, who is new, who left, and what has changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.aggregate import JOINERS, STAYERS, Cut, Measure
from app.domain.change import LITTLE
from app.domain.releases import CellFigures, CellKey, Content
from app.renderings.numbers import MINUS
from app.renderings.working import Column, Table

TOO_LITTLE: Final = "Too little to call"
MOVED: Final = ("Risen", "Fallen")
DASH: Final = "–"
NOT_SHOWN: Final = "Not shown"
WITH_THE_ROUND_BEFORE: Final = "Not shown beside the round before"
WHY_NO_CHANGE: Final = (
    "No change is shown: there is no earlier round to compare with, or too few partnerships answered in both for it to "
    "be told without giving somebody’s own score away."
)
WHY_SOME_CHANGE: Final = (
    "Where a change is not shown, too few partnerships answered in both rounds, or with what was told of the round "
    "before somebody’s own score could be worked out."
)
WHY_SOME_CHANGE_AGAIN: Final = (
    "Where a change is not shown, too few partnerships answered in both rounds, too few have other answers than in an "
    "earlier release of this round, or with what was told of the round before somebody’s own score could be worked out."
)
"""The same in a release that corrects another."""
WHO_MOVED: Final = "Who is new in this round, and who has left since the round before"
WHY_NO_MOVERS: Final = (
    "How many partnerships are new in this round and how many have left is not shown: they are too few, or with the "
    "other figures somebody’s own score could be worked out."
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is published of one measure since the round before; each `None` where it is not shown."""

    count: int | None
    """With a score in both rounds."""
    before: int | None
    after: int | None
    change: int | None
    leavers: tuple[int, int] | None
    """How many, and their mean then."""
    joiners: tuple[int, int] | None
    """How many, and their mean now."""

    @property
    def is_told(self) -> bool:
        """Say whether anything is."""
        return self.count is not None or self.joiners is not None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One enabler or question since the round before, in the partnerships that were in both."""

    title: str
    count: str
    before: str
    after: str
    change: str
    verdict: str
    joiners: tuple[str, str]
    """How many, and their mean now; en dashes where not shown, and so below."""
    leavers: tuple[str, str]
    """How many, and their mean then."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """Since the round before, enabler by enabler."""

    rows: tuple[ChangeRow, ...]
    table: Table
    why: str
    """Why some of it is not shown; empty where all is."""
    movers: Table | None
    """Who joined and who left; `None` where nothing of that is shown."""
    why_no_movers: str
    """Empty where something is."""


def find_standing(content: Content, measure: Measure) -> Standing:
    """Find what is published of a measure since the round before; pages and files show this."""
    table = content.tables[measure]
    stayers, joiners = (table.cells.get(CellKey(Cut.STANDING, each)) for each in (STAYERS, JOINERS))
    joined = None if joiners is None else (joiners.count, joiners.mean)
    change = table.change
    if change is not None:
        return Standing(change.count, change.before, change.after, change.change, change.leavers, joined)
    count, after = (None, None) if stayers is None else _pair(stayers)
    return Standing(count, None, after, None, None, joined)


def _pair(figures: CellFigures) -> tuple[int, int]:
    return figures.count, figures.mean


def list_changed(content: Content, titles: Mapping[Measure, str]) -> tuple[ChangeRow, ...]:
    """Give a row for each of these measures; none where nothing is told of any."""
    found = {title: find_standing(content, measure) for measure, title in titles.items()}
    if not any(each.is_told for each in found.values()):
        return ()
    return tuple(_make_row(title, each) for title, each in found.items())


def _make_row(title: str, found: Standing) -> ChangeRow:
    return ChangeRow(
        title=title,
        count=_or_dash(found.count),
        before=_or_dash(found.before),
        after=_or_dash(found.after),
        change=DASH if found.change is None else signed(found.change),
        verdict=_judge(found),
        joiners=_both(found.joiners),
        leavers=_both(found.leavers),
    )


def _or_dash(number: int | None) -> str:
    return DASH if number is None else str(number)


def _both(numbers: tuple[int, int] | None) -> tuple[str, str]:
    return (DASH, DASH) if numbers is None else (str(numbers[0]), str(numbers[1]))


def signed(number: int) -> str:
    """Write a change with its sign."""
    return f"+{number}" if number > 0 else f"{MINUS}{-number}" if number else "0"


def _judge(found: Standing) -> str:
    if found.change is None:
        return NOT_SHOWN if found.count is None else WITH_THE_ROUND_BEFORE
    if abs(found.change) < LITTLE:
        return TOO_LITTLE
    risen, fallen = MOVED
    return risen if found.change > 0 else fallen


def make_change_view(content: Content, titles: Mapping[Measure, str], *, corrects: bool) -> ChangeView | None:
    """Put what has changed in these enablers into words; `None` where nothing of it is told."""
    rows = list_changed(content, titles)
    if not rows:
        return None
    movers = [row for row in rows if (row.joiners, row.leavers) != ((DASH, DASH),) * 2]
    hidden = any(row.change == DASH for row in rows)
    return ChangeView(
        rows=rows,
        table=make_changes_table(rows, content.before, "Enabler", with_movers=False),
        why="" if not hidden else WHY_SOME_CHANGE_AGAIN if corrects else WHY_SOME_CHANGE,
        movers=_make_movers_table(rows) if movers else None,
        why_no_movers="" if movers else WHY_NO_MOVERS,
    )


CHANGE_COLUMNS: Final = (
    Column("Partnerships in both", numeric=True),
    Column("Then", numeric=True),
    Column("Now", numeric=True),
    Column("Change", numeric=True),
    Column("What it amounts to"),
)
MOVER_COLUMNS: Final = (
    Column("New in this round", numeric=True),
    Column("Their mean now", numeric=True),
    Column("Left since the round before", numeric=True),
    Column("Their mean then", numeric=True),
)


def make_changes_table(rows: Sequence[ChangeRow], before: str, of: str, *, with_movers: bool = True) -> Table:
    """Put what has changed into a table; with who joined and left, or without."""
    return Table(
        caption=f"Since {before or 'the round before'}, in the same partnerships",
        columns=(Column(of), *CHANGE_COLUMNS, *(MOVER_COLUMNS if with_movers else ())),
        rows=tuple(
            (row.title, row.count, row.before, row.after, row.change, row.verdict)
            + ((*row.joiners, *row.leavers) if with_movers else ())
            for row in rows
        ),
    )


def _make_movers_table(rows: Sequence[ChangeRow]) -> Table:
    return Table(
        caption=WHO_MOVED,
        columns=(Column("Enabler"), *MOVER_COLUMNS),
        rows=tuple((row.title, *row.joiners, *row.leavers) for row in rows),
    )
