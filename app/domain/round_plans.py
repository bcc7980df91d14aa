"""The rules of setting a round up: what a plan must have, and what stands in its way before it is confirmed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Final
from uuid import UUID

from app.domain.errors import NotAllowedNowError
from app.domain.questionnaire import Question, Questionnaire
from app.domain.rounds import LEAST_THRESHOLD, SignOff

MOST_THRESHOLD: Final = 1000
LEAST_ORGANISATIONS: Final = 2
"""With fewer, nothing can be compared inside a partnership."""


class Obstacle(StrEnum):
    """What stands in the way of a round, or should be known before it is confirmed."""

    NO_QUESTIONNAIRE = "no-questionnaire"
    NO_THRESHOLD = "no-threshold"
    CLOSED_ALREADY = "closed-already"
    NO_PARTNERSHIP = "no-partnership"
    NO_ORGANISATION = "no-organisation"
    ONE_ORGANISATION = "one-organisation"
    NO_COORDINATOR = "no-coordinator"
    NOBODY_INVITED = "nobody-invited"
    NO_CERTIFIER = "no-certifier"
    OPEN_ALREADY = "open-already"
    NO_TEXTS = "no-texts"


BLOCKING: Final = frozenset(
    {
        Obstacle.NO_QUESTIONNAIRE,
        Obstacle.NO_THRESHOLD,
        Obstacle.CLOSED_ALREADY,
        Obstacle.NO_PARTNERSHIP,
        Obstacle.NO_ORGANISATION,
    }
)
"""What must be mended first. Everything else may be accepted knowingly."""


@dataclass(frozen=True, slots=True)
class PlannedOrganisation:
    """One organisation that is asked, and who of it is there or invited."""

    id: UUID
    name: str
    has_people: bool
    has_certifier: bool


@dataclass(frozen=True, slots=True)
class PlannedPartnership:
    """One partnership taking part."""

    id: UUID
    name: str
    has_coordinator: bool
    organisations: tuple[PlannedOrganisation, ...]


@dataclass(frozen=True, slots=True)
class RoundPlan:
    """What decides whether a round can be confirmed."""

    opens_at: datetime
    closes_at: datetime
    sign_off: SignOff
    threshold: object
    """As it is stored."""
    has_questionnaire: bool
    """Whether its very version is installed and published."""
    partnerships: tuple[PlannedPartnership, ...]
    has_texts: bool = True
    """Whether the operator has written every text of the service's own."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One obstacle, and everywhere it is: partnerships, or organisations in them."""

    obstacle: Obstacle
    places: tuple[tuple[PlannedPartnership, PlannedOrganisation | None], ...] = ()

    def list_organisations(self) -> tuple[tuple[PlannedOrganisation, tuple[PlannedPartnership, ...]], ...]:
        """List each organisation once, with the partnerships that it is in."""
        found: dict[UUID, tuple[PlannedOrganisation, list[PlannedPartnership]]] = {}
        for partnership, organisation in self.places:
            if organisation is not None:
                found.setdefault(organisation.id, (organisation, []))[1].append(partnership)
        return tuple((organisation, tuple(inside)) for organisation, inside in found.values())

    @property
    def is_blocking(self) -> bool:
        """Whether it must be mended before the round is confirmed."""
        return self.obstacle in BLOCKING


def find_obstacles(plan: RoundPlan, now: datetime) -> tuple[Finding, ...]:
    """Find everything that stands in the way or should be known, what blocks first."""
    found = [
        *(Finding(obstacle) for obstacle, holds in _list_of_the_round(plan, now) if holds),
        *_find_in_partnerships(plan),
    ]
    order = list(Obstacle)
    return tuple(sorted(found, key=lambda finding: (not finding.is_blocking, order.index(finding.obstacle))))


def _list_of_the_round(plan: RoundPlan, now: datetime) -> tuple[tuple[Obstacle, bool], ...]:
    return (
        (Obstacle.NO_QUESTIONNAIRE, not plan.has_questionnaire),
        (Obstacle.NO_THRESHOLD, not is_threshold(plan.threshold)),
        (Obstacle.CLOSED_ALREADY, plan.closes_at <= now),
        (Obstacle.NO_PARTNERSHIP, not plan.partnerships),
        (Obstacle.OPEN_ALREADY, plan.opens_at <= now < plan.closes_at),
        (Obstacle.NO_TEXTS, not plan.has_texts),
    )


