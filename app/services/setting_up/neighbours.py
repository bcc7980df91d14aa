"""Importing which areas are most like which, looking it up, and removing it."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from app.domain.access import Actor
from app.domain.areas import NeighbouredArea, is_code
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.uk_time import today
from app.domain.values import in_quotes
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.references import Areas
from app.services.setting_up.rights import check_set_up, check_stored
from app.services.setting_up.tables import Fault, Faulty, Imported, Row, Table, read_table, refuse
from app.store import areas, neighbours

COLUMNS: Final = ("area_code", "neighbour_code", "rank")
SPELLINGS: Final[Mapping[str, str]] = {
    "area code": "area_code",
    "code": "area_code",
    "neighbour code": "neighbour_code",
}
_RANK = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)


class _NeighbourFile:
    """What a file says, what is wrong with it, and what a person should know."""

    def __init__(self, table: Table, known: Areas) -> None:
        """Read every row."""
        self.ranks: dict[tuple[str, str], int] = {}
        self.faults: list[Fault] = list(table.faults)
        self.notes: dict[str, None] = {}
        self._areas = known
        self._lines: dict[tuple[str, str | int], int] = {}
        """(Code, neighbour or rank) -> the line it stands on."""
        for row in table.rows:
            self.faults += (Fault(row.line, text) for text in self._take(row))

    def _take(self, row: Row) -> tuple[str, ...]:
        """Keep a neighbour, or give everything that is wrong with it."""
        area, neighbour = (self._areas.find_one(row.get(column)) for column in COLUMNS[:2])
        self.notes |= dict.fromkeys((*area.notes, *neighbour.notes))
        faults = [*area.faults, *neighbour.faults]
        if not _RANK.fullmatch(row.get("rank")):
            faults.append(f"the rank {in_quotes(row.get('rank'))} is no number from 1 to 999; the nearest has 1")
        return tuple(faults) or self._keep(area.codes[0], neighbour.codes[0], int(row.get("rank")), row.line)

    def _keep(self, code: str, neighbour: str, rank: int, line: int) -> tuple[str, ...]:
        name, other = self._areas.describe(code), self._areas.describe(neighbour)
        if code == neighbour:
            return (f"{name} is no neighbour of its own; take the row out",)
        faults = []
        if (code, rank) in self._lines:
            at = self._lines[code, rank]
            faults.append(f"{name} has a neighbour of rank {rank} on line {at} as well; give each a rank of its own")
        if (code, neighbour) in self._lines:
            at = self._lines[code, neighbour]
            faults.append(f"{other} is a neighbour of {name} on line {at} as well; keep one of the two")
        for key in ((code, rank), (code, neighbour)):
            self._lines.setdefault(key, line)
        self.ranks[code, neighbour] = rank
        return tuple(faults)


def import_neighbours(database: Database, actor: Actor | None, data: bytes, now: datetime) -> Imported | Faulty:
    """Store the neighbours of a file, all or none, in place of those that its areas had; other areas keep theirs."""
    person_id = check_set_up(actor)
    table = read_table(data, COLUMNS, spellings=SPELLINGS)
    with acting(database, actor) as session:
        file = _NeighbourFile(table, Areas(areas.list_areas(session), today(now)))
        if file.faults:
            return refuse(file.faults)
        stored = neighbours.lock_ranks(session, {code for code, _ in file.ranks})
        new = file.ranks.keys() - stored.keys()
        gone = stored.keys() - file.ranks.keys()
        same = sum(stored.get(pair) == rank for pair, rank in file.ranks.items())
        changed = len(file.ranks) - len(new) - same
        if new or gone or changed:
            check_stored(stored=neighbours.set_neighbours(session, file.ranks, now))
            told = f"{len(new)} added, {changed} changed, {len(gone)} taken away"
            auditing.record(session, Event.NEIGHBOURS_IMPORTED, person_id, now, subject="neighbours", new=told)
    taken = (f"Taken away, since the file does not name them: {len(gone)}",) if gone else ()
    return Imported(len(new), changed, same, (*file.notes, *taken))


def search(
    database: Database, actor: Actor, words: str, offset: int, limit: int
) -> tuple[tuple[NeighbouredArea, ...], int]:
    """Give one page of the areas with neighbours whose name or code has these words, and how many there are in all."""
    check_set_up(actor)
    with database.reading() as session:
        return neighbours.search_neighbours(session, words, offset, limit)


def get(database: Database, actor: Actor, code: str) -> NeighbouredArea:
    """Give an area with its neighbours; raises `NotFoundError` where it has none."""
    check_set_up(actor)
    with database.reading() as session:
        return _check_there(neighbours.find_neighboured(session, code) if is_code(code) else None)


def remove(database: Database, actor: Actor, code: str, now: datetime) -> None:
    """Remove the neighbours of an area; raises `NotFoundError` where it has none."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        found = _check_there(neighbours.remove_neighbours(session, code) if is_code(code) else None)
        auditing.record(
            session,
            Event.NEIGHBOURS_REMOVED,
            person_id,
            now,
            subject="neighbours",
            old=f"{len(found.neighbours)} of {found.code} {found.name}",
        )


def _check_there(found: NeighbouredArea | None) -> NeighbouredArea:
    if found is None:
        raise NotFoundError("No neighbours of such an area are stored, or somebody has just removed them")
    return found
