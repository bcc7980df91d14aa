"""The life of an assessment after answering: signing off, requesting changes, reopening, and entering late.

Each deed is one transaction that holds the assessment alone: look whether it is open, move, tell, write it down.
Whoever decides says which submission they looked at, so that nobody decides on what they have not seen; the same deed
sent twice is done once. Rules come in pairs: the deed raises, `can_…` asks the same for a page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain import access
from app.domain.access import Actor, Deed, Role
from app.domain.assessment import (
    AssessmentStatus,
    Move,
    can_move,
    check_move,
    check_reason,
    check_sign_off,
    find_reason_fault,
)
from app.domain.assessment import can_sign_off as rule_lets_sign_off
from app.domain.audit import Event
from app.domain.errors import AnswerError, NotAllowedNowError, NotFoundError
from app.domain.records import AssessmentKey, AssessmentRecord, MadeMove
from app.domain.rounds import SignOff, check_late_entry, check_permit_late_entry
from app.domain.rounds import can_permit_late_entry as is_time_for_late_entry
from app.services import Database, auditing, feeding, telling, webhooks
from app.services.acting import acting
from app.store import assessments, late_entries, recipients
from app.store.late_entries import PermittedEntry

EVENTS = {
    Move.SIGN_OFF: Event.SIGNED_OFF,
    Move.REQUEST_CHANGES: Event.CHANGES_REQUESTED,
    Move.REOPEN: Event.REOPENED,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an assessment stands: what has happened to it, and who may sign it off."""

    key: AssessmentKey
    record: AssessmentRecord
    started_by: str
    started_at: datetime
    moves: tuple[MadeMove, ...]
    """In order."""
    certifiers: tuple[str, ...]
    """The names of those whom the round lets sign off; empty where nobody is asked to."""


def get_standing(database: Database, actor: Actor, key: AssessmentKey) -> Standing:
    """Say where an assessment stands; raises `NotFoundError` where the actor may not know of it."""
    with database.reading() as session:
        record = _check_known(actor, assessments.find_record(session, key))
        start = assessments.find_start(session, key)
        moves = assessments.list_moves(session, key)
        certifiers = recipients.list_with_role(session, record.organisation_id, Role.CERTIFIER)
    if start is None:
        raise NotFoundError("There is no such assessment")
    names = tuple(
        person.name
        for person in certifiers
        if rule_lets_sign_off(record.sign_off, record.submitted_by_id, person.person_id)
    )
    return Standing(key, record, *start, moves, names)


def can_be_signed_off(database: Database, actor: Actor, key: AssessmentKey) -> bool:
    """Say whether somebody is there to sign off what the actor would submit now, or the round asks for nobody.

    Raises `NotFoundError` where the actor may not know of the assessment.
    """
    with database.reading() as session:
        record = _check_known(actor, assessments.find_record(session, key))
        certifiers = recipients.list_with_role(session, record.organisation_id, Role.CERTIFIER)
    return record.sign_off is SignOff.NOBODY or any(
        rule_lets_sign_off(record.sign_off, actor.person_id, person.person_id) for person in certifiers
    )


def get_to_decide(database: Database, actor: Actor, key: AssessmentKey) -> Standing:
    """Say where an assessment stands to whoever may sign off; raises `NotFoundError` and `NotAllowedError`."""
    standing = get_standing(database, actor, key)
    access.check(actor, Deed.SIGN_OFF, organisation_id=standing.record.organisation_id)
    return standing


def sign_off(database: Database, actor: Actor, key: AssessmentKey, seen: int, now: datetime) -> None:
    """Sign off the submission that was looked at, `seen` by its number.

    Raises `NotFoundError` or `NotAllowedError` where the actor may not, and `NotAllowedNowError` where the status, the
    round or its rule does not let them, or what they looked at is not the newest.
    """
    with acting(database, actor) as session:
        record = _check_known(actor, assessments.lock_record(session, key, alone=True))
        access.check(actor, Deed.SIGN_OFF, organisation_id=record.organisation_id)
        if _is_repeated(session, key, Move.SIGN_OFF, "", actor, seen):
            return
        after = _check_open(session, key, record, Move.SIGN_OFF, seen, now)
        check_sign_off(record.sign_off, record.submitted_by_id, actor.person_id)
        _move(session, key, Move.SIGN_OFF, "", actor, after, now)
        telling.tell_signed_off(session, key, record, actor, now)
        _write_down(session, key, record, Move.SIGN_OFF, actor, after, now)


