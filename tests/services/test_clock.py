"""Reminders and the closing of rounds: to the right people, once, however many workers there are."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.catalogue import Catalogue
from app.domain.access import Role
from app.domain.assessment import Answer, AssessmentStatus
from app.domain.audit import Event
from app.domain.questionnaire import DONT_KNOW
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.services import Database, assessing
from app.services.working import Means
from app.services.working.closing import close_rounds
from app.services.working.reminding import write_reminders
from app.store.models import (
    Assessment,
    AuditEntry,
    GivenSection,
    LateEntry,
    Mail,
    Membership,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    new_id,
)
from tests.people import NOW, World, make_world, start_assessment
from tests.working import Postbag, list_mails, make_means

SECTION = "knowing-what-works"
CLOSES = NOW + timedelta(days=7)
SECOND = timedelta(seconds=1)
WEEK_BEFORE, DAY_BEFORE = NOW, CLOSES - timedelta(days=1)
LEADS = {"officer", "colleague", "manager"}


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    """The small world, its round opened three weeks ago."""
    world = make_world(database, questionnaires.get("local-partners", 1))
    change_round(database, opens_at=NOW - timedelta(days=21), confirmed_at=NOW - timedelta(days=30))
    return world


@pytest.fixture
def means(database: Database, questionnaires: Catalogue) -> Means:
    return make_means(database, questionnaires, Postbag())


def change_round(database: Database, **values: Any) -> None:  # noqa: ANN401
    with database.writing() as session:
        session.execute(update(Round).values(**values))


def add_person(database: Database, name: str, role: Role, **place: UUID) -> UUID:
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name=name, email=f"{name.lower()}@harrow.example"))
        session.flush()
        session.add(Membership(person_id=person, role=role, **place))
    return person


def give(database: Database, world: World, key: AssessmentKey, person: UUID, section: str = SECTION) -> None:
    with database.writing() as session:
        session.add(
            GivenSection(
                partnership_id=key.partnership_id,
                assessment_id=key.assessment_id,
                section_id=section,
                person_id=person,
                message="",
                given_by=world.officer.person_id,
                given_at=NOW,
            )
        )


def set_status(database: Database, key: AssessmentKey, status: AssessmentStatus, world: World) -> None:
    with database.writing() as session:
        session.execute(
            update(Assessment)
            .where(Assessment.id == key.assessment_id)
            .values(status=status, submitted_at=NOW, submitted_by=world.officer.person_id)
        )


def read_reminders(database: Database) -> Mapping[str, list[str]]:
    """Give the kinds of reminder that each person was written, in order."""
    told: dict[str, list[str]] = {}
    for mail in list_mails(database):
        told.setdefault(mail.to_address.partition("@")[0], []).append(str(mail.key).split(":")[1])
    return told


def test_from_opening_to_close_each_lead_gets_each_reminder_once(means: Means, world: World) -> None:
    opens = NOW - timedelta(days=21)
    moment = opens - timedelta(hours=7)
    while moment < CLOSES + timedelta(days=5):
        write_reminders(means, moment)
        moment += timedelta(hours=7)
    assert read_reminders(means.database) == {name: ["opening", "week", "day"] for name in LEADS}
    opening, week, day = (mail for mail in list_mails(means.database) if mail.to_address.startswith("manager"))
    assert opening.subject == "Reform enablers: Autumn round has opened"
    assert week.subject == day.subject == "Reform enablers: Autumn round closes at 9:30am on 9 November 2026"
    assert "- Harrow Vale Trust, in Upper Harrow Vale: not started" in week.body
    assert "switch them off" in week.body
    assert opens <= opening.written_at < opens + timedelta(hours=7)
    assert WEEK_BEFORE <= week.written_at < WEEK_BEFORE + timedelta(hours=7)
    assert DAY_BEFORE <= day.written_at < DAY_BEFORE + timedelta(hours=7)


def test_a_worker_that_was_off_sends_only_the_newest_that_holds(means: Means, world: World) -> None:
    change_round(means.database, opens_at=CLOSES - timedelta(days=8))
    assert write_reminders(means, CLOSES - timedelta(hours=2)) == "3 written"
    assert write_reminders(means, CLOSES + SECOND) == ""
    assert read_reminders(means.database) == {name: ["day"] for name in LEADS}


def test_several_workers_at_once_write_each_reminder_once(means: Means, world: World) -> None:
    people = [
        add_person(means.database, f"lead-{number}", Role.LEAD, organisation_id=world.council) for number in range(60)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: write_reminders(means, WEEK_BEFORE), range(8)))
    assert len(list_mails(means.database)) == len(people) + len(LEADS)


def nothing(*_args: object) -> None:
    """Change nothing."""


def unconfirm(database: Database, _world: World) -> None:
    change_round(database, confirmed_at=None)


def silence(database: Database, world: World) -> None:
    with database.writing() as session:
        session.execute(update(Person).where(Person.id == world.manager.person_id).values(wants_reminders=False))


def erase(database: Database, world: World) -> None:
    with database.writing() as session:
        session.execute(
            update(Person).where(Person.id == world.manager.person_id).values(email=None, name="", erased_at=NOW)
        )


def leave(database: Database, world: World) -> None:
    with database.writing() as session:
        session.execute(
            update(PartnershipOrganisation)
            .where(PartnershipOrganisation.organisation_id == world.trust)
            .values(left_at=NOW)
        )


def add_others(database: Database, world: World) -> None:
    add_person(database, "Idle", Role.CONTRIBUTOR, organisation_id=world.council)
    add_person(database, "Certifier", Role.CERTIFIER, organisation_id=world.council)
    add_person(database, "Coordinator", Role.COORDINATOR, partnership_id=world.partnership)
    add_person(database, "Administrator", Role.CENTRAL_ADMINISTRATOR)


AUDIENCES: Mapping[str, tuple[Callable[[Database, World], None], set[str]]] = {
    "leads of organisations that have not begun": (nothing, LEADS),
    "nobody else, while there is nothing for them to do": (add_others, LEADS),
    "nobody in a round that is not confirmed": (unconfirm, set()),
    "nobody who does not want reminders": (silence, LEADS - {"manager"}),
    "nobody who was erased": (erase, LEADS - {"manager"}),
    "nobody of an organisation that has left": (leave, LEADS - {"manager"}),
}


@pytest.mark.parametrize(("change", "expected"), AUDIENCES.values(), ids=AUDIENCES)
def test_who_is_reminded(
    means: Means, world: World, change: Callable[[Database, World], None], expected: set[str]
) -> None:
    change(means.database, world)
    write_reminders(means, WEEK_BEFORE)
    assert set(read_reminders(means.database)) == expected


STANDINGS = {
    "in progress": (AssessmentStatus.IN_PROGRESS, SignOff.NOBODY, {"officer", "colleague", "manager"}),
    "submitted, and that is all": (AssessmentStatus.SUBMITTED, SignOff.NOBODY, {"manager"}),
    "submitted, to be signed off": (
        AssessmentStatus.SUBMITTED,
        SignOff.CERTIFIER,
        {"officer", "colleague", "certifier", "manager"},
    ),
    "signed off": (AssessmentStatus.SIGNED_OFF, SignOff.ANOTHER_PERSON, {"manager"}),
}


@pytest.mark.parametrize(("status", "sign_off", "expected"), STANDINGS.values(), ids=STANDINGS)
def test_an_organisation_that_has_finished_is_left_in_peace(
    means: Means,
    questionnaires: Catalogue,
    world: World,
    status: AssessmentStatus,
    sign_off: SignOff,
    expected: set[str],
) -> None:
    key = start_assessment(means.database, questionnaires, world)
    add_others(means.database, world)
    change_round(means.database, sign_off=sign_off)
    if status is not AssessmentStatus.IN_PROGRESS:
        set_status(means.database, key, status, world)
    write_reminders(means, WEEK_BEFORE)
    assert set(read_reminders(means.database)) == expected


def test_a_contributor_is_reminded_of_given_sections_until_they_are_complete(
    means: Means, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(means.database, questionnaires, world)
    contributor = add_person(means.database, "Analyst-2", Role.CONTRIBUTOR, organisation_id=world.council)
    done = add_person(means.database, "Done", Role.CONTRIBUTOR, organisation_id=world.council)
    sections = questionnaires.get("local-partners", 1).sections
    give(means.database, world, key, contributor, sections[0].id)
    give(means.database, world, key, done, sections[1].id)
    for question in sections[1].questions:
        assessing.answer(means.database, questionnaires, world.officer, key, question.id, Answer(DONT_KNOW), 0, NOW)
    write_reminders(means, WEEK_BEFORE)
    told = {mail.to_address.partition("@")[0]: mail.body for mail in list_mails(means.database)}
    assert set(told) == LEADS | {"analyst-2"}
    assert "- Harrow Vale Council, in Upper Harrow Vale: 1 section given to you not complete" in told["analyst-2"]
    assert "in progress" in told["officer"]


def test_whoever_leads_two_organisations_gets_one_mail(means: Means, world: World) -> None:
    with means.database.writing() as session:
        session.add(Membership(person_id=world.officer.person_id, role=Role.LEAD, organisation_id=world.trust))
    write_reminders(means, WEEK_BEFORE)
    (body,) = (mail.body for mail in list_mails(means.database) if mail.to_address.startswith("officer"))
    assert "- Harrow Vale Council, in" in body
    assert "- Harrow Vale Trust, in" in body


def permit_late(database: Database, world: World, until: datetime, permitted_at: datetime) -> None:
    with database.writing() as session:
        session.add(
            LateEntry(
                partnership_id=world.partnership,
                round_id=world.round,
                organisation_id=world.trust,
                until=until,
                reason="Elections",
                permitted_at=permitted_at,
                permitted_by=world.officer.person_id,
            )
        )


def test_late_entry_moves_the_reminders_of_that_organisation_alone(means: Means, world: World) -> None:
    until = CLOSES + timedelta(days=10)
    permit_late(means.database, world, until, NOW)
    moment = NOW + SECOND
    while moment < until + timedelta(days=2):
        write_reminders(means, moment)
        moment += timedelta(hours=5)
    assert read_reminders(means.database) == {
        "officer": ["week", "day"],
        "colleague": ["week", "day"],
        "manager": ["week", "late-day"],
    }
    last = list_mails(means.database)[-1]
    assert last.subject == "Reform enablers: Autumn round: your late entry ends at 9:30am on 19 November 2026"


def test_the_work_of_reminding_does_not_grow_with_what_was_sent(means: Means, world: World) -> None:
    write_reminders(means, WEEK_BEFORE)
    assert write_reminders(means, WEEK_BEFORE + SECOND) == ""


# ---- Closing ---------------------------------------------------------------------------------------------------------


def list_closings(database: Database) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.event == Event.ROUND_CLOSED)))


def test_a_round_is_closed_when_its_time_has_come_and_not_a_second_before(means: Means, world: World) -> None:
    assert close_rounds(means, CLOSES - SECOND) == ""
    assert close_rounds(means, CLOSES) == "closed Autumn round"
    assert close_rounds(means, CLOSES + SECOND) == ""
    (entry,) = list_closings(means.database)
    assert (entry.actor_id, entry.subject) == (None, f"round {world.round}")


def test_several_workers_at_once_close_a_round_once(means: Means, world: World) -> None:
    add_others(means.database, world)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: close_rounds(means, CLOSES), range(8)))
    assert sorted(done)[-2:] == ["", "closed Autumn round"]
    assert len(list_closings(means.database)) == 1
    assert len(list_mails(means.database)) == 2


def test_a_round_that_is_not_confirmed_is_not_closed(means: Means, world: World) -> None:
    unconfirm(means.database, world)
    assert close_rounds(means, CLOSES) == ""


def test_coordinators_and_administrators_are_told_who_has_submitted_and_no_score(
    means: Means, questionnaires: Catalogue, world: World
) -> None:
    key = start_assessment(means.database, questionnaires, world)
    set_status(means.database, key, AssessmentStatus.SUBMITTED, world)
    add_others(means.database, world)
    close_rounds(means, CLOSES)
    mails = {mail.to_address.partition("@")[0]: mail for mail in list_mails(means.database)}
    assert set(mails) == {"coordinator", "administrator"}
    for mail in mails.values():
        assert mail.subject == "Reform enablers: Autumn round has closed"
        assert "1 of 2 organisations finished" in mail.body
        assert "Finished: Harrow Vale Council\nNot finished: Harrow Vale Trust" in mail.body
    assert mails["coordinator"].path == f"/partnerships/{world.partnership}"
    assert mails["administrator"].path == f"/rounds/{world.round}"


def test_a_coordinator_of_another_partnership_is_told_nothing(means: Means, world: World) -> None:
    other = new_id()
    with means.database.writing() as session:
        session.add(Partnership(id=other, name="Elsewhere"))
    add_person(means.database, "Stranger", Role.COORDINATOR, partnership_id=other)
    close_rounds(means, CLOSES)
    assert list_mails(means.database) == []


def test_a_closing_of_long_ago_is_noted_and_no_news(means: Means, world: World) -> None:
    add_others(means.database, world)
    assert close_rounds(means, CLOSES + timedelta(days=15)) == "closed Autumn round"
    with means.database.reading() as session:
        assert session.scalars(select(Mail)).all() == []
