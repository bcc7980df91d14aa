"""The departments’ side of the mirror: what is told of them, to whom nothing may be told, and what stays as it was."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from statistics import mean
from uuid import UUID

import pytest

from app.catalogue import Catalogue
from app.disclosure.mirror import MirrorPlan, fill_mirror
from app.domain.aggregate import Measure, MeasureKind
from app.domain.releases import EVERYBODY, CellFigures, DepartmentScores, MirrorFigures, MirrorRow, Table

CLOSED = datetime(2026, 5, 1, tzinfo=UTC)
STANDING, OTHER = UUID(int=1), UUID(int=2)
PLACES = CellFigures(40, 38, (20, 40, 50), {"emerging": 40})
SPREAD = [20, 30, 40, 50, 60, 70, 80, 90, 25, 35, 45, 55]


def said(
    scores: Sequence[int | None], partnership: UUID = STANDING, first: int = 100, left: Mapping[int, int] | None = None
) -> tuple[DepartmentScores, ...]:
    """Let departments say these scores, one a day; those that left did so after as many days."""
    return tuple(
        DepartmentScores(
            department=UUID(int=first + place),
            partnership=partnership,
            submitted_at=CLOSED + timedelta(days=place),
            left_at=CLOSED + timedelta(days=left[place], hours=1) if left and place in left else None,
            scores={} if score is None else {"grants": Fraction(score)},
        )
        for place, score in enumerate(scores)
    )


def make_plan(
    questionnaires: Catalogue,
    departments: tuple[DepartmentScores, ...],
    insiders: Sequence[frozenset[Hashable]] = (frozenset({STANDING}),),
    told: Mapping[str, CellFigures | None] | None = None,
    threshold: int = 10,
) -> MirrorPlan:
    row = MirrorRow("paying", "Who pays", "money", "grants")
    wanted = MirrorFigures(UUID(int=9), "Departments 2026", CLOSED, "sha256:0", threshold, (row,))
    framework = questionnaires.get("departments").framework
    return MirrorPlan(wanted, framework, departments, tuple(insiders), told or {})


def fill(plan: MirrorPlan) -> CellFigures | None:
    (row,) = fill_mirror(plan, {})[0].rows
    return row.departments_say


def test_what_is_told_is_count_mean_and_bands_and_what_the_release_tells_of_places(questionnaires: Catalogue) -> None:
    plan = make_plan(questionnaires, said([*SPREAD, None]))
    measure = Measure(MeasureKind.QUESTION, "money")
    mirror, withheld = fill_mirror(plan, {measure: Table(measure, {EVERYBODY: PLACES})})
    (row,) = mirror.rows
    assert row.places_say == PLACES
    told = row.departments_say
    assert told is not None
    assert (told.count, told.mean, told.quartiles) == (12, round(mean(SPREAD)), (None, None, None))
    assert told.bands is not None
    assert sum(told.bands.values()) == 12
    assert withheld == ()


KNOWS_ALL = frozenset({STANDING})
CASES = {
    "ten departments that read each other are enough": (said(SPREAD[:10]), [KNOWS_ALL], True),
    "nine are too few": (said(SPREAD[:9]), [KNOWS_ALL], False),
    "ten of which one has no score are too few": (said([*SPREAD[:9], None]), [KNOWS_ALL], False),
    "a person with roles in both standing partnerships knows all, and learns nothing": (
        said(SPREAD) + said(SPREAD[:5], OTHER, 200),
        [frozenset({STANDING, OTHER})],
        True,
    ),
    "departments of another standing partnership would learn of too few": (
        said(SPREAD) + said(SPREAD[:5], OTHER, 200),
        [KNOWS_ALL, frozenset({OTHER})],
        False,
    ),
    "two standing partnerships that are large enough are outsiders to each other": (
        said(SPREAD) + said(SPREAD[::-1], OTHER, 200),
        [KNOWS_ALL, frozenset({OTHER})],
        True,
    ),
    "one that left before others had submitted knows some, and those left are too few": (
        said(SPREAD, left={0: 6}),
        [KNOWS_ALL],
        False,
    ),
    "one that left when all had submitted knows all": (said(SPREAD, left={0: 20}), [KNOWS_ALL], True),
    "one that left at once knows itself alone": (said(SPREAD, left={0: 0}), [KNOWS_ALL], True),
    "a mean at the end of the scale would narrow everybody": (said([0] * 11 + [3]), [KNOWS_ALL], False),
}


@pytest.mark.parametrize(("departments", "insiders", "shown"), CASES.values(), ids=CASES.keys())
def test_who_knows_all_is_not_counted_and_who_knows_some_is(
    questionnaires: Catalogue,
    departments: tuple[DepartmentScores, ...],
    insiders: Sequence[frozenset[Hashable]],
    shown: bool,  # noqa: FBT001 - a table of cases
) -> None:
    plan = make_plan(questionnaires, departments, insiders)
    mirror, withheld = fill_mirror(plan, {})
    assert (mirror.rows[0].departments_say is not None) is shown
    assert shown or [each.question for each in withheld] == ["grants"]


def test_bands_are_not_told_where_one_holds_everybody(questionnaires: Catalogue) -> None:
    told = fill(make_plan(questionnaires, said([60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70])))
    assert told is None or told.bands is None


def test_a_department_of_two_standing_partnerships_counts_once_as_it_said_last(questionnaires: Catalogue) -> None:
    departments = said(SPREAD)
    again = said([100], OTHER)
    assert again[0].department == departments[0].department
    assert again[0].submitted_at == departments[0].submitted_at
    told = fill(make_plan(questionnaires, departments + again, [frozenset({STANDING, OTHER})]))
    assert told is not None
    assert (told.count, told.mean) == (12, round(mean([100, *SPREAD[1:]])))


@pytest.mark.parametrize("before", [CellFigures(11, 44, (None, None, None), None), None], ids=["told", "not told"])
def test_what_was_told_of_the_round_stays_though_others_have_answered_since(
    questionnaires: Catalogue, before: CellFigures | None
) -> None:
    assert fill(make_plan(questionnaires, said(SPREAD), told={"grants": before})) == before
    assert fill(make_plan(questionnaires, said(SPREAD), told={"visits": before})) not in [None, before]
