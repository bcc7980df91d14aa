"""For central administrators: what was done, by whom and when. No answers and no words of organisations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Annotated, Final
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Query
from fastapi.responses import HTMLResponse

from app.dependencies import ActorDep, DatabaseDep, Now
from app.domain.audit import SERVICE, Event
from app.domain.errors import NotFoundError
from app.domain.times import date_words, time_words
from app.services import reading_audit
from app.services.reading_audit import ReadEntry, Reading
from app.web import paths
from app.web.pages import Page
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

EVENT_WORDS: Final[Mapping[Event, str]] = {
    Event.SIGNED_IN: "Signed in",
    Event.SIGNED_OUT_EVERYWHERE: "Signed out everywhere",
    Event.ACCOUNT_CHANGED: "Changed their account",
    Event.INVITED: "Invited somebody",
    Event.INVITATION_SENT_AGAIN: "Sent an invitation again",
    Event.INVITATION_WITHDRAWN: "Withdrew an invitation",
    Event.INVITATION_ACCEPTED: "Accepted an invitation",
    Event.ROLE_WITHDRAWN: "Withdrew a role",
    Event.AREAS_IMPORTED: "Imported areas",
    Event.INDICATORS_IMPORTED: "Imported indicators of areas",
    Event.INDICATORS_REMOVED: "Removed an indicator of a year",
    Event.NEIGHBOURS_IMPORTED: "Imported nearest neighbours of areas",
    Event.NEIGHBOURS_REMOVED: "Removed the nearest neighbours of an area",
    Event.ORGANISATIONS_IMPORTED: "Imported organisations",
    Event.PARTNERSHIPS_IMPORTED: "Imported partnerships",
    Event.ORGANISATION_SAVED: "Saved an organisation",
    Event.PARTNERSHIP_SAVED: "Saved a partnership",
    Event.ORGANISATION_JOINED: "Added an organisation to a partnership",
    Event.ORGANISATION_LEFT: "Noted that an organisation left a partnership",
    Event.REMINDED: "Sent a reminder",
    Event.ROUND_SAVED: "Saved a round",
    Event.ROUND_CONFIRMED: "Confirmed a round",
    Event.ROUND_CLOSED: "A round closed",
    Event.ROUND_OPENED_AGAIN: "Opened a round again that had closed",
    Event.RELEASE_PLANNED: "Named the date and the cuts of a release",
    Event.RELEASE_BUILT: "Built a release",
    Event.RELEASE_APPROVED: "Approved a release",
    Event.RELEASE_WITHDRAWN: "Withdrew a release",
    Event.API_CLIENT_MADE: "Let another system in",
    Event.API_CLIENT_REVOKED: "Shut another system out",
    Event.API_TOKEN_MADE: "Gave another system its next token",
    Event.API_TOKEN_REVOKED: "Ended a token of another system",
    Event.API_READ: "Another system has pulled figures",
    Event.PARTNERSHIP_VIEWED: "Looked at a partnership from outside it",
    Event.REPORT_VIEWED: "Read the partnership report, with what every organisation answered",
    Event.AUDIT_VIEWED: "Read the audit",
    Event.ASSESSMENT_STARTED: "Started an assessment",
    Event.ANSWERED: "Answered a question",
    Event.TRUST_RATED: "Said how far their organisation can rely on its partners",
    Event.SECTION_GIVEN: "Gave a section to a colleague, or took it back",
    Event.SUBMITTED: "Submitted an assessment",
    Event.CHANGES_REQUESTED: "Requested changes to an assessment",
    Event.SIGNED_OFF: "Signed off an assessment",
    Event.REOPENED: "Reopened an assessment",
    Event.LATE_ENTRY_PERMITTED: "Permitted late entry",
    Event.MEETING_HELD: "Recorded who was at a meeting",
    Event.AGREED: "Recorded what a meeting agreed on a question",
    Event.COMMENTED: "Commented on a question",
    Event.EVIDENCE_ADDED: "Added an evidence file",
    Event.EVIDENCE_REMOVED: "Removed an evidence file",
    Event.BARRIERS_TYPED: "Said what stands in the way of a gap",
    Event.REPORT_SHARED: "Made a link to a partnership report",
    Event.REPORT_LINK_ENDED: "Ended a link to a partnership report",
    Event.SHARED_REPORT_OPENED: "A partnership report was opened by its link",
    Event.ACTION_PLANNED: "Planned an action, or an ask of government",
    Event.ACTION_CHANGED: "Changed an action",
    Event.ACTION_NOTED: "Noted the progress of an action",
    Event.LEARNING_MARKED: "Said whether something of the learning library helped",
    Event.TEXT_CHANGED: "Changed a text of the service",
    Event.DATA_EXPORTED: "Exported what is kept about a person",
    Event.PERSON_ERASED: "Erased a person",
    Event.RETENTION_APPLIED: "Removed what was kept for its time",
    Event.WEBHOOK_MADE: "Made a webhook of an API client",
    Event.WEBHOOK_ENDED: "Ended a webhook of an API client",
}
OF_SERVICE: Final = "service"
NOBODY: Final = "The service itself"
ERASED_WORDS: Final = "Erased"
_PLACE: Final = re.compile(r"([0-9T:.-]+\+00:00)~([0-9a-f-]{36})~([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something to choose from a list."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """A time of day in the UK."""

    text: str
    utc: str
    """As a machine reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One thing that was done, or some answers one after the other."""

    began: Moment | None
    """Of several: when the first was done."""
    at: Moment
    who: str
    """With the API client that did it on their behalf, where one did."""
    what: str
    partnership: str
    subject: str
    texts: tuple[tuple[str, str], ...]
    """What was there before and after, as far as there is something to show."""


@dataclass(frozen=True, slots=True)
class AuditDay:
    """What was done on one day in the UK, the newest first."""

    title: str
    rows: tuple[AuditRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage(Page):
    """The audit, the newest first."""

    action: str
    partnerships: tuple[Choice, ...]
    events: tuple[Choice, ...]
    days: tuple[AuditDay, ...]
    identifiers: tuple[str, ...]
    """A line for every entry: when in UTC, its number, and what it was done to, by ids."""
    newest: str
    """Where the newest are; empty where these are they."""
    older: str


ChainQuery = Annotated[str, Query(alias="partnership", max_length=36)]
EventQuery = Annotated[str, Query(alias="event", max_length=80)]
BeforeQuery = Annotated[str, Query(alias="before", max_length=120)]


@router.get(paths.AUDIT)
def audit_page(
    show: ShowDep,
    database: DatabaseDep,
    actor: ActorDep,
    now: Now,
    partnership: ChainQuery = "",
    event: EventQuery = "",
    before: BeforeQuery = "",
) -> HTMLResponse:
    """Central administrators: what was done, by whom and when. That they read it is recorded, too."""
    found = reading_audit.read(
        database, actor, now, before=_read_place(before), chain=_read_chain(partnership), event=_read_event(event)
    )
    return show("central/audit.html", _make_page(found, partnership, event, before))


def _make_page(found: Reading, partnership: str, event: str, before: str) -> AuditPage:
    chosen = {name: value for name, value in (("partnership", partnership), ("event", event)) if value}
    chains = (("", "All"), (OF_SERVICE, "What concerns no partnership"))
    return AuditPage(
        title="Audit",
        action=paths.AUDIT,
        partnerships=tuple(
            Choice(value=value, text=text, chosen=value == partnership)
            for value, text in (*chains, *((str(row_id), name) for row_id, name in found.partnerships))
        ),
        events=tuple(
            Choice(value=value, text=text, chosen=value == event)
            for value, text in (("", "Everything"), *sorted(EVENT_WORDS.items(), key=lambda item: item[1]))
        ),
        days=tuple(
            AuditDay(title, tuple(_make_row(tuple(alike)) for _, alike in groupby(entries, key=_fold)))
            for title, entries in groupby(found.entries, key=lambda entry: date_words(entry.done_at))
        ),
        identifiers=tuple(map(_identify, found.entries)),
        newest=_link(chosen) if before else "",
        older=_link({**chosen, "before": _write_place(found)}) if found.older else "",
    )


def _fold(entry: ReadEntry) -> tuple[object, ...]:
    """Give what entries share that stand in one row: somebody's answers in one assessment, one after the other."""
    if entry.event != Event.ANSWERED:
        return entry.partnership, entry.done_at, entry.number
    return entry.partnership, entry.actor_id, entry.client_id, entry.identifiers.split()[:2]


