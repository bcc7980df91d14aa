"""Whether the service can do its work."""

from app.services import Database, DatabaseUnavailableError
from app.services.maintaining import DatabaseBehindError, check_revision


def find_obstacle(database: Database) -> str | None:
    """Say in words why the service cannot do its work now; `None` where it can."""
    try:
        database.check()
        check_revision(database)
    except (DatabaseUnavailableError, DatabaseBehindError) as error:
        return str(error)
    return None
