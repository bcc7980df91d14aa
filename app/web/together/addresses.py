"""Where the pages are that partners share. The partnership first, then the round."""

from typing import Final
from uuid import UUID

IN_ROUND: Final = "/partnerships/{partnership_id}/rounds/{round_id}"
REPORT: Final = f"{IN_ROUND}/report"


def in_round(partnership_id: UUID, round_id: UUID) -> str:
    """What all addresses of a partnership in a round begin with."""
    return IN_ROUND.format(partnership_id=partnership_id, round_id=round_id)


def report(partnership_id: UUID, round_id: UUID) -> str:
    """The partnership report."""
    return f"{in_round(partnership_id, round_id)}/report"
