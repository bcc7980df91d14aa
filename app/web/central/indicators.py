"""The list of indicators that are known of areas, each with its years, and where one is removed."""

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import Path
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.indicators import SPEND, IndicatorSummary, IndicatorYear
from app.domain.releases import ReleaseRecord
from app.renderings.words import count, join
from app.services.setting_up import indicators
from app.services.setting_up.indicators import Removal
from app.web.central import addresses
from app.web.central.lists import ROWS, Listing, PageQuery, WordsQuery, make_list_page, tidy_words
from app.web.central.pages import IndicatorPage, ListedThing, RemovePage, YearRow
from app.web.forms import NO_FIELDS
from app.web.pages import Link
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

INDICATOR: Final = addresses.INDICATORS + "/{indicator_id}/years"
REMOVE: Final = INDICATOR + "/{year}/remove"
BACK: Final = Link("Back to the indicators", addresses.INDICATORS)
Year = Annotated[int, Path(ge=1, le=9999)]

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


@router.get(INDICATOR)
def indicator_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, indicator_id: str) -> HTMLResponse:
    """Central administrators: the years of one indicator, each to be removed."""
    years = indicators.get_years(database, actor, indicator_id)
    return show(
        "central/indicator.html",
        IndicatorPage(
            title=f"Indicator: {indicator_id}",
            back=BACK,
            unit=years[0].unit,
            years=tuple(
                YearRow(
                    year=str(each.year),
                    areas=count(each.areas, "area"),
                    remove=Link(f"Remove {each.id} of {each.year}", addresses.remove_indicator(each.id, each.year)),
                )
                for each in years
            ),
        ),
    )


@router.get(REMOVE)
def remove_indicator_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, indicator_id: str, year: Year
) -> HTMLResponse:
    """Central administrators: what happens when an indicator of a year is removed."""
    removal = indicators.get_removal(database, actor, indicator_id, year)
    here = addresses.indicator(indicator_id)
    return show(
        "central/remove.html",
        RemovePage(
            title=f"Remove {indicator_id} of {year}",
            back=Link("Back to the indicator", here),
            consequences=_tell(removal),
            action=addresses.remove_indicator(indicator_id, year),
            button="Remove the figures",
            keep=Link("Keep them", here),
        ),
    )


@router.post(REMOVE, dependencies=[NO_FIELDS])
def remove_indicator(database: DatabaseDep, actor: ActorDep, now: Now, indicator_id: str, year: Year) -> Response:
    """Central administrators: removes an indicator of a year, of all areas. Releases keep their figures."""
    indicators.remove_year(database, actor, indicator_id, year, now)
    return RedirectResponse(addresses.INDICATORS, 303)


def _tell(removal: Removal) -> tuple[str, ...]:
    """Say what removing a year does, and what stays."""
    gone = removal.year
    figures = f"The figures of {count(gone.areas, 'area')} for {gone.year}, in {gone.unit}, are removed for good."
    if removal.others:
        stay = (
            f"{gone.id} stays for {join([str(year) for year in sorted(removal.others)])}. Of each area, the newest "
            "figure that is left counts from now on."
        )
    else:
        stay = f"There is no other year of {gone.id}: the service will know nothing of it until it is imported again."
    return (
        figures,
        stay,
        *_tell_releases(gone, removal.releases),
        "The audit keeps what was removed, when and by whom, but not the figures: keep their file.",
    )


def _tell_releases(gone: IndicatorYear, made: tuple[ReleaseRecord, ...]) -> Iterator[str]:
    """Say of the releases made with figures that they stay, and what a correction of them would lack."""
    if not made:
        return
    names = join([f"release {each.number} of {each.round}" for each in made])
    if gone.id == SPEND:
        yield f"Scores are compared with this spending in {names}. A release is frozen and keeps its figures."
        yield "A release that corrects one of these keeps the year, too, and would have nothing to compare."
    else:
        yield f"Built already, perhaps with these figures: {names}. A release is frozen and keeps its figures."
        yield "A release that is built from now on, to correct one or of another round, is made without them."


def _row(indicator: IndicatorSummary) -> ListedThing:
    first, last = indicator.first_year, indicator.last_year
    years = str(first) if first == last else f"{first} to {last}"
    return ListedThing(
        name=indicator.id, href=addresses.indicator(indicator.id), details=(indicator.unit, str(indicator.areas), years)
    )
