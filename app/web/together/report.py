"""The partnership report: where partners stand together, where they differ, what they agreed and will do."""

from uuid import UUID

from fastapi.responses import HTMLResponse

from app.domain.access import Actor, Deed, can
from app.domain.exchange import can_see_exchange
from app.domain.partnership_report import PartnershipReport, Shows
from app.domain.together import can_plan
from app.services import together
from app.web.pages import Link
from app.web.routing import make_router
from app.web.together import addresses
from app.web.together.desk import Desk, DeskDep, find_back
from app.web.together.exchange_words import say_helpful
from app.web.together.pages import TogetherPage
from app.web.together.readings import ViewQuery
from app.web.together.report_views import FORM_WORDS, WriterDep

router = make_router()


@router.get(addresses.REPORT)
def report_page(
    desk: DeskDep, writer: WriterDep, partnership_id: UUID, round_id: UUID, view: ViewQuery = Shows.INDIVIDUAL
) -> HTMLResponse:
    """People of the partnership: its report, once it is open to them."""
    full = together.get_full(desk.database, desk.catalogue, desk.actor, partnership_id, round_id, desk.now)
    report, asked = full.report, "" if view is Shows.INDIVIDUAL else view.value
    return desk.show(
        "together/report.html",
        TogetherPage(
            title=f"Partnership report: {report.together.partnership}, {report.together.round}",
            back=find_back(desk.actor, partnership_id),
            view=writer.make_view(full, view),
            other_view=_find_other_view(report, view),
            meetings=_find_meetings(desk.actor, partnership_id, round_id),
            plans=_link_plans(desk, report),
            ways=tuple(_list_ways(desk, report, view)),
            marks={
                f"{item.kind}-{item.id}": say_helpful(count) for item, count in full.helpful.items() if count.helpful
            },
            downloads=tuple(
                Link(words, addresses.report_file(partnership_id, round_id, form, asked))
                for form, words in FORM_WORDS.items()
            ),
        ),
    )


def _find_other_view(report: PartnershipReport, shows: Shows) -> Link | None:
    if not report.together.agreed_levels:
        return None
    agreed = shows is Shows.AGREED
    words = "See what each organisation answered by itself" if agreed else "See it with what the partners agreed"
    key = report.together.partnership_id, report.together.round_id
    return Link(words, addresses.report(*key, agreed=not agreed))


def _find_meetings(actor: Actor, partnership_id: UUID, round_id: UUID) -> Link | None:
    if not can(actor, Deed.AGREE, partnership_id=partnership_id):
        return None
    return Link("Run the meeting", addresses.meetings(partnership_id, round_id))


def _link_plans(desk: Desk, report: PartnershipReport) -> dict[str, Link]:
    """Lead from each gap to planning an action about it."""
    if not can_plan(desk.actor, report.together, desk.now):
        return {}
    key = report.together.partnership_id, report.together.round_id
    return {
        f"gap-{question.id}": Link("Plan an action about this", addresses.add_action(*key, question.id))
        for question in report.questionnaire.questions
    }


def _list_ways(desk: Desk, report: PartnershipReport, shows: Shows) -> list[Link]:
    actor = desk.actor
    key, agreed = (report.together.partnership_id, report.together.round_id), shows is Shows.AGREED
    ways = [
        Link("The action plan", addresses.actions(report.together.partnership_id)),
        Link("What if we raised a few questions?", addresses.what_if(*key, agreed=agreed)),
    ]
    if can_see_exchange(actor, (report.together, *report.earlier), desk.now):
        ways.append(Link("Learn from other partnerships, and help them", addresses.learning(key[0])))
    if can_plan(actor, report.together, desk.now):
        ways.append(Link("Say what of the learning library helped", addresses.learning_marks(key[0])))
    if report.earlier:
        ways.append(Link("What has changed since earlier rounds", addresses.over_time(*key, agreed=agreed)))
    ways.append(Link("Where are we, beside all partnerships?", addresses.where(*key)))
    if can(actor, Deed.SHARE_REPORT, partnership_id=report.together.partnership_id):
        ways.append(Link("Share it with somebody outside", addresses.report_links(*key)))
    return ways
