"""Webhooks: what other systems are told, where it may go, how it is signed, and how often it is tried.

Signatures are those of the Standard Webhooks specification (https://www.standardwebhooks.com). Where a message may
go is decided twice: by its address when a webhook is made, and by what that resolves to whenever a message is sent.
"""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from app.domain.api_access import ScopeName
from app.domain.assessment import Move
from app.domain.errors import AnswerError
from app.domain.values import LINK_LENGTH


class EventName(StrEnum):
    """What a client can be told."""

    ASSESSMENT_SUBMITTED = "assessment.submitted"
    ASSESSMENT_SIGNED_OFF = "assessment.signed-off"
    ASSESSMENT_REOPENED = "assessment.reopened"
    """It is answered again: a coordinator reopened it, or changes were requested."""
    RELEASE_PUBLISHED = "release.published"


PING: Final = "webhook.ping"
"""The event that a client asks for itself, to try its receiver."""

EVENT_OF: Final[Mapping[Move, EventName]] = {
    Move.SUBMIT: EventName.ASSESSMENT_SUBMITTED,
    Move.SIGN_OFF: EventName.ASSESSMENT_SIGNED_OFF,
    Move.REQUEST_CHANGES: EventName.ASSESSMENT_REOPENED,
    Move.REOPEN: EventName.ASSESSMENT_REOPENED,
}
SCOPE_OF: Final[Mapping[EventName, ScopeName]] = {
    EventName.ASSESSMENT_SUBMITTED: ScopeName.RESULTS_READ,
    EventName.ASSESSMENT_SIGNED_OFF: ScopeName.RESULTS_READ,
    EventName.ASSESSMENT_REOPENED: ScopeName.RESULTS_READ,
    EventName.RELEASE_PUBLISHED: ScopeName.RELEASES_READ,
}
"""The scope that it takes to be told."""

MOST_WEBHOOKS: Final = 20
"""Of one client, at a time."""


