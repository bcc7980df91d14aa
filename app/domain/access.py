"""Who acts, and what they may see or do. A refusal to see looks the same as nothing there."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from app.domain.errors import NotAllowedError, NotFoundError


class Role(StrEnum):
    """What a person is, in an organisation or centrally."""

    LEAD = "lead"
    """Answers and submits for an organisation."""
    CENTRAL_ANALYST = "central-analyst"
    """Follows rounds across partnerships; sees no organisation's answers."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts, with their roles as they are at this moment."""

    person_id: UUID
    name: str
    organisations: frozenset[UUID]
    """The organisations they answer and submit for."""
    central: bool


def can_see_assessment(actor: Actor, organisation_id: UUID) -> bool:
    """Say whether the actor may read and answer this organisation's assessments."""
    return organisation_id in actor.organisations


def check_assessment(actor: Actor, organisation_id: UUID) -> None:
    """Raise `NotFoundError` unless the actor may read and answer this organisation's assessments."""
    if not can_see_assessment(actor, organisation_id):
        raise NotFoundError("There is no such assessment")


def check_rounds(actor: Actor) -> None:
    """Raise `NotAllowedError` unless the actor may follow rounds."""
    if not actor.central:
        raise NotAllowedError("Only central teams can follow rounds")
