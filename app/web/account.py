"""Signing in and out, and stepping in at the demonstration."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import SESSION_COOKIE, DatabaseDep, Demonstration, MaybeActorDep, Now
from app.domain.errors import NotFoundError
from app.services import Database, signing_in
from app.services import demonstration as demonstrating
from app.web import paths
from app.web.forms import NO_FIELDS, Form, reads
from app.web.pages import DemonstrationPage, FieldError, Hat, Link, LinkSentPage, SignInPage, UseLinkPage
from app.web.templating import ShowDep

router = APIRouter()

NextQuery = Annotated[str, Query(alias="next")]
SignInForm = Annotated[Form, Depends(reads("email", "next"))]
StepInForm = Annotated[Form, Depends(reads("person", "next"))]
LONGEST_PATH = 500
EMAIL_LENGTH = 320


@router.get(paths.SIGN_IN)
def sign_in_page(show: ShowDep, demonstration: Demonstration, go_to: NextQuery = "") -> HTMLResponse:
    """Anyone: asks for an address."""
    return show("account/sign_in.html", _sign_in_page("", go_to, demonstration=demonstration))


@router.post(paths.SIGN_IN)
def send_link(
    request: Request, show: ShowDep, database: DatabaseDep, now: Now, form: SignInForm, demonstration: Demonstration
) -> HTMLResponse:
    """Anyone: sends a one-time link; the page is the same whether or not the address is known."""
    email, go_to = form.get("email"), form.get("next")
    error = _check_email(email)
    if error:
        page = _sign_in_page(email, go_to, demonstration=demonstration, errors=(FieldError("email", error),))
        return show("account/sign_in.html", page, 400)
    token = signing_in.request_link(database, email, now)
    link = f"{paths.SIGN_IN}/{token}?next={quote(_safe(go_to))}" if token else None
    if link:
        request.app.state.deliver_link(email, link)
    return show(
        "account/link_sent.html",
        LinkSentPage(
            title="Check your email",
            back=Link("Back", paths.SIGN_IN),
            link=link if demonstration else None,
            demonstration=demonstration,
        ),
    )


def _sign_in_page(email: str, go_to: str, *, demonstration: bool, errors: tuple[FieldError, ...] = ()) -> SignInPage:
    return SignInPage(
        title="Sign in",
        back=Link("Back to the start page", paths.START),
        errors=errors,
        email=email,
        next=_safe(go_to),
        demonstration=demonstration,
    )


def _check_email(email: str) -> str:
    if not email:
        return "Enter your email address"
    name, at, host = email.partition("@")
    if not (name and at and "." in host) or len(email) > EMAIL_LENGTH or not email.isprintable() or " " in email:
        return "Enter an email address in the right form, like name@example.org"
    return ""


@router.get(paths.SIGN_IN + "/{token}")
def use_link_page(show: ShowDep, token: str, go_to: NextQuery = "") -> HTMLResponse:
    """Anyone with a link: shows a button. Looking at it does not spend the link, as mail scanners do look."""
    action = f"{paths.SIGN_IN}/{quote(token, safe='')}?next={quote(_safe(go_to))}"
    return show("account/use_link.html", UseLinkPage(title="Sign in to Reform enablers", action=action))


@router.post(paths.SIGN_IN + "/{token}", dependencies=[NO_FIELDS])
def use_link(request: Request, database: DatabaseDep, now: Now, token: str, go_to: NextQuery = "") -> Response:
    """Anyone with a link: spends it and signs in."""
    return _signed_in(request, database, signing_in.use_link(database, token, now), go_to)


@router.post(paths.SIGN_OUT, dependencies=[NO_FIELDS])
def sign_out(request: Request, database: DatabaseDep) -> Response:
    """Anyone: ends the session of this device."""
    token = request.cookies.get(SESSION_COOKIE)
    if token:
        signing_in.sign_out(database, token)
    response = RedirectResponse(paths.START, 303)
    response.delete_cookie(SESSION_COOKIE)
    return response


@router.get(paths.DEMONSTRATION)
def demonstration_page(
    show: ShowDep, database: DatabaseDep, actor: MaybeActorDep, demonstration: Demonstration, go_to: NextQuery = ""
) -> HTMLResponse:
    """Anyone, in the demonstration only: whom to step in as."""
    _check_demonstration(demonstration=demonstration)
    hats = demonstrating.list_hats(database)
    first = {hat.person_id for hat in hats}
    everyone = signing_in.list_people(database)
    return show(
        "account/demonstration.html",
        DemonstrationPage(
            title="Step in as an invented person",
            back=Link("Back", paths.ASSESSMENTS if actor else paths.START),
            hats=tuple(
                Hat(person_id=str(hat.person_id), who=f"{hat.name}: {hat.what}", text=hat.suggestion) for hat in hats
            ),
            others=tuple(
                Hat(person_id=str(person_id), who=name, text=organisation or "central team")
                for person_id, name, organisation in everyone
                if person_id not in first
            ),
            next=_safe(go_to),
        ),
    )


@router.post(paths.DEMONSTRATION)
def step_in(
    request: Request, database: DatabaseDep, now: Now, form: StepInForm, demonstration: Demonstration
) -> Response:
    """Anyone, in the demonstration only: signs in as an invented person."""
    _check_demonstration(demonstration=demonstration)
    return _signed_in(request, database, signing_in.step_in(database, _person_id(form), now), form.get("next"))


def _check_demonstration(*, demonstration: bool) -> None:
    if not demonstration:
        raise NotFoundError("There is no demonstration here")


def _person_id(form: Form) -> UUID:
    try:
        return UUID(form.get("person"))
    except ValueError:
        raise NotFoundError("There is no such person") from None


def _signed_in(request: Request, database: Database, session_token: str, go_to: str) -> Response:
    replaced = request.cookies.get(SESSION_COOKIE)
    if replaced:
        signing_in.sign_out(database, replaced)
    response = RedirectResponse(_safe(go_to) or paths.ASSESSMENTS, 303)
    response.set_cookie(
        SESSION_COOKIE,
        session_token,
        max_age=int(signing_in.ABSOLUTE_LIMIT.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=request.app.state.secure_cookies,
    )
    return response


def _safe(path: str) -> str:
    """Keep a path of this service; anything that could lead elsewhere becomes nothing."""
    local = (
        len(path) <= LONGEST_PATH
        and path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and path.isprintable()
        and "\\" not in path
    )
    return path if local else ""
