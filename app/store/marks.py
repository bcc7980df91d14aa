"""What organisations say of the learning library: one mark of each on each point and resource."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.domain.learning_marks import Item, ItemKind, Mark, MarkCount
from app.store.database import insert_if_absent
from app.store.models import LearningMark

_HELPFUL: Final = func.count().filter(LearningMark.mark == Mark.HELPFUL.value)


def count_marks(session: Session, framework_id: str) -> dict[Item, MarkCount]:
    """Count the organisations that marked each item of a library. Not to be shown as it is. One statement."""
    rows = session.execute(
        select(LearningMark.kind, LearningMark.item_id, func.count().label("used"), _HELPFUL.label("helpful"))
        .where(LearningMark.framework_id == framework_id)
        .group_by(LearningMark.kind, LearningMark.item_id)
    )
    return {Item(ItemKind(row.kind), row.item_id): MarkCount(row.used, row.helpful) for row in rows}


def list_marks(session: Session, organisation_id: UUID, framework_id: str) -> dict[Item, Mark]:
    """Give the marks of an organisation on a library. One statement."""
    rows = session.execute(
        select(LearningMark.kind, LearningMark.item_id, LearningMark.mark).where(
            LearningMark.organisation_id == organisation_id, LearningMark.framework_id == framework_id
        )
    )
    return {Item(ItemKind(row.kind), row.item_id): Mark(row.mark) for row in rows}


def set_marks(
    session: Session,
    organisation_id: UUID,
    framework_id: str,
    marks: Mapping[Item, Mark | None],
    person_id: UUID,
    now: datetime,
) -> None:
    """Store the marks of an organisation; `None` takes one away."""
    for item, mark in sorted(marks.items()):
        where = (
            LearningMark.organisation_id == organisation_id,
            LearningMark.framework_id == framework_id,
            LearningMark.kind == item.kind.value,
            LearningMark.item_id == item.id,
        )
        if mark is None:
            session.execute(delete(LearningMark).where(*where))
            continue
        values = {"mark": mark.value, "marked_by": person_id, "marked_at": now}
        key = {"organisation_id": organisation_id, "framework_id": framework_id}
        added = session.scalar(
            insert_if_absent(session, LearningMark)
            .values(**key, kind=item.kind.value, item_id=item.id, **values)
            .returning(LearningMark.mark)
        )
        if added is None:
            session.execute(update(LearningMark).where(*where).values(**values))
