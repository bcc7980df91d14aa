"""The pages of evidence files."""

from dataclasses import dataclass

from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """One file of a question."""

    name: str
    size: str
    added: str
    sha256: str
    download: str
    remove: str
    """Where to remove it; empty where that is not possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePage(Page):
    """The files of one question, and where to add one."""

    organisation: str
    question: str
    files: tuple[EvidenceRow, ...]
    can_change: bool
    has_room: bool
    limits: str
    accept: str
    """The ends of names that a browser offers to choose from."""
    action: str
    go_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveEvidencePage(Page):
    """Asks before a file is removed for good."""

    question: str
    name: str
    added: str
    action: str
    keep: str
