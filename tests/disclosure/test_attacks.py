"""Attacks on what is shown. Each has a twin on a plain threshold, which must fall, or it would prove nothing."""

from fractions import Fraction

import pytest

from app.disclosure.auditor import audit, protect, withhold
from app.disclosure.problem import WHOLE, Cell, Detail, Key, Partition, Problem, Reason, Rules
from tests.disclosure.problems import make_problem, make_round, make_unit, narrow, plain

NOBODY: frozenset[int] = frozenset()


def narrowest(problem: Problem, details: dict[Key, Detail], insider: frozenset[int] = NOBODY) -> float:
    return min(width for _, width in narrow(problem, details, insider))


def test_what_is_left_of_a_division_is_worked_out_on_a_plain_threshold_and_not_here() -> None:
    """All but one region are large enough: the last is their difference from everybody."""
    problem = make_problem([37 + place % 9 for place in range(33)], {"region": ["a"] * 16 + ["b"] * 16 + ["c"]})
    shown = plain(problem)
    assert [shown[Key("region", name)] > 0 for name in "abc"] == [True, True, False]
    assert audit(problem, shown)
    assert narrowest(problem, shown) < 50  # 100 where nothing is known
    kept = protect(problem).details
    assert sum(kept[Key("region", name)] > 0 for name in "abc") == 1
    assert not audit(problem, kept)
    assert narrowest(problem, kept) >= 10


def test_the_few_in_which_two_cuts_differ_are_worked_out_on_a_plain_threshold_and_not_here() -> None:
    """Two cuts of other names that differ by two partnerships: the difference of their sums is those two."""
    size = 40
    first = ["old" if place < 20 else "new" for place in range(size)]
    second = ["north" if place < 18 else "south" for place in range(size)]
    problem = make_problem([(place * 7) % 83 for place in range(size)], {"age": first, "side": second})
    found = audit(problem, plain(problem))
    assert found is not None
    assert set(found.units) == {18, 19}
    kept = protect(problem)
    assert not audit(problem, kept.details)
    assert any(detail is Detail.WITHHELD for detail in kept.details.values())
    assert kept.details[WHOLE] > Detail.WITHHELD


def test_what_one_cut_leaves_of_another_is_kept_large_enough() -> None:
    """All districts are in one peer group: what is left of it are six, whose bands were told by a rule for each cut."""
    scores = (
        [20 + (place * 11) % 75 for place in range(18)] + [30, 33, 36, 41, 44, 60] + [25 + place for place in range(16)]
    )
    problem = make_problem(
        scores,
        {"type": ["district"] * 18 + ["other"] * 22, "peers": ["1"] * 24 + ["2"] * 16},
    )
    kept = protect(problem).details
    assert not (kept[Key("type", "district")] and kept[Key("peers", "1")])
    assert kept[WHOLE] > Detail.WITHHELD


def test_extreme_means_narrow_everybody_on_a_plain_threshold_and_not_here() -> None:
    """Twelve at nearly nothing: a mean of 0 tells each of them to within six points."""
    problem = make_problem([0] * 11 + [3] + [60 + place for place in range(20)], {"region": ["a"] * 12 + ["b"] * 20})
    assert narrowest(problem, plain(problem)) < 10
    kept = protect(problem).details
    assert kept[Key("region", "a")] is Detail.WITHHELD
    assert narrowest(problem, kept) >= 10


def test_an_insider_with_many_partnerships_works_others_out_on_a_plain_threshold_and_not_here() -> None:
    """One organisation is in ten of the twelve of a region."""
    scores = [30 + 5 * (place % 8) for place in range(36)]
    insider = frozenset(range(10))
    problem = make_problem(scores, {"region": ["a"] * 12 + ["b"] * 24}, [insider])
    assert narrowest(problem, plain(problem), insider) < 50
    found = audit(problem, plain(problem))
    assert found is not None
    assert set(found.units) == {10, 11}
    kept = protect(problem).details
    assert kept[Key("region", "a")] is Detail.WITHHELD
    assert not audit(problem, kept)


def test_one_who_is_added_between_releases_is_worked_out_on_a_plain_threshold_and_not_here() -> None:
    """The same cell shown again with one more: the difference is that one."""
    units = tuple(make_unit(place, 20 + 3 * (place % 20)) for place in range(31))
    before = Cell(Key("earlier", "all"), tuple(range(30)), Detail.MEAN, is_fixed=True)
    now = Cell(WHOLE, tuple(range(31)))
    problem = Problem(Rules(10), units, (before, now), (), tuple(frozenset([place]) for place in range(31)))
    found = audit(problem, {WHOLE: Detail.MEAN})
    assert found is not None
    assert set(found.units) == {30}
    assert protect(problem).details == {WHOLE: Detail.WITHHELD}


@pytest.mark.parametrize("seed", range(6))
def test_no_partnership_of_a_round_is_narrowed_to_less_than_ten_points_by_programmes(seed: int) -> None:
    problem = make_round(seed)
    kept = protect(problem)
    assert not kept.remains
    assert not audit(problem, kept.details)
    most = max(problem.insiders, key=len)
    insiders = (NOBODY, frozenset(int(str(each)) for each in most))
    assert min(narrowest(problem, kept.details, insider) for insider in insiders) >= 10 - 1e-6


