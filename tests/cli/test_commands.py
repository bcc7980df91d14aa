"""The command line: what it prints, where, and with which exit status. Never a traceback."""

import errno
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from app.cli import main, serving
from app.settings import Settings
from tests.conftest import ROOT

QUESTIONNAIRE = "local-partners"
DEMONSTRATION = serving.DEMONSTRATION_DATABASE
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
        printed = run("report", QUESTIONNAIRE, answers, second)[1].decode()
        assert "Partnership gap report: harrow-council and harrow-trust" in printed

    def test_a_large_partnership_is_counted_and_not_named(self, run: Run, answers: Path, tmp_path: Path) -> None:
        files = [shutil.copy(answers, tmp_path / f"{name}.yaml") for name in "abcd"]
        assert "Partnership gap report: 4 organisations" in run("report", QUESTIONNAIRE, *files)[1].decode()

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

    def test_two_files_of_one_name_are_told_with_all_other_faults(self, run: Run, tmp_path: Path) -> None:
        first, second, third = tmp_path / "a.yaml", tmp_path / "a.csv", tmp_path / "none.csv"
        first.write_text("shared-picture: erly\n")
        second.write_text("question,answer\n")
        status, _, err = run("report", QUESTIONNAIRE, first, second, third)
        assert status == 1
        assert [line.split(": ")[0] for line in err.splitlines()] == [f"{second}:1", f"{first}:1:17", f"{third}:1"]

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


LONG = "a" * 300


class TestOutput:
    """What goes wrong outside of the program is said in one plain line."""

    @pytest.mark.parametrize(
        ("arguments", "says"),
        [
            (["questionnaires", "check", LONG], f"{LONG}:1: cannot be read (File name too long)"),
            (["questionnaires", "check", "a/" * 5000], "cannot be read (File name too long)"),
            (["questionnaires", "publish", LONG], f"{LONG}:1: cannot be read (File name too long)"),
            (["questionnaires", "schema", "--write", "/proc/x"], "/proc/x:1: cannot be written"),
            (["questionnaires", "schema", "--write", __file__], "cannot be written (File exists)"),
            (["report", QUESTIONNAIRE, LONG], f"{LONG}:1: cannot be read (File name too long)"),
            (["report", f"{LONG}.yaml", "x.csv"], "cannot be read (File name too long)"),
        ],
    )
    def test_a_path_that_cannot_be_used_is_said(self, run: Run, arguments: list[str], says: str) -> None:
        status, out, err = run(*arguments)
        assert (status, out) == (1, b"")
        assert says in err
        assert "Traceback" not in err

    def test_a_folder_of_questionnaires_that_cannot_be_is_said(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ENABLERS_QUESTIONNAIRES", LONG)
        assert run("questionnaires", "list") == (
            1,
            b"",
            f"{LONG}:1: cannot be read (File name too long); check the path and its permissions\n",
        )

    def test_what_may_not_be_read_is_told_with_all_other_faults(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path, *_: object) -> None:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))

        shut = tmp_path / "shut"
        shut.mkdir()
        monkeypatch.setattr(Path, "iterdir", refuse)
        status, _, err = run("questionnaires", "check", shut, tmp_path / "none.yaml")
        assert status == 1
        assert f"{shut}:1: cannot be read (Permission denied); check the path and its permissions" in err
        assert f"{tmp_path / 'none.yaml'}:1: there is no such file" in err

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_an_answers_file_without_permission_is_told_as_a_fault(self, run: Run, answers: Path) -> None:
        answers.chmod(0)
        status, _, err = run("report", QUESTIONNAIRE, answers)
        assert status == 1
        assert err.startswith(f"{answers}:1: cannot be read (Permission denied)")

    @pytest.mark.parametrize("arguments", ["questionnaires list", "report local-partners {answers}", "--help"])
    @pytest.mark.parametrize(
        ("output", "says"), [(">/dev/full", "No space left on device"), (">&-", "Standard output is closed")]
    )
    def test_an_output_that_takes_nothing_is_said(self, answers: Path, arguments: str, output: str, says: str) -> None:
        if arguments == "--help" and output == ">&-":
            pytest.skip("Typer prints help, and nobody asks whether it was read")
        command = f"{sys.executable} -c 'from app.cli import main; main()' {arguments.format(answers=answers)} {output}"
        done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, cwd=ROOT, check=False)
        assert done.returncode == 1
        assert says in done.stderr
        assert done.stderr.count("\n") == 1


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
        assert len(list((tmp_path / "schemas").iterdir())) == 6


