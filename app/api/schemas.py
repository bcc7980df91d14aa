"""The shapes of requests and replies: requests are read by them, replies are described by them.

Replies are made by `app.renderings` and the domain; a test holds every one of them against its shape.
"""

import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.types import StrictInt, StrictStr
from pydantic_core import PydanticCustomError

from app.domain.questionnaire import NOT_APPLICABLE, Audience
from app.domain.scoring import CoverageStatus, QuestionState
from app.domain.values import ID_LENGTH

HIGHEST_VERSION: Final = 1_000_000
NEWEST: Final = 0
"""The version that means the newest; nobody can send it."""

Version = Annotated[StrictInt, Field(ge=1, le=HIGHEST_VERSION)]
Percentage = Annotated[float, Field(ge=0, le=100)]
Points = Annotated[float, Field(description="Points of the 0 to 100 scale, to 4 decimals")]
Hash = Annotated[
    str,
    Field(
        pattern="^sha256:[0-9a-f]{64}$",
        description="Names the content, wording and rules too",
        examples=[f"sha256:{'0' * 64}"],
    ),
]
Words = Annotated[
    str | dict[str, str], Field(description="A text; or, where there are several languages, language code → text")
]
AnswerSchema: Final = {
    "description": f"A level id, `dont-know`, or {{`{NOT_APPLICABLE}`: reason}}; null is unanswered.",
    "anyOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {NOT_APPLICABLE: {"type": "string", "minLength": 1}},
            "required": [NOT_APPLICABLE],
            "additionalProperties": False,
        },
        {"type": "null"},
    ],
}
WrittenAnswer = Annotated[Any, WithJsonSchema(AnswerSchema)]


