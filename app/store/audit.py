"""The audit's chains and entries."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update
from sqlalchemy.orm import Session

from app.domain.audit import GENESIS, UNLISTED, Entry, Event, StoredEntry, StoredText
from app.store.database import insert_if_absent
from app.store.models import ApiClient, Assessment, AuditChain, AuditEntry, Organisation, Partnership, Person, Round


def lock_head(session: Session, partnership_id: UUID) -> tuple[int, str]:
    """Hold the head of a chain until the commit, and give its number and hash; a chain begins when first asked for.

    Held last of all rows, so that whoever waits for it holds nothing that its holder needs.
    """
    session.execute(insert_if_absent(session, AuditChain).values(partnership_id=partnership_id, number=0, hash=GENESIS))
    row = session.execute(
        select(AuditChain.number, AuditChain.hash).where(AuditChain.partnership_id == partnership_id).with_for_update()
    ).one()
    return row.number, row.hash


def add_entry(
    session: Session,
    entry: Entry,
    entry_hash: str,
    old: tuple[str | None, str | None],
    new: tuple[str | None, str | None],
) -> None:
    """Append an entry with its texts and salts, each as (salt, text), and move the head of its chain."""
    session.execute(
        insert(AuditEntry).values(
            partnership_id=entry.partnership_id,
            number=entry.number,
            done_at=entry.done_at,
            actor_id=entry.actor_id,
            event=entry.event,
            subject=entry.subject,
            old_salt=old[0],
            old_text=old[1],
            old_digest=entry.old_digest,
            new_salt=new[0],
            new_text=new[1],
            new_digest=entry.new_digest,
            previous_hash=entry.previous_hash,
            hash=entry_hash,
        )
    )
    session.execute(
        update(AuditChain)
        .where(AuditChain.partnership_id == entry.partnership_id)
        .values(number=entry.number, hash=entry_hash)
    )


def list_chains(session: Session) -> dict[UUID, tuple[int, str]]:
    """Give the number and hash of every chain's head."""
    rows = session.execute(select(AuditChain.partnership_id, AuditChain.number, AuditChain.hash))
    return {chain: (number, last_hash) for chain, number, last_hash in rows}


def list_chains_of_entries(session: Session) -> dict[UUID, int]:
    """Give the highest number of every chain that has entries, with a head or not."""
    highest = select(AuditEntry.partnership_id, func.max(AuditEntry.number).label("last"))
    rows = session.execute(highest.group_by(AuditEntry.partnership_id))
    return {row.partnership_id: row.last for row in rows}


def list_entries(session: Session, chain: UUID, after: int, until: int, limit: int) -> tuple[StoredEntry, ...]:
    """List entries of a chain after a number, until another, in order."""
    rows = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.partnership_id == chain, AuditEntry.number > after, AuditEntry.number <= until)
        .order_by(AuditEntry.number)
        .limit(limit)
    )
    return tuple(map(_as_stored, rows))


Place = tuple[datetime, UUID, int]
"""Where an entry stands among all: when it was done, in which chain, as which number."""


def list_newest(
    session: Session, limit: int, *, before: Place | None, chain: UUID | None, event: Event | None
) -> tuple[StoredEntry, ...]:
    """List entries, the newest first: all, or those of one chain or of one event, or those before a place.

    Those that are on no page are left out.
    """
    order = AuditEntry.done_at.desc(), AuditEntry.partnership_id.desc(), AuditEntry.number.desc()
    conditions: list[ColumnElement[bool]] = [AuditEntry.event.not_in(UNLISTED)]
    if chain is not None:
        conditions.append(AuditEntry.partnership_id == chain)
    if event is not None:
        conditions.append(AuditEntry.event == event)
    if before is not None:
        at, last_chain, number = before
        conditions.append(
            or_(
                AuditEntry.done_at < at,
                and_(AuditEntry.done_at == at, AuditEntry.partnership_id < last_chain),
                and_(AuditEntry.done_at == at, AuditEntry.partnership_id == last_chain, AuditEntry.number < number),
            )
        )
    return tuple(map(_as_stored, session.scalars(select(AuditEntry).where(*conditions).order_by(*order).limit(limit))))


def list_partnerships(session: Session) -> tuple[tuple[UUID, str], ...]:
    """List the partnerships by name, to choose one."""
    rows = session.execute(select(Partnership.id, Partnership.name).order_by(Partnership.name, Partnership.id))
    return tuple((row.id, row.name) for row in rows)


def list_named(session: Session, ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the names of those of some ids that are people, places, rounds, clients or assessments (by organisation)."""
    found: dict[UUID, str] = {}
    for column in (Person.name, Organisation.name, Partnership.name, Round.title, ApiClient.name):
        table = column.class_
        rows = session.execute(select(table.id, column.label("name")).where(table.id.in_(ids)))
        found |= {row.id: row.name for row in rows}
    of_assessments = (
        select(Assessment.id, Organisation.name)
        .join(Organisation, Organisation.id == Assessment.organisation_id)
        .where(Assessment.id.in_(ids))
    )
    return found | {row.id: row.name for row in session.execute(of_assessments)}


def was_recorded(
    session: Session, chain: UUID, event: Event, actor_id: UUID | None, subject: str, since: datetime
) -> bool:
    """Say whether somebody, or `None` for whoever it was, did the same to the same since a moment."""
    found = session.scalar(
        select(AuditEntry.number)
        .where(
            AuditEntry.partnership_id == chain,
            AuditEntry.event == event,
            AuditEntry.actor_id == actor_id,
            AuditEntry.subject == subject,
            AuditEntry.done_at > since,
        )
        .limit(1)
    )
    return found is not None


def count_by_subject(session: Session, chain: UUID, event: Event) -> dict[str, tuple[int, datetime]]:
    """Give how often something was done to each subject of a chain, and when last."""
    rows = session.execute(
        select(AuditEntry.subject, func.count().label("times"), func.max(AuditEntry.done_at).label("last"))
        .where(AuditEntry.partnership_id == chain, AuditEntry.event == event)
        .group_by(AuditEntry.subject)
    )
    return {row.subject: (row.times, row.last) for row in rows}


def _as_stored(row: AuditEntry) -> StoredEntry:
    return StoredEntry(
        Entry(
            partnership_id=row.partnership_id,
            number=row.number,
            done_at=row.done_at,
            actor_id=row.actor_id,
            event=row.event,
            subject=row.subject,
            old_digest=row.old_digest,
            new_digest=row.new_digest,
            previous_hash=row.previous_hash,
        ),
        old=StoredText(row.old_text, row.old_salt, row.old_digest),
        new=StoredText(row.new_text, row.new_salt, row.new_digest),
        hash=row.hash,
    )
