"""An action beside the change in its question, from the round it was made in to a later one. Exact and pure."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from app.domain.actions import ActionRecord
from app.domain.partnership_report import PartnershipReport

TOO_LITTLE: Final = Fraction(10)
"""Points. A change of less is too little to call."""


class Comparison(StrEnum):
    """Whether two rounds can be compared in one question, and what came of it; or why they cannot."""

    HIGHER = "higher"
    LOWER = "lower"
    TOO_LITTLE = "too-little"
    NO_LATER_ROUND = "no-later-round"
    NOT_ASKED = "not-asked"
    OTHER_MEANING = "other-meaning"
    NO_SCORE_THEN = "no-score-then"
    NO_SCORE_NOW = "no-score-now"


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """The score of an action's question then and now, in points; as agreed where a level was agreed, else the mean."""

    comparison: Comparison
    then_round: str
    now_round: str
    then: Fraction | None = None
    now: Fraction | None = None

    @property
    def difference(self) -> Fraction | None:
        """now − then; `None` where they cannot be compared."""
        return None if self.then is None or self.now is None else self.now - self.then


def compare_action(action: ActionRecord, made_in: PartnershipReport, later: PartnershipReport) -> QuestionChange:
    """Set an action beside the change in its question. Comparable only if id and meaning of the question are the same.

    Scores are given only where they can be compared.
    """
    rounds = made_in.together.round, later.together.round
    if made_in.together.round_id == later.together.round_id:
        return QuestionChange(Comparison.NO_LATER_ROUND, *rounds)
    asked = made_in.questionnaire.questions_by_id.get(action.question_id)
    asked_now = later.questionnaire.questions_by_id.get(action.question_id)
    if asked is None or asked_now is None:
        return QuestionChange(Comparison.NOT_ASKED, *rounds)
    if asked.meaning != asked_now.meaning:
        return QuestionChange(Comparison.OTHER_MEANING, *rounds)
    then, now = _find_score(made_in, action.question_id), _find_score(later, action.question_id)
    if then is None:
        return QuestionChange(Comparison.NO_SCORE_THEN, *rounds)
    if now is None:
        return QuestionChange(Comparison.NO_SCORE_NOW, *rounds)
    return QuestionChange(_call(now - then), *rounds, then, now)


def _call(difference: Fraction) -> Comparison:
    if abs(difference) < TOO_LITTLE:
        return Comparison.TOO_LITTLE
    return Comparison.HIGHER if difference > 0 else Comparison.LOWER


def _find_score(report: PartnershipReport, question_id: str) -> Fraction | None:
    questions = report.settled.scores.questions
    return next((each.score for each in questions if each.question.id == question_id), None)
