"""From a posted form to plain values. Whether they are right is for the core to say.

A route names the fields that its page sends; a form with any other, or with one twice, is refused.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import UploadFile

from app.domain.assessment import Answer
from app.domain.questionnaire import NOT_APPLICABLE

FORM: Final = "application/x-www-form-urlencoded"
FORM_WITH_FILE: Final = "multipart/form-data"
NO_VERSION: Final = -1
"""A hidden version that is missing or was tampered with; no answer has it, so nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file that was sent with a form: what it calls itself, and its bytes."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form: text fields, line ends as new lines, and the file where one was chosen."""

    fields: Mapping[str, str]
    file: SentFile | None = None

    def get(self, name: str) -> str:
        """Give a field without the spaces around it; empty where it was not sent."""
        return self.fields.get(name, "").strip()


def reads(*names: str, file: str = "", kept: bool = False) -> Callable[[Request], Awaitable[Form]]:
    """Give what reads a form of these fields, in the one encoding that our pages send; with a file where one is named.

    A form that is `kept` waits for whoever's session has ended until they have signed in again; its page asks
    `holding.find_typed` for it.
    Raises `HTTPException`: 415 for another encoding, 400 for a field that is unknown or there twice.
    """

    async def read_form(request: Request) -> Form:
        expected = FORM_WITH_FILE if file else FORM
        kind, _, options = request.headers.get("content-type", expected).lower().partition(";")
        # Some of the encodings that a form could name end in errors that nobody foresees; our pages name none.
        if kind.strip() != expected or ("charset" in options and "utf-8" not in options):
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This address only takes what its own page sends")
        async with request.form(max_files=1, max_fields=100) as form:
            items = form.multi_items()
            known = {name: value.replace("\r\n", "\n") for name, value in items if isinstance(value, str)}
            request.state.typed = {name: value for name, value in known.items() if name in names}
            if len(dict(items)) < len(items) or not {name for name, _ in items} <= {*names, *([file] if file else [])}:
                raise HTTPException(HTTPStatus.BAD_REQUEST, "This address only takes what its own page sends")
            request.state.to_keep = request.state.typed if kept else {}
            sent = form.get(file) if file else None
            if isinstance(sent, UploadFile) and sent.filename:
                return Form(known, SentFile(sent.filename, await sent.read()))
        return Form(known)

    return read_form


NO_FIELDS: Final = Depends(reads())
"""For the route of a form that is but a button: `dependencies=[NO_FIELDS]`."""


def read_number(form: Form, name: str) -> int:
    """Give a hidden number, such as a version; `NO_VERSION` where it is missing or was tampered with."""
    text = form.get(name)
    return int(text) if re.fullmatch(r"[0-9]{1,6}", text, re.ASCII) else NO_VERSION


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What was posted about one question, as typed."""

    choice: str
    reason: str
    note: str
    evidence_kind: str
    evidence_link: str
    seen_version: int
    returns_to_check: bool
    leaves: bool
    adds_files: bool = False
    """Whether to go on to the files of the question."""
    is_kept: bool = False
    """Whether it was typed before its author was signed out."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was chosen or typed."""
        return not (self.choice or self.note or self.evidence_link)

    @property
    def answer(self) -> Answer:
        """The answer it stands for. A reason belongs to not applicable alone; a kind of evidence to a link."""
        return Answer(
            choice=self.choice,
            reason=self.reason if self.choice == NOT_APPLICABLE else "",
            note=self.note,
            evidence_kind=self.evidence_kind if self.evidence_link else "",
            evidence_link=self.evidence_link,
        )


ANSWER_FIELDS: Final = (
    "choice",
    "reason",
    "note",
    "evidence-kind",
    "evidence-link",
    "version",
    "return",
    "then",
    "kept",
)


def read_answer(form: Form) -> AnswerForm:
    """Take the fields of the question page."""
    version = form.get("version")
    return AnswerForm(
        choice=form.get("choice"),
        reason=form.get("reason"),
        note=form.get("note"),
        evidence_kind=form.get("evidence-kind"),
        evidence_link=form.get("evidence-link"),
        seen_version=int(version) if re.fullmatch(r"[0-9]{1,6}", version, re.ASCII) else NO_VERSION,
        returns_to_check=form.get("return") == "check",
        leaves=form.get("then") == "leave",
        adds_files=form.get("then") == "files",
        is_kept=form.get("kept") == "yes",
    )
