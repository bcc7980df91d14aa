"""Submitted results: page by page, as they change, or all at once."""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query, Request
from fastapi.responses import Response, StreamingResponse
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from starlette.exceptions import HTTPException

from app.api import responses
from app.api.access import PassDep, TokenDep
from app.api.kinds import INVALID, NOT_ACCEPTABLE, NOT_ALLOWED, SIGN_IN_NEEDED
from app.api.problems import FieldFault, InvalidError
from app.api.replies import reply_unless_known, to_json
from app.api.routing import PREFIX, make_router
from app.api.schemas import Codebook, Paging, ResultList
from app.catalogue import Catalogue
from app.dependencies import CatalogueDep, DatabaseDep, Now, TokenKeysDep
from app.domain.results import Wanted
from app.renderings import result_parquet
from app.renderings.result_table import ResultTable
from app.services import pulling

router = make_router("Results")

PATH: Final = f"{PREFIX}/results"
AT_ONCE: Final = 16
"""Lines that go out together: more take fresh memory each time, which costs more than it saves."""
LAST_POSITION: Final = 2**63 - 1
"""No database holds a higher one."""


class Media(StrEnum):
    """What a client can have results as."""

    JSON = "application/json"
    NDJSON = "application/x-ndjson"
    CSV = "text/csv"
    PARQUET = "application/vnd.apache.parquet"


STREAMED: Final = {media.value: {"schema": {"type": "string"}} for media in Media if media is not Media.JSON}
"""For the description: what no schema of JSON says more of."""


def _check_written(value: object) -> object:
    """Refuse a bare number, which Pydantic would take for seconds."""
    if isinstance(value, str) and "-" not in value:
        raise ValueError("must be a time with its zone, such as 2026-11-02T09:30:00Z")
    return value


def _read_in_utc(value: datetime) -> datetime:
    """Give a time in UTC, in which it may be before the first year or after the last."""
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("must be a time of the years 1 to 9999") from None


class ResultQuery(Paging):
    """Which results."""

    updated_since: Annotated[
        AwareDatetime | None,
        BeforeValidator(_check_written),
        AfterValidator(_read_in_utc),
        Field(description="Only what has changed since: give the `as_of` of a reply before, and nothing is skipped"),
    ] = None
    partnership: Annotated[UUID | None, Field(description="Only of this partnership")] = None
    round: Annotated[UUID | None, Field(description="Only of this round")] = None
    questionnaire: Annotated[str, Field(max_length=80, description="Only of this questionnaire")] = ""


@router.get(
    "/results",
    summary="Pull results",
    response_model=ResultList,
    response_description="Results and tombstones in the order of their last change, as the `Accept` asks",
    responses={
        **responses.problems(INVALID, SIGN_IN_NEEDED, NOT_ALLOWED, NOT_ACCEPTABLE, known=True),
        200: {"content": STREAMED},
    },
)
def list_results(
    request: Request,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    keys: TokenKeysDep,
    now: Now,
    token: TokenDep,
    who: PassDep,
    query: Annotated[ResultQuery, Query()],
) -> Response:
    """Pull what was submitted, in the order of the last change.

    Follow `next_cursor` until it is null, and keep `as_of`: ask for `updated_since` it the next time. A result that is
    answered again comes as a tombstone, `{"id", "position", "deleted_at"}`. With `Accept: application/x-ndjson`,
    `text/csv` or `application/vnd.apache.parquet` everything comes in one stream of one moment, without `limit`; `Link`
    says where to go on from its end, and every line has its `position`. Parquet needs an extra on the service: without
    it, 406. Scope: `results:read`.
    """
    wanted = _read_wanted(query)
    media = choose_media(request.headers.get("accept", ""))
    if media is Media.PARQUET and not result_parquet.can_write():
        raise HTTPException(HTTPStatus.NOT_ACCEPTABLE, NOT_ACCEPTABLE.example)
    if media is Media.JSON:
        return _reply_page(request, pulling.list_results(database, who, wanted, query.limit, now), query, wanted)
    end, parts = pulling.stream_results(database, keys, token, who, wanted, now)
    written = _WRITE[media](catalogue, parts)
    following = urlencode({"cursor": write_cursor(end, end, query), **_list_filters(query)})
    return StreamingResponse(
        written,
        media_type=media,
        headers={
            "Cache-Control": "no-store",
            "Link": f'<{PATH}?{following}>; rel="next"',
            "Vary": "Accept, Authorization",
        },
    )


@router.get(
    "/codebook",
    summary="Read what the columns of results mean",
    response_model=Codebook,
    response_description="Every column of the CSV, in order",
    responses=responses.problems(known=True),
)
def read_codebook(request: Request, catalogue: CatalogueDep) -> Response:
    """Read name, type and meaning of every column that `text/csv` has. Columns go by name: new ones may come."""
    columns = [
        {"name": each.name, "type": each.type, "meaning": each.meaning} for each in _make_table(catalogue).columns
    ]
    content = to_json({"items": columns, "next_cursor": None})
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}")


