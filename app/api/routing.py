"""The router that every noun of this door has."""

from typing import Final

from fastapi import APIRouter
from fastapi.routing import APIRoute

from app.api.bodies import OnceRoute, StrictRoute
from app.dependencies import LARGEST_BODY

PREFIX: Final = "/api/v1"


def make_router(tag: str, route_class: type[OnceRoute] = StrictRoute) -> APIRouter:
    """Make the router of a noun; its functions' names are the ids of its operations.

    `route_class`: of a noun that reads forms, as OAuth has it, and no JSON.
    """
    return APIRouter(
        prefix=PREFIX,
        tags=[tag],
        route_class=route_class,
        generate_unique_id_function=_get_name,
        max_body_size=LARGEST_BODY,
    )


def _get_name(route: APIRoute) -> str:
    return route.name
