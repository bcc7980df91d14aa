"""Other systems, as people see them: which there are, what each may do, making one, and whose results they pull."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor, Deed, Role, check
from app.domain.api_access import (
    LEAST_NARROWED,
    NARROWED_BY,
    Scope,
    ScopeName,
    StoredClient,
    can_hold,
    parse_scopes,
)
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.values import one_line
from app.services import Database, api_clients
from app.services.api_clients import LONGEST_NAME, MadeToken, NewClient, list_partnerships_of
from app.services.pulling import find_reach
from app.services.tokens import TokenKeys
from app.store import api_clients as store
from app.store import partnerships, rounds
from app.store.api_clients import Holder
from app.store.models import new_id

LIFETIMES: Final = (30, 90, 365)
"""Days that a token may live: whoever makes it chooses one."""
EVERYWHERE: Final = "everywhere"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something may be narrowed to: what a form sends for it, and its name."""

    value: str
    name: str


@dataclass(frozen=True, slots=True)
class Offers:
    """What somebody may give a client."""

    names: tuple[ScopeName, ...]
    everywhere: bool
    """Whether anything of it need not be narrowed."""
    partnerships: tuple[Place, ...]
    rounds: tuple[Place, ...]
    next_id: UUID
    """Of the next client: one form makes one."""

    @property
    def places(self) -> frozenset[str]:
        """Give every place that can be chosen."""
        chosen = {place.value for place in (*self.partnerships, *self.rounds)}
        return frozenset(chosen | ({EVERYWHERE} if self.everywhere else set()))


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks for, as typed and chosen."""

    name: str
    chosen: frozenset[ScopeName]
    place: str
    days: str
    id: UUID | None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of a form."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that a client may do."""

    scope: Scope
    place: str
    """The name of what it is narrowed to; empty for everywhere."""
    is_held: bool
    """Whether its maker may have it now."""


@dataclass(frozen=True, slots=True)
class System:
    """A client as its maker or a central administrator sees it."""

    client: StoredClient
    held: tuple[Held, ...]
    is_own: bool


class Extent(StrEnum):
    """How much of a partnership's results a client may pull."""

    ALL = "all"
    CLOSED = "closed"
    """Of rounds that have closed."""
    OWN = "own"
    """What its maker's own organisation has submitted."""


@dataclass(frozen=True, slots=True)
class Reaching:
    """A client that may pull results of a partnership."""

    name: str
    maker: str
    since: datetime
    extent: Extent


def get_offers(database: Database, actor: Actor) -> Offers:
    """Say what the actor may give a client. Raises `NotAllowedError` where they may make none."""
    api_clients.check_may_make(actor)
    with database.reading() as session:
        return _get_offers(session, actor)


def ask(
    database: Database, actor: Actor, asked: Asked, now: datetime, keys: TokenKeys
) -> MadeToken | tuple[Fault, ...]:
    """Make a client with its first token; or say what is wrong, with nothing stored.

    Raises `NotAllowedError` where the actor may make none, `NotAllowedNowError` where this one was made already.
    """
    api_clients.check_may_make(actor)
    with database.reading() as session:
        offers = _get_offers(session, actor)
        reached = list_partnerships_of(session, actor)
    narrowing = _read_place(asked.place) if asked.place in offers.places else {}
    scopes = frozenset(Scope(name, **narrowing) if name in LEAST_NARROWED else Scope(name) for name in asked.chosen)
    held = all(can_hold(actor, scope, reached) for scope in scopes)
    faults = (
        Fault("name", find_name_fault(asked.name)),
        Fault("can", "" if scopes else "Choose what it may do"),
        Fault("place", _find_place_fault(asked, offers, is_held=held)),
        Fault("days", find_days_fault(asked.days)),
    )
    if found := tuple(fault for fault in faults if fault.text):
        return found
    new = NewClient(asked.name, scopes, now + timedelta(days=int(asked.days)), asked.id)
    return api_clients.make(database, actor, new, now, keys)


def ask_next(
    database: Database, actor: Actor, client_id: UUID, days: str, seen: UUID | None, now: datetime, keys: TokenKeys
) -> MadeToken | tuple[Fault, ...]:
    """Give a client its next token; or say what is wrong. Raises what `api_clients.rotate` does."""
    if not get_system(database, actor, client_id, now).is_own:
        raise NotAllowedError("Only whoever made a system can give it a token, as it acts on their behalf")
    if fault := find_days_fault(days):
        return (Fault("days", fault),)
    return api_clients.rotate(database, actor, client_id, now + timedelta(days=int(days)), now, keys, seen)


def find_name_fault(name: str) -> str:
    """Say what is wrong with the name of a client; nothing where it can be kept."""
    if not name:
        return "Say which system it is, such as the council’s data warehouse"
    if len(name) > LONGEST_NAME:
        return f"The name is {len(name)} characters long; shorten it to {LONGEST_NAME} or fewer"
    return "" if one_line(name) == name else "The name has characters that cannot be kept; type it again"


