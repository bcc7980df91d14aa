"""Indicators: figures about areas. That each has one unit is the business of whoever adds to it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from sqlalchemy import and_, delete, distinct, func, select, update
from sqlalchemy.orm import Session

from app.domain.indicators import Cell, Indicator, IndicatorSummary, IndicatorYear, Value, take_newest
from app.store.bulk import CHUNK
from app.store.database import insert_if_absent
from app.store.models import IndicatorValue

_CELL: Final = (IndicatorValue.indicator, IndicatorValue.area_code, IndicatorValue.year)


def list_units(session: Session) -> dict[str, str]:
    """List what every indicator is measured in: indicator -> unit. One statement."""
    rows = session.execute(
        select(IndicatorValue.indicator, func.min(IndicatorValue.unit)).group_by(IndicatorValue.indicator)
    )
    return dict(rows.all())


def lock_values(session: Session, indicators: Collection[str]) -> dict[Cell, Value]:
    """List all values of these indicators, of every area and year. Nobody changes or removes them until the commit.

    One statement for each two thousand indicators; the values are held in the order of their cells.
    """
    asked = sorted(indicators)
    found: dict[Cell, Value] = {}
    for start in range(0, len(asked), CHUNK):
        rows = session.execute(
            select(*_CELL, IndicatorValue.value, IndicatorValue.unit)
            .where(IndicatorValue.indicator.in_(asked[start : start + CHUNK]))
            .order_by(*_CELL)
            .with_for_update()
        )
        found |= {Cell(indicator, code, year): Value(value, unit) for indicator, code, year, value, unit in rows}
    return found


def list_newest(session: Session) -> dict[str, Indicator]:
    """List every indicator with the newest figure of each area: indicator -> figures. One statement."""
    newest = (
        select(IndicatorValue.indicator, IndicatorValue.area_code, func.max(IndicatorValue.year).label("year"))
        .group_by(IndicatorValue.indicator, IndicatorValue.area_code)
        .subquery()
    )
    rows = session.execute(
        select(*_CELL, IndicatorValue.value, IndicatorValue.unit)
        .join(
            newest,
            and_(
                newest.c.indicator == IndicatorValue.indicator,
                newest.c.area_code == IndicatorValue.area_code,
                newest.c.year == IndicatorValue.year,
            ),
        )
        .order_by(*_CELL)
    )
    return take_newest((Cell(indicator, code, year), Value(value, unit)) for indicator, code, year, value, unit in rows)


def search_indicators(
    session: Session, words: str, offset: int, limit: int
) -> tuple[tuple[IndicatorSummary, ...], int]:
    """Give one page of the indicators whose id has these words, by id, and how many there are in all."""
    found = IndicatorValue.indicator.contains(words.lower(), autoescape=True)
    total = session.scalar(select(func.count(distinct(IndicatorValue.indicator))).where(found)) or 0
    rows = session.execute(
        select(
            IndicatorValue.indicator,
            func.min(IndicatorValue.unit),
            func.count(distinct(IndicatorValue.area_code)),
            func.min(IndicatorValue.year),
            func.max(IndicatorValue.year),
        )
        .where(found)
        .group_by(IndicatorValue.indicator)
        .order_by(IndicatorValue.indicator)
        .offset(offset)
        .limit(limit)
    )
    return tuple(IndicatorSummary(*row) for row in rows), total


def list_years(session: Session, indicator: str) -> tuple[IndicatorYear, ...]:
    """List the years of an indicator, the newest first. One statement."""
    rows = session.execute(
        select(
            IndicatorValue.indicator,
            func.min(IndicatorValue.unit),
            IndicatorValue.year,
            func.count(),
        )
        .where(IndicatorValue.indicator == indicator)
        .group_by(IndicatorValue.indicator, IndicatorValue.year)
        .order_by(IndicatorValue.year.desc())
    )
    return tuple(IndicatorYear(*row) for row in rows)


def remove_year(session: Session, indicator: str, year: int) -> IndicatorYear | None:
    """Remove all values of an indicator in a year, and give what there was, if there was anything. Two statements."""
    of_year = IndicatorValue.indicator == indicator, IndicatorValue.year == year
    held = select(IndicatorValue.area_code).where(*of_year).order_by(*_CELL).with_for_update()
    session.execute(held).all()  # in the order in which whoever imports at the same time holds them
    gone = session.scalars(delete(IndicatorValue).where(*of_year).returning(IndicatorValue.unit)).all()
    return IndicatorYear(indicator, gone[0], year, len(gone)) if gone else None


def find_mixed(session: Session) -> tuple[str, ...]:
    """Find the indicators that have values in more than one unit. There should be none. One statement."""
    return tuple(
        session.scalars(
            select(IndicatorValue.indicator)
            .group_by(IndicatorValue.indicator)
            .having(func.count(distinct(IndicatorValue.unit)) > 1)
            .order_by(IndicatorValue.indicator)
        )
    )


def add_values(session: Session, values: Mapping[Cell, Value]) -> bool:
    """Add values; `False` where somebody else has just added one of them."""
    rows = _as_rows(values)
    added = 0
    for start in range(0, len(rows), CHUNK):
        statement = insert_if_absent(session, IndicatorValue).values(rows[start : start + CHUNK])
        added += len(session.scalars(statement.returning(IndicatorValue.indicator)).all())
    return added == len(rows)


def change_values(session: Session, values: Mapping[Cell, Value]) -> None:
    """Store values of cells that have one."""
    if values:
        session.execute(update(IndicatorValue), _as_rows(values))


def _as_rows(values: Mapping[Cell, Value]) -> Sequence[dict[str, object]]:
    return [{**cell._asdict(), "value": value.number, "unit": value.unit} for cell, value in values.items()]
