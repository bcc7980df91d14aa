"""What is known of organisations, partnerships and rounds while they are set up: plain values that the store fills."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.rounds import SignOff


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    """One organisation, and in how many partnerships it is now."""

    id: UUID
    name: str
    kind: str
    partnerships: int = 0


@dataclass(frozen=True, slots=True)
class PartnershipRecord:
    """One partnership, and how much belongs to it now."""

    id: UUID
    name: str
    areas: int = 0
    organisations: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """One organisation of a partnership, those that have left included, with what it has done there in all rounds."""

    organisation_id: UUID
    name: str
    kind: str
    left_at: datetime | None
    replaced_by: str | None
    """The name of the organisation that followed it."""
    in_progress: int
    submitted: int
    """Assessments that were submitted, or signed off."""


@dataclass(frozen=True, slots=True)
class RoundRecord:
    """One round as it is set up."""

    id: UUID
    title: str
    questionnaire_id: str
    questionnaire_version: int
    questionnaire_hash: str
    opens_at: datetime
    closes_at: datetime
    sign_off: SignOff
    withholding_threshold: int
    targets: Mapping[str, str]
    """Question id -> level id, where it is not the questionnaire's own."""
    confirmed_at: datetime | None
    partnerships: int = 0


@dataclass(frozen=True, slots=True)
class SetUpCounts:
    """How much of everything there is."""

    areas: int
    organisations: int
    partnerships: int
    people: int
    """People with a role in an organisation or a partnership."""
    invited: int
    """Addresses invited to such a role that wait, and can still accept."""
    drafts: int
    confirmed: int
    """Rounds that partners see."""
    indicators: int
    neighboured: int
    """Areas with nearest neighbours."""
