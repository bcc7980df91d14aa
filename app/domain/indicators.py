"""Indicators: figures about areas that come from elsewhere, such as population, deprivation or spending.

A value is the decimal as it was written, and is kept as text, so that no figure is rounded on the way.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from app.domain.organisations import fold_name, tidy_name
from app.domain.values import in_quotes, is_id, one_line

POPULATION: Final = "population"
DEPRIVATION: Final = "deprivation"
SPEND: Final = "spend"
UNIT_OF: Final[Mapping[str, str]] = {POPULATION: "people", DEPRIVATION: "score", SPEND: "pounds"}
"""The indicators whose meaning is known here -> what each is measured in."""

EARLIEST_YEAR: Final = 1990
MOST_DIGITS: Final = 20
LONGEST_UNIT: Final = 80
"""Characters."""
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_WITH_COMMAS = re.compile(r"-?[0-9,]+(\.[0-9,]*)?", re.ASCII)


class Cell(NamedTuple):
    """Where a value belongs."""

    indicator: str
    area_code: str
    year: int


class Value(NamedTuple):
    """A value as it is kept, and what it is measured in."""

    number: str
    """A decimal in its shortest form: `1234.5`."""
    unit: str


class Figure(NamedTuple):
    """An exact value, and the year it is of."""

    year: int
    value: Fraction


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is known of one indicator today: all in one unit, of each area the newest year alone."""

    id: str
    unit: str
    figures: Mapping[str, Figure]
    """Area code -> its newest figure."""


@dataclass(frozen=True, slots=True)
class IndicatorSummary:
    """How much there is of one indicator."""

    id: str
    unit: str
    areas: int
    first_year: int
    last_year: int


class IndicatorYear(NamedTuple):
    """How much there is of one indicator in one year."""

    id: str
    unit: str
    year: int
    areas: int


def find_id_fault(indicator: str) -> str:
    """Say what is wrong with the id of an indicator; empty where nothing is."""
    if is_id(indicator):
        return ""
    return (
        f"the indicator {in_quotes(indicator)} cannot be used; write small letters, figures and hyphens, such as spend"
    )


def find_year_fault(text: str, today: date) -> str:
    """Say what is wrong with a year, from 1990 to the next one; empty where nothing is."""
    last = today.year + 1
    if _YEAR.fullmatch(text) and EARLIEST_YEAR <= int(text) <= last:
        return ""
    known = f"a year from {EARLIEST_YEAR} to {last}"
    return f"{in_quotes(text)} is not {known}; write four figures, such as {today.year}"


def find_value_fault(indicator: str, text: str) -> str:
    """Say what is wrong with a value; empty where nothing is."""
    if not text:
        return "the value is missing; write it, or leave the row out where it is not known"
    if "," in text and _WITH_COMMAS.fullmatch(text):
        return f"the value {in_quotes(text)} has a comma; write no sign between thousands, and a point before decimals"
    if not _NUMBER.fullmatch(text):
        return f"the value {in_quotes(text)} is no number; write figures alone, and a point before decimals"
    if sum(character.isdigit() for character in text) > MOST_DIGITS:
        return f"the value {in_quotes(text)} has more than {MOST_DIGITS} figures; round it"
    if indicator == POPULATION and Fraction(text) <= 0:
        return f"the value {in_quotes(text)} is no population; write how many people live there"
    return ""


def tidy_value(text: str) -> str:
    """Give a value without fault as it is kept: without zeros that say nothing, so that equal ones look alike."""
    number = f"{Decimal(text):f}"
    if "." in number:
        number = number.rstrip("0").removesuffix(".")
    return "0" if number == "-0" else number


def tidy_unit(text: str) -> str:
    """Give a unit as it is kept."""
    return tidy_name(text)


def find_unit_fault(unit: str) -> str:
    """Say what is wrong with a unit that was tidied; empty where nothing is."""
    if not unit:
        return "the unit is missing; say what is counted or measured, such as people or pounds"
    if len(unit) > LONGEST_UNIT:
        return f"the unit is longer than {LONGEST_UNIT} characters; shorten it"
    if one_line(unit) != unit:
        return "the unit has characters that cannot be shown; type it again"
    return ""


def is_same_unit(one: str, other: str) -> bool:
    """Say whether two units are one, whatever their letter case and spaces."""
    return fold_name(one) == fold_name(other)


def take_newest(values: Iterable[tuple[Cell, Value]]) -> dict[str, Indicator]:
    """Give each indicator with the newest figure of every area: id -> indicator."""
    units: dict[str, str] = {}
    newest: dict[str, dict[str, Figure]] = {}
    for cell, value in values:
        units.setdefault(cell.indicator, value.unit)
        figures = newest.setdefault(cell.indicator, {})
        if cell.area_code not in figures or figures[cell.area_code].year < cell.year:
            figures[cell.area_code] = Figure(cell.year, Fraction(value.number))
    return {indicator: Indicator(indicator, unit, newest[indicator]) for indicator, unit in units.items()}
