"""Removing what has been kept for its time: counted first on demand, a few rows at a time, and written down."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.audit import Event
from app.domain.retention import Kind
from app.services import Database, auditing, privacy
from app.services.outside import Outside
from app.services.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT
from app.store import retention, scrubbing
from app.store.retention import Limits

BATCH: Final = 200
LIMITS: Final = Limits(IDLE_LIMIT, ABSOLUTE_LIMIT)
SWEPT_FOR: Final = timedelta(days=2)
"""For so long somebody's words are looked for again, should they have been under way when they were erased."""


def count_due(database: Database, now: datetime, *, keep_mail_texts: bool = False) -> Mapping[Kind, int]:
    """Count what would be removed now, by kind. Changes nothing."""
    with database.reading() as session:
        return {
            kind: retention.count_idle_people(session, now)
            if kind is Kind.PEOPLE
            else sum(retention.count(session, removal) for removal in retention.list_removals(kind, now, LIMITS))
            for kind in _list_kinds(keep_mail_texts=keep_mail_texts)
        }


def apply(
    database: Database,
    outside: Outside,
    now: datetime,
    *,
    keep_mail_texts: bool = False,
    always_scrub: bool = False,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Mapping[Kind, int]:
    """Remove what is due, each batch in a unit of work of its own, and say how much by kind.

    In a demonstration the texts of mails are kept, to be looked at. Raises `OutsideError`.
    """
    privacy.apply_erasures(database, outside, now)  # should a backup have been restored while we ran
    removed = dict.fromkeys(_list_kinds(keep_mail_texts=keep_mail_texts), 0)
    for kind in removed:
        if kind is Kind.PEOPLE:
            removed[kind] = _erase_idle_people(database, outside, now, is_stopped)
        for removal in retention.list_removals(kind, now, LIMITS):
            while not is_stopped():
                with database.writing() as session:
                    number = retention.remove(session, removal, BATCH)
                removed[kind] += number
                if number < BATCH:
                    break
    swept = privacy.sweep(database, now - SWEPT_FOR)
    if any(removed.values()):
        told = ", ".join(f"{kind} {number}" for kind, number in removed.items() if number)
        with database.writing() as session:
            auditing.record(session, Event.RETENTION_APPLIED, None, now, subject="retention", new=told)
    if removed[Kind.PEOPLE] or swept or always_scrub:
        scrubbing.scrub(database)
    return removed


def _list_kinds(*, keep_mail_texts: bool) -> tuple[Kind, ...]:
    return tuple(kind for kind in Kind if not (keep_mail_texts and kind is Kind.MAIL_TEXTS))


def _erase_idle_people(database: Database, outside: Outside, now: datetime, is_stopped: Callable[[], bool]) -> int:
    erased = 0
    after: UUID | None = None
    while True:
        with database.reading() as session:
            people = retention.list_idle_people(session, now, after, BATCH)
        for person_id in people:
            if is_stopped():
                return erased
            erased += privacy.erase_idle(database, outside, person_id, now)
        if len(people) < BATCH:
            return erased
        after = people[-1]
