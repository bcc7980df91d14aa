"""What kind of thing stands in the way of a question: the kinds of a framework, who may be asked, and who says what.

Kinds and what each leads to are data: a framework's `barriers.yaml`. An organisation says them of the gaps of what it
submitted, and of nothing else; what is no gap any more after answering again counts no more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Annotated, Final

from pydantic import Field

from app.domain.errors import AnswerError, NotAllowedNowError, NotFoundError
from app.domain.gaps import GapReport
from app.domain.questionnaire import Part, Questionnaire, SchemaVersion
from app.domain.rounds import Window
from app.domain.scoring import QuestionScore
from app.domain.times import days_before
from app.domain.values import Id, Text

MOST_KINDS: Final = 8
"""Kinds that one enabler may have: more are not read, they are skimmed."""
SAID_AFTER_CLOSING: Final = 60
"""How many days after closing kinds may be said: in these weeks partners meet and plan. Then the round is history."""


class BarrierKind(Part):
    """One kind of thing that may stand in the way: how to tell it from the others, and what to do next."""

    id: Id
    label: Text
    hint: Text
    next_step: Text
    resources: tuple[Id, ...] = ()
    """Of the learning library of the same framework."""


class EnablerBarriers(Part):
    """What is asked about the gaps of one enabler."""

    enabler: Id
    question: Text
    kinds: Annotated[tuple[BarrierKind, ...], Field(min_length=2, max_length=MOST_KINDS)]


class Barriers(Part):
    """The kinds of barrier of one framework, by enabler. A kind's id is unique among all of them."""

    schema_version: SchemaVersion
    framework: Id
    enablers: Annotated[tuple[EnablerBarriers, ...], Field(min_length=1)]

    @cached_property
    def by_enabler(self) -> Mapping[str, EnablerBarriers]:
        """Enabler id -> what is asked about its gaps."""
        return {each.enabler: each for each in self.enablers}

    @cached_property
    def kinds_by_id(self) -> Mapping[str, BarrierKind]:
        """Kind id -> kind."""
        return {kind.id: kind for each in self.enablers for kind in each.kinds}


Said = Mapping[str, Mapping[str, Collection[str]]]
"""Question id -> kind id -> the names of the organisations that say so."""


# ---- What may be said ------------------------------------------------------------------------------------------------


def find_asked(barriers: Barriers | None, questionnaire: Questionnaire, question_id: str) -> EnablerBarriers | None:
    """Find what is asked about the gap of a question; `None` where there is no such question, or nothing is asked."""
    section = questionnaire.section_of.get(question_id)
    return None if barriers is None or section is None else barriers.by_enabler.get(section.enabler)


def get_asked(barriers: Barriers | None, report: GapReport, question_id: str) -> EnablerBarriers:
    """Give what is asked about a gap of a report.

    Raises `NotFoundError` where there is no such question or nothing is asked about it, and `NotAllowedNowError` where
    it has no gap.
    """
    asked = find_asked(barriers, report.questionnaire, question_id)
    if asked is None:
        raise NotFoundError("There is no such question, or nothing to say about what stands in its way")
    if all(gap.question.id != question_id for gap in report.gaps):
        raise NotAllowedNowError("This question is not under its target in what you submitted, so it has no gap")
    return asked


def check_kinds(asked: EnablerBarriers, kinds: Collection[str]) -> None:
    """Raise `AnswerError` where a kind is not among those of the enabler that is asked about."""
    if not set(kinds) <= {kind.id for kind in asked.kinds}:
        raise AnswerError("Choose from the list: something that was sent is not on it")


def can_say(window: Window, submissions: int, now: datetime) -> bool:
    """Say whether it is time to say kinds: from the first submission on, until some weeks after the closing."""
    return submissions > 0 and now < find_end(window)


def check_say(window: Window, submissions: int, now: datetime) -> None:
    """Raise `NotAllowedNowError` while nothing was submitted, and when the time is over."""
    if not submissions:
        raise NotAllowedNowError("Submit the assessment first. Then you can say what stands in the way of each gap")
    if window.left_at and now >= window.left_at:
        raise NotAllowedNowError("Your organisation has left this partnership, so this can no longer be changed")
    if not can_say(window, submissions, now):
        raise NotAllowedNowError(
            f"This can be said until {SAID_AFTER_CLOSING} days after the round has closed, and no longer"
        )


def find_end(window: Window) -> datetime:
    """Give the moment from which kinds can no longer be said: for an organisation that leaves, when it left."""
    end = days_before(max(window.closes_at, window.late_until or window.closes_at), -SAID_AFTER_CLOSING)
    return min(end, window.left_at) if window.left_at else end


# ---- What was said ---------------------------------------------------------------------------------------------------


def list_gaps(votes: Sequence[QuestionScore], targets: Sequence[Fraction]) -> frozenset[str]:
    """Give the questions that one organisation scored under target; scores and targets in questionnaire order."""
    return frozenset(
        vote.question.id
        for vote, target in zip(votes, targets, strict=True)
        if vote.score is not None and vote.score < target
    )


@dataclass(frozen=True, slots=True)
class KindCount:
    """One kind, and who says it."""

    kind: BarrierKind
    organisations: tuple[str, ...]
    """By name, in order."""
    questions: int
    """Of how many questions any of them says it."""


def count_question(
    barriers: Barriers, questionnaire: Questionnaire, said: Said, question_id: str
) -> tuple[KindCount, ...]:
    """Count who names which kind for one question: the kind that most name first, ties in the order of the kinds."""
    return _count(find_asked(barriers, questionnaire, question_id), [said.get(question_id, {})])


def count_enabler(
    barriers: Barriers, questionnaire: Questionnaire, said: Said, enabler_id: str
) -> tuple[KindCount, ...]:
    """Count the same over all questions of an enabler; an organisation counts once for a kind, however often it is."""
    asked = barriers.by_enabler.get(enabler_id)
    questions = zip(questionnaire.questions, questionnaire.enablers_asked, strict=True)
    return _count(asked, [said.get(question.id, {}) for question, enabler in questions if enabler == enabler_id])


def _count(asked: EnablerBarriers | None, said: Sequence[Mapping[str, Collection[str]]]) -> tuple[KindCount, ...]:
    if asked is None:
        return ()
    counts = []
    for kind in asked.kinds:
        names = [each[kind.id] for each in said if each.get(kind.id)]
        if names:
            counts.append(KindCount(kind, tuple(sorted({name for some in names for name in some})), len(names)))
    return tuple(sorted(counts, key=lambda count: -len(count.organisations)))
