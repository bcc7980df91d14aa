"""Examples of operations that nobody wrote one for: made of their shapes, each name with something true to type."""

from collections.abc import Mapping
from typing import Any, Final

MADE_ID: Final = "019dcf79-3768-719a-ba77-326381785bc5"
MADE_TIME: Final = "2026-11-02T09:30:00.000000Z"
MADE: Final = {"uuid": MADE_ID, "date-time": MADE_TIME, "date": "2026-11-02", "uri": "https://example.org/enablers"}
_ENABLER: Final = "knowing-what-works"
_QUESTION: Final = "shared-picture"
_EVENT: Final = "assessment.submitted"
_PLACE: Final = "019d480e-7400-7069-af7c-50903590506d"
_ROUND: Final = "019d480e-7400-73e7-82e2-88ab51f36bc0"
_BODY: Final = "019d480e-7400-7469-9025-333674aa1768"
_COUNTS: Final = {"not-started": 1, "in-progress": 2, "waiting": 0, "submitted": 3, "signed-off": 1}

MADE_BY_NAME: Final[Mapping[str, Any]] = {
    "action": "Map who spends what on families in crisis",
    "answer": "established",
    "answered_by": "Ann Lee",
    "average_deviation": 12.5,
    "band": "partly-in-place",
    "capped_by": [],
    "choice": "established",
    "code": "X06000001",
    "coverage": 100.0,
    "delivered_at": None,
    "department": None,
    "difference": -25.0,
    "dont_know_share": 0.0,
    "enabler": _ENABLER,
    "error": None,
    "event": _EVENT,
    "evidence_kind": "board-paper",
    "evidence_link": "https://council.example/plan",
    "framework": "reform-enablers",
    "gap": 25.0,
    "given_up_at": None,
    "id": MADE_ID,
    "kind": "council",
    "level": "established",
    "measure": "All partners have given their figures",
    "name": "Larkminster Together",
    "next_cursor": None,
    "not_applicable": 0,
    "note": "Since May",
    "organisation": _BODY,
    "partnership": _PLACE,
    "percent_to_target": 66.6667,
    "present": ["Larkminster City Council", "Larkminster Hospitals NHS Trust"],
    "priority": 50.0,
    "question": _QUESTION,
    "reason": "The pooled budget has ended",
    "region": "The North Shires",
    "reply_status": None,
    "round": _ROUND,
    "rwg": 0.875,
    "score": 50.0,
    "secret": "whsec_…",
    "sign_off": "certifier",
    "signed_off_at": None,
    "status": "in-progress",
    "statuses": _COUNTS,
    "submissions": 0,
    "submitted_at": None,
    "successors": [],
    "target": 75.0,
    "title": "Autumn round 2026",
    "unanswered": ["spending-map", "evaluation-plan"],
    "url": "https://hooks.example.org/enablers",
    "valid_from": None,
    "valid_to": None,
    "weakest": _ENABLER,
    "weight": 2.0,
    # Where a name means something else in one shape
    "Action.status": "under-way",
    "Action.title": "Map who spends what on families in crisis",
    "Area.kind": "unitary",
    "Area.name": "Larkminster",
    "AreaName.name": "Larkminster",
    "AssessmentEdition.id": "local-partners",
    "Delivery.attempts": 0,
    "Delivery.payload": {
        "id": MADE_ID,
        "type": _EVENT,
        "timestamp": MADE_TIME,
        "data": {
            "assessment": "019dcf79-0000-7000-8000-000000000001",
            "partnership": _PLACE,
            "round": _ROUND,
            "organisation": _BODY,
            "position": 412,
            "url": f"/api/v1/results?updated_since=2026-11-02T09%3A30%3A00.000000Z&partnership={_PLACE}&round={_ROUND}",
        },
    },
    "Delivery.status": "waiting",
    "Edition.id": "local-partners",
    "EnablerScore.id": _ENABLER,
    "Organisation.id": _BODY,
    "Organisation.name": "Larkminster City Council",
    "Partner.id": _BODY,
    "Partner.name": "Larkminster City Council",
    "Partner.submitted": True,
    "Partner.submitted_at": MADE_TIME,
    "Partnership.id": _PLACE,
    "PartnershipEnabler.id": _ENABLER,
    "PartnershipProgress.id": _PLACE,
    "PartnershipQuestion.id": _QUESTION,
    "PartnershipQuestion.organisations": 4,
    "PartnershipReport.shows": "individual",
    "PlaceName.id": _PLACE,
    "QuestionScore.id": _QUESTION,
    "ReportAction.organisation": "Larkminster City Council",
    "ReportAction.status": "under-way",
    "ReportRound.id": _ROUND,
    "Round.id": _ROUND,
    "RoundSummary.id": _ROUND,
    "VersionedAnswerRequest.version": 0,
}
"""Name, or shape and name, → what an example has there."""


def make_example(schema: dict[str, Any], schemas: dict[str, Any], shape: str = "") -> Any:  # noqa: ANN401 - any JSON
    """Make a value of a schema of OpenAPI 3.1; `schemas` are those that it may refer to, `shape` is its name there."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return make_example(schemas[name], schemas, name)
    for said in ("examples", "enum"):
        if schema.get(said):
            return schema[said][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return make_example(schema[several][0], schemas)
    if schema.get("type") == "object":
        return _make_object(schema, schemas, shape)
    if schema.get("type") == "array":
        return [make_example(schema["items"], schemas)] if schema.get("items") else []
    return _make_plain(schema)


def _make_plain(schema: dict[str, Any]) -> Any:  # noqa: ANN401 - anything JSON can hold
    text = MADE.get(schema.get("format", ""), "…" * max(1, schema.get("minLength", 1)))
    plain = {"string": text, "integer": max(1, schema.get("minimum", 1)), "number": 50.0, "boolean": False}
    return schema.get("const", plain.get(schema.get("type", "")))


def _make_object(schema: dict[str, Any], schemas: dict[str, Any], shape: str) -> dict[str, Any]:
    made = {name: _make_part(name, part, schemas, shape) for name, part in schema.get("properties", {}).items()}
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        made[_QUESTION] = make_example(others, schemas)
    return made


def _make_part(name: str, schema: dict[str, Any], schemas: dict[str, Any], shape: str) -> Any:  # noqa: ANN401 - any JSON
    """Make what a name of an object has: what is told of the name, where it is one value, else of its own shape."""
    told = MADE_BY_NAME.get(f"{shape}.{name}", MADE_BY_NAME.get(name, ...))
    is_whole = "$ref" in schema or (schema.get("type") == "array" and not isinstance(told, list))
    if told is ... or (is_whole and f"{shape}.{name}" not in MADE_BY_NAME):
        return make_example(schema, schemas)
    return told
