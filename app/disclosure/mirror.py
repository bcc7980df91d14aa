"""The mirror of a release: what of the departments’ own answers may stand beside what places say.

The unit is the department, and every question a problem of its own, without cuts: from the threshold of their round
on, its count and mean are told, and bands where no band holds everybody. No enabler of theirs is told, so that no
question could be taken from it.

Who is to learn nothing are those outside. Departments of one standing partnership read each other openly, and know so
before they answer: whoever knows all the scores behind a figure has nothing left to learn from it, and is not counted
against the threshold. It is not so with whoever knows some: a department of another standing partnership, one that left
before all had submitted, a person with roles in several. For them those that they do not know must be enough, as
everywhere. A department that has not submitted reads nobody, and is outside.

What an approved release has told of a round of departments stays as it was told, in every release, or the difference
would be known to come from those that have answered since.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple
from uuid import UUID

from app.disclosure.auditor import protect
from app.disclosure.figures import publish
from app.disclosure.problem import WHOLE, Cell, Detail, Problem, Reason, Rules, Unit
from app.disclosure.units import make_unit
from app.domain.aggregate import Measure, MeasureKind
from app.domain.questionnaire import Framework
from app.domain.releases import EVERYBODY, CellFigures, DepartmentScores, MirrorFigures, MirrorRow, Table


@dataclass(frozen=True, slots=True)
class MirrorPlan:
    """What a mirror is to be made of."""

    wanted: MirrorFigures
    """Its round and pairs; what they hold of figures is not looked at."""
    framework: Framework
    departments: tuple[DepartmentScores, ...]
    insiders: tuple[frozenset[Hashable], ...]
    """The partnerships that somebody knows, standing ones among them."""
    told: Mapping[str, CellFigures | None] = field(default_factory=dict)
    """Question of the departments -> what an approved release told of the same round; `None` for nothing."""


class MirrorWithheld(NamedTuple):
    """A question of which nothing, or less than its count allows, is told of departments, for the administrator."""

    question: str
    departments: int
    """With a score."""
    detail: Detail
    reason: Reason


def fill_mirror(plan: MirrorPlan, tables: Mapping[Measure, Table]) -> tuple[MirrorFigures, tuple[MirrorWithheld, ...]]:
    """Decide and round the departments’ side, and set what the release tells of all partnerships beside it."""
    rows: list[MirrorRow] = []
    withheld: dict[str, MirrorWithheld] = {}
    for row in plan.wanted.rows:
        if row.departments in plan.told:
            said = plan.told[row.departments]
        else:
            said, why = _decide(plan, row.departments)
            withheld |= {each.question: each for each in why}
        table = tables.get(Measure(MeasureKind.QUESTION, row.local))
        places = None if table is None else table.cells.get(EVERYBODY)
        rows.append(replace(row, places_say=places, departments_say=said))
    return replace(plan.wanted, rows=tuple(rows)), tuple(withheld.values())


def _decide(plan: MirrorPlan, question: str) -> tuple[CellFigures | None, tuple[MirrorWithheld, ...]]:
    """Decide what is told of one question, and say why not more."""
    units = _list_units(plan, question)
    if not units:
        return None, ()
    problem = Problem(
        rules=Rules(plan.wanted.threshold),
        units=units,
        cells=(Cell(WHOLE, tuple(range(len(units))), Detail.BANDS),),
        partitions=(),
        insiders=tuple(_list_insiders(plan.departments, plan.insiders, {unit.partnership for unit in units})),
    )
    protection = protect(problem)
    detail = Detail.WITHHELD if protection.remains else protection.details[WHOLE]
    shown = publish([unit.score for unit in units], [unit.band for unit in units], detail, problem.rules)
    reason = protection.reasons.get(WHOLE)
    why = () if reason is None else (MirrorWithheld(question, len(units), detail, reason),)
    return shown, why


def _list_units(plan: MirrorPlan, question: str) -> tuple[Unit, ...]:
    """Give the departments with a score, each once: one of several standing partnerships as it submitted last."""
    newest: dict[UUID, Fraction] = {}
    for each in sorted(plan.departments, key=lambda each: (each.submitted_at, each.partnership)):
        newest.pop(each.department, None)
        if question in each.scores:
            newest[each.department] = each.scores[question]
    return tuple(
        make_unit(plan.framework, department, score, plan.framework.band_of(score).id)
        for department, score in newest.items()
    )


def _list_insiders(
    departments: Sequence[DepartmentScores], partnerships: Iterable[frozenset[Hashable]], everybody: set[Hashable]
) -> Iterable[frozenset[Hashable]]:
    """Give what departments somebody knows who does not know them all."""
    found = [{each.department for each in departments if each.partnership in known} for known in partnerships]
    found += [
        {other.department for other in departments if _has_read(each, other)}
        for each in departments
        if each.left_at is not None
    ]
    return (frozenset(known) for known in found if not everybody <= known)


def _has_read(one: DepartmentScores, other: DepartmentScores) -> bool:
    """Say whether a department that has left had read what another said."""
    return one.partnership == other.partnership and one.left_at is not None and other.submitted_at <= one.left_at
