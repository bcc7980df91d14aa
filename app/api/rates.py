"""How often the API may be asked: requests in a minute, of one token and of one network, counted in this process.

Every reply says how many are left (draft-ietf-httpapi-ratelimit-headers). Nothing is stored: several processes together
let through as many times more, and a start begins anew.
"""

import hashlib
import time
from collections.abc import Callable, Mapping
from typing import Final

from starlette.datastructures import Headers
from starlette.types import Scope

from app.api.routing import PREFIX

WINDOW: Final = 60
"""Seconds."""
MOST_COUNTED: Final = 100_000
"""Tokens and networks in one window; whoever comes beyond them is counted as one."""
ALL_OTHERS: Final = "others"
PER_TOKEN: Final = "token"  # noqa: S105 - a name
PER_NETWORK: Final = "network"


class Rates:
    """Counts in windows of a minute, which begin for all at once, so that one look at the clock forgets the last.

    A token has a number of its own only while it is known to be right: one that was made up counts for its network, or
    whoever sends a new one each time would never be stopped.
    """

    def __init__(self, *, per_token: int, per_network: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Take how many requests a window may have."""
        self._most = {PER_TOKEN: per_token, PER_NETWORK: per_network}
        self._clock = clock
        self._window = -1
        self._counts: dict[str, int] = {}
        self._known: set[str] = set()
        self._known_before: set[str] = set()
        """In the window before."""

    def know(self, token: str) -> None:
        """Note that a token is right, for this window and the next."""
        self._known.add(_digest(token))

    def measure(self, scope: Scope, network: str) -> tuple[Mapping[str, str], str]:
        """Count a request of the API: gives headers that say what is left, and why it is refused, if it is.

        `network` is where it comes from; empty for whoever is not counted.
        """
        if not scope["path"].startswith(f"{PREFIX}/"):
            return {}, ""
        left = self._begin_window()
        digest = _digest(find_bearer(scope))
        kind = PER_TOKEN if digest in self._known or digest in self._known_before else PER_NETWORK
        most = self._most[kind]
        taken = self._count(f"{kind} {digest if kind == PER_TOKEN else network}") if network else 0
        headers = {
            "RateLimit-Policy": f'"{kind}";q={most};w={WINDOW}',
            "RateLimit": f'"{kind}";r={max(0, most - taken)};t={left}',
        }
        if taken <= most:
            return headers, ""
        words = f"More than {most} requests came from your {kind} in a minute. Wait {left} seconds, then go on"
        return {**headers, "Retry-After": str(left)}, words

    def _begin_window(self) -> int:
        """Forget the last window where it is over; gives the seconds that are left of this one."""
        now = self._clock()
        window = int(now // WINDOW)
        if window != self._window:
            self._known_before = self._known if window == self._window + 1 else set()
            self._window, self._counts, self._known = window, {}, set()
        return max(1, WINDOW - int(now % WINDOW))

    def _count(self, who: str) -> int:
        key = who if who in self._counts or len(self._counts) < MOST_COUNTED else ALL_OTHERS
        self._counts[key] = self._counts.get(key, 0) + 1
        return self._counts[key]


def find_bearer(scope: Scope) -> str:
    """Give the bearer token that a request carries; empty where it carries none."""
    kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