def request_changes(
    database: Database, actor: Actor, key: AssessmentKey, seen: int, reason: str, now: datetime
) -> None:
    """Hand what was submitted, and looked at as number `seen`, back to those who answer, with a reason.

    Raises what `sign_off` raises, and `AnswerError` for a reason that is missing or cannot be kept.
    """
    with acting(database, actor) as session:
        record = _check_known(actor, assessments.lock_record(session, key, alone=True))
        access.check(actor, Deed.SIGN_OFF, organisation_id=record.organisation_id)
        if _is_repeated(session, key, Move.REQUEST_CHANGES, reason, actor, seen):
            return
        check_reason(Move.REQUEST_CHANGES, reason)
        after = _check_open(session, key, record, Move.REQUEST_CHANGES, seen, now)
        if record.sign_off is SignOff.NOBODY:
            check_sign_off(record.sign_off, record.submitted_by_id, actor.person_id)  # which says so
        _move(session, key, Move.REQUEST_CHANGES, reason, actor, after, now)
        telling.tell_changes_requested(session, key, record, actor, reason, now)
        # The reason speaks of answers, which those who read the audit may not see: it stays with the assessment.
        _write_down(session, key, record, Move.REQUEST_CHANGES, actor, after, now)


def get_for_coordinator(database: Database, actor: Actor, key: AssessmentKey) -> AssessmentRecord:
    """Give an assessment, without a word of its answers, to whoever may reopen it."""
    with database.reading() as session:
        return _check_coordinated(actor, assessments.find_record(session, key))


def reopen(database: Database, actor: Actor, key: AssessmentKey, seen: int, reason: str, now: datetime) -> None:
    """Reopen an assessment whose newest submission has the number `seen`, with a reason; what was submitted is kept.

    Raises `NotFoundError` or `NotAllowedError` where the actor may not, `NotAllowedNowError` where it is not submitted
    or its round has closed, and `AnswerError` for a reason that is missing or cannot be kept.
    """
    with acting(database, actor) as session:
        record = _check_coordinated(actor, assessments.lock_record(session, key, alone=True))
        if _is_repeated(session, key, Move.REOPEN, reason, actor, seen):
            return
        check_reason(Move.REOPEN, reason)
        after = _check_open(session, key, record, Move.REOPEN, seen, now)
        _move(session, key, Move.REOPEN, reason, actor, after, now)
        telling.tell_reopened(session, key, record, actor, reason, now)
        _write_down(session, key, record, Move.REOPEN, actor, after, now, reason)


def get_for_late_entry(
    database: Database, actor: Actor, partnership_id: UUID, round_id: UUID, organisation_id: UUID
) -> AssessmentRecord:
    """Give what an organisation may enter in a round, started or not, to whoever may permit late entry."""
    with database.reading() as session:
        found = assessments.find_invitation(session, partnership_id, round_id, organisation_id)
        return _check_coordinated(actor, found)


def permit_late_entry(
    database: Database,
    actor: Actor,
    partnership_id: UUID,
    round_id: UUID,
    organisation_id: UUID,
    until: datetime,
    reason: str,
    now: datetime,
) -> None:
    """Let one organisation enter in one round until a time after its closing, with a reason; the last word counts.

    Raises `NotFoundError` or `NotAllowedError` where the actor may not, `NotAllowedNowError` while it is too early or
    where it has left, and `AnswerError` for a time or a reason that cannot be.
    """
    with acting(database, actor) as session:
        found = assessments.find_invitation(session, partnership_id, round_id, organisation_id)
        record = _check_coordinated(actor, found)
        check_permit_late_entry(record.window, now)
        check_late_entry(record.window, until, now)
        if fault := find_reason_fault(reason):
            raise AnswerError(fault)
        entry = PermittedEntry(until, reason, actor.person_id)
        held = late_entries.lock_late_entry(session, record)
        if held is None and not late_entries.add_late_entry(session, record, entry, now):
            held = late_entries.lock_late_entry(session, record)  # somebody was quicker by a moment
        if held == entry:
            return  # sent twice, permitted once
        if held is not None:
            late_entries.change_late_entry(session, record, entry, now)
        telling.tell_late_entry(session, record, actor, until, reason, now)
        auditing.record(
            session,
            Event.LATE_ENTRY_PERMITTED,
            actor.person_id,
            now,
            partnership_id=partnership_id,
            subject=f"organisation {organisation_id} round {round_id}",
            old=held.until.isoformat() if held else "",
            new=f"{until.isoformat()}: {reason}",
        )


