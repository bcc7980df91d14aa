"""Whole releases: their tables taken together, and one after another."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog

from app.catalogue import Catalogue
from app.disclosure import releases
from app.disclosure.auditor import protect, withhold
from app.disclosure.cells import STAYED, fix_earlier, list_units
from app.disclosure.plan import Past, Plan
from app.disclosure.problem import WHOLE, Detail, Floats, Key, Reason
from app.disclosure.releases import Built, build
from app.domain.aggregate import Contribution, Measure, MeasureKind, mark_stayers
from app.domain.questionnaire import Questionnaire
from app.domain.releases import EVERYBODY, CellFigures, CellKey, Content, LikeForLike, Table
from tests.disclosure.plans import make_contribution, make_plan, publish
from tests.disclosure.problems import make_problem

SIZE = 60
CUTS = {"area-type": ("county", "district", "unitary"), "size": ("small", "large"), "peers": ("1", "2")}
ENABLER = Measure(MeasureKind.ENABLER, "knowing-what-works")


@pytest.fixture(scope="module")
def plan(questionnaires: Catalogue) -> Plan:
    return make_plan(questionnaires.get("local-partners", 1), SIZE, CUTS, dont_know_share=0, most_known=3)


@pytest.fixture(scope="module")
def first(plan: Plan) -> Built:
    return build(plan)


def change(plan: Plan, places: range) -> tuple[Contribution, ...]:
    """Give other answers to some partnerships, which stay in their categories."""
    chance = Random(7)
    return tuple(
        replace(make_contribution(plan.questionnaire, place, chance, CUTS, 0), categories=each.categories)
        if place in places
        else each
        for place, each in enumerate(plan.contributions)
    )


class Attack:
    """What is told of an enabler and of its questions in all releases, as bounds on the scores of questions.

    Independent of the auditor: an enabler is the weighted mean of its questions, which are the unknowns.
    """

    def __init__(self, questionnaire: Questionnaire, told: list[tuple[tuple[Contribution, ...], Content]]) -> None:
        asked = zip(questionnaire.questions, questionnaire.enablers_asked, strict=True)
        weights = {Measure(MeasureKind.QUESTION, each.id): each.weight for each, by in asked if by == ENABLER.id}
        self.shares = {measure: float(weight / sum(weights.values())) for measure, weight in weights.items()}
        self.measures = (ENABLER, *weights)
        self.starts = {band.id: float(band.start) for band in questionnaire.framework.bands}
        everybody = [each for contributions, _ in told for each in contributions]
        unknown = dict.fromkeys(
            (each.partnership_id, measure, each.scores[measure]) for each in everybody for measure in weights
        )
        self.places = {each: place for place, each in enumerate(unknown)}
        self.least, self.most = np.zeros(len(unknown)), np.full(len(unknown), 100.0)
        self.rows: list[Floats] = []
        self.ends: list[float] = []
        for contributions, content in told:
            for measure in self.measures:
                for key, figures in content.tables[measure].cells.items():
                    mine = key == EVERYBODY, key.cut, key.category
                    members = [each for each in contributions if mine[0] or each.categories.get(mine[1]) == mine[2]]
                    assert len(members) == figures.count
                    self.read(measure, members, figures)

    def find_row(self, each: Contribution, measure: Measure) -> Floats:
        row = np.zeros(len(self.places))
        for part, share in (self.shares if measure == ENABLER else {measure: 1.0}).items():
            row[self.places[each.partnership_id, part, each.scores[part]]] = share
        return row

    def read(self, measure: Measure, members: list[Contribution], figures: CellFigures) -> None:
        row = np.sum([self.find_row(each, measure) for each in members], axis=0)
        self.rows += [row, -row]
        self.ends += [figures.count * (figures.mean + 0.5), -figures.count * (figures.mean - 0.5)]
        if figures.bands and measure != ENABLER:
            starts = [self.starts[band] for band in figures.bands]
            places = [self.places[each.partnership_id, measure, each.scores[measure]] for each in members]
            self.least[places] = np.maximum(self.least[places], min(starts))
            self.most[places] = np.minimum(self.most[places], max(starts) + 25)

    def narrow(self, whose: Contribution, measure: Measure) -> float:
        """Give the width that is left of a score."""
        goal = self.find_row(whose, measure)
        bounds = np.column_stack([self.least, self.most])
        least, most = (
            way * linprog(way * goal, A_ub=np.array(self.rows), b_ub=self.ends, bounds=bounds).fun for way in (1, -1)
        )
        return float(most - least)


def test_nobody_is_narrowed_by_an_enabler_with_its_questions_in_two_releases(plan: Plan, first: Built) -> None:
    later = replace(plan, contributions=change(plan, range(45)), earlier=(publish(plan, first),))
    second = build(later)
    told = [(plan.contributions, first.content), (later.contributions, second.content)]
    assert second.content.tables[ENABLER].cells[EVERYBODY] != first.content.tables[ENABLER].cells[EVERYBODY]
    attack = Attack(plan.questionnaire, told)
    assert len(attack.rows) > 80
    widths = [attack.narrow(each, measure) for each in later.contributions[::6] for measure in attack.measures]
    assert min(widths) >= 10 - 1e-6


def test_a_cell_that_stayed_counts_as_told_of_those_it_was_made_of(plan: Plan, first: Built) -> None:
    """Five change and nothing is told anew; those go back and six others change: fewer than ten since it was told."""
    second = replace(plan, contributions=change(plan, range(5)), earlier=(publish(plan, first),))
    built = build(second)
    assert built.content.tables == first.content.tables
    assert built.carried[ENABLER] == first.content.tables[ENABLER].cells.keys()
    third = replace(plan, contributions=change(plan, range(10, 16)), earlier=(*second.earlier, publish(second, built)))
    assert build(third).content.tables == first.content.tables


def test_nothing_is_told_anew_once_the_round_after_told_the_change_since(plan: Plan, first: Built) -> None:
    later = replace(plan, contributions=change(plan, range(20)), earlier=(publish(plan, first),), is_followed=True)
    assert build(later).content.tables == first.content.tables


def test_what_was_told_of_cuts_that_are_planned_no_more_is_known(plan: Plan, first: Built) -> None:
    """And of those who took part before as well, who are in no cut."""
    measure = Measure(MeasureKind.ENABLER, "securing-funding")
    contributions = mark_stayers(plan.contributions, plan.contributions[:20])
    keys = CellKey("region", "North"), CellKey(*STAYED)
    moved = tuple(replace(each, categories={"region": "North"}) for each in contributions)
    figures = CellFigures(20, 50, (None, None, None), None)
    table = Table(measure, dict.fromkeys(keys, figures))
    content = replace(first.content, cuts={"region": ("North",)}, tables={measure: table})
    units, _ = list_units(plan.questionnaire.framework, measure, plan.contributions, None)
    found = fix_earlier(plan.questionnaire.framework, measure, units, [Past(moved, content)])
    assert [(cell.key, len(cell.members)) for cell, _ in found] == [
        (Key("region", "North"), SIZE),
        (STAYED, 20),
    ]


def test_a_count_of_gaps_narrows_what_a_score_can_be() -> None:
    """All are known to be between 60 and 69: no witness can move anybody by ten points, so nothing else is told."""
    problem = make_problem([60 + place % 9 for place in range(40)], {})
    assert protect(problem).details[WHOLE] > Detail.WITHHELD
    narrow = tuple(replace(unit, least=Fraction(60), most=Fraction(69)) for unit in problem.units)
    assert protect(replace(problem, units=narrow)).details[WHOLE] is Detail.WITHHELD


def test_gaps_are_counted_only_against_targets_with_room_on_both_sides(plan: Plan, first: Built) -> None:
    asked = [question.id for question in plan.questionnaire.questions]
    told = {item.id: item.count for item in first.content.gaps}
    assert told
    for question, counted in told.items():
        assert counted == sum(question in each.gaps for each in plan.contributions)
    high = replace(plan, targets=dict.fromkeys(asked, Fraction(100)))
    assert not build(replace(high, cuts={})).content.gaps


def test_provisional_scores_are_counted_where_they_and_the_others_are_enough(plan: Plan) -> None:
    marked = tuple(
        replace(each, provisional=frozenset({ENABLER.id} | ({"securing-funding"} if place < 5 else set())))
        if place < 20
        else each
        for place, each in enumerate(plan.contributions)
    )
    tables = build(replace(plan, contributions=marked, cuts={})).content.tables
    assert tables[ENABLER].provisional == 20
    assert tables[Measure(MeasureKind.ENABLER, "securing-funding")].provisional is None


def test_the_change_that_was_told_stays_with_its_cells(plan: Plan, first: Built) -> None:
    told = {
        measure: replace(
            table,
            cells={**table.cells, CellKey(*STAYED): CellFigures(20, 50, (None, None, None), None)},
            change=LikeForLike(20, 50, 50, 0),
        )
        for measure, table in first.content.tables.items()
    }
    stayed = replace(plan, contributions=mark_stayers(plan.contributions, plan.contributions[:20]))
    past = Past(stayed.contributions, replace(first.content, tables=told), targets=plan.targets)
    assert build(replace(stayed, earlier=(past,))).content.tables == told


def test_every_telling_of_a_cell_counts_and_not_the_last_alone(plan: Plan, first: Built) -> None:
    """Many change and the whole is told anew; then all but seven are as they were at first: nothing more is told."""
    second = replace(plan, contributions=change(plan, range(20)), earlier=(publish(plan, first),))
    told = publish(second, build(second))
    third = replace(plan, contributions=change(plan, range(7)), earlier=(*second.earlier, told))
    for measure, table in build(third).content.tables.items():
        before = [each.tables[measure].cells for each in (first.content, told.content)]
        assert all(any(cells.get(key) == figures for cells in before) for key, figures in table.cells.items())


def test_gaps_are_counted_beside_those_that_were_asked(plan: Plan) -> None:
    """A question that fourteen have a score for, all of them under the target: that is not told."""
    question = plan.questionnaire.questions[0].id
    measure = Measure(MeasureKind.QUESTION, question)
    few = tuple(
        replace(
            each,
            gaps=each.gaps | {question} if place < 14 else each.gaps - {question},
            scores={of: score for of, score in each.scores.items() if of != measure or place < 14},
        )
        for place, each in enumerate(plan.contributions)
    )
    content = build(replace(plan, contributions=few, cuts={})).content
    assert question not in {item.id for item in content.gaps}


def test_a_question_that_is_withheld_alone_is_not_left_to_be_worked_out(
    plan: Plan, first: Built, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its enabler, less the questions that are shown, would be it; so another goes, but not where two go anyhow."""
    key = Key("area-type", "district")
    asked = zip(plan.questionnaire.questions, plan.questionnaire.enablers_asked, strict=True)
    mine = [Measure(MeasureKind.QUESTION, each.id) for each, enabler in asked if enabler == ENABLER.id]
    assert all(CellKey(*key) in first.content.tables[measure].cells for measure in (ENABLER, *mine))
    decide = releases._decide

    def leave_out(gone: list[Measure]) -> Built:
        def decide_without(plan: Plan, gaps: Any, measure: Measure, enabler: Any) -> Any:  # noqa: ANN401 - private
            found = decide(plan, gaps, measure, enabler)
            if measure not in gone:
                return found
            return replace(found, protection=withhold(found.problem, found.protection, [key], Reason("test", "")))

        monkeypatch.setattr(releases, "_decide", decide_without)
        return build(plan)

    for gone, lost in (([mine[0]], [mine[1]]), ([mine[-1]], [mine[0]]), ([mine[0], mine[2]], [])):
        found = [each for each in leave_out(gone).withheld if each.key == CellKey(*key)]
        assert [each.measure for each in found if each.reason == releases.WITH_A_SISTER] == lost
