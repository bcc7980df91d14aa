"""What organisations say of points and resources of the learning library: that they used them, and that it helped.

One mark of an organisation on each, which can be changed. What many found helpful rises in its list. No single mark may
be read off: numbers count in whole steps of the threshold, so below it nothing is shown and nothing moves.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from app.domain.learning import LearningLibrary, LearningPoint
from app.domain.round_plans import is_threshold
from app.domain.rounds import DEFAULT_THRESHOLD

SHOWN_FROM: Final = DEFAULT_THRESHOLD
"""Organisations. With fewer nothing is shown; no threshold under `LEAST_THRESHOLD` is taken."""


class ItemKind(StrEnum):
    """What can be marked."""

    POINT = "point"
    RESOURCE = "resource"


class Item(NamedTuple):
    """One point or resource of a library."""

    kind: ItemKind
    id: str


class Mark(StrEnum):
    """What an organisation says of it; nothing where it has not used it."""

    USED = "used"
    HELPFUL = "helpful"
    """Used, and it helped."""


@dataclass(frozen=True, slots=True)
class MarkCount:
    """How many organisations have marked an item: never to be shown as it is."""

    used: int
    """Those that found it helpful included."""
    helpful: int


@dataclass(frozen=True, slots=True)
class ShownCount:
    """What may be shown of it: “at least” so many, in whole steps of the threshold; 0 for nothing."""

    used: int
    helpful: int


NOTHING: Final = ShownCount(0, 0)


def find_shown(count: MarkCount, threshold: object = SHOWN_FROM) -> ShownCount:
    """Give what may be shown of a count; nothing where the threshold is not surely one."""
    if type(threshold) is not int or not is_threshold(threshold):
        return NOTHING
    return ShownCount(count.used // threshold * threshold, count.helpful // threshold * threshold)


def list_shown(counts: Mapping[Item, MarkCount], threshold: object = SHOWN_FROM) -> dict[Item, ShownCount]:
    """Give what may be shown of each item, where that is something."""
    shown = {item: find_shown(count, threshold) for item, count in counts.items()}
    return {item: count for item, count in shown.items() if count != NOTHING}


def raise_helpful(library: LearningLibrary, shown: Mapping[Item, ShownCount]) -> LearningLibrary:
    """Let the points, and the resources of each point, that were helpful to more organisations come first.

    It goes by what may be shown alone, so that the order tells no more than the numbers; ties keep the file's order.
    """

    def helpful(kind: ItemKind, item_id: str) -> int:
        return shown.get(Item(kind, item_id), NOTHING).helpful

    def with_resources(point: LearningPoint) -> LearningPoint:
        ordered = sorted(point.resources, key=lambda each: -helpful(ItemKind.RESOURCE, each))
        return point if tuple(ordered) == point.resources else point.model_copy(update={"resources": tuple(ordered)})

    if not shown:
        return library
    points = sorted(library.points, key=lambda each: -helpful(ItemKind.POINT, each.id))
    return library.model_copy(update={"points": tuple(map(with_resources, points))})


def has_item(library: LearningLibrary, item: Item) -> bool:
    """Say whether a library has a point or resource."""
    if item.kind is ItemKind.RESOURCE:
        return item.id in library.resources_by_id
    return any(point.id == item.id for point in library.points)