def can_sign_off(actor: Actor, record: AssessmentRecord, now: datetime) -> bool:
    """Say whether the actor may sign off what is submitted now."""
    return _may_decide(actor, record, Move.SIGN_OFF, now) and rule_lets_sign_off(
        record.sign_off, record.submitted_by_id, actor.person_id
    )


def can_request_changes(actor: Actor, record: AssessmentRecord, now: datetime) -> bool:
    """Say whether the actor may hand back what is submitted now."""
    return _may_decide(actor, record, Move.REQUEST_CHANGES, now) and record.sign_off is not SignOff.NOBODY


def can_reopen(actor: Actor, record: AssessmentRecord, now: datetime) -> bool:
    """Say whether the actor may reopen an assessment now."""
    return access.can(actor, Deed.REOPEN, partnership_id=record.partnership_id) and _is_open(record, Move.REOPEN, now)


def can_permit_late_entry(actor: Actor, record: AssessmentRecord, now: datetime) -> bool:
    """Say whether the actor may permit late entry now."""
    may = access.can(actor, Deed.REOPEN, partnership_id=record.partnership_id)
    return may and is_time_for_late_entry(record.window, now)


def _may_decide(actor: Actor, record: AssessmentRecord, move: Move, now: datetime) -> bool:
    return access.can(actor, Deed.SIGN_OFF, organisation_id=record.organisation_id) and _is_open(record, move, now)


def _is_open(record: AssessmentRecord, move: Move, now: datetime) -> bool:
    return record.status is not None and can_move(move, record.status) and record.window.is_open(now)


def _check_known(actor: Actor, record: AssessmentRecord | None) -> AssessmentRecord:
    if record is None:
        raise NotFoundError("There is no such assessment")
    access.check(actor, Deed.SEE_ASSESSMENT, organisation_id=record.organisation_id)
    return record


def _check_coordinated(actor: Actor, record: AssessmentRecord | None) -> AssessmentRecord:
    if record is None:
        raise NotFoundError("There is no such assessment")
    access.check(actor, Deed.REOPEN, partnership_id=record.partnership_id)
    return record


def _is_repeated(session: Session, key: AssessmentKey, move: Move, reason: str, actor: Actor, seen: int) -> bool:
    """Say whether this very move was the last one made: a second click, or a form sent again."""
    moves: Sequence[MadeMove] = assessments.list_moves(session, key)
    if not moves or assessments.count_submissions(session, key) != seen:
        return False
    return (moves[-1].move, moves[-1].reason, moves[-1].person_id) == (move, reason, actor.person_id)


def _check_open(
    session: Session, key: AssessmentKey, record: AssessmentRecord, move: Move, seen: int, now: datetime
) -> AssessmentStatus:
    """Give the status after a move; raise `NotAllowedNowError` where it is not open, or was not seen."""
    if record.status is None:
        raise NotFoundError("There is no such assessment")
    after = check_move(move, record.status)
    record.window.check_open(now)
    if assessments.count_submissions(session, key) != seen:
        raise NotAllowedNowError("It has been submitted again since you looked. Look at the newest before you decide")
    return after


def _move(
    session: Session, key: AssessmentKey, move: Move, reason: str, actor: Actor, after: AssessmentStatus, now: datetime
) -> None:
    assessments.set_status(session, key, after, actor.person_id, now)
    assessments.add_move(session, key, move, reason, actor.person_id, now)


def _write_down(
    session: Session,
    key: AssessmentKey,
    record: AssessmentRecord,
    move: Move,
    actor: Actor,
    after: AssessmentStatus,
    now: datetime,
    reason: str = "",
) -> None:
    feeding.note_moved(session, key, after, now)
    webhooks.note_move(session, key, move, now)
    auditing.record(
        session,
        EVENTS[move],
        actor.person_id,
        now,
        partnership_id=key.partnership_id,
        subject=f"assessment {key.assessment_id}",
        old=str(record.status),
        new=f"{after}: {reason}" if reason else str(after),
    )
