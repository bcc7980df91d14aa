"""What a route for a client's own data asks for, in one: who asks, when, and what they may do it with."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Depends, Header, Path
from fastapi.responses import Response

from app.api.access import PassDep
from app.api.bodies import MEDIA_TYPE
from app.api.replies import to_json
from app.api.schemas import Shape
from app.catalogue import Catalogue
from app.dependencies import CatalogueDep, DatabaseDep, Now
from app.domain.api_access import ApiPass
from app.domain.records import AssessmentKey
from app.services import Database, writing_once
from app.services.writing_once import Outcome, Sending

LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, when, and what they may do it with."""

    database: Database
    catalogue: Catalogue
    now: datetime
    who: ApiPass


async def get_desk(database: DatabaseDep, catalogue: CatalogueDep, now: Now, who: PassDep) -> Desk:
    """Give who asks, when, and what they may do it with."""
    return Desk(database, catalogue, now, who)


DeskDep = Annotated[Desk, Depends(get_desk)]
PartnershipId = Annotated[UUID, Path(description="The id of a partnership")]
AssessmentId = Annotated[UUID, Path(description="The id of an assessment of the partnership")]


async def get_key(partnership_id: PartnershipId, assessment_id: AssessmentId) -> AssessmentKey:
    """Give what names an assessment."""
    return AssessmentKey(partnership_id, assessment_id)


KeyDep = Annotated[AssessmentKey, Depends(get_key)]
SendingKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern="^[!-~]+$",
        description="Any text of your own, such as a UUID. Sent again with it within 24 hours, the same is written "
        "once, and answered alike; 409 with `Retry-After` while the first is being done",
    ),
]


def write(
    desk: Desk,
    operation: str,
    sent_key: str,
    body: Shape | None,
    do: Callable[[Desk], Response],
    check: Callable[[Desk], object] | None = None,
) -> Response:
    """Do a write in one transaction; with an `Idempotency-Key`, once.

    `operation` names it and what it is done to. `do` gets a desk whose database is in the middle of that transaction,
    and gives the reply, without anybody's words where there may be a key. `check` gets the same before it, also where
    it was done before, and raises where the client may not know of what it is done to.
    """

    def sit(one: Database) -> Desk:
        return Desk(one, desk.catalogue, desk.now, desk.who)

    def look(one: Database) -> None:
        if check is not None:
            check(sit(one))

    def go(one: Database) -> Outcome:
        made = do(sit(one))
        headers = {name: made.headers[name] for name in ("location", "etag") if name in made.headers}
        return Outcome(made.status_code, json.dumps([headers, bytes(made.body).decode()]))

    digest = sha256(body.model_dump_json().encode() if body else b"").hexdigest()
    sending = Sending(operation, sent_key, digest) if sent_key else None
    outcome = writing_once.write(desk.database, desk.who, sending, look, go, desk.now)
    headers, content = json.loads(outcome.reply)
    return Response(content, outcome.status, headers={**headers, "Cache-Control": "no-store"}, media_type=MEDIA_TYPE)


def make_reply(value: Any, status: HTTPStatus = HTTPStatus.OK, **headers: str) -> Response:  # noqa: ANN401 - any JSON
    """Make the reply of a write."""
    return Response(to_json(value), status, headers=headers)
