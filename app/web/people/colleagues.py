"""The people of an organisation, for its leads."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.access import Reach
from app.domain.inviting import OFFERED_IN, Within
from app.services import people
from app.web.forms import NO_FIELDS, Form, reads
from app.web.navigation import find_home
from app.web.pages import Link
from app.web.people import addresses
from app.web.people.desk import (
    Desk,
    DeskDep,
    OrganisationDep,
    Plan,
    end_invitation,
    end_role,
    send_invitation_again,
    show_invitation,
    show_invite_form,
    show_role,
    take_invite_form,
)
from app.web.people.pages import OrganisationsPage, PeoplePage
from app.web.people.rows import invitation_row, member_row
from app.web.routing import make_router

router = make_router()

InviteForm = Annotated[Form, Depends(reads("email", "name", "role"))]
PEOPLE = f"{addresses.IN_ORGANISATION}/people"
ROLE = f"{PEOPLE}/{{membership_id}}/withdraw"
INVITATION = f"{addresses.IN_ORGANISATION}/invitations/{{invitation_id}}"


@router.get(addresses.ORGANISATIONS)
def organisations_page(desk: DeskDep) -> Response:
    """Leads of the organisation: the organisations whose people they manage; the one there is opens at once."""
    managed = people.list_managed_organisations(desk.database, desk.actor)
    links = tuple(Link(name, addresses.people(Within(organisation_id=each))) for each, name in managed)
    if len(links) == 1:
        return RedirectResponse(links[0].href, 303)
    return desk.show("people/organisations.html", OrganisationsPage(title="Colleagues", organisations=links))


@router.get(PEOPLE)
def people_page(desk: DeskDep, within: OrganisationDep, organisation_id: UUID) -> HTMLResponse:
    """Leads of the organisation: its people with their roles, and who is invited."""
    found = people.list_colleagues(desk.database, desk.actor, organisation_id)
    return desk.show(
        "people/people.html",
        PeoplePage(
            title=f"People of {found.name}",
            back=Link("Back", find_home(desk.actor)),
            place=found.name,
            lead="Whoever you invite gets a mail with a link, and can begin at once.",
            members=tuple(member_row(each, within) for each in found.members),
            invitations=tuple(invitation_row(each, within, desk.now) for each in found.invitations),
            nobody="Nobody has a role here yet. Invite a lead first: leads answer and invite their colleagues.",
            invite=Link("Invite a colleague", addresses.invite(within)),
            import_=None,
        ),
    )


@router.get(f"{PEOPLE}/invite")
def invite_page(desk: DeskDep, within: OrganisationDep, organisation_id: UUID) -> HTMLResponse:
    """Leads of the organisation: the form that invites a colleague."""
    return show_invite_form(desk, _make_plan(desk, within, organisation_id))


@router.post(f"{PEOPLE}/invite")
def invite(form: InviteForm, desk: DeskDep, within: OrganisationDep, organisation_id: UUID) -> Response:
    """Leads of the organisation: invites a colleague."""
    return take_invite_form(desk, within, _make_plan(desk, within, organisation_id), form, within)


def _make_plan(desk: Desk, within: Within, organisation_id: UUID) -> Plan:
    name = people.list_colleagues(desk.database, desk.actor, organisation_id).name
    return Plan(
        title=f"Invite a colleague to {name}",
        lead="They get a mail with a link that works for 14 days. If the address is mistyped, withdraw the invitation.",
        place=name,
        action=addresses.invite(within),
        back=addresses.people(within),
        roles=OFFERED_IN[Reach.ORGANISATION],
    )


@router.get(INVITATION)
def invitation_page(desk: DeskDep, within: OrganisationDep, invitation_id: UUID) -> HTMLResponse:
    """Leads of the organisation: one invitation that waits."""
    return show_invitation(desk, within, invitation_id)


@router.post(f"{INVITATION}/send-again", dependencies=[NO_FIELDS])
def send_again(desk: DeskDep, within: OrganisationDep, invitation_id: UUID) -> Response:
    """Leads of the organisation: sends an invitation with a new link, which ends the old one."""
    return send_invitation_again(desk, within, invitation_id)


@router.post(f"{INVITATION}/withdraw", dependencies=[NO_FIELDS])
def withdraw_invitation(desk: DeskDep, within: OrganisationDep, invitation_id: UUID) -> Response:
    """Leads of the organisation: ends an invitation at once."""
    return end_invitation(desk, within, invitation_id)


@router.get(ROLE)
def role_page(desk: DeskDep, within: OrganisationDep, membership_id: UUID) -> HTMLResponse:
    """Leads of the organisation: what happens when a colleague's role is withdrawn."""
    return show_role(desk, within, membership_id)


@router.post(ROLE, dependencies=[NO_FIELDS])
def withdraw_role(desk: DeskDep, within: OrganisationDep, membership_id: UUID) -> Response:
    """Leads of the organisation: withdraws a colleague's role at once."""
    return end_role(desk, within, membership_id)
