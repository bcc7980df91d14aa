"""What the kinds of barrier of a framework say of it and of its learning library, checked on the tree."""

from collections.abc import Collection

from app.catalogue.faults import shown, suggest
from app.catalogue.framework_checks import FrameworkNames
from app.catalogue.references import check_known, check_unique
from app.catalogue.tree import Spot


def check_barriers(root: Spot, names: FrameworkNames | None, resources: Collection[str] | None) -> None:
    """Add every fault of reference: each enabler is asked about once, each kind's id is there once.

    `resources` are the ids of the learning library beside it; `None` where it cannot be read, and nothing is held
    against the file.
    """
    asked = list(root.mappings("enablers"))
    check_unique([kind for each in asked for kind in each.mappings("kinds")], "kinds")
    first: dict[str, int] = {}
    for each in asked:
        if names is not None:
            check_known(each, "enabler", names.enablers, "enabler of the framework")
        _check_once(each, first)
        for kind in each.mappings("kinds"):
            _check_resources(kind, resources)
    if names is not None:
        for enabler in names.enablers:
            if enabler not in first and not root.faults.full:
                root.fault_at_key("enablers", f"ask nothing about {shown(enabler)}; add it")


def _check_once(each: Spot, first: dict[str, int]) -> None:
    enabler = each.word("enabler")
    if enabler is None:
        return
    if enabler in first:
        each.fault("enabler", f"{shown(enabler)} is asked about on line {first[enabler]} already; join the two")
    first.setdefault(enabler, each.node.place_of("enabler")[0])


def _check_resources(kind: Spot, resources: Collection[str] | None) -> None:
    if resources is None:
        return
    for index, resource in kind.words("resources"):
        if resource not in resources and not kind.faults.full:
            words = f"{shown(resource)} is no resource of the learning library; {suggest(resource, resources)}"
            kind.fault("resources", words, index)
