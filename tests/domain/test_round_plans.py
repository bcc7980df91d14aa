"""What stands in the way of a round, what its targets are, and what a threshold can be."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest

from app.domain.errors import NotAllowedNowError
from app.domain.gaps import make_gap_report
from app.domain.round_plans import (
    BLOCKING,
    Obstacle,
    PlannedOrganisation,
    PlannedPartnership,
    RoundPlan,
    can_confirm,
    check_confirm,
    choose_targets,
    clean_targets,
    find_closing_fault,
    find_obstacles,
    get_threshold,
    list_shared_levels,
    parse_threshold,
)
from app.domain.rounds import SignOff
from tests.factories import AGREEMENT, make_answers, make_question, make_questionnaire

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
DAY = timedelta(days=1)
FIVE = "\N{ARABIC-INDIC DIGIT FIVE}"


def organisation(*, people: bool = True, certifier: bool = True) -> PlannedOrganisation:
    return PlannedOrganisation(UUID(int=1), "Council", has_people=people, has_certifier=certifier)


def partnership(*organisations: PlannedOrganisation, coordinator: bool = True) -> PlannedPartnership:
    return PlannedPartnership(UUID(int=2), "Together", coordinator, organisations)


READY = RoundPlan(
    opens_at=NOW + DAY,
    closes_at=NOW + 2 * DAY,
    sign_off=SignOff.CERTIFIER,
    threshold=10,
    has_questionnaire=True,
    partnerships=(partnership(organisation(), organisation()),),
)
PLANS = {
    "ready": (READY, []),
    "no questionnaire": (replace(READY, has_questionnaire=False), [Obstacle.NO_QUESTIONNAIRE]),
    "no threshold": (replace(READY, threshold=None), [Obstacle.NO_THRESHOLD]),
    "closed": (replace(READY, opens_at=NOW - DAY, closes_at=NOW), [Obstacle.CLOSED_ALREADY]),
    "open": (replace(READY, opens_at=NOW), [Obstacle.OPEN_ALREADY]),
    "nobody": (replace(READY, partnerships=()), [Obstacle.NO_PARTNERSHIP]),
    "empty": (replace(READY, partnerships=(partnership(),)), [Obstacle.NO_ORGANISATION]),
    "one": (replace(READY, partnerships=(partnership(organisation()),)), [Obstacle.ONE_ORGANISATION]),
    "uncoordinated": (
        replace(READY, partnerships=(partnership(organisation(), organisation(), coordinator=False),)),
        [Obstacle.NO_COORDINATOR],
    ),
    "uninvited": (
        replace(READY, partnerships=(partnership(organisation(), organisation(people=False, certifier=False)),)),
        [Obstacle.NOBODY_INVITED, Obstacle.NO_CERTIFIER],
    ),
    "texts missing": (replace(READY, has_texts=False), [Obstacle.NO_TEXTS]),
    "uncertified": (
        replace(READY, partnerships=(partnership(organisation(), organisation(certifier=False)),)),
        [Obstacle.NO_CERTIFIER],
    ),
    "uncertified where nobody signs off": (
        replace(
            READY,
            sign_off=SignOff.NOBODY,
            partnerships=(partnership(organisation(), organisation(certifier=False)),),
        ),
        [],
    ),
    "several": (
        replace(READY, threshold=4, partnerships=(partnership(coordinator=False),), opens_at=NOW - DAY),
        [Obstacle.NO_THRESHOLD, Obstacle.NO_ORGANISATION, Obstacle.NO_COORDINATOR, Obstacle.OPEN_ALREADY],
    ),
}


@pytest.mark.parametrize("name", PLANS)
def test_each_obstacle_is_found_and_what_blocks_comes_first(name: str) -> None:
    plan, expected = PLANS[name]
    findings = find_obstacles(plan, NOW)
    assert [finding.obstacle for finding in findings] == expected
    assert can_confirm(findings) is not bool(BLOCKING & set(expected))


@pytest.mark.parametrize("name", PLANS)
def test_a_round_is_confirmed_without_obstacles_or_knowing_them(name: str) -> None:
    findings = find_obstacles(PLANS[name][0], NOW)
    for accepted in (False, True):
        allowed = not findings or (accepted and can_confirm(findings))
        if allowed:
            check_confirm(findings, accepted=accepted)
        else:
            with pytest.raises(NotAllowedNowError):
                check_confirm(findings, accepted=accepted)


def test_places_are_grouped_by_obstacle() -> None:
    lonely = partnership(organisation(people=False), coordinator=False)
    findings = find_obstacles(replace(READY, partnerships=(lonely, lonely)), NOW)
    assert {finding.obstacle: len(finding.places) for finding in findings} == {
        Obstacle.ONE_ORGANISATION: 2,
        Obstacle.NO_COORDINATOR: 2,
        Obstacle.NOBODY_INVITED: 2,
    }
    (one,) = findings[-1].list_organisations()
    assert one == (organisation(people=False), (lonely, lonely))


@pytest.mark.parametrize("value", [None, "", "10", 10.0, True, 4, 0, -10, 10**9, [10]])
def test_a_threshold_that_is_not_surely_one_shows_nothing(value: object) -> None:
    with pytest.raises(NotAllowedNowError, match="no figures are shown"):
        get_threshold(value)


def test_a_threshold_of_five_or_more_is_one() -> None:
    assert [get_threshold(value) for value in (5, 10, 1000)] == [5, 10, 1000]
    assert {text: parse_threshold(text) for text in ("5", " 10 ", "4", "x", "", "1e1", FIVE, "10.0", "99999")} == {
        "5": 5,
        " 10 ": 10,
        **dict.fromkeys(("4", "x", "", "1e1", FIVE, "10.0", "99999")),
    }


@pytest.mark.parametrize(
    ("closes_at", "fault"),
    [
        (NOW + DAY, ""),
        (NOW, "has passed"),
        (NOW - DAY, "has passed"),
        (NOW + timedelta(hours=1), "close after it opens"),
    ],
)
def test_a_closing_moves_to_what_is_still_to_come(closes_at: datetime, fault: str) -> None:
    opens_at = NOW - DAY if not fault.startswith("close") else NOW + 2 * DAY
    assert fault in find_closing_fault(opens_at, closes_at, NOW)


def test_targets_of_a_round_take_the_place_of_the_questionnaires_own() -> None:
    questionnaire = make_questionnaire(make_question("a", target=2), make_question("b"), make_question("c"))
    targets = choose_targets(questionnaire, {"b": "level-4", "gone": "level-1", "c": "no-level"})
    assert list(targets or ()) == [50, 100, 75]
    report = make_gap_report(questionnaire, make_answers(a=2, b=3), targets=targets)
    assert [(gap.question.id, gap.gap) for gap in report.gaps] == [("b", Fraction(25))]
    assert report.targets == targets


@pytest.mark.parametrize("targets", [{}, {"gone": "level-1"}, {"a": "no-level"}])
def test_without_targets_that_fit_the_questionnaires_own_hold(targets: dict[str, str]) -> None:
    questionnaire = make_questionnaire(make_question("a"))
    answers = make_answers(a=2)
    assert choose_targets(questionnaire, targets) is None
    assert make_gap_report(questionnaire, answers, targets=None) == make_gap_report(questionnaire, answers)


def test_one_level_can_be_the_target_of_all_where_all_scales_have_it() -> None:
    questionnaire = make_questionnaire(make_question("a"), make_question("b", scale=AGREEMENT))
    assert [level for level, _ in list_shared_levels(questionnaire)] == [f"level-{number}" for number in range(4)]
    assert clean_targets(questionnaire, {"b": "level-4", "a": "level-4"}) == {"a": "level-4"}
