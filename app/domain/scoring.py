"""Answers -> a score per question and enabler. The scoring rule, exact; docs/scoring.md states it in words.

Two stages, so that one organisation and a partnership share the second: first each question gets its score, then the
questions of an enabler are weighed into one. Sums run over integers on a common denominator; results are fractions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any, Final, NamedTuple

from app.domain.assessment import Answers, find_shown
from app.domain.exact import Integers, exact_text, over_common_denominator, percentage
from app.domain.questionnaire import (
    DONT_KNOW,
    NOT_APPLICABLE,
    Band,
    Enabler,
    Framework,
    Question,
    Questionnaire,
    Rules,
)

ZERO: Final = Fraction(0)


class QuestionState(StrEnum):
    """What became of a question. `insufficient` only in a partnership: too few organisations gave it a level."""

    SCORED = "scored"
    DONT_KNOW = "dont-know"
    NOT_APPLICABLE = "not-applicable"
    UNANSWERED = "unanswered"
    HIDDEN = "hidden"
    INSUFFICIENT = "insufficient"


NOT_COUNTED = frozenset({QuestionState.NOT_APPLICABLE, QuestionState.HIDDEN})
"""States in which a question is out of the arithmetic; in all others it is applicable."""


class CoverageStatus(StrEnum):
    """How much of an enabler was answered with a level."""

    FULL = "full"
    PROVISIONAL = "provisional"
    INSUFFICIENT = "insufficient"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """One question of one organisation, or of a partnership."""

    question: Question
    state: QuestionState
    score: Fraction | None = None
    """0 to 100, exact; `None` unless scored."""
    organisations: int = 0
    """How many organisations gave it a level."""
    average_deviation: Fraction | None = None
    """Mean distance of the organisations' scores from their mean, in points; `None` with fewer than two."""
    contested: bool = False
    agreed: bool = False
    """Whether the score is a level that the partners agreed, in the place of the mean."""


@dataclass(frozen=True, slots=True)
class EnablerSums:
    """The sums that a score and a coverage are made of, kept as integers over common denominators."""

    weighted_whole: int
    scored_whole: int
    applicable_whole: int
    weight_denominator: int
    score_denominator: int

    @property
    def weighted_total(self) -> Fraction:
        """Σ(weight × score) over scored questions."""
        return Fraction(self.weighted_whole, self.weight_denominator * self.score_denominator)

    @property
    def scored_weight(self) -> Fraction:
        """Σ(weight) over scored questions."""
        return Fraction(self.scored_whole, self.weight_denominator)

    @property
    def applicable_weight(self) -> Fraction:
        """Σ(weight) over applicable questions."""
        return Fraction(self.applicable_whole, self.weight_denominator)


@dataclass(frozen=True, slots=True)
class EnablerScore:
    """One enabler, with the sums that its score and coverage are made of."""

    enabler: Enabler
    score: Fraction | None
    """0 to 100, exact; `None` where coverage is insufficient or nothing is applicable."""
    band: Band | None
    coverage: Fraction | None
    """Per cent of the applicable weight that has a score; `None` where no weight is applicable."""
    coverage_status: CoverageStatus
    dont_know_share: Fraction | None
    """Per cent of the applicable weight answered with don't know; `None` where no weight is applicable."""
    not_applicable: int
    """How many of its questions are not applicable."""
    capped_by: tuple[Question, ...]
    """Scored critical questions that hold the band at the cap, in order; empty without a score."""
    sums: EnablerSums

    @property
    def barrier(self) -> bool:
        """Whether the enabler is named a barrier."""
        return self.band is not None and self.band.barrier


@dataclass(frozen=True, slots=True)
class Scores:
    """All questions in their order, and all enablers of the framework in theirs."""

    questionnaire: Questionnaire
    questions: tuple[QuestionScore, ...]
    enablers: tuple[EnablerScore, ...]
    values: Integers
    """The questions' scores as integers, zero where there is none: what sums and comparisons run over."""


def score(questionnaire: Questionnaire, answers: Answers) -> Scores:
    """Score one organisation's answers."""
    return weigh_questions(questionnaire, score_questions(questionnaire, answers))


def score_questions(questionnaire: Questionnaire, answers: Answers) -> tuple[QuestionScore, ...]:
    """Give each question its state and score, in questionnaire order."""
    shown = find_shown(questionnaire, answers)
    return tuple(
        (marks[answers[question].choice] if question in answers else unanswered) if question in shown else hidden
        for question, (marks, unanswered, hidden) in _marking(questionnaire).items()
    )


class _Marks(NamedTuple):
    """What can become of one question of one organisation."""

    by_choice: Mapping[str, QuestionScore]
    unanswered: QuestionScore
    hidden: QuestionScore


@lru_cache(maxsize=64)
def _marking(questionnaire: Questionnaire) -> Mapping[str, _Marks]:
    """Give the marking table, question id -> marks: a questionnaire has only so many, so each is made once."""
    return {
        question.id: _mark(question, questionnaire.scale_of(question).scores) for question in questionnaire.questions
    }


