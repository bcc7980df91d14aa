"""Looking up what there is, for other systems: partnerships, rounds, organisations, areas. Nobody's answers or scores.

A token reaches partnerships: those that its scopes name, as far as its maker may know of them. With that go their
organisations, their areas and their rounds, and nothing else; to a token of central administrators without narrowing,
everything.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.access import Deed, can
from app.domain.api_access import ApiPass, ScopeName
from app.domain.areas import AreaRecord
from app.domain.errors import NotFoundError
from app.domain.progress import Board, make_boards
from app.domain.set_up import OrganisationRecord, PartnershipRecord, RoundRecord
from app.services import Database, auditing
from app.store import partnerships, round_progress
from app.store import reached as store
from app.store.reached import Part, Reached

__all__ = [
    "KnownPartnership",
    "KnownRound",
    "Part",
    "get_partnership",
    "get_round",
    "list_areas",
    "list_organisations",
    "list_partnerships",
    "list_rounds",
]

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


def list_partnerships(database: Database, who: ApiPass, part: Part) -> tuple[PartnershipRecord, ...]:
    """List partnerships that a token reaches, by id. One statement. Raises `NotAllowedError` without a scope for it."""
    reached = find_reached(who)
    with database.reading() as session:
        return store.list_partnerships(session, reached, part)


def get_partnership(database: Database, who: ApiPass, partnership_id: UUID) -> KnownPartnership:
    """Give a partnership that a token reaches; raises `NotFoundError`, `NotAllowedError` without a scope for it."""
    reached = find_reached(who)
    with database.reading() as session:
        found = store.find_partnership(session, reached, partnership_id)
        if found is None:
            raise NotFoundError("There is no such partnership")
        members = [each for each in partnerships.list_members(session, partnership_id) if each.left_at is None]
        footprint = partnerships.list_footprint(session, partnership_id)
    there = tuple(OrganisationRecord(each.organisation_id, each.name, each.kind) for each in members)
    return KnownPartnership(found.id, found.name, there, footprint)


def list_rounds(database: Database, who: ApiPass, part: Part) -> tuple[RoundRecord, ...]:
    """List confirmed rounds by id: those that a token names, or that partnerships of it take part in. One statement."""
    reached = find_reached(who)
    with database.reading() as session:
        return store.list_rounds(session, reached, part)


def get_round(database: Database, who: ApiPass, round_id: UUID, now: datetime) -> KnownRound:
    """Give a round with how far partnerships have come: those reached that the token's maker follows.

    Recorded, where somebody looks from outside.
    """
    reached = find_reached(who)
    with database.reading() as session:
        found = store.find_round(session, reached, round_id)
    if found is None:
        raise NotFoundError("There is no such round")
    if can(who.actor, Deed.FOLLOW_ROUNDS):
        auditing.record_view(database, who.actor, None, f"round {round_id}", now)
    with database.reading() as session:
        there = store.list_partnerships_of(session, reached, round_id)
        boards = make_boards(round_progress.list_records(session, round_id), now)
    return KnownRound(
        found,
        tuple(
            each
            for each in boards
            if each.partnership_id in there
            and can(who.actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=each.partnership_id)
        ),
    )


def list_organisations(database: Database, who: ApiPass, part: Part) -> tuple[OrganisationRecord, ...]:
    """List organisations in partnerships that a token reaches, by id, or all. One statement."""
    reached = find_reached(who)
    with database.reading() as session:
        return store.list_organisations(session, reached, part)


def list_areas(database: Database, who: ApiPass, part: Part) -> tuple[AreaRecord, ...]:
    """List areas of partnerships that a token reaches, by code, or all. Two statements."""
    reached = find_reached(who)
    with database.reading() as session:
        return store.list_areas(session, reached, part)


def find_reached(who: ApiPass) -> Reached:
    """Say what a token reaches; raises `NotAllowedError` where it may look nothing up."""
    scopes = who.list_scopes(*LOOKING)
    if can(who.actor, Deed.SET_UP) and any(scope.holds(None, None) for scope in scopes):
        return Reached(everything=True)
    return Reached(
        partnerships=frozenset(scope.partnership_id for scope in scopes if scope.partnership_id),
        rounds=frozenset(scope.round_id for scope in scopes if scope.round_id),
    )
