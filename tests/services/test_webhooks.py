"""Webhooks: told in the transaction of the deed or not at all, to whoever may read of it, until it has arrived."""

import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor, Role
from app.domain.api_access import ApiPass
from app.domain.assessment import AssessmentStatus, Move
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotAllowedError, NotAllowedNowError, NotFoundError, TooManyAttemptsError
from app.domain.records import AssessmentKey
from app.domain.releases import Content
from app.domain.retention import PERIOD_OF, Kind
from app.domain.rounds import SignOff
from app.domain.webhooks import DELAYS, MOST_WEBHOOKS, EventName, StoredDelivery
from app.outgoing import LEADS_NOWHERE, Poster
from app.services import Database, api_clients, assessing, auditing, life, limiting, webhooks
from app.services.limiting import MOST, Slowed
from app.services.webhooks import ENDED, OUT_OF_REACH, TOLD_WITHIN, MadeWebhook
from app.services.working import Means, hooking, run_once
from app.services.working.hooking import BATCH, LEASE, OF_EACH, REST, send_messages, tell_of_releases
from app.store import assessments
from app.store import webhooks as store
from app.store.models import (
    ApiClient,
    ApiToken,
    AuditEntry,
    Membership,
    Person,
    Release,
    Round,
    WebhookDelivery,
    new_id,
)
from tests.api_clients import KEYS, add_person, make_client
from tests.house.documents import list_fences
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, make_world, start_assessment
from tests.receivers import Received, Receiver, raw_server, running_receiver
from tests.released import add_release, make_content
from tests.statements import counted_statements
from tests.working import Postbag, make_means

ALL = tuple(EventName)
HOOK = "https://hooks.example.org/in"
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.ANOTHER_PERSON)


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World, cast: Cast) -> AssessmentKey:
    """An assessment with every question answered."""
    del cast
    key = start_assessment(database, questionnaires, world)
    answer_all(database, questionnaires, world.officer, key)
    return key


@pytest.fixture
def administrator(cast: Cast) -> Actor:
    return cast.administrator


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


@pytest.fixture
def means(database: Database, questionnaires: Catalogue) -> Means:
    return make_means(database, questionnaires, Postbag(), poster=Poster(to_loopback=True, seconds=1))


def let_in(database: Database, actor: Actor, *scopes: str) -> ApiPass:
    """Make a client of somebody's, as it comes with its token."""
    made = make_client(database, actor, *(scopes or ("results:read", "releases:read")), now=NOW)
    return api_clients.authenticate(database, made.token, NOW, KEYS)


def make_hook(
    database: Database, who: ApiPass, url: str = HOOK, *events: EventName, now: datetime = NOW
) -> MadeWebhook:
    return webhooks.create(database, who, url, events or ALL, now, to_loopback=True)


def list_told(database: Database) -> list[WebhookDelivery]:
    with database.reading() as session:
        return list(session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.written_at, WebhookDelivery.id)))


def ping(database: Database, who: ApiPass, hook: MadeWebhook, now: datetime = NOW) -> StoredDelivery:
    return webhooks.ping(database, who, hook.webhook.id, now)


# ---- Written with the deed -------------------------------------------------------------------------------------------


def test_a_deed_is_told_in_ids_alone(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, administrator: Actor
) -> None:
    make_hook(database, let_in(database, administrator))
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    (told,) = list_told(database)
    payload = json.loads(told.payload)
    assert (told.event, payload["type"], payload["id"]) == ("assessment.submitted",) * 2 + (str(told.id),)
    assert payload["timestamp"] == "2026-11-02T09:30:00.000000Z"
    assert payload["data"] == {
        "assessment": str(key.assessment_id),
        "partnership": str(world.partnership),
        "round": str(world.round),
        "organisation": str(world.council),
        "position": 1,
        "url": f"/api/v1/results?updated_since=2026-11-02T09%3A30%3A00.000000Z"
        f"&partnership={world.partnership}&round={world.round}",
    }


