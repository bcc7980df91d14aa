"""Clients that browse the service as one person each, without a browser."""

from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.domain.access import Actor
from app.main import create_app
from app.services import Database
from app.settings import Settings
from tests.people import NOW, World, make_world
from tests.sign_ins import sign_in as begin_session

ADDRESS = "http://127.0.0.1:8000"
SignedIn = Callable[[Actor | None], TestClient]


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def browse(database: Database, world: World) -> Iterator[SignedIn]:
    """Give a client for somebody who is signed in, or for nobody."""
    del world
    url = database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, secure_cookies=False))
    app.state.clock = lambda: NOW

    def sign_in(actor: Actor | None) -> TestClient:
        client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
        if actor is not None:
            client.cookies.set(SESSION_COOKIE, begin_session(database, actor.person_id))
        return client

    yield sign_in
    app.state.database.close()
