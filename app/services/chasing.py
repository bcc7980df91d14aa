"""Chasing those who were invited and have not accepted: all of a partnership at once, each at most once a day."""

from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor, Deed, can, check
from app.domain.inviting import LIFETIME, OFFERED_BY_COORDINATORS, Invitation, Offer, Setting, can_send_again
from app.services import Database
from app.services.acting import acting
from app.services.inviting import Inviter, send_offers
from app.services.tokens import TokenKeys
from app.store import invitations, memberships, partnerships

REST: Final = timedelta(days=1)
"""Who was sent their invitation within this time is not sent it again with all the others."""


def count_waiting(database: Database, actor: Actor, partnership_id: UUID, now: datetime) -> int:
    """Count whom `send_again` would write to; nobody, for an actor who may not."""
    if not can(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id):
        return 0
    with database.reading() as session:
        return len(_list_waiting(session, actor, partnership_id, now))


def send_again(database: Database, actor: Actor, partnership_id: UUID, now: datetime, keys: TokenKeys) -> int:
    """Send their invitation again to everybody who has not accepted, and give how many that were.

    They are those who are invited to lead an organisation of the partnership, or to coordinate it.
    """
    check(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id)
    with acting(database, actor) as session:
        waiting = _list_waiting(session, actor, partnership_id, now)
        offers = [Offer(each.email, each.name, each.grant) for each in waiting]
        send_offers(session, Inviter(actor.person_id, actor.name, partnership_id, actor), offers, now, keys)
    return len(waiting)


def _list_waiting(session: Session, actor: Actor, partnership_id: UUID, now: datetime) -> list[Invitation]:
    members = partnerships.list_members(session, partnership_id)
    ids = [each.organisation_id for each in members if each.left_at is None]
    settings = memberships.load_settings(session, ids)
    return [
        each
        for each in invitations.list_waiting(session, organisations=ids, partnerships=[partnership_id])
        if (each.grant.partnership_id or each.grant.role is OFFERED_BY_COORDINATORS)
        and can_send_again(
            actor, each.grant, settings[each.grant.organisation_id] if each.grant.organisation_id else Setting()
        )
        and each.expires_at - LIFETIME <= now - REST
    ]
