"""Many who submit, sign off, request changes and reopen at once: no move twice, no submission twice, none illegal."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.assessment import MOVES, AssessmentStatus, Move
from app.domain.audit import Event
from app.domain.errors import NotAllowedNowError
from app.domain.records import AssessmentKey, MadeMove
from app.domain.rounds import SignOff
from app.services import Database, assessing, life, maintaining
from app.store import assessments
from app.store.models import AuditEntry, LateEntry, Mail, Snapshot
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, make_world, start_assessment

RACES = 1_000
THREADS = 8
EVENTS = {
    Move.SUBMIT: Event.SUBMITTED,
    Move.SIGN_OFF: Event.SIGNED_OFF,
    Move.REQUEST_CHANGES: Event.CHANGES_REQUESTED,
    Move.REOPEN: Event.REOPENED,
}
LETTERS = {Event.SUBMITTED: 2, Event.SIGNED_OFF: 3, Event.CHANGES_REQUESTED: 3, Event.REOPENED: 3}
"""How many people are told of each, less those who did it."""


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.CERTIFIER)


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    """An assessment with every question answered."""
    key = start_assessment(database, questionnaires, world)
    answer_all(database, questionnaires, world.officer, key, "early")
    return key


def list_moves(database: Database, key: AssessmentKey) -> tuple[tuple[MadeMove, ...], AssessmentStatus, int]:
    with database.reading() as session:
        record = assessments.find_record(session, key)
        moves = assessments.list_moves(session, key)
    assert record is not None
    assert record.status is not None
    return moves, record.status, record.submissions


def check_life(database: Database, key: AssessmentKey) -> Counter[Move]:
    """Fail unless the moves made are a way through the table, each written down and submitted as often as it says."""
    moves, status, submissions = list_moves(database, key)
    reached = AssessmentStatus.IN_PROGRESS
    for move in moves:
        reached = MOVES[move.move][reached]  # raises where the table has no such step
    assert reached is status
    assert [move.number for move in moves] == [*range(1, len(moves) + 1)]
    made = Counter(move.move for move in moves)
    assert made[Move.SUBMIT] == submissions
    with database.reading() as session:
        numbers = session.scalars(select(Snapshot.submission).order_by(Snapshot.submission)).all()
        audited = Counter(session.scalars(select(AuditEntry.event).where(AuditEntry.event.in_(EVENTS.values()))))
        order = session.scalars(
            select(AuditEntry.event).where(AuditEntry.event.in_(EVENTS.values())).order_by(AuditEntry.number)
        ).all()
    assert [*numbers] == [*range(1, submissions + 1)]
    assert audited == {EVENTS[move]: count for move, count in made.items()}
    assert [*order] == [EVENTS[move.move] for move in moves]
    return made


def test_a_thousand_who_move_at_once_make_each_move_once(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, key: AssessmentKey
) -> None:
    def move(number: int) -> bool:
        chance = random.Random(number)
        seen = list_moves(database, key)[2]
        deeds: list[Callable[[], None]] = [
            lambda: assessing.submit(database, questionnaires, chance.choice(leads), key, NOW),
            lambda: life.sign_off(database, chance.choice(certifiers), key, seen, NOW),
            lambda: life.request_changes(database, chance.choice(certifiers), key, seen, f"why {number}", NOW),
            lambda: life.reopen(database, chance.choice(coordinators), key, seen, f"why {number}", NOW),
        ]
        try:
            chance.choices(deeds, (4, 2, 1, 2))[0]()
        except NotAllowedNowError:
            return False
        return True

    leads: list[Actor] = [world.officer, world.colleague, cast.all_in_one]
    certifiers = [cast.certifier, cast.all_in_one]
    coordinators = [cast.coordinator, cast.administrator]
    with ThreadPoolExecutor(THREADS) as pool:
        done = sum(pool.map(move, range(RACES)))
    made = check_life(database, key)
    assert 0 < made.total() <= done < RACES
    assert set(made) == set(EVENTS)
    assert maintaining.recompute(database, questionnaires).differences == ()


@pytest.mark.parametrize("move", EVENTS)
def test_a_move_that_many_send_at_once_is_made_once(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, key: AssessmentKey, move: Move
) -> None:
    if move is not Move.SUBMIT:
        assessing.submit(database, questionnaires, world.officer, key, NOW)
    deeds: dict[Move, Callable[[int], None]] = {
        Move.SUBMIT: lambda n: assessing.submit(
            database, questionnaires, (world.officer, world.colleague)[n % 2], key, NOW
        ),
        Move.SIGN_OFF: lambda _: life.sign_off(database, cast.certifier, key, 1, NOW),
        Move.REQUEST_CHANGES: lambda _: life.request_changes(database, cast.certifier, key, 1, "why", NOW),
        Move.REOPEN: lambda _: life.reopen(database, cast.coordinator, key, 1, "why", NOW),
    }
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(deeds[move], range(40)))  # none is refused: it is the same deed, sent again
    assert check_life(database, key)[move] == 1
    with database.reading() as session:
        told = session.scalar(select(func.count()).select_from(Mail).where(Mail.kind == EVENTS[move].value))
    assert told == LETTERS[EVENTS[move]]


def test_late_entry_that_many_permit_at_once_is_noted_once_for_each(
    database: Database, world: World, cast: Cast
) -> None:
    closes = NOW + timedelta(days=7)
    until = [closes + timedelta(days=days) for days in (1, 2)]

    def permit(number: int) -> None:
        place = (world.partnership, world.round, world.council)
        life.permit_late_entry(database, cast.coordinator, *place, until[number % 2], "why", closes)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(permit, range(40)))
    with database.reading() as session:
        last = session.scalars(select(LateEntry.until)).one()
        noted = session.execute(
            select(AuditEntry.old_text, AuditEntry.new_text)
            .where(AuditEntry.event == Event.LATE_ENTRY_PERMITTED)
            .order_by(AuditEntry.number)
        ).all()
    ends = ["", *((row.new_text or "").partition(": ")[0] for row in noted)]
    assert [row.old_text for row in noted] == ends[:-1]  # each was written over the one before, and none is lost
    assert ends[-1] == last.isoformat()
