"""The outbox: every mail is sent, once where nothing crashes, and what cannot be sent holds up nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import event

from app.catalogue import Catalogue
from app.delivery import DeferredError, Message, RefusedError, UnreachableError
from app.services import Database
from app.services.mailing import LINK, Letter, MailKind, post
from app.services.working import Means, sending
from app.services.working.sending import BATCH, GIVE_UP_AFTER, LEASE, find_delay, send_mails
from app.store import mails
from tests.people import NOW
from tests.working import Postbag, list_mails, make_means

LETTER = Letter(MailKind.SIGNED_OFF, "Signed off", ("Hello,", "See here:", LINK, "Bye."), "/assessments")
SIGN_IN = Letter(MailKind.SIGN_IN, "Your link", ("Hello,", LINK), "/sign-in/a-token")
SECOND = timedelta(seconds=1)


def write(database: Database, *names: str, letter: Letter = LETTER, is_void: bool = False) -> None:
    with database.writing() as session:
        for name in names:
            post(session, letter, f"{name}@harrow.example", None, NOW, is_void=is_void)


@pytest.fixture
def bag() -> Postbag:
    return Postbag()


@pytest.fixture
def means(database: Database, questionnaires: Catalogue, bag: Postbag) -> Means:
    return make_means(database, questionnaires, bag)


def fail(*kinds: tuple[str, Exception]) -> Callable[[Message], None]:
    """Give a fault for mails to some names."""

    def raise_for(message: Message) -> None:
        for name, error in kinds:
            if message.to_address.startswith(name):
                raise error

    return raise_for


def test_a_mail_is_sent_once_with_its_link_and_its_text_is_taken_away(means: Means, bag: Postbag) -> None:
    write(means.database, "officer")
    assert send_mails(means, NOW) == "1 sent"
    assert send_mails(means, NOW + timedelta(days=1)) == ""
    (message,) = bag.messages
    assert message.text == (
        "Hello,\n\nSee here:\n\nhttps://enablers.example/assessments\n\nBye.\n\n"
        "Reform enablers\nhttps://enablers.example\n"
    )
    (mail,) = list_mails(means.database)
    assert (mail.body, mail.path, mail.attempts, mail.error) == ("", "", 1, "")
    assert mail.sent_at is not None
    assert message.id == mail.id


def test_a_demonstration_keeps_the_text(database: Database, questionnaires: Catalogue, bag: Postbag) -> None:
    write(database, "officer")
    send_mails(make_means(database, questionnaires, bag, keeps_mails=True), NOW)
    assert list_mails(database)[0].path == "/assessments"


def test_a_void_mail_is_never_sent(means: Means, bag: Postbag) -> None:
    write(means.database, "nobody", letter=SIGN_IN, is_void=True)
    assert send_mails(means, NOW + timedelta(days=30)) == ""
    assert bag.messages == []


def test_a_mail_that_is_not_committed_is_not_sent(means: Means, bag: Postbag) -> None:
    with means.database.writing() as session:
        post(session, LETTER, "officer@harrow.example", None, NOW)
        session.rollback()
    assert send_mails(means, NOW) == ""


def test_what_is_said_once_is_written_once(database: Database) -> None:
    added = []
    for _ in range(3):
        with database.writing() as session:
            added.append(post(session, LETTER, "officer@harrow.example", None, NOW, key="reminder:x"))
    assert added == [True, False, False]
    assert len(list_mails(database)) == 1


def test_two_workers_send_two_hundred_mails_once_each(means: Means, bag: Postbag) -> None:
    names = [f"person-{number}" for number in range(200)]
    write(means.database, *names)
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: send_mails(means, NOW), range(4)))
    assert sum(int(line.partition(" ")[0]) for line in done if line) == 200
    assert bag.count() == {f"{name}@harrow.example": 1 for name in names}
    assert all(mail.attempts == 1 and mail.sent_at for mail in list_mails(means.database))


def test_after_a_crash_between_sending_and_noting_it_is_sent_again_under_the_same_id(
    means: Means, bag: Postbag, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(means.database, "officer")
    with monkeypatch.context() as patch:
        patch.setattr(mails, "note_sent", fail_hard)
        with pytest.raises(KeyboardInterrupt):
            send_mails(means, NOW)
    assert send_mails(means, NOW + LEASE - SECOND) == ""
    assert send_mails(means, NOW + LEASE + SECOND) == "1 sent"
    first, second = bag.messages
    assert first == second


def fail_hard(*_args: object, **_kwargs: object) -> None:
    raise KeyboardInterrupt


def test_a_link_to_sign_in_goes_before_a_thousand_others(means: Means, bag: Postbag) -> None:
    write(means.database, *(f"person-{number}" for number in range(2 * BATCH)))
    write(means.database, "officer", letter=SIGN_IN)
    send_mails(means, NOW)
    places = [message.to_address for message in bag.messages]
    assert places.index("officer@harrow.example") < BATCH


def test_one_bad_address_does_not_hold_up_the_others(means: Means, bag: Postbag) -> None:
    names = [f"person-{number}" for number in range(2 * BATCH)]
    bag.fault = fail(
        ("person-3@", RefusedError("550 no such box")), ("person-5@", DeferredError("451 come back later"))
    )
    write(means.database, *names)
    assert send_mails(means, NOW) == f"{2 * BATCH - 2} sent"
    rows = {mail.to_address.partition("@")[0]: mail for mail in list_mails(means.database)}
    refused, deferred = rows["person-3"], rows["person-5"]
    assert (refused.given_up_at is None, refused.error, refused.body) == (False, "550 no such box", "")
    assert (deferred.given_up_at is None, deferred.error) == (True, "451 come back later")
    bag.fault = fail()
    assert send_mails(means, NOW + find_delay(1) + 5 * SECOND) == "1 sent"
    assert refused.to_address not in bag.count()


def test_where_the_server_cannot_be_reached_everything_waits_and_nothing_is_lost(means: Means, bag: Postbag) -> None:
    tried = []

    def refuse(message: Message) -> None:
        tried.append(message)
        raise UnreachableError("refused")

    bag.fault = refuse
    write(means.database, *(f"person-{number}" for number in range(BATCH)))
    assert send_mails(means, NOW) == ""
    assert len(tried) == 1
    bag.fault = fail()
    assert send_mails(means, NOW + timedelta(minutes=2)) == f"{BATCH} sent"


def test_it_is_tried_less_and_less_often_and_given_up_after_three_days(means: Means, bag: Postbag) -> None:
    bag.fault = fail(("officer", DeferredError("451 come back later")))
    write(means.database, "officer")
    moment, moments = NOW, []
    while not (row := list_mails(means.database)[0]).given_up_at:
        send_mails(means, moment)
        moments.append(moment)
        moment += timedelta(minutes=1)
        row = list_mails(means.database)[0]
        moment = max(moment, row.send_after) if row.given_up_at is None else moment
    delays = [later - earlier for earlier, later in pairwise(moments)]
    assert [round(delay / timedelta(minutes=1)) for delay in delays[:9]] == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert set(map(round_to_hours, delays[8:])) == {4}
    assert NOW + GIVE_UP_AFTER <= row.given_up_at < NOW + GIVE_UP_AFTER + timedelta(hours=4, minutes=1)
    assert row.error == f"{sending.TOO_LATE} 451 come back later"
    assert row.body == ""


def round_to_hours(delay: timedelta) -> int:
    return round(delay / timedelta(hours=1))


def test_a_link_that_is_dead_by_now_is_not_sent(means: Means, bag: Postbag) -> None:
    write(means.database, "officer", letter=SIGN_IN)
    assert send_mails(means, NOW + timedelta(minutes=15)) == ""
    (mail,) = list_mails(means.database)
    assert (bag.messages, mail.path, mail.error) == ([], "", sending.TOO_LATE)


def test_told_to_stop_it_gives_back_what_it_has_not_tried(means: Means, bag: Postbag) -> None:
    def stop(message: Message) -> None:
        if message.to_address.startswith("person-4@"):
            means.stop.set()

    bag.fault = stop
    write(means.database, *(f"person-{number}" for number in range(10)))
    assert send_mails(means, NOW) == "5 sent"
    means.stop.clear()
    assert send_mails(means, NOW + SECOND) == "5 sent"
    assert set(bag.count().values()) == {1}
    assert {mail.attempts for mail in list_mails(means.database)} == {1}


def test_one_statement_where_there_is_nothing_to_do(means: Means) -> None:
    write(means.database, *(f"person-{number}" for number in range(3)))
    send_mails(means, NOW)
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    event.listen(means.database.engine, "before_cursor_execute", note)
    assert send_mails(means, NOW + timedelta(days=400)) == ""
    event.remove(means.database.engine, "before_cursor_execute", note)
    assert len([statement for statement in statements if statement != "BEGIN"]) == 1