def test_each_move_is_told_once(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, key: AssessmentKey
) -> None:
    make_hook(database, let_in(database, cast.administrator))
    moves: tuple[Callable[[datetime], None], ...] = (
        lambda now: assessing.submit(database, questionnaires, world.officer, key, now),
        lambda now: life.request_changes(database, cast.certifier, key, 1, "Look at question 3.", now),
        lambda now: assessing.submit(database, questionnaires, world.officer, key, now),
        lambda now: life.sign_off(database, cast.certifier, key, 2, now),
        lambda now: life.reopen(database, cast.coordinator, key, 2, "Question 4 is wrong.", now),
    )
    for number, move in enumerate(moves):
        move(NOW + number * HOUR)
        move(NOW + number * HOUR + SECOND)  # a second click
    told = list_told(database)
    events = [each.event.removeprefix("assessment.") for each in told]
    assert events == ["submitted", "reopened", "submitted", "signed-off", "reopened"]
    assert [json.loads(each.payload)["data"]["position"] for each in told] == [1, 2, 3, 4, 5]
    assert len({each.id for each in told}) == 5
    everything = " ".join(each.payload for each in told)
    for words in ("Look at question 3", "Officer", "Harrow", "Autumn", "dont-know"):
        assert words not in everything


@pytest.mark.parametrize("deed", ["submit", "sign off"])
def test_what_was_undone_is_not_told(
    database: Database,
    questionnaires: Catalogue,
    cast: Cast,
    key: AssessmentKey,
    deed: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_hook(database, let_in(database, cast.administrator))
    deeds: dict[str, Callable[[], None]] = {
        "submit": lambda: assessing.submit(database, questionnaires, cast.world.officer, key, NOW),
        "sign off": lambda: life.sign_off(database, cast.certifier, key, 1, NOW),
    }
    if deed == "sign off":
        deeds["submit"]()
    before = len(list_told(database))
    written = []

    def fail(session: Any, *_args: object, **_given: object) -> None:  # noqa: ANN401
        written.append(len(session.scalars(select(WebhookDelivery.id)).all()))
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(auditing, "record", fail)
        with pytest.raises(KeyboardInterrupt):
            deeds[deed]()
    assert written == [before + 1], "it was there, and went with the deed"
    assert len(list_told(database)) == before


def test_without_a_webhook_a_deed_costs_one_statement_more(
    database: Database, questionnaires: Catalogue, cast: Cast, key: AssessmentKey
) -> None:
    assessing.submit(database, questionnaires, cast.world.officer, key, NOW)
    with database.writing() as session, counted_statements(database) as statements:
        webhooks.note_move(session, key, Move.SIGN_OFF, NOW)
    assert len([each for each in statements if each != "BEGIN"]) == 1


SUBMITTED = EventName.ASSESSMENT_SUBMITTED


def test_each_client_is_told_what_its_scopes_reach_and_no_more(
    database: Database, questionnaires: Catalogue, cast: Cast, key: AssessmentKey
) -> None:
    world = cast.world
    here, this_round = f"results:read:partnership={world.partnership}", f"results:read:round={world.round}"
    expected = {
        "everything": (cast.administrator, ("results:read",), True),
        "this partnership": (cast.administrator, (here,), True),
        "this round": (cast.administrator, (this_round,), True),
        "another partnership": (cast.administrator, (f"results:read:partnership={new_id()}",), False),
        "another round": (cast.administrator, (f"results:read:round={new_id()}",), False),
        "its own organisation": (world.officer, (here,), True),
        "another organisation": (world.manager, (here,), False),
        "a partnership whose round is open": (cast.coordinator, (here,), False),
    }
    hooks = {
        name: make_hook(database, let_in(database, actor, *scopes), HOOK, SUBMITTED).webhook.id
        for name, (actor, scopes, _) in expected.items()
    }
    others = let_in(database, cast.administrator, "results:read")
    make_hook(database, others, HOOK, EventName.ASSESSMENT_SIGNED_OFF)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    told = {each.webhook_id for each in list_told(database)}
    assert told == {hooks[name] for name, (_, _, is_told) in expected.items() if is_told}
    assert len({each.id for each in list_told(database)}) == 1, "one event, one id"
    with database.writing() as session:
        session.execute(update(Round).values(closed_at=NOW))
        assessments.set_status(session, key, AssessmentStatus.IN_PROGRESS, world.officer.person_id, NOW)
    assessing.submit(database, questionnaires, world.officer, key, NOW + HOUR)
    again = [each.webhook_id for each in list_told(database) if each.written_at == NOW + HOUR]
    assert set(again) == told | {hooks["a partnership whose round is open"]}


def test_who_has_ended_is_not_told(
    database: Database, questionnaires: Catalogue, cast: Cast, key: AssessmentKey
) -> None:
    ended, revoked, demoted, expired = (let_in(database, cast.administrator, "results:read") for _ in range(4))
    hooks = [make_hook(database, who, HOOK, SUBMITTED) for who in (ended, revoked, expired)]
    analyst = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    demoted = let_in(database, analyst, "results:read")
    make_hook(database, demoted, HOOK, SUBMITTED)
    webhooks.end(database, ended, hooks[0].webhook.id, NOW)
    api_clients.revoke(database, cast.administrator, revoked.client_id, NOW)
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == analyst.person_id))
        session.execute(update(ApiToken).where(ApiToken.client_id == expired.client_id).values(expires_at=NOW))
    assessing.submit(database, questionnaires, cast.world.officer, key, NOW)
    assert list_told(database) == []


