"""What a partnership says stands in the way, in words and on a page."""

from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import Catalogue
from app.domain.barriers import Barriers
from app.domain.gaps import make_gap_report
from app.domain.learning import LearningLibrary
from app.renderings import as_pdf, as_text
from app.renderings.shapes import ReportView
from app.renderings.view import make_report_view
from app.renderings.view_barriers import TypedBarriers, make_typed_barriers
from app.web import standalone
from app.web.templating import get_environment
from tests.domain.strategies import law
from tests.domain.test_barriers import BARRIERS, QUESTIONNAIRE
from tests.domain.test_learning import make_library, make_resource
from tests.factories import make_answers
from tests.renderings.reading import parse_html, pdf_words, words_of

HOSTILE = "=1+1 <script>alert(1)</script> {{ 7 * 7 }}\n\x00second"
LIBRARY: LearningLibrary = make_library(
    [{"id": "p", "enabler": "knowing-what-works", "bands": ["emerging"], "text": "Learn it", "resources": ["guide"]}],
    make_resource("guide", name="The guide", run_by="Somebody", helps_with="Everything"),
)


def with_resources(barriers: Barriers) -> Barriers:
    """Let every kind name the guide."""
    plain = barriers.model_dump(by_alias=True)
    for asked in plain["enablers"]:
        for kind in asked["kinds"]:
            kind["resources"] = ["guide"]
    return Barriers.model_validate(plain)


def show(view: TypedBarriers) -> str:
    template = get_environment().from_string(
        '{% from "report/typed_barriers.html" import typed_barriers, question_barriers %}'
        "<!DOCTYPE html><html lang=en><title>t</title><body><h1>r</h1>{{ typed_barriers(view) }}"
        "{% for question in questions %}{{ question_barriers(question, 3) }}{% endfor %}"
    )
    return template.render(view=view, questions=view.by_question.values())


def test_an_enabler_is_summed_up_and_each_question_says_who_names_what() -> None:
    said = {"a": {"x": ["Council"], "z": ["Police", "Council"]}, "b": {"x": ["Council"]}, "d": {"law": ["Police"]}}
    view = make_typed_barriers(QUESTIONNAIRE, BARRIERS, said)
    one, two = view.enablers
    assert (one.id, one.title) == ("in-the-way-knowing-what-works", "Knowing what works")
    assert one.summary == (
        "2 organisations say what stands in the way of 2 questions. Named most: “Z”, by 2 organisations."
    )
    assert two.summary == (
        "1 organisation says what stands in the way of 1 question. Named most: “Law”, by 1 organisation."
    )
    assert [(kind.label, kind.how_often, kind.next_step) for kind in one.kinds] == [
        ("Z", "2 organisations, 1 question", "Do z"),
        ("X", "1 organisation, 2 questions", "Do x"),
    ]
    a, b = one.questions
    assert (a.question_id, a.question, a.statement) == ("a", "Question a", "“Z”: Council and Police; “X”: Council.")
    assert [(kind.label, kind.who, kind.how_often, kind.next_step) for kind in a.kinds] == [
        ("Z", "Council and Police", "2 organisations", "Do z"),
        ("X", "Council", "1 organisation", "Do x"),
    ]
    assert b.kinds[0].organisations == ("Council",)
    assert set(view.by_question) == {"a", "b", "d"}
    assert view.empty == ""
    page = words_of(parse_html(show(view)))
    assert one.summary in page
    assert "Z (2 organisations, 1 question). Do z" in page
    assert "Question a Z: Council and Police X: Council" in page
    assert "Z (Council and Police). Do z" in page


def test_kinds_that_as_many_name_are_named_together() -> None:
    said = {"a": {"x": ["A", "B"], "y": ["C"]}, "b": {"z": ["C", "B"]}}
    (enabler,) = make_typed_barriers(QUESTIONNAIRE, BARRIERS, said).enablers
    assert enabler.summary.endswith(
        "3 organisations say what stands in the way of 2 questions. Named most: “X” and “Z”, by 2 organisations each."
    )


@pytest.mark.parametrize(
    ("barriers", "said"),
    [
        (BARRIERS, {}),
        (BARRIERS, {"a": {}}),
        (BARRIERS, {"e": {"x": ["A"]}, "z": {"x": ["A"]}}),
        (None, {"a": {"x": ["A"]}}),
    ],
    ids=["nothing said", "no kinds", "nothing asked", "no kinds in the framework"],
)
def test_where_nothing_was_said_the_page_says_so(
    barriers: Barriers | None, said: Mapping[str, Mapping[str, Sequence[str]]]
) -> None:
    view = make_typed_barriers(QUESTIONNAIRE, barriers, said)
    assert view.enablers == ()
    assert view.by_question == {}
    assert "No organisation has said yet what stands in the way of its gaps." in words_of(parse_html(show(view)))


