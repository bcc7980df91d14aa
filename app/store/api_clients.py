"""API clients and their tokens. Of a token, the digest alone is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, func, select, update
from sqlalchemy.orm import Session

from app.domain.access import Actor, Grant, Role
from app.domain.api_access import StoredClient, StoredToken
from app.store.database import insert_if_absent
from app.store.models import ApiClient, ApiToken, Membership, PartnershipOrganisation, Person


@dataclass(frozen=True, slots=True)
class Holder:
    """A client that has not ended, with the roles of its maker as they are now."""

    client_id: UUID
    client: str
    scopes: str
    created_at: datetime
    maker: Actor
    partnerships: frozenset[UUID]
    """Those that the maker's organisations are in."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A token that was presented, and whose it is."""

    token: StoredToken
    holder: Holder
    """Its scopes are the client's; the token's are a part of them."""


def add_client(session: Session, client_id: UUID, name: str, scopes: str, created_by: UUID, now: datetime) -> bool:
    """Keep a new client; says whether there was none with this id."""
    values = {"id": client_id, "name": name, "scopes": scopes, "created_by": created_by, "created_at": now}
    added = session.scalars(insert_if_absent(session, ApiClient).values(**values).returning(ApiClient.id)).all()
    return bool(added)


def add_token(
    session: Session,
    client_id: UUID,
    token_hash: str,
    hint: str,
    scopes: str,
    now: datetime,
    expires_at: datetime,
    *,
    is_access_token: bool = False,
) -> None:
    """Keep the digest of a new token."""
    session.add(
        ApiToken(
            token_hash=token_hash,
            client_id=client_id,
            scopes=scopes,
            hint=hint,
            is_access_token=is_access_token,
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()


def find_bearer(session: Session, token_hashes: Sequence[str]) -> Bearer | None:
    """Find what a token says, ended ones too, with the roles of the client's maker. One statement."""
    return _find_bearer(session, ApiToken.token_hash.in_(token_hashes))


def find_bearer_again(session: Session, token_id: UUID) -> Bearer | None:
    """Find the same of a token that is known, as it is now. One statement."""
    return _find_bearer(session, ApiToken.id == token_id)


def _find_bearer(session: Session, is_token: ColumnElement[bool]) -> Bearer | None:
    rows = session.execute(_select_bearers().where(is_token)).all()
    return Bearer(_as_token(rows[0].ApiToken), as_holder(rows)) if rows else None


@cache
def _select_bearers() -> Select[*tuple[Any, ...]]:
    """Select tokens with what `select_holders` does. Put together once: every request of a client asks."""
    return select_holders().add_columns(ApiToken).join(ApiToken, ApiToken.client_id == ApiClient.id)


def select_holders() -> Select[*tuple[Any, ...]]:
    """Select clients with the roles of their makers: neither revoked, nor their makers erased.

    A client has a row for each role and partnership; `as_holder` reads those of one.
    """
    return (
        select(ApiClient, Person.name, Membership.role, Membership.organisation_id, Membership.partnership_id)
        .add_columns(PartnershipOrganisation.partnership_id.label("member_of"))
        .select_from(ApiClient)
        .join(Person, Person.id == ApiClient.created_by)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(
            PartnershipOrganisation,
            (PartnershipOrganisation.organisation_id == Membership.organisation_id)
            & PartnershipOrganisation.left_at.is_(None),
        )
        .where(ApiClient.revoked_at.is_(None), Person.erased_at.is_(None))
    )


def as_holder(rows: Sequence[Row[*tuple[Any, ...]]]) -> Holder:
    """Read a client and its maker out of all rows of `select_holders` that are of it."""
    client = rows[0].ApiClient
    grants = frozenset(Grant(Role(row.role), row.organisation_id, row.partnership_id) for row in rows if row.role)
    return Holder(
        client_id=client.id,
        client=client.name,
        scopes=client.scopes,
        created_at=client.created_at,
        maker=Actor(client.created_by, rows[0].name, grants, client_id=client.id),
        partnerships=frozenset(row.member_of for row in rows if row.member_of),
    )


def touch(session: Session, token_id: UUID, now: datetime) -> None:
    """Note when a token was used last."""
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used_at=now))