@dataclass(frozen=True, slots=True)
class StoredWebhook:
    """A webhook, without its secret."""

    id: UUID
    client_id: UUID
    url: str
    events: tuple[str, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredDelivery:
    """One message to one webhook."""

    webhook_id: UUID
    id: UUID
    event: str
    payload: str
    written_at: datetime
    send_after: datetime
    attempts: int
    """How often it was tried, this time included where it is being tried."""
    sent_at: datetime | None
    given_up_at: datetime | None
    status: int | None
    error: str


# ---- What is sent ----------------------------------------------------------------------------------------------------


def write_payload(event_id: UUID, event: str, timestamp: str, data: Mapping[str, object]) -> str:
    """Write what is sent, as it is kept and signed."""
    payload = {"id": str(event_id), "type": event, "timestamp": timestamp, "data": data}
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def read_data(payload: str) -> dict[str, Any]:
    """Read what a payload says of its event."""
    data: dict[str, Any] = json.loads(payload)["data"]
    return data


# ---- Signatures ------------------------------------------------------------------------------------------------------

SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what secrets begin with, so that scanners find them


def write_secret(key: bytes) -> str:
    """Write a random key as the secret that is shown once."""
    return SECRET_PREFIX + base64.b64encode(key).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Give the header `Webhook-Signature` of a message. Raises `AnswerError` for a secret that is none."""
    try:
        key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except binascii.Error:
        raise AnswerError("The secret of this webhook cannot be read") from None
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return f"v1,{base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()}"


# ---- Trying again ----------------------------------------------------------------------------------------------------

DELAYS: Final = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long after each failure it is tried again; after the last one it is given up."""


def find_delay(attempts: int) -> timedelta | None:
    """Give how long to wait after so many failures, from 1; `None` where it is given up."""
    return DELAYS[attempts - 1] if attempts <= len(DELAYS) else None


# ---- Where it may go -------------------------------------------------------------------------------------------------

PORTS: Final = (443, 8443)
_CLOSED_TO_US: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this network
            "10.0.0.0/8",  # private
            "100.64.0.0/10",  # shared by the customers of a provider
            "127.0.0.0/8",  # this machine
            "169.254.0.0/16",  # link-local, with the metadata services of clouds
            "172.16.0.0/12",  # private
            "192.0.0.0/24",  # protocols
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # sinks for reverse look-ups
            "192.52.193.0/24",  # tunnels of multicast
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",  # private
            "192.175.48.0/24",  # sinks for reverse look-ups
            "198.18.0.0/15",  # benchmarks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_PUBLIC_6: Final = IPv6Network("2000::/3")
"""All that is public of IPv6, but for the next. What is outside is unspecified, loopback, unique local, link-local …"""
_CLOSED_TO_US_6: Final = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocols: Teredo, which holds an IPv4 address, benchmarks and others
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4, which holds an IPv4 address
            "2620:4f:8000::/48",  # sinks for reverse look-ups
            "3fff::/20",  # documentation
        ),
    )
)
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""NAT64: an IPv4 address in its last 32 bits, as networks without IPv4 reach it."""
_LOOPBACK_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME: Final = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
"""A full host name: it has a dot, and its last part no digit first, as in the many ways to write an IPv4 address."""
_VISIBLE: Final = re.compile(r"[!-~]+")
_UNSAFE: Final = re.compile(r"[\\^`{|}<>\"]")

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Target:
    """Where a webhook leads."""

    host: str
    port: int
    path: str
    """With its query."""
    is_loopback: bool = False
    """Plain HTTP to this machine, for trying out."""


def find_url_fault(url: str, *, to_loopback: bool) -> str:
    """Say what is wrong with the address of a webhook; empty where nothing is."""
    try:
        read_target(url, to_loopback=to_loopback)
    except AnswerError as error:
        return str(error)
    return ""


def read_target(url: str, *, to_loopback: bool) -> Target:
    """Read where a webhook leads; raises `AnswerError` where it may not. `to_loopback` is for trying out."""
    if len(url) > LINK_LENGTH or not _VISIBLE.fullmatch(url) or _UNSAFE.search(url):
        raise AnswerError(f"must be an address of at most {LINK_LENGTH:,} ASCII characters, without spaces")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise AnswerError("is no address; write it in full, such as https://hooks.example.org/enablers") from None
    if "[" in parts.netloc and ":" not in host:  # the brackets of an IPv6 address, around something else
        raise AnswerError("is no address; write it in full, such as https://hooks.example.org/enablers")
    if "@" in parts.netloc:
        raise AnswerError("must not have a name or password in it; the signature says who sends")
    if "#" in url:
        raise AnswerError("must not have a fragment")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if to_loopback and parts.scheme == "http" and host in _LOOPBACK_HOSTS:
        return Target(host, port or 80, path, is_loopback=True)
    if parts.scheme != "https":
        raise AnswerError("must begin with https://")
    if port not in {None, *PORTS}:
        raise AnswerError(f"must use port {' or '.join(map(str, PORTS))}")
    _check_host(host)
    return Target(host, port or PORTS[0], path)


def _check_host(host: str) -> None:
    if _NAME.fullmatch(host):
        return
    try:
        address = ip_address(host)
    except ValueError:
        raise AnswerError("must name its host in full, such as hooks.example.org; other scripts as xn--…") from None
    if not is_public(address):
        raise AnswerError("must lead to a public address")


def is_public(address: Address) -> bool:
    """Say whether an address is one of the public internet, whatever form it has."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_TO_US)
    if address.ipv4_mapped is not None:
        return is_public(address.ipv4_mapped)
    if address in _TRANSLATED:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _PUBLIC_6 and not any(address in network for network in _CLOSED_TO_US_6)


def may_reach(target: Target, address: Address) -> bool:
    """Say whether a message may be sent to what its target resolved to."""
    return address.is_loopback if target.is_loopback else is_public(address)
