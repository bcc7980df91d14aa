"""What a change is told as: words, signs, geometry, and why something is not compared."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import pytest

from app.domain.change import Course, compare
from app.domain.partnership import make_partnership_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE
from app.domain.scoring import score_questions
from app.domain.what_if import choose_raises, find_raises
from app.renderings.view_change import make_change_view
from app.renderings.view_change_rows import describe_progress, make_row, signed
from app.renderings.view_what_if import WhatIfView, make_what_if_view
from tests.domain.test_change import make_round, report_of
from tests.factories import make_answers, make_question, make_questionnaire

Choices = Mapping[str, int | str]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Fraction(25, 2), "+12.5"),
        (Fraction(-25, 2), "−12.5"),
        (Fraction(0), "0.0"),
        (Fraction(1, 100), "0.0"),
        (Fraction(-1, 100), "0.0"),
        (Fraction(999, 100), "+10.0"),
    ],
)
def test_a_change_has_its_sign_unless_it_is_shown_as_nothing(number: Fraction, text: str) -> None:
    assert signed(number) == text


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (0, 25, "33.3%"),
        (0, 100, "133.3%"),
        (50, 25, "−100.0%"),
        (75, 75, "Was at target"),
        (75, 25, "Was at target"),
        (100, 75, "Was above target"),
    ],
)
def test_the_way_made_is_a_share_or_says_why_not(before: int, after: int, text: str) -> None:
    assert describe_progress(Course(Fraction(before), Fraction(after), Fraction(75))) == text


def test_just_under_ten_points_is_shown_as_ten_and_still_too_little_to_call() -> None:
    """The verdict is that of the exact number: 9.96 points, of weights 249 and 376 a level apart."""
    questionnaire = make_questionnaire(make_question("a", weight=249), make_question("b", weight=376))
    change = compare(report_of(questionnaire, {"a": 0, "b": 0}), report_of(questionnaire, {"a": 1, "b": 0}))
    row = make_row(change.enablers[0], "1-x")
    assert (row.change, row.verdict, row.x_now) == ("+10.0", "Too little to call", "9.96")


def test_a_row_says_itself_in_one_sentence_and_where_its_dots_stand() -> None:
    questionnaire = make_questionnaire(make_question("a"), make_question("b"))
    change = compare(report_of(questionnaire, {"a": 1, "b": 2}), report_of(questionnaire, {"a": 3, "b": DONT_KNOW}))
    row = make_row(change.enablers[0], "1-x")
    assert row.statement == (
        "Knowing what works: from 25.0 to 75.0, +50.0 points, risen, over 1 of 2 questions. The target is 75.0."
    )
    assert (row.x_then, row.x_now, row.x_target, row.progress) == ("25", "75", "75", "100.0%")
    nothing = make_row(change.enablers[1], "1-y")
    assert (nothing.change, nothing.verdict, nothing.compared) == ("", "Nothing to compare", "0 of 0 questions")


def test_what_cannot_be_compared_says_why() -> None:
    then = make_questionnaire(*(make_question(name) for name in "abcdz"))
    now = make_questionnaire(*(make_question(name, meaning=2 if name == "b" else 1) for name in "abcde"))
    all_of_two: Choices = dict.fromkeys("abcd", 2)
    (comparison,) = make_change_view(
        make_round(
            now, {"A": {**all_of_two, "e": 2, "c": DONT_KNOW}, "B": {**all_of_two, "e": 2, "d": NOT_APPLICABLE}}
        ),
        [
            make_round(
                then,
                {"A": {**all_of_two, "z": 1}, "B": {**all_of_two, "z": 1, "c": DONT_KNOW, "d": DONT_KNOW}},
                days=-1,
            )
        ],
    ).comparisons
    assert comparison.not_compared
    few = "too few organisations chose a level"
    assert [(row[0], row[2]) for row in comparison.not_compared.rows] == [
        ("Question b", "It means something else than in Round -1"),
        ("Question c", f"No score in Round -1: {few}. No score now: {few}"),
        ("Question d", f"No score in Round -1: {few}. No score now: {few}"),
        ("Question e", "Not asked in Round -1"),
        ("Question z", "Asked in Round -1 and no more"),
    ]
    assert [group.table.rows[0][0] for group in comparison.questions] == ["Question a"]


def test_several_rounds_make_a_trail_each_step_like_for_like() -> None:
    one = make_questionnaire(make_question("a"), make_question("b"))
    rounds = [
        make_round(one, {"A": {"a": level, "b": 0}, "B": {"a": level, "b": 0}}, days=days)
        for days, level in ((-2, 0), (-1, 4), (0, 4))
    ]
    view = make_change_view(rounds[2], [rounds[1], rounds[0]])
    assert view.trail
    assert [column.header for column in view.trail.columns] == [
        "Enabler", "Round -2", "Change", "Round -1", "Change", "Round 0",
    ]  # fmt: skip
    assert view.trail.rows[0] == ("Knowing what works", "0.0", "+50.0", "50.0", "Too little to call (0.0)", "50.0")
    assert view.trail.rows[1] == (
        "Sharing information", "No score", "Nothing to compare", "No score", "Nothing to compare", "No score",
    )  # fmt: skip
    assert make_change_view(rounds[1], [rounds[0]]).trail is None


def test_rounds_of_one_name_are_told_apart_by_the_day_they_opened() -> None:
    one = make_questionnaire(make_question("a"))
    rounds = [
        replace(each, together=replace(each.together, round="Yearly round"))
        for each in (make_round(one, {"A": {"a": 2}, "B": {"a": 2}}, days=days) for days in (0, -365))
    ]
    (comparison,) = make_change_view(rounds[0], rounds[1:]).comparisons
    assert comparison.heading == "Yearly round, from 2 November 2026 beside Yearly round, from 2 November 2025"


def test_who_came_and_went_is_named_and_those_in_both_are_compared_apart() -> None:
    one = make_questionnaire(make_question("a"))
    (comparison,) = make_change_view(
        make_round(one, {"A": {"a": 2}, "B": {"a": 2}, "C": None, "D": {"a": 0}}),
        [make_round(one, {"A": {"a": 2}, "B": {"a": 2}, "C": {"a": 4}}, days=-1)],
    ).comparisons
    assert comparison.who == (
        "Submitted in both rounds: A and B.",
        "Submitted in Round -1 only: C.",
        "Submitted in Round 0 only: D.",
        "Part of a change may come from which organisations took part.",
        "Not submitted yet in Round 0: C.",
    )
    assert comparison.rows[0].change == "−33.3"
    assert comparison.same
    assert comparison.same.table
    assert comparison.same.table.rows[0][1:5] == ("50.0", "50.0", "0.0", "Too little to call")


# ---- What if ---------------------------------------------------------------------------------------------------------


def what_if(budget: int, *answers: Choices) -> WhatIfView:
    """Ask of three questions of the weights 1, 2 and 3."""
    questionnaire = make_questionnaire(
        *(make_question(name, weight=weight) for name, weight in zip("abc", (1, 2, 3), strict=True))
    )
    organisations = {f"Body {number}": make_answers(each) for number, each in enumerate(answers, start=1)}
    report = make_partnership_report(questionnaire, organisations)
    votes = [score_questions(questionnaire, each) for each in organisations.values()]
    raises = find_raises(report, votes)
    return make_what_if_view(
        report, raises, choose_raises(raises, {}, budget), budget=budget, efforts={}, names=list(organisations)
    )


def test_a_choice_is_said_in_one_sentence_and_can_be_followed_with_a_pencil() -> None:
    """By hand: gaps of 75, 75 and 33.3…; c goes from 41.66… to 58.33…, (0 + 25 + 100) to (25 + 50 + 100) over 3."""
    view = what_if(4, {"a": 0, "b": 0, "c": 0}, {"a": 0, "b": 0, "c": 1}, {"a": 0, "b": 0, "c": 4})
    assert view.summary == (
        "Raise these 2 questions by one level. That takes an effort of 4 out of 4, and closes 100.0 of 325.0 points "
        "of weighted gap."
    )
    assert [(each.id, each.gain) for each in view.chosen] == [("b", "50.0"), ("c", "50.0")]
    steps = {step.label: step for step in view.chosen[1].working.steps}
    assert steps["One level up"].lines == (
        "Score now: (0 + 25 + 100) ÷ 3 ≈ 41.6667, shown as 41.7",
        "Score then: (25 + 50 + 100) ÷ 3 ≈ 58.3333, shown as 58.3",
    )
    assert steps["One level up"].table
    assert [row[3] for row in steps["One level up"].table.rows] == ["Level 1", "Level 2", "Stays: it is the top"]
    assert steps["Gap"].lines == (
        "Gap now: target − score: 75 − 41.6667 ≈ 33.3333, shown as 33.3",
        "Gap then: target − score: 75 − 58.3333 ≈ 16.6667, shown as 16.7",
    )
    assert steps["Closes"].lines == ("Weight × (gap now − gap then): 3 × (33.3333 − 16.6667) = 50",)
    assert view.sum_up
    assert [step.lines for step in view.sum_up.steps] == [
        ("50 + 50 = 100",),
        ("No other set of these questions closes more within an effort of 4.",),
        ("Added up = 325", "What would be left = 225"),
    ]
    assert view.profile
    assert view.profile.rows[0][1:3] == ("20.8", "37.5")


@pytest.mark.parametrize(
    ("budget", "level", "summary"),
    [
        (2, 0, "Raise this question by one level. That takes an effort of 2 out of 2, and closes 75.0 of 450.0"),
        (1, 0, "No question can be raised with an effort of 1: the least that any of them takes is 2."),
        (5, 3, "There is no weighted gap: every question with a score and a weight is at or above its target."),
    ],
)  # fmt: skip
def test_what_there_is_to_raise_or_why_nothing(budget: int, level: int, summary: str) -> None:
    answers = dict.fromkeys("abc", level)
    view = what_if(budget, answers, answers)
    assert view.summary.startswith(summary)
    assert bool(view.chosen) is bool(view.sum_up) is bool(view.profile) is summary.startswith("Raise")
