"""One function per thing a person does: load, decide, save. No HTTP, no SQL, no route.

Each opens its own unit of work and has committed when it returns.
"""

from app.store.database import Database, DatabaseUnavailableError

__all__ = ["Database", "DatabaseUnavailableError"]
