"""Last round's answers: shown beside a question without an answer, and confirmed one by one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.catalogue import Catalogue, QuestionnaireMissingError
from app.domain.access import Actor
from app.domain.carrying import Carried, Source, find_changed, find_proposals
from app.domain.errors import NotAllowedNowError
from app.domain.loaded import LoadedAssessment
from app.domain.questionnaire import Question
from app.domain.records import AssessmentKey, AssessmentRecord
from app.services import Database, assessing
from app.services.acting import acting
from app.services.assessing import Conflict, Saved
from app.store import assessments, carrying, given_sections


@dataclass(frozen=True, slots=True)
class OpenedQuestion:
    """One question of an assessment with what stands beside it."""

    assessment: LoadedAssessment
    question: Question
    comments: int
    """How many comments there are."""
    files: int
    """How many files show the answer to be true."""
    carried: Carried | None
    """The answer of an earlier round that waits to be confirmed."""
    changed: Source | None
    """Where the question was answered before it changed."""


@dataclass(frozen=True, slots=True)
class OpenedTasks:
    """An assessment, and which of its questions shown have an answer of an earlier round that waits."""

    assessment: LoadedAssessment
    waiting: frozenset[str]


def open_question(
    database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, question_id: str
) -> OpenedQuestion:
    """Give one question that is shown; raises `NotFoundError` where the actor may not know of it. Four statements."""
    with database.reading() as session:
        record = assessing.get_record(session, actor, key)
        stored = assessments.list_current_answers(session, key)
        given, comments, files = given_sections.find_sharing(session, key, question_id)
        questionnaire = catalogue.get_by_hash(record.questionnaire_hash)
        assessment = LoadedAssessment(key, record, questionnaire, stored, given)
        question = assessment.get_question(question_id)
        sources = () if question_id in stored else _list_sources(session, catalogue, record)
    carried = find_proposals(assessment.questionnaire, sources).get(question_id)
    changed = None if carried else find_changed(question, sources)
    return OpenedQuestion(assessment, question, comments, files, carried, changed)


def open_tasks(database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey) -> OpenedTasks:
    """Give an assessment with what waits to be confirmed; raises `NotFoundError`. Four statements."""
    with database.reading() as session:
        assessment = assessing.load(session, catalogue, actor, key)
        sources = _list_sources(session, catalogue, assessment.record) if assessment.unanswered else ()
    proposed = find_proposals(assessment.questionnaire, sources)
    return OpenedTasks(assessment, frozenset(each.id for each in assessment.unanswered if each.id in proposed))


def confirm(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    question_id: str,
    mark: str,
    now: datetime,
) -> Saved | Conflict:
    """Store the answer of an earlier round as this one's, unchanged; `mark` is that of the proposal that was seen.

    Whoever answered meanwhile is not overwritten. Raises what `assessing.answer` does, and `NotAllowedNowError` where
    there is no such proposal any more.
    """
    with acting(database, actor) as session:
        assessment = assessing.load_to_answer(session, catalogue, actor, key, question_id, now)
        sources = _list_sources(session, catalogue, assessment.record)
        carried = find_proposals(assessment.questionnaire, sources).get(question_id)
        if carried is None or carried.mark != mark:
            raise NotAllowedNowError(
                "The answer of the earlier round is no longer the one that you saw. Open the question again"
            )
        return assessing.store_answer(session, assessment, actor, question_id, carried.answer, 0, now, carried=carried)


def _list_sources(session: Session, catalogue: Catalogue, record: AssessmentRecord) -> tuple[Source, ...]:
    """List where answers may come from. What was answered with a version that is no longer installed stays behind."""
    sources = []
    for earlier in carrying.list_earlier(session, record):
        try:
            questionnaire = catalogue.get_by_hash(earlier.questionnaire_hash)
        except QuestionnaireMissingError:
            continue
        sources.append(
            Source(
                assessment_id=earlier.assessment_id,
                round=earlier.round,
                organisation=earlier.organisation,
                is_own=earlier.is_own,
                questionnaire=questionnaire,
                answers=earlier.answers,
                answered_at=earlier.answered_at,
            )
        )
    return tuple(sources)
