"""The list of indicators that are known of areas."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, DatabaseDep
from app.domain.indicators import IndicatorSummary
from app.services.setting_up import indicators
from app.web.central import addresses
from app.web.central.lists import ROWS, Listing, PageQuery, WordsQuery, make_list_page, tidy_words
from app.web.central.pages import ListedThing
from app.web.templating import ShowDep

router = APIRouter()

LISTING: Final = Listing(
    title="Indicators",
    lead="Indicators are figures about areas that come from elsewhere: population, deprivation, spending and others. "
    "They say in which circumstances a partnership works, and change no score.",
    things=addresses.INDICATORS,
    one="indicator",
    columns=("Indicator", "Unit", "Areas", "Years"),
    add=None,
    empty="There are no indicators yet. Import them from a file, or do without: no step needs them.",
)


@router.get(addresses.INDICATORS)
def indicators_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, search: WordsQuery = "", page: PageQuery = 1
) -> HTMLResponse:
    """Central administrators: the indicators of areas, with how much there is of each."""
    words = tidy_words(search)
    found, total = indicators.search(database, actor, words, (page - 1) * ROWS, ROWS)
    return show("central/list.html", make_list_page(LISTING, map(_row, found), words, page, total))


def _row(indicator: IndicatorSummary) -> ListedThing:
    first, last = indicator.first_year, indicator.last_year
    years = str(first) if first == last else f"{first} to {last}"
    return ListedThing(name=indicator.id, href="", details=(indicator.unit, str(indicator.areas), years))
