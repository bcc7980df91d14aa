"""Who has something left to do in the rounds that are open, and who did it in those that have closed."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select, update
from sqlalchemy.orm import Session

from app.domain.access import Role
from app.domain.assessment import Answer, AssessmentStatus
from app.domain.rounds import SignOff, Window
from app.store.models import (
    AnswerVersion,
    Assessment,
    GivenSection,
    LateEntry,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one organisation of one partnership is in a round."""

    round_id: UUID
    round: str
    window: Window
    confirmed_at: datetime
    permitted_at: datetime | None
    """When late entry was permitted, if it was."""
    sign_off: SignOff
    partnership_id: UUID
    partnership: str
    organisation_id: UUID
    organisation: str
    assessment_id: UUID | None
    status: AssessmentStatus | None


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody with a role, and where it holds."""

    person_id: UUID
    address: str
    role: Role
    organisation_id: UUID | None
    partnership_id: UUID | None


@dataclass(frozen=True, slots=True)
class GivenWork:
    """The sections of one assessment that were given to people, and what is answered of it."""

    questionnaire_hash: str
    sections: dict[UUID, frozenset[str]]
    """Person -> the sections given to them."""
    answers: dict[str, Answer]
    """Question id -> its newest answer, its choice alone."""


_STANDINGS = (
    select(
        Round,
        Partnership.id.label("partnership_id"),
        Partnership.name.label("partnership"),
        Organisation.id.label("organisation_id"),
        Organisation.name.label("organisation"),
        LateEntry.until,
        LateEntry.permitted_at,
        Assessment.id.label("assessment_id"),
        Assessment.status,
    )
    .select_from(RoundPartnership)
    .join(Round, Round.id == RoundPartnership.round_id)
    .join(Partnership, Partnership.id == RoundPartnership.partnership_id)
    .join(PartnershipOrganisation, PartnershipOrganisation.partnership_id == RoundPartnership.partnership_id)
    .join(Organisation, Organisation.id == PartnershipOrganisation.organisation_id)
    .outerjoin(
        LateEntry,
        (LateEntry.partnership_id == RoundPartnership.partnership_id)
        & (LateEntry.round_id == RoundPartnership.round_id)
        & (LateEntry.organisation_id == PartnershipOrganisation.organisation_id),
    )
    .outerjoin(
        Assessment,
        (Assessment.partnership_id == RoundPartnership.partnership_id)
        & (Assessment.round_id == RoundPartnership.round_id)
        & (Assessment.organisation_id == PartnershipOrganisation.organisation_id),
    )
    .where(PartnershipOrganisation.left_at.is_(None), Round.confirmed_at.is_not(None))
    .order_by(Partnership.name, Partnership.id, Organisation.name, Organisation.id)
)


def list_unfinished(session: Session, now: datetime) -> tuple[Standing, ...]:
    """List the organisations that may work on their assessment now, and have not had it signed off. One statement."""
    rows = session.execute(
        _STANDINGS.where(
            Round.opens_at <= now,
            (Round.closes_at > now) | (LateEntry.until > now),
            Assessment.status.is_(None) | (Assessment.status != AssessmentStatus.SIGNED_OFF),
        )
    )
    return tuple(map(_as_standing, rows))


def list_standings(session: Session, round_id: UUID) -> tuple[Standing, ...]:
    """List every organisation of every partnership in a round, by name. One statement."""
    return tuple(map(_as_standing, session.execute(_STANDINGS.where(Round.id == round_id))))


def _as_standing(row: Row[*tuple[object, ...]]) -> Standing:
    return Standing(
        round_id=row.Round.id,
        round=row.Round.title,
        window=Window(row.Round.opens_at, row.Round.closes_at, row.until),
        confirmed_at=row.Round.confirmed_at,
        permitted_at=row.permitted_at,
        sign_off=SignOff(row.Round.sign_off),
        partnership_id=row.partnership_id,
        partnership=row.partnership,
        organisation_id=row.organisation_id,
        organisation=row.organisation,
        assessment_id=row.assessment_id,
        status=AssessmentStatus(row.status) if row.status else None,
    )


def list_to_remind(session: Session, rounds: Collection[UUID]) -> tuple[Addressee, ...]:
    """List the people of the organisations in some rounds who want reminders. One statement."""
    taking_part = (
        select(PartnershipOrganisation.organisation_id)
        .join(RoundPartnership, RoundPartnership.partnership_id == PartnershipOrganisation.partnership_id)
        .where(RoundPartnership.round_id.in_(rounds), PartnershipOrganisation.left_at.is_(None))
    )
    rows = session.execute(
        select(Person.id, Person.email, Membership.role, Membership.organisation_id, Membership.partnership_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.organisation_id.in_(taking_part),
            Person.wants_reminders.is_(True),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
    )
    return tuple(map(_as_addressee, rows))


def list_to_tell(session: Session, round_id: UUID) -> tuple[Addressee, ...]:
    """List the coordinators of the partnerships in a round, and the central administrators. One statement."""
    partnerships = select(RoundPartnership.partnership_id).where(RoundPartnership.round_id == round_id)
    rows = session.execute(
        select(Person.id, Person.email, Membership.role, Membership.organisation_id, Membership.partnership_id)
        .join(Membership, Membership.person_id == Person.id)
        .where(
            (Membership.role == Role.CENTRAL_ADMINISTRATOR)
            | ((Membership.role == Role.COORDINATOR) & Membership.partnership_id.in_(partnerships)),
            Person.email.is_not(None),
            Person.erased_at.is_(None),
        )
        .order_by(Person.id)
    )
    return tuple(map(_as_addressee, rows))


def _as_addressee(row: Row[*tuple[object, ...]]) -> Addressee:
    return Addressee(row.id, row.email, Role(row.role), row.organisation_id, row.partnership_id)


def list_given_work(session: Session, rounds: Collection[UUID]) -> dict[UUID, GivenWork]:
    """Give, for each assessment in progress that has sections given away, whose they are and what is answered.

    By assessment id. Two statements.
    """
    given = session.execute(
        select(Assessment.id, Assessment.questionnaire_hash, GivenSection.section_id, GivenSection.person_id)
        .join(GivenSection, _is_of(GivenSection))
        .where(Assessment.round_id.in_(rounds), Assessment.status == AssessmentStatus.IN_PROGRESS)
    ).all()
    if not given:
        return {}
    hashes: dict[UUID, str] = {}
    sections: defaultdict[UUID, defaultdict[UUID, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in given:
        hashes[row.id] = row.questionnaire_hash
        sections[row.id][row.person_id].add(row.section_id)
    answers = _list_choices(session, rounds)
    return {
        assessment: GivenWork(
            questionnaire_hash=hashes[assessment],
            sections={person: frozenset(names) for person, names in by_person.items()},
            answers=answers.get(assessment, {}),
        )
        for assessment, by_person in sections.items()
    }


def _list_choices(session: Session, rounds: Collection[UUID]) -> dict[UUID, dict[str, Answer]]:
    newest = (
        select(
            AnswerVersion.partnership_id,
            AnswerVersion.assessment_id,
            AnswerVersion.question_id,
            func.max(AnswerVersion.version).label("version"),
        )
        .join(Assessment, _is_of(AnswerVersion))
        .join(GivenSection, _is_of(GivenSection))
        .where(Assessment.round_id.in_(rounds), Assessment.status == AssessmentStatus.IN_PROGRESS)
        .group_by(AnswerVersion.partnership_id, AnswerVersion.assessment_id, AnswerVersion.question_id)
        .subquery()
    )
    rows = session.execute(
        select(AnswerVersion.assessment_id, AnswerVersion.question_id, AnswerVersion.choice).join(
            newest,
            (newest.c.partnership_id == AnswerVersion.partnership_id)
            & (newest.c.assessment_id == AnswerVersion.assessment_id)
            & (newest.c.question_id == AnswerVersion.question_id)
            & (newest.c.version == AnswerVersion.version),
        )
    )
    choices: defaultdict[UUID, dict[str, Answer]] = defaultdict(dict)
    for assessment, question, choice in rows:
        choices[assessment][question] = Answer(choice)
    return choices


def _is_of(table: type[AnswerVersion | GivenSection]) -> ColumnElement[bool]:
    return (table.partnership_id == Assessment.partnership_id) & (table.assessment_id == Assessment.id)


def list_to_close(session: Session, now: datetime) -> tuple[UUID, ...]:
    """List the rounds whose closing has come and was not noted. One statement."""
    return tuple(session.scalars(select(Round.id).where(*_is_to_close(now)).order_by(Round.closes_at, Round.id)))


def note_closed(session: Session, round_id: UUID, now: datetime) -> tuple[str, datetime] | None:
    """Note that a round has closed, and give its title and when it did; `None` where somebody else has noted it."""
    row = session.execute(
        update(Round)
        .where(Round.id == round_id, *_is_to_close(now))
        .values(closed_at=now)
        .returning(Round.title, Round.closes_at)
    ).one_or_none()
    return (row.title, row.closes_at) if row else None


def _is_to_close(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Round.closes_at <= now, Round.closed_at.is_(None), Round.confirmed_at.is_not(None)
