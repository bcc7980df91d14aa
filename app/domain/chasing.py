"""Whom to ask where an organisation has not finished in a round, and who of them is reminded now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.access import Role
from app.domain.assessment import AssessmentStatus, can_sign_off
from app.domain.inviting import Member
from app.domain.progress import Board
from app.domain.records import AssessmentRecord
from app.domain.reminders import REST

Cast = Mapping[tuple[Role, UUID | None], Sequence[Member]]
"""Role and place -> who has it there."""


@dataclass(frozen=True, slots=True)
class Chase:
    """One organisation that has not finished, and whom to ask."""

    record: AssessmentRecord
    role: Role | None
    """As what they are asked; `None` where nobody is there."""
    people: tuple[Member, ...]


def list_chases(boards: Iterable[Board], members: Iterable[Member]) -> tuple[Chase, ...]:
    """List the organisations that have not finished, in the order of the boards, each with whom to ask."""
    cast: defaultdict[tuple[Role, UUID | None], list[Member]] = defaultdict(list)
    for member in members:
        there = cast[member.grant.role, member.grant.organisation_id or member.grant.partnership_id]
        if member.email and member.person_id not in {each.person_id for each in there}:
            there.append(member)
    return tuple(_chase(place.record, cast) for board in boards for place in board.places if place.is_unfinished)


def _chase(record: AssessmentRecord, cast: Cast) -> Chase:
    """Ask whoever can do the next thing: certifiers, where it waits for them; else leads; else coordinators."""
    certifiers = [
        each
        for each in cast.get((Role.CERTIFIER, record.organisation_id), ())
        if record.status is AssessmentStatus.SUBMITTED
        and can_sign_off(record.sign_off, record.submitted_by_id, each.person_id)
    ]
    asked = (
        (Role.CERTIFIER, certifiers),
        (Role.LEAD, cast.get((Role.LEAD, record.organisation_id), ())),
        (Role.COORDINATOR, cast.get((Role.COORDINATOR, record.partnership_id), ())),
    )
    role, people = next(((role, people) for role, people in asked if people), (None, ()))
    return Chase(record, role, tuple(people))


@dataclass(frozen=True, slots=True)
class Call:
    """One person who is to be reminded, and of what: all of it in one mail."""

    person: Member
    chases: tuple[Chase, ...]

    @property
    def ends_at(self) -> datetime:
        """The first end of what they are reminded of."""
        return min(chase.record.window.ends_at for chase in self.chases)


@dataclass(frozen=True, slots=True)
class Calls:
    """Who is to be reminded now, by name, and how many of the others on the list are left out for what."""

    due: tuple[Call, ...]
    switched_off: int
    """They want no reminders."""
    resting: int
    """They were reminded a short while ago."""


def plan_calls(chases: Iterable[Chase], reminded: Mapping[UUID, datetime], now: datetime) -> Calls:
    """Say who is reminded now: everybody on the list who can still do something, each once.

    Left out are those who switched reminders off, and those who were reminded of the round within `REST`.
    """
    people: dict[UUID, Member] = {}
    theirs: defaultdict[UUID, list[Chase]] = defaultdict(list)
    for chase in chases:
        if chase.record.window.is_open(now):
            for person in chase.people:
                people[person.person_id] = person
                theirs[person.person_id].append(chase)
    wanting = [person for person in people.values() if person.wants_reminders]
    due = [person for person in wanting if not is_resting(reminded.get(person.person_id), now)]
    return Calls(
        due=tuple(
            Call(person, tuple(theirs[person.person_id]))
            for person in sorted(due, key=lambda person: (person.name.casefold(), person.email))
        ),
        switched_off=len(people) - len(wanting),
        resting=len(wanting) - len(due),
    )


def is_resting(reminded_at: datetime | None, now: datetime) -> bool:
    """Say whether somebody was reminded so short a while ago that they are left in peace."""
    return reminded_at is not None and now - reminded_at < REST
