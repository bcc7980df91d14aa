"""The life of an assessment after answering: who may do what to it, in which status, and when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.assessment import Answer, AssessmentStatus, Move
from app.domain.audit import Event
from app.domain.errors import AnswerError, EnablersError, NotAllowedError, NotAllowedNowError, NotFoundError
from app.domain.records import AssessmentKey, AssessmentRecord
from app.domain.rounds import SignOff
from app.services import Database, assessing, life, maintaining, reporting
from app.store import assessments
from app.store.models import (
    Assessment,
    AssessmentMove,
    AuditEntry,
    FrozenEnablerScore,
    FrozenQuestionScore,
    LateEntry,
    Mail,
    PartnershipOrganisation,
    Round,
    Snapshot,
)
from tests.lives import Cast, add_cast
from tests.people import NOW, World, answer_all, make_world, start_assessment

CLOSES = NOW + timedelta(days=7)
WHY = "Question 3 needs a second look."


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def cast(database: Database, world: World) -> Cast:
    return add_cast(database, world, SignOff.ANOTHER_PERSON)


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    """An assessment with every question answered."""
    key = start_assessment(database, questionnaires, world)
    answer_all(database, questionnaires, world.officer, key, "early")
    return key


@pytest.fixture
def submitted(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, key: AssessmentKey
) -> AssessmentKey:
    del cast  # who is there when it is submitted
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    return key


def get_record(database: Database, key: AssessmentKey) -> AssessmentRecord:
    with database.reading() as session:
        record = assessments.find_record(session, key)
    assert record is not None
    return record


def list_mail(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        return [(kind, to) for kind, to in session.execute(select(Mail.kind, Mail.to_address).order_by(Mail.id))]


def list_events(database: Database, subject: str = "%") -> list[str]:
    with database.reading() as session:
        query = select(AuditEntry.event).where(AuditEntry.subject.like(subject)).order_by(AuditEntry.number)
        return [*session.scalars(query)]


# ---- Who, what, in which status, and when ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Try:
    """One deed as anybody may try it, and what a page asks before it offers it."""

    act: Callable[[Actor], None]
    can: Callable[[Actor, AssessmentRecord], bool]


def list_tries(database: Database, questionnaires: Catalogue, key: AssessmentKey, now: datetime) -> dict[Move, Try]:
    seen = get_record(database, key).submissions

    def may_submit(actor: Actor, _: AssessmentRecord) -> bool:
        assessment = assessing.get_assessment(database, questionnaires, actor, key)
        return assessing.can_submit(actor, assessment, now)

    return {
        Move.SUBMIT: Try(lambda actor: assessing.submit(database, questionnaires, actor, key, now), may_submit),
        Move.SIGN_OFF: Try(
            lambda actor: life.sign_off(database, actor, key, seen, now),
            lambda actor, record: life.can_sign_off(actor, record, now),
        ),
        Move.REQUEST_CHANGES: Try(
            lambda actor: life.request_changes(database, actor, key, seen, WHY, now),
            lambda actor, record: life.can_request_changes(actor, record, now),
        ),
        Move.REOPEN: Try(
            lambda actor: life.reopen(database, actor, key, seen, WHY, now),
            lambda actor, record: life.can_reopen(actor, record, now),
        ),
    }


WHO = {
    Move.SUBMIT: {"lead", "all-in-one"},
    Move.SIGN_OFF: {"certifier", "all-in-one"},
    Move.REQUEST_CHANGES: {"certifier", "all-in-one"},
    Move.REOPEN: {"coordinator", "administrator"},
}
KNOWS = {"lead", "contributor", "certifier", "all-in-one"}
LEADS_TO = {
    (Move.SUBMIT, AssessmentStatus.IN_PROGRESS): AssessmentStatus.SUBMITTED,
    (Move.SIGN_OFF, AssessmentStatus.SUBMITTED): AssessmentStatus.SIGNED_OFF,
    (Move.REQUEST_CHANGES, AssessmentStatus.SUBMITTED): AssessmentStatus.IN_PROGRESS,
    (Move.REOPEN, AssessmentStatus.SUBMITTED): AssessmentStatus.IN_PROGRESS,
    (Move.REOPEN, AssessmentStatus.SIGNED_OFF): AssessmentStatus.IN_PROGRESS,
}
"""The table of moves, written a second time by hand."""
SENT_AGAIN = {
    (Move.SUBMIT, AssessmentStatus.SUBMITTED, "lead"),
    (Move.SUBMIT, AssessmentStatus.SUBMITTED, "all-in-one"),
    (Move.SUBMIT, AssessmentStatus.SIGNED_OFF, "lead"),
    (Move.SUBMIT, AssessmentStatus.SIGNED_OFF, "all-in-one"),
    (Move.SIGN_OFF, AssessmentStatus.SIGNED_OFF, "certifier"),  # who signed it off
}
"""What is done already, by whoever sends it: nothing happens, and nothing is refused."""
WINDOWS = {
    "before it opens": (NOW - timedelta(days=8), None, False),
    "open": (CLOSES - timedelta(microseconds=1), None, True),
    "closed": (CLOSES, None, False),
    "late, by permission": (CLOSES + timedelta(days=1), CLOSES + timedelta(days=2), True),
    "after late entry": (CLOSES + timedelta(days=2), CLOSES + timedelta(days=2), False),
}


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("status", AssessmentStatus)
def test_what_the_tables_do_not_open_is_refused_and_not_offered(
    database: Database,
    questionnaires: Catalogue,
    world: World,
    cast: Cast,
    key: AssessmentKey,
    status: AssessmentStatus,
    window: str,
) -> None:
    """Status, move, role and window: the deed works exactly where all four allow it, and is offered exactly there."""
    now, late_until, is_open = WINDOWS[window]
    if status is not AssessmentStatus.IN_PROGRESS:
        assessing.submit(database, questionnaires, world.officer, key, NOW)
    if status is AssessmentStatus.SIGNED_OFF:
        life.sign_off(database, cast.certifier, key, 1, NOW)
    if late_until:
        allow_late(database, world, late_until, cast.coordinator)
    restore = keep_status(database, key)
    for move, (name, actor) in product(WHO, cast.by_role.items()):
        expected = name in WHO[move] and (move, status) in LEADS_TO and is_open
        attempt = list_tries(database, questionnaires, key, now)[move]
        record = get_record(database, key)
        case = f"{move} by {name} while {status}, {window}"
        if name in KNOWS or move is not Move.SUBMIT:
            assert attempt.can(actor, record) is expected, case
        error = find_error(attempt.act, actor)
        after = get_record(database, key).status
        if expected:
            assert error is None, case
            assert after is LEADS_TO[move, status], case
            restore()
        elif (move, status, name) in SENT_AGAIN:
            assert (error, after) == (None, status), case
        else:
            assert error is not None, case
            assert after is status, case
            assert isinstance(error, find_kind(move, name)), case


def find_kind(move: Move, name: str) -> type[EnablersError]:
    """Give the error for somebody at the wrong time, in the wrong role, or of another place."""
    if name in WHO[move]:
        return NotAllowedNowError
    knows = name in KNOWS if move is not Move.REOPEN else False
    return NotAllowedError if knows else NotFoundError


def find_error(act: Callable[[Actor], None], actor: Actor) -> EnablersError | None:
    try:
        act(actor)
    except EnablersError as error:
        return error
    return None


def keep_status(database: Database, key: AssessmentKey) -> Callable[[], None]:
    """Give what puts an assessment back as it stands now."""
    columns = ("status", "submitted_at", "submitted_by", "signed_off_at", "signed_off_by")
    with database.reading() as session:
        row = session.execute(select(*(getattr(Assessment, name) for name in columns))).one()
        moves = len(assessments.list_moves(session, key))
        submissions = assessments.count_submissions(session, key)

    def restore() -> None:
        with database.writing() as session:
            session.execute(
                update(Assessment)
                .where(Assessment.id == key.assessment_id)
                .values(**dict(zip(columns, row, strict=True)))
            )
            session.execute(delete(AssessmentMove).where(AssessmentMove.number > moves))
            for table in (FrozenEnablerScore, FrozenQuestionScore, Snapshot):
                session.execute(delete(table).where(table.submission > submissions))

    return restore


def allow_late(database: Database, world: World, until: datetime, by: Actor) -> None:
    life.permit_late_entry(database, by, world.partnership, world.round, world.council, until, WHY, CLOSES)


# ---- Signing off -----------------------------------------------------------------------------------------------------


def test_those_who_may_sign_off_are_named_and_told(
    database: Database, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    standing = life.get_standing(database, world.officer, submitted)
    assert standing.certifiers == ("All In One", "Certifier")
    assert (standing.started_by, [move.move for move in standing.moves]) == ("Officer", [Move.SUBMIT])
    assert list_mail(database) == [("submitted", "all.in.one@cast.example"), ("submitted", "certifier@cast.example")]
    with database.reading() as session:
        paths = set(session.scalars(select(Mail.path)))
    assert paths == {f"/partnerships/{world.partnership}/assessments/{submitted.assessment_id}/sign-off"}
    del cast


def test_nobody_signs_off_what_they_submitted_where_the_round_wants_another_person(
    database: Database, questionnaires: Catalogue, cast: Cast, key: AssessmentKey
) -> None:
    assessing.submit(database, questionnaires, cast.all_in_one, key, NOW)
    assert list_mail(database) == [("submitted", "certifier@cast.example")]
    assert life.get_standing(database, cast.certifier, key).certifiers == ("Certifier",)
    assert not life.can_sign_off(cast.all_in_one, get_record(database, key), NOW)
    with pytest.raises(NotAllowedNowError, match="somebody other than the person who submitted"):
        life.sign_off(database, cast.all_in_one, key, 1, NOW)
    life.sign_off(database, cast.certifier, key, 1, NOW)


def test_who_submitted_may_sign_off_where_the_round_lets_them(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    cast = add_cast(database, world, SignOff.CERTIFIER)
    assessing.submit(database, questionnaires, cast.all_in_one, key, NOW)
    life.sign_off(database, cast.all_in_one, key, 1, NOW)
    assert get_record(database, key).status is AssessmentStatus.SIGNED_OFF


def test_a_round_that_asks_for_no_signing_off_has_none(
    database: Database, questionnaires: Catalogue, world: World, key: AssessmentKey
) -> None:
    cast = add_cast(database, world, SignOff.NOBODY)
    assessing.submit(database, questionnaires, world.officer, key, NOW)
    assert list_mail(database) == []
    record = get_record(database, key)
    assert not life.can_sign_off(cast.certifier, record, NOW)
    assert not life.can_request_changes(cast.certifier, record, NOW)
    with pytest.raises(NotAllowedNowError, match="asks for no signing off"):
        life.sign_off(database, cast.certifier, key, 1, NOW)
    with pytest.raises(NotAllowedNowError, match="asks for no signing off"):
        life.request_changes(database, cast.certifier, key, 1, WHY, NOW)


def test_signing_off_is_noted_once_however_often_it_is_sent(
    database: Database, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    for _ in range(3):
        life.sign_off(database, cast.certifier, submitted, 1, NOW)
    record = get_record(database, submitted)
    assert (record.status, record.signed_off_by, record.signed_off_at) == (
        AssessmentStatus.SIGNED_OFF,
        "Certifier",
        NOW,
    )
    assert list_events(database, "assessment%").count(Event.SIGNED_OFF) == 1
    told = [to for kind, to in list_mail(database) if kind == "signed-off"]
    assert told == ["all.in.one@cast.example", "colleague@harrow.example", "officer@harrow.example"]
    del world


def test_changes_are_requested_with_a_reason_that_those_who_answer_read(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    life.request_changes(database, cast.certifier, submitted, 1, WHY, NOW)
    record = get_record(database, submitted)
    assert (record.status, record.submitted_at, record.last_move) == (
        AssessmentStatus.IN_PROGRESS,
        None,
        Move.REQUEST_CHANGES,
    )
    request = life.get_standing(database, world.officer, submitted).moves[-1]
    assert (request.move, request.reason, request.person) == (Move.REQUEST_CHANGES, WHY, "Certifier")
    told = [to for kind, to in list_mail(database) if kind == "changes-requested"]
    assert told == ["all.in.one@cast.example", "colleague@harrow.example", "officer@harrow.example"]
    with database.reading() as session:
        assert WHY not in " ".join(session.scalars(select(AuditEntry.new_text)))  # central teams read the audit
    assert isinstance(
        assessing.answer(
            database, questionnaires, world.officer, submitted, "shared-picture", Answer("embedded"), 1, NOW
        ),
        assessing.Saved,
    )


def test_a_contributor_is_told_of_changes_where_a_section_was_given_to_them(
    database: Database, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    cast.give_section(database, submitted, "knowing-what-works", cast.contributor, world.officer)
    life.request_changes(database, cast.certifier, submitted, 1, WHY, NOW)
    told = {to for kind, to in list_mail(database) if kind == "changes-requested"}
    assert "contributor@cast.example" in told
    assert "certifier@cast.example" not in told


@pytest.mark.parametrize("reason", ["", " \n ", "x" * 1001, "a\x00b", "a\ud800b"])
def test_a_move_that_says_why_needs_a_reason_that_can_be_kept(
    database: Database, cast: Cast, submitted: AssessmentKey, reason: str
) -> None:
    with pytest.raises(AnswerError):
        life.request_changes(database, cast.certifier, submitted, 1, reason, NOW)
    with pytest.raises(AnswerError):
        life.reopen(database, cast.coordinator, submitted, 1, reason, NOW)
    assert get_record(database, submitted).status is AssessmentStatus.SUBMITTED


def test_nobody_decides_on_a_submission_they_have_not_looked_at(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    life.request_changes(database, cast.certifier, submitted, 1, WHY, NOW)
    assessing.submit(database, questionnaires, world.officer, submitted, NOW)
    decisions: list[Callable[[], None]] = [
        lambda: life.sign_off(database, cast.certifier, submitted, 1, NOW),
        lambda: life.request_changes(database, cast.certifier, submitted, 1, WHY, NOW),
        lambda: life.reopen(database, cast.coordinator, submitted, 1, WHY, NOW),
    ]
    for decide in decisions:
        with pytest.raises(NotAllowedNowError, match="submitted again since you looked"):
            decide()
    life.sign_off(database, cast.certifier, submitted, 2, NOW)


# ---- Reopening -------------------------------------------------------------------------------------------------------


def test_what_was_submitted_first_is_kept_after_reopening(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    life.sign_off(database, cast.certifier, submitted, 1, NOW)
    before = reporting.get_report(database, questionnaires, world.officer, submitted)
    life.reopen(database, cast.coordinator, submitted, 1, WHY, NOW)
    record = get_record(database, submitted)
    assert (record.status, record.signed_off_at, record.submissions) == (AssessmentStatus.IN_PROGRESS, None, 1)

    meanwhile = reporting.get_report(database, questionnaires, world.officer, submitted)
    assert meanwhile.report == before.report
    assert [move.move for move in meanwhile.after] == [Move.SIGN_OFF, Move.REOPEN]

    assessing.answer(database, questionnaires, world.officer, submitted, "shared-picture", Answer("embedded"), 1, NOW)
    assessing.submit(database, questionnaires, world.colleague, submitted, NOW + timedelta(hours=1))
    first = reporting.get_report(database, questionnaires, world.officer, submitted, 1)
    newest = reporting.get_report(database, questionnaires, world.officer, submitted)
    assert first.report == before.report
    assert first.report != newest.report
    assert (first.submission.number, newest.submission.number, newest.submission.of) == (1, 2, 2)
    assert [move.move for move in newest.before] == [Move.SIGN_OFF, Move.REOPEN]
    assert newest.before[-1].reason == WHY
    assert newest.first is not None
    assert newest.first.at == NOW
    assert first.newest is not None
    assert first.newest.at == NOW + timedelta(hours=1)
    assert maintaining.recompute(database, questionnaires) == maintaining.Recomputation(2, ())
    with pytest.raises(NotFoundError):
        reporting.get_report(database, questionnaires, world.officer, submitted, 3)
    with pytest.raises(NotFoundError):
        reporting.get_report(database, questionnaires, cast.coordinator, submitted, 1)


def test_leads_are_told_of_reopening_and_the_audit_knows_why(
    database: Database, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    for _ in range(2):
        life.reopen(database, cast.coordinator, submitted, 1, WHY, NOW)
    told = [to for kind, to in list_mail(database) if kind == "reopened"]
    assert told == ["all.in.one@cast.example", "colleague@harrow.example", "officer@harrow.example"]
    assert list_events(database, "assessment%").count(Event.REOPENED) == 1
    with database.reading() as session:
        query = select(AuditEntry.old_text, AuditEntry.new_text).where(AuditEntry.event == Event.REOPENED)
        assert session.execute(query).one() == ("submitted", f"in-progress: {WHY}")
    del world


def test_who_signed_off_is_told_when_that_is_reopened(database: Database, cast: Cast, submitted: AssessmentKey) -> None:
    life.sign_off(database, cast.certifier, submitted, 1, NOW)
    life.reopen(database, cast.coordinator, submitted, 1, WHY, NOW)
    told = [to for kind, to in list_mail(database) if kind == "reopened"]
    assert told.count("certifier@cast.example") == 1
    assert "officer@harrow.example" in told


def test_a_coordinator_of_another_partnership_knows_of_nothing(
    database: Database, world: World, submitted: AssessmentKey
) -> None:
    stranger = Actor(UUID(int=7), "Stranger", frozenset({Grant(Role.COORDINATOR, partnership_id=world.round)}))
    for act in (
        lambda: life.get_for_coordinator(database, stranger, submitted),
        lambda: life.reopen(database, stranger, submitted, 1, WHY, NOW),
        lambda: life.get_for_late_entry(database, stranger, world.partnership, world.round, world.council),
        lambda: allow_late(database, world, CLOSES + timedelta(days=1), stranger),
    ):
        with pytest.raises(NotFoundError):
            act()


# ---- Entering late ---------------------------------------------------------------------------------------------------


def test_an_organisation_that_has_not_started_may_enter_late_and_no_other(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast
) -> None:
    until = CLOSES + timedelta(days=3)
    allow_late(database, world, until, cast.coordinator)
    late = until - timedelta(microseconds=1)
    place = (world.partnership, world.round)
    with pytest.raises(NotAllowedNowError):
        assessing.start(database, questionnaires, world.manager, *place, world.trust, late)
    with pytest.raises(NotAllowedNowError):
        assessing.start(database, questionnaires, world.officer, *place, world.council, until)
    key = assessing.start(database, questionnaires, world.officer, *place, world.council, late)
    assert get_record(database, key).window.ends_at == until


def test_the_last_word_on_late_entry_counts_and_each_is_noted_once(
    database: Database, world: World, cast: Cast
) -> None:
    longer, shorter = CLOSES + timedelta(days=9), CLOSES + timedelta(days=3)
    for until in (longer, longer, shorter):
        allow_late(database, world, until, cast.coordinator)
    with database.reading() as session:
        assert session.scalars(select(LateEntry.until)).one() == shorter
        query = select(AuditEntry.old_text, AuditEntry.new_text).order_by(AuditEntry.number)
        assert [tuple(row) for row in session.execute(query)] == [
            ("", f"{longer.isoformat()}: {WHY}"),
            (longer.isoformat(), f"{shorter.isoformat()}: {WHY}"),
        ]
    assert [kind for kind, _ in list_mail(database)] == ["late-entry"] * 6


@pytest.mark.parametrize(
    ("until", "now", "says"),
    [
        (CLOSES, CLOSES - timedelta(days=1), "after the round closes"),
        (CLOSES - timedelta(days=1), CLOSES - timedelta(days=2), "after the round closes"),
        (CLOSES + timedelta(days=1), CLOSES + timedelta(days=1), "still to come"),
        (CLOSES + timedelta(days=400), CLOSES, "within a year"),
    ],
)
def test_late_entry_extends_a_round_and_never_cuts_it(
    database: Database, world: World, cast: Cast, until: datetime, now: datetime, says: str
) -> None:
    with pytest.raises(AnswerError, match=says):
        life.permit_late_entry(
            database, cast.coordinator, world.partnership, world.round, world.council, until, WHY, now
        )


def test_nobody_is_late_long_before_a_round_closes(database: Database, world: World, cast: Cast) -> None:
    with database.writing() as session:
        session.execute(update(Round).values(closes_at=NOW + timedelta(days=15)))
    until = NOW + timedelta(days=20)
    place = (world.partnership, world.round, world.council)
    record = life.get_for_late_entry(database, cast.coordinator, *place)
    assert not life.can_permit_late_entry(cast.coordinator, record, NOW)
    with pytest.raises(NotAllowedNowError, match="14 days before"):
        life.permit_late_entry(database, cast.coordinator, *place, until, WHY, NOW)
    tomorrow = NOW + timedelta(days=1)
    assert life.can_permit_late_entry(cast.coordinator, record, tomorrow)
    life.permit_late_entry(database, cast.coordinator, *place, until, WHY, tomorrow)


def test_no_late_entry_for_an_organisation_that_has_left(
    database: Database, world: World, cast: Cast, key: AssessmentKey
) -> None:
    with database.writing() as session:
        session.get_one(PartnershipOrganisation, (world.partnership, world.council)).left_at = NOW
    assert not life.can_permit_late_entry(cast.coordinator, get_for(database, world, cast), CLOSES)
    with pytest.raises(NotAllowedNowError, match="has left the partnership"):
        allow_late(database, world, CLOSES + timedelta(days=1), cast.coordinator)
    with database.reading() as session:
        assert session.scalars(select(LateEntry)).all() == []
        assert session.scalars(select(Mail)).all() == []
    del key


@pytest.mark.parametrize("role", ["lead", "contributor", "certifier", "all-in-one", "analyst", "stranger"])
def test_only_who_coordinates_permits_late_entry(database: Database, world: World, cast: Cast, role: str) -> None:
    actor = cast.by_role[role]
    with pytest.raises((NotFoundError, NotAllowedError)):
        allow_late(database, world, CLOSES + timedelta(days=1), actor)
    record = get_for(database, world, cast)
    assert not life.can_permit_late_entry(actor, record, CLOSES)


def get_for(database: Database, world: World, cast: Cast) -> AssessmentRecord:
    return life.get_for_late_entry(database, cast.coordinator, world.partnership, world.round, world.council)


def test_every_move_is_in_the_audit_of_the_partnership(
    database: Database, questionnaires: Catalogue, world: World, cast: Cast, submitted: AssessmentKey
) -> None:
    life.request_changes(database, cast.certifier, submitted, 1, WHY, NOW)
    assessing.submit(database, questionnaires, world.officer, submitted, NOW)
    life.sign_off(database, cast.certifier, submitted, 2, NOW)
    life.reopen(database, cast.administrator, submitted, 2, WHY, NOW)
    moves = list_events(database, f"assessment {submitted.assessment_id}")
    assert moves[-5:] == ["submitted", "changes-requested", "submitted", "signed-off", "reopened"]
    with database.reading() as session:
        assert set(session.scalars(select(AuditEntry.partnership_id))) == {world.partnership}
        assert session.scalar(select(func.count()).select_from(Snapshot)) == 2
