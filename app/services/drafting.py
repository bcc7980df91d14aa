"""Making and changing actions: what the form needs to know, and storing what it sent."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.action_drafts import (
    ActionDraft,
    ActionFault,
    Department,
    Known,
    Owner,
    PlannedValues,
    settle_draft,
)
from app.domain.actions import (
    FIRST,
    ActionRecord,
    ActionStatus,
    Kind,
    check_board,
    check_change,
)
from app.domain.audit import Event
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.gaps import Gap
from app.domain.learning import LearningLibrary, LearningPoint, find_learning
from app.domain.questionnaire import Question, Questionnaire
from app.domain.together import Together, can_plan, check_plan
from app.domain.uk_time import today
from app.services import Database, action_letters, auditing
from app.services.acting import acting
from app.services.marking import load_library
from app.services.progressing import Noted, action_path, post_to_owner
from app.services.together import make_report
from app.store import actions
from app.store import together as rounds_store
from app.store.models import new_id


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of the newest round that somebody may plan for."""

    round: Together
    questionnaire: Questionnaire
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True)
class Planning:
    """What a form for an action needs to know."""

    round: Together
    questionnaire: Questionnaire
    question: Question
    gap: Gap | None
    """Where the question stands as agreed, or on average; `None` without a score."""
    owners: tuple[Owner, ...]
    departments: tuple[Department, ...]
    points: tuple[LearningPoint, ...]
    """What the learning library has for it."""
    library: LearningLibrary | None
    next_id: UUID
    """Of the next action: one form is one action, however often it is sent."""

    @property
    def known(self) -> Known:
        """What the form may name."""
        points = {point.id for point in self.library.points} if self.library else set()
        return Known(self.owners, self.departments, points)


@dataclass(frozen=True, slots=True)
class Changing:
    """An action to be changed, and what the form needs to know."""

    action: ActionRecord
    planning: Planning


def list_gaps(database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, now: datetime) -> Gaps:
    """List the gaps of the newest round that the actor may plan for; raises what `get_plan` does, `NotAllowedError`."""
    with database.reading() as session:
        rounds = rounds_store.list_rounds(session, partnership_id)
    opened = check_board(actor, rounds, now)
    found = next((each for each in opened if can_plan(actor, each, now)), None)
    if found is None:
        check_plan(actor, opened[0], now)
        raise NotAllowedError("No round is open to you in which you can plan actions")
    report = make_report(catalogue, found, rounds)
    return Gaps(found, report.questionnaire, report.settled.gaps)


def open_form(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    round_id: UUID,
    question_id: str,
    now: datetime,
) -> Planning:
    """Give what the form of a new action needs.

    Raises `NotFoundError`, `NotAllowedError` where the actor plans no actions, and `NotAllowedNowError`.
    """
    with database.reading() as session:
        return _open_form(session, catalogue, actor, partnership_id, round_id, question_id, now)


def _open_form(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    round_id: UUID,
    question_id: str,
    now: datetime,
) -> Planning:
    rounds = rounds_store.list_rounds(session, partnership_id)
    found = next((each for each in rounds if each.round_id == round_id), None)
    if found is None:
        raise NotFoundError("There is no such page")
    check_plan(actor, found, now)
    return _prepare(session, catalogue, found, rounds, question_id)


def _prepare(
    session: Session, catalogue: Catalogue, found: Together, rounds: tuple[Together, ...], question_id: str
) -> Planning:
    report = make_report(catalogue, found, rounds)
    questionnaire = report.questionnaire
    question = questionnaire.questions_by_id.get(question_id)
    if question is None:
        raise NotFoundError("There is no such question")
    settled = report.settled
    gap = next((each for each in (*settled.gaps, *settled.met) if each.question.id == question_id), None)
    library = load_library(session, catalogue, questionnaire.framework)
    return Planning(
        round=found,
        questionnaire=questionnaire,
        question=question,
        gap=gap,
        owners=actions.list_owners(session, found.partnership_id),
        departments=actions.list_departments(session),
        points=_find_points(library, questionnaire, gap),
        library=library,
        next_id=new_id(),
    )


def _find_points(
    library: LearningLibrary | None, questionnaire: Questionnaire, gap: Gap | None
) -> tuple[LearningPoint, ...]:
    if library is None or gap is None:
        return ()
    enabler = questionnaire.section_of[gap.question.id].enabler
    return find_learning(library, gap.question.id, enabler, questionnaire.framework.band_of(gap.score).id)


