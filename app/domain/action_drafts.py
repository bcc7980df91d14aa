"""What a form says an action is to be, and everything that is wrong with it, told all at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.actions import ActionRecord, ActionStatus
from app.domain.uk_time import UkTimeError, make_date
from app.domain.values import is_plain_text

TITLE_LENGTH: Final = 300
"""The most characters of a title; the learning library's points fit."""
MEASURE_LENGTH: Final = 1000
NOTE_LENGTH: Final = 2000
MOST_YEARS: Final = 10
"""How far ahead an action may be due: past this, a year was mistyped."""


@dataclass(frozen=True, slots=True)
class ActionFault:
    """What is wrong with one part of a form, in words for a person."""

    part: str
    """A field of `ActionDraft`, or `note`."""
    text: str


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody who can own an action: a person with a role in an organisation that is in the partnership."""

    person_id: UUID
    name: str
    address: str
    organisation_id: UUID
    organisation: str

    @property
    def mark(self) -> str:
        """What a form sends for them: one person may have roles in two organisations."""
        return f"{self.organisation_id} {self.person_id}"


@dataclass(frozen=True, slots=True)
class Department:
    """A department that can be asked."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ActionDraft:
    """An action as a form sent it, unchecked."""

    title: str
    measure: str
    owner: str
    """The mark of an owner, or anything."""
    due: tuple[str, str, str]
    """Day, month and year, as typed."""
    department: str = ""
    """The id of a department, or anything; empty for none."""
    point: str = ""
    """The id of a learning point; empty for none."""


@dataclass(frozen=True, slots=True)
class PlannedValues:
    """An action as it can be stored."""

    title: str
    measure: str
    owner: Owner
    due_on: date
    department: Department | None
    point: str


@dataclass(frozen=True, slots=True)
class Known:
    """What a form may name."""

    owners: Sequence[Owner]
    departments: Sequence[Department]
    points: Collection[str]


def settle_draft(
    draft: ActionDraft, known: Known, today: date, before: ActionRecord | None = None
) -> PlannedValues | tuple[ActionFault, ...]:
    """Give what can be stored of a form, or everything that is wrong with it.

    `before` is the action that is changed: its day may stay though it has passed; what a department was shown has to.
    """
    owners: Mapping[str, Owner] = {each.mark: each for each in known.owners}
    departments: Mapping[str, Department] = {str(each.id): each for each in known.departments}
    owner, department = owners.get(draft.owner), departments.get(draft.department)
    due_on, due_fault = _read_due(draft, today, before)
    is_fixed = before is not None and before.has_fixed_words
    if is_fixed and before and before.department_id:
        department = Department(before.department_id, before.department)
    faults = (
        *(() if is_fixed else _find_word_faults(draft)),
        *(() if owner else (_owner_fault(draft),)),
        *((ActionFault("due", due_fault),) if due_fault else ()),
        *(() if is_fixed else _find_department_faults(draft, department, before)),
        *_find_point_faults(draft, known),
    )
    if faults or owner is None or due_on is None:
        return faults
    title, measure = (before.title, before.measure) if is_fixed and before else (draft.title, draft.measure)
    return PlannedValues(title, measure, owner, due_on, department, draft.point)


def _find_word_faults(draft: ActionDraft) -> Iterator[ActionFault]:
    if not draft.title.strip():
        yield ActionFault("title", "Enter what is to be done")
    elif fault := find_text_fault("title", draft.title, TITLE_LENGTH):
        yield ActionFault("title", fault)
    if not draft.measure.strip():
        yield ActionFault("measure", "Enter what will show that it worked")
    elif fault := find_text_fault("text", draft.measure, MEASURE_LENGTH):
        yield ActionFault("measure", fault)


def _owner_fault(draft: ActionDraft) -> ActionFault:
    if not draft.owner:
        return ActionFault("owner", "Choose who owns it")
    return ActionFault("owner", "Choose somebody from the list: this person is not, or no longer, in the partnership")


def _read_due(draft: ActionDraft, today: date, before: ActionRecord | None) -> tuple[date | None, str]:
    if not any(part.strip() for part in draft.due):
        return None, "Enter the day by which it is to be done"
    try:
        due_on = make_date(*draft.due)
    except UkTimeError as error:
        return None, str(error)
    if due_on < today and not (before and before.due_on == due_on):
        return None, "The day is in the past. Enter today or a day to come"
    if due_on.year - today.year > MOST_YEARS:
        return None, f"The day is more than {MOST_YEARS} years away. Check the year"
    return due_on, ""


def _find_department_faults(
    draft: ActionDraft, department: Department | None, before: ActionRecord | None
) -> Iterator[ActionFault]:
    if draft.department and department is None:
        yield ActionFault("department", "Choose a government department from the list, or none")
    elif before and department and before.department_id is None and not before.is_at_first:
        yield ActionFault("department", "An action that has begun cannot become an ask. Add an ask of its own")


def _find_point_faults(draft: ActionDraft, known: Known) -> Iterator[ActionFault]:
    if draft.point and draft.point not in known.points:
        yield ActionFault("title", "The learning point is not in the library any more. Plan the action without it")


def find_text_fault(name: str, text: str, limit: int) -> str:
    """Say what is wrong with a text; nothing where it can be kept."""
    if len(text) > limit:
        return f"The {name} is {len(text):,} characters long; shorten it to {limit:,} or fewer"
    if not is_plain_text(text):
        return f"The {name} has characters that cannot be kept; type it again"
    return ""


def find_note_fault(text: str, moved_to: ActionStatus | None, *, needs_words: bool) -> str:
    """Say what is wrong with a note, sent with a step or alone; nothing where it can be kept."""
    if not text.strip():
        if needs_words:
            return "Say why" if moved_to is not ActionStatus.ANSWERED else "Enter the answer"
        return "" if moved_to else "Enter a note, or choose another status"
    return find_text_fault("note", text, NOTE_LENGTH)
