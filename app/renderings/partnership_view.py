"""A partnership's full report -> the one object that its page, PDF and text show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.barriers import Barriers
from app.domain.full_report import FullReport
from app.domain.learning import LearningLibrary
from app.domain.partnership_report import PartnershipReport, Shows
from app.domain.trust_question import TrustQuestion
from app.domain.uk_time import today
from app.renderings.shapes import Fact, LeadLine, ReportView
from app.renderings.view import make_report_view
from app.renderings.view_actions import ActionRow, make_action_rows
from app.renderings.view_barriers import TypedBarriers, make_typed_barriers
from app.renderings.view_together import TogetherView, make_together_view
from app.renderings.view_trust import TrustView, make_trust_view
from app.renderings.words import count, one_line


@dataclass(frozen=True, slots=True)
class PartnershipView:
    """Everything the report of a partnership says to people."""

    round: str
    report: ReportView
    together: TogetherView
    barriers: TypedBarriers
    trust: TrustView | None
    """`None` where the framework does not ask about trust."""
    plan: tuple[ActionRow, ...]
    """What is still to be done, overdue first."""
    finished: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What a framework has beside its questionnaires."""

    learning: LearningLibrary | None
    barriers: Barriers | None
    trust: TrustQuestion | None


def make_partnership_view(
    full: FullReport, shows: Shows, beside: Beside, facts: Sequence[Fact], now: datetime
) -> PartnershipView:
    """Put a full report into words, in one of its two views; `facts` stand at its head."""
    report = full.report
    rows = make_action_rows(full.actions, full.questionnaires, today(now), full.changes)
    words = make_report_view(
        report.get(shows),
        subject=report.together.partnership,
        context=facts,
        learning=beside.learning,
        organisations=report.together.answers,
    )
    return PartnershipView(
        round=one_line(report.together.round),
        report=replace(words, lead=(*words.lead, *_list_lead(report, rows))),
        together=make_together_view(report, agreed=shows is Shows.AGREED),
        barriers=make_typed_barriers(report.questionnaire, beside.barriers, full.said),  # the gaps name what helps
        trust=make_trust_view(report.together, full.ratings, beside.trust, now) if beside.trust else None,
        plan=tuple(row for row in rows if row.is_open),
        finished=tuple(row for row in rows if not row.is_open),
    )


def _list_lead(report: PartnershipReport, rows: Sequence[ActionRow]) -> Iterator[LeadLine]:
    """Say in short what was agreed and what is planned."""
    agreed, talked = len(report.together.agreed_levels), len(report.together.agreed)
    if agreed:
        yield LeadLine(
            f"{count(agreed, 'question has', 'questions have')} an agreed level.", "differences", "See which"
        )
    elif talked:
        yield LeadLine("Partners have met, and agreed on no level yet.", "differences", "See why")
    left = [row for row in rows if row.is_open]
    overdue = sum(row.is_overdue for row in left)
    if left:
        late = f", {overdue} of them overdue" if overdue else ""
        number = count(len(left), "action or ask is", "actions and asks are")
        yield LeadLine(f"{number} still to be done{late}.", "plan", "See who does what")
