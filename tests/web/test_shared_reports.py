"""The partnership report as files, and shared with somebody outside: on pages, as everybody."""

import io
import json
import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from pypdf import PdfReader
from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.renderings.partnership_files import MEDIA_TYPES, PartnershipForm
from app.services import Database
from app.services.limiting import MOST, Slowed
from app.store.models import ReportLink
from tests.house.demonstration import read_business_data
from tests.people import NOW, World
from tests.renderings.reading import pdf_words
from tests.renderings.test_forms import find_tags
from tests.renderings.workbooks import read_csv, read_ods, read_xlsx
from tests.submitted import Partners, add_partners, agree
from tests.web.conftest import SignedIn
from tests.web.pages import hidden, links, parse, words

AGREED = "shared-picture"
FORMS = list(PartnershipForm)


@pytest.fixture
def partners(database: Database, questionnaires: Catalogue, world: World) -> Partners:
    partners = add_partners(database, world, questionnaires.get("local-partners", 1))
    agree(database, world, partners.coordinator, {AGREED: "early"})
    return partners


def report_of(partners: Partners, end: str = "") -> str:
    return f"/partnerships/{partners.world.partnership}/rounds/{partners.world.round}/report{end}"


def make_link(client: TestClient, partners: Partners, **fields: str) -> str:
    """Make a link by the page, and give its path."""
    page = client.get(report_of(partners, "/links"))
    sent = {"label": "The board & friends", "days": "30", "id": hidden(page.text, "id"), **fields}
    made = client.post(report_of(partners, "/links"), data=sent)
    assert made.status_code == 200, words(made.text)
    parse(made.text)
    (address,) = re.findall(r'value="http://127\.0\.0\.1:8000(/partnerships/[^"]+)"', made.text)
    return str(address)


# ---- Files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_saved_under_a_name_of_ours_and_kept_nowhere(
    browse: SignedIn, partners: Partners, form: PartnershipForm
) -> None:
    reply = browse(partners.world.officer).get(report_of(partners, f".{form}"))
    assert reply.status_code == 200
    assert reply.headers["content-type"] == MEDIA_TYPES[form]
    assert reply.headers["cache-control"] == "no-store"
    end = "-csv.zip" if form is PartnershipForm.CSV else f".{form}"
    assert reply.headers["content-disposition"] == f'attachment; filename="partnership-report{end}"'


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("name", "status"), [("elsewhere", 404), ("administrator", 404), ("charity_lead", 200), ("coordinator", 200)]
)
def test_a_file_is_for_those_the_report_is_open_to(
    browse: SignedIn, partners: Partners, form: PartnershipForm, name: str, status: int
) -> None:
    assert browse(getattr(partners, name)).get(report_of(partners, f".{form}")).status_code == status


def test_a_file_is_not_there_before_it_is_open(
    browse: SignedIn, database: Database, questionnaires: Catalogue, world: World
) -> None:
    partners = add_partners(database, world, questionnaires.get("local-partners", 1), "charity")
    for actor, status in ((partners.charity_lead, 409), (partners.coordinator, 409), (world.officer, 200)):
        reply = browse(actor).get(report_of(partners, ".json"))
        assert reply.status_code == status, actor.name
        assert ("note of council" in reply.text) is (status == 200)


