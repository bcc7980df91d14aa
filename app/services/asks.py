"""Asks of government, for the departments: what was sent to them, and answering it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.catalogue import Catalogue
from app.domain.access import Actor, Deed
from app.domain.action_drafts import Department
from app.domain.actions import (
    ActionRecord,
    Side,
    Step,
    check_answer_ask,
    list_for_department,
    list_steps,
    order_actions,
)
from app.domain.errors import NotFoundError
from app.domain.questionnaire import Questionnaire
from app.domain.uk_time import today
from app.services import Database, auditing
from app.services.acting import acting
from app.services.progressing import Noted, Progress, append_note
from app.store import actions


@dataclass(frozen=True, slots=True)
class Asks:
    """What was sent to the departments that somebody leads."""

    departments: tuple[Department, ...]
    asks: tuple[ActionRecord, ...]
    """In order: overdue first. Without notes, which may be internal to the partnership."""
    questionnaires: Mapping[str, Questionnaire]
    """Hash -> questionnaire, of the rounds the asks come from."""


@dataclass(frozen=True, slots=True)
class OpenedAsk:
    """One ask as its department sees it."""

    ask: ActionRecord
    """Its notes are those that the department reads."""
    noted: int
    """The number of its newest note, whoever reads it."""
    questionnaire: Questionnaire
    steps: tuple[Step, ...]


def list_asks(database: Database, catalogue: Catalogue, actor: Actor, now: datetime) -> Asks:
    """List what was sent to the departments that the actor leads; raises `NotFoundError` where they lead none."""
    led = actor.list_organisations(Deed.PLAN)
    with database.reading() as session:
        departments = tuple(each for each in actions.list_departments(session) if each.id in led) if led else ()
        if not departments:
            raise NotFoundError("There is no such page")
        asks = tuple(replace(each, notes=()) for each in actions.list_asks(session, [each.id for each in departments]))
    hashes = {each.questionnaire_hash for each in asks}
    return Asks(departments, order_actions(asks, today(now)), {each: catalogue.get_by_hash(each) for each in hashes})


def get_ask(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, action_id: UUID, now: datetime
) -> OpenedAsk:
    """Give an ask that was sent to a department which the actor leads, and record that it was read.

    Raises `NotFoundError`.
    """
    with database.reading() as session:
        ask = actions.find_action(session, partnership_id, action_id)
    if ask is None:
        raise NotFoundError("There is no such page")
    check_answer_ask(actor, ask)
    auditing.record_view(database, actor, partnership_id, f"action {action_id}", now)
    shown = replace(ask, notes=list_for_department(ask))
    return OpenedAsk(shown, ask.noted, catalogue.get_by_hash(ask.questionnaire_hash), list_steps(ask, Side.DEPARTMENT))


def answer(
    database: Database, actor: Actor, partnership_id: UUID, action_id: UUID, progress: Progress, now: datetime
) -> Noted:
    """Answer, accept or decline an ask as its department, or note how far it is; tells the owner.

    Raises `NotFoundError`, and `NotAllowedNowError` where it is not open to that step.
    """
    with acting(database, actor) as session:
        ask = actions.lock_action(session, partnership_id, action_id)
        if ask is None:
            raise NotFoundError("There is no such page")
        check_answer_ask(actor, ask)
        return append_note(session, ask, actor, progress, Side.DEPARTMENT, now)
