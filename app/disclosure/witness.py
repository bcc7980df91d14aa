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
from fractions import Fraction
from itertools import product
from math import floor
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.optimize import linprog

from app.disclosure.figures import HALF, QUARTERS, publish_quartiles
from app.disclosure.problem import HIGHEST, Detail, Floats, Mask, Problem

DIVISIONS: Final = (2,) * 6 + (3, 3, 3, 4, 4, 4)
"""Into how many groups units are divided, again and again, so that every insider knows nobody of some of them."""
MARGIN: Final = 1e-6
"""Points. How far inside its rounding a figure has to stay, against the rounding of the machine."""
SLACK: Final = 1e-9
"""By how much figures may miss their bounds, in points or in sums of points: rounding of the machine, too."""
TOUCH: Final = 1e-11
"""Of the largest product: what is added to the diagonal where sums are kept."""
LEAST_MOVE: Final = 1e-6
"""Where a unit moves by a smaller share of what is asked once sums are kept, it counts as held in its place."""
FURTHER: Final = (MARGIN, 3.0)
"""How much further than it must a unit is moved."""
MOST_TRIES: Final = 40_000
"""Projections against single insiders, divided by the number of units: what is not settled by then stays unproven."""
MOST_PROGRAMMES: Final = 4_000
"""Linear programmes, so divided."""
PARTNERS: Final = 4
"""With how many others a unit is tried to change places."""
MOST_SOLVED: Final = 10
"""Where more units than this are left with an insider, less has to be shown anyhow, and programmes are not tried."""


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
    """Of each, its place in the order, from 0."""
    nexts: NDArray[np.intp]
    """The place of the other that it is made from."""
    looked_at: list[int]
    """All these places, each once."""
    shares: Floats
    """How far of the way to the next one it lies."""
    least: Floats
    most: Floats

    def read(self, worlds: Floats) -> Floats:
        """Give the quartiles in each set of scores: world × quartile."""
        ordered = np.partition(worlds[:, self.members], self.looked_at, axis=1)
        lower, upper = ordered[:, self.places], ordered[:, self.nexts]
        return np.asarray(lower + self.shares * (upper - lower))

    def are_same(self, worlds: Floats) -> Mask:
        """Say for each set of scores whether they would be published the same."""
        found = self.read(worlds)
        return np.asarray(((found >= self.least - SLACK) & (found <= self.most + SLACK)).all(axis=1))


class Figures:
    """What is published, as bounds that another set of scores has to keep for nobody to notice."""

    def __init__(self, problem: Problem, told: Sequence[Told], known: "_Bounds | None" = None) -> None:
        """Work out the bounds from the scores as they are, but for those of quartiles that are `known` of this problem.

        What is worked out is known afterwards.
        """
        known = {} if known is None else known
        scores = problem.scores
        self.rows = np.array([problem.mask(each.members) for each in told]).astype(float)
        counts, sums = self.rows.sum(axis=1), self.rows @ scores
        exact = [sum((problem.units[place].score for place in each.members), Fraction(0)) for each in told]
        shown = np.array([floor(sum_ / len(each.members) + HALF) for sum_, each in zip(exact, told, strict=True)])
        self.least_sums = np.minimum((shown - 0.5) * counts + MARGIN, sums)
        self.most_sums = np.maximum((shown + 0.5) * counts - MARGIN, sums)
        for each in told:
            if each not in known:
                known[each] = _bound_quartiles(problem, each)
        self.quartiles = [
            quartiles._replace(cell=cell) for cell, each in enumerate(told) if (quartiles := known[each]) is not None
        ]
        """Those that told worlds apart last are first: they tend to tell the next ones apart, too."""
        banded = np.zeros(len(scores), dtype=bool)
        for each in told:
            if each.detail >= Detail.BANDS:
                banded[list(each.members)] = True
        units = problem.units
        floors = np.array([float(max(unit.least, unit.lowest if banded[i] else 0)) for i, unit in enumerate(units)])
        ends = np.array([float(min(unit.most, unit.highest if banded[i] else HIGHEST)) for i, unit in enumerate(units)])
        self.least = np.minimum(floors, scores)
        self.most = np.maximum(np.where(ends >= HIGHEST, HIGHEST, ends - MARGIN), scores)

    def are_same(self, worlds: Floats) -> Mask:
        """Say for each set of scores, world × unit, whether all that is published is the same in it."""
        same = ((worlds >= self.least - SLACK) & (worlds <= self.most + SLACK)).all(axis=1)
        left, moved = np.flatnonzero(same), list[int]()
        sums = worlds[left] @ self.rows.T
        left = left[((sums >= self.least_sums - SLACK) & (sums <= self.most_sums + SLACK)).all(axis=1)]
        for place, quartiles in enumerate(self.quartiles):
            if not left.size:
                break
            kept = quartiles.are_same(worlds[left])
            if not kept.all():
                left = left[kept]
                moved.append(place)
        for place in moved:
            self.quartiles.insert(0, self.quartiles.pop(place))
        same[:] = False
        same[left] = True
        return np.asarray(same)

    def find_changed(self, worlds: Floats) -> Mask:
        """Say of which cells the quartiles change in each set of scores: those of `quartiles` × world."""
        changed = [~quartiles.are_same(worlds) for quartiles in self.quartiles]
        return np.array(changed, dtype=bool).reshape(-1, len(worlds))


