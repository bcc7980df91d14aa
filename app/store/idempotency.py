"""Replies that are kept with what was written, for a client that sends the same again."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.store.database import insert_if_absent
from app.store.models import IdempotencyKey


@dataclass(frozen=True, slots=True)
class KeptReply:
    """What a write was answered with."""

    body_hash: str
    status: int
    reply: str


def try_hold(session: Session, name: str) -> bool:
    """Have a key in hand until the commit; `False` where another process has it.

    In a SQLite file nobody else can be in the middle of a write by now: whoever waited for them finds what they did.
    """
    if session.get_bind().dialect.name == "sqlite":
        return True
    number = int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(number))))


def claim(session: Session, client_id: UUID, operation: str, key: str, body_hash: str, now: datetime) -> bool:
    """Take a key for a write that begins, which has it in hand; `False` where it was taken before."""
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
