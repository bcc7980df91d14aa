"""Rounds as they run, in words, and where the actor may go from there."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.domain.access import Actor, Deed, can
from app.domain.progress import Place, count_stages
from app.domain.records import AssessmentRecord
from app.renderings.words import join
from app.web import paths
from app.web.pages import Link, Tag
from app.web.partner.statuses import TAG_OF
from app.web.people import addresses
from app.web.words import moment_words


def describe_next(opens_at: datetime, closes_at: datetime, now: datetime) -> str:
    """Say what comes next of a round, or when it was over."""
    if now < opens_at:
        return f"Opens at {moment_words(opens_at)}."
    return f"{'Closes' if now < closes_at else 'Closed'} at {moment_words(closes_at)}."


def describe_window(opens_at: datetime, closes_at: datetime, now: datetime) -> str:
    """Say when a round opens and closes."""
    opens = f"{'Opens' if now < opens_at else 'Opened'} at {moment_words(opens_at)}."
    return f"{opens} {'Closes' if now < closes_at else 'Closed'} at {moment_words(closes_at)}."


def tag_of_window(opens_at: datetime, closes_at: datetime, now: datetime) -> Tag:
    """Say in a word whether a round is open."""
    if now < opens_at:
        return Tag(text="Not open yet", colour="blue")
    return Tag(text="Open", colour="green") if now < closes_at else Tag(text="Closed", colour="grey")


def describe_places(places: Iterable[Place]) -> str:
    """Say how many organisations are where: 2 not started, 1 in progress and 5 submitted."""
    counts = count_stages(places)
    return join([f"{number} {TAG_OF[stage].text.lower()}" for stage, number in counts.items() if number])


def describe_exceptions(record: AssessmentRecord, now: datetime) -> tuple[str, ...]:
    """Say what is otherwise with an organisation than with the others."""
    late = record.window.late_until
    return (
        *(["Has left the partnership"] if record.window.left_at else []),
        *([f"May enter late until {moment_words(late)}"] if late and late > now and not record.window.left_at else []),
    )


def find_partnership(actor: Actor, partnership_id: UUID, name: str) -> Link | None:
    """Lead to a partnership, where the actor may enter."""
    may_enter = can(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=partnership_id)
    return Link(f"Go to {name}", paths.partnership(partnership_id)) if may_enter else None


def find_organisation(actor: Actor, record: AssessmentRecord) -> str:
    """Give where it stands who leads an organisation, where the actor may enter and it has not left; else empty."""
    may_enter = can(actor, Deed.FOLLOW_PARTNERSHIP, partnership_id=record.partnership_id)
    is_there = record.window.left_at is None
    return addresses.organisation(record.partnership_id, record.organisation_id) if may_enter and is_there else ""
