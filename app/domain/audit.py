"""The audit: what is written down of a deed, and how entries are chained so that tampering shows.

Each entry's hash covers the hash before it and everything of the entry, its texts by their salted SHA-256 alone. A text
may thus be erased with its salt, and the chain still holds.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

GENESIS: Final = "0" * 64
"""The hash before the first."""
SERVICE: Final = UUID(int=0)
"""The chain of what concerns no single partnership."""


class Event(StrEnum):
    """What was done."""

    SIGNED_IN = "signed-in"
    SIGNED_OUT_EVERYWHERE = "signed-out-everywhere"
    INVITED = "invited"
    INVITATION_SENT_AGAIN = "invitation-sent-again"
    INVITATION_WITHDRAWN = "invitation-withdrawn"
    INVITATION_ACCEPTED = "invitation-accepted"
    ROLE_WITHDRAWN = "role-withdrawn"
    AREAS_IMPORTED = "areas-imported"
    ORGANISATIONS_IMPORTED = "organisations-imported"
    PARTNERSHIPS_IMPORTED = "partnerships-imported"
    ORGANISATION_SAVED = "organisation-saved"
    PARTNERSHIP_SAVED = "partnership-saved"
    ORGANISATION_JOINED = "organisation-joined"
    ORGANISATION_LEFT = "organisation-left"
    ROUND_SAVED = "round-saved"
    ROUND_CONFIRMED = "round-confirmed"
    ROUND_CLOSED = "round-closed"
    PARTNERSHIP_VIEWED = "partnership-viewed"
    ASSESSMENT_VIEWED = "assessment-viewed"
    """Somebody of another organisation read it."""
    ASSESSMENT_STARTED = "assessment-started"
    ANSWERED = "answered"
    SECTION_GIVEN = "section-given"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes-requested"
    SIGNED_OFF = "signed-off"
    REOPENED = "reopened"
    LATE_ENTRY_PERMITTED = "late-entry-permitted"
    COMMENTED = "commented"
    EVIDENCE_ADDED = "evidence-added"
    EVIDENCE_REMOVED = "evidence-removed"
    TEXT_CHANGED = "text-changed"
    DATA_EXPORTED = "data-exported"
    PERSON_ERASED = "person-erased"
    RETENTION_APPLIED = "retention-applied"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a chain. Texts are there by their digests."""

    partnership_id: UUID
    number: int
    """From 1, without gaps."""
    done_at: datetime
    actor_id: UUID | None
    event: str
    subject: str
    old_digest: str
    new_digest: str
    previous_hash: str


def digest_text(salt: str, text: str) -> str:
    """Give the salted SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()


def hash_entry(entry: Entry) -> str:
    """Give the SHA-256 that chains an entry, in hexadecimal: of a JSON list of its fields, the time in UTC."""
    fields = [
        str(entry.partnership_id),
        entry.number,
        entry.done_at.astimezone(UTC).isoformat(),
        str(entry.actor_id) if entry.actor_id else None,
        entry.event,
        entry.subject,
        entry.old_digest,
        entry.new_digest,
        entry.previous_hash,
    ]
    return hashlib.sha256(json.dumps(fields).encode()).hexdigest()
