"""Slowing down whoever guesses: so many tries in a quarter of an hour, of one address and from one source.

Only what is new is slowed down. A session, and a link that was sent, always work, so nobody can lock somebody else out.
Tries are counted by the minute, so that at no moment a full number may be begun again.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from app.domain.errors import TooManyAttemptsError
from app.services import Database
from app.store import attempts

WINDOW: Final = timedelta(minutes=15)
UNLIMITED: Final = ""
"""The source that is not slowed down: one's own machine, in the demonstration."""


class Slowed(StrEnum):
    """What is slowed down."""

    MAIL_TO_ADDRESS = "mail-to-address"
    LINK_REQUEST = "link-request"
    FAILED_TOKEN = "failed-token"  # noqa: S105 - a name
    WEBHOOK_BY_HAND = "webhook-by-hand"
    """A ping, or a delivery sent again because a client asks for it."""


MOST: Final[Mapping[Slowed, int]] = {
    Slowed.MAIL_TO_ADDRESS: 5,
    Slowed.LINK_REQUEST: 30,
    Slowed.FAILED_TOKEN: 30,
    Slowed.WEBHOOK_BY_HAND: 100,
}
"""How often, in one window."""


def count(session: Session, kind: Slowed, key_hash: str, now: datetime) -> bool:
    """Count one more try, and say whether it is within what is allowed. `key_hash` is a digest of who or whence."""
    attempts.add_attempt(session, kind, key_hash, now.replace(second=0, microsecond=0))
    return attempts.count_attempts(session, kind, key_hash, now - WINDOW) <= MOST[kind]


def check_source(database: Database, kind: Slowed, source: str, now: datetime) -> None:
    """Count one more try from a source (`SourceDep`), and raise `TooManyAttemptsError` where it is one too many.

    For tokens, call it after one has failed: a right one needs no leave. Past the limit nothing is written any more.
    """
    if source == UNLIMITED:
        return
    with database.reading() as session:
        allowed = attempts.count_attempts(session, kind, source, now - WINDOW) < MOST[kind]
    if allowed:
        with database.writing() as session:
            allowed = count(session, kind, source, now)
    if not allowed:
        raise TooManyAttemptsError(
            "Too many attempts came from your network. Wait a quarter of an hour, then try again", WINDOW
        )
