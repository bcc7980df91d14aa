"""Signing in through an identity provider, where the operator names one."""

from typing import Annotated, Final

from fastapi import Depends, Query, Request
from fastapi.responses import RedirectResponse, Response

from app.dependencies import OVER_HTTPS_ONLY, DatabaseDep, Now, TokenKeysDep
from app.domain.errors import NotFoundError
from app.domain.identity import Handshake, IdentityProvider
from app.services import signing_in
from app.services.tokens import make_token
from app.web import paths
from app.web.arriving import ArriveDep, keep_local
from app.web.routing import make_router

router = make_router()

COOKIE: Final = "enablers_handshake"
AWAY_AT_MOST_SECONDS: Final = 600
"""How long somebody may take at the provider."""


def get_provider(request: Request) -> IdentityProvider:
    """Give the provider; raises `NotFoundError` where there is none."""
    provider: IdentityProvider | None = request.app.state.identity_provider
    if provider is None:
        raise NotFoundError("There is no such way to sign in")
    return provider


ProviderDep = Annotated[IdentityProvider, Depends(get_provider)]


def get_cookie(request: Request) -> str:
    """Give the name of the cookie that is kept while somebody is away."""
    return f"{OVER_HTTPS_ONLY}{COOKIE}" if request.app.state.secure_cookies else COOKIE


CookieDep = Annotated[str, Depends(get_cookie)]


@router.get(paths.SIGN_IN_WITH_PROVIDER)
def go_to_provider(
    request: Request, provider: ProviderDep, cookie: CookieDep, go_to: Annotated[str, Query(alias="next")] = ""
) -> Response:
    """Anyone: leads to the provider, and remembers the question until the answer comes."""
    handshake = Handshake(make_token(), make_token(), make_token())
    response = RedirectResponse(provider.begin(handshake), 303)
    response.set_cookie(
        cookie,
        f"{handshake.pack()} {keep_local(go_to)}",
        max_age=AWAY_AT_MOST_SECONDS,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.app.state.secure_cookies,
    )
    return response


@router.get(paths.BACK_FROM_PROVIDER)
def come_back(
    request: Request,
    provider: ProviderDep,
    cookie: CookieDep,
    arrive: ArriveDep,
    database: DatabaseDep,
    now: Now,
    keys: TokenKeysDep,
) -> Response:
    """Anyone: signs in whoever has the address that the provider has verified."""
    packed, _, go_to = request.cookies.get(cookie, "").partition(" ")
    email = provider.finish(Handshake.unpack(packed), request.query_params, now)
    response = arrive(signing_in.sign_in_as(database, email, now, keys), go_to)
    response.delete_cookie(cookie, path="/", secure=request.app.state.secure_cookies, httponly=True, samesite="lax")
    return response
