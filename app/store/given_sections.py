"""Sections given to colleagues, and who can be given one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.domain.access import MAY, Deed, Role
from app.domain.records import AssessmentKey
from app.domain.sharing import Colleague, GivenSection
from app.store.database import insert_if_absent
from app.store.evidence import select_number
from app.store.models import Assessment, Comment, Membership, Person
from app.store.models import GivenSection as GivenSectionRow

ANSWERING = tuple(role.value for role in Role if Deed.ANSWER_GIVEN in MAY[role])
"""The roles of an organisation that answer."""
Holder = aliased(Person)
Giver = aliased(Person)


def list_given(session: Session, key: AssessmentKey) -> dict[str, GivenSection]:
    """Give the sections that were given to somebody, by id. Where that person may answer no more, it is nobody's."""
    return find_sharing(session, key, "")[0]


def find_sharing(session: Session, key: AssessmentKey, question_id: str) -> tuple[dict[str, GivenSection], int, int]:
    """Give the sections that were given, by id, and how many comments and files one question has. One statement."""
    comments = (
        select(func.count())
        .select_from(Comment)
        .where(
            Comment.partnership_id == key.partnership_id,
            Comment.assessment_id == key.assessment_id,
            Comment.question_id == question_id,
        )
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            GivenSectionRow,
            Holder.name.label("holder"),
            Giver.name.label("giver"),
            comments.label("comments"),
            select_number(key, question_id).label("files"),
        )
        .select_from(Assessment)
        .outerjoin(
            GivenSectionRow,
            (GivenSectionRow.partnership_id == Assessment.partnership_id)
            & (GivenSectionRow.assessment_id == Assessment.id)
            & GivenSectionRow.person_id.in_(_select_answering(Assessment.organisation_id)),
        )
        .outerjoin(Holder, Holder.id == GivenSectionRow.person_id)
        .outerjoin(Giver, Giver.id == GivenSectionRow.given_by)
        .where(Assessment.partnership_id == key.partnership_id, Assessment.id == key.assessment_id)
    ).all()
    given = {
        row.GivenSection.section_id: GivenSection(
            section_id=row.GivenSection.section_id,
            person_id=row.GivenSection.person_id,
            person=row.holder,
            message=row.GivenSection.message,
            given_by_id=row.GivenSection.given_by,
            given_by=row.giver,
            given_at=row.GivenSection.given_at,
        )
        for row in rows
        if row.GivenSection is not None
    }
    return given, rows[0].comments if rows else 0, rows[0].files if rows else 0


def list_colleagues(session: Session, organisation_id: UUID) -> tuple[Colleague, ...]:
    """List who in an organisation can be given a section, by name."""
    rows = session.execute(
        select(Person.id, Person.name, Person.email)
        .where(Person.id.in_(_select_answering(organisation_id)), Person.email.is_not(None))
        .order_by(Person.name, Person.id)
    )
    return tuple(Colleague(row.id, row.name, row.email) for row in rows)


def _select_answering(organisation_id: UUID | InstrumentedAttribute[UUID]) -> Select[UUID]:
    return select(Membership.person_id).where(
        Membership.organisation_id == organisation_id, Membership.role.in_(ANSWERING)
    )


def set_given(
    session: Session, key: AssessmentKey, section_id: str, person_id: UUID, message: str, by: UUID, now: datetime
) -> None:
    """Give a section of an assessment that is held alone, whoever had it before."""
    values = {"person_id": person_id, "message": message, "given_by": by, "given_at": now}
    added = session.scalar(
        insert_if_absent(session, GivenSectionRow)
        .values(partnership_id=key.partnership_id, assessment_id=key.assessment_id, section_id=section_id, **values)
        .returning(GivenSectionRow.section_id)
    )
    if added is None:
        session.execute(update(GivenSectionRow).where(*_is(key, section_id)).values(**values))


def delete_given(session: Session, key: AssessmentKey, section_id: str) -> None:
    """Take a section back."""
    session.execute(delete(GivenSectionRow).where(*_is(key, section_id)))


def _is(key: AssessmentKey, section_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        GivenSectionRow.partnership_id == key.partnership_id,
        GivenSectionRow.assessment_id == key.assessment_id,
        GivenSectionRow.section_id == section_id,
    )
