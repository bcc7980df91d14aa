"""Looking up what there is over the API: as far as a token reaches, and nothing of anybody else."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.api.schemas_places import PartnershipReport
from app.catalogue import Catalogue
from app.domain.access import Role
from app.renderings import as_partnership_json
from app.services import Database, assessing
from app.services.api_clients import MadeToken
from app.store.models import (
    Area,
    Membership,
    Organisation,
    Partnership,
    PartnershipArea,
    PartnershipOrganisation,
    Round,
    RoundPartnership,
    new_id,
)
from tests.api.problems import read_pointers, read_problem
from tests.api_clients import add_person, bearer, make_client, serving
from tests.people import NOW, World, answer_all, make_world
from tests.statements import counted_statements

LISTS = ("partnerships", "rounds", "organisations", "areas")


@dataclass
class Places:
    """Two partnerships, each with its own area, organisation and round; the first as `make_world` has it."""

    world: World
    other: UUID
    other_round: UUID
    http: TestClient
    database: Database
    """As the service has it."""
    tokens: dict[str, MadeToken]

    def get(self, path: str, who: str) -> Any:  # noqa: ANN401 - whatever the reply is
        reply = self.http.get(f"/api/v1/{path}", headers=bearer(self.tokens[who]))
        assert reply.status_code == 200, reply.text
        return reply.json()

    def list_ids(self, path: str, who: str) -> set[str]:
        return {each.get("id") or each["code"] for each in self.get(path, who)["items"]}

    def get_problem(self, path: str, who: str, status: int) -> dict[str, Any]:
        return read_problem(self.http.get(f"/api/v1/{path}", headers=bearer(self.tokens[who])), status)


def add_other(database: Database, world: World) -> tuple[UUID, UUID]:
    """Add another partnership, of an organisation of its own, in a round of its own."""
    partnership, round_, organisation = new_id(), new_id(), new_id()
    with database.writing() as session:
        first = session.get_one(Round, world.round)
        values = {column.name: getattr(first, column.name) for column in Round.__table__.columns if column.name != "id"}
        session.add_all(
            [
                Partnership(id=partnership, name="Elsewhere"),
                Organisation(id=organisation, name="Elsewhere Council", kind="council"),
                Round(id=round_, **{**values, "title": "Another round"}),
                Area(code="E06000001", name="Harrow Vale", kind="unitary", region=""),
                Area(code="E06000002", name="Elsewhere", kind="unitary", region=""),
            ]
        )
        session.flush()
        session.add_all(
            [
                PartnershipOrganisation(partnership_id=partnership, organisation_id=organisation),
                RoundPartnership(partnership_id=partnership, round_id=round_),
                PartnershipArea(partnership_id=world.partnership, area_code="E06000001"),
                PartnershipArea(partnership_id=partnership, area_code="E06000002"),
            ]
        )
    return partnership, round_


@pytest.fixture
def places(database: Database, questionnaires: Catalogue) -> Iterator[Places]:
    world = make_world(database, questionnaires.get("local-partners", 1))
    other, other_round = add_other(database, world)
    administrator = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    coordinator = add_person(database, Role.COORDINATOR, partnership_id=world.partnership)
    here = f"partnership={world.partnership}"
    made = {
        "everything": (administrator, "results:read"),
        "setting up": (administrator, "admin:write"),
        "one partnership": (administrator, f"results:read:{here}"),
        "one round": (administrator, f"results:read:round={world.round}"),
        "coordinator": (coordinator, f"results:read:{here}"),
        "lead": (world.officer, f"results:read:{here}"),
        "writing": (world.officer, f"assessments:write:{here}"),
        "releases": (administrator, "releases:read"),
    }
    with serving(database) as (http, app):
        tokens = {name: make_client(database, actor, scope) for name, (actor, scope) in made.items()}
        yield Places(world, other, other_round, http, app.state.database, tokens)


@pytest.mark.parametrize("who", ["everything", "setting up"])
def test_a_token_of_the_centre_reaches_everything(places: Places, who: str) -> None:
    assert places.list_ids("partnerships", who) == {str(places.world.partnership), str(places.other)}
    assert places.list_ids("rounds", who) == {str(places.world.round), str(places.other_round)}
    assert places.list_ids("areas", who) == {"E06000001", "E06000002"}
    assert len(places.list_ids("organisations", who)) == 3
    assert len(places.get(f"rounds/{places.world.round}", who)["partnerships"]) == 1


@pytest.mark.parametrize("who", ["one partnership", "one round", "coordinator", "lead", "writing"])
def test_a_narrowed_token_reaches_its_own_and_nothing_of_others(places: Places, who: str) -> None:
    world = places.world
    assert places.list_ids("partnerships", who) == {str(world.partnership)}
    assert places.list_ids("rounds", who) == {str(world.round)}
    assert places.list_ids("areas", who) == {"E06000001"}
    assert places.list_ids("organisations", who) == {str(world.council), str(world.trust)}
    here = places.get(f"partnerships/{world.partnership}", who)
    assert {each["id"] for each in here["organisations"]} == {str(world.council), str(world.trust)}
    assert here["areas"] == [{"code": "E06000001", "name": "Harrow Vale"}]
    nothing = places.get_problem(f"partnerships/{new_id()}", who, 404)
    assert places.get_problem(f"partnerships/{places.other}", who, 404) == nothing
    assert places.get_problem(f"rounds/{places.other_round}", who, 404) == nothing
    everything = "".join(str(places.get(path, who)) for path in (*LISTS, f"rounds/{world.round}"))
    assert "Elsewhere" not in everything
    assert str(places.other) not in everything


def test_how_far_a_round_has_come_is_for_those_who_follow_it(places: Places) -> None:
    path = f"rounds/{places.world.round}"
    (one,) = places.get(path, "coordinator")["partnerships"]
    assert one["statuses"]["not-started"] == 2
    assert places.get(path, "everything")["partnerships"] == [one]
    assert places.get(path, "lead")["partnerships"] == []


def test_without_a_scope_for_it_nothing_is_looked_up(places: Places) -> None:
    for path in (*LISTS, f"rounds/{places.world.round}", f"partnerships/{places.world.partnership}"):
        places.get_problem(path, "releases", 403)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_goes_on_where_it_ended_and_is_not_sent_twice(places: Places, path: str) -> None:
    whole = places.get(path, "everything")["items"]
    told = []
    following: str | None = f"/api/v1/{path}?limit=1"
    while following:
        reply = places.http.get(following, headers=bearer(places.tokens["everything"]))
        told += reply.json()["items"]
        following = reply.links["next"]["url"] if "next" in reply.links else None
    assert told == whole
    first = places.http.get(f"/api/v1/{path}", headers=bearer(places.tokens["everything"]))
    known = bearer(places.tokens["everything"], **{"If-None-Match": first.headers["etag"]})
    assert places.http.get(f"/api/v1/{path}", headers=known).status_code == 304
    for cursor in ("x", "%00", "' or 1=1", "9" * 201):
        sent = places.http.get(f"/api/v1/{path}?cursor={cursor}", headers=bearer(places.tokens["everything"]))
        assert read_pointers(sent) == ["/cursor"]


def add_many(database: Database, world: World) -> None:
    """Add a hundred more of everything: half of the partnerships in the round of the world, with all that is theirs."""
    with database.writing() as session:
        first = session.get_one(Round, world.round)
        values = {column.name: getattr(first, column.name) for column in Round.__table__.columns}
        for number in range(100):
            partnership, organisation, round_, code = new_id(), new_id(), new_id(), f"E07{number:06}"
            session.add_all(
                [
                    Partnership(id=partnership, name=f"Partnership {number}"),
                    Organisation(id=organisation, name=f"Organisation {number}", kind="council"),
                    Round(**{**values, "id": round_, "title": f"Round {number}"}),
                    Area(code=code, name=f"Area {number}", kind="district", region=""),
                ]
            )
            session.flush()
            session.add_all(
                [
                    PartnershipOrganisation(partnership_id=partnership, organisation_id=organisation),
                    RoundPartnership(partnership_id=partnership, round_id=world.round if number % 2 else round_),
                    PartnershipArea(partnership_id=partnership, area_code=code),
                ]
            )


@pytest.mark.parametrize("who", ["everything", "one partnership", "one round", "lead"])
def test_a_part_takes_as_many_statements_and_rows_however_much_there_is(
    places: Places, database: Database, who: str
) -> None:
    """One for the token, one for the list, and one for what stands for retired areas: and no row that is not shown."""

    def get(path: str) -> tuple[list[str], dict[str, Any]]:
        with counted_statements(places.database) as statements:
            found = places.get(path, who)
        return [each for each in statements if each.startswith("SELECT")], found

    places.get("rounds", who)  # the use of the token is noted
    few = {path: len(get(f"{path}?limit=2")[0]) for path in LISTS}
    add_many(database, places.world)
    for path in LISTS:
        statements, found = get(f"{path}?limit=2")
        assert len(statements) == few[path] == (3 if path == "areas" else 2), path
        assert "LIMIT" in statements[1], path
        told: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = places.get(f"{path}?limit=20{cursor and f'&cursor={cursor}'}", who)
            told += [each.get("id") or each["code"] for each in page["items"]]
            cursor = page["next_cursor"]
        assert told == sorted(set(told)), path
        assert set(told) == places.list_ids(f"{path}?limit=1000", who), path
        assert len(found["items"]) == min(2, len(told)), path
        more = {"everything": 100, "one round": 0 if path == "rounds" else 50}.get(who, 0)
        here = {"organisations": 2}.get(path, 1)
        assert len(told) == more + here + (1 if who == "everything" else 0), path


def test_a_partnership_report_and_its_plan_open_to_a_machine_when_they_open_to_its_maker(
    places: Places, database: Database, questionnaires: Catalogue
) -> None:
    world = places.world
    report, plan = (f"partnerships/{world.partnership}/{end}" for end in (f"rounds/{world.round}/report", "actions"))
    with database.writing() as session:  # open still, by the clock of the machine
        session.get_one(Round, world.round).closes_at = NOW.replace(year=2100)
    for path in (report, plan):
        places.get_problem(path, "lead", 409)
        places.get_problem(path, "coordinator", 409)
        places.get_problem(path, "one partnership", 404)  # the centre sees nobody's answers
        places.get_problem(path, "writing", 403)
    key = assessing.start(database, questionnaires, world.officer, world.partnership, world.round, world.council, NOW)
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    found = places.get(report, "lead")
    assert found["partnership"]["id"] == str(world.partnership)
    assert {each["submitted"] for each in found["organisations"]} == {True, False}
    PartnershipReport.model_validate(found)  # the shape knows no notes, reasons, links or names of people
    assert places.get(f"{report}?shows=agreed", "lead")["shows"] == "agreed"
    assert places.get(plan, "lead") == {"items": [], "next_cursor": None}
    places.get_problem(report, "coordinator", 409)
    places.get_problem(report.replace(str(world.partnership), str(places.other)), "lead", 404)
    assert read_pointers(places.http.get(f"/api/v1/{report}?shows=both", headers=bearer(places.tokens["lead"]))) == [
        "/shows"
    ]


def test_a_partnership_report_for_machines_has_no_words_links_or_names_of_people() -> None:
    """As the page says on which a system is added; what was left out of the shape is found by the client of it."""
    answer = {"question": "q", "choice": "early", "reason": "secret", "note": "secret", "evidence_link": "secret"}
    agreed = {"question": "q", "level": None, "reason": "secret", "minority_view": "secret"}
    action = {"question": "q", "action": "Meet", "owner": "secret", "note": "secret"}
    told = as_partnership_json.leave_words_out(
        {"shows": "individual", "organisations": [{"answers": [answer]}], "agreed": [agreed], "actions": [action]}
    )
    assert told == {
        "shows": "individual",
        "organisations": [{"answers": [{"question": "q", "choice": "early"}]}],
        "agreed": [{"question": "q", "level": None}],
        "actions": [{"question": "q", "action": "Meet"}],
    }


def test_whoever_leaves_takes_their_clients_along(places: Places, database: Database) -> None:
    with database.writing() as session:
        for each in session.query(Membership).filter_by(person_id=places.world.officer.person_id):
            session.delete(each)
    for path in LISTS:
        places.get_problem(path, "lead", 403)
