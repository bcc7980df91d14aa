"""Signing in by a one-time link, staying signed in, and signing out."""

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote
from uuid import UUID

from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import LinkSpentError, NotFoundError
from app.domain.identity import IdentityError
from app.domain.values import one_line
from app.services import Database, auditing, inviting, letters, limiting, mailing
from app.services.limiting import Slowed
from app.services.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT, open_session
from app.services.tokens import TokenKeys, make_token
from app.store import people, sign_ins

LINK_LIFETIME: Final = timedelta(minutes=15)
TOUCH_EVERY: Final = timedelta(minutes=1)
SIGN_IN: Final = "/sign-in"
"""The page that a link leads to."""


def request_link(database: Database, email: str, go_to: str, source: str, now: datetime, keys: TokenKeys) -> None:
    """Mail a one-time link that leads on to a page; raises `TooManyAttemptsError` of a source, never of an address.

    Nobody can tell whether an address is known: the same is done for all. Where nobody has it, the letter is void and
    the link opens nothing; whoever was invited and has not accepted yet is mailed their invitation.
    """
    limiting.check_source(database, Slowed.LINK_REQUEST, source, now)
    address = email.strip().lower()
    token = make_token()
    path = f"{SIGN_IN}/{token}" + (f"?next={quote(go_to)}" if go_to else "")
    with database.writing() as session:
        if not limiting.count(session, Slowed.MAIL_TO_ADDRESS, keys.digest(f"address {address}"), now):
            return
        person_id = people.find_person_id(session, address)
        invitation = inviting.send_again_for(session, address, now, keys)
        sign_ins.add_link(session, keys.digest(token), person_id, now + LINK_LIFETIME)
        is_void = person_id is None and invitation is None
        to_address = "" if is_void else address  # an address that we do not know is not kept
        mailing.post(session, invitation or letters.sign_in(path), to_address, person_id, now, is_void=is_void)


def use_link(database: Database, token: str, source: str, now: datetime, keys: TokenKeys) -> str:
    """Spend a one-time token and give the token of a new session; raises `LinkSpentError`, `TooManyAttemptsError`."""
    with database.writing() as session:
        person_id = sign_ins.use_link(session, keys.digests(token), now)
        if person_id is not None:
            session_token = open_session(session, person_id, now, keys)
            auditing.record(session, Event.SIGNED_IN, person_id, now, subject=f"person {person_id}")
            return session_token
    limiting.check_source(database, Slowed.FAILED_TOKEN, source, now)
    raise LinkSpentError("This sign-in link has been used, or is more than 15 minutes old")


def sign_in_as(database: Database, email: str, now: datetime, keys: TokenKeys) -> str:
    """Sign in whoever has an address, in lower case, that a provider has verified; raises `IdentityError`."""
    with database.writing() as session:
        person_id = people.find_person_id(session, email)
        if person_id is None:
            raise IdentityError(
                f"Nobody has been invited as {one_line(email)}. Ask whoever invited you to use this address"
            )
        session_token = open_session(session, person_id, now, keys)
        auditing.record(session, Event.SIGNED_IN, person_id, now, subject=f"person {person_id}", new="provider")
    return session_token


def step_in(database: Database, person_id: UUID, now: datetime, keys: TokenKeys) -> str:
    """Sign in as an invented person of the demonstration and give the token of a session."""
    with database.writing() as session:
        if people.find_person_name(session, person_id) is None:
            raise NotFoundError("There is no such person")
        return open_session(session, person_id, now, keys)


def list_people(database: Database) -> tuple[tuple[UUID, str, str | None], ...]:
    """List id, name and organisation of everybody, to step in as one of them at a demonstration."""
    with database.reading() as session:
        return people.list_people(session)


def find_actor(database: Database, session_token: str, now: datetime, keys: TokenKeys) -> Actor | None:
    """Find who is signed in, with their roles as they are now; notes once a minute that the session is in use."""
    digests = keys.digests(session_token)
    with database.reading() as session:
        found = sign_ins.find_actor(session, digests, started_after=now - ABSOLUTE_LIMIT, seen_after=now - IDLE_LIMIT)
    if found is None:
        return None
    actor, last_seen_at = found
    if now - last_seen_at > TOUCH_EVERY:
        with database.writing() as session:
            sign_ins.touch_session(session, digests, now)
    return actor


def sign_out(database: Database, session_token: str, keys: TokenKeys) -> None:
    """End a session."""
    with database.writing() as session:
        sign_ins.delete_session(session, keys.digests(session_token))


def sign_out_everywhere(database: Database, actor: Actor, now: datetime) -> None:
    """End every session of the actor, and every link that could begin another."""
    with database.writing() as session:
        sign_ins.delete_sessions(session, actor.person_id)
        sign_ins.spend_links(session, actor.person_id, now)
        auditing.record(session, Event.SIGNED_OUT_EVERYWHERE, actor.person_id, now, subject=f"person {actor.person_id}")
