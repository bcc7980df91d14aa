"""API clients: who may give which scopes, tokens that follow one another and end, and only digests are kept."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.catalogue import Catalogue
from app.domain.access import Actor, Role
from app.domain.api_access import Scope, ScopeName
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotAllowedError, NotAllowedNowError, NotFoundError, SignInNeededError
from app.services import Database, api_clients, clients_by_command, other_systems, privacy
from app.services.api_clients import LONGEST_LIFE, OVERLAP, MadeToken, NewClient
from app.services.outside import Outside
from app.services.tokens import TokenKeys
from app.store import api_clients as store
from app.store import memberships
from app.store.models import ApiToken, AuditEntry, Base, Partnership, new_id
from tests.api_clients import KEYS, MONTH, add_person, bearer, make_client, serving
from tests.people import NOW, World, make_world

SECOND = timedelta(seconds=1)


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def people(database: Database, world: World) -> Mapping[str, Actor]:
    """Somebody of each role, and of no role."""
    organisation, partnership = {"organisation_id": world.council}, {"partnership_id": world.partnership}
    return {
        "contributor": add_person(database, Role.CONTRIBUTOR, **organisation),
        "lead": world.officer,
        "certifier": add_person(database, Role.CERTIFIER, **organisation),
        "coordinator": add_person(database, Role.COORDINATOR, **partnership),
        "central-analyst": world.analyst,
        "central-administrator": add_person(database, Role.CENTRAL_ADMINISTRATOR),
        "nobody": Actor(world.officer.person_id, "Nobody", frozenset()),
    }


def accepts(database: Database, made: MadeToken, now: datetime = NOW) -> bool:
    try:
        api_clients.authenticate(database, made.token, now, KEYS)
    except SignInNeededError:
        return False
    return True


# ---- Who may give what -----------------------------------------------------------------------------------------------

HERE, ELSEWHERE, ROUND = "partnership=here", "partnership=elsewhere", "round=this"
SCOPES = (
    "questionnaires:read",
    "releases:read",
    "admin:write",
    "results:read",
    f"results:read:{HERE}",
    f"results:read:{ELSEWHERE}",
    f"results:read:{ROUND}",
    "assessments:write",
    f"assessments:write:{HERE}",
    f"assessments:write:{ELSEWHERE}",
    f"assessments:write:{ROUND}",
)
OF_A_PLACE = {"questionnaires:read", f"results:read:{HERE}", f"assessments:write:{HERE}"}
MAY_GIVE: Mapping[str, set[str]] = {
    "contributor": set(),
    "lead": OF_A_PLACE,
    "certifier": set(),
    "coordinator": OF_A_PLACE,
    "central-analyst": {"questionnaires:read", "releases:read"},
    "central-administrator": {each for each in SCOPES if not each.startswith("assessments:write")},
    "nobody": set(),
}


@pytest.mark.parametrize("name", MAY_GIVE)
def test_each_role_gives_its_scopes_and_no_other(
    database: Database, world: World, people: Mapping[str, Actor], name: str
) -> None:
    other = new_id()
    with database.writing() as session:
        session.add(Partnership(id=other, name="Elsewhere"))
    ids = {"here": world.partnership, "elsewhere": other, "this": world.round}
    given = set()
    for scope in SCOPES:
        head, _, place = scope.partition("=")
        written = f"{head}={ids[place]}" if place else scope
        try:
            made = make_client(database, people[name], written, now=NOW)
        except NotAllowedError:
            continue
        given.add(scope)
        assert api_clients.authenticate(database, made.token, NOW, KEYS).scopes == {Scope.parse(written)}
    assert given == MAY_GIVE[name]


@pytest.mark.parametrize("name", MAY_GIVE)
def test_what_a_form_offers_is_what_may_be_given(
    database: Database, world: World, people: Mapping[str, Actor], name: str
) -> None:
    if not MAY_GIVE[name]:
        with pytest.raises(NotAllowedError):
            other_systems.get_offers(database, people[name])
        return
    offers = other_systems.get_offers(database, people[name])
    assert set(offers.names) == {ScopeName(":".join(scope.split(":")[:2])) for scope in MAY_GIVE[name]}
    assert offers.everywhere is ("results:read" in MAY_GIVE[name])
    assert [place.name for place in offers.rounds] == (["Autumn round"] if offers.everywhere else [])
    reaches = f"results:read:{HERE}" in MAY_GIVE[name]
    assert [place.name for place in offers.partnerships] == (["Upper Harrow Vale"] if reaches else [])


def test_a_role_that_is_lost_takes_its_scopes_along_at_once(
    database: Database, world: World, people: Mapping[str, Actor]
) -> None:
    made = make_client(database, people["coordinator"], f"results:read:partnership={world.partnership}", now=NOW)
    assert api_clients.authenticate(database, made.token, NOW, KEYS).scopes
    with database.writing() as session:
        (held,) = memberships.list_roles_of(session, f"{people['coordinator'].person_id}@centre.example")
        memberships.delete_role(session, held)
    assert not api_clients.authenticate(database, made.token, NOW, KEYS).scopes


def test_whoever_is_erased_leaves_no_client_behind_that_can_do_anything(
    database: Database, people: Mapping[str, Actor], tmp_path: Path
) -> None:
    add_person(database, Role.CENTRAL_ADMINISTRATOR)  # the last one cannot be erased
    owner = people["central-administrator"]
    made = make_client(database, owner, "results:read", now=NOW)
    outside = Outside.of(tmp_path / "outside", database)
    outside.prepare()
    privacy.erase(database, outside, f"{owner.person_id}@centre.example", NOW)
    assert not accepts(database, made)
    with pytest.raises(SignInNeededError):
        api_clients.exchange(database, str(made.client_id), made.token, "", NOW, KEYS)
    assert [each.name for each in clients_by_command.list_all(database)] == ["(erased)"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "  "}, "Give the client a name"),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"scopes": frozenset()}, "between one and 50 scopes"),
        ({"expires_at": NOW}, "between now and a year"),
        ({"expires_at": NOW + LONGEST_LIFE + SECOND}, "between now and a year"),
    ],
)
def test_what_cannot_be_a_client_is_refused(
    database: Database, people: Mapping[str, Actor], change: dict[str, Any], words: str
) -> None:
    usual: dict[str, Any] = {
        "name": "Warehouse",
        "scopes": frozenset({Scope(ScopeName.RESULTS_READ)}),
        "expires_at": NOW + MONTH,
    }
    with pytest.raises(AnswerError, match=words):
        api_clients.make(database, people["central-administrator"], NewClient(**usual | change), NOW, KEYS)


def test_one_form_makes_one_client(database: Database, people: Mapping[str, Actor]) -> None:
    new = NewClient("Warehouse", frozenset({Scope(ScopeName.RESULTS_READ)}), NOW + MONTH, new_id())
    api_clients.make(database, people["central-administrator"], new, NOW, KEYS)
    with pytest.raises(NotAllowedNowError):
        api_clients.make(database, people["central-administrator"], new, NOW, KEYS)
    with pytest.raises(NotAllowedNowError):  # nor does anybody get a token of another's
        api_clients.make(database, people["coordinator"], _only_questionnaires(new), NOW, KEYS)
    assert len(api_clients.list_clients(database, people["central-administrator"])) == 1


def _only_questionnaires(new: NewClient) -> NewClient:
    return NewClient(new.name, frozenset({Scope(ScopeName.QUESTIONNAIRES_READ)}), new.expires_at, new.id)


# ---- Tokens ----------------------------------------------------------------------------------------------------------


def test_a_token_works_until_it_ends_and_no_second_longer(database: Database, people: Mapping[str, Actor]) -> None:
    made = make_client(database, people["central-administrator"], "results:read", now=NOW)
    assert [accepts(database, made, NOW + MONTH - SECOND), accepts(database, made, NOW + MONTH)] == [True, False]


def test_the_next_token_overlaps_with_the_one_before(database: Database, people: Mapping[str, Actor]) -> None:
    owner = people["central-administrator"]
    first = make_client(database, owner, "results:read", now=NOW)
    second = api_clients.rotate(database, owner, first.client_id, NOW + MONTH, NOW, KEYS)
    assert second.scopes == first.scopes
    end = NOW + OVERLAP
    assert [accepts(database, first, at) for at in (NOW, end - SECOND, end)] == [True, True, False]
    assert accepts(database, second, end)


def test_an_overlap_makes_no_token_last_longer(database: Database, people: Mapping[str, Actor]) -> None:
    owner = people["central-administrator"]
    first = make_client(database, owner, "results:read", now=NOW)
    late = NOW + MONTH - timedelta(days=1)
    api_clients.rotate(database, owner, first.client_id, late + MONTH, late, KEYS)
    assert not accepts(database, first, NOW + MONTH)


def test_only_its_maker_gives_a_client_a_token(database: Database, world: World, people: Mapping[str, Actor]) -> None:
    """With it one acts as they do, also where one may not oneself: so an administrator cannot."""
    made = make_client(database, people["lead"], f"assessments:write:partnership={world.partnership}", now=NOW)
    with pytest.raises(NotAllowedError):
        api_clients.rotate(database, people["central-administrator"], made.client_id, NOW + MONTH, NOW, KEYS)
    for stranger in (world.manager, people["coordinator"]):
        with pytest.raises(NotFoundError):
            api_clients.rotate(database, stranger, made.client_id, NOW + MONTH, NOW, KEYS)
        with pytest.raises(NotFoundError):
            api_clients.revoke(database, stranger, made.client_id, NOW)
    assert accepts(database, made)


def test_a_client_that_has_ended_gets_no_token(database: Database, people: Mapping[str, Actor]) -> None:
    owner = people["central-administrator"]
    made = make_client(database, owner, "results:read", now=NOW)
    for _ in range(2):  # twice is once
        api_clients.revoke(database, owner, made.client_id, NOW)
    assert not accepts(database, made)
    with pytest.raises(NotFoundError):
        api_clients.rotate(database, owner, made.client_id, NOW + MONTH, NOW, KEYS)
    assert list_events(database) == [Event.API_CLIENT_MADE, Event.API_CLIENT_REVOKED]


def test_one_token_ends_and_the_others_go_on(database: Database, people: Mapping[str, Actor]) -> None:
    owner = people["central-administrator"]
    first = make_client(database, owner, "results:read", now=NOW)
    second = api_clients.rotate(database, owner, first.client_id, NOW + MONTH, NOW, KEYS)
    other = make_client(database, owner, "results:read", now=NOW)
    token_id = find_token_id(database, first)
    with pytest.raises(NotFoundError):
        api_clients.revoke_token(database, owner, other.client_id, token_id, NOW)
    for _ in range(2):
        api_clients.revoke_token(database, owner, first.client_id, token_id, NOW)
    assert [accepts(database, each) for each in (first, second, other)] == [False, True, True]
    assert list_events(database).count(Event.API_TOKEN_REVOKED) == 1


def test_the_next_token_is_made_once_for_what_somebody_saw(database: Database, people: Mapping[str, Actor]) -> None:
    owner = people["central-administrator"]
    made = make_client(database, owner, "results:read", now=NOW)
    seen = find_token_id(database, made)
    api_clients.rotate(database, owner, made.client_id, NOW + MONTH, NOW + SECOND, KEYS, seen)
    with pytest.raises(NotAllowedNowError):
        api_clients.rotate(database, owner, made.client_id, NOW + MONTH, NOW + SECOND, KEYS, seen)


def list_events(database: Database) -> list[str]:
    with database.reading() as session:
        found = session.scalars(select(AuditEntry.event).order_by(AuditEntry.number))
        return [event for event in found if event.startswith("api-")]


def find_token_id(database: Database, made: MadeToken) -> UUID:
    with database.reading() as session:
        return session.scalars(select(ApiToken.id).where(ApiToken.token_hash == KEYS.digest(made.token))).one()


def test_of_a_token_only_a_digest_is_stored(database: Database, people: Mapping[str, Actor]) -> None:
    """Neither the token nor what comes after its mark stands in any column, nor in the file of an SQLite database."""
    owner = people["central-administrator"]
    first = make_client(database, owner, "results:read", now=NOW)
    second = api_clients.rotate(database, owner, first.client_id, NOW + MONTH, NOW, KEYS)
    third = api_clients.exchange(database, str(first.client_id), second.token, "", NOW, KEYS)
    secrets = [each.token.removeprefix("enb_") for each in (first, second, third)]
    with database.reading() as session:
        stored = "\n".join(
            str(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(select(table))
        )
    assert not [secret for secret in secrets if secret in stored]
    assert secrets[0][-4:] in stored
    path = database.url.database
    if database.url.get_backend_name() == "sqlite" and path:
        content = b"".join(file.read_bytes() for file in Path(path).parent.glob(f"{Path(path).name}*"))
        assert KEYS.digest(first.token).encode() in content
        assert not [secret for secret in secrets if secret.encode() in content]


def test_a_key_that_is_taken_away_ends_what_was_made_under_it(database: Database, people: Mapping[str, Actor]) -> None:
    old, new = TokenKeys(["o" * 32]), TokenKeys(["n" * 32, "o" * 32])
    scopes = [Scope(ScopeName.RESULTS_READ)]
    made = api_clients.create(database, people["central-administrator"], "A", scopes, NOW + MONTH, NOW, old)
    assert api_clients.authenticate(database, made.token, NOW, new).client == "A"
    with pytest.raises(SignInNeededError):
        api_clients.authenticate(database, made.token, NOW, TokenKeys(["n" * 32]))


# ---- Access tokens for a client's credentials ------------------------------------------------------------------------


def exchange(database: Database, made: MadeToken, wanted: str = "", now: datetime = NOW, **other: str) -> MadeToken:
    client, secret = other.get("client", str(made.client_id)), other.get("secret", made.token)
    return api_clients.exchange(database, client, secret, wanted, now, KEYS)


def test_an_access_token_has_fewer_scopes_where_they_are_asked_for(
    database: Database, world: World, people: Mapping[str, Actor]
) -> None:
    made = make_client(database, people["central-administrator"], "results:read", "releases:read", now=NOW)
    narrowed = f"results:read:partnership={world.partnership}"
    for wanted, given in (("", "releases:read results:read"), ("releases:read", "releases:read"), (narrowed, narrowed)):
        access = exchange(database, made, wanted)
        assert " ".join(sorted(map(str, access.scopes))) == given
        assert api_clients.authenticate(database, access.token, NOW, KEYS).scopes == access.scopes
    for more in ("admin:write", "results:read admin:write", "assessments:write"):
        with pytest.raises(AnswerError, match="does not have the scope"):
            exchange(database, made, more)
    narrow = make_client(database, people["central-administrator"], narrowed, now=NOW)
    with pytest.raises(AnswerError, match=f"does not have the scope results:read; it has {narrowed}"):
        exchange(database, narrow, "results:read")


def test_an_access_token_ends_within_an_hour_and_with_its_secret(
    database: Database, people: Mapping[str, Actor]
) -> None:
    made = make_client(database, people["central-administrator"], "results:read", now=NOW)
    access = exchange(database, made)
    hour = timedelta(hours=1)
    assert [accepts(database, access, at) for at in (NOW + hour - SECOND, NOW + hour)] == [True, False]
    late = NOW + MONTH - timedelta(minutes=5)
    assert exchange(database, made, now=late).expires_at == NOW + MONTH


def test_what_is_no_secret_of_the_client_gets_nothing(database: Database, people: Mapping[str, Actor]) -> None:
    owner = people["central-administrator"]
    made, other = (make_client(database, owner, "results:read", now=NOW) for _ in range(2))
    access = exchange(database, made)
    refused: list[dict[str, Any]] = [
        {"secret": "enb_wrong"},
        {"secret": ""},
        {"secret": made.token.removeprefix("enb_")},
        {"secret": other.token},
        {"secret": access.token},
        {"client": ""},
        {"client": str(new_id())},
        {"client": "not an id"},
        {"now": NOW + MONTH},
    ]
    for each in refused:
        with pytest.raises(SignInNeededError):
            exchange(database, made, **each)
    api_clients.revoke_token(database, owner, made.client_id, find_token_id(database, made), NOW)
    with pytest.raises(SignInNeededError):
        exchange(database, made)
    assert not accepts(database, access)  # it was given for the token that has ended
    api_clients.revoke(database, owner, other.client_id, NOW)
    with pytest.raises(SignInNeededError):
        exchange(database, other)


def test_an_access_token_ends_with_its_client_and_is_on_no_list(
    database: Database, people: Mapping[str, Actor]
) -> None:
    owner = people["central-administrator"]
    made = make_client(database, owner, "results:read", now=NOW)
    access = exchange(database, made)
    (client,) = api_clients.list_clients(database, owner)
    assert [token.hint for token in client.tokens] == [made.token[-4:]]
    api_clients.revoke(database, owner, made.client_id, NOW)
    assert not accepts(database, access)


def ask_for_access(http: TestClient, **fields: str) -> tuple[int, Any]:
    reply = http.post("/api/v1/oauth/token", data=fields)
    return reply.status_code, reply.json()


def test_a_client_gets_an_access_token_over_http_in_both_ways(database: Database, people: Mapping[str, Actor]) -> None:
    made = make_client(database, people["central-administrator"], "results:read", "releases:read")
    grant = {"grant_type": "client_credentials"}
    with serving(database) as (http, _):
        status, told = ask_for_access(
            http, **grant, client_id=str(made.client_id), client_secret=made.token, scope="results:read"
        )
        assert status == 200
        assert {name: told[name] for name in ("token_type", "scope")} == {
            "token_type": "Bearer",
            "scope": "results:read",
        }
        assert 3590 <= told["expires_in"] <= 3600
        assert http.get("/api/v1/results", headers=bearer(told["access_token"])).status_code == 200
        assert http.get("/api/v1/releases", headers=bearer(told["access_token"])).status_code == 403
        basic = http.post("/api/v1/oauth/token", data=grant, auth=(str(made.client_id), made.token))
        assert (basic.status_code, basic.headers["cache-control"]) == (200, "no-store")
        wrong = [
            ({**grant, "client_id": str(made.client_id), "client_secret": "enb_wrong"}, 401),
            ({**grant, "client_id": str(made.client_id), "client_secret": told["access_token"]}, 401),
            ({**grant, "client_id": str(made.client_id), "client_secret": made.token, "scope": "admin:write"}, 422),
            ({"grant_type": "password", "client_id": str(made.client_id), "client_secret": made.token}, 422),
        ]
        for fields, expected in wrong:
            assert ask_for_access(http, **fields)[0] == expected, fields


# ---- Whose results they pull -----------------------------------------------------------------------------------------


def reaching(
    database: Database, people: Mapping[str, Actor], world: World, now: datetime = NOW
) -> set[tuple[str, str]]:
    found = other_systems.list_reaching(database, people["coordinator"], world.partnership, now)
    return {(each.maker, each.extent) for each in found}


def test_a_coordinator_is_told_of_every_system_that_reaches_the_partnership(
    database: Database, world: World, people: Mapping[str, Actor]
) -> None:
    other = new_id()
    with database.writing() as session:
        session.add(Partnership(id=other, name="Elsewhere"))
    here = f"results:read:partnership={world.partnership}"
    administrator = people["central-administrator"]
    for scope in ("releases:read", "admin:write", f"results:read:partnership={other}", "questionnaires:read"):
        make_client(database, administrator, scope, now=NOW)
    make_client(database, people["lead"], f"assessments:write:partnership={world.partnership}", now=NOW)
    assert reaching(database, people, world) == set()
    made = {
        who: make_client(database, people[who], scope, now=NOW)
        for who, scope in (("coordinator", here), ("lead", here), ("central-administrator", "results:read"))
    }
    everybody = {("coordinator", "closed"), ("Officer", "own"), ("central-administrator", "all")}
    assert reaching(database, people, world) == everybody
    assert reaching(database, people, world, NOW + MONTH) == set()
    api_clients.revoke(database, people["lead"], made["lead"].client_id, NOW)
    assert reaching(database, people, world) == everybody - {("Officer", "own")}


@pytest.mark.parametrize("scope", ["results:read", "results:read:round=this", "results:read:partnership=here"])
def test_however_a_scope_is_narrowed_to_it_the_coordinator_is_told(
    database: Database, world: World, people: Mapping[str, Actor], scope: str
) -> None:
    written = scope.replace("this", str(world.round)).replace("here", str(world.partnership))
    make_client(database, people["central-administrator"], written, now=NOW)
    assert reaching(database, people, world) == {("central-administrator", "all")}


def test_nobody_else_is_told_whose_systems_there_are(
    database: Database, world: World, people: Mapping[str, Actor]
) -> None:
    for who in ("lead", "contributor", "central-analyst", "nobody"):
        with pytest.raises(NotFoundError):
            other_systems.list_reaching(database, people[who], world.partnership, NOW)


def test_a_client_of_somebody_else_is_on_no_list_but_an_administrators(
    database: Database, world: World, people: Mapping[str, Actor]
) -> None:
    made = make_client(database, people["coordinator"], f"results:read:partnership={world.partnership}", now=NOW)
    assert not other_systems.list_systems(database, people["lead"], NOW)
    (seen,) = other_systems.list_systems(database, people["central-administrator"], NOW)
    assert (seen.client.id, seen.is_own) == (made.client_id, False)
    with database.reading() as session:
        assert store.find_client(session, made.client_id) == seen.client
