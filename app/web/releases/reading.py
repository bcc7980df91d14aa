"""For central teams: what all partnerships of a round said together, as a page, cut by cut, and as files."""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.errors import NotFoundError
from app.renderings.release_files import ReleaseForm
from app.renderings.view_money import make_money_view
from app.renderings.words import one_line
from app.services import releasing
from app.web.pages import Link
from app.web.releases import addresses
from app.web.releases.pages import (
    CutPage,
    MirrorPage,
    MoneyPage,
    QuestionsPage,
    ReleasePage,
    ReleaseRow,
    ReleasesPage,
)
from app.web.releases.showing import IfNoneMatch, list_files, make_view, send_file, show_frozen
from app.web.templating import ShowDep
from app.web.words import date_words

router = APIRouter()

ALL_RELEASES: Final = Link("All releases", addresses.RELEASES)


@router.get(addresses.RELEASES)
def releases_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> HTMLResponse:
    """Central teams: the newest release of each round."""
    return show(
        "releases/releases.html",
        ReleasesPage(
            title="What partnerships say together",
            rows=tuple(
                ReleaseRow(
                    title=one_line(each.round),
                    detail=f"Published on {date_words(each.publishes_at)}",
                    href=addresses.round_(each.round_id),
                )
                for each in releasing.list_published(database, actor, now)
            ),
        ),
    )


@router.get(addresses.ROUND)
def release_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    round_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Central teams: the picture of a round."""
    found = releasing.get_published(database, catalogue, actor, round_id, now)
    view = make_view(catalogue, found)
    return show_frozen(
        show,
        if_none_match,
        "releases/release.html",
        ReleasePage(
            title=f"What partnerships say together: {view.round}",
            back=ALL_RELEASES,
            view=view,
            published=date_words(found.record.publishes_at),
            cuts=tuple(Link(each.title, addresses.cut(round_id, each.id)) for each in view.cuts),
            money=addresses.money(round_id),
            questions=addresses.questions(round_id),
            mirror=addresses.mirror(round_id) if view.mirror else "",
            files=list_files(lambda form: addresses.file(round_id, form)),
        ),
    )


@router.get(addresses.CUT)
def cut_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    round_id: UUID,
    cut_id: str,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Central teams: one cut of a release."""
    found = releasing.get_published(database, catalogue, actor, round_id, now)
    view = make_view(catalogue, found)
    cut = next((each for each in view.cuts if each.id == cut_id), None)
    if cut is None:
        raise NotFoundError("There is no such page")
    return show_frozen(
        show,
        if_none_match,
        "releases/cut.html",
        CutPage(
            title=f"{cut.title}: {view.round}",
            back=Link("Back to the release", addresses.round_(round_id)),
            view=view,
            cut=cut,
            others=tuple(Link(each.title, addresses.cut(round_id, each.id)) for each in view.cuts if each is not cut),
        ),
    )


@router.get(addresses.MONEY)
def money_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    round_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Central teams: scores against spending."""
    found = releasing.get_published(database, catalogue, actor, round_id, now)
    round_title = one_line(found.record.round)
    return show_frozen(
        show,
        if_none_match,
        "releases/money.html",
        MoneyPage(
            title=f"Is it all about the money? {round_title}",
            back=Link("Back to the release", addresses.round_(round_id)),
            round=round_title,
            view=make_money_view(found.content, found.questionnaire),
        ),
    )


@router.get(addresses.QUESTIONS)
def questions_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    round_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Central teams: every question of a release."""
    found = releasing.get_published(database, catalogue, actor, round_id, now)
    view = make_view(catalogue, found)
    return show_frozen(
        show,
        if_none_match,
        "releases/questions.html",
        QuestionsPage(
            title=f"Every question: {view.round}",
            back=Link("Back to the release", addresses.round_(round_id)),
            view=view,
        ),
    )


@router.get(addresses.MIRROR)
def mirror_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    round_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Central teams: what departments say beside what places say."""
    found = releasing.get_published(database, catalogue, actor, round_id, now)
    view = make_view(catalogue, found)
    if view.mirror is None:
        raise NotFoundError("There is no such page")
    return show_frozen(
        show,
        if_none_match,
        "releases/mirror.html",
        MirrorPage(
            title=f"The mirror: {view.round}",
            back=Link("Back to the release", addresses.round_(round_id)),
            view=view,
            mirror=view.mirror,
        ),
    )


@router.get(addresses.FILE)
def release_file(
    database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, now: Now, round_id: UUID, form: ReleaseForm
) -> Response:
    """Central teams: exactly what the pages show, as a file."""
    found = releasing.get_published(database, catalogue, actor, round_id, now)
    return send_file(catalogue, found, form)
