"""The pages of a round as it runs: who may enter, what stands there, and reminding everybody who has not finished."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from sqlalchemy import delete

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE
from app.domain.assessment import Answer, AssessmentStatus
from app.domain.rounds import SignOff
from app.services import Database, assessing
from app.services.mailing import MailKind
from app.store.models import Membership, Person
from app.web import paths
from tests.invitations import list_events
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, start_assessment
from tests.running_rounds import add_assessment, add_partnerships, ask_sign_off, permit_late_entry
from tests.sign_ins import sign_in as begin_session
from tests.web.conftest import SignedIn
from tests.web.pages import links, parse, words
from tests.working import list_mails

CANARY = "canarycanary"
CLOSES = NOW + timedelta(days=7)
REMIND = "/remind"


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.NOBODY)


Open = Callable[..., str]


@pytest.fixture
def open_page(browse: SignedIn, database: Database, cast: Cast) -> Open:
    """Give what opens a page as somebody of the cast, at a moment, and looks whether it is sound."""

    def open_it(path: str, who: str = "administrator", now: datetime = NOW) -> str:
        actor = cast.by_role[who]
        client = browse(actor)
        client.cookies.set(SESSION_COOKIE, begin_session(database, actor.person_id, now))
        app: FastAPI = client.app  # type: ignore[assignment]
        app.state.clock = lambda: now
        page = client.get(path)
        assert page.status_code == 200, path
        parse(page.text)
        return page.text

    return open_it


# ---- Who may enter ---------------------------------------------------------------------------------------------------

TABLE = """
                    lead contributor certifier coordinator stranger analyst administrator
