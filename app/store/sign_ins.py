"""One-time links and sessions. Tokens are here by their digests alone; one may have several, of keys old and new."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.domain.access import Actor, Grant, Role
from app.domain.actions import DepartmentLead
from app.domain.organisations import OrganisationKind
from app.store.models import Membership, Organisation, Person, SignInLink, SignInSession


def add_link(session: Session, token_hash: str, person_id: UUID | None, expires_at: datetime) -> None:
    """Keep a one-time link; nobody's where nobody has the address."""
    session.add(SignInLink(token_hash=token_hash, person_id=person_id, expires_at=expires_at, used_at=None))
    session.flush()


def use_link(session: Session, token_hashes: Sequence[str], now: datetime) -> UUID | None:
    """Spend a link that is unused and not too old, and say whose it was; once only, whoever races."""
    return session.scalar(
        update(SignInLink)
        .where(
            SignInLink.token_hash.in_(token_hashes),
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > now,
            SignInLink.person_id.in_(select(Person.id).where(Person.erased_at.is_(None))),
        )
        .values(used_at=now)
        .returning(SignInLink.person_id)
    )


def spend_links(session: Session, person_id: UUID, now: datetime) -> None:
    """Spend every link of a person that is still open."""
    session.execute(
        update(SignInLink).where(SignInLink.person_id == person_id, SignInLink.used_at.is_(None)).values(used_at=now)
    )


def add_session(session: Session, token_hash: str, person_id: UUID, now: datetime) -> None:
    """Keep a session for one device."""
    session.add(SignInSession(token_hash=token_hash, person_id=person_id, started_at=now, last_seen_at=now))
    session.flush()


def find_actor(
    session: Session, token_hashes: Sequence[str], *, started_after: datetime, seen_after: datetime
) -> tuple[Actor, datetime] | None:
    """Find who a session belongs to, with their roles, and when they were last seen. One statement."""
    rows = session.execute(
        select(
            Person.id,
            Person.name,
            SignInSession.token_hash,
            SignInSession.last_seen_at,
            Membership.role,
            Membership.organisation_id,
            Membership.partnership_id,
            Organisation.kind,
        )
        .join(SignInSession, SignInSession.person_id == Person.id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            SignInSession.token_hash.in_(token_hashes),
            SignInSession.started_at > started_after,
            SignInSession.last_seen_at > seen_after,
            Person.erased_at.is_(None),
        )
    ).all()
    if not rows:
        return None
    first = rows[0]
    grants = frozenset(Grant(Role(row.role), row.organisation_id, row.partnership_id) for row in rows if row.role)
    leads_department = any(row.kind == OrganisationKind.DEPARTMENT and row.role == Role.LEAD for row in rows)
    make = DepartmentLead if leads_department else Actor
    return make(first.id, first.name, grants, first.token_hash), first.last_seen_at


def find_grants(session: Session, token_hash: str) -> frozenset[Grant] | None:
    """Find the roles of whoever a session belongs to; `None` where it was ended. One statement."""
    rows = session.execute(
        select(Membership.role, Membership.organisation_id, Membership.partnership_id)
        .select_from(SignInSession)
        .join(Person, Person.id == SignInSession.person_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .where(SignInSession.token_hash == token_hash, Person.erased_at.is_(None))
    ).all()
    if not rows:
        return None
    return frozenset(Grant(Role(row.role), row.organisation_id, row.partnership_id) for row in rows if row.role)


def find_owner(session: Session, token_hashes: Sequence[str]) -> UUID | None:
    """Find whose a session is, or was before it ended by itself."""
    return session.scalar(
        select(SignInSession.person_id)
        .join(Person, Person.id == SignInSession.person_id)
        .where(SignInSession.token_hash.in_(token_hashes), Person.erased_at.is_(None))
    )


def list_sessions(
    session: Session, person_id: UUID, *, started_after: datetime, seen_after: datetime
) -> tuple[tuple[str, datetime, datetime], ...]:
    """List digest, start and last use of each session of a person that has not ended, the last used first."""
    rows = session.execute(
        select(SignInSession.token_hash, SignInSession.started_at, SignInSession.last_seen_at)
        .where(
            SignInSession.person_id == person_id,
            SignInSession.started_at > started_after,
            SignInSession.last_seen_at > seen_after,
        )
        .order_by(SignInSession.last_seen_at.desc(), SignInSession.token_hash)
    )
    return tuple((token_hash, started_at, last_seen_at) for token_hash, started_at, last_seen_at in rows)


def touch_session(session: Session, token_hashes: Sequence[str], now: datetime) -> None:
    """Note that a session is in use."""
    session.execute(update(SignInSession).where(SignInSession.token_hash.in_(token_hashes)).values(last_seen_at=now))


def delete_session(session: Session, token_hashes: Sequence[str]) -> None:
    """End a session."""
    session.execute(delete(SignInSession).where(SignInSession.token_hash.in_(token_hashes)))


def delete_sessions(session: Session, person_id: UUID) -> None:
    """End every session of a person."""
    session.execute(delete(SignInSession).where(SignInSession.person_id == person_id))
