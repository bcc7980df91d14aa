"""Examples of operations that nobody wrote one for: made of their shapes, so that they have at least those."""

from typing import Any, Final

MADE_ID: Final = "019dcf79-3768-719a-ba77-326381785bc5"
MADE_TIME: Final = "2026-11-02T09:30:00.000000Z"
MADE: Final = {"uuid": MADE_ID, "date-time": MADE_TIME, "date": "2026-11-02", "uri": "https://example.org/enablers"}


def make_example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:  # noqa: ANN401 - anything JSON can hold
    """Make a value of a schema of OpenAPI 3.1; `schemas` are those that it may refer to."""
    if "$ref" in schema:
        return make_example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    if schema.get("examples"):
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return make_example(schema[several][0], schemas)
    match schema.get("type"):
        case "object":
            return _make_object(schema, schemas)
        case "array":
            return [make_example(schema["items"], schemas)] if schema.get("items") else []
        case "string":
            return MADE.get(schema.get("format", ""), "…" * max(1, schema.get("minLength", 1)))
        case "integer":
            return max(1, schema.get("minimum", 1))
        case "number":
            return 50.0
        case "boolean":
            return False
    return None


def _make_object(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    made = {name: make_example(part, schemas) for name, part in schema.get("properties", {}).items()}
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        made["shared-picture"] = make_example(others, schemas)
    return made
