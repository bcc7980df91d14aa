"""API clients from the terminal: made by the operator on behalf of somebody, listed and ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.access import Actor, Role
from app.domain.api_access import Scope, StoredClient
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotFoundError
from app.domain.inviting import Member, clean_address
from app.services import Database, api_clients
from app.services.api_clients import MadeToken, NewClient
from app.services.auditing import record
from app.services.tokens import TokenKeys
from app.store import api_clients as store
from app.store import memberships


@dataclass(frozen=True, slots=True)
class Order:
    """A client that the operator asks for."""

    name: str
    scopes: Sequence[str]
    days: int
    email: str
    """Of the person whom it acts for; empty for whoever has been a central administrator longest."""


def make(database: Database, order: Order, now: datetime, keys: TokenKeys) -> tuple[MadeToken, str]:
    """Make a client with its first token; gives the name of the person it acts for, too.

    Raises `AnswerError` for a scope that is none, `NotAllowedError` for one that the person may not give,
    `NotFoundError` where nobody has the address.
    """
    scopes = frozenset(map(Scope.parse, order.scopes))
    maker = _find_maker(database, order.email)
    new = NewClient(order.name, scopes, now + timedelta(days=order.days))
    return api_clients.make(database, maker, new, now, keys, by_command=True), maker.name


def list_all(database: Database) -> tuple[StoredClient, ...]:
    """List everybody's clients by name."""
    with database.reading() as session:
        return store.list_clients(session)


def revoke(database: Database, name: str, now: datetime) -> StoredClient:
    """End the client of a name, or of an id, with all its tokens. Raises `NotFoundError`.

    Raises `AnswerError` where several that have not ended have the name.
    """
    with database.writing() as session:
        found = [each for each in store.list_clients(session) if name in {each.name, str(each.id)}]
        open_ones = [each for each in found if each.revoked_at is None]
        if not open_ones:
            raise NotFoundError(f"“{name}” was ended before" if found else f"There is no client “{name}”")
        if len(open_ones) > 1:
            ids = "\n".join(f"{each.id}  of {each.maker}" for each in open_ones)
            raise AnswerError(f"{len(open_ones)} clients have this name; give the id of one:\n{ids}")
        client = open_ones[0]
        store.revoke_client(session, client.id, now)
        record(session, Event.API_CLIENT_REVOKED, None, now, subject=f"API client {client.id}")
        return client


def _find_maker(database: Database, email: str) -> Actor:
    """Find whom a client acts for, with their roles."""
    with database.reading() as session:
        if email:
            roles = memberships.list_roles_of(session, clean_address(email))
            missing = f"Nobody with the address {email} has a role"
        else:
            roles = memberships.list_roles_of(session, _find_administrator(memberships.search(session, "")))
            missing = "Nobody is central administrator yet; invite one first, or name somebody with --person"
    if not roles:
        raise NotFoundError(missing)
    return Actor(roles[0].person_id, roles[0].name, frozenset(role.grant for role in roles))


def _find_administrator(members: Sequence[Member]) -> str:
    found = [each for each in members if each.grant.role is Role.CENTRAL_ADMINISTRATOR]
    return min(found, key=lambda each: each.id).email if found else ""
