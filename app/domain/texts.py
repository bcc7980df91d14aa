"""The texts that only whoever operates the service can write, such as who is responsible for the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.values import is_plain_text

LONGEST: Final = 5000
"""Characters of one text."""


class TextName(StrEnum):
    """Which text."""

    CONTACT = "contact"
    RESPONSIBLE = "responsible"
    LAWFUL_BASIS = "lawful-basis"
    RETENTION_NOTE = "retention-note"
    ACCESSIBILITY_NOTE = "accessibility-note"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a text is for, in words for whoever writes it."""

    title: str
    hint: str


WANTED: Final[Mapping[TextName, Wanted]] = {
    TextName.CONTACT: Wanted(
        "Who to ask",
        "Who helps people who are stuck, and who answers questions about their data: a team’s name, an email address, "
        "a telephone number and its hours. It is on the help, privacy and accessibility pages.",
    ),
    TextName.RESPONSIBLE: Wanted(
        "Who is responsible for the data",
        "The controller in the words of the law: name, postal address, and the data protection officer if there is "
        "one. It is on the privacy page.",
    ),
    TextName.LAWFUL_BASIS: Wanted(
        "On what legal basis it is kept",
        "The basis in Article 6 of the UK GDPR, such as a public task, and the law that gives that task. It is on the "
        "privacy page.",
    ),
    TextName.RETENTION_NOTE: Wanted(
        "What else to know about how long it is kept",
        "For example where backups are kept, and when the oldest is destroyed: what is removed here is still in them "
        "until then. It is on the privacy page, under the table.",
    ),
    TextName.ACCESSIBILITY_NOTE: Wanted(
        "What you know about accessibility",
        "When and how you tested your installation, what does not work for somebody yet, and when it will. It is in "
        "the accessibility statement.",
    ),
}


def find_fault(text: str) -> str:
    """Say why a text cannot be kept; nothing where it can."""
    if len(text) > LONGEST:
        return f"The text must have at most {LONGEST:,} characters; it has {len(text):,}"
    if not is_plain_text(text):
        return "The text has control characters in it, which cannot be shown; remove them"
    return ""


def split_paragraphs(text: str) -> tuple[str, ...]:
    """Split a text at its blank lines."""
    blocks = ("\n".join(line.strip() for line in block.splitlines()) for block in text.split("\n\n"))
    return tuple(block.strip() for block in blocks if block.strip())
