"""The pages of the set-up, as an administrator goes through them, and as others meet them."""

import re
from html import unescape

import pytest
from fastapi.testclient import TestClient

from app.domain.access import Actor, Role
from app.services import Database
from app.settings import ROOT
from tests.administrators import make_administrator
from tests.house.routes import list_routes
from tests.invitations import invite, offer_of
from tests.people import World
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, title, words

EXAMPLES = ROOT / "docs/examples/set-up"
ROUND = {
    "title": "Spring round",
    "questionnaire": "local-partners@1",
    "opens-day": "1",
    "opens-month": "12",
    "opens-year": "2026",
    "opens-time": "9am",
    "closes-day": "15",
    "closes-month": "1",
    "closes-year": "2027",
    "closes-time": "5pm",
    "sign-off": "certifier",
    "threshold": "10",
}


@pytest.fixture
def administrator(database: Database, world: World) -> Actor:
    return make_administrator(database)


@pytest.fixture
def client(browse: SignedIn, administrator: Actor) -> TestClient:
    return browse(administrator)


def send(client: TestClient, things: str, data: bytes, name: str = "file.csv") -> tuple[int, str]:
    reply = client.post(f"/set-up/{things}/import", files={"file": (name, data, "text/csv")})
    parse(reply.text)
    return reply.status_code, words(reply.text)


