"""What every request passes, whichever door: its id, how many there were, HEAD, headers; then host, size and site."""

import logging
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

HTTPS_ONLY: Final = {"Strict-Transport-Security": "max-age=31536000"}
"""For a year, a browser that has been here comes over HTTPS only."""
MOST_DIGITS: Final = 18
"""Of a length that is worth reading as a number."""

REQUEST_ID: Final = "X-Request-Id"
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9._-]{1,100}", re.ASCII)
logger = logging.getLogger("enablers")

Refuse = Callable[[Request, HTTPStatus, str], Response]
"""Renders a refusal in the manner of the door that was asked."""
Show = Callable[[Request, Exception], Response]
"""Renders an error, likewise."""
Measure = Callable[[Scope], tuple[Mapping[str, str], str]]
"""Counts a request: gives headers for its reply, and why it is refused; empty where it is not."""


class Manners:
    """Gives each request an id and each reply its headers, counts, answers HEAD as GET, and tells of what fails."""

    def __init__(self, app: ASGIApp, *, https_only: bool, show: Show, measure: Measure) -> None:
        """Stand before `app`, and before whatever refuses: a refusal has the same headers."""
        self.app = app
        self.headers = _encode(SECURITY_HEADERS | HTTPS_ONLY if https_only else SECURITY_HEADERS)
        self.show = show
        self.measure = measure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it where there were too many."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = find_request_id(scope)
        counted, refused = self.measure(scope)
        headers = self.headers + _encode({**counted, REQUEST_ID: request_id})
        reply = _Reply(send, headers, bodiless=scope["method"] == "HEAD")
        inner = {**scope, "method": "GET"} if reply.bodiless else {**scope}
        if refused:
            error = HTTPException(HTTPStatus.TOO_MANY_REQUESTS, refused)
            await self.show(Request(scope), error)(scope, receive, reply.send)
            return
        try:
            await self.app(inner, receive, reply.send)
        except Exception as error:
            logger.exception("%s %s failed (request %s)", scope["method"], _place_of(inner), request_id)
            if reply.status:
                raise  # what was begun cannot be taken back; the server cuts it off
            await self.show(Request(inner), error)(scope, receive, reply.send)
        else:
            if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                logger.error("%s %s: %s (request %s)", scope["method"], _place_of(inner), reply.status, request_id)


def find_request_id(scope: Scope) -> str:
    """Give the id that a request came with, where it is well-formed; else a new one."""
    given = Headers(scope=scope).get(REQUEST_ID, "")
    return given if _WELL_FORMED.fullmatch(given) else uuid4().hex


def _place_of(scope: Scope) -> str:
    """Give the pattern of a path for the log: the path itself may hold what opens a door."""
    return getattr(scope.get("route"), "path", "(no route)")


_RawHeaders = tuple[tuple[bytes, bytes], ...]
"""As ASGI has them, names in lower case."""


def _encode(headers: Mapping[str, str]) -> _RawHeaders:
    return tuple((name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items())


class _Reply:
    """Sends a reply with headers added, perhaps without its body, and knows how it went."""

    def __init__(self, send: Send, headers: _RawHeaders, *, bodiless: bool) -> None:
        self._send = send
        self.headers = headers
        self.bodiless = bodiless
        self.status = 0
        """Of the reply; 0 until it is begun."""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = message.get("headers", ())
            there = {name for name, _ in given}
            added = (header for header in self.headers if header[0] not in there)
            message = {**message, "headers": [*given, *added]}
        elif self.bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


class Gate:
    """Refuses unknown hosts, large bodies and cross-site posts."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        trusted_hosts: frozenset[str],
        public_url: str,
        refuse: Refuse,
        largest_body: int,
        larger_bodies: Mapping[re.Pattern[str], int],
        without_cookies: str,
    ) -> None:
        """Stand before `app`; paths that begin with `without_cookies` know no session, so no site can misuse one.

        A body has at most `largest_body` bytes, but for posts to the paths that `larger_bodies` names. Pages at
        `public_url` may post, whatever Host a proxy passes on.
        """
        self.app = app
        self.trusted_hosts = trusted_hosts
        self.public_origin = _origin(public_url)
        self.refuse = refuse
        self.largest_body = largest_body
        self.larger_bodies = larger_bodies
        self.without_cookies = without_cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._find_refusal(scope)
        if refusal is not None:
            await self.refuse(Request(scope), HTTPStatus(refusal[0]), refusal[1])(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _find_refusal(self, scope: Scope) -> tuple[HTTPStatus, str] | None:
        headers = Headers(scope=scope)
        if not scope["path"].isprintable():  # no address of ours has control characters, and no database takes them
            return HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND.phrase
        if len(headers.getlist("host")) > 1:  # a proxy may have looked at the other one
            return HTTPStatus.BAD_REQUEST, "The request names more than one host"
        if "*" not in self.trusted_hosts and _host_name(headers.get("host", "")) not in self.trusted_hosts:
            return HTTPStatus.BAD_REQUEST, "This service does not answer to that host name"
        length = headers.get("content-length", "")
        if length.isascii() and length.isdigit() and (len(length) > MOST_DIGITS or int(length) > self._limit(scope)):
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return status, status.phrase
        if scope["method"] not in SAFE_METHODS and not scope["path"].startswith(self.without_cookies):
            site = headers.get("sec-fetch-site")
            origin = headers.get("origin")
            if site is not None:
                foreign = site not in {"same-origin", "none"}
            else:
                host = headers.get("host", "")
                foreign = origin is not None and origin not in {f"http://{host}", f"https://{host}", self.public_origin}
            if foreign:
                return HTTPStatus.FORBIDDEN, "This was sent from another site, so it was not carried out"
        return None

    def _limit(self, scope: Scope) -> int:
        if scope["method"] == "POST":
            for pattern, limit in self.larger_bodies.items():
                if pattern.fullmatch(scope["path"]):
                    return limit
        return self.largest_body


def _host_name(host: str) -> str:
    """Take the port off a Host header; an IPv6 address keeps its brackets."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isascii() and port.isdigit() else host


def _origin(address: str) -> str:
    """Give scheme and host of an address, as a browser names where a post comes from."""
    return "/".join(address.lower().split("/")[:3])
