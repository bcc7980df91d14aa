"""Where webhooks may lead, how messages are signed, and how often they are tried."""

import base64
import json
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis.strategies import integers

from app.domain.assessment import Move
from app.domain.errors import AnswerError
from app.domain.webhooks import (
    DELAYS,
    EVENT_OF,
    SCOPE_OF,
    EventName,
    Target,
    find_delay,
    find_url_fault,
    is_public,
    may_reach,
    read_data,
    read_target,
    sign,
    write_payload,
    write_secret,
)

TAKEN = {
    "https://hooks.example.org": Target("hooks.example.org", 443, "/"),
    "https://hooks.example.org/": Target("hooks.example.org", 443, "/"),
    "HTTPS://Hooks.Example.ORG/In?a=b&c=%20": Target("hooks.example.org", 443, "/In?a=b&c=%20"),
    "https://hooks.example.org:443/x": Target("hooks.example.org", 443, "/x"),
    "https://hooks.example.org:8443?x=1": Target("hooks.example.org", 8443, "/?x=1"),
    "https://xn--bcher-kva.example/in": Target("xn--bcher-kva.example", 443, "/in"),
    "https://a.b-c.d1.co.uk": Target("a.b-c.d1.co.uk", 443, "/"),
    "https://93.184.216.34/in": Target("93.184.216.34", 443, "/in"),
    "https://[2606:2800:220:1::1]/in": Target("2606:2800:220:1::1", 443, "/in"),
}
REFUSED = {
    "": "address",
    "hooks.example.org": "https://",
    "//hooks.example.org/": "https://",
    "http://hooks.example.org/": "https://",
    "ftp://hooks.example.org/": "https://",
    "file:///etc/passwd": "https://",
    "gopher://hooks.example.org/": "https://",
    "http://127.0.0.1/": "https://",
    "http://localhost:8000/": "https://",
    "https:///in": "host",
    "https://": "host",
    "https://localhost/": "host",
    "https://intranet/": "host",
    "https://hooks.example.org./": "host",
    "https://.example.org/": "host",
    "https://-x.example.org/": "host",
    "https://hooks_1.example.org/": "host",
    "https://hooks.example.123/": "host",
    "https://127.1/": "host",
    "https://2130706433/": "host",
    "https://0x7f000001/": "host",
    "https://0x7f.0.0.0x1/": "host",
    "https://0177.0.0.1/": "host",
    "https://%6c%6fcalhost/": "host",
    "https://hooks.example.org%2f.evil.example/": "host",
    "https://127.0.0.1/": "public",
    "https://10.1.2.3/": "public",
    "https://169.254.169.254/latest/meta-data": "public",
    "https://[::1]/": "public",
    "https://[::]/": "public",
    "https://[::ffff:127.0.0.1]/": "public",
    "https://[::ffff:a9fe:a9fe]/": "public",
    "https://[fe80::1]/": "public",
    "https://[fd00:ec2::254]/": "public",
    "https://[::1/": "no address",
    "https://[vF.x]/": "no address",
    "https://hooks.example.org:80/": "port",
    "https://hooks.example.org:22/": "port",
    "https://hooks.example.org:0/": "port",
    "https://hooks.example.org:8000/": "port",
    "https://hooks.example.org:99999/": "no address",
    "https://hooks.example.org:x/": "no address",
    "https://user@hooks.example.org/": "password",
    "https://user:pass@hooks.example.org/": "password",
    "https://hooks.example.org@127.0.0.1/": "password",
    "https://@hooks.example.org/": "password",
    "https://hooks.example.org/#part": "fragment",
    "https://hooks.example.org/#": "fragment",
    "https://hooks.example.org/a b": "spaces",
    "https://hooks.example.org/\r\nX-More: 1": "spaces",
    "https://hooks.example.org/\x00": "spaces",
    " https://hooks.example.org/": "spaces",
    "https://hooks.example.org\\@127.0.0.1/": "spaces",
    "https://bücher.example/": "spaces",
    "https://hooks.example.org/é": "spaces",
    "https://\uff1127.0.0.1/": "spaces",
    "https://hooks\u3002example.org/": "spaces",
    f"https://hooks.example.org/{'x' * 2000}": "2,000",
}


@pytest.mark.parametrize("url", TAKEN)
def test_addresses_of_the_public_internet_are_taken(url: str) -> None:
    assert read_target(url, to_loopback=False) == TAKEN[url]
    assert read_target(url, to_loopback=True) == TAKEN[url]


@pytest.mark.parametrize("url", REFUSED, ids=range(len(REFUSED)))
def test_hostile_addresses_are_refused_with_the_reason(url: str) -> None:
    with pytest.raises(AnswerError) as refusal:
        read_target(url, to_loopback=False)
    assert REFUSED[url] in str(refusal.value)
    assert find_url_fault(url, to_loopback=False) == str(refusal.value)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("http://127.0.0.1:9000/in", Target("127.0.0.1", 9000, "/in", is_loopback=True)),
        ("http://localhost", Target("localhost", 80, "/", is_loopback=True)),
        ("http://[::1]:1/", Target("::1", 1, "/", is_loopback=True)),
    ],
)
def test_this_machine_is_taken_where_the_operator_says_so(url: str, target: Target) -> None:
    assert read_target(url, to_loopback=True) == target
    assert find_url_fault(url, to_loopback=False)


