"""Scores and targets -> gaps in order of priority -> the gap report, the one object that every surface renders."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.assessment import Answers
from app.domain.exact import over_common_denominator, percentage
from app.domain.questionnaire import Enabler, Question, Questionnaire
from app.domain.scoring import ZERO, QuestionScore, Scores, score


@dataclass(frozen=True, slots=True)
class Gap:
    """One scored question beside its target, in points of the 0 to 100 scale."""

    scored: QuestionScore
    score: Fraction
    target: Fraction
    difference: Fraction
    """score − target: below zero under the target."""
    gap: Fraction
    """max(target − score, 0)."""
    priority: Fraction
    """weight × gap."""

    @property
    def question(self) -> Question:
        """The question."""
        return self.scored.question


def set_against(scored: QuestionScore, score: Fraction, target: Fraction) -> Gap:
    """Set one score against its target: the question's own, or the one it would have."""
    difference = score - target
    gap = max(-difference, ZERO)
    return Gap(scored, score, target, difference, gap, scored.question.weight * gap)


@dataclass(frozen=True, slots=True)
class GapReport:
    """Where one organisation, or one partnership, stands and what is missing. Every number in it is exact."""

    scores: Scores
    gaps: tuple[Gap, ...]
    """Questions under their target, first things first."""
    met: tuple[Gap, ...]
    """Scored questions at or above their target, in questionnaire order: strengths, shown and never offset."""
    percent_to_target: Mapping[str, Fraction | None]
    """Enabler id -> per cent of the way to its targets; `None` without a score or where the targets are all zero."""
    weakest: Enabler | None
    """The enabler with the lowest score; ties go by the order of sections. `None` where nothing has a score."""
    organisations: int
    """How many organisations it speaks for: one, or those of a partnership."""
    targets: tuple[Fraction, ...] | None = None
    """What it was measured against, one a question; `None` where the questionnaire's own targets hold."""

    @property
    def questionnaire(self) -> Questionnaire:
        """The questionnaire it was made with."""
        return self.scores.questionnaire


def make_gap_report(
    questionnaire: Questionnaire, answers: Answers, *, targets: Sequence[Fraction] | None = None
) -> GapReport:
    """Score one organisation's answers and report its gaps to the questionnaire's own targets, or to those given."""
    return report_gaps(score(questionnaire, answers), targets)


def report_gaps(scores: Scores, targets: Sequence[Fraction] | None = None, organisations: int = 1) -> GapReport:
    """Put scores beside targets, one a question in questionnaire order. Without `targets` the questionnaire's own hold.

    Gaps are ordered by priority, then critical first, then contested first, then questionnaire order.
    """
    questionnaire = scores.questionnaire
    aims = questionnaire.targets if targets is None else over_common_denominator(targets)
    under: list[tuple[int, bool, bool, int, Gap]] = []
    met: list[Gap] = []
    weighted_gaps = dict.fromkeys(questionnaire.framework.enabler_ids, 0)
    weighted_targets = dict.fromkeys(questionnaire.framework.enabler_ids, 0)
    differences = _Parts(scores.values.denominator * aims.denominator)
    priorities = _Parts(differences.denominator * questionnaire.weights.denominator)
    for position, (question, enabler, weight, value, target, exact_target) in enumerate(
        zip(
            scores.questions,
            questionnaire.enablers_asked,
            questionnaire.weights.whole,
            scores.values.whole,
            aims.whole,
            aims.exact,
            strict=True,
        )
    ):
        if question.score is None:
            continue
        missing = target * scores.values.denominator - value * aims.denominator
        lacking = max(missing, 0)
        gap = Gap(
            question,
            question.score,
            exact_target,
            difference=differences[-missing],
            gap=differences[lacking],
            priority=priorities[weight * lacking],
        )
        weighted_targets[enabler] += weight * target * scores.values.denominator
        if missing > 0:
            weighted_gaps[enabler] += weight * missing
            under.append((-weight * missing, not question.question.critical, not question.contested, position, gap))
        else:
            met.append(gap)
    return GapReport(
        scores=scores,
        gaps=tuple(entry[-1] for entry in sorted(under)),
        met=tuple(met),
        percent_to_target={
            enabler.enabler.id: None
            if enabler.score is None
            else _percent_to_target(weighted_gaps[enabler.enabler.id], weighted_targets[enabler.enabler.id])
            for enabler in scores.enablers
        },
        weakest=find_weakest(scores),
        organisations=organisations,
        targets=None if targets is None else tuple(targets),
    )


class _Parts(dict[int, Fraction]):
    """How many parts of one denominator -> the fraction, made when it is first asked for: most come up often."""

    def __init__(self, denominator: int) -> None:
        super().__init__()
        self.denominator = denominator

    def __missing__(self, parts: int) -> Fraction:
        made = self[parts] = Fraction(parts, self.denominator)
        return made


def _percent_to_target(weighted_gaps: int, weighted_targets: int) -> Fraction | None:
    """Give 100 × (1 − Σ(weight × gap) / Σ(weight × target))."""
    return percentage(weighted_targets - weighted_gaps, weighted_targets)


def find_weakest(scores: Scores) -> Enabler | None:
    """Give the enabler with the lowest score; ties go by the order of sections."""
    by_id = {enabler.enabler.id: enabler for enabler in scores.enablers}
    in_section_order = dict.fromkeys(section.enabler for section in scores.questionnaire.sections)
    scored = [
        (enabler.score, enabler.enabler)
        for enabler in map(by_id.__getitem__, in_section_order)
        if enabler.score is not None
    ]
    return min(scored, key=lambda pair: pair[0])[1] if scored else None
