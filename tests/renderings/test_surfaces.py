"""The same numbers on every surface, each its own rounding of the same exact one."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gaps import GapReport, make_gap_report
from app.domain.partnership import make_partnership_report
from app.domain.scoring import EnablerScore
from app.renderings import as_csv, as_json, as_pdf, as_text
from app.renderings.shapes import ReportView
from app.renderings.view import make_report_view
from app.web import standalone
from tests.domain.strategies import answers_to, law, organisations_answering, questionnaires, targets_for
from tests.renderings.reading import (
    by_class,
    one_decimal,
    parse_html,
    pdf_words,
    rounded,
    sums_in,
    table_rows,
    words_of,
    work_out,
)


@st.composite
def reports(draw: st.DrawFn) -> tuple[GapReport, ReportView, list[Fraction] | None]:
    """A report of one organisation or of a partnership, its view, and the targets set for the round."""
    questionnaire = draw(questionnaires)
    if draw(st.booleans()):
        answers = draw(answers_to(questionnaire))
        report = make_gap_report(questionnaire, answers)
        return report, make_report_view(report, subject="Somewhere", answers=answers), None
    organisations = draw(organisations_answering(questionnaire))
    targets = draw(targets_for(questionnaire))
    report = make_partnership_report(questionnaire, organisations, targets)
    return report, make_report_view(report, subject="Together", organisations=organisations), targets


REPORTS = reports()


def same(written: float | str | None, exact: Fraction | None) -> bool:
    """Whether a data file has the four-decimal rounding of a number, or nothing for nothing."""
    if exact is None:
        return written in {None, ""}
    return written not in {None, ""} and Fraction(str(written)) == Fraction(rounded(exact, 4))


@law(60)
@given(made=REPORTS)
def test_json_has_four_decimals_of_every_number(made: tuple[GapReport, ReportView, object]) -> None:
    report, _, _ = made
    written = json.loads(json.dumps(as_json.render(report), allow_nan=False))

    for row, enabler in zip(written["enablers"], report.scores.enablers, strict=True):
        for name, exact in enabler_numbers(report, enabler).items():
            assert same(row[name], exact), name
        assert row["band"] == (enabler.band.id if enabler.band else None)
        assert row["barrier"] is enabler.barrier
        assert row["score"] is not None or (row["barrier"] is False and row["capped_by"] == [])
    for row, gap in zip(written["gaps"], report.gaps, strict=True):
        for name in ("score", "target", "gap", "difference", "priority"):
            assert same(row[name], getattr(gap, name)), name
    for row, question in zip(written["questions"], report.scores.questions, strict=True):
        assert same(row["score"], question.score)
        assert same(row["average_deviation"], question.average_deviation)
        assert same(row["weight"], question.question.weight)
        assert (row["state"], row["organisations"]) == (question.state.value, question.organisations)


@law(60)
@given(made=REPORTS)
def test_csv_has_the_same_numbers_a_row_a_question(made: tuple[GapReport, ReportView, list[Fraction] | None]) -> None:
    report, _, _ = made
    text = as_csv.render(report)
    assert text.count("\r\n") == len(report.scores.questions) + 1
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    beside = {gap.question.id: gap for gap in (*report.gaps, *report.met)}
    enablers = {enabler.enabler.id: enabler for enabler in report.scores.enablers}

    targets = report.targets or report.questionnaire.targets.exact
    for row, question, target in zip(rows, report.scores.questions, targets, strict=True):
        gap = beside.get(question.question.id)
        assert row["question"] == question.question.id
        assert row["state"] == question.state.value
        assert same(row["enabler_score"], enablers[row["enabler"]].score)
        assert same(row["score"], question.score)
        assert same(row["target"], gap.target if gap else target)
        assert same(row["gap"], gap.gap if gap else None)
        assert same(row["priority"], gap.priority if gap else None)
        assert same(row["weight"], question.question.weight)
        assert same(row["average_deviation"], question.average_deviation)


@law(40)
@given(made=REPORTS)
def test_the_page_has_one_decimal_of_every_number(made: tuple[GapReport, ReportView, object]) -> None:
    report, view, _ = made
    tree = parse_html(standalone.render(view))
    tables = [table_rows(table) for table in by_class(tree, "govuk-table")]
    (profile,) = [rows[1:] for rows in tables if "Way to target" in rows[0]]

    plot = [words_of(value) for value in by_class(tree, "app-plot__value")]
    for row, drawn, enabler in zip(profile, plot, report.scores.enablers, strict=True):
        numbers = enabler_numbers(report, enabler)
        assert row[1] == (one_decimal(enabler.score) or "No score")
        assert row[3:5] == [one_decimal(numbers[name], "%") or "–" for name in ("coverage", "dont_know_share")]
        assert row[6] == (one_decimal(numbers["percent_to_target"], "%") or "–")
        assert drawn.startswith(one_decimal(enabler.score))
    words = words_of(tree)
    for line in gap_lines(report):
        assert line in words


@law(60)
@given(made=REPORTS)
def test_text_has_one_decimal_of_every_number(made: tuple[GapReport, ReportView, object]) -> None:
    report, view, _ = made
    text = as_text.render(view)
    assert max(map(len, text.splitlines())) <= as_text.WIDTH
    words = " ".join(text.split())
    for enabler in report.scores.enablers:
        if enabler.score is not None:
            assert f"{enabler.enabler.title}: {one_decimal(enabler.score)} out of 100" in words
    for gap in report.gaps:
        assert f"Score {one_decimal(gap.score)}, target {one_decimal(gap.target)}, gap {one_decimal(gap.gap)}," in words
        assert f"priority {one_decimal(gap.priority)}." in words


@law(6)
@given(made=REPORTS)
def test_the_pdf_has_one_decimal_of_every_number(made: tuple[GapReport, ReportView, object]) -> None:
    report, view, _ = made
    words = pdf_words(as_pdf.render(view))
    _, _, appendix = words.partition(view.profile_table.caption)
    for row, enabler in zip(view.profile, report.scores.enablers, strict=True):
        numbers = enabler_numbers(report, enabler)
        cells = (
            one_decimal(numbers["score"]) or "No score",
            row.verdict + (", provisional" if row.provisional else ""),
            *(one_decimal(numbers[name], "%") or "–" for name in ("coverage", "dont_know_share")),
            str(enabler.not_applicable),
            one_decimal(numbers["percent_to_target"], "%") or "–",
        )
        assert is_said(f"{enabler.enabler.title} {' '.join(cells)}", appendix)
    for line in gap_lines(report):
        assert is_said(line, words)


@law(120)
@given(made=REPORTS)
def test_every_sum_of_a_working_leads_to_the_number_shown(made: tuple[GapReport, ReportView, object]) -> None:
    report, view, _ = made
    for line in working_lines(view):
        for worked_out, number in sums_in(line):
            assert one_decimal(worked_out) == number, line
    for working, enabler in zip(view.workings, report.scores.enablers, strict=True):
        lines = [line for step in working.steps for line in step.lines]
        if enabler.score is not None:
            assert any(ends_in(line, one_decimal(enabler.score)) for line in lines), lines


@law(60)
@given(made=REPORTS)
def test_the_rows_of_a_working_add_up_to_its_last(made: tuple[GapReport, ReportView, object]) -> None:
    _, view, _ = made
    for working in view.workings:
        for table in (step.table for step in working.steps if step.table and step.table.total):
            for place, total in enumerate(table.total):
                if place and total:
                    rows = sum(number(row[place]) for row in table.rows)
                    assert abs(rows - number(total)) <= Fraction(len(table.rows) + 1, 20_000), table


def is_said(line: str, words: str) -> bool:
    """Whether a line stands in words, spaces aside, and not as a part of longer words or numbers."""
    pattern = r"\s*".join(map(re.escape, line.replace(" ", "")))
    return re.search(rf"(?<![\w.−]){pattern}(?![\w%]|\.\d)", words) is not None


def enabler_numbers(report: GapReport, enabler: EnablerScore) -> Mapping[str, Fraction | None]:
    return {
        "score": enabler.score,
        "coverage": enabler.coverage,
        "dont_know_share": enabler.dont_know_share,
        "percent_to_target": report.percent_to_target[enabler.enabler.id],
    }


def gap_lines(report: GapReport) -> Iterator[str]:
    for gap in report.gaps:
        yield (
            f"Score {one_decimal(gap.score)}, target {one_decimal(gap.target)}: gap {one_decimal(gap.gap)}. "
            f"Weight {gap.question.weight if gap.question.weight.denominator == 1 else float(gap.question.weight)}: "
            f"priority {one_decimal(gap.priority)}."
        )


def working_lines(view: ReportView) -> Iterator[str]:
    workings = [
        *view.workings,
        *(gap.working for gap in (*view.first_gaps, *view.other_gaps)),
        *(item.working for group in view.strengths for item in group.items),
    ]
    return (line for working in workings for step in working.steps for line in step.lines)


def ends_in(line: str, shown: str) -> bool:
    return any(result == shown for _, result in sums_in(line))


def number(text: str) -> Fraction:
    if "÷" in text:
        return work_out(text)
    return Fraction(text.removeprefix("≈ ").replace("−", "-"))


@pytest.mark.parametrize(
    ("line", "words", "said"),
    [
        ("Funding 5.0", "Funding 5.0 Emerging", True),
        ("Funding 5.0", "Fund\ning 5.0.", True),
        ("Funding 5.0", "Funding 25.0", False),
        ("Funding 5.0", "Funding 5.0%", False),
        ("Funding 5.0", "Funding 5.01", False),
        ("5.0", "−5.0", False),
    ],
)
def test_a_number_is_not_found_inside_another(line: str, words: str, said: bool) -> None:  # noqa: FBT001
    assert is_said(line, words) is said


@pytest.mark.parametrize(
    ("line", "result", "shown"),
    [
        ("100 × (3 − 1) ÷ (4 − 1) ≈ 66.6667, shown as 66.7", Fraction(200, 3), "66.7"),
        ("Weight × gap: 2 × 50 = 100", Fraction(100), "100.0"),
        ("(25 + 50 + 0) ÷ 3 = 25", Fraction(25), "25.0"),
    ],
)
def test_sums_are_read_as_a_person_reads_them(line: str, result: Fraction, shown: str) -> None:
    assert list(sums_in(line)) == [(result, shown)]
