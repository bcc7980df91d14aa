"""What may be read of the feed of results, and what is asked of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Reach:
    """Which results may be read: those that any of its parts reaches, and of those what is asked for."""

    everywhere: bool = False
    named_partnerships: frozenset[UUID] = frozenset()
    partnerships: frozenset[UUID] = frozenset()
    """Only of rounds that have closed."""
    rounds: frozenset[UUID] = frozenset()
    own: tuple[tuple[UUID, frozenset[UUID]], ...] = ()
    """A partnership, and organisations in it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: after a position, up to one, of one partnership or round."""

    after: int = 0
    until: int | None = None
    tombstones_after: int = 0
    """Of positions up to this, tombstones are left out, as nobody was told of what they end; under 0: up to the end."""
    since: datetime | None = None
    partnership_id: UUID | None = None
    round_id: UUID | None = None
    questionnaire_id: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One result or tombstone as it is written."""

    position: int
    line: str
