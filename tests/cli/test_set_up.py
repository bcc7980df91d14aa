"""Setting up from the terminal."""

from pathlib import Path

import pytest

from app.cli import main
from app.settings import ROOT
from tests.databases import sqlite_database

EXAMPLES = ROOT / "docs/examples/set-up"


@pytest.fixture
def folder(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty database, which the commands are told of."""
    with sqlite_database(sqlite_template, tmp_path) as database:
        monkeypatch.setenv("ENABLERS_DATABASE_URL", database.url.render_as_string(hide_password=False))
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str | Path) -> int:
    monkeypatch.setattr("sys.argv", ["enablers", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    return code if isinstance(code, int) else 0


def test_a_round_is_set_up_by_four_commands(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for things in ("areas", "organisations", "partnerships", "rounds"):
        assert run(monkeypatch, things, "import", EXAMPLES / f"{things}.csv") == 0
    assert capsys.readouterr().out.splitlines() == [
        "4 added, 0 changed, 0 as they were.",
        "5 added, 0 changed, 0 as they were.",
        "2 added, 0 changed, 0 as they were.",
        (
            "Pellworth and Garrowmere Together: "
            "X07000101 Pellworth is retired; X06000101 Pellworth and Garrowmere took its place."
        ),
        (
            "Pellworth and Garrowmere Together: "
            "X07000102 Garrowmere is retired; X06000101 Pellworth and Garrowmere took its place."
        ),
        "1 added, 0 changed, 0 as they were.",
        "Each is a draft until it is confirmed on its page.",
    ]


def test_indicators_and_neighbours_are_imported_by_commands(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "indicators", "import", EXAMPLES / "indicators.csv") == 1
    assert "indicators.csv:2: there is no area “X06000101”" in capsys.readouterr().err
    for things in ("areas", "indicators", "indicators", "neighbours"):
        assert run(monkeypatch, things, "import", EXAMPLES / f"{things}.csv") == 0
    said = capsys.readouterr().out.splitlines()[1:]
    assert [line for line in said if "was not there before" not in line] == [
        "7 added, 0 changed, 0 as they were.",
        "0 added, 0 changed, 7 as they were.",
        "2 added, 0 changed, 0 as they were.",
    ]


def test_every_fault_is_a_line_that_begins_with_file_and_line(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "bad.csv"
    file.write_text("name,kind\n,council\nA\x1b[31m,dragon\nB,hydra\n", encoding="utf-8")
    assert run(monkeypatch, "organisations", "import", file) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "\x1b" not in shown.err
    assert [line.partition(": ")[0] for line in shown.err.splitlines()] == [f"{file}:{line}" for line in (2, 3, 4)]


def test_without_a_database_or_file_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ENABLERS_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert run(monkeypatch, "areas", "import", EXAMPLES / "areas.csv") == 1
    assert run(monkeypatch, "areas", "import", tmp_path / "none.csv") == 1
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert not (tmp_path / "none.db").exists()
