"""Saying what stands in the way of a gap, and reading it for a partnership, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.assessment import Answer
from app.domain.audit import SHOWN, Event
from app.domain.barriers import SAID_AFTER_CLOSING
from app.domain.errors import AnswerError, EnablersError, NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.domain.scoring import score
from app.services import Database, assessing, life, reporting, together, typing_barriers
from app.store import assessments, barriers
from app.store import together as together_store
from app.store.models import (
    AuditEntry,
    FrozenEnablerScore,
    FrozenQuestionScore,
    Organisation,
    PartnershipOrganisation,
    Round,
    RoundPartnership,
    Snapshot,
    TypedBarrier,
    new_id,
)
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, make_world, start_assessment

GAP = "lawful-basis"
"""A question of sharing information, which is answered under its target here."""
SECTION = "sharing-information"
MET = "shared-picture"
LAW, BELIEF, FEAR = "law", "belief-about-law", "fear-of-risk"


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.CERTIFIER)


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    """The council's assessment, answered and not yet submitted."""
    key = start_assessment(database, questionnaires, world)
    assessing.answer(database, questionnaires, world.officer, key, MET, Answer("embedded"), 0, NOW)
    answer_all(database, questionnaires, world.officer, key, "early")
    return key


@pytest.fixture
def submitted(database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey) -> AssessmentKey:
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    return key


Say = Callable[..., frozenset[str] | None]


@pytest.fixture
def say(database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey) -> Say:
    """Say kinds of a gap, as the officer unless told otherwise; give what a colleague has said meanwhile."""

    def say_kinds(
        *kinds: str, seen: str = "", by: Actor = world.officer, question: str = GAP, at: timedelta = timedelta()
    ) -> frozenset[str] | None:
        found = typing_barriers.say(database, questionnaires, by, key, question, kinds, seen, NOW + at)
        return None if found is None else found.said

    return say_kinds


def read_stored(database: Database) -> list[tuple[str, str, UUID]]:
    with database.reading() as session:
        rows = session.scalars(select(TypedBarrier).order_by(TypedBarrier.question_id, TypedBarrier.kind))
        return [(row.question_id, row.kind, row.said_by) for row in rows]


def read_audit(database: Database) -> list[tuple[UUID | None, str, str | None, str | None]]:
    with database.reading() as session:
        rows = session.scalars(
            select(AuditEntry).where(AuditEntry.event == Event.BARRIERS_TYPED).order_by(AuditEntry.number)
        )
        return [(row.actor_id, row.subject, row.old_text, row.new_text) for row in rows]


# ---- Saying it -------------------------------------------------------------------------------------------------------


def test_kinds_are_said_changed_and_taken_back_each_with_an_entry_in_the_audit(
    database: Database, world: World, submitted: AssessmentKey, say: Say
) -> None:
    officer, colleague = world.officer.person_id, world.colleague.person_id
    assert say(FEAR, BELIEF) is None
    assert read_stored(database) == [(GAP, BELIEF, officer), (GAP, FEAR, officer)]
    assert say(FEAR, LAW, seen=f"{BELIEF} {FEAR}", by=world.colleague) is None
    assert read_stored(database) == [(GAP, FEAR, officer), (GAP, LAW, colleague)]  # what stays is still whose it was
    assert say(seen=f"{FEAR} {LAW}") is None
    assert read_stored(database) == []
    subject = f"assessment {submitted.assessment_id} question {GAP}"
    assert read_audit(database) == [
        (officer, subject, "", f"{BELIEF} {FEAR}"),
        (colleague, subject, f"{BELIEF} {FEAR}", f"{FEAR} {LAW}"),
        (officer, subject, f"{FEAR} {LAW}", ""),
    ]
    assert Event.BARRIERS_TYPED not in SHOWN


def test_the_same_said_many_times_is_stored_once(database: Database, submitted: AssessmentKey, say: Say) -> None:
    del submitted
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda _: say(LAW, FEAR), range(8))) == [None] * 8
    assert [kind for _, kind, _ in read_stored(database)] == [FEAR, LAW]
    assert say(seen="") == frozenset({LAW, FEAR})
    assert say(LAW, FEAR, FEAR, seen="nonsense") is None
    assert len(read_audit(database)) == 1


