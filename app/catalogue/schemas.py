"""JSON Schemas (draft 2020-12) of the kinds of file, from the models that read them: for completion in editors."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from app.catalogue.descriptions import DESCRIPTIONS
from app.domain.barriers import Barriers
from app.domain.learning import LearningLibrary
from app.domain.mirror import Mirror
from app.domain.questionnaire import Framework, Part, Questionnaire
from app.domain.trust_question import TrustQuestion
from app.domain.values import ID_LENGTH, ID_PATTERN

KINDS: Final[Mapping[str, type[Part]]] = {
    "framework": Framework,
    "questionnaire": Questionnaire,
    "learning": LearningLibrary,
    "barriers": Barriers,
    "trust": TrustQuestion,
    "mirror": Mirror,
}
"""Kind of file -> the model that reads it. `docs/schemas/<kind>.schema.json` holds each schema."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PARTS: Final = {part.__name__: part for part in DESCRIPTIONS}


def make_schema(kind: str) -> dict[str, Any]:
    """Give the schema of a kind of file."""
    schema = KINDS[kind].model_json_schema(by_alias=True)
    parts = schema.pop("$defs")
    if kind == "questionnaire":
        # In a file the framework is named; the model holds it whole.
        schema["properties"]["framework"] = {"type": "string", "pattern": ID_PATTERN, "maxLength": ID_LENGTH}
        parts = {name: part for name, part in parts.items() if name in _names_used(schema, parts)}
    for name, part in (*parts.items(), (KINDS[kind].__name__, schema)):
        if name in _PARTS:
            _describe(part, _PARTS[name])
    return {"$schema": _DIALECT, **schema, "$defs": parts}


def _describe(schema: dict[str, Any], part: type[Part]) -> None:
    """Say what each key means, in place of the titles that Pydantic makes of names, and what bounds its number has."""
    for name, field in part.model_fields.items():
        key = field.alias or name
        value = schema["properties"][key]
        value.pop("title", None)
        words = DESCRIPTIONS[part][key]
        value["description"] = f"{words[0].upper()}{words[1:]}."
        for bound in field.metadata:
            for keyword, attribute in (("minimum", "ge"), ("maximum", "le")):
                if hasattr(bound, attribute):
                    value[keyword] = getattr(bound, attribute)


def _names_used(value: object, parts: Mapping[str, Any]) -> set[str]:
    """Give the names of the parts that a schema refers to, directly or through others."""
    names: set[str] = set()
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, list):
            waiting.extend(current)
        elif isinstance(current, dict):
            waiting.extend(current.values())
            name = str(current.get("$ref", "")).rpartition("/")[2]
            if name and name not in names:
                names.add(name)
                waiting.append(parts[name])
    return names


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write the schema of every kind of file into a folder; give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for kind in KINDS:
        path = folder / f"{kind}.schema.json"
        path.write_text(json.dumps(make_schema(kind), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        paths.append(path)
    return tuple(paths)
