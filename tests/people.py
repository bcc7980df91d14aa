"""A small world for tests of services and pages: one partnership, two organisations, three people, one open round."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.assessment import Answer
from app.domain.questionnaire import DONT_KNOW, Questionnaire
from app.domain.records import AssessmentKey
from app.services import answering, assessing
from app.services.answering import GivenAnswer
from app.store.database import Database
from app.store.models import (
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    new_id,
)

NOW = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """What there is, by name."""

    partnership: UUID
    round: UUID
    council: UUID
    trust: UUID
    officer: Actor
    colleague: Actor
    manager: Actor
    analyst: Actor


def make_world(database: Database, questionnaire: Questionnaire) -> World:
    """Store a partnership of a council (officer and colleague) and a trust (manager), in a round that is open."""
    partnership, round_, council, trust = (new_id() for _ in range(4))
    people = {name: new_id() for name in ("Officer", "Colleague", "Manager", "Analyst")}
    with database.writing() as session:
        session.add_all(
            [
                Partnership(id=partnership, name="Upper Harrow Vale"),
                Organisation(id=council, name="Harrow Vale Council", kind="council"),
                Organisation(id=trust, name="Harrow Vale Trust", kind="nhs"),
                Round(
                    id=round_,
                    title="Autumn round",
                    questionnaire_id=questionnaire.id,
                    questionnaire_version=questionnaire.version,
                    questionnaire_hash=questionnaire.hash,
                    opens_at=NOW - timedelta(days=7),
                    closes_at=NOW + timedelta(days=7),
                    confirmed_at=NOW - timedelta(days=14),
                ),
                *(
                    Person(id=person, name=name, email=f"{name.lower()}@harrow.example")
                    for name, person in people.items()
                ),
            ]
        )
        session.flush()
        session.add_all(
            [
                PartnershipOrganisation(partnership_id=partnership, organisation_id=council),
                PartnershipOrganisation(partnership_id=partnership, organisation_id=trust),
                RoundPartnership(partnership_id=partnership, round_id=round_),
                Membership(person_id=people["Officer"], role=Role.LEAD, organisation_id=council),
                Membership(person_id=people["Colleague"], role=Role.LEAD, organisation_id=council),
                Membership(person_id=people["Manager"], role=Role.LEAD, organisation_id=trust),
                Membership(person_id=people["Analyst"], role=Role.CENTRAL_ANALYST, organisation_id=None),
            ]
        )
    return World(
        partnership=partnership,
        round=round_,
        council=council,
        trust=trust,
        officer=Actor(people["Officer"], "Officer", frozenset({Grant(Role.LEAD, council)})),
        colleague=Actor(people["Colleague"], "Colleague", frozenset({Grant(Role.LEAD, council)})),
        manager=Actor(people["Manager"], "Manager", frozenset({Grant(Role.LEAD, trust)})),
        analyst=Actor(people["Analyst"], "Analyst", frozenset({Grant(Role.CENTRAL_ANALYST)})),
    )


def start_assessment(database: Database, questionnaires: Catalogue, world: World) -> AssessmentKey:
    """Start the council's assessment as its officer."""
    return assessing.start(database, questionnaires, world.officer, world.partnership, world.round, world.council, NOW)


def answer_all(
    database: Database, questionnaires: Catalogue, actor: Actor, key: AssessmentKey, choice: str = DONT_KNOW
) -> None:
    """Answer every question that is shown with the same choice."""
    while unanswered := assessing.get_assessment(database, questionnaires, actor, key).unanswered:
        given = {question.id: GivenAnswer(Answer(choice), 0) for question in unanswered}
        answering.answer_all(database, questionnaires, actor, key, given, NOW)
