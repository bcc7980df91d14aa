"""Many partnerships -> what each contributes to a release: scores, bands and gaps, exact. Nothing is withheld here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fractions import Fraction
from typing import Final, NamedTuple
from uuid import UUID

from app.domain.gaps import report_gaps
from app.domain.partnership import score_columns
from app.domain.questionnaire import Question, Questionnaire
from app.domain.scoring import CoverageStatus, QuestionScore, QuestionState

LEAST_ORGANISATIONS: Final = 2
"""So many organisations of a partnership must have submitted for it to count in a release."""


class MeasureKind(StrEnum):
    """What is measured."""

    ENABLER = "enabler"
    QUESTION = "question"


class Measure(NamedTuple):
    """An enabler or a question by its id."""

    kind: MeasureKind
    id: str

    def __str__(self) -> str:
        """Give it as `enabler:ID`, for keys of JSON."""
        return f"{self.kind.value}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Measure":
        """Read what `str` gives."""
        kind, _, name = text.partition(":")
        return cls(MeasureKind(kind), name)


class Cut(StrEnum):
    """By what partnerships are divided, in one way."""

    AREA_TYPE = "area-type"
    REGION = "region"
    SIZE = "size"
    DEPRIVATION = "deprivation"
    PEERS = "peers"
    """In which group of places that are most alike."""
    STANDING = "standing"
    """Whether they took part in the round before."""
    SPEND = "spend"
    """Groups of as many partnerships, by spending per head; see `domain.money`."""


ONE_WAY: Final = (Cut.AREA_TYPE, Cut.REGION, Cut.SIZE, Cut.DEPRIVATION)
"""Those that two of can be crossed; groups of places most alike are too small to be divided again."""
ENABLERS_ALONE: Final = frozenset({Cut.PEERS})
"""Cuts by which enablers are told and no questions: each figure more is one that others may have to be withheld for."""
TIMES: Final = "×"
"""Stands between the parts of a cut in two ways, and of its categories."""
STAYERS: Final = "stayers"
JOINERS: Final = "joiners"
LEAVERS: Final = "leavers"


class Ballot(NamedTuple):
    """What came of one question in one partnership: how many organisations are in a state, with a score or none.

    There are millions, so that it is a tuple.
    """

    question: str
    state: QuestionState
    score: Fraction | None
    organisations: int


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one partnership contributes to a release."""

    partnership_id: UUID
    categories: Mapping[str, str]
    """Cut -> category; a cut is left out where the partnership is in none of its categories."""
    scores: Mapping[Measure, Fraction]
    """Only what has a score."""
    bands: Mapping[Measure, str]
    """Of the same measures; an enabler's as its critical questions allow."""
    provisional: frozenset[str] = frozenset()
    """Enablers whose score is provisional."""
    gaps: frozenset[str] = frozenset()
    """Questions under their target."""
    barriers: frozenset[str] = frozenset()
    """What organisations say stands in the way, as `ENABLER/KIND`."""
    asks: frozenset[UUID] = field(default=frozenset())
    """Departments that something was asked of."""
    spend: Fraction | None = None
    """What is spent for each person of its footprint, in pounds; `None` where that is not known."""
    stayed: frozenset[Measure] | None = None
    """What it had a score for in the round before as well; `None` where it was not in it, or there was none."""


def list_measures(questionnaire: Questionnaire) -> tuple[Measure, ...]:
    """List what a release tells: the enablers of the framework, then the questions."""
    return (
        *(Measure(MeasureKind.ENABLER, each) for each in questionnaire.framework.enabler_ids),
        *(Measure(MeasureKind.QUESTION, each.id) for each in questionnaire.questions),
    )


def mark_stayers(contributions: Iterable[Contribution], before: Iterable[Contribution]) -> tuple[Contribution, ...]:
    """Mark what each partnership had a score for in the round before as well."""
    then = {each.partnership_id: each.scores.keys() for each in before}
    return tuple(
        replace(each, stayed=frozenset(each.scores.keys() & then[each.partnership_id]))
        if each.partnership_id in then
        else each
        for each in contributions
    )


def contribute(
    questionnaire: Questionnaire,
    partnership_id: UUID,
    ballots: Iterable[Ballot],
    categories: Mapping[str, str],
    targets: Sequence[Fraction] | None = None,
    *,
    barriers: frozenset[str] = frozenset(),
    asks: frozenset[UUID] = frozenset(),
    spend: Fraction | None = None,
) -> Contribution:
    """Score a partnership from its ballots, by the rule that its own report has."""
    votes: dict[str, list[QuestionScore]] = {question.id: [] for question in questionnaire.questions}
    questions = questionnaire.questions_by_id
    for ballot in ballots:
        votes[ballot.question] += [_vote(questions[ballot.question], ballot)] * ballot.organisations
    report = report_gaps(score_columns(questionnaire, list(votes.values())), targets)
    scores: dict[Measure, Fraction] = {}
    bands: dict[Measure, str] = {}
    for enabler in report.scores.enablers:
        if enabler.score is not None and enabler.band is not None:
            measure = Measure(MeasureKind.ENABLER, enabler.enabler.id)
            scores[measure], bands[measure] = enabler.score, enabler.band.id
    for question in report.scores.questions:
        if question.score is not None:
            measure = Measure(MeasureKind.QUESTION, question.question.id)
            scores[measure], bands[measure] = question.score, questionnaire.framework.band_of(question.score).id
    return Contribution(
        partnership_id=partnership_id,
        categories=categories,
        scores=scores,
        bands=bands,
        provisional=frozenset(
            enabler.enabler.id
            for enabler in report.scores.enablers
            if enabler.coverage_status is CoverageStatus.PROVISIONAL
        ),
        gaps=frozenset(gap.question.id for gap in report.gaps),
        barriers=barriers,
        asks=asks,
        spend=spend,
    )


def _vote(question: Question, ballot: Ballot) -> QuestionScore:
    return QuestionScore(question, ballot.state, ballot.score, organisations=int(ballot.score is not None))
