"""The open round of the small world with more in it: partnerships, organisations and who leads them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update

from app.domain.access import Role
from app.domain.assessment import AssessmentStatus, Move
from app.domain.rounds import SignOff
from app.services import Database
from app.store.models import (
    Assessment,
    AssessmentMove,
    LateEntry,
    Mail,
    Membership,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    new_id,
)
from tests.people import NOW, World


def add_partnerships(database: Database, world: World, number: int, organisations: int) -> None:
    """Let more partnerships take part, each with so many organisations of its own, led by one person each."""
    with database.writing() as session:
        places = [Partnership(id=new_id(), name=f"Partnership {one}") for one in range(number)]
        session.add_all(places)
        for place in places:
            bodies = [
                Organisation(id=new_id(), name=f"{place.name}, organisation {one}", kind="charity")
                for one in range(organisations)
            ]
            leads = [Person(id=new_id(), name=f"Lead of {each.name}", email=f"{each.id}@b.example") for each in bodies]
            session.add_all([*bodies, *leads])
            session.flush()
            session.add(RoundPartnership(partnership_id=place.id, round_id=world.round))
            for body, lead in zip(bodies, leads, strict=True):
                session.add(PartnershipOrganisation(partnership_id=place.id, organisation_id=body.id))
                session.add(Membership(person_id=lead.id, role=Role.LEAD, organisation_id=body.id))
            session.flush()


def add_assessment(
    database: Database,
    world: World,
    organisation: UUID,
    status: AssessmentStatus = AssessmentStatus.SUBMITTED,
    at: datetime = NOW,
) -> UUID:
    """Store how far an organisation has come, as starting and submitting would leave it, but for its answers."""
    assessment = new_id()
    key = {"partnership_id": world.partnership}
    is_in = status is not AssessmentStatus.IN_PROGRESS
    with database.writing() as session:
        of_round = session.get_one(Round, world.round)
        session.add(
            Assessment(
                **key,
                id=assessment,
                round_id=world.round,
                organisation_id=organisation,
                questionnaire_id=of_round.questionnaire_id,
                questionnaire_version=of_round.questionnaire_version,
                questionnaire_hash=of_round.questionnaire_hash,
                status=status,
                started_at=at,
                started_by=world.officer.person_id,
                submitted_at=at if is_in else None,
                submitted_by=world.officer.person_id if is_in else None,
            )
        )
        session.flush()
        if is_in:
            session.add(
                AssessmentMove(
                    **key,
                    assessment_id=assessment,
                    number=1,
                    move=Move.SUBMIT,
                    reason="",
                    person_id=world.officer.person_id,
                    made_at=at,
                )
            )
    return assessment


def ask_sign_off(database: Database, rule: SignOff) -> None:
    """Let every round be signed off by a rule."""
    with database.writing() as session:
        session.execute(update(Round).values(sign_off=rule))


def permit_late_entry(database: Database, world: World, organisation: UUID, until: datetime) -> None:
    """Let one organisation enter late."""
    with database.writing() as session:
        session.add(
            LateEntry(
                partnership_id=world.partnership,
                round_id=world.round,
                organisation_id=organisation,
                until=until,
                reason="Snow",
                permitted_at=NOW,
                permitted_by=world.officer.person_id,
            )
        )


def give_up_mails(database: Database, now: datetime) -> None:
    """Let no mail so far have been taken by anybody."""
    with database.writing() as session:
        session.execute(update(Mail).values(given_up_at=now, attempts=3))
