"""What a route may ask for, by annotated type.

What only reaches for something is `async`: a plain function would be sent to a thread, which costs more than it does.
"""

import ipaddress
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.errors import SignInNeededError
from app.services import Database, holding, signing_in
from app.services.limiting import UNLIMITED
from app.services.tokens import TokenKeys

LARGEST_BODY = 1_000_000
"""Bytes that a request brings at most, where a route does not say otherwise.

Routers are made with it, and not the app: there the limit would stand before the Gate, and answer in plain text.
"""
SESSION_COOKIE = "enablers_session"
OVER_HTTPS_ONLY = "__Host-"
"""What a browser lets stand before a cookie's name only where no other host and no plain HTTP can set it."""
IPV6_NETWORK = 64
"""Bits of an address that tell one customer's network from another's; the rest anybody there can choose."""


async def get_database(request: Request) -> Database:
    """Give the database; services open their own units of work on it."""
    database: Database = request.app.state.database
    return database


async def get_catalogue(request: Request) -> Catalogue:
    """Give the questionnaires that were read at the start."""
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue


async def get_token_keys(request: Request) -> TokenKeys:
    """Give the keys that tokens are digested under."""
    keys: TokenKeys = request.app.state.token_keys
    return keys


async def get_now(request: Request) -> datetime:
    """Give the present moment, in UTC: once all of a form is there, so that sending slowly stops no clock."""
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        with suppress(RuntimeError):  # where the form was read before this, all of it is there
            await request.body()
    now: datetime = request.app.state.clock()
    return now


async def is_demonstration(request: Request) -> bool:
    """Say whether this is the demonstration with invented places."""
    demonstration: bool = request.app.state.demonstration
    return demonstration


async def has_public_statistics(request: Request) -> bool:
    """Say whether anybody may read published releases."""
    public_statistics: bool = request.app.state.public_statistics
    return public_statistics


async def may_go_to_loopback(request: Request) -> bool:
    """Say whether webhooks may lead to this machine, for trying out."""
    webhooks_to_loopback: bool = request.app.state.webhooks_to_loopback
    return webhooks_to_loopback


async def get_phase(request: Request) -> str:
    """Give what the service calls itself on the way to being finished, such as `beta`; empty for nothing."""
    phase: str = request.app.state.phase
    return phase


async def get_public_url(request: Request) -> str:
    """Give the address that people reach the service at; empty where none is set."""
    public_url: str = request.app.state.public_url
    return public_url


async def get_api_description(request: Request) -> dict[str, Any]:
    """Give the API's description as an OpenAPI document, made at the start."""
    description: dict[str, Any] = request.app.state.describe_api()
    return description


DatabaseDep = Annotated[Database, Depends(get_database)]
CatalogueDep = Annotated[Catalogue, Depends(get_catalogue)]
TokenKeysDep = Annotated[TokenKeys, Depends(get_token_keys)]
Now = Annotated[datetime, Depends(get_now)]
Demonstration = Annotated[bool, Depends(is_demonstration)]
PublicStatistics = Annotated[bool, Depends(has_public_statistics)]
WebhooksToLoopback = Annotated[bool, Depends(may_go_to_loopback)]
Phase = Annotated[str, Depends(get_phase)]
PublicUrl = Annotated[str, Depends(get_public_url)]
ApiDescription = Annotated[dict[str, Any], Depends(get_api_description)]


async def get_session_cookie(request: Request) -> str:
    """Give the name of the cookie that says who is signed in."""
    return f"{OVER_HTTPS_ONLY}{SESSION_COOKIE}" if request.app.state.secure_cookies else SESSION_COOKIE


SessionCookie = Annotated[str, Depends(get_session_cookie)]


async def get_session_token(request: Request, cookie: SessionCookie) -> str:
    """Give the token of this device's session, as the browser sent it; empty where it sent none."""
    return request.cookies.get(cookie, "")


SessionToken = Annotated[str, Depends(get_session_token)]


def find_network(host: str, *, demonstration: bool) -> str:
    """Give the network of an address; `UNLIMITED` for one's own machine, which the demonstration does not count."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host or "unknown"
    address = getattr(address, "ipv4_mapped", None) or address
    if demonstration and address.is_loopback:
        return UNLIMITED
    network = f"{address}/{IPV6_NETWORK}" if address.version == 6 else f"{address}"  # noqa: PLR2004 - of IP
    return str(ipaddress.ip_network(network, strict=False))


async def get_source(request: Request, keys: TokenKeysDep, demonstration: Demonstration) -> str:
    """Give a digest of where a request comes from, for counting; the demonstration counts nobody on its own machine."""
    network = find_network(request.client.host if request.client else "", demonstration=demonstration)
    return network and keys.digest(f"source {network}")


SourceDep = Annotated[str, Depends(get_source)]


def find_actor(
    request: Request, database: DatabaseDep, session_token: SessionToken, now: Now, keys: TokenKeysDep
) -> Actor | None:
    """Find who is signed in, if anybody."""
    actor = signing_in.find_actor(database, session_token, now, keys) if session_token else None
    request.state.actor = actor  # an error page names them, too
    return actor


MaybeActorDep = Annotated[Actor | None, Depends(find_actor)]


def get_actor(
    request: Request,
    actor: MaybeActorDep,
    database: DatabaseDep,
    session_token: SessionToken,
    now: Now,
    keys: TokenKeysDep,
) -> Actor:
    """Give who is signed in; raises `SignInNeededError`, and keeps what was typed for whoever's session has ended."""
    if actor is not None:
        return actor
    fields = getattr(request.state, "to_keep", {})
    if session_token and fields:
        request.state.is_kept = holding.hold(database, session_token, request.url.path, fields, now, keys)
    raise SignInNeededError("Sign in to see this page")


ActorDep = Annotated[Actor, Depends(get_actor)]