def test_what_a_colleague_has_said_meanwhile_is_not_replaced_unseen(
    database: Database, world: World, submitted: AssessmentKey, say: Say
) -> None:
    del submitted
    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(say, LAW, by=world.officer)
        two = pool.submit(say, FEAR, by=world.colleague)
    told = {one.result(), two.result()}
    assert told in ({None, frozenset({LAW})}, {None, frozenset({FEAR})})
    ((_, kind, _),) = read_stored(database)
    assert say(BELIEF, seen="") == frozenset({kind})
    assert say(BELIEF, seen=kind) is None
    assert [kind for _, kind, _ in read_stored(database)] == [BELIEF]


def test_none_of_these_where_nothing_was_said_leaves_no_trace(
    database: Database, submitted: AssessmentKey, say: Say
) -> None:
    del submitted
    assert say() is None
    assert read_stored(database) == []
    assert read_audit(database) == []


# ---- Refused ---------------------------------------------------------------------------------------------------------

CONTRIBUTOR_WITHOUT = "Only a lead of the organisation can answer sections that were not given to them"


@pytest.mark.parametrize(
    ("who", "refused"),
    [
        ("lead", None),
        ("all-in-one", None),
        ("contributor", NotAllowedError),
        ("certifier", NotAllowedError),
        ("coordinator", NotFoundError),
        ("administrator", NotFoundError),
        ("analyst", NotFoundError),
        ("stranger", NotFoundError),
    ],
)
def test_only_who_may_answer_the_question_says_what_stands_in_its_way(
    database: Database,
    questionnaires: Catalogue,
    submitted: AssessmentKey,
    cast: Cast,
    say: Say,
    who: str,
    refused: type[EnablersError] | None,
) -> None:
    actor = cast.by_role[who]
    if refused is None:
        assert say(LAW, by=actor) is None
        return
    with pytest.raises(refused):
        say(LAW, by=actor)
    with pytest.raises(refused):
        typing_barriers.open_gap(database, questionnaires, actor, submitted, GAP, NOW)
    assert read_stored(database) == []


def test_a_contributor_says_it_in_the_sections_that_were_given_to_them(
    database: Database, world: World, submitted: AssessmentKey, cast: Cast, say: Say
) -> None:
    cast.give_section(database, submitted, SECTION, cast.contributor, world.officer)
    assert say(LAW, by=cast.contributor) is None
    with pytest.raises(NotAllowedError, match=CONTRIBUTOR_WITHOUT):
        say("short-money", by=cast.contributor, question="paying-for-change")
    assert read_stored(database) == [(GAP, LAW, cast.contributor.person_id)]


@pytest.mark.parametrize(
    ("question", "kinds", "refused"),
    [
        (GAP, ["nonsense"], AnswerError),
        (GAP, [""], AnswerError),
        (GAP, ["short-money"], AnswerError),
        (GAP, [LAW, "short-money"], AnswerError),
        ("paying-for-change", [LAW], AnswerError),
        (MET, ["no-analysts"], NotAllowedNowError),
        ("nonsense", [LAW], NotFoundError),
        ("programmes-evaluated", [LAW], NotFoundError),
    ],
)
def test_unknown_kinds_kinds_of_another_enabler_and_what_is_no_gap_are_refused(
    database: Database,
    submitted: AssessmentKey,
    say: Say,
    question: str,
    kinds: list[str],
    refused: type[EnablersError],
) -> None:
    del submitted
    with pytest.raises(refused):
        say(*kinds, question=question)
    assert read_stored(database) == []
    assert read_audit(database) == []


def test_an_assessment_of_another_partnership_is_not_found(
    database: Database, questionnaires: Catalogue, world: World, submitted: AssessmentKey
) -> None:
    for elsewhere in (
        AssessmentKey(new_id(), submitted.assessment_id),
        AssessmentKey(submitted.partnership_id, new_id()),
    ):
        with pytest.raises(NotFoundError):
            typing_barriers.say(database, questionnaires, world.officer, elsewhere, GAP, [LAW], "", NOW)


