"""People, their memberships, and how they are signed in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.access import Actor, Grant, Role
from app.store.models import Membership, Organisation, Person, SignInLink, SignInSession


def find_person_id(session: Session, email: str) -> UUID | None:
    """Find who has this address, in lower case."""
    return session.scalar(select(Person.id).where(Person.email == email))


def find_person_name(session: Session, person_id: UUID) -> str | None:
    """Find the name of a person."""
    return session.scalar(select(Person.name).where(Person.id == person_id))


def add_link(session: Session, token_hash: str, person_id: UUID, expires_at: datetime) -> None:
    """Keep a one-time link."""
    session.add(SignInLink(token_hash=token_hash, person_id=person_id, expires_at=expires_at, used_at=None))


def use_link(session: Session, token_hash: str, now: datetime) -> UUID | None:
    """Spend a link that is unused and not too old, and say whose it was; once only, whoever races."""
    return session.scalar(
        update(SignInLink)
        .where(SignInLink.token_hash == token_hash, SignInLink.used_at.is_(None), SignInLink.expires_at > now)
        .values(used_at=now)
        .returning(SignInLink.person_id)
    )


def add_session(session: Session, token_hash: str, person_id: UUID, now: datetime) -> None:
    """Keep a session for one device."""
    session.add(SignInSession(token_hash=token_hash, person_id=person_id, started_at=now, last_seen_at=now))


def find_actor(
    session: Session, token_hash: str, *, started_after: datetime, seen_after: datetime
) -> tuple[Actor, datetime] | None:
    """Find who a session belongs to, with their roles, and when they were last seen. One statement."""
    rows = session.execute(
        select(
            Person.id,
            Person.name,
            SignInSession.last_seen_at,
            Membership.role,
            Membership.organisation_id,
            Membership.partnership_id,
        )
        .join(SignInSession, SignInSession.person_id == Person.id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .where(
            SignInSession.token_hash == token_hash,
            SignInSession.started_at > started_after,
            SignInSession.last_seen_at > seen_after,
        )
    ).all()
    if not rows:
        return None
    first = rows[0]
    grants = frozenset(Grant(Role(row.role), row.organisation_id, row.partnership_id) for row in rows if row.role)
    actor = Actor(first.id, first.name, grants)
    return actor, first.last_seen_at


def touch_session(session: Session, token_hash: str, now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(SignInSession).where(SignInSession.token_hash == token_hash).values(last_seen_at=now))


def delete_session(session: Session, token_hash: str) -> None:
    """End a session."""
    session.execute(delete(SignInSession).where(SignInSession.token_hash == token_hash))


def list_people(session: Session) -> tuple[tuple[UUID, str, str | None], ...]:
    """List id, name and organisation of everybody with a role, by name; no organisation where it is a central one."""
    rows = session.execute(
        select(Person.id, Person.name, Organisation.name)
        .join(Membership, Membership.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return tuple((person_id, name, organisation) for person_id, name, organisation in rows)
