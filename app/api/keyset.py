"""Lists in parts: each begins after the key that the last one ended with, so that nothing is skipped or told twice."""

import re
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import Response

from app.api.problems import FieldFault, InvalidError
from app.api.replies import reply_unless_known, to_json
from app.api.schemas import Paging

ID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
TWO_IDS: Final = re.compile(rf"{ID.pattern}\.{ID.pattern}")
CODE: Final = re.compile(r"[A-Z][0-9]{8}")

Item = TypeVar("Item")


def reply_part(
    request: Request,
    paging: Paging,
    found: Iterable[Item],
    key_of: Callable[[Item], str],
    describe: Callable[[Item], dict[str, Any]],
    form: re.Pattern[str] = ID,
) -> Response:
    """Reply with the part of a list that was asked for, in the order of its keys.

    Raises `InvalidError` for a cursor that has not the form of a key.
    """
    if paging.cursor and not form.fullmatch(paging.cursor):
        words = "names no place in this list; leave it out to start anew"
        raise InvalidError([FieldFault("/cursor", words, "query")])
    left = sorted(((key_of(each), each) for each in found if key_of(each) > paging.cursor), key=lambda pair: pair[0])
    shown = left[: paging.limit]
    cursor = shown[-1][0] if len(left) > len(shown) else None
    content = to_json({"items": [describe(each) for _, each in shown], "next_cursor": cursor})
    headers = {"Vary": "Authorization"}
    if cursor:
        headers["Link"] = f'<{request.url.path}?{urlencode({"limit": paging.limit, "cursor": cursor})}>; rel="next"'
    return reply_unless_known(request, content, f"sha256:{sha256(content).hexdigest()}", **headers)
