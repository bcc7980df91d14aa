"""Saying what stands in the way of a gap, page by page, and finding it in the report."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.assessment import Answer
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.services import Database, assessing
from app.store.models import Round
from app.web import paths
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, start_assessment
from tests.renderings.reading import pdf_words
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, title, words

GAP = "lawful-basis"
QUESTION = "How far have partners agreed the lawful basis for sharing personal information?"
MET = "shared-picture"
SAY, CHANGE = f"Say what stands in the way : {QUESTION}", f"Change what stands in the way : {QUESTION}"
LAW_STEP = "Look for another legal power that covers this purpose"
FEAR_STEP = "Have leaders of all partners sign one page"


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    key = start_assessment(database, questionnaires, world)
    assessing.answer(database, questionnaires, world.officer, key, MET, Answer("embedded"), 0, NOW)
    answer_all(database, questionnaires, world.officer, key, "early")
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    return key


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.NOBODY)


def test_from_a_gap_to_its_kinds_and_back_with_the_next_steps(
    browse: SignedIn, world: World, key: AssessmentKey
) -> None:
    lead = browse(world.officer)
    report = lead.get(paths.report(key))
    parse(report.text)
    assert LAW_STEP not in words(report.text)
    page = lead.get(links(report.text)[SAY])
    parse(page.text)
    assert title(page.text).startswith(f"What stands in the way of sharing information here? {QUESTION}")
    seen = words(page.text)
    for label in ("The law", "A belief about the law", "Technical trouble", "Fear of risk", "None of these"):
        assert label in seen
    assert "nobody can name the rule" in seen
    assert "You can change this until 9:30am on 8 January 2027." in seen
    assert "your partners also see what you say here" in seen
    assert " checked" not in page.text
    assert links(page.text)["Back to the gap"] == f"{paths.report(key)}#gap-{GAP}"

    sent = {"kind-1": "law", "kind-4": "fear-of-risk", "mark": hidden(page.text, "mark")}
    saved = lead.post(paths.barriers(key, GAP), data=sent, follow_redirects=False)
    assert (saved.status_code, saved.headers["location"]) == (303, f"{paths.report(key)}#gap-{GAP}")
    after = lead.get(paths.report(key))
    parse(after.text)
    said = words(after.text)
    assert said.index(f"The law. {LAW_STEP}") < said.index(f"Fear of risk. {FEAR_STEP}")
    assert said.count(LAW_STEP) == said.count(FEAR_STEP) == 1
    assert "Technical trouble" not in said
    assert SAY not in links(after.text)

    again = lead.get(links(after.text)[CHANGE])
    assert again.text.count(" checked") == 2
    none = {"none": "yes", "mark": hidden(again.text, "mark")}
    assert lead.post(paths.barriers(key, GAP), data=none).status_code == 200
    assert LAW_STEP not in words(lead.get(paths.report(key)).text)


def test_pdf_and_text_say_the_same_and_the_files_of_numbers_do_not_change(
    browse: SignedIn, world: World, key: AssessmentKey
) -> None:
    lead = browse(world.officer)
    before = {form: lead.get(paths.report(key, form)) for form in ("json", "csv", "pdf", "txt")}
    assert lead.post(paths.barriers(key, GAP), data={"kind-2": "belief-about-law", "mark": ""}).status_code == 200
    after = {form: lead.get(paths.report(key, form)) for form in before}
    step = "Describe one real case and ask a data protection officer"
    assert step not in words(before["txt"].text)
    assert f"Stands in the way: A belief about the law. Next step: {step}" in " ".join(after["txt"].text.split())
    assert step not in " ".join(pdf_words(before["pdf"].content).split())
    assert step in " ".join(pdf_words(after["pdf"].content).split())
    assert before["json"].json() == after["json"].json()
    assert before["csv"].text == after["csv"].text


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        ({}, "Select what stands in the way, or “None of these”"),
        ({"kind-1": "law", "none": "yes"}, "Select what stands in the way, or “None of these”, not both"),
    ],
)
def test_what_was_selected_stays_where_something_is_wrong(
    browse: SignedIn, world: World, key: AssessmentKey, sent: dict[str, str], fault: str
) -> None:
    page = browse(world.officer).post(paths.barriers(key, GAP), data={**sent, "mark": ""})
    assert page.status_code == 422
    parse(page.text)
    assert links(page.text)[fault] == "#kind-1"
    assert page.text.count(" checked") == len(sent)


def test_the_second_of_two_colleagues_sees_what_the_first_has_said(
    browse: SignedIn, world: World, key: AssessmentKey
) -> None:
    first, second = browse(world.officer), browse(world.colleague)
    mark = hidden(second.get(paths.barriers(key, GAP)).text, "mark")
    first.post(paths.barriers(key, GAP), data={"kind-1": "law", "mark": ""})
    page = second.post(paths.barriers(key, GAP), data={"kind-3": "technical", "mark": mark})
    assert page.status_code == 409
    parse(page.text)
    assert "A colleague has said something else since you opened this page: “The law”." in words(page.text)
    assert page.text.count(" checked") == 1
    assert 'value="technical" checked' in page.text
    assert LAW_STEP in words(first.get(paths.report(key)).text)
    after = second.post(paths.barriers(key, GAP), data={"kind-3": "technical", "mark": hidden(page.text, "mark")})
    assert "Technical trouble." in words(after.text)
    assert LAW_STEP not in words(after.text)


def test_what_the_page_never_sends_is_refused(browse: SignedIn, world: World, key: AssessmentKey) -> None:
    lead = browse(world.officer)
    refused = lead.post(paths.barriers(key, GAP), data={"kind-1": "short-money", "mark": ""})
    assert refused.status_code == 422
    assert "something that was sent is not on it" in words(refused.text)
    for path in (paths.barriers(key, MET), paths.barriers(key, "nonsense")):
        assert lead.get(path).status_code == lead.post(path, data={"kind-1": "law", "mark": ""}).status_code
        assert lead.get(path).status_code in {404, 409}
    assert lead.post(paths.barriers(key, GAP), data={"kind-99": "law"}).status_code == 400


def test_others_read_what_was_said_and_have_no_link_to_change_it(
    browse: SignedIn, world: World, key: AssessmentKey, cast: Cast
) -> None:
    browse(world.officer).post(paths.barriers(key, GAP), data={"kind-1": "law", "mark": ""})
    for reader in (cast.certifier, cast.contributor):
        client = browse(reader)
        report = client.get(paths.report(key))
        assert LAW_STEP in words(report.text)
        assert "what stands in the way :" not in words(report.text)
        assert client.get(paths.barriers(key, GAP)).status_code == 403
    for stranger in (world.manager, cast.coordinator, world.analyst):
        assert browse(stranger).get(paths.barriers(key, GAP)).status_code == 404


def test_when_the_time_is_over_it_stays_and_the_link_goes(
    browse: SignedIn, database: Database, world: World, key: AssessmentKey
) -> None:
    lead = browse(world.officer)
    lead.post(paths.barriers(key, GAP), data={"kind-1": "law", "mark": ""})
    with database.writing() as session:
        ago = {"opens_at": NOW - timedelta(days=100), "closes_at": NOW - timedelta(days=61)}
        session.execute(update(Round).where(Round.id == world.round).values(**ago))
    report = lead.get(paths.report(key))
    assert LAW_STEP in words(report.text)
    assert CHANGE not in links(report.text)
    assert SAY not in links(report.text)
    late = lead.post(paths.barriers(key, GAP), data={"kind-4": "fear-of-risk", "mark": "law"})
    assert late.status_code == 409
    assert "60 days after the round has closed" in words(late.text)
