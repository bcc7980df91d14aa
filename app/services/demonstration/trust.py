"""How far the organisations of the demonstration said they can rely on one another, in rounds that have closed."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.domain.trust_question import TrustQuestion
from app.services.demonstration.draws import draw
from app.store import models
from app.store.bulk import Rows

CLOSE_LIPPED: Final = 0.06
"""How many organisations prefer not to say it of some."""
LEFT_OUT: Final = 0.3
"""Of how many they do not."""
USUAL: Final = 1.9
"""Where most stand on the levels, from 0."""
BETWEEN: Final = 0.75
"""How much those who are rated differ."""
WITHIN: Final = 0.6
"""How much those who rate differ about one."""


def add_ratings(rows: Rows, question: TrustQuestion | None, now: datetime) -> None:
    """Add what every organisation said that submitted in a round that has closed; nothing where nothing is asked."""
    if question is None:
        return
    closed = {row["id"] for row in rows.of(models.Round) if row["closes_at"] <= now}
    submitted = {(row["partnership_id"], row["assessment_id"]): row for row in rows.of(models.Snapshot)}
    partners: defaultdict[UUID, list[str]] = defaultdict(list)
    for row in rows.of(models.PartnershipOrganisation):
        partners[row["partnership_id"]].append(str(row["organisation_id"]))
    beside = [subject.id for subject in question.subjects]
    for assessment in rows.of(models.Assessment):
        key = assessment["partnership_id"], assessment["id"]
        if assessment["round_id"] not in closed or key not in submitted:
            continue
        rater = str(assessment["organisation_id"])
        chance = draw("trust", str(key[0]), rater)
        leaves_out = LEFT_OUT if chance.random() < CLOSE_LIPPED else 0
        for subject in (*partners[key[0]], *beside):
            position = _draw_position(str(key[0]), subject, chance.gauss(0, WITHIN), len(question.levels))
            if chance.random() < leaves_out or subject == rater:
                continue
            rows.add(
                models.TrustRating,
                partnership_id=key[0],
                assessment_id=key[1],
                subject=subject,
                level=question.levels[position].id,
                rated_by=submitted[key]["submitted_by"],
                rated_at=submitted[key]["submitted_at"] - timedelta(minutes=1),
            )


def _draw_position(partnership: str, subject: str, noise: float, levels: int) -> int:
    usual = USUAL + draw("trust in", partnership, subject).gauss(0, BETWEEN)
    return min(max(round(usual + noise), 0), levels - 1)
