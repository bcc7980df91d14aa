"""Webhooks and the outbox of what they are to be told.

As in the outbox of mails, `send_after` is when a delivery is to be tried next, and `NEVER` once it has arrived or is
given up, so that what is due is found in the index alone.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, select, tuple_, update
from sqlalchemy.orm import Session

from app.domain.webhooks import StoredDelivery, StoredWebhook
from app.store.api_clients import Holder, as_holder, select_holders
from app.store.database import insert_if_absent
from app.store.models import (
    ApiClient,
    ApiToken,
    Release,
    Webhook,
    WebhookDelivery,
)

NEVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
LONGEST_ERROR: Final = 500


@dataclass(frozen=True, slots=True)
class Listener:
    """A webhook that wants to be told of an event, and whose it is."""

    webhook: StoredWebhook
    holder: Holder


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A message that is to be sent now, and how."""

    delivery: StoredDelivery
    url: str
    secret: str


@dataclass(frozen=True, slots=True)
class PublishedRelease:
    """A release whose date has come."""

    id: UUID
    round_id: UUID
    number: int
    published_at: datetime


# ---- Webhooks --------------------------------------------------------------------------------------------------------


def hold_client(session: Session, client_id: UUID) -> None:
    """Hold a client, so that nobody else makes webhooks of it meanwhile."""
    session.execute(select(ApiClient.id).where(ApiClient.id == client_id).with_for_update())


def add_webhook(session: Session, webhook: StoredWebhook, secret: str) -> None:
    """Keep a new webhook."""
    session.add(
        Webhook(
            id=webhook.id,
            client_id=webhook.client_id,
            url=webhook.url,
            events=" ".join(webhook.events),
            secret=secret,
            created_at=webhook.created_at,
        )
    )
    session.flush()


def list_webhooks(session: Session, client_id: UUID) -> tuple[StoredWebhook, ...]:
    """List the webhooks of a client that have not ended, the oldest first."""
    rows = session.scalars(
        select(Webhook)
        .where(Webhook.client_id == client_id, Webhook.ended_at.is_(None))
        .order_by(Webhook.created_at, Webhook.id)
    )
    return tuple(map(_as_webhook, rows))


def find_webhook(session: Session, client_id: UUID, webhook_id: UUID) -> StoredWebhook | None:
    """Find a webhook of a client that has not ended."""
    return next((each for each in list_webhooks(session, client_id) if each.id == webhook_id), None)


