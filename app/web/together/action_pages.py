"""What the pages of the plan show, ready to print."""

from dataclasses import dataclass

from app.web.pages import Link, Page, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One action or ask on the board, or in the list of a department."""

    title: Link
    tags: tuple[Tag, ...]
    """Overdue first, then the status."""
    lines: tuple[str, ...]
    """Owner and day, question, what will show that it worked, and so on."""
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardGroup:
    """Rows under one heading."""

    title: str
    rows: tuple[BoardRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage(Page):
    """The plan of a partnership."""

    partnership: str
    summary: str
    views: tuple[Link, ...]
    """The two ways to look at it."""
    view: str
    """The words of the one that is shown."""
    groups: tuple[BoardGroup, ...]
    finished: tuple[BoardRow, ...]
    empty: str
    add: str
    """Where an action is planned; empty for who may not."""
    ways: tuple[Link, ...]
    """Learning from others, and saying what helped, for whom these are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLink:
    """One gap to plan an action for."""

    question: Link
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsPage(Page):
    """The gaps to choose from."""

    place: str
    gaps: tuple[GapLink, ...]
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing in a list to choose from."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChoice:
    """One status that can come next."""

    value: str
    text: str
    hint: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """One note on the progress."""

    who: str
    when: str
    status: str
    """What it changed to; empty where it stayed."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage(Page):
    """One action or ask, what was noted on it, and the form for the next note."""

    caption: str
    heading: str
    tags: tuple[Tag, ...]
    facts: tuple[tuple[str, str], ...]
    """Name and text."""
    notes_title: str
    notes: tuple[NoteLine, ...]
    no_notes: str
    newer: str
    """What happened meanwhile, where somebody else was first; empty else."""
    steps: tuple[StepChoice, ...]
    """Empty for who may not note anything."""
    legend: str
    note_label: str
    note_hint: str
    note: str
    seen: int
    is_kept: bool
    action: str
    change: str
    """Where it is changed; empty for who may not."""
    mark: Link | None
    """Where one says whether the learning point that it was made from helped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFormPage(Page):
    """Planning an action, or changing one."""

    caption: str
    heading: str
    question: str
    standing: tuple[tuple[str, str], ...]
    """Where the question stands, and its next level: name and text."""
    ideas: tuple[Link, ...]
    """Points of the learning library, each leading to this form with its words filled in."""
    theirs: tuple[tuple[str, str], ...]
    """What somebody else saved meanwhile: name and text; empty where nobody did."""
    fixed: tuple[tuple[str, str], ...]
    """What cannot be changed, as a department was shown it; empty where all can."""
    title_typed: str
    measure: str
    owners: tuple[Option, ...]
    due: tuple[str, str, str]
    due_fault: str
    departments: tuple[Option, ...]
    hidden: tuple[tuple[str, str], ...]
    is_kept: bool
    button: str
    action: str
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AsksPage(Page):
    """What was sent to the departments that somebody leads."""

    departments: str
    groups: tuple[BoardGroup, ...]
    """By partnership."""
    empty: str
