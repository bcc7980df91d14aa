"""Audit, export, erasure and retention from the terminal."""

import json
import sys
from pathlib import Path

import pytest
from sqlalchemy import update

from app.catalogue import Catalogue
from app.cli import main
from app.services import Database, privacy
from app.services.outside import Outside
from app.store.models import AuditEntry
from tests.people import make_world
from tests.traces import CANARY, EMAIL, find_text, leave_traces


@pytest.fixture
def database(
    sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, questionnaires: Catalogue
) -> Database:
    """A database with somebody in it who has left traces everywhere; the command works on it."""
    path = tmp_path / "cli.db"
    path.write_bytes(sqlite_template.read_bytes())
    monkeypatch.setenv("ENABLERS_DATABASE_URL", f"sqlite:///{path}")
    monkeypatch.setenv("ENABLERS_OUTSIDE", str(tmp_path / "outside"))
    database = Database(f"sqlite:///{path}")
    leave_traces(database, questionnaires, make_world(database, questionnaires.get("local-partners", 1)))
    return database


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object
) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["enablers", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    return int(ended.value.code or 0), printed.out, printed.err


def test_the_audit_is_verified(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(monkeypatch, capsys, "audit", "head")
    assert (status, "cli.audit-heads.jsonl" in out) == (0, True)
    status, out, err = run(monkeypatch, capsys, "audit", "verify")
    assert (status, err) == (0, "")
    assert "2 chains with" in out
    with database.writing() as session:
        session.execute(update(AuditEntry).where(AuditEntry.number == 1).values(subject="another"))
    status, out, err = run(monkeypatch, capsys, "audit", "verify")
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 2
    assert "entry 1 was changed" in err
    assert run(monkeypatch, capsys, "audit", "head", "--restored")[0] == 0


def test_a_person_is_exported_and_erased(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "person.json"
    assert run(monkeypatch, capsys, "people", "export", EMAIL, "--output", output)[0] == 0
    assert output.stat().st_mode & 0o077 == 0
    status, out, _ = run(monkeypatch, capsys, "people", "export", EMAIL)
    assert status == 0
    assert json.loads(out).keys() == json.loads(output.read_text()).keys()
    status, out, err = run(monkeypatch, capsys, "people", "erase", EMAIL, "--yes")
    assert (status, err) == (0, "")
    assert out.startswith("Erased.")
    assert list(find_text(database, CANARY)) == []
    status, _, err = run(monkeypatch, capsys, "people", "erase", EMAIL, "--yes")
    assert (status, err) == (1, "Nothing is kept about anybody with this address\n")
    for path in tmp_path.rglob("*"):
        assert path == output or path.is_dir() or CANARY.encode() not in path.read_bytes().lower(), path


def test_nothing_is_erased_without_a_yes(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with (Path("/dev/null")).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        assert run(monkeypatch, capsys, "people", "erase", EMAIL)[0] == 1
    assert privacy.find_known(database, EMAIL).email == EMAIL


def test_retention_counts_first(
    database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = run(monkeypatch, capsys, "retention", "--dry-run")
    assert (status, "sign-in-links: " in out, "to be removed" in out) == (0, True, True)
    status, out, _ = run(monkeypatch, capsys, "retention")
    assert (status, "to be removed" in out) == (0, False)


def test_a_folder_that_cannot_be_made_is_named_with_its_setting(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("ENABLERS_OUTSIDE", str(tmp_path / "file" / "folder"))
    status, out, err = run(monkeypatch, capsys, "audit", "verify")
    assert (status, out) == (1, "")
    assert err.startswith("ENABLERS_OUTSIDE: The folder ")
    assert Outside.of(tmp_path, database).heads.exists() is False
