"""Webhooks: made by API clients for themselves, and told in the transaction of what they are told of. `working` sends.

What a client is told of is what it could pull: asked when something is written, and again whenever it is sent.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.api_access import ApiPass, ScopeName
from app.domain.assessment import Move
from app.domain.audit import Event
from app.domain.errors import NotAllowedError, NotAllowedNowError, NotFoundError, TooManyAttemptsError
from app.domain.records import AssessmentKey
from app.domain.results import Reach
from app.domain.webhooks import (
    EVENT_OF,
    MOST_WEBHOOKS,
    PING,
    SCOPE_OF,
    EventName,
    StoredDelivery,
    StoredWebhook,
    read_data,
    read_target,
    write_payload,
    write_secret,
)
from app.renderings.as_result import write_time
from app.services import Database, api_clients, limiting
from app.services.auditing import record
from app.services.limiting import WINDOW, Slowed
from app.services.pulling import find_reach
from app.store import results
from app.store import webhooks as store
from app.store.models import new_id
from app.store.webhooks import Listener, PublishedRelease

API: Final = "/api/v1"
KEY_BYTES: Final = 32
TOLD_WITHIN: Final = timedelta(days=7)
"""A release that was published longer ago is no news. Less than deliveries are kept: else it would be told twice."""
TELLING: Final = tuple(dict.fromkeys(SCOPE_OF.values()))
"""Scopes by which a client is told of anything."""
ENDED: Final = "The webhook or its client has ended"
OUT_OF_REACH: Final = "The client does not reach this any more"


@dataclass(frozen=True, slots=True)
class MadeWebhook:
    """A new webhook, this once with its secret."""

    webhook: StoredWebhook
    secret: str


# ---- For clients -----------------------------------------------------------------------------------------------------


def check_events(who: ApiPass, events: Sequence[EventName]) -> None:
    """Raise `NotAllowedError` for an event whose scope a token has not."""
    for event in events:
        who.list_scopes(SCOPE_OF[event])


def create(
    database: Database, who: ApiPass, url: str, events: Sequence[EventName], now: datetime, *, to_loopback: bool
) -> MadeWebhook:
    """Make a webhook with its secret.

    Raises `NotAllowedError` for an event whose scope the token has not, or a token of fewer scopes than its client;
    `AnswerError` for an address that cannot be one; `NotAllowedNowError` where there are too many.
    """
    check_events(who, events)
    read_target(url, to_loopback=to_loopback)
    made = StoredWebhook(new_id(), who.client_id, url, tuple(dict.fromkeys(events)), now)
    secret = write_secret(secrets.token_bytes(KEY_BYTES))
    with database.writing() as session:
        store.hold_client(session, who.client_id)
        _check_whole(session, who, now)
        if len(store.list_webhooks(session, who.client_id)) >= MOST_WEBHOOKS:
            raise NotAllowedNowError(f"A client has at most {MOST_WEBHOOKS} webhooks; end one first")
        store.add_webhook(session, made, secret)
        subject = f"API client {who.client_id} webhook {made.id}"
        words = f"{url} for {', '.join(made.events)}"
        record(session, Event.WEBHOOK_MADE, who.actor.person_id, now, subject=subject, new=words)
    return MadeWebhook(made, secret)


def list_webhooks(database: Database, who: ApiPass, now: datetime) -> tuple[StoredWebhook, ...]:
    """List the webhooks of a client. Raises `NotAllowedError` for a token of fewer scopes than its client."""
    with database.reading() as session:
        _check_whole(session, who, now)
        return store.list_webhooks(session, who.client_id)


def get(database: Database, who: ApiPass, webhook_id: UUID, now: datetime) -> StoredWebhook:
    """Give one webhook. Raises what `list_webhooks` does, and `NotFoundError`."""
    with database.reading() as session:
        return _find(session, who, webhook_id, now)


def end(database: Database, who: ApiPass, webhook_id: UUID, now: datetime) -> None:
    """End a webhook: nothing more is sent. Raises what `get` does."""
    with database.writing() as session:
        _find(session, who, webhook_id, now)
        if store.end_webhook(session, webhook_id, now):
            subject = f"API client {who.client_id} webhook {webhook_id}"
            record(session, Event.WEBHOOK_ENDED, who.actor.person_id, now, subject=subject)


def list_deliveries(
    database: Database,
    who: ApiPass,
    webhook_id: UUID,
    before: tuple[datetime, UUID] | None,
    limit: int,
    now: datetime,
) -> tuple[StoredDelivery, ...]:
    """List what a webhook was told, the newest first, from after a place on. Raises what `get` does."""
    with database.reading() as session:
        _find(session, who, webhook_id, now)
        return store.list_deliveries(session, webhook_id, before, limit)


def replay(database: Database, who: ApiPass, webhook_id: UUID, delivery_id: UUID, now: datetime) -> StoredDelivery:
    """Have a delivery sent again, or sooner, under the same id. Raises what `ping` does."""
    with database.writing() as session:
        _find(session, who, webhook_id, now)
        if store.find_delivery(session, webhook_id, delivery_id) is None:
            raise NotFoundError("There is no such delivery, or not any more")
        _slow_down(session, who, now)
        store.begin_anew(session, webhook_id, delivery_id, now)
        return _get_delivery(session, webhook_id, delivery_id)


def ping(database: Database, who: ApiPass, webhook_id: UUID, now: datetime) -> StoredDelivery:
    """Have a webhook told of nothing, to try its receiver. Raises what `get` does, and `TooManyAttemptsError`."""
    with database.writing() as session:
        _find(session, who, webhook_id, now)
        _slow_down(session, who, now)
        event_id = new_id()
        payload = write_payload(event_id, PING, write_time(now), {"webhook": str(webhook_id)})
        store.add_deliveries(session, [webhook_id], event_id, PING, payload, now)
        return _get_delivery(session, webhook_id, event_id)


def _find(session: Session, who: ApiPass, webhook_id: UUID, now: datetime) -> StoredWebhook:
    _check_whole(session, who, now)
    found = store.find_webhook(session, who.client_id, webhook_id)
    if found is None:
        raise NotFoundError("There is no such webhook, or it was ended")
    return found


def _check_whole(session: Session, who: ApiPass, now: datetime) -> None:
    """Raise `NotAllowedError` unless a token has all scopes of its client, as its webhooks tell all that it reaches.

    One that would be told of nothing, such as after its maker has left, has no business with webhooks either.
    """
    who.list_scopes(*TELLING)
    holder = store.find_holder(session, who.client_id, now)
    needed = api_clients.make_pass(holder).scopes if holder else frozenset()
    if not all(any(scope.is_within(each) for each in who.scopes) for scope in needed):
        raise NotAllowedError("Webhooks tell all that a client reaches, so this takes a token with all of its scopes")


def _get_delivery(session: Session, webhook_id: UUID, delivery_id: UUID) -> StoredDelivery:
    found = store.find_delivery(session, webhook_id, delivery_id)
    if found is None:
        raise NotFoundError("There is no such delivery, or not any more")
    return found


def _slow_down(session: Session, who: ApiPass, now: datetime) -> None:
    key = sha256(f"API client {who.client_id}".encode()).hexdigest()
    if not limiting.count(session, Slowed.WEBHOOK_BY_HAND, key, now):
        raise TooManyAttemptsError("This client has asked for too many. Wait a quarter of an hour", WINDOW)


# ---- What is told ----------------------------------------------------------------------------------------------------


def note_move(session: Session, key: AssessmentKey, move: Move, now: datetime) -> None:
    """Put a move of an assessment into the outbox, for those who may read of it. Call it after `feeding`.

    The feed is held by then. Nothing here waits for anybody: to end a webhook meanwhile is no conflict.
    """
    event = EVENT_OF[move]
    listeners = store.list_listeners(session, event, now)
    if not listeners:
        return
    row = results.find(session, key)
    if row is None:  # submitted before there was a feed, and not caught up with
        return
    reaches = [_find_reach(api_clients.make_pass(each.holder)) for each in listeners]
    reached = results.find_within(session, key, reaches)
    event_id, time = new_id(), write_time(row.updated_at)
    query = urlencode({"updated_since": time, "partnership": row.partnership_id, "round": row.round_id})
    data = {
        "assessment": str(row.assessment_id),
        "partnership": str(row.partnership_id),
        "round": str(row.round_id),
        "organisation": str(row.organisation_id),
        "position": row.position,
        "url": f"{API}/results?{query}",
    }
    told = [each.webhook.id for each, is_reached in zip(listeners, reached, strict=True) if is_reached]
    store.add_deliveries(session, told, event_id, event, write_payload(event_id, event, time, data), now)


def announce_releases(database: Database, now: datetime) -> int:
    """Put releases whose date has come into the outbox, once for each webhook, and say how many were put there."""
    with database.reading() as session:
        missing = _list_untold(session, now)
    if missing:
        with database.writing() as session:
            missing = _list_untold(session, now)  # another worker may have been quicker
            for release, webhook_ids in missing:
                store.add_deliveries(
                    session, webhook_ids, release.id, EventName.RELEASE_PUBLISHED, _write_release(release), now
                )
    return sum(len(webhook_ids) for _, webhook_ids in missing)


def _list_untold(session: Session, now: datetime) -> list[tuple[PublishedRelease, list[UUID]]]:
    published = store.list_published(session, now - TOLD_WITHIN, now)
    if not published:
        return []
    listeners = store.list_listeners(session, EventName.RELEASE_PUBLISHED, now)
    told = store.list_told(session, [release.id for release in published]) if listeners else frozenset()
    wanting = [each.webhook for each in listeners if _has_scope(each, ScopeName.RELEASES_READ)]
    untold = (
        (
            release,
            [
                webhook.id
                for webhook in wanting
                if webhook.created_at <= release.published_at and (webhook.id, release.id) not in told
            ],
        )
        for release in published
    )
    return [each for each in untold if each[1]]


def _write_release(release: PublishedRelease) -> str:
    data = {
        "release": str(release.id),
        "round": str(release.round_id),
        "number": release.number,
        "url": f"{API}/releases/{release.id}",
    }
    # Published once, so its own id is that of the event: by it is known who was told.
    return write_payload(release.id, EventName.RELEASE_PUBLISHED, write_time(release.published_at), data)


# ---- Before it is sent -----------------------------------------------------------------------------------------------


def find_objection(session: Session, delivery: StoredDelivery, listening: Mapping[UUID, Listener]) -> str:
    """Say why a delivery must not be sent any more, as rights may have gone since; empty where it may.

    `listening`: the webhooks that go on, by id.
    """
    listener = listening.get(delivery.webhook_id)
    if listener is None:
        return ENDED
    return "" if _reaches(session, listener, delivery) else OUT_OF_REACH


def _reaches(session: Session, listener: Listener, delivery: StoredDelivery) -> bool:
    if delivery.event == PING:
        return True
    if delivery.event == EventName.RELEASE_PUBLISHED:
        return _has_scope(listener, ScopeName.RELEASES_READ)
    data = read_data(delivery.payload)
    key = AssessmentKey(UUID(data["partnership"]), UUID(data["assessment"]))
    (is_reached,) = results.find_within(session, key, [_find_reach(api_clients.make_pass(listener.holder))])
    return is_reached


def _has_scope(listener: Listener, name: ScopeName) -> bool:
    return any(scope.name is name for scope in api_clients.make_pass(listener.holder).scopes)


def _find_reach(who: ApiPass) -> Reach:
    """Give what a client reaches; nothing without the scope."""
    return find_reach(who) if any(scope.name is ScopeName.RESULTS_READ for scope in who.scopes) else Reach()
