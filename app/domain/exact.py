"""Exact arithmetic that stays quick: many fractions as integers over one common denominator."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm
from typing import NamedTuple


class Integers(NamedTuple):
    """Exact numbers, and the same as integers: `exact[i] == whole[i] / denominator`."""

    exact: Sequence[Fraction]
    whole: Sequence[int]
    denominator: int


def over_common_denominator(numbers: Iterable[Fraction]) -> Integers:
    """Bring exact numbers over their least common denominator."""
    numbers = tuple(numbers)
    pairs = [number.as_integer_ratio() for number in numbers]
    denominator = lcm(*(lower for _, lower in pairs))
    return Integers(numbers, [upper * (denominator // lower) for upper, lower in pairs], denominator)


def mean(numbers: Iterable[Fraction]) -> Fraction:
    """Give the exact mean of at least one number."""
    _, whole, denominator = over_common_denominator(numbers)
    return Fraction(sum(whole), denominator * len(whole))


def percentage(part: int, whole: int) -> Fraction | None:
    """Give 100 × part / whole, or `None` where the whole is zero."""
    return Fraction(100 * part, whole) if whole else None


def exact_text(number: Fraction | None) -> str | None:
    """Give the canonical text of an exact number: `41`, or `100/3` in lowest terms."""
    return None if number is None else str(number)
