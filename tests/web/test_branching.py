"""A question that a condition hides: out of the count, out of the score, and back with its answer when it is shown."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue, load
from app.dependencies import SESSION_COOKIE
from app.domain.records import AssessmentKey
from app.main import create_app
from app.services import Database
from app.settings import Settings
from app.web import paths
from tests.conftest import ROOT
from tests.people import NOW, make_world, start_assessment
from tests.sign_ins import sign_in
from tests.web.conftest import ADDRESS
from tests.web.pages import hidden, words

QUESTION = """
      - id: {id}
        text: Is {id} so?
        scale: maturity
        weight: 1
        descriptors: {{not-started: none, early: some, developing: half, established: most, embedded: all}}
"""
HEAD = """schema: 1
framework: reform-enablers
id: branching
version: 1
title: Branching
audience: local-partner
sections:
  - id: one
    enabler: knowing-what-works
    title: One
    questions:
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A framework whose second question is asked only where the first is answered with Developing or more."""
    home = tmp_path / "questionnaires" / "reform-enablers"
    home.mkdir(parents=True)
    shutil.copy(ROOT / "questionnaires/reform-enablers/framework.yaml", home)
    second = QUESTION.format(id="second").rstrip() + "\n        when: {question: first, at_least: developing}\n"
    third = QUESTION.format(id="third")
    (home / "branching.v1.yaml").write_text(HEAD + QUESTION.format(id="first").lstrip("\n") + second + third)
    return home.parent


@pytest.fixture
def questionnaires(folder: Path) -> Catalogue:
    return load(folder)


@pytest.fixture
def browsing(database: Database, folder: Path, questionnaires: Catalogue) -> Iterator[tuple[TestClient, AssessmentKey]]:
    world = make_world(database, questionnaires.get("branching", 1))
    key = start_assessment(database, questionnaires, world)
    url = database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, questionnaires=folder, secure_cookies=False))
    app.state.clock = lambda: NOW
    client = TestClient(app, base_url=ADDRESS)
    client.cookies.set(SESSION_COOKIE, sign_in(database, world.officer.person_id))
    yield client, key
    app.state.database.close()


def test_a_hidden_question_is_out_of_the_count_and_of_the_score_and_keeps_its_answer(
    browsing: tuple[TestClient, AssessmentKey],
) -> None:
    client, key = browsing

    def save(question: str, choice: str) -> str:
        path = paths.question(key, question)
        version = hidden(client.get(path).text, "version")
        return words(client.post(path, data={"choice": choice, "version": version}).text)

    def progress() -> str:
        return words(client.get(paths.assessment(key)).text)

    assert "Is third so?" in save("first", "early")
    assert "1 of 2 questions answered" in progress()
    assert client.get(paths.question(key, "second")).status_code == 404

    assert "Is second so?" in save("first", "developing")
    save("second", "embedded")
    assert "2 of 3 questions answered" in progress()
    save("first", "not-started")
    assert "1 of 2 questions answered" in progress()
    save("first", "established")
    assert 'value="embedded" checked' in client.get(paths.question(key, "second")).text

    save("first", "early")
    save("third", "developing")
    client.post(paths.submit(key))
    report = client.get(paths.report(key, "json")).json()
    assert [(question["state"], question["score"]) for question in report["questions"]] == [
        ("scored", 25.0),
        ("hidden", None),
        ("scored", 50.0),
    ]
    assert report["enablers"][0]["score"] == 37.5
    assert report["enablers"][0]["coverage"] == 100.0


def test_with_drafts_alone_the_public_pages_still_open(browsing: tuple[TestClient, AssessmentKey]) -> None:
    client, _ = browsing
    assert client.get(paths.START).status_code == 200
    assert "Not in place" in words(client.get(paths.SCORING).text)
