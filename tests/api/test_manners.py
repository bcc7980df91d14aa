"""What holds for every reply of the API, whichever route: how many requests are left, an id, no other site, methods."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.rates import MOST_COUNTED, Rates
from app.domain.access import Role
from app.main import create_app
from app.services import Database
from app.settings import Settings
from tests.api.conftest import ADDRESS
from tests.api.problems import read_problem
from tests.api_clients import add_person, bearer, make_client
from tests.house.routes import Route, list_routes

NOTHING_THERE = "/api/v1/nothing"
PUBLIC = "/api/v1/questionnaires"
RESULTS = "/api/v1/results"
HERE = ("127.0.0.1", 50_000)
ELSEWHERE = ("198.51.100.7", 50_000)
UNKNOWN = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def routes(api_app: FastAPI) -> list[Route]:
    """Every route of the API, braces filled."""
    filled = []
    for route in list_routes(api_app):
        if route.path.startswith("/api/v1/"):
            path = route.path.replace("{questionnaire_id}", "local-partners").replace("{version}", "1")
            path = re.sub(r"\{\w+_id\}", UNKNOWN, path)
            filled.append(Route(route.method, re.sub(r"\{\w+\}", "shared-picture", path), route.words, signed_in=False))
    return filled


class Clock:
    """A clock that a test sets."""

    now = 600.0

    def __call__(self) -> float:
        return self.now


@contextmanager
def limited(
    database: Database, *, per_token: int = 600, per_network: int = 60, demonstration: bool = False
) -> Iterator[FastAPI]:
    app = create_app(
        Settings(
            database_url=database.url.render_as_string(hide_password=False),
            api_rate_per_token=per_token,
            api_rate_per_network=per_network,
            demonstration=demonstration,
        )
    )
    app.state.api_rates._clock = Clock()  # no minute ends in the middle of a test
    yield app
    app.state.database.close()


def open_from(app: FastAPI, where: tuple[str, int]) -> TestClient:
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False, client=where)


# ---- How many requests are left --------------------------------------------------------------------------------------


def test_every_reply_of_the_api_says_how_many_requests_are_left(client: TestClient, routes: list[Route]) -> None:
    for method, path in [*((route.method, route.path) for route in routes), ("GET", NOTHING_THERE), ("PUT", PUBLIC)]:
        headers = client.request(method, path).headers
        assert re.fullmatch(r'"network";q=\d+;w=60', headers["ratelimit-policy"]), path
        assert re.fullmatch(r'"network";r=\d+;t=\d+', headers["ratelimit"]), path
    refused = client.get(PUBLIC, headers={"Host": "evil.example"})
    assert (refused.status_code, "ratelimit" in refused.headers) == (400, True)


def test_pages_are_not_counted(client: TestClient) -> None:
    for path in ("/", "/api", "/health/live", "/nothing"):
        assert "ratelimit" not in client.get(path).headers


def test_one_request_too_many_is_a_problem_that_says_when_to_come_back(database: Database) -> None:
    with limited(database, per_network=3) as app:
        client = open_from(app, ELSEWHERE)
        replies = [client.get(PUBLIC) for _ in range(3)]
        assert [reply.status_code for reply in replies] == [200, 200, 200]
        assert [reply.headers["ratelimit"].split(";")[1] for reply in replies] == ["r=2", "r=1", "r=0"]
        refused = client.get(PUBLIC)
        problem = read_problem(refused, 429)
        assert problem["type"] == "/api#problem-too-many-attempts"
        assert 1 <= int(refused.headers["retry-after"]) <= 60
        assert f"t={refused.headers['retry-after']}" in refused.headers["ratelimit"]
        assert refused.headers["x-content-type-options"] == "nosniff"
        assert (client.head(PUBLIC).status_code, client.head(PUBLIC).content) == (429, b"")
        assert client.get("/").status_code == 200
        assert open_from(app, ("198.51.100.8", 1)).get(PUBLIC).status_code == 200


def test_a_token_has_a_number_of_its_own(database: Database) -> None:
    administrator = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    made, other = (make_client(database, administrator, "results:read") for _ in range(2))
    with limited(database, per_token=4, per_network=2) as app:
        client = open_from(app, ELSEWHERE)
        # What is not known to be right yet counts for the network, like what is made up.
        assert client.get(RESULTS, headers=bearer(made)).headers["ratelimit-policy"] == '"network";q=2;w=60'
        replies = [client.get(RESULTS, headers=bearer(made)) for _ in range(5)]
        assert [reply.status_code for reply in replies] == [200, 200, 200, 200, 429]
        assert replies[0].headers["ratelimit"].startswith('"token";r=3')
        assert "from your token" in read_problem(replies[-1], 429)["detail"]
        assert client.get(RESULTS, headers=bearer(other)).status_code == 200


def test_whoever_makes_up_tokens_is_stopped_and_holds_up_no_token_that_is_right(database: Database) -> None:
    made = make_client(database, add_person(database, Role.CENTRAL_ADMINISTRATOR), "results:read")
    with limited(database, per_network=10) as app:
        client = open_from(app, ELSEWHERE)
        assert client.get(RESULTS, headers=bearer(made)).status_code == 200
        guesses = [client.get(RESULTS, headers=bearer(f"enb_{number}")).status_code for number in range(12)]
        assert guesses == [401] * 9 + [429] * 3
        free = [client.get(PUBLIC, headers=bearer(f"enb_free_{number}")).status_code for number in range(3)]
        assert free == [429] * 3
        assert client.get(RESULTS, headers=bearer(made)).status_code == 200


def test_the_demonstration_counts_nobody_on_its_own_machine(database: Database) -> None:
    with limited(database, per_network=2, demonstration=True) as app:
        for _ in range(4):
            assert open_from(app, HERE).get(PUBLIC).status_code == 200
        assert [open_from(app, ELSEWHERE).get(PUBLIC).status_code for _ in range(3)] == [200, 200, 429]


def test_a_service_in_earnest_counts_its_own_machine(database: Database) -> None:
    with limited(database, per_network=2) as app:
        assert [open_from(app, HERE).get(PUBLIC).status_code for _ in range(3)] == [200, 200, 429]


def scope(token: str = "") -> dict[str, Any]:
    sent = [(b"authorization", f"Bearer {token}".encode())] if token else []
    return {"type": "http", "path": PUBLIC, "headers": sent}


def test_a_new_minute_begins_anew_and_a_token_stays_known_for_one_more() -> None:
    clock = Clock()
    rates = Rates(per_token=5, per_network=1, clock=clock)
    rates.measure(scope(), "here")
    assert rates.measure(scope(), "here")[1]
    rates.know("right")
    clock.now += 59.5
    headers, refusal = rates.measure(scope(), "here")
    assert (headers["Retry-After"], bool(refusal)) == ("1", True)
    clock.now += 0.5
    assert not rates.measure(scope(), "here")[1]
    assert rates.measure(scope("right"), "here")[0]["RateLimit"].startswith('"token";r=4')
    clock.now += 60
    assert rates.measure(scope("right"), "here")[0]["RateLimit"].startswith('"network";r=0')


def test_what_is_counted_does_not_grow_without_end() -> None:
    rates = Rates(per_token=1, per_network=1, clock=Clock())
    for number in range(MOST_COUNTED + 10):
        rates.measure(scope(), f"network {number}")
    assert len(rates._counts) == MOST_COUNTED + 1
    assert rates.measure(scope(), "one more")[1]


# ---- The id of a request ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/nothing", "/account", "/static/nothing", PUBLIC, NOTHING_THERE, RESULTS])
@pytest.mark.parametrize(
    ("given", "is_taken"),
    [("a", True), ("A-z_0.9", True), ("x" * 100, True), ("", False), ("x" * 101, False), ("a b", False), ("é", False)],
)
def test_every_reply_has_the_id_of_its_request(client: TestClient, path: str, given: str, *, is_taken: bool) -> None:
    reply = client.get(path, headers=[(b"X-Request-Id", given.encode("latin-1"))], follow_redirects=False)
    (found,) = reply.headers.get_list("x-request-id")
    assert (found == given) is is_taken
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,100}", found)


def test_every_request_has_another_id(client: TestClient) -> None:
    assert len({client.get(PUBLIC).headers["x-request-id"] for _ in range(5)}) == 5


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", [PUBLIC, "/questionnaires/local-partners/versions/1"])
def test_what_fails_is_told_with_the_id_and_the_headers_of_any_reply(
    api_app: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture, method: str, path: str
) -> None:
    catalogue = api_app.state.catalogue
    try:
        api_app.state.catalogue = None
        with caplog.at_level(logging.ERROR, "enablers"):
            reply = client.request(method, path, headers={"X-Request-Id": "abc-1"})
    finally:
        api_app.state.catalogue = catalogue
    assert reply.status_code == 500
    assert reply.headers["x-request-id"] == "abc-1"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert bool(reply.content) is (method == "GET")
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{method} /")
    assert record.getMessage().endswith("failed (request abc-1)")
    assert record.exc_info


def test_a_log_line_names_no_path_that_could_open_a_door(
    api_app: FastAPI, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    keys = api_app.state.token_keys
    try:
        api_app.state.token_keys = None
        with caplog.at_level(logging.ERROR, "enablers"):
            assert client.get("/invitations/a-secret-token").status_code == 500
    finally:
        api_app.state.token_keys = keys
    (record,) = caplog.records
    assert record.getMessage().startswith("GET /invitations/{token} failed")


# ---- Other sites, and methods ----------------------------------------------------------------------------------------


def test_no_route_opens_to_another_site(client: TestClient, routes: list[Route]) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for route in routes:
        for method in (route.method, "OPTIONS"):
            reply = client.request(method, route.path, headers=asked)
            assert [name for name in reply.headers if name.startswith("access-control")] == [], route
            assert reply.headers["cross-origin-resource-policy"] == "same-origin"


def test_every_route_answers_options_and_head(client: TestClient, routes: list[Route]) -> None:
    paths = {route.path for route in routes}
    for path in paths:
        methods = {route.method for route in routes if route.path == path} | {"OPTIONS"}
        methods |= {"HEAD"} if "GET" in methods else set()
        reply = client.options(path)
        assert (reply.status_code, reply.content) == (204, b""), path
        assert set(reply.headers["allow"].split(", ")) == methods, path
        got, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.headers["content-type"] == got.headers["content-type"], path
        assert (got.status_code == 405) is ("GET" not in methods), path


@pytest.mark.parametrize("name", ["API_RATE_PER_TOKEN", "API_RATE_PER_NETWORK"])
def test_a_rate_that_would_let_nobody_in_stops_the_start(name: str) -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        Settings(**{name.lower(): 0})  # type: ignore[arg-type]
