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
from app.dependencies import SESSION_COOKIE
from app.domain.access import Actor
from app.domain.aggregate import Cut
from app.main import create_app
from app.renderings.release_words import name_cut
from app.renderings.view_release import LISTED
from app.services import Database, signing_in
from app.settings import Settings
from app.store.models import Person, new_id
from tests.centre import NOW, Centre, make_centre
from tests.sign_ins import KEYS
from tests.statements import counted_statements
from tests.web.conftest import ADDRESS
from tests.web.pages import links, parse, words

FIGURES = ("partnerships", "mean", "lower_quartile", "median", "upper_quartile")
Browse = Callable[[Actor | None], TestClient]


@pytest.fixture
def centre(database: Database, questionnaires: Catalogue) -> Centre:
    return make_centre(database, questionnaires)


@pytest.fixture
def browse(centre: Centre) -> Iterator[Browse]:
    url = centre.database.url.render_as_string(hide_password=False)
    app = create_app(Settings(database_url=url, secure_cookies=False))
    app.state.clock = lambda: NOW

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
        if key.cut != Cut.STANDING  # they are told with the change since
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
    page = read(client, f"/releases/{centre.closed}/cuts/size")
    rows = re.findall(r'<li class="app-plot__row">.*?</li>', page, re.DOTALL)
    plain = {
        re.sub(r'id="plot-[^"]*"|aria-labelledby="[^"]*"|<title.*?</title>|__title">[^<]*<', "", row)
        for row in rows
        if "not shown" in row
    }
    assert len(rows) == 15
    assert len(plain) == 1  # the smallest and the largest differ in their numbers, and neither reaches the threshold


def test_a_cut_that_tells_nothing_is_one_sentence_and_the_list_says_so_before(centre: Centre, browse: Browse) -> None:
    client = browse(centre.analyst)
    release = read(client, f"/releases/{centre.closed}")
    assert links(release)["Deprivation (nothing shown)"] == f"/releases/{centre.closed}/cuts/deprivation"
    assert f"/releases/{centre.closed}/cuts/size" == links(release)["Size"]
    page = read(client, f"/releases/{centre.closed}/cuts/deprivation")
    assert "Nothing is shown by this cut: too few partnerships, or with the other figures" in words(page)
    for empty in ("<svg", "<table", "<details", "Not shown"):
        assert empty not in page
    assert "Deprivation (nothing shown)" in links(read(client, f"/releases/{centre.closed}/cuts/size"))


def test_pages_and_files_hold_the_same(centre: Centre, browse: Browse) -> None:
    """Every gap, and every cell of a question by a cut with its bands, which files have, stand on a page as well."""
    client = browse(centre.analyst)
    content = centre.read(centre.closed)
    release = words(read(client, f"/releases/{centre.closed}"))
    assert len(content.gaps) > LISTED
    assert f"The others, {len(content.gaps) - LISTED} more" in release
    for item in content.gaps:
        assert f"In {item.count} of 40 partnerships" in release
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"/releases/{centre.closed}/figures.csv").content))
    for cut in ("region", "size", "spend"):
        page = words(read(client, f"/releases/{centre.closed}/cuts/{cut}"))
        rows = csv.DictReader(io.StringIO(archive.read("figures.csv").decode("utf-8-sig")))
        told = [row for row in rows if row["cut"] == name_cut(cut) and row["mean"]]
        assert {row["kind"] for row in told} == {"enabler", "question"}
        for row in told:
            of = f"{row['title']} {row['category_title']}"
            figures = [
                row[each] or "–" for each in ("partnerships", "mean", "lower_quartile", "median", "upper_quartile")
            ]
            assert f"{of} {' '.join(figures)}" in page
            if row["in_not_in_place"]:
                assert f"{of} {row['in_not_in_place']} of {row['partnerships']}" in page
    rows = csv.DictReader(io.StringIO(archive.read("commonest.csv").decode("utf-8-sig")))
    assert sum(row["what"] == "gap" for row in rows) == len(content.gaps)
    questions = words(read(client, f"/releases/{centre.closed}/questions"))
    assert "In which band partnerships stand, where that is shown" in questions