# ---- Releases --------------------------------------------------------------------------------------------------------


@pytest.fixture
def content(questionnaires: Catalogue) -> Content:
    return make_content(questionnaires.get("local-partners", 1), {})


def test_a_release_is_told_once_when_its_date_has_come(means: Means, cast: Cast, content: Content) -> None:
    database = means.database
    hook = make_hook(database, let_in(database, cast.administrator))
    make_hook(database, let_in(database, cast.administrator, "results:read"), HOOK, SUBMITTED)
    release = add_release(database, cast.world, content, publishes_at=NOW + HOUR)
    assert tell_of_releases(means, NOW + HOUR - SECOND) == ""
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: tell_of_releases(means, NOW + HOUR), range(4)))
    assert tell_of_releases(means, NOW + 2 * HOUR) == ""
    (told,) = list_told(database)
    assert (told.webhook_id, told.id, told.event) == (hook.webhook.id, release, "release.published")
    payload = json.loads(told.payload)
    assert payload["timestamp"] == "2026-11-02T10:30:00.000000Z"
    assert payload["data"] == {
        "release": str(release),
        "round": str(cast.world.round),
        "number": 1,
        "url": f"/api/v1/releases/{release}",
    }


@pytest.mark.parametrize(
    "why", ["not approved", "withdrawn", "webhook made later", "too long ago", "no scope any more"]
)
def test_a_release_is_not_told(means: Means, cast: Cast, content: Content, why: str) -> None:
    database = means.database
    actor = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    make_hook(database, let_in(database, actor), now=NOW + 2 * HOUR if why == "webhook made later" else NOW)
    add_release(database, cast.world, content, publishes_at=NOW + HOUR, approved=why != "not approved")
    with database.writing() as session:
        if why == "withdrawn":
            session.execute(update(Release).values(withdrawn_at=NOW))
        elif why == "no scope any more":
            session.execute(delete(Membership).where(Membership.person_id == actor.person_id))
    later = NOW + HOUR + TOLD_WITHIN + SECOND if why == "too long ago" else NOW + 3 * HOUR
    assert tell_of_releases(means, later) == ""
    assert list_told(database) == []


def test_a_release_that_is_approved_after_its_date_is_told_then(means: Means, cast: Cast, content: Content) -> None:
    database = means.database
    make_hook(database, let_in(database, cast.administrator))
    add_release(database, cast.world, content, publishes_at=NOW - 30 * DAY)
    assert tell_of_releases(means, NOW) == ""
    with database.writing() as session:
        session.execute(update(Release).values(approved_at=NOW))
    assert tell_of_releases(means, NOW) == "1 to be told"
    assert PERIOD_OF[Kind.WEBHOOK_DELIVERIES] > TOLD_WITHIN, "else it would be told again once that is removed"


# ---- Sent ------------------------------------------------------------------------------------------------------------


def read_receiver_of_the_docs() -> Callable[..., bool]:
    """Run the Python that the docs hand to those who receive."""
    (code,) = (fence.text for fence in list_fences("docs/webhooks.md") if fence.kind == "python")
    found: dict[str, Any] = {}
    exec(compile(code, "docs/webhooks.md", "exec"), found)  # noqa: S102 - it is ours
    is_genuine: Callable[..., bool] = found["is_genuine"]
    return is_genuine


