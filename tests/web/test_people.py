"""People and invitations on pages: of an organisation, of a partnership, and of everywhere."""

import re

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.domain.access import Actor, Grant, Role
from app.domain.inviting import LIFETIME
from app.services import Database
from tests.invitations import (
    Staff,
    add_person,
    list_events,
    list_grants,
    list_invitations,
    list_tokens,
    make_staff,
)
from tests.people import NOW, World
from tests.sign_ins import KEYS
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, title, words

HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} =1+1"


@pytest.fixture
def staff(database: Database, world: World) -> Staff:
    return make_staff(database, world)


def open_page(client: TestClient, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200, path
    parse(reply.text)
    return reply.text


def errors(reply: Response) -> list[str]:
    """Give what the error summary lists."""
    assert reply.status_code == 422
    parse(reply.text)
    assert title(reply.text).startswith("Error: ")
    summary = re.search(r'class="govuk-list govuk-error-summary__list">(.*?)</ul>', reply.text, re.DOTALL)
    assert summary
    return [words(line) for line in re.findall(r"<li>(.*?)</li>", summary[1], re.DOTALL)]


# ---- Accepting -------------------------------------------------------------------------------------------------------


def invite_by_form(client: TestClient, world: World, email: str = "new@harrow.example", role: str = "lead") -> Response:
    form = {"email": email, "name": "", "role": role}
    return client.post(f"/organisations/{world.council}/people/invite", data=form)


def test_a_lead_invites_and_the_invited_person_arrives(browse: SignedIn, database: Database, world: World) -> None:
    page = invite_by_form(browse(world.officer), world)
    assert page.url.path == f"/organisations/{world.council}/people"
    assert "new@harrow.example" in words(page.text)
    (token,) = list_tokens(database)
    visitor = browse(None)
    offered = open_page(visitor, f"/invitations/{token}")
    assert "Officer invites you for Harrow Vale Council, as a lead" in words(offered)
    assert errors(visitor.post(f"/invitations/{token}", data={"name": " "})) == ["Enter your name"]
    arrived = visitor.post(f"/invitations/{token}", data={"name": HOSTILE})
    assert arrived.url.path == "/assessments"
    assert HOSTILE in words(arrived.text)
    assert HOSTILE in words(open_page(browse(world.officer), f"/organisations/{world.council}/people"))


def test_somebody_who_is_here_is_not_asked_for_a_name(browse: SignedIn, database: Database, world: World) -> None:
    invite_by_form(browse(world.officer), world, "manager@harrow.example", "certifier")
    (token,) = list_tokens(database)
    visitor = browse(None)
    assert "Your name" not in words(open_page(visitor, f"/invitations/{token}"))
    assert "Manager" in words(visitor.post(f"/invitations/{token}", data={}).text)


def test_an_invitation_belongs_to_its_address_whoever_is_signed_in(
    browse: SignedIn, database: Database, world: World
) -> None:
    invite_by_form(browse(world.officer), world)
    client = browse(world.manager)
    (token,) = list_tokens(database)
    arrived = client.post(f"/invitations/{token}", data={"name": "Newcomer"})
    assert "Newcomer" in words(arrived.text)
    assert list_grants(database, "manager@harrow.example") == [Grant(Role.LEAD, world.trust)]


@pytest.mark.parametrize("how", ["never was", "used", "withdrawn", "sent again", "ran out"])
def test_a_link_that_no_longer_works_says_so_alike(
    browse: SignedIn, database: Database, world: World, how: str
) -> None:
    lead = browse(world.officer)
    invite_by_form(lead, world)
    (token,), (invitation,) = list_tokens(database), list_invitations(database)
    path = f"/organisations/{world.council}/invitations/{invitation.id}"
    match how:
        case "never was":
            token = "never-was"
        case "used":
            browse(None).post(f"/invitations/{token}", data={"name": "First"})
        case "withdrawn":
            assert lead.post(f"{path}/withdraw").status_code == 200
        case "sent again":
            assert lead.post(f"{path}/send-again").status_code == 200
        case _:
            with database.writing() as session:
                session.merge(invitation).expires_at = NOW
    visitor = browse(None)
    for reply in (visitor.get(f"/invitations/{token}"), visitor.post(f"/invitations/{token}", data={"name": "A"})):
        assert reply.status_code == 410
        assert title(reply.text).startswith("This invitation no longer works")
        assert links(reply.text)["Sign in"]
    assert visitor.get("/assessments").url.path == "/sign-in"


def test_who_tries_too_many_links_is_slowed_down_and_a_right_one_still_works(
    browse: SignedIn, database: Database, world: World
) -> None:
    invite_by_form(browse(world.officer), world)
    visitor = browse(None)
    replies = [visitor.get(f"/invitations/wrong-{number}") for number in range(31)]
    assert [reply.status_code for reply in replies] == [410] * 30 + [429]
    assert visitor.post("/invitations/wrong", data={"name": "A"}).status_code == 429
    assert visitor.get(f"/invitations/{list_tokens(database)[0]}").status_code == 200


# ---- An organisation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "administrator"])
def test_who_manages_colleagues_sees_them(browse: SignedIn, world: World, staff: Staff, who: str) -> None:
    actor: Actor = getattr(world, who, None) or getattr(staff, who)
    page = words(open_page(browse(actor), f"/organisations/{world.council}/people"))
    for name in ("Officer", "officer@harrow.example", "Contributor", "Certifier"):
        assert name in page
    assert "Manager" not in page


def test_a_lead_finds_colleagues_from_the_navigation(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    client = browse(world.officer)
    assert links(client.get("/assessments").text)["Colleagues"] == "/organisations"
    assert client.get("/organisations").url.path == f"/organisations/{world.council}/people"
    both = add_person(database, "Both", Grant(Role.LEAD, world.council), Grant(Role.LEAD, world.trust))
    listed = links(open_page(browse(both), "/organisations"))
    assert listed["Harrow Vale Trust"] == f"/organisations/{world.trust}/people"
    for actor in (staff.contributor, staff.certifier):
        assert "Colleagues" not in links(browse(actor).get("/assessments").text)
        assert browse(actor).get("/organisations").status_code == 404


PAGES_OF_COUNCIL = ("people", "people/invite")


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 404), ("analyst", 404), ("coordinator", 404), ("contributor", 403), ("certifier", 403)],
)
def test_others_are_refused(
    browse: SignedIn, database: Database, world: World, staff: Staff, who: str, status: int
) -> None:
    actor: Actor = getattr(world, who, None) or getattr(staff, who)
    client = browse(actor)
    for page in PAGES_OF_COUNCIL:
        assert client.get(f"/organisations/{world.council}/{page}").status_code == status
    assert invite_by_form(client, world).status_code == status
    assert list_invitations(database) == []


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"email": "", "role": "lead"}, ["Enter an email address"]),
        ({"email": "nobody", "role": "lead"}, ["Enter an email address in the right form, like name@example.org"]),
        ({"email": "a@b.example", "role": ""}, ["Choose a role"]),
        ({"email": "a@b.example", "role": "central-administrator"}, ["Choose a role"]),
        ({"email": "a@b.example", "role": "lead", "name": "a" * 201}, ["The name must have 200 characters or fewer"]),
        ({"email": "colleague@harrow.example", "role": "lead"}, ["Somebody with this address has this role already"]),
    ],
)
def test_a_form_comes_back_with_what_is_wrong(
    browse: SignedIn, database: Database, world: World, form: dict[str, str], expected: list[str]
) -> None:
    reply = browse(world.officer).post(f"/organisations/{world.council}/people/invite", data=form)
    assert errors(reply) == expected
    assert f'value="{form["email"]}"' in reply.text or not form["email"]
    assert list_invitations(database) == []


