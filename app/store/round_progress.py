"""Rounds as they run: how many are where, who is where, when each came in, who was reminded. No answers, no scores."""

from collections.abc import Collection, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, distinct, func, or_, select
from sqlalchemy.orm import Session

from app.domain.assessment import AssessmentStatus, Move
from app.domain.progress import RoundMove
from app.domain.records import AssessmentRecord, RoundProgress
from app.domain.reminders import CHASED, KEY, WrittenReminder, read_key
from app.store.assessments import as_record, select_records
from app.store.models import (
    Assessment,
    AssessmentMove,
    Mail,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Round,
    RoundPartnership,
)


def list_progress(session: Session) -> tuple[RoundProgress, ...]:
    """Count the assessments of every confirmed round by status, the round that closes last first. One statement."""
    is_there = PartnershipOrganisation.left_at.is_(None)
    in_progress = Assessment.status == AssessmentStatus.IN_PROGRESS
    submitted, signed_off = (
        Assessment.status == status for status in (AssessmentStatus.SUBMITTED, AssessmentStatus.SIGNED_OFF)
    )
    rows = session.execute(
        select(
            Round.id,
            Round.title,
            Round.opens_at,
            Round.closes_at,
            func.count(distinct(RoundPartnership.partnership_id)),
            _count(PartnershipOrganisation.organisation_id.is_not(None) & (is_there | submitted | signed_off)),
            _count(is_there & in_progress),
            _count(submitted),
            _count(signed_off),
        )
        .select_from(Round)
        .outerjoin(RoundPartnership, RoundPartnership.round_id == Round.id)
        .outerjoin(PartnershipOrganisation, PartnershipOrganisation.partnership_id == RoundPartnership.partnership_id)
        .outerjoin(
            Assessment,
            (Assessment.partnership_id == RoundPartnership.partnership_id)
            & (Assessment.round_id == RoundPartnership.round_id)
            & (Assessment.organisation_id == PartnershipOrganisation.organisation_id),
        )
        .where(Round.confirmed_at.is_not(None))
        .group_by(Round.id, Round.title, Round.opens_at, Round.closes_at)
        .order_by(Round.closes_at.desc(), Round.id)
    )
    return tuple(RoundProgress(*row) for row in rows)


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def list_records(session: Session, round_id: UUID) -> tuple[AssessmentRecord, ...]:
    """List the assessments of a round, those not started included, by name. One statement."""
    rows = session.execute(
        select_records(started=False)
        .where(Round.id == round_id)
        .order_by(Partnership.name, Partnership.id, Organisation.name, Organisation.id)
    )
    return tuple(as_record(row) for row in rows)


def list_moves(session: Session, round_id: UUID) -> tuple[RoundMove, ...]:
    """List every move of every assessment of a round, those of each in their order. One statement."""
    rows = session.execute(
        select(AssessmentMove.assessment_id, AssessmentMove.move, AssessmentMove.made_at)
        .join(
            Assessment,
            (Assessment.partnership_id == AssessmentMove.partnership_id)
            & (Assessment.id == AssessmentMove.assessment_id),
        )
        .where(Assessment.round_id == round_id)
        .order_by(AssessmentMove.partnership_id, AssessmentMove.assessment_id, AssessmentMove.number)
    )
    return tuple(RoundMove(row.assessment_id, Move(row.move), row.made_at) for row in rows)


# ---- Reminders -------------------------------------------------------------------------------------------------------


def list_reminders(session: Session, round_id: UUID) -> tuple[WrittenReminder, ...]:
    """List the reminders of a round that were written to anybody, in their order. One statement."""
    found = _select_reminders().where(Mail.key.startswith(f"{KEY}:"), Mail.key.contains(f":{round_id}:"))
    return tuple(_read(session, found))


def list_chased(session: Session, rounds: Collection[UUID], since: datetime) -> frozenset[tuple[UUID, UUID]]:
    """Give round and person of those whom the central team reminded after a moment. One statement."""
    if not rounds:
        return frozenset()
    of_rounds = or_(*(Mail.key.startswith(f"{KEY}:{CHASED}:{round_id}:") for round_id in rounds))
    found = _select_reminders().where(of_rounds, Mail.written_at > since)
    return frozenset((each.round_id, each.person_id) for each in _read(session, found))


def _select_reminders() -> Select[str | None, datetime, datetime | None]:
    return select(Mail.key, Mail.written_at, Mail.given_up_at).order_by(Mail.written_at, Mail.id)


def _read(session: Session, query: Select[str | None, datetime, datetime | None]) -> Iterator[WrittenReminder]:
    for key, written_at, given_up_at in session.execute(query):
        if key:
            yield read_key(key, written_at, has_failed=given_up_at is not None)
