"""Groups of places that are most alike, fixed for a release: from the nearest neighbours of areas. Pure.

Two areas are linked where one is among the nearest neighbours of the other. A link that holds in both directions is
closer than any that holds in one; then the one with the lower ranks together is. Each area begins as a group. As long
as a group has too few partnerships, the one with the fewest is put to the group that it has the closest link with;
where it has none, to the one with the fewest of the others. What is equal is decided by the codes of the areas.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.domain.areas import AreaRecord, find_current

Place = TypeVar("Place", bound=Hashable)


def find_least(threshold: int) -> int:
    """Give how many partnerships a group has at least: half as many again as a figure needs, as not all will answer."""
    return threshold + threshold // 2


@dataclass(frozen=True, slots=True, order=True)
class _Link:
    """How close two areas are: the least is the closest."""

    is_one_sided: bool
    ranks: int
    one: str
    other: str

    def leaves(self, codes: frozenset[str]) -> bool:
        """Say whether it leads out of a group."""
        return (self.one in codes) is not (self.other in codes)


def group_peers(
    areas: Mapping[Place, str], neighbours: Mapping[str, Sequence[str]], least: int
) -> tuple[frozenset[Place], ...]:
    """Divide places by the area that each is in: every place is in one group, and each group has at least so many.

    Where there are not as many, all are in one. `neighbours` is code -> codes, the nearest first. The groups come in
    the order of the lowest code of each.
    """
    places: dict[str, set[Place]] = {}
    for place, code in areas.items():
        places.setdefault(code, set()).add(place)
    links = _list_links(neighbours, places.keys())
    groups = [frozenset({code}) for code in sorted(places)]

    def measure(group: frozenset[str]) -> tuple[int, str]:
        return sum(len(places[code]) for code in group), min(group)

    while len(groups) > 1:
        smallest = min(groups, key=measure)
        if measure(smallest)[0] >= least:
            break
        others = [group for group in groups if group is not smallest]
        closest = min((link for link in links if link.leaves(smallest)), default=None)
        joined = (
            next(group for group in others if closest.one in group or closest.other in group)
            if closest
            else min(others, key=measure)
        )
        groups = [group for group in others if group is not joined] + [smallest | joined]
    return tuple(frozenset().union(*(places[code] for code in group)) for group in sorted(groups, key=min))


def find_heirs(neighbours: Mapping[str, Sequence[str]], areas: Iterable[AreaRecord]) -> dict[str, tuple[str, ...]]:
    """Let the areas of today stand for those that are retired; where one has neighbours of its own, these hold."""
    successors = {area.code: area.successors for area in areas if area.successors}
    found: dict[str, tuple[str, ...]] = {}
    for code in sorted(neighbours, key=lambda each: (each in successors, each)):
        heirs = dict.fromkeys(heir for each in neighbours[code] for heir in find_current(each, successors))
        for current in find_current(code, successors):
            found.setdefault(current, tuple(heir for heir in heirs if heir != current))
    return found


def _list_links(neighbours: Mapping[str, Sequence[str]], codes: Iterable[str]) -> tuple[_Link, ...]:
    known = set(codes)
    ranks = {
        (code, other): rank
        for code in known
        for rank, other in enumerate(neighbours.get(code, ()), start=1)
        if other in known and other != code
    }
    return tuple(
        _Link((other, code) not in ranks, rank + ranks.get((other, code), 0), *sorted((code, other)))
        for (code, other), rank in ranks.items()
    )
