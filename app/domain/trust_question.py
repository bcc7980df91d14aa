"""What a framework asks about trust: how far one can rely on each partner, and on others beside them."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field
from pydantic.types import StrictBool

from app.domain.questionnaire import Part, SchemaVersion
from app.domain.values import Id, Text


class TrustLevel(Part):
    """How far an organisation says it can rely on another."""

    id: Id
    label: Text
    relies: StrictBool = False
    """Whether whoever says this relies on the other: all that is ever shown is made from it."""


class TrustSubject(Part):
    """Something that is rated beside the partners."""

    id: Id
    label: Text


class TrustQuestion(Part):
    """The one question about trust of a framework, asked of every organisation about each of its partners."""

    schema_version: SchemaVersion
    framework: Id
    enabler: Id
    title: Text
    text: Text
    hint: Text | None = None
    levels: Annotated[tuple[TrustLevel, ...], Field(min_length=4, max_length=4)]
    """Four, the least trust first; those that rely stand at the end, and not all of them do."""
    subjects: tuple[TrustSubject, ...] = ()

    @cached_property
    def labels(self) -> Mapping[str, Text]:
        """Level id -> label, the least trust first."""
        return {level.id: level.label for level in self.levels}

    @cached_property
    def relying(self) -> frozenset[str]:
        """The ids of the levels that rely."""
        return frozenset(level.id for level in self.levels if level.relies)
