"""Who sets up: central administrators on pages, and whoever may run commands on the machine."""

from uuid import UUID

from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.errors import NotAllowedNowError

QUICKER = "Somebody else has just stored one of the same names. Look at the list, and try again"


def check_set_up(actor: Actor | None) -> UUID | None:
    """Raise unless the actor may set up, and give their id for the audit; nobody is somebody at a terminal."""
    if actor is None:
        return None
    access.check(actor, Deed.SET_UP)
    return actor.person_id


def check_stored(*, stored: bool, otherwise: str = QUICKER) -> None:
    """Raise where somebody else was quicker by a moment, with what to do then; nothing is stored."""
    if not stored:
        raise NotAllowedNowError(otherwise)
