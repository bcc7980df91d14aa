"""The tables.

Everything a partnership owns has `partnership_id` first in its primary key and in every unique and foreign key, so that
no row is reached by a bare id and PostgreSQL can be spread by partnership. Ids are UUIDv7, made here; there are no
sequences, triggers or relationships. A migration follows every change (see CONTRIBUTING).
"""

import uuid
from datetime import UTC, date, datetime
from typing import Any, ClassVar, Final

import uuid_utils.compat
from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    false,
    true,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SLUG: Final = 80
NAME: Final = 200
LINK: Final = 2000
ADDRESS: Final = 320
DECIMAL: Final = 22
"""Twenty figures, a sign and a point."""


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
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        bool: Boolean(),
        bytes: LargeBinary(),
        date: Date(),
        datetime: UtcDateTime(),
        uuid.UUID: Uuid(),
        str: Text(),
    }


class Area(Base):
    """A place, by its official code. Authorities are reorganised, so codes have an end, and successors."""

    __tablename__ = "areas"

    code: Mapped[str] = mapped_column(String(9), primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME))
    kind: Mapped[str] = mapped_column(String(SLUG))
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    region: Mapped[str] = mapped_column(String(NAME), default="", server_default="")
    """The name of the region it lies in; empty where it is not known."""


class AreaSuccessor(Base):
    """The code that stands for a retired one; several where a place was divided."""

    __tablename__ = "area_successors"

    code: Mapped[str] = mapped_column(ForeignKey(Area.code), primary_key=True)
    successor_code: Mapped[str] = mapped_column(ForeignKey(Area.code), primary_key=True)


class IndicatorValue(Base):
    """One figure about an area in a year, such as its population."""

    __tablename__ = "indicator_values"

    indicator: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    area_code: Mapped[str] = mapped_column(ForeignKey(Area.code), primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    value: Mapped[str] = mapped_column(String(DECIMAL))
    """A decimal in its shortest form, exact: of equal ones, the texts are equal."""
    unit: Mapped[str] = mapped_column(String(SLUG))
    """The same in all rows of an indicator."""


class AreaNeighbour(Base):
    """An area that is like another one, by statistics and not on the map."""

    __tablename__ = "area_neighbours"
    __table_args__ = (UniqueConstraint("area_code", "neighbour_code"),)

    area_code: Mapped[str] = mapped_column(ForeignKey(Area.code), primary_key=True)
    rank: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    """The nearest has the lowest."""
    neighbour_code: Mapped[str] = mapped_column(ForeignKey(Area.code))
    imported_at: Mapped[datetime | None]
    """`None` where it was imported before that was noted."""


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
    """One organisation in a partnership. One that has left stays here, and so do its answers."""

    __tablename__ = "partnership_organisations"
    __table_args__ = (Index(None, "organisation_id"),)

    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Partnership.id), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    joined_at: Mapped[datetime | None]
    """When a coordinator let it join; `None` where the central team did."""
    left_at: Mapped[datetime | None]
    replaced_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Organisation.id))
    """The organisation it became part of, or was followed by."""


class Round(Base):
    """A window in which partnerships assess themselves with one questionnaire version."""

    __tablename__ = "rounds"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("withholding_threshold >= 5", name="threshold_from_five"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    title: Mapped[str] = mapped_column(String(NAME), unique=True)
    questionnaire_id: Mapped[str] = mapped_column(String(SLUG))
    questionnaire_version: Mapped[int] = mapped_column(Integer)
    questionnaire_hash: Mapped[str] = mapped_column(String(SLUG))
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    sign_off: Mapped[str] = mapped_column(String(SLUG), default="nobody", server_default="nobody")
    withholding_threshold: Mapped[int] = mapped_column(Integer, default=10, server_default="10")
    targets: Mapped[str] = mapped_column(default="{}", server_default="{}")
    """Question id -> level id as JSON, where the round's target is not the questionnaire's."""
    release_at: Mapped[datetime | None]
    """The date named for publishing what all partnerships said together."""
    two_way_cuts: Mapped[str] = mapped_column(default="[]", server_default="[]")
    """Pairs of cuts that its releases show as well, as JSON."""
    confirmed_at: Mapped[datetime | None]
    """When its set-up was confirmed; before that only central administrators see it."""
    closed_at: Mapped[datetime | None]
    """When its closing was noted. What may be done is decided by `closes_at` alone."""


class RoundPartnership(Base):
    """One partnership taking part in a round."""

    __tablename__ = "round_partnerships"
    __table_args__ = (Index(None, "round_id"),)

    partnership_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Partnership.id), primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Round.id), primary_key=True)


