"""The action plan of a partnership: its board, one action, and noting how it goes. Making one is in `drafting`.

Whoever sees the report of one round sees the actions made in it and before it; owners see their own, always.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.action_changes import QuestionChange
from app.domain.actions import (
    ActionRecord,
    Side,
    Step,
    can_change,
    can_note,
    can_see_action,
    check_board,
    check_note,
    list_open_rounds,
    list_steps,
    order_actions,
)
from app.domain.errors import NotFoundError
from app.domain.exchange import can_see_exchange
from app.domain.questionnaire import Questionnaire
from app.domain.together import Together, can_plan
from app.domain.uk_time import today
from app.services import Database
from app.services.acting import acting
from app.services.progressing import Noted, Progress, append_note
from app.services.together import compare_actions
from app.store import actions
from app.store import together as rounds_store


@dataclass(frozen=True, slots=True)
class Plan:
    """The actions and asks of a partnership that somebody sees."""

    partnership_id: UUID
    partnership: str
    round: Together
    """The newest round whose report is open to them."""
    actions: tuple[ActionRecord, ...]
    """In order: overdue first. Each with its newest note."""
    questionnaires: Mapping[UUID, Questionnaire]
    """Round -> its questionnaire."""
    changes: Mapping[UUID, QuestionChange]
    """Action -> the change in its question, from the round it was made in to the newest."""
    can_plan: bool
    can_see_exchange: bool
    """Whether they see what the partnership offers to others, and asks of them."""


@dataclass(frozen=True, slots=True)
class OpenedAction:
    """One action with all its notes, and what somebody may do with it."""

    action: ActionRecord
    questionnaire: Questionnaire
    change: QuestionChange | None
    """`None` for an owner to whom no report is open."""
    steps: tuple[Step, ...]
    can_note: bool
    can_change: bool
    sees_board: bool


def get_plan(database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, now: datetime) -> Plan:
    """Give the board of a partnership. Three statements.

    Raises `NotFoundError` for whoever does not belong to it, `NotAllowedNowError` while no report is open to them.
    """
    with database.reading() as session:
        rounds = rounds_store.list_rounds(session, partnership_id)
        opened = check_board(actor, rounds, now)
        found = actions.list_actions(session, partnership_id)
    seen = tuple(each for each in found if can_see_action(actor, each, rounds, now))
    return Plan(
        partnership_id=partnership_id,
        partnership=opened[0].partnership,
        round=opened[0],
        actions=order_actions(seen, today(now)),
        questionnaires={each.round_id: catalogue.get_by_hash(each.questionnaire_hash) for each in rounds},
        changes=compare_actions(catalogue, seen, opened),
        can_plan=any(can_plan(actor, each, now) for each in opened),
        can_see_exchange=can_see_exchange(actor, rounds, now),
    )


def get_action(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, action_id: UUID, now: datetime
) -> OpenedAction:
    """Give one action; raises `NotFoundError` for whoever does not see it."""
    with database.reading() as session:
        rounds = rounds_store.list_rounds(session, partnership_id)
        action = actions.find_action(session, partnership_id, action_id)
    if action is None or not can_see_action(actor, action, rounds, now):
        raise NotFoundError("There is no such page")
    opened = list_open_rounds(actor, rounds, now)
    may_note = can_note(actor, action, rounds, now)
    return OpenedAction(
        action=action,
        questionnaire=catalogue.get_by_hash(action.questionnaire_hash),
        change=compare_actions(catalogue, (action,), opened).get(action.id),
        steps=list_steps(action, Side.PARTNERSHIP) if may_note else (),
        can_note=may_note,
        can_change=can_change(actor, action, rounds, now),
        sees_board=bool(opened),
    )


def note(
    database: Database, actor: Actor, partnership_id: UUID, action_id: UUID, progress: Progress, now: datetime
) -> Noted:
    """Note the progress of an action, and move it to the status that is named.

    Raises `NotFoundError`, `NotAllowedError`, and `NotAllowedNowError` where there is no such step.
    """
    with acting(database, actor) as session:
        action = actions.lock_action(session, partnership_id, action_id)
        if action is None:
            raise NotFoundError("There is no such page")
        check_note(actor, action, rounds_store.list_rounds(session, partnership_id), now)
        return append_note(session, action, actor, progress, Side.PARTNERSHIP, now)
