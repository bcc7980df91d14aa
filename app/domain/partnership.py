"""Many organisations' answers -> one report of the same kind. One organisation, one vote, whatever its size."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from app.domain.assessment import Answers
from app.domain.exact import mean, percentage
from app.domain.gaps import GapReport, report_gaps
from app.domain.questionnaire import Question, Questionnaire
from app.domain.scoring import (
    NOT_COUNTED,
    CoverageStatus,
    EnablerScore,
    QuestionScore,
    QuestionState,
    Scores,
    score_questions,
    weigh_questions,
)

CONTESTABLE_FROM = 3
"""Organisations with a score that a question needs before it can be called contested."""
ANSWERED = frozenset({QuestionState.SCORED, QuestionState.DONT_KNOW, QuestionState.NOT_APPLICABLE})


def make_partnership_report(
    questionnaire: Questionnaire, organisations: Mapping[str, Answers], targets: Sequence[Fraction] | None = None
) -> GapReport:
    """Score a partnership: organisation name -> its answers."""
    votes = [score_questions(questionnaire, answers) for answers in organisations.values()]
    return report_gaps(score_partnership(questionnaire, votes), targets, organisations=len(votes))


def score_partnership(questionnaire: Questionnaire, votes: Sequence[Sequence[QuestionScore]]) -> Scores:
    """Put the question scores of several organisations together, each in questionnaire order."""
    return score_columns(
        questionnaire, [[vote[place] for vote in votes] for place in range(len(questionnaire.questions))]
    )


def score_columns(questionnaire: Questionnaire, columns: Sequence[Sequence[QuestionScore]]) -> Scores:
    """Do the same from the votes on each question, in questionnaire order; those on one may stand in any order."""
    questions = tuple(
        _score_question(questionnaire, question, column)
        for question, column in zip(questionnaire.questions, columns, strict=True)
    )
    scores = weigh_questions(questionnaire, questions)
    enablers = tuple(
        replace(enabler, dont_know_share=_dont_know_share(questionnaire, enabler, columns))
        for enabler in scores.enablers
    )
    return replace(scores, enablers=enablers)


def score_agreed(
    questionnaire: Questionnaire, votes: Sequence[Sequence[QuestionScore]], agreed: Mapping[str, str]
) -> Scores:
    """Put the agreed level in the place of the mean where there is one: question id -> level id.

    What the organisations answered is as before: how many scored it, how far they lie apart, and what they do not know.
    """
    scores = score_partnership(questionnaire, votes)
    questions = tuple(
        replace(
            question,
            state=QuestionState.SCORED,
            score=questionnaire.scale_of(question.question).scores[agreed[question.question.id]],
            agreed=True,
        )
        if question.question.id in agreed
        else question
        for question in scores.questions
    )
    settled = weigh_questions(questionnaire, questions)
    shares = {enabler.enabler.id: enabler.dont_know_share for enabler in scores.enablers}
    enablers = tuple(replace(enabler, dont_know_share=shares[enabler.enabler.id]) for enabler in settled.enablers)
    return replace(settled, enablers=enablers)


def _score_question(questionnaire: Questionnaire, question: Question, votes: Sequence[QuestionScore]) -> QuestionScore:
    scores = [vote.score for vote in votes if vote.score is not None]
    answered = sum(vote.state in ANSWERED for vote in votes)
    not_applicable = sum(vote.state is QuestionState.NOT_APPLICABLE for vote in votes)
    deviation = find_average_deviation(scores)

    if all(vote.state is QuestionState.HIDDEN for vote in votes):
        state = QuestionState.HIDDEN
    elif 2 * not_applicable > answered:
        state = QuestionState.NOT_APPLICABLE
    elif len(scores) < questionnaire.framework.rules.minimum_organisations:
        state = QuestionState.INSUFFICIENT
    else:
        state = QuestionState.SCORED
    return QuestionScore(
        question=question,
        state=state,
        score=mean(scores) if state is QuestionState.SCORED else None,
        organisations=len(scores),
        average_deviation=deviation,
        contested=_is_contested(deviation, len(scores), len(questionnaire.scale_of(question).levels)),
    )


def find_average_deviation(scores: Sequence[Fraction]) -> Fraction | None:
    """Give the mean of |score − mean| in points (Burke and Dunlap, 2002); `None` with fewer than two scores."""
    if len(scores) < 2:  # noqa: PLR2004 - a spread takes two
        return None
    middle = mean(scores)
    return mean(abs(score - middle) for score in scores)


def find_rwg(places: Sequence[int], levels: int) -> Fraction | None:
    """Give rwg of the levels that organisations chose, each by its place on a scale; `None` with fewer than two.

    1 − min(s², e) ÷ e, where s² is the n − 1 variance and e = (A² − 1) ÷ 12 that of answers spread evenly over A levels
    (James, Demaree and Wolf, 1984). 1 where all agree; 0 where they differ as much as by chance, or more.
    """
    if len(places) < 2:  # noqa: PLR2004 - a variance takes two
        return None
    middle = Fraction(sum(places), len(places))
    variance = sum(((place - middle) ** 2 for place in places), Fraction(0)) / (len(places) - 1)
    by_chance = Fraction(levels**2 - 1, 12)
    return 1 - min(variance, by_chance) / by_chance


def _is_contested(deviation: Fraction | None, scores: int, levels: int) -> bool:
    return deviation is not None and scores >= CONTESTABLE_FROM and deviation >= contested_bound(levels)


def contested_bound(levels: int) -> Fraction:
    """Give 100 × A / (6 × (A − 1)), the A/6 rule of Burke and Dunlap brought to the 0 to 100 scale."""
    return Fraction(100 * levels, 6 * (levels - 1))


def _dont_know_share(
    questionnaire: Questionnaire, enabler: EnablerScore, columns: Sequence[Sequence[QuestionScore]]
) -> Fraction | None:
    """Give the share over organisations of what each of them sees as applicable."""
    if enabler.coverage_status is CoverageStatus.NOT_APPLICABLE:
        return None
    applicable = dont_know = 0
    for column, asked, weight in zip(columns, questionnaire.enablers_asked, questionnaire.weights.whole, strict=True):
        if asked == enabler.enabler.id:
            applicable += weight * sum(vote.state not in NOT_COUNTED for vote in column)
            dont_know += weight * sum(vote.state is QuestionState.DONT_KNOW for vote in column)
    return percentage(dont_know, applicable)
