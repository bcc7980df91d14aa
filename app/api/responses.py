"""What an operation's description says of the replies besides its own."""

from dataclasses import replace
from typing import Any, Final

from app.api.kinds import BAD_REQUEST, INVALID, NOT_FOUND, SIGN_IN_NEEDED, Kind
from app.api.problems import HIDDEN, MEDIA_TYPE, FieldFault, as_json

PROBLEM_SCHEMA: Final = {"$ref": "#/components/schemas/Problem"}


def problems(*kinds: Kind, known: bool = False) -> dict[int | str, dict[str, Any]]:
    """Describe the problems an operation may answer with; where the client may have it already, 304 as well."""
    described: dict[int | str, dict[str, Any]] = {}
    if known:
        described[304] = {"description": "You have it already: its entity tag is in your `If-None-Match`"}
    for kind in sorted(dict.fromkeys((BAD_REQUEST, *kinds)), key=lambda kind: (kind.status, kind.name)):
        response = described.setdefault(kind.status.value, describe())
        response["description"] = f"{response['description']} {kind.meaning}".strip()
        examples = response["content"][MEDIA_TYPE]["examples"]
        hides = kind is NOT_FOUND and SIGN_IN_NEEDED in kinds
        example = make_example(replace(kind, example=HIDDEN) if hides else kind)
        examples[kind.name] = {"summary": kind.title, "value": example}
    return {**described, "default": describe("Any other problem, of the same shape")}


def describe(words: str = "") -> dict[str, Any]:
    """Describe a reply that is a problem."""
    return {"description": words, "content": {MEDIA_TYPE: {"schema": PROBLEM_SCHEMA, "examples": {}}}}


def make_example(kind: Kind) -> dict[str, Any]:
    """Give one occurrence of a type of problem."""
    faults = [FieldFault("/version", "must be a whole number")] if kind is INVALID else []
    return as_json(kind.type, kind.title, kind.status, kind.example, faults)