def _bound_quartiles(problem: Problem, told: Told) -> _Quartiles | None:
    members, step = told.members, problem.rules.quartile_step
    published = publish_quartiles([problem.units[place].score for place in members], told.detail, step)
    last = len(members) - 1
    # That a quartile is steady is known as well: the places before and after it read the same.
    shifts = (-1, 0, 1) if told.detail is Detail.STEADY_QUARTILES else (0,)
    found = [
        (last * quarter + shift, shown)
        for quarter, shown in zip(QUARTERS, published, strict=True)
        if shown is not None
        for shift in shifts
        if 0 <= last * quarter + shift <= last
    ]
    if not found:
        return None
    positions = np.array([float(position) for position, _ in found])
    shown = np.array([float(shown) for _, shown in found])
    places = np.floor(positions).astype(np.intp)
    nexts = np.minimum(places + 1, last)
    looked_at = sorted({*places.tolist(), *nexts.tolist()})
    none_yet = np.zeros(len(found)), np.full(len(found), float(HIGHEST))  # the exact ones have to be read before
    quartiles = _Quartiles(0, np.array(members), places, nexts, looked_at, positions - places, *none_yet)
    exact = quartiles.read(problem.scores[None, :])[0]
    return quartiles._replace(
        least=np.minimum(shown - step / 2 + MARGIN, exact), most=np.maximum(shown + step / 2 - MARGIN, exact)
    )


_Bounds = dict[Told, _Quartiles | None]
"""What is told of a cell -> where its quartiles have to stay."""


class Memory:
    """What was proven of a problem. It holds on when less is told: every witness has then fewer figures to keep."""

    def __init__(self, problem: Problem) -> None:
        """Divide the units into groups; nothing is proven yet."""
        size = len(problem.units)
        chance = np.random.default_rng(0)  # the same problem has the same answer
        orders = [(parts, chance.permutation(size)) for parts in DIVISIONS]
        self.groups = [order % parts == part for parts, order in orders for part in range(parts)]
        self.by_group = np.zeros((len(self.groups), size), dtype=bool)
        """Group × unit: whether there is a witness in which only the group moves beside it."""
        self.bounds: _Bounds = {}
        self.by_insider = np.zeros(problem.known.shape, dtype=bool)
        """Insider × unit: whether there is a witness against that insider alone."""

    def forget(self) -> None:
        """Forget what was proven, where something is told that was not before."""
        self.by_group[:] = False
        self.by_insider[:] = False


