"""Links to a partnership report for somebody outside: made and ended by coordinators, opened without signing in.

A link reads the report of one round as it is at that moment, and nothing else. Every opening is in the audit of the
partnership, once an hour for each link. It opens nothing that its maker could not see, so while the report is closed to
coordinators, as after an organisation has joined an open round, the link rests.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.full_report import FullReport
from app.domain.shared_reports import LinkFault, ReportLink, find_end, find_link_faults
from app.domain.together import Together, can_see, check_see
from app.services import Database, auditing, limiting
from app.services.acting import acting
from app.services.auditing import VIEWS_APART
from app.services.limiting import Slowed
from app.services.together import complete, make_report
from app.services.tokens import TokenKeys, make_token
from app.store import audit, report_links
from app.store import together as rounds
from app.store.models import new_id


@dataclass(frozen=True, slots=True)
class FollowedLink:
    """A link, and what the audit says of it."""

    link: ReportLink
    opened: int
    """How often it was opened, counted once an hour at most."""
    last_opened: datetime | None


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """The links to the report of one round, and whether another can be made."""

    partnership: str
    round: str
    links: tuple[FollowedLink, ...]
    can_share: bool
    """Whether the report is open to its coordinators now."""
    next_id: UUID
    """Of the next link: one form makes one, however often it is sent."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """What a coordinator asks for, as typed."""

    label: str
    days: str
    id: UUID | None


@dataclass(frozen=True, slots=True)
class Made:
    """A new link with the token that opens it, which is known here and now only."""

    link: ReportLink
    token: str


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """The report that a link opens."""

    link: ReportLink
    full: FullReport


def list_links(database: Database, actor: Actor, partnership_id: UUID, round_id: UUID, now: datetime) -> SharedLinks:
    """Give the links to the report of a round. Four statements.

    Raises `NotFoundError` for all but the coordinators of the partnership.
    """
    with database.reading() as session:
        found = _find_round(session, actor, partnership_id, round_id)
        links = report_links.list_links(session, partnership_id, round_id)
        opened = audit.count_by_subject(session, partnership_id, Event.SHARED_REPORT_OPENED)
    return SharedLinks(
        partnership=found.partnership,
        round=found.round,
        links=tuple(FollowedLink(link, *opened.get(_subject(link), (0, None))) for link in links),
        can_share=can_see(actor, found, now),
        next_id=new_id(),
    )


def share(
    database: Database,
    actor: Actor,
    partnership_id: UUID,
    round_id: UUID,
    asked: NewLink,
    now: datetime,
    keys: TokenKeys,
) -> Made | tuple[LinkFault, ...]:
    """Make a link to the report of a round; or say what is wrong, with nothing stored.

    No faults mean that this very link was made before, and its token is not known any more. Raises what `list_links`
    does, and `NotAllowedNowError` while the report is not open to coordinators.
    """
    with acting(database, actor) as session:
        check_see(actor, _find_round(session, actor, partnership_id, round_id), now)
        if faults := find_link_faults(asked.label, asked.days):
            return faults
        link = ReportLink(
            partnership_id=partnership_id,
            id=asked.id or new_id(),
            round_id=round_id,
            label=asked.label,
            created_by=actor.name,
            created_at=now,
            expires_at=find_end(now, asked.days),
            revoked_at=None,
        )
        token = make_token()
        if not report_links.add_link(session, link, keys.digest(token), actor.person_id):
            return ()
        until = link.expires_at.date().isoformat()
        _record(session, Event.REPORT_SHARED, actor.person_id, link, now, new=f"{asked.label}, until {until}")
        return Made(link, token)


def revoke(database: Database, actor: Actor, partnership_id: UUID, link_id: UUID, now: datetime) -> ReportLink:
    """End a link at once, whoever made it; one that has ended stays as it is. Raises what `list_links` does."""
    with acting(database, actor) as session:
        access.check(actor, Deed.SHARE_REPORT, partnership_id=partnership_id)
        link = report_links.find_link(session, partnership_id, link_id)
        if link is None:
            raise NotFoundError("There is no such link")
        if report_links.revoke_link(session, partnership_id, link_id, now):
            _record(session, Event.REPORT_LINK_ENDED, actor.person_id, link, now, old=link.label)
        return link


def open_report(
    database: Database,
    catalogue: Catalogue,
    partnership_id: UUID,
    token: str,
    source: str,
    now: datetime,
    keys: TokenKeys,
) -> OpenedReport:
    """Read the report that a link opens. Six statements, and those of the audit.

    Raises `NotFoundError` where it is wrong, has ended, was revoked or rests, all alike; `TooManyAttemptsError` of a
    source that tries too many of them.
    """
    full = None
    with database.reading() as session:
        link = report_links.find_by_token(session, partnership_id, keys.digests(token))
        history = rounds.list_rounds(session, partnership_id) if link and link.is_open(now) else ()
        found = next((each for each in history if link and each.round_id == link.round_id), None)
        if found is not None and found.is_open_to_coordinators(now):
            report = make_report(catalogue, found, history)
            earlier = tuple(each for each in report.earlier if each.is_open_to_coordinators(now))
            full = complete(session, catalogue, report, earlier, now)
    if link is None or full is None:
        limiting.check_source(database, Slowed.FAILED_TOKEN, source, now)
        raise NotFoundError("This link does not work, or no longer. Ask whoever gave it to you for another")
    _note_opened(database, link, now)
    return OpenedReport(link, full)


def _note_opened(database: Database, link: ReportLink, now: datetime) -> None:
    """Record the opening before anything is shown, once an hour at most."""
    opened = link.partnership_id, Event.SHARED_REPORT_OPENED, None, _subject(link), now - VIEWS_APART
    with database.reading() as session:
        if audit.was_recorded(session, *opened):
            return
    with acting(database, None) as session:
        audit.lock_head(session, link.partnership_id)
        if not audit.was_recorded(session, *opened):  # nor in the moment between
            _record(session, Event.SHARED_REPORT_OPENED, None, link, now)


def _find_round(session: Session, actor: Actor, partnership_id: UUID, round_id: UUID) -> Together:
    access.check(actor, Deed.SHARE_REPORT, partnership_id=partnership_id)
    history = rounds.list_rounds(session, partnership_id)
    found = next((each for each in history if each.round_id == round_id), None)
    if found is None:
        raise NotFoundError("There is no such page")
    return found


def _subject(link: ReportLink) -> str:
    return f"round {link.round_id} link {link.id}"


def _record(
    session: Session, event: Event, actor_id: UUID | None, link: ReportLink, now: datetime, old: str = "", new: str = ""
) -> None:
    auditing.record(
        session, event, actor_id, now, partnership_id=link.partnership_id, subject=_subject(link), old=old, new=new
    )
