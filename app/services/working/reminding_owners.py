"""Reminding the owners of actions: a week before, and the day after. Once for each action, its day and its owner."""

from datetime import datetime
from typing import Final

from app.domain.action_reminders import LOOK_AHEAD, LOOK_BACK, ActionReminder, find_reminder
from app.domain.actions import ActionRecord
from app.domain.uk_time import today
from app.services import action_letters, mailing
from app.services.progressing import action_path
from app.services.working.means import Means
from app.store import actions, mails

BATCH: Final = 200


def write_action_reminders(means: Means, now: datetime) -> str:
    """Write the reminders that are due and were not written before."""
    day = today(now)
    with means.database.reading() as session:
        wanted = [
            (_key_of(kind, action), kind, action, address)
            for action, address in actions.list_due(session, day - LOOK_BACK, day + LOOK_AHEAD)
            if (kind := find_reminder(action.due_on, action.created_at, now))
        ]
        written = mails.find_written(session, [key for key, *_ in wanted]) if wanted else frozenset()
    missing = [each for each in wanted if each[0] not in written]
    added = 0
    for start in range(0, len(missing), BATCH):
        if means.stop.is_set():
            break
        with means.database.writing() as session:
            for key, kind, action, address in missing[start : start + BATCH]:
                letter = action_letters.action_reminder(kind, action, action_path(action))
                added += mailing.post(session, letter, address, action.owner_id, now, key=key)
    return f"{added} written" if added else ""


def _key_of(kind: ActionReminder, action: ActionRecord) -> str:
    """Name what is said once only: another day, or another owner, is something else."""
    return f"action:{kind}:{action.id}:{action.due_on}:{action.owner_id}"
