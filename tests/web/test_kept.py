"""A session that ends in mid-answer: what was typed waits for the same person, on the same page, and nobody else."""

from datetime import timedelta

import pytest
from httpx2 import Response
from sqlalchemy import func, select

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.domain.access import Actor
from app.domain.assessment import Answer
from app.domain.records import AssessmentKey
from app.services import Database, assessing, holding, signing_in
from app.services.holding import LARGEST_FORM, LONGEST_PATH, MOST_FORMS
from app.services.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT
from app.store.models import UnsavedForm
from app.web import paths
from tests.people import NOW, World, start_assessment
from tests.sign_ins import KEYS, sign_in
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, words

QUESTION = "shared-picture"
TYPED = {"choice": "early", "note": "an hour of thought <b>&amp;", "version": "0", "return": "", "kept": ""}
NOTICE = "You typed this before you were signed out. It is not saved yet."


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


def post_too_late(
    browse: SignedIn, database: Database, actor: Actor, path: str, fields: dict[str, str], ago: timedelta = IDLE_LIMIT
) -> Response:
    """Post a form with the cookie of a session that has ended by itself."""
    client = browse(None)
    client.cookies.set(SESSION_COOKIE, sign_in(database, actor.person_id, NOW - ago))
    return client.post(path, data=fields)


def count_kept(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(UnsavedForm)) or 0


def stored(database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey) -> Answer | None:
    assessment = assessing.get_assessment(database, questionnaires, world.officer, key)
    return assessment.stored[QUESTION].answer if QUESTION in assessment.stored else None


@pytest.mark.parametrize("ago", [IDLE_LIMIT, ABSOLUTE_LIMIT, ABSOLUTE_LIMIT + timedelta(hours=20)])
def test_what_was_typed_is_there_after_signing_in_again_and_can_be_saved(
    browse: SignedIn,
    database: Database,
    questionnaires: Catalogue,
    world: World,
    key: AssessmentKey,
    ago: timedelta,
) -> None:
    path = paths.question(key, QUESTION)
    told = post_too_late(browse, database, world.officer, path, TYPED, ago)
    assert told.status_code == 401
    assert "What you typed is kept" in words(told.text)
    assert links(told.text)["Sign in and go on"] == f"/sign-in?next={path}"
    assert "an hour of thought" not in told.text

    client = browse(world.officer)
    page = client.get(path)
    parse(page.text)
    assert NOTICE in words(page.text)
    assert "an hour of thought &lt;b&gt;&amp;amp;" in page.text
    assert 'value="early" checked' in " ".join(page.text.split())
    assert stored(database, questionnaires, world, key) is None

    saved = client.post(path, data={**TYPED, "kept": hidden(page.text, "kept"), "then": "leave"})
    assert saved.url.path == paths.assessment(key)
    answer = stored(database, questionnaires, world, key)
    assert answer is not None
    assert answer.note == TYPED["note"]
    assert count_kept(database) == 0
    assert NOTICE not in words(client.get(path).text)


def test_it_can_be_discarded(browse: SignedIn, database: Database, world: World, key: AssessmentKey) -> None:
    path = paths.question(key, QUESTION)
    post_too_late(browse, database, world.officer, path, TYPED)
    page = browse(world.officer).post("/account/discard", data={"path": path})
    assert page.url.path == path
    assert NOTICE not in words(page.text)
    assert "an hour of thought" not in page.text


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", ""])
def test_discarding_leads_nowhere_else(browse: SignedIn, world: World, elsewhere: str) -> None:
    reply = browse(world.officer).post("/account/discard", data={"path": elsewhere}, follow_redirects=False)
    assert reply.headers["location"] == "/assessments"


def test_a_form_with_a_fault_is_still_told_to_be_unsaved(
    browse: SignedIn, database: Database, world: World, key: AssessmentKey
) -> None:
    path = paths.question(key, QUESTION)
    post_too_late(browse, database, world.officer, path, TYPED)
    refused = browse(world.officer).post(path, data={**TYPED, "choice": "", "kept": "yes"})
    assert refused.status_code == 422
    assert NOTICE in words(refused.text)
    assert count_kept(database) == 1


