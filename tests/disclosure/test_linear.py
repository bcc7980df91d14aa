"""What linear algebra gives away, against the definition worked out exactly."""

from fractions import Fraction
from itertools import combinations
from random import Random

import numpy as np
import pytest

from app.disclosure.linear import find_derivable


def rank(rows: list[list[int]]) -> int:
    """Find the rank of a matrix, exactly."""
    left = [[Fraction(number) for number in row] for row in rows]
    found = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((row for row in left[found:] if row[column]), None)
        if pivot is None:
            continue
        left.remove(pivot)
        left.insert(found, pivot)
        for place in range(found + 1, len(left)):
            factor = left[place][column] / pivot[column]
            left[place] = [a - factor * b for a, b in zip(left[place], pivot, strict=True)]
        found += 1
    return found


def find_exactly(rows: list[list[int]], insider: frozenset[int]) -> set[int]:
    """Find the units of all groups of up to three of which some combination of the rows tells something alone."""
    size = len(rows[0])
    units = [unit for unit in range(size) if unit not in insider]
    found: set[int] = set()
    whole = rank([[row[unit] for unit in units] for row in rows])
    for number in (1, 2, 3):
        for group in combinations(units, number):
            rest = [unit for unit in units if unit not in group]
            if rank([[row[unit] for unit in rest] for row in rows]) < whole:
                found |= set(group)
    return found


def find(rows: list[list[int]], *insiders: frozenset[int]) -> set[int]:
    size = len(rows[0])
    known = np.zeros((len(insiders), size), dtype=bool)
    for place, insider in enumerate(insiders):
        known[place, list(insider)] = True
    return {unit for group in find_derivable(np.array(rows, dtype=bool), known) for unit in group}


def row(size: int, *members: int) -> list[int]:
    return [int(unit in members) for unit in range(size)]


NOBODY: frozenset[int] = frozenset()


@pytest.mark.parametrize(
    ("rows", "insider", "given_away"),
    [
        ([row(6, *range(6))], NOBODY, set()),
        ([row(6, *range(6)), row(6, *range(5))], NOBODY, {5}),
        ([row(6, *range(6)), row(6, *range(4))], NOBODY, {4, 5}),
        ([row(7, *range(7)), row(7, *range(4))], NOBODY, {4, 5, 6}),
        ([row(8, *range(8)), row(8, *range(4))], NOBODY, set()),
        ([row(8, *range(8)), row(8, *range(4))], frozenset({5}), {4, 6, 7}),
        # Three overlapping groups: (a+b) + (b+c) - (a+c) tells b, though no two of them differ by one.
        ([row(12, *range(8)), row(12, *range(4, 12)), row(12, 0, 1, 2, 3, 8, 9, 10, 11)], NOBODY, set()),
        ([row(3, 0, 1), row(3, 1, 2), row(3, 0, 2)], NOBODY, {0, 1, 2}),
    ],
)
def test_sums_that_differ_by_few_give_them_away(
    rows: list[list[int]], insider: frozenset[int], given_away: set[int]
) -> None:
    assert find(rows, insider) == given_away


def test_it_finds_what_the_definition_finds() -> None:
    chance = Random(3)
    away = 0
    for _ in range(300):
        size = chance.randint(5, 9)
        rows = [[chance.randint(0, 1) for _ in range(size)] for _ in range(chance.randint(1, 5))]
        insider = frozenset(chance.sample(range(size), chance.choice((0, 0, 1, 2))))
        if not any(map(any, rows)):
            continue
        exact, found = find_exactly(rows, insider), find(rows, insider)
        assert found <= exact
        assert bool(found) == bool(exact)
        away += bool(exact)
    assert 50 < away < 290
