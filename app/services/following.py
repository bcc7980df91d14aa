"""Following a partnership: who has come how far, and who is there to answer. Never an answer or a score."""

from collections import defaultdict
from collections.abc import Callable, Sequence
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
from app.domain.records import AssessmentRecord
from app.domain.reminders import REST, asked_key
from app.domain.uk_time import today
from app.services import Database, auditing, letters, mailing
from app.services.acting import acting
from app.store import assessments, invitations, mails, memberships, partnerships, round_progress

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
    certifiers: frozenset[UUID] = frozenset()
    """The people who may sign off there, where the round lets them."""


@dataclass(frozen=True, slots=True)
class FollowedAssessment:
    """How far one organisation has come in a round."""

    record: AssessmentRecord
    organisation: FollowedOrganisation
    can_remind: bool
    is_reminded: bool
    """Whether a coordinator has had it reminded today, or the central team within a day."""


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


def note_view(database: Database, actor: Actor, partnership_id: UUID, now: datetime) -> str:
    """Record that somebody looks at a partnership from outside it, and give its name.

    Raises `NotFoundError` where they may not.
    """
    access.check(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id)
    with database.reading() as session:
        partnership = partnerships.find_partnership(session, partnership_id)
    if partnership is None:
        raise NotFoundError("There is no such page")
    if partnership_id not in actor.list_partnerships(Deed.FOLLOW_PARTNERSHIP):
        auditing.record_view(database, actor, partnership_id, f"partnership {partnership_id}", now)
    return partnership.name


def list_partnerships(database: Database, actor: Actor) -> tuple[tuple[UUID, str], ...]:
    """List id and name of the partnerships that the actor coordinates; raises `NotFoundError` where there is none."""
    theirs = actor.list_partnerships(Deed.FOLLOW_PARTNERSHIP)
    if not theirs:
        raise NotFoundError("There is no such page")
    with database.reading() as session:
        return tuple((each.id, each.name) for each in partnerships.list_partnerships(session) if each.id in theirs)


def list_known(
    database: Database,
    actor: Actor,
    partnership_id: UUID,
    now: datetime,
    is_wanted: Callable[[AssessmentRecord], bool],
) -> tuple[AssessmentRecord, ...]:
    """List where organisations of a partnership stand: all to whoever follows it, to others those of their own.

    Of those, the ones that are wanted. Only where there are any has somebody looked, which is recorded.
    """
    follows = access.can(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id)
    with database.reading() as session:
        if follows:
            found = assessments.list_records_of_partnership(session, partnership_id)
        else:
            found = assessments.list_records(session, actor.list_organisations(Deed.SEE_ASSESSMENT))
    wanted = tuple(each for each in found if each.partnership_id == partnership_id and is_wanted(each))
    if wanted and follows:
        note_view(database, actor, partnership_id, now)
    return wanted


def get_partnership(database: Database, actor: Actor, partnership_id: UUID, now: datetime) -> FollowedPartnership:
    """Get who is in a partnership and how far they have come. Whoever looks from outside it is recorded."""
    name = note_view(database, actor, partnership_id, now)
    with database.reading() as session:
        organisations = _list_organisations(session, partnership_id)
        return FollowedPartnership(
            id=partnership_id,
            name=name,
            organisations=organisations,
            assessments=_list_assessments(session, partnership_id, organisations, now),
            coordinators=memberships.list_members(session, partnerships=[partnership_id]),
        )


def remind(
    database: Database, actor: Actor, partnership_id: UUID, round_id: UUID, organisation_id: UUID, now: datetime
) -> None:
    """Mail a reminder to the leads of an organisation that want any, once a day at most."""
    access.check(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id)
    with acting(database, actor) as session:
        organisations = _list_organisations(session, partnership_id)
        followed = _list_assessments(session, partnership_id, organisations, now)
        chosen = _get_to_remind(followed, round_id, organisation_id)
        record, organisation = chosen.record, chosen.organisation
        letter = letters.asked(
            record.organisation, record.partnership, record.round, actor.name, record.window.ends_at, YOUR_ASSESSMENTS
        )
        posted = [
            mailing.post(session, letter, lead.email, lead.person_id, now, key=key)
            for lead, key in zip(organisation.leads, _keys(record, organisation, now), strict=True)
            if lead.wants_reminders
        ]
        if not any(posted):
            return  # another coordinator was quicker by a moment
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
    return _get_to_remind(partnership.assessments, round_id, organisation_id)


