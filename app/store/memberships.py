"""Who has which role where: giving a role, taking it away, and lists of people."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, delete, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.access import Grant, Role
from app.domain.inviting import Member, Setting
from app.store.database import insert_if_absent
from app.store.models import (
    Assessment,
    Invitation,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    new_id,
)

Members = Select[UUID, UUID, str, str | None, bool, str, UUID | None, UUID | None, str | None, str | None]
"""Rows that `_as_member` reads."""
WAITING = Invitation.accepted_at.is_(None) & Invitation.withdrawn_at.is_(None)
"""What tells an invitation that is neither taken nor withdrawn; it may have run out."""


def lock_person(session: Session, email: str) -> UUID | None:
    """Find who has an address and hold them until the commit: roles are given and taken away one at a time."""
    return session.scalar(select(Person.id).where(Person.email == email).with_for_update(key_share=True))


def lock_person_of_role(session: Session, membership_id: UUID) -> None:
    """Hold whoever has a role until the commit."""
    owner = select(Membership.person_id).where(Membership.id == membership_id).scalar_subquery()
    session.execute(select(Person.id).where(Person.id == owner).with_for_update(key_share=True))


def add_person(session: Session, email: str, name: str) -> None:
    """Add a person, unless somebody with their address is there."""
    session.execute(insert_if_absent(session, Person).values(id=new_id(), email=email, name=name, wants_reminders=True))


def add_role(session: Session, person_id: UUID, grant: Grant) -> None:
    """Give a role to a person who is held; not twice."""
    if session.scalar(select(Membership.id).where(Membership.person_id == person_id, *_is(grant)).limit(1)) is None:
        session.add(
            Membership(
                person_id=person_id,
                role=grant.role.value,
                organisation_id=grant.organisation_id,
                partnership_id=grant.partnership_id,
            )
        )


def delete_role(session: Session, member: Member) -> bool:
    """Take a role away from somebody; says whether they had it."""
    query = delete(Membership).where(Membership.person_id == member.person_id, *_is(member.grant))
    return bool(session.scalars(query.returning(Membership.id)).all())


def lock_holders(session: Session, role: Role) -> frozenset[UUID]:
    """Give the people who have a role anywhere, and hold that until the commit."""
    query = select(Membership.person_id).where(Membership.role == role.value).order_by(Membership.id)
    return frozenset(session.scalars(query.with_for_update()))


def find_member(session: Session, membership_id: UUID) -> Member | None:
    """Find one role of somebody."""
    row = session.execute(_select_members().where(Membership.id == membership_id)).one_or_none()
    return _as_member(row) if row else None


def lock_places(session: Session, grants: Collection[Grant]) -> dict[Grant, str]:
    """Give the names of the places of some roles, those that are there, and hold them until the commit.

    Held, so that two who invite the same person at once send one invitation.
    """
    names: dict[UUID | None, str] = {None: ""}
    asked = (
        (Organisation, {grant.organisation_id for grant in grants if grant.organisation_id}),
        (Partnership, {grant.partnership_id for grant in grants if grant.partnership_id}),
    )
    for table, ids in asked:
        if ids:
            query = select(table.id, table.name).where(table.id.in_(ids)).order_by(table.id)
            names.update((row.id, row.name) for row in session.execute(query.with_for_update(key_share=True)))
    places = {grant: grant.organisation_id or grant.partnership_id for grant in grants}
    return {grant: names[place] for grant, place in places.items() if place in names}


def list_holding(session: Session, offers: Collection[tuple[str, Grant]]) -> frozenset[tuple[str, Grant]]:
    """Give those of some addresses and roles that belong together already. One statement for any number."""
    emails = {email for email, _ in offers}
    members = (_as_member(row) for row in session.execute(_select_members().where(Person.email.in_(emails))))
    return frozenset((member.email, member.grant) for member in members) & frozenset(offers)


def list_members(
    session: Session, *, organisations: Collection[UUID] = (), partnerships: Collection[UUID] = ()
) -> tuple[Member, ...]:
    """List the roles in some organisations and partnerships, by name."""
    where = or_(Membership.organisation_id.in_(organisations), Membership.partnership_id.in_(partnerships))
    rows = session.execute(_select_members().where(where).order_by(Person.name, Person.id, Membership.id))
    return tuple(map(_as_member, rows))


def list_organisation_names(session: Session, organisations: Collection[UUID]) -> tuple[tuple[UUID, str], ...]:
    """List id and name of some organisations, by name."""
    query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(organisations))
    return tuple((row.id, row.name) for row in session.execute(query.order_by(Organisation.name)))


def list_partnerships_of(session: Session, organisations: Collection[UUID]) -> frozenset[UUID]:
    """Give the partnerships that some organisations are in and have not left."""
    found = session.scalars(
        select(PartnershipOrganisation.partnership_id).where(
            PartnershipOrganisation.organisation_id.in_(organisations), PartnershipOrganisation.left_at.is_(None)
        )
    )
    return frozenset(found)


def list_roles_of(session: Session, email: str) -> tuple[Member, ...]:
    """List every role of whoever has an address."""
    rows = session.execute(_select_members().where(Person.email == email).order_by(Membership.id))
    return tuple(map(_as_member, rows))


def search(session: Session, words: str, *, offset: int = 0, limit: int | None = None) -> tuple[Member, ...]:
    """List roles by name of their people; with words, those where the name, address or place has them."""
    query = _select_members().order_by(Person.name, Person.id, Membership.id).offset(offset).limit(limit)
    columns = (Person.name, Person.email, Organisation.name, Partnership.name)
    return tuple(map(_as_member, session.execute(query.where(has_words(words, *columns)))))


def count_roles(session: Session, words: str) -> int:
    """Count the roles that `search` finds."""
    columns = (Person.name, Person.email, Organisation.name, Partnership.name)
    found = _select_members().where(has_words(words, *columns)).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0


def has_words(
    words: str, *columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> ColumnElement[bool]:
    """Say whether any column has some words, in any letter case; none are had by all."""
    if not words:
        return columns[0].is_not(None)
    return or_(*(func.lower(column).contains(words.lower(), autoescape=True) for column in columns))


def load_settings(session: Session, organisations: Collection[UUID]) -> Mapping[UUID, Setting]:
    """Give what is known of some organisations that decides who may choose their leads. Three statements."""
    if not organisations:
        return {}
    now: dict[UUID, set[UUID]] = {}
    ever: dict[UUID, set[UUID]] = {}
    where = PartnershipOrganisation.organisation_id.in_(organisations)
    for row in session.scalars(select(PartnershipOrganisation).where(where)):
        ever.setdefault(row.organisation_id, set()).add(row.partnership_id)
        if row.left_at is None:
            now.setdefault(row.organisation_id, set()).add(row.partnership_id)
    led = set(
        session.scalars(
            select(Organisation.id).where(
                Organisation.id.in_(organisations),
                exists().where(Membership.organisation_id == Organisation.id, Membership.role == Role.LEAD.value)
                | exists().where(Assessment.organisation_id == Organisation.id),
            )
        )
    )
    invited: dict[UUID, set[str]] = {}
    waiting = select(Invitation.organisation_id, Invitation.email).where(
        Invitation.organisation_id.in_(organisations), Invitation.role == Role.LEAD.value, WAITING
    )
    for organisation_id, email in session.execute(waiting):
        if organisation_id:
            invited.setdefault(organisation_id, set()).add(email)
    return {
        each: Setting(
            frozenset(now.get(each, ())), frozenset(ever.get(each, ())), each in led, frozenset(invited.get(each, ()))
        )
        for each in organisations
    }


def _select_members() -> Members:
    return (
        select(
            Membership.id,
            Membership.person_id,
            Person.name,
            Person.email,
            Person.wants_reminders,
            Membership.role,
            Membership.organisation_id,
            Membership.partnership_id,
            Organisation.name.label("organisation"),
            Partnership.name.label("partnership"),
        )
        .join(Person, Person.id == Membership.person_id)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Partnership, Partnership.id == Membership.partnership_id)
    )


def _as_member(
    row: Row[UUID, UUID, str, str | None, bool, str, UUID | None, UUID | None, str | None, str | None],
) -> Member:
    return Member(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        email=row.email or "",
        wants_reminders=row.wants_reminders,
        grant=Grant(Role(row.role), row.organisation_id, row.partnership_id),
        place=row.organisation or row.partnership or "",
    )


def _is(grant: Grant) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.role == grant.role.value,
        Membership.organisation_id == grant.organisation_id,
        Membership.partnership_id == grant.partnership_id,
    )
