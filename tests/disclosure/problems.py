"""Invented rounds to be protected, and an attacker who solves for single places by linear programmes."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random

import numpy as np
from scipy.optimize import linprog

from app.disclosure.figures import publish
from app.disclosure.problem import WHOLE, Cell, Detail, Key, Partition, Problem, Rules, Unit

BAND = 25
CUTS = {"type": 3, "region": 9, "size": 3, "deprivation": 5}


def make_unit(partnership: int, score: Fraction | int) -> Unit:
    """Make a unit in one of four bands of 25 points."""
    score = Fraction(score)
    floor = min(int(score // BAND), 3) * BAND
    return Unit(partnership, score, str(floor), Fraction(floor), Fraction(floor + BAND))


def make_units(scores: Sequence[int]) -> tuple[Unit, ...]:
    return tuple(make_unit(place, score) for place, score in enumerate(scores))


def make_problem(
    scores: Sequence[Fraction | int],
    cuts: Mapping[str, Sequence[str]],
    insiders: Sequence[frozenset[int]] | None = None,
    threshold: int = 10,
) -> Problem:
    """Make a problem of one-way cuts: cut -> the category of each partnership. Without insiders: each knows its own."""
    units = tuple(make_unit(place, score) for place, score in enumerate(scores))
    cells, partitions = [Cell(WHOLE, tuple(range(len(units))))], []
    for cut, categories in cuts.items():
        keys = []
        for category in sorted(set(categories)):
            members = tuple(place for place, each in enumerate(categories) if each == category)
            keys.append(Key(cut, category))
            cells.append(Cell(keys[-1], members))
        partitions.append(Partition(WHOLE, tuple(keys)))
    known = [frozenset([place]) for place in range(len(units))] if insiders is None else insiders
    return Problem(Rules(threshold), units, tuple(cells), tuple(partitions), tuple(map(frozenset, known)))


def make_round(seed: int, size: int = 40, cuts: Mapping[str, int] = CUTS) -> Problem:
    """Make a round at random: places of every kind, and some organisations that are in several partnerships."""
    chance = Random(seed)
    scores = []
    for _ in range(size):
        middle, organisations = chance.gauss(50, 18) / 25, chance.randint(2, 9)
        levels = [min(4, max(0, round(chance.gauss(middle, 0.9)))) for _ in range(6 * organisations)]
        scores.append(Fraction(25 * sum(levels), len(levels)))
    categories = {cut: [f"{cut} {chance.randint(1, number)}" for _ in range(size)] for cut, number in cuts.items()}
    insiders = [frozenset([place]) for place in range(size)]
    insiders += [frozenset(chance.sample(range(size), chance.choice((2, 2, 3)))) for _ in range(size // 3)]
    return make_problem(scores, categories, insiders)


def plain(problem: Problem) -> dict[Key, Detail]:
    """Decide as a plain threshold does: every cell that has enough contributors, whoever knows what."""
    return {
        cell.key: Detail.WITHHELD
        if len(cell.members) < problem.rules.threshold
        else Detail.QUARTILES
        if len(cell.members) >= problem.rules.quartiles_from
        else Detail.BANDS
        for cell in problem.cells
    }


def narrow(problem: Problem, details: Mapping[Key, Detail], insider: frozenset[int]) -> Iterator[tuple[int, float]]:
    """Attack: give for each partnership the width of what its score can be, from all means and empty bands together.

    Independent of the auditor: it sees what is published, and solves two linear programmes for each partnership.
    """
    size = len(problem.units)
    least, most = np.zeros(size), np.full(size, 100.0)
    rows, low, high = [], [], []
    for cell in problem.cells:
        units = [problem.units[place] for place in cell.members]
        shown = publish([unit.score for unit in units], [unit.band for unit in units], details[cell.key], problem.rules)
        if shown is None:
            continue
        row = np.zeros(size)
        row[list(cell.members)] = 1
        rows.append(row)
        low.append(shown.count * (shown.mean - 0.5))
        high.append(shown.count * (shown.mean + 0.5))
        if shown.bands is not None:
            floors = [int(band) for band in shown.bands]
            for place in cell.members:
                least[place] = max(least[place], min(floors))
                most[place] = min(most[place], max(floors) + BAND)
    for place in insider:
        least[place] = most[place] = float(problem.units[place].score)
    for place in range(size):
        if place in insider:
            continue
        goal = np.zeros(size)
        goal[place] = 1
        ends = [
            linprog(
                way * goal,
                A_ub=np.vstack([*rows, *(-row for row in rows)]) if rows else None,
                b_ub=np.array([*high, *(-each for each in low)]) if rows else None,
                bounds=np.column_stack([least, most]),
            ).fun
            * way
            for way in (1, -1)
        ]
        yield place, ends[1] - ends[0]
