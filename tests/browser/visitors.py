"""What visitors do in a browser: step in, answer, and look at a page with axe's eyes."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
(
    OFFICER,
    COLLEAGUE,
    MANAGER,
    CHARITY,
    CONTRIBUTOR,
    CERTIFIER,
    COORDINATOR,
    DEPARTMENT,
    ANALYST,
    ADMINISTRATOR,
) = range(10)
"""The hats of the demonstration, in the order they are offered."""


def step_in(page: Page, service: str, hat: int) -> None:
    """Step in as one of the invented people."""
    page.goto(f"{service}/demonstration")
    with page.expect_navigation():  # a key pressed before is lost with the page
        page.locator("form.app-hat button").nth(hat).click()


def check_page(page: Page) -> None:
    """Fail with what axe finds, where the page is wider than the window, or where a status is torn in two."""
    page.evaluate(AXE.read_text())
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    found = [(item["id"], [node["html"][:200] for node in item["nodes"]]) for item in result["violations"]]
    assert not found, f"{page.url}: {found}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the window"
    torn = page.eval_on_selector_all(
        ".govuk-tag", "tags => tags.filter(tag => tag.clientHeight > 40).map(tag => tag.innerText)"
    )
    assert not torn, f"{page.url}: these stand on more than one line: {torn}"


class Keyboard:
    """Somebody who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, name: str, key: str = "Tab") -> None:
        """Press a key until what is focused has a name like this."""
        for _ in range(120):
            self.page.keyboard.press(key)
            focused = self.page.evaluate(
                "document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText"
            )
            if focused and re.search(name, focused.strip()):
                return
        pytest.fail(f"the keyboard does not reach {name} on {self.page.url}")

    def press_enter(self) -> None:
        """Press enter, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, name: str) -> None:
        """Reach a link or button and press enter."""
        self.reach(name)
        self.press_enter()


def answer(page: Page, label: str = "Early") -> None:
    """Choose a level and save."""
    page.get_by_role("radio", name=label).first.check()
    page.get_by_role("button", name="Save and continue").click()
