"""What the pages of an assessment's life show, ready to print."""

from dataclasses import dataclass

from app.web.pages import CheckedSection, Link, Page, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One thing that has happened to an assessment."""

    what: str
    who: str
    when: str
    reason: str
    link: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage(Page):
    """Where an assessment stands, and what has happened to it."""

    organisation: str
    partnership: str
    round: str
    tag: Tag
    standing: tuple[str, ...]
    links: tuple[Link, ...]
    happenings: tuple[Happening, ...]
    """The newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOffPage(Page):
    """All that was submitted, for a certifier."""

    organisation: str
    submitted: str
    sections: tuple[CheckedSection, ...]
    declaration: str
    refusal: str
    """Why this person cannot sign off, although they can request changes; empty where they can."""
    seen: int
    action: str
    request_changes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestChangesPage(Page):
    """Where a certifier says what is to be changed."""

    organisation: str
    reason: str
    is_kept: bool
    """Whether it was typed before somebody was signed out."""
    seen: int
    action: str
    leave: str
