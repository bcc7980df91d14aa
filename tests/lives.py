"""Everybody who has a part in the life of an assessment, beside the people of the small world."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, insert, update

from app.domain.access import Actor, Grant, Role
from app.domain.records import AssessmentKey
from app.domain.rounds import SignOff
from app.services import Database
from app.store.models import GivenSection, Membership, Person, Round, new_id
from tests.people import NOW, World


@dataclass(frozen=True)
class Cast:
    """Who there is besides, by part."""

    contributor: Actor
    certifier: Actor
    all_in_one: Actor
    """Lead and certifier of the council at once."""
    coordinator: Actor
    administrator: Actor
    world: World

    @property
    def by_role(self) -> Mapping[str, Actor]:
        """One of each, and a stranger."""
        return {
            "lead": self.world.officer,
            "contributor": self.contributor,
            "certifier": self.certifier,
            "all-in-one": self.all_in_one,
            "coordinator": self.coordinator,
            "administrator": self.administrator,
            "analyst": self.world.analyst,
            "stranger": self.world.manager,
        }

    def give_section(self, database: Database, key: AssessmentKey, section: str, to: Actor, by: Actor) -> None:
        """Give a section of an assessment to somebody."""
        with database.writing() as session:
            session.execute(
                insert(GivenSection).values(
                    partnership_id=key.partnership_id,
                    assessment_id=key.assessment_id,
                    section_id=section,
                    person_id=to.person_id,
                    message="",
                    given_by=by.person_id,
                    given_at=NOW,
                )
            )

    def withdraw(self, database: Database, *actors: Actor) -> None:
        """Take all their roles from people."""
        with database.writing() as session:
            session.execute(delete(Membership).where(Membership.person_id.in_([actor.person_id for actor in actors])))


def add_cast(database: Database, world: World, rule: SignOff) -> Cast:
    """Add the cast to the council and the partnership, and let the round be signed off by a rule."""
    council = world.council
    cast = Cast(
        contributor=_make("Contributor", Grant(Role.CONTRIBUTOR, council)),
        certifier=_make("Certifier", Grant(Role.CERTIFIER, council)),
        all_in_one=_make("All In One", Grant(Role.LEAD, council), Grant(Role.CERTIFIER, council)),
        coordinator=_make("Coordinator", Grant(Role.COORDINATOR, partnership_id=world.partnership)),
        administrator=_make("Administrator", Grant(Role.CENTRAL_ADMINISTRATOR)),
        world=world,
    )
    with database.writing() as session:
        for actor in (cast.contributor, cast.certifier, cast.all_in_one, cast.coordinator, cast.administrator):
            email = f"{actor.name.lower().replace(' ', '.')}@cast.example"
            session.add(Person(id=actor.person_id, name=actor.name, email=email))
            session.flush()
            for grant in actor.grants:
                session.add(Membership(person_id=actor.person_id, **_where(grant)))
        session.execute(update(Round).where(Round.id == world.round).values(sign_off=rule))
    return cast


def _make(name: str, *grants: Grant) -> Actor:
    return Actor(new_id(), name, frozenset(grants))


def _where(grant: Grant) -> dict[str, str | UUID | None]:
    return {
        "role": grant.role,
        "organisation_id": grant.organisation_id,
        "partnership_id": grant.partnership_id,
    }
