"""The rules of a round: until when an organisation may enter, and who may still be let in late."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import NotAllowedNowError
from app.domain.rounds import LATE_ENTRY_BEFORE, Window, can_permit_late_entry, check_permit_late_entry

OPENS = datetime(2026, 9, 1, 9, tzinfo=UTC)
CLOSES = datetime(2026, 11, 1, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STAYS, LEFT = None, OPENS + timedelta(days=1)


@pytest.mark.parametrize(
    ("left_at", "now", "refusal"),
    [
        (STAYS, CLOSES - LATE_ENTRY_BEFORE - SECOND, "from 14 days before"),
        (STAYS, CLOSES - LATE_ENTRY_BEFORE, ""),
        (STAYS, CLOSES + timedelta(days=100), ""),
        (LEFT, CLOSES - LATE_ENTRY_BEFORE - SECOND, "has left the partnership"),
        (LEFT, CLOSES - SECOND, "has left the partnership"),
        (LEFT, CLOSES + timedelta(days=100), "has left the partnership"),
    ],
)
def test_late_entry_is_for_those_who_are_there_and_not_too_early(
    left_at: datetime | None, now: datetime, refusal: str
) -> None:
    window = Window(OPENS, CLOSES, left_at=left_at)
    assert can_permit_late_entry(window, now) is (not refusal)
    if refusal:
        with pytest.raises(NotAllowedNowError, match=refusal):
            check_permit_late_entry(window, now)
    else:
        check_permit_late_entry(window, now)
