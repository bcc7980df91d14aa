"""What colleagues share of an assessment: sections given to one another, and comments on questions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.values import is_plain_text

MESSAGE_LENGTH: Final = 2000
"""The most characters of a message to a colleague, or of a comment."""


@dataclass(frozen=True, slots=True)
class GivenSection:
    """A section that was given to somebody who may still answer it."""

    section_id: str
    person_id: UUID
    person: str
    message: str
    given_by_id: UUID
    given_by: str
    given_at: datetime

    @property
    def mark(self) -> str:
        """What tells one giving from another: a page carries it, so that nobody's is silently replaced."""
        return f"{self.person_id} {self.given_at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Giving:
    """A section as it is to be given: what a form sent, unchecked."""

    person: str
    """An id, or anything."""
    message: str
    seen_mark: str
    """The `mark` of the giving that was seen; empty for none."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the organisation who can be given a section."""

    person_id: UUID
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Comment:
    """One contribution to the thread of a question."""

    id: UUID
    author_id: UUID
    author: str
    text: str
    written_at: datetime


def find_message_fault(message: str) -> str:
    """Say what is wrong with a message to a colleague, which may be left out; nothing where it can be kept."""
    return _find_fault("message", message)


def find_comment_fault(text: str) -> str:
    """Say what is wrong with a comment; nothing where it can be kept."""
    if not text.strip():
        return "Enter a comment"
    return _find_fault("comment", text)


def _find_fault(name: str, text: str) -> str:
    if len(text) > MESSAGE_LENGTH:
        return f"The {name} is {len(text):,} characters long; shorten it to {MESSAGE_LENGTH:,} or fewer"
    if not is_plain_text(text):
        return f"The {name} has characters that cannot be kept; type it again"
    return ""
