"""What is stored of a person: out as a file, or gone for good."""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor, Role
from app.domain.audit import Event
from app.domain.erasing import ERASED_NAME, Traces
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.services import Database, auditing
from app.services.acting import acting
from app.services.outside import Erasure, Outside
from app.store import erasing, memberships, privacy, retention, scrubbing
from app.store.privacy import Known

CHUNK: Final = 500
NOTHING_KEPT: Final = "Nothing is kept about anybody with this address"


@dataclass(frozen=True, slots=True)
class Erased:
    """What went."""

    person_id: UUID | None
    changed: Mapping[str, int]
    """Where -> how many rows."""
    scrubbed: bool = True
    """Whether the database's file holds nothing of it, either."""


# ---- Out -------------------------------------------------------------------------------------------------------------


def export_own(database: Database, actor: Actor, now: datetime) -> Iterator[str]:
    """Give everything that is kept about the actor as pieces of a JSON text."""
    with acting(database, actor) as session:
        known = privacy.lock_person(session, actor.person_id)
        if known is None:
            raise NotFoundError("There is no such person")
        auditing.record(session, Event.DATA_EXPORTED, actor.person_id, now, subject=f"person {actor.person_id}")
    return _export(database, known, now)


def export_of(database: Database, email: str, now: datetime) -> Iterator[str]:
    """Give everything that is kept about whoever has an address as pieces of a JSON text; raises `NotFoundError`."""
    with database.writing() as session:
        known = _get_known(session, email)
        subject = f"person {known.person_id}" if known.person_id else "invitations"
        auditing.record(session, Event.DATA_EXPORTED, None, now, subject=subject)
    return _export(database, known, now)


def _get_known(session: Session, email: str) -> Known:
    known = privacy.find_person(session, email.strip().lower())
    if known is None:
        raise NotFoundError(NOTHING_KEPT)
    return known


def _export(database: Database, known: Known, now: datetime) -> Iterator[str]:
    """Write row by row; the contents of files are read one at a time, each in a unit of work of its own."""
    with database.reading() as session:
        rows: dict[str, list[dict[str, Any]]] = {}
        for table, row in privacy.list_rows(session, known):
            rows.setdefault(table, []).append(row)
        deeds = list(privacy.list_deeds(session, known.person_id)) if known.person_id else []
        files = privacy.list_file_ids(session, known.person_id) if known.person_id else ()
        every_row = chain(*rows.values(), deeds)
        ids = sorted({value for row in every_row for value in row.values() if isinstance(value, UUID)})
        names: dict[UUID, str] = {}
        for start in range(0, len(ids), CHUNK):
            names |= privacy.list_names(session, ids[start : start + CHUNK])
    head = {
        "about": known.email or known.name,
        "written": now,
        "explanation": "Everything that is kept about one person, by table. Ids of places are under “names”. "
        "“did” is what the audit says, and “files” holds the evidence files that they added, in Base64.",
        **rows,
        "did": deeds,
        "names": {str(row_id): name for row_id, name in names.items()},
    }
    yield _as_json(head)[:-1] + ', "files": ['
    comma = ""
    for place in files:
        with database.reading() as session:
            content = privacy.find_content(session, *place)
        if content is not None:
            yield f'{comma}{{"id": "{place[-1]}", "content": "{base64.b64encode(content).decode()}"}}'
            comma = ", "
    yield "]}\n"


def _as_json(values: object) -> str:
    def write(value: object) -> str:
        return value.isoformat() if isinstance(value, date) else str(value)

    return json.dumps(values, default=write, ensure_ascii=False)


# ---- Gone ------------------------------------------------------------------------------------------------------------


def find_known(database: Database, email: str) -> Known:
    """Give who would be erased, to ask before it is done; raises `NotFoundError`."""
    with database.reading() as session:
        return _get_known(session, email)


def erase(database: Database, outside: Outside, email: str, now: datetime) -> Erased:
    """Erase whoever has an address, for good: what they chose counts on, what they wrote and who they were is gone.

    Raises `NotFoundError`, `NotAllowedNowError` for the last central administrator, and `OutsideError` with nothing
    erased where that could not be kept outside.
    """
    with database.writing() as session:
        known = _get_known(session, email)
        if known.person_id:
            known = _hold(session, known.person_id)
        changed = _erase(session, known, now, outside)
    return Erased(known.person_id, changed, scrubbing.scrub(database))


