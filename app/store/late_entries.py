"""Leave to enter after a round has closed."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app.domain.records import AssessmentRecord
from app.store.database import insert_if_absent
from app.store.models import LateEntry


@dataclass(frozen=True, slots=True)
class PermittedEntry:
    """A late entry as it was permitted last."""

    until: datetime
    reason: str
    permitted_by: UUID


def lock_late_entry(session: Session, record: AssessmentRecord) -> PermittedEntry | None:
    """Find what an organisation was permitted in a round, and hold it."""
    row = session.scalar(
        select(LateEntry).where(*_is_of(record)).with_for_update().execution_options(populate_existing=True)
    )
    return PermittedEntry(row.until, row.reason, row.permitted_by) if row else None


def add_late_entry(session: Session, record: AssessmentRecord, entry: PermittedEntry, now: datetime) -> bool:
    """Permit an organisation to enter late; `False` where somebody else has just done so."""
    added = session.scalar(
        insert_if_absent(session, LateEntry)
        .values(
            partnership_id=record.partnership_id,
            round_id=record.round_id,
            organisation_id=record.organisation_id,
            until=entry.until,
            reason=entry.reason,
            permitted_by=entry.permitted_by,
            permitted_at=now,
        )
        .returning(LateEntry.partnership_id)
    )
    return added is not None


def change_late_entry(session: Session, record: AssessmentRecord, entry: PermittedEntry, now: datetime) -> None:
    """Put another permission in the place of one that is held."""
    session.execute(
        update(LateEntry)
        .where(*_is_of(record))
        .values(until=entry.until, reason=entry.reason, permitted_by=entry.permitted_by, permitted_at=now)
    )


def _is_of(record: AssessmentRecord) -> tuple[ColumnElement[bool], ...]:
    return (
        LateEntry.partnership_id == record.partnership_id,
        LateEntry.round_id == record.round_id,
        LateEntry.organisation_id == record.organisation_id,
    )
