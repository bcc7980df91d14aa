"""The router of every page."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from fastapi import APIRouter, Depends

from app.dependencies import LARGEST_BODY


def make_router(*checks: Callable[..., Any], largest_body: int = LARGEST_BODY) -> APIRouter:
    """Make a router of pages that ask the checks first. No page is in the description of the API."""
    return APIRouter(
        include_in_schema=False, max_body_size=largest_body, dependencies=[Depends(check) for check in checks]
    )


def gather(*parts: ModuleType) -> APIRouter:
    """Put the routers of modules together as one flat list: of a router within a router, routes are made again."""
    return APIRouter(routes=[route for part in parts for route in part.router.routes])