def test_the_receiver_of_the_docs_knows_what_is_ours_and_nothing_else(
    means: Means, cast: Cast, receiver: Receiver
) -> None:
    is_genuine = read_receiver_of_the_docs()
    who = let_in(means.database, cast.administrator)
    hook = make_hook(means.database, who, receiver.url)
    told = ping(means.database, who, hook)
    assert send_messages(means, NOW) == "1 sent"
    (received,) = receiver.received
    headers, body, sent = received.headers, received.body, NOW.timestamp()
    assert headers["Webhook-Id"] == str(told.id)
    assert body.decode() == told.payload
    assert is_genuine(hook.secret, headers, body, sent)
    assert is_genuine(hook.secret, headers, body, sent + 299)
    assert is_genuine(
        hook.secret, {**headers, "Webhook-Signature": f"v1,other {headers['Webhook-Signature']}"}, body, sent
    )
    assert not is_genuine(hook.secret, headers, body, sent + 302)
    assert not is_genuine(hook.secret, headers, body, sent - 302)
    assert not is_genuine(hook.secret, headers, body)
    assert not is_genuine(hook.secret, headers, body + b" ", sent)
    assert not is_genuine(make_hook(means.database, who).secret, headers, body, sent)
    for name, value in (
        ("Webhook-Id", str(new_id())),
        ("Webhook-Timestamp", str(int(sent) + 1)),
        ("Webhook-Timestamp", "now"),
        ("Webhook-Signature", ""),
        ("Webhook-Signature", headers["Webhook-Signature"].replace("v1,", "v2,")),
        ("Webhook-Signature", "v1,é"),
    ):
        assert not is_genuine(hook.secret, {**headers, name: value}, body, sent), name
        assert not is_genuine(hook.secret, {each: headers[each] for each in headers if each != name}, body, sent)


def test_a_deed_is_sent_by_the_clock_once(
    means: Means, questionnaires: Catalogue, cast: Cast, key: AssessmentKey, receiver: Receiver
) -> None:
    make_hook(means.database, let_in(means.database, cast.administrator), receiver.url)
    assessing.submit(means.database, questionnaires, cast.world.officer, key, NOW)
    assert "webhooks: 1 sent" in run_once(means, NOW)
    assert send_messages(means, NOW + DAY) == ""
    (received,) = receiver.received
    assert json.loads(received.body)["type"] == "assessment.submitted"
    (told,) = list_told(means.database)
    assert (told.attempts, told.status, told.error, told.given_up_at) == (1, 204, "", None)
    assert told.sent_at is not None


def test_it_is_tried_less_and_less_often_signed_anew_and_then_given_up(
    means: Means, cast: Cast, receiver: Receiver
) -> None:
    is_genuine = read_receiver_of_the_docs()
    who = let_in(means.database, cast.administrator)
    hook = make_hook(means.database, who, receiver.url)
    ping(means.database, who, hook)
    receiver.answer(503)
    moment = NOW
    for number, delay in enumerate(DELAYS, start=1):
        assert send_messages(means, moment) == ""
        (told,) = list_told(means.database)
        assert (told.attempts, told.status, told.given_up_at) == (number, 503, None)
        assert timedelta() <= told.send_after - moment - delay < SECOND
        assert "503" in told.error
        send_messages(means, moment + delay - SECOND)
        assert len(receiver.received) == number
        moment += delay + SECOND
    send_messages(means, moment)
    (told,) = list_told(means.database)
    assert (told.attempts, told.send_after) == (len(DELAYS) + 1, store.NEVER)
    assert told.given_up_at is not None
    assert send_messages(means, moment + 30 * DAY) == ""
    assert len(receiver.received) == len(DELAYS) + 1
    assert {each.headers["Webhook-Id"] for each in receiver.received} == {str(told.id)}
    assert len({each.body for each in receiver.received}) == 1
    last = receiver.received[-1]
    assert is_genuine(hook.secret, last.headers, last.body, moment.timestamp())


@pytest.mark.parametrize("status", [301, 302, 307, 400, 401, 404, 410, 500])
def test_only_success_is_success_and_no_redirect_is_followed(
    means: Means, cast: Cast, receiver: Receiver, status: int
) -> None:
    who = let_in(means.database, cast.administrator)
    with running_receiver() as elsewhere:
        receiver.answer(status, Location=elsewhere.url)
        ping(means.database, who, make_hook(means.database, who, receiver.url))
        assert send_messages(means, NOW) == ""
        assert elsewhere.received == []
    (told,) = list_told(means.database)
    assert (told.status, told.sent_at) == (status, None)
    receiver.answer(200)
    assert send_messages(means, NOW + DELAYS[0] + SECOND) == "1 sent"
    (told,) = list_told(means.database)
    assert (told.status, told.error, told.attempts) == (200, "", 2)


