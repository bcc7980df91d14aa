"""P-15: dates mean UK time. What may be done ends on the second, around both clock changes, whatever is done."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.assessment import Answer, AssessmentStatus
from app.domain.errors import NotAllowedNowError
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.services import Database, assessing, life
from app.store import assessments
from app.store.models import Round
from app.web.dates import DateFields
from tests.lives import Cast, add_cast
from tests.people import World, answer_all, make_world, start_assessment

SECOND = timedelta(seconds=1)
CLOSINGS = {
    # What is typed as day, month, year and time, and when that is in UTC.
    "winter": (("9", "11", "2026", "17:00"), datetime(2026, 11, 9, 17, tzinfo=UTC)),
    "the evening before clocks go forward": (
        ("27", "3", "2027", "23:59:59"),
        datetime(2027, 3, 27, 23, 59, 59, tzinfo=UTC),
    ),
    "the last second before clocks go forward": (
        ("28", "3", "2027", "0:59:59"),
        datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC),
    ),
    "as clocks have gone forward": (("28", "3", "2027", "2am"), datetime(2027, 3, 28, 1, tzinfo=UTC)),
    "the day clocks went forward": (("28", "3", "2027", "5pm"), datetime(2027, 3, 28, 16, tzinfo=UTC)),
    "summer": (("1", "7", "2027", "midday"), datetime(2027, 7, 1, 11, tzinfo=UTC)),
    "the evening before clocks go back": (
        ("30", "10", "2027", "23:59:59"),
        datetime(2027, 10, 30, 22, 59, 59, tzinfo=UTC),
    ),
    "the last second that there is once": (
        ("31", "10", "2027", "0:59:59"),
        datetime(2027, 10, 30, 23, 59, 59, tzinfo=UTC),
    ),
    "as clocks have gone back": (("31", "10", "2027", "2am"), datetime(2027, 10, 31, 2, tzinfo=UTC)),
    "the day clocks went back": (("31", "10", "2027", "5pm"), datetime(2027, 10, 31, 17, tzinfo=UTC)),
}


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.CERTIFIER)


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    key = start_assessment(database, questionnaires, world)
    answer_all(database, questionnaires, world.officer, key, "early")
    return key


def read(typed: tuple[str, str, str, str]) -> datetime:
    moment = DateFields("closes", *typed).resolve()
    assert isinstance(moment, datetime)
    return moment


@pytest.mark.parametrize("when", CLOSINGS)
def test_a_round_closes_for_everything_on_the_second(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, key: AssessmentKey, when: str
) -> None:
    """Each deed works in the last second, said in UK time or in UTC, and is refused in the next."""
    typed, closes = CLOSINGS[when]
    assert read(typed) == closes
    with database.writing() as session:
        session.execute(update(Round).values(closes_at=read(typed)))
    check_ends(database, questionnaires, world, cast, key, closes)


@pytest.mark.parametrize("when", CLOSINGS)
def test_late_entry_ends_for_everything_on_the_second(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, key: AssessmentKey, when: str
) -> None:
    typed, ends = CLOSINGS[when]
    with database.writing() as session:
        session.execute(update(Round).values(closes_at=ends - timedelta(hours=3)))
    place = (world.partnership, world.round)
    for organisation in (world.council, world.trust):
        life.permit_late_entry(
            database, cast.coordinator, *place, organisation, read(typed), "why", ends - timedelta(hours=2)
        )
    check_ends(database, questionnaires, world, cast, key, ends)


def check_ends(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, key: AssessmentKey, ends: datetime
) -> None:
    """Try every deed in the second after the end, then in the last one before it."""
    uk = ZoneInfo("Europe/London")
    place = (world.partnership, world.round, world.trust)
    deeds: list[Callable[[datetime], object]] = [
        lambda now: assessing.start(database, questionnaires, world.manager, *place, now),
        lambda now: assessing.answer(
            database, questionnaires, world.officer, key, "shared-picture", Answer("embedded"), 1, now
        ),
        lambda now: assessing.submit(database, questionnaires, world.officer, key, now),
        lambda now: life.request_changes(database, cast.certifier, key, 1, "why", now),
        lambda now: assessing.submit(database, questionnaires, world.officer, key, now),
        lambda now: life.sign_off(database, cast.certifier, key, 2, now),
        lambda now: life.reopen(database, cast.coordinator, key, 2, "why", now),
    ]
    for deed in deeds:
        for moment in (ends, ends.astimezone(uk), ends + SECOND):
            with pytest.raises(NotAllowedNowError):
                deed(moment)
        deed((ends - SECOND).astimezone(uk))
    with database.reading() as session:
        record = assessments.find_record(session, key)
    assert record is not None
    assert (record.status, record.submissions) == (AssessmentStatus.IN_PROGRESS, 2)
