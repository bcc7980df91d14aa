"""What a learning library says of its framework and questionnaires, checked on the tree."""

from collections.abc import Collection, Iterator
from typing import Final

from app.catalogue.faults import shown, suggest
from app.catalogue.framework_checks import FrameworkNames
from app.catalogue.references import check_each_known, check_known, check_unique
from app.catalogue.tree import Spot
from app.domain.learning import ResourceStatus

ENDED: Final = ResourceStatus.ENDED.value


def check_learning(root: Spot, names: FrameworkNames | None, questions: Collection[str]) -> None:
    """Add every fault of reference, and every enabler and band without a learning point for all of its questions."""
    resources = {resource_id: r for r in root.mappings("resources") if (resource_id := r.word("id")) is not None}
    rings = _find_rings(resources)
    points = list(root.mappings("points"))
    check_unique(root.mappings("resources"), "resources")
    check_unique(points, "points")
    for resource in root.mappings("resources"):
        check_each_known(resource, "enablers", () if names is None else names.enablers, "enabler of the framework")
        _check_resource(resource, resources, rings)
    for point in points:
        _check_point(point, names, resources)
        check_each_known(point, "questions", questions, "question of any questionnaire of the framework")
    if names is not None:
        for enabler, band in _find_uncovered(points, names):
            if root.faults.full:
                break
            root.fault_at_key(
                "points", f"hold none for enabler {shown(enabler)} in band {shown(band)} without questions; add one"
            )


def _check_resource(resource: Spot, resources: dict[str, Spot], rings: Collection[str]) -> None:
    if resource.word("status") == ENDED and resource.node.get("note") is None:
        resource.fault("status", "is ended, but there is no “note”; add one that says what became of it")
    successor = resource.word("successor")
    if successor is None:
        return
    if successor not in resources:
        resource.fault(
            "successor", f"{shown(successor)} is no resource of this library; {suggest(successor, resources)}"
        )
    elif resource.word("id") in rings:
        resource.fault("successor", f"{shown(successor)} leads back to this resource; name one that is still there")


def _find_rings(resources: dict[str, Spot]) -> set[str]:
    """Give the resources from which following successors comes back to them. Each is walked over once."""
    rings: set[str] = set()
    seen: set[str] = set()
    for start in resources:
        line: list[str] = []
        current: str | None = start
        while current in resources and current not in seen:
            line.append(current)
            seen.add(current)
            current = resources[current].word("successor")
        if current in line:
            rings.update(line[line.index(current) :])
    return rings


def _check_point(point: Spot, names: FrameworkNames | None, resources: Collection[str]) -> None:
    if names is not None:
        check_known(point, "enabler", names.enablers, "enabler of the framework")
        check_each_known(point, "bands", names.bands, "band of the framework")
    for index, resource in point.words("resources"):
        if resource not in resources:
            point.fault(
                "resources", f"{shown(resource)} is no resource of this library; {suggest(resource, resources)}", index
            )


def _find_uncovered(points: list[Spot], names: FrameworkNames) -> Iterator[tuple[str, str]]:
    covered = {
        (point.word("enabler"), band)
        for point in points
        if not list(point.items("questions"))
        for _, band in point.words("bands")
    }
    return ((enabler, band) for enabler in names.enablers for band in names.bands if (enabler, band) not in covered)
