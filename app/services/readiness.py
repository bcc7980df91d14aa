"""Whether the service can do its work."""

from functools import lru_cache

from app.services import Database, DatabaseUnavailableError
from app.store import migrations


def find_obstacle(database: Database) -> str | None:
    """Say in words why the service cannot do its work now; `None` where it can."""
    try:
        database.check()
        revision = migrations.find_revision(database)
    except DatabaseUnavailableError as error:
        return str(error)
    newest = _find_newest()
    if revision == newest:
        return None
    return f"The database is at {revision or 'no revision'}, and this version needs {newest}"


@lru_cache(maxsize=1)
def _find_newest() -> str | None:
    return migrations.find_head()
