"""Door 2: machines. One module per noun; `bodies` what is read, `problems` what goes wrong, `description` what is told.

Routes return what the renderings make, written as JSON; `schemas` describes it, and a test holds the one against the
other.
"""

from typing import Any

from fastapi import APIRouter

from app.api import (
    assessments,
    description,
    gap_reports,
    places,
    questionnaires,
    releases,
    results,
    tokens,
    webhooks,
)
from app.api.health import router as health
from app.api.problems import show_problem
from app.api.rates import Rates
from app.api.routing import PREFIX
from app.catalogue import Catalogue

__all__ = ["PREFIX", "Rates", "describe", "health", "router", "show_problem"]

# One flat list: a router within a router is searched twice.
NOUNS = (questionnaires, gap_reports, places, assessments, results, releases, webhooks, tokens, description)
router = APIRouter(routes=[route for noun in NOUNS for route in noun.router.routes])


def describe(catalogue: Catalogue) -> dict[str, Any]:
    """Make the API's description, with examples from the catalogue. It takes a while: an app makes it once."""
    return description.describe_routes(router.routes, catalogue)
