"""The pages of releases: read by central teams, made by administrators, closed to everybody else."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from app.catalogue import Catalogue
from app.dependencies import SESSION_COOKIE, get_now
from app.domain.access import Actor
from app.main import create_app
from app.services import Database, signing_in
from app.settings import Settings
from app.store.models import Person, new_id
from tests.centre import NOW, Centre, make_centre
from tests.sign_ins import KEYS
from tests.statements import counted_statements
from tests.web.conftest import ADDRESS
from tests.web.pages import links, parse, words

Browse = Callable[[Actor | None], TestClient]


@pytest.fixture
def centre(database: Database, questionnaires: Catalogue) -> Centre:
    return make_centre(database, questionnaires)


@pytest.fixture
def browse(centre: Centre) -> Iterator[Browse]:
    url = centre.database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, secure_cookies=False))
    app.dependency_overrides[get_now] = lambda: NOW

    def enter(actor: Actor | None) -> TestClient:
        client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
        if actor is not None:
            client.cookies.set(SESSION_COOKIE, signing_in.step_in(centre.database, actor.person_id, NOW, KEYS))
        return client

    yield enter
    app.state.database.close()


def read(client: TestClient, path: str) -> str:
    reply = client.get(path)
    assert reply.status_code == 200, path
    parse(reply.text)
    return reply.text


def test_an_analyst_reads_a_round_cut_by_cut_and_as_files(centre: Centre, browse: Browse) -> None:
    client = browse(centre.analyst)
    content = centre.read(centre.closed)
    page = read(client, links(read(client, "/releases"))["Spring round 2026"])
    for table in list(content.tables.values())[:5]:
        shown = next(iter(table.cells.values()))
        assert f"mean {shown.mean} out of 100" in page
    assert "40 partnerships" in words(page)
    ways = [href for href in links(page).values() if "/cuts/" in href or href.endswith("/questions")]
    assert len(ways) == 7
    texts = [words(read(client, way)) for way in ways]
    assert sum("Not shown" in text for text in texts) >= 3
    figures = f"/releases/{centre.closed}/figures"
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{figures}.csv").content))
    rows = list(csv.DictReader(io.StringIO(archive.read("figures.csv").decode("utf-8-sig"))))
    told = {
        (measure.kind.value, measure.id, key.category): (str(cell.count), str(cell.mean))
        for measure, table in content.tables.items()
        for key, cell in table.cells.items()
    }
    assert {
        (row["kind"], row["id"], row["category"]): (row["partnerships"], row["mean"]) for row in rows if row["mean"]
    } == told
    assert any(not row["mean"] and not row["partnerships"] for row in rows)
    assert json.loads(client.get(f"{figures}.json").content)["tables"].keys() == {str(each) for each in content.tables}
    for form in ("xlsx", "ods"):
        assert client.get(f"{figures}.{form}").content.startswith(b"PK")
    assert client.get(f"{figures}.pdf").status_code == 404


def test_a_release_that_a_browser_has_is_not_sent_again_and_takes_two_statements(
    centre: Centre, browse: Browse
) -> None:
    client = browse(centre.analyst)
    for path in ("", "/cuts/region", "/questions"):
        address = f"/releases/{centre.closed}{path}"
        first = client.get(address)
        with counted_statements(client.app.state.database) as statements:  # type: ignore[attr-defined]
            again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        reads = [each for each in statements if each.lstrip().upper().startswith("SELECT")]
        assert len(reads) <= 2
        assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200


def test_withheld_categories_look_alike_whatever_they_hold(centre: Centre, browse: Browse) -> None:
    client = browse(centre.analyst)
    page = read(client, f"/releases/{centre.closed}/cuts/deprivation")
    rows = re.findall(r'<li class="app-plot__row">.*?</li>', page, re.DOTALL)
    plain = {
        re.sub(r'id="plot-[^"]*"|aria-labelledby="[^"]*"|<title.*?</title>|__title">[^<]*<', "", row) for row in rows
    }
    assert len(rows) == 25
    assert len(plain) == 1  # every fifth has another number of partnerships, and none reaches the threshold


def test_an_administrator_withdraws_corrects_and_publishes(centre: Centre, browse: Browse) -> None:
    client = browse(centre.administrator)
    manage = f"/set-up/rounds/{centre.closed}/releases"
    page = read(client, manage)
    release = links(page)["Release 1"]
    audit = read(client, release)
    assert "Nothing new in this release gives a partnership away" in words(audit)
    assert "contributors" in words(audit)
    refused = client.post(f"{release}/withdraw", data={"reason": " "})
    assert refused.status_code == 422
    assert "Say why" in words(refused.text)
    assert client.post(f"{release}/withdraw", data={"reason": "A file was wrong"}).status_code == 200
    assert client.get(f"/releases/{centre.closed}").status_code == 404
    wrong = client.post(manage, data={"release-day": "31", "release-month": "2", "release-year": "2027"})
    assert wrong.status_code == 422
    later = NOW - timedelta(days=1)
    date = {"day": later.day, "month": later.month, "year": later.year, "time": "9:30"}
    form = {f"release-{part}": str(value) for part, value in date.items()} | {"pair-0": "yes"}
    assert "Type of area and region" in words(client.post(manage, data=form).text)
    built = client.post(f"{manage}/build")
    assert "To be checked" in words(built.text)
    assert client.get(f"/releases/{centre.closed}").status_code == 404
    approved = client.post(f"{built.url.path}/approve")
    assert "Published" in words(approved.text)
    assert "Type of area and region" in read(client, f"/releases/{centre.closed}")


def test_nobody_else_enters(centre: Centre, browse: Browse) -> None:
    with centre.database.writing() as session:
        stranger = new_id()
        session.add(Person(id=stranger, name="Stranger", email="stranger@nowhere.example"))
    partner = browse(Actor(stranger, "Stranger", frozenset()))
    release = links(read(browse(centre.administrator), f"/set-up/rounds/{centre.closed}/releases"))["Release 1"]
    reading = ["/releases", *(f"/releases/{centre.closed}{path}" for path in ("", "/cuts/region", "/figures.json"))]
    for path in (*reading, release, f"/set-up/rounds/{centre.closed}/releases"):
        assert partner.get(path).status_code == 403, path
        assert browse(None).get(path, follow_redirects=False).status_code == 303, path
    analyst = browse(centre.analyst)
    assert analyst.get(release).status_code == 403
    assert analyst.post(f"{release}/approve").status_code == 403
    assert analyst.get(f"/releases/{centre.opened}").status_code == 404
    assert analyst.get(f"/releases/{centre.closed}/cuts/nothing").status_code == 404
