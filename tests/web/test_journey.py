"""The partner's journey, page by page, on either database and without a script."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.domain.assessment import Answer
from app.domain.questionnaire import DONT_KNOW
from app.domain.records import AssessmentKey
from app.services import Database, assessing
from app.store.models import Partnership, PartnershipOrganisation, Round, RoundPartnership, new_id
from app.web import paths
from tests.people import NOW, World, answer_all, start_assessment
from tests.sign_ins import sign_in
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, title, words


@pytest.fixture
def officer(browse: SignedIn, world: World) -> TestClient:
    return browse(world.officer)


def test_from_the_start_page_to_the_report(officer: TestClient, world: World, questionnaires: Catalogue) -> None:
    start = officer.get("/")
    assert "How ready is your place" in words(start.text)
    listed = officer.get(links(start.text)["Continue"])
    assert "Upper Harrow Vale" in words(listed.text)
    start_path = paths.start_assessment(world.partnership, world.round, world.council)
    before = officer.get(start_path)
    assert "Before you start" in title(before.text)
    assert "Submit before 9:30am on 9 November 2026." in words(before.text)
    tasks = officer.post(start_path)
    assert "0 of 30 questions answered" in words(tasks.text)

    page = officer.get(links(tasks.text)["Start with question 1"])
    for number, question in enumerate(questionnaires.get("local-partners", 1).questions, start=1):
        parse(page.text)
        assert f"Question {number} of 30" in words(page.text)
        assert question.text in words(page.text)
        assert all(descriptor in words(page.text) for descriptor in question.descriptors.values())
        saved = officer.post(str(page.url.path), data={"choice": "early", "version": hidden(page.text, "version")})
        assert saved.status_code == 200
        if number % 6:
            page = saved
        elif number < 30:
            assert f"{number} of 30 questions answered" in words(saved.text)
            page = officer.get(links(saved.text)[f"Continue with question {number + 1}"])
    check = officer.get(links(saved.text)["Check your answers and submit"])
    parse(check.text)
    assert words(check.text).count("Change the answer to:") == 30
    submitted = officer.post(f"{saved.url.path}/submit")
    assert "Assessment submitted" in title(submitted.text)
    report = officer.get(links(submitted.text)["See the gap report"])
    parse(report.text)
    assert "Gap report: Harrow Vale Council" in title(report.text)
    assert "25.0" in words(report.text)


def test_what_was_typed_stays_on_the_page_that_says_what_is_wrong(
    officer: TestClient, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    typed = {"choice": "", "note": "A long & <thoughtful> note", "evidence-link": "not a link", "version": "0"}
    page = officer.post(paths.question(key, "shared-picture"), data=typed)
    assert page.status_code == 422
    assert title(page.text).startswith("Error: ")
    assert "There is a problem" in words(page.text)
    assert "A long & <thoughtful> note" in words(page.text)
    assert 'value="not a link"' in page.text
    assert links(page.text)["Choose the level that is true today, or don’t know"] == "#choice"
    assert links(page.text)["Enter a web address that begins with https:// or http://"] == "#evidence-link"
    root = parse(page.text)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert {"choice", "evidence-link"} <= set(ids)
    assert len(ids) == len(set(ids))
    assert not assessing.get_assessment(database, questionnaires, world.officer, key).stored


def test_not_applicable_without_a_reason_is_asked_for_one(
    officer: TestClient, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    page = officer.post(
        paths.question(key, "matched-records"), data={"choice": "not-applicable", "reason": " ", "version": "0"}
    )
    assert links(page.text)["Say why this question does not apply to you"] == "#reason"


def test_the_second_of_two_colleagues_sees_both_texts_and_chooses(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    path = paths.question(key, "shared-picture")
    browse(world.officer).post(path, data={"choice": "early", "note": "the first words", "version": "0"})
    colleague = browse(world.colleague)
    page = colleague.post(path, data={"choice": "developing", "note": "the second\nwords", "version": "0"})
    assert page.status_code == 409
    parse(page.text)
    seen = words(page.text)
    assert "the first words" in seen
    assert "the second words" in seen
    assert "Officer saved this at 9:30am on 2 November 2026" in seen

    def stored() -> tuple[str, str, int]:
        answer = assessing.get_assessment(database, questionnaires, world.officer, key).stored["shared-picture"]
        return answer.author, answer.answer.note, answer.version

    assert stored() == ("Officer", "the first words", 1)
    again = {"choice": "developing", "note": "the second\nwords", "version": "1"}
    assert colleague.post(path, data=again).status_code == 200
    assert stored() == ("Colleague", "the second\nwords", 2)


@pytest.mark.parametrize("version", ["", "-1", "1e3", "9" * 400, "²", "0x1", "5"])
def test_a_version_that_was_tampered_with_overwrites_nothing(
    officer: TestClient, database: Database, questionnaires: Catalogue, world: World, version: str
) -> None:
    key = start_assessment(database, questionnaires, world)
    path = paths.question(key, "shared-picture")
    officer.post(path, data={"choice": "early", "version": "0"})
    page = officer.post(path, data={"choice": "developing", "version": version})
    assert page.status_code == 409
    stored = assessing.get_assessment(database, questionnaires, world.officer, key).stored["shared-picture"]
    assert (stored.answer.choice, stored.version) == ("early", 1)


def test_one_goes_on_where_one_stopped_on_another_device(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    here = browse(world.officer)
    here.post(paths.question(key, "shared-picture"), data={"choice": "early", "version": "0"})
    left = here.post(paths.question(key, "spending-map"), data={"choice": "early", "version": "0", "then": "leave"})
    assert "2 of 30 questions answered" in words(left.text)
    there = browse(world.officer)
    tasks = there.get(paths.assessment(key))
    assert links(tasks.text)["Continue with question 3"] == paths.question(key, "evidence-before-design")


def test_changing_an_answer_comes_back_to_the_check(
    officer: TestClient, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    answer_all(database, questionnaires, world.officer, key)
    check = officer.get(paths.check_answers(key))
    change = next(
        href for text, href in links(check.text).items() if text.startswith("Change the answer to: How far do")
    )
    page = officer.get(change)
    data = {name: hidden(page.text, name) for name in ("version", "return")} | {"choice": "embedded"}
    assert officer.post(str(page.url.path), data=data).url.path == paths.check_answers(key)


def test_submit_is_not_offered_while_an_answer_is_missing(
    officer: TestClient, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    check = officer.get(paths.check_answers(key))
    assert "30 questions have no answer yet" in words(check.text)
    assert "/submit" not in check.text
    refused = officer.post(f"{paths.assessment(key)}/submit")
    assert refused.status_code == 409
    assert "30 questions have no answer yet" in words(refused.text)


def test_after_submit_and_after_the_close_no_question_is_shown(
    officer: TestClient, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW + timedelta(days=1))
    page = officer.get(paths.question(key, "shared-picture"))
    assert page.url.path == paths.assessment(key)
    assert "can no longer be changed" in words(page.text)
    lost = officer.post(
        paths.question(key, "shared-picture"), data={"choice": "early", "note": "typed in vain", "version": "1"}
    )
    assert lost.status_code == 409
    assert "typed in vain" in words(lost.text)


def test_the_report_comes_in_every_form(
    officer: TestClient, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    answer_all(database, questionnaires, world.officer, key, DONT_KNOW)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    assert officer.get(paths.report(key, "json")).json()["weakest"] is None
    assert officer.get(paths.report(key, "csv")).text.count("\r\n") == 31
    assert officer.get(paths.report(key, "pdf")).content.startswith(b"%PDF-")
    assert "Gap report" in officer.get(paths.report(key, "txt")).text
    assert officer.get(paths.report(key, "exe")).status_code == 404


def test_the_question_list_is_for_anyone(browse: SignedIn, questionnaires: Catalogue) -> None:
    page = browse(None).get(paths.question_list("local-partners", 1))
    parse(page.text)
    seen = words(page.text)
    for question in questionnaires.get("local-partners", 1).questions:
        assert question.text in seen


def test_an_assessment_is_hidden_from_others_and_from_nobody(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key: AssessmentKey = start_assessment(database, questionnaires, world)
    for path in (
        paths.assessment(key),
        paths.question(key, "shared-picture"),
        paths.check_answers(key),
        paths.report(key),
    ):
        assert browse(world.manager).get(path).status_code == 404
        assert browse(world.analyst).get(path).status_code == 404
        assert browse(None).get(path).url.path == paths.SIGN_IN


def test_central_teams_see_progress_and_no_scores(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    page = browse(world.analyst).get("/assessments")
    assert page.url.path == paths.ROUNDS
    assert "0 of 2 assessments submitted, in 1 partnership" in words(page.text)
    board = paths.round_progress(world.round)
    assert links(page.text)["Autumn round"] == board
    assert "Upper Harrow Vale 1 not started and 1 in progress" in words(browse(world.analyst).get(board).text)
    answer_all(database, questionnaires, world.officer, key, "developing")  # every score is 50
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    framework = questionnaires.get("local-partners", 1).framework
    for path, there in {
        paths.ROUNDS: "1 of 2 assessments submitted",
        board: "Upper Harrow Vale 1 not started and 1 submitted",
        paths.whom_to_ask(world.round): "1 assessment is not finished",
    }.items():
        seen = words(browse(world.analyst).get(path).text)
        assert there in seen
        for absent in ("50", "Developing", *(band.label for band in framework.bands)):
            assert absent not in seen
        assert browse(world.officer).get(path).status_code == 403
    assert "Harrow Vale Council" not in words(browse(world.analyst).get(paths.ROUNDS).text)


def test_when_the_database_is_gone_the_text_is_handed_back(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    client = browse(world.officer)
    gone = Database("postgresql://nobody@127.0.0.1:9/none")
    state = client.app.state  # type: ignore[attr-defined]
    there, state.database = state.database, gone
    reply = client.post(
        paths.question(key, "shared-picture"), data={"choice": "early", "note": "worth keeping", "version": "0"}
    )
    state.database = there
    gone.close()
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "5")
    assert "worth keeping" in words(reply.text)
    assert "cannot be reached" in words(reply.text)


def test_a_question_can_be_skipped_and_left_without_an_answer(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    client = browse(world.officer)
    page = client.get(paths.question(key, "shared-picture"))
    assert links(page.text)["Skip this question for now"] == paths.question(key, "spending-map")
    left = client.post(paths.question(key, "shared-picture"), data={"then": "leave", "version": "0"})
    assert left.url.path == paths.assessment(key)
    kept = client.post(
        paths.question(key, "shared-picture"), data={"then": "leave", "note": "half a thought", "version": "0"}
    )
    assert kept.status_code == 422
    assert "half a thought" in words(kept.text)


def test_whether_there_is_a_report_is_nobody_elses_business(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    before = browse(world.manager).get(paths.report(key))
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    after = browse(world.manager).get(paths.report(key))
    assert before.status_code == after.status_code == 404
    assert before.text == after.text


def test_after_the_close_and_after_submitting_the_answers_can_still_be_read(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    given = Answer("early", note="what we said then")
    assessing.answer(database, questionnaires, world.officer, key, "shared-picture", given, 0, NOW)
    client = browse(world.officer)
    closed = NOW + timedelta(days=7)
    client.cookies.set(SESSION_COOKIE, sign_in(database, world.officer.person_id, closed))
    client.app.state.clock = lambda: closed  # type: ignore[attr-defined]
    listed = client.get("/assessments")
    tasks = client.get(next(href for text, href in links(listed.text).items() if text.startswith("See the answers")))
    answers = client.get(links(tasks.text)["See the answers"])
    assert "what we said then" in words(answers.text)
    assert "29 questions have no answer." in words(answers.text)
    assert "Change" not in words(answers.text)
    assert "/submit" not in answers.text
    parse(answers.text)


def test_rounds_that_close_together_stay_apart(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    questionnaire = questionnaires.get("local-partners", 1)
    second, other = new_id(), new_id()
    with database.writing() as session:
        session.add(Partnership(id=other, name="Another Partnership"))
        session.add(
            Round(
                id=second,
                title="Second round",
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                opens_at=NOW - timedelta(days=7),
                closes_at=NOW + timedelta(days=7),
                confirmed_at=NOW - timedelta(days=14),
            )
        )
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=other, organisation_id=world.council))
        for partnership, round_ in ((other, second), (other, world.round), (world.partnership, second)):
            session.add(RoundPartnership(partnership_id=partnership, round_id=round_))
    page = browse(world.officer).get("/assessments")
    for title_ in ("Autumn round", "Second round"):
        assert words(page.text).count(f"{title_} Closes") == 1