def test_an_administrator_withdraws_corrects_and_publishes(centre: Centre, browse: Browse) -> None:
    client = browse(centre.administrator)
    manage = f"/set-up/rounds/{centre.closed}/releases"
    page = read(client, manage)
    release = links(page)["Release 1"]
    audit = read(client, release)
    assert "Nothing new in this release gives a partnership away" in words(audit)
    assert "where 10 are needed" in words(audit)
    refused = client.post(f"{release}/withdraw", data={"reason": " "})
    assert refused.status_code == 422
    assert "Say why" in words(refused.text)
    withdrawn = client.post(f"{release}/withdraw", data={"reason": "A file was wrong"})
    assert "Withdrawn: its pages and files are gone." in words(withdrawn.text)
    gone = client.get(f"/releases/{centre.closed}")
    assert gone.status_code == 404
    assert "was withdrawn on 22 November 2026: A file was wrong." in words(gone.text)
    listed = words(read(client, "/releases"))
    assert "Its release was withdrawn on 22 November 2026: A file was wrong." in listed
    wrong = client.post(manage, data={"release-day": "31", "release-month": "2", "release-year": "2027"})
    assert wrong.status_code == 422
    later = NOW - timedelta(days=1)
    date = {"day": later.day, "month": later.month, "year": later.year, "time": "9:30"}
    form = {f"release-{part}": str(value) for part, value in date.items()} | {"pair-0": "yes"}
    assert "Saved: a release that is approved" in words(client.post(manage, data=form).text)
    built = client.post(f"{manage}/build")
    assert "To be checked" in words(built.text)
    assert client.get(f"/releases/{centre.closed}").status_code == 404
    approved = client.post(f"{built.url.path}/approve", data={"sure": "yes"})
    assert "Published" in words(approved.text)
    assert "Type of area and region (nothing shown)" in read(client, f"/releases/{centre.closed}")
    cut = words(read(client, f"/releases/{centre.closed}/cuts/area-type-by-region"))
    assert "too few with other answers than in an earlier release of the round" in cut


def test_what_was_done_is_said_and_nothing_is_published_by_one_click(centre: Centre, browse: Browse) -> None:
    client = browse(centre.administrator)
    manage = f"/set-up/rounds/{centre.closed}/releases"
    later = NOW + timedelta(days=10)
    date = {"day": later.day, "month": later.month, "year": later.year, "time": "9:30"}
    form = {f"release-{part}": str(value) for part, value in date.items()} | {"pair-0": "yes"}
    planned = words(client.post(manage, data=form).text)
    assert "Saved: a release that is approved becomes visible from 9:30am on 2 December 2026" in planned
    assert "Cuts in two ways: Type of area and region." in planned
    assert "A cut that you add now may tell nothing new" in planned
    built = client.post(f"{manage}/build")
    assert "Built and audited. Nobody but administrators sees it" in words(built.text)
    readers = "central teams, the partnerships of the round under “Where are we?” and other systems"
    assert f"Publish it. It becomes visible from 9:30am on 2 December 2026, to {readers}" in words(built.text)
    unsure = client.post(f"{built.url.path}/approve")
    assert unsure.status_code == 422
    assert "Tick the box to say that it may be published" in words(unsure.text)
    assert "To be checked" in read(client, built.url.path)
    approved = client.post(f"{built.url.path}/approve", data={"sure": "yes"})
    assert f"Approved: visible from 9:30am on 2 December 2026, to {readers}" in words(approved.text)
    assert "Approved: visible" not in read(client, built.url.path)
    for refused in (
        client.post(f"{built.url.path}/approve", data={"sure": "yes"}),
        client.post(f"{manage}/build"),
    ):
        assert refused.status_code == 409
        assert "<title>This is not possible now –" in refused.text
    withdrawn = client.post(f"{built.url.path}/withdraw", data={"reason": "A file was wrong"})
    assert "Withdrawn before anybody could read it." in words(withdrawn.text)
    assert "withdrawn" not in words(read(client, f"/releases/{centre.closed}"))


def test_the_audit_is_summed_up_and_sorted(centre: Centre, browse: Browse) -> None:
    client = browse(centre.administrator)
    audit = read(client, links(read(client, f"/set-up/rounds/{centre.closed}/releases"))["Release 1"])
    told = sum(len(table.cells) for table in centre.read(centre.closed).tables.values())
    found = re.search(r"Of (\d+) cells that any partnership is in, (\d+) are told, (\d+) of .* and (\d+)", audit)
    assert found is not None
    whole, shown, in_part, withheld = map(int, found.groups())
    assert shown == told == whole - withheld
    counts = re.findall(r'summary-text">\s*([A-Z][\w ]*): (\d+) withheld, (\d+) told in part', audit)
    names = [
        "All partnerships",
        "Type of area",
        "Deprivation",
        "Places most alike",
        "Region",
        "Size",
        "Spending per head",
        "Took part before",
    ]
    assert [name for name, *_ in counts] == names
    assert [sum(int(each[place]) for each in counts) for place in (1, 2)] == [withheld, in_part]
    by_reason = words(audit).partition("Told in part")[2].partition("Cell by cell")[0]
    numbers = re.findall(r" (\d+) (\d+)(?= )", by_reason)
    assert [sum(int(each[place]) for each in numbers) for place in (0, 1)] == [withheld, in_part]
    assert "all all" not in audit
    sizes = audit.partition("Size: ")[2].partition("</details>")[0]
    nothing = [match.start() for match in re.finditer(">Nothing<", sizes)]
    assert nothing
    assert max(nothing) < min(match.start() for match in re.finditer(">Mean", sizes))


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
