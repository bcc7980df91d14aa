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


# ---- The plan --------------------------------------------------------------------------------------------------------

ACTIONS: Final = "/partnerships/{partnership_id}/actions"
GAPS: Final = f"{ACTIONS}/gaps"
ADD_ACTION: Final = f"{ACTIONS}/add"
ACTION: Final = f"{ACTIONS}/{{action_id}}"
CHANGE_ACTION: Final = f"{ACTION}/change"
ASKS: Final = "/asks"
ASK: Final = f"{ASKS}/{{partnership_id}}/{{action_id}}"


def actions(partnership_id: UUID, by: str = "") -> str:
    """The board of a partnership's actions, by enabler; or by `owner`."""
    return ACTIONS.format(partnership_id=partnership_id) + (f"?by={by}" if by else "")


def gaps(partnership_id: UUID) -> str:
    """Where the gap is chosen that a new action is about."""
    return GAPS.format(partnership_id=partnership_id)


def add_action(partnership_id: UUID, round_id: UUID | None = None, question_id: str = "", point: str = "") -> str:
    """Where an action about a question is planned; from a learning point, with its words filled in."""
    query = f"?round={round_id}&question={question_id}" if round_id else ""
    return ADD_ACTION.format(partnership_id=partnership_id) + query + (f"&point={point}" if point else "")


def action(partnership_id: UUID, action_id: UUID) -> str:
    """One action."""
    return ACTION.format(partnership_id=partnership_id, action_id=action_id)


def change_action(partnership_id: UUID, action_id: UUID) -> str:
    """Where an action is changed."""
    return CHANGE_ACTION.format(partnership_id=partnership_id, action_id=action_id)


def ask(partnership_id: UUID, action_id: UUID) -> str:
    """One ask, for its department."""
    return ASK.format(partnership_id=partnership_id, action_id=action_id)
