from playwright.sync_api import Page


def test_chromium_shows_a_page(page: Page) -> None:
    page.set_content("<html lang=en><title>Ready</title><h1>Ready</h1>")
    assert page.title() == "Ready"
    assert page.get_by_role("heading", name="Ready").is_visible()