def _make_row(alike: tuple[ReadEntry, ...]) -> AuditRow:
    entry = alike[0]
    what = EVENT_WORDS[Event(entry.event)] if entry.event in EVENT_WORDS else entry.event
    texts = (("Before", entry.old), ("After", entry.new)) if entry.is_shown else ()
    return AuditRow(
        began=_make_moment(alike[-1].done_at) if time_words(alike[-1].done_at) != time_words(entry.done_at) else None,
        at=_make_moment(entry.done_at),
        who=f"{entry.who or NOBODY}, through the system “{entry.client}”" if entry.client else entry.who or NOBODY,
        what=f"{what}, {len(alike)} times" if len(alike) > 1 else what,
        partnership=entry.partnership,
        subject=entry.subject.partition(", ")[0] if len(alike) > 1 else entry.subject,
        texts=tuple((name, ERASED_WORDS if text is None else text) for name, text in texts if text != ""),
    )


def _make_moment(at: datetime) -> Moment:
    return Moment(time_words(at), f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _identify(entry: ReadEntry) -> str:
    return f"{entry.done_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, entry {entry.number}: {entry.identifiers}"


def _link(query: Mapping[str, str]) -> str:
    return f"{paths.AUDIT}?{urlencode(query)}" if query else paths.AUDIT


def _write_place(found: Reading) -> str:
    if found.older is None:
        return ""
    at, chain, number = found.older
    return f"{at.isoformat()}~{chain}~{number}"


def _read_place(before: str) -> tuple[datetime, UUID, int] | None:
    if not before:
        return None
    found = _PLACE.fullmatch(before)
    at, chain, number = found.groups() if found else ("", "", "")
    try:
        return datetime.fromisoformat(at).astimezone(UTC), UUID(chain), int(number)
    except (ValueError, OverflowError):
        raise NotFoundError("There is no such place in the audit") from None


def _read_chain(partnership: str) -> UUID | None:
    if not partnership:
        return None
    try:
        return SERVICE if partnership == OF_SERVICE else UUID(partnership)
    except ValueError:
        raise NotFoundError("There is no such partnership") from None


def _read_event(event: str) -> Event | None:
    if event and event not in set(Event):
        raise NotFoundError("There is no such event")
    return Event(event) if event else None