class LateEntry(Base):
    """Leave for one organisation to enter after a round has closed."""

    __tablename__ = "late_entries"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            [PartnershipOrganisation.partnership_id, PartnershipOrganisation.organisation_id],
        ),
        ForeignKeyConstraint(
            ["partnership_id", "round_id"], [RoundPartnership.partnership_id, RoundPartnership.round_id]
        ),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    until: Mapped[datetime]
    reason: Mapped[str]
    permitted_at: Mapped[datetime]
    permitted_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("people.id"))


class Person(Base):
    """Somebody who may sign in. The address is kept in lower case; an erased person has none, and no name."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_in_lower_case"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME))
    email: Mapped[str | None] = mapped_column(String(ADDRESS), unique=True)
    wants_reminders: Mapped[bool] = mapped_column(default=True, server_default=true())
    erased_at: Mapped[datetime | None]


class Membership(Base):
    """One role of one person, in an organisation or a partnership or, for central roles, in neither."""

    __tablename__ = "memberships"
    __table_args__ = (Index(None, "person_id"), Index(None, "organisation_id"), Index(None, "partnership_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    role: Mapped[str] = mapped_column(String(SLUG))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Organisation.id))
    partnership_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Partnership.id))


class Invitation(Base):
    """One role offered to whoever has an address. Only the SHA-256 of its token is kept."""

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        Index(None, "email"),
        Index(None, "organisation_id"),
        Index(None, "partnership_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(ADDRESS))
    name: Mapped[str] = mapped_column(String(NAME))
    role: Mapped[str] = mapped_column(String(SLUG))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Organisation.id))
    partnership_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Partnership.id))
    token_hash: Mapped[str] = mapped_column(String(64))
    invited_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))
    """`None` where it was done by command."""
    first_lead_only: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it works only while nobody leads the organisation and nothing has begun: a coordinator's."""
    invited_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))
    withdrawn_at: Mapped[datetime | None]


class SignInLink(Base):
    """A one-time link. Only the SHA-256 of its token is kept."""

    __tablename__ = "sign_in_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))
    """`None` where nobody has the address that was given: known and unknown cost the same time."""
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


class Attempts(Base):
    """How often something that is slowed down was tried in one stretch of time."""

    __tablename__ = "attempts"

    kind: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


class UnsavedForm(Base):
    """What somebody typed before they were signed out, until they have signed in again."""

    __tablename__ = "unsaved_forms"

    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id), primary_key=True)
    path: Mapped[str] = mapped_column(String(500), primary_key=True)
    fields: Mapped[str]
    """Field -> text, as JSON."""
    typed_at: Mapped[datetime]


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
    signed_off_at: Mapped[datetime | None]
    signed_off_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))


class AssessmentMove(Base):
    """One move in the life of an assessment, answering left out. Never changed; the key is the compare-and-set."""

    __tablename__ = "assessment_moves"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    move: Mapped[str] = mapped_column(String(SLUG))
    reason: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    made_at: Mapped[datetime]


class GivenSection(Base):
    """A section of an assessment that was given to a colleague, with a message."""

    __tablename__ = "given_sections"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
        Index(None, "person_id"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    section_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    message: Mapped[str]
    given_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    given_at: Mapped[datetime]


class Comment(Base):
    """One contribution to the thread of a question, inside the organisation."""

    __tablename__ = "comments"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    question_id: Mapped[str] = mapped_column(String(SLUG))
    text: Mapped[str]
    author_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    written_at: Mapped[datetime]


class EvidenceFile(Base):
    """A file that shows an answer to be true. One that was removed, or erased, keeps its row without its content."""

    __tablename__ = "evidence_files"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    question_id: Mapped[str] = mapped_column(String(SLUG))
    name: Mapped[str] = mapped_column(String(NAME))
    media_type: Mapped[str] = mapped_column(String(NAME))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(deferred=True)
    added_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class AnswerVersion(Base):
    """One version of one answer; the newest is current. Never changed: the primary key is the compare-and-set."""

    __tablename__ = "answer_versions"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
        ForeignKeyConstraint(["partnership_id", "carried_from"], [Assessment.partnership_id, Assessment.id]),
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
    carried_from: Mapped[uuid.UUID | None]
    """The assessment of an earlier round that it was confirmed from, unchanged."""


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


class Meeting(Base):
    """One talk of a partnership about its round: when, and who was there."""

    __tablename__ = "meetings"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "round_id"], [RoundPartnership.partnership_id, RoundPartnership.round_id]
        ),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[uuid.UUID]
    held_on: Mapped[date]
    present: Mapped[str]
    """Who was there, by name, as the coordinator wrote it."""
    version: Mapped[int] = mapped_column(Integer)
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    recorded_at: Mapped[datetime]


