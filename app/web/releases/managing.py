"""For central administrators: the date and the cuts of a round, building, the audit, approving and withdrawing."""

from collections.abc import Iterable
from datetime import datetime
from itertools import combinations
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.aggregate import ONE_WAY, TIMES, Measure
from app.domain.releases import CellKey, ReleaseRecord
from app.renderings.release_words import name_category, name_cut, name_measures
from app.renderings.view_money import make_money_view
from app.renderings.words import count, one_line
from app.renderings.working import Column, Table
from app.services import releasing
from app.services.releasing import AuditedRelease, RoundReleases, WithheldCell
from app.web.central import addresses as set_up
from app.web.dates import DateFields, name_fields
from app.web.forms import Form, reads
from app.web.pages import FieldError, Link, Tag
from app.web.releases import addresses
from app.web.releases.pages import AuditPage, Choice, ManagePage, ReleaseRow
from app.web.releases.showing import make_view
from app.web.templating import Show, ShowDep
from app.web.words import moment_words

router = APIRouter()

PAIRS: Final = tuple(f"{one}{TIMES}{other}" for one, other in combinations(ONE_WAY, 2))
PlanForm = Annotated[Form, Depends(reads(*name_fields("release"), *(f"pair-{place}" for place in range(len(PAIRS)))))]
ReasonForm = Annotated[Form, Depends(reads("reason"))]
NEW_RELEASE: Final = "09:30"


@router.get(addresses.MANAGE)
def manage_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, round_id: UUID) -> HTMLResponse:
    """Central administrators: the releases of a round, its date and its cuts."""
    found = releasing.get_round(database, actor, round_id)
    shown = DateFields.show(found.round.release_at, "release") if found.round.release_at else DateFields("release")
    if not shown.time:
        shown = DateFields("release", time=NEW_RELEASE)
    chosen = [TIMES.join(pair) for pair in found.round.two_way_cuts]
    return show("releases/manage.html", _make_page(found, shown, chosen, now))


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
    return RedirectResponse(addresses.manage(round_id), 303)


@router.post(addresses.BUILD)
def build_release(
    database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now, round_id: UUID
) -> RedirectResponse:
    """Central administrators: builds and audits the next release of a round."""
    release_id = releasing.build_release(database, catalogue, actor, round_id, now)
    return RedirectResponse(addresses.release(release_id), 303)


@router.get(addresses.RELEASE)
def audit_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now, release_id: UUID
) -> HTMLResponse:
    """Central administrators: one release with its audit."""
    found = releasing.get_audited(database, catalogue, actor, release_id)
    return _show_audit(show, catalogue, found, now)


@router.post(addresses.APPROVE)
def approve(
    database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now, release_id: UUID
) -> RedirectResponse:
    """Central administrators: approves a release for its date."""
    releasing.approve(database, catalogue, actor, release_id, now)
    return RedirectResponse(addresses.release(release_id), 303)


@router.post(addresses.WITHDRAW)
def withdraw(
    form: ReasonForm,
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    release_id: UUID,
) -> Response:
    """Central administrators: withdraws a wrong release."""
    found = releasing.get_audited(database, catalogue, actor, release_id)
    fault = releasing.find_reason_fault(form.get("reason"))
    if fault:
        return _show_audit(show, catalogue, found, now, form.get("reason"), FieldError("reason", fault))
    releasing.withdraw(database, actor, release_id, form.get("reason"), now)
    return RedirectResponse(addresses.release(release_id), 303)


def _make_page(
    found: RoundReleases,
    fields: DateFields,
    chosen: list[str],
    now: datetime,
    errors: tuple[FieldError, ...] = (),
) -> ManagePage:
    why_not = releasing.find_build_fault(found, now)
    title = one_line(found.round.title)
    return ManagePage(
        title=f"Releases of {title}",
        back=Link("Back to the round", set_up.round_set_up(found.round.id)),
        errors=errors,
        round=title,
        closes=moment_words(found.round.closes_at),
        action=addresses.manage(found.round.id),
        date=fields,
        pairs=tuple(
            Choice(value=f"pair-{place}", text=name_cut(pair), ticked=pair in chosen)
            for place, pair in enumerate(PAIRS)
        ),
        build="" if why_not else addresses.build(found.round.id),
        why_not=why_not,
        rows=tuple(
            ReleaseRow(
                title=f"Release {each.number}",
                detail=_describe(each, now),
                href=addresses.release(each.id),
                tag=_tag_of(each, now),
            )
            for each in found.releases
        ),
    )


