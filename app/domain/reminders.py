"""When people are reminded of a round: at its opening, a week and a day before it closes, by the clock on the wall.

And what each reminder is known by, so that it is written once: a key that names the round and the person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.rounds import Window
from app.domain.times import days_before

LATEST: Final = timedelta(days=4)
"""How late the word of the opening, or of the last week, may still be sent."""
REST: Final = timedelta(hours=24)
"""How long whoever was reminded of a round is not chased, and whoever was chased not reminded."""
KEY: Final = "reminder"
ASKED: Final = "asked"
"""A coordinator asks the leads of one organisation."""
CHASED: Final = "chased"
"""A central administrator asks everybody who has not finished."""


class Reminder(StrEnum):
    """What a reminder says. Each is sent once to a person in a round."""

    OPENING = "opening"
    WEEK = "week"
    DAY = "day"
    LATE_DAY = "late-day"
    """A day before late entry ends: to people who may have been told, before the close, of the last day."""


def find_due(window: Window, now: datetime, *, known_at: datetime, permitted_at: datetime | None) -> Reminder | None:
    """Give the newest reminder that holds now, if any; none before the opening and none from the end on.

    `known_at` is when the set-up was confirmed: nobody hears of an opening before that. `permitted_at` is when late
    entry was: what would have come before it is not made up for, as whoever may enter late has just been told.
    """
    if not window.is_open(now):
        return None
    due = [(at, kind) for at, kind in _plan(window, known_at, permitted_at) if at <= now]
    if not due:
        return None
    at, kind = max(due)
    return kind if now - at <= LATEST else None


def _plan(window: Window, known_at: datetime, permitted_at: datetime | None) -> Iterator[tuple[datetime, Reminder]]:
    """Give when each reminder is due; one that would come before the opening is left out."""
    opening = max(window.opens_at, known_at)
    yield opening, Reminder.OPENING
    is_late = window.ends_at > window.closes_at
    for days, kind in ((7, Reminder.WEEK), (1, Reminder.LATE_DAY if is_late else Reminder.DAY)):
        at = days_before(window.ends_at, days)
        if at > max(opening, permitted_at or opening):
            yield at, kind


def due_key(kind: Reminder, round_id: UUID, person_id: UUID) -> str:
    """Give what a reminder by the clock is known by: once to a person in a round."""
    return f"{KEY}:{kind}:{round_id}:{person_id}"


def asked_key(partnership_id: UUID, round_id: UUID, organisation_id: UUID, person_id: UUID, day: date) -> str:
    """Give what a coordinator's reminder is known by: once a day to a lead."""
    return f"{KEY}:{ASKED}:{partnership_id}:{round_id}:{organisation_id}:{person_id}:{day.isoformat()}"


def chased_key(round_id: UUID, person_id: UUID, after: datetime | None) -> str:
    """Give what a central reminder is known by: the one that followed the last reminder of the round, if any.

    Of two who remind at once both have seen the same last one, so that the second writes to nobody.
    """
    return f"{KEY}:{CHASED}:{round_id}:{person_id}:{after.astimezone(UTC).isoformat() if after else 'first'}"


@dataclass(frozen=True, slots=True)
class WrittenReminder:
    """One reminder of a round that somebody was written."""

    round_id: UUID
    person_id: UUID
    kind: str
    at: datetime
    has_failed: bool = False
    """Whether it was given up, as nobody took the mail."""


def read_key(key: str, at: datetime, *, has_failed: bool = False) -> WrittenReminder:
    """Read what a reminder of a round is known by: the mail may have been made nameless since."""
    _, kind, *ids = key.split(":")
    round_id, person_id = (ids[1], ids[3]) if kind == ASKED else (ids[0], ids[1])
    return WrittenReminder(UUID(round_id), UUID(person_id), kind, at, has_failed)
