"""The partnership report in sheets: every number the rounding of the same exact one, and no text a formula."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.assessment import Answer, AssessmentStatus
from app.domain.full_report import FullReport
from app.domain.partnership_report import PartnershipReport, Shows
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE
from app.domain.values import Text
from app.renderings import as_partnership_json, as_workbook, partnership_files
from app.renderings.columns import Kind
from app.renderings.partnership_files import PartnershipForm
from app.renderings.partnership_view import Beside, make_partnership_view
from app.renderings.shapes import ReportView
from app.renderings.sheets import ActionRow, Sheet, SheetName, Value, make_sheets
from app.renderings.view import make_report_view
from app.renderings.words import one_line
from tests.factories import (
    AGREEMENT,
    ENABLERS,
    level_id,
    make_answers,
    make_question,
    make_questionnaire,
    make_section,
)
from tests.house.documents import list_table
from tests.partnership_reports import HELD_ON, make_agreed, make_partner, make_partnership_report
from tests.renderings.reading import rounded
from tests.renderings.test_hostile import CONTROL, FULL_WIDTH, HOSTILE
from tests.renderings.workbooks import Cell, Tables, read_csv, read_ods, read_xlsx

STARTERS = {*"=+-@\t\r\n−", *FULL_WIDTH}
DUE = date(2027, 3, 31)
ACTION = ActionRow(ENABLERS[0], "q-0-a", "Write it down", "Council", "Jo", DUE, "planned", "", "It is written", "Begun")
QUESTIONNAIRE = make_questionnaire(
    *(
        make_section(
            enabler,
            make_question(f"q-{place}-a", weight=3, critical=True),
            make_question(f"q-{place}-b", scale=AGREEMENT, weight=Fraction(1, 7)),
            make_question(f"q-{place}-c", when=(f"q-{place}-a", 2)),
        )
        for place, enabler in enumerate(ENABLERS)
    )
)
NAMES = [question.id for question in QUESTIONNAIRE.questions]
Choice = int | str


def choose(shift: int) -> dict[str, Choice]:
    choices: list[Choice] = [0, 3, DONT_KNOW, 2, 1, 3, NOT_APPLICABLE, 1, 0, 3, 2]
    return {
        name: min(choice, 3) if isinstance(choice := choices[(place * shift + shift) % len(choices)], int) else choice
        for place, name in enumerate(NAMES)
    }


def make_report() -> PartnershipReport:
    """Three organisations that differ, one that answers again, one that waits; two questions agreed, one not."""
    return make_partnership_report(
        QUESTIONNAIRE,
        make_partner("Council", make_answers(choose(1))),
        make_partner("Trust", make_answers(choose(2))),
        make_partner("Police", make_answers(choose(3)), AssessmentStatus.IN_PROGRESS),
        make_partner("Charity", None),
        agreed={
            "q-0-a": make_agreed(level_id(1), minority_view="The police see it otherwise"),
            "q-1-b": make_agreed(level_id(2)),
            "q-2-a": make_agreed("", "No agreement"),
        },
    )


def test_there_is_a_sheet_for_each_part_and_every_row_is_whole() -> None:
    sheets = make_sheets(make_report(), [ACTION])
    assert [sheet.name for sheet in sheets] == list(SheetName)
    for sheet in sheets:
        assert all(len(row) == len(sheet.columns) for row in sheet.rows)
        assert len({column.id for column in sheet.columns}) == len(sheet.columns)
    lengths = [len(sheet.rows) for sheet in sheets]
    assert lengths[:4] == [5, 15, 4 * 15, 1]


def test_the_codebook_says_of_every_column_what_it_says_and_how_it_is_rounded() -> None:
    *sheets, codebook = make_sheets(make_report())
    told = [row[:2] for row in codebook.rows]
    assert told == [(sheet.name.value, column.id) for sheet in (*sheets, codebook) for column in sheet.columns]
    for row in codebook.rows:
        said = dict(zip([column.id for column in codebook.columns], row, strict=True))
        assert said["title"]
        assert said["says"]
        assert said["rounded"]
    numbers = [row for row, column in zip(codebook.rows, list_columns(sheets), strict=False) if column == Kind.NUMBER]
    assert all(row[4] for row in numbers)  # a number without a unit says nothing


def list_columns(sheets: list[Sheet]) -> list[Kind]:
    return [column.kind for sheet in sheets for column in sheet.columns]


def test_every_cell_is_of_the_kind_of_its_column() -> None:
    types: Mapping[Kind, tuple[type, ...]] = {
        Kind.TEXT: (str,),
        Kind.NUMBER: (Fraction,),
        Kind.COUNT: (int,),
        Kind.YES_NO: (bool,),
        Kind.DATE: (date,),
    }
    for sheet in make_sheets(make_report(), [ACTION]):
        for row in sheet.rows:
            for column, value in zip(sheet.columns, row, strict=True):
                assert value is None or isinstance(value, types[column.kind]), (sheet.name, column.id, value)


# ---- The three forms have the same cells -----------------------------------------------------------------------------


def expect(value: Value) -> Cell:
    """Give what a workbook shows for an exact value, by a second way of rounding."""
    match value:
        case None | "":
            return None
        case bool() | date():
            return value
        case int():
            return Decimal(value)
        case Fraction():
            return rounded(value, 4) + 0
        case str():
            text = one_line(value)
            return f"'{text}" if text[:1] in STARTERS else text or None


def digits(value: Value) -> str:
    match expect(value):
        case None:
            return ""
        case bool() as truth:
            return "true" if truth else "false"
        case Decimal() as number:
            text = f"{number:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case other:
            return str(other)


def check_same(report: PartnershipReport) -> None:
    sheets = make_sheets(report, [ACTION])
    expected: Tables = {
        sheet.name.value: [[column.id for column in sheet.columns], *([*map(expect, row)] for row in sheet.rows)]
        for sheet in sheets
    }
    ods = read_ods(as_workbook.render_ods(sheets))
    assert ods == expected
    xlsx = read_xlsx(as_workbook.render_xlsx(sheets))
    assert {name: [without_end(row) for row in rows] for name, rows in xlsx.items()} == {
        name: [without_end(row) for row in rows] for name, rows in expected.items()
    }
    assert read_csv(as_workbook.render_csv(sheets)) == {
        sheet.name.value: [[column.id for column in sheet.columns], *([*map(digits, row)] for row in sheet.rows)]
        for sheet in sheets
    }


def without_end(row: list[Cell]) -> list[Cell]:
    """Leave out the empty cells at the end of a row, which XLSX does not write."""
    while row and row[-1] is None:
        row = row[:-1]
    return row


def test_all_three_forms_have_the_same_cells_rounded_from_the_exact_number() -> None:
    check_same(make_report())


LEVELS = st.integers(0, 3)
SHEET = st.fixed_dictionaries({name: LEVELS | st.sampled_from([DONT_KNOW, NOT_APPLICABLE]) for name in NAMES})


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(SHEET, min_size=1, max_size=4), st.dictionaries(st.sampled_from(NAMES), LEVELS, max_size=5))
def test_whatever_was_answered_and_agreed_the_cells_are_the_same(
    answered: list[dict[str, Choice]], agreed: dict[str, int]
) -> None:
    check_same(
        make_partnership_report(
            QUESTIONNAIRE,
            *(make_partner(f"Body {place}", make_answers(sheet)) for place, sheet in enumerate(answered)),
            agreed={name: make_agreed(level_id(place)) for name, place in agreed.items()},
        )
    )


# ---- Every number is that of the JSON --------------------------------------------------------------------------------


def read_report(report: PartnershipReport) -> dict[str, list[dict[str, Cell]]]:
    tables = read_xlsx(as_workbook.render_xlsx(make_sheets(report, [ACTION])))
    return {name: [*table(rows)] for name, rows in tables.items()}


def check_row(row: dict[str, Cell], told: Mapping[str, Any], *names: str, end: str = "") -> None:
    for name in names:
        assert plain(row[name + end]) == told[name], name


def test_every_number_of_the_profile_is_that_of_the_json() -> None:
    report = make_report()
    individual, agreed = (as_partnership_json.render(report, shows)["enablers"] for shows in Shows)
    both = ("score", "band", "barrier", "coverage", "coverage_status", "percent_to_target")
    for row, one, other in zip(read_report(report)["profile"], individual, agreed, strict=True):
        check_row(row, one, *both, "dont_know_share", "not_applicable", "average_deviation")
        check_row(row, other, *both, end="_agreed")


def test_every_number_of_a_question_is_that_of_the_json() -> None:
    report = make_report()
    individual, agreed = (as_partnership_json.render(report, shows) for shows in Shows)
    gaps, settled = ({gap["question"]: gap for gap in each["gaps"]} for each in (individual, agreed))
    levels = {each["question"]: each for each in individual["agreed"]}
    measured = ("gap", "difference", "priority")
    for row, told in zip(read_report(report)["questions"], individual["questions"], strict=True):
        name = told["id"]
        check_row(row, told, "state", "score", "weight", "organisations", "average_deviation", "contested", "rwg")
        check_row(row, gaps.get(name, {}), *(measured if name in gaps else ()))
        check_row(row, settled.get(name, {}), *(measured if name in settled else ()), end="_agreed")
        if name in levels:
            found = plain(row["agreed_level"]), plain(row["agreed_score"]), row["agreed_on"]
            assert found == (levels[name]["level"], levels[name]["score"], HELD_ON)


def test_every_answer_of_an_organisation_is_that_of_the_json() -> None:
    report = make_report()
    organisations = as_partnership_json.render(report, Shows.INDIVIDUAL)["organisations"]
    told = {(each["name"], answer["question"]): answer for each in organisations for answer in each["answers"]}
    for row in read_report(report)["organisations"]:
        answer = told.get((str(row["organisation"]), str(row["question"])))
        assert (answer is not None) is row["submitted"]
        assert row["reopened"] is (row["organisation"] == "Police")
        check_row(row, answer or {}, *(("state", "choice", "score") if answer else ()))


def table(rows: list[list[Cell]]) -> Iterator[dict[str, Cell]]:
    head = [str(cell) for cell in rows[0]]
    for row in rows[1:]:
        yield dict(zip(head, [*row, *[None] * (len(head) - len(row))], strict=True))


def plain(cell: Cell) -> Any:  # noqa: ANN401 - as JSON has it
    return float(cell) if isinstance(cell, Decimal) else cell


def test_the_json_says_which_view_it_shows_and_agreed_levels_do_not_change_what_was_answered() -> None:
    report = make_report()
    individual, agreed = (as_partnership_json.render(report, shows) for shows in Shows)
    assert [individual["shows"], agreed["shows"]] == ["individual", "agreed"]
    assert individual["organisations"] == agreed["organisations"]
    assert individual["questions"][0]["score"] != agreed["questions"][0]["score"] == 25.0
    assert individual["agreed"] == agreed["agreed"]
    assert [each["question"] for each in agreed["agreed"]] == ["q-0-a", "q-1-b", "q-2-a"]
    waiting = individual["organisations"][-1]
    assert (waiting["name"], waiting["submitted"], waiting["answers"]) == ("Charity", False, [])
    json.dumps(agreed)


def test_a_hidden_answer_is_kept_and_not_shown() -> None:
    hidden = Answer(level_id(3), note="Nobody asked")
    answers = {**make_answers({"q-0-a": 0}), "q-0-c": hidden}
    report = make_partnership_report(QUESTIONNAIRE, make_partner("Council", answers))
    rows = {(row[0], row[2]): row for row in make_sheets(report)[2].rows}
    assert rows["Council", "q-0-c"][3:10] == ("hidden", *[None] * 6)
    plain_answer = as_partnership_json.render(report, Shows.INDIVIDUAL)["organisations"][0]["answers"][2]
    assert plain_answer["note"] == ""


# ---- Texts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words", [*HOSTILE, CONTROL, "\t=1", " =1", "−1", "\r=1", *(f"{starter}1" for starter in FULL_WIDTH)]
)
def test_no_text_is_a_formula_in_any_form(words: str) -> None:
    asked = words.replace("\ud800", "")
    questionnaire = make_questionnaire(make_question("a", text=Text(asked)))
    answer = Answer(level_id(1), words, words, words, words)
    report = make_partnership_report(
        questionnaire,
        make_partner(words, {"a": answer}),
        make_partner("Other", {"a": Answer(NOT_APPLICABLE, reason=words)}),
        agreed={"a": make_agreed(level_id(2), words, words)},
        name=words,
    )
    sheets = make_sheets(report, [ActionRow(words, words, words, words, words, DUE, words, words, words, words)])
    xlsx, ods = read_xlsx(as_workbook.render_xlsx(sheets)), read_ods(as_workbook.render_ods(sheets))
    for tables in (xlsx, ods, read_csv(as_workbook.render_csv(sheets))):
        texts = [
            (name, text)
            for name, rows in tables.items()
            for row in rows[1:]
            for text in row
            if isinstance(text, str) and text and not is_number(text)
        ]
        assert [text for _, text in texts if text[0] in STARTERS] == []
        expected = one_line(words) if one_line(words)[0] not in STARTERS else f"'{one_line(words)}"
        assert sum(text == expected for name, text in texts if name == "actions") == 9
        assert sum(text == expected for name, text in texts if name == "organisations") == 6


def is_number(text: str) -> bool:
    """Say whether a text of a CSV is a number of ours: those may begin with a minus sign."""
    digits_only = text.removeprefix("-").replace(".", "", 1)
    return digits_only.isascii() and digits_only.isdigit()


def test_a_text_longer_than_a_cell_is_cut_and_says_so() -> None:
    text = as_workbook.text_cell("=" + "x" * 40_000)
    assert len(text) == 32_767
    assert text.startswith("'=x")
    assert text.endswith("x…")


@pytest.mark.parametrize("form", PartnershipForm)
@pytest.mark.parametrize("shows", Shows)
def test_the_same_report_is_the_same_file(form: PartnershipForm, shows: Shows) -> None:
    report = make_report()
    full = FullReport(report, {}, (), (), {report.together.round_id: report.questionnaire}, {}, {})
    beside, now = Beside(None, None, None), datetime(2027, 1, 1, tzinfo=UTC)
    one, other = (
        partnership_files.render(form, full, shows, lambda: make_partnership_view(full, shows, beside, (), now))
        for _ in range(2)
    )
    assert one == other


def make_view(report: PartnershipReport, shows: Shows) -> ReportView:
    chosen = report.get(shows)
    return make_report_view(chosen, subject="Vale", organisations=report.together.answers)


def test_the_working_of_an_agreed_level_says_so_and_the_spread_stays_that_of_the_answers() -> None:
    report = make_report()
    individual, agreed = (make_view(report, shows) for shows in Shows)
    before, after = (
        {gap.id: gap for gap in (*view.first_gaps, *view.other_gaps)}["gap-q-0-a"] for view in (individual, agreed)
    )
    assert before.reached_words == "On average"
    assert (after.reached_words, after.reached.label, after.score) == ("As agreed", "Level 1", "25.0")
    assert "in the place of the mean" in after.working.steps[0].lines[0]
    assert before.working.steps[1] == after.working.steps[1]  # the spread


@pytest.mark.parametrize(
    ("form", "shows", "name"),
    [
        (PartnershipForm.PDF, Shows.INDIVIDUAL, "partnership-report.pdf"),
        (PartnershipForm.PDF, Shows.AGREED, "partnership-report-as-agreed.pdf"),
        (PartnershipForm.XLSX, Shows.AGREED, "partnership-report.xlsx"),
        (PartnershipForm.CSV, Shows.INDIVIDUAL, "partnership-report-csv.zip"),
        (PartnershipForm.JSON, Shows.AGREED, "partnership-report-as-agreed.json"),
    ],
)
def test_a_file_is_called_what_it_is(form: PartnershipForm, shows: Shows, name: str) -> None:
    assert partnership_files.make_name(form, shows) == name


def test_the_docs_have_the_codebook() -> None:
    told = [tuple(row) for row in list_table("docs/reports.md", "The codebook") if row[0].startswith("`")]
    *sheets, _ = make_sheets(make_report())
    assert told == [(f"`{column.id}`", column.says, column.unit) for sheet in sheets for column in sheet.columns]
