"""What a question about trust says of its framework and of itself, checked on the tree."""

import re
from typing import Final

from app.catalogue.faults import shown
from app.catalogue.framework_checks import FrameworkNames
from app.catalogue.references import check_known, check_unique
from app.catalogue.tree import Spot

_IDENTIFIER: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
"""What organisations are known by: a subject of such a name would be taken for one."""


def check_trust(root: Spot, names: FrameworkNames | None) -> None:
    """Add every fault of reference, of ids that stand twice, and of levels out of order."""
    if names is not None:
        check_known(root, "enabler", names.enablers, "enabler of the framework")
    levels = list(root.mappings("levels"))
    subjects = list(root.mappings("subjects"))
    check_unique(levels, "levels")
    check_unique(subjects, "subjects")
    for subject in subjects:
        if _IDENTIFIER.fullmatch(word := subject.word("id") or ""):
            subject.fault("id", f"{shown(word)} looks like the id of an organisation; choose words")
    _check_sides(root, levels)


def _check_sides(root: Spot, levels: list[Spot]) -> None:
    """Add a fault unless there are levels that do not rely, and after them levels that do."""
    sides = [level.node.get("relies", False) for level in levels]
    if not all(isinstance(side, bool) for side in sides):
        return
    for before, level in zip(sides, levels[1:], strict=False):
        if before and not level.node.get("relies", False):
            level.fault(None, "does not rely, but the level before it does; put those that rely last")
            return
    if len(set(sides)) == 1:
        wanted = "false" if sides[0] else "true"
        root.fault_at_key("levels", f"are all of one side; say “relies: {wanted}” of some of them")
