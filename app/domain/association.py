"""Whether two things go together across partnerships: Spearman's rank correlation, and how sure that is.

It says that two orders are alike, or not, or that too few are there to tell. It never says that one is the cause of the
other.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import asin, atanh, copysign, floor, pi, sqrt, tanh
from statistics import NormalDist
from typing import Final, NamedTuple

from app.domain.errors import EnablersError

FEWEST: Final = 20
"""Pairs that it takes to say anything."""
NOTABLE: Final = 0.3
"""An association that is weaker than this, either way, is none to speak of."""
CONFIDENCE: Final = 0.95
_DEVIATIONS: Final = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
"""Standard errors to either side of an estimate that make its interval: 1.96."""

Pair = tuple[Fraction, Fraction]


class TooFewError(EnablersError):
    """There are too few pairs to say anything about them."""


class Verdict(StrEnum):
    """What can be said."""

    SHOWN = "association-shown"
    """The interval leaves 0 out."""
    NONE_SHOWN = "no-association-shown"
    """The interval has 0 in it, and is narrow enough to rule out what is notable."""
    TOO_FEW = "too-few-to-tell"
    UNDEFINED = "undefined"
    """One of the two is the same everywhere, so that it has no order."""


VERDICT_WORDS: Final[Mapping[Verdict, str]] = {
    Verdict.SHOWN: "The two go together. That one is the cause of the other is not said by this",
    Verdict.NONE_SHOWN: "No association is shown, and there are enough to rule out any but a weak one",
    Verdict.TOO_FEW: "There are too few to tell whether the two go together",
    Verdict.UNDEFINED: "One of the two is the same everywhere, so whether they go together cannot be said",
}
"""Each verdict as a sentence."""


class Interval(NamedTuple):
    """From where to where; 95 % of intervals made like this have the true value in them."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Association:
    """How two things go together."""

    count: int
    """Pairs."""
    rho: float | None
    """From −1, opposite orders, to 1, the same order; `None` where one of the two is the same everywhere."""
    interval: Interval | None
    """`None` without rho."""
    detectable: float
    """The smallest rho, either way, that so many pairs could have shown at 5 %."""
    verdict: Verdict


def associate(pairs: Sequence[Pair]) -> Association:
    """Say how the first of each pair goes together with the second; raises `TooFewError` under twenty pairs."""
    count = len(pairs)
    if count < FEWEST:
        raise TooFewError(f"Only {count} can be compared, and it takes {FEWEST} to say whether two things go together")
    rho = find_rho(pairs)
    interval = None if rho is None else find_interval(rho, count)
    return Association(count, rho, interval, find_detectable(count), judge(interval))


def find_rho(pairs: Sequence[Pair]) -> float | None:
    """Give Spearman’s rho: the correlation of ranks, equal values sharing the mean of theirs.

    All is exact until the last root. `None` where one of the two is the same in all pairs.
    """
    count = len(pairs)
    firsts, seconds = (_double_ranks([pair[side] for pair in pairs]) for side in (0, 1))
    total = sum(firsts)  # that of the other side is the same
    spread, other = (count * sum(rank * rank for rank in ranks) - total * total for ranks in (firsts, seconds))
    if not spread or not other:
        return None
    common = count * sum(first * second for first, second in zip(firsts, seconds, strict=True)) - total * total
    return copysign(sqrt(Fraction(common * common, spread * other)), common)


def _double_ranks(values: Sequence[Fraction]) -> list[int]:
    """Give the rank of each value, from the lowest, times two: so that a mean of ranks is whole."""
    ranks: dict[Fraction, int] = {}
    below = 0
    for value, times in sorted(Counter(values).items()):
        ranks[value] = 2 * below + times + 1
        below += times
    return [ranks[value] for value in values]


def find_interval(rho: float, count: int) -> Interval:
    """Give the 95 % interval of rho by Bonett and Wright (2000): z = atanh(rho) has the variance (1 + rho²/2)/(n − 3).

    Where all pairs are in one order, or in opposite ones, it is that point. `count` is at least 4.
    """
    if abs(rho) == 1:
        return Interval(rho, rho)
    reach = _DEVIATIONS * sqrt((1 + rho * rho / 2) / (count - 3))
    return Interval(tanh(atanh(rho) - reach), tanh(atanh(rho) + reach))


def judge(interval: Interval | None) -> Verdict:
    """Say what an interval shows."""
    if interval is None:
        return Verdict.UNDEFINED
    if interval.low > 0 or interval.high < 0:
        return Verdict.SHOWN
    if interval.low > -NOTABLE and interval.high < NOTABLE:
        return Verdict.NONE_SHOWN
    return Verdict.TOO_FEW


def find_fewest_for_none() -> int:
    """Give how many pairs it takes at least to say that none is shown: with fewer, an interval around 0 is too wide."""
    return floor((_DEVIATIONS / atanh(NOTABLE)) ** 2 + 3) + 1


def find_detectable(count: int) -> float:
    """Give the smallest rho, either way, that so many pairs could have shown at 5 %, two-sided. `count` is at least 3.

    It is t/√(n − 2 + t²), with t the value that Student’s t of n − 2 degrees of freedom passes, either way, in 5 % of
    cases. How often it stays under a rho has a closed form, which is searched by halving; no t is needed on the way.
    """
    low, high = 0.0, 1.0
    while low < (middle := (low + high) / 2) < high:
        if _find_share_within(middle, count - 2) < CONFIDENCE:
            low = middle
        else:
            high = middle
    return high


def _find_share_within(rho: float, freedom: int) -> float:
    """Give how often |t|/√(freedom + t²) is under a rho: Abramowitz and Stegun, 26.7.3 and 26.7.4, with sin θ = rho."""
    odd = freedom % 2
    rest = 1 - rho * rho
    term, total = 1.0, 0.0
    for step in range(1, freedom // 2 + 1):
        total += term
        term *= rest * (2 * step / (2 * step + 1) if odd else (2 * step - 1) / (2 * step))
    return 2 / pi * (asin(rho) + rho * sqrt(rest) * total) if odd else rho * total
