"""What goes out to other systems: one POST by HTTPS, to addresses of the public internet alone.

The host is resolved when a message is sent, every address it has is checked, and the connection is made to a checked
address itself: nothing is resolved twice, so that no answer can change in between. Proxies of the environment are not
asked, as they would resolve anew.
"""

import io
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from http.client import HTTPException, HTTPResponse
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, cast

from app.domain.errors import AnswerError, EnablersError
from app.domain.values import one_line
from app.domain.webhooks import Address, Target, may_reach, read_target

TIMEOUT_SECONDS: Final = 10.0
"""For all of it: resolving, connecting, sending and reading the status of the reply."""
BODY_SECONDS: Final = 1.0
"""For what comes after the status, which nobody reads: it is waited for out of courtesy."""
BODY_READ: Final = 1024
MOST_READ: Final = 32_768
"""Bytes of a reply that are read at all, its headers included."""
MOST_ADDRESSES: Final = 8
WORDS_LENGTH: Final = 300
LEADS_NOWHERE: Final = "The host name cannot be resolved, or leads to an address that is not public"
"""One sentence for both, or it would tell which names there are in the operator’s own network."""
USER_AGENT: Final = "Reform-Enablers-Webhooks/1"

Resolve = Callable[[str, int], Sequence[Address]]
"""Gives every address of a host; raises `OSError`. May take long."""
Connect = Callable[[Address, int, float], socket.socket]
"""Connects to an address and port within some seconds; raises `OSError`."""


class NotDeliveredError(EnablersError):
    """The message did not arrive, as far as anybody can know."""


def resolve(host: str, port: int) -> tuple[Address, ...]:
    """Ask the system for every address of a host; raises `OSError`."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(ip_address(str(where[0])) for *_, where in found))


def connect(address: Address, port: int, seconds: float) -> socket.socket:
    """Connect to an address itself; raises `OSError`."""
    return socket.create_connection((str(address), port), timeout=seconds)


@cache
def _make_context() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Poster:
    """Sends messages; holds nothing between two of them, so that several threads may use it."""

    to_loopback: bool = False
    """Whether plain HTTP to this machine is allowed, for trying out."""
    context: ssl.SSLContext | None = None
    """What certificates are checked against; without one, the authorities of this machine."""
    resolve: Resolve = resolve
    connect: Connect = connect
    seconds: float = TIMEOUT_SECONDS

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> int:
        """Send a body and give the status of the reply, whatever it is. Raises `NotDeliveredError` within `seconds`."""
        deadline = _Deadline(self.seconds)
        try:
            target = read_target(url, to_loopback=self.to_loopback)
        except AnswerError as error:
            raise NotDeliveredError(f"The address {error}") from None
        try:
            with self._open(target, self._find_addresses(target, deadline), deadline) as line:
                return _exchange(line, _write_request(target, headers, body), deadline)
        except TimeoutError:
            raise NotDeliveredError(f"There was no reply within {self.seconds:g} seconds") from None
        except (OSError, HTTPException) as error:
            raise NotDeliveredError(f"The connection failed: {_words(error)}") from None

    def _find_addresses(self, target: Target, deadline: "_Deadline") -> Sequence[Address]:
        """Resolve a host, and refuse it where any of its addresses is not to be reached from here."""
        try:
            found = _resolve_within(deadline, lambda: self.resolve(target.host, target.port))
        except TimeoutError:
            raise
        except (OSError, UnicodeError):
            raise NotDeliveredError(LEADS_NOWHERE) from None
        if not found or not all(may_reach(target, address) for address in found):
            raise NotDeliveredError(LEADS_NOWHERE)
        return found[:MOST_ADDRESSES]

    def _open(self, target: Target, addresses: Sequence[Address], deadline: "_Deadline") -> socket.socket:
        """Connect to the first address that takes it, and check that it is the host; raises `OSError`."""
        line = self._connect_first(target.port, addresses, deadline)
        if target.is_loopback:
            return line
        try:
            line.settimeout(deadline.left())
            return (self.context or _make_context()).wrap_socket(line, server_hostname=target.host)
        except BaseException:
            line.close()
            raise

    def _connect_first(self, port: int, addresses: Sequence[Address], deadline: "_Deadline") -> socket.socket:
        *others, last = addresses
        for place, address in enumerate(others):
            with suppress(OSError):
                return self.connect(address, port, deadline.left() / (len(addresses) - place))
        return self.connect(last, port, deadline.left())


class _Deadline:
    """A moment by which all must be done."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Give the seconds that are left; raises `TimeoutError` where none is."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def shorten(self, seconds: float) -> None:
        """Leave so many seconds from now at most."""
        self._at = min(self._at, time.monotonic() + seconds)


class _Reader(io.RawIOBase):
    """Reads a connection up to a deadline and a number of bytes, however slowly it comes."""

    def __init__(self, line: socket.socket, deadline: _Deadline) -> None:
        self._line = line
        self._deadline = deadline
        self._left = MOST_READ

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - as its base has it
        if not self._left:
            raise ConnectionAbortedError("the reply is too long")
        self._line.settimeout(self._deadline.left())
        read = self._line.recv_into(buffer, min(len(buffer), self._left))
        self._left -= read
        return read

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Give what a reply is read from, as a socket does."""
        return io.BufferedReader(self)


def _exchange(line: socket.socket, request: bytes, deadline: _Deadline) -> int:
    line.settimeout(deadline.left())
    line.sendall(request)
    reply = HTTPResponse(cast("socket.socket", _Reader(line, deadline)), method="POST")
    reply.begin()
    deadline.shorten(BODY_SECONDS)
    with suppress(OSError, HTTPException, ValueError):
        reply.read(BODY_READ)
    return reply.status


def _write_request(target: Target, headers: Mapping[str, str], body: bytes) -> bytes:
    host = f"[{target.host}]" if ":" in target.host else target.host
    usual = 80 if target.is_loopback else 443
    lines = {
        "Host": host if target.port == usual else f"{host}:{target.port}",
        "User-Agent": USER_AGENT,
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        "Connection": "close",
        **headers,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {target.path} HTTP/1.1\r\n{head}\r\n".encode("ascii") + body


def _resolve_within(deadline: _Deadline, resolve_all: Callable[[], Sequence[Address]]) -> Sequence[Address]:
    """Resolve, which knows no time limit of its own, up to a deadline; raises `OSError` and `UnicodeError`."""
    found: SimpleQueue[Sequence[Address] | OSError | UnicodeError] = SimpleQueue()

    def work() -> None:
        try:
            found.put(resolve_all())
        except (OSError, UnicodeError) as error:
            found.put(error)

    Thread(target=work, name="resolver", daemon=True).start()
    try:
        result = found.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError from None
    if isinstance(result, Exception):
        raise result
    return result


def _words(error: Exception) -> str:
    return one_line(str(error) or type(error).__name__)[:WORDS_LENGTH]
