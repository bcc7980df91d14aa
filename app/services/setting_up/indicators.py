"""Importing indicators of areas, looking up which there are, and removing a year of one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.indicators import SPEND, UNIT_OF, IndicatorSummary, IndicatorYear
from app.domain.releases import ReleaseRecord
from app.domain.uk_time import today
from app.domain.values import is_id
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.indicator_files import COLUMNS, SPELLINGS, IndicatorFile
from app.services.setting_up.references import Areas
from app.services.setting_up.rights import check_set_up, check_stored
from app.services.setting_up.tables import Faulty, Imported, read_table, refuse
from app.store import areas, indicators, releases

MAY_BE_MISSPELT: Final = "“{name}” was not there before: if it is misspelt, remove it, and import it as it should be"
QUICKER: Final = "Somebody else has just imported figures of the same indicators. Import the file again"


def import_indicators(database: Database, actor: Actor | None, data: bytes, now: datetime) -> Imported | Faulty:
    """Store the values of a file, all or none; what it does not name stays as it is."""
    person_id = check_set_up(actor)
    table = read_table(data, COLUMNS, spellings=SPELLINGS)
    with acting(database, actor) as session:
        known = Areas(areas.list_areas(session), today(now))
        units = indicators.list_units(session)
        file = IndicatorFile(table, known, units, today(now))
        if file.faults:
            return refuse(file.faults)
        names = sorted({cell.indicator for cell in file.values})
        stored = indicators.lock_values(session, names)
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
    notes = tuple(MAY_BE_MISSPELT.format(name=name) for name in names if name not in {*units, *UNIT_OF})
    return Imported(len(new), len(changed), len(file.values) - len(new) - len(changed), (*file.notes, *notes))


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


@dataclass(frozen=True, slots=True)
class Removal:
    """What an administrator sees before they remove a year of an indicator."""

    year: IndicatorYear
    others: tuple[int, ...]
    """The years of the indicator that stay, the newest first."""
    releases: tuple[ReleaseRecord, ...]
    """Those that may have been made with it and were not withdrawn, the newest round first; of spending, those that
    compare scores with this very year."""


def get_years(database: Database, actor: Actor, indicator: str) -> tuple[IndicatorYear, ...]:
    """Give the years of an indicator, the newest first; raises `NotFoundError` where there is none."""
    check_set_up(actor)
    with database.reading() as session:
        return _check_there(_list_years(session, indicator))


def get_removal(database: Database, actor: Actor, indicator: str, year: int) -> Removal:
    """Give what would be removed, and what was made with it; raises `NotFoundError` where it is not there."""
    check_set_up(actor)
    with database.reading() as session:
        years = _list_years(session, indicator)
        (found,) = _check_there(tuple(each for each in years if each.year == year))
        return Removal(
            year=found,
            others=tuple(each.year for each in years if each.year != year),
            releases=_list_made_with(session, found),
        )


def remove_year(database: Database, actor: Actor, indicator: str, year: int, now: datetime) -> None:
    """Remove all figures of an indicator in a year; raises `NotFoundError` where there are none.

    Releases are frozen with what they were made of, so they stay as they are.
    """
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        gone = indicators.remove_year(session, indicator, year) if is_id(indicator) else None
        (found,) = _check_there((gone,) if gone else ())
        auditing.record(
            session,
            Event.INDICATORS_REMOVED,
            person_id,
            now,
            subject="indicators",
            old=f"{found.areas} of {found.id}, {found.year}, in {found.unit}",
        )


def _list_years(session: Session, indicator: str) -> tuple[IndicatorYear, ...]:
    """List the years of what an address names; what is no id is not asked of a database, which might refuse it."""
    return indicators.list_years(session, indicator) if is_id(indicator) else ()


def _list_made_with(session: Session, found: IndicatorYear) -> tuple[ReleaseRecord, ...]:
    """List the releases that may have been made with figures: no other indicator than the known ones goes into any."""
    if found.id == SPEND:
        return tuple(record for record, year in releases.list_spend_years(session) if year == found.year)
    built = releases.list_releases(session) if found.id in UNIT_OF else ()
    return tuple(record for record in built if record.withdrawn_at is None)


def _check_there(years: tuple[IndicatorYear, ...]) -> tuple[IndicatorYear, ...]:
    if not years:
        raise NotFoundError("There are no such figures, or somebody has just removed them")
    return years
