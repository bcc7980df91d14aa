import contextlib
import os
import tempfile
import uuid
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from sqlalchemy.engine import make_url

from app.catalogue import Catalogue, load
from app.services import maintaining
from app.store.database import Database
from tests.databases import make_template, postgresql_database, sqlite_database
from tests.needs import NEEDS, REQUIRE_SETTING, UNMET, required, unmet
from tests.postgres import PostgresqlUnavailableError, running_postgresql

ROOT = Path(__file__).resolve().parent.parent
FIXTURE_OF = {"postgresql": "postgresql_url", "browser": "browser"}


def pytest_configure(config: pytest.Config) -> None:
    # What the service keeps outside its database stays outside the checkout, too.
    folder = tempfile.TemporaryDirectory(prefix="enablers-outside-")
    config.add_cleanup(folder.cleanup)
    os.environ["ENABLERS_OUTSIDE"] = folder.name
    # Tests come from one network and ask more often than anybody; tests/api/test_manners.py sets limits of its own.
    os.environ["ENABLERS_API_RATE_PER_NETWORK"] = "1000000"
    # On the build machine the same examples every time: new ones are for people, who can look at what they find.
    settings.register_profile("build", derandomize=True)
    if os.environ.get("CI"):
        settings.load_profile("build")
    unknown = required() - NEEDS.keys()
    if unknown:
        message = f"{REQUIRE_SETTING}: {', '.join(sorted(unknown))} is not one of {', '.join(NEEDS)}"
        raise pytest.UsageError(message)


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for mark, fixture in FIXTURE_OF.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(mark)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # after everything else that is printed, where it is read
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    yield
    reasons = (report.longrepr[2] for report in terminalreporter.stats.get("skipped", []) if report.longrepr)
    unmet_needs = Counter(reason.removeprefix("Skipped: ") for reason in reasons if UNMET in reason)
    if not unmet_needs:
        return
    terminalreporter.section("NOT EVERYTHING WAS TESTED", sep="!", red=True, bold=True)
    for reason, count in sorted(unmet_needs.items()):
        tests = "test" if count == 1 else "tests"
        terminalreporter.write_line(f"{count} {tests} did not run. {reason}", red=True, bold=True)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The URL of a server. Each worker has its own, started by the first test that asks: that takes a second."""
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(running_postgresql())
        except PostgresqlUnavailableError as error:
            unmet("postgresql", str(error))
        yield url


@pytest.fixture(scope="session")
def postgresql_url(postgresql_server: str) -> Iterator[str]:
    """The SQLAlchemy URL of an empty database, one per worker, also on a server that several share."""
    name = f"enablers_test_{uuid.uuid4().hex}"
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    yield make_url(postgresql_server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(postgresql_server, autocommit=True) as connection:
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))


@pytest.fixture(scope="session")
def migrated_postgresql_url(postgresql_url: str) -> str:
    """The same, migrated."""
    database = Database(postgresql_url)
    maintaining.upgrade(database)
    database.close()
    return postgresql_url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to copy."""
    return make_template(tmp_path_factory.mktemp("template"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database: the test runs on either."""
    if request.param == "sqlite":
        with sqlite_database(request.getfixturevalue("sqlite_template"), tmp_path) as database:
            yield database
    else:
        with postgresql_database(request.getfixturevalue("migrated_postgresql_url")) as database:
            yield database


@pytest.fixture(scope="session")
def questionnaires() -> Catalogue:
    """The shipped questionnaires."""
    return load(ROOT / "questionnaires")
