"""Replies that are kept with what was written, for a client that sends the same again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.store.database import insert_if_absent
from app.store.models import IdempotencyKey


@dataclass(frozen=True, slots=True)
class KeptReply:
    """What a write was answered with."""

    body_hash: str
    status: int
    reply: str


def claim(session: Session, client_id: UUID, operation: str, key: str, body_hash: str, now: datetime) -> bool:
    """Take a key for a write that begins, until its commit or for good; `False` where it was taken before.

    Whoever wants the same key at the same time waits until the first has committed, or given it up.
    """
    return (
        session.scalar(
            insert_if_absent(session, IdempotencyKey)
            .values(
                client_id=client_id,
                operation=operation,
                key=key,
                body_hash=body_hash,
                status=None,
                reply="",
                created_at=now,
            )
            .returning(IdempotencyKey.key)
        )
        is not None
    )


def keep(session: Session, client_id: UUID, operation: str, key: str, status: int, reply: str) -> None:
    """Keep the reply to a write whose key was claimed."""
    session.execute(
        update(IdempotencyKey)
        .where(IdempotencyKey.client_id == client_id, IdempotencyKey.operation == operation, IdempotencyKey.key == key)
        .values(status=status, reply=reply)
    )


def find(session: Session, client_id: UUID, operation: str, key: str) -> KeptReply | None:
    """Find the reply that was kept; `None` where there is none, or none yet."""
    row = session.scalar(
        select(IdempotencyKey).where(
            IdempotencyKey.client_id == client_id, IdempotencyKey.operation == operation, IdempotencyKey.key == key
        )
    )
    return None if row is None or row.status is None else KeptReply(row.body_hash, row.status, row.reply)
