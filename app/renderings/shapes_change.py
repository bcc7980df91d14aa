"""A change between rounds as people read it: every word and figure finished, and the geometry of the plot."""

from dataclasses import dataclass

from app.renderings.shapes import BandMark
from app.renderings.working import Table


@dataclass(frozen=True, slots=True)
class CourseRow:
    """One enabler in two rounds, and its row of the plot."""

    id: str
    title: str
    then: str
    """Such as 41.0; empty where nothing is compared."""
    now: str
    change: str
    """Such as +12.5; empty where nothing is compared."""
    verdict: str
    """Risen, fallen or too little to call; or why nothing is compared."""
    compared: str
    """Such as “5 of 6 questions”."""
    target: str
    progress: str
    """How much of the way to the target was made, or in words why that cannot be said."""
    x_then: str
    """Where the dots and the target stand, in per cent of the plot's width; empty where nothing is compared."""
    x_now: str
    x_target: str
    statement: str
    """The row as one sentence."""


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """The questions of one enabler, side by side."""

    title: str
    table: Table


@dataclass(frozen=True, slots=True)
class SameView:
    """What changed among the organisations that took part in both rounds."""

    text: str
    table: Table | None
    """`None` where there were too few."""


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """One round beside an earlier one."""

    id: str
    heading: str
    then: str
    now: str
    shows: tuple[str, ...]
    """What stands for a question in each of the two rounds; empty where that is what the organisations answered."""
    lead: tuple[str, ...]
    """The comparison in a few lines."""
    who: tuple[str, ...]
    """Who took part when, and what that means for the change."""
    rows: tuple[CourseRow, ...]
    table: Table
    same: SameView | None
    """`None` where the same organisations took part in both."""
    questions: tuple[QuestionGroup, ...]
    not_compared: Table | None
    """Questions that cannot be compared, and why; `None` where all can."""


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A round beside each earlier one, and all of them in a row."""

    comparisons: tuple[ComparisonView, ...]
    """The newest first."""
    trail: Table | None
    """Each enabler over all rounds; `None` where there are only two."""
    bands: tuple[BandMark, ...]
    rules: tuple[str, ...]
    """How to read the numbers, a sentence each."""
