"""The page on scores against spending: who reads it, what it costs, and that it is sent once."""

import json
from datetime import timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.domain.money import Comparison, Refusal, compare
from app.domain.releases import write_content
from app.services import Database
from app.store import releases as store
from tests.money import make_content
from tests.people import NOW, World
from tests.statements import counted_statements
from tests.web.conftest import SignedIn


def publish(database: Database, questionnaires: Catalogue, world: World, found: Comparison | Refusal) -> str:
    """Publish a release that says this of every enabler, and give the address of its page."""
    content = make_content(questionnaires.get("local-partners", 1), found)
    at = NOW - timedelta(days=1)
    with database.writing() as session:
        store.add_release(
            session,
            world.round,
            {
                "content": json.dumps(write_content(content)),
                "digest": "0" * 64,
                "contributions": "[]",
                "audit": json.dumps({"leaks": [], "withheld": []}),
                "built_at": at,
                "built_by": world.analyst.person_id,
                "publishes_at": at,
                "approved_at": at,
                "approved_by": world.analyst.person_id,
            },
        )
    return f"/releases/{world.round}/money"


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (
            compare(40, 45),
            ("Association shown:", "+0.45", "an association weaker than ±0.312 would not have been found"),
        ),
        (compare(150, 5), ("No association shown:", "150 partnerships", "±0.160")),
        (compare(30, 0), ("Too few to tell:", "±0.361")),
        (Refusal.TOO_FEW, ("Refused:", "it takes 20 partnerships")),
    ],
)
def test_the_page_says_what_was_frozen_and_cites_both_sides(
    database: Database,
    questionnaires: Catalogue,
    world: World,
    browse: SignedIn,
    found: Comparison | Refusal,
    words: tuple[str, ...],
) -> None:
    page = browse(world.analyst).get(publish(database, questionnaires, world, found))
    assert page.status_code == 200
    for each in (
        *words,
        "never says that one is the cause of the other",
        'href="https://www.nao.org.uk/naoblog/local-service-reform-money/"',
        'href="https://doi.org/10.1017/S147474642200001X"',
        "69 %",
        "Sharing information, mean by spending per head: 44 in group 1, least spent and 61 in group 3, most spent.",
    ):
        assert each in page.text


def test_it_is_sent_once_and_costs_two_statements(
    database: Database, questionnaires: Catalogue, world: World, browse: SignedIn
) -> None:
    address = publish(database, questionnaires, world, compare(40, 5))
    client = browse(world.analyst)
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    app = client.app
    assert isinstance(app, FastAPI)
    with counted_statements(app.state.database) as statements:
        client.get(address)
    assert len(statements) <= 2  # who asks, and the release
    assert f'href="{address}"' in client.get(f"/releases/{world.round}").text


def test_only_central_teams_read_it_and_only_where_there_is_a_release(
    database: Database, questionnaires: Catalogue, world: World, browse: SignedIn
) -> None:
    address = f"/releases/{world.round}/money"
    assert browse(world.analyst).get(address).status_code == 404
    publish(database, questionnaires, world, compare(40, 5))
    refused: list[TestClient] = [browse(world.officer), browse(world.manager)]
    assert {client.get(address).status_code for client in refused} <= {403, 404}
    assert browse(None).get(address, follow_redirects=False).status_code in {303, 307}
