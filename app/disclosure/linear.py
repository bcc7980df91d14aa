"""Linear algebra: whether sums that are told give away a partnership, or a group of two or three.

Every sum is taken as told exactly, which is more than rounding leaves. A group can be worked out where some combination
of the rows has nothing outside it. With N the projector onto what no row sees, that is where the part of N that belongs
to the group has determinant zero: the columns of what is left when the group is taken out then have a lower rank.
A matrix whose diagonal outweighs the rest of each row has none (Levy–Desplanques), which settles nearly every group
at once; what that does not settle is looked at one group at a time.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from app.disclosure.problem import Floats, Mask

NOTHING: Final = 1e-7
"""A determinant, of a matrix scaled to a diagonal of 1, that counts as zero: above it nothing hides in rounding."""
LARGEST_GROUP: Final = 3
"""Units. What is told must not give away the sum of so few, or fewer."""


def find_derivable(rows: Mask, known: Mask) -> Iterator[tuple[int, ...]]:
    """Give groups of at most three units whose sum can be worked out by somebody; for every such unit at least one.

    `rows`: sum × unit, what is told. `known`: insider × unit, what each insider knows by themselves.
    """
    if not rows.any():
        return
    unseen = find_unseen(rows)
    sizes = known.sum(axis=1)
    reach = find_reach(unseen, LARGEST_GROUP + int(sizes.max()))
    for insider, size in zip(known, sizes, strict=True):
        suspects = reach < LARGEST_GROUP + size - 1
        if suspects.any():
            yield from _find_for(unseen, insider, suspects)


def find_unseen(rows: Mask) -> Floats:
    """Give the projector onto the vectors that every row sends to zero: unit × unit."""
    numbers = rows.astype(float)
    _, values, directions = np.linalg.svd(numbers, full_matrices=False)
    seen = directions[values > max(numbers.shape) * np.finfo(float).eps * values.max()]
    return np.asarray(np.eye(rows.shape[1]) - seen.T @ seen)


def find_reach(unseen: Floats, most: int) -> np.ndarray:
    """Give for each unit how many others, the worst first, its diagonal outweighs; at most `most`."""
    others = np.abs(unseen)
    diagonal = others.diagonal().copy()
    np.fill_diagonal(others, 0)
    most = min(most, others.shape[1] - 1)
    if most <= 0:
        return np.where(diagonal > NOTHING, LARGEST_GROUP, -1)
    largest = -np.sort(np.partition(-others, most - 1, axis=1)[:, :most], axis=1)
    sums = np.cumsum(np.abs(largest), axis=1)
    reach = (sums < diagonal[:, None] * (1 - NOTHING)).sum(axis=1)
    reach[diagonal <= NOTHING] = -1
    # Where the diagonal outweighs all there are, more of them make no difference.
    reach[(reach == most) & (most == others.shape[1] - 1)] = others.shape[1] + LARGEST_GROUP
    return np.asarray(reach)


def _find_for(unseen: Floats, insider: Mask, suspects: Mask) -> Iterator[tuple[int, ...]]:
    """Give what one insider can work out. Every group has a suspect in it, or the insider knows one."""
    places = np.flatnonzero(~insider)
    looked_at = places if (suspects & insider).any() else np.flatnonzero(suspects & ~insider)
    if not insider.any():
        inner = np.zeros((0, unseen.shape[0]))
        factor = np.zeros((unseen.shape[0], 0))
    else:
        known = np.flatnonzero(insider)
        inner = unseen[known]
        factor = unseen[:, known] @ np.linalg.pinv(unseen[np.ix_(known, known)], rcond=NOTHING, hermitian=True)
    # What is left unseen when the insider's own columns are taken out; of the suspects' rows at first.
    rows = unseen[np.ix_(looked_at, places)] - factor[looked_at] @ inner[:, places]
    diagonal = unseen.diagonal()[looked_at] - (factor[looked_at] * inner[:, looked_at].T).sum(axis=1)
    others = np.abs(rows)
    others[np.arange(len(looked_at)), np.searchsorted(places, looked_at)] = 0
    most = min(LARGEST_GROUP - 1, others.shape[1])
    worst = np.partition(others, others.shape[1] - most, axis=1)[:, others.shape[1] - most :].sum(axis=1)
    left = looked_at[(diagonal <= NOTHING) | (worst >= diagonal * (1 - NOTHING))]
    if not left.size:
        return
    here = unseen[np.ix_(places, places)] - factor[places] @ inner[:, places]
    for unit in np.searchsorted(places, left):
        group = _find_group(here, int(unit))
        if group:
            yield tuple(sorted(int(places[each]) for each in group))


def _find_group(unseen: Floats, unit: int) -> tuple[int, ...]:
    """Find the smallest group of a unit with one or two others whose determinant is zero."""
    diagonal = unseen.diagonal()
    if diagonal[unit] <= NOTHING:
        return (unit,)
    alive = np.flatnonzero(diagonal > NOTHING)
    scale = 1 / np.sqrt(diagonal[alive])
    scaled = unseen[np.ix_(alive, alive)] * scale[:, None] * scale[None, :]
    here = int(np.flatnonzero(alive == unit)[0])
    row = scaled[here]
    pairs = 1 - row**2
    pairs[here] = 1
    if pairs.min() <= NOTHING:
        return unit, int(alive[int(pairs.argmin())])
    # The determinant of a symmetric 3 × 3 matrix with a diagonal of ones.
    triples = 1 + 2 * np.outer(row, row) * scaled - row[:, None] ** 2 - row[None, :] ** 2 - scaled**2
    np.fill_diagonal(triples, 1)
    triples[here, :] = triples[:, here] = 1
    if triples.min() > NOTHING:
        return ()
    first, second = np.unravel_index(int(triples.argmin()), triples.shape)
    return unit, int(alive[first]), int(alive[second])
