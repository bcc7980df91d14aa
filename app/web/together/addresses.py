"""Where the pages are that partners share. The partnership first, then the round."""

from typing import Final
from uuid import UUID

from app.domain.agreeing import MeetingKey

IN_ROUND: Final = "/partnerships/{partnership_id}/rounds/{round_id}"
REPORT: Final = f"{IN_ROUND}/report"
MEETINGS: Final = f"{IN_ROUND}/meetings"
MEETING: Final = f"{MEETINGS}/{{meeting_id}}"
TOPIC: Final = f"{MEETING}/questions/{{question_id}}"
WHAT_IF: Final = f"{IN_ROUND}/what-if"
OVER_TIME: Final = f"{IN_ROUND}/over-time"
WHERE: Final = f"{IN_ROUND}/where-am-i"
AGREED: Final = "?view=agreed"
REPORT_FILE: Final = f"{REPORT}.{{form}}"
REPORT_LINKS: Final = f"{REPORT}/links"
END_REPORT_LINK: Final = f"{REPORT_LINKS}/{{link_id}}/end"
SHARED: Final = "/partnerships/{partnership_id}/shared/{token}"
SHARED_FILE: Final = f"{SHARED}/report.{{form}}"


def in_round(partnership_id: UUID, round_id: UUID) -> str:
    """What all addresses of a partnership in a round begin with."""
    return IN_ROUND.format(partnership_id=partnership_id, round_id=round_id)


def report(partnership_id: UUID, round_id: UUID, *, agreed: bool = False) -> str:
    """The partnership report: as each organisation answered, or as they agreed."""
    return f"{in_round(partnership_id, round_id)}/report{AGREED if agreed else ''}"


def meetings(partnership_id: UUID, round_id: UUID) -> str:
    """The meetings about a round, and beginning one."""
    return f"{in_round(partnership_id, round_id)}/meetings"


def meeting(key: MeetingKey) -> str:
    """One meeting: what to talk about, and what is agreed."""
    return f"{meetings(key.partnership_id, key.round_id)}/{key.meeting_id}"


def topic(key: MeetingKey, question_id: str) -> str:
    """One question, large, in a meeting."""
    return f"{meeting(key)}/questions/{question_id}"


def what_if(partnership_id: UUID, round_id: UUID, *, agreed: bool = False) -> str:
    """Which questions to raise; of the agreed report where that is asked for."""
    return f"{in_round(partnership_id, round_id)}/what-if{AGREED if agreed else ''}"


def over_time(partnership_id: UUID, round_id: UUID, *, agreed: bool = False) -> str:
    """A round beside those before it; of the agreed reports where that is asked for."""
    return f"{in_round(partnership_id, round_id)}/over-time{AGREED if agreed else ''}"


def where(partnership_id: UUID, round_id: UUID) -> str:
    """One's own scores beside what is released of the round."""
    return f"{in_round(partnership_id, round_id)}/where-am-i"


def report_file(partnership_id: UUID, round_id: UUID, form: str, view: str = "") -> str:
    """The partnership report as a file; `view` is `agreed` for the numbers as agreed."""
    return f"{report(partnership_id, round_id)}.{form}" + (f"?view={view}" if view else "")


def report_links(partnership_id: UUID, round_id: UUID) -> str:
    """The links by which somebody outside reads the report."""
    return f"{report(partnership_id, round_id)}/links"


def end_report_link(partnership_id: UUID, round_id: UUID, link_id: UUID) -> str:
    """Where such a link is ended."""
    return f"{report_links(partnership_id, round_id)}/{link_id}/end"


def shared(partnership_id: UUID, token: str) -> str:
    """Where a link leads."""
    return SHARED.format(partnership_id=partnership_id, token=token)


def shared_file(partnership_id: UUID, token: str, form: str, view: str = "") -> str:
    """The report of a link as a file."""
    return f"{shared(partnership_id, token)}/report.{form}" + (f"?view={view}" if view else "")


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


# ---- Learning from others --------------------------------------------------------------------------------------------

LEARNING: Final = "/partnerships/{partnership_id}/learning"
HELP_OFFER: Final = f"{LEARNING}/offers/{{enabler_id}}"
HELP_ASK: Final = f"{LEARNING}/asks/{{enabler_id}}"
WITHDRAW_OFFER: Final = f"{HELP_OFFER}/withdraw"
WITHDRAW_ASK: Final = f"{HELP_ASK}/withdraw"
PROPOSAL: Final = f"{LEARNING}/proposals/{{proposal_id}}"
LEARNING_MARKS: Final = f"{LEARNING}/marks"


def learning(partnership_id: UUID) -> str:
    """What a partnership offers to others, asks of them, and is proposed."""
    return LEARNING.format(partnership_id=partnership_id)


def help_offer(partnership_id: UUID, enabler_id: str) -> str:
    """Where help with an enabler is offered."""
    return f"{learning(partnership_id)}/offers/{enabler_id}"


def help_ask(partnership_id: UUID, enabler_id: str) -> str:
    """Where help with an enabler is asked for."""
    return f"{learning(partnership_id)}/asks/{enabler_id}"


def withdraw_help(address: str) -> str:
    """Where an offer or an ask is withdrawn, from its own address."""
    return f"{address}/withdraw"


def proposal(partnership_id: UUID, proposal_id: UUID) -> str:
    """One proposal, for one of its sides."""
    return f"{learning(partnership_id)}/proposals/{proposal_id}"


def learning_marks(partnership_id: UUID, point_id: str = "", organisation_id: UUID | None = None) -> str:
    """Where an organisation says whether a point of the learning library helped."""
    asked = [("organisation", organisation_id), ("point", point_id)]
    query = "&".join(f"{name}={value}" for name, value in asked if value)
    return f"{learning(partnership_id)}/marks" + (f"?{query}" if query else "")
