"""Writing mails into the outbox, in the transaction of what they tell of. `working` sends them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.values import one_line
from app.store import mails


class MailKind(StrEnum):
    """What a mail is for."""

    SIGN_IN = "sign-in"
    INVITATION = "invitation"
    SECTION_GIVEN = "section-given"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes-requested"
    SIGNED_OFF = "signed-off"
    REOPENED = "reopened"
    LATE_ENTRY = "late-entry"
    REMINDER = "reminder"
    ROUND_CLOSED = "round-closed"
    ACTION_GIVEN = "action-given"
    ASK_SENT = "ask-sent"
    ASK_ANSWERED = "ask-answered"
    HELP_PROPOSED = "help-proposed"
    HELP_MATCHED = "help-matched"


LINK: Final = "{link}"
"""The paragraph that gives way to the link, where it is not to stand last."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says: plain text, one paragraph a string, and the page it leads to, without the host.

    The texts of the service's own letters are in `letters`.
    """

    kind: MailKind
    subject: str
    paragraphs: Sequence[str]
    path: str = ""


def post(
    session: Session,
    letter: Letter,
    to_address: str,
    person_id: UUID | None,
    now: datetime,
    *,
    key: str | None = None,
    is_void: bool = False,
) -> bool:
    """Put a letter into the outbox; with a `key` once only, and `False` where it was there before.

    A void one costs the same and is never sent.
    """
    return mails.add_mail(
        session,
        kind=letter.kind,
        person_id=person_id,
        to_address=to_address,
        subject=one_line(letter.subject),
        body="\n\n".join(letter.paragraphs),
        path=letter.path,
        key=key,
        now=now,
        is_void=is_void,
    )