def erase_idle(database: Database, outside: Outside, person_id: UUID, now: datetime) -> bool:
    """Erase somebody as the time for keeping them is over, and say whether it still was. The file is not scrubbed."""
    with database.writing() as session:
        known = privacy.lock_person(session, person_id)
        # Asked again now that they are held: meanwhile they may have come back, or been invited or given a role.
        if known is None or not retention.is_idle(session, person_id, now):
            return False
        _erase(session, known, now, outside)
    return True


def _hold(session: Session, person_id: UUID) -> Known:
    """Hold whoever is to be erased first, then the roles that decide whether they can be: as withdrawing a role does.

    Raises `NotFoundError` where they have just been erased, and `NotAllowedNowError`.
    """
    known = privacy.lock_person(session, person_id)
    if known is None or known.erased_at:
        raise NotFoundError(NOTHING_KEPT)
    if memberships.lock_holders(session, Role.CENTRAL_ADMINISTRATOR) == {person_id}:
        raise NotAllowedNowError(
            "This is the last central administrator; make somebody else one first: "
            "enablers people invite EMAIL --role central-administrator"
        )
    return known


def apply_erasures(database: Database, outside: Outside, now: datetime) -> int:
    """Erase again whoever a restored backup has brought back, and say how many; raises `OutsideError`."""
    erasures = list(outside.list_erasures())
    people = [erasure.person_id for erasure in erasures if erasure.person_id]
    back: list[UUID] = []
    rows = {table: [row for erasure in erasures for row in erasure.rows.get(table, ())] for table in privacy.ADDRESSED}
    with database.reading() as session:
        for start in range(0, len(people), CHUNK):
            back += privacy.list_unerased(session, people[start : start + CHUNK])
        returned = privacy.count_rows(session, rows)
    if not back and not returned:
        return 0
    with database.writing() as session:
        for table, ids in rows.items():
            privacy.delete_rows(session, table, ids)
        erasing.erase_in_audit(session, None, list(chain(*rows.values())), Traces("", ""))
    for person_id in back:
        with database.writing() as session:
            known = privacy.lock_person(session, person_id)
            if known and not known.erased_at:
                _erase(session, known, now, outside=None)
    scrubbing.scrub(database)
    return max(len(back), 1)


def sweep(database: Database, since: datetime) -> int:
    """Erase what the lately erased wrote in the very moment of their erasure; gives how many rows that were."""
    with database.reading() as session:
        people = privacy.list_erased_since(session, since)
    swept = 0
    for person_id in people:
        with database.writing() as session:
            swept += sum(_erase_traces(session, Known(person_id, ERASED_NAME, "")).values())
    return swept


def _erase(session: Session, known: Known, now: datetime, outside: Outside | None) -> dict[str, int]:
    """Erase in one unit of work, told outside before it is committed: a crash between the two erases again.

    A person is held already.
    """
    rows = privacy.list_addressed(session, known)
    changed = {table: gone for table, ids in rows.items() if (gone := privacy.delete_rows(session, table, ids))}
    for where, number in _erase_traces(session, known, tuple(chain(*rows.values()))).items():
        changed[where] = changed.get(where, 0) + number
    if known.person_id:
        privacy.erase_person_row(session, known.person_id, now)
        changed["people"] = 1
    subject = f"person {known.person_id}" if known.person_id else "invitations"
    told = ", ".join(f"{where} {number}" for where, number in sorted(changed.items()))
    auditing.record(session, Event.PERSON_ERASED, None, now, subject=subject, new=told)
    if outside is not None:
        outside.add_erasure(Erasure(known.person_id, rows), now)
    return changed


def _erase_traces(session: Session, known: Known, ids: tuple[UUID, ...] = ()) -> dict[str, int]:
    """Erase what somebody wrote, and where others name them. Whom they are known as is read before it goes."""
    traces = Traces("" if known.name == ERASED_NAME else known.name, known.email)
    words = erasing.list_words(session, known.person_id) if known.person_id else {}
    changed = privacy.apply_fates(session, known.person_id) if known.person_id else {}
    for where, number in (
        ("answer_versions", erasing.erase_in_answers(session, words, traces)),
        ("snapshots", erasing.erase_in_snapshots(session, words, traces)),
        ("mentions", erasing.erase_mentions(session, traces)),
        ("mails", erasing.erase_in_mails(session, traces)),
        ("audit_entries", erasing.erase_in_audit(session, known.person_id, ids, traces)),
    ):
        if number:
            changed[where] = changed.get(where, 0) + number
    return changed
