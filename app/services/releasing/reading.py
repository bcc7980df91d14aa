"""What is published, for whoever reads it: central teams, anybody, partners; and every release, for the operator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor, Deed, check
from app.domain.errors import NotFoundError
from app.domain.questionnaire import Questionnaire
from app.domain.releases import Content, ReleaseRecord, TakenBack
from app.domain.times import date_words
from app.domain.values import one_line
from app.services import Database
from app.services.releasing.loading import get_released_round
from app.store import releases as store


@dataclass(frozen=True, slots=True)
class PublishedRelease:
    """A release as it may be read."""

    record: ReleaseRecord
    content: Content
    questionnaire: Questionnaire
    taken_back: TakenBack | None = None
    """The last that came after it and was withdrawn; `None` for none."""


@dataclass(frozen=True, slots=True)
class RoundStanding:
    """A round of which something is published, or was before it was withdrawn."""

    published: ReleaseRecord | None
    """The newest release that may be read; `None` where all were withdrawn."""
    withdrawn: ReleaseRecord | None
    """The last that came after that and was withdrawn; `None` for none."""


@dataclass(frozen=True, slots=True)
class ReleasedToPartners:
    """What one partnership may set itself beside."""

    content: Content
    record: ReleaseRecord
    taken_back: TakenBack | None
    """The last that came after it and was withdrawn; `None` for none."""
    categories: Mapping[str, str] | None
    """Cut -> its own category, as it was frozen; `None` where it does not count in the release."""


def list_rounds(database: Database, actor: Actor, now: datetime) -> tuple[RoundStanding, ...]:
    """List the rounds that are released, with what was withdrawn. One statement."""
    check(actor, Deed.READ_RELEASES)
    return list_public_rounds(database, now)


def list_public_rounds(database: Database, now: datetime) -> tuple[RoundStanding, ...]:
    """List the same for anybody, where the service publishes statistics. One statement."""
    with database.reading() as session:
        found = store.list_releases(session)
    rounds = (_find_standing(tuple(releases), now) for _, releases in groupby(found, key=lambda each: each.round_id))
    return tuple(each for each in rounds if each.published or each.withdrawn)


def _find_standing(releases: Sequence[ReleaseRecord], now: datetime) -> RoundStanding:
    """Say what is published of a round, and what was withdrawn after that. The newest comes first."""
    published = next((each for each in releases if each.is_published(now)), None)
    later = releases if published is None else releases[: releases.index(published)]
    return RoundStanding(published, next((each for each in later if each.was_taken_back(now)), None))


def list_published(database: Database, actor: Actor, now: datetime) -> tuple[ReleaseRecord, ...]:
    """List what may be read: the newest release of each round. One statement."""
    check(actor, Deed.READ_RELEASES)
    return list_public(database, now)


def list_public(database: Database, now: datetime) -> tuple[ReleaseRecord, ...]:
    """List the same for anybody, where the service publishes statistics. One statement."""
    return tuple(each.published for each in list_public_rounds(database, now) if each.published)


def get_published(
    database: Database, catalogue: Catalogue, actor: Actor, round_id: UUID, now: datetime
) -> PublishedRelease:
    """Give the release of a round that may be read. One statement.

    Raises `NotFoundError` where there is none; where it was withdrawn, it says when and why.
    """
    check(actor, Deed.READ_RELEASES)
    return get_public(database, catalogue, round_id, now)


def get_public(database: Database, catalogue: Catalogue, round_id: UUID, now: datetime) -> PublishedRelease:
    """Give the same to anybody, where the service publishes statistics. One statement."""
    with database.reading() as session:
        found = store.find_published(session, round_id, now)
        if found is None:
            withdrawn = _find_standing(store.list_releases(session, round_id), now).withdrawn
            raise NotFoundError(_say_withdrawn(withdrawn) if withdrawn else "There is no such page")
    record, content, questionnaire_hash, taken_back = found
    return PublishedRelease(record, content, catalogue.get_by_hash(questionnaire_hash), taken_back)


def _say_withdrawn(record: ReleaseRecord) -> str:
    withdrawn_at = record.withdrawn_at or record.publishes_at
    reason = one_line(record.withdrawn_reason).rstrip(".")
    return f"The release of this round was withdrawn on {date_words(withdrawn_at)}: {reason}"


# ---- For partners, who have been let in to their own report before --------------------------------------------------


def find_for_partners(
    session: Session, partnership_id: UUID, round_id: UUID, now: datetime
) -> ReleasedToPartners | None:
    """Find what is published of a round, for one of its partnerships. One statement."""
    found = store.find_published_beside(session, partnership_id, round_id, now)
    if found is None:
        return None
    record, content, categories, taken_back = found
    return ReleasedToPartners(content, record, taken_back, categories)


def find_date(session: Session, round_id: UUID) -> datetime | None:
    """Find the date that is named for the release of a round. One statement."""
    return get_released_round(session, round_id).release_at


def find_publishing(database: Database, round_id: UUID, now: datetime) -> datetime | None:
    """Find when the release of a round that may be read was published; `None` where none may. One statement."""
    with database.reading() as session:
        return store.find_publishing(session, round_id, now)


def is_released_to(
    database: Database, partnership_id: UUID, round_id: UUID, organisation_id: UUID, now: datetime
) -> bool:
    """Say whether a round is released, for an organisation that is still in the partnership. One statement."""
    with database.reading() as session:
        return store.is_released_to(session, partnership_id, round_id, organisation_id, now)


# ---- By command ------------------------------------------------------------------------------------------------------


def list_all(database: Database) -> tuple[ReleaseRecord, ...]:
    """List every release, for the operator."""
    with database.reading() as session:
        return store.list_releases(session)
