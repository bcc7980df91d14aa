"""Webhooks: a client has itself told of what it would else have to ask for again and again."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Path, Query
from fastapi.responses import Response
from pydantic_core import to_json

from app.api import responses
from app.api.access import PassDep
from app.api.bodies import MEDIA_TYPE
from app.api.desk import Desk, DeskDep, SendingKey, make_reply, write
from app.api.kinds import (
    INVALID,
    KEY_KINDS,
    MALFORMED_JSON,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_POSSIBLE_NOW,
    SIGN_IN_NEEDED,
    TOO_LARGE,
    TOO_MANY_ATTEMPTS,
    UNSUPPORTED_TYPE,
)
from app.api.problems import FieldFault, InvalidError
from app.api.routing import PREFIX, make_router
from app.api.schemas import Paging
from app.api.schemas_webhooks import (
    Delivery,
    DeliveryList,
    DeliveryStatus,
    NewWebhook,
    Webhook,
    WebhookList,
    WebhookRequest,
)
from app.dependencies import DatabaseDep, Now, WebhooksToLoopback
from app.domain.webhooks import StoredDelivery, StoredWebhook, find_url_fault
from app.renderings.as_result import write_time
from app.services import webhooks

router = make_router("Webhooks")

PATH: Final = f"{PREFIX}/webhooks"

WebhookId = Annotated[UUID, Path(description="Its id")]
DeliveryId = Annotated[UUID, Path(description="The id of the message, as in its `Webhook-Id`")]


@router.post(
    "/webhooks",
    summary="Make a webhook",
    status_code=HTTPStatus.CREATED,
    response_model=NewWebhook,
    response_description="The webhook with its secret, which is shown this once",
    responses=responses.problems(
        MALFORMED_JSON, SIGN_IN_NEEDED, NOT_ALLOWED, NOT_POSSIBLE_NOW, TOO_LARGE, UNSUPPORTED_TYPE, INVALID, *KEY_KINDS
    ),
)
def make_webhook(
    desk: DeskDep, to_loopback: WebhooksToLoopback, wanted: WebhookRequest, sent_key: SendingKey = ""
) -> Response:
    """Have an address told of events, of which the client reaches what it could pull.

    Sent again with its `Idempotency-Key`, the reply has the secret once more. Needs `results:read` for events of
    assessments, `releases:read` for those of releases, and like everything about webhooks a token with all scopes of
    its client.
    """
    fault = find_url_fault(wanted.url, to_loopback=to_loopback)
    if fault:
        raise InvalidError([FieldFault("/url", fault)])

    def look(one: Desk) -> None:
        webhooks.check_events(one.who, wanted.events)
        webhooks.list_webhooks(one.database, one.who, one.now)

    def do(one: Desk) -> Response:
        made = webhooks.create(one.database, one.who, wanted.url, wanted.events, one.now, to_loopback=to_loopback)
        described = {**_describe(made.webhook), "secret": made.secret}
        return make_reply(described, HTTPStatus.CREATED, Location=f"{PATH}/{made.webhook.id}")

    return write(desk, "make webhook", sent_key, wanted, do, check=look)


@router.get(
    "/webhooks",
    summary="List the webhooks",
    response_model=WebhookList,
    response_description="Those that have not ended, the oldest first",
    responses=responses.problems(SIGN_IN_NEEDED, NOT_ALLOWED),
)
def list_webhooks(database: DatabaseDep, now: Now, who: PassDep) -> Response:
    """List the client’s webhooks, without their secrets."""
    found = webhooks.list_webhooks(database, who, now)
    return _reply({"items": list(map(_describe, found)), "next_cursor": None})


@router.get(
    "/webhooks/{webhook_id}",
    summary="Read a webhook",
    response_model=Webhook,
    response_description="The webhook, without its secret",
    responses=responses.problems(INVALID, SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND),
)
def read_webhook(database: DatabaseDep, now: Now, who: PassDep, webhook_id: WebhookId) -> Response:
    """Read one of the client’s webhooks."""
    return _reply(_describe(webhooks.get(database, who, webhook_id, now)))


@router.delete(
    "/webhooks/{webhook_id}",
    summary="End a webhook",
    status_code=HTTPStatus.NO_CONTENT,
    response_description="It has ended",
    responses=responses.problems(INVALID, SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND),
)
def end_webhook(database: DatabaseDep, now: Now, who: PassDep, webhook_id: WebhookId) -> Response:
    """End a webhook. Nothing is sent any more, what waits included."""
    webhooks.end(database, who, webhook_id, now)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/webhooks/{webhook_id}/ping",
    summary="Try a webhook",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Delivery,
    response_description="The message that will be sent",
    responses=responses.problems(INVALID, SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND, TOO_MANY_ATTEMPTS, *KEY_KINDS),
)
def ping_webhook(desk: DeskDep, webhook_id: WebhookId, sent_key: SendingKey = "") -> Response:
    """Have a message `webhook.ping` sent, to try the receiver."""
    return _ask(
        desk, "ping", webhook_id, sent_key, lambda one: webhooks.ping(one.database, one.who, webhook_id, one.now)
    )


@router.get(
    "/webhooks/{webhook_id}/deliveries",
    summary="List what a webhook was told",
    response_model=DeliveryList,
    response_description="Messages, the newest first, with what has become of each",
    responses=responses.problems(INVALID, SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND),
)
def list_deliveries(
    database: DatabaseDep, now: Now, who: PassDep, webhook_id: WebhookId, query: Annotated[Paging, Query()]
) -> Response:
    """List the messages of the last 30 days, and whether they arrived. Follow `next_cursor` for older ones."""
    before = read_cursor(query.cursor) if query.cursor else None
    found = webhooks.list_deliveries(database, who, webhook_id, before, query.limit + 1, now)
    shown = found[: query.limit]
    cursor = write_cursor(shown[-1]) if len(found) > query.limit else None
    headers = {}
    if cursor:
        following = urlencode({"limit": query.limit, "cursor": cursor})
        headers["Link"] = f'<{PATH}/{webhook_id}/deliveries?{following}>; rel="next"'
    return _reply({"items": list(map(_describe_delivery, shown)), "next_cursor": cursor}, headers=headers)


@router.post(
    "/webhooks/{webhook_id}/deliveries/{delivery_id}/replay",
    summary="Send a message again",
    status_code=HTTPStatus.ACCEPTED,
    response_model=Delivery,
    response_description="The message that will be sent again",
    responses=responses.problems(INVALID, SIGN_IN_NEEDED, NOT_ALLOWED, NOT_FOUND, TOO_MANY_ATTEMPTS, *KEY_KINDS),
)
def replay_delivery(
    desk: DeskDep, webhook_id: WebhookId, delivery_id: DeliveryId, sent_key: SendingKey = ""
) -> Response:
    """Have a message sent again at once, whether it arrived or not: the same body, under the same id."""

    def replay(one: Desk) -> StoredDelivery:
        return webhooks.replay(one.database, one.who, webhook_id, delivery_id, one.now)

    return _ask(desk, f"replay {delivery_id}", webhook_id, sent_key, replay)


def _ask(desk: Desk, name: str, webhook_id: UUID, sent_key: str, ask: Callable[[Desk], StoredDelivery]) -> Response:
    """Have a message sent, once however often it is asked for with one key, and reply with it."""

    def look(one: Desk) -> StoredWebhook:
        return webhooks.get(one.database, one.who, webhook_id, one.now)

    def do(one: Desk) -> Response:
        return make_reply(_describe_delivery(ask(one)), HTTPStatus.ACCEPTED)

    return write(desk, f"{name} {webhook_id}", sent_key, None, do, check=look)


def write_cursor(last: StoredDelivery) -> str:
    """Write where a list goes on."""
    told = f"{write_time(last.written_at)} {last.id}"
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Read where a list goes on; raises `InvalidError` for what was never given out."""
    try:
        told = base64.b64decode(f"{cursor}{'=' * (-len(cursor) % 4)}", altchars=b"-_", validate=True).decode("ascii")
        time, _, event_id = told.partition(" ")
        place = datetime.fromisoformat(time), UUID(event_id)
        is_ours = told == f"{write_time(place[0])} {place[1]}"
    except (ValueError, binascii.Error):
        is_ours = False
    if not is_ours:
        raise InvalidError([FieldFault("/cursor", "names no place in this list; leave it out to start anew", "query")])
    return place


