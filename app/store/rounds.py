"""Rounds and their set-up."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, delete, distinct, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.round_plans import PlannedOrganisation, PlannedPartnership
from app.domain.rounds import SignOff
from app.domain.set_up import RoundRecord, SetUpCounts
from app.store.bulk import CHUNK
from app.store.database import insert_if_absent
from app.store.models import (
    Area,
    AreaNeighbour,
    IndicatorValue,
    Invitation,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Round,
    RoundPartnership,
)


def list_rounds(session: Session) -> tuple[RoundRecord, ...]:
    """List every round, drafts included, the newest first. One statement."""
    return tuple(map(as_record, session.execute(select_rounds().order_by(Round.opens_at.desc(), Round.title))))


def find_round(session: Session, round_id: UUID) -> RoundRecord | None:
    """Find one round, drafts included."""
    row = session.execute(select_rounds().where(Round.id == round_id)).one_or_none()
    return as_record(row) if row else None


def lock_round(session: Session, round_id: UUID) -> RoundRecord | None:
    """Find one round, and hold it until the commit: whatever changes its set-up waits."""
    if session.scalar(select(Round.id).where(Round.id == round_id).with_for_update()) is None:
        return None
    return find_round(session, round_id)


def add_rounds(session: Session, records: Sequence[RoundRecord]) -> bool:
    """Add drafts; `False` where somebody else has just taken one of the titles."""
    if not records:
        return True
    rows = [{"id": record.id, "confirmed_at": None, "closed_at": None, **_as_values(record)} for record in records]
    added = session.scalars(insert_if_absent(session, Round).values(rows).returning(Round.id)).all()
    return len(added) == len(records)


def change_rounds(session: Session, records: Sequence[RoundRecord]) -> None:
    """Store the set-up of rounds that are there."""
    if records:
        session.execute(update(Round), [{"id": record.id, **_as_values(record)} for record in records])


def confirm_round(session: Session, round_id: UUID, now: datetime) -> bool:
    """Let partners see a draft; `False` where it was confirmed before."""
    confirmed = session.scalar(
        update(Round)
        .where(Round.id == round_id, Round.confirmed_at.is_(None))
        .values(confirmed_at=now)
        .returning(Round.id)
    )
    return confirmed is not None


def move_closing(session: Session, round_id: UUID, closes_at: datetime) -> None:
    """Let a round close at another time; if its closing was noted, it will be noted anew."""
    session.execute(update(Round).where(Round.id == round_id).values(closes_at=closes_at, closed_at=None))


def list_rounds_of(session: Session, partnerships: Collection[UUID]) -> frozenset[UUID]:
    """Give the rounds that some partnerships take part in, drafts included."""
    found = select(RoundPartnership.round_id).where(RoundPartnership.partnership_id.in_(partnerships))
    return frozenset(session.scalars(found))


def list_taking_part(session: Session, round_id: UUID) -> frozenset[UUID]:
    """List the ids of the partnerships that take part in a round."""
    return frozenset(
        session.scalars(select(RoundPartnership.partnership_id).where(RoundPartnership.round_id == round_id))
    )


def list_taking_part_everywhere(session: Session) -> frozenset[tuple[UUID, UUID]]:
    """List round and partnership of all that take part. One statement."""
    rows = session.execute(select(RoundPartnership.round_id, RoundPartnership.partnership_id))
    return frozenset((round_id, partnership_id) for round_id, partnership_id in rows)


def add_taking_part(session: Session, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    """Let partnerships take part in rounds, as round and partnership."""
    rows = [{"round_id": round_id, "partnership_id": partnership_id} for round_id, partnership_id in pairs]
    for start in range(0, len(rows), CHUNK):
        session.execute(insert_if_absent(session, RoundPartnership).values(rows[start : start + CHUNK]))


def remove_taking_part(session: Session, round_id: UUID, partnership_ids: Collection[UUID]) -> None:
    """Let partnerships no longer take part in a draft."""
    session.execute(
        delete(RoundPartnership).where(
            RoundPartnership.round_id == round_id, RoundPartnership.partnership_id.in_(partnership_ids)
        )
    )


def list_planned(session: Session, round_id: UUID, now: datetime) -> tuple[PlannedPartnership, ...]:
    """List the partnerships of a round and their organisations, with who is there or invited. Three statements."""
    coordinated: set[UUID] = set()
    roles: dict[UUID, set[str]] = {}
    for role, organisation_id, partnership_id in _list_roles(session, now):
        if role == Role.COORDINATOR and partnership_id:
            coordinated.add(partnership_id)
        if organisation_id:
            roles.setdefault(organisation_id, set()).add(role)
    found: dict[tuple[UUID, str], list[PlannedOrganisation]] = {}
    rows = session.execute(
        select(Partnership.id, Partnership.name, Organisation.id, Organisation.name)
        .select_from(RoundPartnership)
        .join(Partnership, Partnership.id == RoundPartnership.partnership_id)
        .outerjoin(
            PartnershipOrganisation,
            (PartnershipOrganisation.partnership_id == Partnership.id) & PartnershipOrganisation.left_at.is_(None),
        )
        .outerjoin(Organisation, Organisation.id == PartnershipOrganisation.organisation_id)
        .where(RoundPartnership.round_id == round_id)
        .order_by(Partnership.name, Partnership.id, Organisation.name, Organisation.id)
    )
    for partnership_id, partnership, organisation_id, organisation in rows:
        inside = found.setdefault((partnership_id, partnership), [])
        if organisation_id is not None:
            there = roles.get(organisation_id, set())
            inside.append(
                PlannedOrganisation(
                    organisation_id, organisation, has_people=bool(there), has_certifier=Role.CERTIFIER in there
                )
            )
    return tuple(
        PlannedPartnership(partnership_id, name, partnership_id in coordinated, tuple(organisations))
        for (partnership_id, name), organisations in found.items()
    )


def _list_roles(session: Session, now: datetime) -> Iterator[tuple[str, UUID | None, UUID | None]]:
    """Give role and place of every membership and of every invitation that can still be accepted."""
    for model, conditions in (
        (Membership, ()),
        (
            Invitation,
            (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None), Invitation.expires_at > now),
        ),
    ):
        columns = (model.role, model.organisation_id, model.partnership_id)
        yield from map(tuple, session.execute(select(*columns).where(*conditions).distinct()))


def count_everything(session: Session, now: datetime) -> SetUpCounts:
    """Count what has been set up. One statement."""

    def count(column: Any, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:  # noqa: ANN401 - columns differ in type
        return select(func.count(distinct(column))).where(*conditions).scalar_subquery()

    row = session.execute(
        select(
            count(Area.code),
            count(Organisation.id),
            count(Partnership.id),
            count(Membership.person_id, _has_place(Membership)),
            count(
                Invitation.email,
                _has_place(Invitation),
                Invitation.accepted_at.is_(None),
                Invitation.withdrawn_at.is_(None),
                Invitation.expires_at > now,
            ),
            count(Round.id, Round.confirmed_at.is_(None)),
            count(Round.id, Round.confirmed_at.is_not(None)),
            count(IndicatorValue.indicator),
            count(AreaNeighbour.area_code),
        )
    ).one()
    return SetUpCounts(*row)


def _has_place(model: type[Membership | Invitation]) -> ColumnElement[bool]:
    """Say whether a role is in an organisation or a partnership, and not a central one."""
    return or_(model.organisation_id.is_not(None), model.partnership_id.is_not(None))


def select_rounds() -> Select[*tuple[Any, ...]]:
    """Select rounds as `as_record` reads them."""
    partnerships = (
        select(func.count())
        .select_from(RoundPartnership)
        .where(RoundPartnership.round_id == Round.id)
        .correlate(Round)
        .scalar_subquery()
    )
    return select(Round, partnerships.label("partnerships"))


def as_record(row: Row[*tuple[Any, ...]]) -> RoundRecord:
    """Read a round out of a row of `select_rounds`."""
    found: Round = row.Round
    return RoundRecord(
        id=found.id,
        title=found.title,
        questionnaire_id=found.questionnaire_id,
        questionnaire_version=found.questionnaire_version,
        questionnaire_hash=found.questionnaire_hash,
        opens_at=found.opens_at,
        closes_at=found.closes_at,
        sign_off=SignOff(found.sign_off),
        withholding_threshold=found.withholding_threshold,
        targets=json.loads(found.targets),
        confirmed_at=found.confirmed_at,
        partnerships=row.partnerships,
    )


def _as_values(record: RoundRecord) -> dict[str, object]:
    return {
        "title": record.title,
        "questionnaire_id": record.questionnaire_id,
        "questionnaire_version": record.questionnaire_version,
        "questionnaire_hash": record.questionnaire_hash,
        "opens_at": record.opens_at,
        "closes_at": record.closes_at,
        "sign_off": record.sign_off.value,
        "withholding_threshold": record.withholding_threshold,
        "targets": json.dumps(dict(record.targets), sort_keys=True),
    }
