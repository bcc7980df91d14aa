"""A partnership's report with everything beside it: what stands in the way, who is relied on, what is planned."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain.action_changes import QuestionChange
from app.domain.actions import ActionRecord
from app.domain.barriers import Said
from app.domain.learning_marks import Item, ShownCount
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import Questionnaire
from app.domain.trust import Rating


@dataclass(frozen=True, slots=True)
class FullReport:
    """A partnership's report with all that was said and planned beside the answers: what every surface shows."""

    report: PartnershipReport
    said: Said
    """What stands in the way of which question, and who says so."""
    ratings: tuple[Rating, ...]
    """How far who is relied on: for `trust.find_trust` alone, and for nobody's eyes."""
    actions: tuple[ActionRecord, ...]
    """What was planned in this round and those before it, overdue first."""
    questionnaires: Mapping[UUID, Questionnaire]
    """Round -> its questionnaire, of those rounds."""
    changes: Mapping[UUID, QuestionChange]
    """Action -> the change in its question, from the round it was made in to this one."""
    helpful: Mapping[Item, ShownCount]
    """What may be shown of the marks on the learning library, by point and resource."""