def find_days_fault(days: str) -> str:
    """Say what is wrong with how long a token works; nothing where it can be made."""
    return "" if days in map(str, LIFETIMES) else "Choose how long the token works"


def list_systems(database: Database, actor: Actor, now: datetime) -> tuple[System, ...]:
    """List one's own clients, or as a central administrator everybody's; those that were ended come last."""
    clients = api_clients.list_clients(database, actor)
    with database.reading() as session:
        names = _list_names(session)
        live = {each.client_id: each for each in store.list_live(session, now)}
    systems = (_as_system(client, actor, names, live.get(client.id)) for client in clients)
    return tuple(sorted(systems, key=lambda each: each.client.revoked_at is not None))


def get_system(database: Database, actor: Actor, client_id: UUID, now: datetime) -> System:
    """Get one client. Raises `NotFoundError` where it is neither the actor's nor they a central administrator."""
    found = next((each for each in list_systems(database, actor, now) if each.client.id == client_id), None)
    if found is None:
        raise NotFoundError("There is no such system")
    return found


def list_reaching(database: Database, actor: Actor, partnership_id: UUID, now: datetime) -> tuple[Reaching, ...]:
    """List the clients that may pull results of a partnership, by name, for those who follow it.

    By what the feed itself goes by, so that nobody reads who is not named here.
    """
    check(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id)
    with database.reading() as session:
        live = store.list_live(session, now)
        taking_part = rounds.list_rounds_of(session, [partnership_id])
    found = ((each, _find_extent(each, partnership_id, taking_part)) for each in live)
    return tuple(Reaching(each.client, each.maker.name, each.created_at, extent) for each, extent in found if extent)


def _find_extent(client: Holder, partnership_id: UUID, taking_part: frozenset[UUID]) -> Extent | None:
    """Say how much of a partnership's results a client may pull: `None` for nothing."""
    held = api_clients.make_pass(client)
    if not any(scope.name is ScopeName.RESULTS_READ for scope in held.scopes):
        return None
    reach = find_reach(held)
    if reach.everywhere or partnership_id in reach.named_partnerships or reach.rounds & taking_part:
        return Extent.ALL
    if partnership_id in reach.partnerships:
        return Extent.CLOSED
    return Extent.OWN if partnership_id in dict(reach.own) else None


def _get_offers(session: Session, actor: Actor) -> Offers:
    reached = list_partnerships_of(session, actor)
    coordinated = frozenset(
        grant.partnership_id for grant in actor.grants if grant.role is Role.COORDINATOR and grant.partnership_id
    )
    everywhere = can_hold(actor, Scope(ScopeName.RESULTS_READ), reached)
    places = tuple(
        Place(f"partnership={each.id}", each.name)
        for each in partnerships.list_partnerships(session)
        if everywhere or each.id in reached | coordinated
    )
    some = next(iter(sorted(reached | coordinated)), None)
    return Offers(
        names=tuple(
            name
            for name in ScopeName
            if can_hold(actor, Scope(name), reached)
            or (name in LEAST_NARROWED and some is not None and can_hold(actor, Scope(name, some), reached))
        ),
        everywhere=everywhere,
        partnerships=places,
        rounds=tuple(Place(f"round={each.id}", each.title) for each in rounds.list_rounds(session))
        if everywhere
        else (),
        next_id=new_id(),
    )


def _read_place(place: str) -> dict[str, UUID]:
    by, _, value = place.partition("=")
    return {f"{by}_id": UUID(value)} if by in NARROWED_BY else {}


def _find_place_fault(asked: Asked, offers: Offers, *, is_held: bool) -> str:
    """Say what is wrong with the place; where nothing that was chosen goes by it, it does not matter."""
    if not asked.chosen & LEAST_NARROWED:
        return ""
    if asked.place not in offers.places:
        return "Choose where it may do this"
    return "" if is_held else "Answering can only be given for a partnership of yours; choose one"


def _list_names(session: Session) -> dict[UUID, str]:
    """Give the names of all that a scope may be narrowed to."""
    names = {each.id: each.name for each in partnerships.list_partnerships(session)}
    return names | {each.id: each.title for each in rounds.list_rounds(session)}


def _as_system(client: StoredClient, actor: Actor, names: Mapping[UUID, str], live: Holder | None) -> System:
    held = []
    for scope in sorted(parse_scopes(client.scopes), key=lambda each: [*ScopeName].index(each.name)):
        place = names.get(scope.partnership_id or scope.round_id or client.id, "")
        held.append(Held(scope, place, live is None or can_hold(live.maker, scope, live.partnerships)))
    return System(client, tuple(held), is_own=client.created_by == actor.person_id)
