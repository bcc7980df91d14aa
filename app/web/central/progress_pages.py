"""One frozen object for each template about rounds as they run. No answers and no scores."""

from dataclasses import dataclass

from app.renderings.working import Table
from app.web.central.pages import RoundRow
from app.web.pages import Link, Page, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundsPage(Page):
    """The rounds, a line each."""

    rounds: tuple[RoundRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One number, and what it counts."""

    number: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One organisation on the board."""

    organisation: str
    href: str
    """Who leads it; empty for those who may not enter there."""
    detail: str
    tag: Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFold:
    """One partnership on the board, folded."""

    partnership: str
    detail: str
    """How many of its organisations are where."""
    link: Link | None
    """To its page; `None` for those who may not enter there."""
    rows: tuple[BoardRow, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPart:
    """The partnerships of a round that are finished, or those that are not."""

    title: str
    folds: tuple[BoardFold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How many had submitted by the end of each day: a line, and the same numbers as a table."""

    statement: str
    """The line as one sentence."""
    top: str
    """What stands at its upper bound: all assessments."""
    begins: str
    ends: str
    points: str
    """The line on a sheet of 100 by 100, the origin at the top left."""
    x: str
    """Where it ends so far, in per cent."""
    y: str
    table: Table


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundProgressPage(Page):
    """One round as it runs: how many are where, who is where, and how it went day by day."""

    detail: str
    lead: str
    ask: Link | None
    """To whom to ask; `None` where nobody is."""
    figures: tuple[Figure, ...]
    parts: tuple[BoardPart, ...]
    course: Course | None
    """`None` before the round opens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPerson:
    """Somebody to ask."""

    name: str
    mail: Link
    detail: str
    """Whether and when they were reminded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaseRow:
    """One organisation that has not finished."""

    organisation: str
    href: str
    """Who leads it; empty for those who may not enter there."""
    tag: Tag
    detail: str
    """Until when it may enter late, or empty."""
    who: str
    """As what they are asked who follow, or that there is nobody."""
    people: tuple[AskedPerson, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChaseFold:
    """The organisations of one partnership that have not finished."""

    partnership: str
    detail: str
    link: Link | None
    rows: tuple[ChaseRow, ...]
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhomToAskPage(Page):
    """Who has not finished, and whom to ask."""

    round: str
    lead: str
    done: str
    """When everybody was reminded last, and how many; empty where never."""
    notes: tuple[str, ...]
    """Who is left out of a reminder."""
    remind: Link | None
    """To the page that asks before it reminds; `None` for those who may not, and where there is nobody."""
    folds: tuple[ChaseFold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledPerson:
    """Somebody who gets a reminder, and about what."""

    name: str
    organisations: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindRoundPage(Page):
    """Who gets a reminder, before it is sent."""

    round: str
    lead: str
    notes: tuple[str, ...]
    people: tuple[CalledPerson, ...]
    action: str
    button: str
    keep: str
