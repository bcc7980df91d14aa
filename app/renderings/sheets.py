"""The partnership report as sheets: every exact number as it is. Rounding is the business of whatever writes them.

One row an enabler, a question, an answer of an organisation, an action; and a codebook that is made of the columns
themselves, so that no column is without its words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from app.domain.gaps import Gap, GapReport
from app.domain.partnership import find_average_deviation, find_rwg
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import Question
from app.domain.scoring import QuestionScore, QuestionState, weigh_questions
from app.domain.together import Partner
from app.renderings import columns
from app.renderings.columns import Column

Value = str | Fraction | int | bool | date | None
"""What stands in a cell; `None` for nothing. A text is as somebody wrote it: neutralise it where it is written."""


class SheetName(StrEnum):
    """The sheets, in their order."""

    PROFILE = "profile"
    QUESTIONS = "questions"
    ORGANISATIONS = "organisations"
    ACTIONS = "actions"
    CODEBOOK = "codebook"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action of the plan, in words."""

    enabler: str
    """The id of the enabler; so too the question."""
    question: str
    action: str
    organisation: str
    """Whose action it is."""
    owner: str
    due: date
    status: str
    department: str
    """Whom it asks; empty for what the partnership does itself."""
    measure: str
    """What will show that it worked."""
    note: str
    """The latest on its progress."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: a name, columns, and rows of as many values."""

    name: StrEnum
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]


def make_sheets(report: PartnershipReport, actions: Sequence[ActionRow] = ()) -> tuple[Sheet, ...]:
    """Put a partnership report and its plan into sheets. Both views are in them: as answered, and as agreed."""
    sheets = (
        Sheet(SheetName.PROFILE, columns.PROFILE, tuple(_list_enablers(report))),
        Sheet(SheetName.QUESTIONS, columns.QUESTIONS, tuple(_list_questions(report))),
        Sheet(SheetName.ORGANISATIONS, columns.ORGANISATIONS, tuple(_list_answers(report))),
        Sheet(SheetName.ACTIONS, columns.ACTIONS, tuple(map(_make_action, actions))),
    )
    return (*sheets, _make_codebook(sheets))


def find_enabler_deviations(report: PartnershipReport) -> tuple[Fraction | None, ...]:
    """Give for each enabler how far the organisations' own scores lie from their mean; `None` with fewer than two."""
    own = [weigh_questions(report.questionnaire, tuple(vote)).enablers for vote in report.votes]
    return tuple(
        find_average_deviation([score for each in own if (score := each[position].score) is not None])
        for position in range(len(report.questionnaire.framework.enablers))
    )


def find_question_rwg(report: PartnershipReport, position: int) -> Fraction | None:
    """Give rwg of the question at a place in the questionnaire; `None` with fewer than two scores."""
    scale = report.questionnaire.scale_of(report.questionnaire.questions[position])
    place_of = {score: place for place, score in enumerate(scale.scores.values())}
    given = [score for vote in report.votes if (score := vote[position].score) is not None]
    return find_rwg([place_of[score] for score in given], len(scale.levels))


def _list_enablers(report: PartnershipReport) -> Iterator[tuple[Value, ...]]:
    individual, settled = report.individual, report.settled
    enablers = zip(individual.scores.enablers, settled.scores.enablers, find_enabler_deviations(report), strict=True)
    for answered, agreed, deviation in enablers:
        name = answered.enabler.id
        yield (
            name,
            answered.enabler.title,
            answered.score,
            answered.band.id if answered.band else None,
            answered.barrier,
            answered.coverage,
            answered.coverage_status.value,
            answered.dont_know_share,
            answered.not_applicable,
            individual.percent_to_target[name],
            deviation,
            agreed.score,
            agreed.band.id if agreed.band else None,
            agreed.barrier,
            agreed.coverage,
            agreed.coverage_status.value,
            settled.percent_to_target[name],
        )


def _list_questions(report: PartnershipReport) -> Iterator[tuple[Value, ...]]:
    questionnaire = report.questionnaire
    individual, settled = _list_beside(report.individual), _list_beside(report.settled)
    targets = report.individual.targets or questionnaire.targets.exact
    asked = zip(report.individual.scores.questions, questionnaire.enablers_asked, targets, strict=True)
    for position, (scored, enabler, target) in enumerate(asked):
        question = scored.question
        yield (
            enabler,
            question.id,
            question.text,
            scored.state.value,
            scored.score,
            target,
            *_measure(individual.get(question.id)),
            question.weight,
            question.critical,
            scored.contested,
            scored.organisations,
            scored.average_deviation,
            find_question_rwg(report, position),
            *_list_agreed(report, question),
            *_measure(settled.get(question.id)),
        )


def _list_beside(report: GapReport) -> dict[str, Gap]:
    return {gap.question.id: gap for gap in (*report.gaps, *report.met)}


def _measure(gap: Gap | None) -> tuple[Value, ...]:
    return (gap.gap, gap.difference, gap.priority) if gap else (None, None, None)


def _list_agreed(report: PartnershipReport, question: Question) -> tuple[Value, ...]:
    agreed = report.together.agreed.get(question.id)
    if agreed is None:
        return (None,) * 5
    scores = report.questionnaire.scale_of(question).scores
    return (
        agreed.choice or None,
        scores[agreed.choice] if agreed.choice else None,
        agreed.meeting.held_on,
        agreed.reason,
        agreed.minority_view,
    )


def _list_answers(report: PartnershipReport) -> Iterator[tuple[Value, ...]]:
    votes = {
        partner.organisation_id: vote for partner, vote in zip(report.together.submitted, report.votes, strict=True)
    }
    for partner in report.together.partners:
        vote = votes.get(partner.organisation_id)
        for position, enabler in enumerate(report.questionnaire.enablers_asked):
            yield (
                partner.name,
                enabler,
                report.questionnaire.questions[position].id,
                *_make_answer(partner, vote[position] if vote else None),
                partner.is_in,
                partner.is_changing,
            )


def _make_answer(partner: Partner, scored: QuestionScore | None) -> tuple[Value, ...]:
    """Give what an organisation answered; a hidden question keeps its answer and does not show it."""
    if scored is None:
        return (None,) * 7
    answer = partner.answers.get(scored.question.id)
    if answer is None or scored.state is QuestionState.HIDDEN:
        return (scored.state.value, *(None,) * 6)
    return (
        scored.state.value,
        answer.choice,
        scored.score,
        answer.reason,
        answer.note,
        answer.evidence_kind,
        answer.evidence_link,
    )


def _make_action(row: ActionRow) -> tuple[Value, ...]:
    return (
        row.enabler,
        row.question,
        row.action,
        row.organisation,
        row.owner,
        row.due,
        row.status,
        row.department,
        row.measure,
        row.note,
    )


def _make_codebook(sheets: Sequence[Sheet]) -> Sheet:
    described = [(sheet.name, column) for sheet in sheets for column in sheet.columns]
    described += [(SheetName.CODEBOOK, column) for column in columns.CODEBOOK]
    rows = tuple(
        (name.value, column.id, column.title, column.says, column.unit, columns.ROUNDED[column.kind], column.source)
        for name, column in described
    )
    return Sheet(SheetName.CODEBOOK, columns.CODEBOOK, rows)
