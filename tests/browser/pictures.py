"""Takes the pictures of the README from the demonstration: make pictures."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, ViewportSize

from app.main import create_app
from app.settings import ROOT, Settings
from tests.browser.chromium import running_chromium
from tests.browser.visitors import MANAGER, OFFICER, step_in
from tests.servers import running_server

FOLDER: Final = ROOT / "docs" / "pictures"
SIZE: Final[ViewportSize] = {"width": 1000, "height": 780}


def main() -> None:
    """Walk the journey and take a picture at each place that the README shows."""
    FOLDER.mkdir(exist_ok=True)
    with running_demonstration() as service, running_chromium() as browser:
        page = browser.new_page(viewport=SIZE, locale="en-GB", timezone_id="Europe/London")
        step_in(page, service, OFFICER)
        page.get_by_role("link", name="Continue").first.click()
        take(page, "tasks")
        page.get_by_role("button", name="Continue with question").click()
        page.get_by_role("radio", name="Developing").check()
        take(page, "question")
        step_in(page, service, MANAGER)
        page.get_by_role("link", name="See the report").first.click()
        show(page, "#profile")
        take(page, "report")
        page.locator(".app-gap details").first.locator("summary").click()
        show(page, ".app-gap")
        take(page, "working")


@contextmanager
def running_demonstration() -> Iterator[str]:
    """Serve a new demonstration and give its address."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'demonstration.db'}"
        app = create_app(Settings(demonstration=True, secure_cookies=False, database_url=url))
        with running_server(app) as address:
            yield address


def show(page: Page, selector: str) -> None:
    """Bring something to the top of the window."""
    page.locator(selector).first.evaluate("each => { each.scrollIntoView(); document.activeElement.blur(); }")


def take(page: Page, name: str) -> None:
    """Take a picture of what is to be seen now."""
    page.screenshot(path=FOLDER / f"{name}.png", animations="disabled")


if __name__ == "__main__":
    main()
