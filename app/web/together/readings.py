"""Which of its two reports a page about a partnership shows: as each organisation answered, or as they agreed."""

from collections.abc import Iterable
from typing import Annotated, Final

from fastapi import Query

from app.domain.partnership_report import Shows
from app.domain.together import Together
from app.renderings.words import count

ViewQuery = Annotated[Shows, Query(alias="view")]
SEE_AGREED: Final = "Show it as agreed"
SEE_ANSWERED: Final = "Show it as each organisation answered"
AS_ANSWERED: Final = "This shows what each organisation answered: one organisation, one vote."


def is_settled(shows: Shows, rounds: Iterable[Together]) -> bool:
    """Say whether to show what was agreed: it is asked for, and there is some."""
    return shows is Shows.AGREED and any(each.agreed_levels for each in rounds)


def describe_reading(together: Together, shows: Shows, *, settled: bool) -> str:
    """Say which of the two is shown."""
    if settled and not together.agreed_levels:
        return "This shows what was agreed in earlier rounds. In this one nothing was, so it is as each answered."
    if settled:
        number = count(len(together.agreed_levels), "question has", "questions have")
        return f"This shows what was agreed: {number} the agreed level, the others the mean of what was answered."
    return AS_ANSWERED + " Nothing was agreed yet." * (shows is Shows.AGREED)
