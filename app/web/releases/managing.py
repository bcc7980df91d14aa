"""For central administrators: the date and the cuts of a round, building, approving and withdrawing."""

from datetime import datetime
from itertools import combinations
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.aggregate import ONE_WAY, TIMES
from app.renderings.release_words import name_cut
from app.renderings.words import join, one_line
from app.services import releasing
from app.services.releasing import RoundReleases
from app.web.central import addresses as set_up
from app.web.dates import DateFields, name_fields
from app.web.forms import Form, reads
from app.web.pages import FieldError, Link
from app.web.releases import addresses
from app.web.releases.auditing import AuditingDep, Done, describe, tag_of
from app.web.releases.pages import Choice, ManagePage, ReleaseRow
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import date_words, moment_words

router = make_router()

PAIRS: Final = tuple(f"{one}{TIMES}{other}" for one, other in combinations(ONE_WAY, 2))
ApproveForm = Annotated[Form, Depends(reads("sure"))]
PlanForm = Annotated[Form, Depends(reads(*name_fields("release"), *(f"pair-{place}" for place in range(len(PAIRS)))))]
ReasonForm = Annotated[Form, Depends(reads("reason"))]
NEW_RELEASE: Final = "09:30"


DoneQuery = Annotated[Done | None, Query(alias="done")]


@router.get(addresses.MANAGE)
def manage_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID, done: DoneQuery = None
) -> HTMLResponse:
    """Central administrators: the releases of a round, its date and its cuts."""
    found = releasing.get_round(database, actor, round_id)
    shown = DateFields.show(found.round.release_at, "release") if found.round.release_at else DateFields("release")
    if not shown.time:
        shown = DateFields("release", time=NEW_RELEASE)
    chosen = [TIMES.join(pair) for pair in found.round.two_way_cuts]
    said = _say_planned(found, chosen) if done is Done.PLANNED else ""
    return show("releases/manage.html", _make_page(found, shown, chosen, now, done=said))


@router.post(addresses.MANAGE)
def plan_releases(
    form: PlanForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID
) -> Response:
    """Central administrators: names the date and the cuts of a round's releases."""
    found = releasing.get_round(database, actor, round_id)
    fields = DateFields.read(form, "release")
    chosen = [pair for place, pair in enumerate(PAIRS) if form.get(f"pair-{place}") == "yes"]
    moment = fields.resolve()
    if isinstance(moment, FieldError):
        return show(
            "releases/manage.html", _make_page(found, fields, chosen, now, fields.find_faults("Publishing")), 422
        )
    pairs = [(one, other) for one, other in (pair.split(TIMES) for pair in chosen)]
    if moment < found.round.closes_at:
        error = FieldError("release-day", "Enter a time after the round closes")
        return show("releases/manage.html", _make_page(found, fields, chosen, now, (error,)), 422)
    releasing.plan(database, actor, round_id, moment, pairs, now)
    return _go_on(addresses.manage(round_id), Done.PLANNED)


@router.post(addresses.BUILD)
def build_release(
    database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now, round_id: UUID
) -> RedirectResponse:
    """Central administrators: builds and audits the next release of a round."""
    release_id = releasing.build_release(database, catalogue, actor, round_id, now)
    return _go_on(addresses.release(release_id), Done.BUILT)


@router.get(addresses.RELEASE)
def audit_page(auditing: AuditingDep, release_id: UUID, done: DoneQuery = None) -> HTMLResponse:
    """Central administrators: one release with its audit."""
    return auditing.show(release_id, done=done)


@router.post(addresses.APPROVE)
def approve(form: ApproveForm, auditing: AuditingDep, release_id: UUID) -> Response:
    """Central administrators: approves a release for its date, once the box that says what that does is ticked."""
    found = auditing.get(release_id)
    if found.record.approved_at is None and form.get("sure") != "yes":
        return auditing.show(release_id, error=FieldError("sure", "Tick the box to say that it may be published"))
    releasing.approve(auditing.database, auditing.catalogue, auditing.actor, release_id, auditing.now)
    return _go_on(addresses.release(release_id), Done.APPROVED)


@router.post(addresses.WITHDRAW)
def withdraw(form: ReasonForm, auditing: AuditingDep, release_id: UUID) -> Response:
    """Central administrators: withdraws a wrong release."""
    fault = releasing.find_reason_fault(form.get("reason"))
    if fault:
        return auditing.show(release_id, reason=form.get("reason"), error=FieldError("reason", fault))
    releasing.withdraw(auditing.database, auditing.actor, release_id, form.get("reason"), auditing.now)
    return _go_on(addresses.release(release_id), Done.WITHDRAWN)


def _go_on(address: str, done: Done) -> RedirectResponse:
    return RedirectResponse(f"{address}?done={done}", 303)


def _make_page(
    found: RoundReleases,
    fields: DateFields,
    chosen: list[str],
    now: datetime,
    errors: tuple[FieldError, ...] = (),
    done: str = "",
) -> ManagePage:
    why_not = releasing.find_build_fault(found, now)
    title = one_line(found.round.title)
    told = [each for each in found.releases if each.counts_as_known(now)]
    return ManagePage(
        title=f"Releases of {title}",
        back=Link("Back to the round", set_up.round_set_up(found.round.id)),
        errors=errors,
        done=done,
        round=title,
        closes=moment_words(found.round.closes_at),
        action=addresses.manage(found.round.id),
        date=fields,
        too_late=TOO_LATE.format(first=date_words(told[-1].publishes_at)) if told else "",
        pairs=tuple(
            Choice(value=f"pair-{place}", text=name_cut(pair), ticked=pair in chosen)
            for place, pair in enumerate(PAIRS)
        ),
        build="" if why_not else addresses.build(found.round.id),
        why_not=why_not,
        rows=tuple(
            ReleaseRow(
                title=f"Release {each.number}",
                detail=describe(each, now),
                href=addresses.release(each.id),
                tag=tag_of(each, now),
            )
            for each in found.releases
        ),
    )


TOO_LATE: Final = (
    "A release of this round is told from {first}. A cut that you add now may tell nothing new: besides all "
    "partnerships taken together, later releases of a round tell only what the first ones did."
)


def _say_planned(found: RoundReleases, chosen: list[str]) -> str:
    if found.round.release_at is None:
        return ""
    cuts = join([name_cut(pair) for pair in chosen]) or "none"
    return (
        f"Saved: a release that is approved becomes visible from {moment_words(found.round.release_at)}, or when it is "
        f"approved if that is later. Cuts in two ways: {cuts}. Nothing is built yet."
    )
