"""Taking turns: whoever waits longest is next. And being told at once that somebody else is at it.

SQLite lets whoever happens to ask at the right moment write, and so does a pool of connections: whoever gives one back
and asks again is faster than whoever has to wake up first. Under load somebody would wait for ever.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Lock


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


class InHandError(Exception):
    """Somebody has it in hand."""


class InHand:
    """What threads have in hand, by name: whoever wants the same meanwhile is told so, and does not wait."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._names: set[str] = set()
        self._lock = Lock()

    @contextmanager
    def holding(self, name: str) -> Iterator[None]:
        """Have something in hand; raises `InHandError` where somebody has."""
        with self._lock:
            if name in self._names:
                raise InHandError
            self._names.add(name)
        try:
            yield
        finally:
            with self._lock:
                self._names.remove(name)
