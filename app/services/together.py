"""Reading a partnership together: the report of one round, of one moment, for those it is open to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.errors import NotFoundError
from app.domain.gaps import GapReport, report_gaps
from app.domain.partnership import score_agreed, score_partnership
from app.domain.questionnaire import Questionnaire
from app.domain.round_plans import choose_targets
from app.domain.scoring import QuestionScore, score_questions
from app.domain.together import Together, check_see
from app.services import Database
from app.store import together as store


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


def get_report(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime
) -> PartnershipReport:
    """Report one round of a partnership. Two statements.

    Raises `NotFoundError` for whoever does not belong to it, and `NotAllowedNowError` while it is not open to them.
    """
    with database.reading() as session:
        return load_report(session, catalogue, actor, partnership_id, round_id, now)


def load_report(
    session: Session, catalogue: Catalogue, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime
) -> PartnershipReport:
    """Load what `get_report` gives, inside a unit of work."""
    rounds = store.list_rounds(session, partnership_id)
    found = next((each for each in rounds if each.round_id == round_id), None)
    if found is None:
        raise NotFoundError("There is no such page")
    check_see(actor, found, now)
    return make_report(catalogue, found, rounds)


def make_report(catalogue: Catalogue, found: Together, rounds: Sequence[Together]) -> PartnershipReport:
    """Put a round beside those before it that anybody submitted in."""
    earlier = tuple(each for each in rounds if each.closes_at < found.closes_at and each.submitted)
    return PartnershipReport(found, catalogue.get_by_hash(found.questionnaire_hash), earlier)
