"""Every operation × every scope × every narrowing × every state of a token: what is not allowed is refused, and alike.

Whoever makes the tokens here may do everything everywhere, so that the token alone decides. An operation that the table
does not know fails the test.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Connection, delete, event, select, update

from app.api.routing import PREFIX
from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.api_access import ScopeName
from app.domain.assessment import Answer
from app.domain.questionnaire import DONT_KNOW
from app.domain.webhooks import EventName, StoredWebhook
from app.services import Database, answering, api_clients, assessing
from app.services.answering import GivenAnswer
from app.services.api_clients import MadeToken
from app.store import webhooks as webhooks_store
from app.store.models import (
    ApiClient,
    ApiToken,
    Area,
    Membership,
    Organisation,
    Partnership,
    PartnershipArea,
    PartnershipOrganisation,
    Person,
    Release,
    Round,
    RoundPartnership,
    new_id,
)
from tests.api.problems import read_problem
from tests.api_clients import KEYS, MONTH, bearer, make_client, serving
from tests.house.routes import Route, list_routes
from tests.people import World, make_world
from tests.released import add_release, figures, make_content

FIRST: Final = "shared-picture"
DAY: Final = timedelta(days=1)

# ---- The table -------------------------------------------------------------------------------------------------------

QUESTIONNAIRES, RESULTS, WRITING, RELEASES, ADMIN = ScopeName


class About(StrEnum):
    """What a token has to reach."""

    NOTHING = "nothing"
    PARTNERSHIP = "the partnership, perhaps in one round alone"
    PLAN = "the partnership in all its rounds"
    ROUND = "the round"
    PLACE = "the partnership in the round"


@dataclass(frozen=True)
class Need:
    """What an operation asks for; without scopes it is for anybody."""

    status: int
    """What is answered to whoever may."""
    scopes: frozenset[ScopeName] = frozenset()
    about: About = About.NOTHING


def need(status: int, *scopes: ScopeName, about: About = About.NOTHING) -> Need:
    return Need(status, frozenset(scopes), about)


LOOKING: Final = (RESULTS, WRITING, ADMIN)
READING: Final = (RESULTS, WRITING)
TOLD: Final = (RESULTS, RELEASES)
ONE: Final = "/partnerships/{partnership_id}/assessments/{assessment_id}"
HOOK: Final = "/webhooks/{webhook_id}"
TABLE: Final[Mapping[str, Need]] = {
    "GET /questionnaires": need(200),
    "GET /questionnaires/{questionnaire_id}": need(200),
    "GET /questionnaires/{questionnaire_id}/versions/{version}": need(200),
    "POST /gap-reports": need(200),
    "GET /codebook": need(200),
    "GET /openapi.json": need(200),
    "POST /oauth/token": need(200),
    "GET /partnerships": need(200, *LOOKING),
    "GET /partnerships/{partnership_id}": need(200, *LOOKING, about=About.PARTNERSHIP),
    "GET /partnerships/{partnership_id}/rounds/{round_id}/report": need(200, RESULTS, about=About.PLACE),
    "GET /partnerships/{partnership_id}/actions": need(200, RESULTS, about=About.PLAN),
    "GET /rounds": need(200, *LOOKING),
    "GET /rounds/{round_id}": need(200, *LOOKING, about=About.ROUND),
    "GET /organisations": need(200, *LOOKING),
    "GET /areas": need(200, *LOOKING),
    "GET /partnerships/{partnership_id}/assessments": need(200, *READING, about=About.PARTNERSHIP),
    "POST /partnerships/{partnership_id}/assessments": need(200, WRITING, about=About.PLACE),
    f"GET {ONE}": need(200, *READING, about=About.PLACE),
    f"GET {ONE}/answers/{{question_id}}": need(200, *READING, about=About.PLACE),
    f"GET {ONE}/gap-report": need(200, *READING, about=About.PLACE),
    f"POST {ONE}/submit": need(200, WRITING, about=About.PLACE),
    # All have submitted, so that the report is open to everybody: these are allowed, and not possible now.
    f"PUT {ONE}/answers/{{question_id}}": need(409, WRITING, about=About.PLACE),
    f"POST {ONE}/answers": need(409, WRITING, about=About.PLACE),
    f"POST {ONE}/sign-off": need(409, WRITING, about=About.PLACE),
    f"POST {ONE}/request-changes": need(409, WRITING, about=About.PLACE),
    f"POST {ONE}/reopen": need(409, WRITING, about=About.PLACE),
    "GET /results": need(200, RESULTS),
    "GET /releases": need(200, RELEASES),
    "GET /releases/{release_id}": need(200, RELEASES),
    "GET /webhooks": need(200, *TOLD),
    "POST /webhooks": need(201, RESULTS),
    f"GET {HOOK}": need(200, *TOLD),
    f"DELETE {HOOK}": need(204, *TOLD),
    f"POST {HOOK}/ping": need(202, *TOLD),
    f"GET {HOOK}/deliveries": need(200, *TOLD),
    f"POST {HOOK}/deliveries/{{delivery_id}}/replay": need(202, *TOLD),
}
EVERYWHERE, HERE, THERE, THIS, OTHER = "", "partnership=here", "partnership=there", "round=this", "round=other"
REACHED: Final[Mapping[str, frozenset[About]]] = {
    EVERYWHERE: frozenset(About),
    HERE: frozenset(About),
    THIS: frozenset(About) - {About.PLAN},
    OTHER: frozenset({About.NOTHING, About.PARTNERSHIP}),
    THERE: frozenset({About.NOTHING}),
}
"""What each narrowing reaches of the target, which is `here` in `this` round. `here` is in the `other` one as well,
`there` in the other alone."""
NARROWED: Final = (RESULTS, WRITING)
NOT_TO_BE_HAD: Final = {(WRITING, EVERYWHERE), (WRITING, THIS), (WRITING, OTHER)}
"""Scopes that nobody may give, such as from before a rule was made stricter: they allow nothing."""
HIDDEN_FROM: Final[Mapping[str, tuple[str, ...]]] = {
    HERE: ("there",),
    THERE: ("here", "this", "assessment"),
    THIS: ("there", "other"),
    OTHER: ("this", "assessment"),
}
"""What must not stand in any reply to a narrowed token."""


def list_scopes() -> Iterator[tuple[ScopeName, str]]:
    for name in ScopeName:
        for narrowing in REACHED if name in NARROWED else (EVERYWHERE,):
            yield name, narrowing


def expect(wanted: Need, name: ScopeName, narrowing: str) -> int:
    """Say what an operation answers to a token of one scope."""
    if not wanted.scopes:
        return wanted.status
    if name not in wanted.scopes or (name, narrowing) in NOT_TO_BE_HAD:
        return 403
    return wanted.status if wanted.about in REACHED[narrowing] else 404


# ---- The place -------------------------------------------------------------------------------------------------------


@dataclass
class Place:
    """Two partnerships and two rounds, somebody who may do everything, and the service on top."""

    database: Database
    world: World
    ids: Mapping[str, UUID]
    maker: Actor
    administrator: Actor
    """Whose every look at a partnership is one from outside."""
    door: MadeToken
    """Whose credentials are exchanged for access tokens."""
    http: TestClient
    app: FastAPI
    committed: list[str] = field(default_factory=list)
    """Statements that have changed something for good."""

    @property
    def operations(self) -> list[tuple[Route, str, Need]]:
        """Every operation of the API as the service itself has it; raises `KeyError` for one without a row."""
        found = [each for each in list_routes(self.app) if each.path.startswith(f"{PREFIX}/")]
        return [(each, name, TABLE[name]) for each in found if (name := f"{each.method} {each.path[len(PREFIX) :]}")]

    def write_scope(self, name: ScopeName, narrowing: str) -> str:
        by, _, which = narrowing.partition("=")
        return f"{name}:{by}={self.ids[which]}" if narrowing else name

    def give(self, *scopes: str, maker: Actor | None = None, now: datetime | None = None) -> MadeToken:
        """Make a client with a token, whether anybody may give these scopes or not."""
        made = make_client(self.database, maker or self.maker, "questionnaires:read", now=now)
        written = {"scopes": " ".join(sorted(scopes))}
        with self.database.writing() as session:
            session.execute(update(ApiClient).where(ApiClient.id == made.client_id).values(written))
            session.execute(update(ApiToken).where(ApiToken.client_id == made.client_id).values(written))
        return made

    def give_all(self, maker: Actor | None = None, now: datetime | None = None) -> MadeToken:
        here = self.write_scope(WRITING, HERE)
        return self.give(QUESTIONNAIRES, RESULTS, RELEASES, ADMIN, here, maker=maker, now=now)

    def add_webhook(self, client_id: UUID) -> dict[str, UUID]:
        """Make a webhook of a client, with a message that was told."""
        now = datetime.now(UTC)
        webhook, message = new_id(), new_id()
        events = (EventName.ASSESSMENT_SUBMITTED,)
        with self.database.writing() as session:
            webhooks_store.add_webhook(
                session, StoredWebhook(webhook, client_id, "https://hooks.example/", events, now), "whsec_x"
            )
            webhooks_store.add_deliveries(session, [webhook], message, "webhook.ping", "{}", now)
        return {"webhook_id": webhook, "delivery_id": message}

    def list_ids(self, client_id: UUID, operation: str = HOOK) -> dict[str, Any]:
        """Give the ids of what is there, with a webhook where an operation is about one."""
        return {
            "partnership_id": self.ids["here"],
            "round_id": self.ids["this"],
            "assessment_id": self.ids["assessment"],
            "organisation_id": self.world.trust,
            "release_id": self.ids["release"],
            **(self.add_webhook(client_id) if HOOK in operation else {}),
        }

    def send(self, route: Route, ids: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
        """Send a request that is right but for what its token allows."""
        self.committed.clear()
        words = {"question_id": FIRST, "questionnaire_id": "local-partners", "version": 1}
        path = route.path.format(**words, **ids)
        if path.endswith("/oauth/token"):
            secret = {"client_id": str(self.door.client_id), "client_secret": self.door.token}
            return self.http.post(path, data={"grant_type": "client_credentials", **secret}, headers=headers)
        more = {"If-Match": '"1"'} if route.method == "PUT" else {}
        return self.http.request(route.method, path, json=make_body(route, ids), headers={**headers, **more})

    def check_refused(self, reply: Response, status: int, words: str) -> None:
        """Check that a request was refused, and has left nothing behind."""
        assert reply.status_code == status, f"{words}: {reply.status_code} {reply.text[:200]}"
        read_problem(reply, status)
        assert self.committed == [], words


def make_body(route: Route, ids: Mapping[str, Any]) -> object:
    """Make the body that an operation takes; `None` where it takes none."""
    answer = {"answer": "early"}
    name = f"{route.method} {route.path.rpartition('/')[2]}"
    bodies: dict[str, object] = {
        "POST gap-reports": {"questionnaire": "local-partners", "answers": {FIRST: "early"}},
        "POST assessments": {"round": str(ids["round_id"]), "organisation": str(ids["organisation_id"])},
        "PUT {question_id}": answer,
        "POST answers": {"answers": {FIRST: {**answer, "version": 1}}},
        "POST sign-off": {"submission": 2},
        "POST request-changes": {"submission": 2, "reason": "x"},
        "POST reopen": {"submission": 2, "reason": "x"},
        "POST webhooks": {"url": "https://hooks.example/", "events": ["assessment.submitted"]},
    }
    return bodies.get(name)


@contextmanager
def noting_commits(app: FastAPI, committed: list[str]) -> Iterator[None]:
    """Note what is written for good, but when a token was used last."""
    engine, key = app.state.database.engine, "written"

    def note(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        is_use = statement.startswith("UPDATE api_tokens SET last_used_at")
        if statement.startswith(("INSERT", "UPDATE", "DELETE")) and not is_use:
            connection.info.setdefault(key, []).append(statement)

    def commit(connection: Connection) -> None:
        committed.extend(connection.info.pop(key, ()))

    def forget(connection: Connection) -> None:
        connection.info.pop(key, None)

    listeners: dict[str, Callable[..., None]] = {"before_cursor_execute": note, "commit": commit, "rollback": forget}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield
    for name, listener in listeners.items():
        event.remove(engine, name, listener)


def add_maker(database: Database, *grants: Grant) -> Actor:
    """Add somebody with roles."""
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name="Maker", email=f"{person}@centre.example"))
        session.flush()
        for each in grants:
            place = {"organisation_id": each.organisation_id, "partnership_id": each.partnership_id}
            session.add(Membership(person_id=person, role=each.role, **place))
    return Actor(person, "Maker", frozenset(grants))


def submit(database: Database, questionnaires: Catalogue, maker: Actor, where: tuple[UUID, UUID, UUID]) -> UUID:
    """Start an assessment, answer everything, submit it, and give its id."""
    now = datetime.now(UTC)
    key = assessing.start(database, questionnaires, maker, *where, now)
    while unanswered := assessing.get_assessment(database, questionnaires, maker, key).unanswered:
        given = {each.id: GivenAnswer(Answer(DONT_KNOW), 0) for each in unanswered}
        answering.answer_all(database, questionnaires, maker, key, given, now)
    assessing.submit(database, questionnaires, maker, key, now)
    return key.assessment_id


def list_grants(world: World, ids: Mapping[str, UUID]) -> tuple[Grant, ...]:
    """Give every role that a client can be made by, in both partnerships."""
    return (
        Grant(Role.CENTRAL_ADMINISTRATOR),
        *(Grant(Role.COORDINATOR, partnership_id=ids[name]) for name in ("here", "there")),
        *(Grant(Role.LEAD, each) for each in (world.council, world.trust, ids["elsewhere"])),
        Grant(Role.CERTIFIER, world.trust),
    )


def add_places(database: Database, world: World) -> dict[str, UUID]:
    """Add another partnership with its organisation, and another round that both take part in. Both rounds are open."""
    ids = {"here": world.partnership, "this": world.round}
    ids |= {name: new_id() for name in ("there", "other", "elsewhere")}
    now = datetime.now(UTC)
    with database.writing() as session:
        first = session.get_one(Round, world.round)
        first.opens_at, first.closes_at, first.sign_off = now - 7 * DAY, now + 7 * DAY, "certifier"
        values = {column.name: getattr(first, column.name) for column in Round.__table__.columns}
        session.add_all(
            [
                Partnership(id=ids["there"], name="Elsewhere"),
                Organisation(id=ids["elsewhere"], name="Elsewhere Council", kind="council"),
                Round(**{**values, "id": ids["other"], "title": "Another round"}),
                Area(code="E06000001", name="Harrow Vale", kind="unitary", region=""),
                Area(code="E06000002", name="Elsewhere", kind="unitary", region=""),
            ]
        )
        session.flush()
        session.add_all(
            [
                PartnershipOrganisation(partnership_id=ids["there"], organisation_id=ids["elsewhere"]),
                *(RoundPartnership(partnership_id=ids[name], round_id=ids["other"]) for name in ("here", "there")),
                PartnershipArea(partnership_id=ids["here"], area_code="E06000001"),
                PartnershipArea(partnership_id=ids["there"], area_code="E06000002"),
            ]
        )
    return ids


@pytest.fixture
def place(database: Database, questionnaires: Catalogue) -> Iterator[Place]:
    world = make_world(database, questionnaires.get("local-partners", 1))
    ids = add_places(database, world)
    maker = add_maker(database, *list_grants(world, ids))
    here = ids["here"], ids["this"]
    for where in ((*here, world.council), (ids["there"], ids["other"], ids["elsewhere"])):
        submit(database, questionnaires, maker, where)
    ids["assessment"] = submit(database, questionnaires, maker, (*here, world.trust))
    now = datetime.now(UTC)
    content = make_content(questionnaires.get("local-partners", 1), {"all": figures(40, 50)})
    add_release(database, world, content, publishes_at=now - DAY)
    with database.reading() as session:
        ids["release"] = session.scalars(select(Release.id)).one()
    with serving(database) as (http, app):
        door = make_client(database, maker, "questionnaires:read")
        administrator = add_maker(database, Grant(Role.CENTRAL_ADMINISTRATOR))
        found = Place(database, world, ids, maker, administrator, door, http, app)
        with noting_commits(app, found.committed):
            yield found


def make_unknown(ids: Mapping[str, Any]) -> dict[str, Any]:
    """Give ids of what is not there."""
    return dict.fromkeys(ids, new_id())


# ---- The tests -------------------------------------------------------------------------------------------------------


def test_every_operation_is_in_the_table_and_asks_for_a_token_where_it_says_so(place: Place) -> None:
    found = place.operations
    assert {name for _, name, _ in found} == TABLE.keys()
    assert {name for each, name, _ in found if each.with_token} == {name for name in TABLE if TABLE[name].scopes}


def test_a_token_of_one_scope_may_what_the_table_says_and_nothing_else(place: Place) -> None:
    for name, narrowing in list_scopes():
        scope = place.write_scope(name, narrowing)
        token, central = place.give(scope), place.give(scope, maker=place.administrator)
        for route, operation, wanted in place.operations:
            words = f"{operation} with {name}:{narrowing}"
            ids = place.list_ids(token.client_id, operation)
            status = expect(wanted, name, narrowing)
            reply = place.send(route, ids, bearer(token))
            if status == wanted.status:
                assert reply.status_code == status, f"{words}: {reply.status_code} {reply.text[:200]}"
            else:
                place.check_refused(reply, status, words)
                if name is not WRITING:  # which the centre cannot give
                    place.check_refused(place.send(route, ids, bearer(central)), status, f"{words}, of the centre")
            for hidden in HIDDEN_FROM.get(narrowing, ()) if wanted.scopes else ():
                assert str(place.ids[hidden]) not in reply.text, f"{words} tells of {hidden}"
            assert not (narrowing in {HERE, THIS} and "Elsewhere" in reply.text), words
            if wanted.scopes and "{" in operation:
                nothing = place.send(route, make_unknown(ids), bearer(token))
                place.check_refused(nothing, 403 if status == 403 else 404, f"{words}, of nothing")
                if status in {403, 404}:
                    assert nothing.content == reply.content, words


def test_what_is_of_another_client_looks_like_nothing(place: Place) -> None:
    token, other = place.give_all(), place.give_all()
    for route, operation, _ in place.operations:
        if "{webhook_id}" in operation:
            theirs = place.send(route, place.list_ids(other.client_id), bearer(token))
            place.check_refused(theirs, 404, operation)
            mixed = {**place.list_ids(token.client_id), "delivery_id": place.list_ids(other.client_id)["delivery_id"]}
            if "{delivery_id}" in operation:
                place.check_refused(place.send(route, mixed, bearer(token)), 404, operation)


NOT_A_TOKEN: Final[Mapping[str, str | None]] = {
    "none": None,
    "nothing after its name": "Bearer",
    "unknown": f"Bearer enb_{'x' * 43}",
    "without its beginning": "Bearer {bare}",
    "with more at its end": "Bearer {token}x",
    "in capitals": "Bearer {capitals}",
    "twice": "Bearer {token},{token}",
    "two of them": "Bearer {token} {token}",
    "as another kind": "Digest {token}",
    "without a kind": "{token}",
    "very long": f"Bearer enb_{'x' * 5_000}",
}


def test_without_a_token_that_is_one_every_operation_that_asks_for_one_is_refused(place: Place) -> None:
    token = place.give_all()
    ids = place.list_ids(token.client_id)
    parts = {"token": token.token, "bare": token.token.removeprefix("enb_"), "capitals": token.token.upper()}
    for state, written in NOT_A_TOKEN.items():
        headers = {"Authorization": written.format(**parts)} if written else {}
        for route, operation, wanted in place.operations:
            reply = place.send(route, ids, headers)
            if wanted.scopes:
                place.check_refused(reply, 401, f"{operation}, {state}")
                assert reply.headers["www-authenticate"] == "Bearer"
            else:
                assert reply.status_code == wanted.status, f"{operation}, {state}"


def make_states(place: Place) -> dict[str, tuple[str, UUID, int]]:
    """Make a token in every state: the token, its client, and what it is answered; 0 where it works."""
    now, database, maker = datetime.now(UTC), place.database, place.maker
    states: dict[str, tuple[str, UUID, int]] = {}

    def note(name: str, token: str, of: MadeToken, status: int) -> None:
        states[name] = token, of.client_id, status

    note("good", (good := place.give_all()).token, good, 0)
    note("expired", (expired := place.give_all(now=now - MONTH - DAY)).token, expired, 401)
    for words, age, status in (("in the overlap", DAY, 0), ("past the overlap", 8 * DAY, 401)):
        old = place.give_all(now=now - 9 * DAY)
        new = api_clients.rotate(database, maker, old.client_id, now + MONTH, now - age, KEYS)
        note(f"rotated, {words}", old.token, old, status)
        note(f"the next, {words}", new.token, old, 0)
    for words in ("token revoked", "client revoked"):
        ended = place.give_all()
        exchanged = api_clients.exchange(database, str(ended.client_id), ended.token, "", now, KEYS)
        if words == "client revoked":
            api_clients.revoke(database, maker, ended.client_id, now)
        else:
            with database.reading() as session:
                own = (ApiToken.client_id == ended.client_id) & ApiToken.is_access_token.is_(False)
                (token_id,) = session.scalars(select(ApiToken.id).where(own))
            api_clients.revoke_token(database, maker, ended.client_id, token_id, now)
        note(words, ended.token, ended, 401)
        note(f"access token, {words}", exchanged.token, ended, 401)
    access = api_clients.exchange(database, str(good.client_id), good.token, "", now, KEYS)
    note("access token", access.token, good, 0)
    then = now - timedelta(hours=2)
    older = place.give_all(now=then)
    past = api_clients.exchange(database, str(older.client_id), older.token, "", then, KEYS)
    note("access token, expired", past.token, older, 401)
    grants = list_grants(place.world, place.ids)
    for words, status in (("its maker lost every role", 403), ("its maker was erased", 401)):
        leaver = add_maker(database, *grants)
        left = place.give_all(maker=leaver)
        with database.writing() as session:
            if status == 401:
                session.execute(update(Person).where(Person.id == leaver.person_id).values(erased_at=now))
            else:
                session.execute(delete(Membership).where(Membership.person_id == leaver.person_id))
        note(words, left.token, left, status)
    return states


def test_a_token_that_has_ended_or_whose_maker_has_gone_opens_nothing(place: Place) -> None:
    for state, (token, client_id, refused) in make_states(place).items():
        for route, operation, wanted in place.operations:
            words = f"{operation}, {state}"
            reply = place.send(route, place.list_ids(client_id, operation), bearer(token))
            if refused and wanted.scopes:
                place.check_refused(reply, refused, words)
            else:
                assert reply.status_code == wanted.status, f"{words}: {reply.status_code} {reply.text[:200]}"
