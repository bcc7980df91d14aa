"""The types of problem that this door knows, each with a name, a title and what it means: the reference lists them."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from app.api.limits import DEEPEST, MOST_VALUES
from app.dependencies import LARGEST_BODY

REFERENCE: Final = "/api"
"""The page that explains each type of problem, and is the base of their names."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of problem: its name, the same title every time, and what it means."""

    name: str
    status: HTTPStatus
    title: str
    meaning: str
    example: str
    """The detail of one occurrence."""

    @property
    def type(self) -> str:
        """Give the reference that names it, and leads to what is said of it."""
        return f"{REFERENCE}#problem-{self.name}"


BAD_REQUEST: Final = Kind(
    "bad-request",
    HTTPStatus.BAD_REQUEST,
    "The request cannot be read",
    "The request breaks a rule of HTTP, or asks for a host name that this service does not answer to.",
    "This service does not answer to that host name",
)
MALFORMED_JSON: Final = Kind(
    "malformed-json",
    HTTPStatus.BAD_REQUEST,
    "The body is not well-formed JSON",
    "The body must be JSON in UTF-8 that every system reads alike (RFC 7493): no name twice in an object, no NaN or "
    f"Infinity, no half of a surrogate pair, no number beyond a double, at most {DEEPEST} levels deep. `detail` says "
    "what was found.",
    "The name “version” is there twice in one object; keep one of the two",
)
SIGN_IN_NEEDED: Final = Kind(
    "sign-in-needed",
    HTTPStatus.UNAUTHORIZED,
    "A token is needed",
    "The request carries no token, or one that is not valid any more.",
    "Send a token as Authorization: Bearer …",
)
NOT_ALLOWED: Final = Kind(
    "not-allowed",
    HTTPStatus.FORBIDDEN,
    "Not allowed",
    "You are known, and may not do this.",
    "Only central teams can follow rounds",
)
NOT_FOUND: Final = Kind(
    "not-found",
    HTTPStatus.NOT_FOUND,
    "Nothing is here",
    "There is no such thing, or nothing that you may know of: the two look the same.",
    "There is no questionnaire “local-partner”",
)
METHOD_NOT_ALLOWED: Final = Kind(
    "method-not-allowed",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "The method does not go with this address",
    "The header `Allow` lists the methods that do.",
    "This address takes GET, HEAD, OPTIONS",
)
NOT_ACCEPTABLE: Final = Kind(
    "not-acceptable",
    HTTPStatus.NOT_ACCEPTABLE,
    "There is no such form here",
    "The `Accept` asks for a form that this service cannot write. `detail` says which it can.",
    "This service writes no Parquet; ask for application/x-ndjson or text/csv",
)
NOT_POSSIBLE_NOW: Final = Kind(
    "not-possible-now",
    HTTPStatus.CONFLICT,
    "This is not possible now",
    "The move is not open in the present status or at this time.",
    "This assessment has been submitted, so its answers can no longer be changed",
)
IN_PROGRESS: Final = Kind(
    "in-progress",
    HTTPStatus.CONFLICT,
    "The same is being done at this moment",
    "The first request with this `Idempotency-Key` has no reply yet. Send the same again after the seconds in "
    "the header `Retry-After`: you get its reply.",
    "The same is being done at this moment. Send it again",
)
GONE: Final = Kind(
    "gone",
    HTTPStatus.GONE,
    "This is no longer here",
    "What was asked for has been used up or removed.",
    "This link was used already; ask for a new one",
)
PRECONDITION_FAILED: Final = Kind(
    "precondition-failed",
    HTTPStatus.PRECONDITION_FAILED,
    "It has changed since you looked",
    "The version that you saw is not the one that is there now, so nothing was stored. `current` has what is there; "
    "decide between the two, and send again with its version.",
    "Version 3, by Ann Lee, is there now",
)
PRECONDITION_REQUIRED: Final = Kind(
    "precondition-required",
    HTTPStatus.PRECONDITION_REQUIRED,
    "Say which version you saw",
    'Send `If-Match` with the entity tag of the answer as you saw it, and `"0"` where there was none.',
    'Send If-Match with the answer’s entity tag, or "0" where there is no answer yet',
)
KEY_USED: Final = Kind(
    "idempotency-key-used",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "The key was used for something else",
    "An `Idempotency-Key` names one request, body included, for 24 hours.",
    "This Idempotency-Key was used with another body. Give a new key, or send the same again",
)
KEY_KINDS: Final = (KEY_USED, IN_PROGRESS)
"""Of whatever takes an `Idempotency-Key`."""
TOO_LARGE: Final = Kind(
    "too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "The body is too large",
    f"A body may have at most {LARGEST_BODY:,} bytes, and {MOST_VALUES:,} values in it.",
    f"The body is over {LARGEST_BODY:,} bytes; send less",
)
UNSUPPORTED_TYPE: Final = Kind(
    "unsupported-type",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "The body must be JSON",
    "Send the body as `Content-Type: application/json`, in UTF-8 and not compressed.",
    "Send the body as Content-Type: application/json",
)
INVALID: Final = Kind(
    "invalid",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Something in the request is not valid",
    "The JSON can be read, but its content cannot be used. `errors` lists what is wrong, each with a JSON Pointer "
    "(RFC 6901) to its place in the body.",
    "/version: must be a whole number",
)
FAILURE: Final = Kind(
    "failure",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "Something went wrong here",
    "This is a fault of the service and not of the request.",
    "Try again later; if it stays, tell whoever runs this service",
)
UNAVAILABLE: Final = Kind(
    "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Not available at the moment",
    "Try again after the number of seconds in the header `Retry-After`.",
    "The database cannot be reached, or is full. Try again in a moment",
)

TOO_MANY_ATTEMPTS: Final = Kind(
    "too-many-attempts",
    HTTPStatus.TOO_MANY_REQUESTS,
    "Too many attempts",
    "The same was tried too often in a short time. Wait for the number of seconds in the header `Retry-After`.",
    "Too many attempts came from your network. Wait a quarter of an hour, then try again",
)


KINDS: Final = (
    BAD_REQUEST,
    MALFORMED_JSON,
    SIGN_IN_NEEDED,
    NOT_ALLOWED,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    NOT_ACCEPTABLE,
    NOT_POSSIBLE_NOW,
    IN_PROGRESS,
    GONE,
    PRECONDITION_FAILED,
    TOO_LARGE,
    UNSUPPORTED_TYPE,
    KEY_USED,
    INVALID,
    PRECONDITION_REQUIRED,
    TOO_MANY_ATTEMPTS,
    FAILURE,
    UNAVAILABLE,
)