def test_nothing_is_said_before_submitting_nor_too_late(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey, say: Say
) -> None:
    with pytest.raises(NotAllowedNowError, match="Submit the assessment first"):
        say(LAW)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    end = timedelta(days=7 + SAID_AFTER_CLOSING)
    assert say(LAW, at=end - timedelta(seconds=1)) is None
    with pytest.raises(NotAllowedNowError, match="60 days after the round has closed"):
        say(FEAR, seen=LAW, at=end)
    with pytest.raises(NotAllowedNowError, match="60 days"):
        typing_barriers.open_gap(database, questionnaires, world.officer, key, GAP, NOW + end)
    assert [kind for _, kind, _ in read_stored(database)] == [LAW]


def test_who_has_left_the_partnership_says_nothing_more(
    database: Database, world: World, submitted: AssessmentKey, say: Say
) -> None:
    del submitted
    with database.writing() as session:
        session.execute(
            update(PartnershipOrganisation)
            .where(PartnershipOrganisation.organisation_id == world.council)
            .values(left_at=NOW + timedelta(days=1))
        )
    assert say(LAW) is None
    with pytest.raises(NotAllowedNowError, match="has left this partnership"):
        say(FEAR, seen=LAW, at=timedelta(days=1))


# ---- Answering again -------------------------------------------------------------------------------------------------


def test_it_is_about_what_was_submitted_last_while_it_is_answered_again(
    database: Database, questionnaires: Catalogue, world: World, submitted: AssessmentKey, cast: Cast, say: Say
) -> None:
    assert say(LAW) is None
    life.request_changes(database, cast.certifier, submitted, 1, "Look again", NOW)
    assessing.answer(database, questionnaires, world.officer, submitted, GAP, Answer("embedded"), 1, NOW)
    assert say(LAW, FEAR, seen=LAW) is None  # what was submitted still has the gap
    assessing.submit(database, questionnaires, world.officer, submitted, NOW)
    with pytest.raises(NotAllowedNowError, match="has no gap"):
        say(BELIEF, seen=f"{FEAR} {LAW}")
    assert len(read_stored(database)) == 2  # kept, and no longer shown or counted
    found = reporting.get_report(database, questionnaires, world.officer, submitted)
    of_report = typing_barriers.list_of_report(database, questionnaires, world.officer, submitted, found, NOW)
    assert of_report.kinds == {}
    assert GAP not in of_report.open
    assert get_said(database, questionnaires, world, world.officer) == {}


# ---- Reading it ------------------------------------------------------------------------------------------------------


def get_said(
    database: Database, questionnaires: Catalogue, world: World, actor: Actor
) -> dict[str, dict[str, tuple[str, ...]]]:
    full = together.get_full(database, questionnaires, actor, world.partnership, world.round, NOW)
    return {question: {kind: tuple(names) for kind, names in kinds.items()} for question, kinds in full.said.items()}


def test_a_report_shows_what_was_said_and_who_may_say_more(
    database: Database, questionnaires: Catalogue, world: World, submitted: AssessmentKey, cast: Cast, say: Say
) -> None:
    say(FEAR, LAW)
    cast.give_section(database, submitted, SECTION, cast.contributor, world.officer)

    def read(actor: Actor, at: timedelta = timedelta()) -> tuple[dict[str, list[str]], int]:
        found = reporting.get_report(database, questionnaires, actor, submitted)
        of_report = typing_barriers.list_of_report(database, questionnaires, actor, submitted, found, NOW + at)
        kinds = {question: [kind.id for kind in each] for question, each in of_report.kinds.items()}
        return kinds, len(of_report.open)

    assert read(world.officer) == ({GAP: [LAW, FEAR]}, 29)
    assert read(cast.contributor) == ({GAP: [LAW, FEAR]}, 6)
    assert read(cast.certifier) == ({GAP: [LAW, FEAR]}, 0)
    assert read(world.officer, timedelta(days=90)) == ({GAP: [LAW, FEAR]}, 0)
    found = reporting.get_report(database, questionnaires, world.officer, submitted)
    for nobody in (world.manager, cast.coordinator, world.analyst):
        with pytest.raises(NotFoundError):
            typing_barriers.list_of_report(database, questionnaires, nobody, submitted, found, NOW)


