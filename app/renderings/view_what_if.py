"""What if: which questions to raise by one level, what that closes, and how it was worked out, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.domain.gaps import Gap, GapReport
from app.domain.scoring import ZERO, EnablerScore
from app.domain.what_if import USUAL_EFFORT, Choice, Raise, find_total_gap, score_raised
from app.renderings.numbers import bare, in_full, pencil, pencil_all, shown
from app.renderings.shapes import Rung
from app.renderings.view_gaps import enabler_title, find_rungs
from app.renderings.view_profile import describe_standing
from app.renderings.words import one_line
from app.renderings.working import Column, Step, Table, Working, equals

AGREED_LEVEL: Final = "The partnership, as agreed"
MEANS: Final = "every organisation that chose a level goes up to the next one, and those at the top stay"


@dataclass(frozen=True, slots=True)
class RaiseView:
    """A question that could be raised, in words."""

    id: str
    """Of the question."""
    question: str
    enabler: str
    now: str
    then: str
    target: str
    gain: str
    effort: str
    chosen: bool
    standing: str
    """From where to where, as a sentence."""
    next: Rung | None
    """What the next level up looks like."""
    working: Working


@dataclass(frozen=True, slots=True)
class WhatIfView:
    """The questions to raise within an effort, and all there was to choose from."""

    summary: str
    """What to raise and what it closes, or why there is nothing to raise."""
    chosen: tuple[RaiseView, ...]
    """What closes most first."""
    sum_up: Working | None
    """How the total was worked out; `None` where nothing is chosen."""
    profile: Table | None
    """The enablers before and after; `None` where nothing is chosen."""
    candidates: Table | None
    """All that would close something, what closes most first; `None` where there is nothing."""


def make_what_if_view(
    report: GapReport,
    raises: Sequence[Raise],
    choice: Choice,
    *,
    budget: int,
    efforts: Mapping[str, int],
    names: Sequence[str],
) -> WhatIfView:
    """Put a choice into words. `names` are those of the organisations, in the order of the votes."""
    chosen = {each.question.id for each in choice.raises}
    views = tuple(
        _make_raise(report, each, efforts.get(each.question.id, USUAL_EFFORT), names, chosen=each.question.id in chosen)
        for each in sorted(raises, key=lambda each: -each.gain)  # equal ones stay in questionnaire order
    )
    return WhatIfView(
        summary=_sum_up(report, raises, choice, budget, efforts),
        chosen=tuple(view for view in views if view.chosen),
        sum_up=_add_up(report, choice, budget) if chosen else None,
        profile=_make_profile(report, choice) if chosen else None,
        candidates=_make_candidates(views) if views else None,
    )


def _sum_up(report: GapReport, raises: Sequence[Raise], choice: Choice, budget: int, efforts: Mapping[str, int]) -> str:
    total = find_total_gap(report)
    if not raises:
        if total:
            return "Raising any one question by one level would close none of the weighted gap."
        return "There is no weighted gap: every question with a score and a weight is at or above its target."
    if not choice.raises:
        least = min(efforts.get(each.question.id, USUAL_EFFORT) for each in raises)
        return f"No question can be raised with an effort of {budget}: the least that any of them takes is {least}."
    number = len(choice.raises)
    which = "this question" if number == 1 else f"these {number} questions"
    return (
        f"Raise {which} by one level. That takes an effort of {choice.effort} out of {budget}, and closes "
        f"{shown(choice.gain)} of {shown(total)} points of weighted gap."
    )


def _make_raise(report: GapReport, each: Raise, effort: int, names: Sequence[str], *, chosen: bool) -> RaiseView:
    question = each.question
    _, following = find_rungs(report.questionnaire, question, each.now.score)
    before, after = shown(each.now.score), shown(each.then.score)
    return RaiseView(
        id=question.id,
        question=one_line(question.text),
        enabler=enabler_title(report.questionnaire, question),
        now=before,
        then=after,
        target=shown(each.now.target),
        gain=shown(each.gain),
        effort=str(effort),
        chosen=chosen,
        standing=f"From {before} to {after}, with a target of {shown(each.now.target)}. With its weight of "
        f"{in_full(question.weight)} that closes {shown(each.gain)}, for an effort of {effort}.",
        next=Rung(one_line(following.label), one_line(question.descriptors[following.id])) if following else None,
        working=Working(
            f"working-{question.id}",
            one_line(question.text),
            (_show_raise(report, each, names), _show_gaps(each), _show_gain(each)),
        ),
    )


def _show_raise(report: GapReport, each: Raise, names: Sequence[str]) -> Step:
    scores = report.questionnaire.scale_of(each.question).scores
    table = Table(
        caption="Each level, and one level up",
        columns=(
            Column("Organisation"),
            Column("Now"),
            Column("Score", numeric=True),
            Column("One level up"),
            Column("Score then", numeric=True),
        ),
        rows=tuple(
            (
                AGREED_LEVEL if move.vote is None else one_line(names[move.vote]),
                one_line(move.before.label),
                pencil(scores[move.before.id]),
                "Stays: it is the top" if move.before == move.after else one_line(move.after.label),
                pencil(scores[move.after.id]),
            )
            for move in each.moves
        ),
    )
    if len(each.moves) == 1:
        return Step("One level up", (f"The score then {equals(each.then.score)}",), table)
    lines = tuple(
        f"{label}: {_mean_of([scores[level] for level in levels], mean)}"
        for label, levels, mean in (
            ("Score now", [move.before.id for move in each.moves], each.now.score),
            ("Score then", [move.after.id for move in each.moves], each.then.score),
        )
    )
    return Step("One level up", lines, table)


def _mean_of(numbers: Sequence[Fraction], mean: Fraction) -> str:
    written = pencil_all(numbers, lambda rows: shown(sum(rows, ZERO) / len(rows)) == shown(mean))
    return f"({' + '.join(map(bare, written))}) ÷ {len(numbers)} {equals(mean)}"


def _show_gaps(each: Raise) -> Step:
    return Step("Gap", (f"Gap now: {_show_gap(each.now)}", f"Gap then: {_show_gap(each.then)}"))


def _show_gap(gap: Gap) -> str:
    if not gap.gap:
        return f"none, the score is {'above' if gap.difference else 'at'} the target."
    written = pencil_all([gap.target, gap.score], lambda pair: _alike(pair[0] - pair[1], gap.gap))
    return f"target − score: {bare(written[0])} − {bare(written[1])} {equals(gap.gap)}"


def _show_gain(each: Raise) -> Step:
    weight = each.question.weight
    before, after = map(
        bare,
        pencil_all([each.now.gap, each.then.gap], lambda pair: _alike(weight * (pair[0] - pair[1]), each.gain)),
    )
    return Step(
        "Closes", (f"Weight × (gap now − gap then): {in_full(weight)} × ({before} − {after}) {equals(each.gain)}",)
    )


def _alike(written: Fraction, exact: Fraction) -> bool:
    return shown(written) == shown(exact)


def _add_up(report: GapReport, choice: Choice, budget: int) -> Working:
    gains = sorted((each.gain for each in choice.raises), reverse=True)
    written = pencil_all(gains, lambda rows: _alike(sum(rows, ZERO), choice.gain))
    return Working(
        "sum-up",
        "Together",
        (
            Step("Closes", (f"{' + '.join(map(bare, written))} {equals(choice.gain)}",)),
            Step("Why these", (f"No other set of these questions closes more within an effort of {budget}.",)),
            _show_total(report, choice),
        ),
    )


def _show_total(report: GapReport, choice: Choice) -> Step:
    total = find_total_gap(report)
    left = total - choice.gain
    written = pencil_all([gap.priority for gap in report.gaps], lambda rows: _alike(sum(rows, ZERO), total))
    table = Table(
        caption="Every gap, times the weight",
        columns=(
            Column("Question"),
            Column("Weight", numeric=True),
            Column("Gap", numeric=True),
            Column("Weight × gap", numeric=True),
        ),
        rows=tuple(
            (one_line(gap.question.text), in_full(gap.question.weight), pencil(gap.gap), priority)
            for gap, priority in zip(report.gaps, written, strict=True)
        ),
        total=("Added up", "", "", pencil(total, lambda number: _alike(number, total))),
    )
    return Step("Weighted gap", (f"Added up {equals(total)}", f"What would be left {equals(left)}"), table)


def _make_candidates(views: Sequence[RaiseView]) -> Table:
    return Table(
        caption="All questions to choose from",
        columns=(
            Column("Question"),
            Column("Enabler"),
            Column("Score now", numeric=True),
            Column("One level up", numeric=True),
            Column("Target", numeric=True),
            Column("Closes", numeric=True),
            Column("Effort", numeric=True),
            Column("Chosen"),
        ),
        rows=tuple(
            (
                view.question,
                view.enabler,
                view.now,
                view.then,
                view.target,
                view.gain,
                view.effort,
                "Yes" if view.chosen else "No",
            )
            for view in views
        ),
    )


def _make_profile(report: GapReport, choice: Choice) -> Table:
    after = score_raised(report, choice.raises).enablers
    return Table(
        caption="The enablers, if these questions were raised",
        columns=(
            Column("Enabler"),
            Column("Score now", numeric=True),
            Column("Score then", numeric=True),
            Column("Band now"),
            Column("Band then"),
        ),
        rows=tuple(
            (
                one_line(now.enabler.title),
                _score(now),
                _score(then),
                describe_standing(report, now),
                describe_standing(report, then),
            )
            for now, then in zip(report.scores.enablers, after, strict=True)
        ),
    )


def _score(enabler: EnablerScore) -> str:
    return "No score" if enabler.score is None else shown(enabler.score)


def make_rules(*, partnership: bool) -> tuple[str, ...]:
    """Say what raising and effort mean, and what is chosen."""
    raising = (
        f"To raise a question by one level means that {MEANS}.",
        "Where a level was agreed, the next level takes its place.",
    )
    effort = f"Effort is your own estimate: 1 for little, 5 for a great deal, {USUAL_EFFORT} where you have not chosen."
    return (
        *(raising if partnership else ()),
        f"{effort} Nothing you enter here is stored.",
        "A question closes its weight × (gap now − gap one level up). What goes above a target closes nothing.",
        "The set that closes most within the effort is found exactly, not guessed.",
        "Of sets that close as much it is the one that takes least effort, then the one of fewest questions.",
        "If there are still several, it is the one whose questions come first in the questionnaire.",
        "Questions that a higher level would open are left out, as nobody has answered them.",
    )
