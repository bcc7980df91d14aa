"""Departments in a standing partnership without areas, and what they said in a round of their own, in the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from app.catalogue import Catalogue
from app.services import Database
from app.store.models import (
    Assessment,
    FrozenQuestionScore,
    Organisation,
    Partnership,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    Snapshot,
    new_id,
)

QUESTIONNAIRE = "departments"


def add_round(database: Database, catalogue: Catalogue, title: str, closes_at: datetime, **values: object) -> UUID:
    """Add a confirmed round of the departments' questionnaire."""
    questionnaire = catalogue.get(QUESTIONNAIRE)
    round_id = new_id()
    with database.writing() as session:
        session.add(
            Round(
                id=round_id,
                title=title,
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                opens_at=closes_at - timedelta(days=30),
                closes_at=closes_at,
                **{"confirmed_at": closes_at - timedelta(days=40), **values},
            )
        )
    return round_id


def add_standing(database: Database, round_id: UUID, name: str) -> UUID:
    """Add a partnership without areas that takes part in a round."""
    partnership_id = new_id()
    with database.writing() as session:
        session.add(Partnership(id=partnership_id, name=name))
        session.flush()
        session.add(RoundPartnership(partnership_id=partnership_id, round_id=round_id))
    return partnership_id


def add_departments(
    database: Database,
    round_id: UUID,
    partnership_id: UUID,
    scores: Sequence[Mapping[str, int | None]],
    submitted_at: datetime,
    status: str = "submitted",
) -> list[UUID]:
    """Let as many departments join and submit as there are scores, question -> score; give their ids."""
    departments = [new_id() for _ in scores]
    with database.writing() as session:
        by = session.scalars(select(Person.id).order_by(Person.id)).first()
        asked = session.get_one(Round, round_id)
        for department, said in zip(departments, scores, strict=True):
            assessment = new_id()
            key = {"partnership_id": partnership_id, "assessment_id": assessment, "submission": 1}
            session.add(Organisation(id=department, name=f"Department {department}", kind="department"))
            session.flush()
            session.add(PartnershipOrganisation(partnership_id=partnership_id, organisation_id=department))
            session.flush()
            session.add(
                Assessment(
                    partnership_id=partnership_id,
                    id=assessment,
                    round_id=round_id,
                    organisation_id=department,
                    questionnaire_id=asked.questionnaire_id,
                    questionnaire_version=asked.questionnaire_version,
                    questionnaire_hash=asked.questionnaire_hash,
                    status=status,
                    started_at=submitted_at,
                    started_by=by,
                    submitted_at=submitted_at,
                    submitted_by=by,
                )
            )
            session.flush()
            session.add(
                Snapshot(
                    **key,
                    questionnaire_hash=asked.questionnaire_hash,
                    answers="{}",
                    scores="{}",
                    submitted_at=submitted_at,
                    submitted_by=by,
                )
            )
            session.flush()
            for question, score in said.items():
                session.add(
                    FrozenQuestionScore(
                        **key,
                        question_id=question,
                        state="dont-know" if score is None else "scored",
                        score=None if score is None else str(score),
                        score_to_sort=score,
                    )
                )
    return departments
