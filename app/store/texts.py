"""The texts that the operator fills in."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.store.database import insert_if_absent
from app.store.models import ServiceText


def list_texts(session: Session) -> dict[str, str]:
    """Give every text that was filled in, by name."""
    return {row.name: row.text for row in session.execute(select(ServiceText.name, ServiceText.text))}


def replace_text(session: Session, name: str, old: str, new: str, changed_by: UUID, now: datetime) -> bool:
    """Put a text in the place of the one that was seen, empty for none; `False` where that is no longer there."""
    seen = ServiceText.name == name, ServiceText.text == old
    if not new:
        return session.execute(delete(ServiceText).where(*seen).returning(ServiceText.name)).first() is not None
    values = {"text": new, "changed_at": now, "changed_by": changed_by}
    if not old:
        added = insert_if_absent(session, ServiceText).values(name=name, **values).returning(ServiceText.name)
        return session.execute(added).first() is not None
    changed = update(ServiceText).where(*seen).values(**values).returning(ServiceText.name)
    return session.execute(changed).first() is not None
