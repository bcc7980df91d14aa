"""The numbers in docs/scoring.md are those of the shipped framework, and those that the code gives."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Final

import pytest

from app.catalogue import load
from app.domain.gaps import GapReport, make_gap_report
from app.domain.partnership import make_partnership_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Framework, Question
from app.renderings.numbers import shown
from tests.factories import make_answers, make_question, make_questionnaire

ROOT: Final = Path(__file__).parents[2]
Row = dict[str, str]

CHOICES: Final[dict[str, int | str]] = {
    "Not started": 0,
    "Early": 1,
    "Developing": 2,
    "Established": 3,
    "Embedded": 4,
    "Don’t know": DONT_KNOW,
    "Not applicable": NOT_APPLICABLE,
}


def _read_tables() -> list[list[Row]]:
    """Give every table of the page as rows, heading -> cell."""
    text = (ROOT / "docs" / "scoring.md").read_text("utf-8")
    tables = []
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        heading, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines())
        tables.append([dict(zip(heading, row, strict=True)) for row in rows])
    return tables


RULES, LEVELS, COVERAGES, BANDS, ONE, ONE_RESULTS, SEVERAL, SEVERAL_RESULTS = _read_tables()


def _shipped() -> Framework:
    return load(ROOT / "questionnaires").get("local-partners").framework


def _printed(number: Fraction | None) -> str:
    return "" if number is None else shown(number)


def _slug(words: str) -> str:
    return words.lower().replace(" ", "-")


def _value(rows: list[Row], result: str) -> str:
    (row,) = [row for row in rows if row["Result"] == result]
    return row["Value"]


def test_the_numbers_of_the_rule_are_those_of_the_shipped_framework() -> None:
    rules = _shipped().rules
    assert [Fraction(row["Value"]) for row in RULES] == [
        rules.default_target,
        rules.full_coverage,
        rules.provisional_coverage,
        rules.critical_below,
        rules.dont_know_finding,
        rules.minimum_organisations,
    ]
    assert [row["Coverage"] for row in COVERAGES[:3]] == [
        f"At least {rules.full_coverage}%",
        f"At least {rules.provisional_coverage}%",
        f"Under {rules.provisional_coverage}%",
    ]


def test_the_levels_and_their_scores_are_those_of_the_shipped_maturity_scale() -> None:
    scale = _shipped().scales_by_id["maturity"]
    assert {row["Level"]: Fraction(row["Score"]) for row in LEVELS} == {
        str(level.label): scale.scores[level.id] for level in scale.levels
    }


def test_the_bands_are_those_of_the_shipped_framework() -> None:
    assert [(row["Band"], Fraction(row["From"]), row["Barrier"] == "yes") for row in BANDS] == [
        (str(band.label), band.start, band.barrier) for band in _shipped().bands
    ]
    cap = _shipped().bands[_shipped().band_positions[_shipped().rules.critical_cap]]
    assert f"**{cap.label}** at best" in (ROOT / "docs" / "scoring.md").read_text("utf-8")


def _question(row: Row) -> Question:
    target = CHOICES[row["Target"]] if row.get("Target") else None
    return make_question(
        _slug(row["Question"]),
        weight=int(row["Weight"]),
        critical=row.get("Critical") == "yes",
        target=target if isinstance(target, int) else None,
    )


def _report_one() -> GapReport:
    answers = make_answers({_slug(row["Question"]): CHOICES[row["Answer"]] for row in ONE})
    return make_gap_report(make_questionnaire(*map(_question, ONE)), answers)


def _report_several() -> GapReport:
    organisations = {
        name: make_answers({_slug(row["Question"]): CHOICES[row[name]] for row in SEVERAL})
        for name in ("Council", "Health", "Police")
    }
    return make_partnership_report(make_questionnaire(*map(_question, SEVERAL)), organisations)


def test_the_example_of_one_organisation_has_the_scores_and_gaps_that_the_code_gives() -> None:
    report = _report_one()
    assert [_printed(question.score) for question in report.scores.questions] == [row["Score"] for row in ONE]
    gaps = {gap.question.id: gap for gap in report.gaps}
    for row in ONE:
        gap = gaps.get(_slug(row["Question"]))
        assert row["Gap"] == _printed(gap.gap if gap else None)
        assert row["Priority"] == _printed(gap.priority if gap else None)
    assert [gap.question.id for gap in report.gaps] == ["lawful-basis", "matched-records"]
    assert [question.id for question in report.scores.enablers[0].capped_by] == ["lawful-basis"]


def test_the_example_of_a_partnership_has_the_scores_and_deviations_that_the_code_gives() -> None:
    questions = _report_several().scores.questions
    assert [_printed(question.score) for question in questions] == [row["Score"] for row in SEVERAL]
    assert [_printed(question.average_deviation) for question in questions] == [
        row["Average deviation"] for row in SEVERAL
    ]
    assert [question.contested for question in questions] == [row["Contested"] == "yes" for row in SEVERAL]


@pytest.mark.parametrize(
    ("report", "results"),
    [(_report_one(), ONE_RESULTS), (_report_several(), SEVERAL_RESULTS)],
    ids=["organisation", "partnership"],
)
def test_the_results_of_the_examples_are_those_that_the_code_gives(report: GapReport, results: list[Row]) -> None:
    enabler = report.scores.enablers[0]
    assert _value(results, "Score") == _printed(enabler.score)
    assert _value(results, "Coverage") == _printed(enabler.coverage)
    assert _value(results, "Don’t know share") == _printed(enabler.dont_know_share)
    assert _value(results, "Percent to target") == _printed(report.percent_to_target[enabler.enabler.id])
    assert enabler.band is not None
    assert _slug(_value(results, "Band")) == enabler.band.id
