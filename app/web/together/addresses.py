"""Where the pages are that partners share. The partnership first, then the round."""

from typing import Final
from uuid import UUID

IN_ROUND: Final = "/partnerships/{partnership_id}/rounds/{round_id}"
REPORT: Final = f"{IN_ROUND}/report"
WHAT_IF: Final = f"{IN_ROUND}/what-if"
OVER_TIME: Final = f"{IN_ROUND}/over-time"
AGREED: Final = "?view=agreed"


def in_round(partnership_id: UUID, round_id: UUID) -> str:
    """What all addresses of a partnership in a round begin with."""
    return IN_ROUND.format(partnership_id=partnership_id, round_id=round_id)


def report(partnership_id: UUID, round_id: UUID) -> str:
    """The partnership report."""
    return f"{in_round(partnership_id, round_id)}/report"


def what_if(partnership_id: UUID, round_id: UUID, *, agreed: bool = False) -> str:
    """Which questions to raise; of the agreed report where that is asked for."""
    return f"{in_round(partnership_id, round_id)}/what-if{AGREED if agreed else ''}"


def over_time(partnership_id: UUID, round_id: UUID, *, agreed: bool = False) -> str:
    """A round beside those before it; of the agreed reports where that is asked for."""
    return f"{in_round(partnership_id, round_id)}/over-time{AGREED if agreed else ''}"
