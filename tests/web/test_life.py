"""The pages of an assessment's life after answering, for everybody who has a part in it."""

import re
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.domain.access import Actor
from app.domain.assessment import Answer
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.services import Database, assessing, life
from app.store.models import PartnershipOrganisation
from app.web import paths
from app.web.navigation import find_home
from tests.administrators import make_administrator
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, start_assessment
from tests.released import add_release, figures, make_content
from tests.sign_ins import sign_in
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, title, words

CLOSES = NOW + timedelta(days=7)
WHY = "Question 3 <b>needs</b> a second look {{ 7 * 7 }}"
CANARY = "canary of the council"


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.ANOTHER_PERSON)


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    """An assessment with every question answered, and a note in it."""
    key = start_assessment(database, questionnaires, world)
    given = Answer("early", note=CANARY)
    assessing.answer(database, questionnaires, world.officer, key, "shared-picture", given, 0, NOW)
    answer_all(database, questionnaires, world.officer, key, "early")
    return key


@pytest.fixture
def submitted(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, key: AssessmentKey
) -> AssessmentKey:
    del cast
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    return key


def at(client: TestClient, database: Database, actor: Actor, now: datetime) -> TestClient:
    """Give a client for somebody at another time."""
    client.app.state.clock = lambda: now  # type: ignore[attr-defined]
    client.cookies.set(SESSION_COOKIE, sign_in(database, actor.person_id, now))
    return client


def list_tags(html: str) -> list[str]:
    """Give the tags of the page itself; the phase of the service stands above it."""
    content = html.partition("<main")[2]
    return [words(tag) for tag in re.findall(r'<strong class="govuk-tag[^>]*>.*?</strong>', content, re.DOTALL)]


def test_from_submitting_to_signing_off(
    browse: SignedIn, database: Database, world: World, cast: Cast, key: AssessmentKey
) -> None:
    lead, certifier = browse(world.officer), browse(cast.certifier)
    check = lead.get(paths.check_answers(key))
    assert "somebody other than you" in words(check.text)
    done = lead.post(paths.submit(key))
    assert "Assessment submitted" in title(done.text)
    assert "All In One and Certifier can sign it off." in words(done.text)
    assert list_tags(lead.get("/assessments").text) == ["Waiting for sign-off"]

    listed = certifier.get("/assessments")
    to_sign = next(href for text, href in links(listed.text).items() if text.startswith("Read and sign off"))
    page = certifier.get(to_sign)
    parse(page.text)
    assert CANARY in words(page.text)
    assert "By signing off you confirm" in words(page.text)
    assert "Change" not in links(page.text)
    signed = certifier.post(to_sign, data={"submission": hidden(page.text, "submission")})
    parse(signed.text)
    assert signed.url.path == paths.history(key)
    assert list_tags(signed.text) == ["Signed off"]
    assert "Signed off Certifier, at 9:30am on 2 November 2026" in words(signed.text)
    assert list_tags(lead.get("/assessments").text) == ["Signed off"]
    facts = words(lead.get(paths.report(key)).text)
    assert "Signed off 9:30am on 2 November 2026, by Certifier" in facts
    assert certifier.get(to_sign).url.path == paths.history(key)
    del database


