"""The meetings of the demonstration: what some partnerships agreed after the closed round."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from app.domain.assessment import Answer
from app.domain.discussion import Reason, list_topics
from app.domain.partnership_report import PartnershipReport
from app.domain.questionnaire import Question, Questionnaire
from app.domain.rounds import SignOff
from app.domain.scoring import QuestionScore
from app.domain.together import Partner, Together
from app.services.demonstration.calendar import RoundPlan
from app.services.demonstration.draws import draw, make_id
from app.services.demonstration.places import Partnership, World
from app.store import models
from app.store.bulk import Rows

MET_SHARE: Final = 0.4
"""Share of the partnerships that met; the first always did."""
MET_AFTER: Final = timedelta(days=9, hours=3)
TALKED: Final = 4
"""How far down the list they came."""
FEWEST: Final = 3
MINORITIES: Final = 2
AGREED_REASONS: Final = (
    "We went through the minutes of the last year together. They show this level, and no more.",
    "Two partners had not seen the signed agreement. Having read it, all of us chose this level.",
    "The level above asks for every partner. One of us is not in it yet.",
    "We read the level aloud, word for word, and asked what an outsider could check.",
)
NOT_AGREED_REASONS: Final = (
    "Those who run the work and those who pay for it see different things. We will look at it again with the figures.",
)
MINORITY: Final = ("{name} would have gone one level lower, as its staff have not heard of it.",)


def add_meetings(rows: Rows, questionnaire: Questionnaire, world: World, plan: RoundPlan) -> None:
    """Add a meeting, and what it agreed, to some partnerships that assessed themselves in the closed round."""
    (round_id,) = (row["id"] for row in rows.of(models.Round) if row["title"] == plan.title)
    answers = {row["assessment_id"]: row["answers"] for row in rows.of(models.Snapshot)}
    submitted = {
        (row["partnership_id"], row["organisation_id"]): answers[row["id"]]
        for row in rows.of(models.Assessment)
        if row["round_id"] == round_id and row["id"] in answers
    }
    for number, partnership in enumerate(world.partnerships):
        found = {
            each.id: submitted[partnership.id, each.id]
            for each in partnership.organisations
            if (partnership.id, each.id) in submitted
        }
        chance = draw("meeting", partnership.name)
        if len(found) >= FEWEST and (number == 0 or chance.random() < MET_SHARE):
            _add_meeting(rows, _make_report(questionnaire, partnership, round_id, plan, found), partnership, plan)


def _make_report(
    questionnaire: Questionnaire, partnership: Partnership, round_id: UUID, plan: RoundPlan, found: dict[UUID, str]
) -> PartnershipReport:
    partners = tuple(
        Partner(
            organisation_id=each.id,
            name=each.name,
            assessment_id=None,
            status=None,
            submission=1,
            submitted_at=plan.closes_at,
            answers={name: Answer(**answer) for name, answer in json.loads(found[each.id]).items()},
        )
        for each in sorted(partnership.organisations, key=lambda each: each.name)
        if each.id in found
    )
    return PartnershipReport(
        Together(
            partnership_id=partnership.id,
            partnership=partnership.name,
            round_id=round_id,
            round=plan.title,
            opens_at=plan.opens_at,
            closes_at=plan.closes_at,
            sign_off=SignOff.NOBODY,
            questionnaire_hash=questionnaire.hash,
            targets={},
            partners=partners,
            agreed={},
        ),
        questionnaire,
    )


def _add_meeting(rows: Rows, report: PartnershipReport, partnership: Partnership, plan: RoundPlan) -> None:
    at = plan.closes_at + MET_AFTER
    chance = draw("agreeing", partnership.name)
    meeting_id = make_id(at, "meeting", partnership.name)
    there = list(report.together.submitted)
    if len(there) > FEWEST:
        there.remove(chance.choice(there))
    rows.add(
        models.Meeting,
        partnership_id=partnership.id,
        id=meeting_id,
        round_id=report.together.round_id,
        held_on=at.date(),
        present="One director of each",
        version=1,
        recorded_by=partnership.coordinator.id,
        recorded_at=at,
    )
    for partner in there:
        rows.add(
            models.MeetingOrganisation,
            partnership_id=partnership.id,
            meeting_id=meeting_id,
            organisation_id=partner.organisation_id,
        )
    topics = [each for each in list_topics(report.individual, report.votes) if each.reason is not Reason.REST]
    for number, topic in enumerate(topics[:TALKED]):
        said_at = at + timedelta(minutes=9 * number)
        level = "" if number == TALKED - 1 else _middle(report.questionnaire, topic.question, topic.scored)
        lowest = _find_lowest(report, topic.question, level, there)
        minority = chance.choice(MINORITY).format(name=lowest) if lowest and number < MINORITIES else ""
        rows.add(
            models.AgreedAnswer,
            **_agree(report, meeting_id, topic.question, level, partnership.coordinator.id, said_at),
            reason=chance.choice(AGREED_REASONS if level else NOT_AGREED_REASONS),
            minority_view=minority,
        )


def _find_lowest(report: PartnershipReport, question: Question, level: str, there: Sequence[Partner]) -> str:
    """Find who of those that are there answered lowest, below what was agreed; nobody where all are at it or above."""
    positions = report.questionnaire.scale_of(question).positions
    below = {
        partner.name: positions[partner.answers[question.id].choice]
        for partner in there
        if level and positions.get(partner.answers[question.id].choice, len(positions)) < positions[level]
    }
    return min(below, key=lambda name: (below[name], name), default="")


def _agree(
    report: PartnershipReport, meeting_id: UUID, question: Question, level: str, by: UUID, at: datetime
) -> dict[str, Any]:
    return {
        "partnership_id": report.together.partnership_id,
        "round_id": report.together.round_id,
        "question_id": question.id,
        "version": 1,
        "meeting_id": meeting_id,
        "choice": level,
        "recorded_by": by,
        "recorded_at": at,
    }


def _middle(questionnaire: Questionnaire, question: Question, scored: QuestionScore) -> str:
    """Give the level nearest to the mean; the lowest where there is none."""
    scale = questionnaire.scale_of(question)
    if scored.score is None:
        return scale.levels[0].id
    mean = scored.score
    return min(scale.levels, key=lambda level: abs(scale.scores[level.id] - mean)).id
