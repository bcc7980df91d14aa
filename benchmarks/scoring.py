"""What exact arithmetic and result objects cost: a gap report of 30 answers against the same numbers in plain floats.

Two baselines. `all`: scores, coverage, bands with their cap, percent to target, gaps and their order. `lean`: scores,
gaps and their order alone. Neither makes result objects, checks conditions or gives exact numbers. The rounds of all
three take turns in one run, so that whatever else the machine does falls on each alike.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import cycle
from math import isclose
from pathlib import Path
from statistics import median
from time import perf_counter_ns
from typing import Final, NamedTuple

from app.catalogue import load
from app.domain.assessment import Answer
from app.domain.gaps import make_gap_report
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Questionnaire

MOST: Final = 20
"""The ratio to the baseline `all` that must not be exceeded."""
ROUNDS: Final = 300
REPORTS_A_ROUND: Final = 10
QUESTIONS: Final = 30

PlainGap = tuple[float, bool, int, str]
"""What a gap is sorted by, and its question."""


class PlainQuestion(NamedTuple):
    """A question in floats."""

    enabler: str
    weight: float
    critical: bool
    target: float
    scores: Mapping[str, float]


class PlainRule(NamedTuple):
    """The rule and its questions in floats."""

    questions: Mapping[str, PlainQuestion]
    enablers: tuple[str, ...]
    bands: tuple[float, ...]
    full: float
    provisional: float
    critical_below: float
    cap: int


def run() -> None:
    questionnaire = load(Path(__file__).parents[1] / "questionnaires").get("local-partners", 1)
    answers = make_answers(questionnaire)
    plain = make_plain(questionnaire)
    choices = {question: answer.choice for question, answer in answers.items()}
    check_same_numbers(questionnaire, answers, plain)

    exact, everything, lean = measure(
        lambda: make_gap_report(questionnaire, answers),
        lambda: report_all(plain, choices),
        lambda: report_lean(plain, choices),
    )
    ratio = median(a / b for a, b in zip(exact, everything, strict=True))
    lean_ratio = median(a / b for a, b in zip(exact, lean, strict=True))
    print(f"{len(answers)} answers, exact with result objects: {median(exact):.0f} µs (median of {ROUNDS} rounds)")
    print(f"the same numbers in plain floats:      {median(everything):5.1f} µs, ratio {ratio:.1f}, at most {MOST}")
    print(f"scores, gaps and their order in floats:{median(lean):5.1f} µs, ratio {lean_ratio:.1f}")
    if ratio > MOST:
        raise SystemExit(f"The ratio {ratio:.1f} is over {MOST}")


def make_answers(questionnaire: Questionnaire) -> dict[str, Answer]:
    """Answer every question, mostly with a level, and none so that an enabler has no score."""
    choices: Iterable[int | str] = cycle([2, 0, 3, 1, 4, DONT_KNOW, 1, 2, 3, 3, NOT_APPLICABLE])
    answers = {}
    for question, choice in zip(questionnaire.questions, choices, strict=False):
        levels = questionnaire.scale_of(question).levels
        level = levels[min(choice, len(levels) - 1)].id if isinstance(choice, int) else choice
        answers[question.id] = Answer(level, reason="Not ours")
    if len(answers) != QUESTIONS:
        raise SystemExit(f"The questionnaire has {len(answers)} questions; the promise speaks of {QUESTIONS}")
    return answers


def measure(*jobs: Callable[[], object]) -> list[list[float]]:
    """Give the microseconds a report of each job took, round by round; the jobs take turns."""
    for job in jobs:
        job()
    times: list[list[float]] = [[] for _ in jobs]
    for _ in range(ROUNDS):
        for job, taken in zip(jobs, times, strict=True):
            start = perf_counter_ns()
            for _ in range(REPORTS_A_ROUND):
                job()
            taken.append((perf_counter_ns() - start) / REPORTS_A_ROUND / 1000)
    return times


def make_plain(questionnaire: Questionnaire) -> PlainRule:
    framework = questionnaire.framework
    return PlainRule(
        questions={
            question.id: PlainQuestion(
                enabler,
                float(question.weight),
                question.critical,
                float(questionnaire.target_of(question)),
                {level: float(score) for level, score in questionnaire.scale_of(question).scores.items()},
            )
            for question, enabler in zip(questionnaire.questions, questionnaire.enablers_asked, strict=True)
        },
        enablers=framework.enabler_ids,
        bands=tuple(float(band.start) for band in framework.bands),
        full=float(framework.rules.full_coverage),
        provisional=float(framework.rules.provisional_coverage),
        critical_below=float(framework.rules.critical_below),
        cap=framework.band_positions[framework.rules.critical_cap],
    )


class PlainReport(NamedTuple):
    """What the baseline `all` works out; lists are in the order of the enablers."""

    scores: list[float | None]
    coverages: list[float | None]
    bands: list[int | None]
    percents: list[float | None]
    gaps: list[PlainGap]


def report_all(rule: PlainRule, choices: Mapping[str, str]) -> PlainReport:
    """Work out every number of the report in floats."""
    weighted = dict.fromkeys(rule.enablers, 0.0)
    scored = dict.fromkeys(rule.enablers, 0.0)
    applicable = dict.fromkeys(rule.enablers, 0.0)
    missing = dict.fromkeys(rule.enablers, 0.0)
    aims = dict.fromkeys(rule.enablers, 0.0)
    capped = set()
    gaps = []
    for position, (name, question) in enumerate(rule.questions.items()):
        choice = choices.get(name)
        if choice == NOT_APPLICABLE:
            continue
        enabler, weight = question.enabler, question.weight
        applicable[enabler] += weight
        if choice is None or choice == DONT_KNOW:
            continue
        score = question.scores[choice]
        scored[enabler] += weight
        weighted[enabler] += weight * score
        aims[enabler] += weight * question.target
        if question.critical and score < rule.critical_below:
            capped.add(enabler)
        if score < question.target:
            gap = weight * (question.target - score)
            missing[enabler] += gap
            gaps.append((-gap, not question.critical, position, name))
    gaps.sort()

    scores: list[float | None] = []
    coverages: list[float | None] = []
    bands: list[int | None] = []
    percents: list[float | None] = []
    for enabler in rule.enablers:
        coverage = 100 * scored[enabler] / applicable[enabler] if applicable[enabler] else None
        coverages.append(coverage)
        if coverage is None or coverage < rule.provisional or not scored[enabler]:
            scores.append(None)
            bands.append(None)
            percents.append(None)
            continue
        value = weighted[enabler] / scored[enabler]
        band = max(place for place, start in enumerate(rule.bands) if start <= value)
        scores.append(value)
        bands.append(min(band, rule.cap) if enabler in capped else band)
        percents.append(100 * (1 - missing[enabler] / aims[enabler]) if aims[enabler] else None)
    return PlainReport(scores, coverages, bands, percents, gaps)


def report_lean(rule: PlainRule, choices: Mapping[str, str]) -> tuple[dict[str, float], list[PlainGap]]:
    """Work out scores, gaps and their order in floats, and nothing else."""
    weighted = dict.fromkeys(rule.enablers, 0.0)
    scored = dict.fromkeys(rule.enablers, 0.0)
    gaps = []
    for position, (name, question) in enumerate(rule.questions.items()):
        score = question.scores.get(choices[name])
        if score is not None:
            weighted[question.enabler] += question.weight * score
            scored[question.enabler] += question.weight
            if score < question.target:
                gaps.append((-question.weight * (question.target - score), not question.critical, position, name))
    gaps.sort()
    return {enabler: weighted[enabler] / scored[enabler] for enabler in rule.enablers}, gaps


def check_same_numbers(questionnaire: Questionnaire, answers: Mapping[str, Answer], plain: PlainRule) -> None:
    """Refuse to compare with a baseline that works out something else."""
    report = make_gap_report(questionnaire, answers)
    floats = report_all(plain, {question: answer.choice for question, answer in answers.items()})
    enablers = report.scores.enablers
    same = [
        [None if enabler.band is None else enabler.band.id for enabler in enablers]
        == [None if band is None else questionnaire.framework.bands[band].id for band in floats.bands],
        [gap.question.id for gap in report.gaps] == [gap[-1] for gap in floats.gaps],
        _near([enabler.score for enabler in enablers], floats.scores),
        _near([enabler.coverage for enabler in enablers], floats.coverages),
        _near([report.percent_to_target[enabler.enabler.id] for enabler in enablers], floats.percents),
    ]
    if not all(same):
        raise SystemExit("The floats and the report differ, so their times cannot be compared")


def _near(exact: Sequence[Fraction | None], floats: Sequence[float | None]) -> bool:
    return all(
        a == b if a is None or b is None else isclose(a, b, abs_tol=1e-9) for a, b in zip(exact, floats, strict=True)
    )


if __name__ == "__main__":
    run()
