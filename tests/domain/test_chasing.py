"""Whom to ask where an organisation has not finished, and who of them is reminded now."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.domain.access import REACH, Grant, Reach, Role
from app.domain.chasing import list_chases, plan_calls
from app.domain.inviting import Member
from app.domain.progress import make_boards
from app.domain.records import AssessmentRecord
from app.domain.rounds import SignOff
from tests.domain.test_progress import CLOSES, IN_PROGRESS, NOW, SIGNED_OFF, SUBMITTED, WINDOW, make_record

RECORD = make_record()
HOUR = timedelta(hours=1)


def make_member(name: str, role: Role, record: AssessmentRecord = RECORD) -> Member:
    place = record.organisation_id if REACH[role] is Reach.ORGANISATION else None
    return Member(
        id=UUID(int=1),
        person_id=UUID(int=sum(name.encode())),
        name=name,
        email=f"{name}@harrow.example",
        wants_reminders=True,
        grant=Grant(role, place, None if place else record.partnership_id),
        place="",
    )


LEAD, SECOND = make_member("lead", Role.LEAD), make_member("second", Role.LEAD)
CERTIFIER = make_member("certifier", Role.CERTIFIER)
COORDINATOR = make_member("coordinator", Role.COORDINATOR)
CONTRIBUTOR = make_member("contributor", Role.CONTRIBUTOR)
EVERYBODY = (COORDINATOR, CERTIFIER, CONTRIBUTOR, LEAD, SECOND)

WAITING = {"status": SUBMITTED, "sign_off": SignOff.CERTIFIER, "submitted_by_id": LEAD.person_id}
ASKED = {
    "leads, where it is not started": ({}, EVERYBODY, Role.LEAD, "lead second"),
    "leads, where it is in progress": ({"status": IN_PROGRESS}, EVERYBODY, Role.LEAD, "lead second"),
    "the coordinator, where nobody leads": ({}, (COORDINATOR, CERTIFIER), Role.COORDINATOR, "coordinator"),
    "nobody, where nobody is there": ({}, (CONTRIBUTOR,), None, ""),
    "nobody without an address": ({}, (replace(LEAD, email=""), COORDINATOR), Role.COORDINATOR, "coordinator"),
    "somebody once, who has a role twice": ({}, (LEAD, LEAD), Role.LEAD, "lead"),
    "nobody of elsewhere": (
        {},
        (
            make_member("lead", Role.LEAD, make_record("Trust")),
            make_member("c", Role.COORDINATOR, make_record("C", "A")),
        ),
        None,
        "",
    ),
    "the certifier of what waits for them": (WAITING, EVERYBODY, Role.CERTIFIER, "certifier"),
    "a certifier who is the lead that submitted": (
        WAITING,
        (LEAD, make_member("lead", Role.CERTIFIER)),
        Role.CERTIFIER,
        "lead",
    ),
    "leads, where nobody else may sign off": (
        WAITING | {"sign_off": SignOff.ANOTHER_PERSON},
        (LEAD, make_member("lead", Role.CERTIFIER)),
        Role.LEAD,
        "lead",
    ),
    "leads, where there is no certifier": (WAITING, (LEAD, COORDINATOR), Role.LEAD, "lead"),
}


@pytest.mark.parametrize(("record", "members", "role", "names"), ASKED.values(), ids=ASKED)
def test_who_is_asked(record: dict[str, Any], members: tuple[Member, ...], role: Role | None, names: str) -> None:
    (chase,) = list_chases(make_boards([replace(RECORD, **record)], NOW), members)
    assert (chase.role, " ".join(each.name for each in chase.people)) == (role, names)


FINISHED = {
    "submitted, where that is the end": {"status": SUBMITTED},
    "signed off": {"status": SIGNED_OFF, "sign_off": SignOff.CERTIFIER},
    "left": {"window": replace(WINDOW, left_at=NOW - HOUR)},
}


@pytest.mark.parametrize("record", FINISHED.values(), ids=FINISHED)
def test_nobody_is_asked_about_what_is_finished(record: dict[str, Any]) -> None:
    assert list_chases(make_boards([replace(RECORD, **record)], NOW), EVERYBODY) == ()


LATE = replace(WINDOW, late_until=CLOSES + timedelta(days=2))
REMINDED = {
    "both leads": ({}, {}, NOW, "lead second", 0, 0),
    "not who was reminded within a day": ({}, {LEAD: NOW - 24 * HOUR + timedelta(seconds=1)}, NOW, "second", 0, 1),
    "who was reminded a day ago": ({}, {LEAD: NOW - 24 * HOUR}, NOW, "lead second", 0, 0),
    "not after the close": ({}, {}, CLOSES, "", 0, 0),
    "who may enter late, after the close": ({"window": LATE}, {}, CLOSES, "lead second", 0, 0),
    "not after late entry": ({"window": LATE}, {}, CLOSES + timedelta(days=2), "", 0, 0),
}


@pytest.mark.parametrize(("record", "reminded", "now", "names", "off", "resting"), REMINDED.values(), ids=REMINDED)
def test_who_is_reminded(
    record: dict[str, Any], reminded: dict[Member, datetime], now: datetime, names: str, off: int, resting: int
) -> None:
    chases = list_chases(make_boards([replace(RECORD, **record)], now), (LEAD, SECOND))
    calls = plan_calls(chases, {each.person_id: at for each, at in reminded.items()}, now)
    assert " ".join(call.person.name for call in calls.due) == names
    assert (calls.switched_off, calls.resting) == (off, resting)


def test_who_switched_reminders_off_is_left_out_and_counted() -> None:
    off = replace(LEAD, wants_reminders=False)
    chases = list_chases(make_boards([RECORD], NOW), (off, SECOND))
    calls = plan_calls(chases, {off.person_id: NOW}, NOW)
    assert [call.person.name for call in calls.due] == ["second"]
    assert (calls.switched_off, calls.resting) == (1, 0)


def test_somebody_who_is_asked_about_several_is_reminded_once_of_all() -> None:
    other = make_record("Council", "Coast", IN_PROGRESS)
    chases = list_chases(make_boards([RECORD, other], NOW), (LEAD,))
    (call,) = plan_calls(chases, {}, NOW).due
    assert [chase.record.partnership for chase in call.chases] == ["Vale", "Coast"]
    assert call.ends_at == CLOSES