def _get_to_remind(followed: Sequence[FollowedAssessment], round_id: UUID, organisation_id: UUID) -> FollowedAssessment:
    for each in followed:
        if (each.record.round_id, each.record.organisation_id) == (round_id, organisation_id):
            if each.is_reminded:
                raise NotAllowedNowError("This organisation was reminded in the last 24 hours; try again tomorrow")
            if not each.can_remind:
                raise NotAllowedNowError("There is nobody to remind, or nothing left for them to do")
            return each
    raise NotFoundError("There is no such page")


def _list_organisations(session: Session, partnership_id: UUID) -> tuple[FollowedOrganisation, ...]:
    members = [each for each in partnerships.list_members(session, partnership_id) if each.left_at is None]
    ids = [each.organisation_id for each in members]
    leads: dict[UUID | None, list[Member]] = defaultdict(list)
    certifiers: dict[UUID | None, set[UUID]] = defaultdict(set)
    for member in memberships.list_members(session, organisations=ids):
        if member.grant.role is Role.LEAD:
            leads[member.grant.organisation_id].append(member)
        elif member.grant.role is Role.CERTIFIER:
            certifiers[member.grant.organisation_id].add(member.person_id)
    waiting: dict[UUID | None, list[Invitation]] = defaultdict(list)
    for invitation in invitations.list_waiting(session, organisations=ids):
        if invitation.grant.role is Role.LEAD:
            waiting[invitation.grant.organisation_id].append(invitation)
    return tuple(
        FollowedOrganisation(
            each.organisation_id,
            each.name,
            tuple(leads[each.organisation_id]),
            tuple(waiting[each.organisation_id]),
            frozenset(certifiers[each.organisation_id]),
        )
        for each in members
    )


def _list_assessments(
    session: Session, partnership_id: UUID, organisations: Sequence[FollowedOrganisation], now: datetime
) -> tuple[FollowedAssessment, ...]:
    known = {each.id: each for each in organisations}
    followed = [
        (record, known.get(record.organisation_id) or _remember(record.organisation_id, record.organisation))
        for record in assessments.list_records_of_partnership(session, partnership_id)
    ]
    asked = mails.find_written(session, [key for record, each in followed for key in _keys(record, each, now)])
    chased = round_progress.list_chased(session, {record.round_id for record, _ in followed}, now - REST)
    return tuple(
        _follow(
            record,
            each,
            now,
            is_reminded=not asked.isdisjoint(_keys(record, each, now))
            or any((record.round_id, lead.person_id) in chased for lead in each.leads),
        )
        for record, each in followed
    )


def _remember(organisation_id: UUID, name: str) -> FollowedOrganisation:
    """Stand for an organisation that has left: nobody is invited for it any more."""
    return FollowedOrganisation(organisation_id, name, (), ())


def _follow(
    record: AssessmentRecord, organisation: FollowedOrganisation, now: datetime, *, is_reminded: bool
) -> FollowedAssessment:
    is_left = record.window.is_open(now) and record.status in {None, AssessmentStatus.IN_PROGRESS}
    can_remind = is_left and not is_reminded and any(lead.wants_reminders for lead in organisation.leads)
    return FollowedAssessment(record, organisation, can_remind=can_remind, is_reminded=is_reminded)


def _keys(record: AssessmentRecord, organisation: FollowedOrganisation, now: datetime) -> tuple[str, ...]:
    """Give what today's reminder to each lead is known by."""
    day = today(now)
    return tuple(
        asked_key(record.partnership_id, record.round_id, record.organisation_id, lead.person_id, day)
        for lead in organisation.leads
    )
