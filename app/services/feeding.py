"""Keeping the feed of results: what is submitted comes into it, what is answered again leaves it with a tombstone.

Called last in a unit of work, before the audit alone: the feed is held from then on until the commit.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.assessment import AssessmentStatus
from app.domain.gaps import make_gap_report
from app.domain.records import AssessmentKey, Submission
from app.domain.round_plans import choose_targets
from app.renderings import as_result
from app.services import Database
from app.store import assessments, results
from app.store.models import Result

AT_ONCE: Final = 500


def note_submitted(session: Session, catalogue: Catalogue, key: AssessmentKey, now: datetime) -> None:
    """Put what was submitted in this unit of work at the end of the feed."""
    submission = assessments.find_submission(session, key)
    if submission is not None:
        position, at = results.move(session, now)
        results.put(session, Result(**_make_row(catalogue, key, submission, position, at)))


def note_moved(session: Session, key: AssessmentKey, status: AssessmentStatus, now: datetime) -> None:
    """Bring the feed up to the new status of what was submitted: one that is answered again leaves a tombstone."""
    position, at = results.move(session, now)  # held before the row is read, so that nobody else is changing it
    row = results.find(session, key)
    if row is None:
        return
    row.position, row.updated_at, row.is_deleted = position, at, status is AssessmentStatus.IN_PROGRESS
    row.line = (
        as_result.write_line(as_result.describe_deleted(key.assessment_id, position, at))
        if row.is_deleted
        else as_result.move_line(row.line, position, at, status=str(status))
    )
    session.flush()


def catch_up(database: Database, catalogue: Catalogue, now: datetime) -> int:
    """Bring what was submitted and is not in the feed into it, and say how much that was."""
    with database.reading() as session:
        missing = results.find_missing(session)
    for start in range(0, len(missing), AT_ONCE):
        with database.writing() as session:
            add_all(session, catalogue, missing[start : start + AT_ONCE], now)
    return len(missing)


def add_all(session: Session, catalogue: Catalogue, keys: Sequence[AssessmentKey], now: datetime) -> None:
    """Bring assessments into the feed that are not in it."""
    found = [(key, submission) for key in keys if (submission := assessments.find_submission(session, key))]
    last, at = results.move(session, now, len(found))
    first = last - len(found) + 1
    results.add_many(session, [_make_row(catalogue, *each, first + place, at) for place, each in enumerate(found)])


def _make_row(
    catalogue: Catalogue,
    key: AssessmentKey,
    submission: Submission,
    position: int,
    at: datetime,
) -> dict[str, object]:
    record = submission.record
    is_deleted = record.status is AssessmentStatus.IN_PROGRESS
    if is_deleted:
        described = as_result.describe_deleted(key.assessment_id, position, at)
    else:
        questionnaire = catalogue.get_by_hash(submission.questionnaire_hash)
        targets = choose_targets(questionnaire, record.targets)
        report = make_gap_report(questionnaire, submission.answers, targets=targets)
        described = as_result.describe(report, submission, position, at)
    return {
        "partnership_id": key.partnership_id,
        "assessment_id": key.assessment_id,
        "position": position,
        "round_id": record.round_id,
        "organisation_id": record.organisation_id,
        "questionnaire_id": record.questionnaire_id,
        "updated_at": at,
        "is_deleted": is_deleted,
        "line": as_result.write_line(described),
    }


def show_again(session: Session, round_id: UUID, now: datetime) -> None:
    """Let those read a round’s results who may once it has closed: they move to the end, where nobody has passed."""
    rows = results.list_of_round(session, round_id)
    if not rows:
        return
    last, at = results.move(session, now, len(rows))
    for place, row in enumerate(rows, start=last - len(rows) + 1):
        row.position, row.updated_at, row.line = place, at, as_result.move_line(row.line, place, at)
    session.flush()
