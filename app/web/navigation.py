"""Which pages each role is offered at the top of every page, and where somebody is at home."""

from collections.abc import Callable
from typing import Final, NamedTuple

from app.domain.access import Actor, Deed, can_anywhere
from app.domain.actions import DepartmentLead
from app.web import paths
from app.web.releases.addresses import RELEASES
from app.web.together.addresses import ASKS


class Entry(NamedTuple):
    """One entry of the service navigation, and to whom it is offered."""

    text: str
    path: str
    is_for: Callable[[Actor], bool]


def _may(deed: Deed) -> Callable[[Actor], bool]:
    return lambda actor: can_anywhere(actor, deed)


def _coordinates(actor: Actor) -> bool:
    return bool(actor.list_partnerships(Deed.FOLLOW_PARTNERSHIP))


def _leads(actor: Actor) -> bool:
    return bool(actor.list_organisations(Deed.MANAGE_COLLEAGUES))


def _leads_department(actor: Actor) -> bool:
    return isinstance(actor, DepartmentLead)


ENTRIES: Final = (
    Entry("Asks", ASKS, _leads_department),
    Entry("Your assessments", paths.ASSESSMENTS, _may(Deed.SEE_ASSESSMENT)),
    Entry("Your partnerships", paths.PARTNERSHIPS, _coordinates),
    Entry("Colleagues", paths.ORGANISATIONS, _leads),
    Entry("Set-up", paths.SET_UP, _may(Deed.SET_UP)),
    Entry("Rounds", paths.ROUNDS, _may(Deed.FOLLOW_ROUNDS)),
    Entry("Together", RELEASES, _may(Deed.READ_RELEASES)),
    Entry("Audit", paths.AUDIT, _may(Deed.READ_AUDIT)),
)
"""In order; the first that is for somebody is where they are at home."""


def list_entries(actor: Actor) -> tuple[Entry, ...]:
    """List what somebody is offered."""
    return tuple(entry for entry in ENTRIES if entry.is_for(actor))


def find_home(actor: Actor) -> str:
    """Give the page that somebody begins at; without any role, the list that says what to do."""
    return next((entry.path for entry in list_entries(actor)), paths.ASSESSMENTS)
