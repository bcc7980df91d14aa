"""Meetings of a partnership, and what was agreed in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from app.domain.agreeing import AgreedForm, MeetingForm, MeetingKey
from app.domain.together import Attendance
from app.store.database import insert_if_absent
from app.store.models import AgreedAnswer, Meeting, MeetingOrganisation


def list_meetings(session: Session, partnership_id: UUID, round_id: UUID) -> tuple[Attendance, ...]:
    """List the meetings about a round, the newest first. One statement."""
    rows = session.execute(
        select(Meeting, MeetingOrganisation.organisation_id)
        .outerjoin(
            MeetingOrganisation,
            (MeetingOrganisation.partnership_id == Meeting.partnership_id)
            & (MeetingOrganisation.meeting_id == Meeting.id),
        )
        .where(Meeting.partnership_id == partnership_id, Meeting.round_id == round_id)
        .order_by(Meeting.held_on.desc(), Meeting.id.desc())
    ).all()
    there: dict[UUID, set[UUID]] = {}
    for row in rows:
        there.setdefault(row.Meeting.id, set()).update({row.organisation_id} - {None})
    meetings = {row.Meeting.id: row.Meeting for row in rows}
    return tuple(
        Attendance(meeting.id, meeting.held_on, frozenset(there[meeting.id]), meeting.present, meeting.version)
        for meeting in meetings.values()
    )


def add_meeting(session: Session, key: MeetingKey, form: MeetingForm, by: UUID, now: datetime) -> None:
    """Add a meeting."""
    session.execute(
        insert(Meeting).values(
            partnership_id=key.partnership_id,
            id=key.meeting_id,
            round_id=key.round_id,
            held_on=form.held_on,
            present=form.names,
            version=1,
            recorded_by=by,
            recorded_at=now,
        )
    )
    _add_organisations(session, key, form)


def change_meeting(session: Session, key: MeetingKey, seen: int, form: MeetingForm) -> bool:
    """Change a meeting whose version was seen; `False` where somebody was quicker."""
    changed = session.scalar(
        update(Meeting)
        .where(Meeting.partnership_id == key.partnership_id, Meeting.id == key.meeting_id, Meeting.version == seen)
        .values(held_on=form.held_on, present=form.names, version=seen + 1)
        .returning(Meeting.version)
    )
    if changed is None:
        return False
    session.execute(
        delete(MeetingOrganisation).where(
            MeetingOrganisation.partnership_id == key.partnership_id, MeetingOrganisation.meeting_id == key.meeting_id
        )
    )
    _add_organisations(session, key, form)
    return True


def _add_organisations(session: Session, key: MeetingKey, form: MeetingForm) -> None:
    session.execute(
        insert(MeetingOrganisation),
        [
            {"partnership_id": key.partnership_id, "meeting_id": key.meeting_id, "organisation_id": each}
            for each in sorted(form.organisations)
        ],
    )


def add_agreed(
    session: Session, key: MeetingKey, question_id: str, version: int, form: AgreedForm, by: UUID, now: datetime
) -> bool:
    """Append a version of what was agreed; `False` where that version exists: somebody was quicker."""
    added = session.scalar(
        insert_if_absent(session, AgreedAnswer)
        .values(
            partnership_id=key.partnership_id,
            round_id=key.round_id,
            question_id=question_id,
            version=version,
            meeting_id=key.meeting_id,
            choice=form.choice,
            reason=form.reason,
            minority_view=form.minority_view,
            recorded_by=by,
            recorded_at=now,
        )
        .returning(AgreedAnswer.version)
    )
    return added is not None
