"""Inviting into a partnership: an organisation, a lead of one, or another coordinator."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.access import Deed, Role, check
from app.domain.inviting import Within
from app.domain.organisations import KIND_WORDS, OrganisationKind
from app.services import following, joining, people
from app.services.inviting import Outcome
from app.services.joining import Joined, OrganisationForm
from app.services.setting_up.refusals import Refused, refuse_field
from app.web.forms import NO_FIELDS, Form, reads
from app.web.pages import FieldError, Link
from app.web.partnership.pages import InviteOrganisationPage, KindChoice
from app.web.people import addresses
from app.web.people.desk import (
    HAS_ROLE,
    Desk,
    DeskDep,
    PartnershipDep,
    Plan,
    end_invitation,
    end_role,
    send_invitation_again,
    show_invitation,
    show_invite_form,
    show_role,
    take_invite_form,
)
from app.web.people.pages import PeoplePage
from app.web.people.rows import invitation_row, member_row
from app.web.routing import make_router
from app.web.viewing import NOTES_VIEW

router = make_router()

PARTNERSHIP = addresses.IN_PARTNERSHIP
LEAD = f"{PARTNERSHIP}/organisations/{{organisation_id}}/invite"
PEOPLE = f"{PARTNERSHIP}/people"
ROLE = f"{PEOPLE}/{{membership_id}}/withdraw"
INVITATION = f"{PARTNERSHIP}/invitations/{{invitation_id}}"
OrganisationInviteForm = Annotated[Form, Depends(reads("name", "kind", "email", "lead"))]
InviteForm = Annotated[Form, Depends(reads("email", "name"))]
MAIL_WORDS = "They get a mail with a link that works for 14 days."


@router.get(f"{PARTNERSHIP}/invite-organisation", dependencies=[NOTES_VIEW])
def invite_organisation_page(desk: DeskDep, partnership_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: the form that invites an organisation and its lead."""
    return _show_organisation_form(desk, partnership_id, Form({}))


@router.post(f"{PARTNERSHIP}/invite-organisation")
def invite_organisation(form: OrganisationInviteForm, desk: DeskDep, partnership_id: UUID) -> Response:
    """Coordinators of the partnership: lets an organisation join, and invites its lead."""
    kind = form.get("kind")
    asked = OrganisationForm(
        name=form.get("name"),
        kind=OrganisationKind(kind) if kind in set(OrganisationKind) else None,
        email=form.get("email"),
        lead=form.get("lead"),
    )
    result = joining.invite_organisation(desk.database, desk.actor, partnership_id, asked, desk.now, desk.keys)
    if isinstance(result, Joined) and result.outcome is Outcome.HAS_ROLE:
        result = refuse_field("email", f"{HAS_ROLE}. The organisation is in the partnership now")
    if isinstance(result, Refused):
        return _show_organisation_form(desk, partnership_id, form, result)
    return RedirectResponse(addresses.organisation(partnership_id, result.organisation_id), 303)


def _show_organisation_form(
    desk: Desk, partnership_id: UUID, form: Form, refused: Refused | None = None
) -> HTMLResponse:
    name, known = joining.list_known(desk.database, desk.actor, partnership_id)
    return desk.show(
        "partnership/invite_organisation.html",
        InviteOrganisationPage(
            title=f"Invite an organisation into {name}",
            back=Link("Back to the partnership", addresses.partnership(partnership_id)),
            errors=tuple(FieldError(fault.field, fault.text) for fault in refused.faults) if refused else (),
            partnership=name,
            name=form.get("name"),
            known=known,
            kinds=tuple(
                KindChoice(value=kind.value, text=words, selected=kind.value == form.get("kind"))
                for kind, words in KIND_WORDS.items()
            ),
            email=form.get("email"),
            lead=form.get("lead"),
            action=addresses.invite_organisation(partnership_id),
        ),
        422 if refused else 200,
    )


