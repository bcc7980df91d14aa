"""A partnership for its coordinators: who has come how far, who is invited, and reminding them."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from uuid import UUID

from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.domain.access import Actor, Deed, can
from app.domain.assessment import AssessmentStatus, can_sign_off, is_final
from app.domain.inviting import Invitation, Within
from app.domain.rounds import SignOff
from app.domain.times import date_words
from app.renderings.words import count, join
from app.services import chasing, following, inviting
from app.services.following import FollowedAssessment, FollowedOrganisation, FollowedPartnership
from app.services.other_systems import Extent, Reaching, list_reaching
from app.web import paths
from app.web.forms import NO_FIELDS
from app.web.navigation import find_home
from app.web.pages import Link
from app.web.partner.statuses import describe_status
from app.web.partnership.life import list_actions
from app.web.partnership.pages import (
    OrganisationPage,
    OrganisationRow,
    PartnershipPage,
    PartnershipsPage,
    RemindPage,
    RoundRows,
    SystemRow,
)
from app.web.people import addresses
from app.web.people.desk import DeskDep, PartnershipDep
from app.web.people.rows import invitation_row, member_row
from app.web.routing import make_router
from app.web.together import addresses as together
from app.web.words import moment_words

router = make_router()

PARTNERSHIP = addresses.IN_PARTNERSHIP
ORGANISATION = f"{PARTNERSHIP}/organisations/{{organisation_id}}"
REMIND = f"{PARTNERSHIP}/rounds/{{round_id}}/organisations/{{organisation_id}}/remind"

EXTENT_WORDS = {
    Extent.ALL: "the results of every organisation",
    Extent.CLOSED: "the results of every organisation, once a round has closed",
    Extent.OWN: "what their own organisation has submitted",
}


@router.get(addresses.PARTNERSHIPS)
def partnerships_page(desk: DeskDep) -> Response:
    """Coordinators of the partnership: the partnerships they coordinate; the one there is opens at once."""
    theirs = following.list_partnerships(desk.database, desk.actor)
    links = tuple(Link(name, addresses.partnership(each)) for each, name in theirs)
    if len(links) == 1:
        return RedirectResponse(links[0].href, 303)
    return desk.show("partnership/partnerships.html", PartnershipsPage(title="Your partnerships", partnerships=links))


@router.get(PARTNERSHIP)
def partnership_page(desk: DeskDep, partnership_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: how far each organisation has come in each round, and who is invited."""
    found = following.get_partnership(desk.database, desk.actor, partnership_id, desk.now)
    within = Within(partnership_id=partnership_id)
    coordinators = join([each.name for each in found.coordinators])
    groups = [[*group] for _, group in groupby(found.assessments, key=lambda each: each.record.round_id)]
    return desk.show(
        "partnership/partnership.html",
        PartnershipPage(
            title=f"{found.name}: who has come how far",
            back=_find_back(desk.actor),
            rounds=tuple(
                _make_round(group, desk.actor, desk.now) for group in groups if not _is_closed(group, desk.now)
            ),
            closed=tuple(_make_round(group, desk.actor, desk.now) for group in groups if _is_closed(group, desk.now)),
            organisations=tuple(_make_row(found, each, desk.now) for each in found.organisations),
            coordinators=f"Coordinated by {coordinators}." if coordinators else "Nobody coordinates it yet.",
            plan=_find_plan(desk.actor, groups, partnership_id, desk.now),
            invite_organisation=addresses.invite_organisation(partnership_id),
            import_=addresses.import_people(within),
            people=addresses.people(within),
            systems=tuple(
                _make_system(each) for each in list_reaching(desk.database, desk.actor, partnership_id, desk.now)
            ),
            waiting=chasing.count_waiting(desk.database, desk.actor, partnership_id, desk.now),
            send_again=addresses.send_all_again(partnership_id),
        ),
    )


@router.post(f"{PARTNERSHIP}/invitations/send-again", dependencies=[NO_FIELDS])
def send_all_again(desk: DeskDep, partnership_id: UUID) -> Response:
    """Coordinators of the partnership: sends the invitation again to all who have not accepted, once a day at most."""
    chasing.send_again(desk.database, desk.actor, partnership_id, desk.now, desk.keys)
    return RedirectResponse(addresses.partnership(partnership_id), 303)


