"""Organisations."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app.domain.set_up import OrganisationRecord
from app.store.bulk import CHUNK
from app.store.database import insert_if_absent
from app.store.models import Organisation, PartnershipOrganisation


def list_organisations(session: Session) -> tuple[OrganisationRecord, ...]:
    """List every organisation by name, without its partnerships. One statement."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind).order_by(Organisation.name, Organisation.id)
    )
    return tuple(OrganisationRecord(*row) for row in rows)


def search_organisations(
    session: Session, words: str, offset: int, limit: int
) -> tuple[tuple[OrganisationRecord, ...], int]:
    """Give one page of the organisations whose name has these words, by name, and how many there are in all."""
    found = func.lower(Organisation.name).contains(words.lower(), autoescape=True)
    total = session.scalar(select(func.count()).select_from(Organisation).where(found)) or 0
    partnerships = (
        select(func.count())
        .select_from(PartnershipOrganisation)
        .where(PartnershipOrganisation.organisation_id == Organisation.id, PartnershipOrganisation.left_at.is_(None))
        .correlate(Organisation)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind, partnerships)
        .where(found)
        .order_by(Organisation.name, Organisation.id)
        .offset(offset)
        .limit(limit)
    )
    return tuple(OrganisationRecord(*row) for row in rows), total


def lock_organisation(session: Session, organisation_id: UUID) -> OrganisationRecord | None:
    """Find one organisation, and hold it until the commit."""
    row = session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind)
        .where(Organisation.id == organisation_id)
        .with_for_update()
    ).one_or_none()
    return OrganisationRecord(*row) if row else None


def find_organisation(session: Session, organisation_id: UUID) -> OrganisationRecord | None:
    """Find one organisation."""
    row = session.execute(
        select(Organisation.id, Organisation.name, Organisation.kind).where(Organisation.id == organisation_id)
    ).one_or_none()
    return OrganisationRecord(*row) if row else None


def add_organisations(session: Session, organisations: Sequence[OrganisationRecord]) -> bool:
    """Add organisations; `False` where somebody else has just taken one of the names."""
    added = 0
    for start in range(0, len(organisations), CHUNK):
        rows = [_as_row(organisation) for organisation in organisations[start : start + CHUNK]]
        statement = insert_if_absent(session, Organisation).values(rows).returning(Organisation.id)
        added += len(session.scalars(statement).all())
    return added == len(organisations)


def change_organisations(session: Session, organisations: Sequence[OrganisationRecord]) -> None:
    """Store name and kind of organisations that are there."""
    if organisations:
        session.execute(update(Organisation), [_as_row(organisation) for organisation in organisations])


def _as_row(organisation: OrganisationRecord) -> dict[str, object]:
    return {"id": organisation.id, "name": organisation.name, "kind": organisation.kind}