def test_where_nobody_can_sign_off_a_lead_is_led_to_invite_somebody(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    cast = add_cast(database, world, SignOff.ANOTHER_PERSON)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    cast.withdraw(database, cast.certifier, cast.all_in_one)
    for path in (paths.submitted(key), paths.history(key), paths.assessment(key)):
        page = browse(world.officer).get(path)
        assert "Nobody can sign it off yet. A lead has to invite a certifier" in words(page.text)
        assert links(page.text)["Invite a certifier"] == f"/organisations/{world.council}/people"
        told = browse(cast.contributor).get(path)
        assert "Invite a certifier" not in links(told.text)


def test_changes_are_requested_with_a_reason_that_is_kept_until_it_is_right(
    browse: SignedIn, cast: Cast, world: World, submitted: AssessmentKey
) -> None:
    certifier = browse(cast.certifier)
    page = certifier.get(links(certifier.get(paths.sign_off(submitted)).text)["Request changes"])
    parse(page.text)
    data = {"submission": hidden(page.text, "submission"), "reason": "x" * 1001}
    refused = certifier.post(paths.request_changes(submitted), data=data)
    parse(refused.text)
    assert refused.status_code == 422
    assert title(refused.text).startswith("Error: ")
    assert "x" * 1001 in refused.text
    assert links(refused.text)["The reason is too long; shorten it to 1,000 characters or fewer"] == "#reason"
    assert certifier.post(paths.request_changes(submitted), data=data | {"reason": " "}).status_code == 422

    done = certifier.post(paths.request_changes(submitted), data=data | {"reason": WHY})
    assert list_tags(done.text) == ["Changes requested"]
    for actor in (world.officer, cast.contributor):
        tasks = browse(actor).get(paths.assessment(submitted))
        parse(tasks.text)
        assert f"Changes requested by Certifier, at 9:30am on 2 November 2026 {WHY}" in words(tasks.text)
    lead = browse(world.officer)
    assert list_tags(lead.get("/assessments").text) == ["Changes requested"]
    before = lead.get(links(tasks.text)["See the report of what was submitted before"])
    assert "Changes were requested at 9:30am on 2 November 2026 by Certifier" in words(before.text)
    assert "second look" not in words(before.text)  # what a certifier wrote to colleagues is not for the board
    again = lead.post(paths.submit(submitted))
    assert "Assessment submitted" in title(again.text)


def test_who_submitted_is_told_that_another_person_signs_off(
    browse: SignedIn, database: Database, questionnaires: Catalogue, cast: Cast, key: AssessmentKey
) -> None:
    assessing.submit(database, questionnaires, cast.all_in_one, key, NOW)
    client = browse(cast.all_in_one)
    page = client.get(paths.sign_off(key))
    parse(page.text)
    assert "somebody other than the person who submitted signs off" in words(page.text)
    assert "By signing off" not in words(page.text)
    assert ">Sign off<" not in re.sub(r"\s", "", page.text)
    assert client.post(paths.sign_off(key), data={"submission": "1"}).status_code == 409


@pytest.mark.parametrize("seen", ["", "0", "2", "-1", "1e3", "9" * 400, "²"])
def test_a_number_that_was_tampered_with_decides_nothing(
    browse: SignedIn, cast: Cast, submitted: AssessmentKey, seen: str
) -> None:
    for actor, path in (
        (cast.certifier, paths.sign_off(submitted)),
        (cast.certifier, paths.request_changes(submitted)),
        (cast.coordinator, paths.reopen(submitted)),
    ):
        data = {"submission": seen} | ({} if path.endswith("sign-off") else {"reason": "typed with care"})
        reply = browse(actor).post(path, data=data)
        assert reply.status_code == 409
        assert ("typed with care" in words(reply.text)) is ("reason" in data)
        onwards = list(links(re.findall("<main.*</main>", reply.text, re.DOTALL)[0]).values())
        assert onwards == [find_home(actor), paths.START]


def test_reopened_by_the_coordinator_the_first_submission_stays_and_every_form_says_so(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    coordinator, lead = browse(cast.coordinator), browse(world.officer)
    page = coordinator.get(paths.reopen(submitted))
    parse(page.text)
    assert "It was submitted at 9:30am on 2 November 2026." in words(page.text)
    data = {"submission": hidden(page.text, "submission"), "reason": ""}
    refused = coordinator.post(paths.reopen(submitted), data=data)
    parse(refused.text)
    assert (refused.status_code, links(refused.text)["Say why, so that everybody knows what to do"]) == (422, "#reason")
    sent = coordinator.post(paths.reopen(submitted), data=data | {"reason": WHY}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/partnerships/{world.partnership}")

    assert list_tags(lead.get("/assessments").text) == ["Reopened"]
    tasks = lead.get(paths.assessment(submitted))
    assert f"Reopened by Coordinator, at 9:30am on 2 November 2026 {WHY}" in words(tasks.text)
    meanwhile = lead.get(links(tasks.text)["See the report of what was submitted before"])
    parse(meanwhile.text)
    assert "answers may have changed since" in words(meanwhile.text)

    assessing.answer(database, questionnaires, world.officer, submitted, "spending-map", Answer("embedded"), 1, NOW)
    assessing.submit(database, questionnaires, world.colleague, submitted, NOW + timedelta(hours=1))
    newest, first = lead.get(paths.report(submitted)), lead.get(paths.report(submitted, submission=1))
    for report in (newest, first):
        parse(report.text)
    assert title(newest.text) != title(first.text)
    assert "2 of 2, the newest. First submitted at 9:30am on 2 November 2026." in words(newest.text)
    assert f"Reopened at 9:30am on 2 November 2026 by Coordinator, because: {WHY}." in words(newest.text)
    assert "This is submission 1 of 2. The newest was submitted at 10:30am on 2 November 2026." in words(first.text)
    assert links(first.text)["See the report of submission 2"] == paths.report(submitted, submission=2)
    assert links(first.text)["Plain text"] == paths.report(submitted, "txt", 1)

    texts = [lead.get(paths.report(submitted, "txt", number)) for number in (1, 2)]
    assert "1 of 2. The newest was submitted at 10:30am" in " ".join(texts[0].text.split())
    assert "because: Question 3 <b>needs</b> a second look" in " ".join(texts[1].text.split())
    assert 'filename="gap-report-submission-1.txt"' in texts[0].headers["content-disposition"]
    assert 'filename="gap-report.txt"' in texts[1].headers["content-disposition"]
    assert lead.get(paths.report(submitted, "pdf", 1)).content.startswith(b"%PDF-")
    one, two = (lead.get(paths.report(submitted, "json", number)).json() for number in (1, 2))
    assert one.keys() == two.keys()
    assert one != two
    assert lead.get(paths.report(submitted, "csv", 1)).text != lead.get(paths.report(submitted, "csv")).text


def test_what_is_published_of_the_round_stays_and_whoever_reopens_is_told_so(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    says = "That release stays as it is, whatever is changed now"
    late = paths.late_entry(world.partnership, world.round, world.council)
    coordinator, administrator = browse(cast.coordinator), browse(make_administrator(database))
    forms = ((coordinator, paths.reopen(submitted)), (administrator, f"/set-up/rounds/{world.round}/closing"))
    for client, path in forms:
        assert says not in words(client.get(path).text)
    add_release(database, world, make_content(questionnaires.get("local-partners", 1), {"all|all": figures(40, 52)}))
    for client, path in forms:
        page = client.get(path)
        parse(page.text)
        assert f"was published on 2 November 2026. {says}" in words(page.text)
    after = at(coordinator, database, cast.coordinator, CLOSES + timedelta(hours=1))
    page = after.get(late)
    parse(page.text)
    assert says in words(page.text)


@pytest.mark.parametrize("query", ["0", "3", "-1", "x", "1.5", "9" * 400, ""])
def test_a_submission_that_is_not_there_is_not_found(
    browse: SignedIn, world: World, submitted: AssessmentKey, query: str
) -> None:
    for path in (paths.report(submitted), paths.report(submitted, "json")):
        assert browse(world.officer).get(f"{path}?submission={query}").status_code == 404


def test_late_entry_is_permitted_for_one_and_shown_to_them(
    browse: SignedIn, database: Database, world: World, cast: Cast, key: AssessmentKey
) -> None:
    path = paths.late_entry(world.partnership, world.round, world.council)
    coordinator = at(browse(cast.coordinator), database, cast.coordinator, CLOSES + timedelta(hours=1))
    page = coordinator.get(path)
    parse(page.text)
    assert "The round closed at 9:30am on 9 November 2026. It is in progress." in words(page.text)
    typed = {"until-day": "31", "until-month": "11", "until-year": "2026", "until-time": "late", "reason": ""}
    refused = coordinator.post(path, data=typed)
    parse(refused.text)
    assert refused.status_code == 422
    assert {"#until-day", "#reason"} <= set(links(refused.text).values())
    assert 'value="31"' in refused.text
    assert 'value="late"' in refused.text
    early = coordinator.post(path, data=typed | {"until-day": "8", "until-time": "17:00", "reason": WHY})
    assert links(early.text)["Enter a time after the round closes"] == "#until-day"
    right = typed | {"until-day": "12", "until-time": "5pm", "reason": WHY}
    assert coordinator.post(path, data=right, follow_redirects=False).status_code == 303
    assert "It may enter until 5pm on 12 November 2026." in words(coordinator.get(path).text)

    lead = at(browse(world.officer), database, world.officer, CLOSES + timedelta(hours=1))
    listed = lead.get("/assessments")
    assert "You may still enter until 5pm on 12 November 2026" in words(listed.text)
    assert any(text.startswith("Continue") for text in links(listed.text))
    tasks = lead.get(paths.assessment(key))
    parse(tasks.text)
    assert "You may still enter until 5pm on 12 November 2026." in words(tasks.text)
    other = at(browse(world.manager), database, world.manager, CLOSES + timedelta(hours=1))
    assert "You may still enter" not in words(other.get("/assessments").text)


def test_after_the_close_nothing_is_offered_that_is_refused(
    browse: SignedIn, database: Database, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    certifier = at(browse(cast.certifier), database, cast.certifier, CLOSES)
    assert list_tags(certifier.get("/assessments").text) == ["Submitted"]
    assert "Not signed off before the round closed" in words(certifier.get("/assessments").text)
    for path in (paths.sign_off(submitted), paths.request_changes(submitted)):
        shown = certifier.get(path)
        assert shown.url.path == paths.history(submitted)
        assert "The round closed before it was signed off." in words(shown.text)
    tasks = certifier.get(paths.assessment(submitted))
    assert "sign off" not in " ".join(links(tasks.text))
    coordinator = at(browse(cast.coordinator), database, cast.coordinator, CLOSES)
    page = coordinator.get(paths.reopen(submitted))
    parse(page.text)
    assert "The round has closed." in words(page.text)
    assert "<textarea" not in page.text
    late = coordinator.get(links(page.text)["Permit late entry first"])
    assert "Permit late entry for Harrow Vale Council" in title(late.text)
    del world


def test_nothing_is_offered_for_an_organisation_that_has_left(
    browse: SignedIn, database: Database, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    with database.writing() as session:
        session.get_one(PartnershipOrganisation, (world.partnership, world.council)).left_at = NOW
    coordinator = at(browse(cast.coordinator), database, cast.coordinator, CLOSES)
    late = paths.late_entry(world.partnership, world.round, world.council)
    for path in (paths.reopen(submitted), late):
        page = coordinator.get(path).text
        parse(page)
        assert "This organisation has left the partnership." in words(page)
        assert "<textarea" not in page
        assert late not in links(page).values()
    listed = coordinator.get(paths.partnership(world.partnership)).text
    assert "Has left the partnership" in words(listed)
    assert not {late, paths.reopen(submitted)} & {*links(listed).values()}


def test_long_before_the_close_late_entry_is_not_offered(
    browse: SignedIn, database: Database, world: World, cast: Cast
) -> None:
    path = paths.late_entry(world.partnership, world.round, world.council)
    early = CLOSES - timedelta(days=14, seconds=1)
    page = at(browse(cast.coordinator), database, cast.coordinator, early).get(path)
    parse(page.text)
    assert "Late entry can be permitted from 9:30am on 26 October 2026." in words(page.text)
    assert '<form method="post" action="/partnerships' not in page.text


WHO = {
    "history": {"lead", "contributor", "certifier", "all-in-one"},
    "sign-off": {"certifier", "all-in-one"},
    "request-changes": {"certifier", "all-in-one"},
    "reopen": {"coordinator", "administrator"},
    "late-entry": {"coordinator", "administrator"},
}
KNOW = {"lead", "contributor", "certifier", "all-in-one"}


@pytest.mark.parametrize("name", WHO)
def test_who_may_enter_which_page(
    browse: SignedIn, world: World, cast: Cast, submitted: AssessmentKey, name: str
) -> None:
    path = f"{paths.assessment(submitted)}/{name}"
    if name == "late-entry":
        path = paths.late_entry(world.partnership, world.round, world.council)
    for role, actor in cast.by_role.items():
        if role in WHO[name]:
            expected = 200
        elif role in KNOW and name not in {"reopen", "late-entry"}:
            expected = 403
        else:
            expected = 404
        assert browse(actor).get(path).status_code == expected, role
    assert browse(None).get(path).url.path == paths.SIGN_IN


def test_a_coordinator_sees_no_answer_and_no_word_about_answers(
    browse: SignedIn, database: Database, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    life.request_changes(database, cast.certifier, submitted, 1, "about the answers", NOW)
    pages = [paths.reopen(submitted), paths.late_entry(world.partnership, world.round, world.council)]
    for actor in (cast.coordinator, cast.administrator):
        for path in pages:
            seen = browse(actor).get(path).text
            assert CANARY not in seen
            assert "about the answers" not in seen
            assert "Changes requested" not in seen


def test_contributors_and_certifiers_see_what_they_cannot_do_said_and_no_button(
    browse: SignedIn, cast: Cast, key: AssessmentKey
) -> None:
    for actor in (cast.contributor, cast.certifier):
        page = browse(actor).get(paths.check_answers(key))
        parse(page.text)
        assert CANARY in words(page.text)
        assert "A lead of your organisation submits when every question has an answer." in words(page.text)
        assert "/submit" not in page.text
        assert browse(actor).post(paths.submit(key)).status_code == 403
    page = browse(cast.certifier).get(paths.check_answers(key))
    assert "Change" not in " ".join(links(page.text))


@pytest.mark.parametrize("name", ["request-changes", "reopen", "late-entry"])
def test_a_reason_typed_as_the_session_ended_is_there_again_after_signing_in(
    browse: SignedIn, database: Database, world: World, cast: Cast, submitted: AssessmentKey, name: str
) -> None:
    actor = cast.certifier if name == "request-changes" else cast.coordinator
    path, more = f"{paths.assessment(submitted)}/{name}", {"submission": "1"}
    if name == "late-entry":
        path = paths.late_entry(world.partnership, world.round, world.council)
        more = {"until-day": "12", "until-month": "11", "until-year": "2026", "until-time": "5pm"}
    client = browse(actor)
    client.app.state.clock = lambda: NOW + timedelta(days=2)  # type: ignore[attr-defined]
    assert client.post(path, data=more | {"reason": "typed with care"}).status_code == 401
    back = at(client, database, actor, NOW + timedelta(days=2))
    page = back.get(path)
    parse(page.text)
    assert "You typed this before you were signed out" in words(page.text)
    assert "typed with care" in page.text
    assert all(f'value="{value}"' in page.text for value in more.values())
    sent = more | {"reason": "typed with care", "kept": hidden(page.text, "kept")}
    assert back.post(path, data=sent, follow_redirects=False).status_code == 303
    assert "You typed this" not in words(back.get(path).text)