@router.get(LEAD, dependencies=[NOTES_VIEW])
def invite_lead_page(desk: DeskDep, partnership_id: UUID, organisation_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: the form that invites a lead of one of its organisations."""
    return show_invite_form(desk, _plan_lead(desk, partnership_id, organisation_id))


@router.post(LEAD)
def invite_lead(
    form: InviteForm, desk: DeskDep, within: PartnershipDep, partnership_id: UUID, organisation_id: UUID
) -> Response:
    """Coordinators of the partnership: invites a lead of one of its organisations."""
    plan = _plan_lead(desk, partnership_id, organisation_id)
    return take_invite_form(desk, within, plan, form, Within(organisation_id=organisation_id))


def _plan_lead(desk: Desk, partnership_id: UUID, organisation_id: UUID) -> Plan:
    found = following.get_partnership(desk.database, desk.actor, partnership_id, desk.now)
    check(desk.actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id)
    organisation = found.get_organisation(organisation_id)
    return Plan(
        title=f"Invite a lead of {organisation.name}",
        lead=f"A lead answers for the organisation, shares the work with colleagues, and submits. {MAIL_WORDS}",
        place=found.name,
        action=addresses.invite_lead(partnership_id, organisation_id),
        back=addresses.organisation(partnership_id, organisation_id),
        roles=(Role.LEAD,),
    )


@router.get(PEOPLE, dependencies=[NOTES_VIEW])
def people_page(desk: DeskDep, within: PartnershipDep, partnership_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: its coordinators, and who is invited to be one."""
    found = people.list_coordinators(desk.database, desk.actor, partnership_id)
    return desk.show(
        "people/people.html",
        PeoplePage(
            title=f"Coordinators of {found.name}",
            back=Link("Back to the partnership", addresses.partnership(partnership_id)),
            place=found.name,
            lead="Coordinators invite organisations, see who has submitted, and run the meeting once all have.",
            members=tuple(member_row(each, within) for each in found.members),
            invitations=tuple(invitation_row(each, within, desk.now) for each in found.invitations),
            nobody="Nobody coordinates this partnership yet. Invite somebody to.",
            invite=Link("Invite a coordinator", addresses.invite(within)),
            import_=Link("Invite many people from a file", addresses.import_people(within)),
        ),
    )


@router.get(f"{PEOPLE}/invite", dependencies=[NOTES_VIEW])
def invite_page(desk: DeskDep, within: PartnershipDep, partnership_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: the form that invites another coordinator."""
    return show_invite_form(desk, _plan_coordinator(desk, within, partnership_id))


@router.post(f"{PEOPLE}/invite")
def invite(form: InviteForm, desk: DeskDep, within: PartnershipDep, partnership_id: UUID) -> Response:
    """Coordinators of the partnership: invites another coordinator."""
    return take_invite_form(desk, within, _plan_coordinator(desk, within, partnership_id), form, within)


def _plan_coordinator(desk: Desk, within: Within, partnership_id: UUID) -> Plan:
    name = people.list_coordinators(desk.database, desk.actor, partnership_id).name
    return Plan(
        title=f"Invite a coordinator of {name}",
        lead=f"A coordinator invites organisations, sees who has submitted, and runs the meeting. {MAIL_WORDS}",
        place=name,
        action=addresses.invite(within),
        back=addresses.people(within),
        roles=(Role.COORDINATOR,),
    )


@router.get(INVITATION, dependencies=[NOTES_VIEW])
def invitation_page(desk: DeskDep, within: PartnershipDep, invitation_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: one invitation that waits."""
    return show_invitation(desk, within, invitation_id)


@router.post(f"{INVITATION}/send-again", dependencies=[NO_FIELDS])
def send_again(desk: DeskDep, within: PartnershipDep, invitation_id: UUID) -> Response:
    """Coordinators of the partnership: sends an invitation with a new link, which ends the old one."""
    return send_invitation_again(desk, within, invitation_id)


@router.post(f"{INVITATION}/withdraw", dependencies=[NO_FIELDS])
def withdraw_invitation(desk: DeskDep, within: PartnershipDep, invitation_id: UUID) -> Response:
    """Coordinators of the partnership: ends an invitation at once."""
    return end_invitation(desk, within, invitation_id)


@router.get(ROLE, dependencies=[NOTES_VIEW])
def role_page(desk: DeskDep, within: PartnershipDep, membership_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: what happens when a coordinator's role is withdrawn."""
    return show_role(desk, within, membership_id)


@router.post(ROLE, dependencies=[NO_FIELDS])
def withdraw_role(desk: DeskDep, within: PartnershipDep, membership_id: UUID) -> Response:
    """Coordinators of the partnership: withdraws a coordinator's role at once."""
    return end_role(desk, within, membership_id)
