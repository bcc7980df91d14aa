"""Signing in by a one-time link, staying signed in, and signing out."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.access import Actor
from app.domain.errors import LinkSpentError, NotFoundError
from app.services import Database
from app.store import people

LINK_LIFETIME: Final = timedelta(minutes=15)
IDLE_LIMIT: Final = timedelta(hours=12)
ABSOLUTE_LIMIT: Final = timedelta(days=7)
TOUCH_EVERY: Final = timedelta(minutes=1)
TOKEN_BYTES: Final = 32


def request_link(database: Database, email: str, now: datetime) -> str | None:
    """Make a one-time token for whoever has this address; `None`, which no page may show, where nobody has."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with database.writing() as session:
        person_id = people.find_person_id(session, email.strip().lower())
        if person_id is None:
            return None
        people.add_link(session, _hash(token), person_id, now + LINK_LIFETIME)
    return token


def use_link(database: Database, token: str, now: datetime) -> str:
    """Spend a one-time token and give the token of a new session; raises `LinkSpentError`."""
    with database.writing() as session:
        person_id = people.use_link(session, _hash(token), now)
        if person_id is None:
            raise LinkSpentError("This sign-in link has been used, or is more than 15 minutes old")
        session_token = secrets.token_urlsafe(TOKEN_BYTES)
        people.add_session(session, _hash(session_token), person_id, now)
    return session_token


def step_in(database: Database, person_id: UUID, now: datetime) -> str:
    """Sign in as an invented person of the demonstration and give the token of a session."""
    with database.writing() as session:
        if people.find_person_name(session, person_id) is None:
            raise NotFoundError("There is no such person")
        session_token = secrets.token_urlsafe(TOKEN_BYTES)
        people.add_session(session, _hash(session_token), person_id, now)
    return session_token


def list_people(database: Database) -> tuple[tuple[UUID, str, str | None], ...]:
    """List id, name and organisation of everybody, to step in as one of them at a demonstration."""
    with database.reading() as session:
        return people.list_people(session)


def find_actor(database: Database, session_token: str, now: datetime) -> Actor | None:
    """Find who is signed in, with their roles as they are now; notes once a minute that the session is in use."""
    token_hash = _hash(session_token)
    with database.reading() as session:
        found = people.find_actor(session, token_hash, started_after=now - ABSOLUTE_LIMIT, seen_after=now - IDLE_LIMIT)
    if found is None:
        return None
    actor, last_seen_at = found
    if now - last_seen_at > TOUCH_EVERY:
        with database.writing() as session:
            people.touch_session(session, token_hash, now)
    return actor


def sign_out(database: Database, session_token: str) -> None:
    """End a session."""
    with database.writing() as session:
        people.delete_session(session, _hash(session_token))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
