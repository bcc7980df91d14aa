"""The list of areas."""

from datetime import datetime
from typing import Final

from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.areas import AreaRecord, kind_words
from app.domain.uk_time import today
from app.services.setting_up import areas
from app.web.central import addresses
from app.web.central.lists import ROWS, Listing, PageQuery, WordsQuery, make_list_page, tidy_words
from app.web.central.pages import ListedThing
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

LISTING: Final = Listing(
    title="Areas",
    lead="Areas are official places with their codes. Retired codes stay, so that older files still fit.",
    things=addresses.AREAS,
    one="area",
    columns=("Area", "Code", "Kind"),
    add=None,
    empty="There are no areas yet. Import the list of the UK’s local authorities first.",
)


@router.get(addresses.AREAS)
def areas_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, search: WordsQuery = "", page: PageQuery = 1
) -> HTMLResponse:
    """Central administrators: the areas, with the codes that stand for retired ones."""
    words = tidy_words(search)
    found, total = areas.search(database, actor, words, (page - 1) * ROWS, ROWS)
    return show(
        "central/list.html",
        make_list_page(LISTING, (_row(area, now) for area in found), words, page, total),
    )


def _row(area: AreaRecord, now: datetime) -> ListedThing:
    kind = kind_words(area.kind)
    if area.successors:
        kind += f", retired: now {', '.join(area.successors)}"
    elif area.is_retired(today(now)):
        kind += ", retired"
    return ListedThing(name=area.name, href="", details=(area.code, kind))
