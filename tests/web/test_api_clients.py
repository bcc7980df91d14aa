"""Other systems on pages: added, given the next token and ended, each after a question; a token is shown this once."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.catalogue import Catalogue
from app.domain.access import Actor, Role
from app.services import Database
from tests.api_clients import add_person, bearer, make_client
from tests.people import NOW, World
from tests.submitted import Partners, add_partners
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, title, words

LIST = "/api-clients"
ADD = "/api-clients/add"
RESULTS = "/api/v1/results"
TOKEN = re.compile(r"enb_[A-Za-z0-9_-]{43}")


@pytest.fixture
def partners(database: Database, questionnaires: Catalogue, world: World) -> Partners:
    return add_partners(database, world, questionnaires.get("local-partners", 1))


def fill(client: TestClient, place: UUID | str, /, **fields: str) -> dict[str, str]:
    """Fill in the form as a person would, who wants results of a partnership."""
    where = f"partnership={place}" if isinstance(place, UUID) else place
    usual = {"name": "The warehouse", "can-results-read": "yes", "place": where, "days": "30"}
    return {**usual, "id": hidden(client.get(ADD).text, "id"), **fields}


def add(client: TestClient, place: UUID | str, /, **fields: str) -> tuple[Response, str]:
    """Add a system by the page; gives the reply and the token on it."""
    reply = client.post(ADD, data=fill(client, place, **fields))
    assert reply.status_code == 200, words(reply.text)
    return reply, read_token(reply)


def read_token(reply: Response) -> str:
    parse(reply.text)
    (token,) = TOKEN.findall(reply.text)
    return str(token)


def actions(client: TestClient, text: str) -> list[str]:
    """Give where links of the list lead that have such words."""
    return [href for name, href in links(client.get(LIST).text).items() if name.startswith(text)]


# ---- Adding ----------------------------------------------------------------------------------------------------------


def test_a_coordinator_adds_a_system_and_it_pulls_what_they_may(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    page = client.get(ADD)
    parse(page.text)
    for said in ("Read submitted results", "Start assessments, answer them and submit them", "Upper Harrow Vale"):
        assert said in words(page.text)
    for not_theirs in ("Everywhere", "Read releases", "Set up the service", "Autumn round"):
        assert not_theirs not in words(page.text)
    reply, token = add(client, partners.world.partnership)
    assert reply.headers["cache-control"] == "no-store"
    assert reply.url.path == ADD
    assert not reply.history
    assert "works until 9:30am on 2 December 2026" in words(reply.text)
    assert 'curl http://127.0.0.1:8000/api/v1/results \\\n  --header "Authorization: Bearer $TOKEN"' in unescape(
        reply.text
    )
    pulled = browse(None).get(RESULTS, headers=bearer(token))
    assert (pulled.status_code, pulled.json()["items"]) == (200, [])  # until the round has closed
    listed = client.get(LIST)
    parse(listed.text)
    assert token not in listed.text
    for said in (
        "The warehouse",
        "Read submitted results in Upper Harrow Vale",
        f"Token …{token[-4:]}",
        "last used at",
    ):
        assert said in words(listed.text)


def test_the_token_stands_in_no_header_and_no_other_page(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    reply, token = add(client, partners.world.partnership)
    assert token not in str(reply.headers) + str(reply.url)
    for path in (LIST, ADD, "/account", f"/partnerships/{partners.world.partnership}", *actions(client, "End")):
        page = client.get(path)
        assert page.status_code == 200
        assert token not in page.text


def test_a_form_that_is_sent_again_makes_no_second_system(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    sent = fill(client, partners.world.partnership)
    assert client.post(ADD, data=sent).status_code == 200
    again = client.post(ADD, data=sent)
    assert again.status_code == 409
    assert "was made already, and its token was shown then" in words(again.text)
    assert len(actions(client, "End (")) == 1


@pytest.mark.parametrize(
    ("fields", "field", "fault"),
    [
        ({"name": " "}, "name", "Say which system it is"),
        ({"name": "x" * 201}, "name", "201 characters long; shorten it to 200 or fewer"),
        ({"can-results-read": ""}, "can", "Choose what it may do"),
        ({"place": ""}, "place", "Choose where it may do this"),
        ({"place": "everywhere"}, "place", "Choose where it may do this"),
        ({"place": f"partnership={UUID(int=5)}"}, "place", "Choose where it may do this"),
        ({"place": "region=north"}, "place", "Choose where it may do this"),
        ({"days": "3650"}, "days", "Choose how long the token works"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_is_kept(
    browse: SignedIn, partners: Partners, fields: dict[str, str], field: str, fault: str
) -> None:
    client = browse(partners.coordinator)
    reply = client.post(ADD, data=fill(client, partners.world.partnership, **fields))
    assert reply.status_code == 422
    root = parse(reply.text)
    assert title(reply.text).startswith("Error: ")
    (summary,) = (text for text, href in links(reply.text).items() if href == f"#{field}")
    assert fault in summary
    assert [each for each in root.iter() if each.get("id") == field]
    assert words(reply.text).count(fault) == 2
    assert f'value="{fields.get("name", "The warehouse").strip()}"' in reply.text or field == "name"
    assert 'value="30" checked' in reply.text or field == "days"
    assert actions(client, "End") == []


def test_what_one_may_not_give_is_refused_though_it_is_sent(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    for field in ("can-releases-read", "can-admin-write"):
        reply = client.post(ADD, data=fill(client, partners.world.partnership, **{field: "yes"}))
        assert reply.status_code in {403, 422}
    assert actions(client, "End") == []


def test_an_administrator_chooses_among_all_places_and_a_round(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.administrator)
    page = words(client.get(ADD).text)
    for said in ("Everywhere", "Upper Harrow Vale", "Autumn round", "Read releases", "Set up the service"):
        assert said in page
    assert "Start assessments" not in page
    add(client, f"round={partners.world.round}", **{"can-releases-read": "yes"})
    _, token = add(client, "everywhere", name="All of it")
    listed = words(client.get(LIST).text)
    assert "Read submitted results of the round Autumn round Read releases" in listed
    assert "Read submitted results everywhere" in listed
    assert len(browse(None).get(RESULTS, headers=bearer(token)).json()["items"]) == 0  # put there past the feed


# ---- The next token, and the end -------------------------------------------------------------------------------------


def test_the_next_token_takes_over_and_the_one_before_goes_on_for_a_week(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    _, first = add(client, partners.world.partnership)
    (href,) = actions(client, "Next token")
    question = client.get(href)
    parse(question.text)
    assert f"The token …{first[-4:]} goes on until 9:30am on 9 November 2026" in words(question.text)
    refused = client.post(href, data={"days": "", "seen": hidden(question.text, "seen")})
    assert (refused.status_code, "Choose how long" in words(refused.text)) == (422, True)
    reply = client.post(href, data={"days": "365", "seen": hidden(question.text, "seen")})
    assert reply.status_code == 200
    second = read_token(reply)
    machine = browse(None)
    assert [machine.get(RESULTS, headers=bearer(token)).status_code for token in (first, second)] == [200, 200]
    again = client.post(href, data={"days": "365", "seen": hidden(question.text, "seen")})
    assert again.status_code == 409
    app = client.app
    app.state.clock = lambda: NOW + timedelta(days=7, seconds=1)  # type: ignore[attr-defined]
    assert [machine.get(RESULTS, headers=bearer(token)).status_code for token in (first, second)] == [401, 200]


def test_one_token_ends_after_a_question(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    _, token = add(client, partners.world.partnership)
    (href,) = actions(client, "End Token")
    question = client.get(href)
    parse(question.text)
    assert "gets nothing until you give it the next one" in words(question.text)
    assert browse(None).get(RESULTS, headers=bearer(token)).status_code == 200
    assert client.post(href).url.path == LIST
    assert browse(None).get(RESULTS, headers=bearer(token)).status_code == 401
    listed = client.get(LIST)
    assert "ended at 9:30am on 2 November 2026" in words(listed.text)
    assert "Not working" in words(listed.text)
    assert actions(client, "Next token")


def test_a_system_ends_after_a_question_and_stays_on_the_list(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    _, token = add(client, partners.world.partnership)
    (next_token,) = actions(client, "Next token")
    (href,) = actions(client, "End (")
    question = client.get(href)
    parse(question.text)
    assert "This cannot be undone" in words(question.text)
    assert client.post(href).url.path == LIST
    assert browse(None).get(RESULTS, headers=bearer(token)).status_code == 401
    page = words(client.get(LIST).text)
    assert "Systems that have ended" in page
    assert "Ended at 9:30am on 2 November 2026" in page
    assert actions(client, "End") == []
    assert client.get(next_token).status_code == 404


def test_what_its_maker_may_no_longer_do_is_said(
    browse: SignedIn, database: Database, partners: Partners, world: World
) -> None:
    from app.store import memberships  # noqa: PLC0415 - to take a role away from under it

    client = browse(partners.coordinator)
    add(client, partners.world.partnership)
    with database.writing() as session:
        (held,) = memberships.list_roles_of(session, "coordinator@partners.example")
        assert memberships.delete_role(session, held)
    page = browse(partners.administrator).get(LIST)
    assert "in Upper Harrow Vale (not now, as whoever made it may no longer do this)" in words(page.text)


# ---- Who sees what ---------------------------------------------------------------------------------------------------


def test_systems_are_for_their_makers_and_administrators_end_any(
    browse: SignedIn, database: Database, partners: Partners
) -> None:
    made = make_client(
        database, partners.coordinator, f"results:read:partnership={partners.world.partnership}", now=NOW
    )
    paths = [f"{LIST}/{made.client_id}/{end}" for end in ("next-token", "end")]
    everybody: tuple[Actor, ...] = (partners.second, partners.world.officer, partners.elsewhere)
    for actor in everybody:
        client = browse(actor)
        assert "Warehouse" not in client.get(LIST).text
        for path in paths:
            assert client.get(path).status_code == 404
            assert client.post(path, data={"days": "30"} if path.endswith("token") else None).status_code == 404
    administrator = browse(partners.administrator)
    assert "by Coordinator" in words(administrator.get(LIST).text)
    assert administrator.get(paths[0]).status_code == 404
    assert administrator.post(paths[0], data={"days": "30", "seen": ""}).status_code == 404
    assert administrator.post(paths[1]).url.path == LIST
    assert browse(None).get(RESULTS, headers=bearer(made)).status_code == 401


def test_who_may_add_none_is_not_led_there(browse: SignedIn, database: Database, world: World) -> None:
    contributor = add_person(database, Role.CONTRIBUTOR, organisation_id=world.council)
    client = browse(contributor)
    assert client.get(LIST).status_code == client.get(ADD).status_code == 403
    assert client.post(ADD, data={"name": "A"}).status_code == 403
    for path in ("/account", "/api"):
        assert LIST not in client.get(path).text


def test_the_account_and_the_reference_lead_there(browse: SignedIn, world: World) -> None:
    for path in ("/account", "/api"):
        assert f'href="{LIST}"' in browse(world.officer).get(path).text
    asked = browse(None).get(LIST, follow_redirects=False)
    assert (asked.status_code, asked.headers["location"]) == (303, f"/sign-in?next={LIST}")
    assert f'href="{LIST}"' in browse(None).get("/api").text


def test_a_coordinator_sees_which_systems_may_pull_results_of_the_partnership(
    browse: SignedIn, database: Database, partners: Partners
) -> None:
    page = f"/partnerships/{partners.world.partnership}"
    client = browse(partners.coordinator)
    assert "No other system may pull results of this partnership" in words(client.get(page).text)
    make_client(database, partners.administrator, "results:read", now=NOW)
    narrowed = f"results:read:partnership={partners.world.partnership}"
    make_client(database, partners.charity_lead, narrowed, now=NOW)
    make_client(database, partners.administrator, "releases:read", now=NOW)
    found = client.get(page)
    parse(found.text)
    text = words(found.text)
    assert text.count("Warehouse Added by") == 2
    assert "Added by Administrator on 2 November 2026. May pull the results of every organisation." in text
    assert "Added by Charity Lead on 2 November 2026. May pull what their own organisation has submitted." in text


def test_the_privacy_page_says_that_other_systems_pull_results(browse: SignedIn) -> None:
    said = words(browse(None).get("/privacy").text)
    assert "can pull results on behalf of a lead, a coordinator or a central team" in said
    assert "The audit says which system has pulled what" in said
