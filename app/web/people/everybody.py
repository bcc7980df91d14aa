"""Everybody with a role, and every invitation, for central administrators."""

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response

from app.domain.access import Grant, Reach
from app.domain.inviting import OFFERED_IN, Invitation, Member, Within
from app.domain.organisations import fold_name, suggest
from app.domain.values import in_quotes
from app.renderings.words import count
from app.services import people
from app.web import paths
from app.web.central.lists import PageQuery, WordsQuery, tidy_words
from app.web.forms import NO_FIELDS, Form, reads
from app.web.pages import FieldError, Link
from app.web.people import addresses
from app.web.people.desk import (
    EVERYWHERE,
    Desk,
    DeskDep,
    Plan,
    end_invitation,
    end_role,
    find_faults,
    find_role,
    send_invitation_again,
    show_invitation,
    show_invite_form,
    show_role,
    take_invite_form,
)
from app.web.people.pages import EverybodyPage, PersonGroup
from app.web.people.rows import invitation_row, member_row
from app.web.routing import make_router

router = make_router()

InviteForm = Annotated[Form, Depends(reads("email", "name", "role", "organisation", "partnership"))]
PEOPLE = addresses.people(EVERYWHERE)
ROLE = f"{PEOPLE}/{{membership_id}}/withdraw"
INVITATION = f"{addresses.SET_UP_INVITATIONS}/{{invitation_id}}"
ROLES = tuple(role for roles in OFFERED_IN.values() for role in roles)


@router.get(PEOPLE)
def people_page(desk: DeskDep, search: WordsQuery = "", page: PageQuery = 1) -> HTMLResponse:
    """Central administrators: everybody with a role."""
    listing = Listing(
        title="People",
        lead="Everybody with a role.",
        one="role",
        empty="Nobody has a role yet.",
        path=PEOPLE,
        other=Link("Invitations that wait", addresses.SET_UP_INVITATIONS),
    )
    words = tidy_words(search)
    found, everything = people.search(desk.database, desk.actor, words, page)
    by_person = [[*group] for _, group in groupby(found, key=lambda member: member.person_id)]
    shown = Shown(tuple(map(_make_group, by_person)), words, page, len(found), everything)
    return _show(desk, listing, shown)


@router.get(addresses.SET_UP_INVITATIONS)
def invitations_page(desk: DeskDep, search: WordsQuery = "", page: PageQuery = 1) -> HTMLResponse:
    """Central administrators: every invitation that waits."""
    listing = Listing(
        title="Invitations",
        lead="Every invitation that is not accepted yet.",
        one="invitation",
        empty="No invitation waits.",
        path=addresses.SET_UP_INVITATIONS,
        other=Link("Everybody with a role", PEOPLE),
    )
    words = tidy_words(search)
    found, everything = people.search_invitations(desk.database, desk.actor, words, page)
    rows = tuple(_make_invitation_group(each, desk) for each in found)
    return _show(desk, listing, Shown(rows, words, page, len(found), everything))


@dataclass(frozen=True, slots=True)
class Listing:
    """What tells the two lists apart."""

    title: str
    lead: str
    empty: str
    path: str
    other: Link
    one: str
    """What is counted."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of a list."""

    groups: tuple[PersonGroup, ...]
    words: str
    """That were searched for."""
    page: int
    """From 1."""
    number: int
    """How many there are on this page."""
    everything: int
    """How many there are on all pages."""


def _show(desk: Desk, listing: Listing, shown: Shown) -> HTMLResponse:
    def place(number: int) -> str:
        query = {"search": shown.words, "page": number} if shown.words else {"page": number}
        return f"{listing.path}?{urlencode(query)}"

    return desk.show(
        "people/everybody.html",
        EverybodyPage(
            title=listing.title,
            back=Link("Back to the set-up", paths.SET_UP),
            lead=listing.lead,
            groups=shown.groups,
            number=_count_words(listing, shown),
            invite=addresses.invite(EVERYWHERE),
            import_=addresses.import_people(EVERYWHERE),
            other=listing.other,
            words=shown.words,
            action=listing.path,
            previous=place(shown.page - 1) if shown.page > 1 else "",
            next=place(shown.page + 1) if shown.page * people.PAGE < shown.everything else "",
            empty=listing.empty,
        ),
    )


def _count_words(listing: Listing, shown: Shown) -> str:
    """Say how many are shown, of how many."""
    if not shown.number:
        return ""
    if shown.number == shown.everything:
        return count(shown.everything, listing.one)
    first = (shown.page - 1) * people.PAGE + 1
    return f"{first:,} to {first + shown.number - 1:,} of {count(shown.everything, listing.one)}"


