"""Reading what machines send: JSON that every system reads alike, or a problem that says what is wrong.

I-JSON (RFC 7493): UTF-8, no name twice in an object, no half of a surrogate pair, no number beyond a double. Python's
own parser takes all of these, and its faults besides syntax are no `JSONDecodeError`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Coroutine
from http import HTTPStatus
from math import isinf
from typing import Any, Final, NoReturn

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from app.api.limits import DEEPEST, MOST_VALUES
from app.api.problems import (
    FieldFault,
    InvalidError,
    MalformedJsonError,
    TooLargeError,
    UnsupportedTypeError,
    make_pointer,
)

MEDIA_TYPE: Final = "application/json"
LARGEST_INTEGER: Final = 2**53 - 1
_SAFE_DIGITS: Final = 15
_SHOWN_LENGTH: Final = 60
_NUL: Final = "\0"
_HAS_NUL: Final = "has the character NUL in it; remove it"
_UNKNOWN: Final = "is unknown; remove it"
_TWICE: Final = "is there twice; keep one of the two"
ONE_OF_EACH: Final = ("Authorization", "Content-Type", "Idempotency-Key", "If-Match")
"""Headers of which a request has at most one."""
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_SUSPICIOUS_ESCAPE: Final = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class OnceRoute(APIRoute):
    """A route that takes nothing twice that it takes once: a proxy in front may have looked at the other one."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the look at what is there twice before FastAPI's own reading."""
        handle = super().get_route_handler()
        takes_query = _takes_query(self.dependant)

        async def handle_once(request: Request) -> Response:
            check_names(request)
            if not takes_query and request.query_params:
                raise InvalidError(FieldFault(make_pointer([name]), _UNKNOWN, "query") for name in request.query_params)
            return await handle(request)

        return handle_once


def _takes_query(dependant: Dependant) -> bool:
    return bool(dependant.query_params) or any(map(_takes_query, dependant.dependencies))


def check_fields(form: FormData) -> None:
    """Raise `InvalidError` for a field of a form that is there twice: a proxy may have looked at the other one."""
    times = Counter(name for name, _ in form.multi_items())
    if faults := [FieldFault(make_pointer([name]), _TWICE) for name, count in times.items() if count > 1]:
        raise InvalidError(faults)


def check_names(request: Request) -> None:
    """Raise `InvalidError` for a parameter or header that is there twice, and for one that no database takes."""
    values = request.query_params.multi_items()
    names = Counter(name for name, _ in values)
    faults = [FieldFault(make_pointer([name]), _TWICE, "query") for name, times in names.items() if times > 1]
    faults += [FieldFault(make_pointer([name]), _HAS_NUL, "query") for name, value in values if _NUL in value]
    for name in ONE_OF_EACH:
        if len(request.headers.getlist(name)) > 1:
            faults.append(FieldFault(make_pointer([name]), _TWICE, "header"))
    if faults:
        raise InvalidError(faults)


