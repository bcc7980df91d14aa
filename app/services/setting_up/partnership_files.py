"""Importing partnerships with the areas they cover and their organisations."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.organisations import find_name_fault, fold_name, tidy_name
from app.domain.set_up import PartnershipRecord
from app.domain.uk_time import today
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.references import Areas, Names
from app.services.setting_up.rights import check_set_up, check_stored
from app.services.setting_up.tables import Fault, Faulty, Imported, Table, read_table, refuse
from app.store import areas, organisations, partnerships
from app.store.models import new_id


@dataclass
class _Wanted:
    """What a file says of one partnership, on all its rows together."""

    name: str
    codes: dict[str, None] = field(default_factory=dict)
    organisations: dict[UUID, str] = field(default_factory=dict)


def import_partnerships(database: Database, actor: Actor | None, data: bytes, now: datetime) -> Imported | Faulty:
    """Store the partnerships of a file, all or none; of those that are there, what is missing is added.

    Nothing is taken away: an organisation that has left stays away, and an area that is not named stays.
    """
    person_id = check_set_up(actor)
    table = read_table(data, ("name",), ("areas", "organisations"))
    faults = list(table.faults)
    notes: dict[str, None] = {}
    with acting(database, actor) as session:
        wanted = _read_rows(session, table, now, faults, notes)
        if faults:
            return refuse(faults)
        known = {fold_name(one.name): one.id for one in partnerships.list_partnerships(session)}
        new = {key: PartnershipRecord(new_id(), one.name) for key, one in wanted.items() if key not in known}
        ids = {key: new[key].id if key in new else known[key] for key in wanted}
        footprints = partnerships.list_footprints(session)
        members = partnerships.list_members_everywhere(session)
        more_areas = [(ids[key], code) for key, one in wanted.items() for code in one.codes]
        more_areas = [pair for pair in more_areas if pair not in footprints]
        more_members = [(ids[key], one_id) for key, one in wanted.items() for one_id in one.organisations]
        more_members = [pair for pair in more_members if pair not in members]
        for key, one in wanted.items():
            for organisation_id, name in one.organisations.items():
                if members.get((ids[key], organisation_id)):
                    notes[
                        f"{name} has left {one.name}, and stays away; let it join again on the partnership’s page"
                    ] = None
        check_stored(stored=partnerships.add_partnerships(session, list(new.values())))
        partnerships.add_to_footprints(session, more_areas)
        partnerships.add_members(session, more_members)
        told = _describe(wanted, ids, {one.id for one in new.values()}, more_areas, more_members)
        if told:
            auditing.record(
                session,
                Event.PARTNERSHIPS_IMPORTED,
                person_id,
                now,
                subject="partnerships",
                new="\n".join(told),
            )
    return Imported(len(new), len(told) - len(new), len(wanted) - len(told), tuple(notes))


def _read_rows(
    session: Session, table: Table, now: datetime, faults: list[Fault], notes: dict[str, None]
) -> dict[str, _Wanted]:
    known_areas = Areas(areas.list_areas(session), today(now))
    known = Names("organisation", ((one.id, one.name) for one in organisations.list_organisations(session)))
    wanted: dict[str, _Wanted] = {}
    for row in table.rows:
        name = tidy_name(row.get("name"))
        fault = find_name_fault(name)
        if fault:
            faults.append(Fault(row.line, fault))
        found = known_areas.find(row.list("areas"))
        faults += (Fault(row.line, text) for text in found.faults)
        one = wanted.setdefault(fold_name(name), _Wanted(name))
        notes |= dict.fromkeys(f"{one.name}: {note}" for note in found.notes)
        one.codes |= dict.fromkeys(found.codes)
        for organisation in row.list("organisations"):
            organisation_id = known.find(organisation)
            if organisation_id is None:
                faults.append(Fault(row.line, known.explain(organisation)))
            else:
                one.organisations[organisation_id] = tidy_name(organisation)
    return wanted


def _describe(
    wanted: Mapping[str, _Wanted],
    ids: Mapping[str, UUID],
    new: Collection[UUID],
    more_areas: Iterable[tuple[UUID, str]],
    more_members: Iterable[tuple[UUID, UUID]],
) -> list[str]:
    """Say of each partnership that is new or changed what came to it."""
    names = {organisation_id: name for one in wanted.values() for organisation_id, name in one.organisations.items()}
    added: dict[UUID, list[str]] = {partnership_id: [] for partnership_id in new}
    for partnership_id, code in more_areas:
        added.setdefault(partnership_id, []).append(code)
    for partnership_id, organisation_id in more_members:
        added.setdefault(partnership_id, []).append(names[organisation_id])
    return [f"{one.name}: {', '.join(added[ids[key]])}" for key, one in wanted.items() if ids[key] in added]
