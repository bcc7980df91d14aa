"""Tokens from the terminal: one line to use at once, on behalf of somebody, and no more than they may."""

import re
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.cli import main
from app.domain.access import Role
from app.domain.audit import Event
from app.main import create_app, open_database
from app.services import Database
from app.settings import read_settings
from app.store.models import AuditEntry, Organisation, Partnership, PartnershipOrganisation, new_id
from tests.api_clients import add_person

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Give what runs the command on an installation with tables and nobody in them."""
    monkeypatch.setenv("ENABLERS_DATABASE_URL", f"sqlite:///{tmp_path / 'enablers.db'}")
    monkeypatch.setenv("ENABLERS_SECRETS", "s" * 32)

    def enablers(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["enablers", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    assert enablers("database", "upgrade")[0] == 0
    return enablers


@pytest.fixture
def stored(run: Run) -> Iterator[Database]:
    del run
    with closing(open_database(read_settings())) as database:
        yield database


CREATE = ("tokens", "create", "--name", "Warehouse", "--scope", "results:read")


def test_a_token_is_printed_alone_works_at_once_and_ends_at_once(run: Run, stored: Database) -> None:
    first = add_person(stored, Role.CENTRAL_ADMINISTRATOR)
    add_person(stored, Role.CENTRAL_ADMINISTRATOR)
    status, out, err = run(*CREATE, "--days", 30)
    assert status == 0
    assert re.fullmatch(r"enb_\S+\n", out)
    assert err.startswith(f"It acts for {first.name} until ")
    token = out.strip()
    app = create_app(read_settings())
    client = TestClient(app, base_url="http://127.0.0.1:8000")
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/results", headers=headers).status_code == 200
    listed = run("tokens", "list")[1]
    assert "Warehouse  of central-administrator  results:read\n" in listed
    assert f"…{token[-4:]}  until " in listed
    assert token not in listed
    assert "last used at" in listed
    assert run("tokens", "revoke", "Warehouse") == (0, "Ended: Warehouse, of central-administrator.\n", "")
    assert client.get("/api/v1/results", headers=headers).status_code == 401
    assert "ended at" in run("tokens", "list")[1]
    assert run("tokens", "revoke", "Warehouse") == (1, "", "“Warehouse” was ended before\n")
    app.state.database.close()


def test_the_audit_does_not_say_that_the_person_did_it(run: Run, stored: Database) -> None:
    add_person(stored, Role.CENTRAL_ADMINISTRATOR)
    run(*CREATE)
    run("tokens", "revoke", "Warehouse")
    with stored.reading() as session:
        entries = session.query(AuditEntry).where(AuditEntry.event.like("api-client-%")).all()
        assert {(entry.event, entry.actor_id) for entry in entries} == {
            (Event.API_CLIENT_MADE, None),
            (Event.API_CLIENT_REVOKED, None),
        }


def test_it_acts_for_the_person_that_is_named_and_may_do_no_more(run: Run, stored: Database) -> None:
    partnership, organisation = new_id(), new_id()
    with stored.writing() as session:
        session.add(Partnership(id=partnership, name="Upper Harrow Vale"))
        session.add(Organisation(id=organisation, name="Council", kind="council"))
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=partnership, organisation_id=organisation))
    lead = add_person(stored, Role.LEAD, organisation_id=organisation)
    email = f"{lead.person_id}@centre.example"
    written = f"assessments:write:partnership={partnership}"
    named = ("tokens", "create", "--name", "Forms", "--person", email)
    assert run(*named, "--scope", written)[0] == 0
    status, out, err = run(*named, "--scope", "results:read")
    assert (status, out, err) == (1, "", "You may not give a client the scope results:read\n")


@pytest.mark.parametrize(
    ("arguments", "fault"),
    [
        ((*CREATE,), "Nobody is central administrator yet; invite one first, or name somebody with --person\n"),
        ((*CREATE, "--person", "a@b.example"), "Nobody with the address a@b.example has a role\n"),
        (("tokens", "create", "--name", "A", "--scope", "everything"), "“everything” is no scope\n"),
        (("tokens", "revoke", "Nothing"), "There is no client “Nothing”\n"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(run: Run, arguments: tuple[str, ...], fault: str) -> None:
    assert run(*arguments) == (1, "", fault)


def test_of_two_with_one_name_the_id_tells_which(run: Run, stored: Database) -> None:
    add_person(stored, Role.CENTRAL_ADMINISTRATOR)
    tokens = [run(*CREATE)[1].strip() for _ in range(2)]
    status, out, err = run("tokens", "revoke", "Warehouse")
    assert (status, out) == (1, "")
    head, *ids = err.splitlines()
    assert head == "2 clients have this name; give the id of one:"
    assert run("tokens", "revoke", ids[0].split()[0])[0] == 0
    assert run("tokens", "revoke", "Warehouse")[0] == 0
    assert len(set(tokens)) == 2


def test_looking_makes_no_database(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ENABLERS_DATABASE_URL", f"sqlite:///{tmp_path / 'none' / 'enablers.db'}")
    assert "There is no database" in run("tokens", "list")[2]
    assert not (tmp_path / "none").exists()
