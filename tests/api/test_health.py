"""What whatever watches the service is told."""

from pathlib import Path

from fastapi.testclient import TestClient
from sqlalchemy import text

from app.main import create_app
from app.services import Database
from app.settings import Settings
from app.store import migrations
from tests.api.conftest import ADDRESS


def open_client(database: Database) -> TestClient:
    app = create_app(Settings(database_url=database.url.render_as_string(hide_password=False)))
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)


def test_a_service_that_can_do_its_work_is_live_and_ready(client: TestClient) -> None:
    for path in ("/health/live", "/health/ready"):
        reply = client.get(path)
        assert (reply.status_code, reply.json()) == (200, {"status": "ok"})
        assert reply.headers["cache-control"] == "no-store"


def test_a_database_at_another_revision_is_not_ready(database: Database) -> None:
    client = open_client(database)
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000_before'"))
    try:
        reply = client.get("/health/ready")
        live = client.get("/health/live")
    finally:
        with database.writing() as session:
            session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": migrations.find_head()})
        client.app.state.database.close()  # type: ignore[attr-defined]
    assert reply.status_code == 503
    assert reply.headers["retry-after"]
    assert reply.json()["status"] == "unavailable"
    assert "0000_before" in reply.json()["reason"]
    assert live.status_code == 200


def test_a_database_that_cannot_be_reached_is_not_ready(tmp_path: Path) -> None:
    folder = tmp_path / "database"
    folder.mkdir()
    client = open_client(Database(f"sqlite:///{folder / 'service.db'}"))
    client.app.state.database.close()  # type: ignore[attr-defined]
    folder.rename(tmp_path / "elsewhere")
    reply = client.get("/health/ready")
    assert reply.status_code == 503
    assert "cannot be reached" in reply.json()["reason"]
    assert client.get("/health/live").status_code == 200
