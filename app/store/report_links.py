"""Links to a shared report. What opens one is kept as a digest alone."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session

from app.domain.shared_reports import ReportLink
from app.store.database import insert_if_absent
from app.store.models import Person
from app.store.models import ReportLink as ReportLinkRow

Links = Select[ReportLinkRow, str]


def add_link(session: Session, link: ReportLink, token_hash: str, created_by: UUID) -> bool:
    """Keep a new link; says whether it is new, as one form makes one link however often it is sent."""
    added = session.scalar(
        insert_if_absent(session, ReportLinkRow)
        .values(
            partnership_id=link.partnership_id,
            id=link.id,
            round_id=link.round_id,
            token_hash=token_hash,
            label=link.label,
            created_by=created_by,
            created_at=link.created_at,
            expires_at=link.expires_at,
        )
        .returning(ReportLinkRow.id)
    )
    return added is not None


def list_links(session: Session, partnership_id: UUID, round_id: UUID) -> tuple[ReportLink, ...]:
    """List the links to the report of a round, the newest first, those that have ended included."""
    rows = session.execute(
        _select()
        .where(ReportLinkRow.partnership_id == partnership_id, ReportLinkRow.round_id == round_id)
        .order_by(ReportLinkRow.created_at.desc(), ReportLinkRow.id.desc())
    )
    return tuple(map(_as_link, rows))


def find_link(session: Session, partnership_id: UUID, link_id: UUID) -> ReportLink | None:
    """Find a link of a partnership."""
    where = ReportLinkRow.partnership_id == partnership_id, ReportLinkRow.id == link_id
    row = session.execute(_select().where(*where)).one_or_none()
    return _as_link(row) if row else None


def find_by_token(session: Session, partnership_id: UUID, token_hashes: Collection[str]) -> ReportLink | None:
    """Find the link that a token opens, or opened before it ended."""
    where = ReportLinkRow.partnership_id == partnership_id, ReportLinkRow.token_hash.in_(token_hashes)
    row = session.execute(_select().where(*where)).one_or_none()
    return _as_link(row) if row else None


def revoke_link(session: Session, partnership_id: UUID, link_id: UUID, now: datetime) -> bool:
    """End a link at once; says whether it had not been ended before."""
    query = update(ReportLinkRow).where(
        ReportLinkRow.partnership_id == partnership_id, ReportLinkRow.id == link_id, ReportLinkRow.revoked_at.is_(None)
    )
    return session.scalar(query.values(revoked_at=now).returning(ReportLinkRow.id)) is not None


def _select() -> Links:
    return select(ReportLinkRow, Person.name.label("maker")).join(Person, Person.id == ReportLinkRow.created_by)


def _as_link(row: Row[ReportLinkRow, str]) -> ReportLink:
    link = row.ReportLink
    return ReportLink(
        partnership_id=link.partnership_id,
        id=link.id,
        round_id=link.round_id,
        label=link.label,
        created_by=row.maker,
        created_at=link.created_at,
        expires_at=link.expires_at,
        revoked_at=link.revoked_at,
    )
