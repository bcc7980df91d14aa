"""Webhooks as machines meet them: made, tried, looked at, replayed and ended, by their own client alone."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.api.schemas_webhooks import Delivery, DeliveryList, NewWebhook, Webhook, WebhookList
from app.catalogue import Catalogue
from app.domain.access import Actor, Role
from app.domain.webhooks import MOST_WEBHOOKS
from app.main import create_app, make_means
from app.outgoing import Poster
from app.services import Database, api_clients, assessing
from app.services.api_clients import MadeToken
from app.services.limiting import MOST, Slowed
from app.services.working.hooking import send_messages
from app.settings import Settings
from app.store.models import new_id
from tests.api.hostile import list_bodies
from tests.api.problems import read_problem
from tests.api_clients import ADDRESS, add_person, bearer, make_client, serving
from tests.people import NOW, World, answer_all, make_world
from tests.receivers import running_receiver
from tests.working import Postbag
from tests.working import make_means as make_test_means

PATH = "/api/v1/webhooks"
HOOK = {"url": "https://hooks.example.org/in", "events": ["assessment.submitted", "release.published"]}


@dataclass
class Hooked:
    """The service, with a client that may read everything."""

    database: Database
    questionnaires: Catalogue
    world: World
    administrator: Actor
    token: MadeToken
    http: TestClient

    def ask(self, method: str, path: str = "", token: MadeToken | None = None, **given: Any) -> Any:  # noqa: ANN401
        """Ask with a token."""
        return self.http.request(method, f"{PATH}{path}", headers=bearer(token or self.token), **given)

    def make(self, **changes: object) -> dict[str, Any]:
        """Make a webhook."""
        reply = self.ask("POST", json={**HOOK, **changes})
        assert reply.status_code == 201, reply.text
        made: dict[str, Any] = reply.json()
        return made


@pytest.fixture
def hooked(database: Database, questionnaires: Catalogue) -> Iterator[Hooked]:
    world = make_world(database, questionnaires.get("local-partners", 1))
    administrator = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    with serving(database) as (http, _):
        token = make_client(database, administrator, "results:read", "releases:read")
        yield Hooked(database, questionnaires, world, administrator, token, http)


def test_a_webhook_is_made_with_its_secret_shown_once(hooked: Hooked) -> None:
    reply = hooked.ask("POST", json=HOOK)
    made = reply.json()
    NewWebhook.model_validate(made)
    assert reply.status_code == 201
    assert reply.headers["location"] == f"{PATH}/{made['id']}"
    assert reply.headers["cache-control"] == "no-store"
    assert len(base64.b64decode(made["secret"].removeprefix("whsec_"), validate=True)) == 32
    found, listed = hooked.ask("GET", f"/{made['id']}"), hooked.ask("GET")
    Webhook.model_validate(found.json())
    WebhookList.model_validate(listed.json())
    assert listed.json() == {"items": [found.json()], "next_cursor": None}
    assert {**found.json(), "secret": made["secret"]} == made
    assert made["secret"] not in found.text + listed.text
    assert made["events"] == HOOK["events"]
    assert hooked.make()["secret"] != made["secret"]


def test_an_event_that_is_named_twice_is_one(hooked: Hooked) -> None:
    assert hooked.make(events=["release.published"] * 2)["events"] == ["release.published"]


def test_it_is_ended_once(hooked: Hooked) -> None:
    made = hooked.make()
    reply = hooked.ask("DELETE", f"/{made['id']}")
    assert (reply.status_code, reply.content) == (204, b"")
    for method, path in (("DELETE", ""), ("GET", ""), ("POST", "/ping"), ("GET", "/deliveries")):
        read_problem(hooked.ask(method, f"/{made['id']}{path}"), 404)
    assert hooked.ask("GET").json()["items"] == []


BAD: list[tuple[dict[str, object], str]] = [
    ({"url": "http://hooks.example.org/"}, "/url"),
    ({"url": "http://127.0.0.1:9000/"}, "/url"),
    ({"url": "https://169.254.169.254/latest"}, "/url"),
    ({"url": "https://[::ffff:127.0.0.1]/"}, "/url"),
    ({"url": "https://user:pass@hooks.example.org/"}, "/url"),
    ({"url": "https://hooks.example.org:22/"}, "/url"),
    ({"url": "https://hooks.example.org/\r\nX: 1"}, "/url"),
    ({"url": ""}, "/url"),
    ({"url": "https://hooks.example.org/" + "x" * 2000}, "/url"),
    ({"url": 1}, "/url"),
    ({"url": None}, "/url"),
    ({"events": []}, "/events"),
    ({"events": "release.published"}, "/events"),
    ({"events": ["webhook.ping"]}, "/events/0"),
    ({"events": ["release.published", True]}, "/events/1"),
    ({"events": ["release.published"] * 5}, "/events"),
    ({"secret": "whsec_mine"}, "/secret"),
]


@pytest.mark.parametrize(("changes", "pointer"), BAD, ids=range(len(BAD)))
def test_what_cannot_be_a_webhook_is_refused_with_its_place(
    hooked: Hooked, changes: dict[str, object], pointer: str
) -> None:
    problem = read_problem(hooked.ask("POST", json={**HOOK, **changes}), 422)
    assert [fault["pointer"] for fault in problem["errors"]] == [pointer]
    assert hooked.ask("GET").json()["items"] == []


def test_every_hostile_body_gets_a_problem(hooked: Hooked) -> None:
    headers = bearer(hooked.token, **{"Content-Type": "application/json"})
    for _, body, status in list_bodies():
        read_problem(hooked.http.post(PATH, content=body, headers=headers), status)


@pytest.mark.parametrize("path", ["/x", "/0", f"/{'9' * 400}", "/x/ping", "/x/deliveries"])
def test_what_is_no_id_is_refused(hooked: Hooked, path: str) -> None:
    method = "POST" if path.endswith("ping") else "GET"
    read_problem(hooked.ask(method, path), 422)


def test_it_takes_a_token_and_its_scopes(hooked: Hooked) -> None:
    made = hooked.make()
    for method, path in (
        ("POST", ""),
        ("GET", ""),
        ("GET", f"/{made['id']}"),
        ("DELETE", f"/{made['id']}"),
        ("POST", f"/{made['id']}/ping"),
        ("GET", f"/{made['id']}/deliveries"),
        ("POST", f"/{made['id']}/deliveries/{new_id()}/replay"),
    ):
        reply = hooked.http.request(method, f"{PATH}{path}", json=HOOK if (method, path) == ("POST", "") else None)
        read_problem(reply, 401)
    results_alone = make_client(hooked.database, hooked.administrator, "results:read")
    read_problem(hooked.ask("POST", token=results_alone, json=HOOK), 403)
    assert hooked.ask("POST", token=results_alone, json={**HOOK, "events": HOOK["events"][:1]}).status_code == 201
    read_problem(hooked.ask("GET", f"/{made['id']}", token=results_alone), 404)


def test_too_many_webhooks_and_pings_are_told_apart(hooked: Hooked) -> None:
    ids = [hooked.make()["id"] for _ in range(MOST_WEBHOOKS)]
    read_problem(hooked.ask("POST", json=HOOK), 409)
    statuses = [hooked.ask("POST", f"/{ids[0]}/ping").status_code for _ in range(MOST[Slowed.WEBHOOK_BY_HAND] + 1)]
    assert set(statuses[:-1]) == {202}
    reply = hooked.ask("POST", f"/{ids[0]}/ping")
    read_problem(reply, 429)
    assert int(reply.headers["retry-after"]) > 0


def test_deliveries_come_page_by_page_the_newest_first_while_more_are_written(hooked: Hooked) -> None:
    made = hooked.make()
    pings = [hooked.ask("POST", f"/{made['id']}/ping").json()["id"] for _ in range(5)]
    path = f"/{made['id']}/deliveries"
    first = hooked.ask("GET", path, params={"limit": 2})
    DeliveryList.model_validate(first.json())
    hooked.ask("POST", f"/{made['id']}/ping")
    told = [each["id"] for each in first.json()["items"]]
    page = first
    while "next" in page.links:
        page = hooked.http.get(page.links["next"]["url"], headers=bearer(hooked.token))
        told += [each["id"] for each in page.json()["items"]]
    assert told == pings[::-1]
    assert page.json()["next_cursor"] is None
    assert len(hooked.ask("GET", path).json()["items"]) == 6


def test_a_webhook_and_a_message_are_made_once_with_one_key(hooked: Hooked) -> None:
    def send(path: str, key: str = "k", token: MadeToken | None = None, **given: Any) -> Response:  # noqa: ANN401
        headers = bearer(token or hooked.token, **{"Idempotency-Key": key})
        reply: Response = hooked.http.post(f"{PATH}{path}", headers=headers, **given)
        return reply

    made, again = send("", json=HOOK), send("", json=HOOK)
    assert (made.status_code, made.content) == (again.status_code, again.content)
    assert made.headers["location"] == again.headers["location"]
    assert again.json()["secret"]
    assert read_problem(send("", json={**HOOK, "events": HOOK["events"][:1]}), 422)["type"].endswith("key-used")
    one = f"/{made.json()['id']}"
    assert [each["id"] for each in hooked.ask("GET").json()["items"]] == [made.json()["id"]]
    ping, same, other = send(f"{one}/ping"), send(f"{one}/ping"), send(f"{one}/ping", "another")
    assert (ping.status_code, ping.content) == (same.status_code, same.content)
    assert {each["id"] for each in hooked.ask("GET", f"{one}/deliveries").json()["items"]} == {
        ping.json()["id"],
        other.json()["id"],
    }
    replay = f"{one}/deliveries/{ping.json()['id']}/replay"
    assert send(replay).content == send(replay).content
    hooked.ask("DELETE", one)
    read_problem(send(f"{one}/ping"), 404)
    api_clients.revoke(hooked.database, hooked.administrator, hooked.token.client_id, datetime.now(UTC))
    read_problem(send("", json=HOOK), 401)


def test_every_operation_that_writes_what_it_is_sent_takes_a_key(hooked: Hooked) -> None:
    """But for the reading of answers that are sent along, and for tokens, which are kept as digests alone."""
    described = hooked.http.get("/api/v1/openapi.json").json()["paths"]
    without = {"/api/v1/gap-reports", "/api/v1/oauth/token"}
    for path, methods in described.items():
        if "post" in methods and path not in without:
            names = {each["name"] for each in methods["post"]["parameters"]}
            assert "Idempotency-Key" in names, path
            examples = methods["post"]["responses"]["409"]["content"]["application/problem+json"]["examples"]
            assert "in-progress" in examples, path


@pytest.mark.parametrize("cursor", ["x", "AAAA", "é", "MjAyNi0xMS0wMg", "!!!!", "0" * 200])
def test_a_bad_cursor_is_an_error_and_no_empty_page(hooked: Hooked, cursor: str) -> None:
    made = hooked.make()
    problem = read_problem(hooked.ask("GET", f"/{made['id']}/deliveries", params={"cursor": cursor}), 422)
    assert problem["errors"][0]["pointer"] == "/cursor"


def test_a_message_arrives_is_listed_and_can_be_replayed(database: Database, questionnaires: Catalogue) -> None:
    """From the deed to a receiver on this machine, which the operator allowed; its link leads to the result."""
    world = make_world(database, questionnaires.get("local-partners", 1))
    key = assessing.start(database, questionnaires, world.officer, world.partnership, world.round, world.council, NOW)
    answer_all(database, questionnaires, world.officer, key)
    token = make_client(database, add_person(database, Role.CENTRAL_ADMINISTRATOR), "results:read", "releases:read")
    url = database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, webhooks_to_loopback=True))
    means = make_test_means(database, questionnaires, Postbag(), poster=Poster(to_loopback=True))
    http = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False, headers=bearer(token))
    with running_receiver() as receiver:
        made = http.post(PATH, json={**HOOK, "url": receiver.url}).json()
        deliveries = f"{PATH}/{made['id']}/deliveries"
        moment = datetime.now(UTC)
        assessing.submit(database, questionnaires, world.officer, key, NOW)
        (waiting,) = http.get(deliveries).json()["items"]
        assert (waiting["status"], waiting["attempts"], waiting["reply_status"]) == ("waiting", 0, None)
        assert waiting["next_attempt_at"] is not None
        receiver.answer(500)
        send_messages(means, moment)
        (failed,) = http.get(deliveries).json()["items"]
        assert (failed["status"], failed["attempts"], failed["reply_status"]) == ("waiting", 1, 500)
        assert "500" in failed["error"]
        receiver.answer(200)
        replayed = http.post(f"{deliveries}/{failed['id']}/replay")
        Delivery.model_validate(replayed.json())
        assert (replayed.status_code, replayed.json()["attempts"]) == (202, 0)
        send_messages(means, datetime.now(UTC) + timedelta(seconds=1))
        (arrived,) = http.get(deliveries).json()["items"]
    Delivery.model_validate(arrived)
    assert (arrived["status"], arrived["reply_status"], arrived["error"]) == ("delivered", 200, None)
    assert arrived["next_attempt_at"] is None
    assert arrived["payload"] == waiting["payload"]
    assert [each.headers["Webhook-Id"] for each in receiver.received] == [arrived["id"]] * 2
    data = arrived["payload"]["data"]
    (result,) = http.get(data["url"]).json()["items"]
    assert (result["id"], result["position"]) == (str(key.assessment_id), data["position"])
    read_problem(http.post(f"{deliveries}/{new_id()}/replay"), 404)
    app.state.database.close()


def test_this_machine_is_reached_only_by_the_setting(database: Database, questionnaires: Catalogue) -> None:
    url = database.url.render_as_string(hide_password=False)
    for allowed in (False, True):
        settings = Settings(database_url=url, webhooks_to_loopback=allowed)
        assert make_means(settings, database, questionnaires).poster.to_loopback is allowed
    assert Settings().webhooks_to_loopback is False
