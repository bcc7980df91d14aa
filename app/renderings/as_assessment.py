"""An assessment for machines: where it stands, and its answers as they are written in an answers file."""

from dataclasses import replace
from typing import Any, Final

from app.domain.assessment import Answer
from app.domain.loaded import LoadedAssessment
from app.domain.questionnaire import NOT_APPLICABLE
from app.domain.records import AssessmentRecord, StoredAnswer
from app.renderings.as_result import write_time

NOT_STARTED: Final = "not-started"
LEFT_OUT: Final = "(left out)"
"""Instead of the reason why a question does not apply, which an answer cannot be without."""


def summarise(record: AssessmentRecord) -> dict[str, Any]:
    """Say where an assessment stands, in ids, numbers and times: without anybody's words."""
    return {
        "id": str(record.assessment_id) if record.assessment_id else None,
        "partnership": str(record.partnership_id),
        "round": str(record.round_id),
        "organisation": str(record.organisation_id),
        "status": str(record.status or NOT_STARTED),
        "submissions": record.submissions,
        "submitted_at": write_time(record.submitted_at) if record.submitted_at else None,
        "signed_off_at": write_time(record.signed_off_at) if record.signed_off_at else None,
        "opens_at": write_time(record.window.opens_at),
        "closes_at": write_time(record.window.ends_at),
        "questionnaire": {
            "id": record.questionnaire_id,
            "version": record.questionnaire_version,
            "hash": record.questionnaire_hash,
        },
    }


def describe(assessment: LoadedAssessment, *, with_words: bool) -> dict[str, Any]:
    """Give an assessment with its current answers, in the order of the questionnaire."""
    stored = assessment.stored
    return {
        **summarise(assessment.record),
        "answers": {
            question.id: describe_answer(stored[question.id], with_words=with_words)
            for question in assessment.questionnaire.questions
            if question.id in stored
        },
        "unanswered": [question.id for question in assessment.unanswered],
    }


def describe_answer(stored: StoredAnswer, *, with_words: bool = True) -> dict[str, Any]:
    """Give a stored answer, and whose it is; or without what people wrote and are called."""
    answer = stored.answer if with_words else replace(stored.answer, reason=LEFT_OUT)
    return {
        "answer": write_answer(answer),
        "note": answer.note if with_words else None,
        "evidence_kind": answer.evidence_kind,
        "evidence_link": answer.evidence_link if with_words else None,
        "version": stored.version,
        "answered_by": stored.author if with_words else None,
        "answered_at": write_time(stored.answered_at),
    }


def write_answer(answer: Answer) -> str | dict[str, str]:
    """Write the choice of an answer as an answers file has it."""
    return {NOT_APPLICABLE: answer.reason} if answer.choice == NOT_APPLICABLE else answer.choice
