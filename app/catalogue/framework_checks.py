"""What the parts of a framework say of each other, checked on the tree, so that one fault does not hide another."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from app.catalogue.faults import shown
from app.catalogue.references import check_known, check_unique
from app.catalogue.tree import Spot
from app.domain.questionnaire import RESERVED_CHOICES

_HIGHEST: Final = 100


@dataclass(frozen=True, slots=True)
class FrameworkNames:
    """The ids of a framework, in order, read leniently. Where a collection is empty nothing is held against it.

    They are keys of mappings: every word of a questionnaire is looked up in one.
    """

    id: str | None
    enablers: Collection[str]
    scales: Mapping[str, Collection[str]]
    """Scale id -> its level ids in order; empty where a level has none."""
    bands: Collection[str]
    checklist: Collection[str]
    evidence: Collection[str]


def read_names(root: Spot) -> FrameworkNames:
    """Give the names that questionnaires and learning libraries may use."""
    return FrameworkNames(
        id=root.word("id"),
        enablers=_ids(root.mappings("enablers")),
        scales={
            scale_id: _level_ids(scale)
            for scale in root.mappings("scales")
            if (scale_id := scale.word("id")) is not None
        },
        bands=_ids(root.mappings("bands")),
        checklist=_ids(root.mappings("checklist")),
        evidence=_ids(root.mappings("evidence")),
    )


def _ids(parts: Iterable[Spot]) -> Collection[str]:
    return dict.fromkeys(part_id for part in parts if (part_id := part.word("id")) is not None).keys()


def _level_ids(scale: Spot) -> Collection[str]:
    levels = list(scale.mappings("levels"))
    known = len(levels) == len(list(scale.items("levels"))) and all(level.word("id") is not None for level in levels)
    return _ids(levels) if known else ()


def check_framework(root: Spot) -> None:
    """Add every fault of what a framework's parts say of each other."""
    for key in ("enablers", "scales", "bands", "checklist", "evidence"):
        check_unique(root.mappings(key), key)
    for scale in root.mappings("scales"):
        _check_scale(scale)
    _check_bands(root)
    _check_rules(root)


def _check_scale(scale: Spot) -> None:
    levels = list(scale.mappings("levels"))
    check_unique(levels, "levels")
    for level in levels:
        level_id = level.word("id")
        if level_id in RESERVED_CHOICES:
            level.fault("id", f"{shown(level_id)} is an answer that every question takes; give the level another id")
    _check_rising(levels, "points")


def _check_rising(parts: Iterable[Spot], key: str) -> None:
    """Add a fault for every number that is not above the one before."""
    before = None
    for part in parts:
        value = part.number(key)
        if value is None:
            continue
        if before is not None and value <= before:
            part.fault(key, f"is {shown(value)}, not above {shown(before)} before it; raise it, or reorder the list")
        before = value


def _check_bands(root: Spot) -> None:
    bands = list(root.mappings("bands"))
    start = bands[0].number("from") if bands else None
    if start:
        bands[0].fault("from", f"is {shown(start)}; the first band starts from 0")
    _check_rising(bands, "from")


def _check_rules(root: Spot) -> None:
    rules = root.mapping("rules")
    if rules is None:
        return
    check_known(rules, "critical_cap", _ids(root.mappings("bands")), "band of the framework")
    provisional, full = rules.number("provisional_coverage"), rules.number("full_coverage")
    if provisional is not None and full is not None and 0 <= full < provisional <= _HIGHEST:
        rules.fault("provisional_coverage", f"is {shown(provisional)}, above full_coverage {shown(full)}; lower it")
