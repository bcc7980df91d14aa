"""Writing the audit, in the transaction of what is audited; and noting views."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.audit import SERVICE, Entry, Event, add_client, digest_text, hash_entry
from app.services import Database
from app.services.acting import CLIENT, acting
from app.store import audit

SALT_BYTES: Final = 16
VIEWS_APART: Final = timedelta(hours=1)
"""Whoever looks at the same again within this time is not recorded again."""


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What `record` writes down, collected to be written with others."""

    event: Event
    actor_id: UUID | None
    done_at: datetime
    partnership_id: UUID | None = None
    """Whose chain has it; the service's, where it concerns no single partnership."""
    subject: str = ""
    old: str = ""
    new: str = ""


def record_all(session: Session, entries: Iterable[NewEntry]) -> None:
    """Append entries to several chains, those of each in their order. Call it last, and once: it holds the chains.

    The chains are held in the order of their ids, so that two who write to the same ones never wait for one another.
    """
    for entry in sorted(entries, key=lambda each: each.partnership_id or SERVICE):
        record(
            session,
            entry.event,
            entry.actor_id,
            entry.done_at,
            partnership_id=entry.partnership_id,
            subject=entry.subject,
            old=entry.old,
            new=entry.new,
        )


def record(
    session: Session,
    event: Event,
    actor_id: UUID | None,
    now: datetime,
    *,
    partnership_id: UUID | None = None,
    subject: str = "",
    old: str = "",
    new: str = "",
) -> None:
    """Append an entry to the chain of a partnership, or of the service. Call it last: it holds the chain.

    For entries in more than one chain, there is `record_all`.

    `subject` names by kind and ids only; what could name a person, or be anybody's words, belongs into `old` and `new`,
    which can be erased. Where an API client acts for somebody, it is named after that.
    """
    chain = partnership_id or SERVICE
    number, previous = audit.lock_head(session, chain)
    salts = secrets.token_hex(SALT_BYTES), secrets.token_hex(SALT_BYTES)
    entry = Entry(
        partnership_id=chain,
        number=number + 1,
        done_at=now,
        actor_id=actor_id,
        event=event,
        subject=add_client(subject, session.info.get(CLIENT)),
        old_digest=digest_text(salts[0], old),
        new_digest=digest_text(salts[1], new),
        previous_hash=previous,
    )
    audit.add_entry(session, entry, hash_entry(entry), (salts[0], old), (salts[1], new))


def record_view(
    database: Database,
    actor: Actor,
    partnership_id: UUID | None,
    subject: str,
    now: datetime,
    *,
    event: Event = Event.PARTNERSHIP_VIEWED,
) -> None:
    """Record that somebody from outside looked at something of a partnership, once an hour at most.

    Call it before what is looked at is read, so that nothing is shown that is not recorded.
    """
    written = add_client(subject, actor.client_id)
    looked = partnership_id or SERVICE, event, actor.person_id, written, now - VIEWS_APART
    with database.reading() as session:
        if audit.was_recorded(session, *looked):
            return
    with acting(database, actor) as session:
        audit.lock_head(session, partnership_id or SERVICE)
        if not audit.was_recorded(session, *looked):  # nor in the moment between
            record(session, event, actor.person_id, now, partnership_id=partnership_id, subject=subject)
