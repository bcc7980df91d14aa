"""Taking turns: whoever waits longest is next.

SQLite lets whoever happens to ask at the right moment write, and so does a pool of connections: whoever gives one back
and asks again is faster than whoever has to wake up first. Under load somebody would wait for ever.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class WaitedTooLongError(Exception):
    """It was not one's turn in time."""


class Turns:
    """Places that threads are given in the order in which they asked for one; a single place is a lock."""

    def __init__(self, places: int = 1) -> None:
        """Take how many may hold a place at a time."""
        self._places = places
        self._changed = Condition()
        self._queue: deque[object] = deque()

    @contextmanager
    def waiting(self, seconds: float) -> Iterator[None]:
        """Hold a place; raises `WaitedTooLongError` after so many seconds."""
        ticket, is_mine = object(), False
        with self._changed:
            self._queue.append(ticket)
            try:
                is_mine = self._changed.wait_for(lambda: self._queue.index(ticket) < self._places, seconds)
            finally:
                if not is_mine:
                    self._leave(ticket)
        if not is_mine:
            raise WaitedTooLongError
        try:
            yield
        finally:
            with self._changed:
                self._leave(ticket)

    def _leave(self, ticket: object) -> None:
        self._queue.remove(ticket)
        self._changed.notify_all()
