"""What stands on the page of a release where figures are missing."""

from collections.abc import Mapping

import pytest

from app.catalogue import Catalogue
from app.domain.releases import CellFigures
from app.renderings.view_release import make_release_view
from tests.released import figures, make_content

BANDS = {"early": 3, "developing": 9, "established": 8, "embedded": 2}
WHOLE = CellFigures(22, 47, (40, 48, 55), BANDS)
MEAN_ALONE = figures(12, 47)


STANDS = "“–” or “Not shown” stands"


@pytest.mark.parametrize(
    ("cells", "lead"),
    [
        ({"all|all": WHOLE, "area-type|district": WHOLE, "area-type|unitary": WHOLE}, ""),
        ({"all|all": WHOLE, "area-type|district": WHOLE, "area-type|unitary": MEAN_ALONE}, STANDS),
        ({"all|all": WHOLE, "area-type|district": WHOLE}, STANDS),
        ({"all|all": MEAN_ALONE}, "Nothing is shown by this cut: too few partnerships"),
    ],
)
def test_wherever_a_figure_is_missing_a_sentence_says_why(
    questionnaires: Catalogue, cells: Mapping[str, CellFigures], lead: str
) -> None:
    questionnaire = questionnaires.get("local-partners", 1)
    view = make_release_view(make_content(questionnaire, cells), questionnaire, None, "Autumn round")
    assert view.is_profile_whole is (cells["all|all"] is WHOLE)
    cut = next(each for each in view.cuts if each.id == "area-type")
    assert cut.lead.startswith(lead)
    assert bool(cut.lead) is bool(lead)
