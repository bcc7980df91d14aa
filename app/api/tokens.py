"""Access tokens for a client's credentials: OAuth 2.0, RFC 6749 section 4.4."""

import base64
import binascii
import json
from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Final
from urllib.parse import unquote_plus

from fastapi import Form, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response

from app.api import responses
from app.api.bodies import OnceRoute, check_fields
from app.api.kinds import INVALID, SIGN_IN_NEEDED, TOO_MANY_ATTEMPTS, UNSUPPORTED_TYPE
from app.api.problems import FieldFault, InvalidError, UnsupportedTypeError, show_problem
from app.api.replies import reply, to_json
from app.api.routing import PREFIX, make_router
from app.api.schemas import AccessToken, TokenRequest
from app.dependencies import DatabaseDep, Now, SourceDep, TokenKeysDep
from app.domain.api_access import write_scopes
from app.domain.errors import AnswerError, EnablersError, SignInNeededError
from app.services import api_clients, limiting
from app.services.limiting import Slowed

FORM: Final = "application/x-www-form-urlencoded"
GRANT: Final = "client_credentials"
MUST_BE_GRANT: Final = f"must be {GRANT}"


class OAuthRoute(OnceRoute):
    """A route whose problems have the `error` that OAuth clients look for: RFC 6749 section 5.2."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Put the name of the error into the problem."""
        handle = super().get_route_handler()

        async def handle_for_oauth(request: Request) -> Response:
            try:
                if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
                    raise UnsupportedTypeError(f"Send the body as Content-Type: {FORM}")
                check_fields(await request.form())
                return await handle(request)
            except (EnablersError, RequestValidationError) as error:
                shown = show_problem(request, error)
                problem = json.loads(bytes(shown.body))
                if name := name_error(problem):
                    headers = {key: value for key, value in shown.headers.items() if key != "content-length"}
                    return Response(to_json({**problem, "error": name}), shown.status_code, headers)
                return shown

        return handle_for_oauth


def name_error(problem: Mapping[str, Any]) -> str:
    """Name a problem as RFC 6749 does; empty where it has no name for it."""
    if problem["status"] == HTTPStatus.UNAUTHORIZED:
        return "invalid_client"
    if problem["status"] != HTTPStatus.UNPROCESSABLE_ENTITY:
        return ""
    pointers = {fault["pointer"]: fault["detail"] for fault in problem["errors"]}
    if pointers.get("/grant_type") == MUST_BE_GRANT:
        return "unsupported_grant_type"
    return "invalid_scope" if pointers.keys() == {"/scope"} else "invalid_request"


router = make_router("Tokens", OAuthRoute)

PATH: Final = f"{PREFIX}/oauth/token"


@router.post(
    "/oauth/token",
    summary="Get an access token",
    response_model=AccessToken,
    response_description="A token for an hour",
    responses=responses.problems(INVALID, SIGN_IN_NEEDED, TOO_MANY_ATTEMPTS, UNSUPPORTED_TYPE),
)
def make_access_token(
    request: Request,
    database: DatabaseDep,
    keys: TokenKeysDep,
    now: Now,
    source: SourceDep,
    wanted: Annotated[TokenRequest, Form()],
) -> Response:
    """Exchange a client’s id and one of its tokens for an access token of an hour, perhaps with fewer scopes."""
    if wanted.grant_type != GRANT:
        raise InvalidError([FieldFault("/grant_type", MUST_BE_GRANT)])
    basic = read_basic(request.headers.get("authorization", ""))
    client, secret = basic or (wanted.client_id, wanted.client_secret)
    try:
        made = api_clients.exchange(database, client, secret, wanted.scope, now, keys)
    except SignInNeededError:
        limiting.check_source(database, Slowed.FAILED_TOKEN, source, now)
        raise
    except AnswerError as error:  # of what was sent, the scopes are all that it can be about
        raise InvalidError([FieldFault("/scope", str(error))]) from None
    return reply(
        {
            "access_token": made.token,
            "token_type": "Bearer",
            "expires_in": int((made.expires_at - now).total_seconds()),
            "scope": write_scopes(made.scopes),
        },
        **{"Cache-Control": "no-store", "Pragma": "no-cache"},
    )


def read_basic(header: str) -> tuple[str, str] | None:
    """Read a name and a password of HTTP Basic; `None` where there are none."""
    kind, _, encoded = header.partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, separator, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return (unquote_plus(name), unquote_plus(password)) if separator else ("", "")
