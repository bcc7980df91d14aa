"""The partnership report: where partners stand together, where they differ, and what they agreed."""

from typing import Annotated, Final, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from app.catalogue import Catalogue
from app.domain.access import Actor, Deed, can
from app.domain.partnership_report import PartnershipReport
from app.renderings.view import Fact, ReportView, make_report_view
from app.renderings.view_together import AGREED, INDIVIDUAL, make_together_view
from app.services import together
from app.web import paths
from app.web.pages import Link
from app.web.templating import INVENTED
from app.web.together import addresses
from app.web.together.desk import DeskDep
from app.web.together.pages import TogetherPage
from app.web.words import date_words

router = APIRouter()

ViewQuery = Annotated[Literal["agreed", "individual"], Query()]
TARGETS: Final = "Set by the round, in place of the questionnaire’s own"


@router.get(addresses.REPORT)
def report_page(desk: DeskDep, partnership_id: UUID, round_id: UUID, view: ViewQuery = "individual") -> HTMLResponse:
    """People of the partnership: its report, once it is open to them."""
    report = together.get_report(desk.database, desk.catalogue, desk.actor, partnership_id, round_id, desk.now)
    agreed = view == "agreed"
    return desk.show(
        "together/report.html",
        TogetherPage(
            title=f"Partnership report: {report.together.partnership}, {report.together.round}",
            back=find_back(desk.actor, partnership_id),
            report=make_view(desk.catalogue, report, agreed=agreed, demonstration=desk.demonstration),
            together=make_together_view(report, agreed=agreed),
            other_view=_find_other_view(report, agreed=agreed),
            meetings=_find_meetings(desk.actor, report),
            ways=(),
            downloads=(),
        ),
    )


def find_back(actor: Actor, partnership_id: UUID) -> Link:
    """Lead back to where somebody came from."""
    if can(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id):
        return Link("Back to the partnership", paths.partnership(partnership_id))
    return Link("Back to your assessments", paths.ASSESSMENTS)


def make_view(catalogue: Catalogue, report: PartnershipReport, *, agreed: bool, demonstration: bool) -> ReportView:
    """Put the gap report of a partnership into words, in the view that is asked for."""
    together_ = report.together
    shown = report.settled if agreed else report.individual
    context = [
        Fact("Round", f"{together_.round}, {date_words(together_.opens_at)} to {date_words(together_.closes_at)}"),
        Fact("Shows", AGREED if agreed else INDIVIDUAL),
    ]
    if shown.targets is not None:
        context.append(Fact("Targets", TARGETS))
    if demonstration:
        context.append(Fact("Demonstration", INVENTED))
    return make_report_view(
        shown,
        subject=together_.partnership,
        context=context,
        learning=catalogue.learning_of(report.questionnaire.framework.id),
        organisations=together_.answers,
    )


def _find_other_view(report: PartnershipReport, *, agreed: bool) -> Link | None:
    if not report.together.agreed:
        return None
    words = "See what each organisation answered by itself" if agreed else "See it with what the partners agreed"
    key = report.together.partnership_id, report.together.round_id
    return Link(words, addresses.report(*key, agreed=not agreed))


def _find_meetings(actor: Actor, report: PartnershipReport) -> Link | None:
    partnership_id, round_id = report.together.partnership_id, report.together.round_id
    if not can(actor, Deed.AGREE, partnership_id=partnership_id):
        return None
    return Link("Run the meeting", addresses.meetings(partnership_id, round_id))
