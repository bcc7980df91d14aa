"""What a partner does with an assessment: find it, start it, answer it, submit it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.assessment import (
    Answer,
    AnswerFault,
    AssessmentStatus,
    Move,
    can_move,
    check_move,
    check_submit,
    find_answer_faults,
)
from app.domain.audit import Event
from app.domain.carrying import Carried
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.loaded import LoadedAssessment
from app.domain.questionnaire import Questionnaire
from app.domain.records import AssessmentKey, AssessmentRecord, StoredAnswer
from app.domain.scoring import score
from app.services import Database, auditing, feeding, telling, webhooks
from app.services.acting import acting
from app.store import assessments, given_sections


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer was stored; the assessment as it is now."""

    assessment: LoadedAssessment


@dataclass(frozen=True, slots=True)
class Conflict:
    """A colleague saved this answer first. Nothing was stored; both are here to choose from."""

    assessment: LoadedAssessment
    theirs: StoredAnswer
    mine: Answer


@dataclass(frozen=True, slots=True)
class Refused:
    """The question cannot take this answer. Nothing was stored."""

    assessment: LoadedAssessment
    faults: tuple[AnswerFault, ...]


def list_assessments(database: Database, actor: Actor) -> tuple[AssessmentRecord, ...]:
    """List the assessments of the actor's organisations, those not started included."""
    with database.reading() as session:
        return assessments.list_records(session, actor.list_organisations(Deed.SEE_ASSESSMENT))


def get_invitation(
    database: Database, actor: Actor, partnership_id: UUID, round_id: UUID, organisation_id: UUID
) -> AssessmentRecord:
    """Give the assessment an organisation may make, started or not; raises `NotFoundError`.

    One that is not started is for those who may start it: to colleagues `NotAllowedError` is raised.
    """
    with database.reading() as session:
        record = _check_record(actor, assessments.find_invitation(session, partnership_id, round_id, organisation_id))
    if record.assessment_id is None:
        access.check(actor, Deed.ANSWER, organisation_id=organisation_id)
    return record


def start(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    round_id: UUID,
    organisation_id: UUID,
    now: datetime,
) -> AssessmentKey:
    """Start an assessment, or find the one a colleague has started.

    Raises `NotFoundError` or `NotAllowedError` where the actor may not, and `NotAllowedNowError` outside the round's
    window.
    """
    with acting(database, actor) as session:
        record = _check_record(actor, assessments.find_invitation(session, partnership_id, round_id, organisation_id))
        if record.assessment_id is not None:
            return AssessmentKey(partnership_id, record.assessment_id)
        access.check(actor, Deed.ANSWER, organisation_id=organisation_id)
        record.window.check_open(now)
        _get_questionnaire(catalogue, record)
        started = assessments.add_assessment(session, record, actor.person_id, now)
        if started is None:  # a colleague was quicker by a moment
            theirs = assessments.find_invitation(session, partnership_id, round_id, organisation_id)
            found = _check_record(actor, theirs).assessment_id
            if found is None:
                raise NotFoundError("There is no such assessment")
            return AssessmentKey(partnership_id, found)
        auditing.record(
            session,
            Event.ASSESSMENT_STARTED,
            actor.person_id,
            now,
            partnership_id=partnership_id,
            subject=f"assessment {started} organisation {organisation_id} round {round_id}",
        )
        return AssessmentKey(partnership_id, started)


def get_assessment(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey) -> LoadedAssessment:
    """Give an assessment with its current answers; raises `NotFoundError` where the actor may not know of it."""
    with database.reading() as session:
        return load(session, catalogue, actor, key)


def load(session: Session, catalogue: Catalogue, actor: Actor, key: AssessmentKey) -> LoadedAssessment:
    """Load an assessment with its current answers; raises `NotFoundError` where the actor may not know of it."""
    record = get_record(session, actor, key)
    stored = assessments.list_current_answers(session, key)
    given = given_sections.list_given(session, key)
    return LoadedAssessment(key, record, _get_questionnaire(catalogue, record), stored, given)


def get_record(session: Session, actor: Actor, key: AssessmentKey) -> AssessmentRecord:
    """Load what is known of an assessment itself; raises `NotFoundError` where the actor may not know of it."""
    return _check_record(actor, assessments.find_record(session, key))


def answer(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    question_id: str,
    given: Answer,
    seen_version: int,
    now: datetime,
) -> Saved | Conflict | Refused:
    """Store an answer as the version after the one that was seen (0 for none), or say what stands against it.

    The same answer sent twice by the same person is stored once. Raises `NotFoundError` where the actor may not know of
    it, `NotAllowedError` where the section is not theirs to answer, and `NotAllowedNowError` once the assessment is
    submitted or its round closed.
    """
    with acting(database, actor) as session:
        assessment = load_to_answer(session, catalogue, actor, key, question_id, now)
        faults = find_answer_faults(assessment.questionnaire, assessment.get_question(question_id), given)
        if faults:
            return Refused(assessment, faults)
        return store_answer(session, assessment, actor, question_id, given, seen_version, now)


def load_to_answer(
    session: Session, catalogue: Catalogue, actor: Actor, key: AssessmentKey, question_id: str, now: datetime
) -> LoadedAssessment:
    """Hold an assessment, one of whose questions is to be answered; raises what `answer` does."""
    assessment = hold(session, catalogue, actor, key, now, alone=False)
    assessment.get_question(question_id)
    access.check_answer(actor, assessment.record.organisation_id, assessment.find_holder(question_id))
    return assessment


