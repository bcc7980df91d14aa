"""What to do next: the learning library of a framework. Points of learning, and the resources that help with them."""

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from app.domain.questionnaire import Part, SchemaVersion
from app.domain.values import Id, Link, Text


def _day(value: object) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise PydanticCustomError("day", "must be a real date in the form 2026-11-30")


Day = Annotated[
    date,
    PlainValidator(_day),
    PlainSerializer(date.isoformat),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A date, written as year, month and day."""


class ResourceStatus(StrEnum):
    """Whether a resource can still be used."""

    CURRENT = "current"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Resource(Part):
    """Something outside that helps: who runs it, what it helps with, and when somebody last looked for it."""

    id: Id
    name: Text
    link: Link
    run_by: Text
    helps_with: Text
    enablers: Annotated[tuple[Id, ...], Field(min_length=1)]
    status: ResourceStatus
    last_checked: Day
    note: Text | None = None
    successor: Id | None = None


class Source(Part):
    """Where a learning point comes from."""

    name: Text
    link: Link


class LearningPoint(Part):
    """One thing to do, for the bands of a score it helps in. With `questions` it is for those only."""

    id: Id
    enabler: Id
    bands: Annotated[tuple[Id, ...], Field(min_length=1)]
    questions: tuple[Id, ...] = ()
    text: Text
    source: Source | None = None
    resources: tuple[Id, ...] = ()


class LearningLibrary(Part):
    """All learning points and resources of one framework."""

    schema_version: SchemaVersion
    framework: Id
    resources: tuple[Resource, ...] = ()
    points: Annotated[tuple[LearningPoint, ...], Field(min_length=1)]

    @cached_property
    def resources_by_id(self) -> Mapping[str, Resource]:
        """Resource id -> resource."""
        return {resource.id: resource for resource in self.resources}

    def resources_of(self, point: LearningPoint) -> tuple[Resource, ...]:
        """Give the resources that a point names, in its order."""
        return tuple(self.resources_by_id[resource] for resource in point.resources)

    def successor_of(self, resource: Resource) -> Resource | None:
        """Give what took the place of a resource: the last of its line of successors."""
        current = resource
        while current.successor is not None:
            current = self.resources_by_id[current.successor]
        return None if current is resource else current


def find_learning(
    library: LearningLibrary, question_id: str, enabler_id: str, band_id: str
) -> tuple[LearningPoint, ...]:
    """Give the points for a question whose score lies in a band: those naming it, then the enabler's general ones."""
    points = [point for point in library.points if point.enabler == enabler_id and band_id in point.bands]
    return (
        *(point for point in points if question_id in point.questions),
        *(point for point in points if not point.questions),
    )
