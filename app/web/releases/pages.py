"""The page objects of releases: one for each template."""

from dataclasses import dataclass

from app.renderings.view_mirror import MirrorView
from app.renderings.view_money import MoneyView
from app.renderings.view_release import CutView, ReleaseView
from app.renderings.working import Table
from app.web.dates import DateFields
from app.web.pages import Link, Page, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRow:
    """One release in a list."""

    title: str
    detail: str
    href: str
    """Empty where nothing may be read any more."""
    tag: Tag | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasesPage(Page):
    """What may be read: the newest release of each round."""

    rows: tuple[ReleaseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePage(Page):
    """The picture of a round."""

    view: ReleaseView
    published: str
    cuts: tuple[Link, ...]
    money: str
    questions: str
    mirror: str
    """Where what departments say stands beside it; empty where nothing does."""
    files: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsPage(Page):
    """The newest release of each round, for anybody."""

    rows: tuple[ReleaseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundStatisticsPage(Page):
    """The picture of a round, for anybody."""

    view: ReleaseView
    money: MoneyView
    published: str
    files: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPage(Page):
    """One cut of a release."""

    view: ReleaseView
    cut: CutView
    others: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyPage(Page):
    """Scores against spending."""

    round: str
    notice: str
    """That a later release was withdrawn; empty where none was."""
    view: MoneyView


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionsPage(Page):
    """Every question of a release."""

    view: ReleaseView


@dataclass(frozen=True, slots=True, kw_only=True)
class MirrorPage(Page):
    """What departments say beside what places say."""

    view: ReleaseView
    mirror: MirrorView


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One pair of cuts that may be ticked."""

    value: str
    text: str
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagePage(Page):
    """The releases of a round, for administrators."""

    done: str
    """What was just done; empty for nothing."""
    round: str
    closes: str
    action: str
    date: DateFields
    too_late: str
    """That a cut which is added now may tell nothing new; empty before anything of the round is told."""
    pairs: tuple[Choice, ...]
    build: str
    """Where the next one is built; empty while none can be."""
    why_not: str
    rows: tuple[ReleaseRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage(Page):
    """One release with its audit."""

    done: str
    """What was just done; empty for nothing."""
    round: str
    tag: Tag
    standing: str
    leaks: tuple[str, ...]
    view: ReleaseView
    money: MoneyView
    summary: str
    """Of how many cells how many are told, and how many are withheld."""
    reasons: Table
    withheld: tuple[Table, ...]
    """What is withheld or told in part, a table for each cut."""
    withheld_of_departments: Table | None
    """`None` where no round of departments stands beside it."""
    approve: str
    sure: str
    """What approving does, to be ticked."""
    withdraw: str
    reason: str
    """What was typed, where it was refused."""
