"""The words and numbers of the demonstration: the files in `data/`, read strictly."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from app.domain.access import Role
from app.domain.exchange import HelpKind, Need, ProposalStatus

FOLDER: Final = Path(__file__).parent / "data"


class Part(BaseModel):
    """A piece of a data file: frozen, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PartnershipPlan(Part):
    name: str
    areas: tuple[str, ...]
    theme: str
    organisations: tuple[str, ...] = ()
    """Who is in it; drawn where this is empty."""


class Region(Part):
    """A county with its districts and the unitary areas around it. Town -> name of its council."""

    county: str
    part: str
    """The part of the invented country that it lies in: its region, as official codes have it."""
    unitaries: dict[str, str]
    districts: dict[str, str]
    partnerships: tuple[PartnershipPlan, ...]

    @property
    def towns(self) -> dict[str, str]:
        """Unitaries and districts."""
        return {**self.unitaries, **self.districts}


class Bodies(Part):
    """Kind of organisation -> names, for each kind of area."""

    county: dict[str, tuple[str, ...]]
    unitary: dict[str, tuple[str, ...]]
    district: dict[str, tuple[str, ...]]


class Member(Part):
    kind: str
    weight: float


class Places(Part):
    """The file `places.yaml`."""

    regions: tuple[Region, ...]
    bodies: Bodies
    charities: tuple[str, ...]
    members: tuple[Member, ...]
    sizes: dict[int, int]


class NameGroup(Part):
    share: int
    first: tuple[str, ...]
    last: tuple[str, ...]


class HatPlan(Part):
    name: str
    organisation: str | None = None
    role: Role = Role.LEAD
    what: str
    suggestion: Annotated[str, Field(alias="try")] = ""


class GivenPlan(Part):
    section: str
    message: str


class CommentPlan(Part):
    question: str
    by: str
    text: str


class People(Part):
    """The file `people.yaml`."""

    groups: tuple[NameGroup, ...]
    never: tuple[str, ...]
    showcase: str
    open_round: dict[str, int | Literal["submitted", "signed off"]]
    hats: tuple[HatPlan, ...]
    coordinator: HatPlan
    team: tuple[HatPlan, ...]
    department: HatPlan
    central: str
    given: GivenPlan
    comments: tuple[CommentPlan, ...]
    texts: dict[str, str]

    @property
    def everyone(self) -> tuple[HatPlan, ...]:
        """All who have a name of their own, in the order in which they are offered."""
        return (*self.hats, self.coordinator, self.department, *self.team)

    def place_of(self, hat: HatPlan) -> str:
        """Give where somebody is: an organisation, the showcase partnership, or the central team."""
        return hat.organisation or (self.showcase if hat is self.coordinator else self.central)


class Spread(Part):
    """Standard deviations, in levels."""

    whole: float
    enabler: float
    question: float


class Change(Part):
    mean: float
    partnership: float
    enabler: float
    answer: float


class Earlier(Part):
    """How the closed round differs from the one before it."""

    share: float
    """Of how many partnerships took part in it."""
    partnership: float
    answer: float
    enablers: dict[str, float]


class Contested(Part):
    partnerships: float
    questions: tuple[int, int]
    distance: float


class NotApplicable(Part):
    fact: float
    when_fact: float
    otherwise: Annotated[float, Field(alias="else")]


class Kind(Part):
    """How one kind of organisation sees things and speaks of them."""

    called: dict[str, str]
    board: str
    boss: str
    frontline: str
    records: str
    dont_know: float
    community: bool = False
    views: dict[str, float]
    tails: tuple[str, ...]

    def call(self, name: str) -> str:
        """Give the words by which partners speak of an organisation of this kind."""
        return next(words for part, words in self.called.items() if part in name)


class Theme(Part):
    issue: str
    group: str
    projects: tuple[str, ...]


class Views(Part):
    """The file `views.yaml`."""

    middle: float
    partnerships: Spread
    organisations: Spread
    change: Change
    earlier: Earlier
    contested: Contested
    not_applicable: NotApplicable
    easier: dict[str, float]
    obscure: dict[str, float]
    kinds: dict[str, Kind]
    themes: dict[str, Theme]
    meetings: tuple[str, ...]
    systems: tuple[str, ...]
    reasons: dict[str, tuple[str, ...]]
    unsure: tuple[str, ...]


class QuestionNotes(Part):
    """What may be noted beside one question: place of a level -> notes."""

    topic: str
    levels: dict[int, tuple[str, ...]]


class ActionWords(Part):
    question: str
    title: str
    measure: str
    note: str


class AskedWords(ActionWords):
    department: str = ""
    """Of whom it is asked; of the department that one may step in at, where it is empty."""
    share: float
    """In what share of partnerships."""


class PlanWords(Part):
    """The file `actions.yaml`: what partnerships plan and ask, and what they note on it."""

    actions: tuple[ActionWords, ...]
    asks: tuple[AskedWords, ...]
    sent: str
    answered: str
    accepted: str
    declined: str
    done: str
    dropped: str


class Departments(Part):
    """The file `departments.yaml`."""

    name: str
    departments: dict[str, str]
    """Name -> who leads."""
    middle: float
    departments_differ: float
    questions_differ: float
    noise: float
    dont_know: float
    easier: dict[str, float]


class OfferWords(Part):
    """What one partnership offers to others."""

    partnership: str
    enabler: str
    kinds: tuple[HelpKind, ...]
    at_a_time: int
    words: str


class AskWords(Part):
    """What one partnership wants to learn from others."""

    partnership: str
    enabler: str
    kinds: tuple[HelpKind, ...]
    need: Need
    words: str


class ProposalWords(Part):
    asking: str
    offering: str
    enabler: str
    status: ProposalStatus


class ExchangeWords(Part):
    """The file `exchange.yaml`."""

    offers: tuple[OfferWords, ...]
    asks: tuple[AskWords, ...]
    proposals: tuple[ProposalWords, ...]


class Words(Part):
    """All of it."""

    places: Places
    people: People
    views: Views
    notes: dict[str, QuestionNotes]
    plan: PlanWords
    departments: Departments
    exchange: ExchangeWords


def load_words() -> Words:
    """Read the data files."""
    return Words(
        places=Places.model_validate(_read("places")),
        people=load_people(),
        views=Views.model_validate(_read("views")),
        notes={
            question: QuestionNotes(topic=entry.pop("topic"), levels=entry)
            for question, entry in _read("notes").items()
        },
        plan=PlanWords.model_validate(_read("actions")),
        departments=Departments.model_validate(_read("departments")),
        exchange=ExchangeWords.model_validate(_read("exchange")),
    )


@cache
def load_people() -> People:
    """Read the names, once: a start page asks for them."""
    return People.model_validate(_read("people"))


def _read(name: str) -> dict[str, Any]:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    content: dict[str, Any] = yaml.load(text, Loader=yaml.CSafeLoader)
    return content
