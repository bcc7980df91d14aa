"""UK time as people type it -> moments in UTC. Twice a year an hour is missing, or there twice: that is explained."""

import re
from datetime import UTC, date, datetime, time
from typing import Final

from app.domain.errors import EnablersError
from app.domain.times import UK

EARLIEST_YEAR: Final = 1000
LATEST_YEAR: Final = 2100
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:[:.](\d{2}))?\s*(am|pm)?", re.ASCII)
_NAMED: Final = {"midnight": time(0), "midday": time(12), "noon": time(12)}
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
NOON: Final = 12


class UkTimeError(EnablersError):
    """A date or time that cannot be read, or that the clock change leaves out or repeats."""


def today(now: datetime) -> date:
    """Give the date that UK calendars show at a moment."""
    return now.astimezone(UK).date()


def parse_moment(text: str) -> datetime:
    """Read `2026-11-02 09:00` or `2/11/2026 5pm`, UK time, as a moment in UTC; raises `UkTimeError`."""
    day, _, clock = text.strip().replace("T", " ", 1).partition(" ")
    if not clock.strip():
        raise UkTimeError("Write date and time, such as 2026-11-02 09:00")
    return to_utc(parse_date(day), parse_time(clock))


def parse_date(text: str) -> date:
    """Read `2026-11-02` or `2/11/2026`; raises `UkTimeError`."""
    if found := _ISO.fullmatch(text.strip()):
        return make_date(found[3], found[2], found[1])
    if found := _BRITISH.fullmatch(text.strip()):
        return make_date(found[1], found[2], found[3])
    raise UkTimeError("Write the date as 2026-11-02 or 2/11/2026")


def make_date(day: str, month: str, year: str) -> date:
    """Put a date together of three typed numbers; raises `UkTimeError`."""
    numbers = [text.strip() for text in (day, month, year)]
    if not all(re.fullmatch(r"\d{1,4}", number, re.ASCII) for number in numbers):
        raise UkTimeError("The date needs a day, a month and a year in numbers, such as 2 11 2026")
    if not EARLIEST_YEAR <= int(numbers[2]) <= LATEST_YEAR:
        raise UkTimeError(f"The year must be between {EARLIEST_YEAR} and {LATEST_YEAR}, in four figures")
    try:
        return date(int(numbers[2]), int(numbers[1]), int(numbers[0]))
    except ValueError:
        raise UkTimeError("There is no such date; check the day and the month") from None


def parse_time(text: str) -> time:
    """Read `17:00`, `5:30pm`, `17:00:59`, `midday` or `midnight` (where the day begins); raises `UkTimeError`."""
    words = text.strip().lower()
    if words in _NAMED:
        return _NAMED[words]
    found = _CLOCK.fullmatch(words)
    if not found or (found[2] is None and found[4] is None):
        raise UkTimeError("Write the time as 17:00 or 5pm")
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    if found[4]:
        if not 1 <= hour <= NOON:
            raise UkTimeError("There is no such time; write it as 17:00 or 5pm")
        hour = hour % NOON + (NOON if found[4] == "pm" else 0)
    try:
        return time(hour, minute, second)
    except ValueError:
        raise UkTimeError("There is no such time; write it as 17:00 or 5pm") from None


def to_utc(day: date, clock: time) -> datetime:
    """Give the moment when UK clocks show a time; raises `UkTimeError` where they never do, or do twice."""
    first = datetime.combine(day, clock, UK)
    moment = first.astimezone(UTC)
    shown = f"{clock:%H:%M}"
    if moment.astimezone(UK).replace(tzinfo=None) != first.replace(tzinfo=None):
        raise UkTimeError(
            f"Clocks go forward that night, from 1am to 2am, so there is no {shown}. Choose one before 1am or from 2am"
        )
    if first.replace(fold=1).utcoffset() != first.utcoffset():
        raise UkTimeError(
            f"Clocks go back that night, from 2am to 1am, so {shown} comes twice. Choose one before 1am or from 2am"
        )
    return moment
