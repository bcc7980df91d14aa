"""What is stored of a person, wherever it is, as rows; and the fate of each when they are erased.

Which columns refer to people is read from the tables themselves, so that a new one cannot be forgotten: it has no fate,
and the tests say so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Table, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.domain.erasing import ERASED, ERASED_NAME
from app.store.models import (
    AuditEntry,
    Base,
    EvidenceFile,
    Invitation,
    Mail,
    Organisation,
    Partnership,
    Person,
    Round,
)

PEOPLE: Final[Table] = Base.metadata.tables[Person.__tablename__]


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of the rows that refer to somebody who is erased, by one column."""

    deleted: bool = False
    emptied: Mapping[str, str | None] = field(default_factory=dict)
    """Column -> what takes the place of what is there."""


KEPT: Final = Fate()
"""The row holds nothing but the id, which leads to nobody any more."""
DELETED: Final = Fate(deleted=True)

FATES: Final[Mapping[str, Fate]] = {
    "action_notes.person_id": Fate(emptied={"text": ERASED}),
    "agreed_answers.recorded_by": KEPT,  # what was agreed is the partnership's; names in it go as mentions
    "answer_versions.author_id": KEPT,  # its texts go by who wrote them first
    "api_clients.created_by": Fate(emptied={"name": ERASED}),  # it can do nothing any more
    "assessment_moves.person_id": Fate(emptied={"reason": ERASED}),
    "assessments.signed_off_by": KEPT,
    "assessments.started_by": KEPT,
    "assessments.submitted_by": KEPT,
    "comments.author_id": Fate(emptied={"text": ERASED}),
    "evidence_files.added_by": Fate(emptied={"name": ERASED, "content": None, "sha256": ""}),
    "given_sections.given_by": Fate(emptied={"message": ""}),
    "given_sections.person_id": DELETED,
    "help_asks.asked_by": KEPT,  # what it wants to learn is the partnership's; names in it go as mentions
    "help_offers.offered_by": KEPT,
    "help_proposals.asking_by": KEPT,
    "help_proposals.offering_by": KEPT,
    "invitations.accepted_by": DELETED,
    "invitations.invited_by": KEPT,
    "late_entries.permitted_by": Fate(emptied={"reason": ERASED}),
    "learning_marks.marked_by": KEPT,
    "mails.person_id": DELETED,
    "meetings.recorded_by": KEPT,
    "memberships.person_id": DELETED,
    "planned_actions.created_by": KEPT,
    "planned_actions.owner_id": KEPT,
    "releases.approved_by": KEPT,
    "releases.built_by": KEPT,
    "releases.withdrawn_by": Fate(emptied={"withdrawn_reason": ERASED}),
    "report_links.created_by": KEPT,
    "service_texts.changed_by": KEPT,  # they are the operator's words
    "sign_in_links.person_id": DELETED,
    "sign_in_sessions.person_id": DELETED,
    "snapshots.submitted_by": KEPT,
    "trust_ratings.rated_by": KEPT,
    "typed_barriers.said_by": KEPT,
    "unsaved_forms.person_id": DELETED,
}
"""Every column that refers to people."""

