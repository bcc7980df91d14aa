"""Releases of the small world, as they are frozen: without building one. They do not guess what is shown."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from app.domain.aggregate import Contribution, MeasureKind, list_measures
from app.domain.money import Money
from app.domain.questionnaire import Questionnaire
from app.domain.releases import CellFigures, CellKey, Content, Reach, Table, write_content, write_contribution
from app.services import Database
from app.store.models import Release, new_id
from tests.people import NOW, World

CUTS = {
    "area-type": ("district", "unitary"),
    "region": ("North", "South"),
    "size": ("under-150k", "150k-to-300k", "over-300k"),
    "deprivation": ("1", "2", "3", "4", "5"),
    "peers": ("1", "2"),
    "area-type×region": ("district×North",),
}


def figures(count: int, mean: int, *quartiles: int | None) -> CellFigures:
    """Make what is published of a cell."""
    lower, median, upper = quartiles or (None, None, None)
    return CellFigures(count, mean, (lower, median, upper), None)


def make_content(
    questionnaire: Questionnaire, cells: Mapping[str, CellFigures], cuts: Mapping[str, tuple[str, ...]] | None = None
) -> Content:
    """Make what is published: the same cells, such as `region|North`, of every enabler; nothing of questions."""
    shown = {CellKey.parse(key): found for key, found in cells.items()}
    return Content(
        threshold=10,
        cuts=CUTS if cuts is None else cuts,
        tables={
            measure: Table(measure, shown if measure.kind is MeasureKind.ENABLER else {})
            for measure in list_measures(questionnaire)
        },
        gaps=(),
        barriers=(),
        asks=(),
        reach=Reach(40, 52, 3, None),
        money=Money(None, None, (), {}),
    )


def add_release(
    database: Database,
    world: World,
    content: Content,
    categories: Mapping[UUID, Mapping[str, str]] | None = None,
    *,
    number: int = 1,
    publishes_at: datetime = NOW - timedelta(hours=1),
    approved: bool = True,
) -> UUID:
    """Store a release of the round: partnership -> in which category of each cut it was counted."""
    release = new_id()
    written = json.dumps(write_content(content))
    counted = [Contribution(each, found, {}, {}) for each, found in (categories or {}).items()]
    with database.writing() as session:
        session.add(
            Release(
                id=release,
                round_id=world.round,
                number=number,
                content=written,
                digest=sha256(written.encode()).hexdigest(),
                contributions=json.dumps(
                    {"partnerships": [write_contribution(each) for each in counted], "departments": []}
                ),
                audit=json.dumps({"leaks": [], "withheld": []}),
                built_at=publishes_at - timedelta(days=1),
                built_by=world.analyst.person_id,
                publishes_at=publishes_at,
                approved_at=publishes_at - timedelta(hours=1) if approved else None,
                approved_by=world.analyst.person_id if approved else None,
            )
        )
    return release
