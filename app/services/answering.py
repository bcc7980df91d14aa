"""Answering many questions at once, all of them or none: what another system does with an assessment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from app.catalogue import Catalogue
from app.domain import access
from app.domain.access import Actor
from app.domain.assessment import Answer, AnswerFault, find_answer_faults
from app.domain.loaded import LoadedAssessment
from app.domain.records import AssessmentKey, StoredAnswer
from app.services import Database
from app.services.acting import acting
from app.services.assessing import Conflict, hold, store_answer


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer, and the version that whoever gives it has seen; 0 for none."""

    answer: Answer
    seen_version: int


@dataclass(frozen=True, slots=True)
class Obstacles:
    """What stands against some answers, by question. Whoever is told of any has to undo the unit of work."""

    faults: Mapping[str, tuple[AnswerFault, ...]]
    """What is wrong with them."""
    stale: Mapping[str, StoredAnswer | None]
    """What is there instead of the version that was seen; `None` for nothing."""


def answer_all(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    given: Mapping[str, GivenAnswer],
    now: datetime,
) -> Obstacles:
    """Store answers to questions of an assessment, each as the version after the one that was seen.

    A question that a condition hides takes one as well: it is kept, and does not count. The same answer sent twice by
    the same person is stored once. Raises `NotFoundError` where the actor may not know of the assessment,
    `NotAllowedError` where a section is not theirs to answer, and `NotAllowedNowError` once it is submitted or closed.
    """
    faults: dict[str, tuple[AnswerFault, ...]] = {}
    stale: dict[str, StoredAnswer | None] = {}
    with acting(database, actor) as session:
        # Alone: while one answer waits for another's commit, the audit must not be held for those that come after it.
        assessment = hold(session, catalogue, actor, key, now, alone=True)
        for question_id, each in given.items():
            _check_right(actor, assessment, question_id)
            question = assessment.questionnaire.questions_by_id[question_id]
            if found := find_answer_faults(assessment.questionnaire, question, each.answer):
                faults[question_id] = found
            elif question_id not in assessment.stored and each.seen_version:
                stale[question_id] = None
            else:
                stored = store_answer(session, assessment, actor, question_id, each.answer, each.seen_version, now)
                if isinstance(stored, Conflict):
                    stale[question_id] = stored.theirs
    return Obstacles(faults, stale)


def _check_right(actor: Actor, assessment: LoadedAssessment, question_id: str) -> None:
    access.check_answer(actor, assessment.record.organisation_id, assessment.find_holder(question_id))
