"""A release: from what partnerships contribute to what may be published, all tables together, with the reasons.

Each enabler and each question is a problem of its own. A cell of a question is shown only where its enabler's is; and
where an enabler and all its questions but one would show a cell of the same partnerships, the last could be worked out,
so that a second one is withheld.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Final
from uuid import UUID

from app.disclosure.auditor import protect
from app.disclosure.figures import HALF, publish
from app.disclosure.mirror import MirrorPlan, MirrorWithheld, fill_mirror
from app.disclosure.money import compare_with_spend, find_group_borders, find_ranking, list_told
from app.disclosure.problem import WHOLE, Cell, Detail, Key, Partition, Problem, Reason, Rules, Unit
from app.disclosure.ranks import Ranking, is_proven
from app.disclosure.units import make_unit
from app.domain.aggregate import (
    ENABLERS_ALONE,
    JOINERS,
    LEAVERS,
    STAYERS,
    Contribution,
    Cut,
    Measure,
    MeasureKind,
    list_measures,
)
from app.domain.exact import mean
from app.domain.money import Comparison, Money, Refusal, round_border
from app.domain.questionnaire import Framework, Questionnaire
from app.domain.releases import (
    CellFigures,
    CellKey,
    Content,
    DepartmentScores,
    Item,
    LikeForLike,
    Reach,
    Table,
)

TIMES: Final = "×"
"""Stands between the parts of a cut in two ways, and of its categories."""
STAYED: Final = Key(Cut.STANDING, STAYERS)
LEFT: Final = Key(Cut.STANDING, LEAVERS)
WITH_ITS_ENABLER: Final = "with-its-enabler"
TOO_FEW_CHANGED: Final = "too-few-changed"
WITH_A_SISTER: Final = "with-a-sister"


@dataclass(frozen=True, slots=True)
class Past:
    """A release whose figures may have been read: what it showed, and of what."""

    contributions: tuple[Contribution, ...]
    content: Content
    departments: tuple[DepartmentScores, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release is to be made of."""

    questionnaire: Questionnaire
    contributions: tuple[Contribution, ...]
    cuts: Mapping[str, tuple[str, ...]]
    """One-way cut -> its categories in order."""
    two_way: tuple[tuple[str, str], ...]
    """Pairs of one-way cuts."""
    insiders: tuple[frozenset[Hashable], ...]
    rules: Rules
    earlier: tuple[Past, ...] = ()
    """Releases of the same round that may have been read, the newest last."""
    before: tuple[Past, ...] = ()
    """Those of the round before, the newest last."""
    before_questionnaire: Questionnaire | None = None
    before_title: str = ""
    departments: Mapping[UUID, str] = field(default_factory=dict)
    reach: Reach | None = None
    spend_year: int | None = None
    """The year that spending is of."""
    mirror: MirrorPlan | None = None


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
    mirror_withheld: tuple[MirrorWithheld, ...] = ()


@dataclass(frozen=True, slots=True)
class _Decided:
    """A measure with its decision."""

    measure: Measure
    problem: Problem
    details: Mapping[Key, Detail]
    reasons: Mapping[Key, Reason]
    carried: Mapping[Key, CellFigures]
    leaks: bool

    def who(self, key: Key) -> frozenset[Hashable]:
        """Give the partnerships of a cell."""
        units = self.problem.units
        return frozenset(
            units[place].partnership for cell in self.problem.cells if cell.key == key for place in cell.members
        )

    def shows(self, key: Key) -> bool:
        shown = not self.leaks and self.details.get(key, Detail.WITHHELD) > Detail.WITHHELD
        return key in self.carried or shown


def build(plan: Plan) -> Built:
    """Decide, audit and round a whole release."""
    decided: dict[Measure, _Decided] = {}
    measures = list_measures(plan.questionnaire)
    for measure in measures:
        decided[measure] = _decide(plan, measure, _find_enabler(plan.questionnaire, measure, decided))
    for measure in measures:
        for sister, keys in _find_sisters_to_withhold(plan.questionnaire, measure, decided).items():
            enabler = _find_enabler(plan.questionnaire, sister, decided)
            decided[sister] = _decide(plan, sister, enabler, frozenset(keys))
    tables = {measure: _tabulate(plan, each) for measure, each in decided.items()}
    mirror, mirror_withheld = fill_mirror(plan.mirror, tables) if plan.mirror else (None, ())
    return Built(
        content=Content(
            threshold=plan.rules.threshold,
            cuts=_list_cuts(plan),
            tables=tables,
            gaps=_count_items(plan, lambda each: each.gaps, lambda past: past.gaps),
            barriers=_count_items(plan, lambda each: each.barriers, lambda past: past.barriers),
            asks=_count_items(
                plan,
                lambda each: frozenset(plan.departments.get(department, str(department)) for department in each.asks),
                lambda past: past.asks,
            ),
            reach=plan.reach if _holds(plan, plan.contributions) else None,
            money=tell_money(plan, decided, tables),
            before=plan.before_title if any(table.change for table in tables.values()) else "",
            mirror=mirror,
        ),
        withheld=tuple(row for each in decided.values() for row in _list_withheld(each)),
        leaks=tuple(measure for measure, each in decided.items() if each.leaks),
        mirror_withheld=mirror_withheld,
    )


