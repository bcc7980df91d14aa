"""Action plans for tests: records out of nothing, and a partnership whose round has a report to plan from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.action_drafts import ActionDraft
from app.domain.actions import ActionRecord, ActionStatus
from app.domain.assessment import Answer
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.domain.scoring import score
from app.services import Database, drafting
from app.store import assessments
from app.store.models import (
    Assessment,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    new_id,
)
from tests.lives import Cast, add_cast
from tests.people import NOW, World

QUESTION = "shared-picture"
TODAY = date(2026, 11, 2)
SOON = TODAY + timedelta(days=30)


def make_action(**changes: Any) -> ActionRecord:  # noqa: ANN401 - fields differ in type
    """Make a record of an action that is planned, with whatever matters changed."""
    fields: dict[str, Any] = {
        "partnership_id": UUID(int=1),
        "partnership": "Upper Harrow Vale",
        "id": UUID(int=2),
        "round_id": UUID(int=3),
        "round": "Autumn round",
        "questionnaire_hash": "",
        "question_id": QUESTION,
        "title": "Put it on one page",
        "measure": "The page is read",
        "owner_organisation_id": UUID(int=4),
        "owner_organisation": "Harrow Vale Council",
        "owner_id": UUID(int=5),
        "owner": "Officer",
        "owner_is_there": True,
        "due_on": SOON,
        "status": ActionStatus.PLANNED,
        "department_id": None,
        "department": "",
        "learning_point": "",
        "version": 1,
        "created_by": UUID(int=6),
        "created_at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC),
    }
    return ActionRecord(**fields | changes)


@dataclass(frozen=True)
class PlanWorld:
    """The small world, in whose round both organisations have submitted, with a department that can be asked."""

    world: World
    cast: Cast
    department: UUID
    official: Actor
    """Leads the department."""
    clerk: Actor
    """Contributes to the department, and does not lead it."""
    outsider: Actor
    """Leads an organisation of another partnership."""

    @property
    def everybody(self) -> Mapping[str, Actor]:
        """Everybody by what they are to an action that the manager of the trust owns."""
        return {
            "coordinator": self.cast.coordinator,
            "lead": self.world.officer,
            "owner": self.world.manager,
            "contributor": self.cast.contributor,
            "certifier": self.cast.certifier,
            "official": self.official,
            "clerk": self.clerk,
            "administrator": self.cast.administrator,
            "analyst": self.world.analyst,
            "outsider": self.outsider,
        }

    def owner_mark(self, actor: Actor) -> str:
        """Give what the form sends for an owner."""
        (grant,) = (grant for grant in actor.grants if grant.organisation_id)
        return f"{grant.organisation_id} {actor.person_id}"

    def draft(self, owner: Actor | None = None, **changes: Any) -> ActionDraft:  # noqa: ANN401
        """Give a form that can be stored: the trust's manager owns the action."""
        fields: dict[str, Any] = {
            "title": "Put it on one page",
            "measure": "The page is read",
            "owner": self.owner_mark(owner or self.world.manager),
            "due": (str(SOON.day), str(SOON.month), str(SOON.year)),
        }
        return ActionDraft(**fields | changes)

    def plan(self, database: Database, questionnaires: Catalogue, draft: ActionDraft | None = None) -> UUID:
        """Plan an action as the coordinator."""
        action_id = new_id()
        faults = drafting.plan_action(
            database,
            questionnaires,
            self.cast.coordinator,
            self.world.partnership,
            self.world.round,
            QUESTION,
            draft or self.draft(),
            action_id,
            NOW,
        )
        assert faults == ()
        return action_id


def make_plan_world(database: Database, questionnaires: Catalogue, world: World) -> PlanWorld:
    """Let both organisations submit, and add a department, its people, and somebody of another partnership."""
    cast = add_cast(database, world, SignOff.NOBODY)
    for actor, organisation in ((world.officer, world.council), (world.manager, world.trust)):
        submit(database, questionnaires, world, actor, organisation)
    department, elsewhere, other = new_id(), new_id(), new_id()
    official = Actor(new_id(), "Official", frozenset({Grant(Role.LEAD, department)}))
    clerk = Actor(new_id(), "Clerk", frozenset({Grant(Role.CONTRIBUTOR, department)}))
    outsider = Actor(new_id(), "Outsider", frozenset({Grant(Role.LEAD, elsewhere)}))
    with database.writing() as session:
        session.add(Organisation(id=department, name="Department for Places", kind="department"))
        session.add(Organisation(id=elsewhere, name="Coast Council", kind="council"))
        session.add(Partnership(id=other, name="Coast"))
        session.add_all(
            Person(id=each.person_id, name=each.name, email=f"{each.name.lower()}@harrow.example")
            for each in (official, clerk, outsider)
        )
        session.flush()
        session.add(PartnershipOrganisation(partnership_id=other, organisation_id=elsewhere))
        for each in (official, clerk, outsider):
            (grant,) = each.grants
            session.add(Membership(person_id=each.person_id, role=grant.role, organisation_id=grant.organisation_id))
    return PlanWorld(world, cast, department, official, clerk, outsider)


def submit(
    database: Database, questionnaires: Catalogue, world: World, actor: Actor, organisation: UUID, level: str = "early"
) -> None:
    """Store what an organisation has submitted: one question has a level, all others are unanswered."""
    questionnaire = questionnaires.get("local-partners", 1)
    key = AssessmentKey(world.partnership, new_id())
    answers = {QUESTION: Answer(level)}
    with database.writing() as session:
        session.add(
            Assessment(
                partnership_id=key.partnership_id,
                id=key.assessment_id,
                round_id=world.round,
                organisation_id=organisation,
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                status="submitted",
                started_at=NOW - timedelta(days=2),
                started_by=actor.person_id,
                submitted_at=NOW - timedelta(days=1),
                submitted_by=actor.person_id,
            )
        )
        session.flush()
        scores = score(questionnaire, answers)
        rows = assessments.make_frozen_rows(key, 1, answers, scores, actor.person_id, NOW - timedelta(days=1))
        assessments.freeze(session, rows)


def add_round(database: Database, questionnaires: Catalogue, world: World) -> UUID:
    """Add a later round that is open, close the one before, and give its id."""
    questionnaire = questionnaires.get("local-partners", 1)
    later = new_id()
    with database.writing() as session:
        session.execute(update(Round).where(Round.id == world.round).values(closes_at=NOW - timedelta(days=1)))
        session.add(
            Round(
                id=later,
                title="Spring round",
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                opens_at=NOW - timedelta(hours=1),
                closes_at=NOW + timedelta(days=30),
                confirmed_at=NOW - timedelta(days=14),
            )
        )
        session.flush()
        session.add(RoundPartnership(partnership_id=world.partnership, round_id=later))
    return later