def test_nothing_goes_where_it_must_not(means: Means, cast: Cast, receiver: Receiver) -> None:
    """A host that led elsewhere at first leads home now; and the operator took back what was allowed."""
    who = let_in(means.database, cast.administrator)
    ping(means.database, who, make_hook(means.database, who))
    ping(means.database, who, make_hook(means.database, who, receiver.url))
    careful = replace(means, poster=Poster(resolve=lambda _host, _port: [ip_address("127.0.0.1")]))
    assert send_messages(careful, NOW) == ""
    assert receiver.received == []
    first, second = list_told(means.database)
    assert first.error == LEADS_NOWHERE
    assert second.error == "The address must begin with https://"
    assert first.status is second.status is None


GONE: dict[str, str] = {
    "webhook ended": ENDED,
    "client revoked": ENDED,
    "tokens revoked": ENDED,
    "tokens ran out": ENDED,
    "maker erased": ENDED,
    "role withdrawn": OUT_OF_REACH,
    "scope taken away": OUT_OF_REACH,
}


@pytest.mark.parametrize("what", GONE)
def test_rights_that_have_gone_meanwhile_stop_what_waits(
    means: Means, questionnaires: Catalogue, cast: Cast, key: AssessmentKey, receiver: Receiver, what: str
) -> None:
    database = means.database
    actor = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    who = let_in(database, actor, f"results:read:partnership={cast.world.partnership}")
    hook = make_hook(database, who, receiver.url, SUBMITTED)
    assessing.submit(database, questionnaires, cast.world.officer, key, NOW)
    assert len(list_told(database)) == 1
    if what == "webhook ended":
        webhooks.end(database, who, hook.webhook.id, NOW)
    elif what == "client revoked":
        api_clients.revoke(database, actor, who.client_id, NOW)
    with database.writing() as session:
        for name, statement in (
            ("tokens revoked", update(ApiToken).values(revoked_at=NOW)),
            ("tokens ran out", update(ApiToken).values(expires_at=NOW)),
            ("maker erased", update(Person).where(Person.id == actor.person_id).values(erased_at=NOW)),
            ("role withdrawn", delete(Membership).where(Membership.person_id == actor.person_id)),
            ("scope taken away", update(ApiClient).values(scopes=f"results:read:partnership={new_id()}")),
        ):
            if name == what:
                session.execute(statement)
    assert send_messages(means, NOW + SECOND) == ""
    assert receiver.received == []
    (told,) = list_told(database)
    assert (told.error, told.send_after, told.sent_at) == (GONE[what], store.NEVER, None)
    assert told.given_up_at is not None


def test_a_scope_for_releases_that_has_gone_stops_them(
    means: Means, cast: Cast, receiver: Receiver, content: Content
) -> None:
    database = means.database
    actor = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    who = let_in(database, actor)
    make_hook(database, who, receiver.url)
    add_release(database, cast.world, content, publishes_at=NOW)
    tell_of_releases(means, NOW)
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == actor.person_id))
    send_messages(means, NOW)
    assert receiver.received == []
    assert [each.error for each in list_told(database)] == [OUT_OF_REACH]


# ---- Many, slow, broken ----------------------------------------------------------------------------------------------


def test_two_workers_send_each_message_once(means: Means, cast: Cast, receiver: Receiver) -> None:
    who = let_in(means.database, cast.administrator)
    hook = make_hook(means.database, who, receiver.url)
    told = {str(ping(means.database, who, hook).id) for _ in range(3 * BATCH)}
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: send_messages(means, NOW), range(3)))
    while send_messages(means, NOW):
        pass
    ids = [each.headers["Webhook-Id"] for each in receiver.received]
    assert sorted(ids) == sorted(told)
    assert {each.attempts for each in list_told(means.database)} == {1}


