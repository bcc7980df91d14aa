"""Reading a partnership together: the report of one round, of one moment, for those it is open to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.action_changes import QuestionChange, compare_action
from app.domain.actions import ActionRecord, order_actions
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.full_report import FullReport
from app.domain.learning_marks import list_shown
from app.domain.partnership_report import PartnershipReport
from app.domain.together import Together, can_see, check_see
from app.domain.uk_time import today
from app.services import Database, auditing
from app.services.typing_barriers import name_said
from app.store import actions, marks
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


def get_full(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime
) -> FullReport:
    """Report one round of a partnership with all that was said and planned beside the answers.

    Of one moment, in five statements besides the record that the actor reads it. Raises what `get_report` does.
    """
    with database.reading() as session:
        report = load_report(session, catalogue, actor, partnership_id, round_id, now)
        earlier = tuple(each for each in report.earlier if can_see(actor, each, now))
        full = complete(session, catalogue, report, earlier, now)
    auditing.record_view(database, actor, partnership_id, f"round {round_id}", now, event=Event.REPORT_VIEWED)
    return full


def complete(
    session: Session, catalogue: Catalogue, report: PartnershipReport, earlier: tuple[Together, ...], now: datetime
) -> FullReport:
    """Load what was said and planned beside the answers of a report, and in those earlier rounds that are open, too."""
    together = report.together
    said, ratings = store.list_spoken(session, together.partnership_id, together.round_id)
    opened = (together, *earlier)
    seen = {each.round_id: catalogue.get_by_hash(each.questionnaire_hash) for each in opened}
    found = actions.list_actions(session, together.partnership_id)
    planned = order_actions(tuple(each for each in found if each.round_id in seen), today(now))
    changes = compare_actions(catalogue, planned, opened)
    helpful = list_shown(marks.count_marks(session, report.questionnaire.framework.id))
    return FullReport(report, name_said(report, said), ratings, planned, seen, changes, helpful)


def compare_actions(
    catalogue: Catalogue, found: tuple[ActionRecord, ...], opened: tuple[Together, ...]
) -> dict[UUID, QuestionChange]:
    """Set actions beside the change in their questions up to the newest of some rounds: action -> change."""
    if not opened:
        return {}
    needed = {each.round_id for each in found} | {opened[0].round_id}
    reports = {each.round_id: make_report(catalogue, each, opened) for each in opened if each.round_id in needed}
    newest = reports[opened[0].round_id]
    return {each.id: compare_action(each, reports[each.round_id], newest) for each in found if each.round_id in reports}


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
