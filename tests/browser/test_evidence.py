"""Adding a file with keys alone, what a real browser does with it, and the pages at the foot of every page."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitors import OFFICER, check_page, step_in
from tests.evidence_files import HTML, make_pdf

MEGABYTE = 1024 * 1024


def open_files(page: Page, service: str) -> None:
    """Step in as the officer, and go from their question to its files."""
    step_in(page, service, OFFICER)
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name="Continue with question").click()
    page.get_by_role("button", name="as evidence").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Files as evidence")


def choose(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("Add a file").set_input_files({"name": name, "mimeType": "application/pdf", "buffer": content})
    page.get_by_role("button", name="Upload the file").press("Enter")


@pytest.mark.parametrize("width", [1280, 320])
def test_a_file_is_added_saved_and_removed(page: Page, service: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    open_files(page, service)
    check_page(page)
    choose(page, "a page.pdf", HTML)
    expect(page).to_have_title(re.compile("^Error: "))
    check_page(page)
    choose(page, "the strategy.pdf", make_pdf())
    check_page(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="the strategy.pdf", exact=True).press("Enter")
    assert saved.value.suggested_filename == "the strategy.pdf"
    assert saved.value.path().read_bytes() == make_pdf()
    page.get_by_role("link", name="Remove the strategy.pdf").press("Enter")
    check_page(page)
    page.get_by_role("button", name="Remove the file").press("Enter")
    expect(page.get_by_text("There are no files for this question yet")).to_be_visible()


@pytest.mark.parametrize("megabytes", [5.1, 20])
def test_a_file_that_is_too_large_gets_an_answer_in_words(page: Page, service: str, megabytes: float) -> None:
    open_files(page, service)
    choose(page, "large.pdf", bytes(int(megabytes * MEGABYTE)))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("5 MB").first).to_be_visible()


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("path", ["/help", "/cookies", "/accessibility"])
def test_the_pages_at_the_foot_are_sound(page: Page, service: str, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(service + path)
    check_page(page)
