"""Intervals: proof that no partnership's score can be narrowed to less than ten points.

The proof for one partnership is a witness: another set of scores in which every published figure is the same, down to
its rounding, in which the score of this partnership is ten points away, and those an insider knows are as they are.
Who sees the figures cannot tell the two apart, so whatever interval can be found for it is at least that wide, by
whatever method.

The simplest is that two partnerships that are in the same cells change places. Most others come from one projection for
all units at once: the unit moves, and others move against it by as little as they can, in the room that their bands
leave, so that no sum changes. Where that fails, a linear programme looks for one. What has no witness in the end is
reported, and the auditor withholds more. Nothing is believed: each witness is evaluated, figure by figure.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from app.disclosure.figures import publish_quartiles
from app.disclosure.problem import Detail, Floats, Mask, Problem

DIVISIONS: Final = (2,) * 6 + (3, 3, 3, 4, 4, 4)
"""Into how many groups units are divided, again and again, so that every insider knows nobody of some of them."""
MARGIN: Final = 1e-6
"""Points. How far inside its rounding a figure has to stay, against the rounding of the machine."""
SLACK: Final = 1e-9
LEAST_MOVE: Final = 1e-6
FURTHER: Final = (MARGIN, 3.0)
"""How much further than it must a unit is moved."""
MOST_TRIES: Final = 60_000
"""Projections against single insiders, divided by the number of units: what is not settled by then stays unproven."""
MOST_PROGRAMMES: Final = 10_000
"""Linear programmes, so divided."""
LARGEST: Final = 100.0
QUARTERS: Final = (0.25, 0.5, 0.75)


class Told(NamedTuple):
    """What a cell tells: its members, and how much."""

    members: tuple[int, ...]
    detail: Detail


class _Quartiles(NamedTuple):
    """Those quartiles of a cell that are published, and between what each has to stay."""

    cell: int
    """Its place among what is told."""
    members: NDArray[np.intp]
    places: NDArray[np.intp]
    """Of each, its place in the order, from 0; the next one is the other it is made from."""
    shares: Floats
    """How far of the way to the next one it lies."""
    least: Floats
    most: Floats

    def read(self, worlds: Floats) -> Floats:
        """Give the quartiles in each set of scores: world × quartile."""
        nexts = np.minimum(self.places + 1, len(self.members) - 1)
        ordered = np.partition(worlds[:, self.members], np.unique([self.places, nexts]), axis=1)
        lower = ordered[:, self.places]
        return np.asarray(lower + self.shares * (ordered[:, nexts] - lower))

    def are_same(self, worlds: Floats) -> Mask:
        """Say for each set of scores whether they would be published the same."""
        found = self.read(worlds)
        return np.asarray(((found >= self.least - SLACK) & (found <= self.most + SLACK)).all(axis=1))


class Figures:
    """What is published, as bounds that another set of scores has to keep for nobody to notice."""

    def __init__(self, problem: Problem, told: Sequence[Told]) -> None:
        """Work out the bounds from the scores as they are."""
        scores = problem.scores
        self.rows = np.array([problem.mask(each.members) for each in told]).astype(float)
        counts, sums = self.rows.sum(axis=1), self.rows @ scores
        shown = np.floor(sums / counts + 0.5)
        self.least_sums = np.minimum((shown - 0.5) * counts + MARGIN, sums)
        self.most_sums = np.maximum((shown + 0.5) * counts - MARGIN, sums)
        self.quartiles = tuple(
            quartiles for cell, each in enumerate(told) if (quartiles := _bound_quartiles(problem, cell, each))
        )
        banded = np.zeros(len(scores), dtype=bool)
        for each in told:
            if each.detail >= Detail.BANDS:
                banded[list(each.members)] = True
        floors = np.array([float(unit.lowest) for unit in problem.units])
        ceilings = np.array([float(unit.highest) for unit in problem.units])
        ceilings = np.where(ceilings >= LARGEST, LARGEST, ceilings - MARGIN)
        self.least = np.minimum(np.where(banded, floors, 0.0), scores)
        self.most = np.maximum(np.where(banded, ceilings, LARGEST), scores)

    def are_same(self, worlds: Floats) -> Mask:
        """Say for each set of scores, world × unit, whether all that is published is the same in it."""
        same = ((worlds >= self.least - SLACK) & (worlds <= self.most + SLACK)).all(axis=1)
        sums = worlds @ self.rows.T
        same &= ((sums >= self.least_sums - SLACK) & (sums <= self.most_sums + SLACK)).all(axis=1)
        for quartiles in self.quartiles:
            left = np.flatnonzero(same)
            if not left.size:
                break
            same[left] = quartiles.are_same(worlds[left])
        return np.asarray(same)

    def find_changed(self, worlds: Floats) -> frozenset[int]:
        """Give the cells whose quartiles change in that set of scores in which the fewest do."""
        if not self.quartiles:
            return frozenset()
        changed = np.array([~quartiles.are_same(worlds) for quartiles in self.quartiles])
        world = int(changed.sum(axis=0).argmin())
        return frozenset(
            quartiles.cell for quartiles, found in zip(self.quartiles, changed[:, world], strict=True) if found
        )


def _bound_quartiles(problem: Problem, cell: int, told: Told) -> _Quartiles | None:
    members, step = told.members, problem.rules.quartile_step
    published = publish_quartiles([problem.units[place].score for place in members], told.detail, step)
    found = [(quarter, shown) for quarter, shown in zip(QUARTERS, published, strict=True) if shown is not None]
    if not found:
        return None
    positions = (len(members) - 1) * np.array([quarter for quarter, _ in found])
    shown = np.array([float(shown) for _, shown in found])
    places = np.floor(positions).astype(np.intp)
    bounds = np.zeros(len(found)), np.full(len(found), LARGEST)
    quartiles = _Quartiles(cell, np.array(members), places, positions - places, *bounds)
    exact = quartiles.read(problem.scores[None, :])[0]
    return quartiles._replace(
        least=np.minimum(shown - step / 2 + MARGIN, exact), most=np.maximum(shown + step / 2 - MARGIN, exact)
    )


class Memory:
    """What was proven of a problem. It holds on when less is shown: every witness has then fewer figures to keep."""

    def __init__(self, problem: Problem) -> None:
        """Divide the units into groups; nothing is proven yet."""
        size = len(problem.units)
        chance = np.random.default_rng(0)  # the same problem has the same answer
        orders = [(parts, chance.permutation(size)) for parts in DIVISIONS]
        self.groups = [order % parts == part for parts, order in orders for part in range(parts)]
        self.by_group = np.zeros((len(self.groups), size), dtype=bool)
        """Group × unit: whether there is a witness in which only the group moves beside it."""
        self.by_insider = np.zeros(problem.known.shape, dtype=bool)
        """Insider × unit: whether there is a witness against that insider alone."""


def find_unproven(problem: Problem, told: Sequence[Told], memory: Memory) -> dict[int, frozenset[int]]:
    """Give the units that could not be shown to be safe from everybody, whatever they know.

    With each, the places among what is told of cells whose quartiles stood in the way; none where it was not quartiles.
    What is proven is added to the memory.
    """
    return _Search(problem, Figures(problem, told), memory).find_unproven() if told else {}


class _Search:
    """Looks for witnesses for every unit against every insider."""

    def __init__(self, problem: Problem, figures: Figures, memory: Memory) -> None:
        self.problem = problem
        self.figures = figures
        self.memory = memory
        self.scores = problem.scores
        self.size = len(problem.units)
        self.tries_left = MOST_TRIES // max(self.size, 1)
        self.programmes_left = MOST_PROGRAMMES // max(self.size, 1)
        self.kinds = np.unique(figures.rows, axis=1, return_inverse=True)[1].reshape(-1)
        """Units of the same kind are in the same cells."""
        self.answers: list[dict[int, Floats]] = [{} for _ in memory.groups]
        self.tried = memory.by_group.copy()
        """Group × unit: what need not be tried again."""

    def find_unproven(self) -> dict[int, frozenset[int]]:
        """Give the units without a witness against some insider, and the cells whose quartiles stood in the way."""
        found: dict[int, frozenset[int]] = {}
        bad = np.zeros(self.size, dtype=bool)
        for row, insider in enumerate(self.problem.known):
            left = ~insider & ~bad & ~self.memory.by_insider[row]
            for number, group in enumerate(self.memory.groups):
                if not left.any():
                    break
                if not (group & insider).any():
                    left = self._prove_in_group(number, left)
            if not left.any():
                continue
            places = np.flatnonzero(left)
            unproven = self._find_against(insider, places)
            self.memory.by_insider[row, np.setdiff1d(places, unproven)] = True
            for unit in unproven:
                bad[unit] = True
                found[int(unit)] = self._find_blame(int(unit), ~insider)
        return found

    def _prove_in_group(self, number: int, left: Mask) -> Mask:
        """Give those of some units that have no witness in a group."""
        proven = self.memory.by_group[number]
        untried = np.flatnonzero(left & ~self.tried[number])
        if untried.size:
            proven[untried] = self.prove(untried, self.memory.groups[number], self.answers[number])
            self.tried[number, untried] = True
        return np.asarray(left & ~proven)

    def _find_blame(self, unit: int, movers: Mask) -> frozenset[int]:
        """Give the cells whose quartiles change when a unit is moved all the same, or else all it has a part in."""
        both = np.minimum(self.scores - self.figures.least, self.figures.most - self.scores)
        answer = find_answer(self.figures.rows, np.where(movers, both, 0.0))
        (direction,), _ = project(self.figures.rows, np.array([unit]), answer)
        step = self.problem.rules.narrowest + MARGIN
        worlds = np.array([self.scores + step * direction, self.scores - step * direction])
        mine = frozenset(each.cell for each in self.figures.quartiles if unit in each.members)
        return self.figures.find_changed(worlds) or mine

    def _find_against(self, insider: Mask, units: NDArray[np.intp]) -> NDArray[np.intp]:
        """Give those of some units that have no witness against an insider."""
        if not self.tries_left:
            return units
        self.tries_left -= 1
        movers = ~insider
        left = units[~self.prove(units, movers)]
        return np.array([unit for unit in left if not self._solve(int(unit), movers)], dtype=np.intp)

    def prove(self, units: NDArray[np.intp], movers: Mask, answers: dict[int, Floats] | None = None) -> Mask:
        """Say for which of some units there is a witness in which, beside them, only movers move.

        `answers` keeps what was worked out of the same movers.
        """
        answers = {} if answers is None else answers
        done = self._can_swap(units, movers)
        below, above = self.scores - self.figures.least, self.figures.most - self.scores
        rooms = (below, above, np.minimum(below, above))
        for room, way in ((0, 1), (1, -1), (2, 1), (2, -1)):
            left = np.flatnonzero(~done)
            if not left.size:
                break
            if room not in answers:
                answers[room] = find_answer(self.figures.rows, np.where(movers, rooms[room], 0.0))
            directions, can_move = project(self.figures.rows, units[left], answers[room])
            for points in FURTHER:
                again = np.flatnonzero(can_move & ~done[left])
                step = way * (self.problem.rules.narrowest + points)
                done[left[again]] = self.figures.are_same(self.scores + step * directions[again])
        return done

    def _can_swap(self, units: NDArray[np.intp], movers: Mask) -> Mask:
        """Say which units could have changed places with a mover: every cell has both, or neither."""
        least = np.full(int(self.kinds.max()) + 1, np.inf)
        most = np.full(len(least), -np.inf)
        np.minimum.at(least, self.kinds[movers], self.scores[movers])
        np.maximum.at(most, self.kinds[movers], self.scores[movers])
        scores, kinds = self.scores[units], self.kinds[units]
        far = self.problem.rules.narrowest
        return np.asarray((scores - least[kinds] >= far) | (most[kinds] - scores >= far))

    def _solve(self, unit: int, movers: Mask) -> bool:
        """Look for a witness by linear programme, in which nobody crosses a quartile of theirs."""
        figures = self.figures
        least, most = figures.least.copy(), figures.most.copy()
        for quartiles in figures.quartiles:
            _keep_order(self.scores, quartiles, least, most, unit)
        least[~movers] = most[~movers] = self.scores[~movers]
        for way in (1, -1):
            moved = self.scores[unit] + way * (self.problem.rules.narrowest + MARGIN)
            if not figures.least[unit] <= moved <= figures.most[unit] or not self.programmes_left:
                continue
            self.programmes_left -= 1
            low, high = least.copy(), most.copy()
            low[unit] = high[unit] = moved
            found = linprog(
                np.zeros(self.size),
                A_ub=np.vstack([figures.rows, -figures.rows]),
                b_ub=np.concatenate([figures.most_sums, -figures.least_sums]),
                bounds=np.column_stack([np.minimum(low, high), high]),
                method="highs",
            )
            if found.status == 0 and bool(figures.are_same(np.asarray(found.x)[None, :])[0]):
                return True
        return False


def find_answer(rows: Floats, room: Floats) -> Floats:
    """Give how all answer to a change of each sum, unit × row: who has more room moves more."""
    weighted = rows * room**2
    return np.asarray(weighted.T @ np.linalg.pinv(weighted @ rows.T, hermitian=True))


def project(rows: Floats, units: NDArray[np.intp], answer: Floats) -> tuple[Floats, Mask]:
    """Give for each unit how all move when it moves by one and the others answer, so that no sum changes."""
    directions = -(answer @ rows[:, units]).T
    places = np.arange(len(units))
    directions[places, units] += 1
    own = directions[places, units]
    can_move = own > LEAST_MOVE
    return directions / np.where(can_move, own, 1.0)[:, None], can_move


def _keep_order(scores: Floats, quartiles: _Quartiles, least: Floats, most: Floats, free: int) -> None:
    """Narrow the room of members so that all but the free one stay on their side of each published quartile.

    Those next to it stay where they are: so when the free one crosses, the quartile moves by one place at most.
    """
    ordered = np.sort(scores[quartiles.members])
    others = quartiles.members[quartiles.members != free]
    for place in quartiles.places:
        near = ordered[max(place - 1, 0)], ordered[min(place + 2, len(ordered) - 1)]
        pinned = others[(scores[others] >= near[0]) & (scores[others] <= near[1])]
        least[pinned] = most[pinned] = scores[pinned]
        lower, upper = others[scores[others] < near[0]], others[scores[others] > near[1]]
        most[lower] = np.minimum(most[lower], near[0])
        least[upper] = np.maximum(least[upper], near[1])
