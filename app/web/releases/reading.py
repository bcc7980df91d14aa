"""For central teams: what all partnerships of a round said together, as a page, cut by cut, and as files."""

from dataclasses import dataclass
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Response
from fastapi.responses import HTMLResponse

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.errors import NotFoundError
from app.renderings.release_files import ReleaseForm
from app.renderings.release_words import say_taken_back
from app.renderings.view_money import make_money_view
from app.renderings.view_release import ReleaseView
from app.renderings.words import one_line
from app.services import releasing
from app.services.releasing import PublishedRelease
from app.web.pages import Link, Page
from app.web.releases import addresses
from app.web.releases.pages import CutPage, MirrorPage, MoneyPage, QuestionsPage, ReleasePage, ReleasesPage
from app.web.releases.showing import TITLE, IfNoneMatch, list_files, list_rows, make_view, send_file, show_frozen
from app.web.routing import make_router
from app.web.templating import Show, ShowDep
from app.web.words import date_words

router = make_router()

ALL_RELEASES: Final = Link("All releases", addresses.RELEASES)


def get_published(
    database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now, round_id: UUID
) -> PublishedRelease:
    """Give the release of the round in the path to central teams; raises `NotFoundError` where there is none."""
    return releasing.get_published(database, catalogue, actor, round_id, now)


PublishedDep = Annotated[PublishedRelease, Depends(get_published)]


@dataclass(frozen=True, slots=True)
class OpenedRelease:
    """A release that somebody reads, and what its pages are made with."""

    found: PublishedRelease
    catalogue: Catalogue
    shower: Show
    if_none_match: str | None

    @property
    def round_id(self) -> UUID:
        return self.found.record.round_id

    @property
    def back(self) -> Link:
        """From one part of the release to the whole."""
        return Link("Back to the release", addresses.round_(self.round_id))

    def make_view(self) -> ReleaseView:
        """Put the release into words."""
        return make_view(self.catalogue, self.found)

    def link_cuts(self, view: ReleaseView) -> tuple[Link, ...]:
        """Lead to every cut."""
        return tuple(Link(each.name, addresses.cut(self.round_id, each.id)) for each in view.cuts)

    def show(self, template: str, page: Page) -> Response:
        """Show a page of the release, or say that the reader has it already."""
        return show_frozen(self.shower, self.if_none_match, template, page)


async def open_release(
    found: PublishedDep, catalogue: CatalogueDep, show: ShowDep, if_none_match: IfNoneMatch = None
) -> OpenedRelease:
    """Give everything that the pages of a release take."""
    return OpenedRelease(found, catalogue, show, if_none_match)


OpenedDep = Annotated[OpenedRelease, Depends(open_release)]


@router.get(addresses.RELEASES)
def releases_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central teams: the newest release of each round."""
    rows = list_rows(releasing.list_rounds(database, actor, now), addresses.round_)
    return show("releases/releases.html", ReleasesPage(title=TITLE, rows=rows))


@router.get(addresses.ROUND)
def release_page(opened: OpenedDep) -> Response:
    """Central teams: the picture of a round."""
    view = opened.make_view()
    return opened.show(
        "releases/release.html",
        ReleasePage(
            title=f"{TITLE}: {view.round}",
            back=ALL_RELEASES,
            view=view,
            published=date_words(opened.found.record.publishes_at),
            cuts=opened.link_cuts(view),
            money=addresses.money(opened.round_id),
            questions=addresses.questions(opened.round_id),
            mirror=addresses.mirror(opened.round_id) if view.mirror else "",
            files=list_files(lambda form: addresses.file(opened.round_id, form)),
        ),
    )


@router.get(addresses.CUT)
def cut_page(opened: OpenedDep, cut_id: str) -> Response:
    """Central teams: one cut of a release."""
    view = opened.make_view()
    cut = next((each for each in view.cuts if each.id == cut_id), None)
    if cut is None:
        raise NotFoundError("There is no such page")
    links = zip(view.cuts, opened.link_cuts(view), strict=True)
    return opened.show(
        "releases/cut.html",
        CutPage(
            title=f"{cut.title}: {view.round}",
            back=opened.back,
            view=view,
            cut=cut,
            others=tuple(link for each, link in links if each is not cut),
        ),
    )


@router.get(addresses.MONEY)
def money_page(opened: OpenedDep) -> Response:
    """Central teams: scores against spending."""
    found = opened.found
    round_title = one_line(found.record.round)
    return opened.show(
        "releases/money.html",
        MoneyPage(
            title=f"Is it all about the money? {round_title}",
            back=opened.back,
            round=round_title,
            notice=say_taken_back(found.taken_back, found.record.publishes_at),
            view=make_money_view(found.content, found.questionnaire),
        ),
    )


@router.get(addresses.QUESTIONS)
def questions_page(opened: OpenedDep) -> Response:
    """Central teams: every question of a release."""
    view = opened.make_view()
    page = QuestionsPage(title=f"Every question: {view.round}", back=opened.back, view=view)
    return opened.show("releases/questions.html", page)


@router.get(addresses.MIRROR)
def mirror_page(opened: OpenedDep) -> Response:
    """Central teams: what departments say beside what places say."""
    view = opened.make_view()
    if view.mirror is None:
        raise NotFoundError("There is no such page")
    page = MirrorPage(title=f"The mirror: {view.round}", back=opened.back, view=view, mirror=view.mirror)
    return opened.show("releases/mirror.html", page)


@router.get(addresses.FILE)
def release_file(found: PublishedDep, catalogue: CatalogueDep, form: ReleaseForm) -> Response:
    """Central teams: exactly what the pages show, as a file."""
    return send_file(catalogue, found, form)
