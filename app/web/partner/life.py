"""An assessment after it was answered: what has happened to it, signing off, and requesting changes."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.access import Actor
from app.domain.assessment import AssessmentStatus, Move, find_reason_fault
from app.domain.rounds import SignOff
from app.services import assessing, evidence, life, sharing
from app.services.life import Standing
from app.web import paths
from app.web.forms import Form, read_number, reads
from app.web.kept import KeptDep
from app.web.pages import FieldError, Link
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.partner.life_pages import Happening, HistoryPage, RequestChangesPage, SignOffPage
from app.web.partner.statuses import describe_status, find_colleagues, list_standing
from app.web.partner.submitting import make_sections
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import moment_words

router = make_router()

SeenForm = Annotated[Form, Depends(reads("submission"))]
ReasonForm = Annotated[Form, Depends(reads("submission", "reason", "kept", kept=True))]
NOTHING: Final = Form({})
WHAT: Final = {
    Move.SUBMIT: "Submitted",
    Move.REQUEST_CHANGES: "Changes requested",
    Move.SIGN_OFF: "Signed off",
    Move.REOPEN: "Reopened",
}


@router.get(ASSESSMENT + "/history")
def history_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, key: KeyDep, now: Now) -> HTMLResponse:
    """People of the organisation: where their assessment stands, and what has happened to it."""
    standing = life.get_standing(database, actor, key)
    record = standing.record
    return show(
        "partner/history.html",
        HistoryPage(
            title=f"What has happened: {record.organisation}, {record.round}",
            back=Link("Back to the list of sections", paths.assessment(key)),
            organisation=record.organisation,
            partnership=record.partnership,
            round=record.round,
            tag=describe_status(record, now),
            standing=list_standing(standing, now),
            links=tuple(_list_ways_on(actor, standing, now)),
            happenings=tuple(reversed([*_list_happenings(standing)])),
        ),
    )


def _list_ways_on(actor: Actor, standing: Standing, now: datetime) -> list[Link]:
    record, key = standing.record, standing.key
    links = []
    if life.can_sign_off(actor, record, now):
        links.append(Link("Read it, and sign off or request changes", paths.sign_off(key)))
    waits = record.status is AssessmentStatus.SUBMITTED and record.sign_off is not SignOff.NOBODY
    if waits and record.window.is_open(now) and not standing.certifiers:
        links += find_colleagues(actor, record)
    if record.submissions:
        links.append(Link("See the gap report", paths.report(key)))
    return links


def _list_happenings(standing: Standing) -> list[Happening]:
    started = Happening(
        what="Started", who=standing.started_by, when=moment_words(standing.started_at), reason="", link=None
    )
    happenings, number = [started], 0
    for move in standing.moves:
        link = None
        if move.move is Move.SUBMIT:
            number += 1
            report = paths.report(standing.key, submission=number)
            link = Link(f"See the report of submission {number}", report)
        happenings.append(
            Happening(what=WHAT[move.move], who=move.person, when=moment_words(move.at), reason=move.reason, link=link)
        )
    return happenings


@router.get(ASSESSMENT + "/sign-off")
def sign_off_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, key: KeyDep, now: Now
) -> Response:
    """Certifiers of the organisation: all that was submitted, to sign off or hand back."""
    standing = life.get_to_decide(database, actor, key)
    record = standing.record
    if not life.can_request_changes(actor, record, now):
        return RedirectResponse(paths.history(key), 303)
    assessment = assessing.get_assessment(database, catalogue, actor, key)
    refusal = "In this round somebody other than the person who submitted signs off. You can request changes."
    return show(
        "partner/sign_off.html",
        SignOffPage(
            title=f"Sign off what was submitted: {record.organisation}, {record.round}",
            back=Link("Back to what has happened", paths.history(key)),
            organisation=f"{record.organisation}, in {record.partnership}",
            submitted=f"Submitted by {record.submitted_by} at {moment_words(record.submitted_at or now)}",
            sections=make_sections(
                assessment,
                sharing.count_comments(database, actor, key),
                evidence.count_files(database, actor, key),
            ),
            declaration=f"By signing off you confirm that you have read these answers, and that they say how "
            f"{record.organisation} sees the place today.",
            refusal="" if life.can_sign_off(actor, record, now) else refusal,
            seen=record.submissions,
            action=paths.sign_off(key),
            request_changes=paths.request_changes(key),
        ),
    )


@router.post(ASSESSMENT + "/sign-off")
def sign_off(form: SeenForm, database: DatabaseDep, actor: ActorDep, key: KeyDep, now: Now) -> Response:
    """Certifiers of the organisation: signs off the submission they have read."""
    life.sign_off(database, actor, key, read_number(form, "submission"), now)
    return RedirectResponse(paths.history(key), 303)


@router.get(ASSESSMENT + "/request-changes")
def request_changes_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, key: KeyDep, now: Now, kept: KeptDep
) -> Response:
    """Certifiers of the organisation: asks what is to be changed."""
    standing = life.get_to_decide(database, actor, key)
    if not life.can_request_changes(actor, standing.record, now):
        return RedirectResponse(paths.history(key), 303)
    page = _make_request(standing, kept.find() or NOTHING, standing.record.submissions)
    return show("partner/request_changes.html", page)


@router.post(ASSESSMENT + "/request-changes")
def request_changes(
    form: ReasonForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, key: KeyDep, now: Now, kept: KeptDep
) -> Response:
    """Certifiers of the organisation: hands back what was submitted, with the reason."""
    reason, seen = form.get("reason"), read_number(form, "submission")
    fault = find_reason_fault(reason)
    if fault:
        standing = life.get_to_decide(database, actor, key)
        page = _make_request(standing, form, seen, FieldError("reason", fault))
        return show("partner/request_changes.html", page, 422)
    life.request_changes(database, actor, key, seen, reason, now)
    kept.settle(form)
    return RedirectResponse(paths.history(key), 303)


def _make_request(standing: Standing, form: Form, seen: int, *errors: FieldError) -> RequestChangesPage:
    return RequestChangesPage(
        title=f"What should be changed? {standing.record.organisation}, {standing.record.round}",
        back=Link("Back to the answers", paths.sign_off(standing.key)),
        errors=errors,
        organisation=standing.record.organisation,
        reason=form.get("reason"),
        is_kept=form.get("kept") == "yes",
        seen=seen,
        action=paths.request_changes(standing.key),
        leave=paths.sign_off(standing.key),
    )
