"""Invitations: who may offer which role where, to which address, and who may take a role away.

What a role may do is the table of `access`; what follows here is only which deed each offer needs, and where.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.access import ONLY, REACH, Actor, Deed, Grant, Reach, Role, can, check
from app.domain.errors import InvitationError, NotAllowedError
from app.domain.organisations import tidy_name
from app.domain.values import one_line

LIFETIME: Final = timedelta(days=14)
NAME_LENGTH: Final = 200
ADDRESS_LENGTH: Final = 254

ROLE_NAMES: Final[Mapping[Role, str]] = {
    Role.CONTRIBUTOR: "contributor",
    Role.LEAD: "lead",
    Role.CERTIFIER: "certifier",
    Role.COORDINATOR: "coordinator",
    Role.CENTRAL_ANALYST: "central analyst",
    Role.CENTRAL_ADMINISTRATOR: "central administrator",
    Role.API_CLIENT: "API client",
}
ROLE_HINTS: Final[Mapping[Role, str]] = {
    Role.CONTRIBUTOR: "Answers the sections that a lead gives to them",
    Role.LEAD: "Answers, gives sections to colleagues, invites them, and submits",
    Role.CERTIFIER: "Signs off what was submitted, or requests changes",
    Role.COORDINATOR: "Invites organisations, sees who has come how far, and runs the meeting once all have submitted",
    Role.CENTRAL_ANALYST: "Sees how far all partnerships have come; no answers",
    Role.CENTRAL_ADMINISTRATOR: "Sets up areas, organisations, partnerships, people and rounds; no answers",
}

DEED_OF: Final[Mapping[Reach, Deed]] = {
    Reach.ORGANISATION: Deed.MANAGE_COLLEAGUES,
    Reach.PARTNERSHIP: Deed.MANAGE_PARTNERSHIP,
    Reach.EVERYWHERE: Deed.SET_UP,
}
"""What one must be allowed to do at a place to offer, or take away, a role there."""
OFFERED_IN: Final[Mapping[Reach, tuple[Role, ...]]] = {
    Reach.ORGANISATION: (Role.CONTRIBUTOR, Role.LEAD, Role.CERTIFIER),
    Reach.PARTNERSHIP: (Role.COORDINATOR,),
    Reach.EVERYWHERE: (Role.CENTRAL_ANALYST, Role.CENTRAL_ADMINISTRATOR),
}
"""The roles that people are invited to, by where they hold. Clients of the API get tokens instead."""
OFFERED_BY_COORDINATORS: Final = Role.LEAD
"""The one role of an organisation that the coordinators of its partnership may offer too, so that somebody begins."""
CHOOSES_ITSELF: Final = (
    "Somebody leads this organisation, is invited to, or has begun. "
    "Ask them, or the central team, to invite somebody else"
)

# One of each part, in ASCII: what every mail server takes, and nothing that means something in a mail's header.
_ADDRESS = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z](?:[a-z0-9-]*[a-z0-9])?"
)


@dataclass(frozen=True, slots=True)
class Offer:
    """A role that is offered to whoever has an address. Made by `make_offer`."""

    email: str
    """In lower case."""
    name: str
    """What the inviter calls them; may be empty, and is theirs to change."""
    grant: Grant


@dataclass(frozen=True, slots=True)
class Setting:
    """What is known of an organisation, on which depends whether a coordinator may choose its lead."""

    partnerships: frozenset[UUID] = frozenset()
    """Where it works now."""
    ever: frozenset[UUID] = frozenset()
    """Where it works or has worked."""
    is_led: bool = False
    """Whether it has a lead, or has begun to answer."""
    invited: frozenset[str] = frozenset()
    """The addresses that are invited to lead it, and have not accepted."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One invitation, with the names that people know its place by."""

    id: UUID
    email: str
    name: str
    grant: Grant
    place: str
    """The organisation or partnership; empty for a central role."""
    inviter: str
    """Empty where it was done by command."""
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Member:
    """One role that somebody has."""

    id: UUID
    """Of the role, not the person."""
    person_id: UUID
    name: str
    email: str
    wants_reminders: bool
    grant: Grant
    place: str
    """The organisation or partnership; empty for a central role."""


@dataclass(frozen=True, slots=True)
class Within:
    """The place whose page asks for an invitation or a role: one of the two, or neither for the whole service."""

    organisation_id: UUID | None = None
    partnership_id: UUID | None = None

    def has(self, grant: Grant, setting: Setting) -> bool:
        """Say whether a role is of this place; a lead is also of the partnerships where the organisation works."""
        if self.organisation_id:
            return grant.organisation_id == self.organisation_id
        if self.partnership_id:
            return grant.partnership_id == self.partnership_id or (
                grant.role is OFFERED_BY_COORDINATORS and self.partnership_id in setting.partnerships
            )
        return True


