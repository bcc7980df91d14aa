"""The action plans of the demonstration: what partnerships planned after the closed round, and asked for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import cycle
from typing import Final
from uuid import UUID

from app.domain.actions import FIRST, ActionStatus, Kind
from app.domain.exact import mean
from app.services.demonstration.calendar import RoundPlan
from app.services.demonstration.draws import draw, make_id
from app.services.demonstration.places import Organisation, Partnership, Person, World
from app.services.demonstration.words import ActionWords, PlanWords
from app.store import models
from app.store.bulk import Rows

MADE_AFTER: Final = timedelta(days=12)
"""How long after the close they met and planned."""
LEAST_PARTNERS: Final = 2
MOST_ACTIONS: Final = 4
PATHS: Final = (
    (),
    (ActionStatus.UNDER_WAY,),
    (ActionStatus.UNDER_WAY, ActionStatus.DONE),
    (ActionStatus.UNDER_WAY,),
    (ActionStatus.DROPPED,),
)
"""What an action went through, in the order in which actions take turns."""
ASK_PATHS: Final = (
    (ActionStatus.SENT,),
    (ActionStatus.SENT, ActionStatus.ANSWERED, ActionStatus.ACCEPTED),
    (ActionStatus.SENT, ActionStatus.DECLINED),
    (),
    (ActionStatus.SENT, ActionStatus.ANSWERED),
)
"""What an ask went through, in the order in which asks take turns."""
OF_DEPARTMENT: Final = frozenset({ActionStatus.ANSWERED, ActionStatus.ACCEPTED, ActionStatus.DECLINED})


@dataclass(frozen=True, slots=True)
class _Place:
    """One partnership in the closed round."""

    partnership: Partnership
    round_id: UUID
    made_at: datetime
    partners: Sequence[Organisation]
    """Those that submitted."""
    means: Mapping[str, Fraction]
    """Question -> the mean of their scores."""

    def find_worst(self, words: Sequence[ActionWords]) -> list[ActionWords]:
        """Put what can be said in the order of where it is needed most."""
        return sorted(
            (each for each in words if each.question in self.means), key=lambda each: self.means[each.question]
        )


def add_actions(
    rows: Rows, words: PlanWords, world: World, departments: Sequence[Organisation], plan: RoundPlan, now: datetime
) -> None:
    """Add the plans of the partnerships that assessed themselves in the closed round, and what they ask for."""
    makes = _Making(rows, words, now)
    by_name = {"": world.department, **{department.name: department for department in departments}}
    paths = cycle(ASK_PATHS)
    for number, place in enumerate(_list_places(rows, world, plan)):
        for turn, chosen in enumerate(place.find_worst(words.actions)[:MOST_ACTIONS]):
            makes.add(place, chosen, PATHS[(number + turn) % len(PATHS)])
        chance = draw("asks", place.partnership.name)
        for ask in words.asks:
            if chance.random() < ask.share and ask.question in place.means:
                makes.add(place, ask, next(paths), by_name[ask.department])


def _list_places(rows: Rows, world: World, plan: RoundPlan) -> Iterator[_Place]:
    """Find who submitted in the closed round, and where they stand."""
    (round_id,) = (row["id"] for row in rows.of(models.Round) if row["title"] == plan.title)
    owner_of = {
        row["id"]: (row["partnership_id"], row["organisation_id"])
        for row in rows.of(models.Assessment)
        if row["round_id"] == round_id and row["submitted_at"]
    }
    scores: defaultdict[UUID, defaultdict[str, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.of(models.FrozenQuestionScore):
        if row["assessment_id"] in owner_of and row["score"]:
            scores[row["partnership_id"]][row["question_id"]].append(Fraction(row["score"]))
    submitted = set(owner_of.values())
    for partnership in world.partnerships:
        partners = [each for each in partnership.organisations if (partnership.id, each.id) in submitted]
        if len(partners) >= LEAST_PARTNERS:
            found = scores[partnership.id].items()
            means = {question: mean(each) for question, each in found if len(each) >= LEAST_PARTNERS}
            yield _Place(partnership, round_id, plan.closes_at + MADE_AFTER, partners, means)


class _Making:
    """Makes actions and the notes on them."""

    def __init__(self, rows: Rows, words: PlanWords, now: datetime) -> None:
        self._rows = rows
        self._words = words
        self._now = now

    def add(
        self,
        place: _Place,
        words: ActionWords,
        path: Sequence[ActionStatus],
        department: Organisation | None = None,
    ) -> None:
        """Add an action, or an ask of a department, and what it went through."""
        keys = "action", place.partnership.name, words.title
        chance = draw(*keys)
        organisation = chance.choice(place.partners)
        owner = chance.choice(organisation.people)
        action_id = make_id(place.made_at, *keys)
        first = FIRST[Kind.ASK if department else Kind.ACTION]
        self._rows.add(
            models.PlannedAction,
            partnership_id=place.partnership.id,
            id=action_id,
            round_id=place.round_id,
            question_id=words.question,
            title=words.title,
            measure=words.measure,
            owner_organisation_id=organisation.id,
            owner_id=owner.id,
            due_on=(place.made_at + timedelta(days=chance.randint(60, 330))).date(),
            status=(path[-1] if path else first).value,
            department_id=department.id if department else None,
            learning_point="",
            version=1,
            created_by=place.partnership.coordinator.id,
            created_at=place.made_at,
        )
        for number, status in enumerate(path, start=1):
            at = place.made_at + (self._now - place.made_at) * number / (len(path) + 1)
            at = at.replace(hour=chance.randint(9, 15), minute=chance.randrange(60), second=0, microsecond=0)
            self._rows.add(
                models.ActionNote,
                partnership_id=place.partnership.id,
                action_id=action_id,
                number=number,
                status=status.value,
                text=self._text_of(status, words),
                person_id=_find_writer(status, owner, department).id,
                noted_at=at,
            )

    def _text_of(self, status: ActionStatus, words: ActionWords) -> str:
        said = {
            ActionStatus.SENT: f"{words.note} {self._words.sent}",
            ActionStatus.ANSWERED: self._words.answered,
            ActionStatus.ACCEPTED: self._words.accepted,
            ActionStatus.DECLINED: self._words.declined,
            ActionStatus.DONE: self._words.done,
            ActionStatus.DROPPED: self._words.dropped,
        }
        return said.get(status, words.note)


def _find_writer(status: ActionStatus, owner: Person, department: Organisation | None) -> Person:
    """Say who noted a status: of some, the department that was asked."""
    return department.people[0] if department and status in OF_DEPARTMENT else owner
