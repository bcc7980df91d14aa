"""How far organisations say they can rely on one another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, delete, func, insert, select, update
from sqlalchemy.orm import Session

from app.domain.audit import SERVICE, Event
from app.domain.records import AssessmentKey, AssessmentRecord
from app.domain.trust import Rating
from app.store.models import (
    Assessment,
    AuditEntry,
    Organisation,
    PartnershipOrganisation,
    Person,
    Round,
    Snapshot,
    TrustRating,
)

FIRST = 1
"""The submission with which ratings are frozen."""


@dataclass(frozen=True, slots=True)
class OwnRating:
    """What an organisation said of one subject, and who of it said so last."""

    level: str
    rated_by: str
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class OtherPartner:
    """Another organisation of a partnership, also one that has left."""

    organisation_id: UUID
    name: str
    has_left: bool


def list_own(session: Session, key: AssessmentKey) -> dict[str, OwnRating]:
    """Give what an organisation said, by subject."""
    rows = session.execute(
        select(TrustRating, Person.name.label("rater"))
        .join(Person, Person.id == TrustRating.rated_by)
        .where(TrustRating.partnership_id == key.partnership_id, TrustRating.assessment_id == key.assessment_id)
    )
    return {
        row.TrustRating.subject: OwnRating(row.TrustRating.level, row.rater, row.TrustRating.rated_at) for row in rows
    }


def list_others(session: Session, record: AssessmentRecord) -> tuple[OtherPartner, ...]:
    """List the other organisations of a partnership, those that have left included, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, PartnershipOrganisation.left_at)
        .join(PartnershipOrganisation, PartnershipOrganisation.organisation_id == Organisation.id)
        .where(
            PartnershipOrganisation.partnership_id == record.partnership_id,
            Organisation.id != record.organisation_id,
        )
        .order_by(Organisation.name, Organisation.id)
    )
    return tuple(OtherPartner(row.id, row.name, row.left_at is not None) for row in rows)


def set_levels(session: Session, key: AssessmentKey, levels: Mapping[str, str], rated_by: UUID, now: datetime) -> None:
    """Put down what an organisation says of some subjects, whose assessment is held alone; an empty level takes back.

    What is not among them stays.
    """
    there = list_own(session, key)
    for subject, level in levels.items():
        values = {"level": level, "rated_by": rated_by, "rated_at": now}
        if not level:
            session.execute(delete(TrustRating).where(*_is(key, subject)))
        elif subject in there:
            session.execute(update(TrustRating).where(*_is(key, subject)).values(**values))
        else:
            where = {"partnership_id": key.partnership_id, "assessment_id": key.assessment_id, "subject": subject}
            session.execute(insert(TrustRating).values(**where, **values))


def _is(key: AssessmentKey, subject: str) -> tuple[ColumnElement[bool], ...]:
    return (
        TrustRating.partnership_id == key.partnership_id,
        TrustRating.assessment_id == key.assessment_id,
        TrustRating.subject == subject,
    )


def find_first_closing(session: Session, round_id: UUID) -> datetime | None:
    """Find when a round closed for the first time, where it was opened again after it had closed."""
    told = session.scalar(select(_first_told(round_id)))
    return _read_closing(told) if told else None


Rated = tuple[UUID, str, str, datetime, datetime, str | None]
"""Organisation, subject, level, when it submitted first, when the round closes, and when it closed first as told."""


def select_first_submitted(partnership_id: UUID, round_id: UUID) -> Select[*Rated]:
    """Select what `as_ratings` reads: not of organisations that a coordinator let join once the round had opened."""
    return (
        select(
            Assessment.organisation_id,
            TrustRating.subject,
            TrustRating.level,
            Snapshot.submitted_at,
            Round.closes_at,
            _first_told(round_id).label("told"),
        )
        .join(
            Assessment,
            (Assessment.partnership_id == TrustRating.partnership_id) & (Assessment.id == TrustRating.assessment_id),
        )
        .join(
            Snapshot,
            (Snapshot.partnership_id == Assessment.partnership_id)
            & (Snapshot.assessment_id == Assessment.id)
            & (Snapshot.submission == FIRST),
        )
        .join(Round, Round.id == Assessment.round_id)
        .join(
            PartnershipOrganisation,
            (PartnershipOrganisation.partnership_id == Assessment.partnership_id)
            & (PartnershipOrganisation.organisation_id == Assessment.organisation_id),
        )
        .where(
            TrustRating.partnership_id == partnership_id,
            Assessment.round_id == round_id,
            PartnershipOrganisation.joined_at.is_(None) | (PartnershipOrganisation.joined_at <= Round.opens_at),
        )
    )


def as_ratings(rows: Iterable[Rated]) -> tuple[Rating, ...]:
    """Give the ratings of those that submitted before the round closed first, by organisation and subject."""
    return tuple(
        Rating(organisation_id, subject, level, submitted_at)
        for organisation_id, subject, level, submitted_at, closes_at, told in sorted(rows, key=lambda row: row[:2])
        if submitted_at < min(closes_at, _read_closing(told) if told else closes_at)
    )


def name_opening(round_id: UUID, closed_at: datetime) -> str:
    """Name what is written down where a round is opened again that had closed: the round, and when it had."""
    return f"round {round_id} closed {closed_at.isoformat()}"


def _read_closing(told: str) -> datetime:
    return datetime.fromisoformat(told.rpartition(" ")[2])


def _first_told(round_id: UUID) -> ScalarSelect[str | None]:
    """Select the first of what was written down; times in UTC are in order as they are written."""
    return (
        select(func.min(AuditEntry.subject))
        .where(
            AuditEntry.partnership_id == SERVICE,
            AuditEntry.event == Event.ROUND_OPENED_AGAIN,
            AuditEntry.subject.startswith(f"round {round_id} closed "),
        )
        .scalar_subquery()
    )
