"""A client that is made of the committed description alone reads everything there is, typed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.domain.access import Role
from app.main import create_app
from app.services import Database, assessing
from app.settings import Settings
from tests.api_clients import add_person, make_client
from tests.people import NOW, answer_all, make_world
from tests.servers import running_server

DESCRIPTION = Path(__file__).parents[2] / "docs" / "openapi.json"
ITS_OWN = Path(sys.prefix) / "client" / "bin"
"""Where what makes clients is installed; `make test` does that."""

SCRIPT = """
import json, sys
from made import AuthenticatedClient, Client
from made.api.gap_reports import make_report
from made.api.questionnaires import list_questionnaires
from made.api.results import list_results
from made.models import GapReportRequest, GapReportRequestAnswers, Result, Tombstone

address, token = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=token)
found, cursor = [], None
while True:
    page = list_results.sync(client=client, limit=1, **({"cursor": cursor} if cursor else {}))
    found += page.items
    cursor = page.next_cursor
    if not cursor:
        break
assert all(isinstance(each, Result | Tombstone) for each in found), found
answers = GapReportRequestAnswers.from_dict({"shared-picture": "early"})
report = make_report.sync(client=Client(base_url=address), body=GapReportRequest("local-partners", answers))
questionnaires = list_questionnaires.sync(client=Client(base_url=address))
print(json.dumps({
    "results": [[each.id, each.submission, each.enablers[0].score] for each in found],
    "gaps": [each.question for each in report.gaps],
    "questionnaires": [each.id for each in questionnaires.items],
}))
"""


def test_the_committed_description_is_this_one(client: TestClient) -> None:
    """Where it drifts: `python -m tests.api.describe` writes it anew."""
    assert json.loads(DESCRIPTION.read_text(encoding="utf-8")) == client.get("/api/v1/openapi.json").json()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("client")
    command = [str(ITS_OWN / "openapi-python-client"), "generate", "--path", str(DESCRIPTION), "--meta", "none"]
    told = subprocess.run(
        [*command, "--output-path", str(folder / "made")],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
        env={"PATH": str(ITS_OWN)},
    )
    assert "WARNING parsing" not in told.stdout
    assert "ERROR" not in told.stdout.upper()
    return folder


def test_a_client_made_of_the_description_reads_what_there_is(
    made: Path, database: Database, questionnaires: Catalogue
) -> None:
    world = make_world(database, questionnaires.get("local-partners", 1))
    keys = []
    for actor, organisation in ((world.officer, world.council), (world.manager, world.trust)):
        key = assessing.start(database, questionnaires, actor, world.partnership, world.round, organisation, NOW)
        answer_all(database, questionnaires, actor, key)
        assessing.submit(database, questionnaires, actor, key, NOW)
        keys.append(str(key.assessment_id))
    token = make_client(database, add_person(database, Role.CENTRAL_ADMINISTRATOR), "results:read")
    app = create_app(Settings(database_url=database.url.render_as_string(hide_password=False)))
    with running_server(app) as address:
        told = subprocess.run(
            [ITS_OWN / "python", "-c", SCRIPT, address, token.token],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env={"PYTHONPATH": str(made)},
        )
    assert told.returncode == 0, told.stderr
    read = json.loads(told.stdout)
    assert [each[0] for each in read["results"]] == keys
    assert {each[1] for each in read["results"]} == {1}
    assert read["gaps"] == ["shared-picture"]
    assert "local-partners" in read["questionnaires"]
