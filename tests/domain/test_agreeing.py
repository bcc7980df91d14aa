"""What must be recorded of a meeting, and of what it agrees."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from app.domain.agreeing import NOT_AGREED, AgreedForm, MeetingForm, find_agreed_faults, find_meeting_faults
from tests.domain.test_together import CHARITY, COUNCIL, TRUST, make_together
from tests.factories import make_question, make_questionnaire

TODAY = date(2026, 11, 2)
GOOD = MeetingForm(TODAY, frozenset({COUNCIL, TRUST}), "The two directors")
AGREED = AgreedForm("level-3", "The minutes of March show it", "")
QUESTIONNAIRE = make_questionnaire(make_question("a"))


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        (GOOD, []),
        (replace(GOOD, names=""), []),
        (replace(GOOD, held_on=date(2026, 10, 26)), []),
        (replace(GOOD, held_on=None), ["held"]),
        (replace(GOOD, held_on=date(2026, 11, 3)), ["held"]),
        (replace(GOOD, held_on=date(2026, 10, 25)), ["held"]),
        (replace(GOOD, organisations=frozenset()), ["organisations"]),
        (replace(GOOD, organisations=frozenset({COUNCIL})), ["organisations"]),
        (replace(GOOD, organisations=frozenset({COUNCIL, UUID(int=77)})), ["organisations"]),
        (replace(GOOD, organisations=frozenset({COUNCIL, CHARITY})), ["organisations"]),
        (MeetingForm(None, frozenset(), "a\x00"), ["held", "organisations", "names"]),
        (replace(GOOD, names="a" * 4001), ["names"]),
    ],
)
def test_a_meeting_needs_a_day_and_two_who_are_there(form: MeetingForm, faults: list[str]) -> None:
    together = make_together("in", "-", "left")
    assert [fault.field for fault in find_meeting_faults(together, form, TODAY)] == faults


@pytest.mark.parametrize(
    ("form", "faults"),
    [
        (AGREED, []),
        (replace(AGREED, choice=NOT_AGREED), []),
        (replace(AGREED, minority_view="The charity sees it otherwise"), []),
        (replace(AGREED, choice=None), ["choice"]),
        (replace(AGREED, choice="level-9"), ["choice"]),
        (replace(AGREED, choice="dont-know"), ["choice"]),
        (replace(AGREED, reason="  "), ["reason"]),
        (replace(AGREED, reason="a" * 4001), ["reason"]),
        (replace(AGREED, minority_view="\ud800"), ["minority"]),
        (AgreedForm(None, "", "a" * 4001), ["choice", "reason", "minority"]),
    ],
)
def test_what_is_agreed_has_a_level_or_none_and_a_reason(form: AgreedForm, faults: list[str]) -> None:
    found = find_agreed_faults(QUESTIONNAIRE, QUESTIONNAIRE.questions[0], form)
    assert [fault.field for fault in found] == faults
