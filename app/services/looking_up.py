"""Looking up what there is, for other systems: partnerships, rounds, organisations, areas. Nobody's answers or scores.

A token reaches partnerships: those that its scopes name, as far as its maker may know of them. With that go their
organisations, their areas and their rounds, and nothing else; to a token of central administrators without narrowing,
everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Deed, can
from app.domain.api_access import ApiPass, ScopeName
from app.domain.areas import AreaRecord
from app.domain.errors import NotFoundError
from app.domain.progress import Board, make_boards
from app.domain.set_up import OrganisationRecord, PartnershipRecord, RoundRecord
from app.services import Database, auditing
from app.store import areas, organisations, partnerships, round_progress, rounds

LOOKING: Final = (ScopeName.ADMIN_WRITE, ScopeName.RESULTS_READ, ScopeName.ASSESSMENTS_WRITE)
"""Any of these is enough to look up what it reaches."""


@dataclass(frozen=True, slots=True)
class KnownPartnership:
    """A partnership with the organisations that have not left it, and its areas."""

    id: UUID
    name: str
    organisations: tuple[OrganisationRecord, ...]
    areas: tuple[tuple[str, str], ...]
    """Code and name."""


@dataclass(frozen=True, slots=True)
class KnownRound:
    """A round, and how far those partnerships have come that the token's maker follows."""

    round: RoundRecord
    boards: tuple[Board, ...]


def list_partnerships(database: Database, who: ApiPass) -> tuple[PartnershipRecord, ...]:
    """List the partnerships that a token reaches; raises `NotAllowedError` without a scope for it."""
    with database.reading() as session:
        return _list_reached(session, who)


def get_partnership(database: Database, who: ApiPass, partnership_id: UUID) -> KnownPartnership:
    """Give a partnership that a token reaches; raises `NotFoundError`, `NotAllowedError` without a scope for it."""
    with database.reading() as session:
        found = next((each for each in _list_reached(session, who) if each.id == partnership_id), None)
        if found is None:
            raise NotFoundError("There is no such partnership")
        members = [each for each in partnerships.list_members(session, partnership_id) if each.left_at is None]
        footprint = partnerships.list_footprint(session, partnership_id)
    there = tuple(OrganisationRecord(each.organisation_id, each.name, each.kind) for each in members)
    return KnownPartnership(found.id, found.name, there, footprint)


def list_rounds(database: Database, who: ApiPass) -> tuple[RoundRecord, ...]:
    """List the confirmed rounds that partnerships take part in which a token reaches, or all."""
    with database.reading() as session:
        taking_part = _find_rounds(session, who)
        found = [each for each in rounds.list_rounds(session) if each.confirmed_at is not None]
    return tuple(each for each in found if taking_part is None or each.id in taking_part)


def get_round(database: Database, who: ApiPass, round_id: UUID, now: datetime) -> KnownRound:
    """Give a round with how far partnerships have come: those reached that the token's maker follows.

    Recorded, where somebody looks from outside.
    """
    found = next((each for each in list_rounds(database, who) if each.id == round_id), None)
    if found is None:
        raise NotFoundError("There is no such round")
    if can(who.actor, Deed.FOLLOW_ROUNDS):
        auditing.record_view(database, who.actor, None, f"round {round_id}", now)
    with database.reading() as session:
        reached = {each.id for each in _list_reached(session, who)}
        boards = make_boards(round_progress.list_records(session, round_id), now)
    return KnownRound(
        found,
        tuple(
            each
            for each in boards
            if each.partnership_id in reached
            and can(who.actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=each.partnership_id)
        ),
    )


def list_organisations(database: Database, who: ApiPass) -> tuple[OrganisationRecord, ...]:
    """List the organisations in the partnerships that a token reaches, or all."""
    with database.reading() as session:
        found = organisations.list_organisations(session)
        if _reaches_all(who):
            return found
        reached = {each.id for each in _list_reached(session, who)}
        members = partnerships.list_members_everywhere(session)
    there = {organisation for (place, organisation), left_at in members.items() if place in reached and left_at is None}
    return tuple(each for each in found if each.id in there)


def list_areas(database: Database, who: ApiPass) -> tuple[AreaRecord, ...]:
    """List the areas of the partnerships that a token reaches, or all."""
    with database.reading() as session:
        found: Mapping[str, AreaRecord] = areas.list_areas(session)
        if _reaches_all(who):
            return tuple(found.values())
        reached = {each.id for each in _list_reached(session, who)}
        codes = {code for place, code in partnerships.list_footprints(session) if place in reached}
    return tuple(area for code, area in found.items() if code in codes)


def _reaches_all(who: ApiPass) -> bool:
    """Say whether a token reaches everything there is; raises `NotAllowedError` where it may look nothing up."""
    scopes = who.list_scopes(*LOOKING)
    return can(who.actor, Deed.SET_UP) and any(scope.holds(None, None) for scope in scopes)


def _list_reached(session: Session, who: ApiPass) -> tuple[PartnershipRecord, ...]:
    everything = partnerships.list_partnerships(session)
    if _reaches_all(who):
        return everything
    scopes = who.list_scopes(*LOOKING)
    named = {scope.partnership_id for scope in scopes if scope.partnership_id}
    for scope in scopes:
        if scope.round_id:
            named |= rounds.list_taking_part(session, scope.round_id)
    return tuple(each for each in everything if each.id in named)


def _find_rounds(session: Session, who: ApiPass) -> frozenset[UUID] | None:
    """Give the rounds that a token reaches; `None` for all."""
    if _reaches_all(who):
        return None
    reached = {each.id for each in _list_reached(session, who) if _is_whole(who, each.id)}
    named = {scope.round_id for scope in who.list_scopes(*LOOKING) if scope.round_id}
    return rounds.list_rounds_of(session, reached) | named


def _is_whole(who: ApiPass, partnership_id: UUID) -> bool:
    """Say whether a token reaches a partnership in all its rounds."""
    return any(scope.holds(partnership_id, None) for scope in who.list_scopes(*LOOKING))
