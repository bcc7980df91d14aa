"""When things happened in the demonstration: the rounds, and when people sat down to answer. UK time."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

UK: Final = ZoneInfo("Europe/London")
SEASONS: Final = ("Winter", "Spring", "Summer", "Autumn")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
RELEASED_AFTER: Final = timedelta(days=30)
"""How long after the close what all partnerships said together is published."""
APRIL: Final = 4
SATURDAY: Final = 5
MARGIN: Final = timedelta(hours=4)
"""Nobody sits down later than this before the end: the longest sitting is shorter."""


@dataclass(frozen=True, slots=True)
class RoundPlan:
    key: str
    title: str
    opens_at: datetime
    closes_at: datetime


def plan_rounds(now: datetime) -> tuple[RoundPlan, RoundPlan]:
    """Plan the closed round and the open one."""
    today = now.astimezone(UK).date()
    return (
        _plan("closed", today - timedelta(days=215), today - timedelta(days=165)),
        _plan("open", today - timedelta(days=21), today + timedelta(days=35)),
    )


def plan_earlier(now: datetime) -> RoundPlan:
    """Plan the round before the closed one, in which fewer took part."""
    today = now.astimezone(UK).date()
    return _plan("earlier", today - timedelta(days=420), today - timedelta(days=370))


def plan_departments(now: datetime) -> RoundPlan:
    """Plan the round of the departments, which closed shortly after the closed one and before its release."""
    today = now.astimezone(UK).date()
    plan = _plan("departments", today - timedelta(days=205), today - timedelta(days=155))
    return replace(plan, title=f"Departments, {plan.title[0].lower()}{plan.title[1:]}")


def plan_draft(now: datetime) -> RoundPlan:
    """Plan the round after those, which nobody has confirmed yet."""
    today = now.astimezone(UK).date()
    return _plan("draft", today + timedelta(days=98), today + timedelta(days=147))


def plan_sittings(chance: Random, opens_at: datetime, end: datetime, answers: int) -> list[datetime]:
    """Say when each answer was given: one to three sittings in working hours, the answers a minute or two apart."""
    spans = sorted(chance.random() for _ in range(chance.choices((1, 2, 3), (5, 3, 2))[0]))
    starts = [_into_working_hours(chance, opens_at + (end - MARGIN - opens_at) * span) for span in spans]
    breaks = sorted(chance.randrange(answers + 1) for _ in starts[1:])
    times: list[datetime] = []
    cursor = opens_at
    for number in range(answers):
        sitting = sum(number >= place for place in breaks)
        cursor = max(cursor, starts[sitting], opens_at) + timedelta(seconds=chance.randint(25, 150))
        times.append(cursor)
    return times


def past_month(chance: Random, at: datetime) -> str:
    """Name a month some time before."""
    return MONTHS[(at.month - 1 - chance.randint(1, 8)) % 12]


def coming_month(chance: Random, at: datetime) -> str:
    """Name a month soon after."""
    return MONTHS[(at.month - 1 + chance.randint(1, 5)) % 12]


def financial_year(at: datetime, ahead: int = 0) -> str:
    """Name the financial year, April to March: `2026/27`."""
    year = at.year - (at.month < APRIL) + ahead
    return f"{year}/{(year + 1) % 100:02d}"


def _plan(key: str, opens: date, closes: date) -> RoundPlan:
    middle = opens + (closes - opens) / 2
    # December belongs to the winter of the year it leads to, so that no two rounds within a year share a title.
    title = f"{SEASONS[middle.month % 12 // 3]} round {middle.year + middle.month // 12}"
    return RoundPlan(key, title, _at(opens, time(9)), _at(closes, time(23, 59)))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, UK).astimezone(UTC)


def _into_working_hours(chance: Random, moment: datetime) -> datetime:
    """Move a moment back to the last working hour."""
    local = moment.astimezone(UK)
    latest = time(chance.randint(14, 16), chance.randrange(60))
    if local.hour < 9:  # noqa: PLR2004 - nine o’clock
        local = datetime.combine(local.date() - timedelta(days=1), latest, UK)
    elif local.time() > latest:
        local = datetime.combine(local.date(), latest, UK)
    if local.weekday() >= SATURDAY:
        local = datetime.combine(local.date() - timedelta(days=local.weekday() - SATURDAY + 1), latest, UK)
    return local.astimezone(UTC)
