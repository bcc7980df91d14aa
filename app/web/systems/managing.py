"""Other systems: the list, adding one, its next token, and ending it. A token is shown once, on the reply to a form."""

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import PublicUrl
from app.domain.access import Deed, can
from app.domain.api_access import ScopeName, StoredToken
from app.domain.errors import NotFoundError
from app.domain.organisations import tidy_name
from app.domain.times import date_words
from app.renderings.words import count, join, quoted
from app.services import api_clients, other_systems
from app.services.api_clients import OVERLAP, MadeToken
from app.services.other_systems import EVERYWHERE, LIFETIMES, Asked, Fault, Offers, Place, System
from app.web import paths
from app.web.forms import NO_FIELDS, Form, reads
from app.web.pages import FieldError, Link, Tag
from app.web.people.desk import Desk, DeskDep
from app.web.routing import make_router
from app.web.systems import addresses
from app.web.systems.pages import (
    AddSystemPage,
    EndPage,
    NextTokenPage,
    Option,
    SystemCard,
    SystemsPage,
    TokenPage,
    TokenRow,
)
from app.web.systems.words import WORDS, say_held
from app.web.words import moment_words

router = make_router()

CHOSEN: Final = {name: f"can-{name.replace(':', '-')}" for name in ScopeName}
"""The field of each scope."""
AddForm = Annotated[Form, Depends(reads("name", *CHOSEN.values(), "place", "days", "id"))]
NextForm = Annotated[Form, Depends(reads("days", "seen"))]
NOTHING: Final = Form({})
USUAL_DAYS: Final = "90"
BACK: Final = Link("Back to other systems", addresses.SYSTEMS)
PULLED: Final = (ScopeName.RESULTS_READ, ScopeName.RELEASES_READ)
"""What the example of a request shows, the first that is held; else the questionnaires."""


@router.get(addresses.SYSTEMS)
def systems_page(desk: DeskDep) -> HTMLResponse:
    """Leads, coordinators and central teams: the systems that use the API on their behalf, and their tokens."""
    systems = other_systems.list_systems(desk.database, desk.actor, desk.now)
    cards = [(_make_card(each, desk.now), each.client.revoked_at is None) for each in systems]
    sees_all = can(desk.actor, Deed.SET_UP)
    return desk.show(
        "systems/systems.html",
        SystemsPage(
            title="Other systems",
            back=Link("Back to your account", paths.ACCOUNT),
            lead="Every system that uses the API, whoever added it." if sees_all else "The systems that you added.",
            add=addresses.ADD,
            working=tuple(card for card, is_open in cards if is_open),
            ended=tuple(card for card, is_open in cards if not is_open),
            nothing="There is none yet.",
            reference=paths.API,
        ),
    )


@router.get(addresses.ADD)
def add_page(desk: DeskDep) -> HTMLResponse:
    """Leads, coordinators and central teams: the form that adds a system, with what they may give it."""
    return _show_form(desk, other_systems.get_offers(desk.database, desk.actor), NOTHING)


@router.post(addresses.ADD)
def add(request: Request, form: AddForm, desk: DeskDep, public_url: PublicUrl) -> Response:
    """Leads, coordinators and central teams: adds a system, and shows its token this once."""
    asked = Asked(
        name=tidy_name(form.get("name")),
        chosen=frozenset(name for name, field in CHOSEN.items() if form.get(field)),
        place=form.get("place"),
        days=form.get("days"),
        id=_read_id(form.get("id")),
    )
    made = other_systems.ask(desk.database, desk.actor, asked, desk.now, desk.keys)
    if isinstance(made, MadeToken):
        return _show_token(desk, asked.name, made, _find_base(request, public_url), title="The system is added")
    return _show_form(desk, other_systems.get_offers(desk.database, desk.actor), form, _as_errors(made))


@router.get(addresses.NEXT_TOKEN)
def next_token_page(desk: DeskDep, client_id: UUID) -> HTMLResponse:
    """Leads, coordinators and central teams: asks how long the next token of their system is to work."""
    return _show_next(desk, _get_own(desk, client_id), NOTHING)


@router.post(addresses.NEXT_TOKEN)
def make_next_token(
    request: Request, form: NextForm, desk: DeskDep, public_url: PublicUrl, client_id: UUID
) -> Response:
    """Leads, coordinators and central teams: makes the next token of their system, and shows it this once."""
    system = _get_own(desk, client_id)
    days, seen = form.get("days"), _read_id(form.get("seen"))
    made = other_systems.ask_next(desk.database, desk.actor, client_id, days, seen, desk.now, desk.keys)
    if isinstance(made, MadeToken):
        base = _find_base(request, public_url)
        before = _say_before(system, desk.now)
        return _show_token(desk, system.client.name, made, base, title="The next token is made", before=before)
    return _show_next(desk, system, form, _as_errors(made))