class MeetingOrganisation(Base):
    """One organisation that was there."""

    __tablename__ = "meeting_organisations"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "meeting_id"], [Meeting.partnership_id, Meeting.id]),
        ForeignKeyConstraint(
            ["partnership_id", "organisation_id"],
            [PartnershipOrganisation.partnership_id, PartnershipOrganisation.organisation_id],
        ),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class AgreedAnswer(Base):
    """One version of what a partnership agreed on a question; the newest is current. The key is the compare-and-set."""

    __tablename__ = "agreed_answers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "round_id"], [RoundPartnership.partnership_id, RoundPartnership.round_id]
        ),
        ForeignKeyConstraint(["partnership_id", "meeting_id"], [Meeting.partnership_id, Meeting.id]),
        CheckConstraint("version >= 1", name="version_from_one"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    round_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    meeting_id: Mapped[uuid.UUID]
    choice: Mapped[str] = mapped_column(String(SLUG))
    """A level; empty where they talked and did not agree."""
    reason: Mapped[str]
    minority_view: Mapped[str]
    recorded_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    recorded_at: Mapped[datetime]


class TrustRating(Base):
    """How far one organisation says it can rely on one partner, or on another subject of the framework."""

    __tablename__ = "trust_ratings"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    """The id of an organisation, or of a subject of the framework, such as `communities`."""
    level: Mapped[str] = mapped_column(String(SLUG))
    rated_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    rated_at: Mapped[datetime]


class TypedBarrier(Base):
    """What kind of thing an organisation says stands in the way of a question."""

    __tablename__ = "typed_barriers"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    question_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    kind: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    said_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    said_at: Mapped[datetime]


class PlannedAction(Base):
    """What a partnership will do about a gap; or, as an ask, what it wants of a department."""

    __tablename__ = "planned_actions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "round_id"], [RoundPartnership.partnership_id, RoundPartnership.round_id]
        ),
        ForeignKeyConstraint(
            ["partnership_id", "owner_organisation_id"],
            [PartnershipOrganisation.partnership_id, PartnershipOrganisation.organisation_id],
        ),
        Index(None, "owner_id"),
        Index(None, "department_id"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[uuid.UUID]
    """The round whose gap it is about; it stays on the board in later ones until it is done or dropped."""
    question_id: Mapped[str] = mapped_column(String(SLUG))
    title: Mapped[str]
    measure: Mapped[str]
    """What will show that it worked."""
    owner_organisation_id: Mapped[uuid.UUID]
    owner_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(String(SLUG))
    department_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Organisation.id))
    """Whom it asks, which makes it an ask of government."""
    learning_point: Mapped[str] = mapped_column(String(SLUG))
    """The point of the learning library that it was made from; empty for none."""
    version: Mapped[int] = mapped_column(Integer)
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    created_at: Mapped[datetime]


class ActionNote(Base):
    """One note on the progress of an action, with the status from then on. Never changed."""

    __tablename__ = "action_notes"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "action_id"], [PlannedAction.partnership_id, PlannedAction.id]),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    action_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    status: Mapped[str] = mapped_column(String(SLUG))
    text: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    noted_at: Mapped[datetime]


