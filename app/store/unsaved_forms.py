"""What people typed before they were signed out."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.models import UnsavedForm


def keep(session: Session, person_id: UUID, path: str, fields: Mapping[str, str], now: datetime) -> None:
    """Keep a form, in the place of an older one of the same page."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"fields": json.dumps(dict(fields)), "typed_at": now}
    session.execute(
        make(UnsavedForm)
        .values(person_id=person_id, path=path, **values)
        .on_conflict_do_update(index_elements=[UnsavedForm.person_id, UnsavedForm.path], set_=values)
    )


def delete_all_but_newest(session: Session, person_id: UUID, most: int) -> None:
    """Take the oldest forms of a person away, so that only so many stay."""
    newest = (
        select(UnsavedForm.path)
        .where(UnsavedForm.person_id == person_id)
        .order_by(UnsavedForm.typed_at.desc(), UnsavedForm.path)
        .limit(most)
    )
    session.execute(
        delete(UnsavedForm).where(UnsavedForm.person_id == person_id, UnsavedForm.path.not_in(newest.scalar_subquery()))
    )


def find(session: Session, person_id: UUID, path: str) -> Mapping[str, str] | None:
    """Find what a person typed on a page."""
    fields = session.scalar(
        select(UnsavedForm.fields).where(UnsavedForm.person_id == person_id, UnsavedForm.path == path)
    )
    return json.loads(fields) if fields else None


def drop(session: Session, person_id: UUID, path: str) -> None:
    """Take a form away."""
    session.execute(delete(UnsavedForm).where(UnsavedForm.person_id == person_id, UnsavedForm.path == path))
