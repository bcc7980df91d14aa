"""Overseeing rounds as they run: who is where, whom to ask, and reminding exactly those. Never an answer or a score."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain import access
from app.domain.access import Actor, Deed, Role
from app.domain.assessment import AssessmentStatus
from app.domain.audit import Event
from app.domain.chasing import Call, Calls, Chase, list_chases, plan_calls
from app.domain.errors import NotFoundError
from app.domain.progress import Board, DayCount, count_by_day, make_boards
from app.domain.records import RoundProgress
from app.domain.reminders import CHASED, WrittenReminder, chased_key
from app.domain.set_up import RoundRecord
from app.renderings.words import count
from app.services import Database, auditing, letters, mailing
from app.services.acting import acting
from app.services.following import YOUR_ASSESSMENTS
from app.services.letters import STANDING_WORDS, Unfinished
from app.store import memberships, round_progress, rounds

YOUR_PARTNERSHIPS: Final = "/partnerships"
"""The page that a reminder leads to whoever is asked as a coordinator alone."""


@dataclass(frozen=True, slots=True)
class RunningRound:
    """A round as it runs."""

    round: RoundRecord
    boards: tuple[Board, ...]
    days: tuple[DayCount, ...]
    """How many were in by the end of each day so far; empty before it opens."""


@dataclass(frozen=True, slots=True)
class LastCall:
    """When everybody unfinished in a round was reminded last, and how many that were."""

    at: datetime
    people: int


@dataclass(frozen=True, slots=True)
class ChaseList:
    """Who has not finished in a round, whom to ask, and what is known of reminding them."""

    round: RoundRecord
    chases: tuple[Chase, ...]
    """Empty before the round opens: nobody is asked yet."""
    reminded: Mapping[UUID, WrittenReminder]
    """The last reminder of the round to each person."""
    calls: Calls
    """Who would be reminded now."""
    last_call: LastCall | None


def list_rounds(database: Database, actor: Actor, now: datetime) -> tuple[RoundProgress, ...]:
    """List the confirmed rounds with how many assessments have come how far. Recorded, as all are seen."""
    access.check(actor, Deed.FOLLOW_ROUNDS)
    auditing.record_view(database, actor, None, "rounds", now)
    with database.reading() as session:
        return round_progress.list_progress(session)


def get_round(database: Database, actor: Actor, round_id: UUID, now: datetime) -> RunningRound:
    """Get a round with every organisation of every partnership in it. Recorded, as all are seen."""
    found = _note_view(database, actor, round_id, f"round {round_id}", now)
    with database.reading() as session:
        boards = make_boards(round_progress.list_records(session, round_id), now)
        moves = round_progress.list_moves(session, round_id)
    if now < found.opens_at:
        return RunningRound(found, boards, ())
    # Whoever may enter late comes in after the close: then the days go on to the last that did.
    last = max((found.closes_at, *(move.at for move in moves)))
    return RunningRound(found, boards, count_by_day(moves, found.opens_at, min(now, last)))


def get_chase_list(database: Database, actor: Actor, round_id: UUID, now: datetime) -> ChaseList:
    """Get who has not finished in a round and whom to ask, by name and address. Recorded by itself."""
    found = _note_view(database, actor, round_id, f"round {round_id} page whom-to-ask", now)
    with database.reading() as session:
        return _list_chases(session, found, now)


def can_remind(actor: Actor) -> bool:
    """Say whether somebody may remind everybody in a round."""
    return access.can(actor, Deed.REMIND_ROUND)


def get_to_remind(database: Database, actor: Actor, round_id: UUID, now: datetime) -> ChaseList:
    """Get the same for whoever is about to remind them."""
    access.check(actor, Deed.REMIND_ROUND)
    return get_chase_list(database, actor, round_id, now)


def remind(database: Database, actor: Actor, round_id: UUID, now: datetime) -> int:
    """Mail a reminder to everybody on the list as it is now, each once, and give how many that were.

    Whoever does so twice writes to nobody the second time: the key of each mail names the reminder it follows.
    """
    access.check(actor, Deed.REMIND_ROUND)
    with acting(database, actor) as session:
        found = _list_chases(session, _get_confirmed(session, round_id), now)
        # In one order, so that two who do this at once never wait for one another.
        due = sorted(found.calls.due, key=lambda call: call.person.person_id)
        posted = sum(_post(session, found, call, actor, now) for call in due)
        if posted:
            auditing.record(
                session,
                Event.REMINDED,
                actor.person_id,
                now,
                subject=f"round {round_id}",
                new=f"{count(posted, 'person', 'people')}; left out: {found.calls.switched_off} without reminders, "
                f"{found.calls.resting} reminded before",
            )
    return posted


def _post(session: Session, found: ChaseList, call: Call, actor: Actor, now: datetime) -> bool:
    person, before = call.person, found.reminded.get(call.person.person_id)
    is_inside = any(chase.role is not Role.COORDINATOR for chase in call.chases)
    letter = letters.chased(
        found.round.title,
        actor.name,
        call.ends_at,
        [Unfinished(chase.record.organisation, chase.record.partnership, _say(chase)) for chase in call.chases],
        YOUR_ASSESSMENTS if is_inside else YOUR_PARTNERSHIPS,
    )
    key = chased_key(found.round.id, person.person_id, before.at if before else None)
    return mailing.post(session, letter, person.email, person.person_id, now, key=key)


def _say(chase: Chase) -> str:
    """Say what is to be done to whoever is asked."""
    standing = STANDING_WORDS[chase.record.status]
    if chase.role is Role.COORDINATOR:
        return f"{standing}; nobody leads it, so please invite a lead"
    if chase.role is Role.LEAD and chase.record.status is AssessmentStatus.SUBMITTED:
        return f"{standing}; nobody can sign it off, so please invite a certifier"
    return standing


def _note_view(database: Database, actor: Actor, round_id: UUID, subject: str, now: datetime) -> RoundRecord:
    """Record that somebody looks at a round, and give it; raises `NotFoundError` where there is none to see."""
    access.check(actor, Deed.FOLLOW_ROUNDS)
    with database.reading() as session:
        found = _get_confirmed(session, round_id)
    auditing.record_view(database, actor, None, subject, now)
    return found


def _get_confirmed(session: Session, round_id: UUID) -> RoundRecord:
    found = rounds.find_round(session, round_id)
    if found is None or found.confirmed_at is None:
        raise NotFoundError("There is no such page")
    return found


def _list_chases(session: Session, found: RoundRecord, now: datetime) -> ChaseList:
    boards = make_boards(round_progress.list_records(session, found.id), now) if found.opens_at <= now else ()
    waiting = [place.record for board in boards for place in board.places if place.is_unfinished]
    members = memberships.list_members(
        session,
        organisations={record.organisation_id for record in waiting},
        partnerships={record.partnership_id for record in waiting},
    )
    written = round_progress.list_reminders(session, found.id)
    reminded = {each.person_id: each for each in written}  # the last of each stays
    chases = list_chases(boards, members)
    return ChaseList(
        round=found,
        chases=chases,
        reminded=reminded,
        calls=plan_calls(chases, {person: each.at for person, each in reminded.items()}, now),
        last_call=_find_last_call(written),
    )


def _find_last_call(written: Iterable[WrittenReminder]) -> LastCall | None:
    chased = [each.at for each in written if each.kind == CHASED]
    return LastCall(chased[-1], chased.count(chased[-1])) if chased else None