class ReportLink(Base):
    """A link by which somebody outside reads the report of one partnership and round. Only a digest of it is kept."""

    __tablename__ = "report_links"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "round_id"], [RoundPartnership.partnership_id, RoundPartnership.round_id]
        ),
        UniqueConstraint("partnership_id", "token_hash"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[uuid.UUID]
    token_hash: Mapped[str] = mapped_column(String(64))
    label: Mapped[str]
    """Whom it is for, as its maker wrote it."""
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class HelpOffer(Base):
    """What a partnership offers to other partnerships about one enabler. One that was withdrawn keeps its row."""

    __tablename__ = "help_offers"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "round_id"], [RoundPartnership.partnership_id, RoundPartnership.round_id]
        ),
        CheckConstraint("at_a_time BETWEEN 1 AND 10", name="at_a_time_from_one_to_ten"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    enabler_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    round_id: Mapped[uuid.UUID]
    """The closed round whose report calls it strong."""
    kinds: Mapped[str] = mapped_column(String(NAME))
    """Their ids, with spaces between them."""
    at_a_time: Mapped[int] = mapped_column(Integer)
    words: Mapped[str]
    version: Mapped[int] = mapped_column(Integer)
    offered_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    offered_at: Mapped[datetime]
    """Since when it stands."""
    ended_at: Mapped[datetime | None]


class HelpAsk(Base):
    """What a partnership wants to learn from other partnerships about one enabler."""

    __tablename__ = "help_asks"
    __table_args__ = (
        ForeignKeyConstraint(
            ["partnership_id", "round_id"], [RoundPartnership.partnership_id, RoundPartnership.round_id]
        ),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    enabler_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    round_id: Mapped[uuid.UUID]
    """The closed round whose report calls it weak."""
    kinds: Mapped[str] = mapped_column(String(NAME))
    """Their ids, with spaces between them."""
    words: Mapped[str]
    need: Mapped[str] = mapped_column(String(SLUG))
    """Orders the asks, and is shown to nobody."""
    version: Mapped[int] = mapped_column(Integer)
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    asked_at: Mapped[datetime]
    """Since when it stands."""
    ended_at: Mapped[datetime | None]


class HelpProposal(Base):
    """An ask and an offer that the service brought together. It belongs to the partnership that asks."""

    __tablename__ = "help_proposals"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "enabler_id"], [HelpAsk.partnership_id, HelpAsk.enabler_id]),
        Index(None, "offering_id"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    offering_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Partnership.id), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    enabler_id: Mapped[str] = mapped_column(String(SLUG))
    status: Mapped[str] = mapped_column(String(SLUG))
    proposed_at: Mapped[datetime]
    asking_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))
    """Who said yes for the partnership that asks."""
    offering_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))
    matched_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class LearningMark(Base):
    """What an organisation says of a point or resource of the learning library: that it used it, or that it helped."""

    __tablename__ = "learning_marks"
    __table_args__ = (Index(None, "framework_id", "kind", "item_id"),)

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    framework_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    kind: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    """`point` or `resource`."""
    item_id: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    mark: Mapped[str] = mapped_column(String(SLUG))
    marked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    marked_at: Mapped[datetime]


class Release(Base):
    """The frozen aggregate of a round. What it is made of is kept, for the audits of later ones."""

    __tablename__ = "releases"
    __table_args__ = (UniqueConstraint("round_id", "number"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    round_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Round.id))
    number: Mapped[int] = mapped_column(Integer)
    content: Mapped[str] = mapped_column(deferred=True)
    """All that it publishes, as JSON."""
    digest: Mapped[str] = mapped_column(String(64))
    contributions: Mapped[str] = mapped_column(deferred=True)
    """What each partnership contributed, and departments to its mirror, as JSON with exact numbers. Never shown."""
    audit: Mapped[str] = mapped_column(deferred=True)
    """Why cells are withheld, as JSON, for administrators."""
    built_at: Mapped[datetime]
    built_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    publishes_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))
    withdrawn_reason: Mapped[str] = mapped_column(default="", server_default="")


class Mail(Base):
    """The outbox: what is to be sent, written in the transaction of what it tells of."""

    __tablename__ = "mails"
    __table_args__ = (UniqueConstraint("key"), Index(None, "send_after"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(SLUG))
    person_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))
    to_address: Mapped[str] = mapped_column(String(ADDRESS))
    subject: Mapped[str]
    body: Mapped[str]
    """Plain text. Of mails that hold a token, it is taken away once they are sent."""
    path: Mapped[str] = mapped_column(String(LINK))
    """The page it leads to, after the public address; empty for none."""
    key: Mapped[str | None] = mapped_column(String(NAME))
    """What may be said once only, such as a reminder of a round."""
    written_at: Mapped[datetime]
    send_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    """When it was decided not to send it: after many failures, or at once where nobody has the address."""
    error: Mapped[str]


