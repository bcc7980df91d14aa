"""Where the pages are that partners share. The partnership first, then the round."""

from typing import Final
from uuid import UUID

IN_ROUND: Final = "/partnerships/{partnership_id}/rounds/{round_id}"
REPORT: Final = f"{IN_ROUND}/report"
REPORT_FILE: Final = f"{REPORT}.{{form}}"
REPORT_LINKS: Final = f"{REPORT}/links"
END_REPORT_LINK: Final = f"{REPORT_LINKS}/{{link_id}}/end"
SHARED: Final = "/partnerships/{partnership_id}/shared/{token}"
SHARED_FILE: Final = f"{SHARED}/report.{{form}}"


def in_round(partnership_id: UUID, round_id: UUID) -> str:
    """What all addresses of a partnership in a round begin with."""
    return IN_ROUND.format(partnership_id=partnership_id, round_id=round_id)


def report(partnership_id: UUID, round_id: UUID) -> str:
    """The partnership report."""
    return f"{in_round(partnership_id, round_id)}/report"


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
