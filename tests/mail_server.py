"""A small mail server on this machine. It can be told to refuse."""

import ipaddress
import ssl
from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from app.delivery import Security, Smtp

HOST = "127.0.0.1"
SENDER = "enablers@service.example"
USER, PASSWORD = "enablers", "opens nothing but this test's own server"


@dataclass
class Office:
    """What the server does with what it is given, and what it has taken."""

    taken: list[Envelope] = field(default_factory=list)
    says: dict[str, str] = field(default_factory=dict)
    """Command -> what it says to it instead of what is right, but for addresses in `spared`."""
    spared: set[str] = field(default_factory=set)
    connections: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's name, and the four after it
        self,
        _server: object,
        session: Session,
        _envelope: Envelope,
        name: str,
        responses: list[str],
    ) -> list[str]:
        self.connections += 1
        session.host_name = name
        return responses

    async def handle_MAIL(  # noqa: N802
        self, _server: object, _session: object, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.says:
            return self.says["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: object, _session: object, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "RCPT" in self.says and address not in self.spared:
            return self.says["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: object, _session: object, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.says:
            return self.says["DATA"]
        self.taken.append(envelope)
        return "250 OK"

    def read(self) -> list[EmailMessage]:
        """Give what was taken, as a mail program reads it."""
        return [message_from_bytes(each.content, policy=policy.default) for each in self.taken]  # type: ignore[arg-type]


@dataclass(frozen=True)
class Certificate:
    """A certificate for this machine, signed by itself, with its key."""

    path: Path

    def serving(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path)
        return context

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.path))


def make_certificate(folder: Path, host: str = "") -> Certificate:
    """Make one for a host name, or else for the address of this machine."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    subject = x509.DNSName(host) if host else x509.IPAddress(ipaddress.ip_address(HOST))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return Certificate(path)


@contextmanager
def running_mail_server(
    office: Office,
    security: Security = Security.NONE,
    certificate: Certificate | None = None,
    *,
    asks_password: bool = False,
) -> Iterator[int]:
    """Run the server on a free port, and give the port."""
    options: dict[str, Any] = {}
    if security is Security.TLS and certificate:
        options["ssl_context"] = certificate.serving()
    if security is Security.STARTTLS and certificate:
        options |= {"tls_context": certificate.serving(), "require_starttls": True}
    if asks_password:
        options |= {"auth_required": True, "auth_require_tls": security is Security.STARTTLS, "authenticator": _sign_in}
    controller = _OnFreePort(office, hostname=HOST, port=0, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop(no_assert=True)


class _OnFreePort(Controller):
    """Learns which port it was given before it knocks there to see whether it is ready."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call] # it has no types


def _sign_in(_server: object, _session: object, _envelope: object, _mechanism: str, data: LoginPassword) -> AuthResult:
    given = (data.login.decode(), data.password.decode())
    return AuthResult(success=given == (USER, PASSWORD), handled=False)


def make_smtp(port: int, security: Security = Security.NONE, **changes: Any) -> Smtp:  # noqa: ANN401
    """Make what sends to the server."""
    return Smtp(
        **{"host": HOST, "port": port, "security": security, "user": "", "password": "", "sender": SENDER, **changes}
    )
