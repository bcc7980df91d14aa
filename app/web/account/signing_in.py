"""Signing in by a one-time link, and out."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import DatabaseDep, Demonstration, Now, SessionCookie, SessionToken, SourceDep, TokenKeysDep
from app.domain.identity import IdentityProvider
from app.domain.inviting import find_address_fault
from app.services import signing_in
from app.web import paths
from app.web.account.pages import LinkSentPage, SignInPage, UseLinkPage
from app.web.arriving import ArriveDep, keep_local
from app.web.forms import NO_FIELDS, Form, reads
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

NextQuery = Annotated[str, Query(alias="next")]
SignInForm = Annotated[Form, Depends(reads("email", "next"))]


@router.get(paths.SIGN_IN)
def sign_in_page(request: Request, show: ShowDep, demonstration: Demonstration, go_to: NextQuery = "") -> HTMLResponse:
    """Anyone: asks for an address."""
    return show("account/sign_in.html", _sign_in_page(request, "", go_to, demonstration=demonstration))


@router.post(paths.SIGN_IN)
def send_link(
    *,
    request: Request,
    show: ShowDep,
    database: DatabaseDep,
    form: SignInForm,
    source: SourceDep,
    now: Now,
    keys: TokenKeysDep,
    demonstration: Demonstration,
) -> HTMLResponse:
    """Anyone: sends a one-time link; the page is the same whether or not the address is known."""
    email, go_to = form.get("email"), keep_local(form.get("next"))
    error = find_address_fault(email.lower())
    if error:
        page = _sign_in_page(request, email, go_to, demonstration=demonstration, errors=(FieldError("email", error),))
        return show("account/sign_in.html", page, 422)
    signing_in.request_link(database, email, go_to, source, now, keys)
    return show(
        "account/link_sent.html",
        LinkSentPage(title="Check your email", back=Link("Back", paths.SIGN_IN), demonstration=demonstration),
    )


def _sign_in_page(
    request: Request, email: str, go_to: str, *, demonstration: bool, errors: tuple[FieldError, ...] = ()
) -> SignInPage:
    provider: IdentityProvider | None = request.app.state.identity_provider
    way_round = f"{paths.SIGN_IN_WITH_PROVIDER}?next={quote(keep_local(go_to))}"
    return SignInPage(
        title="Sign in",
        back=Link("Back to the start page", paths.START),
        errors=errors,
        email=email,
        next=keep_local(go_to),
        provider=Link(f"Sign in with {provider.name}", way_round) if provider else None,
        demonstration=demonstration,
    )


@router.get(paths.SIGN_IN + "/{token}")
def use_link_page(show: ShowDep, token: str, go_to: NextQuery = "") -> HTMLResponse:
    """Anyone with a link: shows a button. Looking at it does not spend the link, as mail scanners do look."""
    action = f"{paths.SIGN_IN}/{quote(token, safe='')}?next={quote(keep_local(go_to))}"
    return show("account/use_link.html", UseLinkPage(title="Sign in to Reform enablers", action=action))


@router.post(paths.SIGN_IN + "/{token}", dependencies=[NO_FIELDS])
def use_link(
    arrive: ArriveDep,
    database: DatabaseDep,
    source: SourceDep,
    now: Now,
    keys: TokenKeysDep,
    token: str,
    go_to: NextQuery = "",
) -> Response:
    """Anyone with a link: spends it and signs in."""
    return arrive(signing_in.use_link(database, token, source, now, keys), go_to)


@router.post(paths.SIGN_OUT, dependencies=[NO_FIELDS])
def sign_out(
    request: Request, database: DatabaseDep, keys: TokenKeysDep, cookie: SessionCookie, session_token: SessionToken
) -> Response:
    """Anyone: ends the session of this device."""
    if session_token:
        signing_in.sign_out(database, session_token, keys)
    return leave(request, cookie)


def leave(request: Request, cookie: str) -> Response:
    """Lead to the start page, and let the browser forget the cookie."""
    response = RedirectResponse(paths.START, 303)
    response.delete_cookie(cookie, path="/", secure=request.app.state.secure_cookies, httponly=True, samesite="lax")
    return response
