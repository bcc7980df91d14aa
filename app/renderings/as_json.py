"""The gap report for machines: the mapping that `app/api/schemas.py` describes to clients of the API.

Four decimals, `None` for what is not there.
"""

from fractions import Fraction
from typing import Any

from app.domain.gaps import Gap, GapReport
from app.domain.scoring import EnablerScore, QuestionScore
from app.renderings.numbers import as_number


def render(report: GapReport) -> dict[str, Any]:
    """Give the report as plain values, ready to be written as JSON."""
    questionnaire = report.questionnaire
    return {
        "questionnaire": {
            "framework": questionnaire.framework.id,
            "id": questionnaire.id,
            "version": questionnaire.version,
            "hash": questionnaire.hash,
        },
        "weakest": report.weakest.id if report.weakest else None,
        "enablers": [
            _enabler(enabler, report.percent_to_target[enabler.enabler.id]) for enabler in report.scores.enablers
        ],
        "gaps": [_gap(gap, questionnaire.section_of[gap.question.id].enabler) for gap in report.gaps],
        "questions": [
            _question(question, enabler)
            for question, enabler in zip(report.scores.questions, questionnaire.enablers_asked, strict=True)
        ],
    }


def _enabler(enabler: EnablerScore, percent_to_target: Fraction | None) -> dict[str, Any]:
    return {
        "id": enabler.enabler.id,
        "score": _number(enabler.score),
        "band": enabler.band.id if enabler.band else None,
        "barrier": enabler.barrier,
        "coverage": _number(enabler.coverage),
        "coverage_status": enabler.coverage_status.value,
        "dont_know_share": _number(enabler.dont_know_share),
        "not_applicable": enabler.not_applicable,
        "percent_to_target": _number(percent_to_target),
        "capped_by": [question.id for question in enabler.capped_by],
    }


def _gap(gap: Gap, enabler: str) -> dict[str, Any]:
    return {
        "question": gap.question.id,
        "enabler": enabler,
        "score": as_number(gap.score),
        "target": as_number(gap.target),
        "gap": as_number(gap.gap),
        "difference": as_number(gap.difference),
        "priority": as_number(gap.priority),
        "critical": gap.question.critical,
        "contested": gap.scored.contested,
    }


def _question(scored: QuestionScore, enabler: str) -> dict[str, Any]:
    return {
        "id": scored.question.id,
        "enabler": enabler,
        "state": scored.state.value,
        "score": _number(scored.score),
        "weight": as_number(scored.question.weight),
        "organisations": scored.organisations,
        "average_deviation": _number(scored.average_deviation),
        "contested": scored.contested,
    }


def _number(number: Fraction | None) -> float | None:
    return None if number is None else as_number(number)
