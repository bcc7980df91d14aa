"""A release: from what partnerships contribute to what may be published, all tables together, with the reasons.

Each enabler and each question is a problem of its own. A cell of a question is shown only where its enabler's is; and
where an enabler and all its questions but one would show a cell of the same partnerships, the last could be worked out,
so that a second one is withheld.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from math import floor
from typing import Any, Final

from app.disclosure.auditor import Protection, protect, withhold
from app.disclosure.cells import (
    LEFT,
    STAYED,
    choose_keys,
    find_carried,
    find_members,
    fix_earlier,
    list_cuts,
    list_partitions,
    list_units,
)
from app.disclosure.figures import HALF, publish
from app.disclosure.mirror import MirrorWithheld, fill_mirror
from app.disclosure.money import compare_with_spend, find_group_borders, find_ranking, list_told
from app.disclosure.plan import Plan
from app.disclosure.problem import HIGHEST, WHOLE, Cell, Detail, Key, Partition, Problem, Reason, Unit
from app.disclosure.ranks import Ranking, is_proven
from app.disclosure.units import make_counting
from app.domain.aggregate import TIMES, Contribution, Cut, Measure, MeasureKind, list_measures
from app.domain.exact import mean
from app.domain.money import Comparison, Money, Refusal, round_border
from app.domain.questionnaire import Questionnaire
from app.domain.releases import CellFigures, CellKey, Content, Item, LikeForLike, Reach, Table

Run = Callable[..., Iterable[Any]]
"""What does the same to each of many, as `map` does."""
MADE_GROUPS: Final = frozenset({Cut.PEERS, Cut.SPEND})
"""Cuts into groups that the service makes."""
WITH_ITS_ENABLER: Final = "with-its-enabler"
TOO_FEW_CHANGED: Final = "too-few-changed"
WITH_A_SISTER: Final = Reason("with-a-sister", "With it, the same cell of another question could be worked out")


@dataclass(frozen=True, slots=True)
class Withheld:
    """One cell that is withheld or shows less than its count allows, for the administrator."""

    measure: Measure
    key: CellKey
    count: int
    detail: Detail
    reason: Reason


@dataclass(frozen=True, slots=True)
class Built:
    """A release that was decided and audited."""

    content: Content
    withheld: tuple[Withheld, ...]
    leaks: tuple[Measure, ...]
    """Measures that earlier releases give away by themselves: nothing new is shown of them."""
    carried: Mapping[Measure, frozenset[CellKey]]
    """Cells that an earlier release told, and that stay as they were told."""
    mirror_withheld: tuple[MirrorWithheld, ...] = ()


@dataclass(frozen=True, slots=True)
class _Decided:
    """A measure with its decision."""

    measure: Measure
    problem: Problem
    protection: Protection
    carried: Mapping[Key, CellFigures]
    """Cells that stay as an earlier release told them."""
    leaks: bool
    """Whether earlier releases give it away by themselves: then only what is carried is shown."""

    def who(self, key: Key) -> frozenset[Hashable]:
        """Give the partnerships of a cell."""
        units = self.problem.units
        return frozenset(
            units[place].partnership for cell in self.problem.cells if cell.key == key for place in cell.members
        )

    def shows(self, key: Key) -> bool:
        """Say whether anything is told of a cell, newly or as before."""
        shown = not self.leaks and self.protection.details.get(key, Detail.WITHHELD) > Detail.WITHHELD
        return key in self.carried or shown


def build(plan: Plan, run: Run = map) -> Built:
    """Decide, audit and round a whole release. `run` does what `map` does, perhaps on several processors."""
    measures = list_measures(plan.questionnaire)
    gaps = _count_gaps(plan)
    decide = partial(_decide, plan, frozenset(item.id for item in gaps))
    decided: dict[Measure, _Decided] = {}
    for kind in (MeasureKind.ENABLER, MeasureKind.QUESTION):  # a question shows no more than its enabler
        mine = [measure for measure in measures if measure.kind is kind]
        enablers = [_find_enabler(plan.questionnaire, measure, decided) for measure in mine]
        decided |= zip(mine, run(decide, mine, enablers), strict=True)
    _withhold_sisters(plan.questionnaire, measures, decided)
    tables = {measure: _tabulate(plan, each) for measure, each in decided.items()}
    mirror, mirror_withheld = fill_mirror(plan.mirror, tables) if plan.mirror else (None, ())
    return Built(
        content=Content(
            threshold=plan.rules.threshold,
            cuts=list_cuts(plan),
            tables=tables,
            gaps=gaps,
            barriers=_count_items(plan, lambda each: each.barriers, lambda past: past.barriers),
            asks=_count_items(
                plan,
                lambda each: frozenset(plan.departments.get(department, str(department)) for department in each.asks),
                lambda past: past.asks,
            ),
            reach=_tell_reach(plan, decided),
            money=tell_money(plan, decided, tables),
            before=plan.before_title if any(table.change for table in tables.values()) else "",
            mirror=mirror,
        ),
        withheld=tuple(row for each in decided.values() for row in _list_withheld(each)),
        leaks=tuple(measure for measure, each in decided.items() if each.leaks),
        carried={
            measure: frozenset(CellKey(*key) for key in each.carried)
            for measure, each in decided.items()
            if each.carried
        },
        mirror_withheld=mirror_withheld,
    )


# ---- Deciding --------------------------------------------------------------------------------------------------------


def _decide(
    plan: Plan,
    told_gaps: Collection[str],
    measure: Measure,
    enabler: _Decided | None,
) -> _Decided:
    """Decide how much is shown of each cell of a measure.

    `told_gaps`: questions of which it is told how many have a gap. `enabler`: that of a question, decided already.
    """
    framework, cuts = plan.questionnaire.framework, list_cuts(plan)
    target = plan.targets.get(measure.id) if measure.id in told_gaps else None
    units, places = list_units(framework, measure, plan.contributions, target)
    members = find_members(plan.contributions, measure, places, cuts)
    told_of = choose_keys(plan, measure, members)
    members = {key: found for key, found in members.items() if key in told_of}
    fixed = fix_earlier(framework, measure, units, plan.earlier)
    carried, frozen = find_carried(plan, units, members, fixed)
    cells = tuple(
        Cell(
            key,
            found,
            Detail.WITHHELD if key in frozen else _most_of(key, enabler),
            worth=_worth(key),
        )
        for key, found in members.items()
        if key not in carried
    )
    problem = Problem(
        rules=plan.rules,
        units=tuple(units),
        cells=cells + tuple(cell for cell, _ in fixed),
        partitions=list_partitions(cuts, members),
        insiders=plan.insiders,
    )
    protection = protect(problem)
    reasons = dict(protection.reasons)
    for cell in cells:
        if cell.key in frozen:
            reasons[cell.key] = Reason(TOO_FEW_CHANGED, "Too few have changed since the release before")
        elif cell.detail is Detail.WITHHELD:
            reasons[cell.key] = Reason(WITH_ITS_ENABLER, "The cell of its enabler is withheld")
    holds = protection.remains is None and _is_safe_beside_earlier(plan, measure, problem, protection.details, carried)
    return _Decided(measure, problem, replace(protection, reasons=reasons), carried, not holds)


def _most_of(key: Key, enabler: _Decided | None) -> Detail:
    """Give the most that is asked for of a cell, before anything is audited."""
    if enabler is not None and not enabler.shows(key):
        return Detail.WITHHELD
    if key.cut == Cut.STANDING:
        return Detail.MEAN
    if key.cut == Cut.PEERS:  # any quartile of so small groups would often cost the change since the round before
        return Detail.STEADY_QUARTILES
    return Detail.BANDS if TIMES in key.cut else Detail.QUARTILES


def _worth(key: Key) -> int:
    """Say how late a cell goes, where one of several must: groups that the service made go before those of a place."""
    return 0 if key.cut in MADE_GROUPS or TIMES in key.cut else 1


def _find_enabler(
    questionnaire: Questionnaire, measure: Measure, decided: Mapping[Measure, _Decided]
) -> _Decided | None:
    if measure.kind is MeasureKind.ENABLER:
        return None
    return decided[Measure(MeasureKind.ENABLER, questionnaire.section_of[measure.id].enabler)]


def _withhold_sisters(
    questionnaire: Questionnaire, measures: Iterable[Measure], decided: dict[Measure, _Decided]
) -> None:
    """Withhold what would give away a cell of another question, until nothing does."""
    waiting = list(measures)
    while waiting:
        for sister, keys in _find_sisters_to_withhold(questionnaire, waiting.pop(0), decided).items():
            mine = decided[sister]
            protection = withhold(mine.problem, mine.protection, keys, WITH_A_SISTER)
            decided[sister] = replace(mine, protection=protection)
            waiting.append(sister)  # what went with these cells may be the last that was withheld of others


def _find_sisters_to_withhold(
    questionnaire: Questionnaire, measure: Measure, decided: Mapping[Measure, _Decided]
) -> dict[Measure, set[Key]]:
    """Give what else to withhold for a question that is withheld where its enabler and all its sisters are shown.

    An enabler is the weighted mean of its questions, so that of the same partnerships the last sum could be worked out.
    The next question of the enabler goes with it, of those that were not told before; else the enabler.
    """
    enabler = _find_enabler(questionnaire, measure, decided)
    if enabler is None:
        return {}
    of_enabler = [
        Measure(MeasureKind.QUESTION, question_id)
        for question_id, section in questionnaire.section_of.items()
        if section.enabler == enabler.measure.id
    ]
    place = of_enabler.index(measure)
    sisters = of_enabler[place + 1 :] + of_enabler[:place]
    mine = decided[measure]
    told = [*(decided[sister] for sister in sisters), enabler]
    found: dict[Measure, set[Key]] = {}
    for cell in mine.problem.cells:
        free = [each for each in told if cell.key not in each.carried]
        if (
            sisters
            and free
            and not cell.is_fixed
            and not mine.shows(cell.key)
            and all(each.shows(cell.key) for each in told)
            and len({each.who(cell.key) for each in (mine, *told)}) == 1
        ):
            found.setdefault(free[0].measure, set()).add(cell.key)
    return found


# ---- Rounding --------------------------------------------------------------------------------------------------------


def _tabulate(plan: Plan, decided: _Decided) -> Table:
    """Round what is shown of a measure; cells that are carried stay, and the change beside them."""
    cells = {CellKey(*key): figures for key, figures in decided.carried.items()}
    for cell in decided.problem.cells:
        if cell.is_fixed:
            continue
        units = [decided.problem.units[place] for place in cell.members]
        detail = Detail.WITHHELD if decided.leaks else decided.protection.details[cell.key]
        shown = publish([unit.score for unit in units], [unit.band for unit in units], detail, plan.rules)
        if shown is not None:
            cells[CellKey(*cell.key)] = shown
    return Table(
        measure=decided.measure,
        cells=cells,
        change=plan.earlier[-1].content.tables[decided.measure].change
        if STAYED in decided.carried
        else _compare(plan, decided),
        provisional=_count_provisional(plan, decided),
    )


def _compare(plan: Plan, decided: _Decided) -> LikeForLike | None:
    """Give the change of those that stayed, where it may be shown beside all that was told of the round before."""
    measure = decided.measure
    if decided.leaks or decided.protection.details.get(STAYED, Detail.WITHHELD) is Detail.WITHHELD:
        return None
    units: list[Unit] = []
    fixed = fix_earlier(plan.questionnaire.framework, measure, units, plan.before)
    places = {unit.partnership: place for place, unit in enumerate(units)}  # the newest, where one has changed
    then = plan.before[-1].contributions
    now = {each.partnership_id: each for each in plan.contributions if measure in each.scores}
    stayed = [each for each in then if measure in each.scores and each.partnership_id in now]
    here = {each.partnership_id for each in plan.contributions}
    left = [each for each in then if measure in each.scores and each.partnership_id not in here]
    groups = {WHOLE: [each for each in then if measure in each.scores], STAYED: stayed, LEFT: left}
    cells = [
        Cell(key, tuple(sorted(places[each.partnership_id] for each in group)), Detail.MEAN)
        for key, group in groups.items()
        if group
    ]
    problem = Problem(
        plan.rules,
        tuple(units),
        (*cells, *(cell for cell, _ in fixed)),
        (Partition(WHOLE, (STAYED, LEFT)),),
        plan.insiders,
    )
    protection = protect(problem)
    shown = protection.details
    if protection.remains or not shown.get(STAYED) or not shown.get(WHOLE):
        return None
    before = mean(each.scores[measure] for each in stayed)
    after = mean(now[each.partnership_id].scores[measure] for each in stayed)
    leavers = mean(each.scores[measure] for each in left) if shown.get(LEFT) else None
    return LikeForLike(
        count=len(stayed),
        before=_round(before),
        after=_round(after),
        change=_round_away(after - before),
        leavers=None if leavers is None else (len(left), _round(leavers)),
    )


def _round(number: Fraction) -> int:
    return floor(number + HALF)


def _round_away(number: Fraction) -> int:
    """Round half away from zero, as a change reads the same in both directions."""
    return floor(abs(number) + HALF) * (1 if number > 0 else -1)


# ---- Score against spending ------------------------------------------------------------------------------------------


def tell_money(plan: Plan, decided: Mapping[Measure, _Decided], tables: Mapping[Measure, Table]) -> Money:
    """Say how scores go together with spending. What an earlier release told stays where its table does."""
    last = plan.earlier[-1].content.money if plan.earlier else None
    left_out = sum(each.spend is None for each in plan.contributions)
    is_shown = any(key.cut == Cut.SPEND for table in tables.values() for key in table.cells)
    borders = tuple(map(round_border, find_group_borders(plan.contributions))) if is_shown else ()
    enablers = {
        measure.id: last.enablers[measure.id]
        if last and measure.id in last.enablers and WHOLE in each.carried
        else _compare_with_spend(plan, each)
        for measure, each in decided.items()
        if measure.kind is MeasureKind.ENABLER
    }
    return Money(
        year=plan.spend_year if last is None or last.year is None else last.year,
        left_out=last.left_out if last else left_out if not left_out or left_out >= plan.rules.threshold else None,
        borders=(last.borders if last else ()) or borders,
        enablers=enablers,
    )


def _compare_with_spend(plan: Plan, decided: _Decided) -> Comparison | Refusal:
    places = {
        decided.problem.units[place].partnership: place
        for cell in decided.problem.cells
        if cell.key == WHOLE and not cell.is_fixed
        for place in cell.members
    }
    spends = {
        places[each.partnership_id]: each.spend
        for each in plan.contributions
        if each.spend is not None and each.partnership_id in places
    }
    if decided.leaks:
        return Refusal.WITHHELD
    told_before = _list_rankings(plan, decided.measure, decided.problem)
    return compare_with_spend(decided.problem, decided.protection.details, spends, told_before)


def _is_safe_beside_earlier(
    plan: Plan, measure: Measure, problem: Problem, details: Mapping[Key, Detail], carried: Mapping[Key, CellFigures]
) -> bool:
    """Say whether what is newly shown narrows nobody together with what earlier releases told against spending."""
    rankings = _list_rankings(plan, measure, problem) if WHOLE not in carried else []
    return not rankings or is_proven(problem, list_told(problem, details), rankings)


def _list_rankings(plan: Plan, measure: Measure, problem: Problem) -> list[Ranking]:
    found = (
        find_ranking(problem, measure, past.contributions, past.content.money.enablers.get(measure.id))
        for past in plan.earlier
        if measure.kind is MeasureKind.ENABLER
    )
    return [each for each in found if each is not None]


# ---- Counts of partnerships ------------------------------------------------------------------------------------------


def _tell_reach(plan: Plan, decided: Mapping[Measure, _Decided]) -> Reach | None:
    enablers = [each for measure, each in decided.items() if measure.kind is MeasureKind.ENABLER]
    if plan.earlier and all(WHOLE in each.carried for each in enablers):
        return plan.earlier[-1].content.reach
    return plan.reach if _are_all_enough(plan) else None


def _count_provisional(plan: Plan, decided: _Decided) -> int | None:
    """Count whose score of an enabler is provisional; `None` where they or the others are too few to be told.

    What an earlier release told stays.
    """
    measure = decided.measure
    if measure.kind is not MeasureKind.ENABLER or not decided.shows(WHOLE):
        return None
    if plan.earlier:
        return plan.earlier[-1].content.tables[measure].provisional
    counted = [place for place, each in enumerate(plan.contributions) if measure in each.scores]
    provisional = {place for place in counted if measure.id in plan.contributions[place].provisional}
    return len(provisional) if _are_enough(_make_counting(plan), provisional, frozenset(counted)) else None


def _count_gaps(plan: Plan) -> tuple[Item, ...]:
    """Count in how many partnerships each question is a gap, where the target leaves room on both of its sides.

    A count tells of some on which side of the target they are; of a target near either end that would be their score.
    """
    room = 2 * plan.rules.narrowest
    told = {question for question, target in plan.targets.items() if room <= target <= HIGHEST - room}
    scored = {
        question: frozenset(place for place, each in enumerate(plan.contributions) if measure in each.scores)
        for question in told
        for measure in (Measure(MeasureKind.QUESTION, question),)
    }
    return _count_items(plan, lambda each: each.gaps & told, lambda past: past.gaps, scored)


def _are_all_enough(plan: Plan) -> bool:
    """Say whether all partnerships together are enough, whatever an insider knows."""
    counting = _make_counting(plan)
    everybody = counting.mask(range(len(plan.contributions)))
    return bool(counting.count_unknown([everybody])[0] >= plan.rules.threshold)


def _make_counting(plan: Plan) -> Problem:
    return make_counting(plan.rules, (each.partnership_id for each in plan.contributions), plan.insiders)


def _count_items(
    plan: Plan,
    read: Callable[[Contribution], frozenset[str]],
    told: Callable[[Content], tuple[Item, ...]],
    asked: Mapping[str, frozenset[int]] | None = None,
) -> tuple[Item, ...]:
    """Count in how many partnerships each thing is, the commonest first; where enough have it, and enough have not.

    `asked`: of a thing that not all could have, the places of those that could.
    What an earlier release of the round told stays: a difference would be known to come from those that have changed.
    """
    if plan.earlier:
        return told(plan.earlier[-1].content)
    counting = _make_counting(plan)
    found: dict[str, list[int]] = {}
    for place, contribution in enumerate(plan.contributions):
        for name in read(contribution):
            found.setdefault(name, []).append(place)
    everybody = frozenset(range(len(plan.contributions)))
    items = [
        Item(name, len(places))
        for name, places in found.items()
        if _are_enough(counting, places, asked[name] if asked else everybody)
    ]
    return tuple(sorted(items, key=lambda item: (-item.count, item.id)))


def _are_enough(counting: Problem, some: Iterable[int], everybody: frozenset[int]) -> bool:
    """Say whether some and all others are each enough, whatever an insider knows."""
    groups = [counting.mask(some), counting.mask(everybody.difference(some))]
    return int(min(counting.count_unknown(groups))) >= counting.rules.threshold


def _list_withheld(decided: _Decided) -> list[Withheld]:
    return [
        Withheld(decided.measure, CellKey(*cell.key), len(cell.members), decided.protection.details[cell.key], reason)
        for cell in decided.problem.cells
        if not cell.is_fixed and (reason := decided.protection.reasons.get(cell.key))
    ]
