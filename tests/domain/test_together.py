"""Blind first, then open: who sees a partnership's report when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.domain.access import Actor, Deed, Grant, Role
from app.domain.assessment import AssessmentStatus
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.rounds import SignOff
from app.domain.together import Partner, Together, can_plan, can_see, check_plan, check_see, list_own

NOW = datetime(2026, 11, 2, tzinfo=UTC)
CLOSES = NOW + timedelta(days=7)
VALE = UUID(int=1)
COUNCIL, TRUST, CHARITY = (UUID(int=number) for number in (11, 12, 13))
NAMES = {COUNCIL: "Council", TRUST: "Trust", CHARITY: "Charity"}
STATUS = {"-": None, "begun": AssessmentStatus.IN_PROGRESS, "in": AssessmentStatus.SUBMITTED}
STATUS |= {"again": AssessmentStatus.IN_PROGRESS, "left": AssessmentStatus.SUBMITTED}


def make_together(*states: str) -> Together:
    """Make a round of council, trust and charity, each in a state: `-`, `begun`, `in`, `again` or `left`."""
    return Together(
        partnership_id=VALE,
        partnership="Vale",
        round_id=UUID(int=2),
        round="Autumn",
        opens_at=NOW - timedelta(days=7),
        closes_at=CLOSES,
        sign_off=SignOff.NOBODY,
        questionnaire_hash="sha256:0",
        targets={},
        partners=tuple(
            Partner(
                organisation_id=organisation,
                name=NAMES[organisation],
                assessment_id=None,
                status=STATUS[state],
                submission=int(state in {"in", "again", "left"}),
                submitted_at=None,
                answers={},
                left_at=NOW if state == "left" else None,
            )
            for organisation, state in zip(NAMES, states, strict=True)
        ),
        agreed={},
    )


def join(together: Together, joined_at: datetime) -> Together:
    """Have coordinators let all organisations join at a moment."""
    return replace(together, partners=tuple(replace(each, joined_at=joined_at) for each in together.partners))


def actor_with(*grants: Grant) -> Actor:
    return Actor(UUID(int=9), "Somebody", frozenset(grants))


COUNCIL_LEAD = actor_with(Grant(Role.LEAD, COUNCIL))
COORDINATOR = actor_with(Grant(Role.COORDINATOR, partnership_id=VALE))
CENTRAL = actor_with(Grant(Role.CENTRAL_ADMINISTRATOR), Grant(Role.CENTRAL_ANALYST))
STRANGER = actor_with(Grant(Role.LEAD, UUID(int=99)), Grant(Role.COORDINATOR, partnership_id=UUID(int=98)))

# council  trust  charity  closed  lead of the council  coordinator
CASES = """
-      -      -      no   -    -
begun  in     in     no   -    -
in     -      -      no   sees -
in     in     begun  no   sees -
in     in     in     no   sees sees
again  in     in     no   sees sees
begun  in     in     yes  -    sees
-      -      -      yes  -    -
in     -      left   no   sees -
in     in     left   no   sees sees
left   in     in     no   -    sees
"""


def test_who_coordinates_waits_for_all_also_as_a_lead() -> None:
    """Or they could found an organisation, answer nothing, and read the others."""
    both = actor_with(*COUNCIL_LEAD.grants, *COORDINATOR.grants)
    assert not can_see(both, make_together("in", "in", "begun"), NOW)
    assert can_see(both, make_together("in", "in", "in"), NOW)
    assert can_see(both, make_together("in", "in", "begun"), CLOSES)
    elsewhere = actor_with(*COUNCIL_LEAD.grants, Grant(Role.COORDINATOR, partnership_id=UUID(int=77)))
    assert can_see(elsewhere, make_together("in", "in", "begun"), NOW)


def test_who_was_brought_in_once_the_round_had_opened_waits_for_all() -> None:
    together = make_together("in", "in", "begun")
    assert can_see(COUNCIL_LEAD, join(together, together.opens_at), NOW)
    late = join(together, together.opens_at + timedelta(seconds=1))
    assert not can_see(COUNCIL_LEAD, late, NOW)
    with pytest.raises(NotAllowedNowError, match="joined after the round had opened"):
        check_see(COUNCIL_LEAD, late, NOW)
    assert can_see(COUNCIL_LEAD, late, CLOSES)
    assert can_see(COUNCIL_LEAD, join(make_together("in", "in", "in"), NOW), NOW)


@pytest.mark.parametrize("row", CASES.strip().splitlines())
def test_the_report_opens_to_who_has_submitted_and_to_coordinators_when_nobody_is_awaited(row: str) -> None:
    *states, closed, lead, coordinator = row.split()
    together = make_together(*states)
    now = CLOSES if closed == "yes" else NOW
    for actor, expected in ((COUNCIL_LEAD, lead), (COORDINATOR, coordinator)):
        assert can_see(actor, together, now) is (expected == "sees")
        if expected == "sees":
            check_see(actor, together, now)
        else:
            with pytest.raises((NotAllowedNowError, NotFoundError)):
                check_see(actor, together, now)


@pytest.mark.parametrize("actor", [CENTRAL, STRANGER, actor_with()], ids=["central", "stranger", "nobody"])
def test_to_everybody_else_nothing_is_there(actor: Actor) -> None:
    for now in (NOW, CLOSES):
        with pytest.raises(NotFoundError):
            check_see(actor, make_together("in", "in", "in"), now)


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.LEAD, Role.CERTIFIER])
def test_everybody_of_an_organisation_that_submitted_reads_and_leads_plan(role: Role) -> None:
    together, actor = make_together("in", "-", "-"), actor_with(Grant(role, COUNCIL))
    assert can_see(actor, together, NOW)
    assert can_plan(actor, together, NOW) is (role is Role.LEAD)
    if role is not Role.LEAD:
        with pytest.raises(NotAllowedError):
            check_plan(actor, together, NOW)


def test_one_who_belongs_is_told_what_opens_the_report() -> None:
    with pytest.raises(NotAllowedNowError, match="once it has submitted"):
        check_see(COUNCIL_LEAD, make_together("begun", "in", "in"), NOW)
    with pytest.raises(NotAllowedNowError, match="every organisation has submitted, or the round has closed"):
        check_see(COORDINATOR, make_together("begun", "in", "in"), NOW)
    with pytest.raises(NotAllowedNowError, match="nothing to report"):
        check_see(COORDINATOR, make_together("-", "-", "-"), CLOSES)


def test_who_has_left_has_no_place_of_their_own_any_more() -> None:
    assert list_own(COUNCIL_LEAD, make_together("left", "in", "in")) == ()
    assert [each.name for each in list_own(COUNCIL_LEAD, make_together("-", "in", "in"), Deed.PLAN)] == ["Council"]
