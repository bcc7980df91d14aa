"""People and their roles: who is there, who is invited, and taking a role away."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor, Deed, Role, check
from app.domain.audit import Event
from app.domain.errors import InvitationError, NotAllowedNowError, NotFoundError
from app.domain.inviting import ROLE_NAMES, Invitation, Member, Setting, Within, check_take_away, clean_address
from app.services import Database, auditing
from app.services.acting import check_still
from app.services.auditing import NewEntry
from app.services.inviting import check_within
from app.services.setting_up.references import Names
from app.store import invitations, memberships, organisations, partnerships

PAGE: Final = 50
"""Roles, or invitations, on one page of everybody's."""
GONE: Final = "This role has been withdrawn"


@dataclass(frozen=True, slots=True)
class PlacePeople:
    """An organisation or a partnership, who has a role of it, and who is invited to one."""

    name: str
    members: tuple[Member, ...]
    invitations: tuple[Invitation, ...]


def list_managed_organisations(database: Database, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """List id and name of the organisations whose people the actor manages as one of them."""
    managed = actor.list_organisations(Deed.MANAGE_COLLEAGUES)
    if not managed:
        raise NotFoundError("There is no such page")
    with database.reading() as session:
        return memberships.list_organisation_names(session, managed)


def list_colleagues(database: Database, actor: Actor, organisation_id: UUID) -> PlacePeople:
    """List the people of an organisation, and who is invited."""
    check(actor, Deed.MANAGE_COLLEAGUES, organisation_id=organisation_id)
    with database.reading() as session:
        organisation = organisations.find_organisation(session, organisation_id)
        if organisation is None:
            raise NotFoundError("There is no such page")
        return PlacePeople(
            organisation.name,
            memberships.list_members(session, organisations=[organisation_id]),
            invitations.list_waiting(session, organisations=[organisation_id]),
        )


def list_coordinators(database: Database, actor: Actor, partnership_id: UUID) -> PlacePeople:
    """List the coordinators of a partnership, and who is invited to be one."""
    check(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id)
    with database.reading() as session:
        partnership = partnerships.find_partnership(session, partnership_id)
        if partnership is None:
            raise NotFoundError("There is no such page")
        return PlacePeople(
            partnership.name,
            memberships.list_members(session, partnerships=[partnership_id]),
            invitations.list_waiting(session, partnerships=[partnership_id]),
        )


def search(database: Database, actor: Actor, words: str, page: int) -> tuple[tuple[Member, ...], int]:
    """Give one page, from 1, of everybody's roles where a name, address or place has some words; and how many all are.

    The roles of one person are beside each other.
    """
    check(actor, Deed.SET_UP)
    with database.reading() as session:
        found = memberships.search(session, words, offset=(page - 1) * PAGE, limit=PAGE)
        return found, memberships.count_roles(session, words)


def search_invitations(database: Database, actor: Actor, words: str, page: int) -> tuple[tuple[Invitation, ...], int]:
    """Give one page, from 1, of what waits to be accepted; and how many all are."""
    check(actor, Deed.SET_UP)
    with database.reading() as session:
        found = invitations.search_waiting(session, words, offset=(page - 1) * PAGE, limit=PAGE)
        return found, invitations.count_waiting(session, words)


def get_role(database: Database, actor: Actor, within: Within, membership_id: UUID) -> Member:
    """Get a role of somebody that the actor may take away from the place whose page asks."""
    with database.reading() as session:
        return _get_role(session, actor, within, membership_id)


def withdraw_role(database: Database, actor: Actor, within: Within, membership_id: UUID, now: datetime) -> Member:
    """Take a role away at once, with every waiting invitation to it, and give what it was.

    Raises `NotAllowedNowError` where nobody would be left to administer.
    """
    with database.writing() as session:
        memberships.lock_person_of_role(session, membership_id)
        check_still(session, actor)  # before, as it may be a role of their own that goes
        member = _get_role(session, actor, within, membership_id)
        auditing.record_all(session, [_withdraw(session, member, actor.person_id, now)])
    return member


def withdraw_by_command(database: Database, email: str, role: Role | None, now: datetime) -> tuple[Member, ...]:
    """Take every role, or one, away from whoever has an address, as the operator; and what they are invited to."""
    email = clean_address(email)
    with database.writing() as session:
        memberships.lock_person(session, email)
        roles = [each for each in memberships.list_roles_of(session, email) if role in {None, each.grant.role}]
        waiting = [each for each in invitations.list_waiting_for(session, [email]) if role in {None, each.grant.role}]
        if not roles and not waiting:
            what = "such role or invitation" if role else "role or invitation"
            raise NotFoundError(f"Nobody with the address {email} has a {what}; see: enablers people list")
        for each in waiting:
            invitations.withdraw(session, each.id, now)
        entries = [_withdraw(session, member, None, now) for member in roles]
        entries += (
            NewEntry(
                Event.INVITATION_WITHDRAWN,
                None,
                now,
                partnership_id=each.grant.partnership_id,
                subject=f"invitation {each.id}",
                new=f"{ROLE_NAMES[each.grant.role]}: {each.email}",
            )
            for each in waiting
        )
        auditing.record_all(session, entries)
    return tuple(roles)


def find_place(database: Database, organisation: str, partnership: str) -> tuple[UUID | None, UUID | None]:
    """Find an organisation and a partnership by their names, as the operator; `None` for one that is not named.

    Raises `InvitationError` for a name that nothing has.
    """
    with database.reading() as session:
        known = (
            (organisation, Names("organisation", ((o.id, o.name) for o in organisations.list_organisations(session)))),
            (partnership, Names("partnership", ((p.id, p.name) for p in partnerships.list_partnerships(session)))),
        )
    found = [names.find(name) if name else None for name, names in known]
    for (name, names), place_id in zip(known, found, strict=True):
        if name and place_id is None:
            explained = names.explain(name)
            raise InvitationError(explained[:1].upper() + explained[1:])
    return found[0], found[1]


def list_all(database: Database) -> tuple[tuple[Member, ...], tuple[Invitation, ...]]:
    """List every role, and every invitation that waits, as the operator."""
    with database.reading() as session:
        return memberships.search(session, ""), invitations.search_waiting(session, "")


def list_places(database: Database, actor: Actor) -> tuple[tuple[tuple[UUID, str], ...], tuple[tuple[UUID, str], ...]]:
    """List id and name of every organisation and of every partnership, to choose from."""
    check(actor, Deed.SET_UP)
    with database.reading() as session:
        return (
            tuple((each.id, each.name) for each in organisations.list_organisations(session)),
            tuple((each.id, each.name) for each in partnerships.list_partnerships(session)),
        )


def _get_role(session: Session, actor: Actor, within: Within, membership_id: UUID) -> Member:
    check_within(actor, within)
    member = memberships.find_member(session, membership_id)
    if member is None or not within.has(member.grant, Setting()):
        raise NotFoundError(GONE)
    check_take_away(actor, member.grant)
    return member


def _withdraw(session: Session, member: Member, actor_id: UUID | None, now: datetime) -> NewEntry:
    """Take a role away, and give what the audit is to say of it."""
    if member.grant.role is Role.CENTRAL_ADMINISTRATOR:
        holders = memberships.lock_holders(session, Role.CENTRAL_ADMINISTRATOR)
        if holders == {member.person_id}:
            raise NotAllowedNowError(
                "This is the last central administrator, and somebody must be; invite another first"
            )
    invitations.withdraw_same(session, member.email, member.grant, now)
    if not memberships.delete_role(session, member):
        raise NotFoundError(GONE)
    where = f" for {member.place}" if member.place else ""
    return NewEntry(
        Event.ROLE_WITHDRAWN,
        actor_id,
        now,
        partnership_id=member.grant.partnership_id,
        subject=f"person {member.person_id}"
        + (f" organisation {member.grant.organisation_id}" if member.grant.organisation_id else ""),
        old=f"{ROLE_NAMES[member.grant.role]}{where}: {member.email}",
    )
