"""From a posted form to plain values. Whether they are right is for the core to say."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Final

from fastapi import Depends, HTTPException, Request

from app.domain.assessment import Answer
from app.domain.questionnaire import NOT_APPLICABLE

FORM: Final = "application/x-www-form-urlencoded"
NO_VERSION: Final = -1
"""A hidden version that is missing or was tampered with; no answer has it, so nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form: text fields only, line ends as new lines."""

    fields: Mapping[str, str]

    def get(self, name: str) -> str:
        """Give a field without the spaces around it; empty where it was not sent."""
        return self.fields.get(name, "").strip()


async def read_form(request: Request) -> Form:
    """Read the fields of a posted form, in the one encoding that our pages send."""
    kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if kind != FORM:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This address only takes what its own page sends")
    form = await request.form()
    fields = {name: value.replace("\r\n", "\n") for name, value in form.items() if isinstance(value, str)}
    request.state.typed = fields
    return Form(fields)


FormDep = Annotated[Form, Depends(read_form)]


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
    )
