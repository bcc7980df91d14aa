"""A partnership in a round -> its report, as each organisation answered and as they agreed. Exact and pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from app.domain.gaps import GapReport, report_gaps
from app.domain.partnership import score_agreed, score_partnership
from app.domain.questionnaire import Questionnaire
from app.domain.round_plans import choose_targets
from app.domain.scoring import QuestionScore, score_questions
from app.domain.together import Together


class Shows(StrEnum):
    """Which of the two views a report shows; never both mixed."""

    INDIVIDUAL = "individual"
    """What each organisation answered, one vote each."""
    AGREED = "agreed"
    """The same, with the agreed level in the place of the mean where one was agreed."""


@dataclass(frozen=True)
class PartnershipReport:
    """Where a partnership stands in a round: as each organisation answered, and as they agreed."""

    together: Together
    questionnaire: Questionnaire
    earlier: tuple[Together, ...] = ()
    """The rounds before that anybody submitted in, the newest first."""

    @cached_property
    def votes(self) -> tuple[Sequence[QuestionScore], ...]:
        """The question scores of each organisation that has submitted, in the order of `together.submitted`."""
        return tuple(score_questions(self.questionnaire, partner.answers) for partner in self.together.submitted)

    @cached_property
    def individual(self) -> GapReport:
        """The report of what the organisations answered, one vote each."""
        targets = choose_targets(self.questionnaire, self.together.targets)
        return report_gaps(score_partnership(self.questionnaire, self.votes), targets, organisations=len(self.votes))

    @cached_property
    def settled(self) -> GapReport:
        """The same with the agreed level in the place of the mean, where one was agreed."""
        targets = choose_targets(self.questionnaire, self.together.targets)
        scores = score_agreed(self.questionnaire, self.votes, self.together.agreed_levels)
        return report_gaps(scores, targets, organisations=len(self.votes))

    def get(self, shows: Shows) -> GapReport:
        """Give the numbers of a view."""
        return self.settled if shows is Shows.AGREED else self.individual
