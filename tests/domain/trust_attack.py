"""Attackers of what is shown of trust: what somebody can conclude who knows what their own organisation said.

They know who rated whom, what is shown, the rule, and their own side of everything. A rating is given away when its
side is the same in every world that fits all this. `find_given_away` decides that exactly, for organisations that all
rated one another: it first looks for a world nearby, with up to two more ratings changed, then goes through all.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, combinations, permutations

from app.domain.trust import Returned, Sides, Standing, Trust, judge

Pair = tuple[str, str]
Limits = Mapping[str, tuple[int, int]]
"""Subject -> the least and the most raters that may rely on it."""
Rule = Callable[[Sides], Trust]


def make_names(number: int) -> tuple[str, ...]:
    return tuple(f"org-{place}" for place in range(number))


def list_pairs(names: Sequence[str]) -> tuple[Pair, ...]:
    return tuple(permutations(names, 2))


def flip(sides: Sides, *pairs: Pair) -> dict[Pair, bool]:
    return {**sides, **{pair: not sides[pair] for pair in pairs}}


def list_nearby(sides: Sides, target: Pair, insider: str) -> Iterator[Sides]:
    """Change a rating, and up to two more that the insider does not know: first those of the same subject."""
    unknown = [pair for pair in sides if pair != target and pair[0] != insider]
    unknown.sort(key=lambda pair: pair[1] != target[1])
    yield flip(sides, target)
    for others in chain(((pair,) for pair in unknown), combinations(unknown, 2)):
        yield flip(sides, target, *others)


def find_given_away(sides: Sides, insider: str, rule: Rule = judge, tries: int = 400) -> list[Pair]:
    """Give the ratings whose side the insider can tell."""
    shown = rule(sides)
    given_away = []
    for target in sides:
        if target[0] == insider:
            continue
        nearby = list_nearby(sides, target, insider)
        if any(rule(world) == shown for world, _ in zip(nearby, range(tries), strict=False)):
            continue
        if not is_possible(sides, shown, insider, target, relies=not sides[target]):
            given_away.append(target)
    return given_away


def is_possible(sides: Sides, shown: Trust, insider: str, target: Pair, *, relies: bool) -> bool:
    """Say whether there is any world in which all rate one another, and a rating has a side."""
    names = sorted({name for pair in sides for name in pair})
    known = {pair: side for pair, side in sides.items() if pair[0] == insider} | {target: relies}
    return fits(names, find_limits(shown.standings, len(names) - 1), known, shown.returned)


def find_limits(standings: Mapping[str, Standing], raters: int) -> dict[str, tuple[int, int]]:
    """Say how many of some raters may rely on each subject, given its word."""
    most = raters // 2 + 1
    limits = {
        Standing.RELIED_ON: (most, raters),
        Standing.NOT_RELIED_ON: (0, raters - most),
        Standing.DIVIDED: (raters // 2, raters // 2),
        Standing.WITHHELD: (0, raters),
    }
    return {name: limits[standing] for name, standing in standings.items()}


def fits(names: Sequence[str], limits: Limits, known: Mapping[Pair, bool], returned: Returned) -> bool:
    """Say whether a world fits the words and what is known."""
    found = find_extremes(names, limits, known)
    if found is None:
        return False
    least, greatest = found
    return {Returned.MOSTLY: greatest > 0, Returned.NOT_MOSTLY: least <= 0, Returned.WITHHELD: True}[returned]


def find_extremes(names: Sequence[str], limits: Limits, known: Mapping[Pair, bool]) -> tuple[int, int] | None:
    """Go through all worlds: the least and greatest of pairs that rely on each other less those where one does.

    One organisation after the other is paired with all that follow it, and then let go; of the worlds so far that leave
    the others with the same numbers, only the extremes matter. `None` where no world fits.
    """
    reached: dict[tuple[int, ...], tuple[int, int]] = {(0,) * len(names): (0, 0)}
    for place, name in enumerate(names):
        low, high = limits[name]
        for after in range(1, len(names) - place):
            other = names[place + after]
            cap = limits[other][1]
            there = _sides_of(known, name, other)
            back = _sides_of(known, other, name)
            following: dict[tuple[int, ...], tuple[int, int]] = {}
            for counts, (least, greatest) in reached.items():
                for gives in there:
                    if counts[after] + gives > cap:
                        continue
                    for takes in back:
                        if counts[0] + takes > high:
                            continue
                        step = (0, -1, 1)[gives + takes]
                        key = (counts[0] + takes, *counts[1:after], counts[after] + gives, *counts[after + 1 :])
                        old = following.get(key, (least + step, greatest + step))
                        following[key] = min(old[0], least + step), max(old[1], greatest + step)
            reached = following
        let_go: dict[tuple[int, ...], tuple[int, int]] = {}
        for counts, (least, greatest) in reached.items():
            if counts[0] >= low:
                old = let_go.get(counts[1:], (least, greatest))
                let_go[counts[1:]] = min(old[0], least), max(old[1], greatest)
        reached = let_go
    return reached.get(())


def _sides_of(known: Mapping[Pair, bool], rater: str, subject: str) -> tuple[int, ...]:
    side = known.get((rater, subject))
    return (0, 1) if side is None else (int(side),)
