"""What the pages of reopening and late entry show, ready to print."""

from dataclasses import dataclass

from app.web.dates import DateFields
from app.web.pages import Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenPage(Page):
    """Where a coordinator reopens an assessment."""

    organisation: str
    place: str
    """The partnership and the round."""
    standing: str
    refusal: str
    """Why it cannot be reopened now; empty where it can."""
    released: str
    """That the release of the round stays as it is; empty where none is published."""
    instead: tuple[Link, ...]
    """What can be done first."""
    until: str
    """Until when it can then be changed and submitted."""
    reason: str
    is_kept: bool
    """Whether it was typed before somebody was signed out."""
    seen: int
    action: str
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntryPage(Page):
    """Where a coordinator lets an organisation enter late."""

    organisation: str
    place: str
    standing: str
    refusal: str
    """Why late entry cannot be permitted now; empty where it can."""
    released: str
    """That the release of the round stays as it is; empty where none is published."""
    then_reopen: str
    """What has to be done besides, where it was submitted; empty where it was not."""
    until: DateFields
    until_fault: str
    """What is wrong with the date; the fault of the time stands with the time."""
    reason: str
    is_kept: bool
    action: str
    leave: str
