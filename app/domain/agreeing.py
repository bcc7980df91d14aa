"""Agreeing in a meeting: what must be recorded of it, and of each level that is agreed."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.domain.questionnaire import Question, Questionnaire
from app.domain.together import Together
from app.domain.values import is_plain_text

FEWEST_PRESENT: Final = 2
"""Organisations that a meeting takes: one alone agrees with nobody."""
TEXT: Final = 4000
NOT_AGREED: Final = ""
"""What stands in the place of a level where they talked and did not agree."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field, in words for a person."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class MeetingKey:
    """What names one meeting: never a bare id."""

    partnership_id: UUID
    round_id: UUID
    meeting_id: UUID


@dataclass(frozen=True, slots=True)
class MeetingForm:
    """When a meeting was held, and who was there."""

    held_on: date | None
    """`None` where what was typed is no date."""
    organisations: frozenset[UUID]
    names: str


@dataclass(frozen=True, slots=True)
class AgreedForm:
    """What was agreed on one question."""

    choice: str | None
    """A level; empty where they did not agree; `None` where nothing was chosen."""
    reason: str
    minority_view: str


def find_meeting_faults(together: Together, form: MeetingForm, today: date) -> tuple[Fault, ...]:
    """Say everything that is wrong with a meeting; nothing where it can be recorded. `today` in UK time."""
    faults = []
    here = {partner.organisation_id for partner in together.partners if partner.left_at is None}
    if form.held_on is None:
        faults.append(Fault("held", "Enter the day, month and year of the meeting"))
    elif form.held_on > today:
        faults.append(Fault("held", "The day of the meeting must be today or in the past"))
    elif form.held_on < together.opens_at.date():
        faults.append(Fault("held", "The meeting must be after the round opened"))
    if not form.organisations <= here:
        faults.append(Fault("organisations", "An organisation that was there is not in the partnership; choose again"))
    elif len(form.organisations) < FEWEST_PRESENT:
        faults.append(Fault("organisations", "Choose the organisations that are there: two or more"))
    faults += _find_text_faults("names", "The names", form.names)
    return tuple(faults)


def find_agreed_faults(questionnaire: Questionnaire, question: Question, form: AgreedForm) -> tuple[Fault, ...]:
    """Say everything that is wrong with what was agreed; nothing where it can be recorded."""
    faults = []
    if form.choice is None:
        faults.append(Fault("choice", "Choose the level that you agreed, or “We did not agree”"))
    elif form.choice != NOT_AGREED and form.choice not in questionnaire.scale_of(question).positions:
        faults.append(Fault("choice", "Choose one of the levels of this question"))
    if not form.reason.strip():
        faults.append(Fault("reason", "Say why, so that those who were not there understand it"))
    faults += _find_text_faults("reason", "The reason", form.reason)
    faults += _find_text_faults("minority", "The other view", form.minority_view)
    return tuple(faults)


def _find_text_faults(field: str, name: str, text: str) -> list[Fault]:
    if len(text) > TEXT:
        return [Fault(field, f"{name} must have {TEXT:,} characters or fewer")]
    if text and not is_plain_text(text):
        return [Fault(field, f"{name}: there are characters that cannot be kept; type it again")]
    return []
