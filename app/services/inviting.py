"""Inviting people: a role is offered to an address, and `accepting` is for whoever has the link that is sent there.

Whether somebody has the address already is told to nobody but to them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor, Deed, Grant, Role, check
from app.domain.audit import Event
from app.domain.errors import NotAllowedError, NotFoundError
from app.domain.inviting import (
    CHOOSES_ITSELF,
    LIFETIME,
    ROLE_NAMES,
    Invitation,
    Offer,
    Setting,
    Within,
    can_offer,
    can_send_again,
    can_take_away,
    can_withdraw,
    check_known,
    check_offer,
)
from app.services import Database, auditing, letters, mailing
from app.services.acting import acting
from app.services.auditing import NewEntry
from app.services.letters import Ahead
from app.services.mailing import Letter
from app.services.tokens import TokenKeys, make_token
from app.store import invitations, memberships

ACCEPT: Final = "/invitations"
"""The page that an invitation leads to, before its token."""
NO_INVITATION: Final = UUID(int=0)


class Outcome(StrEnum):
    """What came of an offer."""

    INVITED = "invited"
    SENT_AGAIN = "sent-again"
    HAS_ROLE = "has-role"
    """Nothing was sent."""
    LEFT_ALONE = "left-alone"
    """They were invited before, and nothing was sent: the link that they have works on."""


@dataclass(frozen=True, slots=True)
class Inviter:
    """Whoever invites, as the mail names them; nobody where it is done by command."""

    person_id: UUID | None = None
    name: str = ""
    partnership_id: UUID | None = None
    """The partnership on whose behalf: its chain of the audit has it. Else the offer's own, if it is of one."""
    actor: Actor | None = None
    """What they may do; `None` where that decides nothing."""

    def chooses_first_lead_only(self, grant: Grant) -> bool:
        """Say whether an invitation of theirs works only while nobody leads the organisation: a coordinator's."""
        return self.actor is not None and not can_take_away(self.actor, grant)


BY_COMMAND: Final = Inviter()


