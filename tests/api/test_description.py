"""The API's description is true: what it says is there, what is there it says, and its examples work."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.testclient import TestClient
from pydantic import BaseModel, TypeAdapter

from app.api.examples import SHOWN_ITEMS
from app.api.kinds import KINDS
from app.api.problems import HIDDEN
from app.api.schemas import (
    GapReport,
    Problem,
    Questionnaire,
    QuestionnaireList,
)
from app.dependencies import LARGEST_BODY
from tests.api.hostile import LARGEST


def list_operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def find_all(value: object, name: str) -> Iterator[Any]:
    """Give what stands under a name, anywhere."""
    if isinstance(value, dict):
        if name in value:
            yield value[name]
        for part in value.values():
            yield from find_all(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from find_all(part, name)


def test_every_route_is_described_and_nothing_else(api_app: FastAPI, description: dict[str, Any]) -> None:
    routes = {
        (method.lower(), route.path)
        for route in iter_route_contexts(api_app.routes)
        for method in route.methods or ()
        if (route.path or "").startswith("/api/v1")
    }
    assert {(method, path) for method, path, _ in list_operations(description)} == routes


def test_it_is_openapi_3_1_with_a_licence_and_words(description: dict[str, Any]) -> None:
    assert description["openapi"] == "3.1.0"
    assert description["info"]["license"] == {"name": "MIT", "identifier": "MIT"}
    tags = {tag["name"] for tag in description["tags"] if tag["description"]}
    for _, path, operation in list_operations(description):
        assert operation["summary"], path
        assert operation["description"], path
        assert set(operation["tags"]) <= tags
        assert all(parameter["description"] for parameter in operation.get("parameters", ())), path


def test_its_name_version_and_limits_are_said_once_and_are_true(description: dict[str, Any]) -> None:
    example = description["paths"]["/api/v1/openapi.json"]["get"]["responses"]["200"]["content"]["application/json"]
    info = description["info"]
    assert example["example"]["info"] == {"title": info["title"], "version": info["version"]}
    assert f"at most {LARGEST:,} bytes, and 2,000 values" in info["description"]
    assert LARGEST == LARGEST_BODY


def test_only_what_was_submitted_is_called_a_result(description: dict[str, Any]) -> None:
    """What the answers show is a gap report; a result is one that was submitted, in the list of these."""
    told = [name for name in description["components"]["schemas"] if "result" in name.lower()]
    assert sorted(told) == ["Result", "ResultList", "ResultQuestion"]


def test_every_reference_leads_somewhere(description: dict[str, Any]) -> None:
    schemas = description["components"]["schemas"]
    names = {reference.removeprefix("#/components/schemas/") for reference in find_all(description, "$ref")}
    assert names <= schemas.keys()
    assert schemas.keys() - names <= {"Problem"}
    assert "HTTPValidationError" not in str(description)
    assert all(schema.get("description") for schema in schemas.values())


def test_every_problem_is_described_with_an_example(description: dict[str, Any]) -> None:
    types = {kind.type: kind for kind in KINDS}
    for _, path, operation in list_operations(description):
        assert {"400", "default"} <= operation["responses"].keys(), path
        assert find_done(operation), path
        takes_json = "application/json" in operation.get("requestBody", {}).get("content", {})
        assert ({"413", "415", "422"} <= operation["responses"].keys()) is takes_json
        assert ("401" in operation["responses"]) is ("security" in operation or path.endswith("/oauth/token"))
        for status, reply in operation["responses"].items():
            if status >= "400":
                content = reply["content"]["application/problem+json"]
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert reply["description"]
                assert bool(content["examples"]) is (status != "default")
                for example in content["examples"].values():
                    Problem.model_validate(example["value"])
                    assert types[example["value"]["type"]].status == int(status)
    assert [problem["type"] for problem in description["x-problems"]] == list(types)


def find_done(operation: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the replies of an operation where all went well."""
    return [reply for status, reply in operation["responses"].items() if status.startswith("2")]


def test_every_example_has_the_shape_it_is_an_example_of(api_app: FastAPI, description: dict[str, Any]) -> None:
    shapes = {
        context.original_route.name: context.original_route
        for context in iter_route_contexts(api_app.routes)
        if isinstance(context.original_route, APIRoute)
    }
    for _, _, operation in list_operations(description):
        route = shapes[operation["operationId"]]
        for reply in find_done(operation):
            for content in reply.get("content", {}).values():
                TypeAdapter(route.response_model or Any).validate_python(content["example"])
        if "requestBody" in operation and route.dependant.body_params:
            (body,) = operation["requestBody"]["content"].values()
            (asked,) = route.dependant.body_params
            TypeAdapter[Any](asked.field_info.annotation).validate_python(body["example"])  # type: ignore[arg-type]


def test_every_example_says_what_a_reader_would_find_there(description: dict[str, Any]) -> None:
    for method, path, operation in list_operations(description):
        assert "Successful Response" not in str(operation["responses"]), path
        for example in find_all(operation, "example"):
            told = json.dumps(example, ensure_ascii=False).replace("enb_…", "").replace("whsec_…", "")
            assert "…" not in told, f"{method} {path}"


def test_what_is_hidden_from_a_token_is_told_so_in_the_examples(description: dict[str, Any]) -> None:
    for _, path, operation in list_operations(description):
        if "security" in operation and "404" in operation["responses"]:
            examples = operation["responses"]["404"]["content"]["application/problem+json"]["examples"]
            assert examples["not-found"]["value"]["detail"] == HIDDEN, path


def test_the_example_of_a_request_gives_the_example_of_a_reply(client: TestClient, description: dict[str, Any]) -> None:
    operation = description["paths"]["/api/v1/gap-reports"]["post"]
    request = operation["requestBody"]["content"]["application/json"]["example"]
    expected = operation["responses"]["200"]["content"]["application/json"]["example"]
    made = client.post("/api/v1/gap-reports", json=request).json()
    assert expected["questionnaire"] == made["questionnaire"]
    assert expected["enablers"] == made["enablers"][:SHOWN_ITEMS]
    assert [row["question"] for row in expected["gaps"]] == [row["question"] for row in made["gaps"][:SHOWN_ITEMS]]
    assert expected["questions"] == made["questions"][:SHOWN_ITEMS]


@pytest.mark.parametrize("model", [GapReport, Questionnaire, QuestionnaireList, Problem])
def test_clients_may_expect_new_names_in_replies(description: dict[str, Any], model: type[BaseModel]) -> None:
    assert "additionalProperties" not in description["components"]["schemas"][model.__name__]


def test_requests_are_closed_and_strict(description: dict[str, Any]) -> None:
    request = description["components"]["schemas"]["GapReportRequest"]
    assert request["additionalProperties"] is False
    assert request["required"] == ["questionnaire", "answers"]
    version = request["properties"]["version"]
    assert (version["type"], version["minimum"], "default" in version) == ("integer", 1, False)
