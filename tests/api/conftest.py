"""The service as machines meet it, made once for each worker."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.main import create_app
from app.settings import Settings
from tests.databases import sqlite_database

ADDRESS = "http://127.0.0.1:8000"


@pytest.fixture(scope="session")
def api_app(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FastAPI]:
    with sqlite_database(sqlite_template, tmp_path_factory.mktemp("api")) as database:
        app = create_app(Settings(database_url=database.url.render_as_string(hide_password=False)))
        yield app
        app.state.database.close()


@pytest.fixture(scope="session")
def client(api_app: FastAPI) -> TestClient:
    return TestClient(api_app, base_url=ADDRESS, raise_server_exceptions=False)


@pytest.fixture(scope="session")
def description(client: TestClient) -> dict[str, Any]:
    described: dict[str, Any] = client.get("/api/v1/openapi.json").json()
    return described
