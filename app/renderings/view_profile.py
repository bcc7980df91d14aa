"""The profile: one row per enabler, the plot's geometry, each organisation's own scores, and the barriers."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Final

from app.domain.gaps import GapReport
from app.domain.questionnaire import Framework
from app.domain.scoring import CoverageStatus, EnablerScore, Scores
from app.renderings.numbers import as_digits, in_full, shown, shown_percent
from app.renderings.shapes import BandMark, Barrier, Mark, ProfileRow
from app.renderings.words import DONT_KNOW_WORDS, NOT_APPLICABLE_WORDS, one_line
from app.renderings.working import Column, Table, name_capping

HIGHEST: Final = Fraction(100)
ASKED_NOTHING: Final = "No question about it"
WEIGHS_NOTHING: Final = "Its questions carry no weight"
NO_SCORE_WORDS: Final[Mapping[CoverageStatus, str]] = {
    CoverageStatus.INSUFFICIENT: "Not enough answers to score",
    CoverageStatus.NOT_APPLICABLE: NOT_APPLICABLE_WORDS,
}
PROFILE_COLUMNS: Final = (
    Column("Enabler"),
    Column("Score", numeric=True),
    Column("Band"),
    Column("Answers counted", numeric=True),
    Column(DONT_KNOW_WORDS, numeric=True),
    Column(NOT_APPLICABLE_WORDS, numeric=True),
    Column("Way to target", numeric=True),
)


def make_profile(report: GapReport, organisations: Mapping[str, Scores]) -> tuple[ProfileRow, ...]:
    """Make one row per enabler of the framework, in its order."""
    return tuple(
        _make_row(report, enabler, _make_marks(organisations, position))
        for position, enabler in enumerate(report.scores.enablers)
    )


def _make_row(report: GapReport, enabler: EnablerScore, marks: tuple[Mark, ...]) -> ProfileRow:
    verdict = describe_standing(report, enabler)
    weakest = list_weakest(report)
    provisional = enabler.coverage_status is CoverageStatus.PROVISIONAL
    title = one_line(enabler.enabler.title)
    said = [f"{shown(enabler.score)} out of 100", verdict.lower()] if enabler.score is not None else [verdict.lower()]
    said += ["a barrier"] * enabler.barrier
    said += ["the weakest" if len(weakest) == 1 else "one of the weakest"] * (enabler in weakest)
    said += ["provisional"] * provisional
    return ProfileRow(
        id=enabler.enabler.id,
        title=title,
        score="" if enabler.score is None else shown(enabler.score),
        band=one_line(enabler.band.label) if enabler.band else "",
        verdict=verdict,
        barrier=enabler.barrier,
        provisional=provisional,
        coverage=_percent(enabler.coverage),
        dont_know=_percent(enabler.dont_know_share),
        percent_to_target=_percent(report.percent_to_target[enabler.enabler.id]),
        not_applicable=str(enabler.not_applicable),
        x="" if enabler.score is None else as_digits(enabler.score),
        marks=marks,
        statement=f"{title}: {', '.join(said)}.",
        working=f"working-{enabler.enabler.id}",
    )


def list_weakest(report: GapReport) -> tuple[EnablerScore, ...]:
    """List the enablers that share the lowest score, in the order of sections, so that `report.weakest` comes first."""
    by_id = {enabler.enabler.id: enabler for enabler in report.scores.enablers}
    if report.weakest is None:
        return ()
    lowest = by_id[report.weakest.id].score
    in_section_order = dict.fromkeys(section.enabler for section in report.questionnaire.sections)
    return tuple(by_id[enabler] for enabler in in_section_order if by_id[enabler].score == lowest)


def weighs_nothing(enabler: EnablerScore) -> bool:
    """Say whether questions apply and yet there is no weight to score with."""
    return enabler.coverage_status is CoverageStatus.INSUFFICIENT and enabler.coverage is None


def describe_standing(report: GapReport, enabler: EnablerScore) -> str:
    """Say the band, or in plain words why there is none."""
    if enabler.band is not None:
        return one_line(enabler.band.label)
    if enabler.enabler.id not in report.questionnaire.enablers_asked:
        return ASKED_NOTHING
    if weighs_nothing(enabler):
        return WEIGHS_NOTHING
    return NO_SCORE_WORDS[enabler.coverage_status]


def _make_marks(organisations: Mapping[str, Scores], position: int) -> tuple[Mark, ...]:
    values = {name: scores.enablers[position].score for name, scores in organisations.items()}
    return tuple(
        Mark(one_line(name), shown(value), as_digits(value)) for name, value in values.items() if value is not None
    )


def _percent(number: Fraction | None) -> str:
    return "" if number is None else shown_percent(number)


def make_bands(framework: Framework) -> tuple[BandMark, ...]:
    """Make the bands along the plot."""
    starts = [*framework.band_starts.exact, HIGHEST]
    last = len(framework.bands) - 1
    return tuple(
        BandMark(
            label=one_line(band.label),
            start=in_full(start),
            span=f"{in_full(start)} to {in_full(end)}"
            if place == last
            else f"{in_full(start)} to under {in_full(end)}",
            x=as_digits(start),
            width=as_digits(end - start),
            middle=as_digits((start + end) / 2),
            barrier=band.barrier,
            meaning=one_line(band.meaning or ""),
        )
        for place, (band, start, end) in enumerate(zip(framework.bands, starts, starts[1:], strict=False))
    )


def make_profile_table(profile: Sequence[ProfileRow]) -> Table:
    """Make the table that stands under the plot, with the same numbers."""
    return Table(
        caption="The same numbers as a table",
        columns=PROFILE_COLUMNS,
        rows=tuple(
            (
                row.title,
                row.score or "No score",
                row.verdict + (", provisional" if row.provisional else ""),
                row.coverage or "–",
                row.dont_know or "–",
                row.not_applicable,
                row.percent_to_target or "–",
            )
            for row in profile
        ),
    )


def make_marks_table(profile: Sequence[ProfileRow], organisations: Sequence[str]) -> Table:
    """Make the table of each organisation's own scores."""
    scores = [{mark.name: mark.score for mark in row.marks} for row in profile]
    names = [one_line(name) for name in organisations]
    return Table(
        caption="Each organisation’s own score",
        columns=(Column("Organisation"), *(Column(row.title, numeric=True) for row in profile)),
        rows=tuple((name, *(row.get(name, "No score") for row in scores)) for name in names),
    )


