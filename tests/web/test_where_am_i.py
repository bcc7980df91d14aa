"""Where are we: who may ask, from when, and what the page shows, on both databases."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.questionnaire import Questionnaire
from app.renderings.view_release import WHY_NOT_SHOWN
from app.services import Database, together, where_am_i
from app.store.models import Partnership, PartnershipOrganisation, Release, Round, new_id
from app.web.together import addresses
from tests.partners import Partners, add_partners, submit
from tests.people import NOW, World
from tests.released import add_release, figures, make_content
from tests.statements import counted_statements
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, words

OWN = {"area-type": "unitary", "region": "North", "size": "over-300k", "deprivation": "2", "peers": "2"}
CELLS = {
    "all|all": figures(40, 52, 35, 50, 65),
    "region|North": figures(22, 61),
    "region|South": figures(18, 43),
    "peers|1": figures(16, 33),
    "peers|2": figures(24, 71, None, 70, None),
}
ALL_PARTNERSHIPS = "Where are we, beside all partnerships?"
FROM_GAP_REPORT = "Where is our partnership, beside all partnerships?"


@pytest.fixture
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


@pytest.fixture
def partners(database: Database, world: World, questionnaires: Catalogue) -> Partners:
    found = add_partners(database, world)
    submit(database, questionnaires, found, "council", "trust")
    return found


def where(world: World) -> str:
    return addresses.where(world.partnership, world.round)


def release(database: Database, world: World, questionnaire: Questionnaire, **given: object) -> None:
    content = make_content(questionnaire, CELLS)
    add_release(database, world, content, {world.partnership: OWN, new_id(): {"region": "South"}}, **given)  # type: ignore[arg-type]


def test_who_may_read_the_partnership_report_may_ask_and_nobody_else(
    browse: SignedIn, database: Database, partners: Partners, questionnaire: Questionnaire
) -> None:
    world = partners.world
    release(database, world, questionnaire)
    for actor, status in (
        (world.officer, 200),
        (world.manager, 200),
        (partners.volunteer, 409),  # has not submitted
        (partners.coordinator, 409),  # waits for all
        (world.analyst, 404),
    ):
        report = browse(actor).get(addresses.report(world.partnership, world.round))
        assert browse(actor).get(where(world)).status_code == status == report.status_code
    assert browse(None).get(where(world), follow_redirects=False).status_code == 303
    unknown = where(world).replace(str(world.round), str(new_id()))
    assert browse(world.officer).get(unknown).status_code == 404


def test_the_page_shows_its_own_categories_and_names_no_other_place(
    browse: SignedIn, database: Database, partners: Partners, questionnaire: Questionnaire
) -> None:
    world = partners.world
    with database.writing() as session:
        session.add(Partnership(id=new_id(), name="Lower Marsh Together"))
    release(database, world, questionnaire)
    html = browse(world.officer).get(where(world)).text
    parse(html)
    said = words(html)
    assert "Half of the 40 partnerships stand between 35 and 65; the median is 50." in said
    assert "Region: North" in said
    assert "Places most alike: your peer group, 2 of 2" in said
    assert "Of the 24 partnerships, the mean is 71, the median 70." in html
    assert said.count(WHY_NOT_SHOWN) == 3  # of its type, size and fifth nothing is shown
    for other in ("South", "Peer group 1", "Lower Marsh", "43", "33"):
        assert other not in said


WHEN: Mapping[str, tuple[datetime | None, dict[str, object], str]] = {
    "no date": (None, {}, "No date is named yet on which it is published."),
    "a date to come": (NOW + timedelta(days=20), {}, "It is to be published at 9:30am on 22 November 2026."),
    "a date that has passed": (NOW - timedelta(days=1), {}, "It was to be published at 9:30am on 1 November 2026, and"),
    "not approved": (None, {"approved": False}, "No date is named yet"),
    "approved for later": (None, {"publishes_at": NOW + timedelta(seconds=1)}, "No date is named yet"),
}


@pytest.mark.parametrize("which", WHEN)
def test_before_it_is_published_the_page_says_when(
    browse: SignedIn, database: Database, partners: Partners, questionnaire: Questionnaire, which: str
) -> None:
    date, given, said = WHEN[which]
    world = partners.world
    with database.writing() as session:
        session.execute(update(Round).values(release_at=date))
    if given:
        release(database, world, questionnaire, **given)
    page = browse(world.officer).get(where(world))
    assert page.status_code == 200
    parse(page.text)
    assert f"That is not published yet. {said}" in words(page.text)
    assert "Half of" not in page.text


def test_a_release_that_is_withdrawn_is_shown_no_more_and_the_next_one_is(
    browse: SignedIn, database: Database, partners: Partners, questionnaire: Questionnaire
) -> None:
    world = partners.world
    release(database, world, questionnaire)
    with database.writing() as session:
        session.execute(update(Release).values(withdrawn_at=NOW))
    assert "not published yet" in words(browse(world.officer).get(where(world)).text)
    add_release(database, world, make_content(questionnaire, {"all|all": figures(38, 54)}), number=2)
    said = words(browse(world.officer).get(where(world)).text)
    assert "Of the 38 partnerships, the mean is 54." in said
    assert "does not count among them" in said


def test_one_gets_there_from_the_partnership_report_and_once_it_is_released_from_the_gap_report(
    browse: SignedIn, database: Database, partners: Partners, questionnaire: Questionnaire
) -> None:
    world = partners.world
    client = browse(world.officer)
    key = partners.key(database, "council")
    gap_report = f"/partnerships/{key.partnership_id}/assessments/{key.assessment_id}/report"
    assert FROM_GAP_REPORT not in links(client.get(gap_report).text)
    release(database, world, questionnaire)
    assert links(client.get(gap_report).text)[FROM_GAP_REPORT] == where(world)
    assert links(client.get(addresses.report(world.partnership, world.round)).text)[ALL_PARTNERSHIPS] == where(world)
    with database.writing() as session:  # whoever has left is not led to a page that is closed to them
        left = PartnershipOrganisation.organisation_id == world.council
        session.execute(update(PartnershipOrganisation).where(left).values(left_at=NOW))
    assert FROM_GAP_REPORT not in links(client.get(gap_report).text)
    assert client.get(where(world)).status_code == 404


@pytest.mark.parametrize("released", [True, False])
def test_it_takes_at_most_two_statements_more_than_the_report(
    database: Database, questionnaires: Catalogue, partners: Partners, questionnaire: Questionnaire, *, released: bool
) -> None:
    world = partners.world
    if released:
        release(database, world, questionnaire)
    place = world.partnership, world.round, NOW
    together.get_report(database, questionnaires, world.officer, *place)  # so that reading is recorded
    with counted_statements(database) as before:
        together.get_report(database, questionnaires, world.officer, *place)
    with counted_statements(database) as statements:
        where_am_i.get_where(database, questionnaires, world.officer, *place)
    assert len(statements) <= len(before) + (1 if released else 2)
