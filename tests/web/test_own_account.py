"""“Your account”: name, roles, devices, reminders, and signing out everywhere."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.dependencies import SESSION_COOKIE
from app.services import Database, accounts, signing_in
from app.store.models import AuditEntry, Membership, Person
from tests.people import NOW, World
from tests.sign_ins import KEYS, sign_in
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, title, words


def test_the_account_shows_who_one_is_and_where_one_is_signed_in(
    browse: SignedIn, database: Database, world: World
) -> None:
    sign_in(database, world.officer.person_id, NOW - timedelta(hours=2))
    sign_in(database, world.officer.person_id, NOW - timedelta(days=8))
    sign_in(database, world.colleague.person_id)
    client = browse(world.officer)
    page = client.get("/account")
    parse(page.text)
    shown = words(page.text)
    assert title(page.text).startswith("Your account")
    assert "officer@harrow.example" in shown
    assert "Lead, Harrow Vale Council" in shown
    assert shown.count("on 2 November 2026") == 4
    assert shown.count("(the device you are using now)") == 1
    assert links(client.get("/assessments").text)["Your account: Officer"] == "/account"


def test_whoever_has_no_role_is_told_what_to_do(browse: SignedIn, database: Database, world: World) -> None:
    client = browse(world.officer)
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == world.officer.person_id))
    assert "You have no role at the moment. Ask" in words(client.get("/account").text)


def test_one_changes_ones_name_and_reminders_and_it_is_on_record(
    browse: SignedIn, database: Database, world: World
) -> None:
    client = browse(world.officer)
    form = client.get("/account/change")
    parse(form.text)
    page = client.post("/account/change", data={"name": "  Ada   <b>Officer</b> ", "reminders": "no"})
    assert page.url.path == "/account"
    assert "Ada <b>Officer</b>" in words(page.text)
    with database.reading() as session:
        assert session.execute(
            select(Person.name, Person.wants_reminders).where(Person.id == world.officer.person_id)
        ).one() == ("Ada <b>Officer</b>", False)
        entry = session.scalars(select(AuditEntry)).one()
    assert (entry.event, entry.actor_id) == ("account-changed", world.officer.person_id)
    assert (entry.old_text, entry.new_text) == ("Officer; reminders", "Ada <b>Officer</b>; no reminders")
    client.post("/account/change", data={"name": "Ada <b>Officer</b>", "reminders": "no"})
    with database.reading() as session:
        assert len(session.scalars(select(AuditEntry)).all()) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("", "Enter your name"),
        ("   ", "Enter your name"),
        ("a" * 201, "must have 200 characters or fewer"),
        ("a\x00b", "characters that cannot be kept"),
    ],
)
def test_a_name_that_cannot_be_kept_is_told_and_handed_back(
    browse: SignedIn, world: World, name: str, told: str
) -> None:
    page = browse(world.officer).post("/account/change", data={"name": name, "reminders": "yes"})
    assert page.status_code == 422
    assert told in words(page.text)
    assert f'value="{name.strip()}"' in page.text or not name.strip()


def test_signing_out_everywhere_ends_all_of_ones_sessions_and_nobody_elses(
    browse: SignedIn, database: Database, world: World
) -> None:
    here, there, colleague = browse(world.officer), browse(world.officer), browse(world.colleague)
    token = here.cookies[SESSION_COOKIE]
    gone = here.post("/account/sign-out-everywhere", follow_redirects=False)
    assert gone.headers["location"] == "/"
    assert gone.headers["set-cookie"].startswith(f'{SESSION_COOKIE}=""; ')
    assert there.get("/account").url.path == "/sign-in"
    assert signing_in.find_actor(database, token, NOW, KEYS) is None
    assert colleague.get("/account").url.path == "/account"


def test_a_role_withdrawn_meanwhile_shuts_the_page_at_the_next_request(
    browse: SignedIn, database: Database, world: World
) -> None:
    client = browse(world.analyst)
    assert client.get("/rounds").status_code == 200
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == world.analyst.person_id))
    assert client.get("/rounds").status_code in {403, 404}


@pytest.mark.parametrize("name", ["", " ", "a" * 201, "a\x00b"])
def test_no_door_stores_a_name_that_cannot_be_kept(database: Database, world: World, name: str) -> None:
    refused = accounts.change(database, world.officer, name, NOW, wants_reminders=True)
    assert refused
    assert [fault.field for fault in refused.faults] == ["name"]
    with database.reading() as session:
        assert session.get_one(Person, world.officer.person_id).name == "Officer"


def test_a_name_is_kept_in_the_form_that_invitations_keep_it_in(database: Database, world: World) -> None:
    accounts.change(database, world.officer, " Zoe\N{COMBINING DIAERESIS}  Vale ", NOW, wants_reminders=True)
    with database.reading() as session:
        assert session.get_one(Person, world.officer.person_id).name == "Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} Vale"
