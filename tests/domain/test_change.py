"""Rounds side by side: tables by hand, the rule a second time in naive fractions, and the laws."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.change import Change, Course, Standing, Verdict, call, compare, compare_in_turn, compare_partnerships
from app.domain.gaps import GapReport, make_gap_report
from app.domain.partnership import make_partnership_report
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Question, Questionnaire, Section
from app.domain.rounds import SignOff
from app.domain.together import Agreed, Attendance, Partner, Together
from tests.domain.strategies import answers_to, law, organisations_answering, questionnaires, rebuild, targets_for
from tests.factories import level_id, make_answers, make_question, make_questionnaire, make_section
from tests.people import NOW

Choices = Mapping[str, int | str]


def report_of(questionnaire: Questionnaire, choices: Choices) -> GapReport:
    return make_gap_report(questionnaire, make_answers(choices))


def first(change: Change) -> tuple[object, ...]:
    """Give what is said of the first enabler: compared, asked, before, after, change, verdict, progress."""
    enabler = change.enablers[0]
    course = enabler.course
    numbers = (course.before, course.after, course.change, course.verdict, course.progress) if course else ()
    return (len(enabler.compared), len(enabler.questions), *numbers)


# ---- Two reports -----------------------------------------------------------------------------------------------------


def test_a_change_is_worked_out_over_the_questions_that_can_be_compared() -> None:
    """By hand: a (weight 3) 0 to 50 and b (weight 1) 50 to 75; c has no score now, d is new, e means something else."""
    then = make_questionnaire(
        make_question("a", weight=1), make_question("b"), make_question("c"), make_question("e"), make_question("z")
    )
    now = make_questionnaire(
        make_question("a", weight=3, target=4),
        make_question("b"),
        make_question("c"),
        make_question("d"),
        make_question("e", meaning=2),
        make_question("f"),
    )
    change = compare(
        report_of(then, {"a": 0, "b": 2, "c": 4, "e": 0, "z": 4}),
        report_of(now, {"a": 2, "b": 3, "c": DONT_KNOW, "d": 4, "e": 4, "f": DONT_KNOW}),
    )
    before, after, target = Fraction(50, 4), Fraction(3 * 50 + 75, 4), Fraction(3 * 100 + 75, 4)
    progress = (after - before) / (target - before)
    assert first(change) == (2, 6, before, after, after - before, Verdict.RISEN, progress)
    assert {each.question.id: each.standing for each in change.questions} == {
        "a": Standing.COMPARED,
        "b": Standing.COMPARED,
        "c": Standing.NO_SCORE_NOW,
        "d": Standing.NEW,
        "e": Standing.OTHER_MEANING,
        "f": Standing.NEW,
    }
    assert [question.id for question in change.dropped] == ["z"]
    assert [each.before for each in change.questions] == [0, 50, 100, None, None, None]
    assert all(enabler.course is None for enabler in change.enablers[1:])


@pytest.mark.parametrize(
    ("then", "now", "standing"),
    [
        (2, 2, Standing.COMPARED),
        (DONT_KNOW, 2, Standing.NO_SCORE_THEN),
        (2, DONT_KNOW, Standing.NO_SCORE_NOW),
        (DONT_KNOW, DONT_KNOW, Standing.NO_SCORE_EITHER),
    ],
)
def test_a_question_needs_a_score_in_both_rounds(then: int | str, now: int | str, standing: Standing) -> None:
    questionnaire = make_questionnaire(make_question("a"))
    (question,) = compare(report_of(questionnaire, {"a": then}), report_of(questionnaire, {"a": now})).questions
    assert question.standing is standing
    assert (question.course is not None) is (standing is Standing.COMPARED)


def test_an_older_meaning_is_another_meaning() -> None:
    then, now = (make_questionnaire(make_question("a", meaning=meaning)) for meaning in (2, 1))
    (question,) = compare(report_of(then, {"a": 0}), report_of(now, {"a": 4})).questions
    assert (question.standing, question.before) == (Standing.OTHER_MEANING, None)
    assert question.after == 100


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        (Fraction(0), Verdict.TOO_LITTLE),
        (Fraction(999_999, 100_000), Verdict.TOO_LITTLE),
        (Fraction(10), Verdict.RISEN),
        (Fraction(-999_999, 100_000), Verdict.TOO_LITTLE),
        (Fraction(-10), Verdict.FALLEN),
        (Fraction(-100), Verdict.FALLEN),
    ],
)
def test_under_ten_points_is_too_little_to_call(change: Fraction, verdict: Verdict) -> None:
    assert call(change) is verdict


@pytest.mark.parametrize(
    ("then", "now", "progress"),
    [
        (0, 3, Fraction(1)),
        (0, 4, Fraction(4, 3)),
        (1, 2, Fraction(1, 2)),
        (2, 2, Fraction(0)),
        (2, 1, Fraction(-1)),
        (3, 4, None),
        (3, 0, None),
        (4, 3, Fraction(1)),
    ],
)
def test_progress_is_the_share_of_the_way_to_the_target(then: int, now: int, progress: Fraction | None) -> None:
    questionnaire = make_questionnaire(make_question("a"))
    (question,) = compare(report_of(questionnaire, {"a": then}), report_of(questionnaire, {"a": now})).questions
    assert question.course
    assert question.course.progress == progress


def test_questions_without_weight_make_no_change_of_an_enabler() -> None:
    questionnaire = make_questionnaire(make_question("a", weight=0), make_question("b"))
    change = compare(report_of(questionnaire, {"a": 0}), report_of(questionnaire, {"a": 4, "b": 4}))
    assert first(change) == (1, 2)


def test_a_question_that_moved_counts_where_it_stands_now() -> None:
    moved = make_question("a")
    then = make_questionnaire(make_section("knowing-what-works", moved))
    now = make_questionnaire(make_section("sharing-information", moved))
    change = compare(report_of(then, {"a": 0}), report_of(now, {"a": 4}))
    assert [len(enabler.compared) for enabler in change.enablers] == [0, 1, 0, 0, 0]


def test_targets_are_those_of_the_later_round() -> None:
    questionnaire = make_questionnaire(make_question("a"))
    later = make_gap_report(questionnaire, make_answers({"a": 2}), targets=[Fraction(100)])
    (question,) = compare(report_of(questionnaire, {"a": 0}), later).questions
    assert question.target == 100
    (question,) = compare(later, report_of(questionnaire, {"a": 0})).questions
    assert question.target == 75


def test_several_rounds_are_each_compared_with_the_one_before() -> None:
    one = make_questionnaire(make_question("a"), make_question("b"))
    two = make_questionnaire(make_question("a", meaning=2), make_question("b"))
    reports = [report_of(one, {"a": 0, "b": 0}), report_of(one, {"a": 1, "b": 1}), report_of(two, {"a": 4, "b": 2})]
    steps = compare_in_turn(reports)
    assert [first(step)[:5] for step in steps] == [(2, 2, 0, 25, 25), (1, 2, 25, 50, 25)]
    assert compare_in_turn(reports[:1]) == compare_in_turn([]) == ()


# ---- Two rounds of a partnership -------------------------------------------------------------------------------------


def make_round(
    questionnaire: Questionnaire,
    partners: Mapping[str, Choices | None],
    agreed: Mapping[str, int] | None = None,
    days: int = 0,
) -> PartnershipReport:
    """Report a round: name -> choices, or `None` where it has not submitted."""
    meeting = Attendance(UUID(int=1), NOW.date(), frozenset(), "", 1)
    return PartnershipReport(
        Together(
            partnership_id=UUID(int=2),
            partnership="Vale",
            round_id=UUID(int=1000 + days),
            round=f"Round {days}",
            opens_at=NOW + timedelta(days=days),
            closes_at=NOW + timedelta(days=days + 1),
            sign_off=SignOff.NOBODY,
            questionnaire_hash=questionnaire.hash,
            targets={},
            partners=tuple(
                Partner(
                    organisation_id=UUID(int=ord(name)),
                    name=name,
                    assessment_id=None,
                    status=None,
                    submission=int(choices is not None),
                    submitted_at=None,
                    answers=make_answers(choices or {}),
                )
                for name, choices in sorted(partners.items())
            ),
            agreed={
                question: Agreed(level_id(level), "", "", meeting, "", NOW, 1)
                for question, level in (agreed or {}).items()
            },
        ),
        questionnaire,
    )


ONE_QUESTION = make_questionnaire(make_question("a"))


def test_the_same_organisations_are_compared_apart_where_others_came_or_went() -> None:
    """By hand: A and B stay where they were, C (100) has gone, D (0) has come; what falls comes from who took part."""
    change = compare_partnerships(
        make_round(ONE_QUESTION, {"A": {"a": 2}, "B": {"a": 2}, "C": {"a": 4}}),
        make_round(ONE_QUESTION, {"A": {"a": 2}, "B": {"a": 2}, "C": None, "D": {"a": 0}}),
    )
    assert first(change.whole)[2:6] == (Fraction(200, 3), Fraction(100, 3), Fraction(-100, 3), Verdict.FALLEN)
    assert change.same
    assert first(change.same)[2:6] == (50, 50, 0, Verdict.TOO_LITTLE)
    assert [[partner.name for partner in each] for each in (change.both, change.only_then, change.only_now)] == [
        ["A", "B"],
        ["C"],
        ["D"],
    ]


def test_where_the_same_took_part_nothing_is_said_twice() -> None:
    then, now = (make_round(ONE_QUESTION, {"A": {"a": level}, "B": {"a": level}}) for level in (1, 2))
    change = compare_partnerships(then, now)
    assert (change.same, change.only_then, change.only_now) == (None, (), ())
    assert first(change.whole)[2:4] == (25, 50)


def test_one_organisation_in_both_rounds_is_too_few_for_a_score_of_a_partnership() -> None:
    change = compare_partnerships(
        make_round(ONE_QUESTION, {"A": {"a": 2}, "B": {"a": 2}}),
        make_round(ONE_QUESTION, {"A": {"a": 4}, "C": {"a": 4}}),
    )
    assert change.same
    assert first(change.same) == (0, 1)
    assert first(change.whole)[:4] == (1, 1, 50, 100)


def test_agreed_levels_are_compared_where_they_are_asked_for_and_never_among_the_same_organisations() -> None:
    then = make_round(ONE_QUESTION, {"A": {"a": 0}, "B": {"a": 0}}, {"a": 1})
    now = make_round(ONE_QUESTION, {"A": {"a": 1}, "B": {"a": 1}, "C": {"a": 1}}, {"a": 4})
    assert first(compare_partnerships(then, now).whole)[2:4] == (0, 25)
    settled = compare_partnerships(then, now, settled=True)
    assert settled.same
    assert (first(settled.whole)[2:4], first(settled.same)[2:4]) == ((25, 100), (0, 25))


# ---- A second time, and laws -----------------------------------------------------------------------------------------


@st.composite
def pairs(draw: st.DrawFn) -> tuple[GapReport, GapReport]:
    """Two reports: of one questionnaire, or of two in which questions came, went, moved and changed."""
    now = draw(questionnaires)
    then = draw(st.sampled_from([now, draw(editions(now))]))
    reports = []
    for questionnaire in (then, now):
        organisations = draw(organisations_answering(questionnaire))
        targets = draw(targets_for(questionnaire))
        if len(organisations) == 1:
            reports.append(make_gap_report(questionnaire, *organisations.values(), targets=targets))
        else:
            reports.append(make_partnership_report(questionnaire, organisations, targets))
    return reports[0], reports[1]


@st.composite
def editions(draw: st.DrawFn, questionnaire: Questionnaire) -> Questionnaire:
    """Another edition: other weights and meanings, other order of sections, questions left out and put in."""
    changes: dict[str, dict[str, Any]] = {
        question.id: {
            "meaning": draw(st.sampled_from([1, 1, 1, 2])),
            "weight": Fraction(draw(st.integers(0, 5))),
            "when": None,
        }
        for question in questionnaire.questions
    }
    sections: list[Section] = []
    for section in draw(st.permutations(questionnaire.sections)):
        kept = tuple(question for question in section.questions if draw(st.booleans()))
        if kept:
            sections.append(make_section(section.enabler, *kept, section=section.id))
    extra: Question = make_question("extra", scale=questionnaire.framework.scales[0])
    sections.append(make_section(questionnaire.framework.enablers[0].id, extra, section="extra"))
    return rebuild(questionnaire, changes, sections)


def work_out(then: GapReport, now: GapReport, enabler: str) -> tuple[Fraction, Fraction, Fraction] | None:
    """Work out before, after and target of an enabler as with a pencil: from scores and weights alone."""
    weight = before = after = target = Fraction(0)
    for section in now.questionnaire.sections:
        for question in section.questions if section.enabler == enabler else ():
            (new,) = [scored for scored in now.scores.questions if scored.question.id == question.id]
            old = [
                scored
                for scored in then.scores.questions
                if scored.question.id == question.id and scored.question.meaning == question.meaning
            ]
            if not old or old[0].score is None or new.score is None:
                continue
            aims = [gap.target for gap in (*now.gaps, *now.met) if gap.question.id == question.id]
            weight += question.weight
            before += question.weight * old[0].score
            after += question.weight * new.score
            target += question.weight * aims[0]
    return (before / weight, after / weight, target / weight) if weight else None


@given(pairs())
@law(300)
def test_it_is_what_a_pencil_gives(drawn: tuple[GapReport, GapReport]) -> None:
    change = compare(*drawn)
    assert [each.question for each in change.questions] == [
        question
        for enabler in change.enablers
        for section in drawn[1].questionnaire.sections
        if section.enabler == enabler.enabler.id
        for question in section.questions
    ]
    for enabler in change.enablers:
        course = enabler.course
        numbers = (course.before, course.after, course.target) if course else None
        assert numbers == work_out(*drawn, enabler.enabler.id)


def list_courses(change: Change) -> list[Course]:
    found = [*(each.course for each in change.enablers), *(each.course for each in change.questions)]
    return [course for course in found if course]


@given(pairs())
@law()
def test_numbers_keep_to_the_scale_and_progress_to_its_formula(drawn: tuple[GapReport, GapReport]) -> None:
    for course in list_courses(compare(*drawn)):
        assert all(0 <= number <= 100 for number in (course.before, course.after, course.target))
        if course.progress is None:
            assert course.target == course.before
        else:
            assert course.before + course.progress * (course.target - course.before) == course.after
        assert (course.verdict is Verdict.TOO_LITTLE) is (-10 < course.change < 10)


@given(st.data())
@law()
def test_nothing_changes_from_a_round_to_itself(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    report = make_gap_report(questionnaire, data.draw(answers_to(questionnaire)))
    change = compare(report, report)
    assert change.dropped == ()
    assert {course.change for course in list_courses(change)} <= {0}
    assert {each.standing for each in change.questions} <= {Standing.COMPARED, Standing.NO_SCORE_EITHER}


@given(pairs())
@law()
def test_backwards_the_same_questions_are_compared_and_each_change_is_the_opposite(
    drawn: tuple[GapReport, GapReport],
) -> None:
    forth, back = compare(*drawn), compare(*reversed(drawn))
    changes: Sequence[dict[str, Fraction]] = [
        {each.question.id: each.course.change for each in change.questions if each.course} for change in (forth, back)
    ]
    assert changes[0] == {question: -change for question, change in changes[1].items()}
    new = {each.question.id for each in forth.questions if each.standing is Standing.NEW}
    assert new == {question.id for question in back.dropped}


@given(st.data())
@law()
def test_over_the_same_questions_an_enablers_change_is_the_difference_of_its_scores(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    answers = data.draw(answers_to(questionnaire))
    levels = {
        question.id: data.draw(st.sampled_from(questionnaire.scale_of(question).levels)).id
        for question in questionnaire.questions
        if question.id in answers and answers[question.id].choice not in {DONT_KNOW, NOT_APPLICABLE}
    }
    reports = [make_gap_report(questionnaire, each) for each in (answers, {**answers, **make_answers(levels)})]
    states = [[question.state for question in report.scores.questions] for report in reports]
    if states[0] != states[1]:
        return
    for enabler, before, after in zip(
        compare(*reports).enablers, *(report.scores.enablers for report in reports), strict=True
    ):
        if before.score is not None and after.score is not None:
            assert enabler.course
            assert (enabler.course.before, enabler.course.after) == (before.score, after.score)
