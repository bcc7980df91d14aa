"""Handing mails over to a mail server: secured as it was asked for, and no text becomes anything but text."""

import socket
import uuid
from datetime import timedelta

import pytest

from app.catalogue import Catalogue
from app.delivery import DeferredError, Message, RefusedError, Security, Smtp, Terminal, UnreachableError, read_address
from app.domain.errors import EnablersError
from app.services import Database
from app.services.mailing import Letter, MailKind, post
from app.services.working.sending import send_mails
from tests.mail_server import PASSWORD, USER, Certificate, Office, make_certificate, make_smtp, running_mail_server
from tests.people import NOW
from tests.working import list_mails, make_means


@pytest.fixture
def office() -> Office:
    return Office()


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def write(subject: str = "Signed off", to: str = "officer@harrow.example", text: str = "Hello,\n\nBye.\n") -> Message:
    return Message(uuid.uuid4(), to, subject, text, NOW)


def send(smtp: Smtp, *messages: Message) -> None:
    with smtp.open() as deliver:
        for message in messages:
            deliver(message)


def refuse(smtp: Smtp, kind: type[EnablersError], message: Message | None = None) -> str:
    with smtp.open() as deliver, pytest.raises(kind) as raised:
        deliver(message or write())
    return str(raised.value)


SECURED = {"starttls": Security.STARTTLS, "tls": Security.TLS, "none": Security.NONE}


@pytest.mark.parametrize("security", SECURED.values(), ids=SECURED)
def test_a_mail_arrives_as_it_was_written(office: Office, certificate: Certificate, security: Security) -> None:
    message = write("A round – über alles", text="Zoë wrote:\n> naïve\n.\nFrom here\nhttps://x.example/a?b=c\n")
    with running_mail_server(office, security, certificate) as port:
        send(make_smtp(port, security, context=certificate.trusting()), message)
    (envelope,), (mail,) = office.taken, office.read()
    assert (envelope.mail_from, envelope.rcpt_tos) == ("enablers@service.example", ["officer@harrow.example"])
    assert mail["Subject"] == message.subject
    assert mail["From"] == "Reform enablers <enablers@service.example>"
    assert mail["To"] == "officer@harrow.example"
    assert mail["Message-ID"] == f"<{message.id}@service.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == NOW
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().replace("\r\n", "\n") == message.text


def test_a_server_signs_us_in_over_a_secured_connection(office: Office, certificate: Certificate) -> None:
    with running_mail_server(office, Security.STARTTLS, certificate, asks_password=True) as port:
        smtp = make_smtp(port, Security.STARTTLS, context=certificate.trusting(), user=USER, password=PASSWORD)
        send(smtp, write())
    assert len(office.taken) == 1
    assert PASSWORD not in repr(smtp)


def test_a_wrong_password_is_told_without_it(office: Office, certificate: Certificate) -> None:
    with running_mail_server(office, Security.STARTTLS, certificate, asks_password=True) as port:
        smtp = make_smtp(
            port, Security.STARTTLS, context=certificate.trusting(), user=USER, password="hunter2-is-wrong"
        )
        words = refuse(smtp, UnreachableError)
    assert words.endswith("does not let us in: 535 5.7.8 Authentication credentials invalid")


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    office: Office, certificate: Certificate, security: Security
) -> None:
    with running_mail_server(office, security, certificate) as port:
        assert "certificate verify failed" in refuse(make_smtp(port, security), UnreachableError)
    assert office.taken == []


def test_a_certificate_for_another_host_is_not_believed(office: Office, certificate: Certificate) -> None:
    with running_mail_server(office, Security.STARTTLS, certificate) as port:
        smtp = make_smtp(port, Security.STARTTLS, host="localhost", context=certificate.trusting())
        assert "certificate verify failed" in refuse(smtp, UnreachableError)
    assert office.taken == []


def test_where_the_server_cannot_secure_the_connection_nothing_is_sent(office: Office) -> None:
    with running_mail_server(office) as port:
        smtp = make_smtp(port, Security.STARTTLS, user=USER, password=PASSWORD)
        assert "STARTTLS extension not supported" in refuse(smtp, UnreachableError)
    assert office.taken == []


JUDGED = {
    "no such box": ("RCPT", "550 5.1.1 no such box", RefusedError),
    "a full box": ("RCPT", "452 4.2.2 full", DeferredError),
    "text that is not taken": ("DATA", "554 5.7.1 spam", RefusedError),
    "a busy server": ("DATA", "451 4.3.0 busy", DeferredError),
    "a sender that is not taken is no fault of the mail": ("MAIL", "550 5.7.1 not you", UnreachableError),
    "a server that hangs up": ("DATA", "421 4.3.2 going down", DeferredError),
}