class StrictRoute(OnceRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the strict reading before FastAPI's own, where the route takes a body."""
        handle = super().get_route_handler()
        if self.body_field is None:
            return handle

        async def handle_strictly(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            await strict.read()
            return await handle(strict)

        return handle_strictly


class StrictRequest(Request):
    """A request whose JSON is read strictly and once."""

    value: object = None

    async def read(self) -> None:
        """Read the body; raise what is wrong with it."""
        check_type(self.headers.get("content-type", ""), self.headers.get("content-encoding", ""))
        try:
            body = await self.body()
        except ClientDisconnect:
            raise HTTPException(HTTPStatus.BAD_REQUEST, "The body broke off") from None
        self.value = read_json(body)

    async def json(self) -> Any:  # noqa: ANN401 - Starlette's own
        """Give what was read."""
        return self.value


def check_type(content_type: str, content_encoding: str) -> None:
    """Raise `UnsupportedTypeError` unless a body is JSON in UTF-8, as it is."""
    name, *parameters = (part.strip().lower() for part in content_type.split(";"))
    if name != MEDIA_TYPE:
        raise UnsupportedTypeError(f"Send the body as Content-Type: {MEDIA_TYPE}")
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "charset" and value.strip().strip('"') not in {"utf-8", "utf8"}:
            raise UnsupportedTypeError("Send the body in UTF-8")
    if content_encoding.strip().lower() not in {"", "identity"}:
        raise UnsupportedTypeError("Send the body as it is, without Content-Encoding")


def read_json(body: bytes) -> object:
    """Give what a body means; raise `MalformedJsonError`, `TooLargeError`, or `InvalidError` where a text holds NUL."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedJsonError(f"The body is not UTF-8: see byte {error.start + 1}") from None
    if not text.strip(" \t\r\n"):
        raise MalformedJsonError("The body is empty; send a JSON object")
    if _count_marks(text) > MOST_VALUES:
        _check_size(text)
    try:
        value = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise MalformedJsonError(f"Line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise MalformedJsonError(_TOO_DEEP) from None
    # Most bodies are flat and hold no escape that could matter, so they need no second look.
    if _SUSPICIOUS_ESCAPE.search(text) or text.count("{") + text.count("[") > DEEPEST:
        _check_within(value)
    return value


def _count_marks(text: str) -> int:
    """Count what stands before every value but the first: commas and opening brackets, in texts as well."""
    return text.count(",") + text.count("[") + text.count("{")


def _check_size(text: str) -> None:
    """Raise where there are too many values, before any is made: here, a million bytes cost a few milliseconds."""
    most_pieces = 4 * MOST_VALUES + 1  # two quotes for each name and each text
    pieces = text.replace("\\\\", "").replace('\\"', "").split('"', most_pieces)
    if len(pieces) > most_pieces or _count_marks("".join(pieces[::2])) > MOST_VALUES:
        raise TooLargeError(f"The body has more than {MOST_VALUES:,} values; send fewer")


_TOO_DEEP: Final = f"The body is nested more than {DEEPEST} levels deep; flatten it"


def _check_within(value: object) -> None:
    """Raise where anything is too deep, or a name or text has half a surrogate pair or NUL. Knows no recursion."""
    faults = []
    waiting: list[tuple[object, tuple[str | int, ...]]] = [(value, ())]
    while waiting:
        part, steps = waiting.pop()
        if isinstance(part, str):
            if _has_nul(part):
                faults.append(FieldFault(make_pointer(steps), _HAS_NUL))
        elif isinstance(part, dict | list):
            if len(steps) >= DEEPEST:
                raise MalformedJsonError(_TOO_DEEP)
            if isinstance(part, dict):
                if any(map(_has_nul, part)):
                    faults.append(FieldFault(make_pointer(steps), "has a name with the character NUL in it; remove it"))
                waiting.extend((inner, (*steps, name)) for name, inner in part.items())
            else:
                waiting.extend((inner, (*steps, place)) for place, inner in enumerate(part))
    if faults:
        raise InvalidError(sorted(faults, key=lambda fault: fault.pointer))


def _has_nul(text: str) -> bool:
    if _SURROGATE.search(text):
        raise MalformedJsonError("A text has half of a surrogate pair in it; write both halves")
    return _NUL in text


def _refuse_duplicates(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        name = next(name for name, _ in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        raise MalformedJsonError(f"The name “{name[:_SHOWN_LENGTH]}” is there twice in one object; keep one of the two")
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise MalformedJsonError(f"{name} is no value of JSON")


def _read_integer(digits: str) -> int:
    if len(digits) <= _SAFE_DIGITS:
        return int(digits)
    if len(digits) > _SAFE_DIGITS + 2 or abs(int(digits)) > LARGEST_INTEGER:
        raise MalformedJsonError(f"A whole number is beyond ±{LARGEST_INTEGER:,}, so not every system can read it")
    return int(digits)


def _read_fraction(digits: str) -> float:
    number = float(digits)
    if isinf(number):
        raise MalformedJsonError("A number is too large, so not every system can read it")
    return number


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_refuse_duplicates,
    parse_constant=_refuse_constant,
    parse_int=_read_integer,
    parse_float=_read_fraction,
)
