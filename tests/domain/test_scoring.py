"""The edges of scoring one organisation, as tables of cases."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Question, Questionnaire
from app.domain.scoring import CoverageStatus, EnablerScore, score
from tests.factories import (
    MATURITY,
    make_answers,
    make_framework,
    make_question,
    make_questionnaire,
    make_scale,
    make_section,
)

A_LITTLE = Fraction(1, 10**9)
PERCENT = make_scale("percent", (0, 100))
"""Two levels alone: the weight of the upper one is its share of the score."""
WITH_PERCENT = make_framework(scales=(MATURITY, PERCENT))


def _only_enabler(questionnaire: Questionnaire, answers: Mapping[str, int | str]) -> EnablerScore:
    return score(questionnaire, make_answers(answers)).enablers[0]


def _weighing(*weights: int | Fraction) -> list[Question]:
    """Questions `q0`, `q1` and so on, of these weights."""
    return [make_question(f"q{number}", weight=weight) for number, weight in enumerate(weights)]


# Hidden questions

CHAIN = (
    make_question("first"),
    make_question("second", when=("first", 2)),
    make_question("third", when=("second", 2)),
    make_question("fourth", when=("third", 0)),
)


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        pytest.param({}, "unanswered hidden hidden hidden", id="nothing_is_answered"),
        pytest.param({"first": 2}, "scored unanswered hidden hidden", id="the_level_named_meets_the_condition"),
        pytest.param({"first": 4}, "scored unanswered hidden hidden", id="a_level_above_meets_the_condition"),
        pytest.param({"first": 1}, "scored hidden hidden hidden", id="a_level_below_does_not"),
        pytest.param({"first": DONT_KNOW}, "dont-know hidden hidden hidden", id="dont_know_does_not"),
        pytest.param({"first": NOT_APPLICABLE}, "not-applicable hidden hidden hidden", id="not_applicable_does_not"),
        pytest.param(
            {"first": 2, "second": 2, "third": 0},
            "scored scored scored unanswered",
            id="the_lowest_level_meets_the_lowest",
        ),
        pytest.param(
            {"first": 2, "second": 2, "third": DONT_KNOW},
            "scored scored dont-know hidden",
            id="dont_know_is_below_the_lowest_level",
        ),
        pytest.param(
            {"first": 1, "second": 4, "third": 4, "fourth": 4},
            "scored hidden hidden hidden",
            id="kept_answers_of_hidden_questions_open_nothing",
        ),
        pytest.param(
            {"second": 4, "third": 4, "fourth": 4},
            "unanswered hidden hidden hidden",
            id="kept_answers_open_nothing_after_the_first_was_cleared",
        ),
        pytest.param(
            {"first": 2, "second": 4, "third": 4, "fourth": 4},
            "scored scored scored scored",
            id="kept_answers_come_back_with_the_condition",
        ),
    ],
)
def test_a_question_is_shown_only_while_its_condition_is_met(answers: Mapping[str, int | str], states: str) -> None:
    scores = score(make_questionnaire(*CHAIN), make_answers(answers))
    assert " ".join(question.state for question in scores.questions) == states


def test_a_condition_compares_places_on_the_scale_of_the_earlier_question() -> None:
    questionnaire = make_questionnaire(
        make_question("first", scale=PERCENT), make_question("second", when=("first", 1)), framework=WITH_PERCENT
    )
    assert score(questionnaire, make_answers(first=1, second=0)).questions[1].state == "scored"


# Coverage


@pytest.mark.parametrize(
    ("weights", "status"),
    [
        pytest.param((3, 1), "full", id="75_is_full"),
        pytest.param((3 - A_LITTLE, 1), "provisional", id="just_under_75_is_provisional"),
        pytest.param((1, 1), "provisional", id="50_is_provisional"),
        pytest.param((1 - A_LITTLE, 1), "insufficient", id="just_under_50_is_insufficient"),
        pytest.param((1, 0), "full", id="an_unanswered_question_of_weight_0_takes_no_coverage"),
        pytest.param((0, 1), "insufficient", id="a_scored_question_of_weight_0_gives_no_coverage"),
        pytest.param((0, 0), "insufficient", id="all_weights_0_are_insufficient"),
    ],
)
@pytest.mark.parametrize("other", [DONT_KNOW, None], ids=["dont_know", "unanswered"])
def test_coverage_is_the_weight_scored_of_the_weight_applicable(
    weights: tuple[int | Fraction, int], status: str, other: str | None
) -> None:
    answers: dict[str, int | str] = {"q0": 3} if other is None else {"q0": 3, "q1": other}
    enabler = _only_enabler(make_questionnaire(*_weighing(*weights)), answers)
    assert enabler.coverage_status == status
    assert enabler.coverage == (100 * Fraction(weights[0]) / sum(weights) if any(weights) else None)
    assert enabler.score == (None if status == "insufficient" else 75)


@pytest.mark.parametrize(
    ("answers", "coverage", "dont_know_share", "not_applicable", "status"),
    [
        pytest.param({}, 0, 0, 0, CoverageStatus.INSUFFICIENT, id="nothing_answered"),
        pytest.param({"q0": NOT_APPLICABLE}, 0, 0, 1, CoverageStatus.INSUFFICIENT, id="one_of_two_not_applicable"),
        pytest.param(
            {"q0": NOT_APPLICABLE, "q1": 0}, 100, 0, 1, CoverageStatus.FULL, id="what_does_not_apply_takes_no_coverage"
        ),
        pytest.param(
            {"q0": NOT_APPLICABLE, "q1": NOT_APPLICABLE},
            None,
            None,
            2,
            CoverageStatus.NOT_APPLICABLE,
            id="all_not_applicable",
        ),
        pytest.param({"q0": DONT_KNOW, "q1": DONT_KNOW}, 0, 100, 0, CoverageStatus.INSUFFICIENT, id="all_dont_know"),
        pytest.param({"q0": DONT_KNOW, "q1": 0}, 75, 25, 0, CoverageStatus.FULL, id="dont_know_by_weight"),
        pytest.param(
            {"q0": DONT_KNOW, "q1": NOT_APPLICABLE},
            0,
            100,
            1,
            CoverageStatus.INSUFFICIENT,
            id="dont_know_of_what_applies",
        ),
    ],
)
def test_dont_know_and_not_applicable_are_counted_and_never_imputed(
    answers: Mapping[str, int | str],
    coverage: int | None,
    dont_know_share: int | None,
    not_applicable: int,
    status: CoverageStatus,
) -> None:
    enabler = _only_enabler(make_questionnaire(*_weighing(1, 3)), answers)
    assert (enabler.coverage, enabler.dont_know_share, enabler.not_applicable, enabler.coverage_status) == (
        coverage,
        dont_know_share,
        not_applicable,
        status,
    )


def test_applicable_questions_of_weight_0_alone_leave_coverage_and_dont_know_share_undefined() -> None:
    enabler = _only_enabler(make_questionnaire(*_weighing(0, 0)), {"q0": 4, "q1": DONT_KNOW})
    assert (enabler.score, enabler.band, enabler.coverage, enabler.dont_know_share) == (None, None, None, None)
    assert enabler.coverage_status == CoverageStatus.INSUFFICIENT


@pytest.mark.parametrize("answers", [{}, {"q0": DONT_KNOW}, {"q1": 4}], ids=["unanswered", "dont_know", "weight_0"])
def test_without_a_weight_that_is_scored_there_is_no_score_even_where_no_coverage_is_asked(
    answers: Mapping[str, int | str],
) -> None:
    questionnaire = make_questionnaire(
        *_weighing(1, 0), framework=make_framework(provisional_coverage=0, full_coverage=0)
    )
    enabler = _only_enabler(questionnaire, answers)
    assert enabler.score is None
    assert enabler.coverage == 0
    assert enabler.coverage_status == CoverageStatus.INSUFFICIENT


@pytest.mark.parametrize(
    ("full", "provisional", "status"),
    [
        (50, 75, CoverageStatus.FULL),
        (60, 75, CoverageStatus.INSUFFICIENT),
        (75, 0, CoverageStatus.PROVISIONAL),
        (0, 0, CoverageStatus.FULL),
    ],
)
def test_full_coverage_is_asked_first_then_provisional(full: int, provisional: int, status: CoverageStatus) -> None:
    framework = make_framework(full_coverage=full, provisional_coverage=provisional)
    assert _only_enabler(make_questionnaire(*_weighing(1, 1), framework=framework), {"q0": 4}).coverage_status == status


# Bands and the cap


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (Fraction(0), "not-in-place"),
        (25 - A_LITTLE, "not-in-place"),
        (Fraction(25), "emerging"),
        (50 - A_LITTLE, "emerging"),
        (Fraction(50), "partly-in-place"),
        (75 - A_LITTLE, "partly-in-place"),
        (Fraction(75), "in-place"),
        (Fraction(100), "in-place"),
    ],
)
def test_a_band_starts_at_its_lower_bound_on_the_unrounded_score(value: Fraction, band: str) -> None:
    upper, lower = make_question("upper", weight=value, scale=PERCENT), make_question("lower", weight=100 - value)
    questionnaire = make_questionnaire(upper, lower, framework=WITH_PERCENT)
    enabler = _only_enabler(questionnaire, {"upper": 1, "lower": 0})
    assert enabler.score == value
    assert enabler.band is not None
    assert enabler.band.id == band
    assert enabler.barrier == (band in {"not-in-place", "emerging"})


@pytest.mark.parametrize(
    ("value", "band"), [("33.2", "low"), ("33.3", "middle"), ("66.69", "middle"), ("66.7", "high")]
)
def test_bounds_of_bands_with_decimals_are_met_exactly(value: str, band: str) -> None:
    framework = make_framework(
        bands={"low": 0, "middle": Fraction("33.3"), "high": Fraction("66.7")}, critical_cap="middle"
    )
    assert framework.band_of(Fraction(value)).id == band


@pytest.mark.parametrize(
    ("weight", "level", "others", "capped_by", "band"),
    [
        pytest.param(1, 0, 4, ["c"], "emerging", id="it_lowers_in_place_to_emerging"),
        pytest.param(0, 0, 4, ["c"], "emerging", id="it_caps_with_weight_0"),
        pytest.param(1, 0, 1, ["c"], "not-in-place", id="it_is_named_where_the_band_is_lower_anyway"),
        pytest.param(1, 0, 2, ["c"], "emerging", id="it_is_named_where_the_band_is_emerging_anyway"),
        pytest.param(1, 1, 4, [], "in-place", id="exactly_25_does_not_cap"),
        pytest.param(0, DONT_KNOW, 4, [], "in-place", id="dont_know_does_not_cap"),
        pytest.param(0, NOT_APPLICABLE, 4, [], "in-place", id="not_applicable_does_not_cap"),
    ],
)
def test_a_critical_question_under_25_holds_its_enabler_at_emerging(
    weight: int, level: int | str, others: int, capped_by: list[str], band: str
) -> None:
    questionnaire = make_questionnaire(
        make_question("c", weight=weight, critical=True), make_question("o", weight=9), make_question("p", weight=9)
    )
    enabler = _only_enabler(questionnaire, {"c": level, "o": others, "p": others})
    assert [question.id for question in enabler.capped_by] == capped_by
    assert enabler.band is not None
    assert enabler.band.id == band


def test_every_critical_question_under_25_is_named_in_questionnaire_order_across_sections() -> None:
    questionnaire = make_questionnaire(
        make_section(
            "securing-funding", make_question("z", critical=True), make_question("y", weight=0, critical=True)
        ),
        make_section("right-incentives", make_question("elsewhere", critical=True)),
        make_section("securing-funding", make_question("a", critical=True), make_question("b"), section="more"),
    )
    answers = make_answers(z=0, y=0, elsewhere=0, a=0, b=0)
    named = {enabler.enabler.id: enabler.capped_by for enabler in score(questionnaire, answers).enablers}
    assert [question.id for question in named["securing-funding"]] == ["z", "y", "a"]
    assert [question.id for question in named["right-incentives"]] == ["elsewhere"]


def test_without_a_score_nothing_is_capped_and_nothing_is_a_barrier() -> None:
    questionnaire = make_questionnaire(make_question("c", critical=True), make_question("o", weight=9))
    enabler = _only_enabler(questionnaire, {"c": 0})
    assert (enabler.score, enabler.band, enabler.barrier, enabler.capped_by) == (None, None, False, ())


def test_the_cap_is_the_band_and_the_bound_that_the_framework_names() -> None:
    framework = make_framework(critical_cap="partly-in-place", critical_below=50)
    questionnaire = make_questionnaire(
        make_question("c", critical=True), make_question("o", weight=9), framework=framework
    )
    for level, band in ((1, "partly-in-place"), (2, "in-place")):
        enabler = _only_enabler(questionnaire, {"c": level, "o": 4})
        assert enabler.band is not None
        assert enabler.band.id == band


# Enablers


def test_all_enablers_of_the_framework_are_listed_in_its_order_and_one_without_a_section_does_not_apply() -> None:
    framework = make_framework(enablers=("one", "two", "three"))
    questionnaire = make_questionnaire(
        make_section("three", make_question("c")), make_section("one", make_question("a")), framework=framework
    )
    enablers = score(questionnaire, make_answers(a=4, c=1)).enablers
    assert [(enabler.enabler.id, enabler.score, enabler.coverage_status) for enabler in enablers] == [
        ("one", 100, "full"),
        ("two", None, "not-applicable"),
        ("three", 25, "full"),
    ]
    assert enablers[1].coverage is None
    assert enablers[1].dont_know_share is None


def test_an_enabler_whose_questions_are_all_hidden_does_not_apply_and_counts_none_as_not_applicable() -> None:
    questionnaire = make_questionnaire(
        make_section("securing-funding", make_question("a")),
        make_section("right-incentives", make_question("b", when=("a", 1))),
    )
    enabler = score(questionnaire, make_answers(a=0, b=4)).enablers[3]
    assert (enabler.enabler.id, enabler.score, enabler.coverage, enabler.coverage_status, enabler.not_applicable) == (
        "right-incentives",
        None,
        None,
        "not-applicable",
        0,
    )


def test_all_sections_of_an_enabler_are_weighed_together() -> None:
    questionnaire = make_questionnaire(
        make_section("securing-funding", make_question("a", weight=1)),
        make_section("right-incentives", make_question("b", weight=1)),
        make_section("securing-funding", make_question("c", weight=3), section="more"),
    )
    enabler = score(questionnaire, make_answers(a=4, b=0, c=0)).enablers[2]
    assert (enabler.enabler.id, enabler.score, enabler.coverage) == ("securing-funding", Fraction(25), Fraction(100))


@pytest.mark.parametrize(
    ("points", "scores"),
    [
        ((0, 1, 2, 3), (0, Fraction(100, 3), Fraction(200, 3), 100)),
        ((1, 2, 4), (0, Fraction(100, 3), 100)),
        ((-2, 0, 2), (0, 50, 100)),
        ((Fraction("0.1"), Fraction("0.2"), Fraction("0.4")), (0, Fraction(100, 3), 100)),
    ],
)
def test_a_level_scores_its_distance_from_the_lowest_of_that_to_the_highest(
    points: tuple[Fraction, ...], scores: tuple[Fraction, ...]
) -> None:
    assert tuple(make_scale("scale", points).scores.values()) == scores


def test_the_sums_behind_a_score_and_a_coverage_are_given_exactly() -> None:
    questionnaire = make_questionnaire(*_weighing(Fraction("0.1"), Fraction("0.2"), Fraction("0.3")))
    enabler = _only_enabler(questionnaire, {"q0": 1, "q1": 2})
    assert enabler.sums.weighted_total == Fraction("12.5")
    assert enabler.sums.scored_weight == Fraction("0.3")
    assert enabler.sums.applicable_weight == Fraction("0.6")
    assert enabler.score == enabler.sums.weighted_total / enabler.sums.scored_weight
