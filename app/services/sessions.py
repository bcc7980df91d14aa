"""Sessions: how long they last, and how one begins in the transaction of whatever proved who somebody is."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.services.tokens import TokenKeys, make_token
from app.store import sign_ins

IDLE_LIMIT: Final = timedelta(hours=12)
ABSOLUTE_LIMIT: Final = timedelta(days=7)
COOKIE_LIFETIME: Final = ABSOLUTE_LIMIT + timedelta(days=1)
"""Longer than a session, so that what is typed as one ends can be kept for its owner."""


def open_session(session: Session, person_id: UUID, now: datetime, keys: TokenKeys) -> str:
    """Begin a session on one device and give its token, which is kept nowhere."""
    session_token = make_token()
    sign_ins.add_session(session, keys.digest(session_token), person_id, now)
    return session_token
