"""The shapes of partnerships, rounds, organisations, areas and actions, as other systems look them up."""

from datetime import date, datetime
from typing import Annotated

from pydantic import Field

from app.api.schemas import Edition, EnablerScore, Gap, Percentage, QuestionScore, Reply
from app.api.schemas_assessments import AssessmentEdition
from app.domain.scoring import QuestionState

NextCursor = Annotated[str | None, Field(description="What to ask with for more; null at the end")]


class PlaceName(Reply):
    """A partnership, by id and name."""

    id: str
    name: str


class PartnershipList(Reply):
    """The partnerships that the token reaches."""

    items: list[PlaceName]
    next_cursor: NextCursor


class Organisation(Reply):
    """A body that completes assessments."""

    id: str
    name: str
    kind: str


class OrganisationList(Reply):
    """The organisations of the partnerships that the token reaches."""

    items: list[Organisation]
    next_cursor: NextCursor


class AreaName(Reply):
    """An area, by code and name."""

    code: str
    name: str


class Area(AreaName):
    """A place, by official code."""

    kind: str
    region: Annotated[str, Field(description="The region it lies in; empty where it is not known")]
    valid_from: date | None
    valid_to: date | None
    successors: Annotated[list[str], Field(description="The codes that stand for it, where it is retired")]


class AreaList(Reply):
    """The areas of the partnerships that the token reaches."""

    items: list[Area]
    next_cursor: NextCursor


class Partnership(PlaceName):
    """A partnership with its organisations and areas."""

    organisations: list[Organisation]
    areas: list[AreaName]


class RoundSummary(Reply):
    """A window in which partnerships assess themselves with one questionnaire version."""

    id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    sign_off: Annotated[str, Field(description="`nobody`, `certifier` or `another-person`")]
    questionnaire: AssessmentEdition


class RoundList(Reply):
    """The rounds of the partnerships that the token reaches."""

    items: list[RoundSummary]
    next_cursor: NextCursor


class PartnershipProgress(PlaceName):
    """How far the organisations of a partnership have come."""

    statuses: Annotated[dict[str, int], Field(description="How far → how many organisations")]


class Round(RoundSummary):
    """A round, and how far those partnerships have come that the token’s maker follows."""

    partnerships: list[PartnershipProgress]


class Action(Reply):
    """What a partnership will do about a gap, or asks of a department."""

    id: str
    round: Annotated[str, Field(description="The round whose gap it is about")]
    question: str
    title: str
    measure: Annotated[str, Field(description="What will show that it worked")]
    organisation: Annotated[str, Field(description="Whose action it is")]
    due: date
    status: str
    department: Annotated[str | None, Field(description="The organisation that is asked; null for an action")]


class ActionList(Reply):
    """The plan of a partnership, as far as the token’s maker sees it."""

    items: list[Action]
    next_cursor: NextCursor


class PartnershipEnabler(EnablerScore):
    """Where a partnership stands on one enabler."""

    average_deviation: float | None


class PartnershipQuestion(QuestionScore):
    """One question, as the organisations of a partnership answered it."""

    agreed: bool
    rwg: Annotated[float | None, Field(description="How far answers agree")]


class ReportRound(Reply):
    """The round of a report."""

    id: str
    title: str
    opens_at: datetime
    closes_at: datetime


class PartnerAnswer(Reply):
    """How one organisation answered one question."""

    question: str
    state: QuestionState
    score: Percentage | None
    choice: Annotated[str | None, Field(description="A level id, `dont-know` or `not-applicable`")]
    evidence_kind: str


class Partner(Reply):
    """An organisation of the partnership, with what it submitted."""

    id: str
    name: str
    submitted: bool
    submitted_at: datetime | None
    reopened: Annotated[bool, Field(description="Whether it is answered again; what was submitted counts until then")]
    answers: Annotated[list[PartnerAnswer], Field(description="Empty where it has not submitted")]


class AgreedAnswer(Reply):
    """What the partners agreed on one question."""

    question: str
    level: Annotated[str | None, Field(description="A level id; null where they did not agree on one")]
    score: Percentage | None
    held_on: Annotated[date, Field(description="The day of the meeting")]
    present: Annotated[list[str], Field(description="Names of the organisations that were there")]
    recorded_at: datetime


class ReportAction(Reply):
    """What a partnership plans or asks for, as it stands in its report: with names of organisations, and no ids."""

    enabler: str
    question: str
    action: str
    organisation: str
    due: date
    status: str
    department: Annotated[str | None, Field(description="The organisation that is asked; null for an action")]
    measure: Annotated[str, Field(description="What will show that it worked")]


class PartnershipReport(Reply):
    """The report of a partnership in a round: scores, gaps, who answered what, what was agreed, and the plan."""

    partnership: PlaceName
    round: ReportRound
    shows: Annotated[str, Field(description="`individual` or `agreed`")]
    questionnaire: Edition
    weakest: str | None
    enablers: list[PartnershipEnabler]
    gaps: list[Gap]
    questions: list[PartnershipQuestion]
    organisations: list[Partner]
    agreed: Annotated[list[AgreedAnswer], Field(description="What was talked about, in questionnaire order")]
    actions: list[ReportAction]
