"""Every role in a real browser: each kind of page it can be led to is sound, and its work is done with keys alone."""

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.main import create_app
from app.settings import Settings
from tests.browser.visitors import (
    ADMINISTRATOR,
    CERTIFIER,
    CONTRIBUTOR,
    COORDINATOR,
    DEPARTMENT,
    OFFICER,
    Keyboard,
    check_page,
    step_in,
)
from tests.servers import running_server

MOST_PAGES = 120
"""A role with more kinds of pages than this has lost its way, or this limit is to be raised."""
IDS = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[A-Z][0-9]{8}|(?<=/questions/)[\w-]+|(?<=/sections/)[\w-]+"
    r"|(?<=/set-up/indicators/)[\w-]+(?=/years)"
)
FILES = re.compile(r"\.(json|csv|pdf|txt|xlsx|ods)$|/evidence/|/static/|/openapi")


@pytest.fixture
def own_service(tmp_path: Path) -> Iterator[str]:
    """A demonstration of the test's own, as it moves assessments on."""
    url = f"sqlite:///{tmp_path / 'own.db'}"
    with running_server(create_app(Settings(database_url=url, demonstration=True, secure_cookies=False))) as address:
        yield address


def list_kinds(page: Page, service: str) -> Iterator[str]:
    """Follow links, one address of each kind: those that differ only in their ids or queries are of one kind."""
    seen: set[str] = set()
    waiting = deque([page.url])
    while waiting:
        address = waiting.popleft()
        path = address.removeprefix(service).partition("?")[0].partition("#")[0]
        kind = IDS.sub("ID", path)
        if kind in seen or FILES.search(path):
            continue
        seen.add(kind)
        assert len(seen) <= MOST_PAGES, sorted(seen)
        page.goto(address)
        yield kind
        waiting.extend(
            href
            for href in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
            if href.startswith(service)
        )


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("hat", [OFFICER, CONTRIBUTOR, CERTIFIER, COORDINATOR, DEPARTMENT, ADMINISTRATOR])
def test_every_kind_of_page_is_sound(page: Page, service: str, hat: int, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    step_in(page, service, hat)
    for _ in list_kinds(page, service):
        check_page(page)


def test_a_section_is_given_to_a_colleague_with_keys_alone(page: Page, own_service: str) -> None:
    step_in(page, own_service, OFFICER)
    keys = Keyboard(page)
    keys.follow("^Continue")
    keys.follow("^Give to a colleague")
    keys.reach("Anjali Desai")
    page.keyboard.press("Space")
    keys.reach("[Mm]essage")
    page.keyboard.type("You were at the board when this was decided.")
    keys.follow("^Give")
    expect(page.get_by_text("Given to Anjali Desai").first).to_be_visible()


def test_what_was_submitted_is_signed_off_and_reopened_with_keys_alone(page: Page, own_service: str) -> None:
    keys = Keyboard(page)
    step_in(page, own_service, CERTIFIER)
    keys.follow("[Ss]ign it off|[Ss]ign off")
    keys.reach("^I |confirm|declare")
    page.keyboard.press("Space")
    keys.follow("^Sign off")
    page.goto(f"{own_service}/assessments")
    expect(page.get_by_text("Signed off").first).to_be_visible()

    step_in(page, own_service, COORDINATOR)
    keys.follow("^Reopen")
    keys.reach("[Ww]hy|[Rr]eason")
    page.keyboard.type("The board has seen new figures.")
    keys.follow("^Reopen")
    expect(page.get_by_text("Reopened").first).to_be_visible()


def test_a_meeting_is_run_with_keys_alone_and_the_arrows_turn_the_page(page: Page, own_service: str) -> None:
    keys = Keyboard(page)
    step_in(page, own_service, COORDINATOR)
    page.get_by_text(re.compile("round .*finished")).first.focus()
    keys.reach("round .*finished")
    page.keyboard.press("Enter")  # unfolds the round that has closed
    keys.follow("^See the partnership report")
    keys.follow("^Run the meeting")
    for _ in range(2):
        keys.reach("^Larkminster")
        page.keyboard.press("Space")
    keys.follow("^Begin the meeting")
    keys.follow("^(Begin|Go on) with the list")
    first = page.url
    keys.reach("^(Embedded|Not started)")
    page.keyboard.press("Space")
    keys.reach("^Why")
    page.keyboard.type("The papers of March show it")
    page.keyboard.press("ArrowLeft")  # moves in the text, and turns no page
    page.keyboard.type("!")
    keys.follow("^Record and go on")
    assert page.url != first
    second = page.url
    page.locator("body").focus()
    with page.expect_navigation():
        page.keyboard.press("ArrowLeft")
    assert page.url == first
    expect(page.get_by_text("The papers of March show i!t").first).to_be_visible()
    with page.expect_navigation():
        page.keyboard.press("ArrowRight")
    assert page.url == second
