"""How often something that is slowed down was tried. Keys are digests: nobody can read here who tried."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.store.models import Attempts


def add_attempt(session: Session, kind: str, key_hash: str, since: datetime) -> None:
    """Count one more in a stretch of time; none is lost where several count at once."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = make(Attempts).values(kind=kind, key_hash=key_hash, since=since, count=1)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=[Attempts.kind, Attempts.key_hash, Attempts.since],
            set_={"count": Attempts.__table__.c["count"] + 1},
        )
    )


def count_attempts(session: Session, kind: str, key_hash: str, after: datetime) -> int:
    """Count the attempts in the stretches that began after a moment."""
    total = session.scalar(
        select(func.sum(Attempts.__table__.c["count"])).where(
            Attempts.kind == kind, Attempts.key_hash == key_hash, Attempts.since > after
        )
    )
    return int(total or 0)