@pytest.mark.parametrize(("command", "reply", "kind"), JUDGED.values(), ids=JUDGED)
def test_what_the_server_says_is_judged(office: Office, command: str, reply: str, kind: type[EnablersError]) -> None:
    office.says[command] = reply
    with running_mail_server(office) as port:
        assert reply in refuse(make_smtp(port), kind)


@pytest.mark.parametrize("reply", ["550 no such box", "450 not now", "421 going down"])
def test_after_a_refusal_the_next_mail_goes(office: Office, reply: str) -> None:
    office.says["RCPT"] = reply
    office.spared.add("manager@harrow.example")
    with running_mail_server(office) as port, make_smtp(port).open() as deliver:
        with pytest.raises(EnablersError):
            deliver(write())
        deliver(write(to="manager@harrow.example"))
    assert [envelope.rcpt_tos for envelope in office.taken] == [["manager@harrow.example"]]


def test_many_mails_go_over_one_connection(office: Office) -> None:
    with running_mail_server(office) as port:
        send(make_smtp(port), *(write() for _ in range(30)))
    assert (len(office.taken), office.connections) == (30, 1)


HOSTILE_SUBJECTS = (
    "Hello\r\nBcc: everyone@evil.example",
    "Hello\n\nA body of my own",
    "Hello\rTo: everyone@evil.example",
    "Hello\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029Bcc: everyone@evil.example",
    "=?utf-8?q?Hello=0ABcc:_everyone@evil.example?=",
    "{{ 7 * 7 }} <script>alert(1)</script> =cmd()",
    "x" * 5000,
    "\udcff\ud800",
)


@pytest.mark.parametrize("subject", HOSTILE_SUBJECTS, ids=range(len(HOSTILE_SUBJECTS)))
def test_no_subject_becomes_another_header_or_a_body(office: Office, subject: str) -> None:
    with running_mail_server(office) as port:
        send(make_smtp(port), write(subject))
    (envelope,), (mail,) = office.taken, office.read()
    assert envelope.rcpt_tos == ["officer@harrow.example"]
    assert sorted(mail.keys()) == sorted(
        [
            *("Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted"),
            *("Content-Type", "Content-Transfer-Encoding", "MIME-Version"),
        ]
    )
    assert mail.get_content().replace("\r\n", "\n") == "Hello,\n\nBye.\n"


NO_ADDRESSES = (
    "",
    "officer",
    "@harrow.example",
    "a@harrow.example, b@evil.example",
    "a@harrow.example;b@evil.example",
    "Officer <a@harrow.example>",
    "<a@harrow.example>",
    "a b@harrow.example",
    "a@b@harrow.example",
    "a@harrow.example\r\nBcc: b@evil.example",
    "a@..example",
    f"a@{'x' * 70}.example",
)


@pytest.mark.parametrize("address", NO_ADDRESSES)
def test_what_is_not_one_address_gets_nothing(office: Office, address: str) -> None:
    with running_mail_server(office) as port:
        assert "is no email address" in refuse(make_smtp(port), RefusedError, write(to=address))
    assert office.taken == []


def test_a_host_in_other_letters_is_written_in_ascii() -> None:
    assert read_address("office@bücher.example").addr_spec == "office@xn--bcher-kva.example"


def test_the_terminal_shows_a_mail_as_one_block(caplog: pytest.LogCaptureFixture) -> None:
    with Terminal().open() as deliver:
        deliver(write("Hello\x1b[2J\nthere", text="Line one\n\x1b]0;title\x07two\n"))
    (line,) = caplog.messages
    assert "Mail to officer@harrow.example\nSubject: Hello�[2J there\n\nLine one\n" in line
    assert "\x1b" not in line


# ---- The outbox, with a real server ----------------------------------------------------------------------------------


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    return port


def test_a_mail_waits_for_a_server_that_is_away(
    database: Database, questionnaires: Catalogue, office: Office, free_port: int
) -> None:
    letter = Letter(MailKind.SIGNED_OFF, "Signed off", ("Hello,",), "/assessments")
    with database.writing() as session:
        post(session, letter, "officer@harrow.example", None, NOW)
    away = make_means(database, questionnaires, make_smtp(free_port))
    assert send_mails(away, NOW) == ""
    (waiting,) = list_mails(database)
    assert "cannot be reached" in waiting.error
    with running_mail_server(office) as port:
        means = make_means(database, questionnaires, make_smtp(port))
        assert send_mails(means, NOW + timedelta(minutes=2)) == "1 sent"
    (mail,) = office.read()
    assert mail["Message-ID"] == f"<{waiting.id}@service.example>"
    assert "https://enablers.example/assessments" in mail.get_content()
