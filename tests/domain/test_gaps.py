"""The edges of gaps, their order and what is said of an enabler's targets, as tables of cases."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.domain.gaps import GapReport, make_gap_report, report_gaps
from app.domain.partnership import make_partnership_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Question
from app.domain.scoring import score
from tests.factories import (
    AGREEMENT,
    make_answers,
    make_framework,
    make_question,
    make_questionnaire,
    make_section,
)

FIRST = "knowing-what-works"


def _order(report: GapReport) -> list[str]:
    return [gap.question.id for gap in report.gaps]


@pytest.mark.parametrize(
    ("target", "level", "gap", "difference"),
    [
        (None, 0, 75, -75),
        (None, 3, 0, 0),
        (None, 4, 0, 25),
        (4, 3, 25, -25),
        (1, 4, 0, 75),
        (0, 0, 0, 0),
    ],
)
def test_a_gap_is_what_is_missing_and_the_difference_keeps_its_sign(
    target: int | None, level: int, gap: Fraction, difference: Fraction
) -> None:
    report = make_gap_report(make_questionnaire(make_question("a", weight=2, target=target)), make_answers(a=level))
    (row,) = (*report.gaps, *report.met)
    assert (row.gap, row.difference, row.priority) == (gap, difference, 2 * gap)
    assert bool(report.gaps) == (gap > 0)


def test_the_default_target_is_a_score_whatever_the_scale() -> None:
    questionnaire = make_questionnaire(
        make_question("a", scale=AGREEMENT), make_question("b", scale=AGREEMENT, target=2), make_question("c")
    )
    report = make_gap_report(questionnaire, make_answers(a=2, b=1, c=2))
    assert {gap.question.id: (gap.target, gap.gap) for gap in report.gaps} == {
        "a": (75, 75 - Fraction(200, 3)),
        "b": (Fraction(200, 3), Fraction(100, 3)),
        "c": (75, 25),
    }


@pytest.mark.parametrize("choice", [DONT_KNOW, NOT_APPLICABLE, None])
def test_a_question_without_a_score_has_no_gap(choice: str | None) -> None:
    report = make_gap_report(
        make_questionnaire(make_question("a")), make_answers({} if choice is None else {"a": choice})
    )
    assert (report.gaps, report.met) == ((), ())


def test_what_is_above_target_is_shown_and_offsets_no_gap_elsewhere() -> None:
    report = make_gap_report(
        make_questionnaire(make_question("a", target=1), make_question("b")), make_answers(a=4, b=2)
    )
    assert [(gap.question.id, gap.difference) for gap in report.met] == [("a", Fraction(75))]
    assert report.percent_to_target[FIRST] == 75  # 100 × (1 − 25 / (25 + 75)), not above


def test_questions_of_weight_0_and_of_insufficient_enablers_have_gaps_too() -> None:
    questionnaire = make_questionnaire(
        make_section("securing-funding", make_question("weightless", weight=0), make_question("b")),
        make_section("right-incentives", make_question("c"), make_question("d", weight=9)),
    )
    report = make_gap_report(questionnaire, make_answers(weightless=0, b=3, c=1, d=DONT_KNOW))
    assert [(gap.question.id, gap.gap, gap.priority) for gap in report.gaps] == [
        ("c", Fraction(50), Fraction(50)),
        ("weightless", Fraction(75), Fraction(0)),
    ]


# Order


@pytest.mark.parametrize(
    ("questions", "answers", "order"),
    [
        pytest.param(
            [make_question("a", weight=1), make_question("b", weight=2), make_question("c", weight=Fraction("0.5"))],
            {"a": 0, "b": 1, "c": 0},
            ["b", "a", "c"],
            id="by_weight_times_gap",
        ),
        pytest.param(
            [make_question("a", weight=1), make_question("b", weight=Fraction(1000000001, 1000000000))],
            {"a": 0, "b": 0},
            ["b", "a"],
            id="by_priority_however_small_the_difference",
        ),
        pytest.param(
            [make_question("a", weight=3), make_question("b", weight=1, critical=True)],
            {"a": 2, "b": 0},
            ["b", "a"],
            id="critical_first_where_priority_is_equal",
        ),
        pytest.param(
            [make_question("a", weight=3), make_question("b", weight=Fraction("0.999"), critical=True)],
            {"a": 2, "b": 0},
            ["a", "b"],
            id="critical_never_before_a_higher_priority",
        ),
        pytest.param(
            [make_question("z", weight=3), make_question("a", weight=1), make_question("m", weight=3)],
            {"z": 2, "a": 0, "m": 2},
            ["z", "a", "m"],
            id="questionnaire_order_where_all_is_equal",
        ),
        pytest.param(
            [make_question("a", weight=0), make_question("b", weight=0, critical=True), make_question("c", weight=0)],
            {"a": 0, "b": 2, "c": 1},
            ["b", "a", "c"],
            id="weight_0_by_criticality_then_questionnaire_order",
        ),
    ],
)
def test_gaps_are_ordered_by_priority_then_critical_then_questionnaire_order(
    questions: list[Question], answers: Mapping[str, int | str], order: list[str]
) -> None:
    assert _order(make_gap_report(make_questionnaire(*questions), make_answers(answers))) == order


def test_contested_comes_after_critical_and_before_questionnaire_order() -> None:
    questionnaire = make_questionnaire(
        make_question("calm"),
        make_question("contested"),
        make_question("critical", critical=True),
        make_question("critical-and-contested", critical=True),
        make_question("more", weight=2),
    )
    calm, contested = (1, 1, 1), (0, 0, 3)  # both have the mean 25, the second an average deviation of 33.3
    votes = zip(calm, contested, calm, contested, calm, strict=True)
    ids = [question.id for question in questionnaire.questions]
    report = make_partnership_report(
        questionnaire,
        {f"organisation-{n}": make_answers(dict(zip(ids, vote, strict=True))) for n, vote in enumerate(votes)},
    )
    assert _order(report) == ["more", "critical-and-contested", "critical", "contested", "calm"]
    assert [gap.scored.contested for gap in report.gaps] == [False, True, False, True, False]


# Percent to target


@pytest.mark.parametrize(
    ("answers", "percent"),
    [
        pytest.param({"a": 0, "b": 0}, 0, id="nothing_of_the_way"),
        pytest.param({"a": 3, "b": 2}, 100, id="at_every_target"),
        pytest.param({"a": 4, "b": 4}, 100, id="never_over_100"),
        pytest.param({"a": 0, "b": 4}, 100 * Fraction(50, 200), id="what_is_above_counts_as_met"),
        pytest.param({"a": 2, "b": DONT_KNOW}, 100 * Fraction(100, 150), id="over_scored_questions_only"),
        pytest.param({"b": 2}, None, id="none_without_a_score"),
    ],
)
def test_percent_to_target_is_weighed_over_scored_questions(
    answers: Mapping[str, int | str], percent: Fraction | None
) -> None:
    questionnaire = make_questionnaire(make_question("a", weight=2), make_question("b", weight=1, target=2))
    assert make_gap_report(questionnaire, make_answers(answers)).percent_to_target[FIRST] == percent


@pytest.mark.parametrize(
    "questions",
    [
        [make_question("a", target=0)],
        [make_question("a", target=0), make_question("b", weight=0)],
    ],
    ids=["target_0", "only_weight_0_has_a_target"],
)
def test_percent_to_target_is_undefined_not_100_where_the_targets_are_all_zero(questions: list[Question]) -> None:
    report = make_gap_report(make_questionnaire(*questions), make_answers(a=4, b=4))
    assert report.scores.enablers[0].score == 100
    assert report.percent_to_target[FIRST] is None


def test_a_default_target_of_0_leaves_no_gap_and_no_percent() -> None:
    questionnaire = make_questionnaire(make_question("a"), framework=make_framework(default_target=0))
    report = make_gap_report(questionnaire, make_answers(a=0))
    assert (report.gaps, report.percent_to_target[FIRST]) == ((), None)


# The weakest


SECTIONS_OUT_OF_ORDER = make_questionnaire(
    make_section("right-incentives", make_question("incentives")),
    make_section("securing-funding", make_question("funding"), make_question("more-funding")),
    make_section("knowing-what-works", make_question("knowing")),
)


@pytest.mark.parametrize(
    ("answers", "weakest"),
    [
        pytest.param(
            {"incentives": 3, "funding": 3, "more-funding": 3, "knowing": 2}, "knowing-what-works", id="lowest"
        ),
        pytest.param(
            {"incentives": 2, "funding": 2, "more-funding": 2, "knowing": 2}, "right-incentives", id="ties_by_sections"
        ),
        pytest.param(
            {"incentives": 3, "funding": 2, "more-funding": 2, "knowing": 2}, "securing-funding", id="ties_of_two"
        ),
        pytest.param(
            {"incentives": 3, "funding": 1, "knowing": 2}, "securing-funding", id="a_provisional_score_counts"
        ),
        pytest.param({"incentives": DONT_KNOW, "knowing": 2}, "knowing-what-works", id="no_score_is_not_the_lowest"),
        pytest.param({}, None, id="nothing_has_a_score"),
    ],
)
def test_the_weakest_enabler_has_the_lowest_score_and_ties_go_by_the_order_of_sections(
    answers: Mapping[str, int | str], weakest: str | None
) -> None:
    report = make_gap_report(SECTIONS_OUT_OF_ORDER, make_answers(answers))
    assert (report.weakest.id if report.weakest else None) == weakest


def test_an_enabler_of_several_sections_stands_where_its_first_one_does() -> None:
    questionnaire = make_questionnaire(
        make_section("securing-funding", make_question("a")),
        make_section("right-incentives", make_question("b")),
        make_section("securing-funding", make_question("c"), section="more"),
    )
    report = make_gap_report(questionnaire, make_answers(a=2, b=2, c=2))
    assert report.weakest is not None
    assert report.weakest.id == "securing-funding"


def test_targets_must_be_one_a_question() -> None:
    scores = score(make_questionnaire(make_question("a"), make_question("b")), make_answers(a=1))
    with pytest.raises(ValueError, match="shorter"):
        report_gaps(scores, [Fraction(50)])
