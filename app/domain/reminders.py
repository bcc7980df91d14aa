"""When people are reminded of a round: at its opening, a week and a day before it closes, by the clock on the wall."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.rounds import Window
from app.domain.times import days_before

LATEST: Final = timedelta(days=4)
"""How late the word of the opening, or of the last week, may still be sent."""


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
