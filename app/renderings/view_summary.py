"""The report in a few lines for a tired reader, what answers leave unseen, how to read numbers, and the headings."""

from collections.abc import Sequence
from typing import Final

from app.domain.gaps import GapReport
from app.domain.scoring import CoverageStatus, EnablerScore
from app.renderings.numbers import in_full, shown, shown_percent
from app.renderings.shapes import BandMark, LeadLine, Sections, SectionWords
from app.renderings.view_profile import (
    describe_cap,
    describe_standing,
    explain_provisional,
    list_weakest,
    weighs_nothing,
)
from app.renderings.words import count, in_words, join, one_line, sentence

TWO: Final = 2
"""Of two things one says both, not all."""


def make_lead(report: GapReport) -> tuple[LeadLine, ...]:
    """Say the report in a few lines."""
    lines = (
        LeadLine(_weakest(report), "profile", "See all of them"),
        LeadLine(_barriers(report), "barriers", "See why"),
        LeadLine(_gaps(report), "gaps", "See what to do first"),
        LeadLine(_contested(report), "differences", "See where"),
        LeadLine(_strengths(report), "strengths", "See which"),
        LeadLine(_not_known(report), "unseen", "See what is missing"),
    )
    return tuple(line for line in lines if line.text)


def _weakest(report: GapReport) -> str:
    weakest = list_weakest(report)
    if not weakest or weakest[0].score is None:
        return "There are not enough answers to score any enabler yet."
    named = join([one_line(enabler.enabler.title) for enabler in weakest])
    score = f"{shown(weakest[0].score)} out of 100"
    standings = {describe_standing(report, enabler).lower() for enabler in weakest}
    standing = f": {standings.pop()}" if len(standings) == 1 else ""  # a critical question may tell them apart
    if len(weakest) == 1:
        return f"The weakest enabler is {named}, at {score}{standing}."
    return f"The weakest enablers are {named}, {'both' if len(weakest) == TWO else 'all'} at {score}{standing}."


def _barriers(report: GapReport) -> str:
    if report.weakest is None:
        return ""
    named = [one_line(enabler.enabler.title) for enabler in report.scores.enablers if enabler.barrier]
    if not named:
        return "No enabler with a score is weak enough to be named a barrier."
    if len(named) == 1:
        return f"One enabler is a barrier to reform: {named[0]}."
    return f"{in_words(len(named))} enablers are barriers to reform: {join(named)}."


def _gaps(report: GapReport) -> str:
    if report.gaps:
        return f"{count(len(report.gaps), 'question is', 'questions are')} under target."
    return "Every question with a score is at or above its target." if report.met else ""


def _contested(report: GapReport) -> str:
    number = sum(question.contested for question in report.scores.questions)
    return f"{count(number, 'question is', 'questions are')} contested: answers lie far apart." if number else ""


def _strengths(report: GapReport) -> str:
    if not report.gaps or not report.met:
        return ""
    return f"{count(len(report.met), 'question is', 'questions are')} at or above target."


def _not_known(report: GapReport) -> str:
    enablers = report.scores.enablers
    unsure = [one_line(each.enabler.title) for each in enablers if _is_unsure(report, each)]
    weightless = [one_line(each.enabler.title) for each in enablers if weighs_nothing(each)]
    lines = [f"Read with care: few answers, or many don’t knows, on {join(unsure)}."] * bool(unsure)
    lines += [f"There is no score for {join(weightless)}: the questions that apply carry no weight."] * bool(weightless)
    return " ".join(lines)


def _is_unsure(report: GapReport, enabler: EnablerScore) -> bool:
    few = enabler.coverage_status in {CoverageStatus.PROVISIONAL, CoverageStatus.INSUFFICIENT}
    return (few and not weighs_nothing(enabler)) or is_finding(report, enabler)


def is_finding(report: GapReport, enabler: EnablerScore) -> bool:
    """Say whether so much was answered with don't know that it is a finding."""
    share = enabler.dont_know_share
    return share is not None and share > report.questionnaire.framework.rules.dont_know_finding


