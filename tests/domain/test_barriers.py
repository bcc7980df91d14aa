"""What stands in the way: of which questions it may be said, until when, and how it is counted."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.barriers import (
    Barriers,
    can_say,
    check_kinds,
    check_say,
    count_enabler,
    count_question,
    find_asked,
    find_end,
    get_asked,
    list_gaps,
)
from app.domain.errors import AnswerError, NotAllowedNowError, NotFoundError
from app.domain.gaps import make_gap_report
from app.domain.questionnaire import DONT_KNOW
from app.domain.rounds import Window
from app.domain.scoring import score_questions
from tests.domain.strategies import answers_to, law, questionnaires, targets_for
from tests.factories import make_answers, make_question, make_questionnaire, make_section

ONE, TWO, THREE = "knowing-what-works", "sharing-information", "securing-funding"


def make_asked(enabler: str, *kinds: str) -> dict[str, object]:
    return {
        "enabler": enabler,
        "question": "What is in the way?",
        "kinds": [{"id": kind, "label": kind.capitalize(), "hint": "H", "next_step": f"Do {kind}"} for kind in kinds],
    }


def make_barriers(*asked: dict[str, object]) -> Barriers:
    return Barriers.model_validate({"schema": 1, "framework": "framework", "enablers": asked})


BARRIERS = make_barriers(make_asked(ONE, "x", "y", "z"), make_asked(TWO, "law", "belief"))
QUESTIONNAIRE = make_questionnaire(
    make_section(ONE, make_question("a"), make_question("b"), make_question("c")),
    make_section(TWO, make_question("d")),
    make_section(THREE, make_question("e")),
)
CLOSES = datetime(2026, 11, 30, 23, 59, tzinfo=UTC)
OPENS = CLOSES - timedelta(days=30)
WINDOW = Window(OPENS, CLOSES)


# ---- Of what it may be said ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("question", "expected"), [("a", ONE), ("d", TWO), ("e", None), ("none", None)], ids=str)
def test_a_question_asks_for_the_kinds_of_its_enabler(question: str, expected: str | None) -> None:
    asked = find_asked(BARRIERS, QUESTIONNAIRE, question)
    assert (asked.enabler if asked else None) == expected
    assert find_asked(None, QUESTIONNAIRE, question) is None


def test_only_a_question_scored_under_target_has_something_in_its_way() -> None:
    report = make_gap_report(QUESTIONNAIRE, make_answers(a=2, b=3, c=DONT_KNOW, d=0, e=0))
    assert get_asked(BARRIERS, report, "a").enabler == ONE
    assert get_asked(BARRIERS, report, "d").enabler == TWO
    for met_or_without_score in ("b", "c"):
        with pytest.raises(NotAllowedNowError, match="has no gap"):
            get_asked(BARRIERS, report, met_or_without_score)
    for nothing_asked in ("e", "nonsense", ""):
        with pytest.raises(NotFoundError):
            get_asked(BARRIERS, report, nothing_asked)
    with pytest.raises(NotFoundError):
        get_asked(None, report, "a")


@pytest.mark.parametrize("kinds", [[], ["x"], ["x", "z", "y"], ["x", "x"]], ids=str)
def test_any_kinds_of_the_enabler_may_be_said(kinds: list[str]) -> None:
    check_kinds(BARRIERS.by_enabler[ONE], kinds)


@pytest.mark.parametrize("kinds", [["law"], ["x", "belief"], ["nonsense"], [""], ["X"]], ids=str)
def test_kinds_of_another_enabler_and_of_none_are_refused(kinds: list[str]) -> None:
    with pytest.raises(AnswerError, match="is not on it"):
        check_kinds(BARRIERS.by_enabler[ONE], kinds)


# ---- When ------------------------------------------------------------------------------------------------------------

END = datetime(2027, 1, 29, 23, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("window", "submissions", "now", "refused"),
    [
        (WINDOW, 0, OPENS, "Submit the assessment first"),
        (WINDOW, 1, OPENS, ""),
        (WINDOW, 1, CLOSES, ""),
        (WINDOW, 2, END - timedelta(seconds=1), ""),
        (WINDOW, 1, END, "until 60 days after the round has closed"),
        (Window(OPENS, CLOSES, late_until=CLOSES + timedelta(days=10)), 1, END + timedelta(days=9), ""),
        (Window(OPENS, CLOSES, late_until=CLOSES + timedelta(days=10)), 1, END + timedelta(days=10), "60 days"),
        (Window(OPENS, CLOSES, left_at=CLOSES), 1, CLOSES - timedelta(seconds=1), ""),
        (Window(OPENS, CLOSES, left_at=CLOSES), 1, CLOSES, "has left this partnership"),
    ],
)
def test_it_is_said_from_submitting_until_sixty_days_after_closing(
    window: Window, submissions: int, now: datetime, refused: str
) -> None:
    assert can_say(window, submissions, now) is not bool(refused)
    if refused:
        with pytest.raises(NotAllowedNowError, match=refused):
            check_say(window, submissions, now)
    else:
        check_say(window, submissions, now)


def test_sixty_days_are_days_on_the_clock_of_the_wall() -> None:
    """The clocks go forward on 28 March 2027: a round that closed a minute before midnight still ends it there."""
    window = Window(OPENS, datetime(2027, 3, 1, 23, 59, tzinfo=UTC))
    assert find_end(window) == datetime(2027, 4, 30, 22, 59, tzinfo=UTC)


# ---- What was said ---------------------------------------------------------------------------------------------------


def named(counts: object) -> list[tuple[str, tuple[str, ...], int]]:
    return [(each.kind.id, each.organisations, each.questions) for each in counts]  # type: ignore[attr-defined]


def test_a_question_counts_who_names_what_most_named_first() -> None:
    said = {"a": {"x": ["B"], "z": ["C", "A"], "y": ["A"], "law": ["A"], "gone": ["A"]}, "b": {"x": ["A"]}}
    assert named(count_question(BARRIERS, QUESTIONNAIRE, said, "a")) == [
        ("z", ("A", "C"), 1),
        ("x", ("B",), 1),
        ("y", ("A",), 1),
    ]
    assert count_question(BARRIERS, QUESTIONNAIRE, said, "c") == ()
    assert count_question(BARRIERS, QUESTIONNAIRE, said, "e") == ()


def test_an_enabler_counts_an_organisation_once_for_a_kind() -> None:
    said = {"a": {"x": ["A", "B"], "y": []}, "b": {"x": ["A"], "z": ["B"]}, "d": {"law": ["C"]}}
    assert named(count_enabler(BARRIERS, QUESTIONNAIRE, said, ONE)) == [("x", ("A", "B"), 2), ("z", ("B",), 1)]
    assert named(count_enabler(BARRIERS, QUESTIONNAIRE, said, TWO)) == [("law", ("C",), 1)]
    assert count_enabler(BARRIERS, QUESTIONNAIRE, said, THREE) == ()
    assert count_enabler(BARRIERS, QUESTIONNAIRE, said, "nonsense") == ()


SAID = st.dictionaries(
    st.sampled_from("abcde"),
    st.dictionaries(st.sampled_from(["x", "y", "z", "law", "belief", "other"]), st.sets(st.sampled_from("ABCD"))),
)


@law(100)
@given(said=SAID)
def test_an_enabler_is_the_union_of_its_questions(said: Mapping[str, Mapping[str, set[str]]]) -> None:
    for enabler, questions in ((ONE, "abc"), (TWO, "d"), (THREE, "e")):
        by_question = {each: count_question(BARRIERS, QUESTIONNAIRE, said, each) for each in questions}
        for kind in count_enabler(BARRIERS, QUESTIONNAIRE, said, enabler):
            parts = [part for counts in by_question.values() for part in counts if part.kind == kind.kind]
            assert set(kind.organisations) == {name for part in parts for name in part.organisations}
            assert kind.questions == len(parts)
            assert max(len(part.organisations) for part in parts) <= len(kind.organisations)
        there = {part.kind.id for counts in by_question.values() for part in counts}
        assert there == {kind.kind.id for kind in count_enabler(BARRIERS, QUESTIONNAIRE, said, enabler)}


@law(100)
@given(data=st.data(), questionnaire=questionnaires)
def test_the_gaps_of_an_organisation_are_those_of_its_report(data: st.DataObject, questionnaire) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    answers = data.draw(answers_to(questionnaire))
    targets = data.draw(targets_for(questionnaire))
    report = make_gap_report(questionnaire, answers, targets=targets)
    votes = score_questions(questionnaire, answers)
    found = list_gaps(votes, questionnaire.targets.exact if targets is None else targets)
    assert found == {gap.question.id for gap in report.gaps}


def test_a_score_at_its_target_is_no_gap() -> None:
    votes = score_questions(QUESTIONNAIRE, make_answers(a=2))
    assert list_gaps(votes, [Fraction(50)] * 5) == frozenset()
    assert list_gaps(votes, [Fraction(50) + Fraction(1, 10**9)] * 5) == {"a"}
