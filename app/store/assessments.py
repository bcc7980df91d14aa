"""Assessments, their answers and what was frozen when they were submitted."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, bindparam, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.assessment import Answer, AssessmentStatus, Move
from app.domain.records import AssessmentKey, AssessmentRecord, MadeMove, StoredAnswer, Submission
from app.domain.rounds import SignOff, Window
from app.domain.scoring import Scores, summarise_scores
from app.store.database import insert_if_absent
from app.store.models import (
    AnswerVersion,
    Assessment,
    AssessmentMove,
    FrozenEnablerScore,
    FrozenQuestionScore,
    LateEntry,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    Snapshot,
    new_id,
)

Submitter = aliased(Person)
Signer = aliased(Person)

Records = Select[*tuple[Any, ...]]
"""Rows that `as_record` reads."""


@cache
def select_records(*, started: bool) -> Records:
    """Select each organisation of each partnership and confirmed round with its assessment; or only those started.

    An organisation that has left a partnership is asked no more, and keeps what it started. Put together once: that
    takes longer than to run it.
    """
    return (
        select(
            Partnership,
            Organisation,
            Round,
            Assessment,
            Submitter.name.label("submitter"),
            Signer.name.label("signer"),
            LateEntry.until.label("late_until"),
            PartnershipOrganisation.left_at.label("left_at"),
            _count_submissions().label("submissions"),
            _find_last_move().label("last_move"),
        )
        .select_from(RoundPartnership)
        .join(Round, Round.id == RoundPartnership.round_id)
        .join(Partnership, Partnership.id == RoundPartnership.partnership_id)
        .join(PartnershipOrganisation, PartnershipOrganisation.partnership_id == RoundPartnership.partnership_id)
        .join(Organisation, Organisation.id == PartnershipOrganisation.organisation_id)
        .join(
            Assessment,
            (Assessment.partnership_id == RoundPartnership.partnership_id)
            & (Assessment.round_id == RoundPartnership.round_id)
            & (Assessment.organisation_id == PartnershipOrganisation.organisation_id),
            isouter=not started,
        )
        .outerjoin(Submitter, Submitter.id == Assessment.submitted_by)
        .outerjoin(Signer, Signer.id == Assessment.signed_off_by)
        .outerjoin(
            LateEntry,
            (LateEntry.partnership_id == RoundPartnership.partnership_id)
            & (LateEntry.round_id == RoundPartnership.round_id)
            & (LateEntry.organisation_id == PartnershipOrganisation.organisation_id),
        )
        .where(Round.confirmed_at.is_not(None), PartnershipOrganisation.left_at.is_(None) | Assessment.id.is_not(None))
    )


def _count_submissions() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Snapshot)
        .where(Snapshot.partnership_id == Assessment.partnership_id, Snapshot.assessment_id == Assessment.id)
        .correlate(Assessment)
        .scalar_subquery()
    )


def _find_last_move() -> ScalarSelect[str]:
    return (
        select(AssessmentMove.move)
        .where(
            AssessmentMove.partnership_id == Assessment.partnership_id, AssessmentMove.assessment_id == Assessment.id
        )
        .order_by(AssessmentMove.number.desc())
        .limit(1)
        .correlate(Assessment)
        .scalar_subquery()
    )


def as_record(row: Row[*tuple[Any, ...]]) -> AssessmentRecord:
    started: Assessment | None = row.Assessment
    edition = started or row.Round
    return AssessmentRecord(
        partnership_id=row.Partnership.id,
        partnership=row.Partnership.name,
        organisation_id=row.Organisation.id,
        organisation=row.Organisation.name,
        round_id=row.Round.id,
        round=row.Round.title,
        window=Window(row.Round.opens_at, row.Round.closes_at, row.late_until, row.left_at),
        sign_off=SignOff(row.Round.sign_off),
        targets=json.loads(row.Round.targets),
        questionnaire_id=edition.questionnaire_id,
        questionnaire_version=edition.questionnaire_version,
        questionnaire_hash=edition.questionnaire_hash,
        assessment_id=started.id if started else None,
        status=AssessmentStatus(started.status) if started else None,
        submitted_at=started.submitted_at if started else None,
        submitted_by=row.submitter,
        submitted_by_id=started.submitted_by if started else None,
        signed_off_at=started.signed_off_at if started else None,
        signed_off_by=row.signer,
        submissions=row.submissions,
        last_move=Move(row.last_move) if row.last_move else None,
    )


def list_records(session: Session, organisations: Collection[UUID]) -> tuple[AssessmentRecord, ...]:
    """List the assessments of some organisations, those not started included; the round that closes last first."""
    rows = session.execute(
        select_records(started=False)
        .where(Organisation.id.in_(organisations))
        .order_by(Round.closes_at.desc(), Round.id, Partnership.name, Organisation.name)
    )
    return tuple(as_record(row) for row in rows)


def list_records_of_partnership(session: Session, partnership_id: UUID) -> tuple[AssessmentRecord, ...]:
    """List the assessments of one partnership, those not started included; the round that closes last first."""
    rows = session.execute(
        select_records(started=False)
        .where(Partnership.id == partnership_id)
        .order_by(Round.closes_at.desc(), Round.id, Organisation.name)
    )
    return tuple(as_record(row) for row in rows)


def find_record(session: Session, key: AssessmentKey) -> AssessmentRecord | None:
    """Find one assessment that was started."""
    return _find(session, select_records(started=True).where(*_is(key)))


def lock_record(session: Session, key: AssessmentKey, *, alone: bool) -> AssessmentRecord | None:
    """Find one assessment and hold it: `alone` to submit it, else beside others who answer it."""
    return _find(session, select_records(started=True).where(*_is(key)).with_for_update(read=not alone, of=Assessment))


def find_invitation(
    session: Session, partnership_id: UUID, round_id: UUID, organisation_id: UUID
) -> AssessmentRecord | None:
    """Find the assessment an organisation may make in a partnership and round, started or not."""
    return _find(
        session,
        select_records(started=False).where(
            RoundPartnership.partnership_id == partnership_id,
            RoundPartnership.round_id == round_id,
            Organisation.id == organisation_id,
        ),
    )


def _find(session: Session, query: Records) -> AssessmentRecord | None:
    row = session.execute(query).one_or_none()
    return as_record(row) if row else None


def _is(key: AssessmentKey) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Assessment.partnership_id == key.partnership_id, Assessment.id == key.assessment_id


def add_assessment(session: Session, record: AssessmentRecord, started_by: UUID, now: datetime) -> UUID | None:
    """Start an assessment and give its id; `None` where somebody else has just started it."""
    return session.scalar(
        insert_if_absent(session, Assessment)
        .values(
            partnership_id=record.partnership_id,
            id=new_id(),
            round_id=record.round_id,
            organisation_id=record.organisation_id,
            questionnaire_id=record.questionnaire_id,
            questionnaire_version=record.questionnaire_version,
            questionnaire_hash=record.questionnaire_hash,
            status=AssessmentStatus.IN_PROGRESS,
            started_at=now,
            started_by=started_by,
        )
        .returning(Assessment.id)
    )


def list_current_answers(session: Session, key: AssessmentKey) -> dict[str, StoredAnswer]:
    """Give the newest version of every answer, by question id. One statement."""
    rows = session.execute(_select_current_answers(), asdict(key))
    return {
        row.AnswerVersion.question_id: StoredAnswer(
            answer=make_answer(row.AnswerVersion),
            version=row.AnswerVersion.version,
            author=row.author,
            author_id=row.AnswerVersion.author_id,
            answered_at=row.AnswerVersion.answered_at,
            carried_from=row.AnswerVersion.carried_from,
            carried_round=row.carried_round or "",
        )
        for row in rows
    }


@cache
def _select_current_answers() -> Select[AnswerVersion, str, str]:
    """Select the newest version of every answer of the assessment that the parameters name as `AssessmentKey` does."""
    is_one = (
        AnswerVersion.partnership_id == bindparam("partnership_id"),
        AnswerVersion.assessment_id == bindparam("assessment_id"),
    )
    newest = (
        select(AnswerVersion.question_id, func.max(AnswerVersion.version).label("version"))
        .where(*is_one)
        .group_by(AnswerVersion.question_id)
        .subquery()
    )
    return (
        select(AnswerVersion, Person.name.label("author"), Round.title.label("carried_round"))
        .join(
            newest,
            (newest.c.question_id == AnswerVersion.question_id) & (newest.c.version == AnswerVersion.version),
        )
        .join(Person, Person.id == AnswerVersion.author_id)
        .outerjoin(
            Assessment,
            (Assessment.partnership_id == AnswerVersion.partnership_id) & (Assessment.id == AnswerVersion.carried_from),
        )
        .outerjoin(Round, Round.id == Assessment.round_id)
        .where(*is_one)
    )


def make_answer(row: AnswerVersion) -> Answer:
    """Make the answer that a row holds."""
    return Answer(
        choice=row.choice,
        reason=row.reason,
        note=row.note,
        evidence_kind=row.evidence_kind,
        evidence_link=row.evidence_link,
    )


def add_answer_version(
    session: Session,
    key: AssessmentKey,
    question_id: str,
    version: int,
    answer: Answer,
    author_id: UUID,
    now: datetime,
    *,
    carried_from: UUID | None = None,
) -> bool:
    """Append a version of an answer; `False` where that version exists, which is to say that somebody was quicker."""
    added = session.scalar(
        insert_if_absent(session, AnswerVersion)
        .values(
            partnership_id=key.partnership_id,
            assessment_id=key.assessment_id,
            question_id=question_id,
            version=version,
            author_id=author_id,
            answered_at=now,
            carried_from=carried_from,
            **asdict(answer),
        )
        .returning(AnswerVersion.version)
    )
    return added is not None


def set_status(session: Session, key: AssessmentKey, status: AssessmentStatus, by: UUID, now: datetime) -> None:
    """Note where an assessment stands after a move, and who made it when."""
    stamps: dict[str, Any]
    match status:
        case AssessmentStatus.IN_PROGRESS:
            stamps = dict.fromkeys(("submitted_at", "submitted_by", "signed_off_at", "signed_off_by"))
        case AssessmentStatus.SUBMITTED:
            stamps = {"submitted_at": now, "submitted_by": by}
        case AssessmentStatus.SIGNED_OFF:
            stamps = {"signed_off_at": now, "signed_off_by": by}
    session.execute(update(Assessment).where(*_is(key)).values(status=status, **stamps))


def add_move(session: Session, key: AssessmentKey, move: Move, reason: str, by: UUID, now: datetime) -> None:
    """Append a move to the life of an assessment that is held alone."""
    number = session.scalar(
        select(func.coalesce(func.max(AssessmentMove.number), 0) + 1).where(
            AssessmentMove.partnership_id == key.partnership_id, AssessmentMove.assessment_id == key.assessment_id
        )
    )
    session.execute(
        insert(AssessmentMove).values(
            partnership_id=key.partnership_id,
            assessment_id=key.assessment_id,
            number=number,
            move=move,
            reason=reason,
            person_id=by,
            made_at=now,
        )
    )


def list_moves(session: Session, key: AssessmentKey) -> tuple[MadeMove, ...]:
    """List the moves of an assessment in order. One statement."""
    rows = session.execute(
        select(AssessmentMove, Person.name.label("person"))
        .join(Person, Person.id == AssessmentMove.person_id)
        .where(AssessmentMove.partnership_id == key.partnership_id, AssessmentMove.assessment_id == key.assessment_id)
        .order_by(AssessmentMove.number)
    )
    return tuple(
        MadeMove(
            number=row.AssessmentMove.number,
            move=Move(row.AssessmentMove.move),
            reason=row.AssessmentMove.reason,
            person=row.person,
            person_id=row.AssessmentMove.person_id,
            at=row.AssessmentMove.made_at,
        )
        for row in rows
    )


def find_start(session: Session, key: AssessmentKey) -> tuple[str, datetime] | None:
    """Find who started an assessment, by name, and when."""
    row = session.execute(
        select(Person.name, Assessment.started_at).join(Assessment, Assessment.started_by == Person.id).where(*_is(key))
    ).one_or_none()
    return (row.name, row.started_at) if row else None


def count_submissions(session: Session, key: AssessmentKey) -> int:
    """Count what was submitted of an assessment so far."""
    return (
        session.scalar(
            select(func.count()).where(
                Snapshot.partnership_id == key.partnership_id, Snapshot.assessment_id == key.assessment_id
            )
        )
        or 0
    )


def make_frozen_rows(
    key: AssessmentKey, number: int, answers: Mapping[str, Answer], scores: Scores, by: UUID, now: datetime
) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """Make the rows that freeze a submission, from 1: its snapshot, its enablers' and its questions' scores."""
    summary = summarise_scores(scores)
    owner = {
        "partnership_id": key.partnership_id,
        "assessment_id": key.assessment_id,
        "submission": number,
    }
    enablers = [
        {**owner, "enabler_id": enabler.enabler.id, "score_to_sort": _to_sort(enabler.score)}
        | summary["enablers"][enabler.enabler.id]
        for enabler in scores.enablers
    ]
    questions = [
        {**owner, "question_id": question.question.id, "score_to_sort": _to_sort(question.score)}
        | summary["questions"][question.question.id]
        for question in scores.questions
    ]
    snapshot = {
        **owner,
        "questionnaire_hash": scores.questionnaire.hash,
        "answers": json.dumps({question: asdict(answer) for question, answer in answers.items()}, ensure_ascii=False),
        "scores": json.dumps(summary, ensure_ascii=False),
        "submitted_at": now,
        "submitted_by": by,
    }
    return snapshot, enablers, questions


def freeze(session: Session, rows: tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]) -> None:
    """Store what `make_frozen_rows` made."""
    snapshot, enablers, questions = rows
    session.execute(insert(Snapshot), [snapshot])
    session.execute(insert(FrozenEnablerScore), enablers)
    session.execute(insert(FrozenQuestionScore), questions)


def find_submission(session: Session, key: AssessmentKey, number: int | None = None) -> Submission | None:
    """Find what was submitted last, or as which number. One statement, whatever the number of questions."""
    query = _select_submissions().where(*_is(key)).order_by(Snapshot.submission.desc()).limit(1)
    if number is not None:
        query = query.where(Snapshot.submission == number)
    row = session.execute(query).one_or_none()
    return _as_submission(row) if row else None


def list_submissions(session: Session) -> Iterator[Submission]:
    """Go through everything that was ever submitted, a few at a time."""
    query = _select_submissions().order_by(Snapshot.partnership_id, Snapshot.assessment_id, Snapshot.submission)
    for row in session.execute(query.execution_options(yield_per=200)):
        yield _as_submission(row)


def get_frozen_scores(session: Session, submission: Submission) -> dict[str, Any]:
    """Give the score rows of a submission, in the shape of `summarise_scores`. Two statements."""
    enablers = session.scalars(select(FrozenEnablerScore).where(*_is_of(FrozenEnablerScore, submission)))
    questions = session.scalars(select(FrozenQuestionScore).where(*_is_of(FrozenQuestionScore, submission)))
    return {
        "enablers": {
            row.enabler_id: {
                "score": row.score,
                "band": row.band,
                "coverage": row.coverage,
                "coverage_status": row.coverage_status,
            }
            for row in enablers
        },
        "questions": {row.question_id: {"state": row.state, "score": row.score} for row in questions},
    }


def _is_of(
    table: type[FrozenEnablerScore | FrozenQuestionScore], submission: Submission
) -> tuple[ColumnElement[bool], ...]:
    return (
        table.partnership_id == submission.record.partnership_id,
        table.assessment_id == submission.record.assessment_id,
        table.submission == submission.number,
    )


def _select_submissions() -> Records:
    every = aliased(Snapshot)
    author = aliased(Person)
    last = (
        select(func.max(every.submission))
        .where(every.partnership_id == Snapshot.partnership_id, every.assessment_id == Snapshot.assessment_id)
        .scalar_subquery()
    )
    return (
        select_records(started=True)
        .add_columns(
            Snapshot.submission,
            last.label("last_submission"),
            Snapshot.questionnaire_hash,
            Snapshot.answers,
            Snapshot.scores,
            Snapshot.submitted_at.label("frozen_at"),
            author.name.label("frozen_by"),
        )
        .join(
            Snapshot,
            (Snapshot.partnership_id == Assessment.partnership_id) & (Snapshot.assessment_id == Assessment.id),
        )
        .join(author, author.id == Snapshot.submitted_by)
    )


def _as_submission(row: Row[*tuple[Any, ...]]) -> Submission:
    return Submission(
        record=as_record(row),
        number=row.submission,
        of=row.last_submission,
        submitted_at=row.frozen_at,
        submitted_by=row.frozen_by,
        questionnaire_hash=row.questionnaire_hash,
        answers={question: Answer(**answer) for question, answer in json.loads(row.answers).items()},
        scores=json.loads(row.scores),
    )


def _to_sort(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