def hold(
    session: Session, catalogue: Catalogue, actor: Actor, key: AssessmentKey, now: datetime, *, alone: bool
) -> LoadedAssessment:
    """Load an assessment that can be answered now, and hold it until the commit, beside others or alone.

    Raises `NotFoundError` where the actor may not know of it, `NotAllowedNowError` once it is submitted or closed.
    """
    record = _check_record(actor, assessments.lock_record(session, key, alone=alone))
    check_move(Move.ANSWER, _status(record))
    record.window.check_open(now)
    stored = assessments.list_current_answers(session, key)
    given = given_sections.list_given(session, key)
    return LoadedAssessment(key, record, _get_questionnaire(catalogue, record), stored, given)


def store_answer(
    session: Session,
    assessment: LoadedAssessment,
    actor: Actor,
    question_id: str,
    given: Answer,
    seen_version: int,
    now: datetime,
    *,
    carried: Carried | None = None,
) -> Saved | Conflict:
    """Store an answer that a question of an assessment that is held can take, as the version after the one seen.

    `carried` is the answer of an earlier round that it confirms, unchanged.
    """
    key, stored = assessment.key, assessment.stored
    current = stored.get(question_id)
    if _is_same(current, given, actor, carried):
        return Saved(assessment)
    source = carried.source if carried else None
    if (current.version if current else 0) == seen_version and assessments.add_answer_version(
        session,
        key,
        question_id,
        seen_version + 1,
        given,
        actor.person_id,
        now,
        carried_from=source.assessment_id if source else None,
    ):
        auditing.record(
            session,
            Event.ANSWERED,
            actor.person_id,
            now,
            partnership_id=key.partnership_id,
            subject=f"assessment {key.assessment_id} question {question_id}",
            old=f"{current.answer.choice}, version {current.version}" if current else "",
            new=f"{given.choice}, version {seen_version + 1}" + (", confirmed from an earlier round" if source else ""),
        )
        mine = StoredAnswer(
            given,
            seen_version + 1,
            actor.name,
            actor.person_id,
            now,
            source.assessment_id if source else None,
            source.round if source else "",
        )
        return Saved(replace(assessment, stored={**stored, question_id: mine}))
    stored = assessments.list_current_answers(session, key)
    assessment = replace(assessment, stored=stored)
    if _is_same(stored.get(question_id), given, actor, carried):  # a second click was quicker
        return Saved(assessment)
    if question_id not in stored:
        raise NotAllowedNowError("This answer was not saved: the page is of another time. Open the question again")
    return Conflict(assessment, stored[question_id], given)


def _is_same(current: StoredAnswer | None, given: Answer, actor: Actor, carried: Carried | None) -> bool:
    """Say whether an answer is there already: sent twice, or confirmed by a colleague from the same place."""
    if current is None or current.answer != given:
        return False
    return current.author_id == actor.person_id or (
        carried is not None and current.carried_from == carried.source.assessment_id
    )


def submit(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, now: datetime) -> None:
    """Submit what is stored, and freeze answers and scores with it, in one transaction.

    Raises `NotFoundError` where the actor may not, and `NotAllowedNowError` with answers missing or the round closed.
    """
    with acting(database, actor) as session:
        record = _check_record(actor, assessments.lock_record(session, key, alone=True))
        access.check(actor, Deed.SUBMIT, organisation_id=record.organisation_id)
        if _status(record) is not AssessmentStatus.IN_PROGRESS:
            return  # sent twice, stored once
        record.window.check_open(now)
        questionnaire = _get_questionnaire(catalogue, record)
        answers = {
            question: stored.answer for question, stored in assessments.list_current_answers(session, key).items()
        }
        status = check_submit(questionnaire, answers, _status(record))
        number = assessments.count_submissions(session, key) + 1
        scores = score(questionnaire, answers)
        assessments.freeze(session, assessments.make_frozen_rows(key, number, answers, scores, actor.person_id, now))
        assessments.set_status(session, key, status, actor.person_id, now)
        assessments.add_move(session, key, Move.SUBMIT, "", actor.person_id, now)
        telling.tell_submitted(session, key, record, actor, now)
        feeding.note_submitted(session, catalogue, key, now)
        webhooks.note_move(session, key, Move.SUBMIT, now)
        auditing.record(
            session,
            Event.SUBMITTED,
            actor.person_id,
            now,
            partnership_id=key.partnership_id,
            subject=f"assessment {key.assessment_id}",
            old=AssessmentStatus.IN_PROGRESS,
            new=f"{status}: submission {number}",
        )


def can_submit(actor: Actor, assessment: LoadedAssessment, now: datetime) -> bool:
    """Say whether the actor may submit what is stored now."""
    record = assessment.record
    return (
        access.can(actor, Deed.SUBMIT, organisation_id=record.organisation_id)
        and can_move(Move.SUBMIT, _status(record))
        and record.window.is_open(now)
        and not assessment.unanswered
    )


def can_answer(record: AssessmentRecord, now: datetime) -> bool:
    """Say whether answers may still be changed."""
    return record.status is not None and can_move(Move.ANSWER, record.status) and record.window.is_open(now)


def _check_record(actor: Actor, record: AssessmentRecord | None) -> AssessmentRecord:
    if record is None:
        raise NotFoundError("There is no such assessment")
    access.check(actor, Deed.SEE_ASSESSMENT, organisation_id=record.organisation_id)
    return record


def _status(record: AssessmentRecord) -> AssessmentStatus:
    if record.status is None:
        raise NotFoundError("There is no such assessment")
    return record.status


def _get_questionnaire(catalogue: Catalogue, record: AssessmentRecord) -> Questionnaire:
    """Give the very version the assessment is answered with, by its hash; never the newest instead of its own."""
    return catalogue.get_by_hash(record.questionnaire_hash)
