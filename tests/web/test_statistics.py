"""Public statistics: nowhere unless they are switched on; then for anybody, and what central teams read."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.questionnaire import Questionnaire
from app.domain.releases import write_content
from app.main import create_app
from app.services import Database
from app.settings import Settings
from app.store.models import Release
from app.web.releases import addresses
from tests.people import NOW, World
from tests.released import CUTS, add_release, figures, make_content
from tests.statements import counted_statements
from tests.web.conftest import ADDRESS, SignedIn
from tests.web.pages import links, parse, words

Open = Callable[[str], TestClient]
CELLS = {"all|all": figures(40, 52, 35, 50, 65), "region|North": figures(22, 61)}


@pytest.fixture
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


@pytest.fixture
def open_service(database: Database, world: World) -> Iterator[Open]:
    """Give a client that is not signed in, of a service whose statistics are `on` or `off`."""
    del world
    with ExitStack() as stack:

        def make(statistics: str) -> TestClient:
            url = database.url.render_as_string(hide_password=False)
            app = create_app(Settings(database_url=url, secure_cookies=False, public_statistics=statistics == "on"))
            app.state.clock = lambda: NOW
            stack.callback(app.state.database.close)
            return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)

        yield make


def every_address(world: World) -> list[str]:
    files = [addresses.statistics_file(world.round, form) for form in ("xlsx", "ods", "csv", "json")]
    return [addresses.STATISTICS, addresses.statistics(world.round), *files]


def test_unless_they_are_switched_on_there_is_no_such_page_and_nothing_leads_there(
    open_service: Open, browse: SignedIn, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    add_release(database, world, make_content(questionnaire, CELLS))
    for client in (open_service("off"), browse(world.analyst)):
        for address in every_address(world):
            assert client.get(address).status_code == 404
        assert addresses.STATISTICS not in client.get("/").text
    assert Settings.model_fields["public_statistics"].default is False


def test_anybody_reads_what_central_teams_read(
    open_service: Open, browse: SignedIn, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    add_release(database, world, make_content(questionnaire, CELLS))
    client = open_service("on")
    assert links(client.get("/").text)["What partnerships say together"] == addresses.STATISTICS
    page = client.get(addresses.STATISTICS)
    assert links(page.text)["Autumn round"] == addresses.statistics(world.round)
    public, central = (
        each.get(address).text
        for each, address in (
            (client, addresses.statistics(world.round)),
            (browse(world.analyst), addresses.round_(world.round)),
        )
    )
    for html in (page.text, public):
        parse(html)
    begins = '<dl class="govuk-summary-list'
    shown = central.partition(begins)[2].partition("</main>")[0]
    assert public.partition(begins)[2].startswith(shown.rstrip())
    for form in ("xlsx", "ods", "csv", "json"):
        theirs = browse(world.analyst).get(addresses.file(world.round, form))
        ours = client.get(addresses.statistics_file(world.round, form))
        assert ours.status_code == theirs.status_code == 200
        assert ours.content == theirs.content
    assert "Upper Harrow Vale" not in public
    assert "Upper Harrow Vale" not in client.get(addresses.statistics_file(world.round, "json")).text


@pytest.mark.parametrize("which", ["a draft", "for later", "withdrawn", "none"])
def test_what_is_not_published_is_nowhere(
    open_service: Open, database: Database, world: World, questionnaire: Questionnaire, which: str
) -> None:
    content = make_content(questionnaire, CELLS)
    if which == "a draft":
        add_release(database, world, content, approved=False)
    elif which == "for later":
        add_release(database, world, content, publishes_at=NOW + timedelta(seconds=1))
    elif which == "withdrawn":
        add_release(database, world, content)
        with database.writing() as session:
            session.execute(update(Release).values(withdrawn_at=NOW, withdrawn_reason="Wrong"))
    client = open_service("on")
    page = client.get(addresses.STATISTICS).text
    assert addresses.statistics(world.round) not in page
    assert ("Nothing is published yet." in words(page)) == (which != "withdrawn")
    for address in every_address(world)[1:]:
        assert client.get(address).status_code == 404


def test_the_page_holds_what_the_files_hold(
    open_service: Open, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    add_release(database, world, make_content(questionnaire, CELLS))
    page = words(open_service("on").get(addresses.statistics(world.round)).text)
    for heading in ("Region: the same numbers as a table", "Every question", "Is it all about the money?"):
        assert heading in page
    assert "22 61 – – –" in page  # of the North
    assert page.count("Nothing is shown by this cut: too few partnerships, or with") == len(CUTS) - 1


def test_who_reads_a_round_is_told_that_a_release_was_withdrawn_and_why(
    open_service: Open, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    day = timedelta(days=1)
    add_release(database, world, make_content(questionnaire, CELLS), publishes_at=NOW - 9 * day)
    wrong = add_release(database, world, make_content(questionnaire, CELLS), number=2, publishes_at=NOW - 2 * day)
    client = open_service("on")
    address = addresses.statistics(world.round)
    assert "withdrawn" not in words(client.get(address).text)
    with database.writing() as session:
        gone = update(Release).where(Release.id == wrong)
        session.execute(gone.values(withdrawn_at=NOW - day, withdrawn_reason="Two files were swapped"))
    said = (
        "A later release of this round, published on 31 October 2026, was withdrawn on 1 November 2026: Two files were "
        "swapped. Here is the one before it, of 24 October 2026, which stands until a corrected one is published."
    )
    assert said in words(client.get(address).text)
    assert json.loads(client.get(addresses.statistics_file(world.round, "json")).text)["notice"] == said
    assert "was withdrawn on 1 November 2026: Two files were swapped." in words(client.get(addresses.STATISTICS).text)
    with database.writing() as session:
        session.execute(update(Release).values(withdrawn_at=NOW, withdrawn_reason="All of it was wrong"))
    reply = client.get(address)
    assert reply.status_code == 404
    assert "The release of this round was withdrawn on 2 November 2026: All of it was wrong." in words(reply.text)
    add_release(database, world, make_content(questionnaire, CELLS), number=3)
    assert "withdrawn" not in words(client.get(address).text)


def test_one_that_nobody_read_is_withdrawn_in_silence(
    open_service: Open, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    add_release(database, world, make_content(questionnaire, CELLS), publishes_at=NOW - timedelta(days=9))
    waiting = add_release(
        database, world, make_content(questionnaire, CELLS), number=2, publishes_at=NOW - timedelta(hours=1)
    )
    with database.writing() as session:
        gone = update(Release).where(Release.id == waiting)
        session.execute(gone.values(withdrawn_at=NOW - timedelta(hours=2), withdrawn_reason="Wrong"))
    assert "withdrawn" not in words(open_service("on").get(addresses.statistics(world.round)).text)


def test_whoever_has_a_page_already_is_told_so(
    open_service: Open, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    add_release(database, world, make_content(questionnaire, CELLS))
    client = open_service("on")
    for address in every_address(world)[:2]:
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": f'"other", W/{first.headers["etag"]}'})
        assert (again.status_code, again.content) == (304, b"")
        assert client.get(address, headers={"If-None-Match": '"other"'}).content == first.content
    add_release(database, world, make_content(questionnaire, {}), number=2)
    assert client.get(address, headers={"If-None-Match": first.headers["etag"]}).status_code == 200


def test_each_takes_at_most_two_statements(
    open_service: Open, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    add_release(database, world, make_content(questionnaire, CELLS))
    client = open_service("on")
    for address in every_address(world):
        with counted_statements(client.app.state.database) as statements:  # type: ignore[attr-defined]
            assert client.get(address).status_code == 200
        assert len(statements) <= 2


def test_a_cell_that_is_withheld_and_one_that_is_empty_are_the_same_bytes(
    open_service: Open, database: Database, world: World, questionnaire: Questionnaire
) -> None:
    """Of the North there are partnerships, too few to show; of the South there are none. Their rows differ in names."""
    content = make_content(questionnaire, {"all|all": figures(40, 52)}, {"region": CUTS["region"]})
    add_release(database, world, content, {world.partnership: {"region": "North"}})
    client = open_service("on")
    text = client.get(addresses.statistics_file(world.round, "json")).text
    assert json.loads(text)["tables"] == write_content(content)["tables"]
    assert "region|" not in text
    before = [client.get(address).content for address in every_address(world)]
    with database.writing() as session:
        session.execute(update(Release).values(contributions="[]"))
    assert [client.get(address).content for address in every_address(world)] == before
