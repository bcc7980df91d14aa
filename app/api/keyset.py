"""Lists in parts: each begins after the key that the last one ended with, so that nothing is skipped or told twice."""

import re
from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.responses import Response

from app.api.problems import FieldFault, InvalidError
from app.api.replies import reply_unless_known, to_json
from app.api.schemas import Paging
from app.services.looking_up import Part

ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TWO_IDS: Final = re.compile(rf"{ID.pattern}\.{ID.pattern}")
CODE: Final = re.compile(r"[A-Z][0-9]{8}")

Item = TypeVar("Item")


def read_cursor(paging: Paging, form: re.Pattern[str] = ID) -> str:
    """Give the key after which a part begins, empty for the first; raises `InvalidError` for what is no key."""
    if paging.cursor and not form.fullmatch(paging.cursor):
        words = "names no place in this list; leave it out to start anew"
        raise InvalidError([FieldFault("/cursor", words, "query")])
    return paging.cursor


def read_part(paging: Paging, form: re.Pattern[str] = ID) -> Part:
    """Give which part to read: one more than is shown says whether there are more. Raises what `read_cursor` does."""
    cursor = read_cursor(paging, form)
    after = UUID(cursor) if cursor and form is ID else cursor or None
    return Part(after, paging.limit + 1)


def reply_part(
    request: Request,
    paging: Paging,
    found: Iterable[Item],
    key_of: Callable[[Item], str],
    describe: Callable[[Item], dict[str, Any]],
    form: re.Pattern[str] = ID,
) -> Response:
    """Cut the part that was asked for out of a list that is there whole, and reply with it in the order of its keys."""
    after = read_cursor(paging, form)
    left = sorted((each for each in found if key_of(each) > after), key=key_of)
    return reply_read(request, paging, left, key_of, describe)


def reply_read(
    request: Request,
    paging: Paging,
    found: Sequence[Item],
    key_of: Callable[[Item], str],
    describe: Callable[[Item], dict[str, Any]],
) -> Response:
    """Reply with a part that was read in the order of its keys, with at least one more where there are more."""
    shown = found[: paging.limit]
    cursor = key_of(shown[-1]) if len(found) > len(shown) else None
    content = to_json({"items": [describe(each) for each in shown], "next_cursor": cursor})
    headers = {"Vary": "Authorization"}
    if cursor:
        headers["Link"] = f'<{request.url.path}?{urlencode({"limit": paging.limit, "cursor": cursor})}>; rel="next"'
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}", **headers)
