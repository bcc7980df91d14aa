"""How far a round has come: stages, the order of boards, and how many were in by the end of each UK day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.assessment import AssessmentStatus, Move
from app.domain.progress import (
    BRINGS_IN,
    MOST_DAYS,
    Board,
    RoundMove,
    Stage,
    count_by_day,
    count_stages,
    find_stage,
    make_boards,
)
from app.domain.records import AssessmentRecord
from app.domain.rounds import SignOff, Window
from app.domain.times import UK

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
OPENS, CLOSES = NOW - timedelta(days=7), NOW + timedelta(days=7)
WINDOW = Window(OPENS, CLOSES)
IN_PROGRESS, SUBMITTED, SIGNED_OFF = AssessmentStatus
NOBODY, CERTIFIER = SignOff.NOBODY, SignOff.CERTIFIER


def make_record(
    organisation: str = "Council",
    partnership: str = "Vale",
    status: AssessmentStatus | None = None,
    window: Window = WINDOW,
) -> AssessmentRecord:
    return AssessmentRecord(
        partnership_id=UUID(int=sum(partnership.encode())),
        partnership=partnership,
        organisation_id=UUID(int=sum(organisation.encode())),
        organisation=organisation,
        round_id=UUID(int=3),
        round="Autumn round",
        window=window,
        sign_off=NOBODY,
        targets={},
        questionnaire_id="local-partners",
        questionnaire_version=1,
        questionnaire_hash="sha256:0",
        assessment_id=UUID(int=4) if status else None,
        status=status,
        submitted_at=None,
        submitted_by=None,
        submitted_by_id=None,
        signed_off_at=None,
        signed_off_by=None,
        submissions=0,
        last_move=None,
    )


ASKED, DONE = "something is asked", "nothing is asked"
STAGES = {
    "nothing is begun": (None, CERTIFIER, NOW, Stage.NOT_STARTED, ASKED),
    "it is being answered": (IN_PROGRESS, CERTIFIER, NOW, Stage.IN_PROGRESS, ASKED),
    "submitted is the end": (SUBMITTED, NOBODY, NOW, Stage.SUBMITTED, DONE),
    "submitted is not the end": (SUBMITTED, CERTIFIER, NOW, Stage.WAITING, ASKED),
    "the round closed before it was signed off": (SUBMITTED, CERTIFIER, CLOSES, Stage.SUBMITTED, ASKED),
    "it is signed off": (SIGNED_OFF, CERTIFIER, NOW, Stage.SIGNED_OFF, DONE),
    "it was signed off before nobody had to": (SIGNED_OFF, NOBODY, NOW, Stage.SIGNED_OFF, DONE),
}


@pytest.mark.parametrize(("status", "rule", "now", "stage", "asked"), STAGES.values(), ids=STAGES)
def test_where_each_status_stands(
    status: AssessmentStatus | None, rule: SignOff, now: datetime, stage: Stage, asked: str
) -> None:
    record = replace(make_record(status=status), sign_off=rule)
    assert find_stage(record, now) is stage
    (board,) = make_boards([record], now)
    assert board.is_unfinished is (asked == ASKED)


def order(boards: Sequence[Board]) -> list[tuple[str, list[str]]]:
    return [(board.partnership, [place.record.organisation for place in board.places]) for board in boards]


def test_what_needs_attention_most_comes_first() -> None:
    records = [
        make_record("done a", "all done", SUBMITTED),
        make_record("done b", "one in progress", SUBMITTED),
        make_record("going", "one in progress", IN_PROGRESS),
        make_record("done c", "one not started", SUBMITTED),
        make_record("going a", "one not started", IN_PROGRESS),
        make_record("new a", "one not started"),
        make_record("New C", "two not started"),
        make_record("new b", "two not started"),
    ]
    assert order(make_boards(records, NOW)) == [
        ("two not started", ["new b", "New C"]),
        ("one not started", ["new a", "going a", "done c"]),
        ("one in progress", ["going", "done b"]),
        ("all done", ["done a"]),
    ]


def test_one_that_has_left_is_waited_for_by_nobody_and_counted_where_it_had_submitted() -> None:
    left = replace(WINDOW, left_at=NOW - timedelta(days=1))
    records = [
        make_record("there", status=SUBMITTED),
        make_record("left without", status=IN_PROGRESS, window=left),
        make_record("left with", status=SUBMITTED, window=left),
    ]
    (board,) = make_boards(records, NOW)
    assert not board.is_unfinished
    assert board.places[0].record.organisation == "there"
    counts = count_stages(board.places)
    assert {stage: number for stage, number in counts.items() if number} == {Stage.SUBMITTED: 2}


# ---- Over time -------------------------------------------------------------------------------------------------------


def uk(text: str) -> datetime:
    """Give the moment of a UK wall time."""
    return datetime.fromisoformat(text).replace(tzinfo=UK).astimezone(UTC)


def make_moves(*said: str) -> list[RoundMove]:
    """Read moves such as `a submit 2026-10-01 12:00`."""
    return [RoundMove(UUID(int=ord(each[0])), Move(each.split()[1]), uk(each.split(maxsplit=2)[2])) for each in said]


DAYS = {
    "nothing yet": ([], "2026-10-01 09:00", "2026-10-03 09:00", "0 0 0"),
    "the day it opens": (["a submit 2026-10-01 10:00"], "2026-10-01 09:00", "2026-10-01 11:00", "1"),
    "one after the other": (
        ["a submit 2026-10-01 10:00", "b submit 2026-10-03 10:00"],
        "2026-10-01 09:00",
        "2026-10-04 09:00",
        "1 1 2 2",
    ),
    "the last second of a day, and the first of the next": (
        ["a submit 2026-10-01 23:59:59", "b submit 2026-10-02 00:00:00"],
        "2026-10-01 09:00",
        "2026-10-02 09:00",
        "1 2",
    ),
    "midnight of summer time, which UTC has an hour later": (
        ["a submit 2026-07-02 00:30"],
        "2026-07-01 09:00",
        "2026-07-02 09:00",
        "0 1",
    ),
    "the day of 25 hours": (
        ["a submit 2026-10-25 23:30", "b submit 2026-10-26 00:30"],
        "2026-10-24 09:00",
        "2026-10-26 09:00",
        "0 1 2",
    ),
    "the day of 23 hours": (
        ["a submit 2027-03-28 23:30", "b submit 2027-03-29 00:30"],
        "2027-03-27 09:00",
        "2027-03-29 09:00",
        "0 1 2",
    ),
    "signing off changes nothing": (
        ["a submit 2026-10-01 10:00", "a sign-off 2026-10-02 10:00"],
        "2026-10-01 09:00",
        "2026-10-02 19:00",
        "1 1",
    ),
    "what was reopened counts again once it is submitted again": (
        ["a submit 2026-10-01 10:00", "a reopen 2026-10-02 10:00", "a submit 2026-10-04 10:00"],
        "2026-10-01 09:00",
        "2026-10-04 19:00",
        "1 0 0 1",
    ),
    "changes requested and submitted on one day": (
        ["a submit 2026-10-01 10:00", "a request-changes 2026-10-02 10:00", "a submit 2026-10-02 12:00"],
        "2026-10-01 09:00",
        "2026-10-02 19:00",
        "1 1",
    ),
}


@pytest.mark.parametrize(("moves", "opens", "until", "expected"), DAYS.values(), ids=DAYS)
def test_how_many_were_in_by_the_end_of_each_day(moves: list[str], opens: str, until: str, expected: str) -> None:
    days = count_by_day(make_moves(*moves), uk(opens), uk(until))
    assert " ".join(str(each.submitted) for each in days) == expected
    first = date.fromisoformat(opens[:10])
    assert [each.day for each in days] == [first + timedelta(days=number) for number in range(len(days))]


def test_of_a_long_round_the_days_are_told_on_which_something_changed() -> None:
    opens = uk("2026-01-01 09:00")
    moves = make_moves("a submit 2026-02-03 10:00", "b submit 2026-05-04 10:00")
    longest = count_by_day(moves, opens, opens + timedelta(days=MOST_DAYS - 1))
    assert len(longest) == MOST_DAYS
    longer = count_by_day(moves, opens, opens + timedelta(days=500_000))
    assert [(each.day.isoformat(), each.submitted) for each in longer[:3]] == [
        ("2026-01-01", 0),
        ("2026-02-03", 1),
        ("2026-05-04", 2),
    ]
    assert len(longer) == 4


LIFE = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from([*Move]), st.integers(0, 40 * 24)), max_size=30)


@given(LIFE)
def test_the_last_day_has_as_many_as_are_in(life: list[tuple[str, Move, int]]) -> None:
    moves = [
        RoundMove(UUID(int=ord(name)), move, OPENS + timedelta(hours=hour))
        for name, move, hour in sorted(life, key=lambda each: (each[0], each[2]))
    ]
    last = {each.assessment_id: each.move in BRINGS_IN for each in moves}
    days = count_by_day(moves, OPENS, OPENS + timedelta(days=41))
    assert days[-1].submitted == sum(last.values())
    assert all(0 <= each.submitted <= 3 for each in days)
