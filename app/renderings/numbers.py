"""Exact numbers -> text. Each surface rounds once, from the exact number: half-up, half away from zero, in integers."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Final

SHOWN_PLACES: Final = 1
"""Decimals on pages, in text and PDF."""
DATA_PLACES: Final = 4
"""Decimals in JSON, CSV and sheets, and in the workings unless more are needed."""
_DATA_SCALE: Final = 10**DATA_PLACES
MOST_PLACES: Final = 15
MINUS: Final = "−"
ABOUT: Final = "≈ "


def round_half_up(number: Fraction, places: int) -> int:
    """Give the number of units of 10^−places nearest to `number`, halves away from zero."""
    upper, lower = number.as_integer_ratio()
    scale: int = 10**places
    return _divide_half_up(upper * scale, lower)


def _divide_half_up(upper: int, lower: int) -> int:
    magnitude = (2 * abs(upper) + lower) // (2 * lower)
    return -magnitude if upper < 0 else magnitude


def to_places(number: Fraction, places: int) -> Decimal:
    """Round an exact number to so many decimals. Nothing is ever −0."""
    units = round_half_up(number, places)
    digits = tuple(int(digit) for digit in str(abs(units)))
    return Decimal((int(units < 0), digits, -places))  # built, not computed: no context can round it again


def shown(number: Fraction) -> str:
    """Write a number for people: one decimal, and a minus sign that is one. 40 is 40.0."""
    return _typographic(f"{to_places(number, SHOWN_PLACES):f}")


def shown_percent(number: Fraction) -> str:
    """Write a percentage for people: 83.3%."""
    return f"{shown(number)}%"


def as_number(number: Fraction) -> float:
    """Give a number for JSON: four decimals, which a float of this size carries unchanged."""
    upper, lower = number.as_integer_ratio()
    if lower == 1:
        return float(upper)
    return _divide_half_up(upper * _DATA_SCALE, lower) / _DATA_SCALE  # integers divide to the nearest float


def as_digits(number: Fraction) -> str:
    """Write a number for a data file: at most four decimals, no zeros at the end, a point, no exponent."""
    return _minimal(to_places(number, DATA_PLACES))


def is_exact(number: Fraction, places: int) -> bool:
    """Say whether so many decimals hold the whole number."""
    scale: int = 10**places
    return scale % number.denominator == 0


def pencil(number: Fraction, good_enough: Callable[[Fraction], bool] | None = None) -> str:
    """Write a number for a calculation on paper: in full where four decimals hold it, else with ≈.

    More decimals are written until what is written is `good_enough`: it must lead to the same end as the exact number.
    """
    return pencil_all([number], None if good_enough is None else lambda written: good_enough(written[0]))[0]


def pencil_all(
    numbers: Sequence[Fraction], good_enough: Callable[[Sequence[Fraction]], bool] | None = None
) -> tuple[str, ...]:
    """Write numbers that are calculated with together, as `pencil` does one.

    Where no decimals will do, as when thirds add up to the very edge of a rounding, they are written as divisions.
    """
    for places in range(DATA_PLACES, MOST_PLACES + 1):
        written = [to_places(number, places) for number in numbers]
        if good_enough is None or good_enough([Fraction(number) for number in written]):
            return tuple(
                _typographic(_minimal(text) if is_exact(number, places) else f"{ABOUT}{text:f}")
                for number, text in zip(numbers, written, strict=True)
            )
    return tuple(_as_division(number) for number in numbers)


def in_full(number: Fraction) -> str:
    """Write a number as the file has it: a weight or a bound."""
    return pencil(number, lambda written: written == number)


def bare(written: str) -> str:
    """Take the ≈ off a number that stands inside a calculation, where it would be read as part of the sum."""
    return written.removeprefix(ABOUT)


def rounds_alike(exact: Fraction) -> Callable[[Fraction], bool]:
    """Make the test for `pencil`: rounding what is written shows the same as rounding the exact number."""
    return lambda written: shown(written) == shown(exact)


def _as_division(number: Fraction) -> str:
    if is_exact(number, MOST_PLACES):
        return _typographic(_minimal(to_places(number, MOST_PLACES)))
    return _typographic(f"({number.numerator} ÷ {number.denominator})")


def _minimal(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _typographic(text: str) -> str:
    return text.replace("-", MINUS)