def get(client: TestClient, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200, path
    parse(reply.text)
    return reply.text


def post(client: TestClient, path: str, **data: str | list[str]) -> str:
    reply = client.post(
        path, data={name.replace("_", "-"): value for name, value in data.items()}, follow_redirects=False
    )
    assert reply.status_code == 303, words(reply.text)
    return reply.headers["location"]


def refuse(client: TestClient, path: str, **data: str | list[str]) -> str:
    reply = client.post(path, data={name.replace("_", "-"): value for name, value in data.items()})
    assert reply.status_code == 422
    assert title(reply.text).startswith("Error: ")
    parse(reply.text)
    return reply.text


def test_a_newcomer_sets_a_round_up_from_files(client: TestClient) -> None:
    home = get(client, "/set-up")
    assert links(home)["Go on with areas"] == "/set-up/areas"
    for things in ("areas", "organisations", "partnerships"):
        assert links(get(client, f"/set-up/{things}"))[f"Import {things} from a file"] == f"/set-up/{things}/import"
        status, said = send(client, things, (EXAMPLES / f"{things}.csv").read_bytes())
        assert status == 200
        assert "0 changed, 0 as they were" in said
    status, said = send(client, "rounds", (EXAMPLES / "rounds.csv").read_bytes())
    assert "Each is a draft until it is confirmed on its page." in said
    assert "Nothing was changed" in send(client, "rounds", (EXAMPLES / "rounds.csv").read_bytes())[1]
    address = links(get(client, "/set-up/rounds"))["Autumn round 2026"]
    page = get(client, address)
    said = words(page)
    assert "3 partnerships have no coordinator, and nobody is invited as one." in said
    assert "5 organisations have nobody invited, so nobody can answer." in said
    assert links(page)["Larkminster Carers’ Centre, in Larkminster Together"].endswith("/people")
    assert "Tick the box" in refuse(client, f"{address}/confirm")
    post(client, f"{address}/confirm", accepted="yes")
    said = words(get(client, address))
    assert "Open" in said
    assert "Confirm the round" not in said


def test_indicators_are_imported_and_listed(client: TestClient) -> None:
    home = get(client, "/set-up")
    assert links(home)["Indicators"] == "/set-up/indicators"
    assert links(home)["Go on with areas"] == "/set-up/areas"  # one can do without indicators
    page = get(client, "/set-up/indicators")
    assert "There are no indicators yet" in words(page)
    assert links(page)["Import indicators from a file"] == "/set-up/indicators/import"
    assert "area_code,indicator,year,value,unit" in words(get(client, "/set-up/indicators/import"))
    status, said = send(client, "indicators", (EXAMPLES / "indicators.csv").read_bytes())
    assert status == 422
    assert "7 faults. Nothing was imported." in said
    send(client, "areas", (EXAMPLES / "areas.csv").read_bytes())
    status, said = send(client, "indicators", (EXAMPLES / "indicators.csv").read_bytes(), "figures.csv")
    assert status == 200
    assert "7 figures in figures.csv" in said
    assert "7 added, 0 changed, 0 as they were." in said
    assert "Nothing was changed" in send(client, "indicators", (EXAMPLES / "indicators.csv").read_bytes())[1]
    said = words(get(client, "/set-up/indicators?search=B"))
    assert "1 indicator found" in said
    assert "bus-journeys journeys a head 1 2024" in said
    assert "4 indicators" in words(get(client, "/set-up"))


def test_a_year_of_an_indicator_is_removed_after_what_will_happen_was_said(client: TestClient) -> None:
    for things in ("areas", "indicators"):
        send(client, things, (EXAMPLES / f"{things}.csv").read_bytes())
    data = b"area_code,indicator,year,value,unit\nX06000101,spend,2023,180000000,pounds\n"
    send(client, "indicators", data)
    address = links(get(client, "/set-up/indicators"))["spend"]
    page = get(client, address)
    assert "2024 2 areas Remove spend of 2024 2023 1 area Remove spend of 2023" in words(page)
    removing = links(page)["Remove spend of 2024"]
    said = words(get(client, removing))
    assert "The figures of 2 areas for 2024, in pounds, are removed for good." in said
    assert "spend stays for 2023." in said
    assert links(get(client, removing))["Keep them"] == address
    assert post(client, removing) == "/set-up/indicators"
    assert "spend pounds 1 2023" in words(get(client, "/set-up/indicators"))
    for again in (client.get(removing), client.post(removing)):
        assert again.status_code == 404
    last = f"{address}/2023/remove"
    assert "There is no other year of spend" in words(get(client, last))
    post(client, last)
    assert "3 indicators" in words(get(client, "/set-up/indicators"))
    assert client.get(address).status_code == 404
    said = words(get(client, "/audit"))
    assert "Removed an indicator of a year" in said
    assert "2 of spend, 2024, in pounds" in said


@pytest.mark.parametrize(
    "wrong", ["%00/years", "spend/years", "spend/years/9999999999999999999999/remove", "x/years/y/remove"]
)
def test_addresses_of_no_indicator_lead_nowhere(client: TestClient, wrong: str) -> None:
    assert client.get(f"/set-up/indicators/{wrong}").status_code in {400, 404, 422}


def test_nearest_neighbours_are_imported_listed_and_removed(client: TestClient) -> None:
    assert links(get(client, "/set-up"))["Nearest neighbours"] == "/set-up/neighbours"
    page = get(client, "/set-up/neighbours")
    assert "There are no nearest neighbours yet" in words(page)
    address = links(page)["Import nearest neighbours from a file"]
    assert "area_code,neighbour_code,rank" in words(get(client, address))
    send(client, "areas", (EXAMPLES / "areas.csv").read_bytes())
    status, said = send(client, "neighbours", (EXAMPLES / "neighbours.csv").read_bytes())
    assert status == 200
    assert "0 changed, 0 as they were." in said
    page = get(client, "/set-up/neighbours?search=X06000101")
    assert "1 area with neighbours found" in words(page)
    (name,) = [text for text, href in links(page).items() if href.endswith("/X06000101/remove")]
    assert "2 November 2026" in words(page)
    removing = links(page)[name]
    assert f"{name} (X06000101) has" in words(get(client, removing))
    assert post(client, removing) == "/set-up/neighbours"
    assert name not in links(get(client, "/set-up/neighbours"))
    assert client.get(removing).status_code == client.post(removing).status_code == 404
    assert "Removed the nearest neighbours of an area" in words(get(client, "/audit"))


def test_people_and_invitations_that_wait_are_counted_apart(
    client: TestClient, database: Database, world: World
) -> None:
    assert "by role or invitation 3 people Rounds" in words(get(client, "/set-up"))
    for number in range(2):
        invite(database, world.officer, offer_of(Role.CONTRIBUTOR, world, f"{number}@harrow.example"))
    assert "3 people, 2 invitations wait Rounds" in words(get(client, "/set-up"))


def test_every_fault_of_a_file_is_on_the_page_as_text(client: TestClient) -> None:
    data = b"name,kind\n<script>x</script>,dragon\n,council\n"
    status, said = send(client, "organisations", data, "<b>my</b>.csv")
    assert status == 422
    assert "<b>my</b>.csv: 2 faults. Nothing was imported." in said
    assert "2 the kind “dragon” is not known" in said
    assert "3 the name is missing" in said
    assert "<script>x" not in get(client, "/set-up/organisations")


def test_without_a_file_the_page_asks_for_one(client: TestClient) -> None:
    reply = client.post("/set-up/areas/import", files={"file": ("", b"")})
    assert reply.status_code == 422
    assert "Choose a file" in words(reply.text)


def test_long_lists_have_pages_and_a_search(client: TestClient) -> None:
    text = "name,kind\n" + "".join(f"Body {number:03d} 100%,other\n" for number in range(120))
    send(client, "organisations", text.encode())
    first = get(client, "/set-up/organisations")
    assert "122 organisations, 1 to 50 shown" in words(first)
    last = get(client, "/set-up/organisations?page=3")
    assert "101 to 122 shown" in words(last)
    assert links(last)["Previous page"] == "/set-up/organisations?page=2"
    found = get(client, "/set-up/organisations?search=BODY 01")
    assert "10 organisations found" in words(found)
    assert "120 organisations found" in words(get(client, "/set-up/organisations?search=100%25"))
    assert "Nothing has “_ody” in it" in words(get(client, "/set-up/organisations?search=_ody"))
    assert "no such page of this list" in words(get(client, "/set-up/organisations?page=99"))
    assert client.get("/set-up/organisations?search=%00%ED%A0%80").status_code == 200
    assert client.get("/set-up/organisations?page=0").status_code == 404


HOSTILE = ("<script>alert(1)</script>", "=1+1", "{{ 7 * 7 }}", "' OR 1=1 --", "É" * 200)


@pytest.mark.parametrize("name", HOSTILE)
def test_names_are_shown_as_text_everywhere(client: TestClient, name: str) -> None:
    post(client, "/set-up/organisations/add", name=name, kind="charity")
    here = post(client, "/set-up/partnerships/add", name=name)
    post(client, f"{here}/organisations", organisations=name)
    assert post(client, f"{here}/name", name=f"{name[:190]} x") == here
    address = post(client, "/set-up/rounds/add", **{**ROUND, "title": name})
    post(client, f"{address}/partnerships/all")
    leave = next(href for href in links(get(client, here)).values() if href.endswith("/leave"))
    for path in ("/set-up/organisations", "/set-up/partnerships", here, leave, "/set-up/rounds", address):
        page = get(client, path)
        assert name[:190] in unescape(page)
        assert "<script>alert" not in page


def test_an_organisation_leaves_in_words_and_its_follower_joins(
    client: TestClient, world: World, browse: SignedIn
) -> None:
    here = f"/set-up/partnerships/{world.partnership}"
    leave = f"{here}/organisations/{world.council}/leave"
    said = words(get(client, leave))
    assert "It has not started an assessment here" in said
    assert "Choose whether another" in refuse(client, leave)
    assert "Enter the name of the organisation" in refuse(client, leave, followed="yes", follower="")
    again = refuse(client, leave, followed="yes", follower="Harrow Vale Trusst")
    assert 'value="Harrow Vale Trusst"' in again
    assert "the nearest is “Harrow Vale Trust”" in words(again)
    assert post(client, leave, followed="yes", follower="harrow vale trust") == here
    assert "followed by Harrow Vale Trust" in words(get(client, here))
    assert client.get(leave).status_code == 404
    assert "Harrow Vale Council" not in words(get(browse(world.officer), "/assessments"))


def test_a_footprint_is_ticked_and_typed(client: TestClient, world: World) -> None:
    send(client, "areas", (EXAMPLES / "areas.csv").read_bytes())
    here = f"/set-up/partnerships/{world.partnership}"
    assert post(client, f"{here}/areas", areas="Larkminster\nX06000101") == here
    page = refuse(client, f"{here}/areas", area=["X06000101"], areas="Nowhere")
    assert "There is no area “Nowhere”" in words(page)
    assert ">Nowhere</textarea>" in page
    reply = client.post(f"{here}/areas", data={"area": ["X06000102"], "areas": "X07000101"})
    assert "X07000101 Pellworth is retired" in words(reply.text)
    assert "Larkminster (X06000102)" in words(get(client, here))


BAD_DETAILS = {
    "closes-time": ("soon", "Closing: write the time as 17:00 or 5pm"),
    "opens-day": ("31", "Opening: there is no such date"),
    "closes-year": ("2025", "The round must close after it opens"),
    "threshold": ("4", "at least 5"),
    "title": ("", "The title is missing"),
    "questionnaire": ("", "Choose a questionnaire"),
}


@pytest.mark.parametrize("field", BAD_DETAILS)
def test_a_form_with_a_fault_comes_back_filled(client: TestClient, field: str) -> None:
    value, fault = BAD_DETAILS[field]
    details = {**ROUND, "opens-month": "11"} if field == "opens-day" else ROUND
    page = refuse(client, "/set-up/rounds/add", **{**details, field: value})
    assert fault in words(page)
    for name, typed in ROUND.items():
        if name not in {field, "questionnaire", "sign-off", "opens-month"}:
            assert re.search(rf'name="{name}"[^>]*value="{typed}"', page), name


def test_all_faults_of_a_round_are_told_at_once_in_the_order_of_the_page(client: TestClient) -> None:
    page = refuse(client, "/set-up/rounds/add", **{**ROUND, "title": "", "opens-time": "x", "threshold": "1"})
    assert re.findall(r'href="#([a-z-]+)"', page.partition("error-summary__list")[2].partition("</ul>")[0]) == [
        "title",
        "opens-time",
        "threshold",
    ]


def test_a_form_left_empty_says_what_is_missing_of_each_date(client: TestClient) -> None:
    said = words(refuse(client, "/set-up/rounds/add", **dict.fromkeys(ROUND, "")))
    for what in ("Opening", "Closing"):
        assert f"{what}: the date needs a day" in said
        assert f"{what}: write the time as" in said


def test_an_organisation_of_several_partnerships_is_counted_once(client: TestClient) -> None:
    send(client, "organisations", b"name,kind\nA,other\nB,other\n")
    send(client, "partnerships", b"name,organisations\nP,A;B\nQ,A\n")
    header = b"title,questionnaire,opens,closes,sign_off,partnerships\n"
    send(client, "rounds", header + b"R,local-partners,2026-12-01 9am,2026-12-02 9am,certifier,P;Q\n")
    page = get(client, links(get(client, "/set-up/rounds"))["R"])
    assert "2 organisations have nobody invited" in words(page)
    assert "2 organisations have no certifier" in words(page)
    assert "1 partnership has only one organisation" in words(page)
    assert {"A, in 2 partnerships", "B, in P"} <= links(page).keys()
    assert links(page)["Write the texts"] == "/set-up/texts"


def test_after_faults_the_file_is_chosen_above_the_columns(client: TestClient) -> None:
    address = "/set-up/organisations/import"
    for page, first in (
        (get(client, address), "See an example"),
        (client.post(address, files={"file": ("a.csv", b"name,kind\nA,dragon\n")}).text, 'type="file"'),
    ):
        assert page.count('type="file"') == 1
        assert min(("See an example", 'type="file"'), key=page.index) == first


def test_administrators_go_on_from_the_rounds_to_a_partnership(
    client: TestClient, world: World, browse: SignedIn
) -> None:
    board = links(get(client, "/rounds"))["Autumn round"]
    assert links(get(client, board))["Go to Upper Harrow Vale"] == f"/partnerships/{world.partnership}"
    page = get(browse(world.analyst), board)
    assert "Upper Harrow Vale" in words(page)
    assert not any(href.startswith("/partnerships") for href in links(page).values())


@pytest.mark.parametrize(
    ("day", "clock", "said"),
    [
        (("29", "3", "2026"), "1:30", "Opening: clocks go forward that night"),
        (("25", "10", "2026"), "1:30am", "Opening: clocks go back that night"),
    ],
)
def test_an_hour_that_is_missing_or_there_twice_is_explained(
    client: TestClient, day: tuple[str, str, str], clock: str, said: str
) -> None:
    typed = dict(zip(("opens-day", "opens-month", "opens-year"), day, strict=True))
    assert said in words(refuse(client, "/set-up/rounds/add", **{**ROUND, **typed, "opens-time": clock}))


def test_a_draft_is_changed_and_keeps_its_time(client: TestClient) -> None:
    address = post(client, "/set-up/rounds/add", **{**ROUND, "closes-time": "23:59:59"})
    page = get(client, f"{address}/details")
    assert 'value="23:59:59"' in page
    assert post(client, f"{address}/details", **{**ROUND, "title": "Other"}) == address
    assert title(get(client, address)).startswith("Other")


def test_targets_are_the_questionnaires_own_or_of_all_or_of_each(client: TestClient) -> None:
    address = post(client, "/set-up/rounds/add", **ROUND)
    assert "The questionnaire’s own" in words(get(client, address))
    assert "Choose whose" in refuse(client, f"{address}/targets", targets="all:nothing")
    post(client, f"{address}/targets", targets="all:developing")
    assert "Developing, for every question" in words(get(client, address))
    assert post(client, f"{address}/targets", targets="each") == f"{address}/targets/questions"
    assert get(client, f"{address}/targets/questions").count(" selected>Developing") == 30
    post(client, f"{address}/targets/questions", target=["shared-picture:embedded", "", ""])
    assert "Set for 1 question; the questionnaire’s own for the others" in words(get(client, address))
    reply = client.post(f"{address}/targets/questions", data={"target": ["shared-picture:nothing"]})
    assert reply.status_code == 409
    post(client, f"{address}/targets", targets="own")
    assert "Set for" not in words(get(client, address))


def test_partnerships_of_a_round_are_ticked(client: TestClient, world: World) -> None:
    address = post(client, "/set-up/rounds/add", **ROUND)
    post(client, f"{address}/partnerships", partnership=[str(world.partnership)])
    assert "1 partnership" in words(get(client, address))
    assert f'value="{world.partnership}" checked' in get(client, f"{address}/partnerships")
    for value in ("nothing", str(world.council)):
        assert client.post(f"{address}/partnerships", data={"partnership": [value]}).status_code == 404
    assert client.post(f"{address}/partnerships", data={"other": "1"}).status_code == 400
    post(client, f"{address}/partnerships")
    assert "No partnership takes part yet" in words(get(client, address))


def test_four_hundred_partnerships_can_be_ticked(client: TestClient) -> None:
    text = "name\n" + "".join(f"P{number}\n" for number in range(400))
    send(client, "partnerships", text.encode())
    address = post(client, "/set-up/rounds/add", **ROUND)
    ids = re.findall(r'name="partnership"[^>]*value="([0-9a-f-]{36})"', get(client, f"{address}/partnerships"))
    assert len(ids) == 401
    post(client, f"{address}/partnerships", partnership=ids)
    assert "401 partnerships" in words(get(client, address))


def test_the_closing_of_a_confirmed_round_moves(client: TestClient, world: World) -> None:
    address = f"/set-up/rounds/{world.round}"
    closes = {f"closes-{part}": ROUND[f"closes-{part}"] for part in ("day", "month", "year", "time")}
    assert "has passed" in words(refuse(client, f"{address}/closing", **{**closes, "closes-year": "2020"}))
    assert "Closing: there is no such date" in words(
        refuse(client, f"{address}/closing", **{**closes, "closes-day": "99"})
    )
    assert post(client, f"{address}/closing", **closes) == address
    assert "5pm on 15 January 2027" in words(get(client, address))
    for path in ("details", "targets", "targets/questions"):
        assert client.get(f"{address}/{path}", follow_redirects=False).headers["location"] == address
    assert client.post(f"{address}/details", data={**ROUND, "title": "New"}).status_code == 409


@pytest.mark.parametrize("who", ["officer", "analyst"])
def test_nobody_but_an_administrator_enters(browse: SignedIn, world: World, who: str, database: Database) -> None:
    client = browse(getattr(world, who))
    assert 'href="/set-up"' not in client.get("/rounds" if who == "analyst" else "/assessments").text
    for route in list_routes(client.app):  # type: ignore[arg-type]
        if route.path.startswith("/set-up") and "text" not in route.path and "people" not in route.path:
            path = re.sub(r"\{\w+\}", str(world.partnership), route.path.replace("{year}", "2024"))
            files = {"file": ("a.csv", b"name\nA\n")} if route.method == "POST" and path.endswith("/import") else None
            reply = client.request(route.method, path, files=files, follow_redirects=False)
            assert reply.status_code == 403, str(route)


def test_the_set_up_is_where_an_administrator_is_at_home(client: TestClient) -> None:
    assert client.get("/assessments", follow_redirects=False).headers["location"] == "/set-up"
