"""What people type as UK time, around both clock changes and otherwise."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.times import UK
from app.domain.uk_time import UkTimeError, parse_moment, parse_time, today

READ = {
    "2026-11-02 09:00": "2026-11-02T09:00:00",
    "2/11/2026 9am": "2026-11-02T09:00:00",
    "02/11/2026 9:30 PM": "2026-11-02T21:30:00",
    "2026-07-01T17:00": "2026-07-01T16:00:00",
    "2026-07-01 midday": "2026-07-01T11:00:00",
    "2026-07-01 midnight": "2026-06-30T23:00:00",
    "2026-07-01 12am": "2026-06-30T23:00:00",
    "2026-07-01 12pm": "2026-07-01T11:00:00",
    # Clocks go forward at 1am on 29 March: 00:59:59 is followed by 02:00:00.
    "2026-03-29 00:59:59": "2026-03-29T00:59:59",
    "2026-03-29 02:00:00": "2026-03-29T01:00:00",
    # Clocks go back at 2am on 25 October: the hour from 1am is there twice.
    "2026-10-25 00:59:59": "2026-10-24T23:59:59",
    "2026-10-25 02:00:00": "2026-10-25T02:00:00",
    "2028-02-29 17:00": "2028-02-29T17:00:00",
}
REFUSED = {
    "": "Write date and time",
    "2026-11-02": "Write date and time",
    "soon 9am": "Write the date as",
    "2026-02-30 9am": "There is no such date",
    "2027-02-29 9am": "There is no such date",
    "2/11/26 9am": "Write the date as",
    "0026-11-02 9am": "The year must be",
    "2026-11-02 25:00": "There is no such time",
    "2026-11-02 09:60": "There is no such time",
    "2026-11-02 13pm": "There is no such time",
    "2026-11-02 9": "Write the time as",
    "2026-11-02 ٩am": "Write the time as",
    "2026-11-02 09:00+01:00": "Write the time as",
    "2026-03-29 01:00": "Clocks go forward that night",
    "2026-03-29 01:59:59": "Clocks go forward that night",
    "2026-10-25 01:00": "Clocks go back that night",
    "2026-10-25 01:59:59": "Clocks go back that night",
}


@pytest.mark.parametrize("typed", READ)
def test_uk_time_becomes_the_right_second_in_utc(typed: str) -> None:
    assert parse_moment(typed) == datetime.fromisoformat(READ[typed]).replace(tzinfo=UTC)


@pytest.mark.parametrize("typed", REFUSED)
def test_what_is_no_one_moment_is_refused_in_words(typed: str) -> None:
    with pytest.raises(UkTimeError, match=REFUSED[typed]):
        parse_moment(typed)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_around_a_clock_change_every_second_is_read_back_or_refused(day: str) -> None:
    refused = 0
    start = datetime.fromisoformat(f"{day}T00:00:00")
    for second in range(0, 4 * 3600, 59):
        shown = start + timedelta(seconds=second)
        try:
            moment = parse_moment(shown.isoformat(sep=" "))
        except UkTimeError:
            refused += 1
            assert shown.hour == 1
        else:
            assert moment.astimezone(UK).replace(tzinfo=None) == shown
    assert refused == len([second for second in range(0, 4 * 3600, 59) if 3600 <= second < 7200])


def test_the_day_begins_at_midnight_of_uk_clocks() -> None:
    for moment, day in (("2026-07-01T22:59:59", "2026-07-01"), ("2026-07-01T23:00:00", "2026-07-02")):
        assert today(datetime.fromisoformat(moment).replace(tzinfo=UTC)).isoformat() == day


def test_a_time_alone_may_be_said_in_words() -> None:
    assert [parse_time(words).isoformat() for words in ("midday", "Noon", " 5.30pm ")] == [
        "12:00:00",
        "12:00:00",
        "17:30:00",
    ]
