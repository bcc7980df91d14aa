"""The gap report as people meet it: on a telephone, enlarged, following a number to its working, on paper."""

import io

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from app.domain.gaps import make_gap_report
from app.renderings.view import make_report_view
from app.web import standalone
from tests.browser.visitors import MANAGER, step_in
from tests.factories import ENABLERS, make_answers, make_question, make_questionnaire, make_section


@pytest.fixture(scope="module")
def html() -> str:
    """A report with barriers, gaps that are folded, and strengths."""
    questionnaire = make_questionnaire(
        *(make_section(enabler, make_question(f"{enabler}-a"), make_question(f"{enabler}-b")) for enabler in ENABLERS)
    )
    names = [question.id for question in questionnaire.questions]
    answers = make_answers({name: place % 5 for place, name in enumerate(names)})
    return standalone.render(
        make_report_view(make_gap_report(questionnaire, answers), subject="Somewhere", answers=answers)
    )


@pytest.mark.parametrize("width", [320, 375, 768, 1280])  # 320 is 1280 enlarged four times
def test_it_never_scrolls_sideways(page: Page, html: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.set_content(html)
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_number_leads_to_its_working_folded_or_not(page: Page, html: str) -> None:
    page.set_content(html)
    working = page.locator(f"#working-{ENABLERS[0]}")
    expect(working).not_to_be_visible()
    page.locator(f".app-plot__score[href='#working-{ENABLERS[0]}']").click()
    expect(working).to_be_visible()
    expect(working).to_contain_text("Weight × score, added up")


def test_dots_stand_where_their_scores_are(page: Page, html: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.set_content(html)
    for row in page.locator(".app-plot__rows > .app-plot__row").all():
        strip, dot = row.locator(".app-plot__strip").bounding_box(), row.locator(".app-plot__dot").bounding_box()
        assert strip is not None
        assert dot is not None
        place = 100 * (dot["x"] + dot["width"] / 2 - strip["x"]) / strip["width"]
        assert place == pytest.approx(float(row.locator(".app-plot__score").inner_text()), abs=0.5)


def test_what_is_folded_is_printed(page: Page, html: str) -> None:
    page.set_content(html)
    page.emulate_media(media="print")
    expect(page.locator(f"#working-{ENABLERS[0]}")).to_be_visible()
    expect(page.locator(".app-gap-details .app-ladder").first).to_be_visible()
    expect(page.locator(".app-gap-details .app-working").first).not_to_be_visible()
    expect(page.locator(".app-strength .app-working").first).not_to_be_visible()


def test_a_report_is_printed_to_its_last_line_on_few_sheets(page: Page, service: str) -> None:
    step_in(page, service, MANAGER)
    page.get_by_role("link", name="See the report").first.click()
    sheets = print_out(page)
    assert "Fingerprint" in sheets[-1]
    assert len(sheets) <= 24


def test_the_questions_are_printed_two_or_three_a_sheet_and_nothing_around_them(page: Page, service: str) -> None:
    page.goto(f"{service}/questionnaires/local-partners/versions/1")
    questions = page.locator(".app-question-list__item").count()
    sheets = print_out(page)
    assert len(sheets) <= questions / 2
    assert "Skip to main content" not in sheets[0]
    assert "independent of it" not in sheets[-1]


def print_out(page: Page) -> list[str]:
    """Print, once all of the page is there, and give the words of each sheet."""
    page.wait_for_url(lambda address: address.endswith(("/report", "/versions/1")), wait_until="load")
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
