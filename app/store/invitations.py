"""Invitations: offered, sent again, withdrawn, accepted. Only digests of their tokens are kept."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, exists, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.access import Grant, Role
from app.domain.inviting import Invitation as Record
from app.domain.inviting import Offer
from app.store.memberships import WAITING, has_words
from app.store.models import (
    Assessment,
    Invitation,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    new_id,
)

Invitations = Select[Invitation, str | None, str | None, str | None]
"""Rows that `_as_record` reads."""

"""Neither accepted nor withdrawn. It may have run out: then it can still be sent again."""


def add_invitation(
    session: Session,
    offer: Offer,
    place: str,
    token_hash: str,
    invited_by: UUID | None,
    now: datetime,
    expires_at: datetime,
    *,
    first_lead_only: bool,
) -> Record:
    """Keep a new invitation."""
    row = Invitation(
        id=new_id(),
        email=offer.email,
        name=offer.name,
        role=offer.grant.role.value,
        organisation_id=offer.grant.organisation_id,
        partnership_id=offer.grant.partnership_id,
        token_hash=token_hash,
        invited_by=invited_by,
        first_lead_only=first_lead_only,
        invited_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return Record(row.id, offer.email, offer.name, offer.grant, place, "", expires_at)


def renew(
    session: Session, invitation: Record, token_hash: str, expires_at: datetime, *, first_lead_only: bool
) -> Record | None:
    """Give a waiting invitation a new token, which ends the old one, and a new end; `None` where it waits no more."""
    query = update(Invitation).where(Invitation.id == invitation.id, WAITING)
    values = {"token_hash": token_hash, "expires_at": expires_at, "first_lead_only": first_lead_only}
    renewed = session.scalar(query.values(values).returning(Invitation.id))
    return replace(invitation, expires_at=expires_at) if renewed else None


def replace_token(session: Session, invitation_id: UUID, token_hash: str) -> None:
    """Give a waiting invitation a new token, and leave its end as it is."""
    session.execute(update(Invitation).where(Invitation.id == invitation_id, WAITING).values(token_hash=token_hash))


def use_invitation(session: Session, token_hashes: Collection[str], now: datetime) -> Record | None:
    """Accept the invitation of a token that is waiting and has not run out; once only, whoever races."""
    used = session.scalar(
        update(Invitation)
        .where(Invitation.token_hash.in_(token_hashes), WAITING, _works(now))
        .values(accepted_at=now)
        .returning(Invitation.id)
    )
    row = session.execute(_select().where(Invitation.id == used)).one_or_none() if used else None
    return _as_record(row) if row else None


def note_accepted(session: Session, invitation: Record, person_id: UUID, now: datetime) -> None:
    """Note who accepted, and withdraw whatever else offers them the same."""
    session.execute(update(Invitation).where(Invitation.id == invitation.id).values(accepted_by=person_id))
    withdraw_same(session, invitation.email, invitation.grant, now)


def withdraw(session: Session, invitation_id: UUID, now: datetime) -> bool:
    """End a waiting invitation at once; says whether it was waiting."""
    query = update(Invitation).where(Invitation.id == invitation_id, WAITING).values(withdrawn_at=now)
    return session.scalar(query.returning(Invitation.id)) is not None


def withdraw_same(session: Session, email: str, grant: Grant, now: datetime) -> None:
    """End whatever waiting invitation offers a role to an address."""
    session.execute(update(Invitation).where(Invitation.email == email, *_is(grant), WAITING).values(withdrawn_at=now))


def find_address(session: Session, token_hashes: Collection[str]) -> str | None:
    """Find the address that an invitation was sent to, whatever became of it."""
    return session.scalar(select(Invitation.email).where(Invitation.token_hash.in_(token_hashes)))


def find_by_token(session: Session, token_hashes: Collection[str], now: datetime) -> Record | None:
    """Find the invitation of a token, where it can be accepted."""
    return _find(session, Invitation.token_hash.in_(token_hashes), _works(now))


def find_waiting(session: Session, invitation_id: UUID) -> Record | None:
    """Find an invitation that is neither accepted nor withdrawn."""
    return _find(session, Invitation.id == invitation_id)


def find_newest_of_stranger(session: Session, email: str, now: datetime) -> Record | None:
    """Find the newest invitation that an address can accept, where nobody has that address yet."""
    return _find(
        session,
        Invitation.email == email,
        _works(now),
        ~exists().where(Person.email == Invitation.email).correlate(Invitation),
    )


def list_waiting_for(session: Session, emails: Collection[str]) -> tuple[Record, ...]:
    """List what waits for some addresses."""
    return _list(session, _select().where(WAITING, Invitation.email.in_(emails)))


def list_waiting(
    session: Session, *, organisations: Collection[UUID] = (), partnerships: Collection[UUID] = ()
) -> tuple[Record, ...]:
    """List what waits in some organisations and partnerships, by address."""
    where = or_(Invitation.organisation_id.in_(organisations), Invitation.partnership_id.in_(partnerships))
    return _list(session, _select().where(WAITING, where))


def search_waiting(session: Session, words: str, *, offset: int = 0, limit: int | None = None) -> tuple[Record, ...]:
    """List what waits, by place, then role; with words, where address, name or place has them."""
    query = _search(words).order_by(func.coalesce(Organisation.name, Partnership.name, ""), Invitation.role)
    return _list(session, query.offset(offset).limit(limit))


def count_waiting(session: Session, words: str) -> int:
    """Count what `search_waiting` finds."""
    found = _search(words).with_only_columns(Invitation.id).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def list_rounds_ahead(
    session: Session, places: Collection[UUID], now: datetime
) -> dict[UUID, tuple[str, datetime, datetime]]:
    """Give title, opening and closing of the confirmed round that is open in some places, or opens there next.

    Places are organisations and partnerships. One statement for any number.
    """
    rows = session.execute(
        select(
            RoundPartnership.partnership_id,
            PartnershipOrganisation.organisation_id,
            Round.title,
            Round.opens_at,
            Round.closes_at,
        )
        .join(Round, Round.id == RoundPartnership.round_id)
        .outerjoin(
            PartnershipOrganisation,
            (PartnershipOrganisation.partnership_id == RoundPartnership.partnership_id)
            & PartnershipOrganisation.left_at.is_(None)
            & PartnershipOrganisation.organisation_id.in_(places),
        )
        .where(
            Round.confirmed_at.is_not(None),
            Round.closes_at > now,
            RoundPartnership.partnership_id.in_(places) | PartnershipOrganisation.organisation_id.is_not(None),
        )
        .order_by(Round.opens_at, Round.closes_at)
    )
    found: dict[UUID, tuple[str, datetime, datetime]] = {}
    for row in rows:
        for place in (row.organisation_id, row.partnership_id):
            if place in places:
                found.setdefault(place, (row.title, row.opens_at, row.closes_at))
    return found


def _search(words: str) -> Invitations:
    columns = (Invitation.email, Invitation.name, Organisation.name, Partnership.name)
    return _select().where(WAITING, has_words(words, *columns))


def _works(now: datetime) -> ColumnElement[bool]:
    """Say whether an invitation can be accepted now.

    What a coordinator sent does not once somebody leads the organisation: or they could keep one back, and read what
    others answered.
    """
    led = exists().where(Membership.organisation_id == Invitation.organisation_id, Membership.role == Role.LEAD.value)
    begun = exists().where(Assessment.organisation_id == Invitation.organisation_id)
    return (Invitation.expires_at > now) & (Invitation.first_lead_only.is_(False) | ~(led | begun))


def _find(session: Session, *where: ColumnElement[bool]) -> Record | None:
    row = session.execute(
        _select().where(WAITING, *where).order_by(Invitation.invited_at.desc()).limit(1)
    ).one_or_none()
    return _as_record(row) if row else None


def _list(session: Session, query: Invitations) -> tuple[Record, ...]:
    return tuple(map(_as_record, session.execute(query.order_by(Invitation.email, Invitation.id))))


def _select() -> Invitations:
    return (
        select(
            Invitation,
            Organisation.name.label("organisation"),
            Partnership.name.label("partnership"),
            Person.name.label("inviter"),
        )
        .outerjoin(Organisation, Organisation.id == Invitation.organisation_id)
        .outerjoin(Partnership, Partnership.id == Invitation.partnership_id)
        .outerjoin(Person, Person.id == Invitation.invited_by)
    )


def _as_record(row: Row[Invitation, str | None, str | None, str | None]) -> Record:
    invitation = row.Invitation
    return Record(
        id=invitation.id,
        email=invitation.email,
        name=invitation.name,
        grant=Grant(Role(invitation.role), invitation.organisation_id, invitation.partnership_id),
        place=row.organisation or row.partnership or "",
        inviter=row.inviter or "",
        expires_at=invitation.expires_at,
    )


def _is(grant: Grant) -> tuple[ColumnElement[bool], ...]:
    return (
        Invitation.role == grant.role.value,
        Invitation.organisation_id == grant.organisation_id,
        Invitation.partnership_id == grant.partnership_id,
    )
