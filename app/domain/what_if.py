"""Which few questions, raised one level, close most of the weighted gap within an effort. Exact and pure.

Raising a question one level: where a level was agreed, the next level stands in its place. Otherwise every organisation
that chose a level goes up to the next one, those at the top stay, and the score is the mean of what they have then.
Whoever has no level on it stays without, and questions that a higher level would open are left out: all else is as it
was answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.exact import mean, over_common_denominator
from app.domain.gaps import Gap, GapReport, set_against
from app.domain.questionnaire import Level, Question, Scale
from app.domain.scoring import ZERO, QuestionScore, Scores, weigh_questions

LEAST_EFFORT: Final = 1
MOST_EFFORT: Final = 5
USUAL_EFFORT: Final = 2
"""What raising a question takes where the partnership has not said."""


@dataclass(frozen=True, slots=True)
class Move:
    """One level before and after; the same where it was at the top."""

    vote: int | None
    """Whose: the place among the votes; `None` for the level that was agreed."""
    before: Level
    after: Level


@dataclass(frozen=True, slots=True)
class Raise:
    """One question raised by one level."""

    now: Gap
    """As it stands."""
    then: Gap
    """As it would stand."""
    moves: tuple[Move, ...]

    @property
    def question(self) -> Question:
        """The question."""
        return self.now.question

    @property
    def gain(self) -> Fraction:
        """weight × (gap before − gap after), in points of weighted gap."""
        return self.now.priority - self.then.priority


@dataclass(frozen=True, slots=True)
class Choice:
    """The questions to raise within an effort."""

    raises: tuple[Raise, ...]
    """In the order of the candidates."""
    effort: int
    """What they take together; at most the budget."""
    gain: Fraction
    """What they close together, in points of weighted gap."""


def find_raises(
    report: GapReport, votes: Sequence[Sequence[QuestionScore]], agreed: Mapping[str, str] | None = None
) -> tuple[Raise, ...]:
    """Give the questions that close some weighted gap when they are raised one level, in questionnaire order.

    `votes` are the question scores of each organisation; of one organisation, the only one. `agreed` is question id ->
    level id, for a report in which agreed levels stand in the place of the means.
    """
    under = {gap.question.id: gap for gap in report.gaps}
    found = (
        _raise(report, under[question.id], position, votes, agreed or {})
        for position, question in enumerate(report.questionnaire.questions)
        if question.id in under
    )
    return tuple(each for each in found if each.gain > 0)


def _raise(
    report: GapReport, gap: Gap, position: int, votes: Sequence[Sequence[QuestionScore]], agreed: Mapping[str, str]
) -> Raise:
    scale = report.questionnaire.scale_of(gap.question)
    moves: tuple[Move, ...]
    if gap.question.id in agreed:
        moves = (_move(None, scale, scale.positions[agreed[gap.question.id]]),)
    else:
        scores = [vote[position].score for vote in votes]
        places = {score: place for place, score in enumerate(scale.scores.values())}
        moves = tuple(_move(vote, scale, places[score]) for vote, score in enumerate(scores) if score is not None)
    after = mean(scale.scores[move.after.id] for move in moves)
    return Raise(gap, set_against(gap.scored, after, gap.target), moves)


def _move(vote: int | None, scale: Scale, place: int) -> Move:
    return Move(vote, scale.levels[place], scale.levels[min(place + 1, len(scale.levels) - 1)])


def choose_raises(raises: Sequence[Raise], efforts: Mapping[str, int], budget: int) -> Choice:
    """Choose the questions with the largest gain whose efforts add up to no more than the budget.

    Of several such sets the one that takes least effort; then the one of fewest questions; then the one whose first
    question, else second and so on, comes first among the candidates. Efforts are question id -> whole number, 1 to 5.
    Raises `ValueError` for an effort that is none, or a budget under 0.
    """
    costs = [efforts.get(each.question.id, USUAL_EFFORT) for each in raises]
    if budget < 0 or not all(LEAST_EFFORT <= cost <= MOST_EFFORT for cost in costs):
        raise ValueError("A budget is 0 or more, and an effort from 1 to 5")
    gains = over_common_denominator(each.gain for each in raises).whole
    left = min(budget, sum(costs))
    chosen: list[Raise] = []
    taken = 0
    for each, cost, is_in in zip(raises, costs, _fill(gains, costs, left), strict=True):
        if is_in[left]:
            chosen.append(each)
            taken += cost
            left -= cost
    return Choice(tuple(chosen), taken, sum((each.gain for each in chosen), ZERO))


def _fill(gains: Sequence[int], costs: Sequence[int], budget: int) -> list[list[bool]]:
    """Say for each candidate, and each effort that is left when it is come to, whether the best set has it.

    From the last candidate to the first: the best of those from here on, for every effort up to the budget. A set is as
    good as (gain, −effort, −number of questions), whose sums compare as they do; where both are as good, the set with
    this candidate is the one whose questions come first.
    """
    best = [(0, 0, 0)] * (budget + 1)
    rows: list[list[bool]] = []
    for gain, cost in zip(reversed(gains), reversed(costs), strict=True):
        with_it = [
            (best[left - cost][0] + gain, best[left - cost][1] - cost, best[left - cost][2] - 1)
            for left in range(cost, budget + 1)
        ]
        row = [False] * min(cost, budget + 1) + [
            mine >= without for mine, without in zip(with_it, best[cost:], strict=True)
        ]
        best = best[:cost] + [max(mine, without) for mine, without in zip(with_it, best[cost:], strict=True)]
        rows.append(row)
    return rows[::-1]


def find_total_gap(report: GapReport) -> Fraction:
    """Give the weighted gap of a report: the sum of weight × gap."""
    return sum((gap.priority for gap in report.gaps), ZERO)


def score_raised(report: GapReport, raises: Sequence[Raise]) -> Scores:
    """Give the scores with some questions raised; spread and don’t knows are still as they were answered."""
    raised = {each.question.id: each.then.score for each in raises}
    scores = weigh_questions(
        report.questionnaire,
        tuple(
            replace(question, score=raised[question.question.id]) if question.question.id in raised else question
            for question in report.scores.questions
        ),
    )
    shares = [enabler.dont_know_share for enabler in report.scores.enablers]
    enablers = tuple(
        replace(enabler, dont_know_share=share) for enabler, share in zip(scores.enablers, shares, strict=True)
    )
    return replace(scores, enablers=enablers)
