"""Many rows at once."""

from sqlalchemy import func, select, text

from app.store import bulk
from app.store.database import Database
from app.store.models import Area, Person

PEOPLE = 3000


def test_what_was_filled_is_counted_before_it_is_asked(database: Database) -> None:
    """Autovacuum looks every minute, and where it looks at a table that is being filled, it finds nothing in it."""
    rows = bulk.Rows()
    rows.add(Area, code="E06000099", name="Larkminster", kind="unitary")
    rows.extend(Person, ({"name": "Somebody", "email": f"somebody-{number}@example.org"} for number in range(PEOPLE)))
    with database.writing() as session:
        assert bulk.insert_rows(session, rows)
        assert session.scalar(select(func.count()).select_from(Person)) == PEOPLE
        if database.path is None:
            assert session.scalar(text("SELECT reltuples FROM pg_class WHERE relname = 'people'")) == PEOPLE
