"""Whose scores a measure is made of, which cells they are in, and what earlier releases told of them."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Final
from uuid import UUID

from app.disclosure.plan import Past, Plan
from app.disclosure.problem import WHOLE, Cell, Detail, Key, Partition, Unit
from app.disclosure.units import make_unit
from app.domain.aggregate import (
    ENABLERS_ALONE,
    JOINERS,
    LEAVERS,
    STAYERS,
    TIMES,
    Contribution,
    Cut,
    Measure,
    MeasureKind,
)
from app.domain.questionnaire import Framework
from app.domain.releases import CellFigures

STAYED: Final = Key(Cut.STANDING, STAYERS)
JOINED: Final = Key(Cut.STANDING, JOINERS)
LEFT: Final = Key(Cut.STANDING, LEAVERS)

Cuts = Mapping[str, tuple[str, ...]]
"""Cut -> its categories in order."""


def list_cuts(plan: Plan) -> Cuts:
    """List the cuts in one way and in two."""
    cuts = dict(plan.cuts)
    for one, other in plan.two_way:
        cuts[f"{one}{TIMES}{other}"] = tuple(
            f"{first}{TIMES}{second}" for first in plan.cuts.get(one, ()) for second in plan.cuts.get(other, ())
        )
    return cuts


def find_members(
    contributions: Iterable[Contribution], measure: Measure, places: Mapping[UUID, int], cuts: Cuts
) -> dict[Key, tuple[int, ...]]:
    """Give the members of every cell by their places, those of standing among them; cells that are empty are left out.

    `places` has those with a score alone.
    """
    members: dict[Key, list[int]] = {WHOLE: []}
    for each in contributions:
        if each.partnership_id in places:
            for key in (WHOLE, *_find_keys(each, cuts), *_find_standing(each, measure)):
                members.setdefault(key, []).append(places[each.partnership_id])
    return {key: tuple(sorted(found)) for key, found in members.items() if found}


def _find_keys(contribution: Contribution, cuts: Cuts) -> Iterable[Key]:
    for cut in cuts:
        parts = [contribution.categories.get(part) for part in cut.split(TIMES)]
        if None not in parts:
            yield Key(cut, TIMES.join(filter(None, parts)))


def _find_standing(contribution: Contribution, measure: Measure) -> Iterable[Key]:
    if contribution.stayed is None:
        yield JOINED
    elif measure in contribution.stayed:
        yield STAYED


def choose_keys(plan: Plan, measure: Measure, members: Iterable[Key]) -> set[Key]:
    """Choose which cells a measure is told of."""
    has_standing = bool(plan.before) and _is_comparable(plan, measure)
    is_enabler = measure.kind is MeasureKind.ENABLER
    return {
        key
        for key in members
        if (has_standing if key.cut == Cut.STANDING else is_enabler or key.cut not in ENABLERS_ALONE)
    }


def _is_comparable(plan: Plan, measure: Measure) -> bool:
    if plan.before_questionnaire is None:
        return False
    if measure.kind is MeasureKind.ENABLER:
        return measure.id in plan.before_questionnaire.framework.enabler_ids
    earlier = plan.before_questionnaire.questions_by_id.get(measure.id)
    return earlier is not None and earlier.meaning == plan.questionnaire.questions_by_id[measure.id].meaning


def list_partitions(cuts: Cuts, keys: Iterable[Key]) -> tuple[Partition, ...]:
    """List what is divided into what: the whole by each cut, and each category of a cut by those it is crossed with."""
    found = list(keys)
    partitions = [Partition(WHOLE, tuple(key for key in found if key.cut == cut)) for cut in (*cuts, Cut.STANDING)]
    for cut in cuts:
        for part, one in enumerate(cut.split(TIMES) if TIMES in cut else ()):
            inner = [key for key in found if key.cut == cut]
            partitions += [
                Partition(parent, tuple(key for key in inner if key.category.split(TIMES)[part] == parent.category))
                for parent in found
                if parent.cut == one
            ]
    return tuple(partitions)


def list_units(
    framework: Framework, measure: Measure, contributions: Iterable[Contribution], target: Fraction | None
) -> tuple[list[Unit], dict[UUID, int]]:
    """Give the scores of a measure, and the place of each partnership that has one.

    `target`: where it is told how many are below it.
    """
    units: list[Unit] = []
    places: dict[UUID, int] = {}
    for each in contributions:
        if measure in each.scores:
            places[each.partnership_id] = len(units)
            units.append(_make_unit(framework, measure, each, target))
    return units, places


def _make_unit(framework: Framework, measure: Measure, contribution: Contribution, target: Fraction | None) -> Unit:
    score, band = contribution.scores[measure], contribution.bands[measure]
    return make_unit(framework, contribution.partnership_id, score, band, target)


def fix_earlier(
    framework: Framework, measure: Measure, units: list[Unit], past: Sequence[Past]
) -> list[tuple[Cell, CellFigures]]:
    """Add the units of earlier releases, a score that is the same only once, and give the cells that they showed."""
    fixed = []
    for release in past:
        table = release.content.tables.get(measure)
        if table is None:
            continue
        target = find_told_target(measure, release)
        known = {(unit.partnership, unit.score): place for place, unit in enumerate(units)}
        places: dict[UUID, int] = {}
        for contribution in release.contributions:
            if measure not in contribution.scores:
                continue
            unit = _make_unit(framework, measure, contribution, target)
            if (unit.partnership, unit.score) not in known:
                known[unit.partnership, unit.score] = len(units)
                units.append(unit)
            places[contribution.partnership_id] = known[unit.partnership, unit.score]
        members = find_members(release.contributions, measure, places, release.content.cuts)
        fixed += [
            (Cell(Key(*key), members[Key(*key)], _detail_of(figures), is_fixed=True), figures)
            for key, figures in table.cells.items()
            if key not in release.carried.get(measure, ())
        ]
    return fixed


def find_told_target(measure: Measure, release: Past) -> Fraction | None:
    """Give the target of a question where a release told how many are below it."""
    if measure.kind is MeasureKind.QUESTION and any(item.id == measure.id for item in release.content.gaps):
        return release.targets.get(measure.id)
    return None


def _detail_of(figures: CellFigures) -> Detail:
    if None not in figures.quartiles:
        return Detail.QUARTILES
    if any(each is not None for each in figures.quartiles):
        return Detail.STEADY_QUARTILES
    return Detail.MEAN if figures.bands is None else Detail.BANDS


def find_carried(
    plan: Plan,
    units: Sequence[Unit],
    members: Mapping[Key, tuple[int, ...]],
    fixed: Sequence[tuple[Cell, CellFigures]],
) -> tuple[dict[Key, CellFigures], frozenset[Key]]:
    """Find the cells of a corrected release that stay as they were told, and those that are not told.

    Where fewer partnerships have changed than the threshold asks, whatever an insider knows, all stays as it was, and
    also where the round after has told the change since. Else the whole is told anew, cells in which nobody has changed
    stay, and no other cell is told: what two releases tell of it could be set against one another.
    """
    if not fixed:
        return {}, frozenset()
    last = {cell.key: (cell, figures) for cell, figures in fixed}

    def find_changed(cell: Cell) -> frozenset[Hashable]:
        return frozenset(units[place].partnership for place in set(cell.members) ^ set(members.get(cell.key, ())))

    def count_unknown(changed: frozenset[Hashable]) -> int:
        return len(changed) - max((len(changed & insider) for insider in plan.insiders), default=0)

    # Every telling counts, and not the last alone: what has changed since that may have changed back.
    fewest = min((count_unknown(find_changed(cell)) for cell, _ in fixed if cell.key == WHOLE), default=0)
    if plan.is_followed or fewest < plan.rules.threshold:
        return {key: figures for key, (_, figures) in last.items()}, frozenset(members)
    same = {key: figures for key, (_, figures) in last.items() if key != WHOLE and not find_changed(last[key][0])}
    return same, frozenset(members) - {WHOLE}