class TestDatabase:
    def test_upgrade_check_recompute_and_diagnostics(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("ENABLERS_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'enablers.db'}")
        for command in (["database", "check"], ["database", "recompute"], ["diagnostics"]):
            status, _, err = run(*command)
            assert status == 1
            assert err == (
                f"There is no database at {tmp_path / 'new' / 'enablers.db'}; make it with: enablers database upgrade\n"
            )
            assert not (tmp_path / "new").exists()
        assert run("database", "upgrade")[0] == 0
        assert run("database", "check")[0] == 0
        assert run("database", "recompute")[1].startswith(b"0 submissions")
        assert b"Journal: wal" in run("diagnostics")[1]

    @pytest.mark.parametrize(
        ("url", "says"),
        [
            ("nonsense", "ENABLERS_DATABASE_URL is not a database URL"),
            ("mysql://a@b/c", "ENABLERS_DATABASE_URL names “mysql”"),
            ("postgresql://nobody@127.0.0.1:9/none", "cannot be reached"),
            ("sqlite:////proc/none/x.db", "The folder /proc/none of the database cannot be made"),
            (f"sqlite:///{__file__}", "is no SQLite database"),
            ("sqlite:///x?foo=bar", "ENABLERS_DATABASE_URL has parameters after “?”"),
            ("sqlite+aiosqlite:///x", "ENABLERS_DATABASE_URL names the driver “aiosqlite”; write sqlite://"),
            ("sqlite://", "ENABLERS_DATABASE_URL names no file"),
            ("postgresql+nope://x/x", "ENABLERS_DATABASE_URL names the driver “nope”; write postgresql://"),
            ("postgresql+psycopg2://x/x", "ENABLERS_DATABASE_URL names the driver “psycopg2”"),
            ("postgresql://x/x?foo=bar", "ENABLERS_DATABASE_URL has a parameter"),
        ],
    )
    def test_a_database_that_cannot_be_used_is_said(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, url: str, says: str
    ) -> None:
        monkeypatch.setenv("ENABLERS_DATABASE_URL", url)
        status, _, err = run("database", "upgrade")
        assert status == 1
        assert says in err
        assert err.count("\n") == 1

    @pytest.mark.parametrize(
        ("name", "value", "says"),
        [
            ("ENABLERS_DATABASE_POOL_SIZE", "many", "ENABLERS_DATABASE_POOL_SIZE: "),
            ("ENABLERS_PUBLIC_URL", "example.org", "ENABLERS_PUBLIC_URL: write it in full, such as https://"),
            (
                "ENABLERS_TRUSTED_HOST",
                "example.org",
                "ENABLERS_TRUSTED_HOST: there is no such setting; the nearest is ENABLERS_TRUSTED_HOSTS",
            ),
            ("enablers_nope", "1", "enablers_nope: there is no such setting; the nearest is ENABLERS_"),
        ],
    )
    def test_a_wrong_setting_stops_with_its_name(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
    ) -> None:
        monkeypatch.setenv("ENABLERS_TEST_REQUIRE", "")  # of the tests, and left alone
        monkeypatch.setenv(name, value)
        status, _, err = run("database", "check")
        assert status == 1
        assert err.startswith(says)
        assert err.count("\n") == 1


def test_a_port_that_is_taken_is_said(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        status, _, err = run("serve", "--port", taken.getsockname()[1])
    assert status == 1
    assert "choose another --port" in err


class TestServe:
    @pytest.fixture
    def served(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[Settings]:
        """What the service would be made with; it stops before it serves."""
        made: list[Settings] = []

        def stop(settings: Settings, *, with_worker: bool) -> None:
            assert with_worker is settings.worker
            made.append(settings)
            raise KeyboardInterrupt

        monkeypatch.setattr(serving, "create_app", stop)
        monkeypatch.chdir(tmp_path)
        return made

    @pytest.mark.parametrize(
        ("options", "environment", "expected"),
        [
            ([], {}, {"demonstration": False, "secure_cookies": True, "database_url": "sqlite:///var/enablers.db"}),
            (["--demo"], {}, {"demonstration": True, "secure_cookies": False, "database_url": DEMONSTRATION}),
            (["--demo"], {"SECURE_COOKIES": "true"}, {"secure_cookies": True, "database_url": DEMONSTRATION}),
            (
                ["--demo"],
                {"DATABASE_URL": "sqlite:///x.db"},
                {"secure_cookies": False, "database_url": "sqlite:///x.db"},
            ),
            ([], {"PUBLIC_URL": "https://example.org/"}, {"public_url": "https://example.org"}),
        ],
    )
    def test_the_environment_decides_before_the_command(
        self,
        run: Run,
        served: list[Settings],
        monkeypatch: pytest.MonkeyPatch,
        *,
        options: list[str],
        environment: dict[str, str],
        expected: dict[str, object],
    ) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(f"ENABLERS_{name}", value)
        run("serve", "--port", 0, *options)
        (settings,) = served
        assert {name: getattr(settings, name) for name in expected} == expected
        assert settings.public_url.startswith(("http://127.0.0.1:", "https://example.org"))

    def test_a_demonstration_is_announced_where_it_has_to_be_made(
        self, run: Run, served: list[Settings], tmp_path: Path
    ) -> None:
        assert b"Preparing the demonstration" in run("serve", "--port", 0, "--demo")[1]
        (tmp_path / "var").mkdir()
        (tmp_path / "var/demonstration.db").touch()
        assert b"Preparing" not in run("serve", "--port", 0, "--demo")[1]
        assert len(served) == 2
