"""One database after another for tests: migrated once, empty for each test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import event, text

from app.services import maintaining
from app.store.database import Database
from app.store.models import Base

LARGE = 2**20
"""Bytes of a table from which it is truncated: to delete so many rows, one foreign key after another, takes minutes."""


def make_template(folder: Path) -> Path:
    """Make a migrated SQLite file to copy from."""
    path = folder / "template.db"
    database = Database(f"sqlite:///{path}")
    maintaining.upgrade(database)
    database.close()
    return path


@contextmanager
def sqlite_database(template: Path, folder: Path) -> Iterator[Database]:
    """Copy the template. No test stops the machine, so nothing has to wait for the disk."""
    path = folder / "test.db"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    event.listen(database.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous = OFF"))
    yield database
    database.close()


@contextmanager
def postgresql_database(url: str) -> Iterator[Database]:
    """Give one whose tables are empty again afterwards. It is migrated already."""
    database = Database(url)
    yield database
    tables = [table.name for table in Base.metadata.sorted_tables]
    with database.writing() as session:
        # To truncate makes every table anew, which takes longer than most tests; few have rows at all, and few many.
        asked = " UNION ALL ".join(
            f"(SELECT '{name}' AS name, pg_relation_size('{name}') AS size FROM {name} LIMIT 1)"  # noqa: S608 - ours
            for name in tables
        )
        found = {row.name: row.size for row in session.execute(text(asked))}
        if max(found.values(), default=0) > LARGE:
            session.execute(text(f"TRUNCATE {', '.join(found)} CASCADE"))
        else:
            for name in sorted(found, key=tables.index, reverse=True):
                session.execute(text(f"DELETE FROM {name}"))  # noqa: S608 - a name of ours
    database.close()
