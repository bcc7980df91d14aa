"""What belongs to a partnership: its footprint, and the organisations that join and leave."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.set_up import Member
from app.renderings.words import count
from app.services.setting_up import partnerships
from app.services.setting_up.partnerships import WholePartnership
from app.services.setting_up.refusals import FieldFault, Refused
from app.web.central import addresses
from app.web.central.forms import ChoicesForm, reads_choices
from app.web.central.organisations import ADD as ADD_ORGANISATION
from app.web.central.organisations import field_errors
from app.web.central.pages import FootprintPage, JoinPage, LeavePage, Option
from app.web.central.partnerships import PARTNERSHIP
from app.web.forms import Form, reads
from app.web.pages import Link, MessagePage
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.viewing import NOTES_VIEW

router = make_router()

JoinForm = Annotated[Form, Depends(reads("organisations"))]
LeaveForm = Annotated[Form, Depends(reads("followed", "follower"))]
AreasForm = Annotated[ChoicesForm, Depends(reads_choices("area", "areas"))]
LEAVE = PARTNERSHIP + "/organisations/{organisation_id}/leave"


@router.get(PARTNERSHIP + "/areas", dependencies=[NOTES_VIEW])
def footprint_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, partnership_id: UUID) -> HTMLResponse:
    """Central administrators: the areas of a partnership, to take away or add to."""
    found = partnerships.get(database, actor, partnership_id)
    return show("central/footprint.html", _footprint_page(found, tuple(code for code, _ in found.areas), ""))


@router.post(PARTNERSHIP + "/areas")
def set_footprint(
    sent: AreasForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, partnership_id: UUID
) -> Response:
    """Central administrators: sets the areas of a partnership."""
    typed = sent.form.get("areas")
    changed = partnerships.set_areas(database, actor, partnership_id, sent.chosen, typed, now)
    here = Link("Back to the partnership", addresses.partnership(partnership_id))
    if isinstance(changed, Refused):
        found = partnerships.get(database, actor, partnership_id)
        return show("central/footprint.html", _footprint_page(found, sent.chosen, typed, changed), 422)
    if changed.notes:
        notes = tuple(f"{note}." for note in changed.notes)
        return show("public/message.html", MessagePage(title="The areas are saved", paragraphs=notes, links=(here,)))
    return RedirectResponse(here.href, 303)


@router.get(PARTNERSHIP + "/organisations", dependencies=[NOTES_VIEW])
def join_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, partnership_id: UUID) -> HTMLResponse:
    """Central administrators: asks which organisations join a partnership."""
    found = partnerships.get(database, actor, partnership_id)
    return show("central/join.html", _join_page(found, ""))


@router.post(PARTNERSHIP + "/organisations")
def join(
    form: JoinForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now, partnership_id: UUID
) -> Response:
    """Central administrators: lets organisations join a partnership, or come back."""
    joined = partnerships.join(database, actor, partnership_id, form.get("organisations"), now)
    if isinstance(joined, Refused):
        found = partnerships.get(database, actor, partnership_id)
        return show("central/join.html", _join_page(found, form.get("organisations"), joined), 422)
    return RedirectResponse(addresses.partnership(partnership_id), 303)


@router.get(LEAVE, dependencies=[NOTES_VIEW])
def leave_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, partnership_id: UUID, organisation_id: UUID
) -> HTMLResponse:
    """Central administrators: what will happen when an organisation leaves, and which follows it."""
    found = partnerships.get(database, actor, partnership_id)
    return show("central/leave.html", _leave_page(found, found.get_member(organisation_id), "", ""))


@router.post(LEAVE)
def leave(
    form: LeaveForm,
    show: ShowDep,
    database: DatabaseDep,
    actor: ActorDep,
    now: Now,
    partnership_id: UUID,
    organisation_id: UUID,
) -> Response:
    """Central administrators: notes that an organisation has left, or was followed by another. Nothing is deleted."""
    followed, follower = form.get("followed"), form.get("follower")
    fault = _find_fault(followed, follower)
    if fault:
        left: partnerships.Changed | Refused = Refused((fault,))
    else:
        wanted = follower if followed == "yes" else ""
        left = partnerships.let_leave(database, actor, partnership_id, organisation_id, wanted, now)
    if isinstance(left, Refused):
        found = partnerships.get(database, actor, partnership_id)
        page = _leave_page(found, found.get_member(organisation_id), followed, follower, left)
        return show("central/leave.html", page, 422)
    return RedirectResponse(addresses.partnership(partnership_id), 303)


def _find_fault(followed: str, follower: str) -> FieldFault | None:
    if followed not in {"yes", "no"}:
        return FieldFault("followed", "Choose whether another organisation takes its place")
    if followed == "yes" and not follower:
        return FieldFault("follower", "Enter the name of the organisation that takes its place")
    return None


def _footprint_page(
    found: WholePartnership, kept: tuple[str, ...], typed: str, refused: Refused | None = None
) -> FootprintPage:
    return FootprintPage(
        title=f"Areas of {found.name}",
        back=Link("Back to the partnership", addresses.partnership(found.id)),
        errors=field_errors(refused),
        areas=tuple(Option(value=code, text=f"{name} ({code})", checked=code in kept) for code, name in found.areas),
        typed=typed,
        list=Link("list of areas", addresses.AREAS),
        action=f"{addresses.partnership(found.id)}/areas",
    )


def _join_page(found: WholePartnership, typed: str, refused: Refused | None = None) -> JoinPage:
    return JoinPage(
        title=f"Add organisations to {found.name}",
        back=Link("Back to the partnership", addresses.partnership(found.id)),
        errors=field_errors(refused),
        typed=typed,
        list=Link("list of organisations", addresses.ORGANISATIONS),
        add=ADD_ORGANISATION,
        action=f"{addresses.partnership(found.id)}/organisations",
    )


def _leave_page(
    found: WholePartnership, member: Member, followed: str, follower: str, refused: Refused | None = None
) -> LeavePage:
    return LeavePage(
        title=f"{member.name} leaves {found.name}",
        back=Link("Back to the partnership", addresses.partnership(found.id)),
        errors=field_errors(refused),
        consequences=_tell_consequences(member),
        choices=(
            Option(value="no", text="No, it leaves", checked=followed == "no"),
            Option(
                value="yes",
                text="Yes, it becomes part of another organisation, or is replaced by one",
                checked=followed == "yes",
            ),
        ),
        follower=follower,
        action=addresses.leaving(found.id, member.organisation_id),
        keep=addresses.partnership(found.id),
    )


def _tell_consequences(member: Member) -> tuple[str, ...]:
    """Say what happens to what the organisation has done: nothing of it is lost."""
    told = ["From now on it is not asked to assess itself in this partnership."]
    if member.submitted:
        subject = count(member.submitted, "assessment")
        stay = "stays and counts as it was" if member.submitted == 1 else "stay and count as they were"
        told.append(f"{subject} it submitted {stay}.")
    if member.in_progress:
        told.append(
            f"{count(member.in_progress, 'assessment')} in progress can no longer be answered or submitted. "
            "Its people can still read every answer."
        )
    if not member.submitted and not member.in_progress:
        told.append("It has not started an assessment here, so no answers are affected.")
    offered = ", and is offered these answers to confirm one by one" if member.submitted or member.in_progress else ""
    told.append(f"If another organisation takes its place, that one joins the partnership{offered}.")
    told.append("It can join again later; then everything is as it was.")
    return tuple(told)
