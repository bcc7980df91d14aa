"""Evidence files. The content is read only where a file is downloaded."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain.evidence import EvidenceRecord
from app.domain.records import AssessmentKey
from app.store.models import EvidenceFile, Person, new_id


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to keep."""

    name: str
    media_type: str
    content: bytes

    @property
    def sha256(self) -> str:
        """The digest that is kept beside it, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def _is_there(key: AssessmentKey) -> tuple[ColumnElement[bool], ...]:
    """Leave out files that were removed or erased."""
    return (
        EvidenceFile.partnership_id == key.partnership_id,
        EvidenceFile.assessment_id == key.assessment_id,
        EvidenceFile.removed_at.is_(None),
        EvidenceFile.content.is_not(None),
    )


def _select_records(key: AssessmentKey, question_id: str) -> Select[*tuple[Any, ...]]:
    return (
        select(EvidenceFile, Person.name.label("added_by"))
        .join(Person, Person.id == EvidenceFile.added_by)
        .where(*_is_there(key), EvidenceFile.question_id == question_id)
    )


def _as_record(row: Row[*tuple[Any, ...]]) -> EvidenceRecord:
    file: EvidenceFile = row.EvidenceFile
    return EvidenceRecord(
        id=file.id,
        question_id=file.question_id,
        name=file.name,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
        added_by=row.added_by,
        added_at=file.added_at,
    )


def list_files(session: Session, key: AssessmentKey, question_id: str) -> tuple[EvidenceRecord, ...]:
    """List the files of a question, in the order they were added. One statement."""
    rows = session.execute(_select_records(key, question_id).order_by(EvidenceFile.id))
    return tuple(_as_record(row) for row in rows)


def count_files(session: Session, key: AssessmentKey) -> dict[str, int]:
    """Give the number of files of each question that has any. One statement."""
    rows = session.execute(
        select(EvidenceFile.question_id, func.count()).where(*_is_there(key)).group_by(EvidenceFile.question_id)
    )
    return {row[0]: row[1] for row in rows}


def select_number(key: AssessmentKey, question_id: str) -> ScalarSelect[int]:
    """Select the number of files of one question, as a part of another statement."""
    return (
        select(func.count())
        .select_from(EvidenceFile)
        .where(*_is_there(key), EvidenceFile.question_id == question_id)
        .scalar_subquery()
    )


def sum_sizes(session: Session, key: AssessmentKey) -> int:
    """Give the bytes of all files of an assessment."""
    return session.scalar(select(func.coalesce(func.sum(EvidenceFile.size), 0)).where(*_is_there(key))) or 0


def find_file(session: Session, key: AssessmentKey, question_id: str, file_id: UUID) -> EvidenceRecord | None:
    """Find one file of a question."""
    row = session.execute(_select_records(key, question_id).where(EvidenceFile.id == file_id)).one_or_none()
    return _as_record(row) if row else None


def get_content(session: Session, key: AssessmentKey, record: EvidenceRecord) -> bytes:
    """Give the content of a file that was found."""
    return session.scalar(select(EvidenceFile.content).where(*_is_there(key), EvidenceFile.id == record.id)) or b""


def add_file(
    session: Session, key: AssessmentKey, question_id: str, file: NewFile, added_by: UUID, now: datetime
) -> UUID:
    """Keep a file, and give its id."""
    file_id = new_id()
    session.execute(
        insert(EvidenceFile).values(
            partnership_id=key.partnership_id,
            assessment_id=key.assessment_id,
            id=file_id,
            question_id=question_id,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=file.sha256,
            content=file.content,
            added_by=added_by,
            added_at=now,
        )
    )
    return file_id


def remove_file(session: Session, key: AssessmentKey, file_id: UUID, now: datetime) -> bool:
    """Take a file's content away, and say whether it was there; its row stays."""
    removed = session.scalar(
        update(EvidenceFile)
        .where(*_is_there(key), EvidenceFile.id == file_id)
        .values(content=None, removed_at=now)
        .returning(EvidenceFile.id)
    )
    return removed is not None
