"""Rounds and how far their partnerships have come."""

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from app.domain.assessment import AssessmentStatus
from app.domain.records import PartnershipProgress
from app.store.models import Assessment, Partnership, PartnershipOrganisation, Round, RoundPartnership


def list_progress(session: Session) -> tuple[PartnershipProgress, ...]:
    """Count assessments by status for every partnership of every round. One statement."""

    def count(status: AssessmentStatus) -> ColumnElement[int]:
        return func.sum(case((Assessment.status == status, 1), else_=0))

    rows = session.execute(
        select(
            Round.id,
            Round.title,
            Round.opens_at,
            Round.closes_at,
            Partnership.name,
            func.count(PartnershipOrganisation.organisation_id),
            count(AssessmentStatus.IN_PROGRESS),
            count(AssessmentStatus.SUBMITTED),
            count(AssessmentStatus.SIGNED_OFF),
        )
        .select_from(RoundPartnership)
        .join(Round, Round.id == RoundPartnership.round_id)
        .join(Partnership, Partnership.id == RoundPartnership.partnership_id)
        .join(PartnershipOrganisation, PartnershipOrganisation.partnership_id == Partnership.id)
        .outerjoin(
            Assessment,
            (Assessment.partnership_id == RoundPartnership.partnership_id)
            & (Assessment.round_id == RoundPartnership.round_id)
            & (Assessment.organisation_id == PartnershipOrganisation.organisation_id),
        )
        .where(Round.confirmed_at.is_not(None), PartnershipOrganisation.left_at.is_(None) | Assessment.id.is_not(None))
        .group_by(Round.id, Round.title, Round.opens_at, Round.closes_at, Partnership.id, Partnership.name)
        .order_by(Round.closes_at.desc(), Round.id, Partnership.name)
    )
    return tuple(PartnershipProgress(*row) for row in rows)
