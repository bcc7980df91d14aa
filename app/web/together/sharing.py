"""Sharing a partnership report with somebody outside: the links to it, and what they open."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now, PublicUrl, SourceDep, TokenKeysDep
from app.domain.organisations import tidy_name
from app.domain.partnership_report import Shows
from app.domain.shared_reports import LIFETIMES
from app.renderings.partnership_files import PartnershipForm
from app.renderings.words import count
from app.services import sharing_reports
from app.services.sharing_reports import FollowedLink, Made, NewLink, OpenedReport, SharedLinks
from app.web.forms import NO_FIELDS, Form, reads
from app.web.pages import Choice, FieldError, Link
from app.web.people.desk import DeskDep
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.together import addresses
from app.web.together.readings import ViewQuery
from app.web.together.report_views import FORM_WORDS, WriterDep
from app.web.together.shared_pages import LinkRow, LinksPage, NewLinkPage, SharedReportPage
from app.web.words import moment_words

router = make_router()

LinkForm = Annotated[Form, Depends(reads("label", "days", "id"))]
NOTHING: Final = Form({})
USUAL_DAYS: Final = "30"
NOT_OPEN: Final = (
    "No link can be made yet: coordinators see the partnership report when every organisation has submitted, or the "
    "round has closed."
)
OUTSIDE_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",  # the address opens the report
    "X-Robots-Tag": "noindex, nofollow",
}
OUTSIDE_FORMS: Final = frozenset({PartnershipForm.PDF, PartnershipForm.XLSX, PartnershipForm.ODS, PartnershipForm.CSV})
VIEW_WORDS: Final = {
    Shows.INDIVIDUAL: "See what each organisation answered",
    Shows.AGREED: "See what the partnership agreed",
}


@router.get(addresses.REPORT_LINKS)
def links_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, partnership_id: UUID, round_id: UUID
) -> HTMLResponse:
    """Coordinators of the partnership: the links by which somebody outside reads its report, and making another."""
    found = sharing_reports.list_links(database, actor, partnership_id, round_id, now)
    return show("together/report_links.html", _make_links_page(found, partnership_id, round_id, now, NOTHING))


@router.post(addresses.REPORT_LINKS)
def share(
    request: Request,
    form: LinkForm,
    desk: DeskDep,
    public_url: PublicUrl,
    partnership_id: UUID,
    round_id: UUID,
) -> Response:
    """Coordinators of the partnership: makes a link, and shows once what it is."""
    asked = NewLink(label=tidy_name(form.get("label")), days=form.get("days"), id=_read_id(form.get("id")))
    made = sharing_reports.share(desk.database, desk.actor, partnership_id, round_id, asked, desk.now, desk.keys)
    links = addresses.report_links(partnership_id, round_id)
    if isinstance(made, Made):
        base = public_url or str(request.base_url).rstrip("/")  # to the coordinator who asked here, and to nobody else
        return desk.show(
            "together/report_link.html",
            NewLinkPage(
                title="The link is made",
                back=Link("Back to the links", links),
                label=made.link.label,
                until=moment_words(made.link.expires_at),
                address=f"{base}{addresses.shared(partnership_id, made.token)}",
                links=Link("See all links to this report", links),
            ),
        )
    if not made:
        return RedirectResponse(links, 303)
    found = sharing_reports.list_links(desk.database, desk.actor, partnership_id, round_id, desk.now)
    errors = tuple(FieldError(fault.field, fault.text) for fault in made)
    page = _make_links_page(found, partnership_id, round_id, desk.now, form, errors)
    return desk.show("together/report_links.html", page, 422)


@router.post(addresses.END_REPORT_LINK, dependencies=[NO_FIELDS])
def end_link(
    database: DatabaseDep, actor: ActorDep, now: Now, partnership_id: UUID, round_id: UUID, link_id: UUID
) -> Response:
    """Coordinators of the partnership: ends a link at once, whoever made it."""
    sharing_reports.revoke(database, actor, partnership_id, link_id, now)
    return RedirectResponse(addresses.report_links(partnership_id, round_id), 303)


def open_shared(
    database: DatabaseDep, writer: WriterDep, source: SourceDep, keys: TokenKeysDep, partnership_id: UUID, token: str
) -> OpenedReport:
    """Open the report of the link in the path."""
    return sharing_reports.open_report(database, writer.catalogue, partnership_id, token, source, writer.now, keys)


OpenedDep = Annotated[OpenedReport, Depends(open_shared)]


@router.get(addresses.SHARED)
def shared_page(
    show: ShowDep, opened: OpenedDep, writer: WriterDep, token: str, view: ViewQuery = Shows.INDIVIDUAL
) -> HTMLResponse:
    """Anyone with a link: the partnership report that was shared with them, to read."""
    together = opened.full.report.together
    words = writer.make_view(opened.full, view)
    base = addresses.shared(together.partnership_id, token)
    page = SharedReportPage(
        title=f"{words.report.title}: {words.report.subject}, {together.round}",
        view=words,
        banner=_say_shared(opened),
        views=tuple(
            Link(text, f"{base}?view={other}")
            for other, text in VIEW_WORDS.items()
            if together.agreed_levels and other is not view
        ),
        downloads=tuple(
            Link(text, addresses.shared_file(together.partnership_id, token, form, _ask_for(view)))
            for form, text in FORM_WORDS.items()
            if form in OUTSIDE_FORMS
        ),
    )
    response = show("together/shared_report.html", page)
    response.headers.update(OUTSIDE_HEADERS)
    return response


@router.get(addresses.SHARED_FILE)
def shared_file(
    opened: OpenedDep, writer: WriterDep, form: PartnershipForm, view: ViewQuery = Shows.INDIVIDUAL
) -> Response:
    """Anyone with a link: the partnership report that was shared with them, as a file."""
    response = writer.make_file(opened.full, form, view)
    response.headers.update(OUTSIDE_HEADERS)
    return response


def _say_shared(opened: OpenedReport) -> str:
    link = opened.link
    return f"Shared with {link.label} by {link.created_by} until {moment_words(link.expires_at)}."


def _ask_for(view: Shows) -> str:
    return "" if view is Shows.INDIVIDUAL else view.value


def _make_links_page(
    found: SharedLinks,
    partnership_id: UUID,
    round_id: UUID,
    now: datetime,
    form: Form,
    errors: tuple[FieldError, ...] = (),
) -> LinksPage:
    chosen = form.get("days") or USUAL_DAYS
    return LinksPage(
        title=f"Share the report of {found.partnership}, {found.round}",
        back=Link("Back to the partnership report", addresses.report(partnership_id, round_id)),
        errors=errors,
        place=f"{found.partnership}, {found.round}",
        links=tuple(_make_row(each, partnership_id, round_id, now) for each in found.links),
        refusal="" if found.can_share else NOT_OPEN,
        label=form.get("label"),
        lifetimes=tuple(
            Choice(value=str(days), label=count(days, "day"), descriptor="", checked=str(days) == chosen)
            for days in LIFETIMES
        ),
        id=str(found.next_id),
        action=addresses.report_links(partnership_id, round_id),
    )


def _make_row(each: FollowedLink, partnership_id: UUID, round_id: UUID, now: datetime) -> LinkRow:
    link = each.link
    if link.revoked_at:
        ends = f"Ended at {moment_words(link.revoked_at)}"
    else:
        ends = f"{'Works until' if link.is_open(now) else 'Ran out at'} {moment_words(link.expires_at)}"
    last = f"Opened {count(each.opened, 'time')}, last at {moment_words(each.last_opened)}" if each.last_opened else ""
    return LinkRow(
        label=link.label,
        made=f"Made by {link.created_by} at {moment_words(link.created_at)}",
        ends=ends,
        opened=last or "Not opened yet",
        end=addresses.end_report_link(partnership_id, round_id, link.id) if link.is_open(now) else "",
    )


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
