"""Which questions to raise: a table by hand, every subset by brute force, and the laws."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gaps import GapReport, make_gap_report, report_gaps
from app.domain.partnership import make_partnership_report, score_agreed
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Questionnaire
from app.domain.scoring import QuestionScore, score_questions
from app.domain.what_if import Raise, choose_raises, find_raises, find_total_gap, score_raised
from tests.domain.strategies import law, organisations_answering, questionnaires, rebuild, targets_for
from tests.factories import AGREEMENT, level_id, make_answers, make_question, make_questionnaire

Votes = Sequence[Sequence[QuestionScore]]
Organisations = Mapping[str, Mapping[str, int | str]]


def make_votes(questionnaire: Questionnaire, *answers: Mapping[str, int | str]) -> Votes:
    return [score_questions(questionnaire, make_answers(each)) for each in answers]


def report_together(questionnaire: Questionnaire, *answers: Mapping[str, int | str]) -> GapReport:
    return make_partnership_report(
        questionnaire, {str(place): make_answers(each) for place, each in enumerate(answers)}
    )


def list_gains(raises: Sequence[Raise]) -> dict[str, tuple[Fraction, Fraction, Fraction]]:
    return {each.question.id: (each.now.score, each.then.score, each.gain) for each in raises}


def choose(raises: Sequence[Raise], budget: int, **efforts: int) -> tuple[list[str], int, Fraction]:
    choice = choose_raises(raises, efforts, budget)
    return [each.question.id for each in choice.raises], choice.effort, choice.gain


# ---- Raising one question --------------------------------------------------------------------------------------------


def test_each_organisation_goes_up_one_level_and_the_score_is_the_new_mean() -> None:
    questionnaire = make_questionnaire(make_question("a", weight=2))
    answers: list[dict[str, int | str]] = [{"a": 0}, {"a": 1}, {"a": 4}, {"a": DONT_KNOW}]
    raises = find_raises(report_together(questionnaire, *answers), make_votes(questionnaire, *answers))
    assert list_gains(raises) == {"a": (Fraction(125, 3), Fraction(175, 3), 2 * Fraction(50, 3))}
    assert [(move.vote, move.before.id, move.after.id) for move in raises[0].moves] == [
        (0, "level-0", "level-1"),
        (1, "level-1", "level-2"),
        (2, "level-4", "level-4"),
    ]


def test_nothing_is_gained_above_the_target() -> None:
    questionnaire = make_questionnaire(make_question("a", scale=AGREEMENT), make_question("b", target=1))
    answers = {"a": 2, "b": 0}
    raises = find_raises(make_gap_report(questionnaire, make_answers(answers)), make_votes(questionnaire, answers))
    assert list_gains(raises) == {
        "a": (Fraction(200, 3), Fraction(100), Fraction(25, 3)),
        "b": (Fraction(0), Fraction(25), Fraction(25)),
    }


@pytest.mark.parametrize(
    ("weight", "answers"),
    [
        (1, [{"a": 3}, {"a": 3}]),
        (1, [{"a": 4}, {"a": 4}]),
        (0, [{"a": 0}, {"a": 0}]),
        (1, [{"a": 0}, {"a": DONT_KNOW}]),
        (1, [{"a": NOT_APPLICABLE}, {"a": NOT_APPLICABLE}, {"a": NOT_APPLICABLE}, {"a": 0}, {"a": 1}]),
        (1, [{}, {}]),
    ],
    ids=["at target", "at the top", "no weight", "too few scores", "not applicable", "unanswered"],
)
def test_what_gains_nothing_is_no_candidate(weight: int, answers: list[dict[str, int | str]]) -> None:
    questionnaire = make_questionnaire(make_question("a", weight=weight))
    assert find_raises(report_together(questionnaire, *answers), make_votes(questionnaire, *answers)) == ()


def test_a_target_at_the_top_is_not_reached_from_the_top() -> None:
    questionnaire = make_questionnaire(make_question("a", target=4))
    answers = [{"a": 4}, {"a": 2}]
    raises = find_raises(report_together(questionnaire, *answers), make_votes(questionnaire, *answers))
    assert list_gains(raises) == {"a": (Fraction(75), Fraction(175, 2), Fraction(25, 2))}


def test_an_agreed_level_goes_up_to_the_next_and_others_by_their_organisations() -> None:
    questionnaire = make_questionnaire(
        make_question("a", weight=3), make_question("b"), make_question("c"), make_question("d", target=4)
    )
    votes = make_votes(questionnaire, {"a": 0, "b": 0, "d": 0}, {"a": 4, "b": 0, "c": 0, "d": 0})
    agreed = {"a": level_id(1), "c": level_id(0), "d": level_id(4)}
    report = report_gaps(score_agreed(questionnaire, votes, agreed), organisations=2)
    raises = find_raises(report, votes, agreed)
    assert list_gains(raises) == {
        "a": (Fraction(25), Fraction(50), Fraction(75)),
        "b": (Fraction(0), Fraction(25), Fraction(25)),
        "c": (Fraction(0), Fraction(25), Fraction(25)),
    }
    assert [move.vote for move in raises[0].moves] == [None]


# ---- Choosing --------------------------------------------------------------------------------------------------------


@pytest.fixture
def raises() -> tuple[Raise, ...]:
    """Five questions at the lowest level, whose gains are 25 × weight: 100, 75, 75, 50 and 25."""
    questionnaire = make_questionnaire(
        *(make_question(name, weight=weight) for name, weight in zip("abcde", (4, 3, 3, 2, 1), strict=True))
    )
    answers = dict.fromkeys("abcde", 0)
    return find_raises(make_gap_report(questionnaire, make_answers(answers)), make_votes(questionnaire, answers))


CHOICES: dict[str, tuple[int, dict[str, int], list[str], int, int]] = {
    "nothing to spend": (0, {}, [], 0, 0),
    "too little for anything": (1, {}, [], 0, 0),
    "the largest gain where all take the same": (2, {}, ["a"], 2, 100),
    "two of the same gain: the first in the questionnaire": (4, {}, ["a", "b"], 4, 175),
    "an odd effort left over is not spent": (5, {}, ["a", "b"], 4, 175),
    "two that take less beat one that takes as much": (4, {"a": 4}, ["b", "c"], 4, 150),
    "the same gain for less effort": (4, {"a": 4, "c": 1, "e": 1, "b": 5, "d": 5}, ["c", "e"], 2, 100),
    "the same gain and effort with fewer questions": (4, {"a": 4, "b": 5, "c": 3, "d": 5, "e": 1}, ["a"], 4, 100),
    "the largest first would be wrong": (5, {"a": 5, "b": 3, "c": 5, "d": 2, "e": 5}, ["b", "d"], 5, 125),
    "everything": (10, {}, ["a", "b", "c", "d", "e"], 10, 325),
    "more than everything takes": (10**30, {}, ["a", "b", "c", "d", "e"], 10, 325),
}


@pytest.mark.parametrize("case", CHOICES)
def test_the_largest_gain_within_the_effort_is_chosen(raises: tuple[Raise, ...], case: str) -> None:
    budget, efforts, *expected = CHOICES[case]
    assert [*choose(raises, budget, **efforts)] == expected


@pytest.mark.parametrize(("budget", "effort"), [(-1, 1), (1, 0), (1, 6), (1, -1)])
def test_what_is_no_effort_is_refused(raises: tuple[Raise, ...], budget: int, effort: int) -> None:
    with pytest.raises(ValueError, match="an effort from 1 to 5"):
        choose_raises(raises, {"a": effort}, budget)


def test_nothing_to_choose_from_is_no_choice() -> None:
    assert choose((), 5) == ([], 0, Fraction(0))


# ---- Laws ------------------------------------------------------------------------------------------------------------

efforts = st.integers(1, 5)


@st.composite
def candidates(draw: st.DrawFn, most: int = 10) -> tuple[GapReport, tuple[Raise, ...], dict[str, int], int]:
    """A report of one organisation or several, as answered or agreed, with what can be raised, efforts and a budget."""
    questionnaire = draw(questionnaires)
    organisations = draw(organisations_answering(questionnaire))
    votes = [score_questions(questionnaire, answers) for answers in organisations.values()]
    targets = draw(targets_for(questionnaire))
    agreed: dict[str, str] = {}
    if len(votes) == 1 and draw(st.booleans()):
        report = make_gap_report(questionnaire, *organisations.values(), targets=targets)
    else:
        if draw(st.booleans()):
            agreed = {
                question.id: draw(st.sampled_from(questionnaire.scale_of(question).levels)).id
                for question in questionnaire.questions
                if draw(st.booleans())
            }
        report = report_gaps(score_agreed(questionnaire, votes, agreed), targets, organisations=len(votes))
    raises = find_raises(report, votes, agreed)[:most]
    return report, raises, {each.question.id: draw(efforts) for each in raises}, draw(st.integers(0, 25))


def force(raises: Sequence[Raise], costs: Mapping[str, int], budget: int) -> list[str]:
    """Try every subset there is, and take the best: the rule as it is written."""
    subsets = [
        subset for size in range(len(raises) + 1) for subset in combinations(range(len(raises)), size)
        if sum(costs[raises[place].question.id] for place in subset) <= budget
    ]  # fmt: skip
    best = min(
        subsets,
        key=lambda subset: (
            -sum((raises[place].gain for place in subset), Fraction(0)),
            sum(costs[raises[place].question.id] for place in subset),
            len(subset),
            subset,
        ),
    )
    return [raises[place].question.id for place in best]


@given(candidates())
@law(400)
def test_it_is_what_trying_every_subset_gives(
    drawn: tuple[GapReport, tuple[Raise, ...], dict[str, int], int],
) -> None:
    _, raises, costs, budget = drawn
    assert choose(raises, budget, **costs)[0] == force(raises, costs, budget)


@given(st.lists(st.tuples(st.integers(1, 4), efforts), max_size=9), st.integers(0, 30))
@law(400)
def test_it_is_what_trying_every_subset_gives_where_many_are_alike(pairs: list[tuple[int, int]], budget: int) -> None:
    """Few weights and few efforts: most sets tie, and the rules for ties decide."""
    names = [f"q{place}" for place in range(len(pairs))]
    if not names:
        return
    questionnaire = make_questionnaire(
        *(make_question(name, weight=weight) for name, (weight, _) in zip(names, pairs, strict=True))
    )
    answers = dict.fromkeys(names, 0)
    found = find_raises(make_gap_report(questionnaire, make_answers(answers)), make_votes(questionnaire, answers))
    costs = {name: effort for name, (_, effort) in zip(names, pairs, strict=True)}
    assert choose(found, budget, **costs)[0] == force(found, costs, budget)


@given(candidates(most=100))
@law()
def test_more_effort_never_closes_less_and_never_more_than_there_is(
    drawn: tuple[GapReport, tuple[Raise, ...], dict[str, int], int],
) -> None:
    report, raises, costs, budget = drawn
    gains = [choose_raises(raises, costs, effort).gain for effort in (*range(budget + 1), 1000)]
    assert gains == sorted(gains)
    assert gains[-1] == sum((each.gain for each in raises), Fraction(0)) <= find_total_gap(report)


@given(candidates(most=100))
@law()
def test_what_is_chosen_fits_the_effort_and_adds_up(
    drawn: tuple[GapReport, tuple[Raise, ...], dict[str, int], int],
) -> None:
    report, raises, costs, budget = drawn
    choice = choose_raises(raises, costs, budget)
    assert choice.effort == sum(costs[each.question.id] for each in choice.raises) <= budget
    assert choice.gain == sum((each.gain for each in choice.raises), Fraction(0))
    after = report_gaps(score_raised(report, choice.raises), report.targets, organisations=report.organisations)
    assert find_total_gap(report) - find_total_gap(after) == choice.gain


@given(st.data())
@law()
def test_the_order_of_questions_is_irrelevant_for_the_gain(data: st.DataObject) -> None:
    _, raises, costs, budget = data.draw(candidates(most=100))
    shuffled = data.draw(st.permutations(raises))
    before, after = choose_raises(raises, costs, budget), choose_raises(shuffled, costs, budget)
    assert (after.gain, after.effort, len(after.raises)) == (before.gain, before.effort, len(before.raises))


@given(st.data())
@law()
def test_scaling_all_weights_scales_the_gain_and_changes_no_choice(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    heavier = rebuild(
        questionnaire, {question.id: {"weight": question.weight * 3} for question in questionnaire.questions}
    )
    budget = data.draw(st.integers(0, 25))
    one, three = (
        choose_raises(
            find_raises(
                make_partnership_report(each, organisations),
                [score_questions(each, answers) for answers in organisations.values()],
            ),
            {},
            budget,
        )
        for each in (questionnaire, heavier)
    )
    assert three.gain == 3 * one.gain
    assert [each.question.id for each in three.raises] == [each.question.id for each in one.raises]


@given(candidates(most=100))
@law()
def test_raising_never_lowers_a_score_and_changes_nothing_else(
    drawn: tuple[GapReport, tuple[Raise, ...], dict[str, int], int],
) -> None:
    report, raises, costs, budget = drawn
    chosen = choose_raises(raises, costs, budget).raises
    raised = {each.question.id for each in chosen}
    after = score_raised(report, chosen)
    for before, now in zip(report.scores.enablers, after.enablers, strict=True):
        assert (now.coverage, now.coverage_status, now.dont_know_share) == (
            before.coverage,
            before.coverage_status,
            before.dont_know_share,
        )
        assert (before.score is None) is (now.score is None)
        assert before.score is None or now.score is None or before.score <= now.score
    for question, then in zip(report.scores.questions, after.questions, strict=True):
        assert (question == then) is (question.question.id not in raised)
