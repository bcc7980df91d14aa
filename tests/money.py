"""A release that tells of scores against spending, without a round that it is made of."""

from app.domain.aggregate import Cut, Measure, MeasureKind
from app.domain.money import Comparison, Money, Refusal
from app.domain.questionnaire import Questionnaire
from app.domain.releases import CellFigures, CellKey, Content, Table

GROUPS = ("1-of-3", "2-of-3", "3-of-3")
MEANS = {"1-of-3": 44, "3-of-3": 61}
"""That of the second group is withheld."""


def make_content(
    questionnaire: Questionnaire, found: Comparison | Refusal, left_out: int | None = 0, cuts: tuple[str, ...] = GROUPS
) -> Content:
    cells = {
        CellKey(Cut.SPEND, group): CellFigures(13, mean, (None, None, None), None)
        for group, mean in MEANS.items()
        if cuts
    }
    enablers = questionnaire.framework.enabler_ids
    measures = [Measure(MeasureKind.ENABLER, each) for each in enablers]
    measures += [Measure(MeasureKind.QUESTION, each.id) for each in questionnaire.questions]
    return Content(
        threshold=10,
        cuts={str(Cut.SPEND): cuts} if cuts else {},
        tables={each: Table(each, cells) for each in measures},
        gaps=(),
        barriers=(),
        asks=(),
        reach=None,
        money=Money(2024, left_out, (1500, 1600) if cuts else (), dict.fromkeys(enablers, found)),
    )
