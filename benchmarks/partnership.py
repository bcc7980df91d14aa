"""What the report of a partnership costs: 12 organisations × 30 questions, against the same numbers in plain floats.

The baseline works out each organisation's question scores, means, average deviations and states, the enablers with
coverage and don't-know share, bands with their cap, percent to target, gaps and their order; no result objects, no
conditions and nothing exact. The rounds take turns in one run.
"""

from collections.abc import Mapping, Sequence
from math import isclose
from pathlib import Path
from statistics import median
from typing import Final

from app.catalogue import load
from app.domain.assessment import Answer
from app.domain.partnership import contested_bound, make_partnership_report
from app.domain.questionnaire import DONT_KNOW, Questionnaire
from benchmarks.scoring import PlainRule, make_plain, measure

MOST: Final = 20
ORGANISATIONS: Final = 12
LEVELS: Final = 5
FEWEST: Final = 2

Sheets = Sequence[Mapping[str, str]]


def run() -> None:
    questionnaire = load(Path(__file__).parents[1] / "questionnaires").get("local-partners", 1)
    organisations = {f"Organisation {place}": make_answers(questionnaire, place) for place in range(ORGANISATIONS)}
    sheets = [{question: answer.choice for question, answer in given.items()} for given in organisations.values()]
    plain = make_plain(questionnaire)
    check_same_numbers(questionnaire, organisations, plain, sheets)
    exact, floats = measure(
        lambda: make_partnership_report(questionnaire, organisations), lambda: report_plain(plain, sheets)
    )
    ratio = median(a / b for a, b in zip(exact, floats, strict=True))
    print(f"{ORGANISATIONS} organisations, exact with result objects: {median(exact):.0f} µs")
    print(f"the same numbers in plain floats: {median(floats):.0f} µs, ratio {ratio:.1f}, at most {MOST}")
    if ratio > MOST:
        raise SystemExit(f"The ratio {ratio:.1f} is over {MOST}")


def make_answers(questionnaire: Questionnaire, shift: int) -> dict[str, Answer]:
    """Answer every question with a level or don't know, each organisation otherwise."""
    answers = {}
    for place, question in enumerate(questionnaire.questions):
        levels = questionnaire.scale_of(question).levels
        chosen = (place * (shift + 1) + 3 * shift) % (2 * len(levels) + 1)
        answers[question.id] = Answer(levels[chosen // 2].id if chosen < 2 * len(levels) else DONT_KNOW)
    return answers


def report_plain(plain: PlainRule, sheets: Sheets) -> tuple[dict[str, float | None], dict[str, tuple[float, float]]]:
    """Give enabler -> score, and question -> mean and average deviation; all else is worked out and left."""
    questions: dict[str, tuple[float, float]] = {}
    contested: set[str] = set()
    weighted, scored, applicable = (dict.fromkeys(plain.enablers, 0.0) for _ in range(3))
    unknown, asked, toward, aimed = (dict.fromkeys(plain.enablers, 0.0) for _ in range(4))
    capped: set[str] = set()
    gaps: list[tuple[float, bool, bool, int]] = []
    bound = float(contested_bound(LEVELS))
    for place, (name, question) in enumerate(plain.questions.items()):
        given = [sheet[name] for sheet in sheets]
        scores = [question.scores[choice] for choice in given if choice != DONT_KNOW]
        enabler, weight = question.enabler, question.weight
        applicable[enabler] += weight
        asked[enabler] += weight * len(given)
        unknown[enabler] += weight * (len(given) - len(scores))
        if len(scores) < FEWEST:
            continue
        mean = sum(scores) / len(scores)
        deviation = sum(abs(score - mean) for score in scores) / len(scores)
        questions[name] = mean, deviation
        if deviation >= bound:
            contested.add(name)
        weighted[enabler] += weight * mean
        scored[enabler] += weight
        if question.critical and mean < plain.critical_below:
            capped.add(enabler)
        gap = max(question.target - mean, 0.0)
        toward[enabler] += weight * gap
        aimed[enabler] += weight * question.target
        if gap > 0:
            gaps.append((-weight * gap, not question.critical, name not in contested, place))
    gaps.sort()
    enablers: dict[str, float | None] = {}
    for enabler in plain.enablers:
        coverage = 100 * scored[enabler] / applicable[enabler] if applicable[enabler] else 0.0
        enablers[enabler] = weighted[enabler] / scored[enabler] if coverage >= plain.provisional else None
        value = enablers[enabler]
        if value is not None:
            band = sum(value >= start for start in plain.bands) - 1
            _ = min(band, plain.cap) if enabler in capped else band
        _ = 100 * unknown[enabler] / asked[enabler] if asked[enabler] else None
        _ = 100 * (1 - toward[enabler] / aimed[enabler]) if aimed[enabler] else None
    return enablers, questions


def check_same_numbers(
    questionnaire: Questionnaire,
    organisations: Mapping[str, Mapping[str, Answer]],
    plain: PlainRule,
    sheets: Sheets,
) -> None:
    """Stop where the two do not work out the same: a baseline that does less proves nothing."""
    report = make_partnership_report(questionnaire, organisations)
    enablers, questions = report_plain(plain, sheets)
    for enabler in report.scores.enablers:
        value = enablers[enabler.enabler.id]
        if (enabler.score is None) != (value is None) or not isclose(float(enabler.score or 0), value or 0):
            raise SystemExit(f"{enabler.enabler.id}: {enabler.score} and {value}")
    for question in report.scores.questions:
        mean, deviation = questions[question.question.id]
        if not isclose(float(question.score or 0), mean) or not isclose(
            float(question.average_deviation or 0), deviation
        ):
            raise SystemExit(f"{question.question.id}: {question.score} and {mean}")


if __name__ == "__main__":
    run()
