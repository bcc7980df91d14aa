"""Many rows at once, into a database that has none yet; and what a start page needs to offer people by their addresses."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, exists, insert, select
from sqlalchemy.orm import Session

from app.store.database import insert_if_absent
from app.store.models import Area, Base, Organisation, Partnership, Person, Round

CHUNK: Final = 2000


class Rows:
    """Rows of many tables, as plain values."""

    def __init__(self) -> None:
        """Begin with none."""
        self._by_table: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)

    def add(self, model: type[Base], **values: Any) -> None:  # noqa: ANN401 - columns differ in type
        """Add one row."""
        self._by_table[model.__tablename__].append(values)

    def extend(self, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
        """Add several rows of one table."""
        self._by_table[model.__tablename__] += rows

    def of(self, table: Table | type[Base]) -> list[Mapping[str, Any]]:
        """Give the rows of one table, in the order they were added."""
        return self._by_table[table.name if isinstance(table, Table) else table.__tablename__]


def is_empty(session: Session) -> bool:
    """Say whether nobody has entered anything yet."""
    tables = (Area, Organisation, Partnership, Round, Person)
    return not session.scalar(select(*(exists(select(table)) for table in tables).__class__))


def insert_rows(session: Session, rows: Rows) -> bool:
    """Insert everything, in an order that keeps foreign keys; `False`, and nothing, where somebody else is at it.

    The areas go first and alone: whoever is second waits for the first to commit, and then finds them taken.
    """
    claimed = insert_if_absent(session, Area).returning(Area.code)
    codes = session.scalars(claimed, [dict(row) for row in rows.of(Area)]).all()
    return bool(codes)
