"""Random questionnaires and answers for the property tests.

`ENABLERS_TEST_EXAMPLES=5000` in the environment asks for more examples of each law than the few that every run tries.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from app.domain.assessment import Answer
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Framework, Question, Questionnaire, Scale, Section
from tests.factories import (
    level_id,
    make_answer,
    make_framework,
    make_question,
    make_questionnaire,
    make_scale,
    make_section,
)

Answers = dict[str, Answer]

_NO_LEVELS: Final = (DONT_KNOW, NOT_APPLICABLE)
EXAMPLES: Final = int(os.environ.get("ENABLERS_TEST_EXAMPLES", "0"))


def law(examples: int = 80) -> settings:
    """Try a law on this many examples, or on as many as the environment asks for."""
    return settings(
        max_examples=max(examples, EXAMPLES),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )


# Every strategy is made once, here: making one costs more than drawing from it. Numbers come from pools of decimals as
# people write them, in which round ones are frequent, so that thresholds and ties are met exactly.

_WEIGHTS: Final = ["1", "0", "2", "3", "1", "0.5", "0.1", "0.3", "1.25", "4", "7.77", "0.0625", "12", "99.9", "0.001"]
_STEPS: Final = ["1", "1", "2", "0.5", "0.1", "0.3", "1.25", "3", "7.7", "0.001", "41"]
_LOWEST: Final = ["0", "0", "1", "-1", "0.3", "-2.5", "10"]
_PERCENTAGES: Final = ["0", "25", "50", "75", "100", "10", "33.3", "37.5", "62.5", "66.67", "80", "99.99", "0.01"]


def _one_of(numbers: Iterable[str]) -> st.SearchStrategy[Fraction]:
    return st.sampled_from([Fraction(number) for number in numbers])


weights: Final = _one_of(_WEIGHTS)
percentages: Final = _one_of(_PERCENTAGES)
_lowest: Final = _one_of(_LOWEST)
_steps: Final = st.lists(_one_of(_STEPS), min_size=1, max_size=5)
_starts: Final = st.sets(_one_of(_PERCENTAGES[1:]), max_size=4)
_yes_or_no: Final = st.booleans()
_counts: Final = {largest: st.integers(1, largest) for largest in range(1, 7)}
_places: Final = {length: st.integers(0, length - 1) for length in range(1, 21)}
_choices: Final = {
    levels: st.sampled_from([*map(level_id, range(levels)), *map(level_id, range(levels)), *_NO_LEVELS, None])
    for levels in range(2, 7)
}


@st.composite
def _scales(draw: st.DrawFn) -> tuple[Scale, ...]:
    """One to three scales of two to six levels; points rise unevenly and may start below zero."""
    return tuple(
        make_scale(f"scale-{number}", list(accumulate(draw(_steps), initial=draw(_lowest))))
        for number in range(draw(_counts[3]))
    )


@st.composite
def _frameworks(draw: st.DrawFn) -> Framework:
    """A framework of one to four enablers whose every rule may differ from the usual."""
    bands = {f"band-{number}": start for number, start in enumerate([Fraction(0), *sorted(draw(_starts))])}
    return make_framework(
        enablers=[f"enabler-{number}" for number in range(draw(_counts[4]))],
        scales=draw(_scales()),
        bands=bands,
        default_target=draw(percentages),
        full_coverage=draw(percentages),
        provisional_coverage=draw(percentages),
        critical_below=draw(percentages),
        critical_cap=f"band-{draw(_places[len(bands)])}",
        minimum_organisations=draw(_counts[4]),
    )


@st.composite
def _questionnaires(draw: st.DrawFn) -> Questionnaire:
    """Up to five sections of up to four questions; an enabler has one of them, several or none."""
    framework = draw(frameworks)
    sections: list[Section] = []
    earlier: list[Question] = []
    for number in range(draw(_counts[5])):
        start = len(earlier)
        for _ in range(draw(_counts[4])):
            earlier.append(_draw_question(draw, framework, earlier))
        enabler = framework.enablers[draw(_places[len(framework.enablers)])]
        sections.append(make_section(enabler.id, *earlier[start:], section=f"section-{number}"))
    return make_questionnaire(*sections, framework=framework)


def _draw_question(draw: st.DrawFn, framework: Framework, earlier: Sequence[Question]) -> Question:
    """Draw a question; one in three has a condition, on any earlier one."""
    scale = framework.scales[draw(_places[len(framework.scales)])]
    when = None
    if earlier and draw(_places[3]) == 1:
        asked = earlier[draw(_places[len(earlier)])]
        when = (asked.id, draw(_places[len(framework.scales_by_id[asked.scale].levels)]))
    return make_question(
        f"question-{len(earlier)}",
        scale=scale,
        weight=draw(weights),
        critical=draw(_yes_or_no),
        target=draw(_places[len(scale.levels)]) if draw(_yes_or_no) else None,
        when=when,
    )


frameworks: Final = _frameworks()
questionnaires: Final = _questionnaires()


@st.composite
def answers_to(draw: st.DrawFn, questionnaire: Questionnaire) -> Answers:
    """Any answers, those to questions that are hidden included; levels more often than the rest."""
    drawn = {
        question.id: draw(_choices[len(questionnaire.scale_of(question).levels)])
        for question in questionnaire.questions
    }
    return {question: make_answer(choice) for question, choice in drawn.items() if choice is not None}


@st.composite
def organisations_answering(draw: st.DrawFn, questionnaire: Questionnaire) -> dict[str, Answers]:
    """One to six organisations, name -> answers."""
    return {f"organisation-{number}": draw(answers_to(questionnaire)) for number in range(draw(_counts[6]))}


@st.composite
def targets_for(draw: st.DrawFn, questionnaire: Questionnaire) -> list[Fraction] | None:
    """A target set of its own, one score a question; or none."""
    return [draw(percentages) for _ in questionnaire.questions] if draw(_yes_or_no) else None


def rebuild(
    questionnaire: Questionnaire,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
    sections: Iterable[Section] | None = None,
) -> Questionnaire:
    """Make the questionnaire anew, with other sections, or with some fields of some questions changed."""
    changes = changes or {}
    return make_questionnaire(
        *(
            make_section(
                section.enabler,
                *(
                    Question.model_validate({**dict(question), **changes.get(question.id, {})})
                    for question in section.questions
                ),
                section=section.id,
            )
            for section in (questionnaire.sections if sections is None else sections)
        ),
        framework=questionnaire.framework,
    )


def answer_all(questionnaire: Questionnaire, *, highest: bool) -> Answers:
    """Answer every question with the highest level, or every one with the lowest."""
    return {
        question.id: make_answer(level_id(len(questionnaire.scale_of(question).levels) - 1 if highest else 0))
        for question in questionnaire.questions
    }
