"""Is it all about the money? What a release tells of scores against spending per head, and how that is rounded.

Partnerships are cut into groups of as many each by what is spent for a person there, so that means of groups are shown
and never a point for a partnership; and the order of scores is compared with the order of spending, as one number for
each enabler. Everything said of that number is worked out from it as it is rounded, so that no more is told.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Any, Final

from app.domain.association import Verdict, find_detectable, find_interval, judge
from app.domain.footprints import PerHead, YearsApart

MOST_GROUPS: Final = 5
FEWEST_GROUPS: Final = 2
STEP: Final = 50
"""Pounds that borders between groups are rounded to."""
_OF: Final = "-of-"


class Refusal(StrEnum):
    """Why nothing is said of an enabler."""

    TOO_FEW = "too-few"
    """Fewer have both than it takes, beside those that any one organisation or person knows."""
    SAME_SPEND = "same-spend"
    """As much is spent for each person everywhere, so that there is no order."""
    WITHHELD = "withheld"
    """With the other figures, somebody's own score could be narrowed, or that could not be ruled out."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the scores of an enabler go together with spending. All of it follows from the count and rho."""

    count: int
    """Partnerships with a score and a figure of spending."""
    rho: float
    """To two decimals."""
    low: float
    """The 95 % interval, to two decimals."""
    high: float
    detectable: float
    """The weakest rho, either way, that so many could have shown; to three decimals."""
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Money:
    """What a release tells of scores against spending."""

    year: int | None
    """That the spending is of; `None` where none is known."""
    left_out: int | None
    """Partnerships without a figure of that year; `None` for some, but too few to say how many."""
    borders: tuple[int, ...]
    """Pounds for each person between one group and the next, rounded; none where no group is shown."""
    enablers: Mapping[str, Comparison | Refusal]


def compare(count: int, hundredths: int) -> Comparison:
    """Say what follows from rho in hundredths, and the number of pairs. It is at least 20."""
    rho = hundredths / 100
    interval = find_interval(rho, count)
    low, high = (round_to_hundredths(each) / 100 for each in interval)
    return Comparison(count, rho, low, high, round(find_detectable(count), 3), judge(interval))


def round_to_hundredths(number: float) -> int:
    """Round half away from zero, so that opposite orders read alike."""
    return floor(abs(number) * 100 + 0.5) * (1 if number > 0 else -1)


# ---- Spending --------------------------------------------------------------------------------------------------------


def choose_year(spends: Iterable[PerHead | YearsApart | None]) -> int | None:
    """Choose the year that most figures are of, the newest of several: those of other years are not compared."""
    years = Counter(each.year for each in spends if isinstance(each, PerHead))
    return max(years, key=lambda year: (years[year], year)) if years else None


def find_spend(spend: PerHead | YearsApart | None, year: int | None) -> Fraction | None:
    """Give what is spent for each person, where that is known of the year."""
    return spend.value if isinstance(spend, PerHead) and spend.year == year else None


def find_borders(spends: Sequence[Fraction], groups: int) -> tuple[Fraction, ...]:
    """Cut amounts into so many groups of as many each, and give the borders, rising.

    Each is halfway between the last of one group and the first of the next. Equal amounts are in one group, the one
    before; where that leaves a group empty, there are fewer.
    """
    ordered = sorted(spends)
    borders = []
    for group in range(1, groups):
        last = ordered[len(ordered) * group // groups - 1]
        above = [each for each in ordered if each > last]
        if above:
            borders.append((last + above[0]) / 2)
    return tuple(sorted(set(borders)))


def place_in(borders: Sequence[Fraction], spend: Fraction) -> int:
    """Give the place of the group of an amount, from 0."""
    return sum(spend > border for border in borders)


def round_border(border: Fraction) -> int:
    """Round a border as it is published."""
    return floor(border / STEP + Fraction(1, 2)) * STEP


def name_groups(borders: Sequence[Fraction]) -> tuple[str, ...]:
    """Give the categories of the cut, from the least spent: `1-of-3`."""
    groups = len(borders) + 1
    return tuple(f"{place}{_OF}{groups}" for place in range(1, groups + 1))


def read_group(category: str) -> tuple[int, int]:
    """Read a category: which group from 1, and of how many."""
    place, _, groups = category.partition(_OF)
    return int(place), int(groups)


# ---- As JSON ---------------------------------------------------------------------------------------------------------


def write_money(money: Money) -> dict[str, Any]:
    """Give it as JSON values."""
    return {
        "year": money.year,
        "left_out": money.left_out,
        "borders": list(money.borders),
        "enablers": {
            enabler: {"refused": found.value}
            if isinstance(found, Refusal)
            else {
                "count": found.count,
                "rho": found.rho,
                "interval": [found.low, found.high],
                "detectable": found.detectable,
                "verdict": found.verdict.value,
            }
            for enabler, found in money.enablers.items()
        },
    }


def read_money(values: Mapping[str, Any]) -> Money:
    """Read what `write_money` gives."""
    return Money(
        year=values["year"],
        left_out=values["left_out"],
        borders=tuple(values["borders"]),
        enablers={enabler: _read_comparison(found) for enabler, found in values["enablers"].items()},
    )


def _read_comparison(values: Mapping[str, Any]) -> Comparison | Refusal:
    if "refused" in values:
        return Refusal(values["refused"])
    low, high = values["interval"]
    return Comparison(values["count"], values["rho"], low, high, values["detectable"], Verdict(values["verdict"]))
