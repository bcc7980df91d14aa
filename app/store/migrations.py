"""Bringing a database to the tables that this code knows."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store.database import Database

ROOT: Final = Path(__file__).resolve().parent.parent.parent


def _config() -> Config:
    return Config(ROOT / "alembic.ini")


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables forward to a revision, or make them."""
    config = _config()
    with database.connecting() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def downgrade(database: Database, revision: str) -> None:
    """Take the tables back to a revision, `base` for none."""
    config = _config()
    with database.connecting() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def find_head() -> str | None:
    """Give the newest revision this code knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def find_revision(database: Database) -> str | None:
    """Give the revision a database is at; `None` where it has no tables yet."""
    with database.connecting() as connection:
        return MigrationContext.configure(connection).get_current_revision()
