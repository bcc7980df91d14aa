"""Where a partnership stands beside what all partnerships of its round said together, once that is published."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.partnership_report import PartnershipReport
from app.services import Database, auditing, releasing, together
from app.services.releasing import ReleasedToPartners


@dataclass(frozen=True, slots=True)
class WhereAmI:
    """The report of a partnership, and the release to set it beside."""

    report: PartnershipReport
    released: ReleasedToPartners | None
    """`None` while nothing is published."""
    release_at: datetime | None
    """The date that is named for it, where nothing is published; `None` where there is none."""


def get_where(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime
) -> WhereAmI:
    """Give both, of one moment, and record that the actor reads the report. At most two statements besides its own.

    Raises what `together.get_report` raises.
    """
    with database.reading() as session:
        report = together.load_report(session, catalogue, actor, partnership_id, round_id, now)
        released = releasing.find_for_partners(session, partnership_id, round_id, now)
        release_at = None if released else releasing.find_date(session, round_id)
    auditing.record_view(database, actor, partnership_id, f"round {round_id}", now, event=Event.REPORT_VIEWED)
    return WhereAmI(report, released, release_at)
