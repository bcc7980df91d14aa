"""The list of areas with their nearest neighbours, and where those of an area are removed."""

from typing import Final

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.areas import NeighbouredArea
from app.renderings.words import count, join
from app.services.setting_up import neighbours
from app.web.central import addresses
from app.web.central.lists import ROWS, Listing, PageQuery, WordsQuery, make_list_page, tidy_words
from app.web.central.pages import ListedThing, RemovePage
from app.web.forms import NO_FIELDS
from app.web.pages import Link
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import date_words

router = make_router()

REMOVE: Final = addresses.NEIGHBOURS + "/{area_code}/remove"
BACK: Final = Link("Back to the nearest neighbours", addresses.NEIGHBOURS)

LISTING: Final = Listing(
    title="Nearest neighbours",
    lead="The areas that are most like each area, by statistics and not on the map. Releases group partnerships by "
    "them, so that each finds itself among places most alike. Choose an area to remove its neighbours.",
    things=addresses.NEIGHBOURS,
    one="area with neighbours",
    several="areas with neighbours",
    imported="nearest neighbour",
    columns=("Area", "Code", "Nearest neighbours, the nearest first", "Imported"),
    add=None,
    empty="There are no nearest neighbours yet. Import them from a file, or do without: no step needs them.",
)


@router.get(addresses.NEIGHBOURS)
def neighbours_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, search: WordsQuery = "", page: PageQuery = 1
) -> HTMLResponse:
    """Central administrators: the areas with their nearest neighbours, and when those were imported."""
    words = tidy_words(search)
    found, total = neighbours.search(database, actor, words, (page - 1) * ROWS, ROWS)
    return show("central/list.html", make_list_page(LISTING, map(_row, found), words, page, total))


@router.get(REMOVE)
def remove_neighbours_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, area_code: str) -> HTMLResponse:
    """Central administrators: what happens when the nearest neighbours of an area are removed."""
    found = neighbours.get(database, actor, area_code)
    named = join(found.neighbours)
    return show(
        "central/remove.html",
        RemovePage(
            title=f"Remove the nearest neighbours of {found.name}",
            back=BACK,
            consequences=(
                f"{found.name} ({found.code}) has {count(len(found.neighbours), 'neighbour')}: {named}.",
                "They are removed for good; those of other areas stay.",
                "A release that is built keeps its groups of places most alike. A later one is made without these.",
                "The audit keeps how many were removed, when and by whom, but not which: keep their file.",
            ),
            action=addresses.remove_neighbours(found.code),
            button="Remove the neighbours",
            keep=Link("Keep them", addresses.NEIGHBOURS),
        ),
    )


@router.post(REMOVE, dependencies=[NO_FIELDS])
def remove_neighbours(database: DatabaseDep, actor: ActorDep, now: Now, area_code: str) -> Response:
    """Central administrators: removes the nearest neighbours of an area. Releases keep their groups."""
    neighbours.remove(database, actor, area_code, now)
    return RedirectResponse(addresses.NEIGHBOURS, 303)


def _row(area: NeighbouredArea) -> ListedThing:
    imported = date_words(area.imported_at) if area.imported_at else "Not known"
    return ListedThing(
        name=area.name,
        href=addresses.remove_neighbours(area.code),
        details=(area.code, ", ".join(area.neighbours), imported),
    )
