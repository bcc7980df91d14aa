"""A partnership over its rounds in words: a round beside each earlier one, like for like."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.domain.change import (
    LITTLE,
    Change,
    EnablerChange,
    PartnershipChange,
    QuestionChange,
    Standing,
    Verdict,
    compare_in_turn,
    compare_partnerships,
)
from app.domain.gaps import GapReport
from app.domain.partnership_report import PartnershipReport
from app.domain.scoring import EnablerScore
from app.domain.times import date_words
from app.renderings.numbers import in_full, shown
from app.renderings.shapes_change import ChangeView, ComparisonView, QuestionGroup
from app.renderings.view_change_rows import NOTHING, VERDICT_WORDS, describe_progress, make_row, make_table, signed
from app.renderings.view_change_who import describe_same, describe_shows, describe_who
from app.renderings.view_profile import make_bands
from app.renderings.words import count, join, one_line
from app.renderings.working import STATE_WORDS, Column, Table

AGREED_MARK: Final = " (agreed)"


def make_change_view(
    current: PartnershipReport, earlier: Sequence[PartnershipReport], *, settled: bool = False
) -> ChangeView:
    """Put a round beside each earlier one, given the newest first: as each organisation answered, or as they agreed."""
    current, *earlier = _tell_apart([current, *earlier])
    return ChangeView(
        comparisons=tuple(
            _make_comparison(compare_partnerships(then, current, settled=settled), number, settled=settled)
            for number, then in enumerate(earlier, start=1)
        ),
        trail=_make_trail([*reversed(earlier), current], settled=settled) if len(earlier) > 1 else None,
        bands=make_bands(current.questionnaire.framework),
        rules=_make_rules(),
    )


def _tell_apart(rounds: Sequence[PartnershipReport]) -> list[PartnershipReport]:
    """Add the day they opened to the names of rounds that share one."""
    names = [each.together.round for each in rounds]
    return [
        replace(
            each,
            together=replace(each.together, round=f"{each.together.round}, from {date_words(each.together.opens_at)}"),
        )
        if names.count(each.together.round) > 1
        else each
        for each in rounds
    ]


def _make_comparison(change: PartnershipChange, number: int, *, settled: bool) -> ComparisonView:
    then, now = one_line(change.baseline.together.round), one_line(change.current.together.round)
    rows = tuple(make_row(each, f"{number}-{each.enabler.id}") for each in change.whole.enablers)
    return ComparisonView(
        id=f"beside-{number}",
        heading=f"{now} beside {then}",
        then=then,
        now=now,
        shows=describe_shows(change, settled=settled),
        lead=_make_lead(change.whole),
        who=describe_who(change),
        rows=rows,
        table=make_table(rows, then, now, "The same numbers as a table"),
        same=describe_same(
            change,
            make_table(
                tuple(make_row(each, "") for each in change.same.enablers), then, now, "The same organisations alone"
            )
            if change.same
            else None,
        ),
        questions=_make_questions(change, settled=settled),
        not_compared=_make_not_compared(change.whole, then),
    )


def _make_lead(change: Change) -> tuple[str, ...]:
    lines = []
    for verdict, words in ((Verdict.RISEN, "has risen"), (Verdict.FALLEN, "has fallen")):
        lines += [
            f"{one_line(each.enabler.title)} {words} by {shown(abs(each.course.change))} points, "
            f"from {shown(each.course.before)} to {shown(each.course.after)}."
            for each in change.enablers
            if each.course and each.course.verdict is verdict
        ]
    little = [
        one_line(each.enabler.title)
        for each in change.enablers
        if each.course and each.course.verdict is Verdict.TOO_LITTLE
    ]
    nothing = [one_line(each.enabler.title) for each in change.enablers if each.course is None]
    lines += [f"Too little to call, with a change of less than {LITTLE} points: {join(little)}."] * bool(little)
    lines += [f"There is nothing to compare on {join(nothing)}."] * bool(nothing)
    compared, asked = sum(each.course is not None for each in change.questions), len(change.questions)
    lines.append(f"{compared} of {count(asked, 'question')} can be compared.")
    return tuple(lines)


# ---- Questions -------------------------------------------------------------------------------------------------------


def _make_questions(change: PartnershipChange, *, settled: bool) -> tuple[QuestionGroup, ...]:
    then, now = change.baseline.together, change.current.together
    agreed = (then.agreed_levels.keys(), now.agreed_levels.keys()) if settled else ((), ())
    columns = (
        Column("Question"),
        Column("Weight", numeric=True),
        Column(one_line(then.round), numeric=True),
        Column(one_line(now.round), numeric=True),
        Column("Change", numeric=True),
        Column("What it amounts to"),
        Column("Target", numeric=True),
        Column("Way to target made", numeric=True),
    )
    return tuple(
        QuestionGroup(
            title=one_line(enabler.enabler.title),
            table=Table(
                caption=f"{one_line(enabler.enabler.title)}, question by question",
                columns=columns,
                rows=tuple(
                    (
                        one_line(each.question.text),
                        in_full(each.question.weight),
                        shown(course.before) + AGREED_MARK * (each.question.id in agreed[0]),
                        shown(course.after) + AGREED_MARK * (each.question.id in agreed[1]),
                        signed(course.change),
                        VERDICT_WORDS[course.verdict],
                        shown(course.target),
                        describe_progress(course),
                    )
                    for each in enabler.compared
                    if (course := each.course)
                ),
            ),
        )
        for enabler in change.whole.enablers
        if enabler.compared
    )


def _make_not_compared(change: Change, then: str) -> Table | None:
    states_then = _name_states(change.baseline)
    states_now = _name_states(change.current)
    rows = [
        (
            one_line(each.question.text),
            one_line(enabler.enabler.title),
            _say_why(each, then, states_then.get(each.question.id, ""), states_now[each.question.id]),
        )
        for enabler in change.enablers
        for each in enabler.questions
        if each.course is None
    ]
    titles = {enabler.id: one_line(enabler.title) for enabler in change.baseline.questionnaire.framework.enablers}
    sections = change.baseline.questionnaire.section_of
    rows += [
        (one_line(question.text), titles[sections[question.id].enabler], f"Asked in {then} and no more")
        for question in change.dropped
    ]
    if not rows:
        return None
    columns = (Column("Question"), Column("Enabler"), Column("Why"))
    return Table(caption="Questions that cannot be compared", columns=columns, rows=tuple(rows))


def _name_states(report: GapReport) -> dict[str, str]:
    """Give question id -> what became of it, for the middle of a sentence."""
    words = {scored.question.id: STATE_WORDS[scored.state] for scored in report.scores.questions}
    return {question: text[:1].lower() + text[1:] for question, text in words.items()}


def _say_why(change: QuestionChange, then: str, state_then: str, state_now: str) -> str:
    match change.standing:
        case Standing.NEW:
            return f"Not asked in {then}"
        case Standing.OTHER_MEANING:
            return f"It means something else than in {then}"
        case Standing.NO_SCORE_THEN:
            return f"No score in {then}: {state_then}"
        case Standing.NO_SCORE_NOW:
            return f"No score now: {state_now}"
        case _:
            return f"No score in {then}: {state_then}. No score now: {state_now}"


# ---- All rounds ------------------------------------------------------------------------------------------------------


def _make_trail(rounds: Sequence[PartnershipReport], *, settled: bool) -> Table:
    """Make the table of each enabler over all rounds, the oldest first; each step is like for like."""
    reports = [each.settled if settled else each.individual for each in rounds]
    steps = compare_in_turn(reports)
    columns = [Column("Enabler"), Column(one_line(rounds[0].together.round), numeric=True)]
    for each in rounds[1:]:
        columns += [Column("Change", numeric=True), Column(one_line(each.together.round), numeric=True)]
    by_id = [{each.enabler.id: each for each in report.scores.enablers} for report in reports]
    changes = [{each.enabler.id: each for each in step.enablers} for step in steps]
    rows = []
    for enabler in rounds[-1].questionnaire.framework.enablers:
        row = [one_line(enabler.title), _score(by_id[0].get(enabler.id))]
        for scores, change in zip(by_id[1:], changes, strict=True):
            row += [_step(change.get(enabler.id)), _score(scores.get(enabler.id))]
        rows.append(tuple(row))
    return Table(caption="Every round, with the change from one to the next", columns=tuple(columns), rows=tuple(rows))


def _score(enabler: EnablerScore | None) -> str:
    return "No score" if enabler is None or enabler.score is None else shown(enabler.score)


def _step(change: EnablerChange | None) -> str:
    if change is None or change.course is None:
        return NOTHING
    course = change.course
    if course.verdict is Verdict.TOO_LITTLE:
        return f"{VERDICT_WORDS[course.verdict]} ({signed(course.change)})"
    return signed(course.change)


def _make_rules() -> tuple[str, ...]:
    return (
        "A question is compared if it means the same in both rounds, and has a score in both.",
        "An enabler is compared over those questions alone, with the weights and targets of the later round.",
        "So its two scores may differ from those in the reports of the two rounds.",
        f"A change of less than {LITTLE} points is too little to call. It may come from who answered, or how.",
        "The way to target made is (score now − score then) ÷ (target − score then): 100% is all of it.",
        "A question’s score is the mean of the organisations that chose a level in that round.",
    )