def make_findings(report: GapReport, *, partnership: bool) -> tuple[str, ...]:
    """Say which enablers the answers leave partly unseen, a sentence each."""
    lines = []
    for enabler in report.scores.enablers:
        title = one_line(enabler.enabler.title)
        if enabler.coverage_status is CoverageStatus.INSUFFICIENT:
            lines.append(f"{title}: {_explain_insufficient(report, enabler)}")
        elif enabler.coverage_status is CoverageStatus.PROVISIONAL:
            lines.append(f"{title}: {_lower_first(explain_provisional(report, enabler))}")
        if enabler.dont_know_share is not None and is_finding(report, enabler):
            share = shown_percent(enabler.dont_know_share)
            who = "partners cannot see this" if partnership else "this cannot be seen from where you stand"
            lines.append(f"{title}: {share} of the weight was answered with don’t know. That is a finding: {who}.")
    return tuple(lines)


def _explain_insufficient(report: GapReport, enabler: EnablerScore) -> str:
    least = in_full(report.questionnaire.framework.rules.provisional_coverage)
    if enabler.coverage is None:
        return "no score, because the questions that apply carry no weight."
    return (
        f"not enough answers to score. Those with a level make up {shown_percent(enabler.coverage)} of the "
        f"weight that applies; a score takes {least}%."
    )


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def make_rules(report: GapReport, bands: Sequence[BandMark], *, partnership: bool) -> tuple[str, ...]:
    """Say how to read the numbers."""
    framework = report.questionnaire.framework
    rules = framework.rules
    full, provisional = in_full(rules.full_coverage), in_full(rules.provisional_coverage)
    critical = (
        f"While a critical question is under {in_full(rules.critical_below)}, "
        f"its enabler counts as {describe_cap(framework)} at best, whatever its score."
    )
    vote = "One organisation has one vote, whatever its size: a question’s score is the mean of their scores."
    return (
        "Scores run from 0 to 100. They are worked out exactly, and rounded only where they are shown.",
        *([vote] if partnership else []),
        "There is no overall score and no ranking: strength in one enabler does not make up for another.",
        "Don’t know and not applicable never count as a score, high or low. How many there are is always shown.",
        f"A score takes levels for {full}% of the weight. From {provisional}% it is provisional; below, there is none.",
        *(f"{band.label}, {band.span}: {sentence(band.meaning)}" for band in bands if band.meaning),
        *([critical] if any(question.critical for question in report.questionnaire.questions) else []),
        "Gaps come in order of priority: the weight of the question times the distance to its target.",
    )


def make_sections(report: GapReport, *, partnership: bool, first: int) -> Sections:
    """Name the sections, and say what stands in one that would be empty. `first` gaps are set out in full."""
    others = max(len(report.gaps) - first, 0)
    nothing = "Nothing has a score yet, so there is nothing to set beside a target."
    return Sections(
        lead=SectionWords("In short"),
        profile=SectionWords("Where the partnership stands" if partnership else "Where you stand"),
        barriers=SectionWords(
            "What stands in the way",
            "No enabler is named a barrier."
            if report.weakest
            else "No enabler has enough answers to say whether it stands in the way.",
        ),
        first_gaps=SectionWords("What to do first", "No question is under its target." if report.met else nothing),
        other_gaps=SectionWords("The next gap" if others == 1 else f"The next {others} gaps, in order"),
        differences=SectionWords(
            "Where the organisations differ",
            "On no question do the answers lie so far apart that it is called contested.",
        ),
        strengths=SectionWords(
            "What is already in place", "No question is at its target yet." if report.gaps else nothing
        ),
        unseen=SectionWords("What the answers do not show", "Every question asked has a score."),
        workings=SectionWords(
            "How every number was worked out",
            lead="Each step can be followed with a pencil. A single question’s working stands with the question.",
        ),
    )