LEFT_OUT: Final[Mapping[str, str]] = {
    "evidence_files.content": "follows at the end of the file",
    "invitations.token_hash": "opens the door",
    "mails.body": "may hold a link that opens the door",
    "mails.path": "may hold a link that opens the door",
    "releases.audit": "is the central team's",
    "releases.content": "is of all partnerships together",
    "releases.contributions": "are the partnerships'",
    "report_links.token_hash": "opens the door",
    "sign_in_links.token_hash": "opens the door",
    "sign_in_sessions.token_hash": "opens the door",
    "snapshots.answers": "are the organisation's; the person's own are among the answers",
    "snapshots.scores": "are the organisation's",
}
"""Columns that an export leaves out, and why."""
OF_OTHERS: Final[Mapping[str, frozenset[str]]] = {
    "help_proposals.asking_by": frozenset({"offering_id", "offering_by"}),  # one may not know yet who the other is
    "help_proposals.offering_by": frozenset({"partnership_id", "asking_by"}),
    "invitations.invited_by": frozenset({"email", "name"}),
}
"""Columns that are somebody else's data in the rows that refer to a person by one column alone."""
ADDRESSED: Final[Mapping[str, str]] = {"invitations": "email", "mails": "to_address"}
"""Tables that know people by their address, too, and in which column."""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody as the tables know them; without an id, only by an address that was invited or asked for a link."""

    person_id: UUID | None
    name: str
    email: str
    erased_at: datetime | None = None


def list_references() -> dict[str, tuple[Column[Any], ...]]:
    """Give the columns that refer to people, by table."""
    found = {
        table.name: tuple(
            column for column in table.columns if any(key.column.table is PEOPLE for key in column.foreign_keys)
        )
        for table in Base.metadata.sorted_tables
    }
    return {name: columns for name, columns in found.items() if columns}


def find_person(session: Session, email: str) -> Known | None:
    """Find whoever has an address, or has been written to at it."""
    row = session.execute(select(Person.id, Person.name).where(Person.email == email)).one_or_none()
    if row is not None:
        return Known(row.id, row.name, email)
    for name, column in ADDRESSED.items():
        table = Base.metadata.tables[name]
        if session.scalar(select(table.c.id).where(func.lower(table.c[column]) == email).limit(1)):
            return Known(None, "", email)
    return None


def lock_person(session: Session, person_id: UUID) -> Known | None:
    """Find a person by id, and hold them until the commit."""
    row = session.execute(
        select(Person.name, Person.email, Person.erased_at).where(Person.id == person_id).with_for_update()
    ).one_or_none()
    return Known(person_id, row.name, row.email or "", row.erased_at) if row else None


def list_unerased(session: Session, person_ids: Sequence[UUID]) -> tuple[UUID, ...]:
    """Give those of some people who are there, and not erased."""
    return tuple(session.scalars(select(Person.id).where(Person.id.in_(person_ids), Person.erased_at.is_(None))))


def list_erased_since(session: Session, since: datetime) -> tuple[UUID, ...]:
    """Give who was erased after a moment."""
    return tuple(session.scalars(select(Person.id).where(Person.erased_at > since)))


# ---- To export -------------------------------------------------------------------------------------------------------


def list_rows(session: Session, person: Known) -> Iterator[tuple[str, dict[str, Any]]]:
    """Go through every row about a person: its table, and its columns but for those that are left out."""
    references = list_references() if person.person_id else {}
    if person.person_id:
        yield from _list_of(session, PEOPLE, PEOPLE.c.id == person.person_id, {})
    for table in Base.metadata.sorted_tables:
        columns = references.get(table.name, ())
        conditions: dict[str, ColumnElement[bool]] = {column.name: column == person.person_id for column in columns}
        if table.name in ADDRESSED and person.email:
            address = table.c[ADDRESSED[table.name]]
            conditions[address.name] = func.lower(address) == person.email
        if conditions:
            yield from _list_of(session, table, or_(*conditions.values()), _values_of(person, conditions))


def _values_of(person: Known, conditions: Mapping[str, object]) -> dict[str, object]:
    return {name: person.email if name in ADDRESSED.values() else person.person_id for name in conditions}


def _list_of(
    session: Session, table: Table, where: ColumnElement[bool], values: Mapping[str, object]
) -> Iterator[tuple[str, dict[str, Any]]]:
    shown = [column for column in table.columns if f"{table.name}.{column.name}" not in LEFT_OUT]
    for row in session.execute(select(*shown).where(where).order_by(*table.primary_key.columns)).mappings():
        matching = [name for name, value in values.items() if row[name] == value]
        of_others = OF_OTHERS.get(f"{table.name}.{matching[0]}", frozenset()) if len(matching) == 1 else frozenset()
        yield table.name, {name: value for name, value in row.items() if name not in of_others}


def list_deeds(session: Session, person_id: UUID) -> Iterator[dict[str, Any]]:
    """Go through what the audit says that a person did, or that was done to them, without the words."""
    columns = AuditEntry.done_at, AuditEntry.event, AuditEntry.partnership_id, AuditEntry.subject, AuditEntry.actor_id
    about = (AuditEntry.actor_id == person_id) | AuditEntry.subject.contains(str(person_id))
    rows = session.execute(
        select(*columns).where(about).order_by(AuditEntry.done_at, AuditEntry.partnership_id, AuditEntry.number)
    )
    yield from (dict(row) for row in rows.mappings())


def list_file_ids(session: Session, person_id: UUID) -> tuple[tuple[UUID, UUID, UUID], ...]:
    """List the evidence files that a person added and whose content is there."""
    columns = EvidenceFile.partnership_id, EvidenceFile.assessment_id, EvidenceFile.id
    rows = session.execute(
        select(*columns).where(EvidenceFile.added_by == person_id, EvidenceFile.content.is_not(None))
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def find_content(session: Session, partnership_id: UUID, assessment_id: UUID, file_id: UUID) -> bytes | None:
    """Give the content of an evidence file."""
    return session.scalar(
        select(EvidenceFile.content).where(
            EvidenceFile.partnership_id == partnership_id,
            EvidenceFile.assessment_id == assessment_id,
            EvidenceFile.id == file_id,
        )
    )


def list_names(session: Session, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Give the names of those of some ids that are organisations, partnerships and rounds."""
    found: dict[UUID, str] = {}
    for column in (Organisation.name, Partnership.name, Round.title):
        table = column.class_
        rows = session.execute(select(table.id, column.label("name")).where(table.id.in_(ids)))
        found |= {row.id: row.name for row in rows}
    return found


