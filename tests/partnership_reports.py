"""Builders for partnership reports without a database. They do not guess what matters: who answered what is said."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

from app.domain.assessment import Answers, AssessmentStatus
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import Questionnaire
from app.domain.rounds import SignOff
from app.domain.together import Agreed, Attendance, Partner, Together
from app.store.models import new_id

CLOSES = datetime(2026, 11, 30, 17, tzinfo=UTC)
HELD_ON = date(2026, 12, 3)


def make_partner(name: str, answers: Answers | None, status: AssessmentStatus = AssessmentStatus.SUBMITTED) -> Partner:
    """Make an organisation that has submitted some answers; `None` for one that has not submitted."""
    if answers is None:
        return Partner(new_id(), name, None, None, 0, None, {})
    return Partner(new_id(), name, new_id(), status, 1, CLOSES - timedelta(days=1), answers)


def make_agreed(choice: str, reason: str = "So it is", minority_view: str = "") -> Agreed:
    """Make what was agreed on one question."""
    meeting = Attendance(new_id(), HELD_ON, frozenset(), "Everybody", 1)
    return Agreed(choice, reason, minority_view, meeting, "Coordinator", CLOSES + timedelta(days=3), 1)


def make_partnership_report(
    questionnaire: Questionnaire,
    *partners: Partner,
    agreed: Mapping[str, Agreed] | None = None,
    targets: Mapping[str, str] | None = None,
    name: str = "Upper Harrow Vale",
) -> PartnershipReport:
    """Make the report of partners in one round."""
    together = Together(
        partnership_id=new_id(),
        partnership=name,
        round_id=new_id(),
        round="Autumn round",
        opens_at=CLOSES - timedelta(days=30),
        closes_at=CLOSES,
        sign_off=SignOff.NOBODY,
        questionnaire_hash=questionnaire.hash,
        targets=targets or {},
        partners=partners,
        agreed=agreed or {},
    )
    return PartnershipReport(together, questionnaire)
