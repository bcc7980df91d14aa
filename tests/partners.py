"""A partnership whose organisations have submitted and disagree: three of them, one round, and its coordinator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.agreeing import MeetingForm
from app.domain.assessment import Answer
from app.domain.records import AssessmentKey
from app.services import Database, assessing, meeting
from app.store.models import Membership, Organisation, PartnershipOrganisation, Person, new_id
from tests.people import NOW, World, answer_all

CONTESTED = "shared-picture"
NOTES = {"council": "The council’s note", "trust": "The trust’s note", "charity": "The charity’s note"}
LEVELS = {"council": "embedded", "trust": "not-started", "charity": "not-started"}


@dataclass(frozen=True)
class Partners:
    """Who there is besides the small world."""

    world: World
    charity: UUID
    volunteer: Actor
    """A lead of the charity."""
    coordinator: Actor

    def key(self, database: Database, name: str) -> AssessmentKey:
        """Give the assessment of an organisation, which has been started."""
        actor, organisation = self.of(name)
        record = assessing.get_invitation(database, actor, self.world.partnership, self.world.round, organisation)
        assert record.assessment_id
        return AssessmentKey(self.world.partnership, record.assessment_id)

    def of(self, name: str) -> tuple[Actor, UUID]:
        """Give a lead of an organisation, and its id."""
        return {
            "council": (self.world.officer, self.world.council),
            "trust": (self.world.manager, self.world.trust),
            "charity": (self.volunteer, self.charity),
        }[name]


def add_partners(database: Database, world: World) -> Partners:
    """Add a charity with a lead, and a coordinator."""
    charity, volunteer, coordinator = new_id(), new_id(), new_id()
    with database.writing() as session:
        session.add(Organisation(id=charity, name="Harrow Vale Carers", kind="charity"))
        session.add_all(
            [
                Person(id=volunteer, name="Volunteer", email="volunteer@carers.example"),
                Person(id=coordinator, name="Coordinator", email="coordinator@vale.example"),
            ]
        )
        session.flush()
        session.add_all(
            [
                PartnershipOrganisation(partnership_id=world.partnership, organisation_id=charity),
                Membership(person_id=volunteer, role=Role.LEAD, organisation_id=charity),
                Membership(person_id=coordinator, role=Role.COORDINATOR, partnership_id=world.partnership),
            ]
        )
    return Partners(
        world,
        charity,
        Actor(volunteer, "Volunteer", frozenset({Grant(Role.LEAD, charity)})),
        Actor(coordinator, "Coordinator", frozenset({Grant(Role.COORDINATOR, partnership_id=world.partnership)})),
    )


def submit(database: Database, questionnaires: Catalogue, partners: Partners, *names: str, now: datetime = NOW) -> None:
    """Let organisations answer and submit: each its own level of the contested question, and early for the rest."""
    for name in names:
        actor, organisation = partners.of(name)
        world = partners.world
        key = assessing.start(database, questionnaires, actor, world.partnership, world.round, organisation, now)
        given = Answer(LEVELS[name], note=NOTES[name])
        assessing.answer(database, questionnaires, actor, key, CONTESTED, given, 0, now)
        answer_all(database, questionnaires, actor, key, "early")
        assessing.submit(database, questionnaires, actor, key, now)


def hold_meeting(
    database: Database, questionnaires: Catalogue, partners: Partners, *, form: MeetingForm | None = None
) -> UUID:
    """Hold a meeting with council and trust, as the coordinator."""
    world = partners.world
    there = MeetingForm(NOW.date(), frozenset({world.council, world.trust}), "")
    held = meeting.hold(
        database, questionnaires, partners.coordinator, world.partnership, world.round, form or there, NOW
    )
    assert isinstance(held, UUID)
    return held
