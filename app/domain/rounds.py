"""The rules of a round: when it is open and to whom, and who signs off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.errors import AnswerError, NotAllowedNowError

LEAST_THRESHOLD: Final = 5
"""No round may show figures of fewer contributors than this."""
DEFAULT_THRESHOLD: Final = 10
LATE_ENTRY_BEFORE: Final = timedelta(days=14)
"""How long before closing late entry may be permitted; earlier, nobody is late yet."""
LONGEST_LATE_ENTRY: Final = timedelta(days=365)
"""How far ahead late entry may be permitted: past this, a year was mistyped."""


class SignOff(StrEnum):
    """Who must sign off what was submitted in a round."""

    NOBODY = "nobody"
    CERTIFIER = "certifier"
    """A certifier of the organisation, who may be the person who submitted."""
    ANOTHER_PERSON = "another-person"
    """A certifier of the organisation who did not submit."""


@dataclass(frozen=True, slots=True)
class Window:
    """When an organisation may work on its assessment: from opening, up to but not at closing."""

    opens_at: datetime
    closes_at: datetime
    late_until: datetime | None = None
    """Until when this organisation may still enter, by permission."""
    left_at: datetime | None = None
    """When this organisation left the partnership; `None` while it is there."""

    @property
    def ends_at(self) -> datetime:
        """The closing that holds for this organisation."""
        closing = max(self.closes_at, self.late_until or self.closes_at)
        return min(closing, self.left_at) if self.left_at else closing

    def is_open(self, now: datetime) -> bool:
        """Say whether answers may be given and submitted."""
        return self.opens_at <= now < self.ends_at

    def check_open(self, now: datetime) -> None:
        """Raise `NotAllowedNowError` outside it."""
        if now < self.opens_at:
            raise NotAllowedNowError("This round has not opened yet")
        if self.left_at and now >= self.left_at:
            raise NotAllowedNowError("Your organisation has left this partnership, so answers can no longer be changed")
        if now >= self.ends_at:
            raise NotAllowedNowError("This round has closed, so answers can no longer be changed")


def can_permit_late_entry(window: Window, now: datetime) -> bool:
    """Say whether it is time for late entry: shortly before closing, or after it, and not for one that has left."""
    return window.left_at is None and now >= window.closes_at - LATE_ENTRY_BEFORE


def check_permit_late_entry(window: Window, now: datetime) -> None:
    """Raise `NotAllowedNowError` while it is too early for late entry, and for an organisation that has left."""
    if window.left_at is not None:
        raise NotAllowedNowError("This organisation has left the partnership, so it cannot enter late")
    if not can_permit_late_entry(window, now):
        days = LATE_ENTRY_BEFORE.days
        raise NotAllowedNowError(f"Late entry can be permitted from {days} days before a round closes")


def find_late_entry_fault(window: Window, until: datetime, now: datetime) -> str:
    """Say what is wrong with the end of a late entry; empty where it can be kept. A round is extended, never cut."""
    if until <= window.closes_at:
        return "Enter a time after the round closes"
    if until <= now:
        return "Enter a time that is still to come"
    if until > now + LONGEST_LATE_ENTRY:
        return "Enter a time within a year from now"
    return ""


def check_late_entry(window: Window, until: datetime, now: datetime) -> None:
    """Raise `AnswerError` where late entry cannot end then."""
    fault = find_late_entry_fault(window, until, now)
    if fault:
        raise AnswerError(fault)
