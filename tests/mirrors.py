"""The content of a release with a mirror, as it is frozen: for tests of what people read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from app.catalogue import Catalogue
from app.domain.aggregate import MeasureKind, list_measures
from app.domain.money import Money
from app.domain.releases import EVERYBODY, CellFigures, Content, MirrorFigures, MirrorRow, Table

Pair = tuple[int | None, int | None]
"""The means of departments and of places; `None` where not shown."""


def make_content(questionnaires: Catalogue, pairs: Sequence[Pair]) -> Content:
    """Make a release whose mirror shows these pairs, in the order of the shipped ones."""
    shipped = questionnaires.mirrors["reform-enablers"].pairs
    departments = questionnaires.get("departments")
    rows = tuple(
        MirrorRow(
            pair.id, str(pair.about), pair.local.question, pair.departments.question, cell(40, places), cell(12, said)
        )
        for pair, (said, places) in zip(shipped, pairs, strict=False)
    )
    closed = datetime(2026, 5, 31, 22, 59, tzinfo=UTC)
    cells: Mapping[str, CellFigures] = {row.local: row.places_say for row in rows if row.places_say}
    tables = {
        measure: Table(
            measure,
            {EVERYBODY: cells[measure.id]} if measure.kind is MeasureKind.QUESTION and measure.id in cells else {},
        )
        for measure in list_measures(questionnaires.get("local-partners"))
    }
    return Content(
        threshold=10,
        cuts={},
        tables=tables,
        gaps=(),
        barriers=(),
        asks=(),
        reach=None,
        money=Money(None, None, (), {}),
        mirror=MirrorFigures(UUID(int=7), "Departments, spring 2026", closed, departments.hash, 10, rows),
    )


def cell(count: int, mean: int | None) -> CellFigures | None:
    """Give the figures of a cell with no more than its count and mean, and all in one band but one."""
    if mean is None:
        return None
    return CellFigures(count, mean, (None, None, None), {"emerging": 1, "partly-in-place": count - 1})
