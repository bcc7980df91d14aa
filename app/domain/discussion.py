"""What a partnership should talk about, and in which order: where it differs, what it cannot see, what is missing.

Each question is there once, for the first reason that it has.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from app.domain.assessment import Answers
from app.domain.gaps import GapReport
from app.domain.questionnaire import DONT_KNOW, Question, Questionnaire
from app.domain.scoring import QuestionScore, QuestionState

FIRST_GAPS: Final = 5
"""How many gaps are on the list besides."""
FEWEST_UNSEEN: Final = 2
"""Don't knows that it takes, besides being half of the answers, to say that partners cannot see something."""
ANSWERED: Final = frozenset({QuestionState.SCORED, QuestionState.DONT_KNOW, QuestionState.NOT_APPLICABLE})


class Reason(StrEnum):
    """Why a question is on the list."""

    CONTESTED = "contested"
    UNSEEN = "unseen"
    GAP = "gap"
    REST = "rest"
    """It is not; a meeting may come to it all the same."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One question to talk about."""

    question: Question
    scored: QuestionScore
    """Of the partnership, as its organisations answered."""
    reason: Reason


def list_topics(report: GapReport, votes: Sequence[Sequence[QuestionScore]]) -> tuple[Topic, ...]:
    """List every question that any organisation was asked, in the order to talk about them.

    First the contested ones, by how far apart answers lie; then those that half or more of the answering organisations
    do not know, by how many; then the first gaps, in their order; then the rest, in that of the questionnaire.
    """
    scores = report.scores.questions
    unseen = {scored.question.id: _count_unseen(position, votes) for position, scored in enumerate(scores)}
    contested = [scored for scored in scores if scored.contested]
    contested.sort(key=lambda scored: -(scored.average_deviation or Fraction(0)))
    not_seen = [scored for scored in scores if unseen[scored.question.id]]
    not_seen.sort(key=lambda scored: -unseen[scored.question.id])
    reasons: dict[str, Reason] = {}
    for reason, found in (
        (Reason.CONTESTED, [scored.question.id for scored in contested]),
        (Reason.UNSEEN, [scored.question.id for scored in not_seen]),
        (Reason.GAP, [gap.question.id for gap in report.gaps[:FIRST_GAPS]]),
        (Reason.REST, [scored.question.id for scored in scores if scored.state is not QuestionState.HIDDEN]),
    ):
        for question in found:
            reasons.setdefault(question, reason)
    by_id = {scored.question.id: scored for scored in scores}
    return tuple(Topic(by_id[question].question, by_id[question], reason) for question, reason in reasons.items())


def _count_unseen(position: int, votes: Sequence[Sequence[QuestionScore]]) -> int:
    """Count the don't knows of a question, where they are enough to say that partners cannot see it; else 0."""
    states = [vote[position].state for vote in votes]
    answered = sum(state in ANSWERED for state in states)
    unknown = states.count(QuestionState.DONT_KNOW)
    return unknown if unknown >= FEWEST_UNSEEN and 2 * unknown >= answered else 0


def list_shared_strengths(report: GapReport, votes: Sequence[Sequence[QuestionScore]]) -> tuple[QuestionScore, ...]:
    """List the questions that every organisation with a score puts at or above target, two or more of them."""
    positions = {question.id: place for place, question in enumerate(report.questionnaire.questions)}
    found = []
    for gap in report.met:
        scores = [vote[positions[gap.question.id]].score for vote in votes]
        given = [score for score in scores if score is not None]
        if len(given) >= FEWEST_UNSEEN and all(score >= gap.target for score in given):
            found.append(gap.scored)
    return tuple(found)


def find_apart(
    questionnaire: Questionnaire, question: Question, answers: dict[str, Answers]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Find who answered a question lowest, who highest, and who does not know: names, each in their order.

    Lowest and highest are empty where fewer than two levels were chosen.
    """
    positions = questionnaire.scale_of(question).positions
    levels = {
        name: positions[given[question.id].choice]
        for name, given in answers.items()
        if question.id in given and given[question.id].choice in positions
    }
    unknown = tuple(
        name for name, given in answers.items() if question.id in given and given[question.id].choice == DONT_KNOW
    )
    if len(set(levels.values())) < 2:  # noqa: PLR2004 - one level, or none, has no two ends
        return (), (), unknown
    low, high = min(levels.values()), max(levels.values())
    return (
        tuple(name for name, level in levels.items() if level == low),
        tuple(name for name, level in levels.items() if level == high),
        unknown,
    )
