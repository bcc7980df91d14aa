"""Where mails go: to a mail server by SMTP, or to the terminal."""

import logging
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from app.domain.errors import EnablersError
from app.domain.values import SERVICE_NAME, one_line

TIMEOUT_SECONDS: Final = 10
PERMANENT: Final = range(500, 600)
"""Replies of a mail server that trying again will not change."""
CLOSING: Final = 421
"""The reply of a mail server that hangs up: nothing is wrong with the mail."""
WORDS_LENGTH: Final = 300

logger = logging.getLogger("enablers.mail")


class RefusedError(EnablersError):
    """This mail cannot be delivered, now or later."""


class DeferredError(EnablersError):
    """This mail cannot be delivered now."""


class UnreachableError(EnablersError):
    """No mail can be delivered now."""


@dataclass(frozen=True, slots=True)
class Message:
    """One mail, ready to go."""

    id: UUID
    """What its Message-ID is made of, so that one sent twice can be told."""
    to_address: str
    subject: str
    text: str
    written_at: datetime


Deliver = Callable[[Message], None]
"""Hands one mail over; raises `RefusedError`, `DeferredError` or `UnreachableError`."""


class Carrier(Protocol):
    """A way for mails to go."""

    def open(self) -> AbstractContextManager[Deliver]:
        """Give what delivers some mails, one after another; nothing is connected before the first."""
        ...  # pragma: no cover - a protocol


class Security(StrEnum):
    """How the connection to the mail server is secured."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Terminal:
    """Prints each mail as a block, where no mail server is set."""

    @contextmanager
    def open(self) -> Iterator[Deliver]:
        """Give what prints."""
        yield _print


def _print(message: Message) -> None:
    rule = "-" * 72
    head = f"Mail to {one_line(message.to_address)}\nSubject: {one_line(message.subject)}"
    body = "\n".join(map(one_line, message.text.splitlines()))
    logger.warning("%s\n%s\n\n%s\n%s", rule, head, body, rule)


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server."""

    host: str
    port: int
    security: Security
    user: str
    password: str
    sender: str
    """The address that mails come from."""
    context: ssl.SSLContext | None = None
    """What the server's certificate is checked against; without one, the authorities of this machine."""

    def __repr__(self) -> str:
        """Name the server alone: the password is nobody's business."""
        return f"Smtp({self.host}:{self.port})"

    @contextmanager
    def open(self) -> Iterator[Deliver]:
        """Give what delivers over one connection, made when first needed and again after it broke."""
        line = _Line(self)
        try:
            yield line.deliver
        finally:
            line.close()

    def connect(self) -> smtplib.SMTP:
        """Connect, secure the connection and sign in; raises `UnreachableError`."""
        context = self.context or ssl.create_default_context()
        try:
            if self.security is Security.TLS:
                client: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
            else:
                client = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        except (OSError, smtplib.SMTPException) as error:
            raise UnreachableError(f"{self.host}:{self.port} cannot be reached: {_words(error)}") from None
        try:
            if self.security is Security.STARTTLS:
                client.starttls(context=context)
            if self.user:
                client.login(self.user, self.password)
        except (OSError, smtplib.SMTPException) as error:
            client.close()
            raise UnreachableError(f"{self.host}:{self.port} does not let us in: {_words(error)}") from None
        return client


class _Line:
    """One connection to a mail server, renewed where it breaks."""

    def __init__(self, server: Smtp) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None

    def deliver(self, message: Message) -> None:
        data, sender, to_address = make_mail(message, self._server.sender)
        client = self._client = self._client or self._server.connect()
        try:
            client.sendmail(sender, [to_address], data)
        except smtplib.SMTPRecipientsRefused as error:
            self._hang_up_if_told(codes := [code for code, _ in error.recipients.values()])
            raise _judge(codes, _words(error)) from None
        except smtplib.SMTPSenderRefused as error:  # which is no fault of this mail, but of a setting
            self.close()
            raise UnreachableError(f"The mail server does not take mails from us: {_words(error)}") from None
        except smtplib.SMTPResponseException as error:
            self._hang_up_if_told([error.smtp_code])
            raise _judge([error.smtp_code], _words(error)) from None
        except smtplib.SMTPNotSupportedError as error:
            raise RefusedError(_words(error)) from None
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise DeferredError(f"The connection broke: {_words(error)}") from None

    def _hang_up_if_told(self, codes: Sequence[int]) -> None:
        if CLOSING in codes:
            self.close()

    def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
            client.close()


def _judge(codes: Sequence[int], words: str) -> RefusedError | DeferredError:
    return RefusedError(words) if codes and all(code in PERMANENT for code in codes) else DeferredError(words)


def make_mail(message: Message, sender: str) -> tuple[bytes, str, str]:
    """Make what goes over the wire, and the addresses from and to; raises `RefusedError` where one is none.

    Plain text in UTF-8. No text can become a header: lines are joined, and the library refuses them.
    """
    address, origin = read_address(message.to_address), read_address(sender)
    mail = EmailMessage(policy=SMTP)
    # The library would decode what looks encoded, and put the new lines that come out into the header.
    mail["Subject"] = one_line(message.subject).replace("=?", "= ?")
    mail["From"] = Address(SERVICE_NAME, addr_spec=origin.addr_spec)
    mail["To"] = address
    mail["Date"] = message.written_at
    mail["Message-ID"] = f"<{message.id}@{origin.domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text, cte="quoted-printable")
    return mail.as_bytes(), origin.addr_spec, address.addr_spec


def read_address(text: str) -> Address:
    """Read exactly one address, its host in ASCII; raises `RefusedError` for a list, or one with a name."""
    name, at, host = text.rpartition("@")
    if name and at and text.isprintable():
        with suppress(ValueError, MessageError, IndexError):
            return Address(addr_spec=f"{name}@{host.encode('idna').decode('ascii')}")
    raise RefusedError(f"{one_line(text)} is no email address")


def _words(error: Exception) -> str:
    """Say in one line what the mail server, or the way there, said; no password is in it."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            words = "; ".join(f"{code} {_text(said)}" for code, said in error.recipients.values())
        case smtplib.SMTPResponseException():
            words = f"{error.smtp_code} {_text(error.smtp_error)}"
        case socket.gaierror() | ssl.SSLError():
            words = str(error)
        case OSError(strerror=str(reason)) if reason:
            words = reason
        case _:
            words = str(error) or type(error).__name__
    return one_line(words)[:WORDS_LENGTH]


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