def _make_group(members: list[Member]) -> PersonGroup:
    rows = tuple(member_row(each, _find_home(each.grant)) for each in members)
    return PersonGroup(
        name=rows[0].name,
        address=rows[0].address,
        roles=tuple(
            replace(row, role=_with_place(row.role, each.place)) for row, each in zip(rows, members, strict=True)
        ),
    )


def _with_place(role: str, place: str) -> str:
    return f"{role}, {place}" if place else role


def _find_home(grant: Grant) -> Within:
    """Give the place whose page a role is on, so that there is one page to withdraw it."""
    return Within(grant.organisation_id, grant.partnership_id)


def _make_invitation_group(invitation: Invitation, desk: Desk) -> PersonGroup:
    row = invitation_row(invitation, _find_home(invitation.grant), desk.now)
    return PersonGroup(
        name=row.name, address=row.address, roles=(replace(row, role=_with_place(row.role, invitation.place)),)
    )


@router.get(f"{PEOPLE}/invite")
def invite_page(desk: DeskDep) -> HTMLResponse:
    """Central administrators: the form that invites anybody to any role."""
    return show_invite_form(desk, _make_plan(desk))


@router.post(f"{PEOPLE}/invite")
def invite(form: InviteForm, desk: DeskDep) -> Response:
    """Central administrators: invites anybody to any role."""
    plan = _make_plan(desk)
    place, errors = _find_place(plan, form)
    if errors:
        return show_invite_form(desk, plan, form, (*find_faults(form), *errors))
    return take_invite_form(desk, EVERYWHERE, plan, form, place)


def _make_plan(desk: Desk) -> Plan:
    organisations, partnerships = people.list_places(desk.database, desk.actor)
    return Plan(
        title="Invite somebody",
        lead="They get a mail with a link that works for 14 days.",
        place="",
        action=addresses.invite(EVERYWHERE),
        back=addresses.SET_UP_INVITATIONS,
        roles=ROLES,
        organisations=organisations,
        partnerships=partnerships,
    )


def _find_place(plan: Plan, form: Form) -> tuple[Within, tuple[FieldError, ...]]:
    """Find the place that belongs to the role that was chosen, by its name."""
    role = find_role(plan, form)
    if role in OFFERED_IN[Reach.ORGANISATION]:
        organisation_id, error = _find(plan.organisations or (), form.get("organisation"), "organisation")
        return Within(organisation_id=organisation_id), error
    if role in OFFERED_IN[Reach.PARTNERSHIP]:
        partnership_id, error = _find(plan.partnerships, form.get("partnership"), "partnership")
        return Within(partnership_id=partnership_id), error
    return EVERYWHERE, ()


def _find(known: tuple[tuple[UUID, str], ...], name: str, what: str) -> tuple[UUID | None, tuple[FieldError, ...]]:
    if not name:
        return None, (FieldError(what, f"Enter the {what} that the role is for"),)
    for place_id, its_name in known:
        if fold_name(its_name) == fold_name(name):
            return place_id, ()
    nearest = suggest(name, [its_name for _, its_name in known])
    return None, (FieldError(what, f"There is no {what} {in_quotes(name)}{nearest or '; add it first'}"),)


@router.get(INVITATION)
def invitation_page(desk: DeskDep, invitation_id: UUID) -> HTMLResponse:
    """Central administrators: one invitation that waits."""
    return show_invitation(desk, EVERYWHERE, invitation_id)


@router.post(f"{INVITATION}/send-again", dependencies=[NO_FIELDS])
def send_again(desk: DeskDep, invitation_id: UUID) -> Response:
    """Central administrators: sends an invitation with a new link, which ends the old one."""
    return send_invitation_again(desk, EVERYWHERE, invitation_id)


@router.post(f"{INVITATION}/withdraw", dependencies=[NO_FIELDS])
def withdraw_invitation(desk: DeskDep, invitation_id: UUID) -> Response:
    """Central administrators: ends an invitation at once."""
    return end_invitation(desk, EVERYWHERE, invitation_id)


@router.get(ROLE)
def role_page(desk: DeskDep, membership_id: UUID) -> HTMLResponse:
    """Central administrators: what happens when a role is withdrawn."""
    return show_role(desk, EVERYWHERE, membership_id)


@router.post(ROLE, dependencies=[NO_FIELDS])
def withdraw_role(desk: DeskDep, membership_id: UUID) -> Response:
    """Central administrators: withdraws a role at once."""
    return end_role(desk, EVERYWHERE, membership_id)
