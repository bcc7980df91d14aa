"""The outbox: mails to be sent, and those that were.

`send_after` is when a mail is to be tried next, and `NEVER` once it is sent or given up, so that what is due is found
in the index alone, however long the table grows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.orm import Session

from app.store.database import insert_if_absent
from app.store.models import Mail as MailRow
from app.store.models import new_id

NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
LONGEST_ERROR: Final = 500
CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class StoredMail:
    """One mail of the outbox."""

    id: UUID
    kind: str
    to_address: str
    subject: str
    body: str
    path: str
    written_at: datetime
    attempts: int
    """How often it was tried, this time included; what a claim is known by."""
    error: str
    """What went wrong the last time."""


def add_mail(  # noqa: PLR0913 - all that a mail is
    session: Session,
    *,
    kind: str,
    person_id: UUID | None,
    to_address: str,
    subject: str,
    body: str,
    path: str,
    key: str | None,
    now: datetime,
    is_void: bool = False,
) -> bool:
    """Put a mail into the outbox; `False` where one with its key was written before. A void one is never sent."""
    added = session.scalar(
        insert_if_absent(session, MailRow)
        .values(
            id=new_id(),
            kind=kind,
            person_id=person_id,
            to_address=to_address,
            subject=subject,
            body=body,
            path=path,
            key=key,
            written_at=now,
            send_after=NEVER if is_void else now,
            attempts=0,
            given_up_at=now if is_void else None,
            error="",
        )
        .returning(MailRow.id)
    )
    return added is not None


def find_written(session: Session, keys: Sequence[str]) -> frozenset[str]:
    """Give those of the keys under which a mail was written before. One statement for each 500."""
    found: set[str] = set()
    for start in range(0, len(keys), CHUNK):
        found.update(
            key
            for key in session.scalars(select(MailRow.key).where(MailRow.key.in_(keys[start : start + CHUNK])))
            if key
        )
    return frozenset(found)


def has_due(session: Session, now: datetime) -> bool:
    """Say whether any mail is to be tried now. One indexed statement."""
    return bool(session.scalar(select(exists().where(*_is_due(now)))))


def claim_mails(
    session: Session, now: datetime, lease_until: datetime, limit: int, *, first: str
) -> tuple[StoredMail, ...]:
    """Take some due mails, so that nobody else tries them before the lease ends.

    Those of the kind `first` go before all others, and then the longest waiting. SQLite's writers come one after
    another; PostgreSQL's pass over what another worker holds.
    """
    due = session.scalars(
        select(MailRow.id)
        .where(*_is_due(now))
        .order_by(MailRow.kind != first, MailRow.send_after, MailRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    if not due:
        return ()
    rows = session.execute(
        update(MailRow)
        .where(MailRow.id.in_(due), *_is_due(now))
        .values(send_after=lease_until, attempts=MailRow.attempts + 1)
        .returning(*_COLUMNS)
    )
    return tuple(sorted((StoredMail(*row) for row in rows), key=lambda mail: mail.id))


def note_sent(session: Session, mail: StoredMail, now: datetime, *, keep_text: bool) -> None:
    """Note that a mail was sent; whoever holds it by now, it need not be sent again."""
    _settle(session, MailRow.id == mail.id, keep_text=keep_text, sent_at=now, send_after=NEVER, error="")


def note_given_up(session: Session, mail: StoredMail, error: str, now: datetime, *, keep_text: bool) -> None:
    """Note that a mail will not be tried again, and why."""
    values = {"given_up_at": now, "send_after": NEVER, "error": error[:LONGEST_ERROR]}
    _settle(session, _is_claimed(mail), keep_text=keep_text, **values)


def put_off(session: Session, mail: StoredMail, error: str, until: datetime) -> None:
    """Note that a mail could not be sent, why, and when to try again."""
    _settle(session, _is_claimed(mail), keep_text=True, send_after=until, error=error[:LONGEST_ERROR])


def release(session: Session, untried: Sequence[StoredMail], now: datetime) -> None:
    """Give back what was claimed and not tried."""
    session.execute(
        update(MailRow)
        .where(or_(*map(_is_claimed, untried)), MailRow.sent_at.is_(None))
        .values(send_after=now, attempts=MailRow.attempts - 1)
    )


def list_newest(session: Session, limit: int) -> tuple[StoredMail, ...]:
    """List the newest mails but void ones, the newest first."""
    return tuple(_list(session, limit, MailRow.given_up_at.is_(None) | (MailRow.attempts > 0)))


def find_mail(session: Session, mail_id: UUID) -> StoredMail | None:
    """Find one mail; no void one."""
    is_void = MailRow.given_up_at.is_not(None) & (MailRow.attempts == 0)
    return next(_list(session, 1, MailRow.id == mail_id, ~is_void), None)


_COLUMNS: Final = (
    MailRow.id,
    MailRow.kind,
    MailRow.to_address,
    MailRow.subject,
    MailRow.body,
    MailRow.path,
    MailRow.written_at,
    MailRow.attempts,
    MailRow.error,
)


def _list(session: Session, limit: int, *where: ColumnElement[bool]) -> Iterator[StoredMail]:
    rows = session.execute(select(*_COLUMNS).where(*where).order_by(MailRow.id.desc()).limit(limit))
    return (StoredMail(*row) for row in rows)


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return MailRow.send_after <= now, MailRow.sent_at.is_(None), MailRow.given_up_at.is_(None)


def _is_claimed(mail: StoredMail) -> ColumnElement[bool]:
    return (MailRow.id == mail.id) & (MailRow.attempts == mail.attempts)


def _settle(session: Session, where: ColumnElement[bool], *, keep_text: bool, **values: Any) -> None:  # noqa: ANN401
    if not keep_text:
        values |= {"body": "", "path": ""}
    session.execute(update(MailRow).where(where, MailRow.sent_at.is_(None)).values(**values))
