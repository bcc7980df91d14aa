"""What every request passes, whichever door: host, size, cross-site posts, HEAD, and the security headers."""

import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
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

Refuse = Callable[[Request, HTTPStatus, str], Response]
"""Renders a refusal in the manner of the door that was asked."""


class Gate:
    """Refuses unknown hosts, large bodies and cross-site posts, answers HEAD as GET without a body, adds headers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        trusted_hosts: frozenset[str],
        public_url: str,
        https_only: bool,
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
        self.headers = SECURITY_HEADERS | HTTPS_ONLY if https_only else SECURITY_HEADERS
        self.refuse = refuse
        self.largest_body = largest_body
        self.larger_bodies = larger_bodies
        self.without_cookies = without_cookies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        bodiless = scope["method"] == "HEAD"
        sending = _decorate(send, self.headers, bodiless=bodiless)
        refusal = self._find_refusal(scope)
        if refusal is not None:
            await self.refuse(Request(scope), HTTPStatus(refusal[0]), refusal[1])(scope, receive, sending)
            return
        await self.app({**scope, "method": "GET"} if bodiless else scope, receive, sending)

    def _find_refusal(self, scope: Scope) -> tuple[HTTPStatus, str] | None:
        headers = Headers(scope=scope)
        if not scope["path"].isprintable():  # no address of ours has control characters, and no database takes them
            return HTTPStatus.NOT_FOUND, HTTPStatus.NOT_FOUND.phrase
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


def _decorate(send: Send, added: Mapping[str, str], *, bodiless: bool) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in added.items():
                headers.setdefault(name, value)
        elif bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending
