"""Whatever is sent: a problem with its reason, never a traceback, never a 500, alike on both databases."""

import json
import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.bodies import read_json
from app.api.kinds import FAILURE, NOT_FOUND
from app.api.problems import InvalidError, MalformedJsonError, TooLargeError, find_kind
from app.catalogue import QuestionnaireMissingError
from app.domain.access import Role
from app.domain.errors import EnablersError, NotFoundError
from app.main import create_app
from app.services import Database
from app.settings import Settings
from tests.api.conftest import ADDRESS
from tests.api.hostile import BROKEN, LARGEST, TOO_MANY, UNUSABLE, list_bodies
from tests.api.problems import read_pointers, read_problem
from tests.api.test_client import DESCRIPTION
from tests.api_clients import add_person, bearer, make_client, serving
from tests.servers import running_server

UNKNOWN = "00000000-0000-7000-8000-000000000000"
HOOK = f"/api/v1/webhooks/{UNKNOWN}"
JSON = {"Content-Type": "application/json"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "BREW")
KNOWN = {"questionnaire_id": "local-partners", "version": "1", "question": "shared-picture"}
"""What to put into the braces of paths; elsewhere the id of nothing."""


def fill(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: KNOWN.get(found[1], UNKNOWN), path)


DESCRIBED: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
METHODS_OF = {fill(path): {method.upper() for method in methods} for path, methods in DESCRIBED["paths"].items()}
ALLOWED = {
    path: ", ".join(sorted(methods | {"OPTIONS"} | ({"HEAD"} if "GET" in methods else set())))
    for path, methods in METHODS_OF.items()
}
PATHS = tuple(ALLOWED)


def list_operations(description: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    """Give each method and path, braces filled, and whether it takes a body of JSON."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), fill(path), "application/json" in operation.get("requestBody", {}).get("content", {})


def test_every_route_refuses_every_hostile_body(database: Database, description: dict[str, Any]) -> None:
    settings = Settings(database_url=database.url.render_as_string(hide_password=False), api_rate_per_token=10**6)
    app = create_app(settings)
    client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
    administrator = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    headers = bearer(make_client(database, administrator, "results:read", "releases:read", "admin:write"), **JSON)
    for method, path, takes_body in list_operations(description):
        for name, body, status in list_bodies():
            reply = client.request(method, path, content=body, headers=headers)
            if takes_body or len(body) > LARGEST:
                read_problem(reply, status)
            else:
                assert reply.status_code in {200, 403, 404, 415, 422}, f"{method} {path}: {name}"
    app.state.database.close()


@pytest.mark.parametrize("body", BROKEN.values(), ids=BROKEN)
def test_json_that_systems_read_differently_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedJsonError):
        read_json(body)


@pytest.mark.parametrize("body", UNUSABLE.values(), ids=UNUSABLE)
def test_json_that_all_systems_read_alike_is_read_but_for_nul(body: bytes) -> None:
    if b"\\u0000" in body:
        with pytest.raises(InvalidError) as refusal:
            read_json(body)
        assert "NUL" in refusal.value.faults[0].detail
    else:
        read_json(body)


@pytest.mark.parametrize("body", TOO_MANY.values(), ids=TOO_MANY)
def test_json_with_too_many_values_is_refused_unread(body: bytes) -> None:
    with pytest.raises(TooLargeError):
        read_json(body)


@pytest.mark.parametrize("name", ["320,000 answers, each an empty list", "a hundred thousand unknown names"])
def test_a_body_of_too_many_values_is_refused_before_anything_of_it_is_made(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Parsing it would keep everybody else waiting, so it must not come to that."""
    monkeypatch.setattr("app.api.bodies._DECODER", None)
    with pytest.raises(TooLargeError):
        read_json(TOO_MANY[name])


@pytest.mark.parametrize("line", ["nonsense", "BREW /api/v1/questionnaires HTTP/1.1", "GET / HTTP/9.9"])
def test_what_is_no_http_gets_a_bare_400_as_the_reference_says(
    api_app: FastAPI, description: dict[str, Any], line: str
) -> None:
    with running_server(api_app) as address:
        host, _, port = address.removeprefix("http://").partition(":")
        with socket.create_connection((host, int(port)), timeout=10) as connection:
            connection.sendall(f"{line}\r\nHost: {host}\r\n\r\n".encode())
            reply = connection.makefile("rb").read().decode()
    assert reply.startswith("HTTP/1.1 400 ")
    assert "content-type: text/plain" in reply
    assert "gets a bare 400 in plain text" in description["info"]["description"]


def test_numbers_and_texts_are_read_as_they_are() -> None:
    text = '{"a": [0, -1, 9007199254740991, 0.1, 1e3, null, true, "\\ud83d\\ude00", "\\\\u0000 é"], "b": {}}'
    expected = {"a": [0, -1, 9007199254740991, 0.1, 1000.0, None, True, "😀", "\\u0000 é"], "b": {}}
    assert read_json(text.encode()) == expected


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Content-Type": ""},
        {"Content-Type": "text/plain"},
        {"Content-Type": "application/x-www-form-urlencoded"},
        {"Content-Type": "multipart/form-data; boundary=x"},
        {"Content-Type": "application/problem+json"},
        {"Content-Type": "application/jsonp"},
        {"Content-Type": "application/json; charset=utf-16"},
        {"Content-Type": "application/json", "Content-Encoding": "gzip"},
        {"Content-Type": b"\xff\xfe"},
        {"Content-Type": ";;;="},
    ],
)
def test_a_body_that_is_not_json_is_refused_by_its_type(client: TestClient, headers: Any) -> None:  # noqa: ANN401
    read_problem(client.post("/api/v1/gap-reports", content=b"{}", headers=headers), 415)