class AuditChain(Base):
    """The head of one chain of audit entries: a partnership's, or the service's own under the id of zeros."""

    __tablename__ = "audit_chains"

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    hash: Mapped[str] = mapped_column(String(64))


class AuditEntry(Base):
    """One thing that was done. Never changed, but that texts and their salts may be erased: digests are chained."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index(None, "actor_id"), Index(None, "done_at"))

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    done_at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]
    """`None` where it was done by command or by the clock."""
    event: Mapped[str] = mapped_column(String(SLUG))
    subject: Mapped[str] = mapped_column(String(NAME))
    """What it was done to, by kind and ids alone: `assessment ID question ID`."""
    old_text: Mapped[str | None]
    old_salt: Mapped[str | None] = mapped_column(String(64))
    old_digest: Mapped[str] = mapped_column(String(64))
    new_text: Mapped[str | None]
    new_salt: Mapped[str | None] = mapped_column(String(64))
    new_digest: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class ServiceText(Base):
    """A text that the operator fills in, such as who is responsible for the data."""

    __tablename__ = "service_texts"

    name: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    text: Mapped[str]
    changed_at: Mapped[datetime]
    changed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Person.id))


class ApiClient(Base):
    """Another system that uses the API, on behalf of whoever made it."""

    __tablename__ = "api_clients"
    __table_args__ = (Index(None, "created_by"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(NAME))
    scopes: Mapped[str]
    """What it may do, separated by spaces."""
    created_by: Mapped[uuid.UUID] = mapped_column(ForeignKey(Person.id))
    """It may never do more than they may."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class ApiToken(Base):
    """A token of an API client, which has several while one follows another. Only its digest is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index(None, "client_id"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(default=new_id)
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ApiClient.id))
    scopes: Mapped[str]
    is_access_token: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether it was given for the client's credentials, for a short time."""
    hint: Mapped[str] = mapped_column(String(SLUG))
    """Its last characters, by which people tell it from others."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Feed(Base):
    """The position of what was written last. Whoever writes holds the row until their commit: its order is theirs."""

    __tablename__ = "feeds"

    name: Mapped[str] = mapped_column(String(SLUG), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    moved_at: Mapped[datetime]


class Result(Base):
    """What machines read of an assessment: the last submission as a line of JSON, or that it is no longer one."""

    __tablename__ = "results"
    __table_args__ = (
        ForeignKeyConstraint(["partnership_id", "assessment_id"], [Assessment.partnership_id, Assessment.id]),
        Index(None, "position"),
        Index(None, "partnership_id", "position"),
    )

    partnership_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    assessment_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    """In the feed; every change of the row gets the next."""
    round_id: Mapped[uuid.UUID]
    organisation_id: Mapped[uuid.UUID]
    questionnaire_id: Mapped[str] = mapped_column(String(SLUG))
    updated_at: Mapped[datetime]
    """Never before that of a lower position."""
    is_deleted: Mapped[bool] = mapped_column(default=False, server_default=false())
    line: Mapped[str]
    """JSON: the result, or a tombstone."""


class IdempotencyKey(Base):
    """The reply to a write that its sender may send again, kept with what was written."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index(None, "created_at"),)

    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ApiClient.id), primary_key=True)
    operation: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    key: Mapped[str] = mapped_column(String(NAME), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int | None] = mapped_column(Integer)
    """`None` while it is in progress."""
    reply: Mapped[str]
    created_at: Mapped[datetime]


class Webhook(Base):
    """An address that a client wants to be told at."""

    __tablename__ = "webhooks"
    __table_args__ = (Index(None, "client_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    client_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ApiClient.id))
    url: Mapped[str] = mapped_column(String(LINK))
    events: Mapped[str]
    """Separated by spaces."""
    secret: Mapped[str] = mapped_column(String(NAME))
    """What deliveries are signed with. Shown once; kept, as signing takes it."""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """The outbox of webhooks: one message to one address, as it was when it was written."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (Index(None, "send_after"),)

    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Webhook.id), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    event: Mapped[str] = mapped_column(String(SLUG))
    payload: Mapped[str]
    written_at: Mapped[datetime]
    send_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    status: Mapped[int | None] = mapped_column(Integer)
    """What the other side answered last."""
    error: Mapped[str]
