"""The gap report over HTTP: the same as everywhere else, and plain words for what is wrong."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.api.schemas import GapReport
from app.catalogue import Catalogue
from app.domain.assessment import Answer
from app.domain.gaps import make_gap_report
from app.renderings import as_json
from tests.api.problems import read_pointers, read_problem

PATH = "/api/v1/gap-reports"
ANSWERS: dict[str, Any] = {"shared-picture": "established", "lawful-basis": "dont-know", "matched-records": None}


def post(client: TestClient, **changes: object) -> Any:  # noqa: ANN401 - a reply of httpx2
    body = {"questionnaire": "local-partners", "version": 1, "answers": ANSWERS} | changes
    return client.post(PATH, json={name: value for name, value in body.items() if value is not ...})


def test_answers_give_the_report_that_every_surface_shows(client: TestClient, questionnaires: Catalogue) -> None:
    reply = post(client)
    assert reply.status_code == 200
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["cache-control"] == "no-store"
    answers = {"shared-picture": Answer("established"), "lawful-basis": Answer("dont-know")}
    report = make_gap_report(questionnaires.get("local-partners", 1), answers)
    assert reply.json() == as_json.render(report)
    GapReport.model_validate(reply.json())


@pytest.mark.parametrize("level", ["not-started", "early", "developing", "established", "embedded", "dont-know"])
def test_reports_of_one_answer_throughout_keep_to_their_description(
    client: TestClient, questionnaires: Catalogue, level: str
) -> None:
    for questionnaire in ("local-partners", "departments"):
        answers = {question.id: level for question in questionnaires.get(questionnaire, 1).questions}
        reply = post(client, questionnaire=questionnaire, answers=answers)
        GapReport.model_validate(reply.json())
        assert "-0.0" not in reply.text


def test_without_a_version_the_newest_published_one_is_meant(client: TestClient) -> None:
    assert post(client, version=...).json()["questionnaire"]["version"] == 1


def test_not_applicable_comes_with_its_reason(client: TestClient, questionnaires: Catalogue) -> None:
    questions = questionnaires.get("local-partners", 1).questions
    optional = next(question.id for question in questions if question.not_applicable)
    reply = post(client, answers={optional: {"not-applicable": "The county does this"}})
    assert {row["id"]: row["state"] for row in reply.json()["questions"]}[optional] == "not-applicable"


@pytest.mark.parametrize("version", [True, False, "1", 1.0, 1.5, 0, -1, 1_000_001, None, [], {}])
def test_a_version_is_a_whole_number_and_nothing_else(client: TestClient, version: object) -> None:
    assert read_pointers(post(client, version=version)) == ["/version"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"questionnaire": 1}, "/questionnaire"),
        ({"questionnaire": None}, "/questionnaire"),
        ({"questionnaire": "a" * 81}, "/questionnaire"),
        ({"questionnaire": ...}, "/questionnaire"),
        ({"answers": ...}, "/answers"),
        ({"answers": None}, "/answers"),
        ({"answers": []}, "/answers"),
        ({"answers": "shared-picture"}, "/answers"),
        ({"answers": {}}, "/answers"),
        ({"answers": {"shared-picture": None}}, "/answers"),
        ({"answers": {"shared-picture": " "}}, "/answers"),
        ({"answers": {"shared-picture": "Established"}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": 3}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": 1.5}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": True}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": []}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": {}}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": "not-applicable"}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": {"not-applicable": None}}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": {"not-applicable": " "}}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": {"not-applicable": 1}}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": {"not-applicable": "a" * 1001}}}, "/answers/shared-picture"),
        ({"answers": {"shared-picture": {"not-applicable": "x", "note": "y"}}}, "/answers/shared-picture"),
        ({"answers": {"no/such~question": "early"}}, "/answers/no~1such~0question"),
        ({"answers": {"": "early"}}, "/answers/"),
        ({"answers": {"a" * 5_000: "early"}}, "/answers"),
        ({"note": "hello"}, "/note"),
        ({"a" * 5_000: 1}, ""),
    ],
)
def test_a_fault_has_a_pointer_to_its_place(client: TestClient, changes: dict[str, object], pointer: str) -> None:
    assert read_pointers(post(client, **changes)) == [pointer]


def test_everything_wrong_is_told_in_one_go(client: TestClient) -> None:
    reply = post(client, answers={"shared-picture": "x", "spending-map": "early", "no-such": "early"})
    assert read_pointers(reply) == ["/answers/shared-picture", "/answers/no-such"]
    assert sorted(read_pointers(post(client, version="1", answers=1, note=2))) == ["/answers", "/note", "/version"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"questionnaire": "local-partner"}, "There is no questionnaire “local-partner”"),
        ({"questionnaire": "No Such_Thing"}, "There is no questionnaire “No Such_Thing”"),
        ({"questionnaire": ""}, "There is no questionnaire “”"),
        ({"questionnaire": "local-partners@1"}, "There is no questionnaire “local-partners@1”"),
        ({"version": 2}, "has no version 2"),
    ],
)
def test_an_unknown_questionnaire_is_not_found(client: TestClient, changes: dict[str, object], words: str) -> None:
    assert words in read_problem(post(client, **changes), 404)["detail"]


def test_unknown_questions_are_refused_and_not_all_of_them_listed(client: TestClient) -> None:
    answers = {f"question-{number}": "early" for number in range(1_900)}
    assert 0 < len(read_pointers(post(client, answers=answers))) <= 100


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_may_say_that_it_is_utf_8(client: TestClient, content_type: str) -> None:
    body = json.dumps({"questionnaire": "local-partners", "answers": ANSWERS})
    assert client.post(PATH, content=body, headers={"Content-Type": content_type}).status_code == 200


def test_escapes_that_make_one_character_are_read(client: TestClient, questionnaires: Catalogue) -> None:
    questions = questionnaires.get("local-partners", 1).questions
    optional = next(question.id for question in questions if question.not_applicable)
    body = rf'{{"questionnaire": "local-partners", "answers": {{"{optional}": {{"not-applicable": "\ud83d\ude00"}}}}}}'
    assert client.post(PATH, content=body, headers={"Content-Type": "application/json"}).status_code == 200
