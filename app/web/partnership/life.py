"""What a coordinator does to an assessment without seeing it: reopening, and permitting late entry."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.access import Actor
from app.domain.assessment import AssessmentStatus, find_reason_fault
from app.domain.records import AssessmentKey, AssessmentRecord
from app.domain.rounds import LATE_ENTRY_BEFORE, can_permit_late_entry, find_late_entry_fault
from app.renderings.release_words import say_release_stays
from app.services import Database, life, releasing
from app.web import paths
from app.web.dates import DateFields, name_fields
from app.web.forms import Form, read_number, reads
from app.web.kept import KeptDep
from app.web.pages import FieldError, Link
from app.web.partnership.life_pages import LateEntryPage, ReopenPage
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.viewing import NOTES_VIEW
from app.web.words import moment_words

router = make_router()

REOPEN = "/partnerships/{partnership_id}/assessments/{assessment_id}/reopen"
LATE_ENTRY = "/partnerships/{partnership_id}/rounds/{round_id}/organisations/{organisation_id}/late-entry"
ReopenForm = Annotated[Form, Depends(reads("submission", "reason", "kept", kept=True))]
LateEntryForm = Annotated[Form, Depends(reads(*name_fields("until"), "reason", "kept", kept=True))]
NOTHING: Final = Form({})
HAS_CLOSED: Final = "The round has closed."
HAS_LEFT: Final = "This organisation has left the partnership."
THEN_REOPEN: Final = "To let it change what was submitted, permit late entry first, then reopen its assessment."


def list_actions(actor: Actor, record: AssessmentRecord, now: datetime) -> tuple[Link, ...]:
    """List what a coordinator can do to the assessment of an organisation now, for the page of the partnership."""
    links = []
    if record.assessment_id is not None and life.can_reopen(actor, record, now):
        links.append(Link("Reopen", paths.reopen(AssessmentKey(record.partnership_id, record.assessment_id))))
    if life.can_permit_late_entry(actor, record, now):
        path = paths.late_entry(record.partnership_id, record.round_id, record.organisation_id)
        links.append(Link("Permit late entry", path))
    return tuple(links)


@router.get(REOPEN, dependencies=[NOTES_VIEW])
def reopen_page(
    show: ShowDep,
    database: DatabaseDep,
    actor: ActorDep,
    partnership_id: UUID,
    assessment_id: UUID,
    now: Now,
    kept: KeptDep,
) -> HTMLResponse:
    """Coordinators of the partnership: what reopening does, and the reason for it."""
    key = AssessmentKey(partnership_id, assessment_id)
    record = life.get_for_coordinator(database, actor, key)
    return show("partnership/reopen.html", _make_reopening(database, actor, key, record, now, kept.find() or NOTHING))


@router.post(REOPEN)
def reopen(
    form: ReopenForm,
    show: ShowDep,
    database: DatabaseDep,
    actor: ActorDep,
    partnership_id: UUID,
    assessment_id: UUID,
    now: Now,
    kept: KeptDep,
) -> Response:
    """Coordinators of the partnership: reopens an assessment that was submitted, with the reason."""
    key = AssessmentKey(partnership_id, assessment_id)
    reason, seen = form.get("reason"), read_number(form, "submission")
    fault = find_reason_fault(reason)
    if fault:
        record = life.get_for_coordinator(database, actor, key)
        page = _make_reopening(database, actor, key, record, now, form, FieldError("reason", fault))
        return show("partnership/reopen.html", page, 422)
    life.reopen(database, actor, key, seen, reason, now)
    kept.settle(form)
    return RedirectResponse(paths.partnership(partnership_id), 303)


def _make_reopening(
    database: Database,
    actor: Actor,
    key: AssessmentKey,
    record: AssessmentRecord,
    now: datetime,
    form: Form,
    *errors: FieldError,
) -> ReopenPage:
    home = paths.partnership(key.partnership_id)
    late_entry = paths.late_entry(key.partnership_id, record.round_id, record.organisation_id)
    refusal = _refuse_reopening(actor, record, now)
    return ReopenPage(
        title=f"Reopen the assessment of {record.organisation}, {record.round}",
        organisation=record.organisation,
        back=Link("Back to the partnership", home),
        errors=errors,
        place=f"{record.partnership}, {record.round}",
        standing=_describe(record),
        refusal=refusal,
        released="" if refusal else say_release_stays(releasing.find_publishing(database, record.round_id, now)),
        instead=(Link("Permit late entry first", late_entry),) if refusal == HAS_CLOSED else (),
        until=moment_words(record.window.ends_at),
        reason=form.get("reason"),
        is_kept=form.get("kept") == "yes",
        seen=read_number(form, "submission") if errors else record.submissions,
        action=paths.reopen(key),
        leave=home,
    )


def _refuse_reopening(actor: Actor, record: AssessmentRecord, now: datetime) -> str:
    """Say why the actor cannot reopen an assessment now; nothing where they can."""
    if life.can_reopen(actor, record, now):
        return ""
    if record.window.left_at:
        return HAS_LEFT
    return HAS_CLOSED if now >= record.window.ends_at else "Only an assessment that was submitted can be reopened."


def _describe(record: AssessmentRecord) -> str:
    """Say where an assessment stands, and nothing of its answers."""
    match record.status:
        case None:
            return "It has not been started."
        case AssessmentStatus.IN_PROGRESS:
            return "It is in progress."
        case AssessmentStatus.SUBMITTED:
            return f"It was submitted at {moment_words(record.submitted_at)}." if record.submitted_at else ""
        case AssessmentStatus.SIGNED_OFF:
            return f"It was signed off at {moment_words(record.signed_off_at)}." if record.signed_off_at else ""


@router.get(LATE_ENTRY, dependencies=[NOTES_VIEW])
def late_entry_page(
    show: ShowDep,
    database: DatabaseDep,
    actor: ActorDep,
    partnership_id: UUID,
    round_id: UUID,
    organisation_id: UUID,
    now: Now,
    kept: KeptDep,
) -> HTMLResponse:
    """Coordinators of the partnership: until when an organisation may enter, and why."""
    record = life.get_for_late_entry(database, actor, partnership_id, round_id, organisation_id)
    return show("partnership/late_entry.html", _make_late_entry(database, record, now, kept.find() or NOTHING))


@router.post(LATE_ENTRY)
def permit_late_entry(  # noqa: PLR0913, PLR0917 - also what was typed before signing in again
    form: LateEntryForm,
    show: ShowDep,
    database: DatabaseDep,
    actor: ActorDep,
    partnership_id: UUID,
    round_id: UUID,
    organisation_id: UUID,
    now: Now,
    kept: KeptDep,
) -> Response:
    """Coordinators of the partnership: lets an organisation enter after its round has closed."""
    record = life.get_for_late_entry(database, actor, partnership_id, round_id, organisation_id)
    until, reason = DateFields.read(form, "until").resolve(), form.get("reason")
    errors = []
    if isinstance(until, FieldError):
        errors.append(until)
    elif fault := find_late_entry_fault(record.window, until, now):
        errors.append(FieldError("until-day", fault))
    if fault := find_reason_fault(reason):
        errors.append(FieldError("reason", fault))
    if errors or isinstance(until, FieldError):
        return show("partnership/late_entry.html", _make_late_entry(database, record, now, form, *errors), 422)
    life.permit_late_entry(database, actor, partnership_id, round_id, organisation_id, until, reason, now)
    kept.settle(form)
    return RedirectResponse(paths.partnership(partnership_id), 303)


def _make_late_entry(
    database: Database, record: AssessmentRecord, now: datetime, form: Form, *errors: FieldError
) -> LateEntryPage:
    home = paths.partnership(record.partnership_id)
    window = record.window
    closes = f"The round {'closes' if now < window.closes_at else 'closed'} at {moment_words(window.closes_at)}."
    is_permitted = window.late_until and not window.left_at
    permitted = f" It may enter until {moment_words(window.ends_at)}." if is_permitted else ""
    refusal = ""
    if not can_permit_late_entry(window, now):
        earliest = moment_words(window.closes_at - LATE_ENTRY_BEFORE)
        refusal = HAS_LEFT if window.left_at else f"Late entry can be permitted from {earliest}."
    return LateEntryPage(
        title=f"Permit late entry for {record.organisation}, {record.round}",
        organisation=record.organisation,
        back=Link("Back to the partnership", home),
        errors=errors,
        place=f"{record.partnership}, {record.round}",
        standing=f"{closes} {_describe(record)}{permitted}",
        refusal=refusal,
        released="" if refusal else say_release_stays(releasing.find_publishing(database, record.round_id, now)),
        then_reopen="" if record.status in {None, AssessmentStatus.IN_PROGRESS} else THEN_REOPEN,
        until=DateFields.read(form, "until"),
        until_fault=next((error.text for error in errors if error.field == "until-day"), ""),
        reason=form.get("reason"),
        is_kept=form.get("kept") == "yes",
        action=paths.late_entry(record.partnership_id, record.round_id, record.organisation_id),
        leave=home,
    )
