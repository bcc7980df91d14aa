"""How Alembic reaches the database: the one named by the settings, or the connection it is handed."""

from alembic import context
from sqlalchemy import Connection, text

from app.settings import Settings
from app.store.database import Database
from app.store.models import Base


def migrate(connection: Connection) -> None:
    """Run the migrations on one connection, in one transaction each.

    On SQLite, tables are rebuilt to change them, which would delete child rows while foreign keys are on; so they are
    off during a migration, and checked after it.
    """
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        transaction_per_migration=True,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite:
        broken = connection.execute(text("PRAGMA foreign_key_check")).all()
        if broken:
            raise RuntimeError(f"the migration left rows without their parents: {broken[:5]}")
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")


if context.config.attributes.get("connection") is not None:
    migrate(context.config.attributes["connection"])
else:
    database = Database(Settings().database_url)
    with database.connecting() as connection:
        migrate(connection)
    database.close()
