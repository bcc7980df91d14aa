"""Noting the progress of an action, from either side, inside a unit of work; and who is told of it by mail."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.domain.action_drafts import ActionFault, find_note_fault
from app.domain.actions import ActionRecord, ActionStatus, ProgressNote, Side, check_step
from app.domain.audit import Event
from app.services import action_letters, auditing, mailing
from app.store import actions, people, recipients


@dataclass(frozen=True, slots=True)
class Progress:
    """A note as a form sent it, unchecked."""

    text: str
    status: str
    """The status from then on; the one there is, for a note alone."""
    seen: int
    """The number of the newest note that was seen; 0 for none."""


Noted = tuple[ActionFault, ...] | ActionRecord
"""Faults, none where it is stored; or the action as it is by now, where somebody else was first."""


def append_note(
    session: Session, action: ActionRecord, actor: Actor, progress: Progress, side: Side, now: datetime
) -> Noted:
    """Append a note to an action that is held, make the step it names, and tell whom it concerns.

    Raises `NotAllowedNowError` where there is no such step from where the action is.
    """
    if progress.status not in set(ActionStatus):
        return (ActionFault("status", "Choose one of the statuses"),)
    status = ActionStatus(progress.status)
    note = ProgressNote(progress.seen + 1, status, progress.text, actor.person_id, actor.name, now)
    if progress.seen != action.noted:
        return () if _is_there(action, note) else action  # sent twice, noted once
    step = check_step(action, status, side)
    if step is None and side is Side.DEPARTMENT:  # its notes are what it says to the partnership
        return (ActionFault("status", "Choose whether to answer, accept or decline"),)
    moved_to = step.end if step else None
    if fault := find_note_fault(progress.text, moved_to, needs_words=bool(step and step.needs_words)):
        return (ActionFault("note", fault),)
    actions.add_note(session, action, note)
    if step:
        _tell(session, action, note, actor, now)
    auditing.record(
        session,
        Event.ACTION_NOTED,
        actor.person_id,
        now,
        partnership_id=action.partnership_id,
        subject=f"action {action.id} note {note.number}",
        old=action.status.value,
        new=status.value,
    )
    return ()


def _is_there(action: ActionRecord, note: ProgressNote) -> bool:
    return any(
        (each.number, each.status, each.text, each.person_id) == (note.number, note.status, note.text, note.person_id)
        for each in action.notes
    )


def _tell(session: Session, action: ActionRecord, note: ProgressNote, actor: Actor, now: datetime) -> None:
    if note.status is ActionStatus.SENT and action.department_id:
        letter = action_letters.ask_sent(action, actor.name, note.text, ask_path(action))
        for lead in recipients.list_with_role(session, action.department_id, Role.LEAD):
            key = f"ask:{action.id}:{note.number}:{lead.person_id}"
            mailing.post(session, letter, lead.address, lead.person_id, now, key=key)
    if note.status in action_letters.ANSWERED and action.owner_is_there and action.owner_id != actor.person_id:
        letter = action_letters.ask_answered(action, note.status, actor.name, note.text, action_path(action))
        post_to_owner(session, action, letter, now)


def post_to_owner(session: Session, action: ActionRecord, letter: mailing.Letter, now: datetime) -> None:
    """Write to the owner of an action."""
    _, address, _ = people.get_contact(session, action.owner_id)
    if address:
        mailing.post(session, letter, address, action.owner_id, now)


def action_path(action: ActionRecord) -> str:
    """Give the page of an action, for its partnership."""
    return f"/partnerships/{action.partnership_id}/actions/{action.id}"


def ask_path(action: ActionRecord) -> str:
    """Give the page of an ask, for its department."""
    return f"/asks/{action.partnership_id}/{action.id}"
