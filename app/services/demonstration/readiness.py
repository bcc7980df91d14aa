"""What is hidden behind the answers: how ready each partnership is, and how each organisation sees it.

A level is a sum: what partnerships find hard, this partnership as a whole, one enabler of it, one question of it; then
how this kind of organisation sees such things, and this organisation. Partners thus speak of the same place and still
differ, and neighbouring levels are likelier than distant ones.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Final

from app.domain.questionnaire import Question, Questionnaire
from app.services.demonstration.draws import draw
from app.services.demonstration.places import Organisation, Partnership
from app.services.demonstration.words import Spread, Views

INSIDERS: Final = frozenset({"council", "nhs-trust", "integrated-care"})
"""Kinds that see more of the good where a question is contested."""

Steps = dict[str, float]
"""Question id -> steps of a scale of five."""


@dataclass(frozen=True, slots=True)
class Common:
    """What all organisations of a partnership have before their eyes."""

    closed: Steps
    change: Steps
    """What the open round adds."""
    contested: frozenset[str]
    inapplicable: frozenset[str]
    """Questions that really do not apply there."""


@dataclass(frozen=True, slots=True)
class Sight:
    """How one organisation sees its partnership in each round: question id -> steps, not yet rounded."""

    closed: Steps
    open: Steps


def draw_common(views: Views, questionnaire: Questionnaire, partnership: Partnership) -> Common:
    """Draw what is hidden behind one partnership's answers."""
    chance = draw("readiness", partnership.name)
    closed = {
        question: steps + views.middle + views.easier.get(question, 0) + views.easier.get(enabler, 0)
        for (question, steps), enabler in zip(
            _draw_steps(chance, questionnaire, views.partnerships).items(), questionnaire.enablers_asked, strict=True
        )
    }
    change = views.change
    whole = chance.gauss(change.mean, change.partnership)
    by_enabler = {enabler: whole + chance.gauss(0, change.enabler) for enabler in questionnaire.framework.enabler_ids}
    contested: frozenset[str] = frozenset()
    if chance.random() < views.contested.partnerships:
        contested = frozenset(chance.sample(sorted(closed), chance.randint(*views.contested.questions)))
    return Common(
        closed=closed,
        change={
            question: by_enabler[enabler] + chance.gauss(0, change.answer)
            for question, enabler in zip(closed, questionnaire.enablers_asked, strict=True)
        },
        contested=contested,
        inapplicable=frozenset(
            question.id
            for question in questionnaire.questions
            if question.not_applicable and chance.random() < views.not_applicable.fact
        ),
    )


def draw_sight(
    views: Views, questionnaire: Questionnaire, common: Common, partnership: Partnership, organisation: Organisation
) -> Sight:
    """Draw how one organisation sees what is common."""
    chance = draw("sight", partnership.name, organisation.name)
    steps = _draw_steps(chance, questionnaire, views.organisations)
    seen = views.kinds[organisation.kind].views
    side = views.contested.distance / (2 if organisation.kind in INSIDERS else -2)
    closed = {
        question: common.closed[question]
        + own
        + seen.get(question, 0)
        + seen.get(enabler, 0)
        + (side if question in common.contested else 0)
        for (question, own), enabler in zip(steps.items(), questionnaire.enablers_asked, strict=True)
    }
    later = {
        question: value + common.change[question] + chance.gauss(0, views.change.answer)
        for question, value in closed.items()
    }
    return Sight(closed, later)


def took_part_earlier(views: Views, partnership: Partnership) -> bool:
    """Say whether a partnership took part in the round before the closed one; the others joined later."""
    return draw("earlier", partnership.name).random() < views.earlier.share


def draw_earlier(
    views: Views, questionnaire: Questionnaire, partnership: Partnership, organisation: Organisation, closed: Steps
) -> Steps:
    """Draw how one organisation saw its partnership in the round before the closed one."""
    earlier = views.earlier
    whole = draw("won", partnership.name).gauss(0, earlier.partnership)
    chance = draw("won", partnership.name, organisation.name)
    return {
        question: steps - whole - earlier.enablers.get(enabler, 0) + chance.gauss(0, earlier.answer)
        for (question, steps), enabler in zip(closed.items(), questionnaire.enablers_asked, strict=True)
    }


def level_at(questionnaire: Questionnaire, question: Question, steps: Mapping[str, float]) -> int:
    """Give the place of the level nearest to what is seen; a scale of other length is stretched to five."""
    highest = len(questionnaire.scale_of(question).levels) - 1
    return min(max(round(steps[question.id] * highest / 4), 0), highest)


def _draw_steps(chance: Random, questionnaire: Questionnaire, spread: Spread) -> Steps:
    whole = chance.gauss(0, spread.whole)
    by_enabler = {enabler: whole + chance.gauss(0, spread.enabler) for enabler in questionnaire.framework.enabler_ids}
    return {
        question.id: by_enabler[enabler] + chance.gauss(0, spread.question)
        for question, enabler in zip(questionnaire.questions, questionnaire.enablers_asked, strict=True)
    }
