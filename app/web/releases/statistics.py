"""For anybody, where the service publishes statistics: what all partnerships of a round said together."""

from uuid import UUID

from fastapi import Response

from app.dependencies import CatalogueDep, DatabaseDep, Now, PublicStatistics
from app.domain.errors import NotFoundError
from app.renderings.release_files import ReleaseForm
from app.renderings.view_money import make_money_view
from app.services import releasing
from app.web import paths
from app.web.pages import Link
from app.web.releases import addresses
from app.web.releases.pages import RoundStatisticsPage, StatisticsPage
from app.web.releases.showing import TITLE, IfNoneMatch, list_files, list_rows, make_view, send_file, show_frozen
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import date_words


async def check_public(public_statistics: PublicStatistics) -> None:
    """Raise `NotFoundError` where the service publishes no statistics."""
    if not public_statistics:
        raise NotFoundError("There is no such page")


router = make_router(check_public)


@router.get(addresses.STATISTICS)
def statistics_page(show: ShowDep, database: DatabaseDep, now: Now, if_none_match: IfNoneMatch = None) -> Response:
    """Anyone, where statistics are published: the newest release of each round."""
    rows = list_rows(releasing.list_public_rounds(database, now), addresses.statistics)
    page = StatisticsPage(title=TITLE, back=Link("Back to the start page", paths.START), rows=rows)
    return show_frozen(show, if_none_match, "releases/statistics.html", page)


@router.get(addresses.STATISTICS_ROUND)
def round_statistics_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    now: Now,
    round_id: UUID,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """Anyone, where statistics are published: the picture of a round."""
    found = releasing.get_public(database, catalogue, round_id, now)
    view = make_view(catalogue, found)
    page = RoundStatisticsPage(
        title=f"{TITLE}: {view.round}",
        back=Link("All rounds", addresses.STATISTICS),
        view=view,
        money=make_money_view(found.content, found.questionnaire),
        published=date_words(found.record.publishes_at),
        files=list_files(lambda form: addresses.statistics_file(round_id, form)),
    )
    return show_frozen(show, if_none_match, "releases/round_statistics.html", page)


@router.get(addresses.STATISTICS_FILE)
def statistics_file(
    database: DatabaseDep, catalogue: CatalogueDep, now: Now, round_id: UUID, form: ReleaseForm
) -> Response:
    """Anyone, where statistics are published: exactly what the page shows, as a file."""
    return send_file(catalogue, releasing.get_public(database, catalogue, round_id, now), form)