def test_a_body_of_unknown_length_is_cut_off_at_the_limit(client: TestClient) -> None:
    pieces = (b" " * 100_000 for _ in range(50))
    read_problem(client.post("/api/v1/gap-reports", content=pieces, headers=JSON), 413)


def list_whole_numbers(description: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Give method, path and name of each parameter of a query that is a whole number."""
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"]
                if parameter["in"] == "query" and "integer" in json.dumps(schema):
                    yield method.upper(), fill(path), parameter["name"]


def test_a_whole_number_in_a_query_is_digits_alone(database: Database, description: dict[str, Any]) -> None:
    token = make_client(database, add_person(database, Role.CENTRAL_ADMINISTRATOR), "results:read", "releases:read")
    found = list(list_whole_numbers(description))
    assert {name for _, _, name in found} == {"limit", "submission"}
    with serving(database) as (client, _):
        for method, path, name in found:
            for sent in ("1.0", "1.", "1e0", " 1", "1 ", "+1", "-1", "1_0", "0x1", "true", "on", "", "1,0", "١", "1\0"):  # noqa: RUF001
                reply = client.request(method, path, params={name: sent}, headers=bearer(token))
                assert (path, sent, read_pointers(reply)) == (path, sent, [f"/{name}"])
                assert reply.json()["errors"][0]["in"] == "query"
            reply = client.request(method, path, params={name: "1"}, headers=bearer(token))
            assert reply.status_code != 422, path


def test_a_body_at_the_limit_is_read(client: TestClient) -> None:
    body = b'{"questionnaire": "local-partners", "answers": {"shared-picture": "early"}}'
    assert client.post("/api/v1/gap-reports", content=body.ljust(LARGEST), headers=JSON).status_code == 200


@pytest.mark.parametrize("length", ["1000001", "9" * 400])
def test_a_length_over_the_limit_is_enough_to_refuse(client: TestClient, length: str) -> None:
    headers = {**JSON, "Content-Length": length}
    read_problem(client.post("/api/v1/gap-reports", content=b"{}", headers=headers), 413)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", METHODS)
def test_a_method_that_does_not_go_with_the_path_is_told_which_do(client: TestClient, method: str, path: str) -> None:
    reply = client.request(method, path)
    if method == "OPTIONS":
        assert (reply.status_code, reply.content) == (204, b"")
        assert reply.headers["allow"] == ALLOWED[path]
    elif method in ALLOWED[path].split(", "):
        assert reply.status_code in {200, 401, 404, 415, 422}
    else:
        assert reply.headers["allow"] == ALLOWED[path]
        if method == "HEAD":
            assert (reply.status_code, reply.content) == (405, b"")
        else:
            read_problem(reply, 405)


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/nope",
        "/api/v1/questionnaires/",
        "/api/v1/gap-reports/",
        "/api/v1/questionnaires/local-partners/",
        "/api/v1/questionnaires/nope",
        "/api/v1/questionnaires/nope/versions/1",
        "/api/v1/questionnaires/%00/versions/1",
        "/api/v1/questionnaires/%ED%A0%80/versions/1",
        "/api/v1/questionnaires/%FF",
        "/api/v1/questionnaires/..%2F..%2Fetc%2Fpasswd",
        f"/api/v1/questionnaires/{'a' * 50_000}",
        *(
            f"/api/v1/questionnaires/local-partners/versions/{version}"
            for version in (
                "2",
                "0",
                "local-partners@1",
                "-1",
                "01",
                "1.0",
                "+1",
                "1_0",
                "true",
                "%D9%A1",
                "9" * 5_000,
                "1@1",
                "%00",
            )
        ),
    ],
)
def test_what_is_not_there_is_not_found(client: TestClient, path: str) -> None:
    read_problem(client.get(path), 404)


def test_an_error_that_nobody_foresaw_tells_nothing_of_the_inside(api_app: FastAPI, client: TestClient) -> None:
    catalogue = api_app.state.catalogue
    try:
        api_app.state.catalogue = None
        problem = read_problem(client.get("/api/v1/questionnaires"), 500)
    finally:
        api_app.state.catalogue = catalogue
    assert problem["type"] == "/api#problem-failure"
    assert "NoneType" not in str(problem)


def test_an_error_is_of_the_type_of_problem_of_the_nearest_one_it_descends_from() -> None:
    class LostError(NotFoundError):
        """One that nobody told this door of."""

    assert find_kind(LostError()) is NOT_FOUND
    assert find_kind(EnablersError()) is FAILURE
    assert find_kind(QuestionnaireMissingError()) is FAILURE


def test_two_host_names_are_refused_even_where_one_is_ours(client: TestClient) -> None:
    sent = [("Host", "127.0.0.1"), ("Host", "evil.example")]
    assert "more than one host" in read_problem(client.get("/api/v1/codebook", headers=sent), 400)["detail"]


@pytest.mark.parametrize("name", ["Authorization", "Idempotency-Key", "If-Match"])
def test_a_header_that_is_there_twice_is_refused_as_a_proxy_may_have_read_the_other(
    client: TestClient, name: str
) -> None:
    (fault,) = read_problem(client.get("/api/v1/results", headers=[(name, "a"), (name, "b")]), 422)["errors"]
    assert fault == {"pointer": f"/{name}", "detail": "is there twice; keep one of the two", "in": "header"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/api/v1/questionnaires?limit=1&limit=1", "is there twice; keep one of the two"),
        ("/api/v1/questionnaires?cursor=%00", "has the character NUL in it; remove it"),
        ("/api/v1/questionnaires?cursor=", "must not be empty"),
    ],
)
def test_a_query_is_refused_in_our_own_words(client: TestClient, path: str, words: str) -> None:
    assert [fault["detail"] for fault in read_problem(client.get(path), 422)["errors"]] == [words]


def test_a_token_is_asked_for_once_too(client: TestClient) -> None:
    sent = {"grant_type": "password"}
    (fault,) = read_problem(client.post("/api/v1/oauth/token", data=sent), 422)["errors"]
    assert fault == {"pointer": "/grant_type", "detail": "must be client_credentials"}
    read_problem(client.post("/api/v1/oauth/token?a=1&a=2", data=sent), 422)


def test_a_token_is_asked_for_by_a_form_that_says_everything_once(client: TestClient) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    twice = "grant_type=client_credentials&scope=releases%3Aread&scope=results%3Aread"
    problem = read_problem(client.post("/api/v1/oauth/token", content=twice, headers=form), 422)
    assert problem["errors"] == [{"pointer": "/scope", "detail": "is there twice; keep one of the two"}]
    assert problem["error"] == "invalid_scope"
    sent = {"grant_type": "client_credentials"}
    for other in ({"json": sent}, {"data": sent, "files": {"a": b"b"}}, {"content": b""}):
        assert "form-urlencoded" in read_problem(client.post("/api/v1/oauth/token", **other), 415)["detail"]


@pytest.mark.parametrize("path", ["/openapi.json", "/codebook", "/questionnaires/local-partners"])
def test_what_takes_no_parameters_refuses_any(client: TestClient, path: str) -> None:
    (fault,) = read_problem(client.get(f"/api/v1{path}?foo=1"), 422)["errors"]
    assert fault == {"pointer": "/foo", "detail": "is unknown; remove it", "in": "query"}


@pytest.mark.parametrize(
    ("sent", "status", "name"),
    [
        ({"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 422, "unsupported_grant_type"),
        ({"client_id": "x"}, 422, "invalid_request"),
        ({"grant_type": "client_credentials", "scope": "x" * 5001}, 422, "invalid_scope"),
    ],
)
def test_oauth_clients_find_the_name_that_they_look_for(
    client: TestClient, sent: dict[str, str], status: int, name: str
) -> None:
    reply = client.post("/api/v1/oauth/token", data=sent)
    assert read_problem(reply, status)["error"] == name
    assert ("www-authenticate" in reply.headers) is (status == 401)


def test_another_host_name_is_refused_with_a_problem(client: TestClient) -> None:
    read_problem(client.get("/api/v1/questionnaires", headers={"Host": "evil.example"}), 400)


def test_no_other_site_may_read_it(client: TestClient) -> None:
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for reply in (client.get(PATHS[0], headers=headers), client.options(PATHS[3], headers=headers)):
        assert not [name for name in reply.headers if name.startswith("access-control")]
