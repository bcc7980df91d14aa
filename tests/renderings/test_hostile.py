"""Any text is shown as text: markup, template and typst syntax, formulas, escape sequences, and letters no font has."""

import csv
import io
from xml.etree.ElementTree import Element

import pytest

from app.domain.assessment import Answer
from app.domain.gaps import make_gap_report
from app.domain.questionnaire import NOT_APPLICABLE
from app.domain.values import Text
from app.renderings import as_csv, as_pdf, as_text
from app.renderings.as_csv import cell
from app.renderings.shapes import ReportView
from app.renderings.view import Fact, make_report_view
from app.renderings.words import one_line, safe_link
from app.web import standalone
from tests.factories import level_id, make_question, make_questionnaire
from tests.renderings.reading import XHTML, parse_html, pdf_words, words_of

HOSTILE = [
    "<script>alert(1)</script>",
    "</title></svg></style><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }} {% include 'x' %} {# gone #}",
    '#panic("x") $x$ *b* _i_ @label <label> //c /* d */ \\n `raw`',
    "=HYPERLINK(1)",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "&amp; &lt;b&gt;",
    "' \" “ ” ’ \\",
    "a;b,c|d",
]
CONTROL = "\x1b[31mred\x1b[0m\x07 \x00 \x9b2J \u202eback \ud800 \ufdd0 \U000e0041"
FULL_WIDTH = [chr(ord(starter) + 0xFEE0) for starter in "=+-@"]
UNUSUAL = ["中文 and 日本語", "😀", "עברית العربية", "Ŵŷ Ñé", "a\u0301", "\U0010fffd"]


def make_view(words: str) -> ReportView:
    answers = {
        "a": Answer(level_id(1), note=words, evidence_kind=words, evidence_link=words),
        "b": Answer(NOT_APPLICABLE, reason=words),
        "c": Answer(level_id(4)),
    }
    asked = words.replace("\ud800", "")  # no questionnaire has a lone surrogate: its file would not be UTF-8
    questionnaire = make_questionnaire(
        make_question("a", text=Text(asked), descriptors={level_id(place): Text(asked) for place in range(5)}),
        make_question("b"),
        make_question("c", text=Text(asked)),
    )
    return make_report_view(
        make_gap_report(questionnaire, answers), subject=words, context=[Fact("Place", words)], answers=answers
    )


@pytest.mark.parametrize("words", [*HOSTILE, *UNUSUAL])
def test_a_page_shows_it_as_text(words: str) -> None:
    tree = parse_html(standalone.render(make_view(words)))
    heading = next(tree.iter(f"{XHTML}h1"))
    assert words_of(heading) == " ".join(words.split())
    assert not list(tree.iter(f"{XHTML}script"))
    assert not [element for element in tree.iter() if handlers(element)]


def handlers(element: Element) -> list[str]:
    return [name for name, _ in element.items() if name.startswith("on")]


@pytest.mark.parametrize("words", HOSTILE)
def test_a_pdf_shows_it_as_text(words: str) -> None:
    found = pdf_words(as_pdf.render(make_view(words))).replace(" ", "")
    assert words.replace(" ", "") in found


@pytest.mark.parametrize("words", UNUSUAL)
def test_letters_that_no_font_has_do_not_stop_a_pdf(words: str) -> None:
    assert as_pdf.render(make_view(words)).startswith(b"%PDF-")


@pytest.mark.parametrize("words", HOSTILE)
def test_a_terminal_shows_it_as_text(words: str) -> None:
    assert words in " ".join(as_text.render(make_view(words)).split())


def test_control_characters_reach_no_surface() -> None:
    view = make_view(CONTROL)
    text = as_text.render(view)
    assert {character for character in text if ord(character) < 32 or 127 <= ord(character) < 160} == {"\n"}
    for surface in (text, standalone.render(view)):
        assert not set(surface) & set("\x1b\x07\x00\x9b\u202e\ud800\ufdd0\U000e0041")
        surface.encode()
    assert "�[31mred" in text
    assert as_pdf.render(view).startswith(b"%PDF-")


@pytest.mark.parametrize("words", [*HOSTILE, "\t=1", " =1", "−1", *(f"{starter}1" for starter in FULL_WIDTH)])
def test_no_cell_of_a_sheet_is_a_formula(words: str) -> None:
    answers = {"a": Answer(level_id(1))}
    report = make_gap_report(make_questionnaire(make_question("a", text=Text(words))), answers)
    (row,) = csv.DictReader(io.StringIO(as_csv.render(report), newline=""))
    assert row["question_text"][0] not in {*"=+-@\t\r\n−", *FULL_WIDTH}
    assert row["question_text"] in {one_line(words), f"'{one_line(words)}"}


def test_a_cell_that_is_no_formula_is_left_alone() -> None:
    assert cell("5 = five") == "5 = five"


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://example.org", True),
        (" https://example.org ", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https:///path", False),
        ("https://[", False),
        ("https://example.org/a b", False),
        ("https://example.org/\x1b", False),
        ("file:///etc/passwd", False),
        ("https://example.org/" + "a" * 2000, False),
        ("", False),
    ],
)
def test_only_web_addresses_become_links(address: str, safe: bool) -> None:  # noqa: FBT001
    assert safe_link(address) == (address.strip() if safe else "")