def add_partner(
    database: Database, questionnaires: Catalogue, world: World, name: str, choice: str, round_: UUID | None = None
) -> AssessmentKey:
    """Add an organisation that has submitted the same answer to everything."""
    questionnaire = questionnaires.get("local-partners", 1)
    organisation = new_id()
    with database.writing() as session:
        session.add(Organisation(id=organisation, name=name, kind="charity"))
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=world.partnership, organisation_id=organisation))
        session.flush()
        record = assessments.find_invitation(session, world.partnership, round_ or world.round, organisation)
        assert record is not None
        started = assessments.add_assessment(session, record, world.officer.person_id, NOW)
        assert started is not None
        key = AssessmentKey(world.partnership, started)
        answers = {question.id: Answer(choice) for question in questionnaire.questions}
        by = world.officer.person_id
        assessments.freeze(
            session, assessments.make_frozen_rows(key, 1, answers, score(questionnaire, answers), by, NOW)
        )
    return key


def put(database: Database, world: World, key: AssessmentKey, question: str, *kinds: str) -> None:
    with database.writing() as session:
        barriers.set_said(session, key, question, kinds, (), world.officer.person_id, NOW)


def test_a_partnership_reads_who_says_what_of_those_that_have_submitted(
    database: Database, questionnaires: Catalogue, world: World, submitted: AssessmentKey, say: Say
) -> None:
    say(LAW, FEAR)
    charity = add_partner(database, questionnaires, world, "A charity", "early")
    put(database, world, charity, GAP, LAW)
    put(database, world, charity, "paying-for-change", "short-money")
    strong = add_partner(database, questionnaires, world, "Strong", "embedded")
    put(database, world, strong, GAP, LAW)  # it is no gap of theirs
    silent = add_partner(database, questionnaires, world, "Not submitted", "early")
    put(database, world, silent, GAP, LAW)
    with database.writing() as session:
        for table in FrozenEnablerScore, FrozenQuestionScore, Snapshot:
            session.execute(delete(table).where(table.assessment_id == silent.assessment_id))

    assert get_said(database, questionnaires, world, world.officer) == {
        GAP: {LAW: ("A charity", "Harrow Vale Council"), FEAR: ("Harrow Vale Council",)},
        "paying-for-change": {"short-money": ("A charity",)},
    }
    with pytest.raises(NotAllowedNowError):  # blind until one has submitted
        get_said(database, questionnaires, world, world.manager)
    with pytest.raises(NotFoundError):
        get_said(database, questionnaires, world, world.analyst)
    del submitted


def test_what_was_said_in_another_round_stays_there(
    database: Database, questionnaires: Catalogue, world: World, submitted: AssessmentKey, say: Say
) -> None:
    del submitted
    say(LAW)
    questionnaire = questionnaires.get("local-partners", 1)
    with database.writing() as session:
        before = Round(
            id=new_id(),
            title="Spring round",
            questionnaire_id=questionnaire.id,
            questionnaire_version=questionnaire.version,
            questionnaire_hash=questionnaire.hash,
            opens_at=NOW - timedelta(days=90),
            closes_at=NOW - timedelta(days=60),
            confirmed_at=NOW - timedelta(days=99),
        )
        session.add(before)
        session.flush()
        earlier = before.id
        session.add(RoundPartnership(partnership_id=world.partnership, round_id=earlier))
    then = add_partner(database, questionnaires, world, "A charity", "early", earlier)
    put(database, world, then, GAP, FEAR)
    with database.reading() as session:
        now_said = together_store.list_spoken(session, world.partnership, world.round)[0]
        then_said = together_store.list_spoken(session, world.partnership, earlier)[0]
        nowhere = together_store.list_spoken(session, new_id(), world.round)[0]
    assert now_said == {GAP: {LAW: {world.council}}}
    assert list(then_said[GAP]) == [FEAR]
    assert nowhere == {}