# ---- Cells -----------------------------------------------------------------------------------------------------------


def _list_cuts(plan: Plan) -> dict[str, tuple[str, ...]]:
    cuts = dict(plan.cuts)
    for one, other in plan.two_way:
        cuts[f"{one}{TIMES}{other}"] = tuple(
            f"{first}{TIMES}{second}" for first in plan.cuts.get(one, ()) for second in plan.cuts.get(other, ())
        )
    return cuts


def _find_categories(plan: Plan, contribution: Contribution) -> dict[str, str]:
    """Give in which category of each cut a partnership is, in one way and in two."""
    found = {cut: category for cut, category in contribution.categories.items() if cut in plan.cuts}
    for one, other in plan.two_way:
        if one in found and other in found:
            found[f"{one}{TIMES}{other}"] = f"{found[one]}{TIMES}{found[other]}"
    return found


def _find_members(
    contributions: Sequence[Contribution], places: Mapping[UUID, int], plan: Plan
) -> dict[Key, tuple[int, ...]]:
    """Give the members of every cell, by their places."""
    members: dict[Key, list[int]] = {WHOLE: []}
    for contribution in contributions:
        place = places.get(contribution.partnership_id)
        if place is None:
            continue
        members[WHOLE].append(place)
        for cut, category in _find_categories(plan, contribution).items():
            members.setdefault(Key(cut, category), []).append(place)
    return {key: tuple(sorted(found)) for key, found in members.items() if found}


def _list_partitions(plan: Plan, keys: Iterable[Key]) -> tuple[Partition, ...]:
    found = list(keys)
    partitions = [Partition(WHOLE, tuple(key for key in found if key.cut == cut)) for cut in (*plan.cuts, Cut.STANDING)]
    for one, other in plan.two_way:
        cut = f"{one}{TIMES}{other}"
        inner = [key for key in found if key.cut == cut]
        for parent in found:
            if parent.cut in {one, other}:
                part = 0 if parent.cut == one else 1
                children = tuple(key for key in inner if key.category.split(TIMES)[part] == parent.category)
                partitions.append(Partition(parent, children))
    return tuple(partitions)


# ---- Deciding --------------------------------------------------------------------------------------------------------


def _decide(plan: Plan, measure: Measure, enabler: _Decided | None, without: frozenset[Key] = frozenset()) -> _Decided:
    framework = plan.questionnaire.framework
    units, places = _list_units(framework, measure, plan.contributions)
    members = _find_members(plan.contributions, places, plan)
    if measure.kind is MeasureKind.QUESTION:
        members = {key: found for key, found in members.items() if key.cut not in ENABLERS_ALONE}
    members |= _find_standing(plan, measure, places)
    fixed = _fix_earlier(plan, measure, units, plan.earlier)
    carried, frozen = _find_carried(plan, units, members, fixed)
    partitions = _list_partitions(plan, members)
    cells = tuple(
        Cell(key, found, Detail.WITHHELD if key in without or key in frozen else _most_of(key, enabler))
        for key, found in members.items()
        if key not in carried
    )
    problem = Problem(
        rules=plan.rules,
        units=tuple(units),
        cells=cells + tuple(cell for cell, _ in fixed),
        partitions=partitions,
        insiders=plan.insiders,
    )
    protection = protect(problem)
    reasons = dict(protection.reasons)
    for cell in cells:
        if cell.key in without:
            reasons[cell.key] = Reason(WITH_A_SISTER, "With it, the same cell of another question could be worked out")
        elif cell.key in frozen:
            reasons[cell.key] = Reason(TOO_FEW_CHANGED, "Too few have changed since the release before")
        elif cell.detail is Detail.WITHHELD:
            reasons[cell.key] = Reason(WITH_ITS_ENABLER, "The cell of its enabler is withheld")
    holds = protection.remains is None and _is_safe_beside_earlier(plan, measure, problem, protection.details, carried)
    return _Decided(measure, problem, protection.details, reasons, carried, not holds)


def _most_of(key: Key, enabler: _Decided | None) -> Detail:
    if enabler is not None and not enabler.shows(key):
        return Detail.WITHHELD
    if key.cut == Cut.STANDING:
        return Detail.MEAN
    if key.cut == Cut.PEERS:  # any quartile of so small groups would often cost the change since the round before
        return Detail.STEADY_QUARTILES
    return Detail.BANDS if TIMES in key.cut else Detail.QUARTILES


