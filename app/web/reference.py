"""The reference of the API for people, out of the same description that tools read."""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup, escape

from app.dependencies import ApiDescription, MaybeActorDep
from app.services.api_clients import may_make
from app.web import paths
from app.web.pages import (
    ApiField,
    ApiGroup,
    ApiOperation,
    ApiPage,
    ApiProblem,
    ApiReply,
    ApiShape,
    Link,
)
from app.web.routing import make_router
from app.web.systems.addresses import SYSTEMS
from app.web.templating import ShowDep

router = make_router()

DOCUMENT: Final = "read_description"
START_WITH: Final = "make_report"
"""Ids of operations."""
_BODY: Final = "application/json"
_FIRST_ERROR: Final = 400

_CURL: Final = """\
curl {base}{path} \\
  --header 'Content-Type: application/json' \\
  --data '{body}'
"""
_PYTHON: Final = """\
import json
import urllib.request

request = urllib.request.Request(
    "{base}{path}",
    data=json.dumps({body}).encode(),
    headers={{"Content-Type": "application/json"}},
)
with urllib.request.urlopen(request) as response:
    report = json.load(response)

for enabler in report["enablers"]:
    print(enabler["id"], enabler["score"], enabler["band"])
for gap in report["gaps"]:
    print(gap["question"], gap["gap"])
"""


@router.get(paths.API)
def reference_page(request: Request, show: ShowDep, actor: MaybeActorDep, description: ApiDescription) -> HTMLResponse:
    """Anyone: how other systems use the service."""
    systems = SYSTEMS if actor is None or may_make(actor) else ""
    return show("public/reference.html", make_page(description, str(request.base_url).rstrip("/"), systems))


def make_page(description: dict[str, Any], base: str, systems: str = "") -> ApiPage:
    """Put a description into words; `base` is where the reader reached the service, for commands to copy.

    `systems` is where the reader makes tokens; empty for whoever may make none.
    """
    summary, _, rules = description["info"]["description"].partition("\n\n")
    groups = tuple(_make_group(tag, description) for tag in description["tags"])
    path, start = _find_operation(description, START_WITH)
    example = start["requestBody"]["content"][_BODY]["example"]
    shell = _pretty(example).replace("'", "'\\''")
    return ApiPage(
        title="The API: for other systems",
        back=Link("Back to the start page", paths.START),
        summary=summary,
        rules=tuple(_code(rule.removeprefix("- ")) for rule in rules.strip().split("\n")),
        document=Link("OpenAPI 3.1 document", _find_operation(description, DOCUMENT)[0]),
        curl=_CURL.format(base=base, path=path, body=shell),
        python=_PYTHON.format(base=base, path=path, body=_as_python(example)),
        systems=systems,
        groups=groups,
        shapes=tuple(
            ApiShape(
                id=f"shape-{name}",
                name=name,
                text=_code(schema.get("description", "")),
                fields=_list_fields(schema),
            )
            for name, schema in sorted(description["components"]["schemas"].items())
        ),
        problems=tuple(
            ApiProblem(
                id=problem["id"],
                title=problem["title"],
                status=str(problem["status"]),
                meaning=_code(problem["meaning"]),
                example=_pretty(problem["example"]),
            )
            for problem in description["x-problems"]
        ),
    )


def _find_operation(description: dict[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    for path, methods in description["paths"].items():
        for operation in methods.values():
            if operation["operationId"] == name:
                return path, operation
    raise LookupError(name)


def _make_group(tag: dict[str, str], description: dict[str, Any]) -> ApiGroup:
    return ApiGroup(
        title=tag["name"],
        text=tag["description"],
        operations=tuple(
            _make_operation(method, path, operation)
            for path, methods in description["paths"].items()
            for method, operation in methods.items()
            if tag["name"] in operation["tags"]
        ),
    )


def _make_operation(method: str, path: str, operation: dict[str, Any]) -> ApiOperation:
    body = operation.get("requestBody", {}).get("content", {}).get(_BODY, {})
    replies = [(status, reply) for status, reply in operation["responses"].items() if status.isdigit()]
    return ApiOperation(
        id=f"operation-{operation['operationId'].replace('_', '-')}",
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        paragraphs=tuple(_code(part.replace("\n", " ")) for part in operation.get("description", "").split("\n\n")),
        parameters=tuple(_make_parameter(parameter) for parameter in operation.get("parameters", ())),
        body=(ApiField(name="body", kind=_say_type(body["schema"]), text="What you send."),) if body else (),
        request=_pretty(body["example"]) if body else "",
        replies=tuple(_make_reply(status, reply) for status, reply in replies if int(status) < _FIRST_ERROR),
        problems=tuple(_make_reply(status, reply) for status, reply in replies if int(status) >= _FIRST_ERROR),
    )


def _make_parameter(parameter: dict[str, Any]) -> ApiField:
    where = f"in the {parameter['in']}"
    needed = "needed" if parameter.get("required") else "optional"
    text = parameter.get("description") or parameter["schema"].get("description", "")
    return ApiField(
        name=parameter["name"], kind=_say_type(parameter["schema"]) + f", {where}, {needed}", text=_code(text)
    )


def _make_reply(status: str, reply: dict[str, Any]) -> ApiReply:
    example = ""
    for content in reply.get("content", {}).values():
        examples = [content["example"]] if "example" in content else []
        examples += [named["value"] for named in content.get("examples", {}).values()]
        example = "\n\n".join(map(_pretty, examples))
    return ApiReply(status=status, text=_code(reply["description"]), example=example)


def _list_fields(schema: dict[str, Any]) -> tuple[ApiField, ...]:
    if "enum" in schema:
        return tuple(ApiField(name=value, kind="", text="") for value in schema["enum"])
    needed = schema.get("required", ())
    return tuple(
        ApiField(
            name=name,
            kind=_say_type(field) + ("" if name in needed else ", optional"),
            text=_code(field.get("description", "")),
        )
        for name, field in schema.get("properties", {}).items()
    )


def _say_type(schema: dict[str, Any]) -> Markup:
    """Say a type in words; one that has a name leads to where it is described."""
    return Markup(  # noqa: S704 - every piece of it is escaped here
        re.sub(r"\[(\w+)\]", r'<a class="govuk-link" href="#shape-\1">\1</a>', str(escape(_words_of(schema))))
    )


def _words_of(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"[{schema['$ref'].rpartition('/')[2]}]"
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(map(_words_of, schema["anyOf"])))
    kind: str = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_words_of(schema['items'])}"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_words_of(schema['additionalProperties'])}"
    words = {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(kind, kind)
    return words + _bounds_of(schema)


def _bounds_of(schema: dict[str, Any]) -> str:
    given = schema.get("minimum"), schema.get("maximum")  # as 1.0 even where only whole numbers are taken
    low, high = (int(bound) if bound is not None and bound == int(bound) else bound for bound in given)
    bounds: Iterable[str] = (
        f"{low:,} to {high:,}" if low is not None and high is not None else "",
        f"from {low:,}" if low is not None and high is None else "",
        f"at most {schema['maxLength']} characters" if "maxLength" in schema else "",
        f"without it {schema['default']}" if schema.get("default", "") != "" else "",
    )
    said = ", ".join(filter(None, bounds))
    return f" ({said})" if said else ""


def _code(text: str) -> Markup:
    """Set what stands between backquotes as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _as_python(value: object) -> str:
    lines = json.dumps(value, indent=4, ensure_ascii=False).split("\n")
    return "\n".join([lines[0], *(f"    {line}" for line in lines[1:])])
