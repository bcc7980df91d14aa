"""One frozen object for each template of what partners share."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.renderings.partnership_view import PartnershipView
from app.renderings.view_together import AgreedView, Talk
from app.web.pages import Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherPage(Page):
    """The partnership report."""

    view: PartnershipView
    other_view: Link | None
    """From what each answered to what they agreed, and back."""
    meetings: Link | None
    """For coordinators."""
    plans: Mapping[str, Link]
    """The id of a gap -> where an action about it is planned, for whoever may."""
    marks: Mapping[str, str]
    """`point-…` or `resource-…` -> how many found it helpful, where that may be said."""
    ways: tuple[Link, ...]
    """What else partners do with it."""
    downloads: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One organisation to tick."""

    value: str
    text: str
    hint: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """One meeting that was held."""

    link: Link
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingsPage(Page):
    """The meetings about a round, and beginning one."""

    partnership: str
    meetings: tuple[MeetingRow, ...]
    organisations: tuple[Box, ...]
    names: str
    day: str
    month: str
    year: str
    action: str
    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaRow:
    """One question on the agenda."""

    link: Link
    reason: str
    contested: bool
    agreed: str
    """What was agreed, or empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPage(Page):
    """One meeting: what to talk about in which order, what is agreed, and who is there."""

    partnership: str
    when: str
    progress: str
    begin: Link
    is_over: bool
    """Whether every question on the list has been talked about."""
    plan: str
    agenda: tuple[AgendaRow, ...]
    rest: tuple[AgendaRow, ...]
    organisations: tuple[Box, ...]
    names: str
    day: str
    month: str
    year: str
    version: int
    action: str
    report: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChoice:
    """One level to agree on, and what it looks like."""

    value: str
    text: str
    hint: str
    checked: bool
    who: str
    """Which organisations chose it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage(Page):
    """One question of a meeting, large."""

    partnership: str
    place: str
    """Such as “Question 2 of 11 on the list”."""
    hint: str
    talk: Talk
    levels: tuple[LevelChoice, ...]
    reason: str
    minority: str
    version: int
    action: str
    previous: str
    """Empty on the first."""
    next: str
    """After the last on the list, the meeting."""
    agenda: str
    theirs: AgreedView | None
    """What somebody else has just recorded, where that stands against what was typed."""
    is_kept: bool
    """Whether it was typed before its author was signed out."""