def _list_units(
    framework: Framework, measure: Measure, contributions: Iterable[Contribution]
) -> tuple[list[Unit], dict[UUID, int]]:
    units: list[Unit] = []
    places: dict[UUID, int] = {}
    for contribution in contributions:
        if measure in contribution.scores:
            places[contribution.partnership_id] = len(units)
            units.append(_make_unit(framework, measure, contribution))
    return units, places


def _make_unit(framework: Framework, measure: Measure, contribution: Contribution) -> Unit:
    return make_unit(framework, contribution.partnership_id, contribution.scores[measure], contribution.bands[measure])


def _find_standing(plan: Plan, measure: Measure, places: Mapping[UUID, int]) -> dict[Key, tuple[int, ...]]:
    """Give who had a score in the round before as well, and who was not in it."""
    if not plan.before or not _is_comparable(plan, measure):
        return {}
    then = {each.partnership_id: each for each in plan.before[-1].contributions}
    stayers = [place for each, place in places.items() if each in then and measure in then[each].scores]
    joiners = [place for each, place in places.items() if each not in then]
    found = {STAYED: tuple(sorted(stayers)), Key(Cut.STANDING, JOINERS): tuple(sorted(joiners))}
    return {key: members for key, members in found.items() if members}


def _is_comparable(plan: Plan, measure: Measure) -> bool:
    if plan.before_questionnaire is None:
        return False
    if measure.kind is MeasureKind.ENABLER:
        return measure.id in plan.before_questionnaire.framework.enabler_ids
    earlier = plan.before_questionnaire.questions_by_id.get(measure.id)
    return earlier is not None and earlier.meaning == plan.questionnaire.questions_by_id[measure.id].meaning


def _fix_earlier(
    plan: Plan, measure: Measure, units: list[Unit], past: Sequence[Past]
) -> list[tuple[Cell, CellFigures]]:
    """Add the units of earlier releases, a score that is the same only once, and give the cells that they showed."""
    fixed = []
    for release in past:
        table = release.content.tables.get(measure)
        if table is None:
            continue
        known = {(unit.partnership, unit.score): place for place, unit in enumerate(units)}
        places: dict[UUID, int] = {}
        for contribution in release.contributions:
            if measure not in contribution.scores:
                continue
            unit = _make_unit(plan.questionnaire.framework, measure, contribution)
            if (unit.partnership, unit.score) not in known:
                known[unit.partnership, unit.score] = len(units)
                units.append(unit)
            places[contribution.partnership_id] = known[unit.partnership, unit.score]
        members = _find_members(release.contributions, places, plan)
        fixed += [
            (Cell(Key(*key), members[Key(*key)], _detail_of(figures), is_fixed=True), figures)
            for key, figures in table.cells.items()
            if Key(*key) in members
        ]
    return fixed


def _detail_of(figures: CellFigures) -> Detail:
    if None not in figures.quartiles:
        return Detail.QUARTILES
    if any(each is not None for each in figures.quartiles):
        return Detail.STEADY_QUARTILES
    return Detail.MEAN if figures.bands is None else Detail.BANDS


def _find_carried(
    plan: Plan,
    units: Sequence[Unit],
    members: Mapping[Key, tuple[int, ...]],
    fixed: Sequence[tuple[Cell, CellFigures]],
) -> tuple[dict[Key, CellFigures], frozenset[Key]]:
    """Find the cells of a corrected release that stay as they were told, and those that are not told.

    Where fewer partnerships have changed than the threshold asks, whatever an insider knows, all stays as it was. Else
    the whole is told anew, cells in which nobody has changed stay, and no other cell is told: what two releases tell of
    it could be set against one another.
    """
    if not fixed:
        return {}, frozenset()
    last = {cell.key: (cell, figures) for cell, figures in fixed}

    def find_changed(key: Key) -> frozenset[Hashable]:
        cell, _ = last[key]
        return frozenset(units[place].partnership for place in set(cell.members) ^ set(members.get(key, ())))

    changed = find_changed(WHOLE) if WHOLE in last else frozenset()
    unknown = len(changed) - max((len(changed & insider) for insider in plan.insiders), default=0)
    if unknown < plan.rules.threshold:
        return {key: figures for key, (_, figures) in last.items()}, frozenset(members)
    same = {key: figures for key, (_, figures) in last.items() if key != WHOLE and not find_changed(key)}
    return same, frozenset(members) - {WHOLE}


