"""Areas and which codes stand for retired ones."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Row, Select, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.domain.areas import AreaRecord
from app.store.bulk import CHUNK
from app.store.database import insert_if_absent
from app.store.models import Area, AreaSuccessor

_COLUMNS: Final = (Area.code, Area.name, Area.kind, Area.valid_from, Area.valid_to, Area.region)
_Values = tuple[str, str, str, date | None, date | None, str]


def list_areas(session: Session) -> dict[str, AreaRecord]:
    """List every area: code -> area. Two statements."""
    successors = list_successors(session)
    rows = session.execute(select(*_COLUMNS).order_by(Area.code))
    return {row.code: _as_record(row, successors) for row in rows}


def list_successors(session: Session) -> dict[str, tuple[str, ...]]:
    """List the codes that stand for retired ones: retired code -> successors. One statement."""
    found: dict[str, tuple[str, ...]] = {}
    rows = session.execute(
        select(AreaSuccessor.code, AreaSuccessor.successor_code).order_by(
            AreaSuccessor.code, AreaSuccessor.successor_code
        )
    )
    for code, successor in rows:
        found[code] = (*found.get(code, ()), successor)
    return found


def search_areas(session: Session, words: str, offset: int, limit: int) -> tuple[tuple[AreaRecord, ...], int]:
    """Give one page of the areas whose code or name has these words, by name, and how many there are in all."""
    found = or_(
        func.lower(Area.name).contains(words.lower(), autoescape=True),
        func.lower(Area.code).contains(words.lower(), autoescape=True),
    )
    total = session.scalar(select(func.count()).select_from(Area).where(found)) or 0
    query = select_areas().where(found).order_by(Area.name, Area.code).offset(offset).limit(limit)
    return read_areas(session, query), total


def select_areas() -> Select[*_Values]:
    """Select areas as `read_areas` reads them."""
    return select(*_COLUMNS)


def read_areas(session: Session, query: Select[*_Values]) -> tuple[AreaRecord, ...]:
    """Read some areas with their successors. Two statements."""
    rows = session.execute(query).all()
    successors: dict[str, tuple[str, ...]] = {}
    for code, successor in session.execute(
        select(AreaSuccessor.code, AreaSuccessor.successor_code)
        .where(AreaSuccessor.code.in_([row.code for row in rows]))
        .order_by(AreaSuccessor.code, AreaSuccessor.successor_code)
    ):
        successors[code] = (*successors.get(code, ()), successor)
    return tuple(_as_record(row, successors) for row in rows)


def add_areas(session: Session, areas: Sequence[AreaRecord]) -> bool:
    """Add areas, without successors; `False` where somebody else has just added one of them."""
    added = 0
    for start in range(0, len(areas), CHUNK):
        rows = [_as_row(area) for area in areas[start : start + CHUNK]]
        added += len(session.scalars(insert_if_absent(session, Area).values(rows).returning(Area.code)).all())
    return added == len(areas)


def change_areas(session: Session, areas: Sequence[AreaRecord]) -> None:
    """Store areas that are there as they are given, without successors."""
    if areas:
        session.execute(update(Area), [_as_row(area) for area in areas])


def set_successors(session: Session, successors: Mapping[str, Sequence[str]]) -> None:
    """Let these codes stand for the retired ones, and no others."""
    codes = list(successors)
    for start in range(0, len(codes), CHUNK):
        session.execute(delete(AreaSuccessor).where(AreaSuccessor.code.in_(codes[start : start + CHUNK])))
    rows = [{"code": code, "successor_code": successor} for code in codes for successor in successors[code]]
    if rows:
        session.execute(insert(AreaSuccessor), rows)


def _as_record(row: Row[*_Values], successors: Mapping[str, tuple[str, ...]]) -> AreaRecord:
    code, name, kind, valid_from, valid_to, region = row
    return AreaRecord(code, name, kind, valid_from, valid_to, successors.get(code, ()), region)


def _as_row(area: AreaRecord) -> dict[str, object]:
    return {
        "code": area.code,
        "name": area.name,
        "kind": area.kind,
        "valid_from": area.valid_from,
        "valid_to": area.valid_to,
        "region": area.region,
    }
