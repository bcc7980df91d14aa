"""The command line: what it prints, where, and with which exit status. Never a traceback."""

import json
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main
from tests.conftest import ROOT

QUESTIONNAIRE = "local-partners"
Run = Callable[..., tuple[int, bytes, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Give what runs the command as the terminal would."""

    def enablers(*arguments: object) -> tuple[int, bytes, str]:
        monkeypatch.setattr(sys, "argv", ["enablers", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsysbinary.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err.decode()

    return enablers


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "harrow-council.yaml"
    path.write_text("shared-picture: early\nspending-map: dont-know\nmatched-records: {not-applicable: no records}\n")
    return path


class TestReport:
    def test_text_is_for_people(self, run: Run, answers: Path) -> None:
        status, out, err = run("report", QUESTIONNAIRE, answers)
        assert (status, err) == (0, "")
        assert "Gap report: harrow-council" in out.decode()

    def test_every_form_is_what_it_says(self, run: Run, answers: Path) -> None:
        assert json.loads(run("report", QUESTIONNAIRE, answers, "--format", "json")[1])["weakest"] is None
        assert run("report", QUESTIONNAIRE, answers, "--format", "csv")[1].startswith(b"enabler,")
        assert run("report", QUESTIONNAIRE, answers, "--format", "html")[1].startswith(b"<!DOCTYPE html>")
        assert run("report", QUESTIONNAIRE, answers, "--format", "pdf")[1].startswith(b"%PDF-")

    def test_several_files_make_a_partnership(self, run: Run, answers: Path, tmp_path: Path) -> None:
        second = tmp_path / "harrow-trust.csv"
        second.write_text("question,answer\nshared-picture,embedded\n")
        status, out, _ = run("report", QUESTIONNAIRE, answers, second, "--format", "json")
        question = json.loads(out)["questions"][0]
        assert status == 0
        assert (question["score"], question["organisations"], question["average_deviation"]) == (62.5, 2, 37.5)
        assert "Partnership gap report" in run("report", QUESTIONNAIRE, answers, second)[1].decode()

    def test_a_file_of_its_own_is_a_questionnaire_too(self, run: Run, answers: Path) -> None:
        path = ROOT / "questionnaires/reform-enablers/local-partners.v1.yaml"
        by_path = run("report", path, answers)
        assert by_path == run("report", QUESTIONNAIRE, answers)
        assert by_path == run("report", f"{QUESTIONNAIRE}@1", answers)

    def test_the_output_file_holds_the_report_alone(self, run: Run, answers: Path, tmp_path: Path) -> None:
        status, out, err = run("report", QUESTIONNAIRE, answers, "--format", "csv", "--output", tmp_path / "report.csv")
        assert (status, out, err) == (0, b"", "")
        assert (tmp_path / "report.csv").read_text().count("\n") == 31

    def test_every_fault_of_every_file_is_told_with_its_line(self, run: Run, tmp_path: Path) -> None:
        first, second = tmp_path / "a.yaml", tmp_path / "b.csv"
        first.write_text("shared-picture: erly\nnobody-asked: early\n")
        second.write_text("question,answer\nmatched-records,not-applicable\n")
        status, out, err = run("report", QUESTIONNAIRE, first, second)
        assert (status, out) == (1, b"")
        assert [line.split(": ")[0] for line in err.splitlines()] == [f"{first}:1:17", f"{first}:2:1", f"{second}:2"]

    @pytest.mark.parametrize(
        ("questionnaire", "says"),
        [
            ("unheard-of", "There is no questionnaire “unheard-of”"),
            ("local-partners@9", "has no version 9"),
            ("nowhere/x.v1.yaml", "nowhere/x.v1.yaml:1"),
            ("Not An Id", "names no questionnaire"),
        ],
    )
    def test_a_questionnaire_that_is_not_there_is_said(
        self, run: Run, answers: Path, questionnaire: str, says: str
    ) -> None:
        status, out, err = run("report", questionnaire, answers)
        assert (status, out) == (1, b"")
        assert says in err

    def test_an_output_that_cannot_be_written_is_said(self, run: Run, answers: Path, tmp_path: Path) -> None:
        status, _, err = run("report", QUESTIONNAIRE, answers, "--output", tmp_path / "none" / "report.txt")
        assert status == 1
        assert "cannot be written" in err


class TestQuestionnaires:
    def test_the_shipped_ones_have_no_fault(self, run: Run) -> None:
        assert run("questionnaires", "check") == (0, b"No faults.\n", "")

    def test_list_names_each_version(self, run: Run) -> None:
        out = run("questionnaires", "list")[1].decode()
        assert [line.split()[:2] for line in out.splitlines()] == [
            ["departments@1", "published"],
            ["local-partners@1", "published"],
        ]

    def test_a_changed_published_file_is_refused_with_both_hashes(self, run: Run, tmp_path: Path) -> None:
        shutil.copytree(ROOT / "questionnaires", tmp_path / "q")
        path = tmp_path / "q/reform-enablers/departments.v1.yaml"
        path.write_text(path.read_text().replace("weight: 2", "weight: 3", 1))
        for arguments in (["check", tmp_path / "q"], ["publish", path]):
            status, _, err = run("questionnaires", *arguments)
            assert status == 1
            assert err.count("sha256:") == 2

    def test_publishing_twice_changes_nothing(self, run: Run, tmp_path: Path) -> None:
        shutil.copytree(ROOT / "questionnaires", tmp_path / "q", ignore=shutil.ignore_patterns("published"))
        path = tmp_path / "q/reform-enablers/departments.v1.yaml"
        assert b"Published departments@1" in run("questionnaires", "publish", path)[1]
        assert b"Was published" in run("questionnaires", "publish", path)[1]

    def test_schema_is_json(self, run: Run, tmp_path: Path) -> None:
        assert json.loads(run("questionnaires", "schema", "framework")[1])["type"] == "object"
        assert run("questionnaires", "schema", "--write", tmp_path / "schemas")[0] == 0
        assert len(list((tmp_path / "schemas").iterdir())) == 3


class TestDatabase:
    def test_upgrade_check_recompute_and_diagnostics(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ENABLERS_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'enablers.db'}")
        status, _, err = run("database", "check")
        assert status == 1
        assert "enablers database upgrade" in err
        assert run("database", "upgrade")[0] == 0
        assert run("database", "check")[0] == 0
        assert run("database", "recompute")[1].startswith(b"0 submissions")
        assert b"Journal: wal" in run("diagnostics")[1]

    @pytest.mark.parametrize(
        ("url", "says"),
        [
            ("nonsense", "ENABLERS_DATABASE_URL is not a database URL"),
            ("mysql://a@b/c", "ENABLERS_DATABASE_URL names mysql"),
            ("postgresql://nobody@127.0.0.1:9/none", "cannot be reached"),
            ("sqlite:////proc/none/x.db", "ENABLERS_DATABASE_URL names a file in /proc/none"),
        ],
    )
    def test_a_database_that_cannot_be_used_is_said(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, url: str, says: str
    ) -> None:
        monkeypatch.setenv("ENABLERS_DATABASE_URL", url)
        status, _, err = run("database", "check")
        assert status == 1
        assert says in err

    def test_a_wrong_setting_stops_with_its_name(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ENABLERS_DATABASE_POOL_SIZE", "many")
        status, _, err = run("database", "check")
        assert status == 1
        assert err.startswith("ENABLERS_DATABASE_POOL_SIZE: ")


def test_a_port_that_is_taken_is_said(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, _, err = run("serve", "--port", taken.getsockname()[1])
    assert status == 1
    assert "choose another --port" in err
