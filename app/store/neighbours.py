"""The areas that are most like an area, the nearest first."""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

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


def set_neighbours(session: Session, ranks: Mapping[tuple[str, str], int]) -> bool:
    """Let these be the neighbours of the areas they name, and no others; `False` where somebody else was quicker."""
    for chunk in _chunks({code for code, _ in ranks}):
        session.execute(delete(AreaNeighbour).where(AreaNeighbour.area_code.in_(chunk)))
    rows = [{"area_code": code, "neighbour_code": neighbour, "rank": rank} for (code, neighbour), rank in ranks.items()]
    added = 0
    for start in range(0, len(rows), CHUNK):
        statement = insert_if_absent(session, AreaNeighbour).values(rows[start : start + CHUNK])
        added += len(session.scalars(statement.returning(AreaNeighbour.area_code)).all())
    return added == len(rows)


def _chunks(codes: Collection[str]) -> Iterator[list[str]]:
    ordered = sorted(codes)
    for start in range(0, len(ordered), CHUNK):
        yield ordered[start : start + CHUNK]
