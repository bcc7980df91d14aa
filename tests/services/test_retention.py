"""What has been kept for its time goes, no sooner and no later; a dry run counts and changes nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update

from app.catalogue import Catalogue
from app.domain.audit import Event
from app.domain.records import AssessmentKey
from app.domain.retention import FOREVER, PERIOD_OF, RULES, YEAR, Kind, say_period
from app.services import Database, auditing, privacy, retention, verifying
from app.services.outside import Outside
from app.services.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT
from app.store.models import (
    ApiClient,
    Attempts,
    AuditEntry,
    Base,
    Comment,
    EvidenceFile,
    IdempotencyKey,
    Invitation,
    Mail,
    Membership,
    Person,
    Round,
    SignInLink,
    SignInSession,
    UnsavedForm,
    Webhook,
    WebhookDelivery,
    new_id,
)
from app.store.retention import list_idle_people, list_removals
from tests.people import NOW, World, make_world, start_assessment

SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


@pytest.fixture
def key(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    return start_assessment(database, questionnaires, world)


@pytest.fixture
def outside(database: Database, tmp_path: Path) -> Outside:
    return Outside.of(tmp_path / "outside", database)


def make_mail(
    at: datetime, *, key: str | None = None, attempts: int = 1, sent: bool = True, body: str = "Hello"
) -> Mail:
    return Mail(
        id=new_id(), kind="reminder", person_id=None, to_address="somebody@other.example", subject="Hello", body=body,
        path="", key=key, written_at=at, send_after=at, attempts=attempts, sent_at=at if sent else None,
        given_up_at=None if sent else at, error="",
    )  # fmt: skip


def make_webhook(at: datetime, person: UUID) -> list[Base]:
    """Make a webhook with a message that arrived, and one that waits for ever."""
    client = ApiClient(id=new_id(), name="Warehouse", scopes="", created_by=person, created_at=at)
    webhook = Webhook(id=new_id(), client_id=client.id, url="https://x.example", events="", secret="", created_at=at)
    written = {"webhook_id": webhook.id, "event": "x", "payload": "{}", "written_at": at, "send_after": at, "error": ""}
    return [client, webhook, WebhookDelivery(**written, sent_at=at), WebhookDelivery(**written)]


def make_rows(kind: Kind, at: datetime, key: AssessmentKey, world: World, mark: str) -> list[Base]:
    """Make rows whose time of keeping begins at a moment."""
    owner = {"partnership_id": key.partnership_id, "assessment_id": key.assessment_id}
    person = world.officer.person_id
    makers: dict[Kind, Callable[[], list[Base]]] = {
        Kind.MAIL_TEXTS: lambda: [make_mail(at, body="Hello")],
        Kind.VOID_MAILS: lambda: [make_mail(at, attempts=0, sent=False)],
        Kind.MAILS: lambda: [make_mail(at, body=""), make_mail(at, body="", key=f"reminder:{mark}")],
        Kind.SIGN_IN_LINKS: lambda: [SignInLink(token_hash=mark * 64, person_id=person, expires_at=at)],
        Kind.SESSIONS: lambda: [
            SignInSession(
                token_hash=mark * 64, person_id=person, started_at=at - IDLE_LIMIT, last_seen_at=at - IDLE_LIMIT
            )
        ],
        Kind.ATTEMPTS: lambda: [Attempts(kind="link", key_hash=mark * 64, since=at, count=1)],
        Kind.UNSAVED_FORMS: lambda: [UnsavedForm(person_id=person, path=f"/{mark}", fields="{}", typed_at=at)],
        Kind.INVITATIONS: lambda: [
            Invitation(
                id=new_id(),
                email="i@other.example",
                name="",
                role="lead",
                organisation_id=world.council,
                token_hash=mark * 64,
                invited_at=at - 14 * DAY,
                expires_at=at,
            )
        ],
        Kind.WEBHOOK_DELIVERIES: lambda: make_webhook(at, person),
        Kind.IDEMPOTENCY_KEYS: lambda: [
            client := ApiClient(id=new_id(), name=mark, scopes="", created_by=person, created_at=at),
            IdempotencyKey(
                client_id=client.id, operation=mark, key=mark, body_hash="", status=200, reply="{}", created_at=at
            ),
        ],
        Kind.COMMENTS: lambda: [Comment(**owner, question_id="q", text=mark, author_id=person, written_at=at)],
        Kind.EVIDENCE_FILES: lambda: [
            EvidenceFile(
                **owner,
                question_id="q",
                name=f"{mark}.txt",
                media_type="text/plain",
                size=1,
                sha256="ab" * 32,
                content=b"x",
                added_by=person,
                added_at=at,
            )
        ],
    }
    return makers[kind]()


def close_round(database: Database, world: World, at: datetime) -> None:
    with database.writing() as session:
        session.execute(
            update(Round).where(Round.id == world.round).values(opens_at=at - DAY, closes_at=at, confirmed_at=at - DAY)
        )


BY_ROW = [
    Kind.MAIL_TEXTS, Kind.VOID_MAILS, Kind.MAILS, Kind.SIGN_IN_LINKS, Kind.SESSIONS, Kind.ATTEMPTS,
    Kind.UNSAVED_FORMS, Kind.INVITATIONS, Kind.WEBHOOK_DELIVERIES, Kind.IDEMPOTENCY_KEYS,
]  # fmt: skip


@pytest.mark.parametrize("kind", BY_ROW)
def test_each_kind_goes_when_its_time_is_over(
    database: Database, world: World, key: AssessmentKey, outside: Outside, kind: Kind
) -> None:
    period = PERIOD_OF[kind]
    over, not_yet = NOW - period - SECOND, NOW - period + SECOND
    with database.writing() as session:
        session.add_all(make_rows(kind, over, key, world, "a"))
    expected = 2 if kind is Kind.MAILS else 1
    assert retention.count_due(database, NOW)[kind] == expected
    assert retention.apply(database, outside, NOW)[kind] == expected
    assert retention.count_due(database, NOW)[kind] == 0
    if kind is not Kind.MAIL_TEXTS:  # which goes at once
        with database.writing() as session:
            session.add_all(make_rows(kind, not_yet, key, world, "b"))
        assert retention.apply(database, outside, NOW)[kind] == 0


@pytest.mark.parametrize("kind", [Kind.COMMENTS, Kind.EVIDENCE_FILES])
def test_what_belongs_to_a_round_goes_two_years_after_it_closed(
    database: Database, world: World, key: AssessmentKey, outside: Outside, kind: Kind
) -> None:
    with database.writing() as session:
        session.add_all(make_rows(kind, NOW - 5 * YEAR, key, world, "a"))
    close_round(database, world, NOW - 2 * YEAR + SECOND)
    assert retention.apply(database, outside, NOW)[kind] == 0
    close_round(database, world, NOW - 2 * YEAR - SECOND)
    assert retention.apply(database, outside, NOW)[kind] == 1
    assert retention.apply(database, outside, NOW)[kind] == 0
    with database.reading() as session:
        assert session.scalars(select(Comment)).all() == []
        for file in session.scalars(select(EvidenceFile)):
            assert (file.name, file.content, file.sha256, file.removed_at) == ("(removed)", None, "", NOW)


def test_a_session_ends_by_its_age_too(database: Database, world: World, outside: Outside) -> None:
    began = NOW - 30 * DAY - ABSOLUTE_LIMIT - SECOND
    with database.writing() as session:
        session.add(
            SignInSession(
                token_hash="a" * 64, person_id=world.officer.person_id, started_at=began, last_seen_at=NOW - 30 * DAY
            )
        )
    assert retention.apply(database, outside, NOW)[Kind.SESSIONS] == 1


def test_what_may_be_sent_once_only_is_remembered_without_an_address(
    database: Database, world: World, outside: Outside
) -> None:
    with database.writing() as session:
        session.add(make_mail(NOW - 91 * DAY, key="reminder:opening:ROUND:PERSON"))
    retention.apply(database, outside, NOW)
    with database.reading() as session:
        (mail,) = session.scalars(select(Mail))
    assert (mail.key, mail.to_address, mail.subject) == ("reminder:opening:ROUND:PERSON", "", "")
    retention.apply(database, outside, NOW + 2 * YEAR)
    with database.reading() as session:
        assert session.scalars(select(Mail)).all() == []


def test_a_mail_that_waits_keeps_its_text(database: Database, world: World, outside: Outside) -> None:
    waiting = make_mail(NOW)
    waiting.sent_at = None
    with database.writing() as session:
        session.add(waiting)
    assert sum(retention.apply(database, outside, NOW + YEAR).values()) == sum(
        retention.apply(database, outside, NOW + YEAR).values()
    )
    with database.reading() as session:
        assert session.scalars(select(Mail.body)).all() == ["Hello"]


def test_the_texts_of_a_demonstration_s_mails_are_kept(database: Database, world: World, outside: Outside) -> None:
    with database.writing() as session:
        session.add(make_mail(NOW))
    assert Kind.MAIL_TEXTS not in retention.apply(database, outside, NOW, keep_mail_texts=True)
    assert Kind.MAIL_TEXTS not in retention.count_due(database, NOW, keep_mail_texts=True)


def test_words_of_the_audit_go_after_seven_years_and_its_chains_hold(
    database: Database, world: World, outside: Outside
) -> None:
    for years, person in ((8, "old@other.example"), (6, "new@other.example")):
        with database.writing() as session:
            auditing.record(session, Event.INVITED, None, NOW - years * YEAR, new=person)
    verifying.write_heads(database, outside, NOW)
    assert retention.apply(database, outside, NOW)[Kind.AUDIT_TEXTS] == 1
    with database.reading() as session:
        texts = set(session.scalars(select(AuditEntry.new_text).where(AuditEntry.event == Event.INVITED)))
    assert texts == {None, "new@other.example"}
    assert verifying.verify(database, outside).faults == ()


def test_the_audit_forgets_whom_an_invitation_never_reached(
    database: Database, world: World, key: AssessmentKey, outside: Outside
) -> None:
    accepted, refused = (make_rows(Kind.INVITATIONS, NOW - YEAR, key, world, mark)[0] for mark in "ab")
    assert isinstance(accepted, Invitation)
    assert isinstance(refused, Invitation)
    accepted.accepted_at, accepted.accepted_by = NOW - YEAR, world.officer.person_id
    with database.writing() as session:
        session.add_all([accepted, refused])
    for invitation, name in ((accepted, "Came"), (refused, "Never came")):
        with database.writing() as session:
            auditing.record(session, Event.INVITED, None, NOW - YEAR, subject=f"invitation {invitation.id}", new=name)
    assert retention.apply(database, outside, NOW)[Kind.INVITATIONS] == 2
    with database.reading() as session:
        texts = set(session.scalars(select(AuditEntry.new_text).where(AuditEntry.event == Event.INVITED)))
    assert texts == {None, "Came"}


LATER = NOW.replace(year=2100)
"""Ids say when a person was added, by the clock of whoever runs the tests: long before this."""


def is_erased(database: Database, person_id: UUID) -> bool:
    with database.reading() as session:
        return session.scalars(select(Person.erased_at).where(Person.id == person_id)).one() is not None


def test_people_who_have_gone_are_erased_and_others_are_not(database: Database, world: World, outside: Outside) -> None:
    gone, invited, seen, active = (new_id() for _ in range(4))
    names = {gone: "Gone", invited: "Invited", seen: "Seen", active: "Active"}
    with database.writing() as session:
        session.add_all(
            Person(id=row_id, name=name, email=f"{name.lower()}@x.example") for row_id, name in names.items()
        )
        session.flush()
        session.add_all(
            [
                SignInSession(token_hash="a" * 64, person_id=seen, started_at=LATER, last_seen_at=LATER),
                Invitation(
                    email="Invited@x.example", name="", role="lead", organisation_id=world.council, token_hash="a" * 64,
                    invited_at=LATER, expires_at=LATER + DAY,
                ),
            ]
        )  # fmt: skip
    with database.writing() as session:
        auditing.record(session, Event.SIGNED_IN, active, LATER - 300 * DAY)
    assert retention.count_due(database, LATER)[Kind.PEOPLE] == 1
    assert retention.apply(database, outside, LATER)[Kind.PEOPLE] == 1
    assert [is_erased(database, row_id) for row_id in (gone, invited, seen, active)] == [True, False, False, False]
    assert not is_erased(database, world.officer.person_id), "who has a role stays"
    assert [erasure.person_id for erasure in outside.list_erasures()] == [gone]
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == world.officer.person_id))
    assert retention.apply(database, outside, LATER)[Kind.PEOPLE] == 1


def test_a_person_just_added_is_not_erased(database: Database, world: World, outside: Outside) -> None:
    with database.writing() as session:
        session.execute(delete(Membership))
    assert retention.apply(database, outside, NOW + 30 * DAY)[Kind.PEOPLE] == 0


def add_gone(database: Database, number: int) -> list[UUID]:
    """Add people whose time of keeping is over."""
    gone = sorted(new_id() for _ in range(number))
    with database.writing() as session:
        session.add_all(Person(id=row_id, name="Gone", email=f"{row_id}@x.example") for row_id in gone)
    return gone


@pytest.mark.parametrize("back", ["invited", "given a role", "signed in", "erased"])
def test_who_has_come_back_since_the_list_was_read_is_not_erased(
    database: Database, world: World, outside: Outside, back: str
) -> None:
    (person,) = add_gone(database, 1)
    with database.reading() as session:
        assert list_idle_people(session, LATER, None, 9) == (person,)
    changes: dict[str, Base] = {
        "invited": Invitation(
            email=f"{person}@x.example", name="", role="lead", organisation_id=world.council, token_hash="a" * 64,
            invited_at=LATER, expires_at=LATER + DAY,
        ),
        "given a role": Membership(person_id=person, role="lead", organisation_id=world.council),
        "signed in": SignInSession(token_hash="a" * 64, person_id=person, started_at=LATER, last_seen_at=LATER),
    }  # fmt: skip
    with database.writing() as session:
        if back in changes:
            session.add(changes[back])
        else:
            session.execute(update(Person).where(Person.id == person).values(email=None, erased_at=NOW))
    assert not privacy.erase_idle(database, outside, person, LATER)
    assert list(outside.list_erasures()) == []


def test_people_are_erased_a_few_at_a_time(
    database: Database, world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    gone = add_gone(database, 5)
    stops = iter([False] * 3)
    assert retention._erase_idle_people(database, outside, LATER, lambda: next(stops, True)) == 3
    assert [is_erased(database, person) for person in gone] == [True, True, True, False, False]
    assert retention._erase_idle_people(database, outside, LATER, lambda: False) == 2
    del world


def read_everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


def test_a_dry_run_counts_what_a_run_removes_and_changes_nothing(
    database: Database, world: World, key: AssessmentKey, outside: Outside
) -> None:
    with database.writing() as session:
        for kind in (*BY_ROW, Kind.COMMENTS, Kind.EVIDENCE_FILES):
            session.add_all(make_rows(kind, NOW - 3 * YEAR, key, world, kind[0]))
    close_round(database, world, NOW - 3 * YEAR)
    before = read_everything(database)
    counted = retention.count_due(database, NOW)
    assert read_everything(database) == before
    removed = retention.apply(database, outside, NOW)
    assert set(counted) == set(removed) == set(Kind)
    few = {kind for kind in Kind if counted[kind]}
    assert few >= {*BY_ROW, Kind.COMMENTS, Kind.EVIDENCE_FILES}
    # A mail whose text goes first may go as a whole right after.
    assert {kind for kind in Kind if removed[kind]} == few
    with database.reading() as session:
        (told,) = session.scalars(select(AuditEntry.new_text).where(AuditEntry.event == Event.RETENTION_APPLIED))
    assert "comments 1" in str(told)
    assert not any(retention.apply(database, outside, NOW).values())
    with database.reading() as session:
        assert len(session.scalars(select(AuditEntry).where(AuditEntry.event == Event.RETENTION_APPLIED)).all()) == 1


def test_much_goes_a_little_at_a_time(
    database: Database, world: World, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 3)
    with database.writing() as session:
        session.add_all(
            Attempts(kind="link", key_hash=f"{number:064}", since=NOW - 9 * DAY, count=1) for number in range(10)
        )
    stops = iter([False, False, True])
    stopped = retention.apply(database, outside, NOW, is_stopped=lambda: next(stops, True))
    assert stopped[Kind.ATTEMPTS] <= 6
    assert stopped[Kind.ATTEMPTS] + retention.apply(database, outside, NOW)[Kind.ATTEMPTS] == 10


def test_every_kind_of_the_table_is_removed_by_the_job_and_no_other() -> None:
    limits = retention.LIMITS
    assert set(PERIOD_OF) == set(Kind)
    assert [kind for kind in Kind if kind is not Kind.PEOPLE and not list_removals(kind, NOW, limits)] == []
    assert all(rule.period == FOREVER for rule in RULES if rule.kind is None)


def test_periods_are_said_in_words() -> None:
    said = {rule.kind: say_period(rule) for rule in RULES if rule.kind}
    assert said[Kind.COMMENTS] == "2 years after the round closed"
    assert said[Kind.PEOPLE].startswith("1 year after")
    assert said[Kind.SIGN_IN_LINKS] == "1 day after they ran out"
    assert said[Kind.MAIL_TEXTS] == "Until they are sent"