def _find_in_partnerships(plan: RoundPlan) -> list[Finding]:
    everywhere = plan.partnerships
    inside = tuple((place, organisation) for place in everywhere for organisation in place.organisations)
    places: dict[Obstacle, tuple[tuple[PlannedPartnership, PlannedOrganisation | None], ...]] = {
        Obstacle.NO_ORGANISATION: tuple((place, None) for place in everywhere if not place.organisations),
        Obstacle.ONE_ORGANISATION: tuple(
            (place, None) for place in everywhere if 0 < len(place.organisations) < LEAST_ORGANISATIONS
        ),
        Obstacle.NO_COORDINATOR: tuple((place, None) for place in everywhere if not place.has_coordinator),
        Obstacle.NOBODY_INVITED: tuple(
            (place, organisation) for place, organisation in inside if not organisation.has_people
        ),
        Obstacle.NO_CERTIFIER: tuple(
            (place, organisation)
            for place, organisation in inside
            if plan.sign_off is not SignOff.NOBODY and not organisation.has_certifier
        ),
    }
    return [Finding(obstacle, found) for obstacle, found in places.items() if found]


def can_confirm(findings: Sequence[Finding]) -> bool:
    """Say whether nothing forbids confirming."""
    return not any(finding.is_blocking for finding in findings)


def check_confirm(findings: Sequence[Finding], *, accepted: bool) -> None:
    """Raise `NotAllowedNowError` where something must be mended, or was not accepted knowingly."""
    if not can_confirm(findings):
        raise NotAllowedNowError("This round cannot be confirmed yet. Its page lists what must be mended first")
    if findings and not accepted:
        raise NotAllowedNowError("Tick the box to say that the round may be confirmed as it is")


def find_window_fault(opens_at: datetime, closes_at: datetime) -> str:
    """Say what is wrong with a window; empty where nothing is."""
    return "" if opens_at < closes_at else "The round must close after it opens"


def find_closing_fault(opens_at: datetime, closes_at: datetime, now: datetime) -> str:
    """Say why the closing of a confirmed round cannot move to a time; empty where it can."""
    if closes_at <= now:
        return "That time has passed. To close the round at once, choose a time a few minutes from now"
    return find_window_fault(opens_at, closes_at)


def is_threshold(value: object) -> bool:
    """Say whether a value can be a withholding threshold; whatever is not surely one is none."""
    return type(value) is int and LEAST_THRESHOLD <= value <= MOST_THRESHOLD


def get_threshold(value: object) -> int:
    """Give a stored withholding threshold; raises `NotAllowedNowError` where it is missing or malformed."""
    if type(value) is not int or not is_threshold(value):
        raise NotAllowedNowError("The withholding threshold of this round is not valid, so no figures are shown")
    return value


def parse_threshold(text: str) -> int | None:
    """Read a threshold that somebody typed; `None` where it is none."""
    if not re.fullmatch(r"[0-9]{1,4}", text.strip(), re.ASCII) or not is_threshold(int(text)):
        return None
    return int(text)


def list_shared_levels(questionnaire: Questionnaire) -> tuple[tuple[str, str], ...]:
    """List the levels that every question has, lowest first: id and words. One of them can be the target of all."""
    scales = [questionnaire.scale_of(question) for question in questionnaire.questions]
    shared = set.intersection(*({level.id for level in scale.levels} for scale in scales))
    return tuple((level.id, str(level.label)) for level in scales[0].levels if level.id in shared)


def clean_targets(questionnaire: Questionnaire, targets: Mapping[str, str]) -> dict[str, str]:
    """Keep what names a question and a level of its scale, in questionnaire order."""
    return {
        question.id: targets[question.id]
        for question in questionnaire.questions
        if targets.get(question.id) in _levels_of(questionnaire, question)
    }


def choose_targets(questionnaire: Questionnaire, targets: Mapping[str, str]) -> tuple[Fraction, ...] | None:
    """Give the target of each question as a score, in questionnaire order; `None` where the round sets none."""
    own = clean_targets(questionnaire, targets)
    if not own:
        return None
    return tuple(
        questionnaire.scale_of(question).scores[own[question.id]]
        if question.id in own
        else questionnaire.target_of(question)
        for question in questionnaire.questions
    )


def _levels_of(questionnaire: Questionnaire, question: Question) -> frozenset[str]:
    return frozenset(level.id for level in questionnaire.scale_of(question).levels)
