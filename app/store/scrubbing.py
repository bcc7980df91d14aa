"""Making sure that what was removed is gone from the file, too, and not only from the tables."""

from app.store.database import Database, find_sqlite


def scrub(database: Database) -> bool:
    """Write a SQLite file anew and empty its journal; `False` where others are at work, so that it has to be repeated.

    PostgreSQL reuses the room of removed rows by itself.
    """
    if database.path is None:
        return True
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("VACUUM")
        busy, *_ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except find_sqlite().OperationalError:
        return False
    finally:
        connection.close()
    return not busy