def test_inviting_tells_nothing_of_who_is_known_elsewhere(browse: SignedIn, world: World) -> None:
    client = browse(world.officer)
    for email in ("manager@harrow.example", "nobody@harrow.example"):
        page = words(invite_by_form(client, world, email).text)
        assert f"{email} Lead Can be accepted until 16 November 2026" in page
        assert "Manager" not in page


def test_an_invitation_is_sent_again_and_withdrawn(browse: SignedIn, database: Database, world: World) -> None:
    client = browse(world.officer)
    invite_by_form(client, world)
    (invitation,) = list_invitations(database)
    path = f"/organisations/{world.council}/invitations/{invitation.id}"
    page = open_page(client, path)
    assert f"Can be accepted until {16} November 2026" in words(page)
    assert LIFETIME.days == 14
    assert client.post(f"{path}/send-again").url.path == path
    assert len(list_tokens(database)) == 2
    after = client.post(f"{path}/withdraw")
    assert "No invitation waits" in words(after.text)
    assert client.get(path).status_code == 404
    assert list_events(database) == ["invited", "invitation-sent-again", "invitation-withdrawn"]


def test_a_role_is_withdrawn_after_asking_and_ends_at_once(browse: SignedIn, world: World) -> None:
    lead, colleague = browse(world.officer), browse(world.colleague)
    assert colleague.get(f"/organisations/{world.council}/people").status_code == 200
    page = open_page(lead, f"/organisations/{world.council}/people")
    path = re.findall(rf"/organisations/{world.council}/people/[0-9a-f-]+/withdraw", page)[0]
    asked = words(open_page(lead, path))
    assert "Withdraw the role of Colleague as lead for Harrow Vale Council" in asked
    assert lead.post(path).url.path == f"/organisations/{world.council}/people"
    assert colleague.get(f"/organisations/{world.council}/people").status_code == 404
    assert lead.post(path).status_code == 404


