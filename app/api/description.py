"""The API's own description: OpenAPI 3.1, out of the routes and shapes, with examples worked from the catalogue."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any, Final

from fastapi import Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response
from starlette.routing import BaseRoute

from app.api import responses
from app.api.examples import make_examples
from app.api.kinds import KINDS, Kind
from app.api.limits import MOST_VALUES
from app.api.links import add_links
from app.api.made_examples import make_example
from app.api.replies import reply_unless_known, to_json
from app.api.routing import make_router
from app.api.schemas import Problem
from app.catalogue import Catalogue
from app.dependencies import LARGEST_BODY, ApiDescription

router = make_router("About")

TITLE: Final = "Reform enablers API"
VERSION: Final = "1.0.0"
OVERVIEW: Final = f"""\
Read the questionnaires, and have answers turned into a gap report, the same that people see.

- Send and get JSON objects in UTF-8. Names are in snake_case; ids are slugs or UUIDs that never change.
- Scores and percentages are 0 to 100, rounded once, to 4 decimals, from exact ones. A missing number is null.
- Types are strict: `true`, `"1"` and `1.0` are not a version. Unknown names are refused. A whole number in a query is \
digits alone: not `1.0`, nor `+1`.
- A body has at most {LARGEST_BODY:,} bytes, and {MOST_VALUES:,} values in it.
- Whatever goes wrong is told as a problem of RFC 9457, `application/problem+json`. Its `type` names it, and `errors` \
points to what is wrong in the body.
- Only a request that cannot be read as HTTP, or whose method nobody knows, gets a bare 400 in plain text.
- A list is `{{"items": […], "next_cursor": …}}`. For more, ask again with `cursor`, or follow the `Link` header.
- Send an entity tag back in `If-None-Match`, and the reply is 304 without a body where nothing has changed.
- `RateLimit` in every reply says how many requests are left, and for how many seconds; beyond them comes 429 with \
`Retry-After`. A token has more than a network without one.
- Send `X-Request-Id`, and the reply has it, too; else it has a new one. Quote it when you report a fault.
- Replies may get new names, and lists of types new members; read what you know and leave the rest.
- `/health/live` says whether the service runs, `/health/ready` whether it can do its work.
"""
TAGS: Final = [
    {"name": "Questionnaires", "description": "What is asked, and how it is scored. Anyone may read it."},
    {"name": "Gap reports", "description": "What the answers show: scores by enabler, and gaps in order of priority."},
    {"name": "Places and rounds", "description": "Partnerships, rounds, organisations and areas that a token reaches."},
    {"name": "Assessments", "description": "Started, answered and submitted by another system, as its maker may."},
    {"name": "Results", "description": "What was submitted, page by page, as it changes, or all at once."},
    {"name": "Releases", "description": "What all partnerships of a round say together, once it is published."},
    {"name": "Webhooks", "description": "Messages to your own system when something was submitted or published."},
    {"name": "Tokens", "description": "Access tokens for a client’s credentials."},
    {"name": "About", "description": "This description."},
]


@router.get(
    "/openapi.json",
    summary="Read this description",
    response_description="An OpenAPI 3.1 document",
    responses=responses.problems(known=True),
    response_model=dict[str, Any],
)
def read_description(request: Request, description: ApiDescription) -> Response:
    """Read the description of the API that tools understand. For people, it is at `/api`."""
    content = to_json(description)
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}")


def describe_routes(routes: Sequence[BaseRoute], catalogue: Catalogue) -> dict[str, Any]:
    """Make the description of routes; `x-problems` lists the types of problem."""
    document = get_openapi(
        title=TITLE,
        version=VERSION,
        openapi_version="3.1.0",
        summary="A self-assessment of the five enablers of local public service reform, for machines",
        description=OVERVIEW,
        routes=routes,
        tags=TAGS,
        servers=[{"url": "/"}],
        license_info={"name": "MIT", "identifier": "MIT"},
    )
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas.update(_schemas_of_problem())
    operations = _list_operations(document)
    parameters = [parameter["schema"] for one in operations for parameter in one.get("parameters", ())]
    for parameter in parameters:
        if parameter.get("default") == "":
            del parameter["default"]
    for schema in (*schemas.values(), *parameters):
        _drop_titles(schema)
    examples = make_examples(catalogue, document)
    for operation in operations:
        _add_examples(operation, examples, schemas)
        add_links(operation)
    document["x-problems"] = [_describe_kind(kind) for kind in KINDS]
    return document


def _schemas_of_problem() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _list_operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def _drop_titles(schema: object) -> None:
    """Take out the titles that Pydantic makes of names: they say nothing that the names do not."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            del schema["title"]
        for part in schema.values():
            _drop_titles(part)
    elif isinstance(schema, list):
        for part in schema:
            _drop_titles(part)


def _add_examples(operation: dict[str, Any], examples: dict[str, tuple[Any, Any]], schemas: dict[str, Any]) -> None:
    """Put in what could be sent and what comes back; take out the fault that FastAPI thinks it answers with."""
    if "HTTPValidationError" in str(operation["responses"].get("422")):
        del operation["responses"]["422"]
    request, response = examples.get(operation["operationId"], (None, None))
    for body in operation.get("requestBody", {}).get("content", {}).values():
        body["example"] = make_example(body["schema"], schemas) if request is None else request
    for status, reply in operation["responses"].items():
        for content in reply.get("content", {}).values() if status.startswith("2") else ():
            content["example"] = make_example(content["schema"], schemas) if response is None else response


def _describe_kind(kind: Kind) -> dict[str, Any]:
    return {
        "id": f"problem-{kind.name}",
        "type": kind.type,
        "status": kind.status.value,
        "title": kind.title,
        "meaning": kind.meaning,
        "example": responses.make_example(kind),
    }
