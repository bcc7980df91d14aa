"""Importing indicators of areas, and looking up which there are."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.indicators import IndicatorSummary
from app.domain.uk_time import today
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.indicator_files import COLUMNS, SPELLINGS, IndicatorFile
from app.services.setting_up.references import Areas
from app.services.setting_up.rights import check_set_up, check_stored
from app.services.setting_up.tables import Faulty, Imported, read_table, refuse
from app.store import areas, indicators

QUICKER: Final = "Somebody else has just imported figures of the same indicators. Import the file again"


def import_indicators(database: Database, actor: Actor | None, data: bytes, now: datetime) -> Imported | Faulty:
    """Store the values of a file, all or none; what it does not name stays as it is."""
    person_id = check_set_up(actor)
    table = read_table(data, COLUMNS, spellings=SPELLINGS)
    with acting(database, actor) as session:
        known = Areas(areas.list_areas(session), today(now))
        file = IndicatorFile(table, known, indicators.list_units(session), today(now))
        if file.faults:
            return refuse(file.faults)
        names = sorted({cell.indicator for cell in file.values})
        stored = indicators.list_values(session, names)
        new = {cell: value for cell, value in file.values.items() if cell not in stored}
        changed = {cell: value for cell, value in file.values.items() if stored.get(cell, value) != value}
        check_stored(stored=indicators.add_values(session, new), otherwise=QUICKER)
        indicators.change_values(session, changed)
        if new or changed:
            auditing.record(
                session,
                Event.INDICATORS_IMPORTED,
                person_id,
                now,
                subject="indicators",
                new=f"{len(new)} added, {len(changed)} changed: {', '.join(names)}",
            )
            _check_units(session)
    return Imported(len(new), len(changed), len(file.values) - len(new) - len(changed), file.notes)


def _check_units(session: Session) -> None:
    """Raise where somebody else has meanwhile stored one of the indicators in another unit.

    The audit has been written, so whoever imports at the same time waits, or has committed what is seen here.
    """
    check_stored(stored=not indicators.find_mixed(session), otherwise=QUICKER)


def search(
    database: Database, actor: Actor, words: str, offset: int, limit: int
) -> tuple[tuple[IndicatorSummary, ...], int]:
    """Give one page of the indicators whose id has these words, and how many there are in all."""
    check_set_up(actor)
    with database.reading() as session:
        return indicators.search_indicators(session, words, offset, limit)
