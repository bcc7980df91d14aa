"""Rank correlations: proof that a published rho, with all cells, narrows nobody's score to less than ten points.

Whoever reads a release may know what is spent everywhere: that is public. So rho is a figure of the scores, as a mean
is, and the proof is that of `witness`: for each partnership, and whatever anybody knows, another set of scores in which
every cell reads the same, rho rounds to the same, and the score of the partnership is ten points away.

It is made in two steps. First the partnership moves: it changes places with another in the same cells, or all move a
little against it. Then others in the same cells change places until rho is as it was, which shows in no cell. What has
no such witness in the end counts as unsafe, and rho is withheld.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from app.disclosure.problem import Floats, Mask, Problem
from app.disclosure.witness import FURTHER, Figures, Told, project

NEAR: Final = 1e-6
"""Hundredths of rho; how far inside its rounding it has to stay, against the rounding of the machine."""
MOST_SWAPS: Final = 25
MOST_PARTNERS: Final = 6
SPARE: Final = 12
"""So many more units than sums move at first: the fewer a witness changes, the more insiders it serves against."""
NOISES: Final = 60
LOUD: Final = (0.02, 6.0)
"""Points; between what others are moved by at random where places changed do not suffice."""


class Ranking(NamedTuple):
    """A rho that is told, or is to be."""

    members: NDArray[np.intp]
    """Places in `Problem.units`."""
    spends: Floats
    """Of each unit of the problem, its rank of spending about the mean; 0 for those that are no members."""
    hundredths: int

    def rank(self, worlds: Floats) -> Floats:
        """Give the ranks of scores about the mean, world × unit; 0 for those that are no members."""
        found = np.zeros(worlds.shape)
        found[:, self.members] = rankdata(worlds[:, self.members], axis=1) - (len(self.members) + 1) / 2
        return found

    def find_room(self, ranks: Floats) -> tuple[Floats, Floats]:
        """Give between what the sum of products of ranks has to stay, in each world, for rho to read the same."""
        unit = np.sqrt((self.spends**2).sum() * (ranks**2).sum(axis=1)) / 100
        return (self.hundredths - 0.5 + NEAR) * unit, (self.hundredths + 0.5 - NEAR) * unit

    def are_same(self, worlds: Floats) -> Mask:
        """Say for each set of scores whether rho would be published the same."""
        ranks = self.rank(worlds)
        least, most = self.find_room(ranks)
        found = ranks @ self.spends
        return np.asarray((found >= least) & (found <= most) & (most > least))


def make_ranking(problem: Problem, members: Sequence[int], spends: Sequence[Fraction], hundredths: int) -> Ranking:
    """Put together a rho of some units, in the order of their spending."""
    order = {spend: place for place, spend in enumerate(sorted(set(spends)))}
    ranks = np.zeros(len(problem.units))
    ranks[list(members)] = rankdata([order[spend] for spend in spends]) - (len(members) + 1) / 2
    return Ranking(np.array(members, dtype=np.intp), ranks, hundredths)


def is_proven(problem: Problem, told: Sequence[Told], rankings: Sequence[Ranking]) -> bool:
    """Say whether nobody is narrowed by what cells and rankings tell together, whatever an insider knows."""
    search = _Search(problem, Figures(problem, told), rankings)
    return all(search.is_safe(unit) for unit in range(len(problem.units)))


class _Search:
    """Looks for sets of scores that read the same."""

    def __init__(self, problem: Problem, figures: Figures, rankings: Sequence[Ranking]) -> None:
        self.problem = problem
        self.figures = figures
        self.rankings = rankings
        self.scores = problem.scores
        self.chance = np.random.default_rng(0)  # the same problem has the same answer
        memberships = [np.isin(np.arange(len(self.scores)), ranking.members) for ranking in rankings]
        cells = np.unique(np.vstack([figures.rows, *memberships]), axis=1, return_inverse=True)[1].reshape(-1)
        same = np.triu(cells[:, None] == cells[None, :], k=1)
        self.kinds = np.unique(figures.rows, axis=1, return_inverse=True)[1].reshape(-1)
        """Units of the same kind are in the same cells."""
        self.pairs = np.argwhere(same)
        """Of the same kind, and in the same rankings."""

    def is_safe(self, unit: int) -> bool:
        """Say whether every insider who does not know a unit has to reckon with its score being ten points away.

        Each witness serves against all insiders who know nobody that it changes.
        """
        left = self.problem.known[~self.problem.known[:, unit]]
        while len(left):
            world = self._find(unit, ~left[-1])  # who knows most is the hardest
            if world is None:
                return False
            left = left[(left & (world != self.scores)).any(axis=1)]
        return True

    def _find(self, unit: int, movers: Mask) -> Floats | None:
        pairs = self.pairs[movers[self.pairs].all(axis=1) & (self.pairs != unit).all(axis=1)]
        worlds = chain(
            self._list_swapped(unit, movers),
            self._list_moved(unit, movers),
            self._list_moved(unit, movers, is_disturbed=True),
        )
        return next((found for world in worlds if (found := self._restore(world, pairs)) is not None), None)

    def _list_swapped(self, unit: int, movers: Mask) -> Iterator[Floats]:
        """Let a unit change places with others in the same cells, those first that change the order least."""
        far = np.abs(self.scores - self.scores[unit])
        others = np.flatnonzero((self.kinds == self.kinds[unit]) & movers & (far >= self.problem.rules.narrowest))
        apart = sum(np.abs((each.spends[others] - each.spends[unit]) * far[others]) for each in self.rankings)
        for other in others[np.argsort(apart, kind="stable")][:MOST_PARTNERS]:
            world = self.scores.copy()
            world[[unit, other]] = world[[other, unit]]
            yield world

    def _list_moved(self, unit: int, movers: Mask, *, is_disturbed: bool = False) -> Iterator[Floats]:
        """Move a unit, and others against it by as little as they can, so that no sum changes; some of them, or all."""
        few = (len(self.figures.rows) + SPARE) / len(self.scores)
        below, above = self.scores - self.figures.least, self.figures.most - self.scores
        both = np.minimum(below, above)
        for share in (few, few, 2 * few, 2 * few, 0.6, 1.0) if is_disturbed else (few, 0.6, 1.0):
            chosen = movers & (self.chance.random(len(self.scores)) < share)
            for room, way in ((below, 1), (above, -1), (both, 1), (both, -1)):
                directions, can_move = project(self.figures.rows, np.array([unit]), np.where(chosen, room, 0.0))
                if not can_move[0]:
                    continue
                steps = way * (self.problem.rules.narrowest + np.array(FURTHER))
                worlds = self.scores + steps[:, None] * directions
                if is_disturbed:
                    worlds = np.vstack([self._disturb(world, unit, chosen) for world in worlds])
                yield from worlds[self.figures.are_same(worlds)][: 2 * len(FURTHER)]

    def _disturb(self, world: Floats, unit: int, chosen: Mask) -> Floats:
        """Move others at random so that no sum changes; give the worlds, those whose rankings miss least first."""
        room = np.where(chosen, np.minimum(world - self.figures.least, self.figures.most - world).clip(0), 0.0)
        room[unit] = 0.0
        weights = (room > 0).astype(float)
        least, most = np.log(LOUD)
        loud = np.exp(self.chance.uniform(least, most, (NOISES, 1)))
        noise = self.chance.normal(0, 1, (NOISES, len(world))) * loud * weights
        rows = self.figures.rows * weights
        noise -= noise @ np.linalg.pinv(rows) @ rows
        worlds = world + noise
        return np.asarray(worlds[np.argsort(self._sum_excess(worlds), kind="stable")])

    def _sum_excess(self, worlds: Floats) -> Floats:
        """Give by how much the rankings of each world miss what they have to read."""
        excess = np.zeros(len(worlds))
        for ranking in self.rankings:
            ranks = ranking.rank(worlds)
            least, most = ranking.find_room(ranks)
            excess += _find_excess(ranks @ ranking.spends, least, most)
        return excess

    def _restore(self, world: Floats, pairs: NDArray[np.intp]) -> Floats | None:
        """Let others of the same kind change places until every rho reads as it is told; `None` where that fails."""
        world = world.copy()
        first, second = pairs[:, 0], pairs[:, 1]
        states = []
        for ranking in self.rankings:
            (ranks,) = ranking.rank(world[None, :])
            least, most = ranking.find_room(ranks[None, :])
            states.append((ranking.spends, ranks, least[0], most[0]))
        for _ in range(MOST_SWAPS):
            now = sum(_find_excess(spends @ ranks, least, most) for spends, ranks, least, most in states)
            if now == 0:
                return world if all(each.are_same(world[None, :])[0] for each in self.rankings) else None
            if not len(pairs):
                return None
            after = np.zeros(len(pairs))
            for spends, ranks, least, most in states:
                change = -(spends[first] - spends[second]) * (ranks[first] - ranks[second])
                after += _find_excess(spends @ ranks + change, least, most)
            best = int(after.argmin())
            if after[best] >= now:
                return None
            swap = pairs[best]
            world[swap] = world[swap[::-1]]
            for _, ranks, _, _ in states:
                ranks[swap] = ranks[swap[::-1]]
        return None


def _find_excess(found: Floats, least: float | Floats, most: float | Floats) -> Floats:
    """Give by how much sums of products of ranks lie outside their room; 0 for those inside."""
    return np.maximum(least - found, 0) + np.maximum(found - most, 0)