def test_after_a_crash_between_sending_and_noting_it_is_sent_again_under_the_same_id(
    means: Means, cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = let_in(means.database, cast.administrator)
    ping(means.database, who, make_hook(means.database, who, receiver.url))

    def fail(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store, "note_sent", fail)
        with pytest.raises(KeyboardInterrupt):
            send_messages(means, NOW)
    assert send_messages(means, NOW + LEASE - SECOND) == ""
    assert send_messages(means, NOW + LEASE + SECOND) == "1 sent"
    first, second = receiver.received
    assert (first.headers["Webhook-Id"], first.body) == (second.headers["Webhook-Id"], second.body)


def test_a_receiver_that_is_slow_holds_up_nobody_else(means: Means, cast: Cast, receiver: Receiver) -> None:
    who = let_in(means.database, cast.administrator)
    with raw_server(lambda _line: time.sleep(30)) as port:
        slow = make_hook(means.database, who, f"http://127.0.0.1:{port}/")
        for _ in range(2 * BATCH):
            ping(means.database, who, slow)
        ping(means.database, who, make_hook(means.database, who, receiver.url), NOW + SECOND)
        began = time.monotonic()
        assert send_messages(means, NOW + SECOND) == "1 sent"
        assert time.monotonic() - began < 5
    assert len(receiver.received) == 1
    told = [each for each in list_told(means.database) if each.webhook_id == slow.webhook.id]
    tried = [each for each in told if each.attempts]
    assert len(tried) == OF_EACH
    assert all("within 1 seconds" in each.error and each.status is None for each in tried)
    untried = {each.send_after - NOW for each in told if not each.attempts}
    assert all(REST <= after < REST + 5 * SECOND for after in untried), "left in peace, and not counted"


def test_a_slow_turn_ends_so_that_mails_go_out(
    means: Means, cast: Cast, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = let_in(means.database, cast.administrator)
    hook = make_hook(means.database, who, receiver.url)
    for _ in range(2 * OF_EACH):
        ping(means.database, who, hook)
    monkeypatch.setattr(hooking, "TURN_SECONDS", 0.2)

    def reply_slowly(_received: Received) -> tuple[int, dict[str, str]]:
        time.sleep(0.3)
        return 200, {}

    receiver.reply = reply_slowly
    assert send_messages(means, NOW) == f"{OF_EACH} sent"
    assert send_messages(means, NOW) == f"{OF_EACH} sent"


def test_told_to_stop_it_begins_nothing(means: Means, cast: Cast, receiver: Receiver) -> None:
    who = let_in(means.database, cast.administrator)
    ping(means.database, who, make_hook(means.database, who, receiver.url))
    means.stop.set()
    assert send_messages(means, NOW) == ""
    means.stop.clear()
    assert send_messages(means, NOW) == "1 sent"


def test_one_statement_where_there_is_nothing_to_do(means: Means, cast: Cast, receiver: Receiver) -> None:
    who = let_in(means.database, cast.administrator)
    ping(means.database, who, make_hook(means.database, who, receiver.url))
    send_messages(means, NOW)
    for job in (send_messages, tell_of_releases):
        with counted_statements(means.database) as statements:
            assert job(means, NOW + 400 * DAY) == ""
        assert len([each for each in statements if each != "BEGIN"]) == 1


# ---- By hand ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["arrived", "given up", "waiting"])
def test_a_replay_is_sent_at_once_and_begins_anew(means: Means, cast: Cast, receiver: Receiver, state: str) -> None:
    database = means.database
    who = let_in(database, cast.administrator)
    hook = make_hook(database, who, receiver.url)
    told = ping(database, who, hook)
    receiver.answer(200 if state == "arrived" else 500)
    for number in range(len(DELAYS) + 1 if state == "given up" else 1):
        send_messages(means, NOW + number * 2 * DAY)
    later = NOW + 20 * DAY if state == "given up" else NOW + SECOND
    before = len(receiver.received)
    receiver.answer(200)
    again = webhooks.replay(database, who, hook.webhook.id, told.id, later)
    assert (again.attempts, again.sent_at, again.given_up_at, again.payload) == (0, None, None, told.payload)
    assert send_messages(means, later) == "1 sent"
    assert len(receiver.received) == before + 1
    assert {each.headers["Webhook-Id"] for each in receiver.received} == {str(told.id)}
    (row,) = list_told(database)
    assert (row.attempts, row.error) == (1, "")


def test_pings_and_replays_are_slowed_down(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiting, "MOST", {**MOST, Slowed.WEBHOOK_BY_HAND: 3})
    who, other = (let_in(database, cast.administrator) for _ in range(2))
    hook = make_hook(database, who)
    told = [ping(database, who, hook) for _ in range(2)]
    webhooks.replay(database, who, hook.webhook.id, told[0].id, NOW)
    with pytest.raises(TooManyAttemptsError):
        ping(database, who, hook)
    with pytest.raises(TooManyAttemptsError):
        webhooks.replay(database, who, hook.webhook.id, told[0].id, NOW)
    assert len(list_told(database)) == 2
    ping(database, other, make_hook(database, other))
    ping(database, who, hook, NOW + 16 * timedelta(minutes=1))


def test_a_client_has_its_own_webhooks_and_nobody_else_s(database: Database, cast: Cast) -> None:
    mine, theirs = (let_in(database, cast.administrator) for _ in range(2))
    hook = make_hook(database, mine)
    told = ping(database, mine, hook)
    found, delivery = hook.webhook.id, told.id
    assert webhooks.list_webhooks(database, theirs, NOW) == ()
    attempts: tuple[Callable[[], object], ...] = (
        lambda: webhooks.get(database, theirs, found, NOW),
        lambda: webhooks.end(database, theirs, found, NOW),
        lambda: webhooks.ping(database, theirs, found, NOW),
        lambda: webhooks.list_deliveries(database, theirs, found, None, 10, NOW),
        lambda: webhooks.replay(database, theirs, found, delivery, NOW),
        lambda: webhooks.replay(database, mine, found, new_id(), NOW),
    )
    for attempt in attempts:
        with pytest.raises(NotFoundError):
            attempt()
    assert webhooks.list_webhooks(database, mine, NOW) == (hook.webhook,)
    webhooks.end(database, mine, found, NOW)
    assert webhooks.list_webhooks(database, mine, NOW) == ()
    with pytest.raises(NotFoundError):
        webhooks.end(database, mine, found, NOW)
    with database.reading() as session:
        events = session.scalars(
            select(AuditEntry.event).where(AuditEntry.event.contains("webhook")).order_by(AuditEntry.number)
        )
        assert list(events) == [Event.WEBHOOK_MADE, Event.WEBHOOK_ENDED]


def test_it_takes_the_scope_and_a_token_with_all_scopes_of_the_client(database: Database, cast: Cast) -> None:
    results_alone = let_in(database, cast.administrator, "results:read")
    with pytest.raises(NotAllowedError, match="releases:read"):
        make_hook(database, results_alone, HOOK, EventName.RELEASE_PUBLISHED)
    made = make_client(database, cast.administrator, "results:read", "releases:read", now=NOW)
    whole = api_clients.authenticate(database, made.token, NOW, KEYS)
    hook = make_hook(database, whole)
    narrowed = f"results:read:partnership={cast.world.partnership}"
    access = api_clients.exchange(database, str(made.client_id), made.token, f"{narrowed} releases:read", NOW, KEYS)
    narrow = api_clients.authenticate(database, access.token, NOW, KEYS)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: make_hook(database, narrow),
        lambda: webhooks.list_webhooks(database, narrow, NOW),
        lambda: webhooks.list_deliveries(database, narrow, hook.webhook.id, None, 10, NOW),
        lambda: ping(database, narrow, hook),
        lambda: webhooks.end(database, narrow, hook.webhook.id, NOW),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowedError, match="all of its scopes"):
            attempt()
    everything = api_clients.exchange(database, str(made.client_id), made.token, "", NOW, KEYS)
    make_hook(database, api_clients.authenticate(database, everything.token, NOW, KEYS))


def test_a_client_has_so_many_webhooks_at_most_whoever_races(database: Database, cast: Cast) -> None:
    who = let_in(database, cast.administrator)
    for _ in range(MOST_WEBHOOKS - 2):
        make_hook(database, who)

    def try_one(_number: int) -> bool:
        try:
            make_hook(database, who)
        except NotAllowedNowError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(try_one, range(4))) == 2
    assert len(webhooks.list_webhooks(database, who, NOW)) == MOST_WEBHOOKS


def test_an_address_that_cannot_be_one_is_not_kept(database: Database, cast: Cast) -> None:
    who = let_in(database, cast.administrator)
    for url in ("http://127.0.0.1/", "https://10.0.0.1/"):
        with pytest.raises(AnswerError):
            webhooks.create(database, who, url, ALL, NOW, to_loopback=False)
    assert webhooks.list_webhooks(database, who, NOW) == ()
