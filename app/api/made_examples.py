"""Examples of operations that nobody wrote one for: made of their shapes, so that they have at least those."""

from typing import Any, Final

MADE_ID: Final = "019dcf79-3768-719a-ba77-326381785bc5"
MADE_TIME: Final = "2026-11-02T09:30:00.000000Z"
MADE: Final = {"uuid": MADE_ID, "date-time": MADE_TIME, "date": "2026-11-02", "uri": "https://example.org/enablers"}


def make_example(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:  # noqa: ANN401 - anything JSON can hold
    """Make a value of a schema of OpenAPI 3.1; `schemas` are those that it may refer to."""
    if "$ref" in schema:
        return make_example(schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for said in ("examples", "enum"):
        if schema.get(said):
            return schema[said][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return make_example(schema[several][0], schemas)
    if schema.get("type") == "object":
        return _make_object(schema, schemas)
    if schema.get("type") == "array":
        return [make_example(schema["items"], schemas)] if schema.get("items") else []
    return _make_plain(schema)


def _make_plain(schema: dict[str, Any]) -> Any:  # noqa: ANN401 - anything JSON can hold
    text = MADE.get(schema.get("format", ""), "…" * max(1, schema.get("minLength", 1)))
    plain = {"string": text, "integer": max(1, schema.get("minimum", 1)), "number": 50.0, "boolean": False}
    return schema.get("const", plain.get(schema.get("type", "")))


def _make_object(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    made = {name: make_example(part, schemas) for name, part in schema.get("properties", {}).items()}
    others = schema.get("additionalProperties")
    if isinstance(others, dict):
        made["shared-picture"] = make_example(others, schemas)
    return made
