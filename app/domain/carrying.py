"""Answers of an earlier round that come forward: proposed where the question still asks the same, never counted.

An answer is proposed to whoever answers now; until somebody confirms it, it is no answer.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from app.domain.assessment import Answer, Answers, find_answer_faults, find_shown
from app.domain.questionnaire import Question, Questionnaire


@dataclass(frozen=True, slots=True)
class Source:
    """An earlier assessment that answers may come from, with the version it was answered with."""

    assessment_id: UUID
    round: str
    organisation: str
    is_own: bool
    """Whether it is the organisation's own; else it is that of one it has replaced."""
    questionnaire: Questionnaire
    answers: Answers
    answered_at: Mapping[str, datetime]
    """Question id -> when it was submitted or, where it never was, answered."""


@dataclass(frozen=True, slots=True)
class Carried:
    """An answer that waits to be confirmed, and where it comes from."""

    answer: Answer
    source: Source
    answered_at: datetime

    @property
    def mark(self) -> str:
        """What tells this proposal from any other: a page carries it, so that nobody confirms what they did not see."""
        content = json.dumps([str(self.source.assessment_id), asdict(self.answer)])
        return hashlib.sha256(content.encode()).hexdigest()


def find_carried(old: Questionnaire, new: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """Give the answers to the old version that can be proposed in the new one: question id -> answer.

    The questionnaire, the question's id and its meaning have to be the same, and what was chosen still on offer. An
    answer that a condition hid is none.
    """
    if old.id != new.id:
        return {}
    asked = find_shown(old, answers)
    carried = {}
    for question in new.questions:
        answer = answers.get(question.id)
        if question.id not in asked or answer is None or old.questions_by_id[question.id].meaning != question.meaning:
            continue
        if answer.evidence_kind not in new.framework.evidence_labels:
            answer = replace(answer, evidence_kind="")
        if not find_answer_faults(new, question, answer):
            carried[question.id] = answer
    return carried


def find_proposals(new: Questionnaire, sources: Sequence[Source]) -> dict[str, Carried]:
    """Give what is proposed for each question: by the first of the sources that has something to propose."""
    proposals: dict[str, Carried] = {}
    for source in sources:
        for question, answer in find_carried(source.questionnaire, new, source.answers).items():
            proposals.setdefault(question, Carried(answer, source, source.answered_at[question]))
    return proposals


def find_changed(question: Question, sources: Sequence[Source]) -> Source | None:
    """Find the first source that answered a question which nothing is proposed for: it asks something else now."""
    return next(
        (
            source
            for source in sources
            if question.id in source.answers and question.id in find_shown(source.questionnaire, source.answers)
        ),
        None,
    )
