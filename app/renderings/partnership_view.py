"""A partnership's full report -> the one object that its page, PDF and text show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.barriers import Barriers
from app.domain.full_report import FullReport
from app.domain.learning import LearningLibrary
from app.domain.partnership_report import Shows
from app.domain.trust_question import TrustQuestion
from app.domain.uk_time import today
from app.renderings.shapes import Fact, ReportView
from app.renderings.view import make_report_view
from app.renderings.view_actions import ActionRow, make_action_rows
from app.renderings.view_barriers import TypedBarriers, make_typed_barriers
from app.renderings.view_together import TogetherView, make_together_view
from app.renderings.view_trust import TrustView, make_trust_view


@dataclass(frozen=True, slots=True)
class PartnershipView:
    """Everything the report of a partnership says to people."""

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
    return PartnershipView(
        report=make_report_view(
            report.get(shows),
            subject=report.together.partnership,
            context=facts,
            learning=beside.learning,
            organisations=report.together.answers,
        ),
        together=make_together_view(report, agreed=shows is Shows.AGREED),
        barriers=make_typed_barriers(report.questionnaire, beside.barriers, full.said),  # the gaps name what helps
        trust=make_trust_view(report.together, full.ratings, beside.trust, now) if beside.trust else None,
        plan=tuple(row for row in rows if row.is_open),
        finished=tuple(row for row in rows if not row.is_open),
    )
