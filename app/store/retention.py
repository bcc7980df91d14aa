"""What has been kept for its time, by kind: to count, and to remove a few rows at a time."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, inspect, or_, select, tuple_, update
from sqlalchemy.orm import Session

from app.domain.erasing import ERASED
from app.domain.retention import ONCE_ONLY_KEPT, PERIOD_OF, Kind
from app.store.erasing import erase_audit_texts
from app.store.models import (
    Assessment,
    Attempts,
    AuditEntry,
    Base,
    Comment,
    EvidenceFile,
    IdempotencyKey,
    Invitation,
    Mail,
    Membership,
    Person,
    Round,
    SignInLink,
    SignInSession,
    UnsavedForm,
    WebhookDelivery,
)

REMOVED: Final = "(removed)"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session can last at most, which decides when it has ended."""

    idle: timedelta
    absolute: timedelta


@dataclass(frozen=True, slots=True)
class Removal:
    """Rows of one table, and what becomes of them: deleted, or emptied."""

    table: type[Base]
    where: ColumnElement[bool]
    emptied: Mapping[str, Any] | None = None


def list_removals(kind: Kind, now: datetime, limits: Limits) -> tuple[Removal, ...]:
    """Give what is to be removed of a kind by now; people are erased one by one, by `list_idle_people`."""
    find = _REMOVALS.get(kind)
    return find(now, now - PERIOD_OF[kind], limits) if find else ()


def count(session: Session, removal: Removal) -> int:
    """Count what would be removed."""
    return session.scalar(select(func.count()).select_from(removal.table).where(removal.where)) or 0


def remove(session: Session, removal: Removal, limit: int) -> int:
    """Remove some rows, and say how many; fewer than the limit were all."""
    key = tuple(inspect(removal.table).primary_key)
    keys = [tuple(row) for row in session.execute(select(*key).where(removal.where).limit(limit))]
    if not keys:
        return 0
    chosen = tuple_(*key).in_(keys) & removal.where  # whoever raced us may have changed it
    if removal.table is Invitation:
        _forget_invited(session, [row_id for (row_id,) in keys])
    if removal.emptied is None:
        session.execute(delete(removal.table).where(chosen))
    else:
        session.execute(update(removal.table).where(chosen).values(removal.emptied))
    return len(keys)


def _forget_invited(session: Session, ids: list[UUID]) -> None:
    """Erase what the audit says of invitations that nobody accepted: names and addresses of who never came."""
    refused = session.scalars(select(Invitation.id).where(Invitation.id.in_(ids), Invitation.accepted_at.is_(None)))
    about = [AuditEntry.subject.contains(str(row_id)) for row_id in refused]
    if about:
        erase_audit_texts(session, or_(*about))


def count_idle_people(session: Session, now: datetime) -> int:
    """Count those whom `list_idle_people` lists."""
    return session.scalar(select(func.count()).select_from(Person).where(*_is_idle(now))) or 0


def list_idle_people(session: Session, now: datetime, after: UUID | None, limit: int) -> tuple[UUID, ...]:
    """List people without role and open invitation who have not been here for as long as they are kept, by id."""
    following = [Person.id > after] if after else []
    return tuple(session.scalars(select(Person.id).where(*_is_idle(now), *following).order_by(Person.id).limit(limit)))


def is_idle(session: Session, person_id: UUID, now: datetime) -> bool:
    """Say whether one person is still among those whom `list_idle_people` lists; ask it while they are held."""
    return session.scalar(select(Person.id).where(Person.id == person_id, *_is_idle(now))) is not None


def _is_idle(now: datetime) -> tuple[ColumnElement[bool], ...]:
    cutoff = now - PERIOD_OF[Kind.PEOPLE]
    return (
        Person.erased_at.is_(None),
        Person.id < _first_id_at(cutoff),
        ~exists().where(Membership.person_id == Person.id),
        ~exists().where(SignInSession.person_id == Person.id, SignInSession.last_seen_at > cutoff),
        ~exists().where(AuditEntry.actor_id == Person.id, AuditEntry.done_at > cutoff),
        ~exists().where(
            func.lower(Invitation.email) == Person.email,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
            Invitation.expires_at > now,
        ),
    )


