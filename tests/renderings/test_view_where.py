"""Where a partnership stands: facts in words, its own categories alone, and nothing of what is not shown."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.catalogue import Catalogue
from app.domain.assessment import Answer
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import DONT_KNOW, Questionnaire
from app.domain.releases import CellFigures
from app.renderings.view_release import WHY_NOT_SHOWN
from app.renderings.view_where import WhereView, make_where_view
from tests.partnership_reports import make_partner, make_partnership_report
from tests.released import figures, make_content

OWN = {"area-type": "unitary", "region": "North", "size": "over-300k", "deprivation": "2", "peers": "2"}


@pytest.fixture(scope="module")
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


def make_report(questionnaire: Questionnaire, choice: str = "early") -> PartnershipReport:
    answers = {question.id: Answer(choice) for question in questionnaire.questions}
    return make_partnership_report(questionnaire, make_partner("A", answers), make_partner("B", answers))


def make_view(
    questionnaire: Questionnaire, cells: Mapping[str, CellFigures], categories: Mapping[str, str] | None = None
) -> WhereView:
    content = make_content(questionnaire, cells)
    return make_where_view(make_report(questionnaire), content, categories, "1 November 2026")


SAID: Mapping[str, tuple[CellFigures | None, str, str]] = {
    "all quartiles": (
        figures(40, 52, 35, 50, 65),
        "Half of the 40 partnerships stand between 35 and 65; the median is 50.",
        "Median 50",
    ),
    "no median": (figures(40, 52, 35, None, 65), "Half of the 40 partnerships stand between 35 and 65.", "Mean 52"),
    "one quartile": (
        figures(40, 52, 35, 50, None),
        "Of the 40 partnerships, the mean is 52, the lower quartile 35, the median 50.",
        "Median 50",
    ),
    "a mean alone": (figures(15, 48), "Of the 15 partnerships, the mean is 48.", "Mean 48"),
    "nothing": (None, "Not shown.", "Not shown"),
}


@pytest.mark.parametrize("which", SAID)
def test_what_is_said_is_a_fact(questionnaire: Questionnaire, which: str) -> None:
    shown, said, briefly = SAID[which]
    view = make_view(questionnaire, {"all|all": shown} if shown else {})
    title = questionnaire.framework.enablers[0].title
    assert view.lead[0] == f"{title}: yours 25.0. {said}"
    if shown:
        row = view.comparisons[0].rows[0]
        assert (row.yours, row.label, row.x, row.beside) == ("25.0", "Yours 25.0", "25", briefly)


IN_THE_WAY: Mapping[str, tuple[CellFigures | None, str]] = {
    "under it": (
        figures(40, 52, 35, 50, 65),
        "under the lower quartile of all partnerships: {}, 25.0 where",
    ),
    "on it": (figures(40, 52, 25, 50, 65), "No enabler of yours lies under the lower quartile of all partnerships."),
    "no lower quartile": (figures(40, 52, None, 50, 65), ""),
    "nothing": (None, ""),
}


@pytest.mark.parametrize("which", IN_THE_WAY)
def test_what_lies_under_the_lower_quartile_is_named_as_what_stands_in_the_way(
    questionnaire: Questionnaire, which: str
) -> None:
    shown, said = IN_THE_WAY[which]
    view = make_view(questionnaire, {"all|all": shown} if shown else {})
    if said:
        assert said.format(questionnaire.framework.enablers[0].title) in view.in_the_way
    else:
        assert not view.in_the_way


def test_a_partnership_without_a_score_is_told_so(questionnaire: Questionnaire) -> None:
    content = make_content(questionnaire, {"all|all": figures(40, 52)})
    view = make_where_view(make_report(questionnaire, DONT_KNOW), content, OWN, "1 November 2026")
    row = view.comparisons[0].rows[0]
    assert (row.yours, row.x) == ("No score", "")
    assert "yours has no score. Of the 40 partnerships, the mean is 52." in row.statement


def test_it_stands_beside_its_own_category_of_each_cut_in_one_way_and_no_other(questionnaire: Questionnaire) -> None:
    keys = [f"{cut}|{category}" for cut, category in OWN.items()]
    others = ["region|South", "peers|1", "area-type|district", "area-type×region|district×North"]
    cells = {key: figures(20, 60) for key in keys} | {key: figures(11, 77) for key in others}
    view = make_view(questionnaire, cells, OWN)
    assert [each.title for each in view.comparisons] == [
        "All partnerships",
        "Type of area: Unitary",
        "Region: North",
        "Size: Over 300,000 people",
        "Deprivation: the second most deprived fifth of areas",
        "Places most alike: your peer group, 2 of 2",
    ]
    assert "77" not in str(view)
    assert "South" not in str(view)
    assert len(view.table.rows) == 6 * 5


def test_one_that_does_not_count_stands_beside_all_alone(questionnaire: Questionnaire) -> None:
    view = make_view(questionnaire, {"all|all": figures(40, 52), "region|North": figures(20, 60)})
    assert [each.title for each in view.comparisons] == ["All partnerships"]
    assert "does not count among them" in view.rules[0]


def test_withheld_and_empty_look_the_same(questionnaire: Questionnaire) -> None:
    """In one release a region has partnerships and is withheld; in the other there are none in it."""
    content = make_content(questionnaire, {"all|all": figures(40, 52)}, {"region": ("North", "South")})
    views = [
        make_where_view(make_report(questionnaire), each, {"region": "North"}, "1 November 2026")
        for each in (content, replace(content, reach=None))
    ]
    for view in views:
        (region,) = view.comparisons[1:]
        assert (region.rows, region.why_not) == ((), WHY_NOT_SHOWN)
    assert views[0] == views[1]


@pytest.mark.parametrize("word", ["rank", "above", "below", "better", "worse", "best", "worst"])
def test_nobody_is_ranked(questionnaire: Questionnaire, word: str) -> None:
    cells = {f"{cut}|{category}": figures(20, 60, 45, 60, 75) for cut, category in OWN.items()}
    view = make_view(questionnaire, cells | {"all|all": figures(40, 52, 35, 50, 65)}, OWN)
    said = [
        view.in_the_way,
        *view.lead,
        *(row.statement for each in view.comparisons for row in each.rows),
        *view.table.columns,
    ]
    assert word not in str(said).lower()
