"""What a partnership said in its rounds, and what it agreed: read whole, in few statements."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Text, cast, func, null, select, union_all
from sqlalchemy.orm import Session, aliased

from app.domain.assessment import Answer
from app.domain.records import AssessmentRecord
from app.domain.together import Agreed, Attendance, Partner, Together
from app.domain.trust import Rating
from app.store import barriers, trust
from app.store.assessments import as_record, select_records
from app.store.models import (
    AgreedAnswer,
    Assessment,
    Meeting,
    MeetingOrganisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    Snapshot,
    UtcDateTime,
)


def list_rounds(session: Session, partnership_id: UUID) -> tuple[Together, ...]:
    """Give a partnership in each of its rounds, the newest first, with all that was submitted last and agreed.

    Two statements, whatever the number of rounds, organisations and questions.
    """
    newest = aliased(Snapshot)
    last = (
        select(func.max(newest.submission))
        .where(newest.partnership_id == Assessment.partnership_id, newest.assessment_id == Assessment.id)
        .correlate(Assessment)
        .scalar_subquery()
    )
    rows = session.execute(
        select_records(started=False)
        .add_columns(
            Snapshot.answers,
            Snapshot.submission,
            Snapshot.submitted_at.label("frozen_at"),
            PartnershipOrganisation.joined_at,
        )
        .outerjoin(
            Snapshot,
            (Snapshot.partnership_id == Assessment.partnership_id)
            & (Snapshot.assessment_id == Assessment.id)
            & (Snapshot.submission == last),
        )
        .where(Partnership.id == partnership_id)
        .order_by(Round.closes_at.desc(), Round.id)
    ).all()
    agreed = _list_agreed(session, partnership_id) if rows else {}
    by_round: dict[UUID, list[tuple[AssessmentRecord, Partner]]] = {}
    for row in rows:
        record = as_record(row)
        by_round.setdefault(record.round_id, []).append((record, _as_partner(record, row)))
    return tuple(_as_together(found, agreed.get(round_id, {})) for round_id, found in by_round.items())


def _as_partner(record: AssessmentRecord, row: Row[*tuple[Any, ...]]) -> Partner:
    return Partner(
        organisation_id=record.organisation_id,
        name=record.organisation,
        assessment_id=record.assessment_id,
        status=record.status,
        submission=row.submission or 0,
        submitted_at=row.frozen_at,
        answers={question: Answer(**answer) for question, answer in json.loads(row.answers or "{}").items()},
        late_until=record.window.late_until,
        joined_at=row.joined_at,
        left_at=record.window.left_at,
    )


def _as_together(found: list[tuple[AssessmentRecord, Partner]], agreed: Mapping[str, Agreed]) -> Together:
    first = found[0][0]
    return Together(
        partnership_id=first.partnership_id,
        partnership=first.partnership,
        round_id=first.round_id,
        round=first.round,
        opens_at=first.window.opens_at,
        closes_at=first.window.closes_at,
        sign_off=first.sign_off,
        questionnaire_hash=first.questionnaire_hash,
        targets=first.targets,
        partners=tuple(sorted((partner for _, partner in found), key=lambda partner: partner.name)),
        agreed=agreed,
    )


def _list_agreed(session: Session, partnership_id: UUID) -> dict[UUID, dict[str, Agreed]]:
    """Give round -> question -> the newest version of what was agreed."""
    there: dict[UUID, set[UUID]] = {}
    found: dict[UUID, dict[str, Agreed]] = {}
    rows = session.execute(
        select(AgreedAnswer, Meeting, Person.name.label("recorder"), MeetingOrganisation.organisation_id)
        .join(
            Meeting,
            (Meeting.partnership_id == AgreedAnswer.partnership_id) & (Meeting.id == AgreedAnswer.meeting_id),
        )
        .join(Person, Person.id == AgreedAnswer.recorded_by)
        .outerjoin(
            MeetingOrganisation,
            (MeetingOrganisation.partnership_id == Meeting.partnership_id)
            & (MeetingOrganisation.meeting_id == Meeting.id),
        )
        .where(AgreedAnswer.partnership_id == partnership_id)
        .order_by(AgreedAnswer.version)
    ).all()
    for row in rows:
        if row.organisation_id:
            there.setdefault(row.Meeting.id, set()).add(row.organisation_id)
    for row in rows:
        answer, meeting = row.AgreedAnswer, row.Meeting
        of_round = found.setdefault(answer.round_id, {})
        before = of_round.get(answer.question_id)
        if before is not None and before.version == answer.version:
            continue  # the same, once for each organisation that was there
        of_round[answer.question_id] = Agreed(
            choice=answer.choice,
            reason=answer.reason,
            minority_view=answer.minority_view,
            meeting=Attendance(
                meeting.id, meeting.held_on, frozenset(there.get(meeting.id, ())), meeting.present, meeting.version
            ),
            recorded_by=row.recorder,
            recorded_at=answer.recorded_at,
            version=answer.version,
            before=before,
        )
    return found


def list_spoken(
    session: Session, partnership_id: UUID, round_id: UUID
) -> tuple[Mapping[str, Mapping[str, frozenset[UUID]]], tuple[Rating, ...]]:
    """Give what stands in the way of which question in whose eyes, and how far who is relied on. One statement."""
    nothing = (cast(null(), UtcDateTime), cast(null(), UtcDateTime), cast(null(), Text))
    said = barriers.select_of_round(partnership_id, round_id).add_columns(*nothing)
    rows = session.execute(union_all(said, trust.select_first_submitted(partnership_id, round_id))).all()
    return (
        barriers.as_said((row[0], row[1], row[2]) for row in rows if row[3] is None),
        trust.as_ratings((*row,) for row in rows if row[3] is not None),
    )