def test_what_is_no_form_or_view_is_not_there(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    for end in (".doc", ".pdf?view=other", ".html"):
        assert client.get(report_of(partners, end)).status_code == 404


def test_the_files_of_a_report_have_the_same_numbers(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    told = client.get(report_of(partners, ".json")).json()
    xlsx = read_xlsx(client.get(report_of(partners, ".xlsx")).content)
    ods = read_ods(client.get(report_of(partners, ".ods")).content)
    csv = read_csv(client.get(report_of(partners, ".csv")).content)
    for place, question in enumerate(told["questions"], start=1):
        score = question["score"]
        cells = (xlsx["questions"][place][4], ods["questions"][place][4])
        assert [float(cell) for cell in cells if isinstance(cell, Decimal)] == [score, score]
        assert float(csv["questions"][place][4]) == score
    assert {row[0] for row in csv["organisations"][1:]} >= {"'=Harrow Vale Charity", "Harrow Vale Council"}
    assert "'=agreed" in {row[18] for row in csv["questions"][1:]}


def test_a_file_shows_what_each_answered_or_what_was_agreed(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    individual, agreed = (client.get(report_of(partners, f".json{view}")).json() for view in ("", "?view=agreed"))
    assert [each["shows"] for each in (individual, agreed)] == ["individual", "agreed"]
    (before,) = (each for each in individual["questions"] if each["id"] == AGREED)
    (after,) = (each for each in agreed["questions"] if each["id"] == AGREED)
    assert before["score"] != after["score"] == 25.0
    text = client.get(report_of(partners, ".txt?view=agreed")).text
    assert "What the partnership agreed on 1 question, at meetings held on 2 November" in " ".join(text.split())


def test_the_pdf_is_a_tagged_board_paper_with_page_numbers(browse: SignedIn, partners: Partners) -> None:
    content = browse(partners.coordinator).get(report_of(partners, ".pdf")).content
    pdf = PdfReader(io.BytesIO(content))
    catalogue: Any = pdf.trailer["/Root"]
    assert catalogue["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_object().get_data()
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Link", "/P"} <= set(find_tags(catalogue["/StructTreeRoot"]))
    for place, page in enumerate(pdf.pages, start=1):
        assert f"Page {place} of {len(pdf.pages)}" in " ".join(page.extract_text().split())
    first = " ".join(pdf.pages[0].extract_text().split())
    for said in ("Upper Harrow Vale", "Autumn round", "2 November 2026", "What each organisation answered"):
        assert said in first
    whole = pdf_words(content)
    for name in ("Harrow Vale Council", "Harrow Vale Trust", "=Harrow Vale Charity"):
        assert whole.count(name) > 2
    assert "from their mean on average" in whole  # a contested question, with what each answered


# ---- Making and ending links -----------------------------------------------------------------------------------------


def test_a_coordinator_is_told_what_can_be_read_makes_a_link_and_ends_it(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    page = client.get(report_of(partners, "/links"))
    parse(page.text)
    assert "can read and save everything in the report" in words(page.text)
    assert "answers and notes" in words(page.text)
    path = make_link(client, partners)
    page = client.get(report_of(partners, "/links"))
    assert "The board & friends Works until 9:30am on 2 December 2026. Not opened yet." in words(page.text)
    assert path.rsplit("/", 1)[1] not in page.text
    assert browse(None).get(path).status_code == 200
    assert "Opened 1 time, last at 9:30am on 2 November 2026" in words(client.get(report_of(partners, "/links")).text)
    (action,) = re.findall(r'action="([^"]+/end)"', page.text)
    ended = browse(partners.second).post(action)
    assert "Ended at 9:30am on 2 November 2026" in words(ended.text)
    assert browse(None).get(path).status_code == 404


def test_what_was_typed_is_kept_beside_what_is_wrong(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    reply = client.post(report_of(partners, "/links"), data={"label": "x" * 121, "days": "90"})
    assert reply.status_code == 422
    parse(reply.text)
    assert "shorten it to 120 or fewer" in words(reply.text)
    assert "x" * 121 in reply.text
    assert re.search(r'value="90" checked', reply.text)


def test_a_form_that_is_sent_again_leads_to_the_list(browse: SignedIn, partners: Partners) -> None:
    client = browse(partners.coordinator)
    sent = {"label": "The board", "days": "7", "id": hidden(client.get(report_of(partners, "/links")).text, "id")}
    assert "The link is made" in client.post(report_of(partners, "/links"), data=sent).text
    again = client.post(report_of(partners, "/links"), data=sent)
    assert again.url.path == report_of(partners, "/links")
    assert again.text.count("End this link") == 1


def test_nobody_but_coordinators_gets_to_the_links(browse: SignedIn, partners: Partners) -> None:
    everybody: tuple[Actor, ...] = (partners.world.officer, partners.elsewhere, partners.administrator)
    for actor in everybody:
        client = browse(actor)
        assert client.get(report_of(partners, "/links")).status_code == 404
        sent = {"label": "The board", "days": "7"}
        assert client.post(report_of(partners, "/links"), data=sent).status_code == 404


# ---- What a link shows -----------------------------------------------------------------------------------------------


def test_a_shared_report_says_whose_it_is_and_leads_nowhere_else(browse: SignedIn, partners: Partners) -> None:
    path = make_link(browse(partners.coordinator), partners)
    reply = browse(None).get(path)
    parse(reply.text)
    page = words(reply.text)
    assert "Shared with The board & friends by Coordinator until 9:30am on 2 December 2026." in page
    assert "Upper Harrow Vale" in page
    assert "=Harrow Vale Charity" in page
    inside = [href for href in links(reply.text).values() if href.startswith("/")]
    assert inside
    assert [href for href in inside if not href.startswith(path)] == []
    assert "<form" not in reply.text


def test_a_shared_report_is_found_by_no_engine_told_to_no_site_and_kept_nowhere(
    browse: SignedIn, partners: Partners
) -> None:
    path = make_link(browse(partners.coordinator), partners)
    for end in ("", *(f"/report.{form}" for form in FORMS)):
        headers = browse(None).get(f"{path}{end}").headers
        assert headers["x-robots-tag"] == "noindex, nofollow"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"


def test_everything_a_shared_report_leads_to_is_there(browse: SignedIn, partners: Partners) -> None:
    path = make_link(browse(partners.coordinator), partners)
    client = browse(None)
    found = links(client.get(path).text)
    assert {"PDF, for a board paper", "Excel workbook", "See what the partnership agreed"} <= set(found)
    for href in found.values():
        if href.startswith("/"):
            assert client.get(href).status_code == 200, href
    agreed = client.get(found["See what the partnership agreed"])
    assert "What the partnership agreed on 1 question" in words(agreed.text)
    assert links(agreed.text)["PDF, for a board paper"].endswith("?view=agreed")
    own = browse(partners.coordinator).get(report_of(partners, ".xlsx")).content
    assert client.get(found["Excel workbook"]).content == own


def test_looking_at_a_shared_report_changes_no_data(browse: SignedIn, database: Database, partners: Partners) -> None:
    path = make_link(browse(partners.coordinator), partners)
    before = read_business_data(database)
    for end in ("", "/report.json"):
        assert browse(None).get(f"{path}{end}").status_code == 200
    assert read_business_data(database) == before


# ---- Wrong, run out, ended -------------------------------------------------------------------------------------------


def test_a_link_that_is_wrong_has_run_out_or_was_ended_looks_the_same(
    browse: SignedIn, database: Database, partners: Partners
) -> None:
    client = browse(partners.coordinator)
    run_out, ended = make_link(client, partners), make_link(client, partners, label="Others")
    with database.writing() as session:
        session.execute(update(ReportLink).where(ReportLink.label == "Others").values(revoked_at=NOW))
        session.execute(
            update(ReportLink).where(ReportLink.label != "Others").values(expires_at=NOW - timedelta(seconds=1))
        )
    wrong = f"/partnerships/{partners.world.partnership}/shared/{'x' * 43}"
    elsewhere = f"/partnerships/{partners.world.round}/shared/{'x' * 43}"
    for end in ("", "/report.pdf", "/report.json"):
        replies = [browse(None).get(f"{path}{end}") for path in (run_out, ended, wrong, elsewhere)]
        assert {reply.status_code for reply in replies} == {404}
        assert len({reply.content for reply in replies}) == 1
        assert len({json.dumps(list_headers(reply)) for reply in replies}) == 1


def list_headers(reply: Response) -> Mapping[str, str]:
    """Give the headers but for the id of the request, which says nothing of it."""
    return {name: value for name, value in sorted(reply.headers.items()) if name != "x-request-id"}


def test_a_source_that_guesses_waits_and_a_right_link_still_opens(browse: SignedIn, partners: Partners) -> None:
    path = make_link(browse(partners.coordinator), partners)
    client = browse(None)
    wrong = f"/partnerships/{partners.world.partnership}/shared/guess"
    replies = [client.get(wrong).status_code for _ in range(MOST[Slowed.FAILED_TOKEN] + 1)]
    assert replies == [404] * MOST[Slowed.FAILED_TOKEN] + [429]
    assert client.get(path).status_code == 200


def test_a_link_ends_by_itself(browse: SignedIn, partners: Partners) -> None:
    path = make_link(browse(partners.coordinator), partners, days="7")
    client = browse(None)
    app = client.app
    app.state.clock = lambda: NOW + timedelta(days=7, seconds=-1)  # type: ignore[attr-defined]
    assert client.get(path).status_code == 200
    app.state.clock = lambda: NOW + timedelta(days=7)  # type: ignore[attr-defined]
    assert client.get(path).status_code == 404
