"""Planned actions and asks, the notes on them, and who can own or answer one."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.access import REACH, Reach, Role
from app.domain.action_drafts import Department, Owner, PlannedValues
from app.domain.actions import NEEDS_OWNER, SENT_ON, ActionRecord, ActionStatus, ProgressNote
from app.domain.organisations import OrganisationKind
from app.store.database import insert_if_absent
from app.store.models import (
    ActionNote,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    PlannedAction,
    Round,
)

OF_ORGANISATIONS = tuple(role.value for role in Role if REACH[role] is Reach.ORGANISATION)
OwnerPerson = aliased(Person)
Noter = aliased(Person)
OwnerOrganisation = aliased(Organisation)
Asked = aliased(Organisation)


def list_actions(session: Session, partnership_id: UUID) -> tuple[ActionRecord, ...]:
    """List the actions and asks of a partnership, of all rounds, each with its newest note. One statement."""
    return _list(session, PlannedAction.partnership_id == partnership_id, _is_newest())


def find_action(session: Session, partnership_id: UUID, action_id: UUID) -> ActionRecord | None:
    """Find an action with all its notes. One statement."""
    found = _list(session, PlannedAction.partnership_id == partnership_id, PlannedAction.id == action_id)
    return found[0] if found else None


def lock_action(session: Session, partnership_id: UUID, action_id: UUID) -> ActionRecord | None:
    """Find an action with all its notes, and hold it until the commit."""
    where = PlannedAction.partnership_id == partnership_id, PlannedAction.id == action_id
    if session.scalar(select(PlannedAction.id).where(*where).with_for_update()) is None:
        return None
    return find_action(session, partnership_id, action_id)


def list_asks(session: Session, departments: Collection[UUID]) -> tuple[ActionRecord, ...]:
    """List what was sent to some organisations that are departments, each with its newest note. One statement."""
    return _list(
        session,
        PlannedAction.department_id.in_(departments),
        Asked.kind == OrganisationKind.DEPARTMENT,
        PlannedAction.status.in_([status.value for status in SENT_ON]),
        _is_newest(),
    )


def list_due(session: Session, earliest: date, latest: date) -> tuple[tuple[ActionRecord, str], ...]:
    """List what is open and due between two days, with the address of each owner who wants reminders. One statement."""
    rows = session.execute(
        _select()
        .add_columns(OwnerPerson.email)
        .where(
            PlannedAction.due_on.between(earliest, latest),
            OwnerPerson.wants_reminders.is_(True),
            OwnerPerson.email.is_not(None),
            OwnerPerson.erased_at.is_(None),
            _is_newest(),
        )
        .order_by(PlannedAction.due_on, PlannedAction.id)
    ).all()
    found = ((_as_record([row]), row.email) for row in rows)
    return tuple((record, email) for record, email in found if record.is_open and record.owner_is_there)


def _list(session: Session, *where: ColumnElement[bool]) -> tuple[ActionRecord, ...]:
    rows = session.execute(_select().where(*where).order_by(PlannedAction.due_on, PlannedAction.id, ActionNote.number))
    by_action: dict[tuple[UUID, UUID], list[Row[*tuple[Any, ...]]]] = {}
    for row in rows:
        by_action.setdefault((row.PlannedAction.partnership_id, row.PlannedAction.id), []).append(row)
    return tuple(map(_as_record, by_action.values()))


def _select() -> Any:  # noqa: ANN401 - a select of many columns
    is_there = exists().where(
        Membership.person_id == PlannedAction.owner_id,
        Membership.organisation_id == PlannedAction.owner_organisation_id,
        PartnershipOrganisation.partnership_id == PlannedAction.partnership_id,
        PartnershipOrganisation.organisation_id == PlannedAction.owner_organisation_id,
        PartnershipOrganisation.left_at.is_(None),
    )
    return (
        select(
            PlannedAction,
            ActionNote,
            Partnership.name.label("partnership"),
            Round.title.label("round"),
            Round.questionnaire_hash,
            OwnerPerson.name.label("owner"),
            OwnerPerson.erased_at,
            OwnerOrganisation.name.label("owner_organisation"),
            Asked.name.label("department"),
            Noter.name.label("noter"),
            is_there.label("owner_is_there"),
        )
        .join(Partnership, Partnership.id == PlannedAction.partnership_id)
        .join(Round, Round.id == PlannedAction.round_id)
        .join(OwnerPerson, OwnerPerson.id == PlannedAction.owner_id)
        .join(OwnerOrganisation, OwnerOrganisation.id == PlannedAction.owner_organisation_id)
        .outerjoin(Asked, Asked.id == PlannedAction.department_id)
        .outerjoin(
            ActionNote,
            (ActionNote.partnership_id == PlannedAction.partnership_id) & (ActionNote.action_id == PlannedAction.id),
        )
        .outerjoin(Noter, Noter.id == ActionNote.person_id)
    )


def _is_newest() -> ColumnElement[bool]:
    other = aliased(ActionNote)
    newest = (
        select(func.max(other.number))
        .where(other.partnership_id == PlannedAction.partnership_id, other.action_id == PlannedAction.id)
        .correlate(PlannedAction)
        .scalar_subquery()
    )
    return ActionNote.number.is_(None) | (ActionNote.number == newest)


def _as_record(rows: list[Row[*tuple[Any, ...]]]) -> ActionRecord:
    """Put the rows of one action together, one a note."""
    first = rows[0]
    action: PlannedAction = first.PlannedAction
    return ActionRecord(
        partnership_id=action.partnership_id,
        partnership=first.partnership,
        id=action.id,
        round_id=action.round_id,
        round=first.round,
        questionnaire_hash=first.questionnaire_hash,
        question_id=action.question_id,
        title=action.title,
        measure=action.measure,
        owner_organisation_id=action.owner_organisation_id,
        owner_organisation=first.owner_organisation,
        owner_id=action.owner_id,
        owner=NEEDS_OWNER if first.erased_at else first.owner,
        owner_is_there=first.owner_is_there and not first.erased_at,
        due_on=action.due_on,
        status=ActionStatus(action.status),
        department_id=action.department_id,
        department=first.department or "",
        learning_point=action.learning_point,
        version=action.version,
        created_by=action.created_by,
        created_at=action.created_at,
        notes=tuple(_as_note(row.ActionNote, row.noter) for row in rows if row.ActionNote is not None),
    )


def _as_note(note: ActionNote, person: str) -> ProgressNote:
    return ProgressNote(note.number, ActionStatus(note.status), note.text, note.person_id, person, note.noted_at)


def list_owners(session: Session, partnership_id: UUID) -> tuple[Owner, ...]:
    """List who can own an action: everybody with a role in an organisation of a partnership; by organisation, name."""
    rows = session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Organisation.id.label("organisation_id"),
            Organisation.name.label("organisation"),
        )
        .join(Membership, Membership.person_id == Person.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .join(PartnershipOrganisation, PartnershipOrganisation.organisation_id == Organisation.id)
        .where(
            PartnershipOrganisation.partnership_id == partnership_id,
            PartnershipOrganisation.left_at.is_(None),
            Membership.role.in_(OF_ORGANISATIONS),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(Organisation.name, Person.name, Person.id)
    )
    return tuple(Owner(row.id, row.name, row.email, row.organisation_id, row.organisation) for row in rows)


def list_departments(session: Session) -> tuple[Department, ...]:
    """List the government departments that there are, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == OrganisationKind.DEPARTMENT)
        .order_by(Organisation.name)
    )
    return tuple(Department(row.id, row.name) for row in rows)