def test_nobody_else_sees_it_and_their_own_saving_leaves_it(
    browse: SignedIn, database: Database, world: World, key: AssessmentKey
) -> None:
    path = paths.question(key, QUESTION)
    post_too_late(browse, database, world.officer, path, TYPED)
    colleague = browse(world.colleague)
    assert "an hour of thought" not in colleague.get(path).text
    colleague.post("/account/discard", data={"path": path})
    colleague.post(path, data={"choice": "dont-know", "version": "0", "kept": "yes"})
    officer = browse(world.officer)
    page = officer.get(path)
    assert "an hour of thought" in page.text
    conflict = officer.post(path, data={**TYPED, "kept": "yes"})
    assert conflict.status_code == 409
    assert '<textarea name="kept" hidden>\nyes</textarea>' in conflict.text
    again = {**TYPED, "version": "1", "kept": "yes"}
    officer.post(path, data=again)
    assert count_kept(database) == 0


def test_the_last_thing_typed_on_a_page_is_what_is_kept(
    browse: SignedIn, database: Database, world: World, key: AssessmentKey
) -> None:
    path = paths.question(key, QUESTION)
    for note in ("first", "second"):
        post_too_late(browse, database, world.officer, path, {**TYPED, "note": note})
    page = browse(world.officer).get(path)
    assert "second" in page.text
    assert count_kept(database) == 1


def test_a_comment_is_kept_too(browse: SignedIn, database: Database, world: World, key: AssessmentKey) -> None:
    path = paths.comments(key, QUESTION)
    post_too_late(browse, database, world.officer, path, {"comment": "ask the finance team", "id": ""})
    client = browse(world.officer)
    page = client.get(path)
    assert NOTICE in words(page.text)
    assert "ask the finance team" in page.text
    client.post(path, data={"comment": "ask the finance team", "id": hidden(page.text, "id"), "kept": "yes"})
    assert count_kept(database) == 0


def test_of_a_session_that_was_ended_or_never_was_nothing_is_kept_and_the_text_is_handed_back(
    browse: SignedIn, database: Database, world: World, key: AssessmentKey
) -> None:
    path = paths.question(key, QUESTION)
    token = sign_in(database, world.officer.person_id)
    signing_in.sign_out_everywhere(database, world.officer, NOW)
    for cookie in (token, "never was one"):
        client = browse(None)
        client.cookies.set(SESSION_COOKIE, cookie)
        reply = client.post(path, data=TYPED)
        assert reply.status_code == 401
        assert "an hour of thought" in words(reply.text)
    assert count_kept(database) == 0


def test_only_so_much_is_kept_of_one_person(database: Database, world: World) -> None:
    token = sign_in(database, world.officer.person_id, NOW - IDLE_LIMIT)

    def hold(path: str, text: str, minute: int = 0) -> bool:
        return holding.hold(database, token, path, {"note": text}, NOW + timedelta(minutes=minute), KEYS)

    assert not hold("/a", "x" * LARGEST_FORM)
    assert not hold("/" + "a" * LONGEST_PATH, "x")
    for number in range(MOST_FORMS + 5):
        assert hold(f"/{number}", str(number), number)
    assert count_kept(database) == MOST_FORMS
    assert holding.find_typed(database, world.officer, "/4") == {}
    assert holding.find_typed(database, world.officer, "/5") == {"note": "5"}
    assert holding.find_typed(database, world.colleague, "/5") == {}


def test_a_form_that_no_page_shows_again_is_not_kept(browse: SignedIn, database: Database, world: World) -> None:
    reply = post_too_late(browse, database, world.officer, "/account/change", {"name": "New", "reminders": "no"})
    assert reply.url.path == "/sign-in"
    assert count_kept(database) == 0
