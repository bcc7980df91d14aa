"""What the pages of an organisation, of a partnership and of the set-up do alike with people and invitations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now, TokenKeysDep
from app.domain.access import Actor, Role
from app.domain.inviting import ROLE_NAMES, Within, clean_address, find_address_fault, find_name_fault, make_offer
from app.domain.organisations import tidy_name
from app.services import Database, inviting, people
from app.services.inviting import Outcome
from app.services.tokens import TokenKeys
from app.web import paths
from app.web.forms import Form
from app.web.pages import FieldError, Link
from app.web.people import addresses
from app.web.people.pages import InvitationPage, InvitePage, RolePage
from app.web.people.rows import consequences, end_words, role_choices, role_words
from app.web.templating import Show, ShowDep

HAS_ROLE: Final = "Somebody with this address has this role already"


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that managing people takes."""

    show: Show
    database: Database
    actor: Actor
    now: datetime
    keys: TokenKeys


async def get_desk(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, keys: TokenKeysDep) -> Desk:
    """Give everything that managing people takes, to whoever is signed in."""
    return Desk(show, database, actor, now, keys)


DeskDep = Annotated[Desk, Depends(get_desk)]


async def get_organisation(organisation_id: UUID) -> Within:
    """Take an organisation from the path."""
    return Within(organisation_id=organisation_id)


async def get_partnership(partnership_id: UUID) -> Within:
    """Take a partnership from the path."""
    return Within(partnership_id=partnership_id)


OrganisationDep = Annotated[Within, Depends(get_organisation)]
PartnershipDep = Annotated[Within, Depends(get_partnership)]
EVERYWHERE: Final = Within()


def show_invitation(desk: Desk, within: Within, invitation_id: UUID) -> HTMLResponse:
    """Show one invitation that waits, to send it again or withdraw it."""
    waiting = inviting.get_waiting(desk.database, desk.actor, within, invitation_id)
    invitation = waiting.invitation
    path = addresses.invitation(within, invitation_id)
    return desk.show(
        "people/invitation.html",
        InvitationPage(
            title=f"Invitation to {invitation.email}",
            back=Link("Back", back_to(within, invitation.grant.organisation_id)),
            address=invitation.email,
            name=invitation.name,
            role=role_words(invitation.grant.role),
            place=invitation.place,
            inviter=invitation.inviter,
            ends=end_words(invitation, desk.now),
            send_again=f"{path}/send-again" if waiting.can_send_again else "",
            withdraw=f"{path}/withdraw" if waiting.can_withdraw else "",
        ),
    )


def send_invitation_again(desk: Desk, within: Within, invitation_id: UUID) -> Response:
    """Send an invitation with a new link."""
    inviting.send_again(desk.database, desk.actor, within, invitation_id, desk.now, desk.keys)
    return RedirectResponse(addresses.invitation(within, invitation_id), 303)


def end_invitation(desk: Desk, within: Within, invitation_id: UUID) -> Response:
    """End an invitation."""
    invitation = inviting.withdraw(desk.database, desk.actor, within, invitation_id, desk.now)
    return RedirectResponse(back_to(within, invitation.grant.organisation_id), 303)


def show_role(desk: Desk, within: Within, membership_id: UUID) -> HTMLResponse:
    """Show what happens when a role is taken away."""
    member = people.get_role(desk.database, desk.actor, within, membership_id)
    role = ROLE_NAMES[member.grant.role]
    whose = "your own role" if member.person_id == desk.actor.person_id else f"the role of {member.name}"
    return desk.show(
        "people/withdraw_role.html",
        RolePage(
            title=f"Withdraw {whose} as {role}" + (f" for {member.place}" if member.place else ""),
            back=Link("Back", addresses.people(within)),
            name=member.name,
            address=member.email,
            role=role_words(member.grant.role),
            place=member.place,
            consequences=consequences(member, desk.actor),
            action=addresses.withdraw_role(within, membership_id),
            keep=addresses.people(within),
        ),
    )


def end_role(desk: Desk, within: Within, membership_id: UUID) -> Response:
    """Take a role away; whoever took it from themself begins where they are at home."""
    member = people.withdraw_role(desk.database, desk.actor, within, membership_id, desk.now)
    is_own = member.person_id == desk.actor.person_id
    return RedirectResponse(paths.ASSESSMENTS if is_own else addresses.people(within), 303)


@dataclass(frozen=True, slots=True)
class Plan:
    """One form that invites one person: what it says, and what there is to choose."""

    title: str
    lead: str
    place: str
    action: str
    back: str
    roles: tuple[Role, ...]
    organisations: tuple[tuple[UUID, str], ...] | None = None
    """To choose from, with the partnerships; `None` where the place is given."""
    partnerships: tuple[tuple[UUID, str], ...] = ()


def show_invite_form(
    desk: Desk, plan: Plan, form: Form | None = None, errors: tuple[FieldError, ...] = ()
) -> HTMLResponse:
    """Show the form, filled with what was typed where something is wrong with it."""
    given = form or Form({})
    return desk.show(
        "people/invite.html",
        InvitePage(
            title=plan.title,
            back=Link("Back", plan.back),
            errors=errors,
            place=plan.place,
            lead=plan.lead,
            email=given.get("email"),
            name=given.get("name"),
            roles=role_choices(plan.roles, given.get("role")) if len(plan.roles) > 1 else (),
            asks_place=plan.organisations is not None,
            organisation=given.get("organisation"),
            organisations=tuple(name for _, name in plan.organisations or ()),
            partnership=given.get("partnership"),
            partnerships=tuple(name for _, name in plan.partnerships),
            action=plan.action,
        ),
        422 if errors else 200,
    )


def take_invite_form(desk: Desk, within: Within, plan: Plan, form: Form, place: Within) -> Response:
    """Invite whom a form names to its place, or show what is wrong with it."""
    role = find_role(plan, form)
    errors = find_faults(form)
    if role is None:
        errors.append(FieldError("role", "Choose a role"))
    if errors or role is None:
        return show_invite_form(desk, plan, form, tuple(errors))
    offer = make_offer(form.get("email"), form.get("name"), role, place.organisation_id, place.partnership_id)
    outcome = inviting.invite(desk.database, desk.actor, offer, desk.now, desk.keys, within)
    if outcome is Outcome.HAS_ROLE:
        return show_invite_form(desk, plan, form, (FieldError("email", HAS_ROLE),))
    return RedirectResponse(plan.back, 303)


def find_role(plan: Plan, form: Form) -> Role | None:
    """Find the role that was chosen, or the only one there is."""
    if len(plan.roles) == 1:
        return plan.roles[0]
    return next((role for role in plan.roles if role.value == form.get("role")), None)


def find_faults(form: Form) -> list[FieldError]:
    """Say what is wrong with the address and the name of a form."""
    found = {
        "email": find_address_fault(clean_address(form.get("email"))),
        "name": find_name_fault(tidy_name(form.get("name"))),
    }
    return [FieldError(field, text) for field, text in found.items() if text]


def back_to(within: Within, organisation_id: UUID | None) -> str:
    """Give the page on which an invitation stands."""
    if within.partnership_id and organisation_id:
        return addresses.organisation(within.partnership_id, organisation_id)
    return addresses.people(within) if within != EVERYWHERE else addresses.SET_UP_INVITATIONS
