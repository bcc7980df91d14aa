"""Where an assessment stands, in the words of lists: for every status, rule and side of the closing."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.access import Actor, Grant, Role
from app.domain.assessment import AssessmentStatus, Move
from app.domain.records import AssessmentRecord
from app.domain.rounds import SignOff, Window
from app.web.partner.statuses import make_row
from tests.people import NOW

HERE = UUID(int=1)
CLOSES = NOW + timedelta(days=7)
LATE = CLOSES + timedelta(days=2)
RECORD = AssessmentRecord(
    partnership_id=UUID(int=2),
    partnership="Upper Harrow Vale",
    organisation_id=HERE,
    organisation="Harrow Vale Council",
    round_id=UUID(int=3),
    round="Autumn round",
    window=Window(NOW - timedelta(days=7), CLOSES),
    sign_off=SignOff.CERTIFIER,
    targets={},
    questionnaire_id="local-partners",
    questionnaire_version=1,
    questionnaire_hash="sha256:0",
    assessment_id=UUID(int=4),
    status=AssessmentStatus.IN_PROGRESS,
    submitted_at=None,
    submitted_by=None,
    submitted_by_id=None,
    signed_off_at=None,
    signed_off_by=None,
    submissions=0,
    last_move=None,
)
SUBMITTED: dict[str, Any] = {
    "status": AssessmentStatus.SUBMITTED,
    "submitted_at": NOW,
    "submitted_by": "Officer",
    "submissions": 1,
    "last_move": Move.SUBMIT,
}
SIGNED_OFF = SUBMITTED | {
    "status": AssessmentStatus.SIGNED_OFF,
    "signed_off_at": NOW,
    "signed_off_by": "Certifier",
    "last_move": Move.SIGN_OFF,
}
NOT_STARTED: dict[str, Any] = {"assessment_id": None, "status": None}
AGAIN: dict[str, Any] = {"submissions": 1, "last_move": Move.REQUEST_CHANGES}
PERMITTED: dict[str, Any] = {"window": Window(NOW - timedelta(days=7), CLOSES, LATE)}
BY = "Submitted by Officer at 9:30am on 2 November 2026"
ENTER = "You may still enter until 9:30am on 11 November 2026"

READ = ("See the answers",) * 3
REPORT = ("See the report",) * 3
START = ("Start", "", "")
ON = ("Continue", "Continue", "See the answers")
DECIDE = ("See the report", "See the report", "Read and sign off")
NOTHING = ("", "", "")
SIGNED = f"{BY}. Signed off by Certifier at 9:30am on 2 November 2026"
MISSED, MISSED_AGAIN = "Not submitted before the round closed", "Not submitted again before the round closed"

ROWS: list[tuple[dict[str, Any], datetime, str, str, tuple[str, ...]]] = [
    # What changes; when; the tag; the words; what a lead, a contributor and a certifier are offered.
    (NOT_STARTED, NOW, "Not started", "", START),
    (NOT_STARTED, CLOSES, "Not started", "", NOTHING),
    (NOT_STARTED | PERMITTED, CLOSES, "Not started", ENTER, START),
    ({}, NOW, "In progress", "", ON),
    ({}, CLOSES, "In progress", MISSED, READ),
    (PERMITTED, CLOSES, "In progress", ENTER, ON),
    (PERMITTED, LATE, "In progress", MISSED, READ),
    (AGAIN, NOW, "Changes requested", "", ON),
    (AGAIN, CLOSES, "Changes requested", MISSED_AGAIN, READ),
    (AGAIN | {"last_move": Move.REOPEN}, NOW, "Reopened", "", ON),
    (SUBMITTED, NOW, "Waiting for sign-off", BY, DECIDE),
    (SUBMITTED, CLOSES, "Submitted", f"{BY}. Not signed off before the round closed", REPORT),
    (SUBMITTED | PERMITTED, CLOSES, "Waiting for sign-off", BY, DECIDE),
    (SUBMITTED | {"sign_off": SignOff.NOBODY}, NOW, "Submitted", BY, REPORT),
    (SIGNED_OFF, NOW, "Signed off", SIGNED, REPORT),
    (SIGNED_OFF, CLOSES, "Signed off", SIGNED, REPORT),
]


@pytest.mark.parametrize(("changes", "now", "tag", "detail", "offers"), ROWS)
def test_a_row_says_where_it_stands_and_offers_what_is_open(
    changes: dict[str, Any], now: datetime, tag: str, detail: str, offers: tuple[str, ...]
) -> None:
    record = replace(RECORD, **changes)
    for role, offered in zip((Role.LEAD, Role.CONTRIBUTOR, Role.CERTIFIER), offers, strict=True):
        row = make_row(Actor(UUID(int=9), "Somebody", frozenset({Grant(role, HERE)})), record, now)
        assert row.tag.text == tag
        assert (row.action.text if row.action else "") == offered, role
        starts = "A lead of your organisation starts it"
        if record.status is None and role is not Role.LEAD and record.window.is_open(now):
            assert row.detail == (f"{starts}. {detail}" if detail else starts)
        else:
            assert row.detail == detail


def test_every_status_has_a_row() -> None:
    assert {changes.get("status", RECORD.status) for changes, *_ in ROWS} == {None, *AssessmentStatus}