@router.get(addresses.END)
def end_page(desk: DeskDep, client_id: UUID) -> HTMLResponse:
    """Leads, coordinators and central teams: asks whether a system of theirs is to end."""
    system = other_systems.get_system(desk.database, desk.actor, client_id, desk.now)
    open_tokens = sum(token.is_open(desk.now) for token in system.client.tokens)
    return desk.show(
        "systems/end.html",
        EndPage(
            title=f"Do you want to end {quoted(system.client.name)}?",
            back=BACK,
            paragraphs=(
                f"It gets nothing more, at once. {count(open_tokens, 'token')} of it will stop working.",
                "This cannot be undone. To let the system in again, add it anew and give it the new token.",
            ),
            button="End this system",
            action=addresses.end(client_id),
            keep=addresses.SYSTEMS,
        ),
    )


@router.post(addresses.END, dependencies=[NO_FIELDS])
def end(desk: DeskDep, client_id: UUID) -> Response:
    """Leads, coordinators and central teams: ends a system of theirs with all its tokens, at once."""
    api_clients.revoke(desk.database, desk.actor, client_id, desk.now)
    return RedirectResponse(addresses.SYSTEMS, 303)


@router.get(addresses.END_TOKEN)
def end_token_page(desk: DeskDep, client_id: UUID, token_id: UUID) -> HTMLResponse:
    """Leads, coordinators and central teams: asks whether one token of their system is to end."""
    client = other_systems.get_system(desk.database, desk.actor, client_id, desk.now).client
    token = next((each for each in client.tokens if each.id == token_id), None)
    if token is None:
        raise NotFoundError("There is no such token")
    others = [each for each in client.tokens if each.id != token_id and each.is_open(desk.now)]
    return desk.show(
        "systems/end.html",
        EndPage(
            title=f"Do you want to end the token …{token.hint} of {quoted(client.name)}?",
            back=BACK,
            paragraphs=(
                "It stops working at once, and so does every access token that was given to this system.",
                f"The system can go on with {join([f'…{each.hint}' for each in others])}."
                if others
                else "The system has no other token, so it gets nothing until you give it the next one.",
            ),
            button="End this token",
            action=addresses.end_token(client_id, token_id),
            keep=addresses.SYSTEMS,
        ),
    )


@router.post(addresses.END_TOKEN, dependencies=[NO_FIELDS])
def end_token(desk: DeskDep, client_id: UUID, token_id: UUID) -> Response:
    """Leads, coordinators and central teams: ends one token of their system, at once."""
    api_clients.revoke_token(desk.database, desk.actor, client_id, token_id, desk.now)
    return RedirectResponse(addresses.SYSTEMS, 303)


# ---- What the pages show ---------------------------------------------------------------------------------------------


def _make_card(system: System, now: datetime) -> SystemCard:
    client = system.client
    is_open = client.revoked_at is None
    works = any(token.is_open(now) for token in client.tokens)
    by = "" if system.is_own else f" by {client.maker}"
    ended = f". Ended at {moment_words(client.revoked_at)}" if client.revoked_at else ""
    return SystemCard(
        name=client.name,
        tag=Tag(text="Working", colour="green") if is_open and works else Tag(text="Not working", colour="grey"),
        may=tuple(map(say_held, system.held)),
        made=f"On {date_words(client.created_at)}{by}{ended}",
        tokens=tuple(_make_row(system, token, now) for token in client.tokens),
        next_token=addresses.next_token(client.id) if is_open and system.is_own else "",
        end=addresses.end(client.id) if is_open else "",
    )


def _make_row(system: System, token: StoredToken, now: datetime) -> TokenRow:
    if token.revoked_at:
        ends = f"ended at {moment_words(token.revoked_at)}"
    else:
        ends = f"{'works until' if token.expires_at > now else 'ran out at'} {moment_words(token.expires_at)}"
    used = f"last used at {moment_words(token.last_used_at)}" if token.last_used_at else "not used yet"
    can_end = system.client.revoked_at is None and token.is_open(now)
    return TokenRow(
        name=f"Token …{token.hint}",
        text=f"Made on {date_words(token.created_at)}, {ends}, {used}",
        end=addresses.end_token(system.client.id, token.id) if can_end else "",
    )


