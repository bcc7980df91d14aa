"""The objects of the pages on which colleagues share the work."""

from dataclasses import dataclass

from app.web.pages import Choice, Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPage(Page):
    """Giving a section to a colleague."""

    caption: str
    given: str
    """Who has it and since when; empty for nobody."""
    given_message: str
    people: tuple[Choice, ...]
    invited: str
    """Those who cannot be given it yet, as they have not accepted their invitation; empty where there are none."""
    invite: Link
    message: str
    mark: str
    action: str
    take_back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentLine:
    """One comment."""

    who: str
    when: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentsPage(Page):
    """The thread of a question."""

    question: str
    organisation: str
    comments: tuple[CommentLine, ...]
    text: str
    is_kept: bool
    """Whether it was typed before its author was signed out."""
    id: str
    """Of the next comment."""
    action: str
