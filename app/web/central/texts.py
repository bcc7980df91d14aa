"""The operator's own texts, such as who is responsible for the data: which there are, and writing one."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.errors import NotFoundError
from app.domain.texts import LONGEST, WANTED, TextName, find_fault, split_paragraphs
from app.services import texts
from app.services.texts import TextChanged, TextRefused
from app.web.central import addresses
from app.web.forms import Form, reads
from app.web.pages import FieldError, Link, Page, Tag
from app.web.routing import make_router
from app.web.templating import Show, ShowDep

router = make_router()

TextForm = Annotated[Form, Depends(reads("text", "seen", "then"))]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRow:
    """One text, and whether it is there."""

    title: str
    href: str
    hint: str
    tag: Tag | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsPage(Page):
    """All texts."""

    rows: tuple[TextRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPage(Page):
    """Writing one text."""

    action: str
    hint: str
    text: str
    longest: int
    seen: str
    preview: tuple[str, ...]
    """In paragraphs, as pages show it."""
    theirs: tuple[str, ...]
    """What somebody else wrote meanwhile."""


@router.get(addresses.TEXTS)
def texts_page(show: ShowDep, database: DatabaseDep, actor: ActorDep) -> HTMLResponse:
    """Central administrators: the texts that only they can write, and which are missing."""
    filled = texts.read_texts(database, actor)
    return show(
        "central/texts.html",
        TextsPage(
            title="The service’s own words",
            back=Link("Back to the set-up", addresses.SET_UP),
            rows=tuple(
                TextRow(
                    title=wanted.title,
                    href=addresses.text(name),
                    hint=wanted.hint,
                    tag=None if name in filled else Tag(text="Missing", colour="yellow"),
                )
                for name, wanted in WANTED.items()
            ),
        ),
    )


@router.get(addresses.TEXT)
def text_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, name: str) -> HTMLResponse:
    """Central administrators: one text, to write or change it."""
    known = _get_name(name)
    stored = texts.read_texts(database, actor).get(known, "")
    return _show(show, known, stored, texts.digest(stored))


@router.post(addresses.TEXT)
def save_text(
    form: TextForm,  # first, so that rights and time are those of the moment when all of it has come
    show: ShowDep,
    database: DatabaseDep,
    actor: ActorDep,
    now: Now,
    name: str,
) -> Response:
    """Central administrators: shows how the text will look, or saves it."""
    known, text, seen = _get_name(name), form.get("text"), form.get("seen")
    if form.get("then") == "preview":
        texts.read_texts(database, actor)  # raises for whoever may not
        return _show(show, known, text, seen, preview=True, fault=find_fault(text))
    match texts.save_text(database, actor, known, text, seen, now):
        case TextRefused(fault):
            return _show(show, known, text, seen, fault=fault)
        case TextChanged(theirs):
            fault = "Somebody else has changed this text meanwhile. Theirs is below; save to replace it with yours"
            return _show(show, known, text, texts.digest(theirs), fault=fault, theirs=theirs)
        case None:
            return RedirectResponse(addresses.TEXTS, 303)


def _get_name(name: str) -> TextName:
    if name not in set(TextName):
        raise NotFoundError("There is no such text")
    return TextName(name)


def _show(
    show: Show, name: TextName, text: str, seen: str, *, preview: bool = False, fault: str = "", theirs: str = ""
) -> HTMLResponse:
    page = TextPage(
        title=WANTED[name].title,
        back=Link("Back to the service’s own words", addresses.TEXTS),
        errors=(FieldError("text", fault),) if fault else (),
        action=addresses.text(name),
        hint=WANTED[name].hint,
        text=text,
        longest=LONGEST,
        seen=seen,
        preview=split_paragraphs(text) if preview and not fault else (),
        theirs=split_paragraphs(theirs),
    )
    return show("central/text.html", page, 422 if fault else 200)
