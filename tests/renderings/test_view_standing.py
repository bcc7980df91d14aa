"""What a release tells since the round before: who stayed, joined and left, and why what is missing is not shown."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.catalogue import Catalogue
from app.domain.aggregate import Measure, MeasureKind
from app.domain.questionnaire import Questionnaire
from app.domain.releases import CellFigures, Content, LikeForLike
from app.renderings.release_files import SheetName, make_sheets
from app.renderings.view_release import ReleaseView, make_release_view
from app.renderings.view_standing import WHY_NO_CHANGE, WHY_NO_MOVERS, WHY_SOME_CHANGE, WHY_SOME_CHANGE_AGAIN
from tests.released import figures, make_content

STAYERS = {"standing|stayers": figures(30, 55)}
JOINERS = {"standing|joiners": figures(12, 61)}
CHANGE = LikeForLike(30, 43, 55, 12)


@pytest.fixture(scope="module")
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


def make_changed(
    questionnaire: Questionnaire, cells: Mapping[str, CellFigures], change: LikeForLike | None = None
) -> Content:
    """Make what is published: the cells of every enabler, and the change of the first alone."""
    content = make_content(questionnaire, {"all|all": figures(42, 57), **cells})
    first = Measure(MeasureKind.ENABLER, questionnaire.framework.enablers[0].id)
    tables = {**content.tables, first: replace(content.tables[first], change=change)}
    return replace(content, tables=tables, before="Autumn 2025" if change else "")


def view_of(questionnaire: Questionnaire, content: Content, *, corrects: bool = False) -> ReleaseView:
    return make_release_view(content, questionnaire, None, "Spring 2026", corrects=corrects)


def test_where_nothing_is_told_the_page_says_why_and_claims_no_first_round(questionnaire: Questionnaire) -> None:
    view = view_of(questionnaire, make_changed(questionnaire, {}))
    assert (view.change, view.why_none_improved) == (None, WHY_NO_CHANGE)


WHY: Mapping[str, tuple[Mapping[str, CellFigures], bool, str, str]] = {
    "too few in both": ({}, False, "Not shown", WHY_SOME_CHANGE),
    "told of the round, and not of its change": (STAYERS, False, "Not shown beside the round before", WHY_SOME_CHANGE),
    "of a corrected release": ({}, True, "Not shown", WHY_SOME_CHANGE_AGAIN),
}


@pytest.mark.parametrize("which", WHY)
def test_what_is_not_shown_has_the_reason_that_the_release_knows(questionnaire: Questionnaire, which: str) -> None:
    cells, corrects, verdict, why = WHY[which]
    change = view_of(questionnaire, make_changed(questionnaire, cells, CHANGE), corrects=corrects).change
    assert change is not None
    assert [row.verdict for row in change.rows] == ["Risen", *[verdict] * 4]
    assert change.why == why


def test_who_joined_and_who_left_stands_apart_from_those_who_stayed(questionnaire: Questionnaire) -> None:
    content = make_changed(questionnaire, STAYERS | JOINERS, replace(CHANGE, leavers=(11, 44)))
    view = view_of(questionnaire, content)
    assert view.change is not None
    assert view.change.movers is not None
    titles = [each.title for each in questionnaire.framework.enablers]
    assert view.change.movers.rows[0] == (titles[0], "12", "61", "11", "44")
    assert view.change.movers.rows[1] == (titles[1], "12", "61", "–", "–")
    assert view.change.table.rows[0] == (titles[0], "30", "43", "55", "+12", "Risen")
    sheets = {sheet.name: sheet for sheet in make_sheets(content, questionnaire, view)}
    assert sheets[SheetName.CHANGES].rows[0][3:] == (30, 43, 55, 12, 11, 44, 12, 61)
    assert sheets[SheetName.CHANGES].rows[1][3:] == (30, None, 55, None, None, None, 12, 61)


def test_where_neither_is_told_a_sentence_says_so(questionnaire: Questionnaire) -> None:
    change = view_of(questionnaire, make_changed(questionnaire, STAYERS, CHANGE)).change
    assert change is not None
    assert (change.movers, change.why_no_movers) == (None, WHY_NO_MOVERS)
