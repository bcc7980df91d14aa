"""Primary and complementary withholding: what counts alone decide, over all cells of a measure together."""

import numpy as np

from app.disclosure.problem import WHOLE, Detail, Key, Mask, Partition, Problem, Reason

TOO_FEW = "too-few"
WOULD_TELL_ANOTHER = "would-tell-another"
ONE_BAND = "one-band"
MOST_WORTH = 2


class Decision:
    """How much of each cell is shown, while it is being decided. It only ever falls."""

    def __init__(self, problem: Problem) -> None:
        """Begin with all that is asked for."""
        self.problem = problem
        self.cells = {cell.key: cell for cell in problem.cells if not cell.is_fixed}
        self.masks: dict[Key, Mask] = {key: problem.mask(cell.members) for key, cell in self.cells.items()}
        self.details = {key: cell.detail for key, cell in self.cells.items()}
        self.reasons: dict[Key, Reason] = {}
        self.told_before = {
            cell.key: (problem.mask(cell.members), cell.detail) for cell in problem.cells if cell.is_fixed
        }
        """What earlier releases told last of each cell."""

    def lower(self, key: Key, detail: Detail, code: str, words: str) -> bool:
        """Show no more of a cell than this; say whether that changed anything."""
        if self.details[key] <= detail:
            return False
        self.details[key] = detail
        self.reasons[key] = Reason(code, words)
        return True

    def size(self, key: Key) -> int:
        """How many units a cell has."""
        return len(self.cells[key].members)

    def worth(self, key: Key) -> int:
        """How late a cell goes, where one of several must; the whole last."""
        return MOST_WORTH if key == WHOLE else self.cells[key].worth

    def shown(self, least: Detail = Detail.MEAN) -> list[Key]:
        """The cells that show at least so much, the smallest first."""
        return sorted(
            (key for key, detail in self.details.items() if detail >= least), key=lambda key: (self.size(key), key)
        )


def withhold_few(decision: Decision) -> None:
    """Withhold cells with too few contributors, and what takes more of them than there are."""
    problem, rules = decision.problem, decision.problem.rules
    keys = list(decision.cells)
    for key, count in zip(keys, problem.count_unknown([decision.masks[key] for key in keys]), strict=True):
        size = decision.size(key)
        if count < rules.threshold:
            decision.lower(key, Detail.WITHHELD, TOO_FEW, _too_few(size, int(count), rules.threshold))
        elif count < rules.quartiles_from:
            decision.lower(key, Detail.BANDS, TOO_FEW, f"Quartiles need {rules.quartiles_from} in a cell")
        elif len(problem.units) > rules.all_quartiles_to:
            decision.details[key] = min(decision.details[key], Detail.STEADY_QUARTILES)
        if decision.details[key] >= Detail.BANDS and problem.is_of_one_band(decision.masks[key]):
            decision.lower(key, Detail.MEAN, ONE_BAND, "One band would hold everybody, so the bands are not shown")


def _too_few(size: int, count: int, threshold: int) -> str:
    if size == count:
        return f"It holds {size}, where {threshold} are needed"
    return f"It holds {count} beside those that one insider knows, where {threshold} are needed"


def withhold_complements(decision: Decision) -> None:
    """Withhold until what cells leave of those that hold them is nothing, or enough."""
    changed = True
    while changed:  # what one partition loses may leave too little of another
        changed = False
        for partition in decision.problem.partitions:
            changed |= _close(decision, partition)
        changed |= _close_nested(decision)


def _close_nested(decision: Decision) -> bool:
    """Withhold one that lies wholly inside a cell of whatever cut, and leaves too little of it; say whether any did."""
    problem = decision.problem
    for least in (Detail.MEAN, Detail.BANDS):
        shown = decision.shown(least)
        told = [decision.masks[key] for key in shown]
        told += [problem.mask(cell.members) for cell in problem.cells if cell.is_fixed and cell.detail >= least]
        if len(told) < 2:  # noqa: PLR2004 - one inside another takes two
            continue
        numbers = np.array(told).astype(np.float32)
        shared = numbers @ numbers.T
        sizes = numbers.sum(axis=1)
        for inner, outer in np.argwhere((shared == sizes[:, None]) & (sizes[:, None] < sizes[None, :])):
            if min(inner, outer) >= len(shown) or _is_safe(decision, told[outer] & ~told[inner], least):
                continue
            key = min((shown[place] for place in (inner, outer) if place < len(shown)), key=decision.worth)
            words = "It lies inside another cell, and what is left of that could be worked out, and is too little"
            return decision.lower(key, Detail(least - 1), WOULD_TELL_ANOTHER, words)
    return False


def _close(decision: Decision, partition: Partition) -> bool:
    """Withhold the smallest parts until what they leave of the whole is safe; say whether anything changed."""
    parent = partition.parent
    if decision.details.get(parent, Detail.WITHHELD) == Detail.WITHHELD:
        return False
    children = set(partition.children)
    changed = False
    for least in (Detail.MEAN, Detail.BANDS):
        if decision.details[parent] < least:
            break
        for smallest in [key for key in decision.shown(least) if key in children]:
            left = _find_left(decision, partition, least)
            if _is_safe(decision, left, least):
                break
            detail = Detail(least - 1)
            of = "all partnerships" if parent == WHOLE else "the larger group that it is part of"
            words = f"With it, what is left of {of} could be worked out, and is too little"
            changed |= decision.lower(smallest, detail, WOULD_TELL_ANOTHER, words)
    return changed


def _find_left(decision: Decision, partition: Partition, least: Detail) -> Mask:
    """Give what is left of a whole when the parts that show at least so much, now or earlier, are taken from it."""
    left = decision.masks[partition.parent].copy()
    for key in partition.children:
        if decision.details.get(key, Detail.WITHHELD) >= least:
            left &= ~decision.masks[key]
        if key in decision.told_before:
            before, detail = decision.told_before[key]
            left &= ~before | (detail < least)
    return left


def _is_safe(decision: Decision, left: Mask, least: Detail) -> bool:
    """Say whether what is left is nobody, or enough; where bands are told, it must not stand in one either."""
    problem = decision.problem
    if not left.any():
        return True
    if int(problem.count_unknown([left])[0]) < problem.rules.threshold:
        return False
    return least < Detail.BANDS or not problem.is_of_one_band(left)


def find_rows(decision: Decision, without: Key | None = None) -> Mask:
    """Give the masks of everything whose sum is told: cells that are shown, and fixed ones; each once."""
    problem = decision.problem
    masks = [decision.masks[key] for key in decision.shown() if key != without]
    masks += [problem.mask(cell.members) for cell in problem.cells if cell.is_fixed]
    if not masks:
        return np.zeros((0, len(problem.units)), dtype=bool)
    return np.asarray(np.unique(np.array(masks), axis=0))
