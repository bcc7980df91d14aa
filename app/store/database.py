"""Engines and units of work, for SQLite and PostgreSQL alike.

A unit of work is opened and committed inside one service call, before the reply leaves. Readers and writers are told
apart because SQLite must take its write lock at the start of a transaction, or it loses updates.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
from psycopg import conninfo
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DBAPIError,
    OperationalError,
)
from sqlalchemy.exc import (
    TimeoutError as PoolTimeoutError,
)
from sqlalchemy.orm import Session, sessionmaker

from app.domain.errors import EnablersError
from app.domain.values import in_quotes
from app.store.models import Base
from app.store.turns import InHand, Turns, WaitedTooLongError

SUPPORTED = ("sqlite", "postgresql")
DRIVERS = ("pysqlite", "psycopg")
BUSY_TIMEOUT_MS = 10_000
POOL_TIMEOUT = 30
"""How many seconds somebody waits for a connection, or, on SQLite, for their turn to write."""
_NO_DATABASE = {"SQLITE_NOTADB", "SQLITE_CORRUPT"}


class DatabaseUnavailableError(EnablersError):
    """The database did not answer, or has no room; trying again later may work."""


class NotDatabaseError(EnablersError):
    """The file is there, and is no database."""


class DatabaseUrlError(EnablersError):
    """The database URL cannot be used."""


class Database:
    """One database: `reading()` and `writing()` give a session for one unit of work."""

    def __init__(self, url: str, *, pool_size: int = 10) -> None:
        """Prepare engines for a SQLAlchemy URL; nothing is connected yet. Raises `DatabaseUrlError`."""
        self.url = _parse(url)
        self.engine = _create_engine(self.url, pool_size)
        self._read = sessionmaker(_for_reading(self.engine), expire_on_commit=False)
        self._write = sessionmaker(self.engine.execution_options(writer=True), expire_on_commit=False)
        self._connections = Turns(self.engine.pool.size())  # type: ignore[attr-defined]  # both engines have a QueuePool
        self._long_readings = Turns(max(1, self.engine.pool.size() // 2))  # type: ignore[attr-defined]
        self._writers = Turns() if self.path else None
        self.in_hand = InHand()
        """What this process is doing that nobody else may do at the same time."""

    @property
    def path(self) -> Path | None:
        """The file that it is kept in, where it is kept in one."""
        return Path(str(self.url.database)) if self.engine.dialect.name == "sqlite" else None

    def is_missing(self) -> bool:
        """Say whether it is a file that is not there yet, which connecting would make."""
        try:
            return self.path is not None and not self.path.exists()
        except OSError:
            return False  # connecting will say what is wrong

    def make_folder(self) -> None:
        """Make the folder of a file that is to be made; raises `DatabaseUrlError`."""
        if self.path is None:
            return
        folder = self.path.parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseUrlError(
                f"The folder {folder} of the database cannot be made ({error.strerror}); name another in its URL"
            ) from None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a unit of work that changes nothing and sees one moment."""
        with _errors_in_words(), self._connection(), self._read() as session:
            yield session

    @contextmanager
    def reading_long(self) -> Iterator[Session]:
        """Open the same for what lasts as long as somebody reads slowly: others keep half of the connections.

        Raises `DatabaseUnavailableError` at once where as many are open already.
        """
        with _errors_in_words(), self._long_readings.waiting(0), self.reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Open a unit of work that commits at its end, or not at all."""
        with _errors_in_words(), self._turn_to_write(), self._connection(), self._write.begin() as session:
            yield session

    @contextmanager
    def in_one(self) -> Iterator["InOne"]:
        """Open a unit of work that takes in everything that is read or written through what it gives."""
        with self.writing() as session:
            yield InOne(self, session)

    def _turn_to_write(self) -> AbstractContextManager[None]:
        return self._writers.waiting(POOL_TIMEOUT) if self._writers else nullcontext()

    def _connection(self) -> AbstractContextManager[None]:
        return self._connections.waiting(POOL_TIMEOUT)

    @contextmanager
    def connecting(self) -> Iterator[Connection]:
        """Open a bare connection, for migrations."""
        with _errors_in_words(), self._connection(), self.engine.connect() as connection:
            yield connection

    def check(self) -> None:
        """Raise `DatabaseUnavailableError` unless the database answers."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def describe(self) -> dict[str, str]:
        """Give what decides how safe writes are: the engine's version, its journal and how it syncs."""
        if self.engine.dialect.name == "sqlite":
            asked = {
                "SQLite": "SELECT sqlite_version()",
                "Journal": "PRAGMA journal_mode",
                "Synchronous (2 is full)": "PRAGMA synchronous",
                "Foreign keys (1 is on)": "PRAGMA foreign_keys",
            }
        else:
            asked = {
                "PostgreSQL": "SHOW server_version",
                "Fsync": "SHOW fsync",
                "Synchronous commit": "SHOW synchronous_commit",
            }
        with self.reading() as session:
            return {name: str(session.scalar(text(query))) for name, query in asked.items()}

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


