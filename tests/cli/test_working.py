"""The worker: as a command, as a process that is told to stop, and as a thread of the service."""

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.main import create_app
from app.services import Database
from app.services.mailing import LINK, Letter, MailKind, post
from app.services.working import JOBS, Job, Means, Worker, run_due, run_once
from app.settings import Settings, SettingsError, read_settings
from tests.cli.test_commands import Run
from tests.cli.test_commands import run as run  # noqa: PLC0414 - a fixture
from tests.conftest import ROOT
from tests.working import Postbag, list_mails, make_means

LETTER = Letter(MailKind.SIGNED_OFF, "Signed off", ("Hello,", LINK), "/assessments")
WITHIN_SECONDS = 20


def write(database: Database) -> None:
    with database.writing() as session:
        post(session, LETTER, "officer@harrow.example", None, datetime.now(UTC))


@pytest.fixture
def url(database: Database, monkeypatch: pytest.MonkeyPatch) -> str:
    """The database, as the environment names it."""
    url = database.url.render_as_string(hide_password=False)
    monkeypatch.setenv("ENABLERS_DATABASE_URL", url)
    return url


def test_once_does_what_is_due_and_says_so(run: Run, database: Database, url: str) -> None:
    write(database)
    status, out, _ = run("work", "--once")
    assert (status, out.decode().splitlines()[-1]) == (0, "mail: 1 sent")
    assert list_mails(database)[0].sent_at
    assert b"mail" not in run("work", "--once")[1]


def test_without_a_database_it_makes_none(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ENABLERS_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    status, _, err = run("work", "--once")
    assert (status, err.count("\n")) == (1, 1)
    assert "enablers database upgrade" in err
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_process_works_until_it_is_told_to_stop(database: Database, url: str, number: signal.Signals) -> None:
    write(database)
    command = [str(Path(sys.executable).with_name("enablers")), "work", "--every", "0.1"]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONUNBUFFERED": "1"}, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if "mail: 1 sent" in line:
                break
        process.send_signal(number)
        assert process.wait(WITHIN_SECONDS) == 0
    assert list_mails(database)[0].sent_at


def test_the_service_works_while_it_is_served_and_only_where_it_is_asked_to(database: Database, url: str) -> None:
    before = threading.active_count()
    sent = threading.Event()
    postbag = Postbag(lambda _message: sent.set())
    write(database)
    for with_worker in (False, True):
        app = create_app(Settings(database_url=url, secure_cookies=False), with_worker=with_worker)
        names = {thread.name for thread in threading.enumerate()}
        assert "worker" not in names
        if not with_worker:
            with TestClient(app):
                assert "worker" not in {thread.name for thread in threading.enumerate()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.delivery.Terminal.open", lambda _terminal: postbag.open())
        with TestClient(app):
            assert sent.wait(WITHIN_SECONDS)
    assert threading.active_count() <= before
    assert list_mails(database)[0].sent_at


def note(name: str, runs: list[str], *, says: str = "", every: timedelta = timedelta(0)) -> Job:
    """Make a job that notes when it runs."""

    def run_it(_means: Means, _now: datetime) -> str:
        runs.append(name)
        return says

    return Job(name, every, run_it)


def test_a_worker_ends_after_the_step_it_is_at(database: Database, questionnaires: Catalogue) -> None:
    begun, end = threading.Event(), threading.Event()
    means = make_means(database, questionnaires, Postbag())

    def work(_means: Means, _now: datetime) -> str:
        begun.set()
        end.wait(WITHIN_SECONDS)
        return "done"

    done: list[str] = []
    jobs = (Job("first", timedelta(0), work), note("second", done))
    worker = Worker(means, 0.01, jobs)
    worker.start()
    assert begun.wait(WITHIN_SECONDS)
    assert not worker.stop(0)
    end.set()
    assert worker.stop(WITHIN_SECONDS)
    assert done == []


def test_a_job_that_fails_holds_up_no_other(
    database: Database, questionnaires: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_means: Means, _now: datetime) -> str:
        raise ZeroDivisionError

    runs: list[str] = []
    jobs = (
        Job("broken", timedelta(0), fail),
        note("whole", runs, says="something"),
        note("rare", runs, every=timedelta(days=1)),
    )
    means = make_means(database, questionnaires, Postbag())
    next_runs: dict[str, float] = {}
    with caplog.at_level("INFO", "enablers.worker"):
        run_due(means, next_runs, jobs)
        run_due(means, next_runs, jobs)
    assert runs == ["whole", "rare", "whole"]
    assert caplog.messages == ["broken: failed, and will be tried again", "whole: something"] * 2


def test_every_job_has_nothing_to_do_in_an_empty_database(database: Database, questionnaires: Catalogue) -> None:
    means = make_means(database, questionnaires, Postbag())
    assert run_once(means, datetime.now(UTC)) == ()
    assert len({job.name for job in JOBS}) == len(JOBS)


# ---- Settings --------------------------------------------------------------------------------------------------------

WHOLE = {
    "PUBLIC_URL": "https://enablers.example",
    "MAIL_FROM": "enablers@service.example",
    "SMTP_HOST": "mail.example",
    "SMTP_USER": "enablers",
    "SMTP_PASSWORD": "a secret of the operator",
}
REFUSED = {
    "links that lead nowhere": ({"PUBLIC_URL": ""}, "ENABLERS_SMTP_HOST: mails need links"),
    "no sender": ({"MAIL_FROM": ""}, "ENABLERS_SMTP_HOST: mails need a sender"),
    "a sender that is no address": ({"MAIL_FROM": "Enablers <a@b.example>"}, "ENABLERS_MAIL_FROM"),
    "a user without a password": ({"SMTP_PASSWORD": ""}, "ENABLERS_SMTP_HOST: set both"),
    "a password in clear": ({"SMTP_SECURITY": "none"}, "ENABLERS_SMTP_HOST: no password is sent in clear"),
    "a security that there is not": ({"SMTP_SECURITY": "ssl"}, "ENABLERS_SMTP_SECURITY"),
    "a port that there is not": ({"SMTP_PORT": "0"}, "ENABLERS_SMTP_PORT"),
}


def test_a_mail_server_that_is_set_up_whole_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, WHOLE)
    settings = read_settings()
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_security) == ("mail.example", 587, "starttls")
    assert WHOLE["SMTP_PASSWORD"] not in repr(settings)


@pytest.mark.parametrize(("changes", "says"), REFUSED.values(), ids=REFUSED)
def test_a_mail_server_that_is_not_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], says: str
) -> None:
    set_all(monkeypatch, WHOLE | changes)
    with pytest.raises(SettingsError, match=says) as raised:
        read_settings()
    assert WHOLE["SMTP_PASSWORD"] not in str(raised.value)


def set_all(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"ENABLERS_{name}", value)


def test_the_diagnostics_hold_no_password(
    run: Run, database: Database, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_all(monkeypatch, WHOLE)
    status, out, err = run("diagnostics")
    assert status == 0
    assert "Mail: mail.example:587 (starttls), from enablers@service.example" in out.decode().splitlines()
    assert WHOLE["SMTP_PASSWORD"] not in out.decode() + err
