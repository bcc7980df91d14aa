"""What visitors do in a browser: step in, answer, and look at a page with axe's eyes."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
OFFICER, COLLEAGUE, MANAGER, CHARITY, CONTRIBUTOR, CERTIFIER, COORDINATOR, ANALYST, ADMINISTRATOR = range(9)
"""The hats of the demonstration, in the order they are offered."""


def step_in(page: Page, service: str, hat: int) -> None:
    """Step in as one of the invented people."""
    page.goto(f"{service}/demonstration")
    page.locator("form.app-hat button").nth(hat).click()


def check_page(page: Page) -> None:
    """Fail with what axe finds, or where the page is wider than the window."""
    page.evaluate(AXE.read_text())
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    found = [(item["id"], [node["html"][:200] for node in item["nodes"]]) for item in result["violations"]]
    assert not found, f"{page.url}: {found}"
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} pixels wider than the window"


def answer(page: Page, label: str = "Early") -> None:
    """Choose a level and save."""
    page.get_by_role("radio", name=label).first.check()
    page.get_by_role("button", name="Save and continue").click()
