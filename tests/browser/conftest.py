import contextlib
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from app.main import create_app
from app.settings import Settings
from tests.browser.chromium import ChromiumUnavailableError, running_chromium
from tests.needs import unmet
from tests.servers import running_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, one per worker."""
    with contextlib.ExitStack() as stack:
        try:
            chromium = stack.enter_context(running_chromium())
        except ChromiumUnavailableError as error:
            unmet("browser", str(error))
        yield chromium


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor with no past: no cookies, nothing stored."""
    with browser.new_context(locale="en-GB", timezone_id="Europe/London") as context:
        context.set_default_timeout(30_000)
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration on this machine, one per worker."""
    url = f"sqlite:///{tmp_path_factory.mktemp('demonstration') / 'demonstration.db'}"
    with running_server(create_app(Settings(database_url=url, demonstration=True, secure_cookies=False))) as address:
        yield address
