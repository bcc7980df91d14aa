"""How many had been submitted by the end of each day, drawn as a line from the opening to the close."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final

from app.domain.progress import DayCount
from app.domain.times import day_words
from app.domain.uk_time import today
from app.renderings.numbers import as_digits
from app.renderings.words import count
from app.renderings.working import Column, Table
from app.web.central.progress_pages import Course

SHEET: Final = 100
"""The line is drawn on a sheet of this width and height."""


def make_course(days: Sequence[DayCount], assessments: int, closes_at: datetime, now: datetime) -> Course | None:
    """Draw the days of a round among so many assessments; `None` where there are no days yet."""
    if not days:
        return None
    first, last = days[0], days[-1]
    end = max(today(closes_at), last.day)
    length = (end - first.day).days or 1
    height = max(assessments, *(each.submitted for each in days), 1)
    places = [
        (
            as_digits(Fraction(SHEET * (each.day - first.day).days, length)),
            as_digits(SHEET - Fraction(SHEET * each.submitted, height)),
        )
        for each in days
    ]
    x, y = places[-1]
    of_all = f"{last.submitted} of {count(assessments, 'assessment')}"
    is_today = last.day == today(now)
    return Course(
        statement=f"{of_all} {'has' if last.submitted == 1 else 'have'} been submitted so far."
        if is_today
        else f"{of_all} had been submitted by the end of {day_words(last.day)}.",
        top=count(height, "assessment"),
        begins=day_words(first.day),
        ends=day_words(end),
        points=" ".join(f"{across},{down}" for across, down in places),
        x=x,
        y=y,
        table=Table(
            caption="The same numbers as a table",
            columns=(Column("By the end of"), Column("Submitted", numeric=True)),
            rows=tuple(
                (f"{day_words(each.day)}{', so far' if each.day == today(now) else ''}", str(each.submitted))
                for each in days
            ),
        ),
    )
