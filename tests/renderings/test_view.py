"""What the report says, in words."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

import pytest

from app.domain.assessment import Answer
from app.domain.gaps import make_gap_report, report_gaps
from app.domain.learning import LearningLibrary, LearningPoint
from app.domain.partnership import make_partnership_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Question, Questionnaire
from app.domain.scoring import score
from app.domain.values import Text
from app.renderings import as_json, as_pdf, as_text
from app.renderings.shapes import ReportView
from app.renderings.view import Fact, make_report_view
from app.renderings.working import Step, Working
from app.web import standalone
from tests.factories import (
    ENABLERS,
    level_id,
    make_answers,
    make_framework,
    make_question,
    make_questionnaire,
    make_section,
)
from tests.renderings.reading import parse_html, pdf_words, words_of


def view_of(
    *questions: Question, answers: Mapping[str, int | str], library: LearningLibrary | None = None
) -> ReportView:
    given = make_answers(answers)
    report = make_gap_report(make_questionnaire(*questions), given)
    return make_report_view(report, subject="Somewhere", answers=given, learning=library)


def partnership_of(questionnaire: Questionnaire, *organisations: Mapping[str, int | str]) -> ReportView:
    given = {f"Body {number}": make_answers(answers) for number, answers in enumerate(organisations, start=1)}
    return make_report_view(make_partnership_report(questionnaire, given), subject="Together", organisations=given)


def step(working: Working, label: str) -> Step:
    return next(each for each in working.steps if each.label == label)


def labels(working: Working) -> list[str]:
    return [each.label for each in working.steps]


def lead(view: ReportView) -> list[str]:
    return [line.text for line in view.lead]


def five(**first: int | str) -> tuple[Sequence[Question], dict[str, int | str]]:
    """Questions a, b, c, … of weight 1 in one enabler, with their answers."""
    return [make_question(name) for name in first], dict(first)


@pytest.mark.parametrize(
    ("answers", "lines"),
    [
        (
            {"a": 4, "b": 3},
            [
                "The weakest enabler is Knowing what works, at 87.5 out of 100: in-place.",
                "No enabler with a score is weak enough to be named a barrier.",
                "Every question with a score is at or above its target.",
            ],
        ),
        (
            {"a": 1, "b": 3},
            [
                "The weakest enabler is Knowing what works, at 50.0 out of 100: partly-in-place.",
                "No enabler with a score is weak enough to be named a barrier.",
                "1 question is under target.",
                "1 question is at or above target.",
            ],
        ),
        (
            {"a": 0, "b": 0},
            [
                "The weakest enabler is Knowing what works, at 0.0 out of 100: not-in-place.",
                "One enabler is a barrier to reform: Knowing what works.",
                "2 questions are under target.",
            ],
        ),
        (
            {"a": DONT_KNOW, "b": DONT_KNOW},
            [
                "There are not enough answers to score any enabler yet.",
                "Read with care: few answers, or many don’t knows, on Knowing what works.",
            ],
        ),
    ],
)
def test_the_report_in_short_is_for_a_tired_reader(answers: dict[str, int | str], lines: list[str]) -> None:
    questions = [make_question(name) for name in answers]
    assert lead(view_of(*questions, answers=answers)) == lines


def test_several_barriers_are_counted_and_named() -> None:
    sections = [make_section(enabler, make_question(enabler)) for enabler in ENABLERS]
    answers = make_answers(dict(zip(ENABLERS, [0, 1, 4, 4, 1], strict=True)))
    view = make_report_view(make_gap_report(make_questionnaire(*sections), answers), subject="Somewhere")
    assert lead(view)[1] == (
        "Three enablers are barriers to reform: Knowing what works, Sharing information and Trusting relationships."
    )
    assert [barrier.score for barrier in view.barriers] == ["0.0", "25.0", "25.0"]
    assert [", the weakest" in row.statement for row in view.profile] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("levels", "line"),
    [
        (
            [1, 1, 4, 4, 4],
            "The weakest enablers are Knowing what works and Sharing information, both at 25.0 out of 100: emerging.",
        ),
        (
            [4, 1, 1, 4, 1],
            (
                "The weakest enablers are Sharing information, Securing funding and Trusting relationships, "
                "all at 25.0 out of 100: emerging."
            ),
        ),
    ],
)
def test_enablers_that_share_the_lowest_score_are_all_named(levels: list[int], line: str) -> None:
    sections = [make_section(enabler, make_question(enabler)) for enabler in ENABLERS]
    answers = make_answers(dict(zip(ENABLERS, levels, strict=True)))
    report = make_gap_report(make_questionnaire(*sections), answers)
    view = make_report_view(report, subject="Somewhere")
    assert lead(view)[0] == line
    assert ["one of the weakest" in row.statement for row in view.profile] == [level == 1 for level in levels]
    assert as_json.render(report)["weakest"] == ENABLERS[levels.index(1)]


def test_questions_without_weight_are_not_called_few_answers() -> None:
    view = view_of(make_question("a", weight=0), answers={"a": 4})
    assert lead(view)[-1] == "There is no score for Knowing what works: the questions that apply carry no weight."
    assert view.profile[0].verdict == "Its questions carry no weight"
    assert view.findings == ("Knowing what works: no score, because the questions that apply carry no weight.",)


def test_a_score_of_few_answers_is_called_provisional_and_a_lack_of_them_says_so() -> None:
    provisional = view_of(*five(a=1, b=1, c=DONT_KNOW)[0], answers=five(a=1, b=1, c=DONT_KNOW)[1])
    assert provisional.profile[0].verdict == "emerging"
    assert provisional.profile[0].provisional
    assert provisional.has_provisional
    assert provisional.profile[0].statement == (
        "Knowing what works: 25.0 out of 100, emerging, a barrier, the weakest, provisional."
    )
    assert provisional.findings[0] == (
        "Knowing what works: the score is provisional: it rests on 66.7% of the weight that applies, "
        "and a full score takes 75%."
    )

    scant = view_of(*five(a=4, b=DONT_KNOW, c=DONT_KNOW)[0], answers=five(a=4, b=DONT_KNOW, c=DONT_KNOW)[1])
    assert scant.profile[0].score == ""
    assert scant.profile[0].verdict == "Not enough answers to score"
    assert scant.profile[1].verdict == "No question about it"
    assert scant.barriers == ()
    assert scant.sections.barriers.empty == "No enabler has enough answers to say whether it stands in the way."
    assert scant.findings[0].startswith(
        "Knowing what works: not enough answers to score. Those with a level make up 33.3%"
    )


def test_not_applicable_everywhere_is_not_a_lack_of_answers() -> None:
    view = view_of(make_question("a"), answers={"a": NOT_APPLICABLE})
    assert view.profile[0].verdict == "Not applicable"
    assert view.profile[0].coverage == ""
    assert view.findings == ()
    assert view.unseen_table is not None
    assert view.unseen_table.rows == (("Question a", "Knowing what works", "Not applicable", "Not ours"),)
    assert labels(view.workings[0]) == ["Score", "Left out of the score"]


@pytest.mark.parametrize(("unknown", "finding"), [(1, False), (2, True)])
def test_more_than_a_quarter_of_dont_knows_is_a_finding(unknown: int, finding: bool) -> None:  # noqa: FBT001
    names = "abcd"
    answers = {name: DONT_KNOW if place < unknown else 3 for place, name in enumerate(names)}
    view = view_of(*(make_question(name) for name in names), answers=answers)
    said = any("That is a finding: this cannot be seen from where you stand." in line for line in view.findings)
    assert said is finding


def test_a_critical_question_that_lowers_the_band_is_named_and_explained() -> None:
    questions = [make_question("a", critical=True), *(make_question(name) for name in "bcd")]
    view = view_of(*questions, answers={"a": 0, "b": 4, "c": 4, "d": 4})
    assert view.profile[0].verdict == "emerging"
    assert view.barriers[0].why == (
        "A critical question is under 25: “Question a”. While it is, the enabler counts as emerging at best.",
    )
    assert any(rule.startswith("While a critical question is under 25, its enabler") for rule in view.rules)
    assert step(view.workings[0], "Band").lines == (
        "75 is at least 75: “in-place”.",
        "A critical question is under 25: “Question a”.",
        "So the enabler is “emerging” at best. That lowers the band.",
    )


def test_a_critical_question_in_a_low_enabler_is_named_though_it_lowers_nothing() -> None:
    view = view_of(make_question("a", critical=True), make_question("b"), answers={"a": 0, "b": 0})
    assert step(view.workings[0], "Band").lines[-1] == (
        "So the enabler is “emerging” at best. The band is no higher than that anyway."
    )


def test_a_score_just_under_a_bound_is_written_so_that_its_band_makes_sense() -> None:
    questions = [make_question("a", weight=Fraction("99999.9")), make_question("b", weight=Fraction("0.1"))]
    view = view_of(*questions, answers={"a": 2, "b": 1})
    assert view.profile[0].score == "50.0"
    assert step(view.workings[0], "Band").lines == ("≈ 49.99998 is at least 25 and under 50: “emerging”.",)


def test_a_questions_working_follows_the_rule_step_by_step() -> None:
    view = view_of(make_question("a", weight=2, target=3), answers={"a": 1})
    working = view.first_gaps[0].working
    assert [(each.label, each.lines) for each in working.steps] == [
        ("Score", ("“Level 1” is 1 on a scale from 0 to 4.", "100 × 1 ÷ 4 = 25")),
        ("Target", ("Set by the questionnaire.", "“Level 3” is 3 on a scale from 0 to 4.", "100 × 3 ÷ 4 = 75")),
        ("Gap", ("Target − score: 75 − 25 = 50",)),
        ("Priority", ("Weight × gap: 2 × 50 = 100",)),
    ]


def test_above_target_is_shown_neutrally_and_makes_up_for_nothing() -> None:
    view = view_of(make_question("a"), answers={"a": 4})
    (strength,) = view.strengths[0].items
    assert (strength.level, strength.score, strength.beside_target) == ("Level 4", "100.0", "25.0 above target")
    assert step(strength.working, "Gap").lines == (
        "None: the score is above the target. Score − target: 100 − 75 = 25",
        "What is above a target makes up for nothing elsewhere.",
    )


def test_a_target_of_the_round_says_that_it_is_one() -> None:
    questionnaire = make_questionnaire(make_question("a"))
    report = report_gaps(score(questionnaire, make_answers(a=2)), [Fraction("62.5")])
    gap = make_report_view(report, subject="Somewhere").first_gaps[0]
    assert (gap.target, gap.target_level) == ("62.5", "")
    assert step(gap.working, "Target").lines == (
        "Set for this round or this partnership, in place of the questionnaire’s own.",
        "62.5, a score and not a level of this question’s scale.",
    )


def test_a_gap_shows_the_level_reached_and_the_next_one_up() -> None:
    gap = view_of(make_question("a"), answers={"a": 1}).first_gaps[0]
    assert (gap.reached_words, gap.reached.label, gap.reached.text) == ("Now", "Level 1", "a: level-1")
    assert gap.next is not None
    assert (gap.next.label, gap.next.text, gap.target_level) == ("Level 2", "a: level-2", "Level 3")


def test_three_gaps_are_set_out_and_the_rest_is_folded() -> None:
    names = "abcde"
    view = view_of(*(make_question(name) for name in names), answers=dict.fromkeys(names, 0))
    assert [gap.place for gap in view.first_gaps] == [1, 2, 3]
    assert [gap.place for gap in view.other_gaps] == [4, 5]
    assert view.sections.other_gaps.heading == "The next 2 gaps, in order"


def test_notes_evidence_and_context_come_along_and_unsafe_links_do_not() -> None:
    answers = {
        "a": Answer(
            level_id(1), note="First.\r\n\r\nSecond\nline.", evidence_kind="other", evidence_link="javascript:x"
        ),
        "b": Answer(level_id(1), evidence_link="https://example.org/paper"),
    }
    report = make_gap_report(make_questionnaire(make_question("a"), make_question("b")), answers)
    view = make_report_view(report, subject="Somewhere", answers=answers, context=[Fact("Round", "Autumn")])
    first, second = view.first_gaps
    assert first.note == ("First.", "Second line.")
    assert (first.evidence, first.evidence_link) == ("other", "")
    assert second.evidence_link == "https://example.org/paper"
    text = " ".join(as_text.render(view).split())
    assert "Note with the answer: First. Note with the answer: Second line. Evidence: other" in text
    assert "Evidence: https://example.org/paper" in text
    assert view.context == (Fact("Round", "Autumn"),)


def test_learning_stands_at_the_first_gap_it_helps_and_is_pointed_to_from_others(library: LearningLibrary) -> None:
    view = view_of(make_question("a", weight=2), make_question("b"), answers={"a": 0, "b": 0}, library=library)
    first, second = view.first_gaps
    assert [point.text for point in first.learning] == ["Only for a.", "For everyone."]
    assert [point.text for point in second.learning] == []
    assert [(link.place, link.id) for link in second.learning_elsewhere] == [(1, "gap-a")]
    current, ended, unsure = first.learning[1].resources
    assert current.status == ""
    assert current.about == "Run by: Somebody. Helps with: Something."
    assert ended.status == (
        "This has ended. It merged. Its work is carried on by New. Last checked on 2 November 2026."
    )
    assert unsure.status == "We could not tell if this still runs. Last checked on 2 November 2026."


def test_what_a_resource_is_about_is_said_once_and_that_it_ended_every_time(library: LearningLibrary) -> None:
    again = LearningPoint(
        id="again",
        enabler=ENABLERS[0],
        bands=("not-in-place",),
        questions=("b",),
        text=Text("Again."),
        resources=("old",),
    )
    library = library.model_copy(update={"points": (*library.points, again)})
    view = view_of(make_question("a", weight=2), make_question("b"), answers={"a": 0, "b": 0}, library=library)
    (resource,) = view.first_gaps[1].learning[0].resources
    assert resource.about == ""
    assert resource.status.startswith("This has ended.")
    for words in (as_text.render(view), pdf_words(as_pdf.render(view)), words_of(parse_html(standalone.render(view)))):
        plain = " ".join(words.split())
        assert plain.count("Run by: Somebody. Helps with: Something.") == 3
        assert plain.count("This has ended. It merged. Its work is carried on by New.") == 2


@pytest.fixture
def library() -> LearningLibrary:
    def resource(name: str, status: str, **more: str) -> dict[str, object]:
        return {
            "id": name.lower(),
            "name": name,
            "link": f"https://example.org/{name}",
            "run_by": "Somebody",
            "helps_with": "Something.",
            "enablers": [ENABLERS[0]],
            "status": status,
            "last_checked": "2026-11-02",
            **more,
        }

    bands = ["not-in-place"]
    return LearningLibrary.model_validate(
        {
            "schema": 1,
            "framework": "framework",
            "resources": [
                resource("New", "current"),
                resource("Old", "ended", successor="new", note="It merged"),
                resource("Unsure", "unknown"),
            ],
            "points": [
                {
                    "id": "all",
                    "enabler": ENABLERS[0],
                    "bands": bands,
                    "text": "For everyone.",
                    "resources": ["new", "old", "unsure"],
                },
                {"id": "one", "enabler": ENABLERS[0], "bands": bands, "questions": ["a"], "text": "Only for a."},
                {"id": "high", "enabler": ENABLERS[0], "bands": ["in-place"], "text": "Not now."},
            ],
        }
    )


def test_a_partnership_shows_each_organisation_its_mean_and_where_they_differ() -> None:
    view = partnership_of(make_questionnaire(make_question("a")), {"a": 0}, {"a": 0}, {"a": 4})
    assert view.title == "Partnership gap report"
    assert view.organisations == ("Body 1", "Body 2", "Body 3")
    assert [mark.score for mark in view.profile[0].marks] == ["0.0", "0.0", "100.0"]
    assert "1 question is contested: answers lie far apart." in lead(view)
    gap = view.first_gaps[0]
    assert (gap.reached_words, gap.reached.label, gap.contested) == (
        "On average",
        "Between Level 1 and Level 2",
        True,
    )
    assert gap.reached.text == "Level 1: a: level-1"
    assert step(gap.working, "Score").lines == (
        "One organisation, one vote: the mean of the scores.",
        "(0 + 0 + 100) ÷ 3 ≈ 33.3333, shown as 33.3",
    )
    assert step(gap.working, "Spread").lines == (
        "How far each score lies from the mean, on average:",
        "(33.3333 + 33.3333 + 66.6667) ÷ 3 ≈ 44.4444, shown as 44.4",
        "The bound with 5 levels: 100 × 5 ÷ (6 × 4) ≈ 20.8333, shown as 20.8. ≈ 44.4444 is at or above it: contested.",
    )
    (difference,) = view.differences
    assert difference.text == "Answers lie 44.4 points from their mean, on average. The mean is 33.3."
    assert difference.answers.rows[2] == ("Body 3", "Level 4", "100.0")


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (
            [NOT_APPLICABLE, NOT_APPLICABLE, 4],
            "2 of the 3 organisations that answered say it does not apply: more than half.",
        ),
        ([4, DONT_KNOW, DONT_KNOW], "1 organisation chose a level; a score takes at least 2."),
    ],
)
def test_a_partnership_says_why_a_question_has_no_score(answers: list[int | str], why: str) -> None:
    questionnaire = make_questionnaire(make_question("a"), make_question("b"))
    view = partnership_of(questionnaire, *({"a": answer, "b": 0} for answer in answers))
    assert [(item.question, item.state) for item in view.unseen] == [("Question a", why)]


def test_partners_who_cannot_see_it_are_told_so() -> None:
    view = partnership_of(make_questionnaire(make_question("a")), {"a": 3}, {"a": 3}, {"a": DONT_KNOW})
    assert view.findings == (
        (
            "Knowing what works: 33.3% of the weight was answered with don’t know. "
            "That is a finding: partners cannot see this."
        ),
    )
    table = step(view.workings[0], "Don’t know").table
    assert table is not None
    assert table.rows[2] == ("Body 3", "1", "1")
    assert table.total == ("Added up", "1", "3")


def test_what_the_framework_says_about_its_bands_is_shown() -> None:
    framework = make_framework()
    bands = (framework.bands[0].model_copy(update={"meaning": Text("Almost nothing")}), *framework.bands[1:])
    framework = framework.model_copy(update={"bands": bands})
    questionnaire = make_questionnaire(make_question("a"), framework=framework)
    view = make_report_view(make_gap_report(questionnaire, {}), subject="Somewhere")
    assert "not-in-place, 0 to under 25: Almost nothing." in view.rules


def test_no_number_stands_for_all_enablers() -> None:
    view = view_of(make_question("a"), answers={"a": 2})
    assert any("no overall score and no ranking" in rule for rule in view.rules)