def _make_system(each: Reaching) -> SystemRow:
    added = f"Added by {each.maker} on {date_words(each.since)}"
    return SystemRow(name=each.name, text=f"{added}. May pull {EXTENT_WORDS[each.extent]}")


def _find_plan(actor: Actor, groups: list[list[FollowedAssessment]], partnership_id: UUID, now: datetime) -> str:
    """Give the action plan, once a round has a report for those who coordinate."""
    has_report = any(
        any(each.record.submissions for each in group)
        and (
            group[0].record.window.closes_at <= now
            or all(each.record.submissions or each.record.window.left_at for each in group)
        )
        for group in groups
    )
    is_for = can(actor, Deed.SEE_TOGETHER, partnership_id=partnership_id)
    return together.actions(partnership_id) if has_report and is_for else ""


def _find_back(actor: Actor) -> Link | None:
    """Lead to the list, where there is one."""
    if can(actor, Deed.SET_UP):
        return Link("Back", find_home(actor))
    theirs = actor.list_partnerships(Deed.FOLLOW_PARTNERSHIP)
    return Link("Back to your partnerships", addresses.PARTNERSHIPS) if len(theirs) > 1 else None


def _is_closed(followed: list[FollowedAssessment], now: datetime) -> bool:
    """Say whether a round is over for everybody, those who may enter late included."""
    return all(each.record.window.ends_at <= now for each in followed)


def _make_round(followed: list[FollowedAssessment], actor: Actor, now: datetime) -> RoundRows:
    record = followed[0].record
    done = sum(is_final(each.record.sign_off, each.record.status) for each in followed)
    opens, closes = record.window.opens_at, record.window.closes_at
    when = f"Opens at {moment_words(opens)}. " if now < opens else ""
    return RoundRows(
        title=record.round,
        detail=f"{when}{'Closed' if now >= closes else 'Closes'} at {moment_words(closes)}.",
        summary=f"{done} of {count(len(followed), 'organisation')} finished",
        report=_find_report(followed, actor, now),
        rows=tuple(_make_assessment_row(each, actor, now) for each in followed),
    )


def _find_report(followed: list[FollowedAssessment], actor: Actor, now: datetime) -> str:
    """Lead to the partnership report where it is open to those who coordinate: all are in, or the round has closed."""
    record = followed[0].record
    submitted = [each.record.submissions > 0 for each in followed]
    asked = [each.record.submissions > 0 for each in followed if each.record.window.left_at is None]
    if not can(actor, Deed.SEE_TOGETHER, partnership_id=record.partnership_id):
        return ""
    is_open = any(submitted) and (all(asked) or now >= record.window.closes_at)
    return together.report(record.partnership_id, record.round_id) if is_open else ""


def _make_assessment_row(each: FollowedAssessment, actor: Actor, now: datetime) -> OrganisationRow:
    record = each.record
    links = []
    if each.can_remind:
        path = addresses.remind(record.partnership_id, record.round_id, record.organisation_id)
        links.append(Link("Remind", path))
    if not (each.organisation.leads or each.organisation.invitations) and record.window.ends_at > now:
        links.append(Link("Invite a lead", addresses.invite_lead(record.partnership_id, record.organisation_id)))
    links += _list_chases(record.partnership_id, each.organisation)
    late = None if record.window.left_at else record.window.late_until
    return OrganisationRow(
        name=Link(record.organisation, addresses.organisation(record.partnership_id, record.organisation_id)),
        people=_people_words(each.organisation, now),
        detail=". ".join(
            (
                *(["Has left the partnership"] if record.window.left_at else []),
                *(["Reminded in the last 24 hours"] if each.is_reminded else []),
                *(["Nobody can sign off yet"] if record.window.ends_at > now and _nobody_signs_off(each) else []),
                *([f"May enter late until {moment_words(late)}"] if late and late > now else []),
            )
        ),
        tag=describe_status(record, now),
        actions=(*links, *list_actions(actor, record, now)),
    )


def _make_row(found: FollowedPartnership, organisation: FollowedOrganisation, now: datetime) -> OrganisationRow:
    is_empty = not (organisation.leads or organisation.invitations)
    invite = Link("Invite a lead", addresses.invite_lead(found.id, organisation.id))
    return OrganisationRow(
        name=Link(organisation.name, addresses.organisation(found.id, organisation.id)),
        people=_people_words(organisation, now),
        detail="",
        tag=None,
        actions=(invite,) if is_empty else _list_chases(found.id, organisation),
    )


