"""Signing in with an identity provider, through the pages."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError

from app.main import create_app
from app.services import Database
from app.settings import Settings
from tests.people import NOW, World
from tests.provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider
from tests.web.conftest import ADDRESS
from tests.web.pages import links, words


@pytest.fixture
def provider() -> Iterator[Provider]:
    with running_provider() as provider:
        provider.email = "officer@harrow.example"
        yield provider


@pytest.fixture
def app(database: Database, world: World, provider: Provider) -> Iterator[FastAPI]:
    del world
    made = create_app(
        Settings(
            database_url=database.url.render_as_string(hide_password=False),
            secure_cookies=False,
            public_url=ADDRESS,
            oidc_name="Council sign-in",
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT_ID,
            oidc_client_secret=SecretStr(CLIENT_SECRET),
        )
    )
    made.state.clock = lambda: NOW
    yield made
    made.state.database.close()


def go_round(client: TestClient, go_to: str = "") -> str:
    """Follow the link of the sign-in page to the provider, and give the path it sends back to."""
    page = client.get(f"/sign-in?next={go_to}")
    away = client.get(links(page.text)["Sign in with Council sign-in"], follow_redirects=False)
    back = httpx2.get(away.headers["location"], follow_redirects=False).headers["location"]
    assert back.startswith(f"{ADDRESS}/sign-in-with-provider/back?")
    return back.removeprefix(ADDRESS)


def open_client(app: FastAPI) -> TestClient:
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)


def test_whoever_has_a_verified_address_is_signed_in_and_led_on(app: FastAPI) -> None:
    client = open_client(app)
    reply = client.get(go_round(client, "/account"), follow_redirects=False)
    assert reply.headers["location"] == "/account"
    assert "Officer" in words(client.get("/account").text)
    assert not [cookie for cookie in client.cookies if "handshake" in cookie]


def test_an_address_that_nobody_invited_is_not_let_in(app: FastAPI, provider: Provider) -> None:
    provider.email = "stranger@harrow.example"
    client = open_client(app)
    reply = client.get(go_round(client))
    assert reply.status_code == 403
    assert "Nobody has been invited as stranger@harrow.example" in words(reply.text)
    assert client.get("/assessments", follow_redirects=False).status_code == 303


def test_another_browser_cannot_use_the_answer(app: FastAPI) -> None:
    back = go_round(open_client(app))
    reply = open_client(app).get(back)
    assert reply.status_code == 403
    assert "Sign in once more" in words(reply.text)


def test_an_answer_works_once(app: FastAPI) -> None:
    client = open_client(app)
    back = go_round(client)
    assert client.get(back, follow_redirects=False).status_code == 303
    assert client.get(back).status_code == 403


@pytest.mark.parametrize("go_to", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_elsewhere_afterwards(app: FastAPI, go_to: str) -> None:
    client = open_client(app)
    away = client.get("/sign-in-with-provider", params={"next": go_to}, follow_redirects=False)
    back = httpx2.get(away.headers["location"], follow_redirects=False).headers["location"].removeprefix(ADDRESS)
    reply = client.get(back, follow_redirects=False)
    assert urlsplit(reply.headers["location"]).netloc == ""
    assert reply.headers["location"] == "/assessments"


def test_without_a_provider_there_is_no_such_way(browse: object, app: FastAPI) -> None:
    del browse
    app.state.identity_provider = None
    client = open_client(app)
    assert "Another way" not in client.get("/sign-in").text
    assert client.get("/sign-in-with-provider").status_code == 404
    assert client.get("/sign-in-with-provider/back").status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_client_id": "", "oidc_client_secret": "x"},
        {"oidc_client_id": "x", "oidc_client_secret": ""},
        {"oidc_client_id": "x", "oidc_client_secret": "x", "oidc_issuer": "http://login.example.org"},
        {"oidc_client_id": "x", "oidc_client_secret": "x", "public_url": ""},
    ],
    ids=str,
)
def test_half_a_provider_stops_the_start(given: dict[str, str]) -> None:
    whole = {"oidc_issuer": "https://login.example.org", "public_url": "https://enablers.example.org"}
    with pytest.raises(ValidationError, match="oidc"):
        Settings(**{**whole, **given})  # type: ignore[arg-type]
