"""Rounds of the small world that were answered: stored as submitting leaves them, without going through every page."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from uuid import UUID

from app.domain.assessment import Answer
from app.domain.questionnaire import Questionnaire
from app.services import Database
from app.store.models import AgreedAnswer, Assessment, Meeting, Round, RoundPartnership, Snapshot, new_id
from tests.people import NOW, World


def add_round(database: Database, world: World, questionnaire: Questionnaire, title: str, *, closed_days: int) -> UUID:
    """Add a round of the partnership that closed so many days ago; a negative number closes it ahead."""
    round_ = new_id()
    closes_at = NOW - timedelta(days=closed_days)
    with database.writing() as session:
        session.add(
            Round(
                id=round_,
                title=title,
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                opens_at=closes_at - timedelta(days=30),
                closes_at=closes_at,
                confirmed_at=closes_at - timedelta(days=40),
            )
        )
        session.flush()
        session.add(RoundPartnership(partnership_id=world.partnership, round_id=round_))
    return round_


def submit(
    database: Database,
    world: World,
    questionnaire: Questionnaire,
    round_: UUID,
    organisation: UUID,
    choices: Mapping[str, str],
) -> None:
    """Store what an organisation submitted: question id -> choice."""
    assessment = new_id()
    key = {"partnership_id": world.partnership}
    answers = {question: asdict(Answer(choice)) for question, choice in choices.items()}
    with database.writing() as session:
        session.add(
            Assessment(
                **key,
                id=assessment,
                round_id=round_,
                organisation_id=organisation,
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                status="submitted",
                started_at=NOW - timedelta(days=3),
                started_by=world.officer.person_id,
                submitted_at=NOW - timedelta(days=2),
                submitted_by=world.officer.person_id,
            )
        )
        session.flush()
        session.add(
            Snapshot(
                **key,
                assessment_id=assessment,
                submission=1,
                questionnaire_hash=questionnaire.hash,
                answers=json.dumps(answers),
                scores="{}",
                submitted_at=NOW - timedelta(days=2),
                submitted_by=world.officer.person_id,
            )
        )


def agree(database: Database, world: World, round_: UUID, levels: Mapping[str, str]) -> None:
    """Store what the partnership agreed at a meeting: question id -> level."""
    meeting = new_id()
    key = {"partnership_id": world.partnership, "round_id": round_}
    recorded = {"recorded_by": world.officer.person_id, "recorded_at": NOW}
    with database.writing() as session:
        session.add(Meeting(**key, id=meeting, held_on=NOW.date(), present="All", version=1, **recorded))
        session.flush()
        session.add_all(
            AgreedAnswer(
                **key,
                question_id=question,
                version=1,
                meeting_id=meeting,
                choice=level,
                reason="",
                minority_view="",
                **recorded,
            )
            for question, level in levels.items()
        )
