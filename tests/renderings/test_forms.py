"""The forms themselves: markup without faults, a tagged PDF, text that a screen reader reads well."""

import io
import re
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader
from pypdf.generic import IndirectObject

from app.domain.gaps import make_gap_report
from app.domain.partnership import make_partnership_report
from app.renderings import as_json, as_pdf, as_text, files
from app.renderings.files import Form
from app.renderings.shapes import ReportView
from app.renderings.view import Fact, make_report_view
from app.web import standalone
from app.web.templating import get_environment
from tests.factories import ENABLERS, make_answers, make_question, make_questionnaire, make_section
from tests.renderings.reading import XHTML, by_class, parse_html, table_rows, words_of

NAMES = [f"{enabler}-{letter}" for enabler in ENABLERS for letter in "abc"]


@pytest.fixture(scope="module")
def questionnaire() -> Any:  # noqa: ANN401
    return make_questionnaire(
        *(
            make_section(enabler, *(make_question(f"{enabler}-{letter}", critical=letter == "a") for letter in "abc"))
            for enabler in ENABLERS
        )
    )


@pytest.fixture(scope="module")
def view(questionnaire: Any) -> ReportView:  # noqa: ANN401
    choices: list[int | str] = [0, 1, 2, 3, 4, "dont-know", "not-applicable", 1]
    answers = make_answers({name: choices[place % 8] for place, name in enumerate(NAMES)})
    report = make_gap_report(questionnaire, answers)
    return make_report_view(report, subject="Somewhere", context=[Fact("Round", "Autumn 2026")], answers=answers)


@pytest.fixture(scope="module")
def partnership_view(questionnaire: Any) -> ReportView:  # noqa: ANN401
    organisations = {
        f"Body {shift}": make_answers({name: (place * shift + shift) % 5 for place, name in enumerate(NAMES)})
        for shift in range(4)
    }
    report = make_partnership_report(questionnaire, organisations)
    return make_report_view(report, subject="Together", organisations=organisations)


@pytest.fixture(params=["view", "partnership_view"])
def any_view(request: pytest.FixtureRequest) -> ReportView:
    view: ReportView = request.getfixturevalue(request.param)
    return view


def test_the_file_is_html_without_faults_and_needs_nothing_else(any_view: ReportView) -> None:
    html = standalone.render(any_view)
    tree = parse_html(html)
    assert tree.get("lang") == "en"
    assert words_of(next(tree.iter(f"{XHTML}title"))) == f"{any_view.title}: {any_view.subject}"
    assert not re.search(r"(?:src|style)=|<link|<script|url\(|@import", html)


def test_the_parts_of_the_page_carry_no_style_and_no_script(any_view: ReportView) -> None:
    parts = get_environment().get_template("report/parts.html").module
    html = str(parts.report_body(any_view))  # type: ignore[attr-defined]
    parse_html(html, fragment=True)
    assert not re.search(r"style=|<style|<script|\bon\w+=", html)


def test_every_link_inside_leads_somewhere_and_no_id_is_used_twice(any_view: ReportView) -> None:
    tree = parse_html(standalone.render(any_view))
    ids = [name for element in tree.iter() if (name := element.get("id"))]
    assert len(ids) == len(set(ids))
    inside = {href[1:] for element in tree.iter() if (href := element.get("href", "")).startswith("#")}
    assert inside
    assert inside <= set(ids)


def test_what_is_folded_stands_in_the_outline_and_no_level_is_left_out(any_view: ReportView) -> None:
    tree = parse_html(standalone.render(any_view))
    headings = [each for each in tree.iter() if each.tag in {f"{XHTML}h{level}" for level in range(1, 7)}]
    levels = [int(each.tag[-1]) for each in headings]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    titles = [words_of(each) for each in headings]
    for gap in (*any_view.first_gaps, *any_view.other_gaps):
        assert f"{gap.place}. {gap.question}" in titles
    for group in any_view.strengths:
        assert {item.question for item in group.items} <= set(titles)
    assert {working.title for working in any_view.workings} <= set(titles)


def test_every_score_of_the_profile_leads_to_its_working(any_view: ReportView) -> None:
    tree = parse_html(standalone.render(any_view))
    assert [link.get("href") for link in by_class(tree, "app-plot__score")] == [
        f"#{row.working}" for row in any_view.profile if row.score
    ]


