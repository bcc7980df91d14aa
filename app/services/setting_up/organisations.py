"""Adding, changing and importing organisations."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.organisations import (
    KIND_WORDS,
    OrganisationKind,
    find_kind,
    find_name_fault,
    fold_name,
    kind_words,
    tidy_name,
)
from app.domain.set_up import OrganisationRecord
from app.domain.values import in_quotes
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.refusals import Refused, refuse_field
from app.services.setting_up.rights import check_set_up, check_stored
from app.services.setting_up.tables import Fault, Faulty, Imported, Table, read_table, refuse
from app.store import organisations
from app.store.models import new_id


def import_organisations(database: Database, actor: Actor | None, data: bytes, now: datetime) -> Imported | Faulty:
    """Store the organisations of a file, all or none; the kind of one that is there is changed where it differs."""
    person_id = check_set_up(actor)
    table = read_table(data, ("name", "kind"))
    faults = list(table.faults)
    wanted = _read_rows(table, faults)
    if faults:
        return refuse(faults)
    with acting(database, actor) as session:
        stored = {fold_name(one.name): one for one in organisations.list_organisations(session)}
        new = [OrganisationRecord(new_id(), name, kind) for key, (name, kind) in wanted.items() if key not in stored]
        changed = [
            OrganisationRecord(stored[key].id, stored[key].name, kind)
            for key, (_, kind) in wanted.items()
            if key in stored and stored[key].kind != kind
        ]
        check_stored(stored=organisations.add_organisations(session, new))
        organisations.change_organisations(session, changed)
        if new or changed:
            auditing.record(
                session,
                Event.ORGANISATIONS_IMPORTED,
                person_id,
                now,
                subject="organisations",
                new="\n".join(f"{one.kind}: {one.name}" for one in (*new, *changed)),
            )
    return Imported(len(new), len(changed), len(wanted) - len(new) - len(changed))


def _read_rows(table: Table, faults: list[Fault]) -> dict[str, tuple[str, OrganisationKind]]:
    """Give name and kind of each organisation by what names are compared by; faults are added to the list."""
    wanted: dict[str, tuple[str, OrganisationKind]] = {}
    lines: dict[str, int] = {}
    for row in table.rows:
        name = tidy_name(row.get("name"))
        kind = find_kind(row.get("kind"))
        fault = find_name_fault(name)
        if fault:
            faults.append(Fault(row.line, fault))
        if kind is None:
            known = ", ".join(OrganisationKind)
            faults.append(Fault(row.line, f"the kind {in_quotes(row.get('kind'))} is not known; write one of {known}"))
        key = fold_name(name)
        if key in lines:
            faults.append(
                Fault(row.line, f"{in_quotes(name)} stands on line {lines[key]} as well; keep one of the two")
            )
        lines[key] = row.line
        if kind is not None:
            wanted[key] = (name, kind)
    return wanted


def search(
    database: Database, actor: Actor, words: str, offset: int, limit: int
) -> tuple[tuple[OrganisationRecord, ...], int]:
    """Give one page of the organisations whose name has these words, and how many there are in all."""
    check_set_up(actor)
    with database.reading() as session:
        return organisations.search_organisations(session, words, offset, limit)


def get(database: Database, actor: Actor, organisation_id: UUID) -> OrganisationRecord:
    """Give one organisation; raises `NotFoundError`."""
    check_set_up(actor)
    with database.reading() as session:
        return _check_there(organisations.find_organisation(session, organisation_id))


def add(database: Database, actor: Actor, name: str, kind: str, now: datetime) -> OrganisationRecord | Refused:
    """Store an organisation."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        organisation = _check(new_id(), name, kind, organisations.list_organisations(session))
        if isinstance(organisation, Refused):
            return organisation
        check_stored(stored=organisations.add_organisations(session, [organisation]))
        auditing.record(
            session,
            Event.ORGANISATION_SAVED,
            person_id,
            now,
            subject=f"organisation {organisation.id}",
            new=_describe(organisation),
        )
    return organisation


def change(
    database: Database, actor: Actor, organisation_id: UUID, name: str, kind: str, now: datetime
) -> OrganisationRecord | Refused:
    """Store another name or kind of an organisation. Frozen reports keep what they were made of: ids."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        before = _check_there(organisations.lock_organisation(session, organisation_id))
        others = [one for one in organisations.list_organisations(session) if one.id != organisation_id]
        organisation = _check(organisation_id, name, kind, others)
        if isinstance(organisation, Refused):
            return organisation
        if organisation == before:
            return before
        organisations.change_organisations(session, [organisation])
        auditing.record(
            session,
            Event.ORGANISATION_SAVED,
            person_id,
            now,
            subject=f"organisation {organisation_id}",
            old=_describe(before),
            new=_describe(organisation),
        )
    return organisation


def _check(
    organisation_id: UUID, name: str, kind: str, others: Iterable[OrganisationRecord]
) -> OrganisationRecord | Refused:
    tidied = tidy_name(name)
    fault = find_name_fault(tidied)
    if fault:
        return refuse_field("name", fault)
    if fold_name(tidied) in {fold_name(other.name) for other in others}:
        return refuse_field("name", "There is an organisation of this name already")
    if kind not in {known.value for known in KIND_WORDS}:
        return refuse_field("kind", "Choose what the organisation is")
    return OrganisationRecord(organisation_id, tidied, kind)


def _check_there(organisation: OrganisationRecord | None) -> OrganisationRecord:
    if organisation is None:
        raise NotFoundError("There is no such organisation")
    return organisation


def _describe(organisation: OrganisationRecord) -> str:
    return f"{kind_words(organisation.kind)}: {organisation.name}"
