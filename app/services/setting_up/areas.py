"""Importing areas, and looking them up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.domain.access import Actor
from app.domain.areas import AreaRecord, find_circular
from app.domain.audit import Event
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.area_files import AreaFile, read_areas
from app.services.setting_up.rights import check_set_up, check_stored
from app.services.setting_up.tables import Fault, Faulty, Imported, refuse
from app.store import areas


def import_areas(database: Database, actor: Actor | None, data: bytes, now: datetime) -> Imported | Faulty:
    """Store the areas of a file, all or none; areas that it does not name stay as they are."""
    person_id = check_set_up(actor)
    file = read_areas(data)
    with acting(database, actor) as session:
        stored = areas.list_areas(session)
        file.areas = {code: _keep(area, stored.get(code), file) for code, area in file.areas.items()}
        faults = [*file.faults, *_find_faults_of_succession(file, stored)]
        if faults:
            return refuse(faults)
        new = [area for code, area in file.areas.items() if code not in stored]
        changed = [area for code, area in file.areas.items() if code in stored and _is_changed(area, stored[code])]
        check_stored(stored=areas.add_areas(session, new))
        areas.change_areas(session, changed)
        areas.set_successors(session, {area.code: area.successors for area in (*new, *changed) if area.successors})
        if new or changed:
            auditing.record(
                session,
                Event.AREAS_IMPORTED,
                person_id,
                now,
                subject="areas",
                new=f"{len(new)} added, {len(changed)} changed",
            )
    return Imported(len(new), len(changed), len(file.areas) - len(new) - len(changed), tuple(file.notes))


def search(database: Database, actor: Actor, words: str, offset: int, limit: int) -> tuple[tuple[AreaRecord, ...], int]:
    """Give one page of the areas whose code or name has these words, and how many there are in all."""
    check_set_up(actor)
    with database.reading() as session:
        return areas.search_areas(session, words, offset, limit)


def _keep(area: AreaRecord, stored: AreaRecord | None, file: AreaFile) -> AreaRecord:
    """Give an area with what is stored of it and the file does not know."""
    if stored is None:
        return area
    region = area.region or stored.region
    return replace(stored, name=area.name, region=region) if file.names_only else replace(area, region=region)


def _is_changed(area: AreaRecord, stored: AreaRecord) -> bool:
    """Say whether the file says something new; where it names no successors, those that are stored stay."""
    return area != (stored if area.successors else replace(stored, successors=()))


def _find_faults_of_succession(file: AreaFile, stored: Mapping[str, AreaRecord]) -> list[Fault]:
    known = {*stored, *file.areas}
    faults = [
        Fault(file.lines[code], f"the successor {successor} of {code} is not known; import it first, or in this file")
        for code, area in file.areas.items()
        for successor in area.successors
        if successor not in known
    ]
    everywhere = {code: area.successors for code, area in stored.items()}
    everywhere |= {code: area.successors for code, area in file.areas.items() if area.successors}
    faults += (
        Fault(
            file.lines[code], f"the successors of {code} replace one another, so none is current; remove the wrong one"
        )
        for code in find_circular(everywhere)
        if code in file.lines
    )
    return faults