def _find_enabler(
    questionnaire: Questionnaire, measure: Measure, decided: Mapping[Measure, _Decided]
) -> _Decided | None:
    if measure.kind is MeasureKind.ENABLER:
        return None
    asked = dict(zip((each.id for each in questionnaire.questions), questionnaire.enablers_asked, strict=True))
    return decided[Measure(MeasureKind.ENABLER, asked[measure.id])]


def _find_sisters_to_withhold(
    questionnaire: Questionnaire, measure: Measure, decided: Mapping[Measure, _Decided]
) -> dict[Measure, set[Key]]:
    """Give what else to withhold for a question that is withheld where its enabler and all its sisters are shown.

    An enabler is the weighted mean of its questions, so that of the same partnerships the last sum could be worked out.
    The next question of the enabler goes with it.
    """
    enabler = _find_enabler(questionnaire, measure, decided)
    if enabler is None:
        return {}
    of_enabler = [
        Measure(MeasureKind.QUESTION, question.id)
        for question, asked in zip(questionnaire.questions, questionnaire.enablers_asked, strict=True)
        if asked == enabler.measure.id
    ]
    place = of_enabler.index(measure)
    sisters = of_enabler[place + 1 :] + of_enabler[:place]
    mine = decided[measure]
    found: dict[Measure, set[Key]] = {}
    for cell in mine.problem.cells:
        told = [enabler, *(decided[sister] for sister in sisters)]
        if (
            sisters
            and not cell.is_fixed
            and not mine.shows(cell.key)
            and all(each.shows(cell.key) for each in told)
            and len({each.who(cell.key) for each in (mine, *told)}) == 1
        ):
            found.setdefault(sisters[0], set()).add(cell.key)
    return found


# ---- Rounding --------------------------------------------------------------------------------------------------------


def _tabulate(plan: Plan, decided: _Decided) -> Table:
    cells = {CellKey(*key): figures for key, figures in decided.carried.items()}
    for cell in decided.problem.cells:
        if cell.is_fixed:
            continue
        units = [decided.problem.units[place] for place in cell.members]
        detail = Detail.WITHHELD if decided.leaks else decided.details[cell.key]
        shown = publish([unit.score for unit in units], [unit.band for unit in units], detail, plan.rules)
        if shown is not None:
            cells[CellKey(*cell.key)] = CellFigures(shown.count, shown.mean, shown.quartiles, shown.bands)
    return Table(
        measure=decided.measure,
        cells=cells,
        change=_compare(plan, decided),
    )


def _compare(plan: Plan, decided: _Decided) -> LikeForLike | None:
    """Give the change of those that stayed, where it may be shown beside all that was told of the round before."""
    measure = decided.measure
    if decided.leaks or decided.details.get(STAYED, Detail.WITHHELD) is Detail.WITHHELD:
        return None
    units: list[Unit] = []
    fixed = _fix_earlier(plan, measure, units, plan.before)
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
        left_out=left_out if not left_out or left_out >= plan.rules.threshold else None,
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
    return compare_with_spend(decided.problem, decided.details, spends, told_before)


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


def _holds(plan: Plan, contributions: Sequence[Contribution]) -> bool:
    """Say whether there are enough, whatever an insider knows."""
    counting = _count_in(plan)
    mask = counting.mask(place for place, each in enumerate(plan.contributions) if each in contributions)
    return bool(counting.count_unknown([mask])[0] >= plan.rules.threshold)


def _count_in(plan: Plan) -> Problem:
    units = tuple(Unit(each.partnership_id, Fraction(0), "", Fraction(0), Fraction(100)) for each in plan.contributions)
    return Problem(plan.rules, units, (), (), plan.insiders)


def _count_items(
    plan: Plan, read: Callable[[Contribution], frozenset[str]], told: Callable[[Content], tuple[Item, ...]]
) -> tuple[Item, ...]:
    """Count in how many partnerships each thing is, the commonest first; where enough have it, and enough have not.

    What an earlier release of the round told stays: a difference would be known to come from those that have changed.
    """
    if plan.earlier:
        return told(plan.earlier[-1].content)
    counting = _count_in(plan)
    found: dict[str, list[int]] = {}
    for place, contribution in enumerate(plan.contributions):
        for name in read(contribution):
            found.setdefault(name, []).append(place)
    everybody = frozenset(range(len(plan.contributions)))
    items = []
    for name, places in found.items():
        groups = [counting.mask(places), counting.mask(everybody.difference(places))]
        if min(counting.count_unknown(groups)) >= plan.rules.threshold:
            items.append(Item(name, len(places)))
    return tuple(sorted(items, key=lambda item: (-item.count, item.id)))


def _list_withheld(decided: _Decided) -> list[Withheld]:
    return [
        Withheld(decided.measure, CellKey(*cell.key), len(cell.members), decided.details[cell.key], reason)
        for cell in decided.problem.cells
        if not cell.is_fixed and (reason := decided.reasons.get(cell.key))
    ]
