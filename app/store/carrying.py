"""Earlier answers that may come forward into an assessment."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, ScalarSelect, Select, func, select
from sqlalchemy.orm import Session, aliased

from app.domain.assessment import Answer
from app.domain.records import AssessmentRecord
from app.store.assessments import make_answer
from app.store.models import AnswerVersion, Assessment, Organisation, PartnershipOrganisation, Round, Snapshot


@dataclass(frozen=True, slots=True)
class EarlierAssessment:
    """What an organisation, or one that it has replaced, answered before."""

    assessment_id: UUID
    round: str
    organisation: str
    is_own: bool
    questionnaire_hash: str
    answers: dict[str, Answer]
    answered_at: dict[str, datetime]
    """Question id -> when it was submitted or, where it never was, answered."""


def list_earlier(session: Session, record: AssessmentRecord) -> tuple[EarlierAssessment, ...]:
    """List where answers may come from, what is to be preferred first. One statement, however much there is.

    First what the organisation itself submitted last in an earlier round of the partnership; then what organisations
    that it has replaced there have stored, in an earlier round or this one, the newest round first.
    """
    own: list[Row[*tuple[Any, ...]]] = []
    replaced: dict[UUID, EarlierAssessment] = {}
    for row in session.execute(_select_earlier(record)):
        if row.is_own:
            own.append(row)
            continue
        earlier = replaced.setdefault(row.id, _as_earlier(row))
        earlier.answers[row.AnswerVersion.question_id] = make_answer(row.AnswerVersion)
        earlier.answered_at[row.AnswerVersion.question_id] = row.AnswerVersion.answered_at
    if not own:
        return tuple(replaced.values())
    newest = max(own, key=lambda row: row.submitted_at)
    last = _as_earlier(newest)
    last.answers.update({question: Answer(**answer) for question, answer in json.loads(newest.answers).items()})
    last.answered_at.update(dict.fromkeys(last.answers, newest.submitted_at))
    return (last, *replaced.values())


def _as_earlier(row: Row[*tuple[Any, ...]]) -> EarlierAssessment:
    return EarlierAssessment(row.id, row.title, row.organisation, row.is_own, row.questionnaire_hash, {}, {})


def _select_earlier(record: AssessmentRecord) -> Select[*tuple[Any, ...]]:
    """Select own submissions with their snapshots, and of organisations replaced every newest answer, a row each."""
    this = aliased(Round)
    is_own = Assessment.organisation_id == record.organisation_id
    return (
        select(
            Assessment.id,
            Round.title,
            Organisation.name.label("organisation"),
            is_own.label("is_own"),
            Assessment.questionnaire_hash,
            Snapshot.answers,
            Snapshot.submitted_at,
            AnswerVersion,
        )
        .select_from(PartnershipOrganisation)
        .join(
            Assessment,
            (Assessment.partnership_id == PartnershipOrganisation.partnership_id)
            & (Assessment.organisation_id == PartnershipOrganisation.organisation_id),
        )
        .join(Round, Round.id == Assessment.round_id)
        .join(this, this.id == record.round_id)
        .join(Organisation, Organisation.id == Assessment.organisation_id)
        .outerjoin(
            Snapshot,
            (Snapshot.partnership_id == Assessment.partnership_id)
            & (Snapshot.assessment_id == Assessment.id)
            & (Snapshot.submission == _find_last_submission())
            & is_own,
        )
        .outerjoin(
            AnswerVersion,
            (AnswerVersion.partnership_id == Assessment.partnership_id)
            & (AnswerVersion.assessment_id == Assessment.id)
            & (AnswerVersion.version == _find_newest_version())
            & ~is_own,
        )
        .where(
            PartnershipOrganisation.partnership_id == record.partnership_id,
            Assessment.questionnaire_id == record.questionnaire_id,
            (is_own & (Round.opens_at < this.opens_at) & Snapshot.submission.is_not(None))
            | (
                (PartnershipOrganisation.replaced_by == record.organisation_id)
                & ((Round.id == this.id) | (Round.opens_at < this.opens_at))
                & AnswerVersion.version.is_not(None)
            ),
        )
        .order_by(Round.opens_at.desc(), Organisation.name, Assessment.id)
    )


def _find_last_submission() -> ScalarSelect[int]:
    last = aliased(Snapshot)
    return (
        select(func.max(last.submission))
        .where(last.partnership_id == Assessment.partnership_id, last.assessment_id == Assessment.id)
        .correlate(Assessment)
        .scalar_subquery()
    )


def _find_newest_version() -> ScalarSelect[int]:
    newer = aliased(AnswerVersion)
    return (
        select(func.max(newer.version))
        .where(
            newer.partnership_id == AnswerVersion.partnership_id,
            newer.assessment_id == AnswerVersion.assessment_id,
            newer.question_id == AnswerVersion.question_id,
        )
        .correlate(AnswerVersion)
        .scalar_subquery()
    )
