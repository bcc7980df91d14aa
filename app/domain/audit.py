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
    ACCOUNT_CHANGED = "account-changed"
    INVITED = "invited"
    INVITATION_SENT_AGAIN = "invitation-sent-again"
    INVITATION_WITHDRAWN = "invitation-withdrawn"
    INVITATION_ACCEPTED = "invitation-accepted"
    ROLE_WITHDRAWN = "role-withdrawn"
    AREAS_IMPORTED = "areas-imported"
    INDICATORS_IMPORTED = "indicators-imported"
    INDICATORS_REMOVED = "indicators-removed"
    NEIGHBOURS_IMPORTED = "neighbours-imported"
    NEIGHBOURS_REMOVED = "neighbours-removed"
    ORGANISATIONS_IMPORTED = "organisations-imported"
    PARTNERSHIPS_IMPORTED = "partnerships-imported"
    ORGANISATION_SAVED = "organisation-saved"
    PARTNERSHIP_SAVED = "partnership-saved"
    ORGANISATION_JOINED = "organisation-joined"
    ORGANISATION_LEFT = "organisation-left"
    REMINDED = "reminded"
    """A coordinator had the leads of an organisation reminded, or the central team everybody unfinished in a round."""
    ROUND_SAVED = "round-saved"
    ROUND_CONFIRMED = "round-confirmed"
    ROUND_CLOSED = "round-closed"
    ROUND_OPENED_AGAIN = "round-opened-again"
    """Its closing was moved after it had closed. The subject says when it had: what was shown then stays as it was."""
    RELEASE_PLANNED = "release-planned"
    RELEASE_BUILT = "release-built"
    RELEASE_APPROVED = "release-approved"
    RELEASE_WITHDRAWN = "release-withdrawn"
    PARTNERSHIP_VIEWED = "partnership-viewed"
    REPORT_VIEWED = "report-viewed"
    """Somebody read the partnership report, with what every organisation answered."""
    AUDIT_VIEWED = "audit-viewed"
    ASSESSMENT_STARTED = "assessment-started"
    ANSWERED = "answered"
    TRUST_RATED = "trust-rated"
    """An organisation said how far it can rely on others; nothing is kept here of what it said."""
    SECTION_GIVEN = "section-given"
    SUBMITTED = "submitted"
    CHANGES_REQUESTED = "changes-requested"
    SIGNED_OFF = "signed-off"
    REOPENED = "reopened"
    LATE_ENTRY_PERMITTED = "late-entry-permitted"
    COMMENTED = "commented"
    MEETING_HELD = "meeting-held"
    AGREED = "agreed"
    EVIDENCE_ADDED = "evidence-added"
    EVIDENCE_REMOVED = "evidence-removed"
    BARRIERS_TYPED = "barriers-typed"
    """An organisation said what kinds of thing stand in the way of a gap."""
    REPORT_SHARED = "report-shared"
    """A coordinator made a link for somebody outside."""
    REPORT_LINK_ENDED = "report-link-ended"
    SHARED_REPORT_OPENED = "shared-report-opened"
    """Somebody read a report by such a link."""
    ACTION_PLANNED = "action-planned"
    ACTION_CHANGED = "action-changed"
    ACTION_NOTED = "action-noted"
    """Its progress was noted, with the status from then on."""
    HELP_OFFERED = "help-offered"
    """A partnership offered help to others, or changed what it offers; `help-asked` and so on likewise."""
    HELP_ASKED = "help-asked"
    HELP_WITHDRAWN = "help-withdrawn"
    HELP_PROPOSED = "help-proposed"
    """The service found an offer for an ask: in the chains of both partnerships, as is the next."""
    HELP_ANSWERED = "help-answered"
    LEARNING_MARKED = "learning-marked"
    """An organisation said whether something of the learning library helped."""
    TEXT_CHANGED = "text-changed"
    DATA_EXPORTED = "data-exported"
    PERSON_ERASED = "person-erased"
    RETENTION_APPLIED = "retention-applied"
    API_CLIENT_MADE = "api-client-made"
    API_CLIENT_REVOKED = "api-client-revoked"
    API_TOKEN_MADE = "api-token-made"  # noqa: S105 - a name
    API_TOKEN_REVOKED = "api-token-revoked"  # noqa: S105 - a name
    API_READ = "api-read"
    """A client has pulled results or a release; once an hour for each kind."""
    WEBHOOK_MADE = "webhook-made"
    WEBHOOK_ENDED = "webhook-ended"


SHOWN: Final = frozenset(Event) - {
    Event.ANSWERED,
    Event.TRUST_RATED,
    Event.COMMENTED,
    Event.SECTION_GIVEN,
    Event.CHANGES_REQUESTED,
    Event.EVIDENCE_ADDED,
    Event.EVIDENCE_REMOVED,
    Event.AGREED,
    Event.BARRIERS_TYPED,
    Event.ACTION_PLANNED,
    Event.ACTION_CHANGED,
    Event.ACTION_NOTED,
    Event.HELP_OFFERED,
    Event.HELP_ASKED,
    Event.HELP_WITHDRAWN,
    Event.HELP_PROPOSED,
    Event.HELP_ANSWERED,
    Event.LEARNING_MARKED,
}
"""Events whose texts a central administrator may read; the others are an organisation's own, such as its answers."""

UNLISTED: Final = frozenset(
    {
        Event.HELP_OFFERED,
        Event.HELP_ASKED,
        Event.HELP_WITHDRAWN,
        Event.HELP_PROPOSED,
        Event.HELP_ANSWERED,
    }
)
"""Events that are in the chains, and verified, but on no page: that there is one says who is strong or weak."""


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


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text of an entry as it is stored; without its salt where it was erased."""

    text: str | None
    salt: str | None
    digest: str

    @property
    def is_erased(self) -> bool:
        """Whether text and salt are gone, as after an erasure."""
        return self.text is None and self.salt is None

    @property
    def is_sound(self) -> bool:
        """Whether it is what was written down, as far as it is still there."""
        if self.text is None or self.salt is None:
            return self.is_erased
        return digest_text(self.salt, self.text) == self.digest


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """One entry of a chain as it is stored."""

    entry: Entry
    old: StoredText
    new: StoredText
    hash: str


def add_client(subject: str, client_id: UUID | None) -> str:
    """Say at the end of a subject by which API client it was done, where it was done by one."""
    return f"{subject} {_THROUGH} {client_id}".strip() if client_id else subject


def split_client(subject: str) -> tuple[str, UUID | None]:
    """Give a subject without the API client that it was done by, and that client."""
    before, separator, client_id = f" {subject}".rpartition(f" {_THROUGH} ")
    return (before.strip(), UUID(client_id)) if separator else (subject, None)


_THROUGH: Final = "through"


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


def find_entry_faults(stored: StoredEntry, number: int, previous_hash: str) -> tuple[str, ...]:
    """Say what is wrong with an entry that ought to be number `number`, after the entry of a hash."""
    entry = stored.entry
    faults = (
        (entry.number == number, f"comes where entry {number} should be: entries are missing or moved"),
        (entry.previous_hash == previous_hash, "does not follow from the entry before it"),
        (hash_entry(entry) == stored.hash, "was changed: its hash is another"),
        (stored.old.is_sound, "has another old text than was written down"),
        (stored.new.is_sound, "has another new text than was written down"),
    )
    return tuple(fault for holds, fault in faults if not holds)