def test_quartiles_that_have_to_be_steady_are_proven_anew() -> None:
    """The one insider has the upper quartile withheld; the other would know from the median who stands beside it."""
    scores = [*range(1, 23), 30, *[48] * 24, *[51] * 3, *[60] * 20, *[74] * 2, 80, *[86] * 24]
    everybody = frozenset(range(len(scores)))
    middle, last = frozenset(range(23, 50)), frozenset(range(70, 97))
    problem = make_problem(scores, {}, [everybody - middle, everybody - last])
    assert audit(problem, {WHOLE: Detail.STEADY_QUARTILES})
    assert protect(problem).details == {WHOLE: Detail.BANDS}


@pytest.mark.parametrize("seed", range(3))
def test_what_holds_still_does_when_more_is_withheld(seed: int) -> None:
    problem = make_round(seed)
    kept = protect(problem)
    further = min(key for key, detail in kept.details.items() if detail > Detail.WITHHELD and key != WHOLE)
    less = withhold(problem, kept, [further], Reason("further", "It goes as well"))
    assert less.details[further] is Detail.WITHHELD
    assert less.reasons[further].code == "further"
    assert all(less.details[key] <= detail for key, detail in kept.details.items())
    assert not audit(problem, less.details)


@pytest.mark.parametrize("seed", range(6))
def test_most_of_what_may_be_shown_is_shown(seed: int) -> None:
    """Of the one-way cells that hold the threshold beside what any insider knows, at least six in ten."""
    problem = make_round(seed)
    details = protect(problem).details
    counts = problem.count_unknown([problem.mask(cell.members) for cell in problem.cells])
    over = [cell.key for cell, count in zip(problem.cells, counts, strict=True) if count >= problem.rules.threshold]
    assert sum(details[key] > Detail.WITHHELD for key in over) >= 0.6 * len(over)


def test_bands_are_not_shown_where_one_holds_everybody_else() -> None:
    scores = [30 + place for place in range(15)] + [80]
    problem = make_problem(scores, {})
    assert protect(problem).details[WHOLE] is Detail.MEAN
    assert protect(make_problem([*scores, 81, 82], {})).details[WHOLE] is Detail.BANDS


def test_bands_of_what_is_left_are_not_told_either() -> None:
    """Everybody's bands and the north's: the difference is the south, all in one band."""
    scores = [20, 40, 60, 80] * 5 + [30 + place for place in range(12)]
    problem = make_problem(scores, {"side": ["north"] * 20 + ["south"] * 12})
    kept = protect(problem).details
    assert kept[Key("side", "south")] <= Detail.MEAN
    assert min(kept[WHOLE], kept[Key("side", "north")]) <= Detail.MEAN


def test_a_cut_in_two_ways_is_closed_along_both() -> None:
    scores = [Fraction(10 + (place * 13) % 80) for place in range(60)]
    rows = ["a" if place < 30 else "b" for place in range(60)]
    columns = ["x" if place % 30 < 24 else "y" for place in range(60)]
    one_way = make_problem(scores, {"row": rows, "column": columns})
    pairs = sorted(set(zip(rows, columns, strict=True)))
    cells = tuple(
        Cell(
            Key("row×column", f"{row}×{column}"),
            tuple(p for p in range(60) if (rows[p], columns[p]) == (row, column)),
        )
        for row, column in pairs
    )
    inner = {each: Key("row×column", f"{each[0]}×{each[1]}") for each in pairs}
    partitions = (
        *(Partition(Key("row", row), tuple(inner[each] for each in pairs if each[0] == row)) for row in "ab"),
        *(
            Partition(Key("column", column), tuple(inner[each] for each in pairs if each[1] == column))
            for column in "xy"
        ),
    )
    problem = Problem(
        one_way.rules, one_way.units, one_way.cells + cells, one_way.partitions + partitions, one_way.insiders
    )
    kept = protect(problem).details
    assert kept[inner["a", "y"]] is kept[inner["b", "y"]] is Detail.WITHHELD  # six each
    assert kept[inner["a", "x"]] is kept[inner["b", "x"]] is Detail.WITHHELD  # or the six were the difference
    assert kept[Key("row", "a")] > Detail.WITHHELD
    assert not audit(problem, kept)


def test_nothing_is_shown_of_fewer_than_the_threshold_whoever_looks() -> None:
    assert protect(make_problem(list(range(20, 30)), {}, [NOBODY])).details[WHOLE] > Detail.WITHHELD
    assert protect(make_problem(list(range(20, 30)), {})).details[WHOLE] is Detail.WITHHELD  # each knows one of them
    assert protect(make_problem(list(range(20, 29)), {}, [NOBODY])).details[WHOLE] is Detail.WITHHELD
    assert protect(make_problem([], {}, [NOBODY])).details[WHOLE] is Detail.WITHHELD


def test_a_steady_quartile_tells_of_its_neighbours_as_well() -> None:
    """One insider knows seven at the lower end and seven at the upper: of the others, the middle is known closely."""
    scores = [0] * 7 + [100] * 7 + [48 + place % 5 for place in range(20)] + [10 * (place % 10) for place in range(40)]
    cuts = {"peers": ["1"] * 34 + ["2"] * 40}
    insider = frozenset(range(14))
    problem = make_problem(scores, cuts, [insider])
    shown = {WHOLE: Detail.BANDS, Key("peers", "1"): Detail.STEADY_QUARTILES, Key("peers", "2"): Detail.BANDS}
    found = audit(problem, shown)
    assert found is not None
    assert set(found.units) <= set(range(14, 34))
    assert not audit(problem, {**shown, Key("peers", "1"): Detail.MEAN})
