"""Links and sessions: what they promise, on either database."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, event, func, select, update

from app.catalogue import Catalogue
from app.domain.access import Deed, Role, can
from app.domain.errors import LinkSpentError, TooManyAttemptsError
from app.services import Database, signing_in
from app.services.limiting import MOST, UNLIMITED, WINDOW, Slowed
from app.services.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT
from app.services.tokens import TokenKeys
from app.store.models import AuditEntry, Base, Invitation, Mail, Membership, Person, SignInLink, SignInSession
from tests.people import NOW, World, make_world
from tests.sign_ins import KEYS, ask_for_token, sign_in

OFFICER = "officer@harrow.example"
SECOND = timedelta(seconds=1)
OLD, NEW, OTHER = "o" * 32, "n" * 32, "x" * 32
ELSEWHERE = "e" * 64
"""A source."""


@pytest.fixture
def world(database: Database, questionnaires: Catalogue) -> World:
    return make_world(database, questionnaires.get("local-partners", 1))


def use(database: Database, token: str, now: datetime = NOW, keys: TokenKeys = KEYS) -> str:
    return signing_in.use_link(database, token, UNLIMITED, now, keys)


def is_in(database: Database, session_token: str, now: datetime = NOW, keys: TokenKeys = KEYS) -> bool:
    return signing_in.find_actor(database, session_token, now, keys) is not None


def race(times: int, act: Callable[[], object]) -> list[object]:
    """Do something in many threads at once and give what came of each, errors too."""
    barrier = threading.Barrier(times)
    outcomes: list[object] = []

    def run() -> None:
        barrier.wait()
        try:
            outcomes.append(act())
        except Exception as error:  # noqa: BLE001 - whatever it is, the test looks at it
            outcomes.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """Collect the SQL of a block."""
    found: list[str] = []

    def note(*arguments: object) -> None:
        found.append(str(arguments[2]))

    event.listen(database.engine, "before_cursor_execute", note)
    yield found
    event.remove(database.engine, "before_cursor_execute", note)


# ---- Links -----------------------------------------------------------------------------------------------------------


def test_of_many_who_use_one_link_at_once_one_gets_in(database: Database, world: World) -> None:
    token = ask_for_token(database, OFFICER)
    outcomes = race(12, lambda: use(database, token))
    winners = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert len(winners) == 1
    assert [type(outcome) for outcome in outcomes if outcome not in winners] == [LinkSpentError] * 11
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(SignInSession)) == 1


@pytest.mark.parametrize(
    ("later", "works"),
    [
        (timedelta(), True),
        (timedelta(minutes=15) - SECOND, True),
        (timedelta(minutes=15), False),
        (timedelta(days=1), False),
    ],
)
def test_a_link_works_for_fifteen_minutes_to_the_second(
    database: Database, world: World, *, later: timedelta, works: bool
) -> None:
    token = ask_for_token(database, OFFICER)
    if works:
        assert is_in(database, use(database, token, NOW + later), NOW + later)
    else:
        with pytest.raises(LinkSpentError):
            use(database, token, NOW + later)


def test_an_earlier_link_still_works_after_a_later_one_was_asked_for(database: Database, world: World) -> None:
    first, second = ask_for_token(database, OFFICER), ask_for_token(database, OFFICER)
    assert is_in(database, use(database, second))
    assert is_in(database, use(database, first))


def test_the_link_mailed_for_an_unknown_address_opens_nothing(database: Database, world: World) -> None:
    token = ask_for_token(database, "nobody@harrow.example")
    with pytest.raises(LinkSpentError):
        use(database, token)
    with database.reading() as session:
        mail = session.scalars(select(Mail)).one()
    assert mail.given_up_at == NOW
    assert mail.sent_at is None
    assert mail.to_address == ""


def test_asking_costs_the_same_statements_whoever_asks(database: Database, world: World) -> None:
    with database.writing() as session:
        session.add(
            Invitation(
                email="invited@harrow.example",
                name="Invited",
                role=Role.LEAD,
                organisation_id=world.council,
                token_hash="t" * 64,
                invited_at=NOW,
                expires_at=NOW + timedelta(days=1),
            )
        )
    told = {}
    for address in (OFFICER, "invited@harrow.example", "nobody@harrow.example", "x@y.example"):
        with statements(database) as told[address]:
            signing_in.request_link(database, address, "/assessments", ELSEWHERE, NOW, KEYS)
    assert len(told[OFFICER]) > 5
    assert all(found == told[OFFICER] for found in told.values())


def test_whoever_was_invited_and_asks_to_sign_in_is_mailed_the_invitation(database: Database, world: World) -> None:
    with database.writing() as session:
        session.add(
            Invitation(
                email="invited@harrow.example",
                name="Invited",
                role=Role.LEAD,
                organisation_id=world.council,
                token_hash="t" * 64,
                invited_at=NOW,
                expires_at=NOW + timedelta(days=1),
            )
        )
    signing_in.request_link(database, "Invited@harrow.example", "", UNLIMITED, NOW, KEYS)
    with database.reading() as session:
        mail = session.scalars(select(Mail)).one()
    assert (mail.kind, mail.to_address, mail.given_up_at) == ("invitation", "invited@harrow.example", None)


# ---- Guessing --------------------------------------------------------------------------------------------------------


def count_mails(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Mail).where(Mail.given_up_at.is_(None))) or 0


def test_an_address_gets_five_mails_in_a_quarter_of_an_hour_and_its_links_stay_good(
    database: Database, world: World
) -> None:
    first = ask_for_token(database, OFFICER)
    for minute in range(14):
        for _ in range(3):
            signing_in.request_link(database, OFFICER, "", UNLIMITED, NOW + timedelta(minutes=minute), KEYS)
    assert count_mails(database) == MOST[Slowed.MAIL_TO_ADDRESS] == 5
    signing_in.request_link(database, "manager@harrow.example", "", UNLIMITED, NOW, KEYS)
    assert count_mails(database) == 6
    assert is_in(database, use(database, first, NOW + timedelta(minutes=14)), NOW + timedelta(minutes=14))
    later = NOW + timedelta(minutes=30)
    signing_in.request_link(database, OFFICER, "", UNLIMITED, later, KEYS)
    assert count_mails(database) == 7


def test_a_source_that_asks_for_too_many_links_waits(database: Database, world: World) -> None:
    for number in range(MOST[Slowed.LINK_REQUEST]):
        signing_in.request_link(database, f"{number}@harrow.example", "", ELSEWHERE, NOW, KEYS)
    with pytest.raises(TooManyAttemptsError) as caught:
        signing_in.request_link(database, OFFICER, "", ELSEWHERE, NOW + timedelta(minutes=14), KEYS)
    assert caught.value.retry_after == WINDOW
    assert count_mails(database) == 0
    signing_in.request_link(database, OFFICER, "", "another source", NOW, KEYS)
    assert count_mails(database) == 1
    signing_in.request_link(database, OFFICER, "", ELSEWHERE, NOW + WINDOW, KEYS)
    assert count_mails(database) == 2


def test_a_source_that_guesses_tokens_waits_and_locks_nobody_out(database: Database, world: World) -> None:
    token = ask_for_token(database, OFFICER)
    session_token = sign_in(database, world.officer.person_id)
    for number in range(40):
        with pytest.raises(LinkSpentError if number < MOST[Slowed.FAILED_TOKEN] else TooManyAttemptsError):
            signing_in.use_link(database, f"guess{number}", ELSEWHERE, NOW, KEYS)
    assert is_in(database, session_token)
    assert is_in(database, signing_in.use_link(database, token, ELSEWHERE, NOW, KEYS))


def test_no_count_is_lost_where_many_guess_at_once(database: Database, world: World) -> None:
    outcomes = race(40, lambda: signing_in.use_link(database, "guess", ELSEWHERE, NOW, KEYS))
    assert {type(outcome) for outcome in outcomes} == {LinkSpentError, TooManyAttemptsError}
    assert sum(isinstance(outcome, LinkSpentError) for outcome in outcomes) == MOST[Slowed.FAILED_TOKEN]


# ---- Sessions --------------------------------------------------------------------------------------------------------


def test_a_session_ends_to_the_second_when_idle(database: Database, world: World) -> None:
    token = sign_in(database, world.officer.person_id)
    assert not is_in(database, token, NOW + IDLE_LIMIT)
    assert is_in(database, token, NOW + IDLE_LIMIT - SECOND)
    assert is_in(database, token, NOW + 2 * (IDLE_LIMIT - SECOND))


def test_a_session_ends_to_the_second_after_a_week_however_busy(database: Database, world: World) -> None:
    token = sign_in(database, world.officer.person_id)
    end = NOW + ABSOLUTE_LIMIT
    moment = NOW
    while (moment := moment + IDLE_LIMIT / 2) < end:
        assert is_in(database, token, moment)
    assert is_in(database, token, end - SECOND)
    assert not is_in(database, token, end)


def test_every_sign_in_gives_another_token(database: Database, world: World) -> None:
    tokens = {use(database, ask_for_token(database, OFFICER)) for _ in range(3)}
    assert len(tokens) == 3


def test_signing_out_everywhere_ends_every_session_and_every_open_link(database: Database, world: World) -> None:
    devices = [sign_in(database, world.officer.person_id) for _ in range(3)]
    link = ask_for_token(database, OFFICER)
    colleague = sign_in(database, world.colleague.person_id)
    signing_in.sign_out_everywhere(database, world.officer, NOW)
    assert [is_in(database, token) for token in devices] == [False] * 3
    with pytest.raises(LinkSpentError):
        use(database, link)
    assert is_in(database, colleague)
    assert is_in(database, use(database, ask_for_token(database, OFFICER)))


def test_a_role_that_was_withdrawn_is_gone_at_the_next_request(database: Database, world: World) -> None:
    token = sign_in(database, world.officer.person_id)
    before = signing_in.find_actor(database, token, NOW, KEYS)
    assert before == world.officer
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.person_id == world.officer.person_id))
    after = signing_in.find_actor(database, token, NOW, KEYS)
    assert after is not None
    assert after.grants == frozenset()
    assert not can(after, Deed.SEE_ASSESSMENT, organisation_id=world.council)


def test_the_sessions_of_an_erased_person_are_dead(database: Database, world: World) -> None:
    token, link = sign_in(database, world.officer.person_id), ask_for_token(database, OFFICER)
    with database.writing() as session:
        session.execute(
            update(Person)
            .where(Person.id == world.officer.person_id)
            .values(erased_at=NOW, email=None, name="Erased person")
        )
    assert not is_in(database, token)
    with pytest.raises(LinkSpentError):
        use(database, link)


# ---- Keys and what is kept -------------------------------------------------------------------------------------------


def test_secrets_can_be_changed_and_taken_away(database: Database, world: World) -> None:
    before, both, after = TokenKeys([OLD]), TokenKeys([NEW, OLD]), TokenKeys([NEW])
    link = ask_for_token(database, OFFICER, keys=before)
    other_link = ask_for_token(database, OFFICER, keys=before)
    session_token = use(database, link, keys=before)
    assert is_in(database, session_token, keys=both)
    assert not is_in(database, session_token, keys=after)
    with pytest.raises(LinkSpentError):
        use(database, other_link, keys=after)
    newer = use(database, other_link, keys=both)
    assert is_in(database, newer, keys=after)
    assert not is_in(database, newer, keys=TokenKeys([OTHER]))
    assert not is_in(database, newer, keys=TokenKeys())
    signing_in.sign_out(database, session_token, both)
    assert not is_in(database, session_token, keys=both)


@pytest.mark.parametrize("keys", [TokenKeys(), TokenKeys([OLD])])
def test_no_token_and_no_guess_stands_in_the_database(database: Database, world: World, keys: TokenKeys) -> None:
    token = ask_for_token(database, OFFICER, source=ELSEWHERE, keys=keys)
    session_token = use(database, token, keys=keys)
    ask_for_token(database, "unknown@elsewhere.example", keys=keys)
    with database.writing() as session:  # the outbox forgets once a mail is sent
        session.execute(delete(Mail))
    with database.reading() as session:
        kept = "\n".join(
            repr(tuple(row)) for table in Base.metadata.sorted_tables for row in session.execute(select(table))
        )
    assert token not in kept
    assert session_token not in kept
    assert "unknown@elsewhere.example" not in kept


def test_signing_in_is_on_record_and_a_failure_is_not(database: Database, world: World) -> None:
    token = ask_for_token(database, OFFICER)
    use(database, token)
    with pytest.raises(LinkSpentError):
        use(database, token)
    signing_in.sign_out_everywhere(database, world.officer, NOW)
    with database.reading() as session:
        entries = session.execute(select(AuditEntry.event, AuditEntry.actor_id).order_by(AuditEntry.number)).all()
    officer: UUID = world.officer.person_id
    assert [tuple(entry) for entry in entries] == [("signed-in", officer), ("signed-out-everywhere", officer)]


def test_a_link_row_says_nothing_of_who_asked_in_vain(database: Database, world: World) -> None:
    ask_for_token(database, "nobody@harrow.example")
    with database.reading() as session:
        assert session.scalars(select(SignInLink.person_id)).all() == [None]