def choose_media(accept: str) -> Media:
    """Choose what a client would have most, by its `Accept`; JSON where it names none of them."""
    best, chosen = 0.0, Media.JSON
    for part in accept.split(","):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        quality = next((each[2:] for each in parameters if each.startswith("q=")), "1")
        try:
            weight = float(quality)
        except ValueError:
            weight = 0.0
        if name in set(Media) and best < weight <= 1:
            best, chosen = weight, Media(name)
    return chosen


def _make_table(catalogue: Catalogue) -> ResultTable:
    return ResultTable(entry.questionnaire for entry in catalogue.entries)


def join_lines(parts: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Write lines as they are, some at a time."""
    for lines in parts:
        for start in range(0, len(lines), AT_ONCE):
            yield "\n".join((*lines[start : start + AT_ONCE], "")).encode()


def _write_ndjson(_: Catalogue, parts: Iterable[Sequence[str]]) -> Iterator[bytes]:
    return join_lines(parts)


def _write_csv(catalogue: Catalogue, parts: Iterable[Sequence[str]]) -> Iterator[bytes]:
    table = _make_table(catalogue)
    yield table.write_header().encode()
    for lines in parts:
        yield table.write_rows(lines).encode()


def _write_parquet(catalogue: Catalogue, parts: Iterable[Sequence[str]]) -> Iterator[bytes]:
    return result_parquet.write(_make_table(catalogue), parts)


_WRITE: Final = {Media.NDJSON: _write_ndjson, Media.CSV: _write_csv, Media.PARQUET: _write_parquet}


def _reply_page(request: Request, page: pulling.Page, query: ResultQuery, wanted: Wanted) -> Response:
    started = page.end if wanted.tombstones_after < 0 else wanted.tombstones_after
    cursor = None if page.next_after is None else write_cursor(page.next_after, started, query)
    as_of = page.as_of or datetime.fromtimestamp(0, UTC)
    items = ",".join(each.line for each in page.lines)
    content = (
        f'{{"items":[{items}],"next_cursor":{json.dumps(cursor)},"as_of":"{as_of:%Y-%m-%dT%H:%M:%S.%f}Z"}}'.encode()
    )
    headers = {"Vary": "Accept, Authorization"}
    if cursor:
        following = urlencode({"limit": query.limit, "cursor": cursor, **_list_filters(query)})
        headers["Link"] = f'<{PATH}?{following}>; rel="next"'
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}", **headers)


def _read_wanted(query: ResultQuery) -> Wanted:
    after, tombstones_after = read_cursor(query) if query.cursor else (0, 0 if query.updated_since else -1)
    return Wanted(
        after=after,
        tombstones_after=tombstones_after,
        since=query.updated_since,
        partnership_id=query.partnership,
        round_id=query.round,
        questionnaire_id=query.questionnaire,
    )


def _list_filters(query: ResultQuery) -> dict[str, str]:
    values: dict[str, Any] = {
        "updated_since": query.updated_since.isoformat() if query.updated_since else "",
        "partnership": query.partnership,
        "round": query.round,
        "questionnaire": query.questionnaire,
    }
    return {name: str(value) for name, value in values.items() if value}


def write_cursor(after: int, tombstones_after: int, query: ResultQuery) -> str:
    """Write where a list goes on: it holds for the same filters alone."""
    told = json.dumps([after, tombstones_after])
    return base64.urlsafe_b64encode(f"{told}{_check(told, query)}".encode()).decode().rstrip("=")


def read_cursor(query: ResultQuery) -> tuple[int, int]:
    """Read where a list goes on; raises `InvalidError` for what was never given out, or not for these filters."""
    try:
        text = base64.urlsafe_b64decode(f"{query.cursor}{'=' * (-len(query.cursor) % 4)}".encode()).decode()
        told = text[: text.index("]") + 1]
        after, tombstones_after = json.loads(told)
        # Anybody can work the check out, so what it stands beside may be anything
        are_positions = all(type(each) is int and 0 <= each <= LAST_POSITION for each in (after, tombstones_after))
        is_ours = are_positions and text == f"{told}{_check(told, query)}"
    except (ValueError, TypeError, binascii.Error):
        is_ours = False
    if not is_ours:
        words = "names no place in this list; give it with the same filters, or leave it out to start anew"
        raise InvalidError([FieldFault("/cursor", words, "query")])
    return after, tombstones_after


def _check(told: str, query: ResultQuery) -> str:
    filters = json.dumps(_list_filters(query), sort_keys=True)
    return sha256(f"{told} {filters}".encode()).hexdigest()[:16]