def _tag_of(record: ReleaseRecord, now: datetime) -> Tag:
    if record.withdrawn_at:
        return Tag(text="Withdrawn", colour="red")
    if record.approved_at is None:
        return Tag(text="To be checked", colour="yellow")
    return Tag(text="Published", colour="green") if record.is_published(now) else Tag(text="Approved", colour="blue")


def _describe(record: ReleaseRecord, now: datetime) -> str:
    if record.withdrawn_at:
        return f"Withdrawn at {moment_words(record.withdrawn_at)}: {one_line(record.withdrawn_reason)}"
    if record.approved_at is None:
        return f"Built at {moment_words(record.built_at)}. Nobody else sees it until it is approved."
    verb = "Published" if record.is_published(now) else "It is published"
    return f"{verb} at {moment_words(record.publishes_at)}."


def _show_audit(
    show: Show,
    catalogue: Catalogue,
    found: AuditedRelease,
    now: datetime,
    reason: str = "",
    error: FieldError | None = None,
) -> HTMLResponse:
    record = found.record
    titles = name_measures(found.questionnaire)
    shown = sum(len(table.cells) for table in found.content.tables.values())
    page = AuditPage(
        title=f"Release {record.number} of {one_line(record.round)}",
        back=Link("All releases of this round", addresses.manage(record.round_id)),
        errors=(error,) if error else (),
        round=one_line(record.round),
        tag=_tag_of(record, now),
        standing=_describe(record, now),
        leaks=tuple(titles[Measure.parse(each)] for each in found.audit["leaks"]),
        view=make_view(catalogue, found),
        money=make_money_view(found.content, found.questionnaire),
        shown=f"{count(shown, 'cell')} shown, {len(found.audit['withheld'])} withheld or shown in part.",
        withheld=_make_audit_table(titles, found.audit["withheld"]),
        withheld_of_departments=_make_departments_table(catalogue, found),
        approve=addresses.approve(record.id) if record.approved_at is None and not record.withdrawn_at else "",
        withdraw=addresses.withdraw(record.id) if record.approved_at and not record.withdrawn_at else "",
        reason=reason,
    )
    return show("releases/audit.html", page, 422 if error else 200)


def _make_audit_table(titles: dict[Measure, str], rows: Iterable[WithheldCell]) -> Table:
    return Table(
        caption="Every cell that is withheld, or shows less than it could",
        columns=(
            Column("Enabler or question"),
            Column("Cut"),
            Column("Category"),
            Column("Partnerships", numeric=True),
            Column("Shown"),
            Column("Why"),
        ),
        rows=tuple(
            (
                titles[Measure.parse(row["measure"])],
                name_cut(key.cut),
                name_category(*key),
                str(row["count"]),
                SHOWN_WORDS[row["shown"]],
                row["words"],
            )
            for row in rows
            for key in (CellKey.parse(row["cell"]),)
        ),
    )


def _make_departments_table(catalogue: Catalogue, found: AuditedRelease) -> Table | None:
    mirror = found.content.mirror
    if mirror is None:
        return None
    questions = catalogue.get_by_hash(mirror.questionnaire_hash).questions_by_id
    return Table(
        caption="Every question of departments that is withheld in the mirror, or shows less than it could",
        columns=(Column("Question"), Column("Departments", numeric=True), Column("Shown"), Column("Why")),
        rows=tuple(
            (one_line(questions[row["question"]].text), str(row["count"]), SHOWN_WORDS[row["shown"]], row["words"])
            for row in found.audit["mirror"]
        ),
    )


SHOWN_WORDS: Final = {
    "withheld": "Nothing",
    "mean": "Mean",
    "bands": "Mean and bands",
    "steady_quartiles": "Some quartiles",
    "quartiles": "All",
}
