"""The page of the mirror: who reads it, what it says, and that it is not sent twice."""

import json
from uuid import UUID

import pytest
from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.releases import write_content
from app.services import Database
from app.store.models import Membership, Person, Release, Round, new_id
from tests.mirrors import Pair, make_content
from tests.people import NOW, World
from tests.statements import counted_statements
from tests.web.conftest import SignedIn
from tests.web.pages import words


@pytest.fixture
def analyst(database: Database, world: World) -> Actor:
    del world
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name="Analyst", email="analyst@centre.example"))
        session.flush()
        session.add(Membership(person_id=person, role=Role.CENTRAL_ANALYST.value))
    return Actor(person, "Analyst", frozenset({Grant(Role.CENTRAL_ANALYST)}))


def publish(database: Database, world: World, questionnaires: Catalogue, pairs: list[Pair] | None) -> UUID:
    """Publish a release of the small world's round, as it was frozen."""
    values = write_content(make_content(questionnaires, pairs or []))
    if pairs is None:
        values["mirror"] = None
    with database.writing() as session:
        session.execute(update(Round).where(Round.id == world.round).values(release_at=NOW))
        session.add(
            Release(
                round_id=world.round,
                number=1,
                content=json.dumps(values),
                digest="0" * 64,
                contributions="[]",
                audit='{"leaks": [], "withheld": []}',
                built_at=NOW,
                built_by=world.officer.person_id,
                publishes_at=NOW,
                approved_at=NOW,
                approved_by=world.officer.person_id,
            )
        )
    return world.round


def test_both_questions_and_how_far_apart_they_are(
    database: Database, world: World, questionnaires: Catalogue, browse: SignedIn, analyst: Actor
) -> None:
    round_id = publish(database, world, questionnaires, [(50, 52), (62, 38), (None, 40)])
    client = browse(analyst)
    picture = client.get(f"/releases/{round_id}")
    assert f'href="/releases/{round_id}/mirror"' in picture.text
    assert "Departments say 62, places see 38: 24 points apart." in words(picture.text)
    with counted_statements(database) as statements:
        page = client.get(f"/releases/{round_id}/mirror")
    assert page.status_code == 200
    assert len(statements) <= 2
    said = words(page.text)
    assert said.index("24 points apart") < said.index("About the same") < said.index("Not shown Departments were asked")
    assert "The departments’ side is from “Departments, spring 2026”, closed on 31 May 2026." in said
    assert "Not shown: too few departments or partnerships" in said
    for side, question in (("departments", "lessons-shared"), ("local-partners", "learning-exchange")):
        assert str(questionnaires.get(side).questions_by_id[question].text) in said
    again = client.get(f"/releases/{round_id}/mirror", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_where_nothing_stands_beside_it_no_page_is_there_and_none_is_led_to(
    database: Database, world: World, questionnaires: Catalogue, browse: SignedIn, analyst: Actor
) -> None:
    round_id = publish(database, world, questionnaires, None)
    client = browse(analyst)
    assert "mirror" not in client.get(f"/releases/{round_id}").text
    assert client.get(f"/releases/{round_id}/mirror").status_code == 404


def test_only_central_teams_read_it(
    database: Database, world: World, questionnaires: Catalogue, browse: SignedIn
) -> None:
    round_id = publish(database, world, questionnaires, [(62, 38)])
    assert browse(world.officer).get(f"/releases/{round_id}/mirror").status_code == 403
    nobody = browse(None).get(f"/releases/{round_id}/mirror", follow_redirects=False)
    assert nobody.status_code == 303
