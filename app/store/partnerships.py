"""Partnerships, their footprints, and the organisations that join, leave and follow one another in them."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.assessment import AssessmentStatus
from app.domain.set_up import Member, PartnershipRecord
from app.store.bulk import CHUNK
from app.store.database import insert_if_absent
from app.store.models import Area, Assessment, Organisation, Partnership, PartnershipArea, PartnershipOrganisation


def list_partnerships(session: Session) -> tuple[PartnershipRecord, ...]:
    """List every partnership by name, without counts. One statement."""
    rows = session.execute(select(Partnership.id, Partnership.name).order_by(Partnership.name, Partnership.id))
    return tuple(PartnershipRecord(*row) for row in rows)


def search_partnerships(
    session: Session, words: str, offset: int, limit: int
) -> tuple[tuple[PartnershipRecord, ...], int]:
    """Give one page of the partnerships whose name has these words, by name, and how many there are in all."""
    found = func.lower(Partnership.name).contains(words.lower(), autoescape=True)
    total = session.scalar(select(func.count()).select_from(Partnership).where(found)) or 0
    areas = (
        select(func.count())
        .select_from(PartnershipArea)
        .where(PartnershipArea.partnership_id == Partnership.id)
        .correlate(Partnership)
        .scalar_subquery()
    )
    organisations = (
        select(func.count())
        .select_from(PartnershipOrganisation)
        .where(PartnershipOrganisation.partnership_id == Partnership.id, PartnershipOrganisation.left_at.is_(None))
        .correlate(Partnership)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Partnership.id, Partnership.name, areas, organisations)
        .where(found)
        .order_by(Partnership.name, Partnership.id)
        .offset(offset)
        .limit(limit)
    )
    return tuple(PartnershipRecord(*row) for row in rows), total


def find_partnership(session: Session, partnership_id: UUID) -> PartnershipRecord | None:
    """Find one partnership, without counts."""
    row = session.execute(
        select(Partnership.id, Partnership.name).where(Partnership.id == partnership_id)
    ).one_or_none()
    return PartnershipRecord(*row) if row else None


def lock_partnership(session: Session, partnership_id: UUID) -> PartnershipRecord | None:
    """Find one partnership, and hold it until the commit: whatever changes its footprint or members waits."""
    row = session.execute(
        select(Partnership.id, Partnership.name).where(Partnership.id == partnership_id).with_for_update()
    ).one_or_none()
    return PartnershipRecord(*row) if row else None


def add_partnerships(session: Session, partnerships: Sequence[PartnershipRecord]) -> bool:
    """Add partnerships; `False` where somebody else has just taken one of the names."""
    added = 0
    for start in range(0, len(partnerships), CHUNK):
        rows = [{"id": one.id, "name": one.name} for one in partnerships[start : start + CHUNK]]
        statement = insert_if_absent(session, Partnership).values(rows).returning(Partnership.id)
        added += len(session.scalars(statement).all())
    return added == len(partnerships)


def rename_partnership(session: Session, partnership_id: UUID, name: str) -> None:
    """Give a partnership another name."""
    session.execute(update(Partnership).where(Partnership.id == partnership_id).values(name=name))


# ---- Footprints ------------------------------------------------------------------------------------------------------


def list_footprints(session: Session) -> frozenset[tuple[UUID, str]]:
    """List partnership and area code of every footprint. One statement."""
    rows = session.execute(select(PartnershipArea.partnership_id, PartnershipArea.area_code))
    return frozenset((partnership_id, code) for partnership_id, code in rows)


def list_footprint(session: Session, partnership_id: UUID) -> tuple[tuple[str, str], ...]:
    """List code and name of the areas of one footprint, by name."""
    rows = session.execute(
        select(Area.code, Area.name)
        .join(PartnershipArea, PartnershipArea.area_code == Area.code)
        .where(PartnershipArea.partnership_id == partnership_id)
        .order_by(Area.name, Area.code)
    )
    return tuple((code, name) for code, name in rows)


def add_to_footprints(session: Session, pairs: Iterable[tuple[UUID, str]]) -> None:
    """Add areas to footprints, where they are not there yet."""
    rows = [{"partnership_id": partnership_id, "area_code": code} for partnership_id, code in pairs]
    for start in range(0, len(rows), CHUNK):
        session.execute(insert_if_absent(session, PartnershipArea).values(rows[start : start + CHUNK]))


def set_footprint(session: Session, partnership_id: UUID, codes: Collection[str]) -> None:
    """Let the footprint of one partnership be these areas."""
    session.execute(delete(PartnershipArea).where(PartnershipArea.partnership_id == partnership_id))
    if codes:
        session.execute(
            insert(PartnershipArea), [{"partnership_id": partnership_id, "area_code": code} for code in codes]
        )


# ---- Members ---------------------------------------------------------------------------------------------------------


def list_members_everywhere(session: Session) -> dict[tuple[UUID, UUID], datetime | None]:
    """List who is or was in which partnership: partnership and organisation -> when it left. One statement."""
    rows = session.execute(
        select(
            PartnershipOrganisation.partnership_id,
            PartnershipOrganisation.organisation_id,
            PartnershipOrganisation.left_at,
        )
    )
    return {(partnership_id, organisation_id): left_at for partnership_id, organisation_id, left_at in rows}


def list_members(session: Session, partnership_id: UUID) -> tuple[Member, ...]:
    """List the organisations of one partnership, those that left last, with how much each has done. One statement."""
    follower = aliased(Organisation)
    in_progress = func.count(Assessment.id).filter(Assessment.status == AssessmentStatus.IN_PROGRESS)
    submitted = func.count(Assessment.id).filter(Assessment.status != AssessmentStatus.IN_PROGRESS)
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.name,
            Organisation.kind,
            PartnershipOrganisation.left_at,
            follower.name,
            in_progress,
            submitted,
        )
        .select_from(PartnershipOrganisation)
        .join(Organisation, Organisation.id == PartnershipOrganisation.organisation_id)
        .outerjoin(follower, follower.id == PartnershipOrganisation.replaced_by)
        .outerjoin(
            Assessment,
            (Assessment.partnership_id == PartnershipOrganisation.partnership_id)
            & (Assessment.organisation_id == PartnershipOrganisation.organisation_id),
        )
        .where(PartnershipOrganisation.partnership_id == partnership_id)
        .group_by(Organisation.id, Organisation.name, Organisation.kind, PartnershipOrganisation.left_at, follower.name)
        .order_by(PartnershipOrganisation.left_at.is_not(None), Organisation.name)
    )
    return tuple(Member(*row) for row in rows)


def add_members(session: Session, pairs: Iterable[tuple[UUID, UUID]], joined_at: datetime | None = None) -> None:
    """Let organisations join partnerships, as partnership and organisation; one that is there already stays.

    `joined_at` is when a coordinator does so, and `None` where the central team does.
    """
    fixed = {"joined_at": joined_at, "left_at": None, "replaced_by": None}
    rows = [
        {"partnership_id": partnership_id, "organisation_id": organisation_id, **fixed}
        for partnership_id, organisation_id in pairs
    ]
    for start in range(0, len(rows), CHUNK):
        session.execute(insert_if_absent(session, PartnershipOrganisation).values(rows[start : start + CHUNK]))


def take_back(session: Session, partnership_id: UUID, organisation_id: UUID) -> bool:
    """Let an organisation that has left be a member again; `False` where none such has left."""
    back = session.scalar(
        update(PartnershipOrganisation)
        .where(
            PartnershipOrganisation.partnership_id == partnership_id,
            PartnershipOrganisation.organisation_id == organisation_id,
            PartnershipOrganisation.left_at.is_not(None),
        )
        .values(left_at=None, replaced_by=None)
        .returning(PartnershipOrganisation.organisation_id)
    )
    return back is not None


def leave(
    session: Session, partnership_id: UUID, organisation_id: UUID, now: datetime, replaced_by: UUID | None
) -> bool:
    """Note that an organisation left, and which followed it; `False` where it is no member now."""
    left = session.scalar(
        update(PartnershipOrganisation)
        .where(
            PartnershipOrganisation.partnership_id == partnership_id,
            PartnershipOrganisation.organisation_id == organisation_id,
            PartnershipOrganisation.left_at.is_(None),
        )
        .values(left_at=now, replaced_by=replaced_by)
        .returning(PartnershipOrganisation.organisation_id)
    )
    return left is not None
