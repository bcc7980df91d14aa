"""Evidence files of a question: see and download them, add one, remove one."""

import re
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.errors import NotFoundError
from app.domain.evidence import (
    KIND_OF,
    LARGEST_FILE,
    MEGABYTE,
    MOST_IN_ASSESSMENT,
    MOST_ON_QUESTION,
    TOO_LARGE,
    EvidenceRecord,
)
from app.domain.records import AssessmentKey
from app.renderings.words import count
from app.services import evidence
from app.services.evidence import QuestionEvidence, Refused
from app.web import paths
from app.web.downloads import make_headers
from app.web.forms import NO_FIELDS, Form, reads
from app.web.pages import FieldError, Link
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.partner.evidence_pages import EvidencePage, EvidenceRow, RemoveEvidencePage
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import moment_words

router = make_router()
LARGEST_BODY: Final = LARGEST_FILE + MEGABYTE // 4
"""Bytes of a form with the largest file in it."""
uploads = make_router(largest_body=LARGEST_BODY)
"""Apart, as it takes larger bodies than any other."""
UPLOADS: Final = re.compile("/partnerships/[^/]+/assessments/[^/]+/questions/[^/]+/evidence")
"""The paths that take as much."""

EVIDENCE: Final = ASSESSMENT + "/questions/{question_id}/evidence"
FILE: Final = EVIDENCE + "/{file_id}"
NO_FILE_CHOSEN: Final = "Select a file"
LIMITS: Final = (
    f"PDF, PNG, JPEG, CSV, TXT, DOCX, XLSX, PPTX, ODT or ODS, smaller than {LARGEST_FILE // MEGABYTE} MB. "
    f"Up to {MOST_ON_QUESTION} files a question and {MOST_IN_ASSESSMENT // MEGABYTE} MB an assessment."
)
FileForm = Annotated[Form, Depends(reads(file="file"))]


@router.get(EVIDENCE)
def evidence_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
) -> Response:
    """People of the organisation: the files of a question; whoever answers it can add one."""
    found = evidence.list_files(database, catalogue, actor, key, question_id, now)
    return show("partner/evidence.html", _make_page(found, ()))


@uploads.post(EVIDENCE)
def add_file(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
    form: FileForm,  # last, so that nothing is read of what strangers send
) -> Response:
    """Contributors of the organisation: adds a file to a question they may answer."""
    fault = NO_FILE_CHOSEN
    if form.file is not None:
        sent = form.file
        added = evidence.add_file(database, catalogue, actor, key, question_id, sent.name, sent.content, now)
        if not isinstance(added, Refused):
            return RedirectResponse(paths.evidence(key, question_id), 303)
        fault = added.fault
    found = evidence.list_files(database, catalogue, actor, key, question_id, now)
    status = 413 if fault == TOO_LARGE else 422
    return show("partner/evidence.html", _make_page(found, (FieldError("file", fault),)), status)


@router.get(FILE)
def evidence_file(database: DatabaseDep, actor: ActorDep, key: KeyDep, question_id: str, file_id: UUID) -> Response:
    """People of the organisation: a file as it was uploaded, to save and never to show."""
    record, content = evidence.get_file(database, actor, key, question_id, file_id)
    charset = "; charset=utf-8" if record.media_type.startswith("text/") else ""
    headers = {**make_headers(record.name), "Content-Type": record.media_type + charset}
    return Response(content, headers=headers)


@router.get(FILE + "/remove")
def remove_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
    file_id: UUID,
) -> Response:
    """Contributors of the organisation: asks whether to remove a file."""
    found = evidence.list_files(database, catalogue, actor, key, question_id, now)
    here = paths.evidence(key, question_id)
    if not found.can_change:
        return RedirectResponse(here, 303)
    file = next((file for file in found.files if file.id == file_id), None)
    if file is None:
        raise NotFoundError(evidence.NO_FILE)
    return show(
        "partner/evidence_remove.html",
        RemoveEvidencePage(
            title=f"Remove {file.name}?",
            back=Link("Back to the files", here),
            question=found.question.text,
            name=file.name,
            added=_added(file),
            action=paths.remove_evidence(key, question_id, file_id),
            keep=here,
        ),
    )


@router.post(FILE + "/remove", dependencies=[NO_FIELDS])
def remove_file(
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
    file_id: UUID,
) -> Response:
    """Contributors of the organisation: removes a file for good."""
    evidence.remove_file(database, catalogue, actor, key, question_id, file_id, now)
    return RedirectResponse(paths.evidence(key, question_id), 303)


def _make_page(found: QuestionEvidence, errors: tuple[FieldError, ...]) -> EvidencePage:
    key, question = found.assessment.key, found.question
    to_question = Link("Back to the question", paths.question(key, question.id))
    return EvidencePage(
        title=f"Files as evidence: {question.text}",
        back=to_question if found.can_change else Link("Back to the answers", paths.check_answers(key)),
        errors=errors,
        organisation=found.assessment.record.organisation,
        question=question.text,
        files=tuple(_make_row(key, file, can_change=found.can_change) for file in found.files),
        can_change=found.can_change,
        has_room=len(found.files) < MOST_ON_QUESTION,
        limits=LIMITS,
        accept=",".join(f".{extension}" for extension in KIND_OF),
        action=paths.evidence(key, question.id),
        go_on=to_question.href,
    )


def _make_row(key: AssessmentKey, file: EvidenceRecord, *, can_change: bool) -> EvidenceRow:
    return EvidenceRow(
        name=file.name,
        size=size_words(file.size),
        added=_added(file),
        sha256=file.sha256,
        download=paths.evidence_file(key, file.question_id, file.id),
        remove=paths.remove_evidence(key, file.question_id, file.id) if can_change else "",
    )


def _added(file: EvidenceRecord) -> str:
    return f"Added by {file.added_by} at {moment_words(file.added_at)}"


def size_words(size: int) -> str:
    """Write bytes as people read them, such as `12 KB` or `1.4 MB`."""
    if size < 1024:  # noqa: PLR2004 - bytes in a kilobyte
        return count(size, "byte")
    if size < MEGABYTE:
        return f"{size // 1024} KB"
    return f"{size / MEGABYTE:.1f} MB"