def find_unproven(problem: Problem, told: Sequence[Told], memory: Memory) -> dict[int, frozenset[int]]:
    """Give the units that could not be shown to be safe from everybody, whatever they know.

    With each, the places among what is told of cells whose quartiles stood in the way; none where it was not quartiles.
    What is proven is added to the memory.
    """
    return _Search(problem, Figures(problem, told, memory.bounds), memory).find_unproven() if told else {}


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

    def find_unproven(self) -> dict[int, frozenset[int]]:
        """Give the units without a witness against some insider, and the cells whose quartiles stood in the way."""
        found: dict[int, frozenset[int]] = {}
        left = self._prove_in_groups()
        known = self.problem.known
        for row in np.argsort(-known.sum(axis=1), kind="stable"):  # what holds against one holds against who knows less
            insider = known[row]
            left[:, list(found)] = False
            places = np.flatnonzero(left[row])
            if not places.size:
                continue
            if not self.tries_left:  # whatever is not settled by now stays so, against whomever
                untried = np.flatnonzero(left.any(axis=0))
                return found | dict(zip(untried.tolist(), self._find_blame(untried, ~insider), strict=True))
            unproven = self._find_against(insider, places)
            proven = np.setdiff1d(places, unproven)
            fewer = np.flatnonzero(~(known & ~insider).any(axis=1))
            self.memory.by_insider[np.ix_(fewer, proven)] = True
            left[np.ix_(fewer, places)] = False
            if unproven.size:
                found |= dict(zip(unproven.tolist(), self._find_blame(unproven, ~insider), strict=True))
        return found

    def _prove_in_groups(self) -> Mask:
        """Give what has no witness in a group of which the insider knows nobody: insider × unit."""
        known, memory = self.problem.known, self.memory
        left = np.asarray(~known & ~memory.by_insider)
        for number, group in enumerate(memory.groups):
            strangers = ~(known & group).any(axis=1)
            untried = left[strangers].any(axis=0) & ~memory.by_group[number]
            if untried.any():
                memory.by_group[number, untried] = self.prove(np.flatnonzero(untried), group)
            left[strangers] &= ~memory.by_group[number]
        return left

    def _find_blame(self, units: NDArray[np.intp], movers: Mask) -> list[frozenset[int]]:
        """Give for each unit the cells whose quartiles change when it moves all the same, or else all it is in."""
        both = np.minimum(self.scores - self.figures.least, self.figures.most - self.scores)
        directions, _ = project(self.figures.rows, units, np.where(movers, both, 0.0))
        step = self.problem.rules.narrowest + MARGIN
        up, down = (self.figures.find_changed(self.scores + way * step * directions) for way in (1, -1))
        cells = [each.cell for each in self.figures.quartiles]
        mine = np.array([np.isin(units, each.members) for each in self.figures.quartiles]).reshape(-1, len(units))
        fewer = np.where(down.sum(axis=0) < up.sum(axis=0), down, up)
        blamed = np.where(fewer.any(axis=0), fewer, mine)
        return [frozenset(cell for cell, is_blamed in zip(cells, each, strict=True) if is_blamed) for each in blamed.T]

    def _find_against(self, insider: Mask, units: NDArray[np.intp]) -> NDArray[np.intp]:
        """Give those of some units that have no witness against an insider."""
        self.tries_left -= 1
        movers = ~insider
        left = units[~self.prove(units, movers)]
        left = left[~self._can_swap_nearly(left, movers)]
        if len(left) > MOST_SOLVED:
            return left
        return np.array([unit for unit in left if not self._solve(int(unit), movers)], dtype=np.intp)

    def prove(self, units: NDArray[np.intp], movers: Mask) -> Mask:
        """Say for which of some units there is a witness in which, beside them, only movers move."""
        done = self._can_swap(units, movers)
        below, above = self.scores - self.figures.least, self.figures.most - self.scores
        for room, ways in ((np.minimum(below, above), (1, -1)), (below, (1,)), (above, (-1,))):
            left = np.flatnonzero(~done)
            if not left.size:
                break
            directions, can_move = project(self.figures.rows, units[left], np.where(movers, room, 0.0))
            for way, points in product(ways, FURTHER):
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

    def _can_swap_nearly(self, units: NDArray[np.intp], movers: Mask) -> Mask:
        """Say which units could have changed places with one in nearly the same cells, while others make up for it.

        So quartiles of what both are in stay, where moving the unit alone would take it across one.
        """
        if not units.size:
            return np.zeros(0, dtype=bool)
        figures, scores = self.figures, self.scores
        can = np.abs(scores[units][:, None] - scores) >= self.problem.rules.narrowest
        can &= movers & (scores >= figures.least[units][:, None]) & (scores <= figures.most[units][:, None])
        can &= (scores[units][:, None] >= figures.least) & (scores[units][:, None] <= figures.most)
        differing = np.abs(figures.rows[:, units, None] - figures.rows[:, None, :]).sum(axis=0)
        differing[~can] = np.inf
        partners = np.argsort(differing, axis=1, kind="stable")[:, :PARTNERS]
        places = np.repeat(units, partners.shape[1])
        others = partners.reshape(-1)
        worlds = np.tile(scores, (len(places), 1))
        turns = np.arange(len(places))
        worlds[turns, places], worlds[turns, others] = scores[others], scores[places]
        room = np.where(movers, np.minimum(scores - figures.least, figures.most - scores), 0.0)
        worlds += make_up_for(figures.rows, room, (worlds - scores) @ figures.rows.T)
        moved = np.abs(worlds[turns, places] - scores[places]) >= self.problem.rules.narrowest
        allowed = np.take_along_axis(can, partners, axis=1).reshape(-1)
        found = allowed & moved & figures.are_same(worlds)
        return np.asarray(found.reshape(len(units), -1).any(axis=1))

    def _solve(self, unit: int, movers: Mask) -> bool:
        """Look for a witness by linear programme, in which nobody crosses a quartile of theirs."""
        figures = self.figures
        moves = [self.scores[unit] + way * (self.problem.rules.narrowest + MARGIN) for way in (1, -1)]
        moves = [moved for moved in moves if figures.least[unit] <= moved <= figures.most[unit]]
        if not moves or not self.programmes_left:
            return False
        least, most = figures.least.copy(), figures.most.copy()
        for quartiles in figures.quartiles:
            _keep_order(self.scores, quartiles, least, most, unit)
        least[~movers] = most[~movers] = self.scores[~movers]
        for moved in moves[: self.programmes_left]:
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


def make_up_for(rows: Floats, room: Floats, changes: Floats) -> Floats:
    """Give how all make up for changes of the sums, change × row -> change × unit: who has more room moves more.

    The least sum of squares of moves over room. Where sums depend on one another a touch on the diagonal decides; it
    leaves what nobody has room for as it is, and changes a sum by far less than rounding hides.
    """
    weighted = rows * room**2
    products = weighted @ rows.T
    size = float(products.diagonal().max(initial=0.0))
    if not size:
        return np.zeros((len(changes), rows.shape[1]))
    products.flat[:: len(rows) + 1] += TOUCH * size
    shares = cho_solve(cho_factor(products, check_finite=False), changes.T, check_finite=False)
    return np.asarray(-(shares.T @ weighted))


def project(rows: Floats, units: NDArray[np.intp], room: Floats) -> tuple[Floats, Mask]:
    """Give for each unit how all move when it moves by one and the others make up for it, so that no sum changes."""
    directions = make_up_for(rows, room, rows[:, units].T)
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
