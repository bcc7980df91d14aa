"""What is asked: the framework of enablers, scales and bands, and one version of one questionnaire built on it.

Every part is frozen and refuses unknown keys. The names and shapes are those of the YAML files, so that a file needs
no translation. What one part says of another (a scale that exists, a condition on an earlier question) is checked
where the files are read, in `app.catalogue`; a `Questionnaire` made there can be relied on.
"""

import hashlib
import json
from bisect import bisect_right
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.types import StrictBool, StrictInt

from app.domain.exact import Integers, over_common_denominator
from app.domain.values import Id, Number, Text

DONT_KNOW: Final = "dont-know"
NOT_APPLICABLE: Final = "not-applicable"
RESERVED_CHOICES: Final = frozenset({DONT_KNOW, NOT_APPLICABLE})
"""The two answers that are no level; no level may take their ids."""

SchemaVersion = Annotated[StrictInt, Field(alias="schema", ge=1, le=1)]
Edition = Annotated[StrictInt, Field(ge=1, le=1_000_000)]
Percentage = Annotated[Number, Field(ge=0, le=100)]


class Audience(StrEnum):
    """Who a questionnaire is for."""

    LOCAL_PARTNER = "local-partner"
    DEPARTMENT = "department"


class Part(BaseModel):
    """A piece of a framework or questionnaire: frozen, strict, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Enabler(Part):
    """One of the conditions of reform. `barrier` says what stands in the way where it is missing."""

    id: Id
    title: Text
    summary: Text
    barrier: Text


class Level(Part):
    """One step of a scale."""

    id: Id
    points: Number
    label: Text


class Scale(Part):
    """An ordered list of levels, points strictly rising."""

    id: Id
    levels: Annotated[tuple[Level, ...], Field(min_length=2)]

    @cached_property
    def scores(self) -> dict[str, Fraction]:
        """Level id -> score, 0 to 100: 100 × (points − lowest) / (highest − lowest), exact."""
        lowest, highest = self.levels[0].points, self.levels[-1].points
        return {level.id: 100 * (level.points - lowest) / (highest - lowest) for level in self.levels}

    @cached_property
    def positions(self) -> dict[str, int]:
        """Level id -> its place on the scale, from 0."""
        return {level.id: position for position, level in enumerate(self.levels)}


class Band(Part):
    """A range of scores with a name: from its lower bound, inclusive, up to the next band's."""

    id: Id
    start: Annotated[Percentage, Field(alias="from")]
    label: Text
    barrier: StrictBool = False
    meaning: Text | None = None


class Rules(Part):
    """The numbers of the scoring rule; see docs/scoring.md for what each does. Percentages, but for the last two."""

    default_target: Percentage
    full_coverage: Percentage
    provisional_coverage: Percentage
    critical_below: Percentage
    critical_cap: Id
    dont_know_finding: Percentage
    minimum_organisations: Annotated[StrictInt, Field(ge=1, le=1000)]


