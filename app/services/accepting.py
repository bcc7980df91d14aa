"""Accepting an invitation: once, by whoever has the link, and as whoever has the address it was sent to."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.audit import Event
from app.domain.errors import InvitationError, NotFoundError
from app.domain.inviting import Invitation, find_own_name_fault
from app.domain.organisations import tidy_name
from app.services import Database, limiting, sessions
from app.services.inviting import Inviter, record
from app.services.limiting import Slowed
from app.services.tokens import TokenKeys
from app.store import invitations, memberships, people


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation that can be accepted, as whoever has its link sees it."""

    invitation: Invitation
    asks_name: bool
    """Whether they are new here."""


def find_opened(database: Database, token: str, source: str, now: datetime, keys: TokenKeys) -> Opened | None:
    """Find what a link offers; `None` where it was used, withdrawn or replaced, has run out, or never was one.

    Raises `TooManyAttemptsError` of a source that tries too many.
    """
    with database.reading() as session:
        invitation = invitations.find_by_token(session, keys.digests(token), now)
        if invitation:
            return Opened(invitation, people.find_person_id(session, invitation.email) is None)
    limiting.check_source(database, Slowed.FAILED_TOKEN, source, now)
    return None


def accept(database: Database, token: str, name: str, source: str, now: datetime, keys: TokenKeys) -> str | None:
    """Take what a link offers and give the token of a session, as whoever has the address it was sent to.

    `None` as in `find_opened`. Raises `InvitationError` where somebody new gives no name that can be kept.
    """
    digests = keys.digests(token)
    with database.writing() as session:
        email = invitations.find_address(session, digests)
        person_id = memberships.lock_person(session, email) if email else None
        offered = invitations.find_by_token(session, digests, now) if email else None
        if offered:  # held, so that of two who are invited as its first lead one becomes it
            memberships.lock_places(session, {offered.grant})
        invitation = invitations.use_invitation(session, digests, now) if offered else None
        if invitation:
            person_id = person_id or _add_person(session, invitation, name)
            invitations.note_accepted(session, invitation, person_id, now)
            memberships.add_role(session, person_id, invitation.grant)
            session_token = sessions.open_session(session, person_id, now, keys)
            record(session, Event.INVITATION_ACCEPTED, Inviter(person_id), invitation, now)
            return session_token
    limiting.check_source(database, Slowed.FAILED_TOKEN, source, now)
    return None


def _add_person(session: Session, invitation: Invitation, name: str) -> UUID:
    """Add who accepts, unless they have just been added."""
    name = tidy_name(name) or invitation.name
    if fault := find_own_name_fault(name):
        raise InvitationError(fault)
    memberships.add_person(session, invitation.email, name)
    person_id = memberships.lock_person(session, invitation.email)
    if person_id is None:
        raise NotFoundError("This invitation no longer works")
    return person_id
