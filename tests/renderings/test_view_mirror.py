"""The mirror in words: how far apart both sides are, the widest first, and the same in files and as JSON."""

import json

import pytest

from app.catalogue import Catalogue
from app.domain.releases import Content, read_content, write_content
from app.renderings.release_files import ReleaseForm, SheetName, make_sheets, render
from app.renderings.view_mirror import DASH, WHY_NOT_SHOWN
from app.renderings.view_release import ReleaseView, make_release_view
from tests.mirrors import Pair, make_content


def view_of(questionnaires: Catalogue, content: Content) -> ReleaseView:
    departments = questionnaires.get("departments")
    return make_release_view(content, questionnaires.get("local-partners"), None, "Spring 2026", departments)


@pytest.mark.parametrize(
    ("pair", "apart", "says"),
    [
        ((62, 38), "24 points apart", "Departments say 62, places see 38: 24 points apart."),
        ((38, 62), "24 points apart", "Departments say 38, places see 62: 24 points apart."),
        ((62, 52), "10 points apart", "Departments say 62, places see 52: 10 points apart."),
        ((62, 53), "About the same", "Departments say 62, places see 53: about the same."),
        ((50, 50), "About the same", "Departments say 50, places see 50: about the same."),
        ((None, 38), "Not shown", "Not shown."),
        ((62, None), "Not shown", "Not shown."),
        ((None, None), "Not shown", "Not shown."),
    ],
)
def test_the_distance_is_said_in_words(questionnaires: Catalogue, pair: Pair, apart: str, says: str) -> None:
    mirror = view_of(questionnaires, make_content(questionnaires, [pair])).mirror
    assert mirror is not None
    (row,) = mirror.rows
    assert (row.apart, row.says) == (apart, says)
    assert bool(row.x_places) == bool(row.x_departments) == (None not in pair)
    assert mirror.why_not_shown == (WHY_NOT_SHOWN if None in pair else "")
    assert (row.departments, row.places) == tuple(DASH if mean is None else str(mean) for mean in pair)


def test_the_widest_apart_stand_first_and_what_is_not_shown_last(questionnaires: Catalogue) -> None:
    content = make_content(questionnaires, [(50, 55), (None, 50), (20, 80), (60, 40)])
    mirror = view_of(questionnaires, content).mirror
    assert mirror is not None
    assert [row.id for row in mirror.rows] == [
        content.mirror.rows[place].id for place in (2, 3, 0, 1) if content.mirror is not None
    ]
    assert [says for _, says in mirror.widest] == [row.says for row in mirror.rows[:3]]
    first = mirror.rows[0]
    assert first.departments_asked.startswith("How far has your department settled in advance")
    assert first.places_asked.startswith("How far have partners agreed the lawful basis")
    assert mirror.about == "The departments’ side is from “Departments, spring 2026”, closed on 31 May 2026."


def test_a_release_without_a_mirror_has_an_empty_sheet_and_no_view(questionnaires: Catalogue) -> None:
    values = write_content(make_content(questionnaires, []))
    content = read_content({name: value for name, value in values.items() if name != "mirror"})
    view = view_of(questionnaires, content)
    assert view.mirror is None
    sheets = {sheet.name: sheet for sheet in make_sheets(content, questionnaires.get("local-partners"), view)}
    assert sheets[SheetName.MIRROR].rows == ()


def test_files_hold_what_the_page_shows(questionnaires: Catalogue) -> None:
    content = make_content(questionnaires, [(62, 38), (None, 50)])
    view = view_of(questionnaires, content)
    questionnaire = questionnaires.get("local-partners")
    sheets = {sheet.name: sheet for sheet in make_sheets(content, questionnaire, view)}
    sheet = sheets[SheetName.MIRROR]
    rows = [dict(zip([column.id for column in sheet.columns], row, strict=True)) for row in sheet.rows]
    figures = [
        (row["partnerships"], row["places_mean"], row["departments"], row["departments_mean"], row["apart"])
        for row in rows
    ]
    assert figures == [(40, 38, 12, 62, 24), (40, 50, None, None, None)]
    assert (rows[0]["in_partly_in_place"], rows[0]["departments_in_partly_in_place"]) == (39, 11)
    assert rows[1]["departments_in_partly_in_place"] is None
    assert ("Mirror", view.mirror.about if view.mirror else "") in sheets[SheetName.ABOUT].rows
    written = json.loads(render(ReleaseForm.JSON, content, questionnaire, view))
    assert read_content(written) == content
    assert written["mirror"]["rows"][0]["departments_say"]["mean"] == 62
    for form in ReleaseForm:
        assert render(form, content, questionnaire, view)
