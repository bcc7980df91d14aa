"""Invented releases to be decided, with everything that a partnership contributes."""

from collections.abc import Mapping
from fractions import Fraction
from random import Random
from typing import Final
from uuid import UUID

from app.disclosure.plan import Past, Plan
from app.disclosure.problem import Rules
from app.disclosure.releases import Built
from app.domain.aggregate import Ballot, Contribution, contribute
from app.domain.questionnaire import Questionnaire
from app.domain.scoring import QuestionState

ORGANISATIONS: Final = 8
DONT_KNOW_SHARE: Final = 0.06
Cuts = Mapping[str, tuple[str, ...]]


def make_contribution(
    questionnaire: Questionnaire, place: int, chance: Random, cuts: Cuts, dont_know_share: float = DONT_KNOW_SHARE
) -> Contribution:
    """Make the answers of eight organisations around a middle of their own, and choose a category of each cut."""
    middle = chance.gauss(2, 0.7)
    ballots = []
    for question in questionnaire.questions:
        scores = list(questionnaire.scale_of(question).scores.values())
        for _ in range(ORGANISATIONS):
            if chance.random() < dont_know_share:
                ballots.append(Ballot(question.id, QuestionState.DONT_KNOW, None, 1))
            else:
                level = min(len(scores) - 1, max(0, round(chance.gauss(middle, 0.9))))
                ballots.append(Ballot(question.id, QuestionState.SCORED, Fraction(scores[level]), 1))
    categories = {cut: chance.choice(found) for cut, found in cuts.items()}
    return contribute(questionnaire, UUID(int=place + 1), ballots, categories)


def make_plan(
    questionnaire: Questionnaire,
    size: int,
    cuts: Cuts,
    two_way: tuple[tuple[str, str], ...] = (),
    *,
    dont_know_share: float = DONT_KNOW_SHARE,
    most_known: int = 8,
) -> Plan:
    """Make a plan of so many partnerships, with organisations that are in several of them."""
    chance = Random(1)
    found = tuple(make_contribution(questionnaire, place, chance, cuts, dont_know_share) for place in range(size))
    ids = [each.partnership_id for each in found]
    insiders = [frozenset([each]) for each in ids]
    insiders += [
        frozenset(chance.sample(ids, min(most_known, chance.choice((2, 2, 3, 4, 8))))) for _ in range(size // 2)
    ]
    targets = {question.id: questionnaire.target_of(question) for question in questionnaire.questions}
    return Plan(questionnaire, found, cuts, two_way, tuple(insiders), Rules(10), targets=targets)


def publish(plan: Plan, built: Built) -> Past:
    """Give what was built as something that may have been read."""
    return Past(plan.contributions, built.content, carried=built.carried, targets=plan.targets)
