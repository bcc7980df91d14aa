"""People: their names, addresses and preferences."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.store.models import Membership, Organisation, Partnership, Person


def find_person_id(session: Session, email: str) -> UUID | None:
    """Find who has this address, in lower case."""
    return session.scalar(select(Person.id).where(Person.email == email, Person.erased_at.is_(None)))


def find_person_name(session: Session, person_id: UUID) -> str | None:
    """Find the name of a person."""
    return session.scalar(select(Person.name).where(Person.id == person_id))


def get_contact(session: Session, person_id: UUID) -> tuple[str, str, bool]:
    """Get name, address and whether reminders are wanted."""
    row = session.execute(select(Person.name, Person.email, Person.wants_reminders).where(Person.id == person_id)).one()
    return row.name, row.email or "", row.wants_reminders


def change(session: Session, person_id: UUID, *, name: str, wants_reminders: bool) -> None:
    """Change the name of a person, and whether they want reminders."""
    session.execute(update(Person).where(Person.id == person_id).values(name=name, wants_reminders=wants_reminders))


def list_roles(session: Session, person_id: UUID) -> tuple[tuple[str, str | None, str | None], ...]:
    """List role, organisation's name and partnership's name of each membership of a person, by name."""
    rows = session.execute(
        select(Membership.role, Organisation.name, Partnership.name)
        .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
        .outerjoin(Partnership, Partnership.id == Membership.partnership_id)
        .where(Membership.person_id == person_id)
        .order_by(Organisation.name, Partnership.name, Membership.role)
    )
    return tuple((role, organisation, partnership) for role, organisation, partnership in rows)


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
