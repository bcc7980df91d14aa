"""The shapes of requests and replies about webhooks."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field
from pydantic.types import StrictStr

from app.api.schemas import Reply, Shape
from app.domain.values import LINK_LENGTH
from app.domain.webhooks import PORTS, EventName


class WebhookRequest(Shape):
    """Where to tell, and of what."""

    url: Annotated[
        StrictStr,
        Field(
            min_length=1,
            max_length=LINK_LENGTH,
            description="An `https` address of the public internet, with port "
            f"{' or '.join(map(str, PORTS))}, without name, password or fragment",
        ),
    ]
    events: Annotated[
        list[EventName],
        Field(min_length=1, max_length=len(EventName), description="What to tell of, as far as the scopes reach"),
    ]


class Webhook(Reply):
    """An address that is told of events."""

    id: str
    url: str
    events: list[EventName]
    created_at: datetime


class NewWebhook(Webhook):
    """A webhook that was just made, with its secret."""

    secret: Annotated[str, Field(description="What messages are signed with; it is shown this once")]


class WebhookList(Reply):
    """The webhooks of a client, the oldest first."""

    items: list[Webhook]
    next_cursor: None


class DeliveryStatus(StrEnum):
    """What has become of a message."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given-up"


class Delivery(Reply):
    """One message to one webhook."""

    id: Annotated[str, Field(description="The `Webhook-Id` it is sent with, every time")]
    event: str
    status: DeliveryStatus
    attempts: Annotated[int, Field(ge=0, description="How often it was tried, since it was written or replayed")]
    reply_status: Annotated[int | None, Field(description="The status of the last reply; null where there was none")]
    error: Annotated[str | None, Field(description="Why it did not arrive the last time")]
    written_at: datetime
    next_attempt_at: Annotated[datetime | None, Field(description="Null where it is not tried any more")]
    delivered_at: datetime | None
    given_up_at: datetime | None
    payload: Annotated[dict[str, Any], Field(description="What is sent, as it was when it was written")]


class DeliveryList(Reply):
    """Messages to a webhook, the newest first."""

    items: list[Delivery]
    next_cursor: Annotated[str | None, Field(description="What to ask with for more; null at the end")]