class InOne(Database):
    """A database in the middle of one unit of work: services that are given it join that, and commit nothing."""

    def __init__(self, database: Database, session: Session) -> None:
        """Take the database, and the session of the unit of work that is open."""
        vars(self).update(vars(database))
        self._session = session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give the session, as fresh as one that was just opened: what waited for a lock must not meet old rows."""
        self._session.flush()
        self._session.expunge_all()
        yield self._session

    @contextmanager
    def reading_long(self) -> Iterator[Session]:
        """Open the same for what lasts as long as somebody reads slowly: others keep half of the connections.

        Raises `DatabaseUnavailableError` at once where as many are open already.
        """
        with _errors_in_words(), self._long_readings.waiting(0), self.reading() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give the same; whoever opened the unit of work commits it."""
        with self.reading() as session:
            yield session


@contextmanager
def _errors_in_words() -> Iterator[None]:
    try:
        yield
    except (OperationalError, PoolTimeoutError, WaitedTooLongError) as error:
        raise DatabaseUnavailableError("The database cannot be reached, or is full. Try again in a moment") from error
    except DBAPIError as error:
        if error.connection_invalidated:
            raise DatabaseUnavailableError("The connection to the database was lost. Try again in a moment") from error
        if type(error) is DatabaseError and getattr(error.orig, "sqlite_errorname", "") in _NO_DATABASE:
            raise NotDatabaseError("What the database URL names is no SQLite database, or a damaged one") from error
        raise


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        backend, _, driver = parsed.drivername.partition("+")
    except (ArgumentError, ValueError):
        raise DatabaseUrlError("is not a database URL; write sqlite:///FILE or postgresql://USER@HOST/NAME") from None
    if backend not in SUPPORTED:
        raise DatabaseUrlError(f"names {in_quotes(backend)}; only {' and '.join(SUPPORTED)} are supported")
    if driver and driver != DRIVERS[SUPPORTED.index(backend)]:
        raise DatabaseUrlError(f"names the driver {in_quotes(driver)}; write {backend}:// without a driver")
    if backend == "sqlite" and parsed.database in {None, "", ":memory:"}:
        raise DatabaseUrlError("names no file, and answers are to be kept; write sqlite:///FILE")
    if backend == "sqlite" and parsed.query:
        raise DatabaseUrlError("has parameters after “?”, which a SQLite file does not take; remove them")
    if backend == "postgresql":
        _check_options(parsed)
    return parsed


def _check_options(url: URL) -> None:
    try:
        conninfo.make_conninfo("", **{name: str(value) for name, value in url.query.items()})
    except psycopg.ProgrammingError:
        raise DatabaseUrlError("has a parameter after “?” that PostgreSQL does not know; remove it") from None


def _create_engine(url: URL, pool_size: int) -> Engine:
    if url.get_backend_name() == "sqlite":
        module = find_sqlite()
        # Below 3.51.3 two connections that checkpoint at once can damage the log, so there is only one.
        size = pool_size if module.sqlite_version_info >= (3, 51, 3) else 1
        engine = create_engine(
            url, module=module, pool_size=size, max_overflow=0, pool_timeout=POOL_TIMEOUT, hide_parameters=True
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=POOL_TIMEOUT,
        pool_pre_ping=True,
        hide_parameters=True,  # what people typed is no business of the log
        # No prepared statements: a pooler in transaction mode may stand between.
        connect_args={"prepare_threshold": None, "connect_timeout": 5},
    )


def _for_reading(engine: Engine) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def find_sqlite() -> ModuleType:
    """Give the newest SQLite at hand: the packaged one where it installs, else Python's own."""
    try:
        import pysqlite3  # noqa: PLC0415 - there is no wheel for every machine
    except ImportError:
        return sqlite3
    return pysqlite3  # type: ignore[no-any-return]


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DB-API connection has no type
    connection.isolation_level = None  # transactions are begun below, not by the driver
    connection.create_function("lower", 1, _lower, deterministic=True)  # its own knows the letters of ASCII alone
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",  # first: those below may have to wait as well
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",  # what was removed is overwritten, and not only forgotten
    ):
        connection.execute(f"PRAGMA {pragma}")


def _lower(value: object) -> str | None:
    return None if value is None else str(value).lower()


def _begin_sqlite(connection: Connection) -> None:
    writer = connection.get_execution_options().get("writer", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")


def insert_if_absent(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Begin an insert that does nothing where a unique key is taken: the row's own key is the compare-and-set."""
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    return postgresql.insert(table).on_conflict_do_nothing()