class ChecklistItem(Part):
    """One line of the checklist that questions serve, such as L1."""

    id: Annotated[str, Field(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9-]*$", max_length=20)]
    audience: Audience
    text: Text


class EvidenceKind(Part):
    """One kind of evidence that an answer may point to."""

    id: Id
    label: Text


class Framework(Part):
    """What all questionnaires of one folder share."""

    schema_version: SchemaVersion
    id: Id
    title: Text
    enablers: Annotated[tuple[Enabler, ...], Field(min_length=1)]
    scales: Annotated[tuple[Scale, ...], Field(min_length=1)]
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    rules: Rules
    checklist: tuple[ChecklistItem, ...] = ()
    evidence: tuple[EvidenceKind, ...] = ()

    @cached_property
    def scales_by_id(self) -> dict[str, Scale]:
        """Scale id -> scale."""
        return {scale.id: scale for scale in self.scales}

    @cached_property
    def enabler_ids(self) -> tuple[str, ...]:
        """The ids of the enablers, in their order."""
        return tuple(enabler.id for enabler in self.enablers)

    @cached_property
    def band_positions(self) -> dict[str, int]:
        """Band id -> its place, lowest first."""
        return {band.id: position for position, band in enumerate(self.bands)}

    @cached_property
    def evidence_labels(self) -> dict[str, Text]:
        """Evidence id -> words for it."""
        return {kind.id: kind.label for kind in self.evidence}

    @cached_property
    def band_starts(self) -> Integers:
        """The lower bounds of the bands, lowest first."""
        return over_common_denominator(band.start for band in self.bands)

    def band_of(self, score: Fraction) -> Band:
        """Give the band of an exact score, 0 to 100."""
        starts = self.band_starts  # whole numbers compare with a score's floor as they would with the score
        return self.bands[bisect_right(starts.whole, score.numerator * starts.denominator // score.denominator) - 1]


class Condition(Part):
    """Shows a question only where an earlier one was answered at a level or above."""

    question: Id
    at_least: Id


class Question(Part):
    """One thing asked. `meaning` is raised when the sense changes; the id never changes."""

    id: Id
    meaning: Edition = 1
    text: Text
    hint: Text | None = None
    serves: tuple[Annotated[str, Field(strict=True, min_length=1, max_length=20)], ...] = ()
    scale: Id
    weight: Annotated[Number, Field(ge=0, le=1_000_000)]
    critical: StrictBool = False
    target: Id | None = None
    not_applicable: StrictBool = True
    descriptors: dict[Id, Text]
    evidence: tuple[Id, ...] = ()
    when: Condition | None = None


class Section(Part):
    """Questions of one enabler, a row of the task list. An enabler may have several sections, or none."""

    id: Id
    enabler: Id
    title: Text
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Questionnaire(Part):
    """One version of a set of questions, with the framework it is scored by."""

    schema_version: SchemaVersion
    framework: Framework
    id: Id
    version: Edition
    title: Text
    summary: Text | None = None
    audience: Audience
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """All questions in their order."""
        return tuple(question for section in self.sections for question in section.questions)

    @cached_property
    def questions_by_id(self) -> dict[str, Question]:
        """Question id -> question, in questionnaire order."""
        return {question.id: question for question in self.questions}

    @cached_property
    def section_of(self) -> dict[str, Section]:
        """Question id -> the section it stands in."""
        return {question.id: section for section in self.sections for question in section.questions}

    @cached_property
    def enablers_asked(self) -> tuple[str, ...]:
        """The enabler id of each question, in their order."""
        return tuple(section.enabler for section in self.sections for _ in section.questions)

    @cached_property
    def weights(self) -> Integers:
        """The weight of each question, in their order, as integers."""
        return over_common_denominator(question.weight for question in self.questions)

    @cached_property
    def targets(self) -> Integers:
        """The questionnaire's own target of each question as a score, in their order."""
        return over_common_denominator(self.target_of(question) for question in self.questions)

    def scale_of(self, question: Question) -> Scale:
        """Give the scale a question is answered on."""
        return self.framework.scales_by_id[question.scale]

    def target_of(self, question: Question) -> Fraction:
        """Give the questionnaire's target for a question as a score, 0 to 100; else the framework's default."""
        if question.target is None:
            return self.framework.rules.default_target
        return self.scale_of(question).scores[question.target]

    def __hash__(self) -> int:
        """Hash by content, so that what is derived from a questionnaire can be kept by it."""
        return hash(self.hash)

    @cached_property
    def content(self) -> dict[str, Any]:
        """Give everything that affects scores or wording as plain JSON values; what is at its default is left out.

        Of the framework's scales, checklist and kinds of evidence only those are in it that the questions name.
        """
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        named = {
            "scales": {question.scale for question in self.questions},
            "checklist": {item for question in self.questions for item in question.serves},
            "evidence": {kind for question in self.questions for kind in question.evidence},
        }
        for part, ids in named.items():
            items = [item for item in content["framework"].pop(part, ()) if item["id"] in ids]
            if items:
                content["framework"][part] = items
        return content

    @cached_property
    def hash(self) -> str:
        """Name the content: `sha256:` and the hexadecimal digest of its canonical JSON (sorted keys, UTF-8)."""
        canonical = json.dumps(self.content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}"
