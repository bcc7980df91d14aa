"""What a partnership should talk about first."""

from collections.abc import Sequence
from fractions import Fraction

import pytest

from app.domain.assessment import Answers
from app.domain.discussion import Reason, find_apart, list_shared_strengths, list_topics
from app.domain.gaps import report_gaps
from app.domain.partnership import score_agreed, score_partnership
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Questionnaire
from app.domain.scoring import QuestionScore, QuestionState, score_questions
from tests.factories import make_answers, make_question, make_questionnaire

IDS = "abcdefgh"
QUESTIONNAIRE = make_questionnaire(*(make_question(name, weight=1) for name in IDS))


def vote(questionnaire: Questionnaire, *sheets: dict[str, int | str]) -> list[Sequence[QuestionScore]]:
    return [score_questions(questionnaire, make_answers(sheet)) for sheet in sheets]


def topics(*rows: str) -> list[tuple[str, str]]:
    """List topics of three organisations, a row a question: `a: 0 4 ?`, where ? is don't know and x not applicable."""
    sheets: list[dict[str, int | str]] = [{}, {}, {}]
    for row in rows:
        name, _, choices = row.partition(": ")
        for sheet, choice in zip(sheets, choices.split(), strict=True):
            sheet[name] = {"?": DONT_KNOW, "x": NOT_APPLICABLE}.get(choice) or int(choice)
    votes = vote(QUESTIONNAIRE, *sheets)
    report = report_gaps(score_partnership(QUESTIONNAIRE, votes), organisations=3)
    return [(topic.question.id, topic.reason) for topic in list_topics(report, votes)]


def test_contested_first_then_unseen_then_the_first_gaps_then_the_rest() -> None:
    found = topics("a: 2 2 2", "b: 0 0 4", "c: ? ? 4", "d: 0 2 4", "e: 4 4 4", "f: ? ? ?", "g: 1 1 1", "h: 3 3 3")
    assert found == [
        ("b", Reason.CONTESTED),
        ("d", Reason.CONTESTED),
        ("f", Reason.UNSEEN),
        ("c", Reason.UNSEEN),
        ("g", Reason.GAP),
        ("a", Reason.GAP),
        ("e", Reason.REST),
        ("h", Reason.REST),
    ]


def test_one_dont_know_is_no_finding_and_five_gaps_are_enough() -> None:
    found = topics(*(f"{name}: 1 1 1" for name in "abcdef"), "g: ? x x", "h: ? 4 4")
    assert [name for name, reason in found if reason is Reason.GAP] == list("abcde")
    assert not [name for name, reason in found if reason is Reason.UNSEEN]


def test_every_question_is_there_once() -> None:
    found = topics("a: 0 0 4", "b: ? ? 0")
    assert sorted(name for name, _ in found) == sorted(IDS)


@pytest.mark.parametrize(
    ("sheets", "expected"),
    [
        (({"a": 0}, {"a": 4}, {"a": 0}), (("0", "2"), ("1",), ())),
        (({"a": 2}, {"a": 2}, {"a": DONT_KNOW}), ((), (), ("2",))),
        (({"a": DONT_KNOW}, {}, {"a": NOT_APPLICABLE}), ((), (), ("0",))),
    ],
)
def test_who_sees_it_lowest_and_who_highest(
    sheets: tuple[dict[str, int | str], ...], expected: tuple[tuple[str, ...], ...]
) -> None:
    answers: dict[str, Answers] = {str(place): make_answers(sheet) for place, sheet in enumerate(sheets)}
    assert find_apart(QUESTIONNAIRE, QUESTIONNAIRE.questions[0], answers) == expected


def test_a_strength_is_shared_where_every_organisation_with_a_score_is_at_target() -> None:
    votes = vote(QUESTIONNAIRE, {"a": 3, "b": 4, "c": 4, "d": 4}, {"a": 4, "b": 2, "c": DONT_KNOW, "d": DONT_KNOW},
                 {"a": 3, "b": 4, "d": 3})  # fmt: skip
    report = report_gaps(score_partnership(QUESTIONNAIRE, votes), organisations=3)
    assert [scored.question.id for scored in list_shared_strengths(report, votes)] == ["a", "d"]


def test_an_agreed_level_stands_in_the_place_of_the_mean_and_leaves_the_votes_alone() -> None:
    votes = vote(QUESTIONNAIRE, {"a": 0, "b": 2}, {"a": 4, "b": 2}, {"a": DONT_KNOW, "b": 2})
    before = score_partnership(QUESTIONNAIRE, votes)
    after = score_agreed(QUESTIONNAIRE, votes, {"a": "level-3", "c": "level-1"})
    assert [each.score for each in after.questions[:4]] == [75, 50, 25, None]
    assert [each.agreed for each in after.questions[:4]] == [True, False, True, False]
    assert after.questions[2].state is QuestionState.SCORED
    assert [each.average_deviation for each in after.questions] == [each.average_deviation for each in before.questions]
    assert [each.organisations for each in after.questions] == [each.organisations for each in before.questions]
    assert [each.dont_know_share for each in after.enablers] == [each.dont_know_share for each in before.enablers]
    asked = QUESTIONNAIRE.enablers_asked[0]
    (enabler,) = [each for each in after.enablers if each.enabler.id == asked]
    assert enabler.coverage == Fraction(300, 8)


def test_nothing_agreed_changes_nothing() -> None:
    votes = vote(QUESTIONNAIRE, {"a": 0, "b": 2}, {"a": 4, "b": 2})
    assert score_agreed(QUESTIONNAIRE, votes, {}) == score_partnership(QUESTIONNAIRE, votes)
