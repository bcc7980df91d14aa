"""Whom to write to about an assessment: people of its organisation, by what they do there."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.records import AssessmentKey
from app.store.models import GivenSection, Membership, Person


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who has an address."""

    person_id: UUID
    name: str
    address: str


def list_with_role(session: Session, organisation_id: UUID, role: Role) -> tuple[Recipient, ...]:
    """List who has a role in an organisation, by name."""
    rows = session.execute(
        select(Person.id, Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id, Membership.role == role, Person.email.is_not(None))
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return tuple(Recipient(row.id, row.name, row.email) for row in rows)


def list_who_answer(session: Session, organisation_id: UUID, key: AssessmentKey) -> tuple[Recipient, ...]:
    """List the leads of an organisation, and its contributors to whom sections of an assessment were given."""
    has_section = exists().where(
        GivenSection.partnership_id == key.partnership_id,
        GivenSection.assessment_id == key.assessment_id,
        GivenSection.person_id == Person.id,
    )
    rows = session.execute(
        select(Person.id, Person.name, Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id == organisation_id,
            (Membership.role == Role.LEAD) | ((Membership.role == Role.CONTRIBUTOR) & has_section),
            Person.email.is_not(None),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )
    return tuple(Recipient(row.id, row.name, row.email) for row in rows)
