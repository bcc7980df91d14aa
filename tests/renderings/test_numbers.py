from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.renderings.numbers import as_digits, as_number, in_full, pencil, pencil_all, rounds_alike, shown, to_places
from tests.domain.strategies import law
from tests.renderings.reading import rounded

NUMBERS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**7)
DECIMALS = st.decimals(min_value=-1000, max_value=1000, places=5).map(Fraction)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("2.95", "3.0"),
        ("40.96875", "41.0"),
        ("-56.25", "−56.3"),
        ("40", "40.0"),
        ("0", "0.0"),
        ("-0.04", "0.0"),
        ("-0.05", "−0.1"),
        ("0.05", "0.1"),
        ("0.04999999999999999999999", "0.0"),
        ("99.95", "100.0"),
        ("1/3", "0.3"),
        ("123456789012345678901234567890.25", "123456789012345678901234567890.3"),
    ],
)
def test_people_see_one_decimal_halves_away_from_zero(number: str, text: str) -> None:
    assert shown(Fraction(number)) == text


@law(200)
@given(number=NUMBERS | DECIMALS, places=st.integers(0, 6))
def test_rounding_agrees_with_the_decimal_module(number: Fraction, places: int) -> None:
    assert to_places(number, places) == rounded(number, places)


@law(200)
@given(number=NUMBERS | DECIMALS)
def test_a_json_number_prints_as_its_four_decimals(number: Fraction) -> None:
    assert Decimal(repr(as_number(number))) == rounded(number, 4)


@law(200)
@given(number=NUMBERS | DECIMALS)
def test_digits_in_a_file_are_the_four_decimals_without_idle_zeros(number: Fraction) -> None:
    text = as_digits(number)
    assert Decimal(text) == rounded(number, 4)
    assert "e" not in text.lower()
    assert "." not in text or not text.endswith(("0", "."))
    assert text != "-0"


def test_a_float_with_an_exponent_is_never_written_into_a_file() -> None:
    assert as_digits(Fraction(1, 10**4)) == "0.0001"
    assert as_digits(Fraction(10**20)) == "100000000000000000000"


@pytest.mark.parametrize(
    ("number", "text"),
    [("25", "25"), ("62.25", "62.25"), ("100/3", "≈ 33.3333"), ("200/3", "≈ 66.6667"), ("-1/3", "≈ −0.3333")],
)
def test_a_pencil_writes_in_full_or_says_about(number: str, text: str) -> None:
    assert pencil(Fraction(number)) == text


def test_a_pencil_writes_more_decimals_where_four_would_mislead() -> None:
    number = Fraction("2.9499999") + Fraction(1, 3 * 10**9)
    assert pencil(number) == "≈ 2.9500"
    assert pencil(number, rounds_alike(number)) == "≈ 2.94999990"[:-1]


def test_weights_are_written_as_the_file_has_them() -> None:
    assert in_full(Fraction("0.123456789")) == "0.123456789"
    assert in_full(Fraction(1_000_000)) == "1000000"


def test_numbers_of_one_sum_are_written_with_the_same_care() -> None:
    numbers = [Fraction(1, 3), Fraction(1, 2)]
    assert pencil_all(numbers, lambda written: abs(written[0] - numbers[0]) < Fraction(1, 10**6)) == (
        "≈ 0.333333",
        "0.5",
    )


def test_thirds_at_the_edge_of_a_rounding_are_written_as_a_division() -> None:
    third, edge = Fraction(125, 6), Fraction(125, 4)  # 20.8333… × 1.5 is 31.25, which shows as 31.3

    def leads_there(written: Fraction) -> bool:
        return shown(written * Fraction(3, 2)) == shown(edge)

    assert pencil(third, leads_there) == "(125 ÷ 6)"
