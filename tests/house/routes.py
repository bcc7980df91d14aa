"""The routes of the service, as the framework has them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import cleandoc

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Mount

from app.api.access import get_pass
from app.dependencies import get_actor


@dataclass(frozen=True, slots=True, order=True)
class Route:
    """One method of one path."""

    method: str
    path: str
    words: str
    """What the function behind it says of itself."""
    signed_in: bool
    """Whether it asks who is signed in, and refuses whoever is not."""
    with_token: bool = False
    """Whether it asks for a token of the API."""

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def is_page(self) -> bool:
        return not self.path.startswith(("/api/", "/health/", "/static"))


def list_routes(app: FastAPI) -> tuple[Route, ...]:
    """List every route, those of routers inside routers too; raises `TypeError` for one of a kind unknown here."""
    return tuple(sorted(_list_routes(app)))


def _list_routes(app: FastAPI) -> Iterator[Route]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute):
            calls = list(list_calls(route.dependant))
            asks = {"signed_in": get_actor in calls, "with_token": get_pass in calls}
            for method in context.methods or ():
                yield Route(method, context.path or "", cleandoc(route.endpoint.__doc__ or ""), **asks)
        elif isinstance(route, Mount) and route.path == "/static":
            yield Route("GET", "/static", "Anyone: style sheet, script and icon.", signed_in=False)
        else:
            raise TypeError(f"{route}: say here what it is")


def list_calls(dependant: Dependant) -> Iterator[Callable[..., object] | None]:
    """Go through everything that a route depends on."""
    yield dependant.call
    for inner in dependant.dependencies:
        yield from list_calls(inner)
