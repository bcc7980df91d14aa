"""Files that show an answer to be true: add one, see and download them, remove one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.evidence import (
    LARGEST_FILE,
    MEDIA_TYPES,
    TOO_LARGE,
    WRONG_KIND,
    EvidenceDamagedError,
    EvidenceRecord,
    clean_name,
    find_kind,
    find_limit_reached,
)
from app.domain.loaded import LoadedAssessment
from app.domain.questionnaire import Question
from app.domain.records import AssessmentKey
from app.services import Database, assessing, auditing
from app.services.acting import acting
from app.services.checking_files import find_fault
from app.store import assessments, evidence
from app.store.evidence import NewFile

NO_FILE: Final = "There is no such file. It may have been removed"


@dataclass(frozen=True, slots=True)
class QuestionEvidence:
    """A question with its files, and whether the actor may add and remove some now."""

    assessment: LoadedAssessment
    question: Question
    files: tuple[EvidenceRecord, ...]
    can_change: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """The file is not taken. Nothing was stored."""

    fault: str


def list_files(
    database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, question_id: str, now: datetime
) -> QuestionEvidence:
    """List the files of a question; raises `NotFoundError` where the actor may not know of it."""
    assessment = assessing.get_assessment(database, catalogue, actor, key)
    question = assessment.get_question(question_id)
    with database.reading() as session:
        files = evidence.list_files(session, key, question_id)
    can_change = assessing.can_answer(assessment.record, now) and assessment.is_for(actor, question_id)
    return QuestionEvidence(assessment, question, files, can_change)


def count_files(database: Database, actor: Actor, key: AssessmentKey) -> Mapping[str, int]:
    """Give question id -> number of files; raises `NotFoundError` where the actor may not know of the assessment."""
    with database.reading() as session:
        assessing.get_record(session, actor, key)
        return evidence.count_files(session, key)


def add_file(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    question_id: str,
    name: str,
    content: bytes,
    now: datetime,
) -> UUID | Refused:
    """Keep a file and give its id, or say what stands against it. The same file sent twice is kept once.

    Raises `NotFoundError` and `NotAllowedError` where the actor may not, and `NotAllowedNowError` once answers can no
    longer be changed.
    """
    assessing.get_assessment(database, catalogue, actor, key).get_question(question_id)
    name = clean_name(name)
    kind = find_kind(name)
    if kind is None:
        return Refused(WRONG_KIND)
    if len(content) > LARGEST_FILE:
        return Refused(TOO_LARGE)
    if fault := find_fault(kind, content):  # before the unit of work, as it takes a moment
        return Refused(fault)
    file = NewFile(name, MEDIA_TYPES[kind], content)
    with acting(database, actor) as session:
        _lock_to_change(session, catalogue, actor, key, question_id, now)
        there = evidence.list_files(session, key, question_id)
        for record in there:
            if (record.sha256, record.name) == (file.sha256, file.name):
                return record.id
        if limit := find_limit_reached(len(there), evidence.sum_sizes(session, key), len(content)):
            return Refused(limit)
        file_id = evidence.add_file(session, key, question_id, file, actor.person_id, now)
        auditing.record(
            session,
            Event.EVIDENCE_ADDED,
            actor.person_id,
            now,
            partnership_id=key.partnership_id,
            subject=_subject(key, question_id, file_id),
            new=f"{file.name} ({file.sha256})",
        )
    return file_id


def get_file(
    database: Database, actor: Actor, key: AssessmentKey, question_id: str, file_id: UUID
) -> tuple[EvidenceRecord, bytes]:
    """Give a file as it was uploaded.

    Raises `NotFoundError` where the actor may not know of it, and `EvidenceDamagedError` where it has changed since.
    """
    with database.reading() as session:
        assessing.get_record(session, actor, key)
        file = _get_record(session, key, question_id, file_id)
        content = evidence.get_content(session, key, file)
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise EvidenceDamagedError("This file has changed since it was uploaded, so it is not handed out")
    return file, content


def remove_file(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    key: AssessmentKey,
    question_id: str,
    file_id: UUID,
    now: datetime,
) -> None:
    """Remove a file for good; what was removed before stays so.

    Raises `NotFoundError` and `NotAllowedError` where the actor may not, and `NotAllowedNowError` once answers can no
    longer be changed.
    """
    with acting(database, actor) as session:
        _lock_to_change(session, catalogue, actor, key, question_id, now)
        file = _get_record(session, key, question_id, file_id)
        evidence.remove_file(session, key, file_id, now)
        auditing.record(
            session,
            Event.EVIDENCE_REMOVED,
            actor.person_id,
            now,
            partnership_id=key.partnership_id,
            subject=_subject(key, question_id, file_id),
            old=f"{file.name} ({file.sha256})",
        )


def _lock_to_change(
    session: Session, catalogue: Catalogue, actor: Actor, key: AssessmentKey, question_id: str, now: datetime
) -> None:
    """Hold the assessment alone, so that no two files are counted at once, and check that it may be changed."""
    assessments.lock_record(session, key, alone=True)
    assessing.load_to_answer(session, catalogue, actor, key, question_id, now)


def _get_record(session: Session, key: AssessmentKey, question_id: str, file_id: UUID) -> EvidenceRecord:
    record = evidence.find_file(session, key, question_id, file_id)
    if record is None:
        raise NotFoundError(NO_FILE)
    return record


def _subject(key: AssessmentKey, question_id: str, file_id: UUID) -> str:
    return f"assessment {key.assessment_id} question {question_id} file {file_id}"
