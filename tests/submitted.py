"""A small partnership whose organisations have submitted, in the database: for tests of what partners do together."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

from app.domain.access import Actor, Grant, Role
from app.domain.assessment import Answer
from app.domain.questionnaire import Questionnaire
from app.services import Database
from app.store.models import (
    AgreedAnswer,
    Assessment,
    Meeting,
    Membership,
    Organisation,
    PartnershipOrganisation,
    Person,
    Snapshot,
    new_id,
)
from tests.people import NOW, World


@dataclass(frozen=True)
class Partners:
    """The people of the small world, a charity, two coordinators, and who has nothing to do with it."""

    world: World
    charity: UUID
    coordinator: Actor
    second: Actor
    charity_lead: Actor
    elsewhere: Actor
    """Coordinates another partnership."""
    administrator: Actor


def add_partners(database: Database, world: World, questionnaire: Questionnaire, *waiting: str) -> Partners:
    """Let the council, the trust and the charity submit, but for those named, and add the people.

    Their levels differ from question to question; a note says whose it is.
    """
    charity, other = new_id(), new_id()
    with database.writing() as session:
        session.add(Organisation(id=charity, name="=Harrow Vale Charity", kind="charity"))
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=world.partnership, organisation_id=charity))
    partners = Partners(
        world=world,
        charity=charity,
        coordinator=_add_person(database, "Coordinator", Grant(Role.COORDINATOR, partnership_id=world.partnership)),
        second=_add_person(database, "Second", Grant(Role.COORDINATOR, partnership_id=world.partnership)),
        charity_lead=_add_person(database, "Charity Lead", Grant(Role.LEAD, charity)),
        elsewhere=_add_person(database, "Elsewhere", Grant(Role.LEAD, other)),
        administrator=_add_person(database, "Administrator", Grant(Role.CENTRAL_ADMINISTRATOR)),
    )
    for place, (name, organisation, lead) in enumerate(
        (
            ("council", world.council, world.officer),
            ("trust", world.trust, world.manager),
            ("charity", charity, partners.charity_lead),
        )
    ):
        if name not in waiting:
            submit(database, world, questionnaire, organisation, lead, make_levels(questionnaire, place, name))
    return partners


def _add_person(database: Database, name: str, grant: Grant) -> Actor:
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name=name, email=f"{name.lower().replace(' ', '.')}@partners.example"))
        if grant.organisation_id and session.get(Organisation, grant.organisation_id) is None:
            session.add(Organisation(id=grant.organisation_id, name=f"Of {name}", kind="council"))
        session.flush()
        session.add(
            Membership(
                person_id=person,
                role=grant.role,
                organisation_id=grant.organisation_id,
                partnership_id=grant.partnership_id,
            )
        )
    return Actor(person, name, frozenset({grant}))


def make_levels(questionnaire: Questionnaire, shift: int, name: str) -> dict[str, Answer]:
    """Answer every question with a level that depends on its place."""
    answers = {}
    for place, question in enumerate(questionnaire.questions):
        levels = questionnaire.scale_of(question).levels
        answers[question.id] = Answer(
            levels[(place * (shift + 1) + 2 * shift) % len(levels)].id, note=f"note of {name}"
        )
    return answers


def submit(
    database: Database,
    world: World,
    questionnaire: Questionnaire,
    organisation: UUID,
    lead: Actor,
    answers: Mapping[str, Answer],
) -> UUID:
    """Store what an organisation submitted, a day ago."""
    assessment, then = new_id(), NOW - timedelta(days=1)
    key = {"partnership_id": world.partnership}
    with database.writing() as session:
        session.add(
            Assessment(
                **key,
                id=assessment,
                round_id=world.round,
                organisation_id=organisation,
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                status="submitted",
                started_at=then,
                started_by=lead.person_id,
                submitted_at=then,
                submitted_by=lead.person_id,
            )
        )
        session.flush()
        session.add(
            Snapshot(
                **key,
                assessment_id=assessment,
                submission=1,
                questionnaire_hash=questionnaire.hash,
                answers=json.dumps({question: asdict(answer) for question, answer in answers.items()}),
                scores="{}",
                submitted_at=then,
                submitted_by=lead.person_id,
            )
        )
    return assessment


def agree(database: Database, world: World, coordinator: Actor, levels: Mapping[str, str]) -> None:
    """Record what a meeting agreed: question id -> level id."""
    meeting = new_id()
    with database.writing() as session:
        session.add(
            Meeting(
                partnership_id=world.partnership,
                id=meeting,
                round_id=world.round,
                held_on=NOW.date(),
                present="Everybody",
                version=1,
                recorded_by=coordinator.person_id,
                recorded_at=NOW,
            )
        )
        session.flush()
        session.add_all(
            AgreedAnswer(
                partnership_id=world.partnership,
                round_id=world.round,
                question_id=question,
                version=1,
                meeting_id=meeting,
                choice=level,
                reason="=agreed",
                minority_view="",
                recorded_by=coordinator.person_id,
                recorded_at=NOW,
            )
            for question, level in levels.items()
        )
