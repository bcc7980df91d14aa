"""Telling other systems by webhooks: what is in the outbox is sent at least once each, several at a time.

As with mails, a delivery is claimed, sent outside any transaction, and noted. Each is in a thread of its own, as others
are not to wait for a receiver that is slow; a turn is short, as mails are not to wait, either.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from threading import Thread
from typing import Final

from sqlalchemy.orm import Session

from app.domain.webhooks import find_delay, sign
from app.outgoing import NotDeliveredError
from app.services import webhooks as service
from app.services.working.means import Means
from app.store import webhooks
from app.store.webhooks import ClaimedDelivery

BATCH: Final = 20
OF_EACH: Final = 5
"""Of one webhook in a batch, at most."""
LEASE: Final = timedelta(minutes=2)
"""How long claimed deliveries are left to their worker; after a crash they are tried again when that is over."""
TURN_SECONDS: Final = 5.0
"""After this long no further batch is begun in a turn."""
REST: Final = timedelta(minutes=1)
"""How long a webhook that cannot be reached is left in peace."""

logger = logging.getLogger("enablers.webhooks")


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of an attempt."""

    status: int | None
    error: str

    @property
    def is_sent(self) -> bool:
        return not self.error


def tell_of_releases(means: Means, now: datetime) -> str:
    """Put releases whose date has come into the outbox."""
    told = service.announce_releases(means.database, now)
    return f"{told} to be told" if told else ""


def send_messages(means: Means, now: datetime) -> str:
    """Send what is due, batch after batch, until nothing is, the turn is over or the worker is told to stop."""
    sent = 0
    began = time.monotonic()
    while not means.stop.is_set() and (gone := time.monotonic() - began) < TURN_SECONDS:
        moment = now + timedelta(seconds=gone)
        batch = _claim(means, moment)
        if not batch:
            break
        sent += _send(means, batch, moment)
    return f"{sent} sent" if sent else ""


def _claim(means: Means, now: datetime) -> tuple[ClaimedDelivery, ...]:
    with means.database.reading() as session:
        if not webhooks.has_due(session, now):
            return ()
    with means.database.writing() as session:
        return webhooks.claim(session, now, now + LEASE, BATCH, OF_EACH)


def _send(means: Means, batch: Sequence[ClaimedDelivery], now: datetime) -> int:
    """Send what may still be sent, all at once, and note what came of each."""
    outcomes: dict[ClaimedDelivery, _Outcome] = {}
    with means.database.reading() as session:
        listening = webhooks.list_listening(session, {each.delivery.webhook_id for each in batch}, now)
        objections = {each: service.find_objection(session, each.delivery, listening) for each in batch}

    def try_one(claimed: ClaimedDelivery) -> None:
        outcomes[claimed] = _try(means, claimed, now)

    threads = [
        # Not waited for when the process ends: what was on its way is sent again.
        Thread(target=try_one, args=(claimed,), name="webhook", daemon=True)
        for claimed in batch
        if not objections[claimed]
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with means.database.writing() as session:
        for claimed, objection in objections.items():
            if objection:
                webhooks.give_up(session, claimed.delivery, None, objection, now)
            elif claimed in outcomes:  # else its thread broke, and it is tried again when the lease is over
                _note(session, claimed, outcomes[claimed], now)
    return sum(outcome.is_sent for outcome in outcomes.values())


def _try(means: Means, claimed: ClaimedDelivery, now: datetime) -> _Outcome:
    delivery, body = claimed.delivery, claimed.delivery.payload.encode()
    timestamp = int(now.timestamp())
    try:
        headers = {
            "Webhook-Id": str(delivery.id),
            "Webhook-Timestamp": str(timestamp),
            "Webhook-Signature": sign(claimed.secret, str(delivery.id), timestamp, body),
        }
        status = means.poster.post(claimed.url, headers, body)
    except NotDeliveredError as error:
        return _Outcome(None, str(error))
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return _Outcome(status, "")
    return _Outcome(status, f"The reply was {status}, and not one of 200 to 299")


def _note(session: Session, claimed: ClaimedDelivery, outcome: _Outcome, now: datetime) -> None:
    delivery = claimed.delivery
    if outcome.is_sent:
        webhooks.note_sent(session, delivery, outcome.status, now)
        return
    delay = find_delay(delivery.attempts)
    if delay is None:
        logger.warning("Delivery %s to webhook %s is given up: %s", delivery.id, delivery.webhook_id, outcome.error)
        webhooks.give_up(session, delivery, outcome.status, outcome.error, now)
    else:
        webhooks.put_off(session, delivery, outcome.status, outcome.error, now + delay)
    if outcome.status is None:  # the others would wait for the same
        webhooks.rest(session, delivery.webhook_id, now, now + REST)
