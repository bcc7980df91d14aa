"""Score against spending: the groups that are shown, and whether rho may be.

Rho is told where at least twenty partnerships have a score and a figure, beside those that any one organisation or
person knows, and where `ranks` proves it safe with all cells. docs/money.md states the rule in words.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Final

from app.disclosure.problem import Cell, Detail, Key, Problem, Rules
from app.disclosure.ranks import Ranking, is_proven, make_ranking
from app.disclosure.units import make_counting
from app.disclosure.witness import Told
from app.domain.aggregate import Contribution, Cut, Measure
from app.domain.association import FEWEST, find_rho
from app.domain.money import (
    FEWEST_GROUPS,
    MOST_GROUPS,
    Comparison,
    Refusal,
    compare,
    find_borders,
    name_groups,
    place_in,
    read_group,
    round_to_hundredths,
)

SPEND: Final = str(Cut.SPEND)


# ---- Groups ----------------------------------------------------------------------------------------------------------


def group_by_spend(
    contributions: Sequence[Contribution],
    rules: Rules,
    insiders: tuple[frozenset[Hashable], ...],
    earlier: Sequence[Contribution] = (),
) -> tuple[tuple[Contribution, ...], tuple[str, ...]]:
    """Put partnerships into groups by what is spent for each person, and name the groups; none where there are too few.

    As many groups as there can be up to five, each with the threshold beside what any insider knows. Where an earlier
    release of the round had groups, they stay.
    """
    borders = find_group_borders(earlier) or _choose_borders(contributions, rules, insiders)
    if not borders:
        return tuple(contributions), ()
    names = name_groups(borders)
    placed = tuple(
        each
        if each.spend is None
        else replace(each, categories={**each.categories, SPEND: names[place_in(borders, each.spend)]})
        for each in contributions
    )
    return placed, names


def find_group_borders(contributions: Iterable[Contribution]) -> tuple[Fraction, ...]:
    """Give the borders between groups as they were made, each halfway between the two next to it."""
    groups: dict[int, list[Fraction]] = {}
    for each in contributions:
        if each.spend is not None and SPEND in each.categories:
            groups.setdefault(read_group(each.categories[SPEND])[0], []).append(each.spend)
    ordered = [groups[place] for place in sorted(groups)]
    return tuple((max(one) + min(other)) / 2 for one, other in pairwise(ordered))


def _choose_borders(
    contributions: Sequence[Contribution], rules: Rules, insiders: tuple[frozenset[Hashable], ...]
) -> tuple[Fraction, ...]:
    known = {each.partnership_id: each.spend for each in contributions if each.spend is not None}
    if not known:
        return ()
    counting = make_counting(rules, known, insiders)
    for number in range(MOST_GROUPS, FEWEST_GROUPS - 1, -1):
        borders = find_borders(list(known.values()), number)
        places = [place_in(borders, spend) for spend in known.values()]
        masks = [
            counting.mask(unit for unit, place in enumerate(places) if place == group)
            for group in range(len(borders) + 1)
        ]
        if borders and min(counting.count_unknown(masks)) >= rules.threshold:
            return borders
    return ()


# ---- Rho -------------------------------------------------------------------------------------------------------------


def compare_with_spend(
    problem: Problem,
    details: Mapping[Key, Detail],
    spends: Mapping[int, Fraction],
    told_before: Sequence[Ranking],
) -> Comparison | Refusal:
    """Compare the scores of some units with their spending, where that gives nobody away; else say why not.

    `told_before`: what earlier releases told of these scores in the same way.
    """
    if int(problem.count_unknown([problem.mask(spends)])[0]) < FEWEST:
        return Refusal.TOO_FEW
    if len(set(spends.values())) == 1:
        return Refusal.SAME_SPEND
    rho = find_rho([(problem.units[place].score, spend) for place, spend in spends.items()])
    if rho is None:  # the score is the same everywhere, which nobody may read here
        return Refusal.WITHHELD
    hundredths = round_to_hundredths(rho)
    ranking = make_ranking(problem, list(spends), list(spends.values()), hundredths)
    told = list_told(problem, details)
    if not told or not is_proven(problem, told, (ranking, *told_before)):
        return Refusal.WITHHELD
    return compare(len(spends), hundredths)


def list_told(problem: Problem, details: Mapping[Key, Detail]) -> list[Told]:
    """Give all that is told of the cells of a problem, those of earlier releases too."""

    def find_detail(cell: Cell) -> Detail:
        return cell.detail if cell.is_fixed else details[cell.key]

    return [Told(cell.members, find_detail(cell)) for cell in problem.cells if find_detail(cell) > Detail.WITHHELD]


def find_ranking(
    problem: Problem, measure: Measure, contributions: Iterable[Contribution], told: Comparison | Refusal | None
) -> Ranking | None:
    """Give what an earlier release told of an enabler, as it was made; `None` where it only kept what another told."""
    if not isinstance(told, Comparison):
        return None
    places = {(unit.partnership, unit.score): place for place, unit in enumerate(problem.units)}
    pairs: dict[int, Fraction] = {}
    for each in contributions:
        score, partnership_id = each.scores.get(measure), each.partnership_id
        if score is not None and each.spend is not None and (partnership_id, score) in places:
            pairs[places[partnership_id, score]] = each.spend
    rho = find_rho([(problem.units[place].score, spend) for place, spend in pairs.items()]) if pairs else None
    hundredths = round_to_hundredths(told.rho)
    if rho is None or round_to_hundredths(rho) != hundredths or len(pairs) != told.count:
        return None
    return make_ranking(problem, list(pairs), list(pairs.values()), hundredths)
