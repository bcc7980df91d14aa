"""Who is told by mail of a move in the life of an assessment. Called inside the transaction of the move."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.domain.assessment import AssessmentStatus, Move, can_sign_off
from app.domain.records import AssessmentKey, AssessmentRecord
from app.services import letters, mailing
from app.services.mailing import Letter
from app.store import assessments, recipients
from app.store.recipients import Recipient


def tell_submitted(session: Session, key: AssessmentKey, record: AssessmentRecord, actor: Actor, now: datetime) -> None:
    """Tell those who may sign off what `actor` has just submitted; nobody, where the round asks for none."""
    letter = letters.submitted(
        record.organisation,
        record.partnership,
        record.round,
        actor.name,
        record.submissions + 1,  # as it was before this one
        f"{_path(key)}/sign-off",
    )
    certifiers = recipients.list_with_role(session, record.organisation_id, Role.CERTIFIER)
    asked = (each for each in certifiers if can_sign_off(record.sign_off, actor.person_id, each.person_id))
    _post(session, letter, asked, now)


def tell_changes_requested(
    session: Session, key: AssessmentKey, record: AssessmentRecord, actor: Actor, reason: str, now: datetime
) -> None:
    """Tell those who answer what is to be changed, and the leads among them to submit it again."""
    leads = {lead.person_id for lead in _list_leads(session, record)}
    answerers = [*_others(recipients.list_who_answer(session, record.organisation_id, key), actor)]
    for submits in (True, False):
        letter = letters.changes_requested(
            record.organisation, record.round, actor.name, reason, _path(key), submits=submits
        )
        _post(session, letter, (each for each in answerers if (each.person_id in leads) is submits), now)


def tell_signed_off(
    session: Session, key: AssessmentKey, record: AssessmentRecord, actor: Actor, now: datetime
) -> None:
    """Tell the leads that it is done."""
    letter = letters.signed_off(record.organisation, record.round, actor.name, f"{_path(key)}/report")
    _post(session, letter, _others(_list_leads(session, record), actor), now)


def tell_reopened(
    session: Session, key: AssessmentKey, record: AssessmentRecord, actor: Actor, reason: str, now: datetime
) -> None:
    """Tell the leads that they are to submit again, and why; and whoever had signed it off. `record` is from before."""
    letter = letters.reopened(record.organisation, record.round, actor.name, reason, _path(key))
    leads = [*_others(_list_leads(session, record), actor)]
    _post(session, letter, leads, now)
    if record.status is AssessmentStatus.SIGNED_OFF:
        signer = [move.person_id for move in assessments.list_moves(session, key) if move.move is Move.SIGN_OFF][-1]
        told = {lead.person_id for lead in leads} | {actor.person_id}
        certifiers = recipients.list_with_role(session, record.organisation_id, Role.CERTIFIER)
        letter = letters.reopened_signed(record.organisation, record.round, actor.name, reason, _path(key))
        _post(session, letter, (each for each in certifiers if each.person_id in {signer} - told), now)


def tell_late_entry(
    session: Session, record: AssessmentRecord, actor: Actor, until: datetime, reason: str, now: datetime
) -> None:
    """Tell the leads until when they may enter."""
    if record.assessment_id is None:
        path = (
            f"/partnerships/{record.partnership_id}/rounds/{record.round_id}"
            f"/organisations/{record.organisation_id}/start"
        )
    else:
        path = _path(AssessmentKey(record.partnership_id, record.assessment_id))
    letter = letters.late_entry(record.organisation, record.round, actor.name, until, reason, path)
    _post(session, letter, _others(_list_leads(session, record), actor), now)


def _list_leads(session: Session, record: AssessmentRecord) -> tuple[Recipient, ...]:
    return recipients.list_with_role(session, record.organisation_id, Role.LEAD)


def _others(people: Iterable[Recipient], actor: Actor) -> Iterable[Recipient]:
    return (person for person in people if person.person_id != actor.person_id)


def _post(session: Session, letter: Letter, people: Iterable[Recipient], now: datetime) -> None:
    for person in people:
        mailing.post(session, letter, person.address, person.person_id, now)


def _path(key: AssessmentKey) -> str:
    return f"/partnerships/{key.partnership_id}/assessments/{key.assessment_id}"