def make_barriers(report: GapReport) -> tuple[Barrier, ...]:
    """Make the enablers that stand in the way, in the framework's order."""
    return tuple(
        Barrier(
            id=enabler.enabler.id,
            title=one_line(enabler.enabler.title),
            score=shown(enabler.score),
            band=one_line(enabler.band.label) if enabler.band else "",
            text=one_line(enabler.enabler.barrier),
            why=_explain_barrier(report, enabler),
        )
        for enabler in report.scores.enablers
        if enabler.barrier and enabler.score is not None
    )


def _explain_barrier(report: GapReport, enabler: EnablerScore) -> tuple[str, ...]:
    lines = []
    if enabler.capped_by:
        framework = report.questionnaire.framework
        while_ = "While it is" if len(enabler.capped_by) == 1 else "While any of them is"
        lines.append(
            f"{name_capping(framework, enabler)} {while_}, the enabler counts as {describe_cap(framework)} at best."
        )
    if enabler.coverage_status is CoverageStatus.PROVISIONAL:
        lines.append(explain_provisional(report, enabler))
    return tuple(lines)


def describe_cap(framework: Framework) -> str:
    """Name the highest band of an enabler while a critical question is under the bound."""
    return one_line(framework.bands[framework.band_positions[framework.rules.critical_cap]].label).lower()


def explain_provisional(report: GapReport, enabler: EnablerScore) -> str:
    """Say in plain words what provisional means here."""
    return (
        f"The score is provisional: it rests on {_percent(enabler.coverage)} of the weight that applies, "
        f"and a full score takes {in_full(report.questionnaire.framework.rules.full_coverage)}%."
    )
