"""The partner's journey in a real browser: with keys alone, without a script, enlarged, and two at once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.visitors import (
    ANALYST,
    CHARITY,
    COLLEAGUE,
    MANAGER,
    OFFICER,
    Keyboard,
    answer,
    check_page,
    step_in,
)

SIZES = {"desktop": (1280, 900), "telephone": (375, 740), "enlarged four times": (320, 256)}


@pytest.fixture(params=SIZES)
def sized(request: pytest.FixtureRequest, page: Page) -> Page:
    width, height = SIZES[request.param]
    page.set_viewport_size({"width": width, "height": height})
    return page


@pytest.fixture
def without_script(browser: Browser) -> Iterator[Page]:
    with browser.new_context(java_script_enabled=False) as context:
        yield context.new_page()


def test_axe_finds_nothing_and_nothing_is_cut_off(sized: Page, service: str) -> None:
    page = sized
    for path in ("/", "/sign-in", "/demonstration", "/how-scores-are-worked-out", "/api", "/nowhere"):
        page.goto(service + path)
        check_page(page)
    page.goto(f"{service}/questionnaires/local-partners/versions/1")
    check_page(page)

    step_in(page, service, OFFICER)
    check_page(page)
    page.get_by_role("link", name="Continue").click()
    check_page(page)
    page.get_by_role("button", name="Continue with question").click()
    page.get_by_text("Add a note or evidence").click()
    check_page(page)
    question = page.url
    page.get_by_role("link", name="Ask or tell colleagues something").click()
    check_page(page)
    page.goto(re.sub("/questions/.*", "/sections/securing-funding", question))
    check_page(page)
    page.goto(question)
    page.get_by_role("button", name="Save and continue").click()
    expect(page).to_have_title(re.compile("^Error: "))
    check_page(page)
    page.goto(re.sub("/questions/.*", "/check-answers", page.url))
    check_page(page)

    step_in(page, service, MANAGER)
    page.get_by_role("link", name="See the report").first.click()
    check_page(page)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    check_page(page)

    step_in(page, service, ANALYST)
    check_page(page)


def test_with_keys_alone_from_the_start_page_to_a_saved_answer(page: Page, service: str) -> None:
    keys = Keyboard(page)
    page.goto(service)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    keys.follow("Start now")
    keys.reach("Step in$")
    keys.follow("Step in$")  # the first hat, after the navigation
    keys.follow("^Continue")
    keys.follow("^Continue with")
    number = page.locator(".app-position").inner_text()
    keys.reach("^Not started")
    page.keyboard.press("ArrowDown")
    keys.follow("Save and continue")
    expect(page.locator(".app-position")).not_to_have_text(number)


def test_the_whole_journey_without_a_script(without_script: Page, service: str) -> None:
    page = without_script
    step_in(page, service, CHARITY)
    page.get_by_role("link", name="Start").first.click()
    page.get_by_role("button", name="Start the assessment").click()
    page.get_by_role("button", name="Start with question 1").click()
    expect(page.get_by_role("textbox", name="Why does it not apply")).to_have_count(0)
    for number in range(1, 31):
        expect(page.locator(".app-position")).to_have_text(f"Question {number} of 30")
        answer(page, "Developing" if number % 2 else "Don’t know")
        if number == 8:  # and leave
            page.goto(f"{service}/assessments")
            page.get_by_role("link", name="Continue").first.click()
            page.get_by_role("button", name="Continue with question 9").click()
        elif number % 6 == 0 and number < 30:
            page.get_by_role("button", name=f"Continue with question {number + 1}").click()
    page.get_by_role("button", name="Check your answers and submit").click()
    page.locator("main").get_by_role("link", name="Change").first.click()
    answer(page, "Embedded")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers before you submit")
    page.get_by_role("button", name="Submit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Assessment submitted")
    page.get_by_role("button", name="See the gap report").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Carers’ Centre")
    page.locator("summary").first.click()


def test_two_colleagues_save_one_answer_at_once(browser: Browser, service: str) -> None:
    def open_question(context: BrowserContext, hat: int) -> Page:
        page = context.new_page()
        step_in(page, service, hat)
        page.get_by_role("link", name="Continue").click()
        page.get_by_role("link", name="Building trusting relationships", exact=True).click()
        page.get_by_text("Add a note or evidence").click()
        return page

    with browser.new_context() as here, browser.new_context() as there:
        first, second = open_question(here, OFFICER), open_question(there, COLLEAGUE)
        first.get_by_label("Note for your partners").fill("We met twice.")
        second.get_by_label("Note for your partners").fill("We met once,\nnot twice.")
        answer(first, "Early")
        answer(second, "Not started")
        expect(second.get_by_role("heading", level=1)).to_have_text("Somebody else has answered this question")
        expect(second.locator("dd", has_text="We met twice.")).to_be_visible()
        expect(second.locator("dd", has_text="We met once, not twice.")).to_be_visible()
        check_page(second)
        second.get_by_role("button", name="Save mine instead").click()
        first.goto(f"{service}/assessments")
        first.get_by_role("link", name="Continue").click()
        first.goto(re.sub("$", "/questions/leaders-trust", first.url))
        expect(first.get_by_label("Note for your partners")).to_have_value("We met once,\nnot twice.")


def test_a_one_time_link_signs_in_once(page: Page, service: str) -> None:
    page.goto(f"{service}/sign-in")
    page.get_by_label("Email address").fill("nobody")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter an email address in the right form")
    page.get_by_label("Email address").fill("Hannah.Oyelaran@larkminster-city-council.example")
    page.get_by_role("button", name="Send the link").click()
    page.get_by_role("link", name="See the mail it would send").click()
    page.get_by_role("link", name="your link to sign in").first.click()
    link = page.locator("main a[href*='/sign-in/']").get_attribute("href") or ""
    link = link if link.startswith("http") else service + link
    page.goto(link)
    page.reload()  # looking does not spend it
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your assessments")
    page.get_by_role("button", name="Sign out").click()
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This link no longer works")