def _show_form(desk: Desk, offers: Offers, form: Form, errors: tuple[FieldError, ...] = ()) -> HTMLResponse:
    return desk.show(
        "systems/add.html",
        AddSystemPage(
            title="Add a system",
            back=BACK,
            errors=errors,
            name=form.get("name"),
            deeds=tuple(
                Option(
                    id="can" if place == 0 else CHOSEN[name],
                    name=CHOSEN[name],
                    value="yes",
                    text=WORDS[name].text,
                    hint=WORDS[name].hint,
                    checked=bool(form.get(CHOSEN[name])),
                )
                for place, name in enumerate(name for name in WORDS if name in offers.names)
            ),
            places=_list_places(offers, form.get("place")),
            lifetimes=_list_lifetimes(form.get("days")),
            id=str(offers.next_id),
            action=addresses.ADD,
        ),
        422 if errors else 200,
    )


def _list_places(offers: Offers, chosen: str) -> tuple[tuple[str, tuple[Option, ...]], ...]:
    everywhere = (Place(EVERYWHERE, "Everywhere"),) if offers.everywhere else ()
    groups = (
        ("All partnerships and rounds", everywhere),
        ("One partnership", offers.partnerships),
        ("One round", offers.rounds),
    )
    only = offers.partnerships[0].value if len(offers.places) == 1 else ""
    return tuple(
        (title, tuple(_make_place(each, chosen or only) for each in places)) for title, places in groups if places
    )


def _make_place(place: Place, chosen: str) -> Option:
    return Option(id="", name="place", value=place.value, text=place.name, hint="", checked=place.value == chosen)


def _list_lifetimes(chosen: str) -> tuple[Option, ...]:
    return tuple(
        Option(
            id="days" if place == 0 else f"days-{days}",
            name="days",
            value=str(days),
            text=count(days, "day"),
            hint="",
            checked=str(days) == (chosen or USUAL_DAYS),
        )
        for place, days in enumerate(LIFETIMES)
    )


def _show_token(desk: Desk, name: str, made: MadeToken, base: str, *, title: str, before: str = "") -> HTMLResponse:
    """Show a token, on the reply to the form that made it: so it stands in no address, history or log."""
    held = [scope for scope in PULLED if any(each.name is scope for each in made.scopes)]
    what = f"{held[0]}".partition(":")[0] if held else "questionnaires"
    return desk.show(
        "systems/token.html",
        TokenPage(
            title=title,
            back=BACK,
            name=name,
            token=made.token,
            until=moment_words(made.expires_at),
            curl=f'read -rs TOKEN\ncurl {base}/api/v1/{what} \\\n  --header "Authorization: Bearer $TOKEN"\n',
            client_id=str(made.client_id),
            before=before,
            systems=Link("See all systems", addresses.SYSTEMS),
            reference=paths.API,
        ),
    )


def _show_next(desk: Desk, system: System, form: Form, errors: tuple[FieldError, ...] = ()) -> HTMLResponse:
    client = system.client
    return desk.show(
        "systems/next_token.html",
        NextTokenPage(
            title=f"The next token of {quoted(client.name)}",
            back=BACK,
            errors=errors,
            name=client.name,
            before=_say_before(system, desk.now),
            lifetimes=_list_lifetimes(form.get("days")),
            seen=str(client.tokens[0].id) if client.tokens else "",
            action=addresses.next_token(client.id),
            keep=addresses.SYSTEMS,
        ),
        422 if errors else 200,
    )


def _say_before(system: System, now: datetime) -> str:
    """Say what becomes of the tokens that work now."""
    open_tokens = [token for token in system.client.tokens if token.is_open(now)]
    if not open_tokens:
        return ""
    hints = join([f"…{token.hint}" for token in open_tokens])
    until = max(min(token.expires_at, now + OVERLAP) for token in open_tokens)
    word = "token" if len(open_tokens) == 1 else "tokens"
    return (
        f"The {word} {hints} {'goes' if len(open_tokens) == 1 else 'go'} on until {moment_words(until)}, and no longer."
    )


def _get_own(desk: Desk, client_id: UUID) -> System:
    """Get a system that may be given a token here: one's own, that goes on."""
    system = other_systems.get_system(desk.database, desk.actor, client_id, desk.now)
    if not system.is_own or system.client.revoked_at is not None:
        raise NotFoundError("This system cannot be given a token")
    return system


def _find_base(request: Request, public_url: str) -> str:
    return public_url or str(request.base_url).rstrip("/")  # to whoever asked here, and to nobody else


def _as_errors(faults: tuple[Fault, ...]) -> tuple[FieldError, ...]:
    return tuple(FieldError(fault.field, fault.text) for fault in faults)


def _read_id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
