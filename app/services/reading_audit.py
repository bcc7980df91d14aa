"""Reading the audit: the newest entries with names in place of ids, and never an organisation's answers or words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.audit import SERVICE, SHOWN, Entry, Event, StoredEntry, StoredText, split_client
from app.domain.erasing import ERASED_NAME
from app.services import Database, auditing
from app.store import audit
from app.store.audit import Place

ROWS: Final = 25
UNKNOWN_CLIENT: Final = "one that is not known any more"


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """One entry in names."""

    done_at: datetime
    number: int
    """In its chain."""
    actor_id: UUID | None
    who: str
    """Empty where it was done by command or by the clock."""
    client_id: UUID | None
    client: str
    """The API client that did it on their behalf; empty where they did it themselves."""
    event: str
    partnership: str
    """Empty for what concerns no single partnership."""
    subject: str
    """In names; empty where it says no more than the rest."""
    identifiers: str
    """The subject as it is written down."""
    old: str | None
    """`None` where it was erased, or is not for the reader; so too below."""
    new: str | None
    is_shown: bool
    """Whether the texts are for the reader."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Some entries, what can be chosen, and where older ones begin."""

    entries: tuple[ReadEntry, ...]
    partnerships: tuple[tuple[UUID, str], ...]
    older: Place | None


def read(
    database: Database, actor: Actor, now: datetime, *, before: Place | None, chain: UUID | None, event: Event | None
) -> Reading:
    """Read entries before a place, the newest first: all, or of one partnership, or of one event.

    That it was read is recorded first. Raises `NotAllowedError` for all but central administrators.
    """
    access.check(actor, Deed.READ_AUDIT)
    partnership_id = None if chain == SERVICE else chain
    auditing.record_view(database, actor, partnership_id, "audit", now, event=Event.AUDIT_VIEWED)
    with database.reading() as session:
        stored = audit.list_newest(session, ROWS + 1, before=before, chain=chain, event=event)
        names = audit.list_named(session, {found for each in stored for found in _list_ids(each)})
        partnerships = audit.list_partnerships(session)
    shown = stored[:ROWS]
    last = shown[-1].entry if len(stored) > ROWS else None
    return Reading(
        entries=tuple(_read_entry(each, names) for each in shown),
        partnerships=partnerships,
        older=(last.done_at, last.partnership_id, last.number) if last else None,
    )


def _list_ids(stored: StoredEntry) -> set[UUID]:
    entry = stored.entry
    named = {found for word in entry.subject.split() if (found := _find_id(word))}
    return named | {entry.partnership_id} | ({entry.actor_id} if entry.actor_id else set())


def _find_id(word: str) -> UUID | None:
    try:
        return UUID(word)
    except ValueError:
        return None


def _read_entry(stored: StoredEntry, names: dict[UUID, str]) -> ReadEntry:
    entry = stored.entry
    is_shown = entry.event in SHOWN
    subject, client_id = split_client(entry.subject)
    return ReadEntry(
        done_at=entry.done_at,
        number=entry.number,
        actor_id=entry.actor_id,
        who=names.get(entry.actor_id, ERASED_NAME) if entry.actor_id else "",
        client_id=client_id,
        client=names.get(client_id, UNKNOWN_CLIENT) if client_id else "",
        event=entry.event,
        partnership="" if entry.partnership_id == SERVICE else names.get(entry.partnership_id, "A partnership"),
        subject=_name_subject(entry, subject, names),
        identifiers=entry.subject,
        old=_read_text(stored.old) if is_shown else None,
        new=_read_text(stored.new) if is_shown else None,
        is_shown=is_shown,
    )


def _name_subject(entry: Entry, subject: str, names: dict[UUID, str]) -> str:
    """Put names in the place of ids: `assessment ID question x` becomes `Assessment (Council), question x`.

    Left out are who did it, the partnership, ids that have no name, and a word alone: the rest of the entry says it.
    """
    words = subject.replace("API client", "system", 1).split()
    said = []
    for kind, which in zip(words[::2], words[1::2], strict=False):
        found = _find_id(which)
        if found is None:
            said.append(f"{kind} {which}")
        elif found in names and found not in {entry.actor_id, entry.partnership_id}:
            said.append(f"{kind} ({names[found]})")
    text = ", ".join(said)
    return text[:1].upper() + text[1:]


def _read_text(text: StoredText) -> str | None:
    return text.text
