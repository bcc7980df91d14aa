"""What is known of an assessment: plain values that the store fills, services decide on and pages show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.assessment import Answer, AssessmentStatus, Move
from app.domain.rounds import SignOff, Window


@dataclass(frozen=True, slots=True)
class AssessmentKey:
    """What names one assessment: never a bare id."""

    partnership_id: UUID
    assessment_id: UUID


@dataclass(frozen=True, slots=True)
class AssessmentRecord:
    """One assessment, started or not, with the names that people know it by."""

    partnership_id: UUID
    partnership: str
    organisation_id: UUID
    organisation: str
    round_id: UUID
    round: str
    window: Window
    sign_off: SignOff
    targets: Mapping[str, str]
    """Question id -> level id, where the round sets another target than the questionnaire."""
    questionnaire_id: str
    questionnaire_version: int
    questionnaire_hash: str
    assessment_id: UUID | None
    """`None` where it is not started."""
    status: AssessmentStatus | None
    submitted_at: datetime | None
    submitted_by: str | None
    submitted_by_id: UUID | None
    signed_off_at: datetime | None
    signed_off_by: str | None
    submissions: int
    """How often it was submitted."""
    last_move: Move | None
    """What was done to it last, starting and answering left out: why it is in progress again."""


@dataclass(frozen=True, slots=True)
class MadeMove:
    """One move in the life of an assessment, other than answering."""

    number: int
    """From 1, in order."""
    move: Move
    reason: str
    person: str
    person_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The current version of an answer, and whose it is."""

    answer: Answer
    version: int
    author: str
    author_id: UUID
    answered_at: datetime
    carried_from: UUID | None = None
    """The assessment of an earlier round it was confirmed from, unchanged."""
    carried_round: str = ""
    """The title of that round."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What was frozen at submit."""

    record: AssessmentRecord
    number: int
    """Which submission of its assessment, from 1."""
    of: int
    """How many there are."""
    submitted_at: datetime
    submitted_by: str
    questionnaire_hash: str
    answers: Mapping[str, Answer]
    scores: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """How many assessments are where in one round: one for each organisation of each partnership, started or not.

    That of an organisation that has left is counted where it had submitted.
    """

    round_id: UUID
    round: str
    opens_at: datetime
    closes_at: datetime
    partnerships: int
    assessments: int
    in_progress: int
    submitted: int
    signed_off: int
