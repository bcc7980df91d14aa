"""A partnership over its rounds: one beside those before it whose reports are open to the actor, of one moment."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.partnership_report import PartnershipReport
from app.domain.together import can_see
from app.services import Database, together


@dataclass(frozen=True)
class OverTime:
    """A round, and what it can be compared with."""

    current: PartnershipReport
    earlier: tuple[PartnershipReport, ...]
    """The newest first; only rounds that anybody submitted in."""
    kept_back: tuple[str, ...]
    """The names of earlier rounds whose reports are not open to the actor."""


def get_over_time(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime
) -> OverTime:
    """Give a round of a partnership with those before it. Two statements.

    An earlier round is there for whoever may read its own report, and for nobody else: it may still be open, and blind.
    Raises what `together.get_report` raises.
    """
    current = together.get_report(database, catalogue, actor, partnership_id, round_id, now)
    return OverTime(
        current,
        earlier=tuple(
            PartnershipReport(each, catalogue.get_by_hash(each.questionnaire_hash))
            for each in current.earlier
            if can_see(actor, each, now)
        ),
        kept_back=tuple(each.round for each in current.earlier if not can_see(actor, each, now)),
    )
