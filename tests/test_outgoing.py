"""Messages to other systems go to checked addresses alone, and nobody at the other end keeps us."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from threading import Event

import pytest

from app.domain.webhooks import Address
from app.outgoing import LEADS_NOWHERE, MOST_ADDRESSES, NotDeliveredError, Poster
from app.outgoing import connect as connect_really
from tests.domain.test_webhooks import NOT_PUBLIC, REFUSED
from tests.mail_server import make_certificate
from tests.receivers import HOST, Receiver, raw_server, running_receiver

NAME = "hooks.example.org"
PUBLIC = ip_address("93.184.216.34")
BODY = b'{"a":1}'


class Net:
    """A resolver and connections of a test: what was asked, and where it went."""

    def __init__(self, *answers: Sequence[str], port: int = 0) -> None:
        self.answers = [[ip_address(each) for each in answer] for answer in answers]
        self.resolved: list[tuple[str, int]] = []
        self.connected: list[tuple[Address, int]] = []
        self.refused: set[str] = set()
        self.port = port

    def resolve(self, host: str, port: int) -> Sequence[Address]:
        """Give the next answer; the last one again and again."""
        self.resolved.append((host, port))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def connect(self, address: Address, port: int, seconds: float) -> socket.socket:
        """Note where it would go, and connect to this machine instead."""
        self.connected.append((address, port))
        if str(address) in self.refused:
            raise ConnectionRefusedError
        return socket.create_connection((HOST, self.port), timeout=seconds)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as receiver:
        yield receiver


# ---- Where it goes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_nothing_is_sent_to_an_address_that_is_not_public(address: str) -> None:
    for answer in ([address], [str(PUBLIC), address], [address, str(PUBLIC)]):
        net = Net(answer)
        with pytest.raises(NotDeliveredError, match=LEADS_NOWHERE):
            Poster(resolve=net.resolve, connect=net.connect).post(f"https://{NAME}/", {}, BODY)
        assert net.connected == []


@pytest.mark.parametrize("url", REFUSED, ids=range(len(REFUSED)))
def test_an_address_that_could_not_be_kept_is_not_sent_to(url: str) -> None:
    net = Net([str(PUBLIC)])
    with pytest.raises(NotDeliveredError, match="The address "):
        Poster(resolve=net.resolve, connect=net.connect).post(url, {}, BODY)
    assert net.resolved == []
    assert net.connected == []


@pytest.mark.parametrize("host", ["2130706433.example.org", "localhost.localdomain", "127.0.0.1.nip.example"])
def test_a_name_that_leads_home_is_refused_by_what_it_resolves_to(host: str) -> None:
    net = Net(["127.0.0.1"])
    with pytest.raises(NotDeliveredError, match=LEADS_NOWHERE):
        Poster(resolve=net.resolve, connect=net.connect).post(f"https://{host}/", {}, BODY)


def test_a_resolver_that_changes_its_mind_is_asked_once_and_the_checked_address_is_connected_to(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, NAME)
    with running_receiver(certificate.serving()) as receiver:
        net = Net([str(PUBLIC)], ["127.0.0.1"], port=receiver.port)
        poster = Poster(context=certificate.trusting(), resolve=net.resolve, connect=net.connect)
        assert poster.post(f"https://{NAME}:8443/in?x=1", {"Webhook-Id": "7"}, BODY) == 204
        assert net.resolved == [(NAME, 8443)]
        assert net.connected == [(PUBLIC, 8443)]
        with pytest.raises(NotDeliveredError, match=LEADS_NOWHERE):
            poster.post(f"https://{NAME}:8443/in?x=1", {}, BODY)
    (received,) = receiver.received
    assert (received.path, received.body) == ("/in?x=1", BODY)
    assert received.headers["Host"] == f"{NAME}:8443"
    assert received.headers["Webhook-Id"] == "7"
    assert received.headers["Content-Type"] == "application/json"


def test_the_name_that_is_asked_for_is_checked_against_the_certificate(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, NAME)
    named: list[str | None] = []
    serving = certificate.serving()
    serving.sni_callback = lambda _line, name, _context: named.append(name)
    with running_receiver(serving) as receiver:
        net = Net([str(PUBLIC)], port=receiver.port)
        trusting = Poster(context=certificate.trusting(), resolve=net.resolve, connect=net.connect)
        assert trusting.post(f"https://{NAME}/", {}, BODY) == 204
        assert receiver.received[0].headers["Host"] == NAME
        for poster, host in ((trusting, "other.example.org"), (Poster(resolve=net.resolve, connect=net.connect), NAME)):
            with pytest.raises(NotDeliveredError, match="certificate"):
                poster.post(f"https://{host}/", {}, BODY)
    assert named == [NAME, "other.example.org", NAME]
    assert len(receiver.received) == 1


def test_the_next_address_is_tried_where_the_first_does_not_answer(tmp_path: Path) -> None:
    certificate = make_certificate(tmp_path, NAME)
    with running_receiver(certificate.serving()) as receiver:
        net = Net(["2606:4700::1111", str(PUBLIC), "1.1.1.1"], port=receiver.port)
        net.refused = {"2606:4700::1111"}
        poster = Poster(context=certificate.trusting(), resolve=net.resolve, connect=net.connect)
        assert poster.post(f"https://{NAME}/", {}, BODY) == 204
    assert net.connected == [(ip_address("2606:4700::1111"), 443), (PUBLIC, 443)]


def test_of_very_many_addresses_some_are_tried() -> None:
    addresses = [f"93.184.216.{number}" for number in range(100)]
    net = Net(addresses)
    net.refused = set(addresses)
    with pytest.raises(NotDeliveredError, match="connection failed"):
        Poster(resolve=net.resolve, connect=net.connect).post(f"https://{NAME}/", {}, BODY)
    assert len(net.connected) == MOST_ADDRESSES


@pytest.mark.parametrize("error", [socket.gaierror(8, "not known"), UnicodeError("label too long")])
def test_a_name_that_nobody_knows_is_no_more_than_a_failure(error: Exception) -> None:
    def resolve(_host: str, _port: int) -> Sequence[Address]:
        raise error

    with pytest.raises(NotDeliveredError, match=LEADS_NOWHERE):
        Poster(resolve=resolve).post(f"https://{NAME}/", {}, BODY)


def test_a_name_without_an_address_leads_nowhere() -> None:
    with pytest.raises(NotDeliveredError):
        Poster(resolve=lambda _host, _port: ()).post(f"https://{NAME}/", {}, BODY)


def test_this_machine_is_reached_only_where_the_operator_says_so(receiver: Receiver) -> None:
    assert Poster(to_loopback=True).post(receiver.url, {}, BODY) == 204
    with pytest.raises(NotDeliveredError, match="https"):
        Poster().post(receiver.url, {}, BODY)
    net = Net(["10.0.0.1"])
    with pytest.raises(NotDeliveredError, match=LEADS_NOWHERE):
        Poster(to_loopback=True, resolve=net.resolve).post("http://localhost:9/", {}, BODY)
    assert len(receiver.received) == 1


def test_proxies_of_the_environment_are_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert Poster(to_loopback=True).post(receiver.url, {}, BODY) == 204


# ---- What comes back -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver: Receiver, status: int) -> None:
    with running_receiver() as elsewhere:
        receiver.answer(status, Location=elsewhere.url)
        assert Poster(to_loopback=True).post(receiver.url, {}, BODY) == status
        assert elsewhere.received == []
    assert len(receiver.received) == 1


def start_and_drip(line: socket.socket, head: bytes, text: bytes) -> None:
    """Say something, and then a little at a time, for ever."""
    line.sendall(head)
    while True:
        line.sendall(text)
        time.sleep(0.05)


def flood(head: bytes, text: bytes) -> Callable[[socket.socket], None]:
    """Say something, and then something else as fast as it is taken, for ever."""

    def talk(line: socket.socket) -> None:
        line.sendall(head)
        while True:
            line.sendall(text)

    return talk


def keep_silent(line: socket.socket) -> None:
    line.recv(1)


def hang_up(_line: socket.socket) -> None:
    pass


NO_REPLIES: dict[str, Callable[[socket.socket], None]] = {
    "silence": keep_silent,
    "nothing": hang_up,
    "a status line that comes slowly and never ends": lambda line: start_and_drip(line, b"", b"H"),
    "a status line that never ends": flood(b"HTTP/1.1 ", b"2" * 1000),
    "headers that come slowly and never end": lambda line: start_and_drip(line, b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n"),
    "headers that never end": flood(b"HTTP/1.1 200 OK\r\n", b"X-More: 1\r\n" * 100),
    "one header that never ends": flood(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 1000),
    "for ever to be continued": flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "another protocol": lambda line: line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "no status": lambda line: line.sendall(b"HTTP/1.1 OK\r\n\r\n"),
    "an older protocol": lambda line: line.sendall(b"<html>hello</html>"),
}


@pytest.mark.parametrize("talk", NO_REPLIES.values(), ids=NO_REPLIES)
def test_what_is_no_reply_is_a_failure_in_bounded_time(talk: Callable[[socket.socket], None]) -> None:
    with raw_server(talk) as port:
        began = time.monotonic()
        with pytest.raises(NotDeliveredError):
            Poster(to_loopback=True, seconds=0.5).post(f"http://{HOST}:{port}/", {}, BODY)
        assert time.monotonic() - began < 2


BODIES: dict[str, Callable[[socket.socket], None]] = {
    "never ends": flood(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65_536),
    "comes slowly": lambda line: start_and_drip(line, b"HTTP/1.1 200 OK\r\n\r\n", b"x"),
    "does not come": lambda line: start_and_drip(line, b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", b""),
    "breaks off": lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"),
    "has pieces of nonsense": lambda line: line.sendall(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n"
    ),
    "has a piece without end": flood(
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\n", b"x" * 1000
    ),
    "has a length below nothing": lambda line: line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nx"),
}


@pytest.mark.parametrize("talk", BODIES.values(), ids=BODIES)
def test_the_status_counts_whatever_the_body_of_the_reply(talk: Callable[[socket.socket], None]) -> None:
    with raw_server(talk) as port:
        began = time.monotonic()
        assert Poster(to_loopback=True, seconds=5).post(f"http://{HOST}:{port}/", {}, BODY) == 200
        assert time.monotonic() - began < 2


def test_a_receiver_that_takes_no_more_is_left_in_time() -> None:
    with socket.create_server((HOST, 0), backlog=1) as listening:
        began = time.monotonic()
        with pytest.raises(NotDeliveredError):
            Poster(to_loopback=True, seconds=0.5).post(
                f"http://{HOST}:{listening.getsockname()[1]}/", {}, b"x" * 30_000_000
            )
        assert time.monotonic() - began < 2


def test_a_resolver_that_never_answers_is_left_in_time() -> None:
    stop = Event()

    def resolve(_host: str, _port: int) -> Sequence[Address]:
        stop.wait(10)
        return ()

    began = time.monotonic()
    with pytest.raises(NotDeliveredError, match="no reply"):
        Poster(resolve=resolve, seconds=0.3).post(f"https://{NAME}/", {}, BODY)
    assert time.monotonic() - began < 2
    stop.set()


def test_a_handshake_that_never_ends_is_left_in_time() -> None:
    with raw_server(keep_silent) as port:
        net = Net([str(PUBLIC)], port=port)
        began = time.monotonic()
        with pytest.raises(NotDeliveredError):
            Poster(resolve=net.resolve, connect=net.connect, seconds=0.5).post(f"https://{NAME}/", {}, BODY)
        assert time.monotonic() - began < 2


def test_a_connection_is_made_to_the_address_that_is_given(receiver: Receiver) -> None:
    with connect_really(ip_address(HOST), receiver.port, 5) as line:
        assert line.getpeername() == (HOST, receiver.port)
