"""Inviting an organisation into a partnership: one that is known, or a new one, together with whoever is to lead it."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain import organisations as naming
from app.domain.access import Actor, Deed, Grant, Role, check
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.inviting import Offer, Setting, can_offer, clean_address, find_address_fault, find_name_fault
from app.domain.organisations import OrganisationKind, fold_name, tidy_name
from app.domain.set_up import OrganisationRecord
from app.services import Database, auditing
from app.services.acting import acting
from app.services.inviting import Inviter, Outcome, load_setting, send_offers
from app.services.setting_up.refusals import FieldFault, Refused, refuse_field
from app.services.tokens import TokenKeys
from app.store import organisations, partnerships
from app.store.models import new_id


@dataclass(frozen=True, slots=True)
class OrganisationForm:
    """What a coordinator says of an organisation that is to join."""

    name: str
    kind: OrganisationKind | None
    """Of one that is new."""
    email: str
    """Of its lead; may be empty where it has one."""
    lead: str
    """What they call the lead; may be empty."""


@dataclass(frozen=True, slots=True)
class Joined:
    """The organisation that joined, and what came of inviting its lead: `None` where it leads itself."""

    organisation_id: UUID
    outcome: Outcome | None


def list_known(database: Database, actor: Actor, partnership_id: UUID) -> tuple[str, tuple[str, ...]]:
    """Give the name of a partnership, and those of the organisations that could join it."""
    check(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id)
    with database.reading() as session:
        partnership = partnerships.find_partnership(session, partnership_id)
        if partnership is None:
            raise NotFoundError("There is no such page")
        here = {m.organisation_id for m in partnerships.list_members(session, partnership_id) if m.left_at is None}
        known = (each for each in organisations.list_organisations(session) if each.id not in here)
        return partnership.name, tuple(each.name for each in known)


def invite_organisation(
    database: Database, actor: Actor, partnership_id: UUID, form: OrganisationForm, now: datetime, keys: TokenKeys
) -> Joined | Refused:
    """Let an organisation join, which is made where there is none of its name, and invite its lead.

    One that is led, or has begun anywhere, goes on choosing its leads itself.
    """
    check(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id)
    faults = _find_faults(form)
    if faults:
        return Refused(faults)
    with acting(database, actor) as session:
        if partnerships.lock_partnership(session, partnership_id) is None:
            raise NotFoundError("There is no such page")
        known = _find_known(session, form.name)
        if known is None and form.kind is None:
            return refuse_field("kind", "Choose what kind of organisation it is, as it is new here")
        refusal = _find_refusal(session, actor, partnership_id, known, form.email)
        if refusal:
            return refusal
        organisation = known or _add(session, form)
        if organisation is None:
            return refuse_field("name", "Somebody else has just added an organisation of this name; try again")
        is_new_here = _join(session, partnership_id, organisation.id, now)
        outcome = None
        if form.email:
            grant = Grant(Role.LEAD, organisation_id=organisation.id)
            offer = Offer(clean_address(form.email), tidy_name(form.lead), grant)
            inviter = Inviter(actor.person_id, actor.name, partnership_id, actor)
            outcome = send_offers(session, inviter, (offer,), now, keys)[0].outcome
        if is_new_here:
            _record(session, Event.ORGANISATION_JOINED, actor, partnership_id, organisation, now)
        if known is None:
            _record(session, Event.ORGANISATION_SAVED, actor, partnership_id, organisation, now)
    return Joined(organisation.id, outcome)


def _find_faults(form: OrganisationForm) -> tuple[FieldFault, ...]:
    name_fault = naming.find_name_fault(tidy_name(form.name))
    found = {
        "name": "Enter the name of the organisation" if not form.name.strip() else name_fault,
        "email": find_address_fault(clean_address(form.email)) if form.email else "",
        "lead": find_name_fault(tidy_name(form.lead)),
    }
    return tuple(FieldFault(field, text[:1].upper() + text[1:]) for field, text in found.items() if text)


def _find_known(session: Session, name: str) -> OrganisationRecord | None:
    folded = fold_name(name)
    return next((each for each in organisations.list_organisations(session) if fold_name(each.name) == folded), None)


def _add(session: Session, form: OrganisationForm) -> OrganisationRecord | None:
    added = OrganisationRecord(new_id(), tidy_name(form.name), form.kind or OrganisationKind.OTHER)
    return added if organisations.add_organisations(session, [added]) else None


def _join(session: Session, partnership_id: UUID, organisation_id: UUID, now: datetime) -> bool:
    """Let an organisation join, or come back; says whether it was not there."""
    members = {each.organisation_id: each for each in partnerships.list_members(session, partnership_id)}
    if organisation_id not in members:
        partnerships.add_members(session, [(partnership_id, organisation_id)], now)
        return True
    return partnerships.take_back(session, partnership_id, organisation_id)


def _find_refusal(
    session: Session, actor: Actor, partnership_id: UUID, known: OrganisationRecord | None, email: str
) -> Refused | None:
    """Find why no lead, or only one that is named, can be invited once the organisation has joined."""
    before, grant = Setting(), Grant(Role.LEAD)
    if known:
        grant = Grant(Role.LEAD, organisation_id=known.id)
        before = load_setting(session, grant)
    setting = replace(before, partnerships=before.partnerships | {partnership_id}, ever=before.ever | {partnership_id})
    if known and email and not can_offer(actor, Offer(clean_address(email), "", grant), setting):
        return refuse_field(
            "email",
            f"{known.name} has begun, or somebody is invited to lead it, and it chooses its leads itself. "
            "Leave this empty: it will find your partnership among its assessments",
        )
    if not email and not setting.is_led and not setting.invited:
        return refuse_field("email", "Enter the email address of whoever is to lead its assessment")
    return None


def _record(
    session: Session,
    event: Event,
    actor: Actor,
    partnership_id: UUID,
    organisation: OrganisationRecord,
    now: datetime,
) -> None:
    auditing.record(
        session,
        event,
        actor.person_id,
        now,
        partnership_id=partnership_id,
        subject=f"organisation {organisation.id}",
        new=organisation.name,
    )