def test_who_withdraws_their_own_role_is_led_home(browse: SignedIn, database: Database, world: World) -> None:
    client = browse(world.manager)
    page = open_page(client, f"/organisations/{world.trust}/people")
    (path,) = re.findall(rf"/organisations/{world.trust}/people/[0-9a-f-]+/withdraw", page)
    assert "You cannot give it back to yourself" in words(open_page(client, path))
    assert client.post(path).url.path == "/assessments"
    assert list_grants(database, "manager@harrow.example") == []


# ---- Everywhere ------------------------------------------------------------------------------------------------------


def test_an_administrator_finds_everybody_and_every_invitation(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    client = browse(staff.administrator)
    assert "Manager" in words(open_page(client, "/set-up/people"))
    found = words(open_page(client, "/set-up/people?search=trust"))
    assert "Manager" in found
    assert "Officer" not in found
    assert "Nothing has “<b>” in it" in words(open_page(client, "/set-up/people?search=%3Cb%3E"))
    assert "No invitation waits" in words(open_page(client, "/set-up/invitations"))
    add_person(database, "Twofold", Grant(Role.LEAD, world.council), Grant(Role.CERTIFIER, world.trust))
    twofold = words(open_page(client, "/set-up/people?search=twofold"))
    assert "2 roles Twofold twofold@harrow.example Lead, Harrow Vale Council" in twofold
    assert twofold.count("twofold@harrow.example") == 1
    form = {
        "email": "c@d.example",
        "name": "",
        "role": "coordinator",
        "organisation": "",
        "partnership": "upper harrow vale",
    }
    assert "c@d.example" in words(client.post("/set-up/people/invite", data=form).text)
    (invitation,) = list_invitations(database)
    path = f"/set-up/invitations/{invitation.id}"
    assert "Upper Harrow Vale" in words(open_page(client, path))
    assert client.post(f"{path}/send-again").url.path == path
    assert client.post(f"{path}/withdraw").url.path == "/set-up/invitations"


@pytest.mark.parametrize(
    ("role", "organisation", "partnership", "expected"),
    [
        ("lead", "", "", ["Enter the organisation that the role is for"]),
        (
            "lead",
            "Harrow Vale Councill",
            "",
            ["There is no organisation “Harrow Vale Councill”; the nearest is “Harrow Vale Council”"],
        ),
        ("coordinator", "", "", ["Enter the partnership that the role is for"]),
        ("coordinator", "", "<b>", ["There is no partnership “<b>”; add it first"]),
        ("", "", "", ["Choose a role"]),
    ],
)
def test_the_place_of_a_role_is_asked_for(
    browse: SignedIn, world: World, staff: Staff, role: str, organisation: str, partnership: str, expected: list[str]
) -> None:
    form = {"email": "a@b.example", "name": "", "role": role, "organisation": organisation, "partnership": partnership}
    assert errors(browse(staff.administrator).post("/set-up/people/invite", data=form)) == expected


@pytest.mark.parametrize("role", ["contributor", "lead", "certifier", "central-analyst", "central-administrator"])
def test_an_administrator_invites_to_every_role(
    browse: SignedIn, database: Database, world: World, staff: Staff, role: str
) -> None:
    form = {"email": "a@b.example", "name": "A", "role": role, "organisation": "Harrow Vale Trust", "partnership": ""}
    assert browse(staff.administrator).post("/set-up/people/invite", data=form).url.path == "/set-up/invitations"
    (invitation,) = list_invitations(database)
    assert (invitation.role, invitation.organisation_id) == (role, None if "central" in role else world.trust)


def test_the_last_administrator_is_told_why_they_stay(
    browse: SignedIn, database: Database, world: World, staff: Staff
) -> None:
    client = browse(staff.administrator)
    page = open_page(client, "/set-up/people?search=administrator")
    (path,) = re.findall(r"/set-up/people/[0-9a-f-]+/withdraw", page)
    open_page(client, path)
    reply = client.post(path)
    assert reply.status_code == 409
    assert "last central administrator" in words(reply.text)
    assert list_grants(database, "administrator@harrow.example")


@pytest.mark.parametrize("who", ["officer", "analyst", "coordinator", "contributor"])
@pytest.mark.parametrize("page", ["people", "people/invite", "people/import", "invitations"])
def test_only_administrators_open_the_central_pages(
    browse: SignedIn, world: World, staff: Staff, who: str, page: str
) -> None:
    actor: Actor = getattr(world, who, None) or getattr(staff, who)
    assert browse(actor).get(f"/set-up/{page}").status_code == 403


def upload(client: TestClient, path: str, data: bytes | None) -> Response:
    # Without a file, browsers send a part without a name.
    files = {"file": ("people.csv", data) if data is not None else ("", b"")}
    return client.post(path, files=files)


def test_a_file_invites_everybody_or_nobody(browse: SignedIn, database: Database, world: World, staff: Staff) -> None:
    client = browse(staff.administrator)
    open_page(client, "/set-up/people/import")
    assert errors(upload(client, "/set-up/people/import", None)) == ["Choose a file"]
    bad = b"email,role,organisation\n<b>,lead,Harrow Vale Council\na@b.example,lead,Nowhere\n"
    reply = upload(client, "/set-up/people/import", bad)
    assert errors(reply) == ["Nobody was invited: the file has 2 faults"]
    assert "2 “<b>” is no email address" in words(reply.text)
    assert "people.csv" in words(reply.text)
    assert list_invitations(database) == []
    good = (
        b"email,role,organisation\nofficer@harrow.example,lead,Harrow Vale Council\na@b.example,lead,Harrow Vale Trust"
    )
    done = upload(client, "/set-up/people/import", good)
    assert done.status_code == 200
    parse(done.text)
    assert "1 person invited" in words(done.text)
    assert links(done.text)["Next: rounds"] == "/set-up/rounds"
    sent = {"again": "yes"}
    again = client.post("/set-up/people/import", data=sent, files={"file": ("people.csv", good)})
    assert "1 person had been invited before, and got a new link" in words(again.text)
    assert "1 person had the role already, and got no mail" in words(done.text)


def test_a_token_is_on_no_page_but_its_own(browse: SignedIn, database: Database, world: World, staff: Staff) -> None:
    invite_by_form(browse(world.officer), world)
    (token,), (invitation,) = list_tokens(database), list_invitations(database)
    digest = KEYS.digest(token)
    for path in (
        f"/organisations/{world.council}/people",
        f"/organisations/{world.council}/invitations/{invitation.id}",
    ):
        page = open_page(browse(world.officer), path)
        assert token not in page
        assert digest not in page
