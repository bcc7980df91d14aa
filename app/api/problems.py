"""Everything that goes wrong at this door, as a problem of RFC 9457. Routes have no try and except."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.routing import Match

from app.api.kinds import (
    FAILURE,
    GONE,
    IN_PROGRESS,
    INVALID,
    KEY_USED,
    KINDS,
    MALFORMED_JSON,
    METHOD_NOT_ALLOWED,
    NOT_ALLOWED,
    NOT_FOUND,
    NOT_POSSIBLE_NOW,
    PRECONDITION_FAILED,
    PRECONDITION_REQUIRED,
    SIGN_IN_NEEDED,
    TOO_LARGE,
    TOO_MANY_ATTEMPTS,
    UNAVAILABLE,
    UNSUPPORTED_TYPE,
    Kind,
)
from app.catalogue import QuestionnaireMissingError
from app.domain.errors import (
    AnswerError,
    EnablersError,
    InProgressError,
    InvitationError,
    LinkSpentError,
    NotAllowedError,
    NotAllowedNowError,
    NotFoundError,
    OtherBodyError,
    SignInNeededError,
    TooManyAttemptsError,
)
from app.domain.evidence import EvidenceDamagedError
from app.services import DatabaseUnavailableError

MEDIA_TYPE: Final = "application/problem+json"
MOST_FAULTS: Final = 100
LONGEST_NAME: Final = 100
RETRY_AFTER: Final = {UNAVAILABLE: "5", IN_PROGRESS: "1"}
"""Seconds after which to try again."""
HIDDEN: Final = "There is no such thing, or this token does not reach it"
"""What is told of whatever is not there, to whoever asks with a token."""


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One thing wrong with a request: where, as an RFC 6901 pointer, and what to do about it."""

    pointer: str
    detail: str
    place: str = "body"
    """Where the pointer points into: `body`, `query`, `path` or `header`."""


class InvalidError(EnablersError):
    """A request that can be read and cannot be used."""

    def __init__(self, faults: Iterable[FieldFault]) -> None:
        """Take at least one fault."""
        self.faults = tuple(faults)
        super().__init__(INVALID.title)


class MalformedJsonError(EnablersError):
    """A body that is not JSON, or JSON that no two systems read alike."""


class TooLargeError(EnablersError):
    """A body with more values than anyone needs."""


class UnsupportedTypeError(EnablersError):
    """A body of another type than JSON."""


class PreconditionRequiredError(EnablersError):
    """A request that does not say which version it is about."""


class StaleError(EnablersError):
    """A request about a version that is not there any more."""

    def __init__(self, words: str, current: Mapping[str, Any], faults: Iterable[FieldFault] = ()) -> None:
        """Take the sentence, what is there now, and where the body says otherwise."""
        super().__init__(words)
        self.current = current
        self.faults = tuple(faults)


KIND_OF: Final[Mapping[type, Kind]] = {
    DatabaseUnavailableError: UNAVAILABLE,
    EvidenceDamagedError: FAILURE,
    InProgressError: IN_PROGRESS,
    LinkSpentError: GONE,
    MalformedJsonError: MALFORMED_JSON,
    NotAllowedError: NOT_ALLOWED,
    NotAllowedNowError: NOT_POSSIBLE_NOW,
    NotFoundError: NOT_FOUND,
    OtherBodyError: KEY_USED,
    PreconditionRequiredError: PRECONDITION_REQUIRED,
    QuestionnaireMissingError: FAILURE,
    SignInNeededError: SIGN_IN_NEEDED,
    TooLargeError: TOO_LARGE,
    TooManyAttemptsError: TOO_MANY_ATTEMPTS,
    UnsupportedTypeError: UNSUPPORTED_TYPE,
}
"""Errors raised on purpose -> the type of problem, besides `INVALID`. One that is not here is a fault of ours."""
_KIND_OF_STATUS: Final = {kind.status: kind for kind in KINDS if kind not in {MALFORMED_JSON, KEY_USED, IN_PROGRESS}}
_DETAIL_OF: Final = {
    HTTPStatus.NOT_FOUND: "There is nothing at this address; /api lists what there is",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: TOO_LARGE.example,
}


def show_problem(request: Request, error: Exception) -> Response:
    """Render any error, of our own, of the framework or unforeseen, as a problem. OPTIONS gets its answer here too."""
    if faults := _find_faults(error):
        return make_problem(INVALID, faults=faults)
    if isinstance(error, StaleError):
        return _show_stale(error)
    if isinstance(error, HTTPException):
        return _show_http_error(request, error)
    kind = find_kind(error)
    if kind is FAILURE:
        return make_problem(FAILURE, FAILURE.example)
    headers = {}
    if isinstance(error, TooManyAttemptsError):
        headers["Retry-After"] = str(int(error.retry_after.total_seconds()))
    if kind in RETRY_AFTER:
        headers["Retry-After"] = RETRY_AFTER[kind]
    if kind is SIGN_IN_NEEDED:
        headers["WWW-Authenticate"] = "Bearer"
    is_hidden = kind is NOT_FOUND and getattr(request.state, "hides", False)
    return make_problem(kind, HIDDEN if is_hidden else str(error), headers=headers)


def _find_faults(error: Exception) -> Sequence[FieldFault]:
    """Give what is wrong with a request that can be read, where that is the error."""
    if isinstance(error, RequestValidationError):
        return read_validation_faults(error.errors())
    if isinstance(error, InvalidError):
        return error.faults
    return [FieldFault("", str(error))] if isinstance(error, AnswerError | InvitationError) else ()


