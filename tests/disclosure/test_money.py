"""Score against spending: attacks on rho and the cells together. Each has a twin that must fall."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from random import Random
from uuid import UUID

import numpy as np
import pytest

from app.disclosure.auditor import protect
from app.disclosure.figures import publish
from app.disclosure.money import compare_with_spend, find_group_borders, find_ranking, group_by_spend, list_told
from app.disclosure.problem import WHOLE, Detail, Key, Problem, Rules
from app.disclosure.ranks import _Search, make_ranking
from app.disclosure.witness import Figures
from app.domain.aggregate import Contribution, Measure, MeasureKind
from app.domain.association import find_rho
from app.domain.money import Comparison, Refusal, compare, round_to_hundredths
from app.domain.releases import CellFigures
from tests.disclosure.problems import CUTS, make_problem, make_round, make_unit

NOBODY: frozenset[int] = frozenset()
LEVELS = (0, 25, 50, 75, 100)
MEASURE = Measure(MeasureKind.ENABLER, "sharing-information")


def reads_the_same(problem: Problem, details: Mapping[Key, Detail], scores: Sequence[Fraction]) -> bool:
    """Say whether every figure that is published of the cells would be, had these been the scores."""
    now = read_all(problem, details, [unit.score for unit in problem.units])
    in_full = {
        key: Detail.QUARTILES if detail is Detail.STEADY_QUARTILES else detail for key, detail in details.items()
    }
    then = read_all(problem, in_full, scores)
    return all(
        one == other
        or (
            one is not None
            and other is not None
            and (one.count, one.mean, one.bands) == (other.count, other.mean, other.bands)
            and all(shown in {None, read} for shown, read in zip(one.quartiles, other.quartiles, strict=True))
        )
        for one, other in zip(now, then, strict=True)
    )


def read_all(problem: Problem, details: Mapping[Key, Detail], scores: Sequence[Fraction]) -> list[CellFigures | None]:
    """Give what would be published of each cell."""
    units = [make_unit(place, score) for place, score in enumerate(scores)]
    return [
        publish(
            [units[p].score for p in cell.members],
            [units[p].band for p in cell.members],
            details[cell.key],
            problem.rules,
        )
        for cell in problem.cells
    ]


def read_rho(scores: Sequence[Fraction], spends: Sequence[int]) -> int:
    rho = find_rho(list(zip(scores, map(Fraction, spends), strict=True)))
    return 999 if rho is None else round_to_hundredths(rho)


def with_spend(seed: int, size: int) -> tuple[Problem, list[int]]:
    """Make a round with as many groups of spending as there may be, some partnerships of equal spending."""
    chance = Random(seed)
    made = make_round(seed, size)
    spends = [chance.randrange(1200, 2000, 20) for _ in range(size)]
    placed, _ = group_by_spend(make_contributions(spends), Rules(10), made.insiders)
    categories = {
        cut: [next(c.key.category for c in made.cells if c.key.cut == cut and p in c.members) for p in range(size)]
        for cut in CUTS
    }
    categories["spend"] = [each.categories.get("spend", "") for each in placed]
    scores = [unit.score for unit in made.units]
    return make_problem(scores, categories, [frozenset(map(int, map(str, each))) for each in made.insiders]), spends


def make_contributions(spends: Sequence[int | None], scores: Sequence[int] = ()) -> list[Contribution]:
    return [
        Contribution(
            UUID(int=place),
            {},
            {MEASURE: Fraction(scores[place])} if scores else {},
            {},
            spend=None if spend is None else Fraction(spend),
        )
        for place, spend in enumerate(spends)
    ]


# ---- Rho and all cells -----------------------------------------------------------------------------------------------


def change_places(scores: list[Fraction], alike: Sequence[tuple[int, int]], times: int) -> Iterator[list[Fraction]]:
    """Attack: give every set of scores in which up to so many pairs in the same cells have changed places."""
    for number in range(1, times + 1):
        for pairs in combinations(alike, number):
            changed = list(scores)
            for one, other in pairs:
                changed[one], changed[other] = changed[other], changed[one]
            yield changed


@pytest.mark.parametrize("insider", [NOBODY, frozenset({0}), frozenset({3, 17})])
def test_rho_and_all_cells_leave_every_score_of_a_small_round_at_least_ten_points(insider: frozenset[int]) -> None:
    """By brute force, with exact numbers: whoever tries to solve for one score is left with an interval."""
    chance = Random(8)
    size = 24
    scores = [Fraction(chance.randrange(5, 96)) for _ in range(size)]
    spends = list(range(1300, 1300 + 20 * size, 20))
    groups = ["1-of-2" if place < size // 2 else "2-of-2" for place in range(size)]
    problem = make_problem(scores, {"spend": groups})
    details = protect(problem).details
    assert all(detail > Detail.WITHHELD for detail in details.values())
    told = compare_with_spend(problem, details, dict(enumerate(map(Fraction, spends))), ())
    assert isinstance(told, Comparison)
    rho = round_to_hundredths(told.rho)
    assert read_rho(scores, spends) == rho
    alike = [
        pair for pair in combinations(sorted(set(range(size)) - insider), 2) if len({groups[p] for p in pair}) == 1
    ]
    widths = dict.fromkeys(set(range(size)) - insider, Fraction(0))
    for world in change_places(scores, alike, 2):
        if any(abs(world[p] - scores[p]) > width for p, width in widths.items()) and read_rho(world, spends) == rho:
            assert reads_the_same(problem, details, world)
            widths = {p: max(width, abs(world[p] - scores[p])) for p, width in widths.items()}
        if min(widths.values()) >= 10:
            break
    assert min(widths.values()) >= 10


def test_five_partnerships_are_solved_from_an_exact_rho_so_that_their_kind_is_refused() -> None:
    """The twin: every score that five could have on five levels, their mean to whole points, and rho in full."""
    scores, spends = (0, 25, 50, 75, 100), (1300, 1400, 1500, 1600, 1700)

    def tell(world: Sequence[int]) -> tuple[int, float | None]:
        pairs = [(Fraction(score), Fraction(spend)) for score, spend in zip(world, spends, strict=True)]
        return round(sum(world) / 5), find_rho(pairs)

    possible = [world for world in product(LEVELS, repeat=5) if tell(world) == tell(scores)]
    assert possible == [scores]  # all five are known
    alone = [world for world in product(LEVELS, repeat=5) if tell(world)[0] == tell(scores)[0]]
    assert all(len({world[place] for world in alone}) == 5 for place in range(5))  # by the mean alone, none is
    problem = make_problem(scores, {}, [NOBODY], threshold=5)
    details = {WHOLE: Detail.MEAN}
    assert compare_with_spend(problem, details, dict(enumerate(map(Fraction, spends))), ()) is Refusal.TOO_FEW


def test_rho_is_withheld_where_the_order_would_narrow_somebody_whom_the_cells_alone_do_not() -> None:
    """Twelve near 0 spend least, twelve near 100 most: where all stand in that order, the first is nearly at 0."""
    scores = [*range(12), *range(89, 101)]
    problem = make_problem(scores, {"spend": ["1-of-2"] * 12 + ["2-of-2"] * 12})
    details = protect(problem).details
    assert details[Key("spend", "1-of-2")] > Detail.WITHHELD
    in_order = dict(enumerate(map(Fraction, range(24))))
    assert compare_with_spend(problem, details, in_order, ()) is Refusal.WITHHELD
    mixed = {place: Fraction((place * 7) % 12 + 12 * (place // 12)) for place in range(24)}
    assert isinstance(compare_with_spend(problem, details, mixed, ()), Comparison)


@pytest.mark.parametrize("seed", range(3))
def test_each_witness_reads_the_same_in_exact_numbers(seed: int) -> None:
    """What the proof rests on is evaluated anew, figure by figure, by what publishes."""
    problem, spends = with_spend(seed, 44)
    details = protect(problem).details
    scores = [unit.score for unit in problem.units]
    exact = {float(score): score for score in scores}  # equal scores stay equal
    rho = read_rho(scores, spends)
    ranking = make_ranking(problem, range(44), [Fraction(each) for each in spends], rho)
    search = _Search(problem, Figures(problem, list_told(problem, details)), [ranking])
    for insider in problem.known[[0, 1, -1]]:
        for unit in range(0, 44, 3):
            if insider[unit]:
                continue
            found = search._find(unit, ~insider)
            assert found is not None
            world = [exact.get(each, Fraction(each)) for each in found.tolist()]
            assert abs(world[unit] - scores[unit]) >= 10
            assert all(world[place] == scores[place] for place in np.flatnonzero(insider))
            assert all(0 <= each <= 100 for each in world)
            assert read_rho(world, spends) == rho
            assert reads_the_same(problem, details, world)


@pytest.mark.parametrize(
    ("scores", "spends", "insiders", "refusal"),
    [
        (range(20, 39), range(19), [NOBODY], Refusal.TOO_FEW),
        (range(20, 60), range(19), [NOBODY], Refusal.TOO_FEW),  # the others have no figure
        (range(20, 41), range(21), [frozenset({1, 2})], Refusal.TOO_FEW),
        (range(20, 60), [1500] * 40, [NOBODY], Refusal.SAME_SPEND),
        ([50] * 40, range(40), [NOBODY], Refusal.WITHHELD),  # to say so would tell everybody's score
    ],
)
def test_nothing_is_said_of_fewer_than_twenty_beside_what_anybody_knows(
    scores: Sequence[int], spends: Sequence[int], insiders: list[frozenset[int]], refusal: Refusal
) -> None:
    problem = make_problem(list(scores), {}, insiders)
    details = protect(problem).details
    assert compare_with_spend(problem, details, dict(enumerate(map(Fraction, spends))), ()) is refusal


def test_rho_is_not_told_where_nothing_else_may_be() -> None:
    problem = make_problem(list(range(20, 60)), {}, [NOBODY])
    spends = dict(enumerate(map(Fraction, range(40))))
    assert compare_with_spend(problem, {WHOLE: Detail.WITHHELD}, spends, ()) is Refusal.WITHHELD


def test_what_an_earlier_release_told_counts_where_it_was_made_and_not_where_it_was_kept() -> None:
    scores, spends = list(range(20, 50)), list(range(1300, 1330))
    problem = make_problem(scores, {})
    made = make_contributions(spends, scores)
    told = compare(30, 100)
    by_uuid = Problem(
        problem.rules,
        tuple(replace(unit, partnership=UUID(int=place)) for place, unit in enumerate(problem.units)),
        problem.cells,
        (),
        (),
    )
    assert find_ranking(by_uuid, MEASURE, made, told) is not None
    assert find_ranking(by_uuid, MEASURE, made, compare(30, 50)) is None
    assert find_ranking(by_uuid, MEASURE, made, compare(29, 100)) is None
    assert find_ranking(by_uuid, MEASURE, made, Refusal.WITHHELD) is None


def test_a_new_rho_has_to_leave_room_beside_an_earlier_one() -> None:
    """Six of thirty have other figures of spending now: both rhos are of the same scores."""
    chance = Random(4)
    scores = [chance.randrange(5, 96) for _ in range(30)]
    spends = [Fraction(chance.randrange(1200, 2000)) for _ in range(30)]
    later = [*(Fraction(chance.randrange(1200, 2000)) for _ in range(6)), *spends[6:]]
    problem = make_problem(scores, {})
    details = protect(problem).details
    earlier = read_rho([Fraction(score) for score in scores], [int(spend) for spend in spends])
    before = make_ranking(problem, range(30), spends, earlier)
    assert isinstance(compare_with_spend(problem, details, dict(enumerate(later)), [before]), Comparison)
    impossible = make_ranking(problem, range(30), later, -100 if earlier > 0 else 100)
    assert compare_with_spend(problem, details, dict(enumerate(later)), [impossible]) is Refusal.WITHHELD


# ---- Groups ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spends", "insiders", "sizes"),
    [
        (range(55), 1, [11] * 5),
        (range(54), 1, [13, 14, 13, 14]),  # of five, one would have ten, of which somebody knows one
        (range(50), 0, [10] * 5),
        (range(22), 1, [11, 11]),
        (range(21), 1, []),
        ([1500] * 60, 1, []),
        ([*range(30), *[None] * 30], 1, [15, 15]),
        ([], 1, []),
    ],
)
def test_there_are_as_many_groups_up_to_five_as_each_holds_enough(
    spends: Sequence[int | None], insiders: int, sizes: list[int]
) -> None:
    """`insiders`: how many partnerships everybody knows."""
    made = make_contributions(spends)
    known = tuple(frozenset([each.partnership_id]) for each in made) if insiders else (frozenset(),)
    placed, names = group_by_spend(made, Rules(10), known)
    groups = [each.categories.get("spend") for each in placed]
    assert [groups.count(name) for name in names] == sizes
    assert [each is None for each in spends] == [each is None for each in groups] or not names


def test_the_groups_of_an_earlier_release_stay() -> None:
    before, names = group_by_spend(make_contributions(range(1000, 1040)), Rules(10), (frozenset(),))
    assert names == ("1-of-4", "2-of-4", "3-of-4", "4-of-4")
    now, again = group_by_spend(make_contributions(range(1005, 1045)), Rules(10), (frozenset(),), before)
    assert again == names
    assert [sum(each.categories["spend"] == name for each in now) for name in names] == [5, 10, 10, 15]
    assert find_group_borders(before) == (Fraction(2019, 2), Fraction(2039, 2), Fraction(2059, 2))