# ---- To erase --------------------------------------------------------------------------------------------------------


def list_addressed(session: Session, person: Known) -> dict[str, tuple[UUID, ...]]:
    """Give the ids of the rows that know somebody by address, or were accepted by them, by table."""
    invitations, mails = _is_to(Invitation.email, person), _is_to(Mail.to_address, person)
    if person.person_id:
        invitations |= Invitation.accepted_by == person.person_id
        mails |= Mail.person_id == person.person_id
    return {
        "invitations": tuple(session.scalars(select(Invitation.id).where(invitations))),
        "mails": tuple(session.scalars(select(Mail.id).where(mails))),
    }


def _is_to(column: Any, person: Known) -> ColumnElement[bool]:  # noqa: ANN401 - a mapped column
    return (func.lower(column) == person.email) & (func.length(column) > 0)


def delete_rows(session: Session, table_name: str, ids: Sequence[UUID]) -> int:
    """Delete rows of a table that knows people by address, and say how many were there."""
    table = Base.metadata.tables[table_name]
    gone = 0
    for start in range(0, len(ids), 500):
        chunk = table.c.id.in_(ids[start : start + 500])
        gone += len(session.execute(delete(table).where(chunk).returning(table.c.id)).all())
    return gone


def apply_fates(session: Session, person_id: UUID) -> dict[str, int]:
    """Delete and empty the rows that refer to a person, and say how many by table."""
    counts: dict[str, int] = {}
    for table_name, columns in list_references().items():
        table = Base.metadata.tables[table_name]
        key = tuple(table.primary_key.columns)
        for column in columns:
            fate = FATES[f"{table_name}.{column.name}"]
            if fate.deleted:
                changed = session.execute(delete(table).where(column == person_id).returning(*key)).all()
            elif fate.emptied:
                filled = [_is_filled(table.c[name], value) for name, value in fate.emptied.items()]
                changed = session.execute(
                    update(table).where(column == person_id, or_(*filled)).values(fate.emptied).returning(*key)
                ).all()
            else:
                continue
            if changed:
                counts[table_name] = counts.get(table_name, 0) + len(changed)
    return counts


def _is_filled(column: Column[Any], emptied: str | None) -> ColumnElement[bool]:
    return column.is_not(None) if emptied is None else column.not_in(["", emptied])


def erase_person_row(session: Session, person_id: UUID, now: datetime) -> None:
    """Take name, address and preference away."""
    session.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(name=ERASED_NAME, email=None, wants_reminders=False, erased_at=func.coalesce(Person.erased_at, now))
    )


def count_rows(session: Session, ids: Mapping[str, Sequence[UUID]]) -> int:
    """Count the rows of some ids that are there."""
    count = 0
    for table_name, row_ids in ids.items():
        table = Base.metadata.tables[table_name]
        for start in range(0, len(row_ids), 500):
            chunk = table.c.id.in_(row_ids[start : start + 500])
            count += session.scalar(select(func.count()).select_from(table).where(chunk)) or 0
    return count
