"""The kinds of thing that organisations say stand in the way of their gaps."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.orm import Session

from app.domain.records import AssessmentKey
from app.store.database import insert_if_absent
from app.store.models import Assessment, Snapshot, TypedBarrier


def list_said(session: Session, key: AssessmentKey) -> dict[str, frozenset[str]]:
    """Give question id -> kinds that one organisation says of it. One statement."""
    found: dict[str, set[str]] = {}
    rows = session.execute(select(TypedBarrier.question_id, TypedBarrier.kind).where(*_is(key)))
    for question_id, kind in rows:
        found.setdefault(question_id, set()).add(kind)
    return {question_id: frozenset(kinds) for question_id, kinds in found.items()}


def set_said(
    session: Session,
    key: AssessmentKey,
    question_id: str,
    kinds: Collection[str],
    before: Collection[str],
    by: UUID,
    now: datetime,
) -> None:
    """Let the kinds of a question be these and no others; of an assessment that is held alone.

    `before` are those that are stored. What stays keeps who said it, and when.
    """
    of_question = (*_is(key), TypedBarrier.question_id == question_id)
    if gone := set(before) - set(kinds):
        session.execute(delete(TypedBarrier).where(*of_question, TypedBarrier.kind.in_(gone)))
    if new := sorted(set(kinds) - set(before)):
        session.execute(
            insert_if_absent(session, TypedBarrier).values([_row(key, question_id, kind, by, now) for kind in new])
        )


def _row(key: AssessmentKey, question_id: str, kind: str, by: UUID, now: datetime) -> dict[str, Any]:
    return {
        "partnership_id": key.partnership_id,
        "assessment_id": key.assessment_id,
        "question_id": question_id,
        "kind": kind,
        "said_by": by,
        "said_at": now,
    }


def select_of_round(partnership_id: UUID, round_id: UUID) -> Select[UUID, str, str]:
    """Select what organisations that have submitted say: organisation, question and kind."""
    submitted = exists().where(
        Snapshot.partnership_id == Assessment.partnership_id, Snapshot.assessment_id == Assessment.id
    )
    return (
        select(Assessment.organisation_id, TypedBarrier.question_id, TypedBarrier.kind)
        .join(
            Assessment,
            (Assessment.partnership_id == TypedBarrier.partnership_id) & (Assessment.id == TypedBarrier.assessment_id),
        )
        .where(Assessment.partnership_id == partnership_id, Assessment.round_id == round_id, submitted)
    )


def as_said(rows: Iterable[tuple[UUID, str, str]]) -> Mapping[str, Mapping[str, frozenset[UUID]]]:
    """Give question id -> kind -> the organisations that say so, from such rows."""
    found: dict[str, dict[str, set[UUID]]] = {}
    for organisation_id, question_id, kind in rows:
        found.setdefault(question_id, {}).setdefault(kind, set()).add(organisation_id)
    return {
        question_id: {kind: frozenset(organisations) for kind, organisations in kinds.items()}
        for question_id, kinds in found.items()
    }


def _is(key: AssessmentKey) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return TypedBarrier.partnership_id == key.partnership_id, TypedBarrier.assessment_id == key.assessment_id