def plan_action(  # noqa: PLR0913, PLR0917 - which gap, what is to be done about it, and as which action
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    round_id: UUID,
    question_id: str,
    draft: ActionDraft,
    action_id: UUID,
    now: datetime,
) -> tuple[ActionFault, ...]:
    """Plan an action about a question, and write to its owner; or say all that is wrong, with nothing stored.

    Sent twice with the same id it is planned once. Raises what `open_form` does.
    """
    with acting(database, actor) as session:
        planning = _open_form(session, catalogue, actor, partnership_id, round_id, question_id, now)
        values = settle_draft(draft, planning.known, today(now))
        if isinstance(values, tuple):
            return values
        status = FIRST[Kind.ASK if values.department else Kind.ACTION]
        where = partnership_id, action_id, round_id, question_id
        if not actions.add_action(session, *where, values, status, actor.person_id, now):
            return ()
        _tell_owner(session, actor, partnership_id, action_id, now)
        _record(session, Event.ACTION_PLANNED, actor, where[:2], "", _describe(values, status), now)
        return ()


def get_changing(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, action_id: UUID, now: datetime
) -> Changing:
    """Give an action to be changed; raises `NotFoundError`, or `NotAllowedError` where the actor may not."""
    with database.reading() as session:
        action = actions.find_action(session, partnership_id, action_id)
        return _open_changing(session, catalogue, actor, partnership_id, action, now)


def _open_changing(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    action: ActionRecord | None,
    now: datetime,
) -> Changing:
    rounds = rounds_store.list_rounds(session, partnership_id)
    if action is None:
        raise NotFoundError("There is no such page")
    check_change(actor, action, rounds, now)
    found = next(each for each in rounds if each.round_id == action.round_id)
    return Changing(action, _prepare(session, catalogue, found, rounds, action.question_id))


def change(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    action_id: UUID,
    draft: ActionDraft,
    seen_version: int,
    now: datetime,
) -> Noted:
    """Change an action that has the version which was seen, and write to an owner who is new.

    Gives all that is wrong, nothing where it is stored, or the action as it is where somebody else has changed it.
    """
    with acting(database, actor) as session:
        action = actions.lock_action(session, partnership_id, action_id)
        changing = _open_changing(session, catalogue, actor, partnership_id, action, now)
        before = changing.action
        values = settle_draft(replace(draft, point=""), changing.planning.known, today(now), before)
        if isinstance(values, tuple):
            return values
        kind = Kind.ASK if values.department else Kind.ACTION
        status = FIRST[kind] if before.is_at_first else before.status
        if _is_same(before, values):
            return ()  # sent twice, changed once
        if before.version != seen_version or not actions.change_action(session, before, values, status):
            return before
        if values.owner.person_id != before.owner_id:
            _tell_owner(session, actor, partnership_id, action_id, now)
        old = f"owner {before.owner_id} due {before.due_on} {before.status}"
        key = partnership_id, action_id
        _record(session, Event.ACTION_CHANGED, actor, key, old, _describe(values, status), now)
        return ()


def _is_same(before: ActionRecord, values: PlannedValues) -> bool:
    stored = before.title, before.measure, before.owner_organisation_id, before.owner_id, before.due_on
    owner = values.owner
    wanted = values.title, values.measure, owner.organisation_id, owner.person_id, values.due_on
    return stored == wanted and before.department_id == (values.department.id if values.department else None)


def _tell_owner(session: Session, actor: Actor, partnership_id: UUID, action_id: UUID, now: datetime) -> None:
    action = actions.find_action(session, partnership_id, action_id)
    if action and action.owner_id != actor.person_id:
        post_to_owner(session, action, action_letters.action_given(action, actor.name, action_path(action)), now)


def _describe(values: PlannedValues, status: ActionStatus) -> str:
    """Say what the audit keeps of an action: no words of anybody's."""
    return f"owner {values.owner.person_id} due {values.due_on} {status}"


def _record(
    session: Session, event: Event, actor: Actor, key: tuple[UUID, UUID], old: str, new: str, now: datetime
) -> None:
    partnership_id, action_id = key
    auditing.record(
        session,
        event,
        actor.person_id,
        now,
        partnership_id=partnership_id,
        subject=f"action {action_id}",
        old=old,
        new=new,
    )
