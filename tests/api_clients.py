"""API clients for tests, and the service as they meet it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.domain.access import Actor, Grant, Role
from app.domain.api_access import Scope
from app.main import create_app
from app.services import Database, api_clients
from app.services.api_clients import MadeToken
from app.services.tokens import TokenKeys
from app.settings import Settings
from app.store.models import Membership, Person, new_id

ADDRESS = "http://127.0.0.1:8000"
KEYS = TokenKeys()
MONTH = timedelta(days=30)


def make_client(database: Database, actor: Actor, *scopes: str, now: datetime | None = None) -> MadeToken:
    """Make a client of somebody's with a token for a month."""
    at = now or datetime.now(UTC)
    return api_clients.create(
        database, actor, "Warehouse", [Scope.parse(each) for each in scopes], at + MONTH, at, KEYS
    )


def add_person(database: Database, role: Role, **where: UUID) -> Actor:
    """Add somebody with one role."""
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name=role.value, email=f"{person}@centre.example"))
        session.flush()
        session.add(Membership(person_id=person, role=role, **where))
    return Actor(person, role.value, frozenset({Grant(role, **where)}))


@contextmanager
def serving(database: Database) -> Iterator[tuple[TestClient, FastAPI]]:
    """Put the service on a database."""
    app = create_app(Settings(database_url=database.url.render_as_string(hide_password=False)))
    yield TestClient(app, base_url=ADDRESS, raise_server_exceptions=False), app
    app.state.database.close()


def bearer(made: MadeToken | str, **headers: str) -> dict[str, str]:
    """Give the headers of a request with a token."""
    return {"Authorization": f"Bearer {made if isinstance(made, str) else made.token}", **headers}
