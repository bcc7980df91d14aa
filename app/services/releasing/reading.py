"""What is published, for whoever reads it: central teams, anybody, partners; and every release, for the operator."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor, Deed, check
from app.domain.errors import NotFoundError
from app.domain.questionnaire import Questionnaire
from app.domain.releases import Content, ReleaseRecord
from app.services import Database
from app.services.releasing.loading import get_released_round
from app.store import releases as store


@dataclass(frozen=True, slots=True)
class PublishedRelease:
    """A release as it may be read."""

    record: ReleaseRecord
    content: Content
    questionnaire: Questionnaire


@dataclass(frozen=True, slots=True)
class ReleasedToPartners:
    """What one partnership may set itself beside."""

    content: Content
    published_at: datetime
    categories: Mapping[str, str] | None
    """Cut -> its own category, as it was frozen; `None` where it does not count in the release."""


def list_published(database: Database, actor: Actor, now: datetime) -> tuple[ReleaseRecord, ...]:
    """List what may be read: the newest release of each round. One statement."""
    check(actor, Deed.READ_RELEASES)
    return list_public(database, now)


def list_public(database: Database, now: datetime) -> tuple[ReleaseRecord, ...]:
    """List the same for anybody, where the service publishes statistics. One statement."""
    with database.reading() as session:
        found = store.list_releases(session)
    newest: dict[UUID, ReleaseRecord] = {}
    for each in found:
        if each.is_published(now):
            newest.setdefault(each.round_id, each)
    return tuple(newest.values())


def get_published(
    database: Database, catalogue: Catalogue, actor: Actor, round_id: UUID, now: datetime
) -> PublishedRelease:
    """Give the release of a round that may be read. One statement. Raises `NotFoundError` where there is none."""
    check(actor, Deed.READ_RELEASES)
    return get_public(database, catalogue, round_id, now)


def get_public(database: Database, catalogue: Catalogue, round_id: UUID, now: datetime) -> PublishedRelease:
    """Give the same to anybody, where the service publishes statistics. One statement."""
    with database.reading() as session:
        found = store.find_published(session, round_id, now)
    if found is None:
        raise NotFoundError("There is no such page")
    record, content, questionnaire_hash = found
    return PublishedRelease(record, content, catalogue.get_by_hash(questionnaire_hash))


# ---- For partners, who have been let in to their own report before --------------------------------------------------


def find_for_partners(
    session: Session, partnership_id: UUID, round_id: UUID, now: datetime
) -> ReleasedToPartners | None:
    """Find what is published of a round, for one of its partnerships. One statement."""
    found = store.find_published_beside(session, partnership_id, round_id, now)
    if found is None:
        return None
    record, content, categories = found
    return ReleasedToPartners(content, record.publishes_at, categories)


def find_date(session: Session, round_id: UUID) -> datetime | None:
    """Find the date that is named for the release of a round. One statement."""
    return get_released_round(session, round_id).release_at


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
