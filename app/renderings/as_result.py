"""A result for machines: one submission with its scores, and all that it takes to know how they were made.

It is written once, when it is submitted, and read many times.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from app.domain.gaps import GapReport
from app.domain.records import Submission
from app.renderings import as_json
from app.renderings.numbers import as_number

METHOD: Final = "reform-enablers-1"
"""The name of the rule that scores are made by; see the page on scoring."""
QUESTION_FIELDS: Final = ("id", "enabler", "state", "score", "weight")


def describe(report: GapReport, submission: Submission, position: int, updated_at: datetime) -> dict[str, Any]:
    """Give a result as plain values; numbers to four decimals, times in UTC."""
    described, record = as_json.render(report), submission.record
    targets = report.targets or report.questionnaire.targets.exact
    return {
        "id": str(record.assessment_id),
        "position": position,
        "partnership": str(record.partnership_id),
        "round": str(record.round_id),
        "organisation": str(record.organisation_id),
        "status": str(record.status),
        "submission": submission.number,
        "submitted_at": write_time(submission.submitted_at),
        "updated_at": write_time(updated_at),
        "method": METHOD,
        "questionnaire": described["questionnaire"],
        "weakest": described["weakest"],
        "enablers": described["enablers"],
        "questions": [
            {**{field: question[field] for field in QUESTION_FIELDS}, "target": as_number(target)}
            for question, target in zip(described["questions"], targets, strict=True)
        ],
    }


def describe_deleted(assessment_id: UUID, position: int, deleted_at: datetime) -> dict[str, Any]:
    """Give a tombstone: what was a result is none, such as while it is answered again."""
    return {"id": str(assessment_id), "position": position, "deleted_at": write_time(deleted_at)}


def move_line(line: str, position: int, at: datetime, **changes: str) -> str:
    """Write a line again that has moved to another position of the feed."""
    values = json.loads(line)
    time = "updated_at" if "updated_at" in values else "deleted_at"
    return write_line({**values, "position": position, time: write_time(at), **changes})


def write_line(values: Mapping[str, Any]) -> str:
    """Write a result or tombstone as one line of JSON, without its end."""
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def write_time(time: datetime) -> str:
    """Write a time in UTC to the microsecond, as RFC 3339 does."""
    return f"{time:%Y-%m-%dT%H:%M:%S.%f}Z"
