"""The reference of the API: everything of the description is on the page, and its commands work."""

import json
import re
import shlex
import subprocess
import sys
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.main import create_app
from app.settings import Settings
from app.web.reference import make_page
from tests.databases import sqlite_database
from tests.servers import running_server
from tests.web.pages import parse, words


@pytest.fixture(scope="module")
def page(client: TestClient) -> str:
    reply = client.get("/api")
    assert reply.status_code == 200
    return reply.text


def test_the_page_is_good_html_without_inline_script_or_style(page: str) -> None:
    root = parse(page)
    assert [element for element in root.iter("script") if "src" not in element.attrib] == []
    assert list(root.iter("style")) == []
    assert [element for element in root.iter() if "style" in element.attrib] == []
    assert re.findall(r'<(?:script|link|img)[^>]*"https?:', page) == []


def test_every_operation_parameter_reply_and_name_is_on_the_page(page: str, description: dict[str, Any]) -> None:
    said = words(page)
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in said
            assert operation["summary"] in said
            for parameter in operation.get("parameters", ()):
                assert parameter["name"] in said
            for status in operation["responses"]:
                assert status == "default" or f" {status} " in said
    for name, schema in description["components"]["schemas"].items():
        for field in schema.get("properties", {}):
            assert f" {field} " in said, f"{name}.{field}"


def test_bounds_are_written_as_one_would_send_them(page: str) -> None:
    said = words(page)
    assert "whole number (1 to 1,000,000)" in said
    assert not re.search(r"number \([^)]*\.0|without it *\)", said)


def test_the_type_of_every_problem_leads_to_its_place(page: str, description: dict[str, Any]) -> None:
    ids = [element.attrib["id"] for element in parse(page).iter() if "id" in element.attrib]
    assert len(ids) == len(set(ids))
    for problem in description["x-problems"]:
        address, _, place = problem["type"].partition("#")
        assert address == "/api"
        assert place in ids


def test_every_link_on_the_page_to_itself_leads_somewhere(page: str) -> None:
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(re.findall(r'id="([^"]+)"', page))


def test_nothing_is_left_of_the_marks_that_texts_are_written_with(page: str) -> None:
    assert "`" not in words(page)
    assert not re.search(r"\[[A-Z]\w+\]", words(page))


def test_the_curl_command_is_a_request_that_works(client: TestClient, description: dict[str, Any]) -> None:
    command = make_page(description, "http://127.0.0.1:8000").curl
    _, address, _, header, _, body = shlex.split(command.replace("\\\n", " "))
    name, value = header.split(": ")
    reply = client.post(address, headers={name: value}, content=body)
    assert reply.status_code == 200
    assert reply.json()["questionnaire"]["id"] == json.loads(body)["questionnaire"]


def test_an_apostrophe_in_an_example_does_not_end_the_command(description: dict[str, Any]) -> None:
    changed = json.loads(json.dumps(description).replace("This is done for us by the county", "It’s Oxford's job"))
    command = make_page(changed, "http://127.0.0.1:8000").curl
    assert "Oxford's" in shlex.split(command.replace("\\\n", " "))[-1]


def test_the_python_start_runs_as_it_stands_on_the_page(
    sqlite_template: Path, tmp_path: Path, questionnaires: Catalogue
) -> None:
    with sqlite_database(sqlite_template, tmp_path) as database:
        app = create_app(Settings(database_url=database.url.render_as_string(hide_password=False)))
        with running_server(app) as address:
            client = TestClient(app, base_url=address)
            (code,) = re.findall(r"<code>(import json.*?)</code>", client.get("/api").text, re.DOTALL)
            done = subprocess.run(
                [sys.executable, "-I", "-c", unescape(code)], capture_output=True, text=True, timeout=30, check=False
            )
        app.state.database.close()
    assert done.stderr == ""
    framework = questionnaires.get("local-partners", 1).framework
    assert [line.split()[0] for line in done.stdout.splitlines()][:5] == list(framework.enabler_ids)
