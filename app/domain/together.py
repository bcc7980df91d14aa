"""A partnership in one round as all partners see it, and when it opens to whom: blind first, then open.

Until an organisation has submitted, its people see nothing of the others; from then on they see those that have. The
coordinators see nobody's answers before all have submitted or the round has closed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from app.domain.access import ONLY, Actor, Deed, can
from app.domain.assessment import Answer, Answers, AssessmentStatus
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.rounds import SignOff


@dataclass(frozen=True, slots=True)
class Partner:
    """One organisation that is asked in a round, with what it submitted last."""

    organisation_id: UUID
    name: str
    assessment_id: UUID | None
    status: AssessmentStatus | None
    submission: int
    """How often it has submitted; 0 for never."""
    submitted_at: datetime | None
    """Of the newest submission."""
    answers: Answers
    """As submitted last; empty before."""
    late_until: datetime | None = None
    """Until when it may still submit after the closing, by permission."""
    joined_at: datetime | None = None
    """When a coordinator let it join; `None` where the central team did."""
    left_at: datetime | None = None

    @property
    def is_in(self) -> bool:
        """Whether it has submitted, so that it counts and sees the others."""
        return self.submission > 0

    @property
    def is_changing(self) -> bool:
        """Whether it is answering again: what it submitted last still counts."""
        return self.is_in and self.status is AssessmentStatus.IN_PROGRESS


@dataclass(frozen=True, slots=True)
class Attendance:
    """A meeting: when it was held, and who was there."""

    id: UUID
    held_on: date
    organisations: frozenset[UUID]
    names: str
    version: int


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a partnership settled on for one question, beside the individual answers."""

    choice: str
    """A level id; empty where they talked and did not agree."""
    reason: str
    minority_view: str
    meeting: Attendance
    recorded_by: str
    recorded_at: datetime
    version: int
    before: "Agreed | None" = None
    """What was agreed until then."""

    def find_at(self, meeting_id: UUID) -> "Agreed | None":
        """Find what one meeting settled on, whether or not a later word has taken its place."""
        if self.meeting.id == meeting_id:
            return self
        return self.before.find_at(meeting_id) if self.before else None


@dataclass(frozen=True)
class Together:
    """One partnership in one round."""

    partnership_id: UUID
    partnership: str
    round_id: UUID
    round: str
    opens_at: datetime
    closes_at: datetime
    sign_off: SignOff
    questionnaire_hash: str
    targets: Mapping[str, str]
    """Question id -> level id, where the round sets another target than the questionnaire."""
    partners: tuple[Partner, ...]
    """Every organisation that is asked, or has left and had begun; by name."""
    agreed: Mapping[str, Agreed]
    """Question id -> what was agreed last, in the order of the questions where it matters."""

    @cached_property
    def submitted(self) -> tuple[Partner, ...]:
        """The organisations that have submitted: one vote each."""
        return tuple(partner for partner in self.partners if partner.is_in)

    @cached_property
    def answers(self) -> dict[str, Mapping[str, Answer]]:
        """Organisation name -> answers, of those that have submitted."""
        return {partner.name: partner.answers for partner in self.submitted}

    @cached_property
    def agreed_levels(self) -> dict[str, str]:
        """Question id -> level, where a level was agreed."""
        return {question: agreed.choice for question, agreed in self.agreed.items() if agreed.choice}

    def is_latecomer(self, partner: Partner) -> bool:
        """Say whether a coordinator let an organisation join once this round had opened."""
        return partner.joined_at is not None and partner.joined_at > self.opens_at

    def is_complete(self, now: datetime) -> bool:
        """Say whether nobody is to be waited for: all who are asked have submitted, or the round has closed."""
        return now >= self.closes_at or all(partner.is_in for partner in self.partners if partner.left_at is None)

    def is_open_to_coordinators(self, now: datetime) -> bool:
        """Say whether those who coordinate it may read its report: nobody is to be waited for, and somebody is in."""
        return self.is_complete(now) and bool(self.submitted)


def list_own(actor: Actor, together: Together, deed: Deed = Deed.SEE_TOGETHER) -> tuple[Partner, ...]:
    """Give the organisations of a partnership, those that have left apart, where the actor may do something."""
    return tuple(
        partner
        for partner in together.partners
        if partner.left_at is None and can(actor, deed, organisation_id=partner.organisation_id)
    )


def can_know(actor: Actor, together: Together) -> bool:
    """Say whether the actor belongs to the partnership: coordinates it, or has a role in an organisation asked."""
    coordinates = can(actor, Deed.SEE_TOGETHER, partnership_id=together.partnership_id)
    return coordinates or bool(list_own(actor, together))


def can_see(actor: Actor, together: Together, now: datetime) -> bool:
    """Say whether the report is open to the actor now.

    Who coordinates waits for all, also where they lead an organisation of it, and so does an organisation that a
    coordinator let join once the round had opened: or they could bring one in, to read what the others answered.
    """
    own = tuple(partner for partner in list_own(actor, together) if partner.is_in)
    coordinates = can(actor, Deed.SEE_TOGETHER, partnership_id=together.partnership_id)
    if together.is_open_to_coordinators(now):
        return coordinates or bool(own)
    return not coordinates and any(not together.is_latecomer(partner) for partner in own)


def is_carried(actor: Actor, together: Together, now: datetime) -> bool:
    """Say whether what was planned in a round may be told to the actor in a later one: they cannot submit in it now."""
    if can(actor, Deed.SEE_TOGETHER, partnership_id=together.partnership_id):
        return together.is_complete(now)
    return all(
        partner.is_in or now >= (partner.late_until or together.closes_at) for partner in list_own(actor, together)
    )


def check_see(actor: Actor, together: Together, now: datetime) -> None:
    """Raise `NotFoundError` for whoever does not belong to it, `NotAllowedNowError` while it is not open to them."""
    if can_see(actor, together, now):
        return
    if not can_know(actor, together):
        raise NotFoundError("There is no such page")
    if can(actor, Deed.SEE_TOGETHER, partnership_id=together.partnership_id):
        raise NotAllowedNowError(
            "Coordinators see the partnership report when every organisation has submitted, or the round has closed"
            if together.submitted or now < together.closes_at
            else "No organisation submitted in this round, so there is nothing to report"
        )
    raise NotAllowedNowError(
        "Your organisation joined after the round had opened, so it sees what the others answered when every "
        "organisation has submitted, or the round has closed"
        if any(partner.is_in for partner in list_own(actor, together))
        else "Your organisation sees what the others answered once it has submitted its own assessment"
    )


def can_plan(actor: Actor, together: Together, now: datetime) -> bool:
    """Say whether the actor may plan actions about this round: who sees the report, and coordinates or leads."""
    coordinates = can(actor, Deed.PLAN, partnership_id=together.partnership_id)
    leads = any(partner.is_in for partner in list_own(actor, together, Deed.PLAN))
    return can_see(actor, together, now) and (coordinates or leads)


def check_plan(actor: Actor, together: Together, now: datetime) -> None:
    """Raise what `check_see` raises, and `NotAllowedError` for who neither coordinates nor leads."""
    check_see(actor, together, now)
    if not can_plan(actor, together, now):
        raise NotAllowedError(ONLY[Deed.PLAN])


def check_coordinate(actor: Actor, together: Together, now: datetime, deed: Deed) -> None:
    """Raise what `check_see` raises, and `NotAllowedError` where a deed for coordinators is not theirs to do."""
    check_see(actor, together, now)
    if not can(actor, deed, partnership_id=together.partnership_id):
        raise NotAllowedError(ONLY[deed])