GET /rounds         403  403         403       403         403      200     200
GET                 403  403         403       403         403      200     200
GET /whom-to-ask    403  403         403       403         403      200     200
GET /remind         403  403         403       403         403      403     200
POST /remind        403  403         403       403         403      403     303
"""


def read_table() -> list[tuple[str, str, str, int]]:
    head, *rows = TABLE.strip().splitlines()
    cases = []
    for row in rows:
        method, path = row[:20].split()[0], "".join(row[:20].split()[1:])
        cases += [(method, path, who, int(code)) for who, code in zip(head.split(), row[20:].split(), strict=True)]
    return cases


@pytest.mark.parametrize(("method", "path", "who", "code"), read_table())
def test_who_may_enter(browse: SignedIn, cast: Cast, world: World, method: str, path: str, who: str, code: int) -> None:
    address = path if path == paths.ROUNDS else paths.round_progress(world.round) + path
    reply = browse(cast.by_role[who]).request(method, address, follow_redirects=False)
    assert reply.status_code == code
    assert browse(None).request(method, address, follow_redirects=False).headers["location"].startswith(paths.SIGN_IN)
    unknown = f"{paths.ROUNDS}/{world.partnership}{path}"
    if code != 403 and path != paths.ROUNDS:
        assert browse(cast.by_role[who]).request(method, unknown, follow_redirects=False).status_code == 404


# ---- What stands there -----------------------------------------------------------------------------------------------


def test_the_list_has_a_line_for_each_round(open_page: Open, world: World, database: Database) -> None:
    add_assessment(database, world, world.council)
    page = open_page(paths.ROUNDS, "analyst")
    assert links(page)["Autumn round"] == paths.round_progress(world.round)
    line = "1 of 2 assessments submitted, in 1 partnership."
    assert f"{line} Closes at 9:30am on 9 November 2026. Open" in words(page)
    page = open_page(paths.ROUNDS, "analyst", CLOSES)
    assert f"{line} Closed at 9:30am on 9 November 2026. Closed" in words(page)


def test_the_board_says_where_everybody_is_and_links_where_one_may_enter(
    open_page: Open, world: World, database: Database
) -> None:
    add_assessment(database, world, world.council)
    path = paths.round_progress(world.round)
    page = open_page(path)
    assert "Not started 1 In progress 0 Submitted 1 1 of 2 assessments is not finished." in words(page)
    assert "Upper Harrow Vale 1 not started and 1 submitted" in words(page)
    assert "Harrow Vale Trust Not started Harrow Vale Council Submitted" in words(page)
    partnership = paths.partnership(world.partnership)
    assert links(page)["Go to Upper Harrow Vale"] == partnership
    assert links(page)["Harrow Vale Trust"] == f"{partnership}/organisations/{world.trust}"
    seen = open_page(path, "analyst")
    assert "Harrow Vale Trust Not started Harrow Vale Council Submitted" in words(seen)
    assert partnership not in seen


def test_few_partnerships_stand_unfolded_and_many_folded(open_page: Open, world: World, database: Database) -> None:
    path = paths.round_progress(world.round)
    assert open_page(path).count('app-fold" open') == 1
    add_partnerships(database, world, 6, 5)
    page = open_page(path)
    assert page.count('app-fold"') == 7
    assert 'app-fold" open' not in page
    assert 'app-fold" open' not in open_page(paths.whom_to_ask(world.round))


def test_what_is_finished_stands_by_itself(open_page: Open, world: World, database: Database) -> None:
    add_partnerships(database, world, 2, 1)
    for organisation in (world.council, world.trust):
        add_assessment(database, world, organisation)
    seen = words(open_page(paths.round_progress(world.round)))
    assert seen.index("Not finished: 2 partnerships") < seen.index("Partnership 1")
    assert seen.index("Partnership 1") < seen.index("Finished: 1 partnership Upper Harrow Vale 2 submitted")


def test_a_round_in_which_everybody_has_finished_asks_nobody(
    open_page: Open, browse: SignedIn, cast: Cast, world: World, database: Database
) -> None:
    for organisation in (world.council, world.trust):
        add_assessment(database, world, organisation)
    page = open_page(paths.round_progress(world.round))
    assert "Everything is submitted." in words(page)
    assert "See whom to ask" not in page
    assert "Everybody has finished." in words(open_page(paths.whom_to_ask(world.round)))
    refused = browse(cast.administrator).get(paths.remind_round(world.round))
    assert refused.status_code == 409
    assert "There is nobody to remind now" in words(refused.text)


def test_before_the_opening_nobody_is_asked(open_page: Open, world: World) -> None:
    before = NOW - timedelta(days=8)
    page = open_page(paths.round_progress(world.round), now=before)
    assert "2 assessments will be asked for once it opens." in words(page)
    assert "app-course" not in page
    assert "See whom to ask" not in page
    asked = open_page(paths.whom_to_ask(world.round), now=before)
    assert "The round opens at 9:30am on 26 October 2026. Until then nobody is asked." in words(asked)
    assert "Officer" not in words(asked)


def test_the_line_ends_at_what_was_submitted_and_stands_in_a_table_too(
    open_page: Open, world: World, database: Database
) -> None:
    add_assessment(database, world, world.council, at=NOW - timedelta(days=2))
    page = open_page(paths.round_progress(world.round))
    assert '<title id="course-title">1 of 2 assessments has been submitted so far.</title>' in page
    assert 'points="0,100 7.1429,100 14.2857,100 21.4286,100 28.5714,100 35.7143,50 42.8571,50 50,50"' in page
    assert 'cx="50%" cy="50%"' in page
    assert "30 October 2026 0 31 October 2026 1 1 November 2026 1 2 November 2026, so far 1" in words(page)
    later = open_page(paths.round_progress(world.round), now=CLOSES + timedelta(days=3))
    assert "1 of 2 assessments had been submitted by the end of 9 November 2026." in words(later)
    assert 'cx="100%"' in later


def test_no_answer_and_no_score_stands_on_any_page(
    open_page: Open, world: World, database: Database, questionnaires: Catalogue
) -> None:
    key = start_assessment(database, questionnaires, world)
    given = Answer("established", note=CANARY, evidence_kind="minutes", evidence_link=f"https://{CANARY}.example/")
    assessing.answer(database, questionnaires, world.officer, key, "shared-picture", given, 0, NOW)
    paths_of_all = (
        paths.ROUNDS,
        paths.round_progress(world.round),
        paths.whom_to_ask(world.round),
        paths.remind_round(world.round),
    )
    pages = [open_page(path) for path in paths_of_all]
    answer_all(database, questionnaires, world.officer, key, "established")  # every score is 75
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    pages += [open_page(path) for path in paths_of_all]
    framework = questionnaires.get("local-partners", 1).framework
    for page in pages:
        seen = words(page)
        assert [word for word in (CANARY, "shared-picture") if word in page] == []
        assert [word for word in ("75", "Established", *(band.label for band in framework.bands)) if word in seen] == []


# ---- Whom to ask -----------------------------------------------------------------------------------------------------


def test_the_list_says_whom_to_ask_with_their_address(
    open_page: Open, cast: Cast, world: World, database: Database
) -> None:
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
        session.get_one(Person, world.colleague.person_id).wants_reminders = False
    page = open_page(paths.whom_to_ask(world.round), "analyst")
    seen = words(page)
    assert "2 assessments are not finished. The round closes at 9:30am on 9 November 2026." in seen
    assert "Ask one of its leads:" in seen
    assert "Colleague, colleague@harrow.example Has switched reminders off. Not reminded yet" in seen
    assert "Nobody leads it. Ask the coordinator of the partnership: Coordinator, coordinator@cast.example" in seen
    assert links(page)["officer@harrow.example"] == "mailto:officer@harrow.example"
    assert "Send a reminder" not in seen
    assert "1 person has switched reminders off, and will get none." in seen


def test_after_the_close_those_are_reminded_who_may_enter_late(
    open_page: Open, world: World, database: Database
) -> None:
    path = paths.whom_to_ask(world.round)
    seen = words(open_page(path, now=CLOSES))
    assert "2 assessments were not finished when the round closed" in seen
    assert "Only those who may enter late are reminded now." in seen
    assert "Send a reminder" not in seen
    permit_late_entry(database, world, world.trust, CLOSES + timedelta(days=1))
    seen = words(open_page(path, now=CLOSES))
    assert "May enter late until 9:30am on 10 November 2026" in seen
    assert "Send a reminder to 1 person" in seen


def test_a_certifier_is_asked_about_what_waits(open_page: Open, world: World, database: Database) -> None:
    ask_sign_off(database, SignOff.CERTIFIER)
    add_assessment(database, world, world.council, AssessmentStatus.SUBMITTED)
    page = open_page(paths.round_progress(world.round))
    assert "Not started 1 In progress 0 Waiting for sign-off 1 Signed off 0" in words(page)
    seen = words(open_page(paths.whom_to_ask(world.round)))
    assert "Ask one of its certifiers, who can sign it off: All In One, all.in.one@cast.example" in seen


# ---- Reminding -------------------------------------------------------------------------------------------------------


def test_everybody_on_the_list_is_reminded_after_asking(
    open_page: Open, browse: SignedIn, cast: Cast, world: World, database: Database
) -> None:
    client = browse(cast.administrator)
    add_assessment(database, world, world.council)
    path = paths.whom_to_ask(world.round)
    page = open_page(path)
    assert links(page)["Send a reminder to 1 person"] == paths.remind_round(world.round)
    asked = words(open_page(paths.remind_round(world.round)))
    assert "A mail asks 1 person to finish before 9:30am on 9 November 2026." in asked
    assert "Manager, for Harrow Vale Trust" in asked
    assert "Officer" not in asked
    assert [mail for mail in list_mails(database) if mail.kind == MailKind.REMINDER] == []
    for _ in range(2):  # a second click does nothing
        after = client.post(paths.remind_round(world.round))
        assert after.url.path == path
        seen = words(after.text)
        assert "A reminder went to 1 person at 9:30am on 2 November 2026." in seen
        assert "1 person was reminded in the last 24 hours, and will get none now." in seen
        assert "Reminded at 9:30am on 2 November 2026" in seen
        assert "Send a reminder" not in seen
    assert [mail.to_address for mail in list_mails(database)] == ["manager@harrow.example"]
    assert list_events(database).count("reminded") == 1
    audit = words(client.get(paths.AUDIT).text)
    assert "Sent a reminder" in audit
    assert "1 person; left out: 0 without reminders, 0 reminded before" in audit


def test_a_form_with_anything_in_it_is_refused(browse: SignedIn, cast: Cast, world: World, database: Database) -> None:
    reply = browse(cast.administrator).post(paths.remind_round(world.round), data={"to": "all"})
    assert reply.status_code == 400
    assert list_mails(database) == []