def add_action(  # noqa: PLR0913, PLR0917 - where it belongs, what it is, and who makes it
    session: Session,
    partnership_id: UUID,
    action_id: UUID,
    round_id: UUID,
    question_id: str,
    values: PlannedValues,
    status: ActionStatus,
    actor_id: UUID,
    now: datetime,
) -> bool:
    """Add an action; `False` where one with its id is there already."""
    added = session.scalar(
        insert_if_absent(session, PlannedAction)
        .values(
            partnership_id=partnership_id,
            id=action_id,
            round_id=round_id,
            question_id=question_id,
            **_as_columns(values),
            status=status.value,
            learning_point=values.point,
            version=1,
            created_by=actor_id,
            created_at=now,
        )
        .returning(PlannedAction.id)
    )
    return added is not None


def change_action(session: Session, before: ActionRecord, values: PlannedValues, status: ActionStatus) -> bool:
    """Change an action of the version that was seen to the next; `False` where it has another by now."""
    changed = session.scalar(
        update(PlannedAction)
        .where(
            PlannedAction.partnership_id == before.partnership_id,
            PlannedAction.id == before.id,
            PlannedAction.version == before.version,
        )
        .values(**_as_columns(values), status=status.value, version=before.version + 1)
        .returning(PlannedAction.id)
    )
    return changed is not None


def _as_columns(values: PlannedValues) -> dict[str, Any]:
    return {
        "title": values.title,
        "measure": values.measure,
        "owner_organisation_id": values.owner.organisation_id,
        "owner_id": values.owner.person_id,
        "due_on": values.due_on,
        "department_id": values.department.id if values.department else None,
    }


def add_note(session: Session, action: ActionRecord, note: ProgressNote) -> bool:
    """Append a note to an action that is held, and set its status; `False` where its number is taken."""
    added = session.scalar(
        insert_if_absent(session, ActionNote)
        .values(
            partnership_id=action.partnership_id,
            action_id=action.id,
            number=note.number,
            status=note.status.value,
            text=note.text,
            person_id=note.person_id,
            noted_at=note.noted_at,
        )
        .returning(ActionNote.number)
    )
    if added is None:
        return False
    session.execute(
        update(PlannedAction)
        .where(PlannedAction.partnership_id == action.partnership_id, PlannedAction.id == action.id)
        .values(status=note.status.value)
    )
    return True
