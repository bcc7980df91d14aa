"""Evidence files in the browser's words: uploading, downloading, removing, and what is refused."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from app.catalogue import Catalogue
from app.domain.evidence import LARGEST_FILE, MEDIA_TYPES, FileKind, find_kind
from app.domain.records import AssessmentKey
from app.services import Database
from app.web import paths
from app.web.downloads import attachment
from app.web.partner.evidence import LARGEST_BODY, size_words
from tests.evidence_files import HONEST, HTML, LYING, make_pdf
from tests.people import World, start_assessment
from tests.web.conftest import SignedIn
from tests.web.pages import links, title, words

PDF = make_pdf()
HOSTILE = "<img src=x onerror=alert(1)>{{7+7}}.pdf"
LIES = ("a page as PDF", "a program as PNG", "a DOCM as DOCX", "a bomb", "a drawing", "nothing")
"""Of each sort one; the checks themselves are tested one by one in tests/services."""


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


@pytest.fixture
def here(questionnaires: Catalogue, key: AssessmentKey) -> str:
    """The page of the first question's files."""
    return paths.evidence(key, questionnaires.get("local-partners", 1).questions[0].id)


@pytest.fixture
def officer(browse: SignedIn, world: World) -> TestClient:
    return browse(world.officer)


def upload(client: TestClient, here: str, name: str = "strategy.pdf", content: bytes = PDF) -> Response:
    return client.post(here, files={"file": (name, content)}, follow_redirects=False)


def find_file(client: TestClient, here: str, name: str) -> str:
    return links(client.get(here).text)[name]


def test_a_file_is_uploaded_listed_downloaded_and_removed(officer: TestClient, here: str) -> None:
    empty = officer.get(here)
    assert empty.status_code == 200
    assert "There are no files for this question yet" in words(empty.text)
    reply = upload(officer, here)
    assert (reply.status_code, reply.headers["location"]) == (303, here)
    page = officer.get(here)
    assert f"strategy.pdf ({len(PDF)} bytes)" in words(page.text)
    assert "Added by Officer at 9:30am on 2 November 2026" in words(page.text)
    download = officer.get(find_file(officer, here, "strategy.pdf"))
    assert download.content == PDF
    asked = officer.get(links(page.text)["Remove strategy.pdf"])
    assert "Remove strategy.pdf?" in title(asked.text)
    removed = officer.post(asked.url.path, follow_redirects=False)
    assert (removed.status_code, removed.headers["location"]) == (303, here)
    assert "There are no files for this question yet" in words(officer.get(here).text)
    assert officer.get(download.url.path).status_code == 404
    assert officer.post(asked.url.path).status_code == 404


@pytest.mark.parametrize("name", HONEST)
def test_every_kind_is_served_as_itself_and_only_to_save(officer: TestClient, here: str, name: str) -> None:
    assert upload(officer, here, name, HONEST[name]).status_code == 303
    reply = officer.get(find_file(officer, here, name))
    kind = find_kind(name)
    assert kind is not None
    charset = "; charset=utf-8" if kind in {FileKind.CSV, FileKind.TXT} else ""
    assert reply.content == HONEST[name]
    assert reply.headers["content-type"] == MEDIA_TYPES[kind] + charset
    assert reply.headers["content-disposition"].startswith("attachment; ")
    assert reply.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "private, no-store"
    assert reply.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(("name", "content", "said"), [LYING[lie] for lie in LIES], ids=LIES)
def test_a_file_that_lies_is_refused_on_the_page(
    officer: TestClient, here: str, name: str, content: bytes, said: str
) -> None:
    reply = upload(officer, here, name, content)
    assert reply.status_code == 422
    assert title(reply.text).startswith("Error: ")
    assert said in words(reply.text)
    assert 'href="#file"' in reply.text
    assert "There are no files for this question yet" in words(officer.get(here).text)


def test_no_file_chosen_is_said_so(officer: TestClient, here: str) -> None:
    reply = officer.post(here, files={"file": ("", b"")})
    assert reply.status_code == 422
    assert "Select a file" in words(reply.text)


def test_a_name_is_shown_and_sent_as_text(officer: TestClient, here: str) -> None:
    assert upload(officer, here, HOSTILE).status_code == 303
    page = officer.get(here).text
    assert "<img" not in page
    assert "{{7+7}}.pdf" in words(page)
    header = officer.get(re.findall(r'href="([^"]*/evidence/[^"/]*)"', page)[0]).headers["content-disposition"]
    assert "<" not in unquote(header)


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("strategy.pdf", "attachment; filename=\"strategy.pdf\"; filename*=UTF-8''strategy.pdf"),
        ("a b.pdf", "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"),
        ('a"b\\c%41.pdf', "attachment; filename=\"a_b_c_41.pdf\"; filename*=UTF-8''a%22b%5Cc%2541.pdf"),
        ("Café £.pdf", "attachment; filename=\"Cafe .pdf\"; filename*=UTF-8''Caf%C3%A9%20%C2%A3.pdf"),
        ("日本.pdf", "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf"),
        ("a\r\nX: b.pdf", "attachment; filename=\"a__X: b.pdf\"; filename*=UTF-8''a%0D%0AX%3A%20b.pdf"),
    ],
)
def test_a_name_in_a_header_follows_rfc_6266(name: str, header: str) -> None:
    assert attachment(name) == header