class Shape(BaseModel):
    """A JSON object without unknown names."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)


def _may_grow(schema: dict[str, Any]) -> None:
    schema.pop("additionalProperties", None)


class Reply(Shape):
    """A JSON object that this service makes. Clients are told nothing of names that may come later."""

    model_config = ConfigDict(json_schema_extra=_may_grow)


# ---- Requests --------------------------------------------------------------------------------------------------------


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


class GapReportRequest(Shape):
    """What to make a gap report of. Nothing of it is stored."""

    questionnaire: Annotated[StrictStr, Field(max_length=ID_LENGTH, description="The id of a questionnaire")]
    version: Annotated[
        Version, Field(description="Without it, the newest published version", json_schema_extra=_without_default)
    ] = NEWEST
    answers: Annotated[
        dict[str, WrittenAnswer],
        Field(
            description="Question id → answer, as in an answers file. At least one is an answer",
            json_schema_extra={"minProperties": 1},
        ),
    ]


def _check_digits(sent: object) -> object:
    """Refuse what Pydantic would take for a whole number, such as `1.0`, `+1`, ` 1` and `1_000`."""
    if isinstance(sent, str) and not _DIGITS.fullmatch(sent):
        raise PydanticCustomError("int_parsing", "must be a whole number")
    return sent


_DIGITS: Final = re.compile("[0-9]+")
DIGITS: Final = BeforeValidator(_check_digits)
"""Of a whole number in a query, after its bounds: that it is digits and nothing else."""


class Paging(Shape):
    """Which part of a list."""

    limit: Annotated[int, Field(ge=1, le=1000, description="At most so many items"), DIGITS] = 100
    cursor: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            description="The `next_cursor` of the part before",
            json_schema_extra=_without_default,
        ),
    ] = ""


# ---- Gap reports -----------------------------------------------------------------------------------------------------


class Edition(Reply):
    """Which content a report was made with."""

    framework: str
    id: str
    version: Version
    hash: Hash


class EnablerScore(Reply):
    """Where one enabler stands."""

    id: str
    score: Annotated[Percentage | None, Field(description="The weighted mean; null with too little coverage")]
    band: Annotated[str | None, Field(description="The id of the band, after any cap; null without a score")]
    barrier: Annotated[bool, Field(description="Whether the band counts as a barrier")]
    coverage: Annotated[Percentage | None, Field(description="The share of the weight that has a score")]
    coverage_status: CoverageStatus
    dont_know_share: Percentage | None
    not_applicable: Annotated[int, Field(ge=0, description="How many questions do not apply")]
    percent_to_target: Annotated[Percentage | None, Field(description="How much of the way to its targets is done")]
    capped_by: Annotated[list[str], Field(description="The critical questions that hold the band down")]


class Gap(Reply):
    """A question under its target."""

    question: str
    enabler: str
    score: Percentage
    target: Percentage
    gap: Annotated[Percentage, Field(description="target − score")]
    difference: Annotated[Points, Field(description="score − target")]
    priority: Annotated[Points, Field(description="weight × gap: what the list is ordered by")]
    critical: bool
    contested: Annotated[bool, Field(description="Whether the organisations of a partnership see it differently")]


class QuestionScore(Reply):
    """One question, asked or not."""

    id: str
    enabler: str
    state: QuestionState
    score: Percentage | None
    weight: Annotated[float, Field(ge=0)]
    organisations: Annotated[int, Field(ge=0, description="How many scored it")]
    average_deviation: Annotated[float | None, Field(description="Null with fewer than two scores")]
    contested: bool


class GapReport(Reply):
    """Where the answers stand and what is missing. Numbers are rounded once, to 4 decimals, from exact ones."""

    questionnaire: Edition
    weakest: Annotated[str | None, Field(description="The enabler with the lowest score")]
    enablers: Annotated[list[EnablerScore], Field(description="All of the framework, in its order")]
    gaps: Annotated[list[Gap], Field(description="Only gaps above 0, first things first")]
    questions: Annotated[list[QuestionScore], Field(description="All questions, in questionnaire order")]


# ---- Results ---------------------------------------------------------------------------------------------------------


class ResultQuestion(Reply):
    """One question of a result, asked or not."""

    id: str
    enabler: str
    state: QuestionState
    score: Percentage | None
    weight: Annotated[float, Field(ge=0)]
    target: Annotated[Percentage, Field(description="The score it was measured against in its round")]


class Result(Reply):
    """What one organisation submitted last, with its scores and how they were made."""

    id: Annotated[str, Field(description="The assessment")]
    position: Annotated[int, Field(ge=1, description="Where it stands in the feed; every change gives it the next")]
    partnership: str
    round: str
    organisation: str
    status: Annotated[str, Field(description="`submitted` or `signed-off`")]
    submission: Annotated[int, Field(ge=1, description="Which submission of the assessment it is")]
    submitted_at: datetime
    updated_at: datetime
    method: Annotated[str, Field(description="The name of the rule that scores are made by")]
    questionnaire: Edition
    weakest: Annotated[str | None, Field(description="The enabler with the lowest score")]
    enablers: Annotated[list[EnablerScore], Field(description="All of the framework, in its order")]
    questions: Annotated[list[ResultQuestion], Field(description="All questions, in questionnaire order")]


class Tombstone(Reply):
    """What was a result is none any more, such as while it is answered again."""

    id: Annotated[str, Field(description="The assessment")]
    position: Annotated[int, Field(ge=1)]
    deleted_at: datetime


class ResultList(Reply):
    """Some results and tombstones, in the order of their last change."""

    items: list[Result | Tombstone]
    next_cursor: Annotated[str | None, Field(description="For the next part; null where there is none yet")]
    as_of: Annotated[datetime, Field(description="Ask for `updated_since` this the next time")]


class CodebookColumn(Reply):
    """One column of the table of results."""

    name: str
    type: str
    meaning: str


class Codebook(Reply):
    """The columns of the table of results, in order."""

    items: list[CodebookColumn]
    next_cursor: None


# ---- Releases --------------------------------------------------------------------------------------------------------


class ReleaseSummary(Reply):
    """A published release."""

    id: str
    round_id: str
    round: str
    number: Annotated[int, Field(ge=1, description="Which release of the round it is")]
    published_at: datetime
    digest: Annotated[str, Field(description="The SHA-256 of its content")]
    url: str


class ReleaseList(Reply):
    """The newest release of each round that may be read."""

    items: list[ReleaseSummary]
    next_cursor: None


# ---- Tokens ----------------------------------------------------------------------------------------------------------


class TokenRequest(BaseModel):
    """A request for an access token, as RFC 6749 has it; names it does not know are ignored, as that asks for."""

    grant_type: Annotated[str, Field(max_length=100, description="`client_credentials`")]
    client_id: Annotated[str, Field(max_length=100, description="Here or in HTTP Basic")] = ""
    client_secret: Annotated[str, Field(max_length=200, description="Any token of the client")] = ""
    scope: Annotated[str, Field(max_length=5000, description="Fewer scopes than the client has, if wanted")] = ""


class AccessToken(Reply):
    """An access token, as RFC 6749 has it."""

    access_token: str
    token_type: str
    expires_in: Annotated[int, Field(description="Seconds")]
    scope: str


# ---- Questionnaires --------------------------------------------------------------------------------------------------


class QuestionnaireStatus(StrEnum):
    """Whether a version may still change."""

    DRAFT = "draft"
    PUBLISHED = "published"


class QuestionnaireSummary(Reply):
    """One version of a questionnaire, without its questions."""

    framework: str
    id: str
    version: Version
    title: Words
    audience: Audience
    status: QuestionnaireStatus
    published: Annotated[date | None, Field(description="The day it was published; null for a draft")]
    questions: Annotated[int, Field(ge=1, description="How many there are")]
    hash: Hash
    url: Annotated[str, Field(description="Where the whole of it is")]


class QuestionnaireList(Reply):
    """Every version of every questionnaire, by id and version."""

    items: list[QuestionnaireSummary]
    next_cursor: Annotated[str | None, Field(description="What to ask with for more; null at the end")]


class Level(Reply):
    """One step of a scale."""

    id: str
    points: float
    label: Words


class Scale(Reply):
    """An ordered list of levels."""

    id: str
    levels: list[Level]


class Band(Reply):
    """A range of scores with a name."""

    id: str
    start: Annotated[Percentage, Field(alias="from", description="Inclusive; up to the next band")]
    label: Words
    barrier: bool
    meaning: Words | None = None


class Rules(Reply):
    """The numbers of the scoring rule."""

    default_target: Percentage
    full_coverage: Percentage
    provisional_coverage: Percentage
    critical_below: Percentage
    critical_cap: str
    dont_know_finding: Percentage
    minimum_organisations: int


class Enabler(Reply):
    """One of the conditions of reform."""

    id: str
    title: Words
    summary: Words
    barrier: Annotated[Words, Field(description="What stands in the way where it is missing")]


class ChecklistItem(Reply):
    """One line of the checklist that questions serve."""

    id: str
    audience: Audience
    text: Words


class EvidenceKind(Reply):
    """One kind of evidence that an answer may point to."""

    id: str
    label: Words


class Framework(Reply):
    """What the questionnaires of one framework share; of scales, checklist and evidence, what this one uses."""

    schema_version: Annotated[int, Field(alias="schema")]
    id: str
    title: Words
    enablers: list[Enabler]
    scales: list[Scale]
    bands: list[Band]
    rules: Rules
    checklist: list[ChecklistItem]
    evidence: list[EvidenceKind]


class Condition(Reply):
    """Asks a question only where an earlier one was answered at a level or above."""

    question: str
    at_least: str


class Question(Reply):
    """One thing asked."""

    id: Annotated[str, Field(description="Stable for ever")]
    meaning: Annotated[int, Field(ge=1, description="Raised when its sense changes")]
    text: Words
    hint: Words | None = None
    serves: Annotated[list[str], Field(description="Lines of the checklist")]
    scale: str
    weight: Annotated[float, Field(ge=0)]
    critical: bool
    target: Annotated[str | None, Field(description="A level; without it, the framework's default target")] = None
    not_applicable: Annotated[bool, Field(description="Whether not applicable is offered")]
    descriptors: Annotated[dict[str, Words], Field(description="Level id → what it looks like here")]
    evidence: list[str]
    when: Condition | None = None


class Section(Reply):
    """Questions of one enabler."""

    id: str
    enabler: str
    title: Words
    questions: list[Question]


class Questionnaire(Reply):
    """One version of a questionnaire, whole: texts, weights, and the framework and rules it is scored by."""

    hash: Hash
    schema_version: Annotated[int, Field(alias="schema")]
    framework: Framework
    id: str
    version: Version
    title: Words
    summary: Words | None = None
    audience: Audience
    sections: list[Section]


# ---- Problems --------------------------------------------------------------------------------------------------------


class ProblemError(Reply):
    """One thing wrong with a request."""

    pointer: Annotated[
        str, Field(description="JSON Pointer (RFC 6901) into the body, empty for the whole of it; else into `in`")
    ]
    detail: Annotated[str, Field(description="What is wrong and what to do")]
    place: Annotated[str, Field(alias="in", description="`query`, `path` or `header`, where it is not the body")] = (
        "body"
    )


class Problem(Reply):
    """What went wrong, as RFC 9457 has it."""

    type: Annotated[str, Field(description="Names the type of problem, and leads to what is said of it")]
    title: Annotated[str, Field(description="The same for every problem of the type")]
    status: Annotated[int, Field(ge=400, le=599)]
    detail: Annotated[str, Field(description="This very occurrence, in words for a person")]
    errors: Annotated[
        list[ProblemError],
        Field(min_length=1, description="Where the body is what is wrong", json_schema_extra=_without_default),
    ] = []
    error: Annotated[
        str,
        Field(description="Of `/oauth/token`: its name in RFC 6749", json_schema_extra=_without_default),
    ] = ""
    current: Annotated[
        dict[str, Any],
        Field(
            description="Where the type is `precondition-failed`: question id → the answer that is there now",
            json_schema_extra=_without_default,
        ),
    ] = {}
