"""The rows of a comparison: one enabler in two rounds, with signs, verdicts and the way made to the target."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from app.domain.change import Course, EnablerChange, Verdict
from app.renderings.numbers import as_digits, shown, shown_percent
from app.renderings.shapes_change import CourseRow
from app.renderings.words import count, one_line
from app.renderings.working import Column, Table

VERDICT_WORDS: Final = {
    Verdict.RISEN: "Risen",
    Verdict.FALLEN: "Fallen",
    Verdict.TOO_LITTLE: "Too little to call",
}
NOTHING: Final = "Nothing to compare"


def make_row(change: EnablerChange, plot_id: str) -> CourseRow:
    """Make the row of one enabler."""
    course, title = change.course, one_line(change.enabler.title)
    compared = f"{len(change.compared)} of {count(len(change.questions), 'question')}"
    if course is None:
        why = "no question with a weight has a score and the same meaning in both rounds"
        return CourseRow(
            plot_id, title, "", "", "", NOTHING, compared, "", "", "", "", "", f"{title}: nothing to compare, as {why}."
        )
    verdict = VERDICT_WORDS[course.verdict]
    return CourseRow(
        id=plot_id,
        title=title,
        then=shown(course.before),
        now=shown(course.after),
        change=signed(course.change),
        verdict=verdict,
        compared=compared,
        target=shown(course.target),
        progress=describe_progress(course),
        x_then=as_digits(course.before),
        x_now=as_digits(course.after),
        x_target=as_digits(course.target),
        statement=(
            f"{title}: from {shown(course.before)} to {shown(course.after)}, {signed(course.change)} points, "
            f"{verdict.lower()}, over {compared}. The target is {shown(course.target)}."
        ),
    )


def signed(number: Fraction) -> str:
    """Write a change with its sign; one that rounds to nothing has none."""
    text = shown(number)
    return f"+{text}" if number > 0 and text != shown(Fraction(0)) else text


def describe_progress(course: Course) -> str:
    """Say how much of the way to the target was made."""
    if course.before > course.target:
        return "Was above target"
    return "Was at target" if course.progress is None else shown_percent(100 * course.progress)


def make_table(rows: Sequence[CourseRow], then: str, now: str, caption: str) -> Table:
    """Make the table of the enablers."""
    return Table(
        caption=caption,
        columns=(
            Column("Enabler"),
            Column(then, numeric=True),
            Column(now, numeric=True),
            Column("Change", numeric=True),
            Column("What it amounts to"),
            Column("Compared"),
            Column("Target", numeric=True),
            Column("Way to target made", numeric=True),
        ),
        rows=tuple(
            (
                row.title,
                row.then or "–",
                row.now or "–",
                row.change or "–",
                row.verdict,
                row.compared,
                row.target or "–",
                row.progress or "–",
            )
            for row in rows
        ),
    )
