"""Who asks: a bearer token, and what it may do."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from app.api.rates import Rates, find_bearer
from app.dependencies import DatabaseDep, Now, TokenKeysDep
from app.domain.api_access import ApiPass
from app.domain.errors import SignInNeededError
from app.services import api_clients

BEARER = HTTPBearer(
    auto_error=False, bearerFormat="enb_…", description="A token that somebody made for your system, or an access token"
)


def find_token(request: Request) -> str:
    """Give the bearer token that was sent. Raises `SignInNeededError` where there is none."""
    token = find_bearer(request.scope)
    if not token:
        raise SignInNeededError("Send a token as Authorization: Bearer …")
    return token


def get_pass(
    request: Request,
    database: DatabaseDep,
    keys: TokenKeysDep,
    now: Now,
    _: Annotated[object, Depends(BEARER)],  # says in the description how to authenticate
) -> ApiPass:
    """Give who asks. Raises `SignInNeededError`."""
    request.state.hides = True  # what is not there, and what they may not know of, are told in the same words
    token = find_token(request)
    found = api_clients.authenticate(database, token, now, keys)
    rates: Rates = request.app.state.api_rates
    rates.know(token)
    return found


PassDep = Annotated[ApiPass, Depends(get_pass)]
TokenDep = Annotated[str, Depends(find_token)]
