"""API clients: made by whoever may, with tokens that are shown once, follow one another, and end."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor, Deed, Role, can, can_anywhere
from app.domain.api_access import ApiPass, Scope, StoredClient, can_hold, parse_scopes, write_scopes
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotAllowedError, NotAllowedNowError, NotFoundError, SignInNeededError
from app.services import Database
from app.services.acting import acting
from app.services.auditing import record
from app.services.tokens import TokenKeys, make_token
from app.store import api_clients as store
from app.store import memberships
from app.store.api_clients import Bearer, Holder
from app.store.models import new_id

PREFIX: Final = "enb_"
"""What tokens begin with, so that a scanner finds one that was committed by mistake."""
HINT_LENGTH: Final = 4
LONGEST_NAME: Final = 200
MOST_SCOPES: Final = 50
LONGEST_LIFE: Final = timedelta(days=366)
OVERLAP: Final = timedelta(days=7)
"""How long a token goes on after the next was made."""
ACCESS_LIFE: Final = timedelta(hours=1)
"""Of a token that is given for a client's credentials."""
TOUCH_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A token, this once in words."""

    client_id: UUID
    token: str
    expires_at: datetime
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class NewClient:
    """A client to be made."""

    name: str
    scopes: frozenset[Scope]
    expires_at: datetime
    """When its first token ends."""
    id: UUID | None = None
    """So that one form makes one client, however often it is sent."""


def may_make(actor: Actor) -> bool:
    """Say whether somebody may make clients at all."""
    return can_anywhere(actor, Deed.SET_UP) or any(
        grant.role in {Role.LEAD, Role.COORDINATOR, Role.CENTRAL_ANALYST} for grant in actor.grants
    )


def list_clients(database: Database, actor: Actor) -> tuple[StoredClient, ...]:
    """List one's own clients; to central administrators, everybody's."""
    check_may_make(actor)
    with database.reading() as session:
        return store.list_clients(session, None if can(actor, Deed.SET_UP) else actor.person_id)


def create(
    database: Database,
    actor: Actor,
    name: str,
    scopes: Collection[Scope],
    expires_at: datetime,
    now: datetime,
    keys: TokenKeys,
) -> MadeToken:
    """Make a client with its first token. Raises what `make` does."""
    return make(database, actor, NewClient(name, frozenset(scopes), expires_at), now, keys)


def make(
    database: Database, maker: Actor, new: NewClient, now: datetime, keys: TokenKeys, *, by_command: bool = False
) -> MadeToken:
    """Make a client with its first token: by its maker, or by the operator on their behalf.

    Raises `NotAllowedError` for a scope that the maker may not give, `AnswerError` for what cannot be, and
    `NotAllowedNowError` where it was made before.
    """
    check_may_make(maker)
    name = new.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise AnswerError(f"Give the client a name of at most {LONGEST_NAME} characters")
    if not new.scopes or len(new.scopes) > MOST_SCOPES:
        raise AnswerError(f"Choose between one and {MOST_SCOPES} scopes")
    _check_end(new.expires_at, now)
    with acting(database, None if by_command else maker) as session:
        partnerships = list_partnerships_of(session, maker)
        for scope in sorted(new.scopes):
            if not can_hold(maker, scope, partnerships):
                raise NotAllowedError(f"You may not give a client the scope {scope}")
        client_id, written = new.id or new_id(), write_scopes(new.scopes)
        if not store.add_client(session, client_id, name, written, maker.person_id, now):
            raise NotAllowedNowError("This was made already, and its token was shown then. Give it the next token")
        made = _add_token(session, client_id, new.scopes, now, new.expires_at, keys)
        by = None if by_command else maker.person_id
        record(session, Event.API_CLIENT_MADE, by, now, subject=f"API client {client_id}", new=written)
    return made


def rotate(
    database: Database,
    actor: Actor,
    client_id: UUID,
    expires_at: datetime,
    now: datetime,
    keys: TokenKeys,
    seen: UUID | None = None,
) -> MadeToken:
    """Give a client its next token; those before go on for `OVERLAP`, so that nothing stops meanwhile.

    Only for its maker: with a token one acts as they do. `seen`: the newest token that is known of; where there is a
    newer one, `NotAllowedNowError` is raised.
    """
    _check_end(expires_at, now)
    with acting(database, actor) as session:
        found = _find_own(session, actor, client_id)
        if found.created_by != actor.person_id:
            raise NotAllowedError("Only whoever made a client can give it a token, as it acts on their behalf")
        if found.revoked_at is not None:
            raise NotFoundError("There is no such client")
        if seen is not None and found.tokens and found.tokens[0].id != seen:
            raise NotAllowedNowError("The next token was made already, and was shown then. Look at the list again")
        made = _add_token(session, client_id, parse_scopes(found.scopes), now, expires_at, keys)
        store.shorten_tokens(session, client_id, now + OVERLAP, keys.digest(made.token))
        record(session, Event.API_TOKEN_MADE, actor.person_id, now, subject=f"API client {client_id}")
    return made


def revoke(database: Database, actor: Actor, client_id: UUID, now: datetime) -> None:
    """End a client with all its tokens, at once. Twice is once."""
    with acting(database, actor) as session:
        _find_own(session, actor, client_id)
        if store.revoke_client(session, client_id, now):
            record(session, Event.API_CLIENT_REVOKED, actor.person_id, now, subject=f"API client {client_id}")


def revoke_token(database: Database, actor: Actor, client_id: UUID, token_id: UUID, now: datetime) -> None:
    """End one token of a client, at once, and what was given for its credentials. Twice is once."""
    with acting(database, actor) as session:
        found = _find_own(session, actor, client_id)
        if token_id not in {token.id for token in found.tokens}:
            raise NotFoundError("There is no such token")
        if store.revoke_token(session, client_id, token_id, now):
            record(session, Event.API_TOKEN_REVOKED, actor.person_id, now, subject=f"API client {client_id}")


def authenticate(database: Database, token: str, now: datetime, keys: TokenKeys) -> ApiPass:
    """Give who a bearer token is of, and what it may do now. Raises `SignInNeededError`. One statement."""
    with database.reading() as session:
        bearer = store.find_bearer(session, keys.digests(token)) if token.startswith(PREFIX) else None
    if bearer is None or not bearer.token.is_open(now):
        raise SignInNeededError("The token is not valid, or not any more")
    if bearer.token.last_used_at is None or bearer.token.last_used_at < now - TOUCH_EVERY:
        with database.writing() as session:
            store.touch(session, bearer.token.id, now)
    return _as_pass(bearer)


def check_still(session: Session, who: ApiPass, now: datetime) -> None:
    """Raise unless a token is still valid, with all its scopes and every role of its maker: the last look at a write.

    Raises `SignInNeededError` and `NotAllowedError`.
    """
    bearer = store.find_bearer_again(session, who.token_id) if who.token_id else None
    if bearer is None or not bearer.token.is_open(now):
        raise SignInNeededError("The token ended before this was done, so nothing has changed")
    if not (who.actor.grants <= bearer.holder.maker.grants and who.scopes <= _as_pass(bearer).scopes):
        raise NotAllowedError("A right of this token was withdrawn before this was done, so nothing has changed")


def exchange(database: Database, client_id: str, secret: str, wanted: str, now: datetime, keys: TokenKeys) -> MadeToken:
    """Give an access token for a client's credentials: its id, and any of its tokens as the secret.

    `wanted`: scopes, of those it has; all where empty. Raises `SignInNeededError`, and `AnswerError` for scopes that it
    does not have.
    """
    with database.writing() as session:
        bearer = store.find_bearer(session, keys.digests(secret)) if secret.startswith(PREFIX) else None
        right = bearer is not None and str(bearer.holder.client_id) == client_id and not bearer.token.is_access_token
        if bearer is None or not right or not bearer.token.is_open(now):
            raise SignInNeededError("The client is not known, or its secret is not right")
        allowed = _as_pass(bearer).scopes
        scopes = parse_scopes(wanted) if wanted.strip() else allowed
        for scope in scopes:
            if not any(scope.is_within(each) for each in allowed):
                raise AnswerError(f"This client does not have the scope {scope}; it has {write_scopes(allowed)}")
        ends = min(now + ACCESS_LIFE, bearer.token.expires_at)
        store.touch(session, bearer.token.id, now)
        return _add_token(session, bearer.holder.client_id, scopes, now, ends, keys, is_access_token=True)


def make_pass(holder: Holder) -> ApiPass:
    """Give what a client may do now, with all of its scopes, where it is told something without asking."""
    return _make_pass(holder, holder.scopes, None)


def _as_pass(bearer: Bearer) -> ApiPass:
    return _make_pass(bearer.holder, bearer.token.scopes, bearer.token.id)


def _make_pass(holder: Holder, scopes: str, token_id: UUID | None) -> ApiPass:
    held = parse_scopes(scopes)
    allowed = frozenset(scope for scope in held if can_hold(holder.maker, scope, holder.partnerships))
    return ApiPass(holder.client_id, holder.client, token_id, allowed, holder.maker)


def _add_token(
    session: Session,
    client_id: UUID,
    scopes: frozenset[Scope],
    now: datetime,
    expires_at: datetime,
    keys: TokenKeys,
    *,
    is_access_token: bool = False,
) -> MadeToken:
    token = f"{PREFIX}{make_token()}"
    store.add_token(
        session,
        client_id,
        keys.digest(token),
        token[-HINT_LENGTH:],
        write_scopes(scopes),
        now,
        expires_at,
        is_access_token=is_access_token,
    )
    return MadeToken(client_id, token, expires_at, scopes)


def check_may_make(actor: Actor) -> None:
    if not may_make(actor):
        raise NotAllowedError("Only leads, coordinators and central teams can make API clients")


def _check_end(expires_at: datetime, now: datetime) -> None:
    if not now < expires_at <= now + LONGEST_LIFE:
        raise AnswerError("A token ends between now and a year from now")


def _find_own(session: Session, actor: Actor, client_id: UUID) -> StoredClient:
    found = store.lock_client(session, client_id)
    if found is None or not (found.created_by == actor.person_id or can(actor, Deed.SET_UP)):
        raise NotFoundError("There is no such client")
    return found


def list_partnerships_of(session: Session, actor: Actor) -> frozenset[UUID]:
    """Give the partnerships that the actor's organisations are in."""
    organisations = frozenset(grant.organisation_id for grant in actor.grants if grant.organisation_id)
    return memberships.list_partnerships_of(session, organisations)
