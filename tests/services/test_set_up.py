"""Partnerships and rounds by hand: who joins and leaves, what a draft is, and what holds once it is confirmed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.assessment import Answer
from app.domain.audit import SERVICE, Event
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.round_plans import Obstacle
from app.domain.set_up import OrganisationRecord, PartnershipRecord, RoundRecord
from app.services import Database, assessing, overseeing, reporting
from app.services.setting_up import areas, indicators, neighbours, organisations, partnerships, rounds
from app.services.setting_up.areas import import_areas
from app.services.setting_up.refusals import Refused
from app.services.setting_up.rounds import RoundForm
from app.store.models import AuditEntry, Membership, Person, Round, new_id
from tests.administrators import make_administrator
from tests.people import NOW, World, answer_all, make_world, start_assessment
from tests.statements import counted_statements

DAY = timedelta(days=1)
FORM = RoundForm(
    title="Spring round",
    questionnaire="local-partners@1",
    opens_at=NOW + DAY,
    closes_at=NOW + 30 * DAY,
    sign_off="certifier",
    threshold="10",
)


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def administrator(database: Database, world: World) -> Actor:
    return make_administrator(database)


def add_organisation(database: Database, administrator: Actor, name: str) -> OrganisationRecord:
    added = organisations.add(database, administrator, name, "council", NOW)
    assert isinstance(added, OrganisationRecord), added
    return added


def add_round(database: Database, questionnaires: Catalogue, administrator: Actor) -> RoundRecord:
    added = rounds.add(database, questionnaires, administrator, FORM, NOW)
    assert isinstance(added, RoundRecord), added
    return added


def list_events(database: Database, chain: UUID) -> list[str]:
    with database.reading() as session:
        found = select(AuditEntry.event).where(AuditEntry.partnership_id == chain).order_by(AuditEntry.number)
        return list(session.scalars(found))


def fault_of(result: object) -> str:
    assert isinstance(result, Refused), result
    return result.faults[0].text


# ---- Who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["officer", "manager", "analyst"])
def test_nobody_but_an_administrator_sets_up(
    database: Database, questionnaires: Catalogue, world: World, who: str
) -> None:
    actor: Actor = getattr(world, who)
    deeds = (
        lambda: import_areas(database, actor, b"code,name\nE06000001,A\n", NOW),
        lambda: areas.search(database, actor, "", 0, 10),
        lambda: indicators.import_indicators(database, actor, b"", NOW),
        lambda: indicators.search(database, actor, "", 0, 10),
        lambda: indicators.get_years(database, actor, "spend"),
        lambda: indicators.get_removal(database, actor, "spend", 2024),
        lambda: indicators.remove_year(database, actor, "spend", 2024, NOW),
        lambda: neighbours.import_neighbours(database, actor, b"", NOW),
        lambda: neighbours.search(database, actor, "", 0, 10),
        lambda: neighbours.get(database, actor, "E06000001"),
        lambda: neighbours.remove(database, actor, "E06000001", NOW),
        lambda: organisations.add(database, actor, "New", "council", NOW),
        lambda: organisations.change(database, actor, world.council, "New", "council", NOW),
        lambda: partnerships.get(database, actor, world.partnership),
        lambda: partnerships.let_leave(database, actor, world.partnership, world.council, "", NOW),
        lambda: rounds.add(database, questionnaires, actor, FORM, NOW),
        lambda: rounds.confirm(database, questionnaires, actor, world.round, NOW, accepted=True),
        lambda: rounds.move_closing(database, actor, world.round, NOW + DAY, NOW),
    )
    for deed in deeds:
        with pytest.raises(NotAllowedError):
            deed()
    assert list_events(database, SERVICE) == []


# ---- Organisations and partnerships ----------------------------------------------------------------------------------


def test_a_name_is_taken_whatever_its_letter_case(database: Database, administrator: Actor, world: World) -> None:
    assert "already" in fault_of(organisations.add(database, administrator, " harrow  VALE council", "council", NOW))
    assert "already" in fault_of(
        organisations.change(database, administrator, world.trust, "Harrow Vale Council", "council", NOW)
    )
    assert "already" in fault_of(partnerships.add(database, administrator, "upper harrow vale", NOW))
    renamed = organisations.change(database, administrator, world.council, "Harrow Vale COUNCIL", "council", NOW)
    assert isinstance(renamed, OrganisationRecord)
    assert renamed.name == "Harrow Vale COUNCIL"


@pytest.mark.parametrize("words", ["école", "ÉCOLE", "ÉLAN"])
def test_a_search_knows_no_letter_case_of_any_alphabet(database: Database, administrator: Actor, words: str) -> None:
    with database.reading() as session:
        if session.scalar(select(func.lower("É"))) != "é":
            pytest.skip("this PostgreSQL has the locale C, which knows the letters of ASCII alone")
    added = add_organisation(database, administrator, "École Élan")
    assert organisations.search(database, administrator, words, 0, 10) == ((added,), 1)


def test_one_name_is_taken_once_whoever_races(database: Database, administrator: Actor) -> None:
    def add(_: int) -> object:
        try:
            return organisations.add(database, administrator, "Raced Council", "council", NOW)
        except NotAllowedNowError as error:
            return error

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(add, range(8)))
    assert sum(isinstance(result, OrganisationRecord) for result in results) == 1


def test_a_footprint_takes_codes_and_names_and_replaces_retired_ones(
    database: Database, administrator: Actor, world: World
) -> None:
    text = "code,name,successors\nE07000001,Old,E06000001\nE06000001,New,\nE06000002,Same,\nE07000002,Same,\n"
    import_areas(database, administrator, text.encode(), NOW)
    changed = partnerships.set_areas(database, administrator, world.partnership, [], "E07000001\nE06000002", NOW)
    assert isinstance(changed, partnerships.Changed)
    assert changed.notes == ("E07000001 Old is retired; E06000001 New took its place",)
    refused = partnerships.set_areas(database, administrator, world.partnership, [], "same\nQ00000001", NOW)
    assert isinstance(refused, Refused)
    assert [fault.text.partition(":")[0] for fault in refused.faults] == [
        "Several areas are called “same”",
        "There is no area “Q00000001”; look it up in the list of areas, or import it first",
    ]
    kept = partnerships.set_areas(database, administrator, world.partnership, ["E06000002", "E99999999"], "new", NOW)
    assert isinstance(kept, partnerships.Changed)
    found = partnerships.get(database, administrator, world.partnership)
    assert found.areas == (("E06000001", "New"), ("E06000002", "Same"))
    assert list_events(database, world.partnership) == [Event.PARTNERSHIP_SAVED]


def test_an_organisation_that_leaves_keeps_what_it_did(
    database: Database, questionnaires: Catalogue, administrator: Actor, world: World
) -> None:
    key = start_assessment(database, questionnaires, world)
    first = assessing.get_assessment(database, questionnaires, world.officer, key).unanswered[0]
    answer_all(database, questionnaires, world.officer, key)
    partnerships.let_leave(database, administrator, world.partnership, world.council, "", NOW)
    seen = assessing.get_assessment(database, questionnaires, world.officer, key)
    assert seen.answers[first.id] == Answer("dont-know")
    with pytest.raises(NotAllowedNowError, match="has left"):
        assessing.answer(database, questionnaires, world.officer, key, first.id, Answer("early"), 1, NOW)
    with pytest.raises(NotAllowedNowError, match="has left"):
        assessing.submit(database, questionnaires, world.officer, key, NOW)
    partnerships.join(database, administrator, world.partnership, "Harrow Vale Council", NOW)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    partnerships.let_leave(database, administrator, world.partnership, world.council, "", NOW)
    assert reporting.get_report(database, questionnaires, world.officer, key).submission.number == 1
    (progress,) = overseeing.list_rounds(database, administrator, NOW)
    assert (progress.assessments, progress.submitted) == (2, 1)
    assert list_events(database, world.partnership)[-3:] == [
        Event.ORGANISATION_JOINED,
        Event.SUBMITTED,
        Event.ORGANISATION_LEFT,
    ]


def test_one_that_takes_another_ones_place_joins(database: Database, administrator: Actor, world: World) -> None:
    follower = add_organisation(database, administrator, "Harrow Council")
    partnerships.let_leave(database, administrator, world.partnership, world.council, "harrow council", NOW)
    found = partnerships.get(database, administrator, world.partnership)
    assert {member.organisation_id for member in found.current} == {follower.id, world.trust}
    (left,) = (member for member in found.members if member.left_at)
    assert (left.organisation_id, left.left_at, left.replaced_by) == (world.council, NOW, "Harrow Council")
    with pytest.raises(NotFoundError):
        partnerships.let_leave(database, administrator, world.partnership, world.council, "", NOW)


@pytest.mark.parametrize(
    ("follower", "fault"), [("Nobody", "There is no organisation"), ("Harrow Vale Council", "another organisation")]
)
def test_what_takes_a_place_is_another_organisation(
    database: Database, administrator: Actor, world: World, follower: str, fault: str
) -> None:
    left = partnerships.let_leave(database, administrator, world.partnership, world.council, follower, NOW)
    assert fault in fault_of(left)
    assert len(partnerships.get(database, administrator, world.partnership).current) == 2


# ---- Rounds ----------------------------------------------------------------------------------------------------------


def test_a_draft_is_for_administrators_alone_until_it_is_confirmed(
    database: Database, questionnaires: Catalogue, administrator: Actor, world: World
) -> None:
    draft = add_round(database, questionnaires, administrator)
    rounds.set_partnerships(database, administrator, draft.id, {world.partnership}, NOW)
    titles = {record.round for record in assessing.list_assessments(database, world.officer)}
    assert titles == {"Autumn round"}
    checked = rounds.check_plan(database, questionnaires, administrator, draft.id, NOW)
    assert [finding.obstacle for finding in checked.findings] == [
        Obstacle.NO_COORDINATOR,
        Obstacle.NO_CERTIFIER,
        Obstacle.NO_TEXTS,
    ]
    with pytest.raises(NotAllowedNowError, match="Tick the box"):
        rounds.confirm(database, questionnaires, administrator, draft.id, NOW, accepted=False)
    for _ in range(2):  # sent twice, done once
        rounds.confirm(database, questionnaires, administrator, draft.id, NOW, accepted=True)
    titles = {record.round for record in assessing.list_assessments(database, world.officer)}
    assert titles == {"Autumn round", "Spring round"}
    assert list_events(database, SERVICE) == [Event.ROUND_SAVED, Event.ROUND_SAVED, Event.ROUND_CONFIRMED]


def test_departments_are_set_up_without_areas_and_answer_their_own_questionnaire(
    database: Database, questionnaires: Catalogue, administrator: Actor
) -> None:
    departments = [organisations.add(database, administrator, name, "department", NOW) for name in ("Hills", "Rivers")]
    standing = partnerships.add(database, administrator, "Departments", NOW)
    assert isinstance(standing, PartnershipRecord)
    joined = partnerships.join(database, administrator, standing.id, "Hills\nRivers", NOW)
    assert not isinstance(joined, Refused)
    form = replace(FORM, questionnaire="departments@1", sign_off="nobody")
    draft = rounds.add(database, questionnaires, administrator, form, NOW)
    assert isinstance(draft, RoundRecord)
    rounds.set_partnerships(database, administrator, draft.id, {standing.id}, NOW)
    checked = rounds.check_plan(database, questionnaires, administrator, draft.id, NOW)
    assert not any(finding.is_blocking for finding in checked.findings)
    rounds.confirm(database, questionnaires, administrator, draft.id, NOW, accepted=True)
    hills = departments[0]
    assert isinstance(hills, OrganisationRecord)
    with database.writing() as session:
        person = Person(id=new_id(), name="Lead", email="lead@hills.example")
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, role=Role.LEAD, organisation_id=hills.id))
        lead = Actor(person.id, "Lead", frozenset({Grant(Role.LEAD, hills.id)}))
    later = FORM.opens_at + DAY
    key = assessing.start(database, questionnaires, lead, standing.id, draft.id, hills.id, later)
    questionnaire = questionnaires.get("departments", 1)
    for question in questionnaire.questions:
        given = Answer(questionnaire.scale_of(question).levels[-1].id)
        saved = assessing.answer(database, questionnaires, lead, key, question.id, given, 0, later)
        assert isinstance(saved, assessing.Saved)
    assessing.submit(database, questionnaires, lead, key, later)
    assert reporting.get_report(database, questionnaires, lead, key).report.gaps == ()


def test_a_round_without_partnerships_cannot_be_confirmed(
    database: Database, questionnaires: Catalogue, administrator: Actor
) -> None:
    draft = add_round(database, questionnaires, administrator)
    with pytest.raises(NotAllowedNowError, match="cannot be confirmed yet"):
        rounds.confirm(database, questionnaires, administrator, draft.id, NOW, accepted=True)


def test_once_confirmed_only_the_closing_and_more_partnerships_change(
    database: Database, questionnaires: Catalogue, administrator: Actor, world: World
) -> None:
    with pytest.raises(NotAllowedNowError, match="has been confirmed"):
        rounds.change(database, questionnaires, administrator, world.round, FORM, NOW)
    with pytest.raises(NotAllowedNowError, match="has been confirmed"):
        rounds.set_targets(database, questionnaires, administrator, world.round, {}, NOW)
    rounds.set_partnerships(database, administrator, world.round, set(), NOW)
    assert rounds.get(database, administrator, world.round).partnerships == 1
    assert "has passed" in fault_of(rounds.move_closing(database, administrator, world.round, NOW, NOW))
    moved = rounds.move_closing(database, administrator, world.round, NOW + timedelta(hours=1), NOW)
    assert isinstance(moved, RoundRecord)
    key = start_assessment(database, questionnaires, world)
    question = assessing.get_assessment(database, questionnaires, world.officer, key).unanswered[0].id
    late = NOW + timedelta(hours=1)
    with pytest.raises(NotAllowedNowError, match="closed"):
        assessing.answer(database, questionnaires, world.officer, key, question, Answer("early"), 0, late)
    rounds.move_closing(database, administrator, world.round, late + DAY, late)
    assessing.answer(database, questionnaires, world.officer, key, question, Answer("early"), 0, late)


def test_a_later_closing_lets_it_be_noted_anew(database: Database, administrator: Actor, world: World) -> None:
    with database.writing() as session:
        found = session.get(Round, world.round)
        assert found
        found.closed_at = NOW
    rounds.move_closing(database, administrator, world.round, NOW + DAY, NOW)
    with database.reading() as session:
        assert session.scalar(select(Round.closed_at).where(Round.id == world.round)) is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "autumn ROUND"}, "title"),
        ({"questionnaire": "local-partners@9"}, "questionnaire"),
        ({"closes_at": NOW + DAY}, "closes-day"),
        ({"sign_off": "everybody"}, "sign-off"),
        ({"threshold": "4"}, "threshold"),
    ],
)
def test_what_a_round_cannot_be_is_told_by_its_field(
    database: Database, questionnaires: Catalogue, administrator: Actor, change: dict[str, object], field: str
) -> None:
    result = rounds.add(database, questionnaires, administrator, replace(FORM, **change), NOW)  # type: ignore[arg-type]
    assert isinstance(result, Refused)
    assert [fault.field for fault in result.faults] == [field]


def test_a_round_keeps_its_closing_to_the_second_around_the_clock_change(
    database: Database, questionnaires: Catalogue, administrator: Actor
) -> None:
    closes = datetime(2026, 10, 25, 0, 59, 59, tzinfo=UTC)
    form = replace(FORM, opens_at=closes - DAY, closes_at=closes)
    added = rounds.add(database, questionnaires, administrator, form, NOW)
    assert isinstance(added, RoundRecord)
    assert rounds.get(database, administrator, added.id).closes_at == closes


def test_targets_of_the_round_reach_the_report(
    database: Database, questionnaires: Catalogue, administrator: Actor, world: World
) -> None:
    draft = add_round(database, questionnaires, administrator)
    questionnaire = questionnaires.get("local-partners", 1)
    ids = [question.id for question in questionnaire.questions]
    lowest = questionnaire.scale_of(questionnaire.questions[0]).levels[0].id
    with pytest.raises(NotAllowedNowError):
        rounds.set_targets(database, questionnaires, administrator, draft.id, {ids[0]: "no-level"}, NOW)
    rounds.set_targets(database, questionnaires, administrator, draft.id, dict.fromkeys(ids, lowest), NOW)
    rounds.set_partnerships(database, administrator, draft.id, {world.partnership}, NOW)
    rounds.confirm(database, questionnaires, administrator, draft.id, NOW, accepted=True)
    opened = NOW + 2 * DAY
    reports = []
    for round_id in (world.round, draft.id):
        key = assessing.start(
            database, questionnaires, world.officer, world.partnership, round_id, world.council, opened
        )
        while unanswered := assessing.get_assessment(database, questionnaires, world.officer, key).unanswered:
            assessing.answer(database, questionnaires, world.officer, key, unanswered[0].id, Answer(lowest), 0, opened)
        assessing.submit(database, questionnaires, world.officer, key, opened)
        reports.append(reporting.get_report(database, questionnaires, world.officer, key).report)
    own, of_the_round = reports
    assert own.targets is None
    assert own.gaps
    assert of_the_round.gaps == ()
    assert list(of_the_round.targets or ()) == [0] * len(ids)


def test_checking_a_round_takes_as_many_statements_for_one_partnership_as_for_many(
    database: Database, questionnaires: Catalogue, administrator: Actor, world: World
) -> None:
    draft = add_round(database, questionnaires, administrator)
    rounds.set_partnerships(database, administrator, draft.id, {world.partnership}, NOW)
    with counted_statements(database) as few:
        rounds.check_plan(database, questionnaires, administrator, draft.id, NOW)
    for number in range(5):
        partnerships.add(database, administrator, f"Partnership {number}", NOW)
    _, everyone, _ = rounds.list_choices(database, administrator, draft.id)
    rounds.set_partnerships(database, administrator, draft.id, {one.id for one in everyone}, NOW)
    with counted_statements(database) as many:
        checked = rounds.check_plan(database, questionnaires, administrator, draft.id, NOW)
    assert len(checked.findings[0].places) == 5
    assert len(many) == len(few)
