"""The edges of putting organisations together, as tables of cases."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.domain.gaps import GapReport
from app.domain.partnership import find_average_deviation, find_rwg, make_partnership_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Questionnaire, Scale
from app.domain.scoring import CoverageStatus, QuestionScore, QuestionState
from tests.factories import (
    AGREEMENT,
    MATURITY,
    make_answers,
    make_framework,
    make_question,
    make_questionnaire,
    make_scale,
    make_section,
)

SILENT = "silent"


def _report(questionnaire: Questionnaire, *sheets: Mapping[str, int | str]) -> GapReport:
    return make_partnership_report(
        questionnaire, {f"organisation-{number}": make_answers(sheet) for number, sheet in enumerate(sheets)}
    )


def _question(*choices: int | str, scale: Scale = MATURITY, minimum_organisations: int = 2) -> QuestionScore:
    """Put one question to organisations that answer so."""
    framework = make_framework(scales=(scale,), minimum_organisations=minimum_organisations)
    questionnaire = make_questionnaire(make_question("a", scale=scale), framework=framework)
    return _report(questionnaire, *({} if choice == SILENT else {"a": choice} for choice in choices)).scores.questions[
        0
    ]


@pytest.mark.parametrize(
    ("choices", "state", "score"),
    [
        pytest.param((4, 0), "scored", 50, id="two_scores_are_enough"),
        pytest.param((4, 1, 1, 1, 1), "scored", 40, id="one_organisation_one_vote"),
        pytest.param((4,), "insufficient", None, id="one_organisation_alone"),
        pytest.param((4, SILENT, SILENT), "insufficient", None, id="one_score_and_silence"),
        pytest.param((SILENT, SILENT, SILENT), "insufficient", None, id="all_silent"),
        pytest.param((DONT_KNOW, DONT_KNOW), "insufficient", None, id="all_dont_know"),
        pytest.param((4, 2, DONT_KNOW, DONT_KNOW, DONT_KNOW), "scored", 75, id="dont_know_has_no_vote"),
        pytest.param((NOT_APPLICABLE, NOT_APPLICABLE, 4, 2), "scored", 75, id="exactly_half_not_applicable"),
        pytest.param((NOT_APPLICABLE, NOT_APPLICABLE, 4, 2, SILENT), "scored", 75, id="half_of_those_that_answered"),
        pytest.param((NOT_APPLICABLE,) * 3 + (4, 2), "not-applicable", None, id="more_than_half_not_applicable"),
        pytest.param((NOT_APPLICABLE,) * 3 + (4, 2, DONT_KNOW), "scored", 75, id="dont_know_is_an_answer"),
        pytest.param((NOT_APPLICABLE, SILENT, SILENT), "not-applicable", None, id="silence_is_none"),
        pytest.param((NOT_APPLICABLE, 4), "insufficient", None, id="half_and_too_few_scores"),
        pytest.param((NOT_APPLICABLE, DONT_KNOW), "insufficient", None, id="half_and_no_scores"),
    ],
)
def test_a_question_of_a_partnership_is_scored_by_those_that_gave_it_a_level(
    choices: tuple[int | str, ...], state: str, score: int | None
) -> None:
    question = _question(*choices)
    assert (question.state, question.score) == (state, score)
    assert question.organisations == sum(isinstance(choice, int) for choice in choices)


@pytest.mark.parametrize(
    ("minimum", "scores", "state"), [(1, 1, "scored"), (3, 2, "insufficient"), (3, 3, "scored"), (4, 3, "insufficient")]
)
def test_the_framework_says_how_many_organisations_are_enough(minimum: int, scores: int, state: str) -> None:
    assert _question(*[3] * scores, minimum_organisations=minimum).state == state


CONDITIONAL = make_questionnaire(make_question("first"), make_question("second", when=("first", 2)))


@pytest.mark.parametrize(
    ("sheets", "state", "score"),
    [
        pytest.param([(0, 4), (1, 4)], "hidden", None, id="hidden_in_all"),
        pytest.param([(2, 4), (2, 2), (0, 0)], "scored", 75, id="where_it_is_hidden_there_is_no_vote"),
        pytest.param([(2, 4), (0, 4)], "insufficient", None, id="a_kept_answer_does_not_make_enough"),
        pytest.param([(2, None), (0, 4)], "insufficient", None, id="hidden_in_some_and_silent_in_the_rest"),
        pytest.param(
            [(2, NOT_APPLICABLE), (0, 4), (0, 4)], "not-applicable", None, id="where_it_is_hidden_nothing_was_answered"
        ),
        pytest.param(
            [(2, 4), (2, 2), (0, NOT_APPLICABLE), (0, NOT_APPLICABLE), (0, NOT_APPLICABLE)],
            "scored",
            75,
            id="a_kept_not_applicable_does_not_count",
        ),
    ],
)
def test_a_question_is_hidden_only_where_it_is_hidden_in_every_organisation(
    sheets: list[tuple[int, int | str | None]], state: str, score: int | None
) -> None:
    answers: list[dict[str, int | str]] = [
        {"first": first} if second is None else {"first": first, "second": second} for first, second in sheets
    ]
    question = _report(CONDITIONAL, *answers).scores.questions[1]
    assert (question.state, question.score) == (state, score)


# Spread


@pytest.mark.parametrize(
    ("scores", "deviation"),
    [((), None), ((50,), None), ((50, 50), 0), ((0, 100), 50), ((100, 75, 0, 100, 25), 48 - 10)],
)
def test_the_average_deviation_is_the_mean_distance_from_the_mean(
    scores: tuple[int, ...], deviation: int | None
) -> None:
    assert find_average_deviation([Fraction(score) for score in scores]) == deviation


@pytest.mark.parametrize(
    ("places", "levels", "rwg"),
    [
        pytest.param((), 5, None, id="nobody"),
        pytest.param((3,), 5, None, id="one_alone"),
        pytest.param((2, 2, 2), 5, 1, id="all_agree"),
        # Mean 2, squares 1 + 0 + 1 = 2, s² = 2/2 = 1, e = 24/12 = 2
        pytest.param((1, 2, 3), 5, Fraction(1, 2), id="half_of_what_chance_would_give"),
        # Mean 3/2, squares 4 × 1/4 = 1, s² = 1/3, e = 15/12 = 5/4: 1 − (1/3)/(5/4) = 1 − 4/15
        pytest.param((1, 2, 1, 2), 4, Fraction(11, 15), id="four_levels"),
        # Mean 1, squares 1 + 1 = 2, s² = 2 = e
        pytest.param((0, 2), 5, 0, id="as_far_apart_as_by_chance"),
        pytest.param((0, 4, 0, 4), 5, 0, id="further_apart_is_no_less_than_none"),
        # Mean 1/2, s² = 1/2, e = 3/12 = 1/4
        pytest.param((0, 1), 2, 0, id="two_levels"),
    ],
)
def test_rwg_is_what_is_left_of_the_variance_of_chance(
    places: tuple[int, ...], levels: int, rwg: Fraction | int | None
) -> None:
    assert find_rwg(places, levels) == rwg


THRESHOLD_OF_5 = Fraction(125, 6)
THRESHOLD_OF_4 = Fraction(200, 9)


def _spread(deviation: Fraction, levels: int) -> Scale:
    """Make a scale on which two votes at each of two inner levels deviate so much."""
    inner = {50 - deviation, 50 + deviation}
    points = sorted({Fraction(0), Fraction(100), *inner, *([Fraction(50)] if levels == 5 else [])})
    return make_scale("scale", points)


@pytest.mark.parametrize(
    ("levels", "deviation", "contested"),
    [
        pytest.param(5, THRESHOLD_OF_5, True, id="five_levels_at_the_threshold"),
        pytest.param(5, THRESHOLD_OF_5 - Fraction(1, 10**9), False, id="five_levels_just_under"),
        pytest.param(4, THRESHOLD_OF_4, True, id="four_levels_at_the_threshold"),
        pytest.param(4, THRESHOLD_OF_4 - Fraction(1, 10**9), False, id="four_levels_just_under"),
        pytest.param(4, THRESHOLD_OF_5, False, id="four_levels_at_the_threshold_of_five"),
    ],
)
def test_a_question_is_contested_from_the_threshold_of_its_number_of_levels(
    levels: int, deviation: Fraction, *, contested: bool
) -> None:
    low, high = (1, 3) if levels == 5 else (1, 2)
    question = _question(low, high, low, high, scale=_spread(deviation, levels))
    assert question.average_deviation == deviation
    assert question.contested == contested


@pytest.mark.parametrize(
    ("choices", "contested"),
    [
        pytest.param((0, 4), False, id="two_scores_never"),
        pytest.param((0, 4, DONT_KNOW, NOT_APPLICABLE, SILENT), False, id="others_do_not_make_up_for_a_third"),
        pytest.param((0, 4, 4), True, id="three_may_be"),
        pytest.param((4, 4, 2, 4, 0), True, id="even_where_the_score_is_high"),
        pytest.param((3, 3, 3), False, id="all_agree"),
    ],
)
def test_a_question_is_contested_only_by_three_organisations_with_a_score(
    choices: tuple[int | str, ...], *, contested: bool
) -> None:
    assert _question(*choices).contested == contested


def test_a_question_most_call_not_applicable_may_still_be_contested_among_those_that_scored_it() -> None:
    question = _question(0, 4, 4, *[NOT_APPLICABLE] * 4)
    assert (question.state, question.organisations, question.contested) == ("not-applicable", 3, True)


def test_four_level_scales_with_whole_levels_follow_their_own_threshold() -> None:
    assert _question(0, 1, 2, 2, scale=AGREEMENT).average_deviation == 25
    assert _question(0, 1, 2, 2, scale=AGREEMENT).contested
    assert not _question(1, 1, 2, 2, scale=AGREEMENT).contested


# Enablers


def test_the_dont_know_share_of_a_partnership_is_of_what_each_organisation_sees_as_applicable() -> None:
    questionnaire = make_questionnaire(
        make_question("first"), make_question("second", weight=3, when=("first", 2)), make_question("third", weight=2)
    )
    report = _report(
        questionnaire,
        {"first": 2, "second": DONT_KNOW, "third": 4},  # sees 1 + 3 + 2, does not know 3
        {"first": 0, "second": DONT_KNOW, "third": DONT_KNOW},  # sees 1 + 2, does not know 2
        {"first": 3, "third": NOT_APPLICABLE},  # sees 1 + 3, knows all it answered
    )
    assert report.scores.enablers[0].dont_know_share == Fraction(100 * 5, 6 + 3 + 4)


def test_an_enabler_that_applies_to_no_partnership_question_has_no_dont_know_share() -> None:
    report = _report(
        make_questionnaire(make_question("a")), {"a": NOT_APPLICABLE}, {"a": NOT_APPLICABLE}, {"a": DONT_KNOW}
    )
    enabler = report.scores.enablers[0]
    assert (enabler.coverage_status, enabler.coverage, enabler.dont_know_share) == ("not-applicable", None, None)
    assert enabler.not_applicable == 1


def test_an_enabler_of_weight_0_alone_has_no_dont_know_share() -> None:
    report = _report(make_questionnaire(make_question("a", weight=0)), {"a": DONT_KNOW}, {"a": 4})
    assert report.scores.enablers[0].dont_know_share is None


def test_insufficient_questions_count_as_applicable_in_coverage() -> None:
    report = _report(make_questionnaire(make_question("a"), make_question("b")), {"a": 4, "b": 4}, {"a": 2})
    enabler = report.scores.enablers[0]
    assert [question.state for question in report.scores.questions] == [
        QuestionState.SCORED,
        QuestionState.INSUFFICIENT,
    ]
    assert (enabler.score, enabler.coverage, enabler.coverage_status) == (
        Fraction(75),
        Fraction(50),
        CoverageStatus.PROVISIONAL,
    )


def test_the_cap_looks_at_the_score_of_the_partnership_not_of_one_organisation() -> None:
    questionnaire = make_questionnaire(make_question("c", critical=True), make_question("o", weight=9))
    held = _report(questionnaire, {"c": 0, "o": 4}, {"c": 1, "o": 4}).scores.enablers[0]
    free = _report(questionnaire, {"c": 0, "o": 4}, {"c": 2, "o": 4}).scores.enablers[0]
    assert [question.id for question in held.capped_by] == ["c"]
    assert free.capped_by == ()


def test_a_report_says_how_many_organisations_it_speaks_for() -> None:
    questionnaire = make_questionnaire(make_section("securing-funding", make_question("a")))
    assert _report(questionnaire, {"a": 4}, {}, {"a": DONT_KNOW}).organisations == 3


def test_the_partnerships_own_targets_replace_the_questionnaires() -> None:
    questionnaire = make_questionnaire(make_question("a", target=4), make_question("b"))
    organisations = {"one": make_answers(a=2, b=2), "two": make_answers(a=2, b=2)}
    report = make_partnership_report(questionnaire, organisations, [Fraction(50), Fraction(60)])
    assert [(gap.question.id, gap.gap) for gap in report.gaps] == [("b", Fraction(10))]
    assert [(gap.question.id, gap.difference) for gap in report.met] == [("a", Fraction(0))]