def test_names_are_shown_and_never_run() -> None:
    html = show(make_typed_barriers(QUESTIONNAIRE, BARRIERS, {"a": {"x": [HOSTILE]}}))
    assert "<script>" not in html
    assert "=1+1 <script>alert(1)</script> {{ 7 * 7 }} \N{REPLACEMENT CHARACTER}second" in words_of(parse_html(html))


def test_a_resource_is_introduced_once_an_enabler_further_down_only_names_it() -> None:
    said = {"a": {"x": ["A"], "y": ["A"]}, "d": {"law": ["A"]}}
    view = make_typed_barriers(QUESTIONNAIRE, with_resources(BARRIERS), said, LIBRARY)
    abouts = [kind.resources[0].about for enabler in view.enablers for kind in enabler.kinds]
    assert abouts == ["Run by: Somebody. Helps with: Everything.", "", ""]
    assert view.by_question["d"].kinds[0].resources[0].name == "The guide"


NAMES = st.lists(st.sampled_from(["Council", "Police", "Charity", "Hospital"]), unique=True)
KINDS = st.sampled_from(["x", "y", "z", "law", "belief"])
SAID = st.dictionaries(st.sampled_from("abcde"), st.dictionaries(KINDS, NAMES))


@law(60)
@given(said=SAID)
def test_every_organisation_stands_beside_what_it_says_and_nowhere_else(said: dict[str, dict[str, list[str]]]) -> None:
    view = make_typed_barriers(QUESTIONNAIRE, BARRIERS, said)
    shown = {
        (question.question_id, kind.label.lower(), name)
        for enabler in view.enablers
        for question in enabler.questions
        for kind in question.kinds
        for name in kind.organisations
    }
    kinds_of = {"a": "xyz", "b": "xyz", "c": "xyz", "d": ("law", "belief"), "e": ()}
    assert shown == {
        (question, kind, name)
        for question, kinds in said.items()
        for kind, names in kinds.items()
        for name in names
        if kind in kinds_of[question]
    }


# ---- In the report of one organisation -------------------------------------------------------------------------------


def report_with(named: Mapping[str, Sequence[str]], library: LearningLibrary | None = LIBRARY) -> ReportView:
    answers = make_answers(a=1, b=2, c=4, d=0, e=4)
    kinds = with_resources(BARRIERS).kinds_by_id
    return make_report_view(
        make_gap_report(QUESTIONNAIRE, answers),
        subject="Somewhere",
        answers=answers,
        learning=library,
        named={question: [kinds[kind] for kind in each] for question, each in named.items()},
    )


def test_a_gap_shows_its_kinds_on_every_surface_that_people_read() -> None:
    view = report_with({"a": ["x", "z"]})
    gaps = {gap.id: gap for gap in (*view.first_gaps, *view.other_gaps)}
    assert [barrier.label for barrier in gaps["gap-a"].named] == ["X", "Z"]
    assert gaps["gap-b"].named == gaps["gap-d"].named == ()
    page = words_of(parse_html(standalone.render(view)))
    assert "What stands in the way, and what to do next X. Do x The guide. Run by: Somebody." in page
    text = " ".join(as_text.render(view).split())
    assert "Stands in the way: X. Next step: Do x * The guide. Run by: Somebody." in text
    assert "Stands in the way: Z. Next step: Do z" in text
    pdf = " ".join(pdf_words(as_pdf.render(view)).split())
    assert "X. Do x" in pdf
    assert "Z. Do z" in pdf
    assert pdf.count("Run by: Somebody.") == text.count("Run by: Somebody.") == page.count("Run by: Somebody.") == 1


def test_what_stands_in_the_way_changes_no_other_word_of_the_report() -> None:
    with_kinds, without = report_with({"a": ["x"]}, None), report_with({}, None)
    lines = [line for line in as_text.render(with_kinds).splitlines() if "Stands in the way" not in line]
    assert lines == as_text.render(without).splitlines()


def test_the_shipped_kinds_find_their_resources(questionnaires: Catalogue) -> None:
    questionnaire = questionnaires.get("local-partners")
    framework = questionnaire.framework.id
    barriers, library = questionnaires.barriers_of(framework), questionnaires.learning_of(framework)
    assert barriers is not None
    said = {
        question.id: {kind.id: ["Council"] for kind in barriers.by_enabler[enabler].kinds}
        for question, enabler in zip(questionnaire.questions, questionnaire.enablers_asked, strict=True)
    }
    view = make_typed_barriers(questionnaire, barriers, said, library)
    assert [len(enabler.kinds) for enabler in view.enablers] == [4, 4, 5, 5, 5]
    assert all(enabler.summary.startswith("1 organisation says what") for enabler in view.enablers)
    links = [resource.link for enabler in view.enablers for kind in enabler.kinds for resource in kind.resources]
    assert len(links) > 20
    assert all(link.startswith("http") for link in links)
    parse_html(show(view))
