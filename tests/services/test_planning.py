"""The plan on either database: planning, changing, noting and asking; rights, races, and mails that are sent once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import delete, event, func, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.action_changes import Comparison
from app.domain.actions import NEEDS_OWNER, ActionRecord, ActionStatus
from app.domain.audit import SHOWN, Event
from app.domain.errors import EnablersError, NotAllowedError, NotAllowedNowError, NotFoundError
from app.services import Database, asks, drafting, planning
from app.services.progressing import Progress
from app.services.working import Means
from app.services.working.reminding_owners import write_action_reminders
from app.store import privacy, sign_ins
from app.store.models import (
    ActionNote,
    AuditEntry,
    Membership,
    PartnershipOrganisation,
    Person,
    PlannedAction,
    new_id,
)
from tests.people import NOW, World, make_world
from tests.plans import QUESTION, SOON, PlanWorld, add_round, make_plan_world, submit
from tests.working import Postbag, list_mails, make_means

S = ActionStatus


@pytest.fixture
def plan(database: Database, questionnaires: Catalogue) -> PlanWorld:
    world = make_world(database, questionnaires.get("local-partners", 1))
    return make_plan_world(database, questionnaires, world)


@pytest.fixture
def action_id(database: Database, questionnaires: Catalogue, plan: PlanWorld) -> UUID:
    return plan.plan(database, questionnaires)


@pytest.fixture
def ask_id(database: Database, questionnaires: Catalogue, plan: PlanWorld) -> UUID:
    return plan.plan(database, questionnaires, plan.draft(department=str(plan.department)))


def get(database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID) -> ActionRecord:
    return planning.get_action(
        database, questionnaires, plan.cast.coordinator, plan.world.partnership, action_id, NOW
    ).action


def note(
    database: Database, plan: PlanWorld, actor: Actor, action_id: UUID, status: str, text: str = "", seen: int = 0
) -> object:
    return planning.note(database, actor, plan.world.partnership, action_id, Progress(text, status, seen), NOW)


def answer(
    database: Database, plan: PlanWorld, actor: Actor, action_id: UUID, status: str, text: str = "", seen: int = 1
) -> object:
    return asks.answer(database, actor, plan.world.partnership, action_id, Progress(text, status, seen), NOW)


def parts_of(noted: object) -> list[str]:
    """Give which parts of a form are wrong."""
    assert isinstance(noted, tuple)
    return [fault.part for fault in noted]


def mails_to(database: Database) -> list[tuple[str, str]]:
    return [(mail.kind, mail.to_address) for mail in list_mails(database)]


def count_audit(database: Database, kind: Event) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).where(AuditEntry.event == kind)) or 0


# ---- Planning --------------------------------------------------------------------------------------------------------


def test_an_action_is_planned_its_owner_told_and_audited_without_a_word(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    record = get(database, questionnaires, plan, action_id)
    assert (record.title, record.owner) == ("Put it on one page", "Manager")
    assert record.owner_organisation == "Harrow Vale Trust"
    assert (record.due_on, record.status, record.version, record.round) == (SOON, S.PLANNED, 1, "Autumn round")
    assert mails_to(database) == [("action-given", "manager@harrow.example")]
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.ACTION_PLANNED)).all()
    ((subject, new),) = ((entry.subject, entry.new_text) for entry in entries)
    assert subject == f"action {action_id}"
    assert "page" not in str(new)
    assert SHOWN.isdisjoint({Event.ACTION_PLANNED, Event.ACTION_CHANGED, Event.ACTION_NOTED})


def test_one_form_sent_many_times_at_once_is_one_action(
    database: Database, questionnaires: Catalogue, plan: PlanWorld
) -> None:
    where = plan.cast.coordinator, plan.world.partnership, plan.world.round, QUESTION
    same = new_id()

    def send(_: int) -> object:
        return drafting.plan_action(database, questionnaires, *where, plan.draft(), same, NOW)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(8))) == [()] * 8
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(PlannedAction)) == 1
    assert len(list_mails(database)) == count_audit(database, Event.ACTION_PLANNED) == 1


def test_to_make_oneself_the_owner_needs_no_mail(
    database: Database, questionnaires: Catalogue, plan: PlanWorld
) -> None:
    faults = drafting.plan_action(
        database,
        questionnaires,
        plan.world.officer,
        plan.world.partnership,
        plan.world.round,
        QUESTION,
        plan.draft(plan.world.officer),
        new_id(),
        NOW,
    )
    assert (faults, list_mails(database)) == ((), [])


def test_an_owner_who_has_left_is_told_on_the_form(
    database: Database, questionnaires: Catalogue, plan: PlanWorld
) -> None:
    with database.writing() as session:
        session.execute(
            update(PartnershipOrganisation)
            .where(PartnershipOrganisation.organisation_id == plan.world.trust)
            .values(left_at=NOW)
        )
    where = plan.world.officer, plan.world.partnership, plan.world.round, QUESTION
    faults = drafting.plan_action(database, questionnaires, *where, plan.draft(), new_id(), NOW)
    assert [fault.part for fault in faults] == ["owner"]


RIGHTS: dict[str, tuple[str | None, str | None, str | None]] = {
    "coordinator": (None, None, None),
    "lead": (None, None, None),
    "owner": (None, None, None),  # leads the trust, too
    "contributor": ("NotAllowedError", "NotAllowedError", None),
    "certifier": ("NotAllowedError", "NotAllowedError", None),
    "official": ("NotFoundError", "NotFoundError", "NotFoundError"),
    "clerk": ("NotFoundError", "NotFoundError", "NotFoundError"),
    "administrator": ("NotFoundError", "NotFoundError", "NotFoundError"),
    "analyst": ("NotFoundError", "NotFoundError", "NotFoundError"),
    "outsider": ("NotFoundError", "NotFoundError", "NotFoundError"),
}


def name_of_refusal(call: Callable[[], object]) -> str | None:
    try:
        call()
    except EnablersError as error:
        return type(error).__name__
    return None


@pytest.mark.parametrize("who", RIGHTS)
def test_who_plans_notes_and_reads(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID, who: str
) -> None:
    actor, where = plan.everybody[who], (plan.world.partnership, action_id)
    planned = name_of_refusal(
        lambda: drafting.plan_action(
            database, questionnaires, actor, where[0], plan.world.round, QUESTION, plan.draft(), new_id(), NOW
        )
    )
    changed = name_of_refusal(lambda: drafting.change(database, questionnaires, actor, *where, plan.draft(), 1, NOW))
    noted = name_of_refusal(lambda: note(database, plan, actor, action_id, "under-way"))
    read = name_of_refusal(lambda: planning.get_action(database, questionnaires, actor, *where, NOW))
    board = name_of_refusal(lambda: planning.get_plan(database, questionnaires, actor, where[0], NOW))
    gaps = name_of_refusal(lambda: drafting.list_gaps(database, questionnaires, actor, where[0], NOW))
    assert (planned, noted, read) == RIGHTS[who]
    assert (changed, gaps, board) == (planned, planned, read)


def test_a_board_takes_three_statements(database: Database, questionnaires: Catalogue, plan: PlanWorld) -> None:
    for _ in range(5):
        action = plan.plan(database, questionnaires)
        for seen in range(3):
            note(database, plan, plan.world.officer, action, "planned", f"note {seen}", seen)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    board = planning.get_plan(database, questionnaires, plan.world.officer, plan.world.partnership, NOW)
    assert len([each for each in statements if each.lower().startswith("select")]) == 3
    assert [(action.noted, len(action.notes)) for action in board.actions] == [(3, 1)] * 5


# ---- Changing --------------------------------------------------------------------------------------------------------


def test_of_many_who_change_at_once_all_but_one_see_what_is_there(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    def send(number: int) -> object:
        draft = plan.draft(title=f"Mine is {number}")
        where = plan.world.officer, plan.world.partnership, action_id
        return drafting.change(database, questionnaires, *where, draft, 1, NOW)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(send, range(8)))
    assert results.count(()) == 1
    there = get(database, questionnaires, plan, action_id)
    assert (there.version, there.title) == (2, f"Mine is {results.index(())}")
    others = [result for result in results if isinstance(result, ActionRecord)]
    assert [result.title for result in others] == [there.title] * 7
    assert count_audit(database, Event.ACTION_CHANGED) == 1


def test_a_new_owner_is_told_and_the_same_is_not(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    where = plan.cast.coordinator, plan.world.partnership, action_id
    drafts = plan.draft(title="Another"), plan.draft(plan.world.officer, title="Another")
    for version, draft in enumerate(drafts, start=1):
        assert drafting.change(database, questionnaires, *where, draft, version, NOW) == ()
    assert drafting.change(database, questionnaires, *where, drafts[1], 2, NOW) == ()  # sent twice
    assert mails_to(database) == [
        ("action-given", "manager@harrow.example"),
        ("action-given", "officer@harrow.example"),
    ]


def test_a_planned_action_becomes_an_ask_and_back(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    where = plan.cast.coordinator, plan.world.partnership, action_id
    ask = plan.draft(department=str(plan.department))
    assert drafting.change(database, questionnaires, *where, ask, 1, NOW) == ()
    assert get(database, questionnaires, plan, action_id).status is S.DRAFTED
    assert drafting.change(database, questionnaires, *where, plan.draft(), 2, NOW) == ()
    assert get(database, questionnaires, plan, action_id).status is S.PLANNED


def test_an_erased_owner_is_nobody_and_a_new_one_is_needed(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    note(database, plan, plan.world.manager, action_id, "under-way", "My own words on it")
    privacy_erase(database, plan.world.manager)
    board = planning.get_plan(database, questionnaires, plan.world.officer, plan.world.partnership, NOW)
    (record,) = board.actions
    assert (record.owner, record.owner_is_there) == (NEEDS_OWNER, False)
    assert "My own words" not in record.notes[0].text
    where = plan.world.officer, plan.world.partnership, action_id
    assert drafting.change(database, questionnaires, *where, plan.draft(plan.world.officer), 1, NOW) == ()


def privacy_erase(database: Database, actor: Actor) -> None:
    """Do to the tables what an erasure does."""
    with database.writing() as session:
        privacy.apply_fates(session, actor.person_id)
        privacy.erase_person_row(session, actor.person_id, NOW)


# ---- Noting ----------------------------------------------------------------------------------------------------------


def test_the_owner_notes_progress_and_moves_it(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    assert note(database, plan, plan.world.manager, action_id, "under-way", "Begun") == ()
    assert note(database, plan, plan.world.manager, action_id, "under-way", "Half done", 1) == ()
    assert note(database, plan, plan.world.manager, action_id, "done", "", 2) == ()
    record = get(database, questionnaires, plan, action_id)
    assert record.status is S.DONE
    assert [(each.number, each.status, each.text) for each in record.notes] == [
        (1, S.UNDER_WAY, "Begun"),
        (2, S.UNDER_WAY, "Half done"),
        (3, S.DONE, ""),
    ]
    assert count_audit(database, Event.ACTION_NOTED) == 3


def test_of_many_notes_at_once_one_is_stored_and_the_others_see_it(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(lambda n: note(database, plan, plan.world.officer, action_id, "planned", f"mine {n}"), range(8))
        )
    assert results.count(()) == 1
    record = get(database, questionnaires, plan, action_id)
    assert [each.text for each in record.notes] == [f"mine {results.index(())}"]
    assert [each.notes for each in results if isinstance(each, ActionRecord)] == [record.notes] * 7


def test_a_note_sent_twice_is_noted_once(database: Database, plan: PlanWorld, action_id: UUID) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(lambda _: note(database, plan, plan.world.officer, action_id, "under-way", "same"), range(8))
        )
    assert results == [()] * 8
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(ActionNote)) == 1


@pytest.mark.parametrize(
    ("status", "text", "part"),
    [("dropped", " ", "note"), ("planned", "", "note"), ("nonsense", "x", "status"), ("done", "x" * 2001, "note")],
)
def test_a_note_that_cannot_be_kept_is_told(
    database: Database, plan: PlanWorld, action_id: UUID, status: str, text: str, part: str
) -> None:
    assert parts_of(note(database, plan, plan.world.officer, action_id, status, text)) == [part]


# ---- Asks ------------------------------------------------------------------------------------------------------------


def test_an_ask_is_sent_answered_accepted_and_done(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, ask_id: UUID
) -> None:
    assert asks.list_asks(database, questionnaires, plan.official, NOW).asks == ()
    assert note(database, plan, plan.cast.coordinator, ask_id, "drafted", "for ourselves") == ()
    assert note(database, plan, plan.cast.coordinator, ask_id, "sent", "Please", 1) == ()
    assert answer(database, plan, plan.official, ask_id, "answered", "We look at it", 2) == ()
    assert answer(database, plan, plan.official, ask_id, "accepted", "", 3) == ()
    (ask,) = asks.list_asks(database, questionnaires, plan.official, NOW).asks
    assert (ask.status, ask.notes, ask.partnership) == (S.ACCEPTED, (), "Upper Harrow Vale")
    opened = asks.get_ask(database, questionnaires, plan.official, plan.world.partnership, ask_id, NOW)
    assert [each.text for each in opened.ask.notes] == ["Please", "We look at it", ""]
    assert note(database, plan, plan.world.manager, ask_id, "done", "", 4) == ()
    assert mails_to(database) == [
        ("action-given", "manager@harrow.example"),
        ("ask-sent", "official@harrow.example"),
        ("ask-answered", "manager@harrow.example"),
        ("ask-answered", "manager@harrow.example"),
    ]


def test_an_ask_that_is_sent_anew_is_mailed_anew_and_only_then(
    database: Database, plan: PlanWorld, ask_id: UUID
) -> None:
    for seen, status in enumerate(("sent", "drafted", "sent")):
        for _ in range(2):
            assert note(database, plan, plan.cast.coordinator, ask_id, status, "", seen) == ()
    assert [kind for kind, _ in mails_to(database)].count("ask-sent") == 2


def test_what_was_sent_keeps_its_words_until_it_is_taken_back(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, ask_id: UUID
) -> None:
    note(database, plan, plan.cast.coordinator, ask_id, "sent")
    where = plan.cast.coordinator, plan.world.partnership, ask_id
    draft = plan.draft(plan.world.officer, title="Something else")
    assert drafting.change(database, questionnaires, *where, draft, 1, NOW) == ()
    record = get(database, questionnaires, plan, ask_id)
    assert (record.title, record.owner, record.status) == ("Put it on one page", "Officer", S.SENT)


def test_nobody_but_a_lead_of_the_department_answers(database: Database, plan: PlanWorld, ask_id: UUID) -> None:
    with pytest.raises(NotFoundError):
        answer(database, plan, plan.official, ask_id, "accepted", seen=0)  # not sent yet
    note(database, plan, plan.cast.coordinator, ask_id, "sent")
    for who, actor in plan.everybody.items():
        if who != "official":
            with pytest.raises(NotFoundError):
                answer(database, plan, actor, ask_id, "accepted")
    for actor in (plan.cast.coordinator, plan.world.manager):
        with pytest.raises(NotAllowedNowError):
            note(database, plan, actor, ask_id, "accepted", "we say so", 1)


def test_a_department_that_declines_says_why_and_says_something(
    database: Database, plan: PlanWorld, ask_id: UUID
) -> None:
    note(database, plan, plan.cast.coordinator, ask_id, "sent")
    for status, part in (("declined", "note"), ("sent", "status"), ("", "status")):
        assert parts_of(answer(database, plan, plan.official, ask_id, status)) == [part]
    assert answer(database, plan, plan.official, ask_id, "declined", "No money") == ()


def test_who_leads_no_department_has_no_page_of_asks(
    database: Database, questionnaires: Catalogue, plan: PlanWorld
) -> None:
    for who, actor in plan.everybody.items():
        if who != "official":
            with pytest.raises(NotFoundError):
                asks.list_asks(database, questionnaires, actor, NOW)


def test_a_department_that_reads_an_ask_is_recorded(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, ask_id: UUID
) -> None:
    note(database, plan, plan.cast.coordinator, ask_id, "sent")
    for _ in range(2):
        asks.get_ask(database, questionnaires, plan.official, plan.world.partnership, ask_id, NOW)
    assert count_audit(database, Event.PARTNERSHIP_VIEWED) == 1


# ---- The next round --------------------------------------------------------------------------------------------------


def test_an_action_is_carried_into_the_next_round_beside_the_change(
    database: Database, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    world: World = plan.world
    later = add_round(database, questionnaires, world)
    before = planning.get_plan(database, questionnaires, world.officer, world.partnership, NOW)
    assert before.changes[action_id].comparison is Comparison.NO_LATER_ROUND
    again = World(**{**world.__dict__, "round": later})
    for actor, organisation in ((world.officer, world.council), (world.manager, world.trust)):
        submit(database, questionnaires, again, actor, organisation, "established")
    board = planning.get_plan(database, questionnaires, world.officer, world.partnership, NOW)
    assert board.round.round_id == later
    assert [each.id for each in board.actions] == [action_id]
    change = board.changes[action_id]
    assert (change.comparison, change.then, change.now, change.difference) == (
        Comparison.HIGHER,
        Fraction(25),
        Fraction(75),
        Fraction(50),
    )


# ---- Reminders -------------------------------------------------------------------------------------------------------


@pytest.fixture
def means(database: Database, questionnaires: Catalogue) -> Means:
    return make_means(database, questionnaires, Postbag())


def remind(means: Means, since: datetime, until: datetime) -> list[str]:
    moment = since
    while moment < until:
        write_action_reminders(means, moment)
        moment += timedelta(hours=5)
    return [mail.subject for mail in list_mails(means.database) if mail.kind == "reminder"]


AFTER = datetime(2026, 12, 15, tzinfo=UTC)


def test_an_owner_is_reminded_a_week_before_and_the_day_after_once_each(means: Means, action_id: UUID) -> None:
    assert remind(means, NOW, AFTER) == [
        "Reform enablers: “Put it on one page” is due on 2 December 2026",
        "Reform enablers: “Put it on one page” was due on 2 December 2026",
    ]
    assert {mail.to_address for mail in list_mails(means.database)} == {"manager@harrow.example"}


def test_several_workers_at_once_remind_once(means: Means, action_id: UUID) -> None:
    moment = datetime(2026, 12, 3, 9, 0, tzinfo=UTC)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: write_action_reminders(means, moment), range(8)))
    assert [mail.kind for mail in list_mails(means.database)] == ["action-given", "reminder"]


def silence(plan: PlanWorld) -> list[object]:
    manager = plan.world.manager.person_id
    return [update(Person).where(Person.id == manager).values(wants_reminders=False)]


def withdraw(plan: PlanWorld) -> list[object]:
    return [delete(Membership).where(Membership.person_id == plan.world.manager.person_id)]


def leave(plan: PlanWorld) -> list[object]:
    table = PartnershipOrganisation
    return [update(table).where(table.organisation_id == plan.world.trust).values(left_at=NOW)]


def finish(plan: PlanWorld) -> list[object]:
    return [update(PlannedAction).values(status="done")]


@pytest.mark.parametrize("change", [silence, withdraw, leave, finish])
def test_who_is_not_reminded(
    means: Means, plan: PlanWorld, action_id: UUID, change: Callable[[PlanWorld], list[object]]
) -> None:
    with means.database.writing() as session:
        for statement in change(plan):
            session.execute(statement)  # type: ignore[call-overload]
    assert remind(means, NOW, AFTER) == []


def test_another_day_is_reminded_of_anew(
    means: Means, questionnaires: Catalogue, plan: PlanWorld, action_id: UUID
) -> None:
    remind(means, NOW, AFTER)
    where = plan.cast.coordinator, plan.world.partnership, action_id
    draft = plan.draft(due=("10", "1", "2027"))
    assert drafting.change(means.database, questionnaires, *where, draft, 1, AFTER) == ()
    assert len(remind(means, AFTER, AFTER + timedelta(days=40))) == 4


# ---- Who leads a department ------------------------------------------------------------------------------------------


def test_a_session_knows_who_leads_a_department(database: Database, plan: PlanWorld) -> None:
    kinds = {}
    with database.writing() as session:
        for who, actor in plan.everybody.items():
            sign_ins.add_session(session, f"{who:0>64}", actor.person_id, NOW)
            found = sign_ins.find_actor(
                session, [f"{who:0>64}"], started_after=NOW - timedelta(1), seen_after=NOW - timedelta(1)
            )
            assert found
            kinds[who] = type(found[0]).__name__
    assert {who for who, kind in kinds.items() if kind == "DepartmentLead"} == {"official"}


def test_a_right_that_is_withdrawn_meanwhile_holds_no_more(
    database: Database, plan: PlanWorld, action_id: UUID
) -> None:
    with database.writing() as session:
        sign_ins.add_session(session, "0" * 64, plan.world.officer.person_id, NOW)
        session.execute(delete(Membership).where(Membership.person_id == plan.world.officer.person_id))
    actor = Actor(plan.world.officer.person_id, "Officer", plan.world.officer.grants, "0" * 64)
    with pytest.raises(NotAllowedError):
        note(database, plan, actor, action_id, "done")