@dataclass(frozen=True, slots=True)
class Invited:
    """What came of an offer, and the page that the mail leads to: a key, for no page to show. Empty where none went."""

    outcome: Outcome
    path: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An invitation that waits, and what the actor may do about it."""

    invitation: Invitation
    can_send_again: bool
    can_withdraw: bool


def invite(database: Database, actor: Actor, offer: Offer, now: datetime, keys: TokenKeys, within: Within) -> Outcome:
    """Offer a role to an address; one that is offered already is sent again. `within` the place whose page asks."""
    with acting(database, actor) as session:
        setting = load_setting(session, offer.grant)
        check_offer(actor, offer, setting)
        if not within.has(offer.grant, setting):
            raise NotFoundError("There is no such page")
        inviter = Inviter(actor.person_id, actor.name, within.partnership_id, actor)
        return send_offers(session, inviter, (offer,), now, keys)[0].outcome


def invite_by_command(database: Database, offer: Offer, now: datetime, keys: TokenKeys) -> Invited:
    """Offer a role to an address, as the operator."""
    with database.writing() as session:
        return send_offers(session, BY_COMMAND, (offer,), now, keys)[0]


def send_again(
    database: Database, actor: Actor, within: Within, invitation_id: UUID, now: datetime, keys: TokenKeys
) -> None:
    """Send an invitation with a new link and a new end; the old link ends. Also one that has run out."""
    with acting(database, actor) as session:
        invitation, setting = _get_waiting(session, actor, within, invitation_id)
        if not can_send_again(actor, invitation.grant, setting):
            raise NotAllowedError(CHOOSES_ITSELF)
        inviter = Inviter(actor.person_id, actor.name, within.partnership_id, actor)
        ahead = _list_ahead(session, [invitation.grant], now)
        if not _renew(session, inviter, invitation, ahead, now, keys):
            raise NotFoundError("This invitation has been accepted or withdrawn")
        record(session, Event.INVITATION_SENT_AGAIN, inviter, invitation, now)


def get_waiting(database: Database, actor: Actor, within: Within, invitation_id: UUID) -> Waiting:
    """Get an invitation that waits, from the place whose page asks."""
    with database.reading() as session:
        invitation, setting = _get_waiting(session, actor, within, invitation_id)
    return Waiting(
        invitation,
        can_send_again=can_send_again(actor, invitation.grant, setting),
        can_withdraw=can_withdraw(actor, invitation.grant, setting),
    )


def withdraw(database: Database, actor: Actor, within: Within, invitation_id: UUID, now: datetime) -> Invitation:
    """End an invitation at once, and give what it was."""
    with acting(database, actor) as session:
        invitation, setting = _get_waiting(session, actor, within, invitation_id)
        if not can_withdraw(actor, invitation.grant, setting):
            raise NotAllowedError(CHOOSES_ITSELF)
        if not invitations.withdraw(session, invitation.id, now):
            raise NotFoundError("This invitation has been accepted or withdrawn")
        inviter = Inviter(actor.person_id, actor.name, within.partnership_id, actor)
        record(session, Event.INVITATION_WITHDRAWN, inviter, invitation, now)
    return invitation


def send_again_for(session: Session, email: str, now: datetime, keys: TokenKeys) -> Letter | None:
    """Give the letter for somebody who asks to sign in and has not accepted their invitation yet: with a new link.

    Its end stays as it was, so that nobody but an inviter prolongs it. The same is done for every address.
    """
    token = make_token()
    invitation = invitations.find_newest_of_stranger(session, email, now)
    invitations.replace_token(session, invitation.id if invitation else NO_INVITATION, keys.digest(token))
    if invitation is None:
        return None
    # No round is named here: to look for one would tell by its time that somebody is invited.
    return _make_letter(invitation, invitation.inviter, token, {})


def can_invite_lead(database: Database, actor: Actor, organisation_id: UUID) -> bool:
    """Say whether the actor may choose one more lead of an organisation."""
    offer = Offer("", "", Grant(Role.LEAD, organisation_id=organisation_id))
    with database.reading() as session:
        return can_offer(actor, offer, load_setting(session, offer.grant))


def load_setting(session: Session, grant: Grant) -> Setting:
    """Load what decides who may offer a role, besides who they are."""
    organisation_id = grant.organisation_id
    return memberships.load_settings(session, [organisation_id])[organisation_id] if organisation_id else Setting()


def send_offers(
    session: Session,
    inviter: Inviter,
    offers: Sequence[Offer],
    now: datetime,
    keys: TokenKeys,
    *,
    again: bool = True,
) -> list[Invited]:
    """Invite to each offer, once it is decided that one may; the outcomes are in the same order.

    `again` says whether those who have not accepted an invitation to the same get it again.
    """
    places = memberships.lock_places(session, {offer.grant for offer in offers})
    held = memberships.list_holding(session, {(offer.email, offer.grant) for offer in offers})
    known = invitations.list_waiting_for(session, {offer.email for offer in offers})
    waiting = {(each.email, each.grant): each for each in known}
    ahead = _list_ahead(session, [offer.grant for offer in offers], now)
    outcomes: list[Invited] = []
    done: list[tuple[Event, Invitation]] = []
    for offer in offers:
        if offer.grant not in places:
            raise NotFoundError("There is no such page")
        before = waiting.get((offer.email, offer.grant))
        if (offer.email, offer.grant) in held:
            outcomes.append(Invited(Outcome.HAS_ROLE))
        elif before and not again:
            outcomes.append(Invited(Outcome.LEFT_ALONE))
        elif before and (path := _renew(session, inviter, before, ahead, now, keys)):
            outcomes.append(Invited(Outcome.SENT_AGAIN, path))
            done.append((Event.INVITATION_SENT_AGAIN, before))
        else:
            token = make_token()
            invitation = invitations.add_invitation(
                session,
                offer,
                places[offer.grant],
                keys.digest(token),
                inviter.person_id,
                now,
                now + LIFETIME,
                first_lead_only=inviter.chooses_first_lead_only(offer.grant),
            )
            path = _send(session, inviter, invitation, token, ahead, now)
            outcomes.append(Invited(Outcome.INVITED, path))
            done.append((Event.INVITED, invitation))
    auditing.record_all(session, [_make_entry(event, inviter, invitation, now) for event, invitation in done])
    return outcomes


def _list_ahead(session: Session, grants: Sequence[Grant], now: datetime) -> Mapping[UUID, Ahead]:
    """Give the round that is open, or opens next, by the place of some roles; that in which it is neither has none."""
    places = {place for grant in grants if (place := grant.organisation_id or grant.partnership_id)}
    found = invitations.list_rounds_ahead(session, places, now) if places else {}
    return {
        place: Ahead(title, opens_at, closes_at, is_open=opens_at <= now)
        for place, (title, opens_at, closes_at) in found.items()
    }


def _renew(
    session: Session,
    inviter: Inviter,
    invitation: Invitation,
    ahead: Mapping[UUID, Ahead],
    now: datetime,
    keys: TokenKeys,
) -> str:
    """Send a waiting invitation with a new link, and give its page; nothing where it waits no more."""
    token = make_token()
    renewed = invitations.renew(
        session,
        invitation,
        keys.digest(token),
        now + LIFETIME,
        first_lead_only=inviter.chooses_first_lead_only(invitation.grant),
    )
    return _send(session, inviter, renewed, token, ahead, now) if renewed else ""


def _send(
    session: Session, inviter: Inviter, invitation: Invitation, token: str, ahead: Mapping[UUID, Ahead], now: datetime
) -> str:
    letter = _make_letter(invitation, inviter.name, token, ahead)
    mailing.post(session, letter, invitation.email, None, now)
    return letter.path


def _make_letter(invitation: Invitation, inviter: str, token: str, ahead: Mapping[UUID, Ahead]) -> Letter:
    grant = invitation.grant
    place = grant.organisation_id or grant.partnership_id
    return letters.invitation(
        grant.role,
        invitation.place,
        inviter,
        f"{ACCEPT}/{token}",
        invitation.expires_at,
        ahead.get(place) if place else None,
    )


def _get_waiting(session: Session, actor: Actor, within: Within, invitation_id: UUID) -> tuple[Invitation, Setting]:
    """Get an invitation that the actor may know of from the place whose page asks, and what decides the rest."""
    check_within(actor, within)
    invitation = invitations.find_waiting(session, invitation_id)
    if invitation is None:
        raise NotFoundError("This invitation has been accepted or withdrawn")
    setting = load_setting(session, invitation.grant)
    if not within.has(invitation.grant, setting):
        raise NotFoundError("This invitation has been accepted or withdrawn")
    check_known(actor, invitation.grant, setting)
    return invitation, setting


def check_within(actor: Actor, within: Within) -> None:
    """Raise unless the actor manages people at a place."""
    if within.organisation_id:
        check(actor, Deed.MANAGE_COLLEAGUES, organisation_id=within.organisation_id)
    elif within.partnership_id:
        check(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=within.partnership_id)
    else:
        check(actor, Deed.SET_UP)


def record(session: Session, event: Event, inviter: Inviter, invitation: Invitation, now: datetime) -> None:
    """Record what was done about an invitation. Call it last."""
    auditing.record_all(session, [_make_entry(event, inviter, invitation, now)])


def _make_entry(event: Event, inviter: Inviter, invitation: Invitation, now: datetime) -> NewEntry:
    grant = invitation.grant
    where = f" for {invitation.place}" if invitation.place else ""
    return NewEntry(
        event,
        inviter.person_id,
        now,
        partnership_id=grant.partnership_id or inviter.partnership_id,
        subject=f"invitation {invitation.id}"
        + (f" organisation {grant.organisation_id}" if grant.organisation_id else ""),
        new=f"{ROLE_NAMES[grant.role]}{where}: {invitation.email}",
    )
