"""Sharing the work, page by page: sections given, questions that are others', comments, last round's answers."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.assessment import Answer
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.domain.sharing import Giving
from app.services import Database, assessing, sharing
from app.store.models import PartnershipOrganisation, Round, RoundPartnership, new_id
from app.web import paths
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, start_assessment
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, title, words

SECTION = "knowing-what-works"
QUESTION = "shared-picture"
ELSEWHERE = "lawful-basis"
HOSTILE = "=1+1 <script>alert(1)</script> {{ 7 * 7 }}\nsecond line"


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.NOBODY)


def give(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, cast: Cast, message: str = ""
) -> None:
    giving = Giving(str(cast.contributor.person_id), message, "")
    assert not sharing.give_section(database, questionnaires, world.officer, key, SECTION, giving, NOW)


def test_a_lead_gives_a_section_and_each_sees_whose_it_is(
    browse: SignedIn, world: World, key: AssessmentKey, cast: Cast
) -> None:
    lead = browse(world.officer)
    tasks = lead.get(paths.assessment(key))
    parse(tasks.text)
    page = lead.get(links(tasks.text)["Give to a colleague : Knowing what works"])
    parse(page.text)
    assert title(page.text).startswith("Give this section to a colleague: Knowing what works")
    seen = words(page.text)
    for name in ("Officer (you)", "Colleague", "Contributor", "All In One"):
        assert name in seen
    for name in ("Certifier", "Coordinator", "Manager"):
        assert name not in seen
    assert "Do not write about individuals who use services" in seen
    assert links(page.text)["Invite somebody who is not on the list"] == f"/organisations/{world.council}/people"

    sent = {"person": str(cast.contributor.person_id), "message": HOSTILE, "mark": hidden(page.text, "mark")}
    given = lead.post(paths.section(key, SECTION), data=sent)
    assert given.url.path == paths.assessment(key)
    assert "0 of 6 questions answered. Given to Contributor" in words(given.text)
    assert "second line" not in given.text
    theirs = browse(cast.contributor).get(paths.assessment(key))
    parse(theirs.text)
    assert f"Given to you by Officer {' '.join(HOSTILE.split())}" in words(theirs.text)
    assert "Give to a colleague" not in theirs.text
    assert "Given to Contributor" in words(browse(cast.certifier).get(paths.assessment(key)).text)

    again = lead.get(links(given.text)["Give to somebody else, or take back : Knowing what works"])
    assert "Given to Contributor by you at 9:30am on 2 November 2026." in words(again.text)
    back = lead.post(paths.take_section_back(key, SECTION), data={"mark": hidden(again.text, "mark")})
    assert "Given to" not in words(back.text)


def test_what_was_typed_beside_a_section_stays_where_something_is_wrong(
    browse: SignedIn, world: World, key: AssessmentKey, cast: Cast
) -> None:
    lead = browse(world.officer)
    path = paths.section(key, SECTION)
    page = lead.post(path, data={"message": "please", "mark": ""})
    assert page.status_code == 422
    assert links(page.text)["Choose who is to answer this section"] == "#person"
    assert "please" in page.text
    parse(page.text)
    stranger = lead.post(path, data={"person": str(world.manager.person_id), "message": "please", "mark": ""})
    assert links(stranger.text)["Choose somebody from the list"] == "#person"
    long = lead.post(path, data={"person": str(cast.contributor.person_id), "message": "x" * 2001, "mark": ""})
    assert "#message" in links(long.text).values()
    assert "x" * 2001 in long.text
    refused = browse(cast.contributor).post(path, data={"message": "my words", "mark": ""})
    assert refused.status_code == 403
    assert "Only a lead of the organisation can give sections to colleagues" in words(refused.text)
    assert "my words" in words(refused.text)
    assert browse(world.manager).get(path).status_code == 404
    assert lead.get(paths.section(key, "nonsense")).status_code == 404


def test_a_contributor_is_led_through_their_own_sections_and_reads_the_others(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, cast: Cast
) -> None:
    client = browse(cast.contributor)
    assert "No section has been given to you yet." in words(client.get(paths.assessment(key)).text)
    section = "sharing-information"
    giving = Giving(str(cast.contributor.person_id), "", "")
    sharing.give_section(database, questionnaires, world.officer, key, section, giving, NOW)
    page = client.get(links(client.get(paths.assessment(key)).text)["Start with question 7"])
    assert "Question 7 of 30 : Sharing information. Given to you" in words(page.text)
    for number in range(7, 13):
        assert f"Question {number} of 30" in words(page.text)
        page = client.post(str(page.url.path), data={"choice": "early", "version": "0"})
    assert page.url.path == paths.assessment(key)
    assert "Everything that was given to you is answered." in words(page.text)

    other = client.get(paths.question(key, QUESTION))
    parse(other.text)
    assert "<textarea" not in other.text
    assert "This section was not given to you." in words(other.text)
    assert all(
        text in words(other.text) for text in questionnaires.get("local-partners", 1).questions[0].descriptors.values()
    )
    assert links(other.text)["Next question"] == paths.question(key, "spending-map")
    refused = client.post(
        paths.question(key, QUESTION), data={"choice": "early", "note": "typed in vain", "version": "0"}
    )
    assert refused.status_code == 403
    assert "sections that were not given to them" in words(refused.text)
    assert "typed in vain" in words(refused.text)
    checked = client.get(paths.check_answers(key))
    assert words(checked.text).count("Change the answer to:") == 6


def test_a_lead_goes_on_with_what_was_not_given_to_others(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, cast: Cast
) -> None:
    give(database, questionnaires, world, key, cast)
    tasks = browse(world.officer).get(paths.assessment(key))
    assert links(tasks.text)["Start with question 7"] == paths.question(key, ELSEWHERE)
    page = browse(world.officer).get(paths.question(key, QUESTION))
    assert "Given to Contributor" in words(page.text)
    assert "<textarea" in page.text


def test_a_certifier_reads_and_does_not_answer(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, cast: Cast
) -> None:
    given = Answer("early", note="what we said")
    assessing.answer(database, questionnaires, world.officer, key, QUESTION, given, 0, NOW)
    client = browse(cast.certifier)
    tasks = client.get(paths.assessment(key))
    assert "You can read every question and answer, and comment." in words(tasks.text)
    page = client.get(paths.question(key, QUESTION))
    assert "what we said" in words(page.text)
    assert "Saved by Officer at 9:30am on 2 November 2026" in words(page.text)
    assert "<textarea" not in page.text
    assert client.post(paths.question(key, QUESTION), data={"choice": "early", "version": "1"}).status_code == 403


def test_a_comment_is_found_beside_the_question_and_with_the_answers(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, cast: Cast
) -> None:
    lead, certifier = browse(world.officer), browse(cast.certifier)
    page = lead.get(links(lead.get(paths.question(key, QUESTION)).text)["Ask or tell colleagues something"])
    parse(page.text)
    assert "There are no comments yet." in words(page.text)
    assert "Do not name individuals" in words(page.text)
    sent = {"comment": HOSTILE, "id": hidden(page.text, "id")}
    for _ in range(2):
        thread = lead.post(paths.comments(key, QUESTION), data=sent)
    parse(thread.text)
    assert f"Officer at 9:30am on 2 November 2026 {' '.join(HOSTILE.split())}" in words(thread.text)
    assert "<script>alert" not in thread.text
    assert links(certifier.get(paths.question(key, QUESTION)).text)["Comments from colleagues (1)"] == paths.comments(
        key, QUESTION
    )
    empty = lead.post(paths.comments(key, QUESTION), data={"comment": " ", "id": "nonsense"})
    assert empty.status_code == 422
    assert links(empty.text)["Enter a comment"] == "#comment"
    answer_all(database, questionnaires, world.officer, key)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    answers = certifier.get(paths.check_answers(key))
    parse(answers.text)
    one = next(href for text, href in links(answers.text).items() if text.startswith("1 comment on: "))
    assert one == paths.comments(key, QUESTION)
    assert certifier.post(one, data={"comment": "after submitting", "id": ""}).status_code == 200
    assert lead.get(paths.report(key)).text.count("after submitting") == 0
    for stranger in (world.manager, cast.coordinator, cast.administrator, world.analyst):
        assert browse(stranger).get(one).status_code == 404
        assert browse(stranger).post(one, data={"comment": "x", "id": ""}).status_code == 404


@pytest.fixture
def earlier(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    """What the council submitted in spring."""
    questionnaire = questionnaires.get("local-partners", 1)
    spring, round_ = NOW - timedelta(days=213), new_id()
    with database.writing() as session:
        session.add(
            Round(
                id=round_,
                title="Spring round",
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                opens_at=spring,
                closes_at=spring + timedelta(days=14),
                confirmed_at=spring,
            )
        )
        session.flush()
        session.add(RoundPartnership(partnership_id=world.partnership, round_id=round_))
    key = assessing.start(database, questionnaires, world.officer, world.partnership, round_, world.council, spring)
    for question in questionnaire.questions:
        given = Answer("developing", note="what we <b>said</b> then")
        assessing.answer(database, questionnaires, world.officer, key, question.id, given, 0, spring)
    assessing.submit(database, questionnaires, world.officer, key, spring)
    return key


def test_last_rounds_answer_is_shown_dated_and_counts_once_it_is_confirmed(
    browse: SignedIn, earlier: AssessmentKey, world: World, key: AssessmentKey
) -> None:
    del earlier
    client = browse(world.officer)
    tasks = client.get(paths.assessment(key))
    assert "30 answers of an earlier round wait to be confirmed or changed" in words(tasks.text)
    assert "0 of 30 questions answered" in words(tasks.text)
    path = paths.question(key, QUESTION)
    page = client.get(path)
    parse(page.text)
    assert "In Spring round your organisation answered (3 April 2026):" in words(page.text)
    assert "what we &lt;b&gt;said&lt;/b&gt; then" in page.text
    assert " checked" not in page.text
    confirmed = client.post(paths.confirm_answer(key, QUESTION), data={"mark": hidden(page.text, "mark"), "return": ""})
    assert confirmed.url.path == paths.question(key, "spending-map")
    assert "29 answers of an earlier round wait" in words(client.get(paths.assessment(key)).text)
    again = client.get(path)
    assert "Confirmed from Spring round by Officer at 9:30am on 2 November 2026" in words(again.text)
    assert "Confirm this answer" not in again.text
    assert "Confirmed from Spring round" in words(client.get(paths.check_answers(key)).text)
    report = "29 questions have no answer yet"
    assert report in words(client.get(paths.check_answers(key)).text)


def test_who_confirms_after_a_colleague_answered_anew_sees_both(
    browse: SignedIn, earlier: AssessmentKey, world: World, key: AssessmentKey
) -> None:
    del earlier
    first, second = browse(world.officer), browse(world.colleague)
    path = paths.question(key, QUESTION)
    mark = hidden(first.get(path).text, "mark")
    second.post(path, data={"choice": "early", "note": "what we say now", "version": "0"})
    page = first.post(paths.confirm_answer(key, QUESTION), data={"mark": mark, "return": "check"})
    assert page.status_code == 409
    parse(page.text)
    assert "what we say now" in words(page.text)
    assert "what we <b>said</b> then" in words(page.text)
    stale = first.post(paths.confirm_answer(key, "spending-map"), data={"mark": "0", "return": ""})
    assert stale.status_code == 409
    assert "no longer the one that you saw" in words(stale.text)


def test_a_successor_is_told_whose_answers_it_finds(
    browse: SignedIn, database: Database, earlier: AssessmentKey, world: World, questionnaires: Catalogue
) -> None:
    del earlier
    with database.writing() as session:
        session.execute(
            update(PartnershipOrganisation)
            .where(PartnershipOrganisation.organisation_id == world.council)
            .values(replaced_by=world.trust, left_at=NOW)
        )
    key = assessing.start(database, questionnaires, world.manager, world.partnership, world.round, world.trust, NOW)
    page = browse(world.manager).get(paths.question(key, QUESTION))
    seen = words(page.text)
    assert "In Spring round Harrow Vale Council, which your organisation has replaced, answered (3 April 2026):" in seen


def test_an_assessment_is_started_by_a_lead_alone(browse: SignedIn, world: World, cast: Cast) -> None:
    client = browse(cast.contributor)
    listed = client.get(paths.ASSESSMENTS)
    assert "A lead of your organisation starts it" in words(listed.text)
    assert "/start" not in listed.text
    path = paths.start_assessment(world.partnership, world.round, world.council)
    assert client.get(path).status_code == client.post(path).status_code == 403
