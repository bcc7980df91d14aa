"""The partnership report and the meeting, on both databases: who may, what is kept, and that nothing is overwritten."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import select, update

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.agreeing import NOT_AGREED, AgreedForm, MeetingForm, MeetingKey
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.partnership_report import PartnershipReport
from app.services import Database, life, meeting, together
from app.services.meeting import Overtaken, Refused, Table
from app.store import together as store
from app.store.models import AgreedAnswer, PartnershipOrganisation
from tests.invitations import list_events
from tests.partners import CONTESTED, NOTES, Partners, add_partners, hold_meeting, submit
from tests.people import NOW, World, make_world
from tests.statements import counted_statements

CLOSED = NOW + timedelta(days=8)
AGREED = AgreedForm("established", "The minutes of March show it", "The charity sees less of it")


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def partners(database: Database, world: World) -> Partners:
    return add_partners(database, world)


@pytest.fixture
def all_in(database: Database, questionnaires: Catalogue, partners: Partners) -> Partners:
    submit(database, questionnaires, partners, "council", "trust", "charity")
    return partners


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, all_in: Partners) -> MeetingKey:
    held = hold_meeting(database, questionnaires, all_in)
    return MeetingKey(all_in.world.partnership, all_in.world.round, held)


def read(
    database: Database, questionnaires: Catalogue, partners: Partners, actor: Actor, now: object = NOW
) -> PartnershipReport:
    world = partners.world
    return together.get_report(database, questionnaires, actor, world.partnership, world.round, now)  # type: ignore[arg-type]


# ---- Blind, then open ------------------------------------------------------------------------------------------------


def test_an_organisation_sees_the_others_once_it_has_submitted_and_those_that_have(
    database: Database, questionnaires: Catalogue, partners: Partners
) -> None:
    submit(database, questionnaires, partners, "council")
    report = read(database, questionnaires, partners, partners.world.officer)
    assert list(report.together.answers) == ["Harrow Vale Council"]
    for actor in (partners.world.manager, partners.volunteer, partners.coordinator):
        with pytest.raises(NotAllowedNowError):
            read(database, questionnaires, partners, actor)
    submit(database, questionnaires, partners, "trust")
    for actor in (partners.world.officer, partners.world.manager):
        report = read(database, questionnaires, partners, actor)
        assert list(report.together.answers) == ["Harrow Vale Council", "Harrow Vale Trust"]
        assert [each.answers[CONTESTED].note for each in report.together.submitted] == [
            NOTES["council"],
            NOTES["trust"],
        ]
    with pytest.raises(NotAllowedNowError):
        read(database, questionnaires, partners, partners.coordinator)
    assert len(read(database, questionnaires, partners, partners.coordinator, CLOSED).votes) == 2


def test_who_reads_it_is_recorded_once_an_hour(database: Database, questionnaires: Catalogue, all_in: Partners) -> None:
    for minutes in (0, 20, 50):
        read(database, questionnaires, all_in, all_in.world.officer, NOW + timedelta(minutes=minutes))
    assert list_events(database, all_in.world.partnership).count("report-viewed") == 1
    read(database, questionnaires, all_in, all_in.world.officer, NOW + timedelta(minutes=61))
    assert list_events(database, all_in.world.partnership).count("report-viewed") == 2


def test_central_teams_and_strangers_find_nothing(
    database: Database, questionnaires: Catalogue, all_in: Partners
) -> None:
    for actor in (all_in.world.analyst, replace(all_in.coordinator, grants=frozenset())):
        with pytest.raises(NotFoundError):
            read(database, questionnaires, all_in, actor)
    with pytest.raises(NotFoundError):
        together.get_report(database, questionnaires, all_in.coordinator, all_in.world.partnership, UUID(int=3), NOW)


def test_one_that_left_keeps_its_answers_there_and_sees_no_more(
    database: Database, questionnaires: Catalogue, all_in: Partners
) -> None:
    with database.writing() as session:
        session.execute(
            update(PartnershipOrganisation)
            .where(PartnershipOrganisation.organisation_id == all_in.charity)
            .values(left_at=NOW)
        )
    assert len(read(database, questionnaires, all_in, all_in.coordinator).votes) == 3
    with pytest.raises(NotFoundError):
        read(database, questionnaires, all_in, all_in.volunteer)


def test_one_that_is_answering_again_counts_as_it_submitted_last(
    database: Database, questionnaires: Catalogue, all_in: Partners
) -> None:
    reopened = all_in.key(database, "trust")
    life.reopen(database, all_in.coordinator, reopened, 1, "A wrong figure", NOW)
    report = read(database, questionnaires, all_in, all_in.world.manager)
    assert [partner.is_changing for partner in report.together.submitted] == [False, False, True]
    assert report.together.submitted[2].name == "Harrow Vale Trust"
    assert len(report.votes) == 3


def test_the_report_takes_five_statements_and_the_meeting_three(
    database: Database, questionnaires: Catalogue, key: MeetingKey, all_in: Partners
) -> None:
    meeting.agree(database, questionnaires, all_in.coordinator, key, CONTESTED, 0, AGREED, NOW)
    world = all_in.world
    for most in (None, 5 + 1):  # and one that asks whether it is recorded, as it is once an hour
        with counted_statements(database) as statements:
            together.get_full(database, questionnaires, world.officer, world.partnership, world.round, NOW)
        assert most in {None, len(statements)}
    with counted_statements(database) as statements:
        meeting.get_table(database, questionnaires, all_in.coordinator, key.partnership_id, key.round_id, NOW)
    assert len(statements) == 3


# ---- The meeting -----------------------------------------------------------------------------------------------------


def test_only_coordinators_run_the_meeting(
    database: Database, questionnaires: Catalogue, key: MeetingKey, all_in: Partners
) -> None:
    asked: list[Callable[[Actor], object]] = [
        lambda actor: meeting.get_table(database, questionnaires, actor, key.partnership_id, key.round_id, NOW),
        lambda actor: meeting.agree(database, questionnaires, actor, key, CONTESTED, 0, AGREED, NOW),
    ]
    for ask in asked:
        with pytest.raises(NotAllowedError):
            ask(all_in.world.officer)
        with pytest.raises(NotFoundError):
            ask(all_in.world.analyst)
    assert read(database, questionnaires, all_in, all_in.world.officer).together.agreed == {}


def test_no_meeting_before_everybody_is_in(database: Database, questionnaires: Catalogue, partners: Partners) -> None:
    submit(database, questionnaires, partners, "council", "trust")
    with pytest.raises(NotAllowedNowError):
        hold_meeting(database, questionnaires, partners)


def test_what_is_agreed_stands_beside_what_each_answered(
    database: Database, questionnaires: Catalogue, key: MeetingKey, all_in: Partners
) -> None:
    before = read(database, questionnaires, all_in, all_in.world.officer)
    result = meeting.agree(database, questionnaires, all_in.coordinator, key, CONTESTED, 0, AGREED, NOW)
    assert isinstance(result, Table)
    after = read(database, questionnaires, all_in, all_in.world.officer)
    assert after.individual == before.individual
    assert after.together.answers == before.together.answers
    agreed = after.together.agreed[CONTESTED]
    assert (agreed.choice, agreed.reason, agreed.minority_view) == ("established", AGREED.reason, AGREED.minority_view)
    assert agreed.meeting.organisations == {all_in.world.council, all_in.world.trust}
    assert agreed.recorded_by == "Coordinator"
    own, settled = (
        next(each for each in report.scores.questions if each.question.id == CONTESTED)
        for report in (after.individual, after.settled)
    )
    assert (own.score, own.contested, own.agreed) == (Fraction(100, 3), True, False)
    assert (settled.score, settled.contested, settled.agreed) == (Fraction(75), True, True)
    assert [event for event in list_events(database, key.partnership_id) if event in {"meeting-held", "agreed"}] == [
        "meeting-held",
        "agreed",
    ]


def test_that_they_did_not_agree_changes_no_score(
    database: Database, questionnaires: Catalogue, key: MeetingKey, all_in: Partners
) -> None:
    given = AgreedForm(NOT_AGREED, "Two views stand", "")
    meeting.agree(database, questionnaires, all_in.coordinator, key, CONTESTED, 0, given, NOW)
    report = read(database, questionnaires, all_in, all_in.coordinator)
    assert report.settled == report.individual
    assert report.together.agreed[CONTESTED].reason == "Two views stand"


def test_two_who_record_at_once_make_one_and_the_other_sees_it(
    database: Database, questionnaires: Catalogue, key: MeetingKey, all_in: Partners
) -> None:
    def record(level: str) -> object:
        given = AgreedForm(level, f"We say {level}", "")
        return meeting.agree(database, questionnaires, all_in.coordinator, key, CONTESTED, 0, given, NOW)

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(record, ["early", "developing", "established", "embedded"] * 2))
    stored = read(database, questionnaires, all_in, all_in.coordinator).together.agreed[CONTESTED]
    for result in results:
        if isinstance(result, Overtaken):
            assert result.theirs.choice == stored.choice
        else:
            assert isinstance(result, Table)
    with database.reading() as session:
        assert session.scalars(select(AgreedAnswer.version)).all() == [1]


def test_a_later_word_is_a_new_version_and_a_stale_one_is_refused(
    database: Database, questionnaires: Catalogue, key: MeetingKey, all_in: Partners
) -> None:
    def record(level: str, seen: int) -> object:
        return meeting.agree(
            database, questionnaires, all_in.coordinator, key, CONTESTED, seen, AgreedForm(level, "So", ""), NOW
        )

    assert isinstance(record("early", 0), Table)
    assert isinstance(record("early", 0), Table)  # sent twice
    assert isinstance(record("embedded", 0), Overtaken)
    assert isinstance(record("embedded", 1), Table)
    assert read(database, questionnaires, all_in, all_in.coordinator).together.agreed[CONTESTED].version == 2
    with pytest.raises(NotAllowedNowError, match="page is of another time"):
        meeting.agree(
            database, questionnaires, all_in.coordinator, key, "spending-map", 7, AgreedForm("early", "So", ""), NOW
        )


def test_a_meeting_is_recorded_once_and_changed_by_who_saw_it(
    database: Database, questionnaires: Catalogue, key: MeetingKey, all_in: Partners
) -> None:
    assert hold_meeting(database, questionnaires, all_in) == key.meeting_id
    world = all_in.world
    form = MeetingForm(NOW.date(), frozenset({world.council, world.trust, all_in.charity}), "The chair")
    change = (database, questionnaires, all_in.coordinator, key)
    assert meeting.change_attendance(*change, 1, form, NOW) is None
    assert meeting.change_attendance(*change, 1, form, NOW) is None  # sent twice
    refused = meeting.change_attendance(*change, 1, replace(form, names="Another"), NOW)
    assert isinstance(refused, Refused)
    assert "Somebody else" in refused.faults[0].text
    table = meeting.get_table(database, questionnaires, all_in.coordinator, world.partnership, world.round, NOW)
    assert [(each.names, len(each.organisations), each.version) for each in table.meetings] == [("The chair", 3, 2)]


def test_an_agreed_level_without_anyone_present_is_refused(
    database: Database, questionnaires: Catalogue, all_in: Partners
) -> None:
    nobody = MeetingForm(NOW.date(), frozenset(), "")
    world = all_in.world
    refused = meeting.hold(database, questionnaires, all_in.coordinator, world.partnership, world.round, nobody, NOW)
    assert isinstance(refused, Refused)
    key = MeetingKey(world.partnership, world.round, UUID(int=4))
    with pytest.raises(NotFoundError):
        meeting.agree(database, questionnaires, all_in.coordinator, key, CONTESTED, 0, AGREED, NOW)


def test_a_report_is_of_one_moment_while_somebody_submits(
    database: Database, questionnaires: Catalogue, partners: Partners, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody submits between the first statement of a report and the next: it is not in it, not even in part."""
    submit(database, questionnaires, partners, "council", "trust")
    world, read_on = partners.world, store.list_spoken

    def submit_meanwhile(*asked: object) -> object:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(submit, database, questionnaires, partners, "charity").result()
        return read_on(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(store, "list_spoken", submit_meanwhile)
    full = together.get_full(database, questionnaires, world.officer, world.partnership, world.round, NOW)
    assert [partner.submission for partner in full.report.together.partners] == [0, 1, 1]
    assert len(full.report.votes) == full.report.individual.organisations == 2
    monkeypatch.undo()
    full = together.get_full(database, questionnaires, world.officer, world.partnership, world.round, NOW)
    assert [partner.submission for partner in full.report.together.partners] == [1, 1, 1]
