"""The laws of the scoring rule, each over random questionnaires, answers and partnerships."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.assessment import Answer, find_shown
from app.domain.gaps import GapReport, make_gap_report, set_against
from app.domain.partnership import make_partnership_report
from app.domain.questionnaire import DONT_KNOW, Question, Questionnaire, Section
from app.domain.scoring import QuestionScore, QuestionState
from tests.domain.strategies import (
    Answers,
    answer_all,
    answers_to,
    law,
    organisations_answering,
    questionnaires,
    rebuild,
    targets_for,
)
from tests.factories import make_answer, make_question, make_section

Organisations = Mapping[str, Answers]


def _report(questionnaire: Questionnaire, organisations: Organisations) -> GapReport:
    """Report one organisation on its own, several as a partnership."""
    if len(organisations) == 1:
        return make_gap_report(questionnaire, *organisations.values())
    return make_partnership_report(questionnaire, organisations)


def _scores(report: GapReport) -> dict[str, Fraction | None]:
    return {enabler.enabler.id: enabler.score for enabler in report.scores.enablers}


def _profile(report: GapReport) -> dict[str, tuple[object, ...]]:
    """Everything that is said of each enabler, with no heed of the order of its questions."""
    return {
        enabler.enabler.id: (
            enabler.score,
            enabler.band,
            enabler.coverage,
            enabler.coverage_status,
            enabler.dont_know_share,
            enabler.not_applicable,
            {question.id for question in enabler.capped_by},
            report.percent_to_target[enabler.enabler.id],
        )
        for enabler in report.scores.enablers
    }


def _gaps(report: GapReport) -> dict[str, Fraction]:
    """Question id -> gap, 0 included."""
    return {gap.question.id: gap.gap for gap in (*report.gaps, *report.met)}


def _by_question(report: GapReport) -> dict[str, QuestionScore]:
    return {question.question.id: question for question in report.scores.questions}


def _shown(questionnaire: Questionnaire, organisations: Organisations) -> list[frozenset[str]]:
    return [find_shown(questionnaire, answers) for answers in organisations.values()]


def _asked_under(questionnaire: Questionnaire, enabler: str) -> dict[str, Question]:
    return {
        question.id: question
        for section in questionnaire.sections
        if section.enabler == enabler
        for question in section.questions
    }


@given(st.data())
@law()
def test_every_score_share_and_percentage_lies_between_0_and_100(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    report = make_partnership_report(questionnaire, organisations, data.draw(targets_for(questionnaire)))
    for enabler in report.scores.enablers:
        percent_to_target = report.percent_to_target[enabler.enabler.id]
        for number in (enabler.score, enabler.coverage, enabler.dont_know_share, percent_to_target):
            assert number is None or 0 <= number <= 100
    for question in report.scores.questions:
        assert question.score is None or 0 <= question.score <= 100
        assert question.average_deviation is None or 0 <= question.average_deviation <= 50
    assert all(0 <= gap <= 100 for gap in _gaps(report).values())


@given(st.data())
@law()
def test_the_order_of_answers_and_of_organisations_is_irrelevant(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    shuffled = {
        name: dict(data.draw(st.permutations(list(organisations[name].items()))))
        for name in data.draw(st.permutations(list(organisations)))
    }
    assert _report(questionnaire, shuffled) == _report(questionnaire, organisations)


@given(st.data())
@law()
def test_the_order_of_questions_and_their_division_into_sections_are_irrelevant(data: st.DataObject) -> None:
    """The order breaks ties and is shown; no number depends on it."""
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    sections = _one_section_a_question(questionnaire, data.draw(st.permutations(questionnaire.questions)))
    before = _report(questionnaire, organisations)
    after = _report(rebuild(questionnaire, sections=sections), organisations)
    assert _profile(after) == _profile(before)
    assert _gaps(after) == _gaps(before)
    assert _by_question(after) == _by_question(before)


def _one_section_a_question(questionnaire: Questionnaire, questions: Sequence[Question]) -> list[Section]:
    """Give every question a section of its own, in the given order but never before the one its condition is on."""
    placed: dict[str, Section] = {}
    while len(placed) < len(questions):
        question = next(
            question
            for question in questions
            if question.id not in placed and (question.when is None or question.when.question in placed)
        )
        enabler = questionnaire.section_of[question.id].enabler
        placed[question.id] = make_section(enabler, question, section=f"only-{question.id}")
    return list(placed.values())


@given(st.data())
@law(150)
def test_raising_one_answer_never_lowers_a_score_nor_widens_a_gap(data: st.DataObject) -> None:
    """While the same questions are shown."""
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    raised = [
        {**organisations, name: {**answers, question.id: make_answer(place)}}
        for name, answers in organisations.items()
        for question in questionnaire.questions
        for place in _higher_levels(questionnaire, question, answers)
    ]
    raised = [changed for changed in raised if _shown(questionnaire, changed) == _shown(questionnaire, organisations)]
    assume(raised)
    before, after = _report(questionnaire, organisations), _report(questionnaire, data.draw(st.sampled_from(raised)))

    for low, high in zip(before.scores.enablers, after.scores.enablers, strict=True):
        assert low.coverage_status == high.coverage_status
        assert _or_nothing(low.score) <= _or_nothing(high.score)
        assert (low.band.start if low.band else 0) <= (high.band.start if high.band else 0)
    for wide, narrow in zip(before.percent_to_target.values(), after.percent_to_target.values(), strict=True):
        assert _or_nothing(wide) <= _or_nothing(narrow)
    gaps_before, gaps_after = _gaps(before), _gaps(after)
    assert gaps_before.keys() == gaps_after.keys()
    assert all(gaps_after[question] <= gaps_before[question] for question in gaps_before)


def _higher_levels(questionnaire: Questionnaire, question: Question, answers: Answers) -> range:
    positions = questionnaire.scale_of(question).positions
    answer = answers.get(question.id)
    return range(positions[answer.choice] + 1, len(positions)) if answer and answer.choice in positions else range(0)


def _or_nothing(number: Fraction | None) -> Fraction:
    return Fraction(-1) if number is None else number


@given(st.data())
@law(150)
def test_every_gap_is_that_of_its_score_and_target_alone(data: st.DataObject) -> None:
    """The report works gaps out over common denominators."""
    questionnaire = data.draw(questionnaires)
    report = _report(questionnaire, data.draw(organisations_answering(questionnaire)))
    gaps = (*report.gaps, *report.met)
    assert gaps == tuple(set_against(gap.scored, gap.score, gap.target) for gap in gaps)
    assert len(gaps) == sum(question.score is not None for question in report.scores.questions)


@given(st.data(), st.sampled_from(["0.1", "0.5", "2", "3", "1000"]).map(Fraction))
@law()
def test_scaling_all_weights_of_an_enabler_changes_nothing_that_is_said_of_any(
    data: st.DataObject, factor: Fraction
) -> None:
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    enabler = data.draw(st.sampled_from(questionnaire.framework.enabler_ids))
    own = _asked_under(questionnaire, enabler)
    scaled = rebuild(questionnaire, {question.id: {"weight": question.weight * factor} for question in own.values()})
    assert _profile(_report(scaled, organisations)) == _profile(_report(questionnaire, organisations))


@given(st.data())
@law(150)
def test_an_enabler_depends_only_on_its_own_questions(data: st.DataObject) -> None:
    """While the same questions are shown."""
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    enabler = data.draw(st.sampled_from(questionnaire.framework.enabler_ids))
    own = _asked_under(questionnaire, enabler).keys()
    others = {name: data.draw(answers_to(questionnaire)) for name in organisations}
    mixed = {
        name: {question: answer for question, answer in others[name].items() if question not in own}
        | {question: answer for question, answer in answers.items() if question in own}
        for name, answers in organisations.items()
    }
    assume(
        [shown & own for shown in _shown(questionnaire, mixed)]
        == [shown & own for shown in _shown(questionnaire, organisations)]
    )
    before, after = _report(questionnaire, organisations), _report(questionnaire, mixed)
    assert _profile(after)[enabler] == _profile(before)[enabler]
    assert [gap for gap in after.gaps if gap.question.id in own] == [
        gap for gap in before.gaps if gap.question.id in own
    ]


@given(questionnaires, st.integers(1, 5))
@law()
def test_all_highest_answers_give_100_everywhere_and_no_gap(questionnaire: Questionnaire, count: int) -> None:
    organisations = dict.fromkeys(map(str, range(count)), answer_all(questionnaire, highest=True))
    report = _report(questionnaire, organisations)
    assert _scores(report) == _everywhere(100, questionnaire, organisations)
    assert report.gaps == ()


@given(questionnaires, st.integers(1, 5))
@law()
def test_all_lowest_answers_give_0_everywhere(questionnaire: Questionnaire, count: int) -> None:
    organisations = dict.fromkeys(map(str, range(count)), answer_all(questionnaire, highest=False))
    assert _scores(_report(questionnaire, organisations)) == _everywhere(0, questionnaire, organisations)


def _everywhere(score: int, questionnaire: Questionnaire, organisations: Organisations) -> dict[str, int | None]:
    """Give the score to every enabler that has a question shown with a weight, if enough organisations answered."""
    enough = len(organisations) == 1 or len(organisations) >= questionnaire.framework.rules.minimum_organisations
    shown = _shown(questionnaire, organisations)[0]
    return {
        enabler: score
        if enough and any(q.weight for q in _asked_under(questionnaire, enabler).values() if q.id in shown)
        else None
        for enabler in questionnaire.framework.enabler_ids
    }


@given(st.data())
@law()
def test_adding_a_question_of_weight_0_changes_no_score(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    enabler = data.draw(st.sampled_from(questionnaire.framework.enabler_ids))
    scale = questionnaire.framework.scales[0]
    extra = make_question("extra", weight=0, scale=scale, critical=data.draw(st.booleans()))
    place = data.draw(st.integers(0, len(questionnaire.sections)))
    sections = list(questionnaire.sections)
    sections.insert(place, make_section(enabler, extra, section="section-of-the-extra-question"))
    longer = rebuild(questionnaire, sections=sections)

    organisations = data.draw(organisations_answering(longer))
    before, after = _report(questionnaire, organisations), _report(longer, organisations)
    assert _scores(after) == _scores(before)
    assert after.percent_to_target == before.percent_to_target


@given(st.data())
@law()
def test_dont_know_where_nothing_was_answered_changes_only_the_dont_know_share(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    answers = data.draw(answers_to(questionnaire))
    before = make_gap_report(questionnaire, answers)
    unanswered = [
        question.question for question in before.scores.questions if question.state == QuestionState.UNANSWERED
    ]
    assume(unanswered)
    question = data.draw(st.sampled_from(unanswered))
    after = make_gap_report(questionnaire, {**answers, question.id: make_answer(DONT_KNOW)})

    shares_before = {enabler.enabler.id: enabler.dont_know_share for enabler in before.scores.enablers}
    for enabler, untouched in zip(after.scores.enablers, before.scores.enablers, strict=True):
        same = (enabler.score, enabler.coverage, enabler.coverage_status, enabler.band, enabler.capped_by)
        assert same == (
            untouched.score,
            untouched.coverage,
            untouched.coverage_status,
            untouched.band,
            untouched.capped_by,
        )
        weighs = question.id in _asked_under(questionnaire, enabler.enabler.id) and question.weight
        rises = _or_nothing(enabler.dont_know_share) > _or_nothing(shares_before[enabler.enabler.id])
        assert rises == bool(weighs)
    assert (after.gaps, after.met, after.weakest) == (before.gaps, before.met, before.weakest)


@given(st.data())
@law()
def test_an_answer_to_a_hidden_question_changes_nothing(data: st.DataObject) -> None:
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    visible = {
        name: {
            question: answer for question, answer in answers.items() if question in find_shown(questionnaire, answers)
        }
        for name, answers in organisations.items()
    }
    assert _report(questionnaire, visible) == _report(questionnaire, organisations)


@given(st.data())
@law()
def test_a_score_recomputed_from_what_is_stored_is_the_stored_score(data: st.DataObject) -> None:
    """The questionnaire is stored as its content, an answer as its words, a number as `n/d`."""
    questionnaire = data.draw(questionnaires)
    organisations = data.draw(organisations_answering(questionnaire))
    before = _report(questionnaire, organisations)
    stored_scores = {enabler: None if score is None else str(score) for enabler, score in _scores(before).items()}
    stored_content = json.dumps(questionnaire.content)

    again = Questionnaire.model_validate(json.loads(stored_content, parse_float=Decimal))
    copies = {name: {q: Answer(a.choice) for q, a in answers.items()} for name, answers in organisations.items()}
    after = _report(again, copies)
    assert again.hash == questionnaire.hash
    assert _profile(after) == _profile(before)
    assert _scores(after) == {
        enabler: None if score is None else Fraction(score) for enabler, score in stored_scores.items()
    }
