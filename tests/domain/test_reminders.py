"""When people are reminded: by the clock on the wall, never before the opening and never after the end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.reminders import Reminder, WrittenReminder, asked_key, chased_key, due_key, find_due, read_key
from app.domain.rounds import Window
from app.domain.times import UK, days_before

OPENS = datetime(2026, 10, 5, 8, tzinfo=UTC)
CLOSES = datetime(2026, 11, 13, 17, tzinfo=UTC)
LONG_BEFORE = OPENS - timedelta(days=30)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LONGEST_KEY = 200
"""What the outbox takes."""


def uk(text: str) -> datetime:
    """Give the moment of a UK wall time."""
    return datetime.fromisoformat(text).replace(tzinfo=UK).astimezone(UTC)


MOMENTS = {
    "a second before the opening": (OPENS - SECOND, None),
    "at the opening": (OPENS, Reminder.OPENING),
    "four days after the opening, by a worker that was off": (OPENS + 4 * DAY, Reminder.OPENING),
    "later than that the opening is no news": (OPENS + 4 * DAY + SECOND, None),
    "a second before the last week": (CLOSES - 7 * DAY - SECOND, None),
    "a week before": (CLOSES - 7 * DAY, Reminder.WEEK),
    "three days late": (CLOSES - 4 * DAY, Reminder.WEEK),
    "five days late": (CLOSES - 2 * DAY, None),
    "a second before the last day": (CLOSES - DAY - SECOND, None),
    "a day before": (CLOSES - DAY, Reminder.DAY),
    "a second before the close": (CLOSES - SECOND, Reminder.DAY),
    "at the close": (CLOSES, None),
    "long after": (CLOSES + 30 * DAY, None),
}


@pytest.mark.parametrize(("now", "expected"), MOMENTS.values(), ids=MOMENTS)
def test_each_reminder_has_its_time(now: datetime, expected: Reminder | None) -> None:
    assert find_due(Window(OPENS, CLOSES), now, known_at=LONG_BEFORE, permitted_at=None) is expected


def test_a_round_confirmed_after_its_opening_is_announced_when_it_is_confirmed() -> None:
    known = OPENS + 10 * DAY
    window = Window(OPENS, CLOSES)
    assert find_due(window, known - SECOND, known_at=known, permitted_at=None) is None
    assert find_due(window, known, known_at=known, permitted_at=None) is Reminder.OPENING


def test_a_round_of_three_days_has_no_word_of_a_week() -> None:
    window = Window(OPENS, OPENS + 3 * DAY)
    moments = [OPENS + hours * HOUR for hours in range(72)]
    found = [find_due(window, now, known_at=LONG_BEFORE, permitted_at=None) for now in moments]
    assert found == [Reminder.OPENING] * 48 + [Reminder.DAY] * 24


LATE_UNTIL = CLOSES + 10 * DAY
LATE = {
    "the day before the close is nothing to whoever has longer": (CLOSES - HOUR, CLOSES - 20 * DAY, None),
    "a week before their own end": (LATE_UNTIL - 7 * DAY, CLOSES - 20 * DAY, Reminder.WEEK),
    "a day before their own end": (LATE_UNTIL - DAY, CLOSES - 20 * DAY, Reminder.LATE_DAY),
    "what would have come before the permission is not made up for": (LATE_UNTIL - HOUR, LATE_UNTIL - 2 * HOUR, None),
    "at their end": (LATE_UNTIL, CLOSES, None),
}


@pytest.mark.parametrize(("now", "permitted_at", "expected"), LATE.values(), ids=LATE)
def test_late_entry_has_reminders_of_its_own(now: datetime, permitted_at: datetime, expected: Reminder | None) -> None:
    window = Window(OPENS, CLOSES, LATE_UNTIL)
    assert find_due(window, now, known_at=LONG_BEFORE, permitted_at=permitted_at) is expected


CLOCKS = {
    "clocks go back in the week": ("2026-10-28T17:00", 7, "2026-10-21T17:00", 7 * 24 + 1),
    "clocks go forward in the week": ("2026-04-01T17:00", 7, "2026-03-25T17:00", 7 * 24 - 1),
    "clocks go back in the night before": ("2026-10-25T12:00", 1, "2026-10-24T12:00", 25),
    "clocks go forward in the night before": ("2026-03-29T12:00", 1, "2026-03-28T12:00", 23),
    "no change": ("2026-06-12T23:59", 7, "2026-06-05T23:59", 7 * 24),
    "a time that was there twice: the first": ("2026-10-26T01:30", 1, "2026-10-25T01:30", 25),
    "a time that was not there: an hour later on the wall": ("2026-03-30T01:30", 1, "2026-03-29T02:30", 23),
}


@pytest.mark.parametrize(("closes", "days", "expected", "hours"), CLOCKS.values(), ids=CLOCKS)
def test_a_day_and_a_week_are_counted_by_the_clock_on_the_wall(
    closes: str, days: int, expected: str, hours: int
) -> None:
    found = days_before(uk(closes), days)
    assert found == uk(expected)
    assert uk(closes) - found == timedelta(hours=hours)


PARTNERSHIP, ROUND, ORGANISATION, PERSON = (UUID(int=number) for number in range(1, 5))
KEYS = {
    "by the clock": (due_key(Reminder.LATE_DAY, ROUND, PERSON), "late-day"),
    "by a coordinator": (asked_key(PARTNERSHIP, ROUND, ORGANISATION, PERSON, OPENS.date()), "asked"),
    "by the centre, the first": (chased_key(ROUND, PERSON, None), "chased"),
    "by the centre, after another": (chased_key(ROUND, PERSON, CLOSES), "chased"),
}


@pytest.mark.parametrize(("key", "kind"), KEYS.values(), ids=KEYS)
def test_every_key_of_a_reminder_says_of_which_round_and_whose_it_is(key: str, kind: str) -> None:
    assert read_key(key, OPENS) == WrittenReminder(ROUND, PERSON, kind, OPENS)
    assert f":{ROUND}:" in key
    assert len(key) <= LONGEST_KEY