def _first_id_at(moment: datetime) -> UUID:
    """Give the lowest UUIDv7 of a moment: ids made before are lower."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def _mail_texts(_now: datetime, _cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    settled = Mail.sent_at.is_not(None) | (Mail.given_up_at.is_not(None) & (Mail.attempts > 0))
    return (Removal(Mail, settled & ((Mail.body != "") | (Mail.path != "")), {"body": "", "path": ""}),)


def _void_mails(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    return (Removal(Mail, Mail.sent_at.is_(None) & (Mail.attempts == 0) & (Mail.given_up_at < cutoff)),)


def _mails(now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    settled = func.coalesce(Mail.sent_at, Mail.given_up_at)
    nameless = {"to_address": "", "subject": "", "body": "", "path": "", "person_id": None}
    return (
        Removal(Mail, Mail.key.is_(None) & (settled < cutoff)),
        Removal(Mail, Mail.key.is_not(None) & (settled < now - ONCE_ONLY_KEPT)),
        Removal(Mail, Mail.key.is_not(None) & (settled < cutoff) & (Mail.to_address != ""), nameless),
    )


def _sign_in_links(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    return (Removal(SignInLink, SignInLink.expires_at < cutoff),)


def _sessions(_now: datetime, cutoff: datetime, limits: Limits) -> tuple[Removal, ...]:
    ended = (SignInSession.last_seen_at < cutoff - limits.idle) | (SignInSession.started_at < cutoff - limits.absolute)
    return (Removal(SignInSession, ended),)


def _attempts(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    return (Removal(Attempts, Attempts.since < cutoff),)


def _idempotency_keys(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    return (Removal(IdempotencyKey, IdempotencyKey.created_at < cutoff),)


def _unsaved_forms(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    return (Removal(UnsavedForm, UnsavedForm.typed_at < cutoff),)


def _invitations(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    ended = func.coalesce(Invitation.accepted_at, Invitation.withdrawn_at, Invitation.expires_at)
    return (Removal(Invitation, ended < cutoff),)


def _evidence_files(now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    there = EvidenceFile.content.is_not(None) | EvidenceFile.name.not_in([ERASED, REMOVED])
    emptied = {
        "content": None,
        "name": REMOVED,
        "sha256": "",
        "removed_at": func.coalesce(EvidenceFile.removed_at, now),
    }
    return (Removal(EvidenceFile, there & _is_of_old_round(EvidenceFile, cutoff), emptied),)


def _comments(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    return (Removal(Comment, _is_of_old_round(Comment, cutoff)),)


def _is_of_old_round(table: type[Comment | EvidenceFile], cutoff: datetime) -> ColumnElement[bool]:
    return exists().where(
        Assessment.partnership_id == table.partnership_id,
        Assessment.id == table.assessment_id,
        Round.id == Assessment.round_id,
        Round.closes_at < cutoff,
    )


def _webhook_deliveries(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    settled = func.coalesce(WebhookDelivery.sent_at, WebhookDelivery.given_up_at)
    return (Removal(WebhookDelivery, settled < cutoff),)


def _audit_texts(_now: datetime, cutoff: datetime, _limits: Limits) -> tuple[Removal, ...]:
    there = AuditEntry.old_text.is_not(None) | AuditEntry.new_text.is_not(None)
    emptied = dict.fromkeys(("old_text", "old_salt", "new_text", "new_salt"))
    return (Removal(AuditEntry, there & (AuditEntry.done_at < cutoff), emptied),)


_REMOVALS: Final[Mapping[Kind, Callable[[datetime, datetime, Limits], tuple[Removal, ...]]]] = {
    Kind.MAIL_TEXTS: _mail_texts,
    Kind.VOID_MAILS: _void_mails,
    Kind.MAILS: _mails,
    Kind.SIGN_IN_LINKS: _sign_in_links,
    Kind.SESSIONS: _sessions,
    Kind.ATTEMPTS: _attempts,
    Kind.IDEMPOTENCY_KEYS: _idempotency_keys,
    Kind.UNSAVED_FORMS: _unsaved_forms,
    Kind.INVITATIONS: _invitations,
    Kind.EVIDENCE_FILES: _evidence_files,
    Kind.COMMENTS: _comments,
    Kind.WEBHOOK_DELIVERIES: _webhook_deliveries,
    Kind.AUDIT_TEXTS: _audit_texts,
}