def _list_chases(partnership_id: UUID, organisation: FollowedOrganisation) -> tuple[Link, ...]:
    """Lead to sending again what waits, where nobody leads an organisation yet."""
    if organisation.leads or not organisation.invitations:
        return ()
    if len(organisation.invitations) > 1:
        return (Link("Send again", addresses.organisation(partnership_id, organisation.id)),)
    within = Within(partnership_id=partnership_id)
    return (Link("Send again", addresses.invitation(within, organisation.invitations[0].id)),)


def _people_words(organisation: FollowedOrganisation, now: datetime) -> str:
    """Say who is there to answer, or who is invited."""
    said = []
    if organisation.leads:
        said.append(
            f"{_count(organisation.leads, 'Lead', 'Leads')}: {join([lead.name for lead in organisation.leads])}"
        )
    if organisation.invitations:
        said += [f"{each.name or each.email}: {_waiting_words(each, now)}" for each in organisation.invitations]
    return ". ".join(said) or "Nobody is invited yet"


def _waiting_words(invitation: Invitation, now: datetime) -> str:
    end = date_words(invitation.expires_at)
    return f"invited, not accepted ({'ran out on' if invitation.expires_at <= now else 'until'} {end})"


def _nobody_signs_off(each: FollowedAssessment) -> bool:
    """Say whether an organisation comes to a stand, or stands, for want of a certifier."""
    record = each.record
    if record.sign_off is SignOff.NOBODY or is_final(record.sign_off, record.status):
        return False
    submitter = record.submitted_by_id if record.status is AssessmentStatus.SUBMITTED else None
    return not any(can_sign_off(record.sign_off, submitter, person) for person in each.organisation.certifiers)


def _count(things: Iterable[object], one: str, many: str) -> str:
    return one if len([*things]) == 1 else many


@router.get(ORGANISATION)
def organisation_page(
    desk: DeskDep, within: PartnershipDep, partnership_id: UUID, organisation_id: UUID
) -> HTMLResponse:
    """Coordinators of the partnership: who leads one of its organisations, and who is invited to."""
    found = following.get_partnership(desk.database, desk.actor, partnership_id, desk.now)
    organisation = found.get_organisation(organisation_id)
    return desk.show(
        "partnership/organisation.html",
        OrganisationPage(
            title=f"{organisation.name}, in {found.name}",
            back=Link("Back to the partnership", addresses.partnership(partnership_id)),
            partnership=found.name,
            leads=tuple(member_row(each, within, can_withdraw=False) for each in organisation.leads),
            invitations=tuple(invitation_row(each, within, desk.now) for each in organisation.invitations),
            invite=addresses.invite_lead(partnership_id, organisation_id)
            if inviting.can_invite_lead(desk.database, desk.actor, organisation_id)
            else "",
        ),
    )


@router.get(REMIND)
def remind_page(desk: DeskDep, partnership_id: UUID, round_id: UUID, organisation_id: UUID) -> HTMLResponse:
    """Coordinators of the partnership: who would be reminded."""
    followed = following.get_to_remind(desk.database, desk.actor, partnership_id, round_id, organisation_id, desk.now)
    record = followed.record
    return desk.show(
        "partnership/remind.html",
        RemindPage(
            title=f"Remind {record.organisation}",
            back=Link("Back to the partnership", addresses.partnership(partnership_id)),
            round=record.round,
            people=tuple(lead.name for lead in followed.organisation.leads if lead.wants_reminders),
            closes=moment_words(record.window.ends_at),
            action=addresses.remind(partnership_id, round_id, organisation_id),
            keep=addresses.partnership(partnership_id),
        ),
    )


@router.post(REMIND, dependencies=[NO_FIELDS])
def remind(desk: DeskDep, partnership_id: UUID, round_id: UUID, organisation_id: UUID) -> Response:
    """Coordinators of the partnership: mails a reminder to the leads of an organisation, once a day at most."""
    following.remind(desk.database, desk.actor, partnership_id, round_id, organisation_id, desk.now)
    return RedirectResponse(paths.partnership(partnership_id), 303)
