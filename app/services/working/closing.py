"""Noting that a round has closed, once, and telling those who look after it who has finished."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.assessment import is_final
from app.domain.audit import Event
from app.services import auditing, feeding, letters, mailing
from app.services.letters import Outcome
from app.services.working.means import Means
from app.store import reminders
from app.store.reminders import Addressee, Standing

TELL_WITHIN: Final = timedelta(days=14)
"""A closing that is noted later than this is no news, and nobody is told."""
ROUNDS: Final = "/rounds"
PARTNERSHIPS: Final = "/partnerships"


def close_rounds(means: Means, now: datetime) -> str:
    """Note the closing of each round whose time has come, and write to coordinators and administrators."""
    with means.database.reading() as session:
        rounds = reminders.list_to_close(session, now)
    closed = [title for title in (_close(means, round_id, now) for round_id in rounds) if title]
    return f"closed {', '.join(closed)}" if closed else ""


def _close(means: Means, round_id: UUID, now: datetime) -> str:
    """Close one round and give its title; nothing where another worker has done so."""
    with means.database.writing() as session:
        closed = reminders.note_closed(session, round_id, now)
        if closed is None:
            return ""
        title, closes_at = closed
        if now - closes_at <= TELL_WITHIN:
            _tell(session, round_id, title, closes_at, now)
        feeding.show_again(session, round_id, now)
        auditing.record(session, Event.ROUND_CLOSED, None, now, subject=f"round {round_id}", new=title)
    return title


def _tell(session: Session, round_id: UUID, title: str, closes_at: datetime, now: datetime) -> None:
    outcomes = {
        partnership_id: _find_outcome(list(group))
        for partnership_id, group in groupby(
            reminders.list_standings(session, round_id), key=lambda standing: standing.partnership_id
        )
    }
    people = reminders.list_to_tell(session, round_id)
    for person_id, roles in groupby(people, key=lambda person: person.person_id):
        grants = list(roles)
        path, told = _choose(grants, outcomes, round_id)
        letter = letters.round_closed(title, closes_at, told, path)
        mailing.post(session, letter, grants[0].address, person_id, now, key=f"closed:{round_id}:{person_id}")


def _choose(grants: Sequence[Addressee], outcomes: dict[UUID, Outcome], round_id: UUID) -> tuple[str, list[Outcome]]:
    """Give what somebody is told of, and the page that says more: administrators of everything."""
    if any(grant.role is Role.CENTRAL_ADMINISTRATOR for grant in grants):
        return f"{ROUNDS}/{round_id}", list(outcomes.values())
    own = {each: outcome for each, outcome in outcomes.items() if any(grant.partnership_id == each for grant in grants)}
    path = f"{PARTNERSHIPS}/{next(iter(own))}" if len(own) == 1 else PARTNERSHIPS
    return path, list(own.values())


def _find_outcome(standings: Sequence[Standing]) -> Outcome:
    finished = [each.organisation for each in standings if is_final(each.sign_off, each.status)]
    unfinished = [each.organisation for each in standings if not is_final(each.sign_off, each.status)]
    return Outcome(standings[0].partnership, finished, unfinished)
