"""Two rounds side by side, like for like: what has changed, and how much of the way to the targets. Exact and pure.

A question is compared where it has the same id and the same meaning in both questionnaires, and a score in both rounds.
Weights, enablers and targets are those of the later round.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from typing import Final
from uuid import UUID

from app.domain.gaps import GapReport, report_gaps
from app.domain.partnership import score_partnership
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import Enabler, Question
from app.domain.scoring import ZERO
from app.domain.together import Partner

LITTLE: Final = 10
"""A change of fewer points than this is too little to call."""


class Verdict(StrEnum):
    """What a change amounts to."""

    RISEN = "risen"
    FALLEN = "fallen"
    TOO_LITTLE = "too-little-to-call"


class Standing(StrEnum):
    """Whether a question is compared, or what stands in the way: the first of these that fits."""

    NEW = "new"
    """It was not in the earlier questionnaire."""
    OTHER_MEANING = "other-meaning"
    NO_SCORE_EITHER = "no-score-either"
    NO_SCORE_THEN = "no-score-then"
    NO_SCORE_NOW = "no-score-now"
    COMPARED = "compared"


@dataclass(frozen=True, slots=True)
class Course:
    """From where to where, and where it should lead; on the 0 to 100 scale."""

    before: Fraction
    after: Fraction
    target: Fraction

    @property
    def change(self) -> Fraction:
        """after − before."""
        return self.after - self.before

    @property
    def verdict(self) -> Verdict:
        """Risen, fallen, or too little to call."""
        return call(self.change)

    @property
    def progress(self) -> Fraction | None:
        """(after − before) / (target − before): 1 is all the way; `None` where it was at its target."""
        way = self.target - self.before
        return self.change / way if way else None


@dataclass(frozen=True, slots=True)
class QuestionChange:
    """One question of the later questionnaire in both rounds."""

    question: Question
    enabler: str
    standing: Standing
    before: Fraction | None
    """The score then; `None` without one, or where there was no such question."""
    after: Fraction | None
    target: Fraction

    @property
    def course(self) -> Course | None:
        """What is compared; `None` where nothing is."""
        if self.standing is not Standing.COMPARED or self.before is None or self.after is None:
            return None
        return Course(self.before, self.after, self.target)


@dataclass(frozen=True, slots=True)
class EnablerChange:
    """One enabler over the questions that are compared."""

    enabler: Enabler
    questions: tuple[QuestionChange, ...]
    """All that the later questionnaire asks about it, in its order."""
    course: Course | None
    """Weighted means over the questions that are compared; `None` where there are none, or they weigh nothing."""

    @property
    def compared(self) -> tuple[QuestionChange, ...]:
        """The questions that are compared."""
        return tuple(question for question in self.questions if question.course)


@dataclass(frozen=True, slots=True)
class Change:
    """What has changed from one round to a later one."""

    baseline: GapReport
    current: GapReport
    enablers: tuple[EnablerChange, ...]
    """All of the framework, in its order."""
    dropped: tuple[Question, ...]
    """What was asked then and is no more, in the order of then."""

    @property
    def questions(self) -> tuple[QuestionChange, ...]:
        """All questions of the later questionnaire, enabler by enabler."""
        return tuple(question for enabler in self.enablers for question in enabler.questions)


@dataclass(frozen=True, slots=True)
class PartnershipChange:
    """What has changed in a partnership, and how far that may come from who took part."""

    baseline: PartnershipReport
    current: PartnershipReport
    whole: Change
    """All that took part in either round."""
    same: Change | None
    """The organisations that took part in both alone, as each answered; `None` where they are all there are."""
    both: tuple[Partner, ...]
    """Who took part in both rounds, as they are now; by name, as the others."""
    only_then: tuple[Partner, ...]
    only_now: tuple[Partner, ...]


def call(change: Fraction) -> Verdict:
    """Say what a change of so many points amounts to."""
    if abs(change) < LITTLE:
        return Verdict.TOO_LITTLE
    return Verdict.RISEN if change > 0 else Verdict.FALLEN


def compare(baseline: GapReport, current: GapReport) -> Change:
    """Compare a report with an earlier one, of the same or another version of the questionnaire."""
    asked_then = {question.question.id: question for question in baseline.scores.questions}
    targets = current.targets or current.questionnaire.targets.exact
    changes = []
    for scored, enabler, target in zip(
        current.scores.questions, current.questionnaire.enablers_asked, targets, strict=True
    ):
        question, earlier = scored.question, asked_then.get(scored.question.id)
        same = earlier is not None and earlier.question.meaning == question.meaning
        before = earlier.score if earlier and same else None
        standing = _find_standing(before, scored.score) if same else Standing.OTHER_MEANING if earlier else Standing.NEW
        changes.append(QuestionChange(question, enabler, standing, before, scored.score, target))
    enablers = tuple(
        _weigh(enabler, tuple(change for change in changes if change.enabler == enabler.id))
        for enabler in current.questionnaire.framework.enablers
    )
    asked_now = current.questionnaire.questions_by_id
    dropped = tuple(question for question in baseline.questionnaire.questions if question.id not in asked_now)
    return Change(baseline, current, enablers, dropped)


def _find_standing(before: Fraction | None, after: Fraction | None) -> Standing:
    if before is None:
        return Standing.NO_SCORE_EITHER if after is None else Standing.NO_SCORE_THEN
    return Standing.NO_SCORE_NOW if after is None else Standing.COMPARED


def _weigh(enabler: Enabler, questions: tuple[QuestionChange, ...]) -> EnablerChange:
    weighed = [(change.question.weight, course) for change in questions if (course := change.course)]
    weight = sum((weight for weight, _ in weighed), ZERO)
    if not weight:
        return EnablerChange(enabler, questions, None)
    course = Course(
        before=_sum(weight * course.before for weight, course in weighed) / weight,
        after=_sum(weight * course.after for weight, course in weighed) / weight,
        target=_sum(weight * course.target for weight, course in weighed) / weight,
    )
    return EnablerChange(enabler, questions, course)


def _sum(numbers: Iterable[Fraction]) -> Fraction:
    return sum(numbers, ZERO)


def compare_in_turn(reports: Sequence[GapReport]) -> tuple[Change, ...]:
    """Compare each of several rounds, the oldest first, with the one before it."""
    return tuple(compare(before, after) for before, after in pairwise(reports))


def compare_partnerships(
    baseline: PartnershipReport, current: PartnershipReport, *, settled: bool = False
) -> PartnershipChange:
    """Compare a partnership with itself in an earlier round, as each organisation answered or as they agreed.

    An agreed level belongs to the whole partnership, so the same organisations are always compared as each answered.
    """
    then, now = (
        {partner.organisation_id: partner for partner in each.together.submitted} for each in (baseline, current)
    )
    both = frozenset(then.keys() & now.keys())
    changed = then.keys() != now.keys()
    return PartnershipChange(
        baseline=baseline,
        current=current,
        whole=compare(*((each.settled if settled else each.individual) for each in (baseline, current))),
        same=compare(report_some(baseline, both), report_some(current, both)) if changed else None,
        both=tuple(partner for partner in current.together.submitted if partner.organisation_id in both),
        only_then=tuple(partner for partner in baseline.together.submitted if partner.organisation_id not in both),
        only_now=tuple(partner for partner in current.together.submitted if partner.organisation_id not in both),
    )


def report_some(report: PartnershipReport, organisations: frozenset[UUID]) -> GapReport:
    """Report what some of the organisations answered, one vote each, to the same targets."""
    votes = [
        vote
        for partner, vote in zip(report.together.submitted, report.votes, strict=True)
        if partner.organisation_id in organisations
    ]
    scores = score_partnership(report.questionnaire, votes)
    return report_gaps(scores, report.individual.targets, organisations=len(votes))
