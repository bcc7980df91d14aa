"""The auditor: withholds until what is left cannot be taken apart, and says why."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from app.disclosure.linear import find_derivable
from app.disclosure.problem import Detail, Key, Mask, Problem, Reason
from app.disclosure.withholding import Decision, find_rows, withhold_complements, withhold_few
from app.disclosure.witness import Memory, Told, find_unproven

WORKED_OUT = "could-be-worked-out"
NARROWED = "could-be-narrowed"
WORDS: Final = {
    WORKED_OUT: "The sum of three partnerships or fewer could be worked out",
    NARROWED: "It could not be shown that no score is narrowed to less than ten points",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What an audit found: units that what is shown gives away."""

    code: str
    units: Mapping[int, frozenset[Key]]
    """Unit -> cells whose quartiles stand in the way of a proof; none where it is not for quartiles."""


@dataclass(frozen=True, slots=True)
class Protection:
    """A decision that holds, with its reasons."""

    details: dict[Key, Detail]
    reasons: dict[Key, Reason]
    """Of cells that show less than was asked for."""
    remains: Finding | None
    """What could not be mended, as earlier releases may give it away by themselves; nothing new is shown then."""


def protect(problem: Problem) -> Protection:
    """Decide how much of each cell may be shown.

    Counts decide first; then everything told is audited together, and what gives somebody away is withheld, until
    nothing does.
    """
    decision = Decision(problem)
    withhold_few(decision)
    withhold_complements(decision)
    auditor = _Auditor(problem)
    while True:
        finding = auditor.find(decision)
        if finding is None or not _lower(decision, finding):
            return Protection(decision.details, decision.reasons, finding)
        withhold_complements(decision)


def withhold(problem: Problem, protection: Protection, keys: Collection[Key], reason: Reason) -> Protection:
    """Withhold further cells of a decision that holds, and what they could be worked out by.

    Nothing has to be audited anew: every witness was found with more figures to keep than are told then.
    """
    decision = Decision(problem)
    decision.details.update(protection.details)
    decision.reasons.update(protection.reasons)
    for key in keys:
        decision.lower(key, Detail.WITHHELD, reason.code, reason.words)
    withhold_complements(decision)
    return Protection(decision.details, decision.reasons, protection.remains)


def audit(problem: Problem, details: dict[Key, Detail]) -> Finding | None:
    """Look for what cells give away, with earlier releases and whatever insiders know; `None` where nothing is."""
    decision = Decision(problem)
    decision.details.update(details)
    return _Auditor(problem).find(decision)


class _Auditor:
    """Audits one problem again and again, while ever less is shown: what held once holds on."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.memory = Memory(problem)
        self.sums_hold = False
        self.with_quartiles: set[Key] = set()
        """Cells that told quartiles which need not be steady, when this was last asked."""

    def find(self, decision: Decision) -> Finding | None:
        """Find what is given away; sums first, as what they give away has no witness either and costs less to find."""
        rows = find_rows(decision)
        if not rows.any():
            return None
        if not self.sums_hold:
            groups = _find_given_away(self.problem, rows)
            if groups:
                return Finding(WORKED_OUT, dict.fromkeys(groups, frozenset()))
            self.sums_hold = True
        shown = decision.shown()
        steady = {key for key in shown if decision.details[key] is Detail.STEADY_QUARTILES}
        if steady & self.with_quartiles:  # that a quartile is steady tells of its neighbours, which it did not before
            self.memory.forget()
        self.with_quartiles = {key for key in shown if decision.details[key] is Detail.QUARTILES}
        told = [Told(decision.cells[key].members, decision.details[key]) for key in shown]
        told += [Told(cell.members, cell.detail) for cell in self.problem.cells if cell.is_fixed]
        unproven = find_unproven(self.problem, told, self.memory)
        if not unproven:
            return None
        blamed = {
            unit: frozenset(shown[place] for place in places if place < len(shown)) for unit, places in unproven.items()
        }
        return Finding(NARROWED, blamed)


def _find_given_away(problem: Problem, rows: Mask) -> frozenset[int]:
    return frozenset(unit for group in find_derivable(rows, problem.known) for unit in group)


def _lower(decision: Decision, finding: Finding) -> bool:
    """Show less of as few cells as will do; say whether anything could be."""
    left = dict(finding.units)
    changed = False
    while blamed := Counter(key for keys in left.values() for key in keys):
        key = max(blamed, key=lambda key: (blamed[key], -decision.size(key), key))
        changed |= decision.lower(key, Detail(decision.details[key] - 1), finding.code, WORDS[finding.code])
        left = {unit: keys for unit, keys in left.items() if key not in keys}
    if finding.code == WORKED_OUT:
        found = _find_key_to_withhold(decision, frozenset(finding.units))
        return found is not None and decision.lower(found, Detail.WITHHELD, finding.code, WORDS[finding.code])
    for unit in left:
        mine = [key for key in decision.shown() if decision.masks[key][unit]]
        if mine:
            fullest = max(mine, key=lambda key: decision.details[key])
            detail = Detail(decision.details[fullest] - 1)
            changed |= decision.lower(fullest, detail, finding.code, WORDS[finding.code])
    return changed


def _find_key_to_withhold(decision: Decision, units: frozenset[int]) -> Key | None:
    """Find the smallest cell without which fewer units are given away; the whole only where nothing else is left."""
    shown = sorted(decision.shown(), key=lambda key: (decision.worth(key), decision.size(key), key))
    for key in shown:
        rest = find_rows(decision, without=key)
        if len(_find_given_away(decision.problem, rest)) < len(units):
            return key
    return next(iter(shown), None)
