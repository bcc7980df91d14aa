"""Many rows at once, into a database that has none yet; and who has which address."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Table, exists, insert, literal, or_, select, text
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
    """Say whether nobody has entered anything yet. One statement."""
    tables = (Area, Organisation, Partnership, Round, Person)
    return not session.scalar(select(or_(*(exists(select(literal(1)).select_from(table)) for table in tables))))


def insert_rows(session: Session, rows: Rows) -> bool:
    """Insert everything, in an order that keeps foreign keys; `False`, and nothing, where somebody else is at it.

    The areas go first: whoever comes second waits for the first to commit, and then finds their codes taken.
    PostgreSQL counts the rows anew: what it knows of tables that were empty makes the next question take for ever.
    """
    claim = insert_if_absent(session, Area).values(rows.of(Area)).returning(Area.code)
    if not session.scalars(claim).all():
        return False
    for table in Base.metadata.sorted_tables:
        if table.name != Area.__tablename__:
            for chunk in _chunks(rows.of(table)):
                session.execute(insert(table), chunk)
    if session.get_bind().dialect.name == "postgresql":
        filled = [table.name for table in Base.metadata.sorted_tables if rows.of(table)]
        session.execute(text(f"ANALYZE {', '.join(filled)}"))
    return True


def find_people(session: Session, emails: Collection[str]) -> dict[str, UUID]:
    """Find who has these addresses, in lower case: address -> id. One statement."""
    rows = session.execute(select(Person.email, Person.id).where(Person.email.in_(emails)))
    return {email: person_id for email, person_id in rows if email}


def _chunks(rows: Sequence[Mapping[str, Any]]) -> Iterator[Sequence[Mapping[str, Any]]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