def _mark(question: Question, scores: Mapping[str, Fraction]) -> _Marks:
    by_choice = {
        level: QuestionScore(question, QuestionState.SCORED, score, organisations=1) for level, score in scores.items()
    }
    by_choice[DONT_KNOW] = QuestionScore(question, QuestionState.DONT_KNOW)
    by_choice[NOT_APPLICABLE] = QuestionScore(question, QuestionState.NOT_APPLICABLE)
    return _Marks(
        by_choice,
        unanswered=QuestionScore(question, QuestionState.UNANSWERED),
        hidden=QuestionScore(question, QuestionState.HIDDEN),
    )


@dataclass(slots=True)
class _Tally:
    """The running sums of one enabler, as integers over common denominators."""

    weighted_total: int = 0
    scored_weight: int = 0
    applicable_weight: int = 0
    dont_know_weight: int = 0
    applicable: int = 0
    not_applicable: int = 0
    capping: list[Question] = field(default_factory=list)


def weigh_questions(questionnaire: Questionnaire, questions: tuple[QuestionScore, ...]) -> Scores:
    """Weigh question scores, in questionnaire order, into a score per enabler of the framework, in its order."""
    critical_below = questionnaire.framework.rules.critical_below
    weights = questionnaire.weights
    scores = over_common_denominator([ZERO if question.score is None else question.score for question in questions])
    tallies = {enabler.id: _Tally() for enabler in questionnaire.framework.enablers}
    for question, enabler, weight, value in zip(
        questions, questionnaire.enablers_asked, weights.whole, scores.whole, strict=True
    ):
        tally = tallies[enabler]
        if question.state is QuestionState.NOT_APPLICABLE:
            tally.not_applicable += 1
        elif question.state is not QuestionState.HIDDEN:
            tally.applicable += 1
            tally.applicable_weight += weight
            if question.score is not None:
                tally.scored_weight += weight
                tally.weighted_total += weight * value
                if question.question.critical and question.score < critical_below:
                    tally.capping.append(question.question)
            elif question.state is QuestionState.DONT_KNOW:
                tally.dont_know_weight += weight
    enablers = tuple(
        _weigh(questionnaire, enabler, tallies[enabler.id], weights.denominator, scores.denominator)
        for enabler in questionnaire.framework.enablers
    )
    return Scores(questionnaire, questions, enablers, scores)


def _weigh(
    questionnaire: Questionnaire, enabler: Enabler, tally: _Tally, weight_denominator: int, score_denominator: int
) -> EnablerScore:
    coverage = percentage(tally.scored_weight, tally.applicable_weight)
    status = _find_coverage_status(questionnaire.framework.rules, tally, coverage)
    has_score = status in {CoverageStatus.FULL, CoverageStatus.PROVISIONAL}
    value = Fraction(tally.weighted_total, tally.scored_weight * score_denominator) if has_score else None
    capped_by = tuple(tally.capping) if has_score else ()
    return EnablerScore(
        enabler=enabler,
        score=value,
        band=None if value is None else _find_band(questionnaire.framework, value, capped=bool(capped_by)),
        coverage=coverage,
        coverage_status=status,
        dont_know_share=percentage(tally.dont_know_weight, tally.applicable_weight),
        not_applicable=tally.not_applicable,
        capped_by=capped_by,
        sums=EnablerSums(
            tally.weighted_total, tally.scored_weight, tally.applicable_weight, weight_denominator, score_denominator
        ),
    )


def _find_coverage_status(rules: Rules, tally: _Tally, coverage: Fraction | None) -> CoverageStatus:
    if not tally.applicable:
        return CoverageStatus.NOT_APPLICABLE
    if coverage is None or not tally.scored_weight:
        return CoverageStatus.INSUFFICIENT
    if coverage >= rules.full_coverage:
        return CoverageStatus.FULL
    return CoverageStatus.PROVISIONAL if coverage >= rules.provisional_coverage else CoverageStatus.INSUFFICIENT


def _find_band(framework: Framework, value: Fraction, *, capped: bool) -> Band:
    band = framework.band_of(value)
    if not capped:
        return band
    cap = framework.band_positions[framework.rules.critical_cap]
    return framework.bands[min(framework.band_positions[band.id], cap)]


def summarise_scores(scores: Scores) -> dict[str, Any]:
    """Give the exact scores as JSON values, numbers as `n/d`: what is frozen, and a recomputation is held to."""
    return {
        "enablers": {
            enabler.enabler.id: {
                "score": exact_text(enabler.score),
                "band": enabler.band.id if enabler.band else None,
                "coverage": exact_text(enabler.coverage),
                "coverage_status": enabler.coverage_status.value,
            }
            for enabler in scores.enablers
        },
        "questions": {
            question.question.id: {"state": question.state.value, "score": exact_text(question.score)}
            for question in scores.questions
        },
    }
