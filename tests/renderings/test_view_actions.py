"""Actions as rows: ready to print, the same for the board and for paper."""

from fractions import Fraction
from uuid import UUID

import pytest

from app.catalogue import Catalogue
from app.domain.action_changes import Comparison, QuestionChange
from app.domain.actions import NEEDS_OWNER, ActionStatus, ProgressNote
from app.domain.questionnaire import Questionnaire
from app.renderings.view_actions import (
    NEW_OWNER,
    NOT_ASKED,
    STATUS_WORDS,
    describe_change,
    group_by_enabler,
    group_by_owner,
    make_action_rows,
)
from tests.people import NOW
from tests.plans import TODAY, make_action

ROUND = UUID(int=3)
HOSTILE = "=1+1\r\n<b>\x1b[2J"


@pytest.fixture(scope="module")
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


def test_every_status_has_words() -> None:
    assert set(STATUS_WORDS) == set(ActionStatus)
    assert len(set(STATUS_WORDS.values())) == len(ActionStatus)


def test_a_row_has_all_that_is_shown_each_on_one_line(questionnaire: Questionnaire) -> None:
    note = ProgressNote(2, ActionStatus.UNDER_WAY, HOSTILE, UUID(int=1), "Officer", NOW)
    action = make_action(title=HOSTILE, measure=HOSTILE, notes=(note,), status=ActionStatus.UNDER_WAY)
    (row,) = make_action_rows([action], {ROUND: questionnaire}, TODAY)
    assert row.title == row.measure == row.note == "=1+1 <b>\N{REPLACEMENT CHARACTER}[2J"
    assert (row.enabler, row.due, row.status) == ("Knowing what works", "2 December 2026", "Under way")
    assert (row.owner, row.owner_organisation, row.is_overdue) == ("Officer", "Harrow Vale Council", False)
    assert (row.department, row.change, row.needs_owner) == ("", "", False)


def test_a_question_that_is_gone_is_said_to_be(questionnaire: Questionnaire) -> None:
    (row,) = make_action_rows([make_action(question_id="gone")], {ROUND: questionnaire}, TODAY)
    assert (row.question, row.enabler) == (NOT_ASKED, NOT_ASKED)
    assert [group.title for group in group_by_enabler([row], questionnaire)] == [NOT_ASKED]


def test_groups_hold_each_row_once_and_a_missing_owner_comes_first(questionnaire: Questionnaire) -> None:
    actions = [
        make_action(id=UUID(int=1), question_id="shared-picture"),
        make_action(id=UUID(int=2), question_id="lawful-basis", owner="Ada"),
        make_action(id=UUID(int=3), question_id="shared-picture", owner=NEEDS_OWNER, owner_is_there=False),
    ]
    rows = make_action_rows(actions, {ROUND: questionnaire}, TODAY)
    by_enabler = group_by_enabler(rows, questionnaire)
    by_owner = group_by_owner(rows)
    assert [group.title for group in by_enabler] == ["Knowing what works", "Sharing information"]
    assert [group.title for group in by_owner] == [
        NEW_OWNER,
        "Harrow Vale Council: Ada",
        "Harrow Vale Council: Officer",
    ]
    for groups in (by_enabler, by_owner):
        assert sorted(row.id.int for group in groups for row in group.rows) == [1, 2, 3]


QUARTER, THIRD = Fraction(25), Fraction(100, 3)
CHANGES = {
    Comparison.HIGHER: (QUARTER, QUARTER + 50, "scored 25.0 in A and 75.0 in B: 50.0 points higher"),
    Comparison.LOWER: (QUARTER + THIRD, QUARTER, "scored 58.3 in A and 25.0 in B: 33.3 points lower"),
    Comparison.TOO_LITTLE: (QUARTER, QUARTER + 5, "scored 25.0 in A and 30.0 in B: too little to call"),
    Comparison.NO_LATER_ROUND: (None, None, ""),
    Comparison.NOT_ASKED: (None, None, "B does not ask this question"),
    Comparison.OTHER_MEANING: (None, None, "means something else in B"),
    Comparison.NO_SCORE_THEN: (None, None, "had no score in A"),
    Comparison.NO_SCORE_NOW: (None, None, "has no score in B"),
}


@pytest.mark.parametrize("comparison", Comparison)
def test_a_change_is_said_in_words(comparison: Comparison) -> None:
    then, now, expected = CHANGES[comparison]
    said = describe_change(QuestionChange(comparison, "A", "B", then, now))
    assert expected in said
    assert bool(said) is (comparison is not Comparison.NO_LATER_ROUND)
