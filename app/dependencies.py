"""What a route may ask for, by annotated type.

What only reaches for something is `async`: a plain function would be sent to a thread, which costs more than it does.
"""

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, Request

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.errors import SignInNeededError
from app.services import Database, signing_in

SESSION_COOKIE = "enablers_session"


async def get_database(request: Request) -> Database:
    """Give the database; services open their own units of work on it."""
    database: Database = request.app.state.database
    return database


async def get_catalogue(request: Request) -> Catalogue:
    """Give the questionnaires that were read at the start."""
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue


async def get_now() -> datetime:
    """Give the present moment, in UTC."""
    return datetime.now(UTC)


async def is_demonstration(request: Request) -> bool:
    """Say whether this is the demonstration with invented places."""
    demonstration: bool = request.app.state.demonstration
    return demonstration


async def get_api_description(request: Request) -> dict[str, Any]:
    """Give the API's description as an OpenAPI document, made at the start."""
    description: dict[str, Any] = request.app.state.api_description
    return description


DatabaseDep = Annotated[Database, Depends(get_database)]
CatalogueDep = Annotated[Catalogue, Depends(get_catalogue)]
Now = Annotated[datetime, Depends(get_now)]
Demonstration = Annotated[bool, Depends(is_demonstration)]
ApiDescription = Annotated[dict[str, Any], Depends(get_api_description)]


def find_actor(request: Request, database: DatabaseDep, now: Now) -> Actor | None:
    """Find who is signed in, if anybody."""
    token = request.cookies.get(SESSION_COOKIE)
    actor = signing_in.find_actor(database, token, now) if token else None
    request.state.actor = actor  # an error page names them, too
    return actor


MaybeActorDep = Annotated[Actor | None, Depends(find_actor)]


def get_actor(actor: MaybeActorDep) -> Actor:
    """Give who is signed in; raises `SignInNeededError`."""
    if actor is None:
        raise SignInNeededError("Sign in to see this page")
    return actor


ActorDep = Annotated[Actor, Depends(get_actor)]
