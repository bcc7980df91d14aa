"""The gap report for sheets: one row per question, in questionnaire order."""

import csv
import io
from fractions import Fraction
from typing import Final

from app.domain.gaps import Gap, GapReport
from app.domain.questionnaire import Question
from app.domain.scoring import QuestionScore
from app.renderings.numbers import as_digits
from app.renderings.words import one_line

COLUMNS: Final = (
    "enabler",
    "enabler_score",
    "band",
    "question",
    "state",
    "score",
    "target",
    "gap",
    "priority",
    "weight",
    "critical",
    "contested",
    "organisations",
    "average_deviation",
    "enabler_title",
    "question_text",
)
FORMULA_STARTERS: Final = frozenset(
    "=+-@\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH COMMERCIAL AT}\N{FULLWIDTH HYPHEN-MINUS}−"
)


def render(report: GapReport) -> str:
    """Write the report as CSV. Gap and priority are there where a question is scored.

    So is the target the report was made with, that of questions without a score included.
    """
    questionnaire = report.questionnaire
    beside = {gap.question.id: gap for gap in (*report.gaps, *report.met)}
    enablers = {enabler.enabler.id: enabler for enabler in report.scores.enablers}
    output = io.StringIO()
    writer = csv.writer(output)  # its own line ending is the \r\n of RFC 4180
    writer.writerow(COLUMNS)
    targets = report.targets or questionnaire.targets.exact
    for scored, section, target in zip(report.scores.questions, questionnaire.enablers_asked, targets, strict=True):
        enabler = enablers[section]
        writer.writerow(
            (
                section,
                _number(enabler.score),
                enabler.band.id if enabler.band else "",
                *_question(scored, beside.get(scored.question.id), target),
                *_details(scored),
                cell(enabler.enabler.title),
                cell(scored.question.text),
            )
        )
    return output.getvalue()


def cell(text: str) -> str:
    """Give foreign text as a cell that no sheet takes for a formula."""
    text = one_line(text)
    return f"'{text}" if text[:1] in FORMULA_STARTERS else text


def _question(scored: QuestionScore, gap: Gap | None, target: Fraction) -> tuple[str, ...]:
    question: Question = scored.question
    return (
        question.id,
        scored.state.value,
        _number(scored.score),
        as_digits(gap.target if gap else target),
        as_digits(gap.gap) if gap else "",
        as_digits(gap.priority) if gap else "",
        as_digits(question.weight),
    )


def _details(scored: QuestionScore) -> tuple[str, ...]:
    return (
        _yes_or_no(scored.question.critical),
        _yes_or_no(scored.contested),
        str(scored.organisations),
        _number(scored.average_deviation),
    )


def _yes_or_no(value: bool) -> str:  # noqa: FBT001 - the one thing it is about
    return "true" if value else "false"


def _number(number: Fraction | None) -> str:
    return "" if number is None else as_digits(number)
