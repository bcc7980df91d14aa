"""The questionnaires over HTTP: all of them in parts, one of them whole, and not twice to who has it."""

from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.api.schemas import Questionnaire, QuestionnaireList
from app.catalogue import Catalogue
from tests.api.problems import read_pointers, read_problem
from tests.factories import make_framework, make_question, make_questionnaire, make_scale

LIST = "/api/v1/questionnaires"
VERSION = f"{LIST}/local-partners/versions/1"


def test_the_list_has_every_version(client: TestClient, questionnaires: Catalogue) -> None:
    listed = client.get(LIST).json()
    QuestionnaireList.model_validate(listed)
    assert listed["next_cursor"] is None
    assert [(item["id"], item["version"], item["hash"]) for item in listed["items"]] == [
        (entry.questionnaire.id, entry.questionnaire.version, entry.questionnaire.hash)
        for entry in questionnaires.entries
    ]
    for item in listed["items"]:
        assert client.get(item["url"]).json()["hash"] == item["hash"]


def test_the_list_is_read_in_parts(client: TestClient) -> None:
    whole = client.get(LIST).json()["items"]
    items: list[dict[str, Any]] = []
    address = f"{LIST}?limit=1"
    while address:
        reply = client.get(address)
        part = reply.json()
        assert len(part["items"]) == 1
        items += part["items"]
        address = reply.links["next"]["url"] if "next" in reply.links else ""
        assert (part["next_cursor"] is not None) is bool(address)
    assert items == whole


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("limit=0", "/limit"),
        ("limit=-1", "/limit"),
        ("limit=1001", "/limit"),
        ("limit=many", "/limit"),
        ("limit=", "/limit"),
        (f"limit={'9' * 5_000}", "/limit"),
        ("cursor=%00", "/cursor"),
        ("cursor=%ED%A0%80", "/cursor"),
        ("cursor=local-partners@0", "/cursor"),
        ("cursor=xx", "/cursor"),
        ("limit=1&cursor=xx", "/cursor"),
        ("cursor=", "/cursor"),
        ("cursor=departments", "/cursor"),
        ("cursor=departments@2", "/cursor"),
        ("cursor=departments@01", "/cursor"),
        ("cursor=local-partners@1", "/cursor"),
        (f"cursor={'a' * 5_000}", "/cursor"),
        ("page=2", "/page"),
    ],
)
def test_a_part_that_cannot_be_is_refused(client: TestClient, query: str, pointer: str) -> None:
    reply = client.get(f"{LIST}?{query}")
    assert read_pointers(reply) == [pointer]
    assert reply.json()["errors"][0]["in"] == "query"


def test_no_part_of_the_list_is_empty(client: TestClient) -> None:
    assert [item["id"] for item in client.get(f"{LIST}?cursor=departments@1").json()["items"]] == ["local-partners"]


def test_a_version_is_whole(client: TestClient, questionnaires: Catalogue) -> None:
    described = client.get(VERSION).json()
    Questionnaire.model_validate(described)
    original = questionnaires.get("local-partners", 1)
    assert described["hash"] == original.hash
    assert described["framework"]["rules"]["default_target"] == 75
    read = [question for section in described["sections"] for question in section["questions"]]
    assert [(one["id"], one["text"], one["weight"], one["critical"]) for one in read] == [
        (one.id, one.text, one.weight, one.critical) for one in original.questions
    ]


def test_the_newest_version_says_where_it_stays(client: TestClient) -> None:
    newest = client.get(f"{LIST}/local-partners")
    assert newest.headers["content-location"] == VERSION
    assert newest.json() == client.get(VERSION).json()


@pytest.mark.parametrize("path", [LIST, f"{LIST}/local-partners", VERSION, "/api/v1/openapi.json"])
def test_what_a_client_has_is_not_sent_again(client: TestClient, path: str) -> None:
    reply = client.get(path)
    tag = reply.headers["etag"]
    assert reply.headers["cache-control"] == "no-cache"
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    for other in ('"other"', tag.strip('"'), f'"{tag}"', ""):
        assert client.get(path, headers={"If-None-Match": other}).status_code == 200


def test_the_tag_of_a_version_is_its_hash(client: TestClient, questionnaires: Catalogue) -> None:
    assert client.get(VERSION).headers["etag"] == f'"{questionnaires.get("local-partners", 1).hash}"'


def test_a_draft_is_read_by_its_version_alone(api_app: FastAPI, client: TestClient) -> None:
    catalogue: Catalogue = api_app.state.catalogue
    drafts = tuple(replace(entry, published=None) for entry in catalogue.entries)
    try:
        api_app.state.catalogue = replace(catalogue, entries=drafts)
        assert {item["status"] for item in client.get(LIST).json()["items"]} == {"draft"}
        assert client.get(VERSION).status_code == 200
        problem = read_problem(client.get(f"{LIST}/local-partners"), 404)
    finally:
        api_app.state.catalogue = catalogue
    assert "drafts: 1" in problem["detail"]


def test_what_is_described_depends_on_the_content_alone(api_app: FastAPI, client: TestClient) -> None:
    """One hash, one representation: of the framework only what the questionnaire's content has is shown."""
    catalogue: Catalogue = api_app.state.catalogue
    question = make_question("a", weight=2, critical=True)
    small, large = (
        make_questionnaire(question, framework=make_framework(scales=scales))
        for scales in (
            [make_scale("maturity", range(5))],
            [make_scale("maturity", range(5)), make_scale("other", [0, 1])],
        )
    )
    assert small.hash == large.hash
    replies = []
    try:
        for questionnaire in (small, large):
            entry = replace(catalogue.entries[0], questionnaire=questionnaire)
            api_app.state.catalogue = replace(catalogue, entries=(entry,))
            replies.append(client.get(f"{LIST}/{questionnaire.id}").content)
    finally:
        api_app.state.catalogue = catalogue
    assert replies[0] == replies[1]
