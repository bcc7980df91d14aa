"""Builders for tests. They do not guess what matters: weights, levels, critical, when and targets are said by the test.

    questionnaire = make_questionnaire(make_question("a", weight=2, critical=True), make_question("b", when=("a", 3)))
    report = make_gap_report(questionnaire, make_answers(a=4, b=DONT_KNOW))

A level is given by its place on the scale, from 0: `4` is the level with the id `level-4`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from app.domain.assessment import Answer
from app.domain.questionnaire import (
    NOT_APPLICABLE,
    Audience,
    Band,
    Condition,
    Enabler,
    Framework,
    Level,
    Question,
    Questionnaire,
    Rules,
    Scale,
    Section,
)
from app.domain.values import Text


def level_id(position: int) -> str:
    """Name the level at a place of any scale made here, from 0."""
    return f"level-{position}"


def make_scale(scale: str, points: Sequence[int | Decimal | Fraction]) -> Scale:
    """Make a scale with the levels `level-0`, `level-1` and so on."""
    return Scale(
        id=scale,
        levels=tuple(
            Level(id=level_id(position), points=Fraction(value), label=Text(f"Level {position}"))
            for position, value in enumerate(points)
        ),
    )


MATURITY: Final = make_scale("maturity", range(5))
AGREEMENT: Final = make_scale("agreement", range(4))

ENABLERS: Final = (
    "knowing-what-works",
    "sharing-information",
    "securing-funding",
    "right-incentives",
    "trusting-relationships",
)
BANDS: Final = {"not-in-place": 0, "emerging": 25, "partly-in-place": 50, "in-place": 75}
"""Band id -> its lower bound. The first two are barriers."""
RULES: Final[Mapping[str, Any]] = {
    "default_target": 75,
    "full_coverage": 75,
    "provisional_coverage": 50,
    "critical_below": 25,
    "critical_cap": "emerging",
    "dont_know_finding": 25,
    "minimum_organisations": 2,
}


def make_enabler(enabler: str) -> Enabler:
    """Make an enabler with words made of its id."""
    words = Text(enabler.replace("-", " ").capitalize())
    return Enabler(id=enabler, title=words, summary=words, barrier=words)


def make_framework(
    *,
    enablers: Sequence[str] = ENABLERS,
    scales: Sequence[Scale] = (MATURITY, AGREEMENT),
    bands: Mapping[str, int | Decimal | Fraction] = BANDS,
    **rules: int | Decimal | Fraction | str,
) -> Framework:
    """Make a framework; `rules` are those that differ from scoring.md."""
    return Framework(
        schema_version=1,
        id="framework",
        title=Text("Framework"),
        enablers=tuple(make_enabler(enabler) for enabler in enablers),
        scales=tuple(scales),
        bands=tuple(
            Band(id=band, start=Fraction(start), label=Text(band), barrier=position < 2)
            for position, (band, start) in enumerate(bands.items())
        ),
        rules=Rules.model_validate({**RULES, **rules}),
    )


def make_question(
    question: str,
    *,
    weight: int | Decimal | Fraction = 1,
    critical: bool = False,
    target: int | None = None,
    when: tuple[str, int] | None = None,
    scale: Scale = MATURITY,
    meaning: int = 1,
    not_applicable: bool = True,
    **others: Any,  # noqa: ANN401 - hint, serves, evidence, text, descriptors: checked by the model
) -> Question:
    """Make a question. `target` is a place on the scale; `when` is an earlier question and a place on its scale."""
    return Question(
        **{
            "id": question,
            "meaning": meaning,
            "text": Text(f"Question {question}"),
            "scale": scale.id,
            "weight": Fraction(weight),
            "critical": critical,
            "target": None if target is None else level_id(target),
            "not_applicable": not_applicable,
            "descriptors": {level.id: Text(f"{question}: {level.id}") for level in scale.levels},
            "when": None if when is None else Condition(question=when[0], at_least=level_id(when[1])),
            **others,
        }
    )


def make_section(enabler: str, *questions: Question, section: str | None = None) -> Section:
    """Make a section of an enabler; its id is the enabler's unless given."""
    return Section(id=section or enabler, enabler=enabler, title=Text(section or enabler), questions=questions)


def make_questionnaire(
    *parts: Question | Section, framework: Framework | None = None, **others: int | str
) -> Questionnaire:
    """Make a questionnaire of sections, or of questions alone: these stand in one section of the first enabler."""
    framework = framework or make_framework()
    sections = [part for part in parts if isinstance(part, Section)]
    questions = [part for part in parts if isinstance(part, Question)]
    if questions:
        sections.insert(0, make_section(framework.enablers[0].id, *questions))
    return Questionnaire.model_validate(
        {
            "schema_version": 1,
            "framework": framework,
            "id": "questionnaire",
            "version": 1,
            "title": "Questionnaire",
            "audience": Audience.LOCAL_PARTNER,
            "sections": tuple(sections),
            **others,
        }
    )


def make_answer(choice: int | str) -> Answer:
    """Make an answer of a place on the scale, `dont-know`, `not-applicable` (a reason is put in) or a level id."""
    return Answer(
        choice=level_id(choice) if isinstance(choice, int) else choice,
        reason="Not ours" if choice == NOT_APPLICABLE else "",
    )


def make_answers(choices: Mapping[str, int | str] | None = None, /, **more: int | str) -> dict[str, Answer]:
    """Make answers: question id -> what `make_answer` takes."""
    return {question: make_answer(choice) for question, choice in {**(choices or {}), **more}.items()}
