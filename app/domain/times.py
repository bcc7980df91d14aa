"""UK time: the words people read it in, and steps by the clock on the wall."""

from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

UK: Final = ZoneInfo("Europe/London")


def date_words(moment: datetime) -> str:
    """Such as `3 April 2026`."""
    local = moment.astimezone(UK)
    return f"{local.day} {local:%B %Y}"


def day_words(day: date) -> str:
    """Such as `3 April 2026`."""
    return f"{day.day} {day:%B %Y}"


def time_words(moment: datetime) -> str:
    """Such as `9:05pm`, `midday` or `midnight`."""
    local = moment.astimezone(UK)
    if local.minute == 0 and local.hour in {0, 12}:
        return "midnight" if local.hour == 0 else "midday"
    minutes = f":{local:%M}" if local.minute else ""
    return f"{local.hour % 12 or 12}{minutes}{'am' if local.hour < 12 else 'pm'}"  # noqa: PLR2004 - noon


def moment_words(moment: datetime) -> str:
    """Such as `9:05pm on 3 April 2026`."""
    return f"{time_words(moment)} on {date_words(moment)}"


def days_before(moment: datetime, days: int) -> datetime:
    """Give the moment when UK clocks showed the same time some days before, in UTC.

    Of a time that there was twice that night it is the first; for one that there was not, the moment an hour later.
    """
    earlier = moment.astimezone(UK).replace(tzinfo=None) - timedelta(days=days)
    return earlier.replace(tzinfo=UK).astimezone(UTC)
