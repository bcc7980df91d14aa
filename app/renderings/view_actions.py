"""The plan -> rows in words: what the board, the partnership report, its PDF and its workbook show of each action."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final
from uuid import UUID

from app.domain.action_changes import Comparison, QuestionChange
from app.domain.actions import ActionRecord, ActionStatus
from app.domain.questionnaire import Questionnaire
from app.domain.times import day_words
from app.renderings.numbers import shown
from app.renderings.view_gaps import enabler_title
from app.renderings.words import one_line

STATUS_WORDS: Final[Mapping[ActionStatus, str]] = {
    ActionStatus.PLANNED: "Planned",
    ActionStatus.UNDER_WAY: "Under way",
    ActionStatus.DRAFTED: "Drafted",
    ActionStatus.SENT: "Sent",
    ActionStatus.ANSWERED: "Answered",
    ActionStatus.ACCEPTED: "Accepted",
    ActionStatus.DECLINED: "Declined",
    ActionStatus.DONE: "Done",
    ActionStatus.DROPPED: "Dropped",
}
NOT_ASKED: Final = "A question that is no longer asked"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action or ask, ready to print. Every text is one line."""

    id: UUID
    title: str
    question: str
    enabler: str
    owner: str
    owner_organisation: str
    needs_owner: bool
    """Whether its owner was erased, has no role there any more, or their organisation has left."""
    due: str
    status: str
    is_open: bool
    is_overdue: bool
    measure: str
    """What will show that it worked."""
    note: str
    """The newest note on its progress; empty for none."""
    department: str
    """Whom it asks; empty for an action of the partnership itself."""
    round: str
    """The round it was made in."""
    change: str
    """The change in its question since, in a sentence, or why there is none; empty while there is no later round."""


@dataclass(frozen=True, slots=True)
class ActionGroup:
    """Rows under one heading."""

    title: str
    rows: tuple[ActionRow, ...]


def make_action_rows(
    actions: Sequence[ActionRecord],
    questionnaires: Mapping[UUID, Questionnaire],
    today: date,
    changes: Mapping[UUID, QuestionChange] | None = None,
) -> tuple[ActionRow, ...]:
    """Put actions into words, in the order they are given.

    `questionnaires` are by round, `changes` by action, as `domain.action_changes` finds them; `today` is the UK date.
    """
    known = changes or {}
    return tuple(_make_row(each, questionnaires[each.round_id], today, known.get(each.id)) for each in actions)


def _make_row(
    action: ActionRecord, questionnaire: Questionnaire, today: date, change: QuestionChange | None
) -> ActionRow:
    question = questionnaire.questions_by_id.get(action.question_id)
    return ActionRow(
        id=action.id,
        title=one_line(action.title),
        question=one_line(question.text) if question else NOT_ASKED,
        enabler=enabler_title(questionnaire, question) if question else NOT_ASKED,
        owner=one_line(action.owner),
        owner_organisation=one_line(action.owner_organisation),
        needs_owner=not action.owner_is_there,
        due=day_words(action.due_on),
        status=STATUS_WORDS[action.status],
        is_open=action.is_open,
        is_overdue=action.is_overdue(today),
        measure=one_line(action.measure),
        note=one_line(action.notes[-1].text) if action.notes else "",
        department=one_line(action.department),
        round=one_line(action.round),
        change=describe_change(change) if change else "",
    )


def describe_change(change: QuestionChange) -> str:
    """Say what became of a question, or why that cannot be said; nothing while there is no later round."""
    then_round, now_round = one_line(change.then_round), one_line(change.now_round)
    match change.comparison:
        case Comparison.NO_LATER_ROUND:
            return ""
        case Comparison.NOT_ASKED:
            return f"{now_round} does not ask this question, so there is no change to show"
        case Comparison.OTHER_MEANING:
            return f"The question means something else in {now_round}, so the two scores cannot be compared"
        case Comparison.NO_SCORE_THEN:
            return f"The question had no score in {then_round}, so there is no change to show"
        case Comparison.NO_SCORE_NOW:
            return f"The question has no score in {now_round}, so there is no change to show"
        case _:
            return _compare(change, then_round, now_round)


def _compare(change: QuestionChange, then_round: str, now_round: str) -> str:
    if change.then is None or change.now is None or change.difference is None:
        return ""
    both = f"The question scored {shown(change.then)} in {then_round} and {shown(change.now)} in {now_round}"
    return f"{both}: {_call(change.comparison, change.difference)}"


def _call(comparison: Comparison, difference: Fraction) -> str:
    if comparison is Comparison.TOO_LITTLE:
        return "too little to call"
    return f"{shown(abs(difference))} points {'higher' if difference > 0 else 'lower'}"


def group_by_enabler(rows: Sequence[ActionRow], questionnaire: Questionnaire) -> tuple[ActionGroup, ...]:
    """Put rows under their enablers, in the order of the framework; those of an earlier framework come last."""
    order = [one_line(enabler.title) for enabler in questionnaire.framework.enablers]
    others = [title for title in dict.fromkeys(row.enabler for row in rows) if title not in order]
    return _group(rows, [*order, *others], lambda row: row.enabler)


def group_by_owner(rows: Sequence[ActionRow]) -> tuple[ActionGroup, ...]:
    """Put rows under their owners: first what needs a new owner, then by organisation and name."""
    return _group(rows, [NEW_OWNER, *sorted({_owner_of(row) for row in rows} - {NEW_OWNER})], _owner_of)


NEW_OWNER: Final = "Needs a new owner"


def _owner_of(row: ActionRow) -> str:
    return NEW_OWNER if row.needs_owner and row.is_open else f"{row.owner_organisation}: {row.owner}"


def _group(
    rows: Sequence[ActionRow], titles: Sequence[str], title_of: Callable[[ActionRow], str]
) -> tuple[ActionGroup, ...]:
    groups = (ActionGroup(title, tuple(row for row in rows if title_of(row) == title)) for title in titles)
    return tuple(group for group in groups if group.rows)
