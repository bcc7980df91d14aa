"""What a framework asks from both sides: pairs of a question for local partners and one for departments."""

from typing import Annotated

from pydantic import Field

from app.domain.questionnaire import Part, SchemaVersion
from app.domain.values import Id, Text


class PairSide(Part):
    """One side of a pair: a question of a questionnaire, in whichever of its versions it stands."""

    questionnaire: Id
    question: Id


class MirrorPair(Part):
    """Two questions that ask about the same thing from both sides."""

    id: Id
    about: Text
    """What the two are about, in plain words."""
    local: PairSide
    departments: PairSide


class Mirror(Part):
    """All pairs of a framework. They belong to no version of a questionnaire, and no score depends on them."""

    schema_version: SchemaVersion
    framework: Id
    pairs: Annotated[tuple[MirrorPair, ...], Field(min_length=1)]
