"""Sending what is in the outbox, at least once each: claimed, sent outside any transaction, noted as sent."""

import logging
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from app.delivery import DeferredError, Deliver, Message, RefusedError, UnreachableError
from app.domain.values import SERVICE_NAME
from app.renderings.words import count
from app.services.mailing import LINK, MailKind
from app.services.working.means import Means
from app.store import mails
from app.store.mails import StoredMail

BATCH: Final = 20
LEASE: Final = timedelta(minutes=10)
"""How long a claimed mail is left to its worker; after a crash it is tried again when that is over."""
BATCH_SECONDS: Final = LEASE.total_seconds() / 2
"""After this long no further mail of a batch is begun, so that none is sent when its lease is over."""
FIRST_DELAY: Final = timedelta(minutes=1)
LONGEST_DELAY: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = timedelta(days=3)
GIVE_UP_SOONER: Final[Mapping[MailKind, timedelta]] = {
    MailKind.SIGN_IN: timedelta(minutes=15),  # its link is dead by then
    MailKind.REMINDER: timedelta(hours=12),  # what it says would no longer be true
}
TOO_LATE: Final = "It could not be sent while it was still of use."

logger = logging.getLogger("enablers.mail")


def send_mails(means: Means, now: datetime) -> str:
    """Send what is due, batch after batch, until nothing is or the worker is told to stop."""
    sent = 0
    began = time.monotonic()
    while not means.stop.is_set():
        moment = now + timedelta(seconds=time.monotonic() - began)
        batch = _claim(means, moment)
        if not batch:
            break
        sent += _send(means, batch, moment)
    return f"{sent} sent" if sent else ""


def _claim(means: Means, now: datetime) -> tuple[StoredMail, ...]:
    with means.database.reading() as session:
        if not mails.has_due(session, now):
            return ()
    with means.database.writing() as session:
        # Somebody waits for a link to sign in, perhaps while thousands of reminders go out.
        return mails.claim_mails(session, now, now + LEASE, BATCH, first=MailKind.SIGN_IN)


def _send(means: Means, batch: tuple[StoredMail, ...], now: datetime) -> int:
    """Send a batch, each mail whether or not another fails; give back what there is no time for."""
    sent = 0
    began = time.monotonic()
    with means.carrier.open() as deliver:
        for place, mail in enumerate(batch):
            if means.stop.is_set() or time.monotonic() - began > BATCH_SECONDS:
                with means.database.writing() as session:
                    mails.release(session, batch[place:], now)
                break
            try:
                sent += _send_one(means, deliver, mail, now)
            except UnreachableError as error:  # the rest would wait for the same
                _put_off(means, batch[place:], str(error), now)
                break
    return sent


def _send_one(means: Means, deliver: Deliver, mail: StoredMail, now: datetime) -> bool:
    """Send one mail and note what came of it; raises `UnreachableError` where no mail can be sent."""
    if now >= mail.written_at + _life_of(mail):
        _give_up(means, mail, f"{TOO_LATE} {mail.error}".strip(), now)
        return False
    try:
        deliver(make_message(mail, means.public_url))
    except RefusedError as error:
        _give_up(means, mail, str(error), now)
        return False
    except DeferredError as error:
        _put_off(means, (mail,), str(error), now)
        return False
    with means.database.writing() as session:
        mails.note_sent(session, mail, now, keep_text=means.keeps_mails)
    return True


def make_message(mail: StoredMail, public_url: str) -> Message:
    """Put the link where it belongs, and the service's name under it."""
    link = f"{public_url}{mail.path}" if mail.path else ""
    paragraphs = mail.body.split("\n\n")
    place = paragraphs.index(LINK) if LINK in paragraphs else len(paragraphs)
    paragraphs[place : place + 1] = [link] if link else []
    text = "\n\n".join([*paragraphs, "\n".join(filter(None, (SERVICE_NAME, public_url)))])
    return Message(mail.id, mail.to_address, mail.subject, f"{text}\n", mail.written_at)


def find_delay(attempts: int) -> timedelta:
    """Give how long to wait after so many failures, from 1: a minute, then twice as long each time, up to 4 hours."""
    doublings = min(attempts - 1, 10)
    return min(FIRST_DELAY * (1 << doublings), LONGEST_DELAY)


def _life_of(mail: StoredMail) -> timedelta:
    return GIVE_UP_SOONER.get(MailKind(mail.kind), GIVE_UP_AFTER)


def _put_off(means: Means, waiting: tuple[StoredMail, ...], error: str, now: datetime) -> None:
    logger.warning("%s could not be sent, and will be tried again: %s", count(len(waiting), "mail"), error)
    with means.database.writing() as session:
        for mail in waiting:
            mails.put_off(session, mail, error, now + find_delay(mail.attempts))


def _give_up(means: Means, mail: StoredMail, error: str, now: datetime) -> None:
    logger.warning("Mail %s is given up: %s", mail.id, error)
    with means.database.writing() as session:
        mails.note_given_up(session, mail, error, now, keep_text=means.keeps_mails)