def _describe(webhook: StoredWebhook) -> dict[str, Any]:
    return {
        "id": str(webhook.id),
        "url": webhook.url,
        "events": list(webhook.events),
        "created_at": write_time(webhook.created_at),
    }


def _describe_delivery(delivery: StoredDelivery) -> dict[str, Any]:
    status = DeliveryStatus.WAITING
    if delivery.sent_at is not None:
        status = DeliveryStatus.DELIVERED
    elif delivery.given_up_at is not None:
        status = DeliveryStatus.GIVEN_UP
    return {
        "id": str(delivery.id),
        "event": delivery.event,
        "status": str(status),
        "attempts": delivery.attempts,
        "reply_status": delivery.status,
        "error": delivery.error or None,
        "written_at": write_time(delivery.written_at),
        "next_attempt_at": write_time(delivery.send_after) if status is DeliveryStatus.WAITING else None,
        "delivered_at": write_time(delivery.sent_at) if delivery.sent_at else None,
        "given_up_at": write_time(delivery.given_up_at) if delivery.given_up_at else None,
        "payload": json.loads(delivery.payload),
    }


def _reply(
    value: dict[str, Any], status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> Response:
    kept = {"Cache-Control": "no-store", **(headers or {})}
    return Response(to_json(value), status, headers=kept, media_type=MEDIA_TYPE)
