"""A partnership on pages, for its coordinators: who has come how far, reminding, and inviting. Never an answer."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, update

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.assessment import Answer
from app.services import Database, assessing
from app.store.models import Invitation, Membership, Partnership, Round, new_id
from tests.invitations import Staff, add_person, list_events, list_grants, list_invitations, list_tokens, make_staff
from tests.people import NOW, World, start_assessment
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, words
from tests.web.test_people import errors, open_page, upload

HOSTILE = "<img src=x onerror=alert(1)> {{ 7 * 7 }}"


@pytest.fixture
def staff(database: Database, world: World) -> Staff:
    return make_staff(database, world)


def place(world: World, *rest: object) -> str:
    return "/".join((f"/partnerships/{world.partnership}", *map(str, rest)))


def test_a_coordinator_is_at_home_in_their_partnership(browse: SignedIn, world: World, staff: Staff) -> None:
    client = browse(staff.coordinator)
    home = client.get("/assessments")
    assert home.url.path == place(world)
    page = words(home.text)
    assert "Autumn round" in page
    assert "Harrow Vale Council Leads: Colleague and Officer Not started" in page
    assert "0 of 2 organisations finished" in page


def test_who_coordinates_several_chooses(browse: SignedIn, database: Database, world: World) -> None:
    other = new_id()
    with database.writing() as session:
        session.add(Partnership(id=other, name="Lower Vale"))
    both = add_person(
        database, "Both", Grant(Role.COORDINATOR, None, world.partnership), Grant(Role.COORDINATOR, None, other)
    )
    client = browse(both)
    assert links(open_page(client, "/partnerships"))["Lower Vale"] == f"/partnerships/{other}"
    assert "There is no organisation yet" in words(open_page(client, f"/partnerships/{other}"))


def test_no_answer_is_shown_to_a_coordinator(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, staff: Staff
) -> None:
    key = start_assessment(database, questionnaires, world)
    answer = Answer("early", note="a secret note")
    assessing.answer(database, questionnaires, world.officer, key, "shared-picture", answer, 0, NOW)
    client = browse(staff.coordinator)
    pages = [place(world), place(world, "organisations", world.council)]
    assert "In progress" in words(open_page(client, pages[0]))
    for page in pages:
        shown = open_page(client, page)
        assert "secret" not in shown
        assert "early" not in words(shown)
    assert client.get(place(world, "assessments", key.assessment_id)).status_code == 404


GUARDED = (
    "",
    "/people",
    "/people/invite",
    "/people/import",
    "/invite-organisation",
    "/organisations/{council}",
    "/organisations/{council}/invite",
    "/rounds/{round}/organisations/{council}/remind",
)


@pytest.mark.parametrize("who", ["officer", "manager", "analyst", "contributor", "certifier", "stranger"])
@pytest.mark.parametrize("page", GUARDED)
def test_others_find_no_such_page(
    browse: SignedIn, database: Database, world: World, staff: Staff, who: str, page: str
) -> None:
    stranger = add_person(database, "Stranger", Grant(Role.COORDINATOR, None, _other_partnership(database)))
    actor: Actor = getattr(world, who, None) or getattr(staff, who, None) or stranger
    path = place(world) + page.format(council=world.council, round=world.round)
    assert browse(actor).get(path).status_code == 404


def _other_partnership(database: Database) -> UUID:
    other = new_id()
    with database.writing() as session:
        session.add(Partnership(id=other, name="Lower Vale"))
    return other


@pytest.mark.parametrize("who", ["coordinator", "administrator"])
@pytest.mark.parametrize("page", GUARDED)
def test_coordinators_and_administrators_find_every_page(
    browse: SignedIn, world: World, staff: Staff, who: str, page: str
) -> None:
    actor: Actor = getattr(staff, who)
    open_page(browse(actor), place(world) + page.format(council=world.council, round=world.round))


def test_an_administrators_look_is_recorded(browse: SignedIn, database: Database, world: World, staff: Staff) -> None:
    client = browse(staff.administrator)
    for _ in range(3):
        open_page(client, place(world))
    open_page(browse(staff.coordinator), place(world))
    assert list_events(database, world.partnership) == ["partnership-viewed"]


def test_an_organisation_is_reminded_after_asking(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    client = browse(staff.coordinator)
    path = place(world, "rounds", world.round, "organisations", world.council, "remind")
    assert path in open_page(client, place(world))
    asked = words(open_page(client, path))
    assert "Colleague" in asked
    assert "Officer" in asked
    after = client.post(path)
    assert after.url.path == place(world)
    assert "Reminded in the last 24 hours" in words(after.text)
    assert path not in after.text
    assert client.post(path).status_code == 409
    assert list_events(database, world.partnership) == ["reminded"]


def test_an_organisation_is_invited_with_its_lead(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    client = browse(staff.coordinator)
    path = place(world, "invite-organisation")
    form = {"name": HOSTILE, "kind": "", "email": "lead@carers.example", "lead": ""}
    refused = client.post(path, data=form)
    assert errors(refused) == ["Choose what kind of organisation it is, as it is new here"]
    assert 'value="lead@carers.example"' in refused.text
    after = client.post(path, data={**form, "kind": "charity"})
    parse(after.text)
    assert HOSTILE in words(after.text)
    assert "lead@carers.example" in words(after.text)
    assert HOSTILE in words(open_page(client, place(world)))
    (token,) = list_tokens(database)
    arrived = browse(None).post(f"/invitations/{token}", data={"name": "Lee"})
    assert HOSTILE in words(arrived.text)


def test_a_lead_is_invited_where_nobody_is(browse: SignedIn, database: Database, world: World, staff: Staff) -> None:
    client = browse(staff.coordinator)
    path = place(world, "organisations", world.trust, "invite")
    assert 'href="' + path not in open_page(client, place(world, "organisations", world.trust))
    assert client.post(path, data={"email": "second@trust.example", "name": "Sam"}).status_code == 403
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
    assert 'href="' + path in open_page(client, place(world, "organisations", world.trust))
    after = client.post(path, data={"email": "second@trust.example", "name": "Sam"})
    assert after.url.path == place(world, "organisations", world.trust)
    assert "Sam" in words(after.text)
    (invitation,) = list_invitations(database)
    page = place(world, "invitations", invitation.id)
    open_page(client, page)
    assert client.post(f"{page}/send-again").url.path == page
    assert client.post(f"{page}/withdraw").url.path == place(world, "organisations", world.trust)
    assert list_events(database, world.partnership) == ["invited", "invitation-sent-again", "invitation-withdrawn"]


def test_who_has_not_accepted_is_seen_and_chased_once_a_day(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
    client = browse(staff.coordinator)
    client.post(place(world, "organisations", world.trust, "invite"), data={"email": "a@trust.example", "name": "Sam"})
    (invitation,) = list_invitations(database)
    page = open_page(client, place(world))
    assert "Sam: invited, not accepted (until " in words(page)
    assert links(page)["Send again : Harrow Vale Trust, Autumn round"] == place(world, "invitations", invitation.id)
    assert "Send again to everybody" not in page  # they have a mail of today
    path = place(world, "invitations", "send-again")
    with database.writing() as session:
        session.execute(update(Invitation).values(expires_at=invitation.expires_at - timedelta(days=2)))
    assert "Send again to everybody who has not accepted (1)" in open_page(client, place(world))
    for _ in range(2):
        assert client.post(path).url.path == place(world)
    assert len(list_tokens(database)) == 2
    assert list_events(database, world.partnership) == ["invited", "invitation-sent-again"]
    assert browse(world.officer).post(path).status_code == 404


def test_an_organisation_that_nobody_can_sign_off_for_is_told_of(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    client = browse(staff.coordinator)
    assert "Nobody can sign off yet" not in open_page(client, place(world))
    with database.writing() as session:
        session.execute(update(Round).values(sign_off="certifier"))
    assert open_page(client, place(world)).count("Nobody can sign off yet") == 1  # the trust, and not the council


def test_coordinators_invite_and_withdraw_one_another(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    client = browse(staff.coordinator)
    after = client.post(place(world, "people", "invite"), data={"email": "second@vale.example", "name": ""})
    assert "second@vale.example" in words(after.text)
    second = browse(None)
    second.post(f"/invitations/{list_tokens(database)[0]}", data={"name": "Second"})
    page = open_page(second, place(world, "people"))
    path = re.findall(rf"{place(world)}/people/[0-9a-f-]+/withdraw", page)[0]
    assert "Coordinator" in words(open_page(second, path))
    second.post(path)
    assert list_grants(database, "coordinator@harrow.example") == []
    assert client.get(place(world)).status_code == 404


def test_a_coordinator_imports_people_into_their_partnership(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
    client = browse(staff.coordinator)
    path = place(world, "people", "import")
    refused = upload(client, path, b"email,role\na@b.example,central-administrator\n")
    assert errors(refused) == ["Nobody was invited: the file has 1 fault"]
    done = upload(client, path, b"email;role;organisation\r\na@b.example;lead;Harrow Vale Trust\r\n")
    assert "1 person invited" in words(done.text)
    assert len(list_invitations(database)) == 1
    again = upload(client, path, b"email;role;organisation\r\na@b.example;lead;Harrow Vale Trust\r\n")
    assert "1 was invited before; nothing was sent to them" in words(again.text)
    assert len(list_tokens(database)) == 1
