"""Inviting from the terminal: how the first administrator gets in, and many at once."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.cli import main
from app.cli.choices import InvitedRole
from app.domain.inviting import OFFERED_IN
from app.main import create_app
from app.settings import read_settings

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Give what runs the command on an installation where nothing is yet."""
    monkeypatch.setenv("ENABLERS_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'enablers.db'}")
    monkeypatch.setenv("ENABLERS_OUTSIDE", str(tmp_path / "outside"))
    monkeypatch.setenv("ENABLERS_SECURE_COOKIES", "false")

    def enablers(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["enablers", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return enablers


def test_the_first_administrator_gets_in_before_any_server_ran(run: Run) -> None:
    status, out, err = run("people", "invite", "Boss@Example.org", "--role", "central-administrator")
    assert status == 0
    assert "set ENABLERS_PUBLIC_URL" in err
    assert "boss@example.org is invited as central administrator" in out
    (path,) = re.findall(r"^http://127\.0\.0\.1:8000(/invitations/\S+)$", out, re.MULTILINE)
    app = create_app(read_settings())
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    arrived = client.post(path, data={"name": "The Boss"})
    assert arrived.url.path == "/set-up"
    app.state.database.close()
    assert run("people", "list")[1] == "boss@example.org  The Boss  central administrator\n"
    assert "Nothing was sent" in run("people", "invite", "boss@example.org", "--role", "central-administrator")[1]


def test_the_link_begins_with_the_public_address(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENABLERS_PUBLIC_URL", "https://enablers.example.org")
    _, out, err = run("people", "invite", "a@b.example", "--role", "central-analyst")
    assert err == ""
    assert "\nhttps://enablers.example.org/invitations/" in out


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        (("nobody", "--role", "central-analyst"), "Enter an email address in the right form, like name@example.org\n"),
        (("a@b.example", "--role", "lead"), "A lead belongs to an organisation; choose one\n"),
        (("a@b.example", "--role", "coordinator"), "A coordinator belongs to a partnership; choose one\n"),
        (
            ("a@b.example", "--role", "lead", "--organisation", "Nowhere"),
            "There is no organisation “Nowhere”; add it first, or mend the name\n",
        ),
    ],
)
def test_what_cannot_be_offered_is_said_in_a_line(run: Run, arguments: tuple[str, ...], fault: str) -> None:
    assert run("people", "invite", *arguments) == (1, "", fault)
    assert run("people", "list")[1].startswith("Nobody yet.")


def test_a_role_that_nobody_has_is_a_wrong_option(run: Run) -> None:
    for role in ("api-client", "chief"):
        assert run("people", "invite", "a@b.example", "--role", role)[0] == 2


def test_looking_makes_no_database(run: Run, tmp_path: Path) -> None:
    for arguments in (("list",), ("withdraw", "a@b.example")):
        status, _, err = run("people", *arguments)
        assert status == 1
        assert "There is no database" in err
    assert not (tmp_path / "new").exists()


def test_roles_and_invitations_are_withdrawn(run: Run) -> None:
    run("people", "invite", "a@b.example", "--role", "central-analyst")
    assert run("people", "withdraw", "A@B.example")[1] == "Withdrawn: invitations only.\n"
    status, _, err = run("people", "withdraw", "a@b.example")
    assert status == 1
    assert err.startswith("Nobody with the address a@b.example has a role or invitation")


def test_a_file_is_imported_whole_or_told_apart_line_by_line(run: Run, tmp_path: Path) -> None:
    run("database", "upgrade")
    file = tmp_path / "people.csv"
    file.write_text("email,role\nnobody,central-analyst\na@b.example,lead\n")
    status, out, err = run("people", "import", file)
    assert (status, out) == (1, "")
    assert err == (
        f"{file}:2: “nobody” is no email address; write one like name@example.org\n"
        f"{file}:3: a lead belongs to one organisation; name it\n"
    )
    file.write_text("email,role\na@b.example,central-analyst\nc@d.example,central-administrator\n")
    assert run("people", "import", file) == (0, "2 invited, 0 sent again, 0 had the role already.\n", "")
    status, _, err = run("people", "import", tmp_path / "missing.csv")
    assert status == 1
    assert "missing.csv" in err


def test_every_role_of_people_can_be_given() -> None:
    assert {role.value for role in InvitedRole} == {role for roles in OFFERED_IN.values() for role in roles}
