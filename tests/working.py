"""What tests of the clock's jobs work with: a carrier that keeps what it is given, and fails as it is told."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from sqlalchemy import select

from app.catalogue import Catalogue
from app.delivery import Carrier, Deliver, Message
from app.services import Database
from app.services.outside import Outside
from app.services.working import Means
from app.settings import Settings
from app.store.models import Mail


@dataclass
class Postbag:
    """Keeps what is delivered; `fault` may raise instead."""

    fault: Callable[[Message], None] = lambda _message: None
    messages: list[Message] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def open(self) -> Iterator[Deliver]:
        yield self._deliver

    def _deliver(self, message: Message) -> None:
        self.fault(message)
        with self._lock:
            self.messages.append(message)

    def count(self) -> Counter[str]:
        return Counter(message.to_address for message in self.messages)


def make_means(database: Database, questionnaires: Catalogue, carrier: Carrier, **changes: Any) -> Means:  # noqa: ANN401
    return Means(
        database,
        questionnaires,
        carrier,
        "https://enablers.example",
        Outside.of(Settings().outside, database),
        **changes,
    )


def list_mails(database: Database) -> list[Mail]:
    """List every row of the outbox, in the order they were written."""
    with database.reading() as session:
        return list(session.scalars(select(Mail).order_by(Mail.id)))