def _show_stale(error: StaleError) -> Response:
    kind = PRECONDITION_FAILED
    problem = as_json(kind.type, kind.title, kind.status, str(error), error.faults)
    return _reply({**problem, "current": error.current}, kind.status, None)


def find_kind(error: Exception) -> Kind:
    """Find the type of problem of an error or of the nearest one it descends from; else it is a fault of ours."""
    return next((KIND_OF[base] for base in type(error).__mro__ if base in KIND_OF), FAILURE)


def make_problem(
    kind: Kind, detail: str = "", *, faults: Sequence[FieldFault] = (), headers: Mapping[str, str] | None = None
) -> Response:
    """Make the reply that tells of a problem."""
    if faults and not detail:
        more = "" if len(faults) == 1 else f", and {len(faults) - 1} more"
        detail = f"{faults[0].pointer or 'The body'}: {faults[0].detail}{more}"
    problem = as_json(kind.type, kind.title, kind.status, detail, faults)
    return _reply(problem, kind.status, headers)


def read_validation_faults(errors: Iterable[Mapping[str, Any]]) -> list[FieldFault]:
    """Put what Pydantic found into words, without a word of what was sent."""
    faults = []
    for error in errors:
        place, *steps = error["loc"] or ("body",)
        faults.append(FieldFault(make_pointer(steps), _explain(error), str(place)))
    return faults


def make_pointer(steps: Iterable[str | int]) -> str:
    """Write an RFC 6901 pointer. A name too long to repeat ends it: the pointer is then of what holds it."""
    pointer = ""
    for step in steps:
        token = str(step)
        if len(token) > LONGEST_NAME:
            break
        pointer += "/" + token.replace("~", "~0").replace("/", "~1")
    return pointer


def _explain(error: Mapping[str, Any]) -> str:
    bounds = error.get("ctx", {})
    words = {
        "missing": "is missing; add it",
        "extra_forbidden": "is unknown; remove it",
        "int_type": "must be a whole number",
        "int_parsing": "must be a whole number",
        "int_parsing_size": "must be a smaller whole number",
        "int_from_float": "must be a whole number",
        "bool_type": "must be true or false",
        "string_type": "must be a text",
        "dict_type": "must be an object",
        "model_type": "must be an object",
        "model_attributes_type": "must be an object",
        "list_type": "must be a list",
        "greater_than_equal": f"must be {bounds.get('ge')} or more",
        "less_than_equal": f"must be {bounds.get('le')} or less",
        "string_too_long": f"must have at most {bounds.get('max_length')} characters",
        "string_too_short": "must not be empty",
        "string_pattern_mismatch": "must be visible characters of ASCII, without spaces",
        "too_short": "must not be empty",
        "too_long": f"must have at most {bounds.get('max_length')} of them",
        "enum": f"must be {bounds.get('expected')}".replace("'", ""),
        "value_error": str(bounds.get("error")),
    }
    return words.get(error["type"]) or _WORDS_OF_FORM.get(error["type"].partition("_")[0]) or str(error["msg"])


_A_TIME: Final = "must be a time with its zone, such as 2026-11-02T09:30:00Z; in an address, write a + as %2B"
_WORDS_OF_FORM: Final = {
    "uuid": "must be an id as this service gives them, such as 019dcf79-3768-719a-ba77-326381785bc5",
    "datetime": _A_TIME,
    "timezone": _A_TIME,
}
"""What the type of an error begins with -> what a value must be, where it could not be read as that."""


def _show_http_error(request: Request, error: HTTPException) -> Response:
    status = HTTPStatus(error.status_code)
    headers = dict(error.headers or {})
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(find_methods(request))
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        return make_problem(METHOD_NOT_ALLOWED, f"This address takes {headers['Allow']}", headers=headers)
    unsaid = error.detail in {status.phrase, "Content Too Large"}
    detail = _DETAIL_OF.get(status, "") if unsaid else str(error.detail)
    kind = _KIND_OF_STATUS.get(status)
    if kind is None:
        return _reply(as_json("about:blank", status.phrase, status, detail or status.description), status, headers)
    return make_problem(kind, detail or kind.meaning, headers=headers)


def find_methods(request: Request) -> list[str]:
    """List every method that the address takes, whichever route it is of."""
    methods = {"OPTIONS"}
    for route in iter_route_contexts(request.app.routes):
        for method in route.methods or ():
            if route.matches({**request.scope, "method": method})[0] is Match.FULL:
                methods.add(method)
    if "GET" in methods:
        methods.add("HEAD")
    return sorted(methods)


def as_json(
    kind: str, title: str, status: HTTPStatus, detail: str, faults: Sequence[FieldFault] = ()
) -> dict[str, Any]:
    """Give a problem as plain values."""
    problem: dict[str, Any] = {"type": kind, "title": title, "status": status.value, "detail": detail}
    if faults:
        problem["errors"] = [_fault_as_json(fault) for fault in faults[:MOST_FAULTS]]
    return problem


def _fault_as_json(fault: FieldFault) -> dict[str, str]:
    shape = {"pointer": fault.pointer, "detail": fault.detail}
    return shape if fault.place == "body" else {**shape, "in": fault.place}


def _reply(problem: Mapping[str, Any], status: HTTPStatus, headers: Mapping[str, str] | None) -> Response:
    # What was sent may be quoted in it: whatever UTF-8 cannot hold must not be an error of its own.
    content = json.dumps(problem, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Response(content, status, headers={"Cache-Control": "no-store", **(headers or {})}, media_type=MEDIA_TYPE)
