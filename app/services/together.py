"""Reading a partnership together: the report of one round, of one moment, for those it is open to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.partnership_report import PartnershipReport
from app.domain.together import Together, check_see
from app.services import Database, auditing
from app.store import together as store


def get_report(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime
) -> PartnershipReport:
    """Report one round of a partnership, and record that the actor reads it. Two statements besides the record.

    Raises `NotFoundError` for whoever does not belong to it, and `NotAllowedNowError` while it is not open to them.
    """
    with database.reading() as session:
        report = load_report(session, catalogue, actor, partnership_id, round_id, now)
    auditing.record_view(database, actor, partnership_id, f"round {round_id}", now, event=Event.REPORT_VIEWED)
    return report


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