def make_offer(email: str, name: str, role: Role, organisation_id: UUID | None, partnership_id: UUID | None) -> Offer:
    """Make an offer of a role where it holds; raises `InvitationError`."""
    email, name = clean_address(email), tidy_name(name)
    fault = find_address_fault(email) or find_name_fault(name)
    if fault:
        raise InvitationError(fault)
    return Offer(email, name, make_grant(role, organisation_id, partnership_id))


def make_grant(role: Role, organisation_id: UUID | None, partnership_id: UUID | None) -> Grant:
    """Place a role where it holds; raises `InvitationError` where its place is missing, or it is not for people."""
    reach = REACH[role]
    if role not in OFFERED_IN[reach]:
        raise InvitationError(f"Nobody can be invited as {ROLE_NAMES[role]}")
    if reach is Reach.ORGANISATION:
        if organisation_id is None:
            raise InvitationError(f"A {ROLE_NAMES[role]} belongs to an organisation; choose one")
        return Grant(role, organisation_id=organisation_id)
    if reach is Reach.PARTNERSHIP:
        if partnership_id is None:
            raise InvitationError(f"A {ROLE_NAMES[role]} belongs to a partnership; choose one")
        return Grant(role, partnership_id=partnership_id)
    return Grant(role)


def clean_address(email: str) -> str:
    """Give an address in the one form that it is kept in."""
    return email.strip().lower()


def find_address_fault(email: str) -> str:
    """Say what is wrong with an address in lower case; nothing where it can be written to."""
    if not email:
        return "Enter an email address"
    if len(email) > ADDRESS_LENGTH or ".." in email or not _ADDRESS.fullmatch(email):
        return "Enter an email address in the right form, like name@example.org"
    return ""


def find_name_fault(name: str) -> str:
    """Say what is wrong with a person's name; nothing where it can be kept. An empty one can."""
    if len(name) > NAME_LENGTH:
        return f"The name must have {NAME_LENGTH} characters or fewer"
    if one_line(name) != name:
        return "The name has characters that cannot be kept; type it again"
    return ""


def find_own_name_fault(name: str) -> str:
    """Say what is wrong with the name that somebody gives for themselves, tidied; nothing where it can be kept."""
    return find_name_fault(name) if name else "Enter your name"


def can_offer(actor: Actor, offer: Offer, setting: Setting) -> bool:
    """Say whether the actor may invite somebody to a role.

    A coordinator chooses the lead of an organisation of theirs only where nobody else is chosen and nothing has begun:
    or they could choose themselves, and read what others answered.
    """
    return can_take_away(actor, offer.grant) or (
        _is_begun_by(actor, offer.grant, setting) and setting.invited <= {offer.email}
    )


def can_send_again(actor: Actor, grant: Grant, setting: Setting) -> bool:
    """Say whether the actor may send an invitation that waits again, whoever chose its address."""
    return can_take_away(actor, grant) or _is_begun_by(actor, grant, setting)


def can_withdraw(actor: Actor, grant: Grant, setting: Setting) -> bool:
    """Say whether the actor may withdraw an invitation that waits; not one that another partnership may count on."""
    return can_take_away(actor, grant) or (
        _is_begun_by(actor, grant, setting) and setting.ever <= actor.list_partnerships(Deed.MANAGE_PARTNERSHIP)
    )


def check_offer(actor: Actor, offer: Offer, setting: Setting) -> None:
    """Raise `NotFoundError` where the actor may not know of the place, `NotAllowedError` where they may not do this."""
    if not can_offer(actor, offer, setting):
        check_known(actor, offer.grant, setting)
        raise NotAllowedError(CHOOSES_ITSELF)


def check_known(actor: Actor, grant: Grant, setting: Setting) -> None:
    """Raise `NotFoundError` or `NotAllowedError` where the actor has no say at all in a role."""
    if not _is_followed(actor, setting):
        check_take_away(actor, grant)
    elif grant.role is not OFFERED_BY_COORDINATORS:
        raise NotAllowedError(ONLY[Deed.MANAGE_COLLEAGUES])


def can_take_away(actor: Actor, grant: Grant) -> bool:
    """Say whether the actor may take a role away from somebody."""
    deed = DEED_OF[REACH[grant.role]]
    return can(actor, deed, organisation_id=grant.organisation_id, partnership_id=grant.partnership_id)


def check_take_away(actor: Actor, grant: Grant) -> None:
    """Raise `NotFoundError` where the actor may not know of the place, `NotAllowedError` where they may not do this."""
    deed = DEED_OF[REACH[grant.role]]
    check(actor, deed, organisation_id=grant.organisation_id, partnership_id=grant.partnership_id)


def _is_followed(actor: Actor, setting: Setting) -> bool:
    return not setting.partnerships.isdisjoint(actor.list_partnerships(Deed.MANAGE_PARTNERSHIP))


def _is_begun_by(actor: Actor, grant: Grant, setting: Setting) -> bool:
    """Say whether it is for the actor, as a coordinator, to see that somebody begins."""
    return grant.role is OFFERED_BY_COORDINATORS and _is_followed(actor, setting) and not setting.is_led
