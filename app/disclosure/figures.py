"""The figures of a cell, as they are published: rounded, and only those that its size and its numbers allow."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from math import floor
from typing import Final

from app.disclosure.problem import Detail, Rules
from app.domain.releases import CellFigures

QUARTERS: Final = (Fraction(1, 4), Fraction(1, 2), Fraction(3, 4))
HALF: Final = Fraction(1, 2)


def publish(scores: Sequence[Fraction], bands: Sequence[str], detail: Detail, rules: Rules) -> CellFigures | None:
    """Give the figures of a cell as far as its detail goes; `None` where it is withheld.

    All are rounded half up from the exact ones: the mean to whole points, quartiles to the step of the rules. Bands
    leave zeros out.
    """
    if detail is Detail.WITHHELD:
        return None
    return CellFigures(
        count=len(scores),
        mean=floor(sum(scores, Fraction(0)) / len(scores) + HALF),
        quartiles=publish_quartiles(scores, detail, rules.quartile_step),
        bands=dict(sorted(Counter(bands).items())) if detail >= Detail.BANDS else None,
    )


def publish_quartiles(
    scores: Sequence[Fraction], detail: Detail, step: int
) -> tuple[int | None, int | None, int | None]:
    """Give the quartiles that a detail allows, rounded to the step."""
    if detail < Detail.STEADY_QUARTILES:
        return None, None, None
    ordered = sorted(scores)
    if detail is Detail.QUARTILES:
        lower, median, upper = (_round_to(find_quartile(ordered, quarter), step) for quarter in QUARTERS)
        return lower, median, upper
    steady = (_publish_if_steady(ordered, quarter, step) for quarter in QUARTERS)
    return next(steady), next(steady), next(steady)


def _publish_if_steady(ordered: Sequence[Fraction], quarter: Fraction, step: int) -> int | None:
    """Give a quartile that reads the same whatever any single contributor had scored.

    When one score moves, the number at a place of the order becomes at most the next one, at least the one before.
    """
    place = (len(ordered) - 1) * quarter
    at = floor(place)
    read = {
        _round_to(find_between(ordered, at + shift, place - at), step)
        for shift in (-1, 0, 1)
        if at + shift >= 0 and at + shift + (place > at) < len(ordered)
    }
    return read.pop() if len(read) == 1 else None


def find_between(ordered: Sequence[Fraction], place: int, share: Fraction) -> Fraction:
    """Give the number a share of the way from a place in the order to the next: linear interpolation."""
    return ordered[place] + (ordered[place + 1] - ordered[place]) * share if share else ordered[place]


def find_quartile(ordered: Sequence[Fraction], quarter: Fraction) -> Fraction:
    """Give an exact quartile of numbers in order by the inclusive method, at position (n − 1)p."""
    place = (len(ordered) - 1) * quarter
    return find_between(ordered, floor(place), place - floor(place))


def _round_to(number: Fraction, step: int) -> int:
    return floor(number / step + HALF) * step