def list_clients(session: Session, created_by: UUID | None = None) -> tuple[StoredClient, ...]:
    """List clients by name, of one person or of all, with the tokens that people were given. Two statements."""
    query = select(ApiClient, Person.name).join(Person, Person.id == ApiClient.created_by)
    if created_by is not None:
        query = query.where(ApiClient.created_by == created_by)
    rows = session.execute(query.order_by(func.lower(ApiClient.name), ApiClient.id)).all()
    tokens: dict[UUID, list[StoredToken]] = {}
    of_these = ApiToken.client_id.in_([client.id for client, _ in rows])
    given = select(ApiToken).where(of_these, ApiToken.is_access_token.is_(False))
    for token in session.scalars(given.order_by(ApiToken.created_at.desc(), ApiToken.id.desc())):
        tokens.setdefault(token.client_id, []).append(_as_token(token))
    return tuple(
        StoredClient(
            client.id,
            client.name,
            client.scopes,
            client.created_by,
            maker,
            client.created_at,
            client.revoked_at,
            tuple(tokens.get(client.id, ())),
        )
        for client, maker in rows
    )


def find_client(session: Session, client_id: UUID) -> StoredClient | None:
    """Find one client with its tokens."""
    maker = session.scalar(select(ApiClient.created_by).where(ApiClient.id == client_id))
    if maker is None:
        return None
    return next((each for each in list_clients(session, maker) if each.id == client_id), None)


def lock_client(session: Session, client_id: UUID) -> StoredClient | None:
    """Find one client with its tokens, and hold it until the commit."""
    session.execute(select(ApiClient.id).where(ApiClient.id == client_id).with_for_update())
    return find_client(session, client_id)


def list_live(session: Session, now: datetime) -> tuple[Holder, ...]:
    """List the clients that have a token which works, by name. One statement."""
    works = (
        select(ApiToken.id)
        .where(ApiToken.client_id == ApiClient.id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
        .exists()
    )
    rows = session.execute(select_holders().where(works).order_by(func.lower(ApiClient.name), ApiClient.id))
    return tuple(as_holder([*group]) for _, group in groupby(rows, key=lambda row: row.ApiClient.id))


def revoke_client(session: Session, client_id: UUID, now: datetime) -> bool:
    """End a client and all its tokens; says whether anything changed."""
    done = session.execute(
        update(ApiClient).where(ApiClient.id == client_id, ApiClient.revoked_at.is_(None)).values(revoked_at=now)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def revoke_token(session: Session, client_id: UUID, token_id: UUID, now: datetime) -> bool:
    """End one token, and all access tokens of the client, of which some were given for it; says whether it was open.

    Whoever has another token gets a new access token for that one.
    """
    is_open = (ApiToken.client_id == client_id) & ApiToken.revoked_at.is_(None)
    done = session.execute(update(ApiToken).where(is_open, ApiToken.id == token_id).values(revoked_at=now))
    session.execute(update(ApiToken).where(is_open, ApiToken.is_access_token).values(revoked_at=now))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def shorten_tokens(session: Session, client_id: UUID, until: datetime, but: str) -> None:
    """Let all other tokens of a client end at a time, unless they end before."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.client_id == client_id, ApiToken.token_hash != but, ApiToken.expires_at > until)
        .values(expires_at=until)
    )


def _as_token(row: ApiToken) -> StoredToken:
    return StoredToken(
        row.id,
        row.scopes,
        row.is_access_token,
        row.hint,
        row.created_at,
        row.expires_at,
        row.last_used_at,
        row.revoked_at,
    )
