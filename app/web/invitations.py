"""Accepting an invitation. Looking at it takes nothing, as mail scanners do look."""

from typing import Annotated
from urllib.parse import quote

from fastapi import Depends
from fastapi.responses import HTMLResponse, Response

from app.dependencies import DatabaseDep, Now, SourceDep, TokenKeysDep
from app.domain.inviting import find_name_fault
from app.domain.organisations import tidy_name
from app.domain.times import moment_words
from app.services import accepting, inviting
from app.services.accepting import Opened
from app.services.letters import OFFERED
from app.web import paths
from app.web.arriving import ArriveDep
from app.web.forms import Form, reads
from app.web.pages import FieldError, Link, MessagePage
from app.web.people import addresses
from app.web.people.pages import AcceptPage
from app.web.routing import make_router
from app.web.templating import Show, ShowDep

router = make_router()

AcceptForm = Annotated[Form, Depends(reads("name"))]


@router.get(addresses.ACCEPT)
def invitation_page(
    show: ShowDep, database: DatabaseDep, source: SourceDep, now: Now, keys: TokenKeysDep, token: str
) -> HTMLResponse:
    """Anyone with a link: who invites them, to what, and the button that accepts."""
    opened = accepting.find_opened(database, token, source, now, keys)
    return _show_form(show, token, opened, opened.invitation.name) if opened else _show_dead(show)


@router.post(addresses.ACCEPT)
def accept(
    *,
    form: AcceptForm,
    show: ShowDep,
    arrive: ArriveDep,
    database: DatabaseDep,
    source: SourceDep,
    now: Now,
    keys: TokenKeysDep,
    token: str,
) -> Response:
    """Anyone with a link: accepts, once, and signs in as whoever has the address."""
    opened = accepting.find_opened(database, token, source, now, keys)
    if opened is None:
        return _show_dead(show)
    name = tidy_name(form.get("name"))
    fault = find_name_fault(name) if name else "Enter your name"
    if opened.asks_name and fault:
        return _show_form(show, token, opened, form.get("name"), (FieldError("name", fault),))
    session_token = accepting.accept(database, token, name, source, now, keys)
    return arrive(session_token) if session_token else _show_dead(show)


def _show_form(show: Show, token: str, opened: Opened, name: str, errors: tuple[FieldError, ...] = ()) -> HTMLResponse:
    invitation = opened.invitation
    who = f"{invitation.inviter} invites you" if invitation.inviter else "You are invited"
    where = f" for {invitation.place}" if invitation.place else ""
    return show(
        "people/accept.html",
        AcceptPage(
            title="Accept your invitation",
            errors=errors,
            offer=f"{who}{where}, as {OFFERED[invitation.grant.role]}.",
            address=invitation.email,
            asks_name=opened.asks_name,
            name=name,
            until=moment_words(invitation.expires_at),
            action=f"{inviting.ACCEPT}/{quote(token, safe='')}",
        ),
        422 if errors else 200,
    )


def _show_dead(show: Show) -> HTMLResponse:
    return show(
        "public/message.html",
        MessagePage(
            title="This invitation no longer works",
            paragraphs=(
                "It has been accepted, withdrawn, or sent again since, or is more than 14 days old.",
                "If you have accepted it, sign in with the address it was sent to.",
                "If there are several mails, use the newest. Otherwise ask whoever invited you to send it again.",
            ),
            links=(Link("Sign in", paths.SIGN_IN),),
        ),
        410,
    )
