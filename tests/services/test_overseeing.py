"""Rounds as they run: who is where, whom to ask, and reminding exactly those, nobody twice in a day."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.assessment import AssessmentStatus
from app.domain.audit import SERVICE, Event
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.progress import Stage
from app.domain.rounds import SignOff
from app.services import Database, following, overseeing
from app.services.mailing import MailKind
from app.services.overseeing import LastCall
from app.services.working.reminding import write_reminders
from app.store.models import (
    AuditEntry,
    Mail,
    Membership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    new_id,
)
from tests.invitations import Staff, add_person, list_events, make_staff
from tests.people import NOW, World, make_world
from tests.running_rounds import (
    add_assessment,
    add_partnerships,
    ask_sign_off,
    give_up_mails,
    permit_late_entry,
)
from tests.statements import counted_statements
from tests.working import Postbag, list_mails, make_means

CLOSES = NOW + timedelta(days=7)
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)
SUBMITTED = AssessmentStatus.SUBMITTED
LEADS = ["colleague", "manager", "officer"]


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def staff(database: Database, world: World) -> Staff:
    return make_staff(database, world)


def list_reminded(database: Database) -> list[str]:
    """List to whom reminders were written, by the first part of their address."""
    mails = [mail for mail in list_mails(database) if mail.kind == MailKind.REMINDER]
    return sorted(mail.to_address.partition("@")[0] for mail in mails)


def list_asked(database: Database, actor: Actor, world: World, now: datetime = NOW) -> dict[str, list[str]]:
    """Give whom the list says to ask: organisation -> names."""
    found = overseeing.get_chase_list(database, actor, world.round, now)
    return {chase.record.organisation: [each.name for each in chase.people] for chase in found.chases}


# ---- Looking ---------------------------------------------------------------------------------------------------------


def test_the_boards_say_where_every_organisation_is(database: Database, world: World) -> None:
    add_partnerships(database, world, 2, 3)
    add_assessment(database, world, world.council)
    found = overseeing.get_round(database, world.analyst, world.round, NOW)
    stages = [(board.partnership, [place.stage for place in board.places]) for board in found.boards]
    assert stages == [
        ("Partnership 0", [Stage.NOT_STARTED] * 3),
        ("Partnership 1", [Stage.NOT_STARTED] * 3),
        ("Upper Harrow Vale", [Stage.NOT_STARTED, Stage.SUBMITTED]),
    ]
    (row,) = overseeing.list_rounds(database, world.analyst, NOW)
    assert (row.partnerships, row.assessments, row.in_progress, row.submitted, row.signed_off) == (3, 8, 0, 1, 0)


LEFT = {
    "one that had not begun": (None, 1, 0),
    "one that was in progress": (AssessmentStatus.IN_PROGRESS, 1, 0),
    "one that had submitted": (SUBMITTED, 2, 1),
}


@pytest.mark.parametrize(("status", "counted", "submitted"), LEFT.values(), ids=LEFT)
def test_one_that_left_counts_in_the_list_of_rounds_as_it_does_on_the_board(
    database: Database, world: World, status: AssessmentStatus | None, counted: int, submitted: int
) -> None:
    if status:
        add_assessment(database, world, world.council, status)
    with database.writing() as session:
        session.get_one(PartnershipOrganisation, (world.partnership, world.council)).left_at = NOW
    (row,) = overseeing.list_rounds(database, world.analyst, NOW)
    (board,) = overseeing.get_round(database, world.analyst, world.round, NOW).boards
    assert (row.assessments, row.in_progress, row.submitted) == (counted, 0, submitted)
    assert sum(place.is_counted for place in board.places) == counted
    assert list(list_asked(database, world.analyst, world)) == ["Harrow Vale Trust"]


def test_a_round_in_which_nobody_takes_part_is_listed(database: Database, world: World) -> None:
    with database.writing() as session:
        session.execute(delete(RoundPartnership))
    (row,) = overseeing.list_rounds(database, world.analyst, NOW)
    assert (row.partnerships, row.assessments, row.submitted) == (0, 0, 0)
    assert overseeing.get_round(database, world.analyst, world.round, NOW).boards == ()


def test_the_days_go_on_to_now_or_to_the_last_that_came_in_late(database: Database, world: World) -> None:
    def count(now: datetime) -> tuple[int, list[int]]:
        days = overseeing.get_round(database, world.analyst, world.round, now).days
        return len(days), [each.submitted for each in days[-2:]]

    add_assessment(database, world, world.council, at=NOW - timedelta(days=1))
    assert count(NOW - timedelta(days=7)) == (1, [0])
    assert count(NOW) == (8, [1, 1])
    assert count(CLOSES + timedelta(days=30)) == (15, [1, 1])
    add_assessment(database, world, world.trust, at=CLOSES + timedelta(days=3))
    assert count(CLOSES + timedelta(days=30)) == (18, [1, 2])
    assert overseeing.get_round(database, world.analyst, world.round, NOW - timedelta(days=8)).days == ()


LOOKS: dict[str, Callable[[Database, Actor, UUID, datetime], object]] = {
    "rounds": lambda database, actor, _, now: overseeing.list_rounds(database, actor, now),
    "round {}": overseeing.get_round,
    "round {} page whom-to-ask": overseeing.get_chase_list,
}


@pytest.mark.parametrize("subject", LOOKS)
def test_looking_at_a_round_is_recorded_once_an_hour(database: Database, world: World, subject: str) -> None:
    for after in (0, 59, 61, 62):
        LOOKS[subject](database, world.analyst, world.round, NOW + timedelta(minutes=after))
    with database.reading() as session:
        entries = session.execute(select(AuditEntry.partnership_id, AuditEntry.event, AuditEntry.subject)).all()
    assert [tuple(each) for each in entries] == [(SERVICE, "partnership-viewed", subject.format(world.round))] * 2


@pytest.mark.parametrize("subject", LOOKS)
def test_statements_do_not_grow_with_the_round(database: Database, world: World, staff: Staff, subject: str) -> None:
    def count() -> int:
        with counted_statements(database) as statements:
            LOOKS[subject](database, staff.administrator, world.round, NOW)
        return len(statements)

    LOOKS[subject](database, staff.administrator, world.round, NOW)  # which is recorded once an hour
    before = count()
    add_partnerships(database, world, 12, 8)
    add_assessment(database, world, world.council)
    overseeing.remind(database, staff.administrator, world.round, NOW)
    assert count() == before
    assert before <= 5  # one of them asks whether the view is recorded


def test_a_draft_and_a_round_that_is_not_there_are_not_found(database: Database, world: World, staff: Staff) -> None:
    with database.writing() as session:
        session.execute(update(Round).values(confirmed_at=None))
    assert overseeing.list_rounds(database, staff.administrator, NOW) == ()
    for round_id in (world.round, UUID(int=9)):
        for deed in (overseeing.get_round, overseeing.get_chase_list, overseeing.get_to_remind, overseeing.remind):
            with pytest.raises(NotFoundError):
                deed(database, staff.administrator, round_id, NOW)
    assert list_events(database) == ["partnership-viewed"]  # of the list


@pytest.mark.parametrize("who", ["officer", "coordinator", "contributor", "certifier"])
def test_people_of_partnerships_see_no_round_of_everybody(
    database: Database, world: World, staff: Staff, who: str
) -> None:
    actor: Actor = getattr(world, who, None) or getattr(staff, who)
    for deed in (overseeing.get_round, overseeing.get_chase_list, overseeing.get_to_remind, overseeing.remind):
        with pytest.raises(NotAllowedError, match="Only central"):
            deed(database, actor, world.round, NOW)


def test_analysts_look_and_remind_nobody(database: Database, world: World) -> None:
    assert list_asked(database, world.analyst, world)
    assert not overseeing.can_remind(world.analyst)
    for deed in (overseeing.get_to_remind, overseeing.remind):
        with pytest.raises(NotAllowedError, match="central administrators can remind"):
            deed(database, world.analyst, world.round, NOW)
    assert list_reminded(database) == []


# ---- Whom to ask -----------------------------------------------------------------------------------------------------


def test_the_list_says_whom_to_ask_about_what_is_not_finished(database: Database, world: World, staff: Staff) -> None:
    add_assessment(database, world, world.council)
    assert list_asked(database, world.analyst, world) == {"Harrow Vale Trust": ["Manager"]}
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
    assert list_asked(database, world.analyst, world) == {"Harrow Vale Trust": ["Coordinator"]}
    ask_sign_off(database, SignOff.CERTIFIER)
    assert list_asked(database, world.analyst, world) == {
        "Harrow Vale Trust": ["Coordinator"],
        "Harrow Vale Council": ["Certifier"],
    }


def test_nobody_is_asked_before_the_round_opens(database: Database, world: World) -> None:
    assert list_asked(database, world.analyst, world, NOW - timedelta(days=8)) == {}


def test_after_the_close_the_list_stays_and_only_late_entry_is_reminded(
    database: Database, world: World, staff: Staff
) -> None:
    permit_late_entry(database, world, world.trust, CLOSES + timedelta(days=2))
    found = overseeing.get_chase_list(database, staff.administrator, world.round, CLOSES)
    assert len(found.chases) == 2
    assert overseeing.remind(database, staff.administrator, world.round, CLOSES) == 1
    assert list_reminded(database) == ["manager"]


# ---- Reminding -------------------------------------------------------------------------------------------------------


def test_a_reminder_goes_to_exactly_those_on_the_list(database: Database, world: World, staff: Staff) -> None:
    add_assessment(database, world, world.council)
    add_partnerships(database, world, 1, 2)
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.organisation_id == world.trust))
    found = overseeing.get_to_remind(database, staff.administrator, world.round, NOW)
    listed = {person.email for chase in found.chases for person in chase.people}
    assert len(listed) == 3
    assert overseeing.remind(database, staff.administrator, world.round, NOW) == 3
    mails = list_mails(database)
    assert {mail.to_address for mail in mails} == listed == {call.person.email for call in found.calls.due}
    told = {mail.to_address: mail for mail in mails}
    coordinator = told.pop("coordinator@harrow.example")
    assert coordinator.path == "/partnerships"
    assert "- Harrow Vale Trust, in Upper Harrow Vale: not started; nobody leads it" in coordinator.body
    assert {mail.path for mail in told.values()} == {"/assessments"}
    for mail in mails:
        assert mail.subject == "Reform enablers: Autumn round, please finish before 9:30am on 9 November 2026"
        assert "Administrator, of the central team, asks you to help finish Autumn round." in mail.body
        assert "switch them off" in mail.body


def test_somebody_who_leads_several_gets_one_mail_about_all(database: Database, world: World, staff: Staff) -> None:
    with database.writing() as session:
        session.add(Membership(person_id=world.manager.person_id, role=Role.LEAD, organisation_id=world.council))
    overseeing.remind(database, staff.administrator, world.round, NOW)
    (mail,) = (mail for mail in list_mails(database) if mail.to_address.startswith("manager"))
    assert "- Harrow Vale Council, in Upper Harrow Vale: not started\n- Harrow Vale Trust, in" in mail.body


def test_what_was_sent_is_recorded_with_how_many_were_left_out(database: Database, world: World, staff: Staff) -> None:
    switch_off(database, world.officer)
    assert overseeing.remind(database, staff.administrator, world.round, NOW) == 2
    assert list_reminded(database) == ["colleague", "manager"]
    with database.reading() as session:
        (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.REMINDED))
    assert (entry.partnership_id, entry.actor_id) == (SERVICE, staff.administrator.person_id)
    assert entry.subject == f"round {world.round}"
    assert entry.new_text == "2 people; left out: 1 without reminders, 0 reminded before"
    found = overseeing.get_chase_list(database, staff.administrator, world.round, NOW)
    assert found.last_call == LastCall(NOW, 2)
    assert (found.calls.switched_off, found.calls.resting) == (1, 2)


def switch_off(database: Database, actor: Actor) -> None:
    with database.writing() as session:
        session.get_one(Person, actor.person_id).wants_reminders = False


AGAIN = {"at once": (timedelta(0), 0), "a second early": (DAY - SECOND, 0), "a day later": (DAY, 3)}


@pytest.mark.parametrize(("after", "number"), AGAIN.values(), ids=AGAIN)
def test_nobody_gets_two_within_a_day(
    database: Database, world: World, staff: Staff, after: timedelta, number: int
) -> None:
    assert overseeing.remind(database, staff.administrator, world.round, NOW) == 3
    assert overseeing.remind(database, staff.administrator, world.round, NOW + after) == number
    assert list_reminded(database) == sorted(LEADS * (2 if number else 1))
    assert list_events(database).count("reminded") == (2 if number else 1)


def test_whoever_joins_meanwhile_is_reminded_without_the_others(database: Database, world: World, staff: Staff) -> None:
    overseeing.remind(database, staff.administrator, world.round, NOW)
    add_person(database, "Newcomer", Grant(Role.LEAD, world.trust))
    assert overseeing.remind(database, staff.administrator, world.round, NOW + SECOND) == 1
    assert list_reminded(database) == ["colleague", "manager", "newcomer", "officer"]
    found = overseeing.get_chase_list(database, staff.administrator, world.round, NOW + SECOND)
    assert found.last_call == LastCall(NOW + SECOND, 1)


def test_of_many_who_remind_at_once_one_writes_to_each(database: Database, world: World, staff: Staff) -> None:
    add_partnerships(database, world, 3, 4)
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _: overseeing.remind(database, staff.administrator, world.round, NOW), range(8)))
    assert sorted(sent) == [*[0] * 7, 15]
    assert len(list_mails(database)) == 15
    assert list_events(database) == ["reminded"]


def test_a_reminder_that_nobody_took_is_told(database: Database, world: World, staff: Staff) -> None:
    overseeing.remind(database, staff.administrator, world.round, NOW)
    give_up_mails(database, NOW + SECOND)
    found = overseeing.get_chase_list(database, staff.administrator, world.round, NOW + SECOND)
    assert [each.has_failed for each in found.reminded.values()] == [True] * 3


def test_a_reminder_whose_mail_was_made_nameless_is_still_known(database: Database, world: World, staff: Staff) -> None:
    overseeing.remind(database, staff.administrator, world.round, NOW)
    with database.writing() as session:
        session.execute(update(Mail).values(person_id=None, to_address="", subject="", body="", path=""))
    found = overseeing.get_chase_list(database, staff.administrator, world.round, NOW + SECOND)
    assert set(found.reminded) == {each.person_id for each in (world.officer, world.colleague, world.manager)}
    assert overseeing.remind(database, staff.administrator, world.round, NOW + DAY) == 3


# ---- Beside the other reminders --------------------------------------------------------------------------------------


def test_whom_the_coordinator_reminded_the_centre_leaves_in_peace_and_the_other_way_round(
    database: Database, world: World, staff: Staff
) -> None:
    following.remind(database, staff.coordinator, world.partnership, world.round, world.council, NOW)
    assert overseeing.remind(database, staff.administrator, world.round, NOW + SECOND) == 1
    assert list_reminded(database) == LEADS
    with pytest.raises(NotAllowedNowError, match="reminded in the last 24 hours"):
        following.remind(database, staff.coordinator, world.partnership, world.round, world.trust, NOW + DAY)
    following.remind(database, staff.coordinator, world.partnership, world.round, world.trust, NOW + DAY + SECOND)
    assert list_reminded(database) == sorted([*LEADS, "manager"])


def test_whom_the_clock_reminded_the_centre_leaves_in_peace(
    database: Database, questionnaires: Catalogue, world: World, staff: Staff
) -> None:
    means = make_means(database, questionnaires, Postbag())
    write_reminders(means, NOW)
    assert list_reminded(database) == LEADS
    found = overseeing.get_chase_list(database, staff.administrator, world.round, NOW + DAY - SECOND)
    assert (found.calls.due, found.calls.resting, found.last_call) == ((), 3, None)
    assert overseeing.remind(database, staff.administrator, world.round, NOW + DAY - SECOND) == 0
    assert overseeing.remind(database, staff.administrator, world.round, NOW + DAY) == 3


def test_whom_the_centre_reminded_the_clock_reminds_a_day_later(
    database: Database, questionnaires: Catalogue, world: World, staff: Staff
) -> None:
    means = make_means(database, questionnaires, Postbag())
    last_day = CLOSES - timedelta(days=1)
    chased = last_day - timedelta(hours=20)
    assert overseeing.remind(database, staff.administrator, world.round, chased) == 3
    assert write_reminders(means, last_day) == ""
    assert write_reminders(means, chased + DAY - SECOND) == ""
    assert write_reminders(means, chased + DAY) == "3 written"
    assert write_reminders(means, chased + DAY + SECOND) == ""


def test_reminders_of_another_round_count_for_nothing(
    database: Database, questionnaires: Catalogue, world: World, staff: Staff
) -> None:
    other, edition = new_id(), questionnaires.get("local-partners", 1)
    with database.writing() as session:
        session.add(
            Round(
                id=other, title="Other round", questionnaire_id=edition.id, questionnaire_version=edition.version,
                questionnaire_hash=edition.hash, opens_at=NOW, closes_at=CLOSES, confirmed_at=NOW,
            )
        )  # fmt: skip
        session.flush()
        session.add(RoundPartnership(partnership_id=world.partnership, round_id=other))
    for round_id in (other, world.round):
        assert overseeing.remind(database, staff.administrator, round_id, NOW) == 3
