"""“Your account”: who one is here, and where one is signed in."""

from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now, SessionCookie, SessionToken, TokenKeysDep
from app.domain.access import Actor
from app.domain.inviting import ROLE_NAMES
from app.domain.times import moment_words
from app.services import accounts, holding, signing_in
from app.services.accounts import Account, Device, Held
from app.services.api_clients import may_make
from app.web import paths
from app.web.account.pages import AccountPage, ChangeAccountPage, DeviceRow
from app.web.account.signing_in import leave
from app.web.arriving import keep_local
from app.web.forms import NO_FIELDS, Form, reads
from app.web.navigation import find_home
from app.web.pages import FieldError, Link
from app.web.routing import make_router
from app.web.systems.addresses import SYSTEMS
from app.web.templating import ShowDep

router = make_router()

DiscardForm = Annotated[Form, Depends(reads("path"))]
ChangeForm = Annotated[Form, Depends(reads("name", "reminders"))]


@router.get(paths.ACCOUNT)
def account_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, session_token: SessionToken, now: Now, keys: TokenKeysDep
) -> HTMLResponse:
    """Anyone signed in: their name, roles and devices."""
    account = accounts.get_account(database, actor, session_token, now, keys)
    return show("account/account.html", _make_account_page(account, actor))


def _make_account_page(account: Account, actor: Actor) -> AccountPage:
    return AccountPage(
        title="Your account",
        back=Link("Back", find_home(actor)),
        name=account.name,
        address=account.address,
        roles=tuple(map(_name_role, account.roles)),
        reminders="Yes" if account.wants_reminders else "No",
        devices=tuple(map(_make_device, account.devices)),
        change=paths.CHANGE_ACCOUNT,
        sign_out_everywhere=paths.SIGN_OUT_EVERYWHERE,
        systems=SYSTEMS if may_make(actor) else "",
    )


def _name_role(held: Held) -> str:
    name = ROLE_NAMES[held.role]
    name = name[:1].upper() + name[1:]
    return f"{name}, {held.place}" if held.place else name


def _make_device(device: Device) -> DeviceRow:
    last_seen = moment_words(device.last_seen)
    return DeviceRow(
        since=moment_words(device.since),
        last_seen=f"{last_seen} (the device you are using now)" if device.is_this else last_seen,
    )


@router.get(paths.CHANGE_ACCOUNT)
def change_page(
    show: ShowDep, database: DatabaseDep, actor: ActorDep, session_token: SessionToken, now: Now, keys: TokenKeysDep
) -> HTMLResponse:
    """Anyone signed in: the form for their name and reminders."""
    account = accounts.get_account(database, actor, session_token, now, keys)
    return show("account/change.html", _make_change_page(account.name, wants_reminders=account.wants_reminders))


@router.post(paths.CHANGE_ACCOUNT)
def change(form: ChangeForm, show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> Response:
    """Anyone signed in: saves their name, and whether they want reminders."""
    name, wants_reminders = form.get("name"), form.get("reminders") == "yes"
    refused = accounts.change(database, actor, name, now, wants_reminders=wants_reminders)
    if refused:
        errors = tuple(FieldError(fault.field, fault.text) for fault in refused.faults)
        return show("account/change.html", _make_change_page(name, wants_reminders=wants_reminders, errors=errors), 422)
    return RedirectResponse(paths.ACCOUNT, 303)


def _make_change_page(name: str, *, wants_reminders: bool, errors: tuple[FieldError, ...] = ()) -> ChangeAccountPage:
    return ChangeAccountPage(
        title="Change your name or reminders",
        back=Link("Back to your account", paths.ACCOUNT),
        errors=errors,
        name=name,
        wants_reminders=wants_reminders,
        action=paths.CHANGE_ACCOUNT,
    )


@router.post(paths.DISCARD)
def discard(form: DiscardForm, database: DatabaseDep, actor: ActorDep) -> Response:
    """Anyone signed in: forgets what they typed on a page before they were signed out, and shows it without."""
    path = keep_local(form.get("path"))
    holding.drop(database, actor, path)
    return RedirectResponse(path or find_home(actor), 303)


@router.post(paths.SIGN_OUT_EVERYWHERE, dependencies=[NO_FIELDS])
def sign_out_everywhere(
    request: Request, database: DatabaseDep, actor: ActorDep, now: Now, cookie: SessionCookie
) -> Response:
    """Anyone signed in: ends their sessions on every device, and sign-in links that are still open."""
    signing_in.sign_out_everywhere(database, actor, now)
    return leave(request, cookie)
