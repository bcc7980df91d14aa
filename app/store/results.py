"""The feed of results: one row for each assessment that was ever submitted, moved to the end with every change."""

from collections.abc import Generator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, func, insert, or_, select, true, update
from sqlalchemy.orm import Session

from app.domain.records import AssessmentKey
from app.domain.results import Line, Reach, Wanted
from app.store.database import insert_if_absent
from app.store.models import Feed, Result, Round, Snapshot

RESULTS: Final = "results"
BATCH: Final = 500
"""Rows that are fetched at once, so that memory stays flat."""


def move(session: Session, now: datetime, by: int = 1) -> tuple[int, datetime]:
    """Take the next positions, and hold the feed until the commit: give the last, and a time never before the others'.

    Take no other lock after it but that of the audit.
    """
    moved = session.execute(
        update(Feed)
        .where(Feed.name == RESULTS)
        .values(position=Feed.position + by)
        .returning(Feed.position, Feed.moved_at)
    ).one_or_none()
    if moved is None:
        session.execute(insert_if_absent(session, Feed).values(name=RESULTS, position=0, moved_at=now))
        return move(session, now, by)
    at = max(now, moved.moved_at)
    session.execute(update(Feed).where(Feed.name == RESULTS).values(moved_at=at))
    return moved.position, at


def find_end(session: Session) -> tuple[int, datetime | None]:
    """Find the last position that was committed, and its time; 0 and `None` where there is none."""
    row = session.execute(select(Feed.position, Feed.moved_at).where(Feed.name == RESULTS)).one_or_none()
    return (row.position, row.moved_at) if row else (0, None)


def put(session: Session, row: Result) -> None:
    """Write a result, in the place of the one before."""
    session.merge(row)
    session.flush()


def find(session: Session, key: AssessmentKey) -> Result | None:
    """Find what is in the feed of an assessment."""
    return session.get(Result, (key.partnership_id, key.assessment_id))


def find_missing(session: Session) -> tuple[AssessmentKey, ...]:
    """Find what was submitted and is not in the feed, such as of a database from before there was one."""
    rows = session.execute(
        select(Snapshot.partnership_id, Snapshot.assessment_id)
        .distinct()
        .outerjoin(
            Result,
            and_(Result.partnership_id == Snapshot.partnership_id, Result.assessment_id == Snapshot.assessment_id),
        )
        .where(Result.assessment_id.is_(None))
        .order_by(Snapshot.partnership_id, Snapshot.assessment_id)
    )
    return tuple(AssessmentKey(row.partnership_id, row.assessment_id) for row in rows)


def add_many(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Write many results that are not there yet."""
    if rows:
        session.execute(insert(Result), rows)


def list_of_round(session: Session, round_id: UUID) -> Sequence[Result]:
    """List the rows of a round in their order."""
    return session.scalars(select(Result).where(Result.round_id == round_id).order_by(Result.position)).all()


def list_lines(session: Session, reach: Reach, wanted: Wanted, limit: int) -> tuple[Line, ...]:
    """List results in the order of the feed, at most so many. One statement."""
    rows = session.execute(_select(reach, wanted).limit(limit))
    return tuple(Line(row.position, row.line) for row in rows)


def stream_lines(session: Session, reach: Reach, wanted: Wanted) -> Generator[Sequence[str]]:
    """Go through the lines of results in the order of the feed, some at a time."""
    query = _select(reach, wanted).with_only_columns(Result.line)
    with session.connection().execute(query, execution_options={"yield_per": BATCH}) as found:
        yield from found.scalars().partitions()


def find_newest(session: Session, reach: Reach, wanted: Wanted) -> int:
    """Find the last position within reach, for an entity tag. One statement."""
    found = _select(reach, wanted).order_by(None).with_only_columns(func.max(Result.position))
    return session.scalar(found) or 0


def find_within(session: Session, key: AssessmentKey, reaches: Sequence[Reach]) -> tuple[bool, ...]:
    """Say for each reach whether it holds what is in the feed of an assessment. One statement."""
    is_it = (Result.partnership_id == key.partnership_id, Result.assessment_id == key.assessment_id)
    row = session.execute(select(*map(_is_within, reaches)).where(*is_it)).one_or_none()
    return tuple(map(bool, row)) if row else (False,) * len(reaches)


def _select(reach: Reach, wanted: Wanted) -> Select[int, str]:
    query = select(Result.position, Result.line).where(_is_within(reach), Result.position > wanted.after)
    if wanted.until is not None:
        query = query.where(Result.position <= wanted.until)
    query = query.where(or_(Result.is_deleted.is_(False), Result.position > wanted.tombstones_after))
    for column, value in (
        (Result.partnership_id, wanted.partnership_id),
        (Result.round_id, wanted.round_id),
        (Result.questionnaire_id, wanted.questionnaire_id or None),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(Result.updated_at >= wanted.since)
    return query.order_by(Result.position)


def _is_within(reach: Reach) -> ColumnElement[bool]:
    if reach.everywhere:
        return true()
    parts: list[ColumnElement[bool]] = []
    if reach.partnerships:
        closed = select(Round.id).where(Round.closed_at.is_not(None))
        parts.append(and_(Result.partnership_id.in_(reach.partnerships), Result.round_id.in_(closed)))
    if reach.named_partnerships:
        parts.append(Result.partnership_id.in_(reach.named_partnerships))
    if reach.rounds:
        parts.append(Result.round_id.in_(reach.rounds))
    parts += [
        and_(Result.partnership_id == partnership, Result.organisation_id.in_(organisations))
        for partnership, organisations in reach.own
    ]
    return or_(*parts) if parts else false()
