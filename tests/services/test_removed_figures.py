"""Figures that a release was made with may be removed: it keeps its own, and says before that it was made with them."""

import pytest

from app.catalogue import Catalogue
from app.domain.aggregate import Cut
from app.domain.indicators import DEPRIVATION, POPULATION, SPEND
from app.services import Database
from app.services.setting_up import indicators, neighbours
from tests.centre import NOW, Centre, make_centre


@pytest.fixture
def centre(database: Database, questionnaires: Catalogue) -> Centre:
    return make_centre(database, questionnaires)


def test_releases_keep_what_they_tell_when_their_figures_are_removed(centre: Centre) -> None:
    before = centre.read(centre.closed)
    year = before.money.year
    assert year is not None
    assert {Cut.SIZE, Cut.DEPRIVATION, Cut.PEERS} <= before.cuts.keys()
    for indicator in (SPEND, DEPRIVATION, POPULATION):
        made = indicators.get_removal(centre.database, centre.administrator, indicator, year).releases
        assert centre.closed in {each.round_id for each in made}
        indicators.remove_year(centre.database, centre.administrator, indicator, year, NOW)
    found, _ = neighbours.search(centre.database, centre.administrator, "", 0, 100)
    assert all(each.imported_at for each in found)
    for area in found:
        neighbours.remove(centre.database, centre.administrator, area.code, NOW)
    assert centre.read(centre.closed) == before
    contributions = centre.load(centre.closed)
    assert len(contributions) == 40
    for each in contributions:
        assert each.spend is None
        assert not {Cut.SIZE, Cut.DEPRIVATION} & each.categories.keys()
