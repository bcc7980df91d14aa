"""Changing something as somebody, with the rights they have when it is done.

Who acts is read when a request arrives, and what it does may wait: for the rest of its body, or for others to let go of
what it writes.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.errors import NotAllowedError, SignInNeededError
from app.services import Database
from app.store import sign_ins

CLIENT: Final = "client"
"""Where a session says which API client acts in it, if any: the audit names it."""


@contextmanager
def acting(database: Database, actor: Actor | None) -> Iterator[Session]:
    """Open a unit of work in which an actor changes something; `None` is the operator.

    What `check_still` raises undoes it at its end, when all locks are held and only the commit is left.
    """
    with database.writing() as session:
        session.info[CLIENT] = actor.client_id if actor else None
        yield session
        check_still(session, actor)


def check_still(session: Session, actor: Actor | None) -> None:
    """Raise unless an actor still has every role that they had when the request came.

    More roles never allow less, so whatever `access` decided of them holds on. Raises `SignInNeededError` where they
    were signed out meanwhile, `NotAllowedError` where a role is gone.
    """
    if actor is None or not actor.signed_in_by:
        return
    grants = sign_ins.find_grants(session, actor.signed_in_by)
    if grants is None:
        raise SignInNeededError("You were signed out before this was done. Sign in again")
    if not actor.grants <= grants:
        raise NotAllowedError("A role of yours was withdrawn before this was done, so nothing has changed")
