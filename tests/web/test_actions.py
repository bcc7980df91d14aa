"""The pages of the plan and of the asks, as people use them."""

import re
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.services import Database, planning
from app.services.progressing import Progress
from tests.people import NOW, World
from tests.plans import QUESTION, PlanWorld, make_plan_world
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, title, words

TYPED = {"title": "Put it on <b>one</b> page", "measure": "Somebody reads it", "due-day": "2", "due-month": "12"}


@pytest.fixture
def plan(database: Database, questionnaires: Catalogue, world: World) -> PlanWorld:
    return make_plan_world(database, questionnaires, world)


@pytest.fixture
def board(plan: PlanWorld) -> str:
    return f"/partnerships/{plan.world.partnership}/actions"


@pytest.fixture
def coordinator(browse: SignedIn, plan: PlanWorld) -> TestClient:
    return browse(plan.cast.coordinator)


def send(database: Database, plan: PlanWorld, actor: Actor, action_id: UUID, status: str, text: str = "") -> None:
    assert planning.note(database, actor, plan.world.partnership, action_id, Progress(text, status, 0), NOW) == ()


def test_from_a_gap_to_an_action_and_its_note(
    coordinator: TestClient, browse: SignedIn, plan: PlanWorld, board: str
) -> None:
    empty = coordinator.get(board)
    assert "No action is planned yet. Choose a gap" in words(empty.text)
    gaps = coordinator.get(links(empty.text)["Plan an action"])
    (question, address) = next(
        (text, href) for text, href in links(gaps.text).items() if f"question={QUESTION}" in href
    )
    form = coordinator.get(address)
    assert question in words(form.text)
    assert "Next level" in words(form.text)
    names = ("round", "question", "point", "id")
    fields = {**TYPED, "due-year": "2026", "department": "", **{name: hidden(form.text, name) for name in names}}
    fields["owner"] = plan.owner_mark(plan.world.manager)
    saved = coordinator.post(f"{board}/add", data=fields)
    assert saved.history[0].status_code == 303
    assert "Put it on <b>one</b> page" in words(saved.text)
    again = coordinator.post(f"{board}/add", data=fields)
    assert again.url.path == saved.url.path
    owner = browse(plan.world.manager)
    page = owner.get(saved.url.path)
    noted = owner.post(saved.url.path, data={"note": "Begun", "status": "under-way", "seen": hidden(page.text, "seen")})
    assert "Now: Under way Begun" in words(noted.text)
    for by, heading in (("", "Knowing what works"), ("?by=owner", "Harrow Vale Trust: Manager")):
        found = coordinator.get(board + by)
        assert heading in words(found.text)
        assert "0 overdue, 1 open in all, 0 finished" in words(found.text)
        assert "Latest note: Begun" in words(found.text)
        parse(found.text)


def test_a_learning_point_becomes_an_action_in_one_step(coordinator: TestClient, plan: PlanWorld, board: str) -> None:
    address = f"{board}/add?round={plan.world.round}&question={QUESTION}"
    ideas = {text: href for text, href in links(coordinator.get(address).text).items() if "point=" in href}
    assert ideas
    text, href = next(iter(ideas.items()))
    form = coordinator.get(href)
    assert re.findall(r'name="title"[^>]*>\s*(.*?)</textarea>', form.text, re.DOTALL) == [text]
    assert hidden(form.text, "point") == href.partition("point=")[2]


def test_everything_wrong_is_told_and_what_was_typed_stays(
    coordinator: TestClient, plan: PlanWorld, board: str
) -> None:
    fields = {"round": str(plan.world.round), "question": QUESTION, "point": "", "id": "", "owner": "x y"}
    reply = coordinator.post(
        f"{board}/add", data={**TYPED, **fields, "measure": "", "due-year": "2020", "department": "nobody"}
    )
    assert reply.status_code == 422
    assert title(reply.text).startswith("Error: ")
    for text in (
        "Enter what will show that it worked",
        "Choose somebody from the list: this person is not, or no longer, in the partnership",
        "The day is in the past. Enter today or a day to come",
        "Choose a government department from the list, or none",
    ):
        assert words(reply.text).count(text) == 2, text
    assert 'value="2020"' in reply.text
    assert "&lt;b&gt;one&lt;/b&gt;" in reply.text
    parse(reply.text)


def test_whoever_changes_second_sees_both_and_chooses(
    coordinator: TestClient,
    browse: SignedIn,
    database: Database,
    questionnaires: Catalogue,
    plan: PlanWorld,
    board: str,
) -> None:
    address = f"{board}/{plan.plan(database, questionnaires)}"
    lead = browse(plan.world.officer)
    form = coordinator.get(f"{address}/change")
    fields = {**TYPED, "due-year": "2026", "owner": plan.owner_mark(plan.world.officer), "department": ""}
    fields["version"] = hidden(form.text, "version")
    assert lead.post(f"{address}/change", data={**fields, "title": "Theirs"}).status_code == 200
    mine = coordinator.post(f"{address}/change", data={**fields, "title": "Mine"})
    assert mine.status_code == 409
    assert "Theirs" in mine.text
    assert "Mine" in mine.text
    parse(mine.text)
    done = coordinator.post(
        f"{address}/change", data={**fields, "title": "Mine", "version": hidden(mine.text, "version")}
    )
    assert "Mine" in title(done.text)