def test_a_body_that_is_too_large_is_refused_in_words_without_being_read(officer: TestClient, here: str) -> None:
    largest = b"a" * LARGEST_FILE
    assert upload(officer, here, "a.txt", largest).status_code == 303
    over = upload(officer, here, "b.txt", largest + b"a")
    assert over.status_code == 413
    assert "must be smaller than 5 MB" in words(over.text)
    for body in (b"a" * (LARGEST_BODY + 1), _pieces(LARGEST_BODY + 1)):
        reply = officer.post(here, content=body, headers={"content-type": "multipart/form-data; boundary=x"})
        assert reply.status_code == 413
        assert "That is too large to send" in title(reply.text)
        assert "up to 5 MB" in words(reply.text)


def _pieces(size: int) -> Iterator[bytes]:
    """Send without saying how much it will be."""
    for start in range(0, size, 65_536):
        yield b"a" * min(65_536, size - start)


@pytest.mark.parametrize("path", ["", "/", "/x", "/../evidence", "/check-answers"])
def test_nowhere_else_takes_as_much(officer: TestClient, here: str, path: str) -> None:
    elsewhere = here.removesuffix("/evidence") + path
    for body in (b"a" * 1_000_001, _pieces(1_000_001)):
        reply = officer.post(elsewhere, content=body, headers={"content-type": "application/x-www-form-urlencoded"})
        assert reply.status_code in {404, 405, 413}
        assert reply.status_code == 413 or path


@pytest.mark.parametrize(
    "send",
    [
        {"files": {"other": ("a.pdf", PDF)}},
        {"files": [("file", ("a.pdf", PDF)), ("file", ("b.pdf", PDF))]},
        {"files": {"file": ("a.pdf", PDF)}, "data": {"extra": "1"}},
        {"data": {"file": "a.pdf"}},
        {"content": b"--x\r\nbroken", "headers": {"content-type": "multipart/form-data; boundary=x"}},
        {"content": b"", "headers": {"content-type": "multipart/form-data"}},
    ],
)
def test_another_form_is_refused(officer: TestClient, here: str, send: dict[str, object]) -> None:
    reply = officer.post(here, **send)  # type: ignore[arg-type]
    assert reply.status_code in {400, 415, 422}
    assert "There are no files for this question yet" in words(officer.get(here).text)


def test_a_post_of_another_site_is_refused(officer: TestClient, here: str) -> None:
    reply = officer.post(here, files={"file": ("a.pdf", PDF)}, headers={"sec-fetch-site": "cross-site"})
    assert reply.status_code == 403


def test_others_find_nothing_there(browse: SignedIn, world: World, officer: TestClient, here: str) -> None:
    upload(officer, here)
    file = find_file(officer, here, "strategy.pdf")
    for stranger in (browse(world.manager), browse(world.analyst)):
        for reply in (stranger.get(here), stranger.get(file), stranger.get(f"{file}/remove"), upload(stranger, here)):
            assert reply.status_code == 404
        assert stranger.post(f"{file}/remove").status_code == 404
    nobody = browse(None)
    for path in (here, file, f"{file}/remove"):
        assert nobody.get(path, follow_redirects=False).headers["location"].startswith(paths.SIGN_IN)
    assert upload(nobody, here).headers["location"].startswith(paths.SIGN_IN)
    assert browse(world.colleague).get(file).content == PDF


@pytest.mark.parametrize("file_id", ["x", "00000000-0000-7000-8000-000000000000", "..%2F..", "%00"])
def test_ids_of_nothing_lead_nowhere(officer: TestClient, here: str, file_id: str) -> None:
    for path in (f"{here}/{file_id}", f"{here}/{file_id}/remove"):
        assert officer.get(path).status_code == 404
    assert officer.post(f"{here}/{file_id}/remove").status_code == 404


def test_looking_changes_nothing(officer: TestClient, here: str) -> None:
    upload(officer, here)
    file = find_file(officer, here, "strategy.pdf")
    assert officer.get(f"{file}/remove").status_code == 200
    assert officer.head(file).headers["content-length"] == str(len(PDF))
    assert officer.get(file).content == PDF


def test_a_page_never_comes_back_as_a_page(officer: TestClient, here: str) -> None:
    """Text may hold markup further down: it is text, and is saved."""
    upload(officer, here, "notes.txt", b"Minutes\n" + HTML)
    reply = officer.get(find_file(officer, here, "notes.txt"))
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("size", "text"),
    [(1, "1 byte"), (1023, "1023 bytes"), (1024, "1 KB"), (1_048_575, "1023 KB"), (1_048_576, "1.0 MB")],
)
def test_sizes_are_written_for_people(size: int, text: str) -> None:
    assert size_words(size) == text


def test_the_question_leads_to_its_files_and_saves_on_the_way(officer: TestClient, here: str) -> None:
    question = here.removesuffix("/evidence")
    assert "Save, and add files as evidence" in words(officer.get(question).text)
    leave = {"then": "files", "version": "0"}
    reply = officer.post(question, data=leave, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, here)
    typed = officer.post(question, data={**leave, "note": "Typed"}, follow_redirects=False)
    assert (typed.status_code, "Typed" in words(typed.text)) == (422, True)
    reply = officer.post(question, data={**leave, "choice": "dont-know", "note": "Typed"}, follow_redirects=False)
    assert (reply.status_code, reply.headers["location"]) == (303, here)
    upload(officer, here)
    page = words(officer.get(question).text)
    assert "Save, and see 1 file as evidence" in page
    assert "Typed" in page


def test_the_answers_say_how_many_files_there_are(officer: TestClient, here: str) -> None:
    check = re.sub("/questions/.*", "/check-answers", here)
    assert here not in links(officer.get(check).text).values()
    upload(officer, here)
    upload(officer, here, "figures.csv", HONEST["figures.csv"])
    found = {name: path for name, path in links(officer.get(check).text).items() if path == here}
    assert [name.startswith("2 files as evidence for: ") for name in found] == [True]
