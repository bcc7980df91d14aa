"""When the owner of an action is reminded: a week before its day, and the day after it has passed. UK time."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.times import UK
from app.domain.uk_time import today

FROM_HOUR: Final = 8
"""On the clock of the wall: nobody is written to at night."""
WEEK: Final = timedelta(days=7)
DAY: Final = timedelta(days=1)
LATEST: Final = timedelta(days=4)
"""How late a reminder may still be sent, where the worker was off."""
LOOK_AHEAD: Final = WEEK
LOOK_BACK: Final = DAY + LATEST + DAY
"""Only what is due between these, around today, can have a reminder; a day more, as it is yesterday until morning."""


class ActionReminder(StrEnum):
    """What a reminder says. Each is sent once for an action, its day and its owner."""

    WEEK = "week"
    PASSED = "passed"


def find_reminder(due_on: date, made_at: datetime, now: datetime) -> ActionReminder | None:
    """Give the reminder that holds now, if any.

    An action that is due within a week when it is made has the second only: its owner has just been told.
    """
    day = today(now)
    if now.astimezone(UK).hour < FROM_HOUR:
        day -= DAY
    week_before = due_on - WEEK
    if week_before <= day <= week_before + LATEST and today(made_at) < week_before:
        return ActionReminder.WEEK
    if due_on + DAY <= day <= due_on + DAY + LATEST:
        return ActionReminder.PASSED
    return None