def test_a_note_after_somebody_elses_is_kept_on_the_page(
    coordinator: TestClient,
    browse: SignedIn,
    database: Database,
    questionnaires: Catalogue,
    plan: PlanWorld,
    board: str,
) -> None:
    address = f"{board}/{plan.plan(database, questionnaires)}"
    send(database, plan, plan.world.officer, UUID(address.rpartition("/")[2]), "under-way", "First")
    reply = coordinator.post(address, data={"note": "Second", "status": "planned", "seen": "0"})
    assert reply.status_code == 409
    assert "First" in words(reply.text)
    assert "Second" in reply.text
    assert hidden(reply.text, "seen") == "1"
    missing = coordinator.post(address, data={"note": "", "status": "dropped", "seen": "1"})
    assert missing.status_code == 422
    assert "Say why" in words(missing.text)


def test_a_department_answers_what_was_sent_to_it(
    browse: SignedIn, database: Database, questionnaires: Catalogue, plan: PlanWorld
) -> None:
    action_id = plan.plan(database, questionnaires, plan.draft(department=str(plan.department)))
    official = browse(plan.official)
    empty = official.get("/asks")
    assert "Nothing has been sent to you yet" in words(empty.text)
    assert links(empty.text)["Asks"] == "/asks"
    send(database, plan, plan.cast.coordinator, action_id, "sent", "Please help")
    asks = official.get("/asks")
    assert "Upper Harrow Vale" in words(asks.text)
    page = official.get(links(asks.text)["Put it on one page"])
    assert "Please help" in words(page.text)
    seen = hidden(page.text, "seen")
    for status in ("", "declined"):
        assert official.post(page.url.path, data={"note": "", "status": status, "seen": seen}).status_code == 422
    accepted = official.post(page.url.path, data={"note": "We will", "status": "accepted", "seen": seen})
    assert "Now: Accepted We will" in words(accepted.text)
    parse(accepted.text)
    for path in (f"/partnerships/{plan.world.partnership}/actions", f"/partnerships/{plan.world.partnership}"):
        assert official.get(path).status_code == 404


def test_nobody_else_has_the_page_of_asks(browse: SignedIn, plan: PlanWorld) -> None:
    for who, actor in plan.everybody.items():
        reply = browse(actor).get("/asks")
        assert reply.status_code == (200 if who == "official" else 404), who
        assert ('href="/asks"' in reply.text) is (who == "official")


def test_what_is_sent_is_shown_and_not_asked_for_when_changing(
    coordinator: TestClient, database: Database, questionnaires: Catalogue, plan: PlanWorld, board: str
) -> None:
    action_id = plan.plan(database, questionnaires, plan.draft(department=str(plan.department)))
    send(database, plan, plan.cast.coordinator, action_id, "sent")
    form = coordinator.get(f"{board}/{action_id}/change")
    assert "To change it, take it back first" in words(form.text)
    assert 'name="title"' not in form.text
    parse(form.text)


def test_before_any_report_is_open_the_board_says_when(browse: SignedIn, database: Database, world: World) -> None:
    reply = browse(world.officer).get(f"/partnerships/{world.partnership}/actions")
    assert reply.status_code == 409
    assert "once it has submitted" in words(reply.text)


def test_a_contributor_reads_and_gets_no_form(
    browse: SignedIn, database: Database, questionnaires: Catalogue, plan: PlanWorld, board: str
) -> None:
    action_id = plan.plan(database, questionnaires)
    reader = browse(plan.cast.contributor)
    page = reader.get(f"{board}/{action_id}")
    assert page.status_code == 200
    assert 'name="note"' not in page.text
    assert "Change it" not in links(page.text)
    assert "Plan an action" not in links(reader.get(board).text)
    assert reader.get(f"{board}/gaps").status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/add?round=nonsense&question=x", "/add?round=00000000-0000-7000-8000-000000000000&question=x", "/nonsense"],
)
def test_an_address_that_names_nothing_is_not_found(coordinator: TestClient, board: str, path: str) -> None:
    assert coordinator.get(board + path).status_code == 404


def test_without_a_gap_one_is_chosen_first(coordinator: TestClient, board: str) -> None:
    assert coordinator.get(f"{board}/add").url.path == f"{board}/gaps"


def test_what_is_typed_as_a_session_ends_is_handed_back(
    browse: SignedIn, database: Database, plan: PlanWorld, board: str, coordinator: TestClient
) -> None:
    form = coordinator.get(f"{board}/add?round={plan.world.round}&question={QUESTION}")
    fields = {**TYPED, "due-year": "2026", "owner": "", "department": ""}
    fields |= {name: hidden(form.text, name) for name in ("round", "question", "point", "id")}
    browse(plan.cast.coordinator).post("/account/sign-out-everywhere")
    ended = coordinator.post(f"{board}/add", data=fields)
    assert ended.status_code == 401
    assert "Somebody reads it" in ended.text  # handed back: who signs out everywhere leaves nothing behind
