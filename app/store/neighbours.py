"""The areas that are most like an area, the nearest first."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import groupby

from sqlalchemy import delete, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.domain.areas import NeighbouredArea
from app.store.bulk import CHUNK
from app.store.database import insert_if_absent
from app.store.models import Area, AreaNeighbour


def list_neighbours(session: Session) -> dict[str, tuple[str, ...]]:
    """List the nearest neighbours of every area that has any: code -> codes, the nearest first. One statement."""
    found: dict[str, list[str]] = {}
    rows = session.execute(
        select(AreaNeighbour.area_code, AreaNeighbour.neighbour_code).order_by(
            AreaNeighbour.area_code, AreaNeighbour.rank
        )
    )
    for code, neighbour in rows:
        found.setdefault(code, []).append(neighbour)
    return {code: tuple(neighbours) for code, neighbours in found.items()}


def search_neighbours(session: Session, words: str, offset: int, limit: int) -> tuple[tuple[NeighbouredArea, ...], int]:
    """Give one page of the areas with neighbours whose code or name has these words, by name, and how many there are.

    Three statements.
    """
    found = or_(
        func.lower(Area.name).contains(words.lower(), autoescape=True),
        func.lower(Area.code).contains(words.lower(), autoescape=True),
    )
    wanted = select(Area.code).join(AreaNeighbour, AreaNeighbour.area_code == Area.code).where(found)
    total = session.scalar(wanted.with_only_columns(func.count(distinct(Area.code)))) or 0
    codes = session.scalars(
        wanted.group_by(Area.code, Area.name).order_by(Area.name, Area.code).offset(offset).limit(limit)
    )
    return _list_neighboured(session, list(codes)), total


def find_neighboured(session: Session, code: str) -> NeighbouredArea | None:
    """Find an area with its neighbours, if it has any. One statement."""
    return next(iter(_list_neighboured(session, [code])), None)


def _list_neighboured(session: Session, codes: Collection[str]) -> tuple[NeighbouredArea, ...]:
    """Give areas with their neighbours, by name."""
    other = aliased(Area)
    rows = session.execute(
        select(Area.code, Area.name, other.name, AreaNeighbour.imported_at)
        .join(AreaNeighbour, AreaNeighbour.area_code == Area.code)
        .join(other, other.code == AreaNeighbour.neighbour_code)
        .where(Area.code.in_(codes))
        .order_by(Area.name, Area.code, AreaNeighbour.rank)
    )
    return tuple(
        NeighbouredArea(code, name, tuple(row[2] for row in alike), alike[0][3])
        for (code, name), group in groupby(rows, key=lambda row: (row[0], row[1]))
        for alike in [list(group)]
    )


def remove_neighbours(session: Session, code: str) -> NeighbouredArea | None:
    """Remove the neighbours of an area, and give it as it was, if it had any. Three statements."""
    held = select(Area.code).where(Area.code == code).with_for_update(key_share=True)
    session.execute(held).all()
    found = find_neighboured(session, code)
    session.execute(delete(AreaNeighbour).where(AreaNeighbour.area_code == code))
    return found


def lock_ranks(session: Session, codes: Collection[str]) -> dict[tuple[str, str], int]:
    """List the ranks of these areas’ neighbours: (code, neighbour) -> rank. Nobody else sets them until the commit.

    Two statements for each two thousand areas, which are held in the order of their codes.
    """
    for chunk in _chunks(codes):
        held = select(Area.code).where(Area.code.in_(chunk)).order_by(Area.code)
        session.execute(held.with_for_update(key_share=True)).all()
    found: dict[tuple[str, str], int] = {}
    for chunk in _chunks(codes):
        rows = session.execute(
            select(AreaNeighbour.area_code, AreaNeighbour.neighbour_code, AreaNeighbour.rank).where(
                AreaNeighbour.area_code.in_(chunk)
            )
        )
        found |= {(code, neighbour): rank for code, neighbour, rank in rows}
    return found


def set_neighbours(session: Session, ranks: Mapping[tuple[str, str], int], at: datetime) -> bool:
    """Let these be the neighbours of the areas they name, and no others; `False` where somebody else was quicker."""
    for chunk in _chunks({code for code, _ in ranks}):
        session.execute(delete(AreaNeighbour).where(AreaNeighbour.area_code.in_(chunk)))
    rows = [
        {"area_code": code, "neighbour_code": neighbour, "rank": rank, "imported_at": at}
        for (code, neighbour), rank in ranks.items()
    ]
    added = 0
    for start in range(0, len(rows), CHUNK):
        statement = insert_if_absent(session, AreaNeighbour).values(rows[start : start + CHUNK])
        added += len(session.scalars(statement.returning(AreaNeighbour.area_code)).all())
    return added == len(rows)


def _chunks(codes: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(codes)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
