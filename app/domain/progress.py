"""How far a round has come: who is where, those first that need attention, and how many were in by the end of each day.

Scores and answers have no part in it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.assessment import AssessmentStatus, Move, is_final
from app.domain.records import AssessmentRecord
from app.domain.rounds import SignOff
from app.domain.uk_time import today

MOST_DAYS: Final = 120
"""A round that lasts longer is told by the days on which something changed."""
BRINGS_IN: Final = frozenset({Move.SUBMIT, Move.SIGN_OFF})
"""The moves after which an assessment counts as submitted; the others take that back."""


class Stage(StrEnum):
    """How far one organisation is. What needs attention most comes first."""

    NOT_STARTED = "not-started"
    IN_PROGRESS = "in-progress"
    WAITING = "waiting"
    """Submitted, has to be signed off, and still can be."""
    SUBMITTED = "submitted"
    SIGNED_OFF = "signed-off"


STAGES: Final = tuple(Stage)


def find_stage(record: AssessmentRecord, now: datetime) -> Stage:
    """Say how far an organisation is. What was not signed off when its round closed waits for nothing any more."""
    match record.status:
        case None:
            return Stage.NOT_STARTED
        case AssessmentStatus.IN_PROGRESS:
            return Stage.IN_PROGRESS
        case AssessmentStatus.SIGNED_OFF:
            return Stage.SIGNED_OFF
        case AssessmentStatus.SUBMITTED:
            waits = record.sign_off is not SignOff.NOBODY and record.window.is_open(now)
            return Stage.WAITING if waits else Stage.SUBMITTED


@dataclass(frozen=True, slots=True)
class Place:
    """One organisation on the board."""

    record: AssessmentRecord
    stage: Stage

    @property
    def has_left(self) -> bool:
        """Whether it has left the partnership, so that nobody waits for it."""
        return self.record.window.left_at is not None

    @property
    def is_unfinished(self) -> bool:
        """Whether something is asked of it that is not done."""
        return not self.has_left and not is_final(self.record.sign_off, self.record.status)

    @property
    def is_counted(self) -> bool:
        """Whether it is among those of whom so many are in: one that has left is, where it had submitted."""
        return not self.has_left or self.record.status not in {None, AssessmentStatus.IN_PROGRESS}


@dataclass(frozen=True, slots=True)
class Board:
    """One partnership, its organisations in the order in which they need attention."""

    partnership_id: UUID
    partnership: str
    places: tuple[Place, ...]

    @property
    def is_unfinished(self) -> bool:
        """Whether any of its organisations is."""
        return any(place.is_unfinished for place in self.places)


def make_boards(records: Iterable[AssessmentRecord], now: datetime) -> tuple[Board, ...]:
    """Put the organisations of a round on a board for each partnership, those first that need attention most."""
    places: defaultdict[tuple[UUID, str], list[Place]] = defaultdict(list)
    for record in records:
        places[record.partnership_id, record.partnership].append(Place(record, find_stage(record, now)))
    boards = (Board(*which, tuple(sorted(found, key=_rank_place))) for which, found in places.items())
    return tuple(sorted(boards, key=_rank_board))


def _rank_place(place: Place) -> tuple[bool, bool, int, str]:
    return place.has_left, not place.is_unfinished, STAGES.index(place.stage), place.record.organisation.casefold()


def _rank_board(board: Board) -> tuple[bool, tuple[int, ...], str]:
    counts = count_stages(place for place in board.places if place.is_unfinished)
    return not board.is_unfinished, tuple(-counts[stage] for stage in STAGES), board.partnership.casefold()


def count_stages(places: Iterable[Place]) -> Mapping[Stage, int]:
    """Count organisations by how far they are, all stages named."""
    found = Counter(place.stage for place in places if place.is_counted)
    return {stage: found[stage] for stage in STAGES}


# ---- Over time -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RoundMove:
    """One move in the life of one of a round's assessments."""

    assessment_id: UUID
    move: Move
    at: datetime


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many assessments were in by the end of a day, as UK calendars have it."""

    day: date
    submitted: int


def count_by_day(moves: Iterable[RoundMove], opens_at: datetime, until: datetime) -> tuple[DayCount, ...]:
    """Count what was submitted by the end of each day, from opening to a moment; what was taken back counts no more.

    The moves of each assessment come in their order. Of a long round only the days are told on which something changed,
    with the first and the last.
    """
    changes: Counter[date] = Counter()
    is_in: dict[UUID, bool] = {}
    for each in moves:
        now_in = each.move in BRINGS_IN
        if now_in != is_in.get(each.assessment_id, False):
            changes[today(each.at)] += 1 if now_in else -1
            is_in[each.assessment_id] = now_in
    first = today(opens_at)
    last = max(first, today(until))
    counts, so_far = [], 0
    waiting = sorted(changes)
    for day in _list_days(first, last, changes):
        while waiting and waiting[0] <= day:
            so_far += changes[waiting.pop(0)]
        counts.append(DayCount(day, so_far))
    return tuple(counts)


def _list_days(first: date, last: date, changed: Iterable[date]) -> Iterable[date]:
    length = (last - first).days
    if length < MOST_DAYS:
        return (first + timedelta(days=number) for number in range(length + 1))
    return sorted({first, last, *(day for day in changed if first <= day <= last)})