@pytest.mark.parametrize(
    "url",
    ["http://10.0.0.1/", "http://127.0.0.2/", "http://hooks.example.org/", "http://0.0.0.0/", "https://127.0.0.1/"],
)
def test_nothing_else_is_taken_then(url: str) -> None:
    assert find_url_fault(url, to_loopback=True)


PUBLIC = [
    "1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
    "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "2a00:1450::1", "2400:cb00::1",
    "::ffff:1.1.1.1", "64:ff9b::1.1.1.1",
]  # fmt: skip
NOT_PUBLIC = [
    # this machine, this network, private
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1",  # noqa: S104
    "172.31.255.255", "192.168.0.1", "100.64.0.1", "100.127.255.255",
    # link-local, with what clouds tell of a machine there
    "169.254.0.1", "169.254.169.254",
    # protocols, documentation, benchmarks, multicast, reserved, broadcast
    "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.51.100.1", "203.0.113.1", "192.88.99.1", "198.18.0.1",
    "198.19.255.255", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    # the same of IPv6
    "::", "::1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "ff0e::1",
    "100::1", "2001:db8::1", "3fff::1", "5f00::1", "2001:2::1", "2001:10::1", "2001:20::1", "4000::1", "ffff::1",
    # IPv4 in it: mapped, compatible, translated, NAT64 of one's own network, 6to4, Teredo
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:0.0.0.0", "::127.0.0.1", "::10.0.0.1",
    "::1.1.1.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254",
    "64:ff9b:1::10.0.0.1", "64:ff9b:1::1.1.1.1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::", "2002:101:101::",
    "2001:0:7f00:1::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2",
]  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_reached(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_no_other_address_is_reached_whatever_form_it_has(address: str) -> None:
    assert not is_public(ip_address(address))


@given(integers(0, 2**32 - 1))
def test_no_form_of_an_address_of_ipv4_is_reached_where_the_address_is_not(number: int) -> None:
    address = IPv4Address(number)
    mapped, translated = IPv6Address(0xFFFF << 32 | number), IPv6Address((0x64FF9B << 96) | number)
    assert is_public(mapped) is is_public(translated) is is_public(address)
    assert not is_public(IPv6Address((0x2002 << 112) | (number << 80)))
    assert not is_public(IPv6Address(number))
    if is_public(address):
        assert address.is_global
        assert not address.is_multicast


@given(integers(0, 2**128 - 1))
def test_what_is_public_here_is_global_for_the_library(number: int) -> None:
    address = IPv6Address(number)
    if is_public(address) and not address.ipv4_mapped:
        assert address.is_global
        kinds = address.is_multicast, address.is_reserved, address.is_link_local, address.is_site_local
        assert not any(kinds)


def test_a_target_of_this_machine_reaches_nothing_else() -> None:
    here = Target("localhost", 80, "/", is_loopback=True)
    assert may_reach(here, ip_address("127.0.0.1"))
    assert may_reach(here, ip_address("::1"))
    assert not may_reach(here, ip_address("93.184.216.34"))
    assert not may_reach(here, ip_address("10.0.0.1"))
    assert not may_reach(Target("a.example", 443, "/"), ip_address("127.0.0.1"))


def test_a_signature_is_that_of_the_specification() -> None:
    """The example that its libraries are tested with."""
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_is_its_key_in_base64() -> None:
    secret = write_secret(bytes(range(32)))
    assert secret.startswith("whsec_")
    assert base64.b64decode(secret.removeprefix("whsec_"), validate=True) == bytes(range(32))
    with pytest.raises(AnswerError):
        sign("whsec_!", "x", 1, b"")


def test_it_is_tried_again_after_longer_and_longer_and_then_given_up() -> None:
    assert [find_delay(attempts) for attempts in range(1, 8)] == list(DELAYS)
    assert list(DELAYS) == sorted(DELAYS)
    assert (DELAYS[0], DELAYS[-1]) == (timedelta(minutes=1), timedelta(hours=24))
    assert find_delay(8) is None


def test_every_event_needs_a_scope_and_every_move_that_shows_is_an_event() -> None:
    assert set(SCOPE_OF) == set(EventName)
    assert {move for move in Move if move not in EVENT_OF} <= {Move.ANSWER}


def test_a_payload_is_read_as_it_was_written() -> None:
    written = write_payload(UUID(int=1), "x", "2026-11-02T09:30:00.000000Z", {"position": 3})
    assert read_data(written) == {"position": 3}
    assert list(json.loads(written)) == ["id", "type", "timestamp", "data"]
