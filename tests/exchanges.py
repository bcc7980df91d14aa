"""Partnerships that can learn from one another: strong and weak in a round that has closed, with their people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.exchange_drafts import HelpDraft
from app.domain.questionnaire import Questionnaire
from app.services import Database, exchange
from app.store.models import (
    Area,
    IndicatorValue,
    Membership,
    Organisation,
    Partnership,
    PartnershipArea,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
    new_id,
)
from tests.done_rounds import submit
from tests.people import NOW, World

ENABLER = "knowing-what-works"
STRONG, WEAK = "established", "not-started"
WORDS = "words{name}words"


@dataclass(frozen=True)
class Town:
    """One partnership of two organisations, and its people."""

    name: str
    partnership: UUID
    organisations: tuple[UUID, UUID]
    coordinator: Actor
    lead: Actor
    contributor: Actor

    @property
    def words(self) -> str:
        """What its coordinator writes, and nobody else."""
        return WORDS.format(name=self.name)


@dataclass(frozen=True)
class Towns:
    """Towns by name, in one round that has closed: `strong…` are strong in everything, `weak…` weak."""

    round: UUID
    towns: Mapping[str, Town]
    analyst: Actor
    administrator: Actor

    def __getitem__(self, name: str) -> Town:
        return self.towns[name]

    @property
    def everybody(self) -> Mapping[str, Actor]:
        """Everybody by what they are."""
        return {
            "analyst": self.analyst,
            "administrator": self.administrator,
            **{f"{part} of {name}": getattr(town, part) for name, town in self.towns.items() for part in PARTS},
        }


PARTS = ("coordinator", "lead", "contributor")


def make_towns(
    database: Database,
    questionnaires: Catalogue,
    *names: str,
    kinds: Mapping[str, str] | None = None,
) -> Towns:
    """Store partnerships whose closed round is strong or weak, as their names begin; `kinds` are of their areas."""
    questionnaire = questionnaires.get("local-partners", 1)
    round_ = _add_round(database, questionnaire)
    analyst = Actor(new_id(), "Analyst", frozenset({Grant(Role.CENTRAL_ANALYST)}))
    administrator = Actor(new_id(), "Administrator", frozenset({Grant(Role.CENTRAL_ADMINISTRATOR)}))
    with database.writing() as session:
        for actor in (analyst, administrator):
            _add_person(session, actor)
    towns = {
        name: _add_town(database, questionnaire, round_, name, number, (kinds or {}).get(name, "unitary"))
        for number, name in enumerate(names, start=1)
    }
    return Towns(round_, towns, analyst, administrator)


def _add_round(database: Database, questionnaire: Questionnaire) -> UUID:
    round_ = new_id()
    with database.writing() as session:
        session.add(
            Round(
                id=round_,
                title="Closed round",
                questionnaire_id=questionnaire.id,
                questionnaire_version=questionnaire.version,
                questionnaire_hash=questionnaire.hash,
                opens_at=NOW - timedelta(days=40),
                closes_at=NOW - timedelta(days=10),
                confirmed_at=NOW - timedelta(days=50),
            )
        )
    return round_


def _add_town(
    database: Database, questionnaire: Questionnaire, round_: UUID, name: str, number: int, kind: str
) -> Town:
    town = Town(
        name,
        new_id(),
        (new_id(), new_id()),
        Actor(new_id(), f"Coordinator{name}", frozenset()),
        Actor(new_id(), f"Lead{name}", frozenset()),
        Actor(new_id(), f"Contributor{name}", frozenset()),
    )
    one = town.organisations[0]
    town = Town(
        name,
        town.partnership,
        town.organisations,
        _grant(town.coordinator, Grant(Role.COORDINATOR, partnership_id=town.partnership)),
        _grant(town.lead, Grant(Role.LEAD, one)),
        _grant(town.contributor, Grant(Role.CONTRIBUTOR, one)),
    )
    code = f"X06{number:06d}"
    with database.writing() as session:
        session.add(Partnership(id=town.partnership, name=f"Place{name}"))
        session.add(Area(code=code, name=f"Area{name}", kind=kind, region="North"))
        session.add_all(
            Organisation(id=each, name=f"Body{name}{place}", kind="council")
            for place, each in enumerate(town.organisations)
        )
        session.flush()
        session.add(PartnershipArea(partnership_id=town.partnership, area_code=code))
        session.add(IndicatorValue(indicator="population", area_code=code, year=2025, value="120000", unit="people"))
        session.add(RoundPartnership(partnership_id=town.partnership, round_id=round_))
        session.add_all(
            PartnershipOrganisation(partnership_id=town.partnership, organisation_id=each)
            for each in town.organisations
        )
        for actor in (town.coordinator, town.lead, town.contributor):
            _add_person(session, actor)
    level = STRONG if name.startswith("strong") else WEAK
    world = World(town.partnership, round_, *town.organisations, town.lead, town.lead, town.lead, town.lead)
    choices = {question.id: level for question in questionnaire.questions}
    for each in town.organisations:
        submit(database, world, questionnaire, round_, each, choices)
    return town


def _grant(actor: Actor, grant: Grant) -> Actor:
    return Actor(actor.person_id, actor.name, frozenset({grant}))


def _add_person(session, actor: Actor) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    session.add(Person(id=actor.person_id, name=actor.name, email=f"{actor.name.lower()}@towns.example"))
    session.flush()
    for grant in actor.grants:
        session.add(
            Membership(
                person_id=actor.person_id,
                role=grant.role,
                organisation_id=grant.organisation_id,
                partnership_id=grant.partnership_id,
            )
        )


def draft(town: Town, *kinds: str, at_a_time: int = 1) -> HelpDraft:
    """Give a form that can be stored."""
    return HelpDraft(kinds=kinds or ("visit",), words=town.words, at_a_time=str(at_a_time))


def offer(database: Database, questionnaires: Catalogue, town: Town, *kinds: str, at_a_time: int = 1) -> None:
    """Offer help as the coordinator of a town."""
    where = town.coordinator, town.partnership, ENABLER
    drafted = draft(town, *kinds, at_a_time=at_a_time)
    assert exchange.offer(database, questionnaires, *where, drafted, 0, NOW) == ()


def ask(database: Database, questionnaires: Catalogue, town: Town, *kinds: str) -> None:
    """Ask for help as the coordinator of a town."""
    where = town.coordinator, town.partnership, ENABLER
    assert exchange.ask(database, questionnaires, *where, draft(town, *kinds), 0, NOW) == ()
