"""Following rounds: who has come how far, and who is there to answer. Never an answer or a score."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain import access
from app.domain.access import Actor, Deed, Role
from app.domain.assessment import AssessmentStatus
from app.domain.audit import Event
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.inviting import Invitation, Member
from app.domain.records import AssessmentRecord, PartnershipProgress
from app.domain.times import UK
from app.services import Database, auditing, letters, mailing
from app.store import assessments, invitations, mails, memberships, partnerships, rounds

YOUR_ASSESSMENTS = "/assessments"
"""The page that a reminder leads to."""


@dataclass(frozen=True, slots=True)
class FollowedOrganisation:
    """One organisation of a partnership, and who is there to answer for it."""

    id: UUID
    name: str
    leads: tuple[Member, ...]
    invitations: tuple[Invitation, ...]
    """To be its lead, waiting."""


@dataclass(frozen=True, slots=True)
class FollowedAssessment:
    """How far one organisation has come in a round."""

    record: AssessmentRecord
    organisation: FollowedOrganisation
    can_remind: bool
    is_reminded: bool
    """Whether a coordinator has had it reminded today."""


@dataclass(frozen=True, slots=True)
class FollowedPartnership:
    """One partnership as its coordinators see it."""

    id: UUID
    name: str
    organisations: tuple[FollowedOrganisation, ...]
    """Those that have not left, by name."""
    assessments: tuple[FollowedAssessment, ...]
    """Of all rounds, those not started included; the round that closes last first."""
    coordinators: tuple[Member, ...]

    def get_organisation(self, organisation_id: UUID) -> FollowedOrganisation:
        """Give one of its organisations; raises `NotFoundError`."""
        for organisation in self.organisations:
            if organisation.id == organisation_id:
                return organisation
        raise NotFoundError("This organisation is not in the partnership")


def list_progress(database: Database, actor: Actor) -> tuple[PartnershipProgress, ...]:
    """List the partnerships of every round with how many organisations have come how far."""
    access.check(actor, Deed.FOLLOW_ROUNDS)
    with database.reading() as session:
        return rounds.list_progress(session)


def list_partnerships(database: Database, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """List id and name of the partnerships that the actor coordinates; raises `NotFoundError` where there is none."""
    theirs = actor.list_partnerships(Deed.FOLLOW_PARTNERSHIP)
    if not theirs:
        raise NotFoundError("There is no such page")
    with database.reading() as session:
        return tuple((each.id, each.name) for each in partnerships.list_partnerships(session) if each.id in theirs)


def get_partnership(database: Database, actor: Actor, partnership_id: UUID, now: datetime) -> FollowedPartnership:
    """Get who is in a partnership and how far they have come. Whoever looks from outside it is recorded."""
    access.check(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id)
    with database.reading() as session:
        partnership = partnerships.find_partnership(session, partnership_id)
    if partnership is None:
        raise NotFoundError("There is no such page")
    if partnership_id not in actor.list_partnerships(Deed.FOLLOW_PARTNERSHIP):
        auditing.record_view(database, actor, partnership_id, f"partnership {partnership_id}", now)
    with database.reading() as session:
        organisations = _list_organisations(session, partnership_id)
        records = assessments.list_records_of_partnership(session, partnership_id)
        known = {each.id: each for each in organisations}
        followed = [
            (record, known.get(record.organisation_id) or _remember(record.organisation_id, record.organisation))
            for record in records
        ]
        reminded = mails.find_written(session, [key for record, each in followed for key in _keys(record, each, now)])
        return FollowedPartnership(
            id=partnership_id,
            name=partnership.name,
            organisations=organisations,
            assessments=tuple(_follow(record, each, reminded, now) for record, each in followed),
            coordinators=memberships.list_members(session, partnerships=[partnership_id]),
        )


def remind(
    database: Database, actor: Actor, partnership_id: UUID, round_id: UUID, organisation_id: UUID, now: datetime
) -> None:
    """Mail a reminder to the leads of an organisation that want any, once a day at most."""
    followed = get_to_remind(database, actor, partnership_id, round_id, organisation_id, now)
    record, organisation = followed.record, followed.organisation
    letter = letters.asked(
        record.organisation, record.partnership, record.round, actor.name, record.window.ends_at, YOUR_ASSESSMENTS
    )
    with database.writing() as session:
        for lead, key in zip(organisation.leads, _keys(record, organisation, now), strict=True):
            if lead.wants_reminders:
                mailing.post(session, letter, lead.email, lead.person_id, now, key=key)
        auditing.record(
            session,
            Event.REMINDED,
            actor.person_id,
            now,
            partnership_id=partnership_id,
            subject=f"round {round_id} organisation {organisation_id}",
        )


def get_to_remind(
    database: Database, actor: Actor, partnership_id: UUID, round_id: UUID, organisation_id: UUID, now: datetime
) -> FollowedAssessment:
    """Get an assessment whose organisation can be reminded now; raises `NotAllowedNowError` where it cannot."""
    access.check(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id)
    partnership = get_partnership(database, actor, partnership_id, now)
    for each in partnership.assessments:
        if (each.record.round_id, each.record.organisation_id) == (round_id, organisation_id):
            if each.is_reminded:
                raise NotAllowedNowError("This organisation has been reminded today; try again tomorrow")
            if not each.can_remind:
                raise NotAllowedNowError("There is nobody to remind, or nothing left for them to do")
            return each
    raise NotFoundError("There is no such page")


def _list_organisations(session: Session, partnership_id: UUID) -> tuple[FollowedOrganisation, ...]:
    members = [each for each in partnerships.list_members(session, partnership_id) if each.left_at is None]
    ids = [each.organisation_id for each in members]
    leads: dict[UUID | None, list[Member]] = defaultdict(list)
    for member in memberships.list_members(session, organisations=ids):
        if member.grant.role is Role.LEAD:
            leads[member.grant.organisation_id].append(member)
    waiting: dict[UUID | None, list[Invitation]] = defaultdict(list)
    for invitation in invitations.list_waiting(session, organisations=ids):
        if invitation.grant.role is Role.LEAD:
            waiting[invitation.grant.organisation_id].append(invitation)
    return tuple(
        FollowedOrganisation(
            each.organisation_id, each.name, tuple(leads[each.organisation_id]), tuple(waiting[each.organisation_id])
        )
        for each in members
    )


def _remember(organisation_id: UUID, name: str) -> FollowedOrganisation:
    """Stand for an organisation that has left: nobody is invited for it any more."""
    return FollowedOrganisation(organisation_id, name, (), ())


def _follow(
    record: AssessmentRecord, organisation: FollowedOrganisation, reminded: frozenset[str], now: datetime
) -> FollowedAssessment:
    is_reminded = not reminded.isdisjoint(_keys(record, organisation, now))
    is_left = record.window.is_open(now) and record.status in {None, AssessmentStatus.IN_PROGRESS}
    can_remind = is_left and not is_reminded and any(lead.wants_reminders for lead in organisation.leads)
    return FollowedAssessment(record, organisation, can_remind=can_remind, is_reminded=is_reminded)


def _keys(record: AssessmentRecord, organisation: FollowedOrganisation, now: datetime) -> tuple[str, ...]:
    """Give what today's reminder to each lead is known by."""
    today = now.astimezone(UK).date().isoformat()
    return tuple(
        f"reminder:asked:{record.partnership_id}:{record.round_id}:{record.organisation_id}:{lead.person_id}:{today}"
        for lead in organisation.leads
    )