def test_the_plot_is_a_picture_with_words_and_its_numbers_stand_in_a_table_too(any_view: ReportView) -> None:
    tree = parse_html(standalone.render(any_view))
    strips = [element for element in tree.iter() if element.get("role") == "img"]
    assert [words_of(next(iter(strip))) for strip in strips] == [row.statement for row in any_view.profile]
    (table,) = [
        rows for element in by_class(tree, "govuk-table") if "Way to target" in (rows := table_rows(element))[0]
    ]
    assert [row[1] for row in table[1:]] == [row.score or "No score" for row in any_view.profile]


def test_a_barrier_differs_in_shape_and_not_only_in_colour(view: ReportView) -> None:
    tree = parse_html(standalone.render(view))
    barriers = [element for element in by_class(tree, "app-plot__dot--barrier") if element.tag.endswith("path")]
    others = [element for element in by_class(tree, "app-plot__dot") if element.tag.endswith("circle")]
    drawn = [row for row in view.profile if row.score]
    assert len(barriers) == sum(row.barrier for row in drawn) + 1  # one more in the legend
    assert len(others) == sum(not row.barrier for row in drawn) + 1 + view.has_provisional


def test_the_pdf_is_tagged_and_has_a_title_and_a_language(any_view: ReportView) -> None:
    pdf = PdfReader(io.BytesIO(as_pdf.render(any_view)))
    catalogue: Any = pdf.trailer["/Root"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == f"{any_view.title}: {any_view.subject}"
    assert str(catalogue["/Lang"]).startswith("en")
    assert catalogue["/MarkInfo"]["/Marked"]
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in catalogue["/Metadata"].get_object().get_data()
    tags = set(find_tags(catalogue["/StructTreeRoot"]))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Link", "/P"} <= tags


def find_tags(node: Any) -> list[str]:  # noqa: ANN401 - whatever stands in the tree
    """Give the tags of the structure tree, without recursion: it is deep."""
    tags, waiting = [], [node]
    while waiting:
        current = waiting.pop()
        current = current.get_object() if isinstance(current, IndirectObject) else current
        if isinstance(current, list):
            waiting.extend(current)
        elif isinstance(current, dict):
            if "/S" in current:
                tags.append(str(current["/S"]))
            waiting.extend([current["/K"]] if "/K" in current else [])
    return tags


def test_a_pdf_is_the_same_bytes_every_time(view: ReportView) -> None:
    assert as_pdf.render(view) == as_pdf.render(view)


def test_a_pdf_fits_its_summary_on_one_page(any_view: ReportView) -> None:
    pages = PdfReader(io.BytesIO(as_pdf.render(any_view))).pages
    assert "What stands in the way" in pages[0].extract_text()
    assert pages[1].extract_text().split("\n")[0].startswith("What to do first")


def test_text_reads_line_by_line_in_the_order_of_the_report(any_view: ReportView) -> None:
    text = as_text.render(any_view)
    headings = [line for line in text.splitlines() if line.isupper() and not line.startswith((" ", "-"))]
    sections = any_view.sections
    expected = [sections.lead, sections.profile, sections.barriers, sections.first_gaps, sections.other_gaps]
    expected += [sections.differences] * any_view.partnership
    expected += [sections.strengths, sections.unseen, sections.workings]
    assert headings == [section.heading.upper() for section in expected]
    assert "\n\n\n" not in text


@pytest.mark.parametrize("form", Form)
def test_every_form_is_bytes_and_text_ends_its_last_line(view: ReportView, questionnaire: Any, form: Form) -> None:  # noqa: ANN401
    written = files.render(form, make_gap_report(questionnaire, {}), lambda: view)
    if form is Form.PDF:
        assert written.startswith(b"%PDF-")
    else:
        assert written.decode().endswith("\n")
    assert form in files.MEDIA_TYPES


def test_no_card_of_a_pdf_is_torn_where_it_fits_a_page_and_no_heading_stands_last(any_view: ReportView) -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(as_pdf.render(any_view))).pages]
    for gap in (*any_view.first_gaps, *any_view.other_gaps):
        title, line = f"{gap.place}. {gap.question}", f"priority {gap.priority}."
        (page,) = [words for words in pages if title in words]
        assert line in page.partition(title)[2]
        assert not page.split("Gap report:")[0].rstrip().endswith(title)


def test_json_names_what_it_was_made_with(questionnaire: Any) -> None:  # noqa: ANN401
    written = as_json.render(make_gap_report(questionnaire, {}))
    assert written["questionnaire"] == {
        "framework": "framework",
        "id": "questionnaire",
        "version": 1,
        "hash": questionnaire.hash,
    }
    assert written["weakest"] is None
    assert {row["coverage_status"] for row in written["enablers"]} == {"insufficient"}
