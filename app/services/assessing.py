"""What a partner does with an assessment: find it, start it, answer it, submit it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

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
    find_shown,
    find_unanswered,
)
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.questionnaire import Question, Questionnaire
from app.domain.records import AssessmentKey, AssessmentRecord, StoredAnswer
from app.domain.scoring import score
from app.services import Database
from app.store import assessments


@dataclass(frozen=True, slots=True)
class LoadedAssessment:
    """An assessment that was started, with its own questionnaire version and its current answers."""

    key: AssessmentKey
    record: AssessmentRecord
    questionnaire: Questionnaire
    stored: Mapping[str, StoredAnswer]

    @property
    def answers(self) -> dict[str, Answer]:
        """Question id -> current answer."""
        return {question: stored.answer for question, stored in self.stored.items()}

    @property
    def shown(self) -> tuple[Question, ...]:
        """The questions that no condition hides, in order."""
        shown = find_shown(self.questionnaire, self.answers)
        return tuple(question for question in self.questionnaire.questions if question.id in shown)

    def get_question(self, question_id: str) -> Question:
        """Give a question that is shown; raises `NotFoundError`."""
        for question in self.shown:
            if question.id == question_id:
                return question
        raise NotFoundError("There is no such question")

    def find_next(self, question_id: str) -> Question | None:
        """Give the question shown after one that is shown."""
        place = self.shown.index(self.questionnaire.questions_by_id[question_id])
        return next(iter(self.shown[place + 1 :]), None)

    def find_previous(self, question_id: str) -> Question | None:
        """Give the question shown before one that is shown."""
        place = self.shown.index(self.questionnaire.questions_by_id[question_id])
        return self.shown[place - 1] if place else None

    @property
    def unanswered(self) -> tuple[Question, ...]:
        """The questions shown that have no answer, in order: where to go on, on any device."""
        return find_unanswered(self.questionnaire, self.answers)


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer was stored; the assessment as it is now."""

    assessment: LoadedAssessment


@dataclass(frozen=True, slots=True)
class Conflict:
    """A colleague saved this answer first. Nothing was stored; both are here to choose from."""

    assessment: LoadedAssessment
    theirs: StoredAnswer


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
    """Give the assessment an organisation may make, started or not; raises `NotFoundError`."""
    with database.reading() as session:
        return _check_record(actor, assessments.find_invitation(session, partnership_id, round_id, organisation_id))


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

    Raises `NotFoundError` where the actor may not, and `NotAllowedNowError` outside the round's window.
    """
    with database.writing() as session:
        record = _check_record(actor, assessments.find_invitation(session, partnership_id, round_id, organisation_id))
        if record.assessment_id is not None:
            return AssessmentKey(partnership_id, record.assessment_id)
        access.check(actor, Deed.ANSWER, organisation_id=organisation_id)
        record.window.check_open(now)
        _get_questionnaire(catalogue, record)
        started = assessments.add_assessment(session, record, actor.person_id, now)
        if started is None:  # a colleague was quicker by a moment
            theirs = assessments.find_invitation(session, partnership_id, round_id, organisation_id)
            started = _check_record(actor, theirs).assessment_id
        if started is None:
            raise NotFoundError("There is no such assessment")
        return AssessmentKey(partnership_id, started)


def get_assessment(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey) -> LoadedAssessment:
    """Give an assessment with its current answers; raises `NotFoundError` where the actor may not know of it."""
    with database.reading() as session:
        record = _check_record(actor, assessments.find_record(session, key))
        stored = assessments.list_current_answers(session, key)
    return LoadedAssessment(key, record, _get_questionnaire(catalogue, record), stored)


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

    The same answer sent twice by the same person is stored once. Raises `NotFoundError` where the actor may not, and
    `NotAllowedNowError` once the assessment is submitted or its round closed.
    """
    with database.writing() as session:
        record = _check_record(actor, assessments.lock_record(session, key, alone=False))
        check_move(Move.ANSWER, _status(record))
        record.window.check_open(now)
        stored = assessments.list_current_answers(session, key)
        assessment = LoadedAssessment(key, record, _get_questionnaire(catalogue, record), stored)
        faults = find_answer_faults(assessment.questionnaire, assessment.get_question(question_id), given)
        if faults:
            return Refused(assessment, faults)
        current = stored.get(question_id)
        if _is_same(current, given, actor):
            return Saved(assessment)
        if (current.version if current else 0) == seen_version and assessments.add_answer_version(
            session, key, question_id, seen_version + 1, given, actor.person_id, now
        ):
            mine = StoredAnswer(given, seen_version + 1, actor.name, actor.person_id, now)
            return Saved(replace(assessment, stored={**stored, question_id: mine}))
        stored = assessments.list_current_answers(session, key)
        assessment = replace(assessment, stored=stored)
        if _is_same(stored.get(question_id), given, actor):  # a second click was quicker
            return Saved(assessment)
        if question_id not in stored:
            raise NotAllowedNowError("This answer was not saved: the page is of another time. Open the question again")
        return Conflict(assessment, stored[question_id])


def _is_same(current: StoredAnswer | None, given: Answer, actor: Actor) -> bool:
    return current is not None and current.answer == given and current.author_id == actor.person_id


def submit(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, now: datetime) -> None:
    """Submit what is stored, and freeze answers and scores with it, in one transaction.

    Raises `NotFoundError` where the actor may not, and `NotAllowedNowError` with answers missing or the round closed.
    """
    with database.writing() as session:
        record = _check_record(actor, assessments.lock_record(session, key, alone=True))
        access.check(actor, Deed.SUBMIT, organisation_id=record.organisation_id)
        if record.status is AssessmentStatus.SUBMITTED:
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
