"""The tables.

Everything a partnership owns has `partnership_id` first in its primary key and in every unique and foreign key, so that
no row is reached by a bare id and PostgreSQL can be spread by partnership. Ids are UUIDv7, made here; there are no
sequences, triggers or relationships. A migration follows every change (see CONTRIBUTING).
"""

import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar, Final

import uuid_utils.compat
from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SLUG: Final = 80
NAME: Final = 200
LINK: Final = 2000


def new_id() -> uuid.UUID:
    """Make a UUIDv7: unique anywhere, and in the order of time."""
    return uuid_utils.compat.uuid7()


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime, stored as UTC. SQLite forgets time zones, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store UTC; refuse a naive time, which would be somebody's guess."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give an aware time back."""
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """What all tables share: names for every constraint, and the column type of each Python type."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcDateTime(), uuid.UUID: Uuid(), str: Text()}


class Area(Base):
    """A place, by its official code."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME))
    kind: Mapped[str] = mapped_column(String(SLUG))


class Organisation(Base):
    """A body that completes assessments."""

    __tablename__ = "organisations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME), unique=True)
    kind: Mapped[str] = mapped_column(String(SLUG))


class Partnership(Base):
    """Organisations working together on a footprint of areas."""

    __tablename__ = "partnerships"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME), unique=True)


class PartnershipArea(Base):
    """One area of a footprint; footprints may overlap."""

    __tablename__ = "partnership_areas"

    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Partnership.id), primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey(Area.code), primary_key=True)


class PartnershipOrganisation(Base):
    """One organisation in a partnership."""

    __tablename__ = "partnership_organisations"
    __table_args__ = (Index(None, "organisation_id"),)

    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Partnership.id), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)


class Round(Base):
    """A window in which partnerships assess themselves with one questionnaire version."""

    __tablename__ = "rounds"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(NAME), unique=True)
    questionnaire_id: Mapped[str] = mapped_column(String(SLUG))
    questionnaire_version: Mapped[int] = mapped_column(Integer)
    questionnaire_hash: Mapped[str] = mapped_column(String(SLUG))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]


class RoundPartnership(Base):
    """One partnership taking part in a round."""

    __tablename__ = "round_partnerships"
    __table_args__ = (Index(None, "round_id"),)

    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Partnership.id), primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Round.id), primary_key=True)


class Person(Base):
    """Somebody who may sign in. The address is kept in lower case."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME))
    email: Mapped[str] = mapped_column(String(320), unique=True)


class Membership(Base):
    """One role of one person, in an organisation or, for central roles, in none."""

    __tablename__ = "memberships"
    __table_args__ = (Index(None, "person_id"), Index(None, "organisation_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    role: Mapped[str] = mapped_column(String(SLUG))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Organisation.id))


class SignInLink(Base):
    """A one-time link. Only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInSession(Base):
    """Somebody signed in on one device. Only the SHA-256 of the cookie is kept."""

    __tablename__ = "sign_in_sessions"
    __table_args__ = (Index(None, "person_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    started_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


class Assessment(Base):
    """One organisation answering in one partnership and round. It keeps the questionnaire version it was begun with."""

    __tablename__ = "assessments"
    __table_args__ = (
        UniqueConstraint("partnership_id", "round_id", "organisation_id"),
        ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            [PartnershipOrganisation.partnership_id, PartnershipOrganisation.organisation_id],
        ),
        ForeignKeyConstraint(
            ["partnership_id", "round_id"], [RoundPartnership.partnership_id, RoundPartnership.round_id]
        ),
        CheckConstraint("(status = 'in-progress') = (submitted_at IS NULL)", name="submitted_has_a_time"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    questionnaire_id: Mapped[str] = mapped_column(String(SLUG))
    questionnaire_version: Mapped[int] = mapped_column(Integer)
    questionnaire_hash: Mapped[str] = mapped_column(String(SLUG))
    status: Mapped[str] = mapped_column(String(SLUG))
    started_at: Mapped[datetime]
    started_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))


class AnswerVersion(Base):
    """One version of one answer; the newest is current. Never changed: the primary key is the compare-and-set."""

    __tablename__ = "answer_versions"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    choice: Mapped[str] = mapped_column(String(SLUG))
    reason: Mapped[str]
    note: Mapped[str]
    evidence_kind: Mapped[str] = mapped_column(String(SLUG))
    evidence_link: Mapped[str] = mapped_column(String(LINK))
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    answered_at: Mapped[datetime]


class Snapshot(Base):
    """What was submitted, frozen in one row: answers and exact scores as JSON, and the names of their method."""

    __tablename__ = "snapshots"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    submission: Mapped[int] = mapped_column(Integer, primary_key=True)
    questionnaire_hash: Mapped[str] = mapped_column(String(SLUG))
    answers: Mapped[str]
    scores: Mapped[str]
    submitted_at: Mapped[datetime]
    submitted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))


class FrozenEnablerScore(Base):
    """One enabler of a snapshot. Exact numbers as `n/d`; the float beside the score is for sorting only."""

    __tablename__ = "frozen_enabler_scores"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "assessment_id", "submission"],
            [Snapshot.partnership_id, Snapshot.assessment_id, Snapshot.submission],
        ),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    submission: Mapped[int] = mapped_column(Integer, primary_key=True)
    enabler_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    score: Mapped[str | None] = mapped_column(String(100))
    score_to_sort: Mapped[float | None] = mapped_column(Float)
    band: Mapped[str | None] = mapped_column(String(SLUG))
    coverage: Mapped[str | None] = mapped_column(String(100))
    coverage_status: Mapped[str] = mapped_column(String(SLUG))


class FrozenQuestionScore(Base):
    """One question of a snapshot. The exact score as `n/d`; the float beside it is for sorting only."""

    __tablename__ = "frozen_question_scores"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "assessment_id", "submission"],
            [Snapshot.partnership_id, Snapshot.assessment_id, Snapshot.submission],
        ),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    submission: Mapped[int] = mapped_column(Integer, primary_key=True)
    question_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    state: Mapped[str] = mapped_column(String(SLUG))
    score: Mapped[str | None] = mapped_column(String(100))
    score_to_sort: Mapped[float | None] = mapped_column(Float)
