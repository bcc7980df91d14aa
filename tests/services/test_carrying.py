"""Answers of an earlier round, proposed and confirmed one by one, on either database."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from app.catalogue import Catalogue, Entry
from app.domain.access import Actor
from app.domain.assessment import Answer
from app.domain.audit import Event
from app.domain.carrying import Carried
from app.domain.errors import NotAllowedError, NotAllowedNowError
from app.domain.questionnaire import DONT_KNOW, Questionnaire
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.services import Database, assessing, carrying
from app.services.assessing import Conflict, Saved
from app.store.models import (
    AnswerVersion,
    AuditEntry,
    Partnership,
    PartnershipOrganisation,
    Round,
    RoundPartnership,
    new_id,
)
from tests.factories import AGREEMENT, make_question, make_questionnaire
from tests.lives import add_cast
from tests.people import NOW, World, make_world

SPRING = NOW - timedelta(days=200)
OLD = make_questionnaire(*(make_question(name) for name in ("kept", "changed", "narrowed", "gone")))
NEW = make_questionnaire(
    make_question("kept"),
    make_question("changed", meaning=2),
    make_question("narrowed", scale=AGREEMENT),
    make_question("new"),
    version=2,
)
CATALOGUE = Catalogue(tuple(Entry(questionnaire) for questionnaire in (OLD, NEW)), {})
THEN = Answer("level-4", note="what we said then", evidence_link="https://a.example/then")


@pytest.fixture
def world(database: Database) -> World:
    """The round that is open asks the new version."""
    return make_world(database, NEW)


def add_round(database: Database, world: World, title: str, opens_at: datetime, questionnaire: Questionnaire) -> UUID:
    """Add a round of the partnership that is open for two weeks."""
    round_ = new_id()
    with database.writing() as session:
        session.add(
            Round(
                id=round_,
                title=title,
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                opens_at=opens_at,
                closes_at=opens_at + timedelta(days=14),
                confirmed_at=opens_at,
            )
        )
        session.flush()
        session.add(RoundPartnership(partnership_id=world.partnership, round_id=round_))
    return round_


def fill_in(
    database: Database,
    world: World,
    actor: Actor,
    round_: UUID,
    answers: dict[str, Answer],
    at: datetime,
    *,
    submitted: bool = True,
) -> AssessmentKey:
    """Answer for the organisation of an actor, and submit."""
    (organisation,) = (grant.organisation_id for grant in actor.grants)
    assert organisation
    key = assessing.start(database, CATALOGUE, actor, world.partnership, round_, organisation, at)
    for question, given in answers.items():
        version = assessing.get_assessment(database, CATALOGUE, actor, key).stored.get(question)
        seen = version.version if version else 0
        assert isinstance(assessing.answer(database, CATALOGUE, actor, key, question, given, seen, at), Saved)
    if submitted:
        assessing.submit(database, CATALOGUE, actor, key, at)
    return key


def answer_everything(answer: Answer = THEN) -> dict[str, Answer]:
    return {question.id: answer for question in OLD.questions}


def start(database: Database, world: World, actor: Actor) -> AssessmentKey:
    """Start in the round that is open."""
    return fill_in(database, world, actor, world.round, {}, NOW, submitted=False)


def find(database: Database, actor: Actor, key: AssessmentKey, question: str = "kept") -> Carried | None:
    return carrying.open_question(database, CATALOGUE, actor, key, question).carried


def confirm(database: Database, actor: Actor, key: AssessmentKey, mark: str) -> Saved | Conflict:
    return carrying.confirm(database, CATALOGUE, actor, key, "kept", mark, NOW)


@pytest.fixture
def earlier(database: Database, world: World) -> AssessmentKey:
    """What the council submitted in spring."""
    spring = add_round(database, world, "Spring round", SPRING, OLD)
    return fill_in(database, world, world.officer, spring, answer_everything(), SPRING)


def count_versions(database: Database, key: AssessmentKey) -> int:
    with database.reading() as session:
        query = select(func.count()).where(AnswerVersion.assessment_id == key.assessment_id)
        return session.scalar(query) or 0


@pytest.mark.parametrize(
    ("question", "is_carried", "is_changed"),
    [("kept", True, False), ("changed", False, True), ("narrowed", False, True), ("new", False, False)],
)
def test_only_what_still_means_the_same_is_proposed(
    database: Database, world: World, earlier: AssessmentKey, question: str, *, is_carried: bool, is_changed: bool
) -> None:
    key = start(database, world, world.officer)
    opened = carrying.open_question(database, CATALOGUE, world.officer, key, question)
    assert (opened.carried is not None, opened.changed is not None) == (is_carried, is_changed)
    if opened.carried:
        assert (opened.carried.answer, opened.carried.answered_at) == (THEN, SPRING)
        assert (opened.carried.source.round, opened.carried.source.is_own) == ("Spring round", True)
        assert opened.carried.source.assessment_id == earlier.assessment_id


def test_nothing_that_waits_is_counted_until_it_is_confirmed(
    database: Database, world: World, earlier: AssessmentKey
) -> None:
    key = start(database, world, world.officer)
    opened = carrying.open_tasks(database, CATALOGUE, world.officer, key)
    assert opened.waiting == {"kept"}
    assert not opened.assessment.stored
    assert len(opened.assessment.unanswered) == len(NEW.questions)
    with pytest.raises(NotAllowedNowError, match="4 questions have no answer yet"):
        assessing.submit(database, CATALOGUE, world.officer, key, NOW)
    proposal = find(database, world.colleague, key)
    assert proposal
    saved = confirm(database, world.colleague, key, proposal.mark)
    assert isinstance(saved, Saved)
    opened = carrying.open_tasks(database, CATALOGUE, world.officer, key)
    assert opened.waiting == frozenset()
    stored = opened.assessment.stored["kept"]
    assert stored == saved.assessment.stored["kept"]
    assert (stored.answer, stored.version, stored.author, stored.answered_at) == (THEN, 1, "Colleague", NOW)
    assert (stored.carried_from, stored.carried_round) == (earlier.assessment_id, "Spring round")
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.ANSWERED)).all()
    assert entries[-1].new_text == "level-4, version 1, confirmed from an earlier round"


def test_an_answer_that_is_changed_is_no_longer_marked_as_confirmed(
    database: Database, world: World, earlier: AssessmentKey
) -> None:
    del earlier
    key = start(database, world, world.officer)
    proposal = find(database, world.officer, key)
    assert proposal
    confirm(database, world.officer, key, proposal.mark)
    other = replace(THEN, note="what we say now")
    assert isinstance(assessing.answer(database, CATALOGUE, world.officer, key, "kept", other, 1, NOW), Saved)
    stored = assessing.get_assessment(database, CATALOGUE, world.officer, key).stored["kept"]
    assert (stored.carried_from, stored.carried_round) == (None, "")


def test_two_colleagues_who_confirm_at_once_store_one_answer(
    database: Database, world: World, earlier: AssessmentKey
) -> None:
    del earlier
    key = start(database, world, world.officer)
    proposal = find(database, world.officer, key)
    assert proposal
    actors = [world.officer, world.colleague]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda number: confirm(database, actors[number % 2], key, proposal.mark), range(40)))
    assert all(isinstance(result, Saved) for result in results)
    assert count_versions(database, key) == 1


def test_of_one_who_confirms_and_one_who_answers_anew_nobody_is_overwritten(
    database: Database, world: World, earlier: AssessmentKey
) -> None:
    del earlier
    key = start(database, world, world.officer)
    proposal = find(database, world.officer, key)
    assert proposal
    anew = Answer("level-1", note="what we say now")
    with ThreadPoolExecutor(2) as pool:
        confirmed = pool.submit(confirm, database, world.officer, key, proposal.mark)
        answered = pool.submit(assessing.answer, database, CATALOGUE, world.colleague, key, "kept", anew, 0, NOW)
    saved, conflict = sorted((confirmed.result(), answered.result()), key=lambda each: isinstance(each, Conflict))
    assert isinstance(saved, Saved)
    assert isinstance(conflict, Conflict)
    assert {conflict.mine, conflict.theirs.answer} == {THEN, anew}
    assert count_versions(database, key) == 1


def test_nobody_confirms_what_they_did_not_see(database: Database, world: World, earlier: AssessmentKey) -> None:
    del earlier
    key = start(database, world, world.officer)
    for mark in ("", "0" * 64):
        with pytest.raises(NotAllowedNowError, match="no longer the one that you saw"):
            confirm(database, world.officer, key, mark)
    with pytest.raises(NotAllowedNowError):
        carrying.confirm(database, CATALOGUE, world.officer, key, "new", "", NOW)
    assert count_versions(database, key) == 0


def test_only_those_confirm_who_may_answer_and_while_they_may(
    database: Database, world: World, earlier: AssessmentKey
) -> None:
    del earlier
    cast = add_cast(database, world, SignOff.NOBODY)
    key = start(database, world, world.officer)
    proposal = find(database, cast.certifier, key)
    assert proposal
    for actor in (cast.certifier, cast.contributor):
        with pytest.raises(NotAllowedError):
            confirm(database, actor, key, proposal.mark)
    with pytest.raises(NotAllowedNowError):
        carrying.confirm(database, CATALOGUE, world.officer, key, "kept", proposal.mark, NOW + timedelta(days=7))
    section = NEW.sections[0].id
    cast.give_section(database, key, section, cast.contributor, world.officer)
    assert isinstance(confirm(database, cast.contributor, key, proposal.mark), Saved)


def test_what_was_submitted_last_is_taken_and_what_never_was_is_not(database: Database, world: World) -> None:
    for days, title, choice, submitted in (
        (400, "First round", "level-1", True),
        (300, "Second round", "level-2", True),
        (100, "Third round", "level-3", False),
    ):
        opens_at = NOW - timedelta(days=days)
        round_ = add_round(database, world, title, opens_at, OLD)
        answers = answer_everything(Answer(choice))
        fill_in(database, world, world.officer, round_, answers, opens_at, submitted=submitted)
    later = add_round(database, world, "Later round", NOW - timedelta(days=1), NEW)
    fill_in(database, world, world.officer, later, {q.id: Answer(DONT_KNOW) for q in NEW.questions}, NOW)
    proposal = find(database, world.officer, start(database, world, world.officer))
    assert proposal
    assert (proposal.answer, proposal.source.round) == (Answer("level-2"), "Second round")


def test_nothing_comes_from_another_organisation_or_partnership(database: Database, world: World) -> None:
    spring = add_round(database, world, "Spring round", SPRING, OLD)
    fill_in(database, world, world.manager, spring, answer_everything(), SPRING)
    elsewhere = make_elsewhere(database, world)
    fill_in(database, elsewhere, world.officer, spring, answer_everything(), SPRING)
    key = start(database, world, world.officer)
    assert find(database, world.officer, key) is None
    assert carrying.open_tasks(database, CATALOGUE, world.officer, key).waiting == frozenset()


def make_elsewhere(database: Database, world: World) -> World:
    """Put the council into another partnership that took part in all rounds."""
    other = new_id()
    with database.writing() as session:
        rounds = session.scalars(select(Round.id)).all()
        session.add(Partnership(id=other, name="Another Partnership"))
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=other, organisation_id=world.council))
        session.add_all(RoundPartnership(partnership_id=other, round_id=each) for each in rounds)
    return replace(world, partnership=other)


def replace_trust(database: Database, world: World) -> None:
    """Note that the council has replaced the trust in the partnership."""
    with database.writing() as session:
        session.execute(
            update(PartnershipOrganisation)
            .where(
                PartnershipOrganisation.partnership_id == world.partnership,
                PartnershipOrganisation.organisation_id == world.trust,
            )
            .values(replaced_by=world.council, left_at=NOW)
        )


@pytest.mark.parametrize("submitted", [True, False])
@pytest.mark.parametrize("same_round", [True, False])
def test_what_a_replaced_organisation_stored_comes_to_its_successor(
    database: Database, world: World, *, same_round: bool, submitted: bool
) -> None:
    round_, questionnaire, at = world.round, NEW, NOW
    if not same_round:
        round_, questionnaire, at = add_round(database, world, "Spring round", SPRING, OLD), OLD, SPRING
    newest = Answer("level-3", note="their last words")
    answers = {question.id: Answer("level-3") for question in questionnaire.questions}
    fill_in(database, world, world.manager, round_, answers, at, submitted=False)
    theirs = fill_in(database, world, world.manager, round_, {"kept": newest}, at, submitted=submitted)
    key = start(database, world, world.officer)
    assert find(database, world.officer, key) is None
    replace_trust(database, world)
    proposal = find(database, world.officer, key)
    assert proposal
    assert (proposal.answer, proposal.answered_at) == (newest, at)
    assert (proposal.source.organisation, proposal.source.is_own) == ("Harrow Vale Trust", False)
    assert isinstance(confirm(database, world.officer, key, proposal.mark), Saved)
    stored = assessing.get_assessment(database, CATALOGUE, world.officer, key).stored["kept"]
    assert stored.carried_from == theirs.assessment_id
    assert len(assessing.get_assessment(database, CATALOGUE, world.manager, theirs).stored) == len(answers)


def test_ones_own_submission_goes_before_that_of_a_replaced_organisation(
    database: Database, world: World, earlier: AssessmentKey
) -> None:
    answers = {"new": Answer("level-1"), "kept": Answer("level-1")}
    fill_in(database, world, world.manager, world.round, answers, NOW, submitted=False)
    replace_trust(database, world)
    key = start(database, world, world.officer)
    own, theirs = (find(database, world.officer, key, question) for question in ("kept", "new"))
    assert own
    assert theirs
    assert (own.answer, own.source.assessment_id) == (THEN, earlier.assessment_id)
    assert (theirs.answer, theirs.source.organisation) == (Answer("level-1"), "Harrow Vale Trust")


def test_a_version_that_is_no_longer_installed_leaves_its_answers_behind(
    database: Database, world: World, earlier: AssessmentKey
) -> None:
    del earlier
    key = start(database, world, world.officer)
    catalogue = Catalogue((Entry(NEW),), {})
    assert carrying.open_question(database, catalogue, world.officer, key, "kept").carried is None
