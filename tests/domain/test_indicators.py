"""Figures about areas: what can be read, how it is kept, and which is the newest."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.indicators import (
    MOST_DIGITS,
    Cell,
    Figure,
    Value,
    find_id_fault,
    find_unit_fault,
    find_value_fault,
    find_year_fault,
    is_same_unit,
    take_newest,
    tidy_unit,
    tidy_value,
)
from tests.domain.strategies import law

TODAY = date(2026, 11, 2)
KEPT = {
    "0": "0",
    "-0.00": "0",
    "7": "7",
    "007": "7",
    "-12": "-12",
    "1234.50": "1234.5",
    "100": "100",
    "100.000": "100",
    "0.1": "0.1",
    "-00.10": "-0.1",
    "9" * MOST_DIGITS: "9" * MOST_DIGITS,
    "-0." + "1" * (MOST_DIGITS - 1): "-0." + "1" * (MOST_DIGITS - 1),
}
REFUSED = {
    "": "missing",
    "1,234": "comma",
    "1.234,5": "comma",
    "-1,5": "comma",
    "1 234": "no number",
    "£5": "no number",
    "5%": "no number",
    "+5": "no number",
    "--5": "no number",
    ".5": "no number",
    "5.": "no number",
    "1.2.3": "no number",
    "1e5": "no number",
    "1E+999999999": "no number",
    "NaN": "no number",
    "Infinity": "no number",
    "-inf": "no number",
    "0x10": "no number",
    "1_000": "no number",
    "½": "no number",
    "\N{ARABIC-INDIC DIGIT ONE}": "no number",
    "\N{MINUS SIGN}5": "no number",
    "5\n": "no number",
    "1" * (MOST_DIGITS + 1): "more than 20 figures",
    "0." + "0" * MOST_DIGITS: "more than 20 figures",
}


@pytest.mark.parametrize("text", KEPT)
def test_a_value_is_kept_exactly_in_its_shortest_form(text: str) -> None:
    assert find_value_fault("spend", text) == ""
    assert tidy_value(text) == KEPT[text]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_plain_decimal_is_refused_with_the_reason(text: str) -> None:
    assert REFUSED[text] in find_value_fault("spend", text)


@pytest.mark.parametrize(("text", "fault"), [("0", True), ("-5", True), ("0.0", True), ("0.5", False), ("1", False)])
def test_a_population_is_more_than_nobody(text: str, *, fault: bool) -> None:
    assert bool(find_value_fault("population", text)) is fault
    assert find_value_fault("net-migration", text) == ""


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**15), max_value=10**15))
@law()
def test_no_value_is_another_once_it_is_kept(number: Decimal) -> None:
    written = f"{number:f}"
    kept = tidy_value(written)
    assert Fraction(kept) == Fraction(number)
    assert tidy_value(kept) == kept
    assert tidy_value(f"{number:.6f}") == kept
    assert find_value_fault("spend", kept) == ""


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1990", False),
        ("2026", False),
        ("2027", False),
        ("1989", True),
        ("2028", True),
        ("24", True),
        ("02024", True),
        ("2023/24", True),
        ("2024.0", True),
        ("2024\n", True),
        ("\N{ARABIC-INDIC DIGIT TWO}024", True),
        ("", True),
    ],
)
def test_a_year_lies_between_1990_and_the_next(text: str, *, fault: bool) -> None:
    assert bool(find_year_fault(text, TODAY)) is fault


@pytest.mark.parametrize("text", ["", "Spend", "spend per head", "-spend", "a" * 81, "spend\n"])
def test_an_indicator_is_named_by_a_slug(text: str) -> None:
    assert "cannot be used" in find_id_fault(text)
    assert find_id_fault("spend-on-children-2") == ""


@pytest.mark.parametrize(
    ("text", "said"), [("", "missing"), ("x" * 81, "longer"), ("a\u202eb", "cannot be shown"), ("£ a head", "")]
)
def test_a_unit_is_words(text: str, said: str) -> None:
    fault = find_unit_fault(tidy_unit(text))
    assert said in fault
    assert bool(fault) is bool(said)


def test_units_are_compared_without_regard_to_letter_case_and_spaces() -> None:
    assert is_same_unit("£ a head", "£  A Head ")
    assert not is_same_unit("people", "persons")


def test_the_newest_figure_of_each_area_is_taken() -> None:
    values = {
        Cell("spend", "A", 2023): Value("1", "pounds"),
        Cell("spend", "A", 2024): Value("2.5", "pounds"),
        Cell("spend", "B", 2022): Value("3", "pounds"),
        Cell("population", "A", 2020): Value("10", "people"),
    }
    for order in (list(values.items()), list(reversed(values.items()))):
        newest = take_newest(order)
        assert newest["spend"].figures == {"A": Figure(2024, Fraction(5, 2)), "B": Figure(2022, Fraction(3))}
        assert (newest["spend"].unit, newest["population"].unit) == ("pounds", "people")
