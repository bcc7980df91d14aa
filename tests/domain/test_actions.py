"""Actions and asks: the table of steps, who may do what, what is wrong with a form, the order, and the change since."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.action_changes import TOO_LITTLE, Comparison, compare_action
from app.domain.action_drafts import (
    MEASURE_LENGTH,
    NOTE_LENGTH,
    TITLE_LENGTH,
    ActionDraft,
    Department,
    Known,
    Owner,
    PlannedValues,
    find_note_fault,
    settle_draft,
)
from app.domain.action_reminders import LOOK_AHEAD, LOOK_BACK, ActionReminder, find_reminder
from app.domain.actions import (
    CLOSED,
    FIRST,
    STEPS,
    ActionStatus,
    Kind,
    ProgressNote,
    Side,
    can_answer_ask,
    can_change,
    can_note,
    can_see_action,
    check_answer_ask,
    check_board,
    check_change,
    check_note,
    check_step,
    list_for_department,
    list_open_rounds,
    list_planned_rounds,
    order_actions,
)
from app.domain.assessment import Answer, AssessmentStatus
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import Question, Questionnaire
from app.domain.rounds import SignOff
from app.domain.together import Partner, Together
from tests.plans import QUESTION, SOON, TODAY, make_action

S = ActionStatus
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
COUNCIL, TRUST, CHARITY, DEPARTMENT, VALE = (UUID(int=number) for number in range(11, 16))
LEAD, CONTRIBUTOR, COORDINATOR, NEWCOMER, OFFICIAL, CLERK, STRANGER = (
    Actor(UUID(int=number), "", frozenset({grant}))
    for number, grant in enumerate(
        (
            Grant(Role.LEAD, COUNCIL),
            Grant(Role.CONTRIBUTOR, COUNCIL),
            Grant(Role.COORDINATOR, partnership_id=VALE),
            Grant(Role.LEAD, CHARITY),
            Grant(Role.LEAD, DEPARTMENT),
            Grant(Role.CONTRIBUTOR, DEPARTMENT),
            Grant(Role.LEAD, UUID(int=99)),
        ),
        start=100,
    )
)


# ---- The table -------------------------------------------------------------------------------------------------------


def test_every_status_of_a_kind_is_reached_from_the_first_and_none_is_a_dead_end() -> None:
    for kind, steps in STEPS.items():
        reached = {FIRST[kind]}
        while new := {step.end for step in steps if step.start in reached} - reached:
            reached |= new
        assert reached == {step.start for step in steps}
        assert len({(step.start, step.end, step.side) for step in steps}) == len(steps)


def test_what_is_dropped_or_declined_needs_a_reason_and_an_answer_needs_words() -> None:
    wordy = {step.end for steps in STEPS.values() for step in steps if step.needs_words}
    assert wordy == {S.DROPPED, S.DECLINED, S.ANSWERED}
    for steps in STEPS.values():
        assert all(step.needs_words for step in steps if step.end in wordy)


def test_only_the_department_accepts_and_declines() -> None:
    deciding = {step.side for step in STEPS[Kind.ASK] if step.end in {S.ACCEPTED, S.DECLINED}}
    assert deciding == {Side.DEPARTMENT}
    assert {step.side for step in STEPS[Kind.ACTION]} == {Side.PARTNERSHIP}


REFUSED = [
    (make_action(), S.SENT, Side.PARTNERSHIP),
    (make_action(), S.UNDER_WAY, Side.DEPARTMENT),
    (make_action(status=S.DONE), S.DROPPED, Side.PARTNERSHIP),
    (make_action(status=S.DRAFTED, department_id=DEPARTMENT), S.ACCEPTED, Side.DEPARTMENT),
    (make_action(status=S.SENT, department_id=DEPARTMENT), S.ACCEPTED, Side.PARTNERSHIP),
    (make_action(status=S.SENT, department_id=DEPARTMENT), S.DONE, Side.PARTNERSHIP),
]


@pytest.mark.parametrize(("action", "end", "side"), REFUSED)
def test_what_is_not_in_the_table_is_refused(action, end: ActionStatus, side: Side) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    with pytest.raises(NotAllowedNowError):
        check_step(action, end, side)


def test_to_stay_where_it_is_takes_no_step() -> None:
    assert check_step(make_action(), S.PLANNED, Side.PARTNERSHIP) is None


def test_a_department_reads_what_passed_between_the_two_and_no_internal_note() -> None:
    said = [S.DRAFTED, S.DROPPED, S.DRAFTED, S.SENT, S.SENT, S.ANSWERED, S.ACCEPTED, S.ACCEPTED, S.DONE]
    notes = tuple(ProgressNote(number, status, "", LEAD.person_id, "", NOW) for number, status in enumerate(said, 1))
    ask = make_action(department_id=DEPARTMENT, status=S.DONE, notes=notes)
    assert [note.number for note in list_for_department(ask)] == [4, 6, 7, 9]


# ---- Rights ----------------------------------------------------------------------------------------------------------


def make_together(number: int, questionnaire: Questionnaire | None = None, **levels: str) -> Together:
    """Make the round of a number; each organisation that is named has submitted with a level for the question."""
    ids = {"council": COUNCIL, "trust": TRUST, "charity": CHARITY}
    closes = NOW + timedelta(days=100 * (number - 2) - 10)
    return Together(
        partnership_id=VALE,
        partnership="Vale",
        round_id=UUID(int=number),
        round=f"Round {number}",
        opens_at=closes - timedelta(days=30),
        closes_at=closes,
        sign_off=SignOff.NOBODY,
        questionnaire_hash=questionnaire.hash if questionnaire else "",
        targets={},
        partners=tuple(
            Partner(
                key,
                name,
                UUID(int=1) if name in levels else None,
                AssessmentStatus.SUBMITTED if name in levels else None,
                int(name in levels),
                None,
                {QUESTION: Answer(levels[name])} if name in levels else {},
            )
            for name, key in ids.items()
        ),
        agreed={},
    )


FIRST_ROUND = make_together(1, council="early", trust="early")
OPEN_ROUND = make_together(3, trust="early")
LATER_ROUND = make_together(3, charity="early")
ROUNDS = (OPEN_ROUND, FIRST_ROUND)
OLD = make_action(round_id=FIRST_ROUND.round_id, partnership_id=VALE, owner_organisation_id=CHARITY)
NEW = replace(OLD, round_id=OPEN_ROUND.round_id)

SEES = {
    "a lead who submitted then sees it, and not what is about answers they may not see": (
        LEAD,
        True,
        False,
    ),
    "so does a contributor": (CONTRIBUTOR, True, False),
    "a coordinator sees what is about the closed round": (COORDINATOR, True, False),
    "who never submitted sees nothing": (NEWCOMER, False, False),
    "a stranger sees nothing": (STRANGER, False, False),
    "a department sees nothing that was not sent to it": (OFFICIAL, False, False),
}


@pytest.mark.parametrize(("actor", "old", "new"), SEES.values(), ids=SEES)
def test_who_sees_an_action(actor: Actor, old: bool, new: bool) -> None:  # noqa: FBT001 - a table
    assert (can_see_action(actor, OLD, ROUNDS, NOW), can_see_action(actor, NEW, ROUNDS, NOW)) == (old, new)


def test_an_action_is_carried_into_later_rounds_for_whoever_joined_since() -> None:
    rounds = (LATER_ROUND, FIRST_ROUND)
    assert can_see_action(NEWCOMER, OLD, rounds, NOW)
    assert can_change(NEWCOMER, OLD, rounds, NOW)
    assert [each.round for each in list_planned_rounds(NEWCOMER, rounds, NOW)] == ["Round 3", "Round 1"]
    assert [each.round for each in list_open_rounds(NEWCOMER, rounds, NOW)] == ["Round 3"]


def test_an_earlier_round_in_which_they_can_still_submit_stays_closed_to_them() -> None:
    """Rounds may overlap, closings move, and late entry be permitted."""
    still_open = replace(FIRST_ROUND, closes_at=NOW + timedelta(days=1))
    late = replace(
        FIRST_ROUND,
        partners=tuple(replace(each, late_until=NOW + timedelta(days=1)) for each in FIRST_ROUND.partners),
    )
    for earlier in (still_open, late):
        assert not can_see_action(NEWCOMER, OLD, (LATER_ROUND, earlier), NOW)
        assert can_see_action(LEAD, OLD, (LATER_ROUND, earlier), NOW)
    complete = make_together(3, council="early", trust="early", charity="early")
    assert can_see_action(COORDINATOR, OLD, (complete, late), NOW)
    assert not can_see_action(COORDINATOR, OLD, (complete, still_open), NOW)


def test_the_owner_sees_and_notes_their_own_whatever_is_open_to_them() -> None:
    mine = replace(NEW, owner_id=NEWCOMER.person_id)
    assert can_see_action(NEWCOMER, mine, ROUNDS, NOW)
    assert can_note(NEWCOMER, mine, ROUNDS, NOW)
    assert not can_change(NEWCOMER, mine, ROUNDS, NOW)
    with pytest.raises(NotAllowedError):
        check_change(NEWCOMER, mine, ROUNDS, NOW)


def test_an_owner_without_their_role_is_a_stranger() -> None:
    gone = replace(NEW, owner_id=NEWCOMER.person_id, owner_is_there=False)
    for check in (check_change, check_note):
        with pytest.raises(NotFoundError):
            check(NEWCOMER, gone, ROUNDS, NOW)
    elsewhere = Actor(NEWCOMER.person_id, "", frozenset({Grant(Role.LEAD, UUID(int=98))}))
    assert not can_note(elsewhere, replace(gone, owner_is_there=True), ROUNDS, NOW)


def test_coordinators_and_leads_change_and_contributors_read() -> None:
    may = [can_change(actor, OLD, ROUNDS, NOW) for actor in (LEAD, COORDINATOR, CONTRIBUTOR, STRANGER)]
    assert may == [True, True, False, False]
    with pytest.raises(NotAllowedError):
        check_note(CONTRIBUTOR, OLD, ROUNDS, NOW)


def test_the_board_is_there_for_whoever_sees_a_report() -> None:
    assert check_board(LEAD, ROUNDS, NOW) == (FIRST_ROUND,)
    with pytest.raises(NotAllowedNowError):
        check_board(NEWCOMER, ROUNDS, NOW)
    for actor, rounds in ((STRANGER, ROUNDS), (LEAD, ())):
        with pytest.raises(NotFoundError):
            check_board(actor, rounds, NOW)


def test_a_lead_of_the_department_answers_what_was_sent_and_nobody_else_knows_of_it() -> None:
    for status in {step.start for step in STEPS[Kind.ASK]}:
        ask = make_action(department_id=DEPARTMENT, status=status)
        assert can_answer_ask(OFFICIAL, ask) is (status not in {S.DRAFTED, S.DROPPED})
        for actor in (CLERK, LEAD, COORDINATOR, STRANGER):
            with pytest.raises(NotFoundError):
                check_answer_ask(actor, ask)
    assert not can_answer_ask(OFFICIAL, make_action(status=S.DONE))


# ---- Forms -----------------------------------------------------------------------------------------------------------

OWNER = Owner(UUID(int=5), "Officer", "officer@x.example", UUID(int=4), "Harrow Vale Council")
PLACES = Department(DEPARTMENT, "Department for Places")
KNOWN = Known((OWNER,), (PLACES,), {"a-point"})
GOOD = ActionDraft("Do it", "It is done", OWNER.mark, ("2", "12", "2026"))
SENT = make_action(department_id=DEPARTMENT, department=PLACES.name, status=S.SENT)
BEGUN = make_action(status=S.UNDER_WAY)
OVERDUE = make_action(due_on=date(2026, 10, 1))

FAULTS = {
    "nothing typed": (ActionDraft("", " ", "", ("", "", "")), None, ["title", "measure", "owner", "due"]),
    "too long": (
        replace(GOOD, title="x" * 301, measure="x" * 1001),
        None,
        ["title", "measure"],
    ),
    "as long as can be": (replace(GOOD, title="x" * TITLE_LENGTH, measure="x" * MEASURE_LENGTH), None, []),
    "what cannot be kept": (replace(GOOD, title="a\x00b", measure="a\ud800b"), None, ["title", "measure"]),
    "yesterday": (replace(GOOD, due=("1", "11", "2026")), None, ["due"]),
    "today": (replace(GOOD, due=("2", "11", "2026")), None, []),
    "no such day": (replace(GOOD, due=("31", "11", "2026")), None, ["due"]),
    "half a day": (replace(GOOD, due=("3", "", "2026")), None, ["due"]),
    "ten years": (replace(GOOD, due=("31", "12", "2036")), None, []),
    "more than ten years": (replace(GOOD, due=("1", "1", "2037")), None, ["due"]),
    "an overdue day may stay": (replace(GOOD, due=("1", "10", "2026")), OVERDUE, []),
    "another past day may not": (replace(GOOD, due=("2", "10", "2026")), OVERDUE, ["due"]),
    "somebody who has left": (replace(GOOD, owner=f"{TRUST} {UUID(int=5)}"), None, ["owner"]),
    "not a department": (replace(GOOD, department=str(COUNCIL)), None, ["department"]),
    "no id": (replace(GOOD, department="nonsense", owner="nonsense"), None, ["owner", "department"]),
    "a learning point": (replace(GOOD, point="a-point"), None, []),
    "an unknown one": (replace(GOOD, point="gone"), None, ["title"]),
    "begun, and now an ask": (
        replace(GOOD, department=str(DEPARTMENT)),
        BEGUN,
        ["department"],
    ),
    "planned, and now an ask": (replace(GOOD, department=str(DEPARTMENT)), make_action(), []),
    "sent: words are not asked for": (replace(GOOD, title="", measure="", department=""), SENT, []),
}


@pytest.mark.parametrize(("draft", "before", "parts"), FAULTS.values(), ids=FAULTS)
def test_everything_wrong_with_a_form_is_told_at_once(draft: ActionDraft, before, parts: list[str]) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    found = settle_draft(draft, KNOWN, TODAY, before)
    assert ([fault.part for fault in found] if isinstance(found, tuple) else []) == parts


def test_what_a_department_was_shown_stays() -> None:
    values = settle_draft(replace(GOOD, title="Another", department=""), KNOWN, TODAY, SENT)
    assert isinstance(values, PlannedValues)
    assert (values.title, values.measure, values.department) == (SENT.title, SENT.measure, PLACES)


@given(st.text(max_size=40), st.text(max_size=40), st.tuples(*[st.text(max_size=6)] * 3))
def test_no_form_breaks_it(title: str, other: str, due: tuple[str, str, str]) -> None:
    found = settle_draft(ActionDraft(title, other, other, due, other, other), KNOWN, TODAY)
    assert isinstance(found, tuple)  # at least its owner is nobody
    assert all(fault.text for fault in found)


NOTES = {
    "nothing": ("", None, False, "Enter a note, or choose another status"),
    "a step alone": ("", S.DONE, False, ""),
    "a reason is missing": (" ", S.DROPPED, True, "Say why"),
    "an answer is missing": ("", S.ANSWERED, True, "Enter the answer"),
    "a note": ("x" * NOTE_LENGTH, None, False, ""),
}


@pytest.mark.parametrize(("text", "step", "needs", "fault"), NOTES.values(), ids=NOTES)
def test_what_is_wrong_with_a_note(text: str, step: ActionStatus | None, needs: bool, fault: str) -> None:  # noqa: FBT001
    assert find_note_fault(text, step, needs_words=needs) == fault


# ---- Order and reminders ---------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(-40, 40), st.sampled_from(S)), max_size=12))
def test_overdue_comes_first_then_what_is_open_each_by_its_day(drawn: list[tuple[int, ActionStatus]]) -> None:
    actions = [
        make_action(id=UUID(int=number), due_on=TODAY + timedelta(days=days), status=status)
        for number, (days, status) in enumerate(drawn)
    ]
    ordered = order_actions(actions, TODAY)
    assert sorted(ordered, key=lambda each: each.id.int) == actions
    ranks = [(not each.is_overdue(TODAY), each.status in CLOSED, each.due_on) for each in ordered]
    assert ranks == sorted(ranks)


def test_what_is_due_today_is_not_overdue() -> None:
    assert not make_action(due_on=TODAY).is_overdue(TODAY)
    assert make_action(due_on=TODAY - timedelta(days=1)).is_overdue(TODAY)
    assert not make_action(due_on=TODAY - timedelta(days=1), status=S.DONE).is_overdue(TODAY)


MADE = datetime(2026, 9, 1, tzinfo=UTC)
WEEK_BEFORE = SOON - timedelta(days=7)
REMINDERS = {
    "before eight that day": (WEEK_BEFORE, 7, 59, MADE, None),
    "from eight a week before": (WEEK_BEFORE, 8, 0, MADE, ActionReminder.WEEK),
    "a worker that was off for days": (WEEK_BEFORE + timedelta(days=4), 12, 0, MADE, ActionReminder.WEEK),
    "too late for it": (WEEK_BEFORE + timedelta(days=5), 12, 0, MADE, None),
    "planned within that week": (WEEK_BEFORE, 12, 0, datetime(2026, 11, 25, tzinfo=UTC), None),
    "on its day": (SOON, 23, 59, MADE, None),
    "the day after": (SOON + timedelta(days=1), 8, 0, MADE, ActionReminder.PASSED),
    "a week after": (SOON + timedelta(days=7), 8, 0, MADE, None),
}


@pytest.mark.parametrize(("day", "hour", "minute", "made", "kind"), REMINDERS.values(), ids=REMINDERS)
def test_when_an_owner_is_reminded(
    day: date, hour: int, minute: int, made: datetime, kind: ActionReminder | None
) -> None:
    moment = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)  # winter: the clocks of the UK show this
    assert find_reminder(SOON, made, moment) is kind


def test_reminders_go_by_the_clock_on_the_wall() -> None:
    due, made, eight = date(2026, 7, 10), datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 3, 7, 0, tzinfo=UTC)
    assert find_reminder(due, made, eight) is ActionReminder.WEEK
    assert find_reminder(due, made, eight - timedelta(minutes=1)) is None


@given(st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001
def test_whatever_has_a_reminder_is_within_the_days_that_are_looked_at(due: date, moment: datetime) -> None:
    now = moment.replace(tzinfo=UTC)
    if find_reminder(due, datetime(2020, 1, 1, tzinfo=UTC), now):
        assert now.date() - LOOK_BACK <= due <= now.date() + LOOK_AHEAD + timedelta(days=1)


# ---- Beside the change in its question -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def questionnaire(questionnaires: Catalogue) -> Questionnaire:
    return questionnaires.get("local-partners", 1)


def revise(questionnaire: Questionnaire, *, drop: bool = False) -> Questionnaire:
    """Give the questionnaire with another meaning of the question, or without it."""
    sections = tuple(
        section.model_copy(update={"questions": tuple(_revise(section.questions, drop=drop))})
        for section in questionnaire.sections
    )
    fields = {name: getattr(questionnaire, name) for name in Questionnaire.model_fields}
    return Questionnaire(**fields | {"sections": sections})


def _revise(questions: tuple[Question, ...], *, drop: bool) -> Iterator[Question]:
    for question in questions:
        if question.id != QUESTION:
            yield question
        elif not drop:
            yield question.model_copy(update={"meaning": question.meaning + 1})


def compare(questionnaire: Questionnaire, later: Questionnaire, then: str, now: str):  # type: ignore[no-untyped-def] # noqa: ANN201
    first, second = make_together(1, questionnaire, council=then, trust=then), make_together(3, council=now, trust=now)
    return compare_action(
        replace(OLD, question_id=QUESTION), PartnershipReport(first, questionnaire), PartnershipReport(second, later)
    )


@pytest.mark.parametrize(
    ("then", "now", "comparison", "difference"),
    [
        ("early", "established", Comparison.HIGHER, 50),
        ("established", "early", Comparison.LOWER, -50),
        ("early", "early", Comparison.TOO_LITTLE, 0),
        ("dont-know", "early", Comparison.NO_SCORE_THEN, None),
        ("early", "dont-know", Comparison.NO_SCORE_NOW, None),
    ],
)
def test_an_action_stands_beside_the_change_in_its_question(
    questionnaire: Questionnaire, then: str, now: str, comparison: Comparison, difference: int | None
) -> None:
    change = compare(questionnaire, questionnaire, then, now)
    assert (change.comparison, change.difference) == (comparison, difference)
    assert (change.then_round, change.now_round) == ("Round 1", "Round 3")


@pytest.mark.parametrize(("drop", "comparison"), [(False, Comparison.OTHER_MEANING), (True, Comparison.NOT_ASKED)])
def test_what_means_something_else_now_is_not_compared(
    questionnaire: Questionnaire,
    drop: bool,  # noqa: FBT001 - a table
    comparison: Comparison,
) -> None:
    change = compare(questionnaire, revise(questionnaire, drop=drop), "early", "established")
    assert (change.comparison, change.then, change.now) == (comparison, None, None)


def test_in_its_own_round_there_is_nothing_to_compare(questionnaire: Questionnaire) -> None:
    report = PartnershipReport(make_together(1, questionnaire, council="early", trust="early"), questionnaire)
    assert compare_action(OLD, report, report).comparison is Comparison.NO_LATER_ROUND


def test_a_tenth_is_the_least_that_is_called() -> None:
    assert Fraction(10) == TOO_LITTLE
