"""Writing once what a client may send again: the reply is kept in the transaction of what was written.

What a client does is made of services that open their own units of work. Given a database in the middle of one, they
join it: so the key, the write and the reply to it are there together, or none of them is.

Whoever sends the same while it is being done is told so, and does not wait: by what this process has in hand, and in
PostgreSQL by a lock that other processes see, too. In a SQLite file the turn to write is waited for, by other processes
as well; whoever comes out of that wait finds the reply.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.api_access import ApiPass
from app.domain.errors import InProgressError, OtherBodyError
from app.services import Database
from app.services.api_clients import check_still
from app.store import idempotency
from app.store.turns import InHandError

IN_PROGRESS: Final = "The same is being done at this moment. Send it again"


@dataclass(frozen=True, slots=True)
class Sending:
    """One write that a client may send again: the key it gave, and a digest of what it sent."""

    operation: str
    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a write is answered with."""

    status: int
    reply: str
    """Without anybody's words: it is kept for a day, and erasing somebody does not look into it."""


def write(
    database: Database,
    who: ApiPass,
    sending: Sending | None,
    check: Callable[[Database], None],
    do: Callable[[Database], Outcome],
    now: datetime,
) -> Outcome:
    """Do a client's write in one transaction; with a key, once, and give the same outcome whenever it comes again.

    `check` raises where the client may not know of it, or not any more: first of all, also where it comes again.
    A write that raises leaves its key free. Raises what it raises; `OtherBodyError` for a key that was used for
    something else, `InProgressError` while the first is being done; and what `check_still` raises.
    """
    with _holding(database, who.client_id, sending), database.in_one() as one:
        check(one)
        if sending is not None and not _claim(one, who.client_id, sending, now):
            return _find(one, who.client_id, sending)
        outcome = do(one)
        with one.writing() as session:
            if sending is not None:
                reply = outcome.status, outcome.reply
                idempotency.keep(session, who.client_id, sending.operation, sending.key, *reply)
            check_still(session, who, now)
        return outcome


@contextmanager
def _holding(database: Database, client_id: UUID, sending: Sending | None) -> Iterator[None]:
    """Have a key in hand, from before its write waits for its turn until after its commit."""
    if sending is None:
        yield
        return
    try:
        with database.in_hand.holding(_name(client_id, sending)):
            yield
    except InHandError:
        raise InProgressError(IN_PROGRESS) from None


def _name(client_id: UUID, sending: Sending) -> str:
    return f"{client_id} {sending.key} {sending.operation}"  # no key has a space


def _claim(one: Database, client_id: UUID, sending: Sending, now: datetime) -> bool:
    with one.writing() as session:
        if not idempotency.try_hold(session, _name(client_id, sending)):
            raise InProgressError(IN_PROGRESS)
        return idempotency.claim(session, client_id, sending.operation, sending.key, sending.body_hash, now)


def _find(one: Database, client_id: UUID, sending: Sending) -> Outcome:
    with one.reading() as session:
        found = idempotency.find(session, client_id, sending.operation, sending.key)
    if found is None:
        raise InProgressError(IN_PROGRESS)
    if found.body_hash != sending.body_hash:
        raise OtherBodyError("This Idempotency-Key was used with another body. Give a new key, or send the same again")
    return Outcome(found.status, found.reply)
