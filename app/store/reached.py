"""What a token reaches of places and rounds, in parts: each after the key that the last one ended with."""

from dataclasses import dataclass
from typing import TypeVarTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from app.domain.areas import AreaRecord
from app.domain.set_up import OrganisationRecord, PartnershipRecord, RoundRecord
from app.store import areas, rounds
from app.store.models import (
    Area,
    Organisation,
    Partnership,
    PartnershipArea,
    PartnershipOrganisation,
    Round,
    RoundPartnership,
)


@dataclass(frozen=True, slots=True)
class Reached:
    """What is reached, and with it its organisations and areas."""

    everything: bool = False
    partnerships: frozenset[UUID] = frozenset()
    """In all their rounds."""
    rounds: frozenset[UUID] = frozenset()
    """With all partnerships that take part in them."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list: after a key, or from the beginning; so many of them."""

    after: UUID | str | None
    limit: int


def list_partnerships(session: Session, reached: Reached, part: Part) -> tuple[PartnershipRecord, ...]:
    """List partnerships by id. One statement."""
    query = select(Partnership.id, Partnership.name).where(_holds_partnership(reached, Partnership.id))
    return tuple(PartnershipRecord(*row) for row in session.execute(_cut(query, Partnership.id, part)))


def find_partnership(session: Session, reached: Reached, partnership_id: UUID) -> PartnershipRecord | None:
    """Find one partnership, where it is reached. One statement."""
    found = select(Partnership.id, Partnership.name).where(
        Partnership.id == partnership_id, _holds_partnership(reached, Partnership.id)
    )
    row = session.execute(found).one_or_none()
    return PartnershipRecord(*row) if row else None


def list_partnerships_of(session: Session, reached: Reached, round_id: UUID) -> frozenset[UUID]:
    """List the ids of the partnerships of a round that are reached. One statement."""
    here = RoundPartnership.partnership_id
    found = select(here).where(RoundPartnership.round_id == round_id, _holds_partnership(reached, here))
    return frozenset(session.scalars(found))


def list_rounds(session: Session, reached: Reached, part: Part) -> tuple[RoundRecord, ...]:
    """List confirmed rounds by id. One statement."""
    query = rounds.select_rounds().where(_holds_round(reached))
    return tuple(map(rounds.as_record, session.execute(_cut(query, Round.id, part))))


def find_round(session: Session, reached: Reached, round_id: UUID) -> RoundRecord | None:
    """Find one confirmed round, where it is reached. One statement."""
    row = session.execute(rounds.select_rounds().where(Round.id == round_id, _holds_round(reached))).one_or_none()
    return rounds.as_record(row) if row else None


def list_organisations(session: Session, reached: Reached, part: Part) -> tuple[OrganisationRecord, ...]:
    """List organisations by id: those that have not left; where everything is reached, all. One statement."""
    query = select(Organisation.id, Organisation.name, Organisation.kind)
    if not reached.everything:
        member = PartnershipOrganisation
        there = select(member.organisation_id).where(
            member.left_at.is_(None), _holds_partnership(reached, member.partnership_id)
        )
        query = query.where(Organisation.id.in_(there))
    return tuple(OrganisationRecord(*row) for row in session.execute(_cut(query, Organisation.id, part)))


def list_areas(session: Session, reached: Reached, part: Part) -> tuple[AreaRecord, ...]:
    """List areas by code; where everything is reached, all. Two statements."""
    query = areas.select_areas()
    if not reached.everything:
        there = select(PartnershipArea.area_code).where(_holds_partnership(reached, PartnershipArea.partnership_id))
        query = query.where(Area.code.in_(there))
    return areas.read_areas(session, _cut(query, Area.code, part))


def _holds_partnership(reached: Reached, partnership_id: InstrumentedAttribute[UUID]) -> ColumnElement[bool]:
    if reached.everything:
        return true()
    taking_part = select(RoundPartnership.partnership_id).where(RoundPartnership.round_id.in_(reached.rounds))
    return or_(partnership_id.in_(reached.partnerships), partnership_id.in_(taking_part))


def _holds_round(reached: Reached) -> ColumnElement[bool]:
    confirmed = Round.confirmed_at.is_not(None)
    if reached.everything:
        return confirmed
    theirs = select(RoundPartnership.round_id).where(RoundPartnership.partnership_id.in_(reached.partnerships))
    return confirmed & or_(Round.id.in_(reached.rounds), Round.id.in_(theirs))


Columns = TypeVarTuple("Columns")


def _cut(
    query: Select[*Columns], key: InstrumentedAttribute[UUID] | InstrumentedAttribute[str], part: Part
) -> Select[*Columns]:
    if part.after is not None:
        query = query.where(key > part.after)
    return query.order_by(key).limit(part.limit)
