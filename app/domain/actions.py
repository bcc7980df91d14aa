"""What a partnership will do about its gaps, and what it asks of government: statuses, their table of steps, rights.

An action that names a department is an ask, and has statuses of its own. Rules come in pairs: `check_…` raises a
sentence for a person, `can_…` asks the same for a page.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.access import ONLY, Actor, Deed, can
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.together import Together, can_plan, can_see, check_see, is_carried

NEEDS_OWNER: Final = "somebody who was erased"
"""What an owner is called whose name is gone."""


@dataclass(frozen=True, slots=True)
class DepartmentLead(Actor):
    """Somebody who leads a government department: the navigation offers them what is asked of it."""


class Kind(StrEnum):
    """What is planned: something the partnership does, or something it asks of a department."""

    ACTION = "action"
    ASK = "ask"


class ActionStatus(StrEnum):
    """How far an action, or an ask, has come."""

    PLANNED = "planned"
    UNDER_WAY = "under-way"
    DRAFTED = "drafted"
    SENT = "sent"
    ANSWERED = "answered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    DONE = "done"
    DROPPED = "dropped"


FIRST: Final[Mapping[Kind, ActionStatus]] = {Kind.ACTION: ActionStatus.PLANNED, Kind.ASK: ActionStatus.DRAFTED}
"""What each kind begins as. Until it goes on, one may become the other."""
CLOSED: Final = frozenset({ActionStatus.DONE, ActionStatus.DROPPED})
"""Nothing is left to be done; all others stay on the board, in later rounds too."""
SENT_ON: Final = frozenset(
    {ActionStatus.SENT, ActionStatus.ANSWERED, ActionStatus.ACCEPTED, ActionStatus.DECLINED, ActionStatus.DONE}
)
"""The statuses in which its department sees an ask."""


class Side(StrEnum):
    """Who makes a step."""

    PARTNERSHIP = "partnership"
    """Its coordinators, its leads, and the owner."""
    DEPARTMENT = "department"
    """A lead of the department that is asked."""


@dataclass(frozen=True, slots=True)
class Step:
    """One way from a status to the next."""

    start: ActionStatus
    end: ActionStatus
    side: Side
    needs_words: bool = False
    """Whether a reason, or an answer, has to be written."""


def _list_steps(
    kind: Mapping[ActionStatus, Sequence[ActionStatus]], side: Side, wordy: frozenset[ActionStatus]
) -> tuple[Step, ...]:
    return tuple(Step(start, end, side, end in wordy) for start, ends in kind.items() for end in ends)


_S: Final = ActionStatus
STEPS: Final[Mapping[Kind, tuple[Step, ...]]] = {
    Kind.ACTION: _list_steps(
        {
            _S.PLANNED: (_S.UNDER_WAY, _S.DONE, _S.DROPPED),
            _S.UNDER_WAY: (_S.DONE, _S.PLANNED, _S.DROPPED),
            _S.DONE: (_S.UNDER_WAY,),
            _S.DROPPED: (_S.PLANNED,),
        },
        Side.PARTNERSHIP,
        frozenset({_S.DROPPED}),
    ),
    Kind.ASK: (
        *_list_steps(
            {
                _S.DRAFTED: (_S.SENT, _S.DROPPED),
                _S.SENT: (_S.ANSWERED, _S.DRAFTED, _S.DROPPED),
                _S.ANSWERED: (_S.SENT, _S.DONE, _S.DROPPED),
                _S.ACCEPTED: (_S.DONE,),
                _S.DECLINED: (_S.DRAFTED, _S.DROPPED),
                _S.DONE: (_S.ANSWERED,),
                _S.DROPPED: (_S.DRAFTED,),
            },
            Side.PARTNERSHIP,
            frozenset({_S.DROPPED, _S.ANSWERED}),
        ),
        *_list_steps(
            {
                _S.SENT: (_S.ANSWERED, _S.ACCEPTED, _S.DECLINED),
                _S.ANSWERED: (_S.ACCEPTED, _S.DECLINED),
                _S.ACCEPTED: (_S.DECLINED,),
                _S.DECLINED: (_S.ACCEPTED,),
            },
            Side.DEPARTMENT,
            frozenset({_S.ANSWERED, _S.DECLINED}),
        ),
    ),
}
"""The table: every step there is. What is not in it is refused."""


@dataclass(frozen=True, slots=True)
class ProgressNote:
    """One note on an action, with the status from then on."""

    number: int
    """From 1, without gaps."""
    status: ActionStatus
    text: str
    person_id: UUID
    person: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class ActionRecord:
    """One action or ask as it is stored, with names."""

    partnership_id: UUID
    partnership: str
    id: UUID
    round_id: UUID
    """The round whose gap it is about."""
    round: str
    questionnaire_hash: str
    question_id: str
    title: str
    measure: str
    owner_organisation_id: UUID
    owner_organisation: str
    owner_id: UUID
    owner: str
    owner_is_there: bool
    """Whether the owner still has a role in that organisation, and it is still in the partnership."""
    due_on: date
    status: ActionStatus
    department_id: UUID | None
    department: str
    learning_point: str
    version: int
    created_by: UUID
    created_at: datetime
    notes: tuple[ProgressNote, ...] = ()
    """The oldest first; on a list the newest alone."""

    @property
    def kind(self) -> Kind:
        """What it is: naming a department makes it an ask."""
        return Kind.ACTION if self.department_id is None else Kind.ASK

    @property
    def is_open(self) -> bool:
        """Whether something is left to be done."""
        return self.status not in CLOSED

    @property
    def noted(self) -> int:
        """The number of its newest note; 0 for none."""
        return self.notes[-1].number if self.notes else 0

    @property
    def has_fixed_words(self) -> bool:
        """Whether title, measure and department stay as they are: a department has been shown them."""
        return self.kind is Kind.ASK and self.status is not ActionStatus.DRAFTED

    @property
    def is_at_first(self) -> bool:
        """Whether it has not gone on yet, so that it may still become an ask, or be none."""
        return self.status is FIRST[self.kind]

    def is_overdue(self, today: date) -> bool:
        """Say whether its day has passed with something left to be done."""
        return self.is_open and self.due_on < today


# ---- Rights ----------------------------------------------------------------------------------------------------------


def list_open_rounds(actor: Actor, rounds: Sequence[Together], now: datetime) -> tuple[Together, ...]:
    """Give the rounds whose report is open to the actor, in the order given."""
    return tuple(each for each in rounds if can_see(actor, each, now))


def list_planned_rounds(actor: Actor, rounds: Sequence[Together], now: datetime) -> tuple[Together, ...]:
    """Give the rounds whose actions the actor sees, the newest first: those open to them, and those carried into one.

    Scores are told of the open ones alone. An action of a later round, or of one in which they can still submit, would
    tell of answers that are not open to the actor yet.
    """
    newest = next((place for place, each in enumerate(rounds) if can_see(actor, each, now)), len(rounds))
    return tuple(each for each in rounds[newest:] if can_see(actor, each, now) or is_carried(actor, each, now))


def check_board(actor: Actor, rounds: Sequence[Together], now: datetime) -> tuple[Together, ...]:
    """Give what `list_open_rounds` gives; raises `NotFoundError`, or `NotAllowedNowError` where nothing is open yet."""
    found = list_open_rounds(actor, rounds, now)
    if not found:
        if not rounds:
            raise NotFoundError("There is no such page")
        check_see(actor, rounds[0], now)
    return found


def is_owner(actor: Actor, action: ActionRecord) -> bool:
    """Say whether the actor owns an action, and still has a role in the organisation they own it for."""
    has_role = any(grant.organisation_id == action.owner_organisation_id for grant in actor.grants)
    return action.owner_is_there and actor.person_id == action.owner_id and has_role


def can_see_action(actor: Actor, action: ActionRecord, rounds: Sequence[Together], now: datetime) -> bool:
    """Say whether the actor sees one action: their own, or one of a round that is open to them or carried into one."""
    opened = {each.round_id for each in list_planned_rounds(actor, rounds, now)}
    return is_owner(actor, action) or action.round_id in opened


def can_change(actor: Actor, action: ActionRecord, rounds: Sequence[Together], now: datetime) -> bool:
    """Say whether the actor may change an action: who may plan in its round, or in one it is carried into."""
    place = next((place for place, each in enumerate(rounds) if each.round_id == action.round_id), -1)
    return any(can_plan(actor, each, now) for each in rounds[: place + 1])


def check_change(actor: Actor, action: ActionRecord, rounds: Sequence[Together], now: datetime) -> None:
    """Raise `NotFoundError` for whoever does not see an action, `NotAllowedError` for who may not change it."""
    if not can_see_action(actor, action, rounds, now):
        raise NotFoundError("There is no such page")
    if not can_change(actor, action, rounds, now):
        raise NotAllowedError(ONLY[Deed.PLAN])


def can_note(actor: Actor, action: ActionRecord, rounds: Sequence[Together], now: datetime) -> bool:
    """Say whether the actor may note progress: the owner, and who may change the action."""
    return is_owner(actor, action) or can_change(actor, action, rounds, now)


def check_note(actor: Actor, action: ActionRecord, rounds: Sequence[Together], now: datetime) -> None:
    """Raise `NotFoundError` for whoever does not see an action, `NotAllowedError` for who may not note its progress."""
    if not can_see_action(actor, action, rounds, now):
        raise NotFoundError("There is no such page")
    if not can_note(actor, action, rounds, now):
        raise NotAllowedError("Only its owner, a coordinator or a lead can note the progress of an action")


def can_answer_ask(actor: Actor, action: ActionRecord) -> bool:
    """Say whether the actor may see and answer an ask as its department: a lead of it, once it has been sent."""
    asked = action.department_id
    return asked is not None and action.status in SENT_ON and can(actor, Deed.PLAN, organisation_id=asked)


def check_answer_ask(actor: Actor, action: ActionRecord) -> None:
    """Raise `NotFoundError` for everybody who may not answer an ask: to them, nothing was sent."""
    if not can_answer_ask(actor, action):
        raise NotFoundError("There is no such page")


# ---- Steps -----------------------------------------------------------------------------------------------------------


def list_steps(action: ActionRecord, side: Side) -> tuple[Step, ...]:
    """List the steps that a side can make from where an action is, in the order of the table."""
    return tuple(step for step in STEPS[action.kind] if step.start is action.status and step.side is side)


def check_step(action: ActionRecord, end: ActionStatus, side: Side) -> Step | None:
    """Give the step to a status, `None` where it is there already; raises `NotAllowedNowError` where there is none."""
    if end is action.status:
        return None
    for step in list_steps(action, side):
        if step.end is end:
            return step
    raise NotAllowedNowError("This cannot be done any more: the status has changed meanwhile. Open the page again")


def list_for_department(action: ActionRecord) -> tuple[ProgressNote, ...]:
    """Give the notes that a department reads: those that changed the status from being sent on. Others are internal."""
    before = [FIRST[action.kind], *(note.status for note in action.notes)]
    return tuple(
        note for note, last in zip(action.notes, before, strict=False) if note.status in SENT_ON and note.status != last
    )


# ---- Order -----------------------------------------------------------------------------------------------------------


def order_actions(actions: Sequence[ActionRecord], today: date) -> tuple[ActionRecord, ...]:
    """Put actions in order: overdue first, then what is open, then what is closed; each by its day, then by title."""
    return tuple(
        sorted(
            actions,
            key=lambda each: (not each.is_overdue(today), not each.is_open, each.due_on, each.title, each.id),
        )
    )


def draw_steps(kind: Kind) -> str:
    """Draw the table of steps as a Mermaid diagram, for the documents."""
    return "\n".join(("stateDiagram-v2", *(f"    {line}" for line in _draw_lines(kind))))


def _draw_lines(kind: Kind) -> Iterator[str]:
    yield f"[*] --> {FIRST[kind].replace('-', '_')}"
    for step in STEPS[kind]:
        words = f"{step.side}{', with words' if step.needs_words else ''}"
        yield f"{step.start.replace('-', '_')} --> {step.end.replace('-', '_')}: {words}"
