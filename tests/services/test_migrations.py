"""The tables: made, taken away and made again by the migrations, and the same as the models."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from app.main import create_app
from app.services import Database, maintaining
from app.services.maintaining import DatabaseBehindError
from app.settings import Settings
from app.store import migrations
from app.store.models import Base


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_down_leaves_nothing_and_up_again_leaves_all(sqlite_template: Path, tmp_path: Path) -> None:
    del sqlite_template
    database = Database(f"sqlite:///{tmp_path / 'moving.db'}")
    maintaining.upgrade(database)
    migrations.downgrade(database, "base")
    assert set(inspect(database.engine).get_table_names()) == {"alembic_version"}
    maintaining.upgrade(database)
    assert set(Base.metadata.tables) <= set(inspect(database.engine).get_table_names())
    database.close()


def test_a_database_of_another_version_refuses_the_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    database = Database(url)
    maintaining.upgrade(database)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999_from_the_future'"))
    database.close()
    with pytest.raises(DatabaseBehindError, match="9999_from_the_future"):
        create_app(Settings(database_url=url))