def end_webhook(session: Session, webhook_id: UUID, now: datetime) -> bool:
    """End a webhook; says whether it had not ended before."""
    done = session.execute(
        update(Webhook).where(Webhook.id == webhook_id, Webhook.ended_at.is_(None)).values(ended_at=now)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def find_holder(session: Session, client_id: UUID, now: datetime) -> Holder | None:
    """Find a client with what its maker may; `None` where it has ended. One statement."""
    return next((each.holder for each in _list(session, now, ApiClient.id == client_id)), None)


def list_listeners(session: Session, event: str, now: datetime) -> tuple[Listener, ...]:
    """List the webhooks that want an event, of clients that have not ended. One statement."""
    wanting = (Webhook.ended_at.is_(None), Webhook.events.contains(event, autoescape=True))
    found = _list(session, now, *wanting)
    return tuple(Listener(each.webhook, each.holder) for each in found if each.webhook and event in each.webhook.events)


def list_listening(session: Session, webhook_ids: Collection[UUID], now: datetime) -> dict[UUID, Listener]:
    """Give those of some webhooks that have not ended, nor has their client, by id. One statement."""
    found = _list(session, now, Webhook.ended_at.is_(None), Webhook.id.in_(webhook_ids))
    return {each.webhook.id: Listener(each.webhook, each.holder) for each in found if each.webhook}


@dataclass(frozen=True, slots=True)
class _Found:
    webhook: StoredWebhook | None
    holder: Holder


def _list(session: Session, now: datetime, *where: ColumnElement[bool]) -> tuple[_Found, ...]:
    """Give clients with their webhooks: neither revoked, nor their makers erased, and with a token that still holds."""
    holds = exists().where(
        ApiToken.client_id == ApiClient.id,
        ApiToken.is_access_token.is_(False),
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > now,
    )
    rows = session.execute(
        select_holders()
        .add_columns(Webhook)
        .outerjoin(Webhook, Webhook.client_id == ApiClient.id)
        .where(holds, *where)
        .order_by(Webhook.created_at, Webhook.id)
    ).all()
    grouped: dict[tuple[UUID, UUID | None], list[Any]] = {}
    for row in rows:
        grouped.setdefault((row.ApiClient.id, row.Webhook and row.Webhook.id), []).append(row)
    return tuple(map(_as_found, grouped.values()))


def _as_found(rows: Sequence[Any]) -> _Found:
    webhook = rows[0].Webhook
    return _Found(_as_webhook(webhook) if webhook else None, as_holder(rows))


def _as_webhook(row: Webhook) -> StoredWebhook:
    return StoredWebhook(row.id, row.client_id, row.url, tuple(row.events.split()), row.created_at)


# ---- Writing and reading deliveries ----------------------------------------------------------------------------------


def add_deliveries(
    session: Session, webhook_ids: Sequence[UUID], event_id: UUID, event: str, payload: str, now: datetime
) -> None:
    """Put an event into the outbox for some webhooks; where it was told before, it is not told again."""
    rows = [
        {
            "webhook_id": webhook_id,
            "id": event_id,
            "event": event,
            "payload": payload,
            "written_at": now,
            "send_after": now,
            "attempts": 0,
            "error": "",
        }
        for webhook_id in webhook_ids
    ]
    if rows:
        session.execute(insert_if_absent(session, WebhookDelivery), rows)


def list_told(session: Session, event_ids: Collection[UUID]) -> frozenset[tuple[UUID, UUID]]:
    """Give which webhooks were told of which of some events: (webhook, event). One statement."""
    told = select(WebhookDelivery.webhook_id, WebhookDelivery.id).where(WebhookDelivery.id.in_(event_ids))
    return frozenset((row.webhook_id, row.id) for row in session.execute(told))


def list_deliveries(
    session: Session, webhook_id: UUID, before: tuple[datetime, UUID] | None, limit: int
) -> tuple[StoredDelivery, ...]:
    """List deliveries of a webhook, the newest first, after a place in this order. One statement."""
    place = (WebhookDelivery.written_at, WebhookDelivery.id)
    where = [WebhookDelivery.webhook_id == webhook_id]
    if before is not None:
        written_at, event_id = before
        where.append(
            (place[0] < written_at) | ((place[0] == written_at) & (place[1] < event_id)),
        )
    newest = (column.desc() for column in place)
    return tuple(_list_deliveries(session, limit, *where, order=newest))


def find_delivery(session: Session, webhook_id: UUID, event_id: UUID) -> StoredDelivery | None:
    """Find one delivery of a webhook."""
    where = (WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.id == event_id)
    return next(_list_deliveries(session, 1, *where), None)


def begin_anew(session: Session, webhook_id: UUID, event_id: UUID, now: datetime) -> None:
    """Have a delivery tried again at once, as if it had never been."""
    session.execute(
        update(WebhookDelivery)
        .where(WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.id == event_id)
        .values(send_after=now, attempts=0, sent_at=None, given_up_at=None, status=None, error="")
    )


_COLUMNS: Final = (
    WebhookDelivery.webhook_id,
    WebhookDelivery.id,
    WebhookDelivery.event,
    WebhookDelivery.payload,
    WebhookDelivery.written_at,
    WebhookDelivery.send_after,
    WebhookDelivery.attempts,
    WebhookDelivery.sent_at,
    WebhookDelivery.given_up_at,
    WebhookDelivery.status,
    WebhookDelivery.error,
)


def _list_deliveries(
    session: Session, limit: int, *where: ColumnElement[bool], order: Iterable[ColumnElement[Any]] = ()
) -> Iterator[StoredDelivery]:
    rows = session.execute(select(*_COLUMNS).where(*where).order_by(*order).limit(limit))
    return map(_as_delivery, rows)


def _as_delivery(row: Row[*tuple[Any, ...]]) -> StoredDelivery:
    return StoredDelivery(*row)


# ---- Sending ---------------------------------------------------------------------------------------------------------


def has_due(session: Session, now: datetime) -> bool:
    """Say whether any delivery is to be tried now. One indexed statement."""
    return bool(session.scalar(select(exists().where(*_is_due(now)))))


def claim(session: Session, now: datetime, lease_until: datetime, limit: int, each: int) -> tuple[ClaimedDelivery, ...]:
    """Take some due deliveries, at most `each` of one webhook, so that nobody else tries them before the lease ends.

    The longest waiting go first, and none waits for the many of another webhook. PostgreSQL passes over what another
    worker holds.
    """
    key = (WebhookDelivery.webhook_id, WebhookDelivery.id)
    place = func.row_number().over(
        partition_by=WebhookDelivery.webhook_id, order_by=(WebhookDelivery.send_after, WebhookDelivery.id)
    )
    ranked = select(*key, WebhookDelivery.send_after, place.label("place")).where(*_is_due(now)).subquery()
    first = (
        select(ranked.c.webhook_id, ranked.c.id)
        .where(ranked.c.place <= each)
        .order_by(ranked.c.send_after, ranked.c.id)
        .limit(limit)
    )
    held = session.execute(
        select(*key).where(tuple_(*key).in_(first), *_is_due(now)).with_for_update(skip_locked=True)
    ).all()
    if not held:
        return ()
    rows = session.execute(
        update(WebhookDelivery)
        .where(tuple_(*key).in_([tuple(row) for row in held]), *_is_due(now))
        .values(send_after=lease_until, attempts=WebhookDelivery.attempts + 1)
        .returning(*_COLUMNS)
    )
    claimed = sorted((_as_delivery(row) for row in rows), key=lambda found: (found.written_at, found.id))
    where = Webhook.id.in_({found.webhook_id for found in claimed})
    ways = {
        row.id: (row.url, row.secret)
        for row in session.execute(select(Webhook.id, Webhook.url, Webhook.secret).where(where))
    }
    return tuple(ClaimedDelivery(found, *ways[found.webhook_id]) for found in claimed)


def note_sent(session: Session, delivery: StoredDelivery, status: int | None, now: datetime) -> None:
    """Note that a delivery has arrived; whoever holds it by now, it need not be sent again."""
    _change(session, delivery, is_held=False, sent_at=now, send_after=NEVER, status=status, error="")


def put_off(session: Session, delivery: StoredDelivery, status: int | None, error: str, until: datetime) -> None:
    """Note that a delivery has not arrived, why, and when to try again."""
    _change(session, delivery, send_after=until, status=status, error=error[:LONGEST_ERROR])


def give_up(session: Session, delivery: StoredDelivery, status: int | None, error: str, now: datetime) -> None:
    """Note that a delivery will not be tried again, and why."""
    _change(session, delivery, given_up_at=now, send_after=NEVER, status=status, error=error[:LONGEST_ERROR])


def rest(session: Session, webhook_id: UUID, now: datetime, until: datetime) -> None:
    """Leave a webhook in peace that cannot be reached: what is due is tried later, and nothing is counted."""
    session.execute(
        update(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id, *_is_due(now)).values(send_after=until)
    )


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        WebhookDelivery.send_after <= now,
        WebhookDelivery.sent_at.is_(None),
        WebhookDelivery.given_up_at.is_(None),
    )


def _change(session: Session, delivery: StoredDelivery, *, is_held: bool = True, **values: object) -> None:
    """Change a delivery; where `is_held`, only if nobody has claimed it since."""
    where = [WebhookDelivery.webhook_id == delivery.webhook_id, WebhookDelivery.id == delivery.id]
    if is_held:
        where += [WebhookDelivery.attempts == delivery.attempts, WebhookDelivery.sent_at.is_(None)]
    session.execute(update(WebhookDelivery).where(*where).values(**values))


# ---- Releases --------------------------------------------------------------------------------------------------------


def list_published(session: Session, after: datetime, now: datetime) -> tuple[PublishedRelease, ...]:
    """List the releases whose date has come after a time: the later of their date and their approval. One statement."""
    rows = session.execute(
        select(Release.id, Release.round_id, Release.number, Release.publishes_at, Release.approved_at)
        .where(Release.approved_at.is_not(None), Release.publishes_at <= now, Release.withdrawn_at.is_(None))
        .where((Release.publishes_at > after) | (Release.approved_at > after))
        .order_by(Release.publishes_at, Release.id)
    )
    return tuple(
        PublishedRelease(row.id, row.round_id, row.number, max(row.publishes_at, row.approved_at)) for row in rows
    )
