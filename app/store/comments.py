"""Comments on the questions of an assessment."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.domain.records import AssessmentKey
from app.domain.sharing import Comment
from app.store.database import insert_if_absent
from app.store.models import Comment as CommentRow
from app.store.models import Person


def add_comment(
    session: Session,
    key: AssessmentKey,
    comment_id: UUID,
    question_id: str,
    text: str,
    author_id: UUID,
    now: datetime,
) -> bool:
    """Append a comment to the thread of a question; `False` where one with its id is there already."""
    added = session.scalar(
        insert_if_absent(session, CommentRow)
        .values(
            partnership_id=key.partnership_id,
            assessment_id=key.assessment_id,
            id=comment_id,
            question_id=question_id,
            text=text,
            author_id=author_id,
            written_at=now,
        )
        .returning(CommentRow.id)
    )
    return added is not None


def find_comment(session: Session, key: AssessmentKey, question_id: str, comment_id: UUID) -> Comment | None:
    """Find one comment on a question."""
    found = _list(session, *_is_of(key), CommentRow.question_id == question_id, CommentRow.id == comment_id)
    return found[0] if found else None


def list_comments(session: Session, key: AssessmentKey, question_id: str) -> tuple[Comment, ...]:
    """List the thread of a question, the oldest first."""
    return _list(session, *_is_of(key), CommentRow.question_id == question_id)


def count_comments(session: Session, key: AssessmentKey) -> dict[str, int]:
    """Count the comments on each question that has any."""
    rows = session.execute(
        select(CommentRow.question_id, func.count().label("comments"))
        .where(*_is_of(key))
        .group_by(CommentRow.question_id)
    )
    return {row.question_id: row.comments for row in rows}


def _list(session: Session, *where: ColumnElement[bool]) -> tuple[Comment, ...]:
    rows = session.execute(
        select(CommentRow, Person.name)
        .join(Person, Person.id == CommentRow.author_id)
        .where(*where)
        .order_by(CommentRow.written_at, CommentRow.id)
    )
    return tuple(Comment(row.id, row.author_id, name, row.text, row.written_at) for row, name in rows)


def _is_of(key: AssessmentKey) -> tuple[ColumnElement[bool], ...]:
    return CommentRow.partnership_id == key.partnership_id, CommentRow.assessment_id == key.assessment_id
