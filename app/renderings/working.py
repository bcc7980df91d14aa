"""How a number was worked out, as short steps that a person can follow with a pencil: the shapes and the phrases.

`work_question` and `work_enabler` fill them. What is written down always leads to the number shown: where four decimals
would not, more are written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.gaps import Gap, GapReport
from app.domain.questionnaire import Framework, Level, Question, Questionnaire
from app.domain.scoring import EnablerScore, QuestionScore, QuestionState
from app.renderings.numbers import ABOUT, SHOWN_PLACES, bare, in_full, is_exact, pencil, rounds_alike, shown
from app.renderings.words import DONT_KNOW_WORDS, NOT_APPLICABLE_WORDS, join, one_line, quoted

STATE_WORDS: Final[Mapping[QuestionState, str]] = {
    QuestionState.SCORED: "Has a level",
    QuestionState.DONT_KNOW: DONT_KNOW_WORDS,
    QuestionState.NOT_APPLICABLE: NOT_APPLICABLE_WORDS,
    QuestionState.UNANSWERED: "No answer",
    QuestionState.HIDDEN: "Not asked, because of an earlier answer",
    QuestionState.INSUFFICIENT: "Too few organisations chose a level",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    header: str
    numeric: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A small table; the first cell of a row names it. `total` is the last row, or empty."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """One thing worked out: what, and how, a sentence or sum a line."""

    label: str
    lines: tuple[str, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Working:
    """How the numbers of one question or enabler were worked out."""

    id: str
    """Where a page puts it: `working-…`."""
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What workings are made from: the report, and in a partnership each organisation's question scores."""

    report: GapReport
    votes: Mapping[str, Sequence[QuestionScore]] | None
    """Organisation name -> its question scores in questionnaire order; `None` in the report of one organisation."""
    gaps: Mapping[str, Gap]
    """Question id -> the question beside its target, for scored questions."""
    positions: Mapping[str, int]
    """Question id -> its place in the questionnaire."""

    @property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire of the report."""
        return self.report.questionnaire


def make_source(
    report: GapReport,
    votes: Mapping[str, Sequence[QuestionScore]] | None = None,
) -> Source:
    """Put together what workings are made from."""
    return Source(
        report=report,
        votes=votes,
        gaps={gap.question.id: gap for gap in (*report.gaps, *report.met)},
        positions={question.id: position for position, question in enumerate(report.questionnaire.questions)},
    )


def find_level(questionnaire: Questionnaire, question: Question, score: Fraction) -> Level | None:
    """Give the level whose score this is, if any: points rise strictly, so no two levels share one."""
    scale = questionnaire.scale_of(question)
    return next((level for level in scale.levels if scale.scores[level.id] == score), None)


def describe_answer(questionnaire: Questionnaire, scored: QuestionScore) -> str:
    """Say in words what became of a question."""
    level = None if scored.score is None else find_level(questionnaire, scored.question, scored.score)
    return STATE_WORDS[scored.state] if level is None else one_line(level.label)


def name_capping(framework: Framework, enabler: EnablerScore) -> str:
    """Name the critical questions that hold the band of an enabler down."""
    named = join([quoted(one_line(question.text)) for question in enabler.capped_by])
    questions = "A critical question is" if len(enabler.capped_by) == 1 else "Critical questions are"
    return f"{questions} under {in_full(framework.rules.critical_below)}: {named}."


def equals(number: Fraction, unit: str = "") -> str:
    """Write the end of a calculation: “= 25”, “= 62.25, shown as 62.3” or “≈ 66.6667, shown as 66.7”."""
    written = pencil(number, rounds_alike(number))
    about = written.startswith(ABOUT)
    tail = f", shown as {shown(number)}{unit}" if about or not is_exact(number, SHOWN_PLACES) else ""
    return f"{'≈' if about else '='} {bare(written)}{unit}{tail}"


def same_side(exact: Fraction, bounds: Sequence[Fraction]) -> Callable[[Fraction], bool]:
    """Make the test for `pencil`: what is written lies on the same side of every bound as the exact number."""
    return lambda written: all((written >= bound) == (exact >= bound) for bound in bounds)


def beside_bounds(number: Fraction, bounds: Sequence[Fraction]) -> str:
    """Write a number that is compared with bounds."""
    return pencil(number, same_side(number, bounds))
