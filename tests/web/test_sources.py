"""Where a request comes from: behind proxies, and in the demonstration; and what is slowed down by it."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from app.cli.serving import make_config
from app.dependencies import SourceDep
from app.main import create_app
from app.services import Database
from app.services.limiting import MOST, UNLIMITED, Slowed
from app.settings import Settings
from tests.people import NOW, World
from tests.sign_ins import KEYS, ask_for_token
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, title

SECRET = "s" * 32


def list_sources(app: FastAPI) -> None:
    @app.get("/source")
    def tell(request: Request, source: SourceDep) -> list[str]:
        return [source, request.url.scheme]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[FastAPI]:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'sources.db'}"))
    list_sources(app)
    yield app
    app.state.database.close()


def ask(app: object, client: str, headers: dict[str, str] | None = None) -> list[str]:
    """Ask as a machine with some address."""
    visitor = TestClient(app, base_url="http://127.0.0.1", client=(client, 50000))  # type: ignore[arg-type]
    answer: list[str] = visitor.get("/source", headers=headers or {}).json()
    return answer


def test_a_source_is_a_digest_one_for_each_network(app: FastAPI) -> None:
    def source(client: str) -> str:
        return ask(app, client)[0]

    assert source("192.0.2.1") == KEYS.digest("source 192.0.2.1/32")
    assert source("192.0.2.1") != source("192.0.2.2")
    assert source("::ffff:192.0.2.1") == source("192.0.2.1")
    assert source("2001:db8:1:2::1") == source("2001:db8:1:2:ffff::9")
    assert source("2001:db8:1:2::1") != source("2001:db8:1:3::1")
    assert source("not an address") != source("nor is this")


FORWARDED = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}


@pytest.mark.parametrize(
    ("proxies", "client", "headers", "expected"),
    [
        ("", "10.0.0.7", FORWARDED, ("10.0.0.7", "http")),
        ("10.0.0.7", "10.0.0.7", FORWARDED, ("203.0.113.5", "https")),
        ("10.0.0.0/24, 10.9.9.9", "10.0.0.7", FORWARDED, ("203.0.113.5", "https")),
        ("10.0.0.0/24", "10.0.1.7", FORWARDED, ("10.0.1.7", "http")),
        ("10.0.0.7", "10.0.0.7", {"X-Forwarded-For": "6.6.6.6, 203.0.113.5"}, ("203.0.113.5", "http")),
        ("10.0.0.7,10.0.0.8", "10.0.0.7", {"X-Forwarded-For": "203.0.113.5, 10.0.0.8"}, ("203.0.113.5", "http")),
    ],
)
def test_only_proxies_that_are_named_are_believed(
    app: FastAPI, proxies: str, client: str, headers: dict[str, str], expected: tuple[str, str]
) -> None:
    config = make_config(app, Settings(trusted_proxies=proxies).proxy_list)
    config.load()
    behind = config.loaded_app
    assert isinstance(behind, ProxyHeadersMiddleware) is bool(proxies)
    address, scheme = expected
    assert ask(behind, client, headers) == [KEYS.digest(f"source {address}/32"), scheme]


@pytest.mark.parametrize(
    ("origin", "host", "status"),
    [
        ("https://enablers.example.org", "enablers.example.org", 422),
        ("https://enablers.example.org", "127.0.0.1:8000", 422),
        ("https://evil.example.org", "enablers.example.org", 403),
        ("https://enablers.example.org.evil.example", "127.0.0.1:8000", 403),
        ("null", "enablers.example.org", 403),
    ],
)
def test_posts_pass_behind_a_proxy_that_ends_tls_and_foreign_ones_do_not(
    tmp_path: Path, origin: str, host: str, status: int
) -> None:
    app = create_app(
        Settings(
            database_url=f"sqlite:///{tmp_path / 'proxied.db'}",
            public_url="https://enablers.example.org",
            trusted_hosts="enablers.example.org,127.0.0.1",
        )
    )
    client = TestClient(app, base_url=f"http://{host}")
    assert client.post("/sign-in", data={"email": "?"}, headers={"Origin": origin}).status_code == status
    app.state.database.close()


def test_whoever_asks_too_often_is_told_to_wait(browse: SignedIn, database: Database) -> None:
    visitor = browse(None)
    for number in range(MOST[Slowed.LINK_REQUEST]):
        assert visitor.post("/sign-in", data={"email": f"{number}@harrow.example"}).status_code == 200
    known = visitor.post("/sign-in", data={"email": "officer@harrow.example"})
    unknown = visitor.post("/sign-in", data={"email": "nobody@harrow.example"})
    assert known.status_code == unknown.status_code == 429
    assert known.text == unknown.text
    assert known.headers["retry-after"] == "900"
    parse(known.text)
    assert title(known.text).startswith("Wait a little")
    assert links(known.text)["Ask for a new sign-in link"] == "/sign-in"


def test_whoever_guesses_too_often_is_told_to_wait_and_a_right_link_still_works(
    browse: SignedIn, database: Database, world: World
) -> None:
    signed_in, visitor = browse(world.officer), browse(None)
    statuses = [visitor.post(f"/sign-in/guess{number}").status_code for number in range(35)]
    assert statuses == [410] * MOST[Slowed.FAILED_TOKEN] + [429] * 5
    assert signed_in.get("/assessments").status_code == 200
    token = ask_for_token(database, "officer@harrow.example")
    assert visitor.post(f"/sign-in/{token}").status_code == 200


@pytest.mark.parametrize(("host", "is_limited"), [("127.0.0.1", False), ("::1", False), ("192.0.2.1", True)])
def test_the_demonstration_slows_nobody_on_its_own_machine(
    browse: SignedIn, tmp_path: Path, *, host: str, is_limited: bool
) -> None:
    app = create_app(Settings(database_url=f"sqlite:///{tmp_path / 'plain.db'}", secure_cookies=False))
    app.state.demonstration = True
    list_sources(app)
    assert (ask(app, host)[0] != UNLIMITED) is is_limited
    app.state.database.close()


def test_over_https_only_browsers_are_told_to_stay_there(app: FastAPI, browse: SignedIn) -> None:
    reply = TestClient(app, base_url="http://127.0.0.1").get("/")
    assert reply.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in browse(None).get("/").headers


def test_no_mailed_link_names_the_host_that_was_asked_for(tmp_path: Path, browse: SignedIn, database: Database) -> None:
    app = create_app(
        Settings(
            database_url=database.url.render_as_string(hide_password=False), trusted_hosts="*", secure_cookies=False
        )
    )
    app.state.clock = lambda: NOW
    client = TestClient(app, base_url="http://evil.example")
    reply = client.post("/sign-in", data={"email": "officer@harrow.example", "next": "/rounds"})
    assert reply.status_code == httpx2.codes.OK
    with database.reading() as session:
        (mail,) = session.connection().exec_driver_sql("SELECT subject, body, path FROM mails").all()
    assert "evil" not in " ".join(mail)
    assert mail.path.startswith("/sign-in/")
    assert mail.path.endswith("?next=/rounds")
    app.state.database.close()
