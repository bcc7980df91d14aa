"""One database after another for tests: migrated once, empty for each test."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from app.services import maintaining
from app.store.database import Database
from app.store.models import Base


def make_template(folder: Path) -> Path:
    """Make a migrated SQLite file to copy from."""
    path = folder / "template.db"
    database = Database(f"sqlite:///{path}")
    maintaining.upgrade(database)
    database.close()
    return path


@contextmanager
def sqlite_database(template: Path, folder: Path) -> Iterator[Database]:
    """Copy the template."""
    path = folder / "test.db"
    shutil.copy(template, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@contextmanager
def postgresql_database(url: str) -> Iterator[Database]:
    """Migrate on first use, and empty the tables afterwards."""
    database = Database(url)
    maintaining.upgrade(database)
    yield database
    tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
    with database.writing() as session:
        session.execute(text(f"TRUNCATE {tables}"))
    database.close()
