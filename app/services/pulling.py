"""What API clients pull: results in the order of the feed, as far as a client reaches."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.access import Deed, Role, can_anywhere
from app.domain.api_access import ApiPass, Scope, ScopeName
from app.domain.audit import Event
from app.domain.errors import NotAllowedError
from app.domain.results import Line, Reach, Wanted
from app.services import Database, auditing
from app.services.api_clients import authenticate
from app.services.tokens import TokenKeys
from app.store import results as store

ASKED_EVERY: Final = 10
"""Parts of a stream after which the token is looked at again."""
EACH: Final = 3600
"""Seconds in which what a client pulls is noted once."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some results, and where the next begin."""

    lines: tuple[Line, ...]
    next_after: int | None
    """`None` where there are no more."""
    as_of: datetime | None
    """A time to ask for changes since: whatever is committed later has this time or a later one."""
    end: int
    """The position that was committed last."""


def find_reach(who: ApiPass) -> Reach:
    """Say which results a client may read: everything its scopes name, as far as its maker may.

    Central administrators give clients whatever they name. Coordinators see their partnership once the round has
    closed, leads what their own organisation has submitted. Raises `NotAllowedError` without the scope.
    """
    scopes = who.list_scopes(ScopeName.RESULTS_READ)
    if can_anywhere(who.actor, Deed.SET_UP):
        if any(scope == Scope(ScopeName.RESULTS_READ) for scope in scopes):
            return Reach(everywhere=True)
        named = frozenset(scope.partnership_id for scope in scopes if scope.partnership_id)
        rounds = frozenset(scope.round_id for scope in scopes if scope.round_id)
        return Reach(named_partnerships=named, rounds=rounds)
    organisations = frozenset(
        grant.organisation_id for grant in who.actor.grants if grant.role is Role.LEAD and grant.organisation_id
    )
    coordinated = {grant.partnership_id for grant in who.actor.grants if grant.role is Role.COORDINATOR}
    named = frozenset(scope.partnership_id for scope in scopes if scope.partnership_id)
    return Reach(
        partnerships=named & coordinated,
        own=tuple((partnership, organisations) for partnership in sorted(named) if organisations),
    )


def list_results(database: Database, who: ApiPass, wanted: Wanted, limit: int, now: datetime) -> Page:
    """Give some results in the order of the feed. Two statements. Raises `NotAllowedError` without the scope."""
    reach = find_reach(who)
    with database.reading() as session:
        end, as_of = store.find_end(session)
        asked = wanted if wanted.tombstones_after >= 0 else replace(wanted, tombstones_after=end)
        found = store.list_lines(session, reach, asked, limit + 1)
    lines = found[:limit]
    _note(database, who, "results", now)
    return Page(lines, lines[-1].position if len(found) > limit else None, as_of, end)


def stream_results(
    database: Database, keys: TokenKeys, token: str, who: ApiPass, wanted: Wanted, now: datetime
) -> tuple[int, Iterator[Sequence[str]]]:
    """Give the lines of all results of one moment, some at a time, and the position up to which they are.

    While they go out, the token is looked at again: where it lost anything, the stream breaks off with
    `SignInNeededError` or `NotAllowedError`, so that nobody takes what they have for the whole. Raises
    `DatabaseUnavailableError` where too many read at the same time.
    """
    reach = find_reach(who)
    _note(database, who, "results", now)
    parts = _go_through(database, keys, token, reach, wanted, now)
    end, _ = next(parts)  # begun, it lets go of the database as soon as nobody holds it
    return end, (lines for _, lines in parts)


def _go_through(
    database: Database, keys: TokenKeys, token: str, reach: Reach, wanted: Wanted, now: datetime
) -> Iterator[tuple[int, Sequence[str]]]:
    """Give lines with the position up to which there will be any; first that alone."""
    with database.reading_long() as session:
        end, _ = store.find_end(session)
        yield end, ()
        after = wanted.tombstones_after if wanted.tombstones_after >= 0 else end
        asked = replace(wanted, until=end, tombstones_after=after)
        with closing(store.stream_lines(session, reach, asked)) as parts:
            for place, lines in enumerate(parts):
                if place and place % ASKED_EVERY == 0:
                    again = authenticate(database, token, datetime.now(now.tzinfo), keys)
                    if find_reach(again) != reach:
                        raise NotAllowedError("What this token reaches has changed")
                yield end, lines


def note_pull(database: Database, who: ApiPass, what: str, now: datetime) -> None:
    """Note who has pulled what, once an hour."""
    _note(database, who, what, now)


def _note(database: Database, who: ApiPass, what: str, now: datetime) -> None:
    hour = int(now.timestamp()) // EACH
    subject = f"API client {who.client_id}"
    known = (who.client_id, what)
    if _NOTED.get(known) == hour:
        return
    with database.writing() as session:
        auditing.record(session, Event.API_READ, who.actor.person_id, now, subject=subject, new=what)
    _NOTED[known] = hour
    if len(_NOTED) > MOST_NOTED:
        _NOTED.clear()


MOST_NOTED: Final = 10_000
_NOTED: dict[tuple[UUID, str], int] = {}
"""Who pulled what in which hour, of this process: another one may note it again."""
