"""Reading files of indicators: each value in its cell, with every fault of the file."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from app.domain.indicators import (
    UNIT_OF,
    Cell,
    Value,
    find_id_fault,
    find_unit_fault,
    find_value_fault,
    find_year_fault,
    is_same_unit,
    tidy_unit,
    tidy_value,
)
from app.domain.values import in_quotes
from app.services.setting_up.references import Areas, FoundAreas
from app.services.setting_up.tables import Fault, Row, Table, read_table

COLUMNS: Final = ("area_code", "indicator", "year", "value", "unit")
SPELLINGS: Final[Mapping[str, str]] = {"area code": "area_code", "code": "area_code"}


class _Unit(NamedTuple):
    text: str
    line: int
    """Where it was first seen; 0 where it was known before."""


class _Year(NamedTuple):
    text: str
    line: int
    """Where it was first seen."""


class IndicatorFile:
    """What a file says, what is wrong with it, and what a person should know."""

    def __init__(self, table: Table, areas: Areas, units: Mapping[str, str], today: date) -> None:
        """Read every row. `units` are those of the indicators that are stored: indicator -> unit."""
        self.values: dict[Cell, Value] = {}
        self.faults: list[Fault] = list(table.faults)
        self._areas = areas
        self._today = today
        self._units = {indicator: _Unit(unit, 0) for indicator, unit in {**units, **UNIT_OF}.items()}
        self._years: dict[str, _Year] = {}
        self._lines: dict[Cell, int] = {}
        self._found: dict[str, FoundAreas] = {}
        for row in table.rows:
            self.faults += (Fault(row.line, text) for text in self._take(row))
        self.notes = tuple(dict.fromkeys(note for found in self._found.values() for note in found.notes))

    def _take(self, row: Row) -> tuple[str, ...]:
        """Keep the value of a row, or give everything that is wrong with it."""
        indicator = row.get("indicator").lower().replace(" ", "-")
        year, text, unit = row.get("year"), row.get("value"), tidy_unit(row.get("unit"))
        found = self._find_area(row.get("area_code"))
        faults = (
            *found.faults,
            find_id_fault(indicator),
            find_year_fault(year, self._today) or self._find_other_year(indicator, year, row.line),
            find_value_fault(indicator, text),
            find_unit_fault(unit) or self._find_other_unit(indicator, unit, row.line),
        )
        if any(faults):
            return tuple(filter(None, faults))
        cell = Cell(indicator, found.codes[0], int(year))
        value = Value(tidy_value(text), self._units[indicator].text)
        if self.values.setdefault(cell, value) != value:
            return (self._tell_twice(cell),)
        self._lines.setdefault(cell, row.line)
        return ()

    def _find_area(self, typed: str) -> FoundAreas:
        if typed not in self._found:
            self._found[typed] = self._areas.find_one(typed)
        return self._found[typed]

    def _find_other_unit(self, indicator: str, unit: str, line: int) -> str:
        known = self._units.setdefault(indicator, _Unit(unit, line))
        if is_same_unit(unit, known.text):
            return ""
        if indicator in UNIT_OF:
            return f"{indicator} is in {known.text}, not in {in_quotes(unit)}; bring the value into {known.text}"
        where = f"on line {known.line}" if known.line else "stored"
        return (
            f"the unit is {in_quotes(unit)}, and {in_quotes(known.text)} is {where}; "
            f"bring all values of {in_quotes(indicator)} into one unit, or name another indicator"
        )

    def _find_other_year(self, indicator: str, year: str, line: int) -> str:
        """Say which other year the file has the indicator of: what is added up over areas has to be of one."""
        known = self._years.setdefault(indicator, _Year(year, line))
        if year == known.text:
            return ""
        return (
            f"{in_quotes(indicator)} is of {year} here and of {known.text} on line {known.line}; figures of different "
            "years are not added up, so give each year of an indicator a file of its own"
        )

    def _tell_twice(self, cell: Cell) -> str:
        area = self._areas.describe(cell.area_code)
        return (
            f"{cell.indicator} of {area} in {cell.year} stands on line {self._lines[cell]} as well, with another "
            "value; keep one of the two, and where areas became one, the figure of all of it"
        )


def read_indicators(data: bytes) -> Table:
    """Read the rows of a file of indicators, before anything is known of areas and units."""
    return read_table(data, COLUMNS, spellings=SPELLINGS)
