"""The shapes of assessments: what is sent to start, answer and move them, and what is read of them."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic.types import StrictInt, StrictStr

from app.api.schemas import Hash, Reply, Shape, Version, WrittenAnswer
from app.domain.assessment import TEXT_LIMITS
from app.domain.values import ID_LENGTH

MOST_VERSIONS: Final = 1_000_000_000
MOST_ANSWERS: Final = 1_000
NO_WORDS: Final = "Null without the scope `assessments:write`"

Number = Annotated[StrictInt, Field(ge=1, le=MOST_VERSIONS, description="The submission that was looked at")]


def _check_said(reason: str) -> str:
    if not reason.strip():
        raise ValueError("must say why, so that everybody knows what to do")
    return reason


Reason = Annotated[
    StrictStr,
    Field(min_length=1, max_length=TEXT_LIMITS["reason"], description="Why", examples=["The pooled budget has ended"]),
    AfterValidator(_check_said),
]

# ---- Requests --------------------------------------------------------------------------------------------------------


class AssessmentRequest(Shape):
    """Which assessment to start."""

    round: Annotated[UUID, Field(description="A round that the partnership takes part in")]
    organisation: Annotated[UUID, Field(description="Whose assessment it is")]


class AnswerRequest(Shape):
    """An answer to one question, as in an answers file, with what may stand beside it."""

    answer: WrittenAnswer
    note: Annotated[StrictStr, Field(max_length=TEXT_LIMITS["note"], description="For the partners")] = ""
    evidence_kind: Annotated[StrictStr, Field(max_length=ID_LENGTH, description="One that the framework lists")] = ""
    evidence_link: Annotated[
        StrictStr, Field(max_length=TEXT_LIMITS["evidence_link"], description="A web address, or empty")
    ] = ""


class VersionedAnswerRequest(AnswerRequest):
    """The same among others, with the version that was seen."""

    version: Annotated[StrictInt, Field(ge=0, le=MOST_VERSIONS, description="As you saw it; 0 where there is none")]


class AnswersRequest(Shape):
    """Answers to many questions: all are stored, or none."""

    answers: Annotated[
        dict[str, VersionedAnswerRequest],
        Field(min_length=1, max_length=MOST_ANSWERS, description="Question id → answer"),
    ]


class DecisionRequest(Shape):
    """Which submission is decided on, so that nobody decides on what they have not seen."""

    submission: Number


class ReasonedRequest(DecisionRequest):
    """The same, with a reason that the organisation reads."""

    reason: Reason


# ---- Replies ---------------------------------------------------------------------------------------------------------


class AssessmentEdition(Reply):
    """The version of the questionnaire that is answered."""

    id: str
    version: Version
    hash: Hash


class AssessmentSummary(Reply):
    """Where one organisation stands in one round of a partnership."""

    id: Annotated[str | None, Field(description="Null where it is not started")]
    partnership: str
    round: str
    organisation: str
    status: Annotated[str, Field(description="`not-started`, `in-progress`, `submitted` or `signed-off`")]
    submissions: Annotated[int, Field(ge=0, description="How often it was submitted")]
    submitted_at: datetime | None
    signed_off_at: datetime | None
    opens_at: datetime
    closes_at: Annotated[datetime, Field(description="Until when this organisation may answer and submit")]
    questionnaire: AssessmentEdition


class AssessmentList(Reply):
    """Assessments of a partnership, those not started included."""

    items: list[AssessmentSummary]
    next_cursor: Annotated[str | None, Field(description="What to ask with for more; null at the end")]


class AssessmentAnswer(Reply):
    """An answer as it is now."""

    answer: WrittenAnswer
    note: Annotated[str | None, Field(description=NO_WORDS)]
    evidence_kind: str
    evidence_link: Annotated[str | None, Field(description=NO_WORDS)]
    version: Annotated[int, Field(ge=1, description="Its entity tag, too")]
    answered_by: Annotated[str | None, Field(description=NO_WORDS)]
    answered_at: datetime


class Assessment(AssessmentSummary):
    """An assessment with its current answers."""

    answers: Annotated[dict[str, AssessmentAnswer], Field(description="Question id → answer")]
    unanswered: Annotated[list[str], Field(description="Questions that are asked and have no answer yet, in order")]


class SavedAnswers(AssessmentSummary):
    """Where the assessment stands after answers were stored."""

    versions: Annotated[dict[str, int], Field(description="Question id → the version that is there now")]
    unanswered: Annotated[list[str], Field(description="Questions that are asked and have no answer yet, in order")]
