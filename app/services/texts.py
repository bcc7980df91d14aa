"""The operator's own texts: who to ask, who is responsible for the data, on what basis. Pages show them at once."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.audit import Event
from app.domain.texts import WANTED, TextName, find_fault
from app.services import Database, auditing
from app.services.acting import acting
from app.store import texts


@dataclass(frozen=True, slots=True)
class TextChanged:
    """Somebody else changed the text meanwhile. Nothing was stored; theirs is here to compare with."""

    theirs: str


@dataclass(frozen=True, slots=True)
class TextRefused:
    """The text cannot be kept, and why."""

    fault: str


def get_texts(database: Database) -> dict[TextName, str]:
    """Give every text that was filled in."""
    with database.reading() as session:
        stored = texts.list_texts(session)
    return {name: stored[name] for name in TextName if name in stored}


def read_texts(database: Database, actor: Actor) -> dict[TextName, str]:
    """Give every text to whoever may change it; raises `NotAllowedError`."""
    access.check(actor, Deed.SET_UP)
    return get_texts(database)


def list_missing(database: Database) -> tuple[TextName, ...]:
    """List the texts that are still to be filled in, in the order of their pages."""
    filled = get_texts(database)
    return tuple(name for name in WANTED if name not in filled)


def digest(text: str) -> str:
    """Give what a page remembers of the text it showed, to tell whether it is still that one."""
    return sha256(text.encode()).hexdigest()


def save_text(
    database: Database, actor: Actor, name: TextName, text: str, seen: str, now: datetime
) -> TextChanged | TextRefused | None:
    """Replace a text that was seen, as its digest, by a new one; an empty one takes it away.

    Raises `NotAllowedError` for all but central administrators.
    """
    access.check(actor, Deed.SET_UP)
    if fault := find_fault(text):
        return TextRefused(fault)
    with acting(database, actor) as session:
        current = texts.list_texts(session).get(name, "")
        if current == text:
            return None
        if digest(current) != seen:
            return TextChanged(current)
        if not texts.replace_text(session, name, current, text, actor.person_id, now):
            return TextChanged(texts.list_texts(session).get(name, ""))
        auditing.record(
            session, Event.TEXT_CHANGED, actor.person_id, now, subject=f"text {name}", old=current, new=text
        )
    return None
