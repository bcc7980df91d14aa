"""The audit's chains and entries."""

from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from app.domain.audit import GENESIS, Entry
from app.store.database import insert_if_absent
from app.store.models import AuditChain, AuditEntry


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
