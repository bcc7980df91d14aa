"""Links by which somebody outside reads the report of one partnership and round: until when, and for whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.values import one_line

LIFETIMES: Final = (7, 30, 90)
"""Days that a link may live: a coordinator chooses one."""
LABEL_LENGTH: Final = 120


@dataclass(frozen=True, slots=True)
class ReportLink:
    """One link, without what opens it."""

    partnership_id: UUID
    id: UUID
    round_id: UUID
    label: str
    """Whom it is for."""
    created_by: str
    """The name of the coordinator who made it."""
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Say whether it opens the report now."""
        return self.revoked_at is None and now < self.expires_at


@dataclass(frozen=True, slots=True)
class LinkFault:
    """What is wrong with one field of the form that makes a link."""

    field: str
    text: str


def find_label_fault(label: str) -> str:
    """Say what is wrong with the name of whom a link is for; nothing where it can be kept."""
    if not label:
        return "Say whom the link is for, such as the health and wellbeing board"
    if len(label) > LABEL_LENGTH:
        return f"The name is {len(label)} characters long; shorten it to {LABEL_LENGTH} or fewer"
    if one_line(label) != label:
        return "The name has characters that cannot be kept; type it again"
    return ""


def find_link_faults(label: str, days: str) -> tuple[LinkFault, ...]:
    """Say everything that is wrong with what was typed; nothing where a link can be made of it."""
    found = (
        LinkFault("label", find_label_fault(label)),
        LinkFault("days", "" if days in map(str, LIFETIMES) else "Choose how long the link works"),
    )
    return tuple(fault for fault in found if fault.text)


def find_end(now: datetime, days: str) -> datetime:
    """Give when a link that is made now ends; `days` is one of `LIFETIMES`, as typed."""
    return now + timedelta(days=int(days))
