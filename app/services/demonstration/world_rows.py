"""The rows of the invented world: places, organisations, partnerships, and people with their roles."""

from uuid import UUID

from app.domain.access import Role
from app.services.demonstration.draws import make_id
from app.services.demonstration.indicators import add_indicators
from app.services.demonstration.places import Person, World
from app.services.demonstration.words import People
from app.store import models
from app.store.bulk import Rows


def add_world(rows: Rows, people: People, world: World) -> None:
    """Add everything that is there before the first round."""
    for area in world.areas:
        rows.add(models.Area, code=area.code, name=area.name, kind=area.kind, region=area.region)
    add_indicators(rows, world)
    for body in (*world.organisations, world.department):
        rows.add(models.Organisation, id=body.id, name=body.name, kind=body.kind)
    for partnership in world.partnerships:
        rows.add(models.Partnership, id=partnership.id, name=partnership.name)
        for area in partnership.areas:
            rows.add(models.PartnershipArea, partnership_id=partnership.id, area_code=area.code)
        for body in partnership.organisations:
            rows.add(models.PartnershipOrganisation, partnership_id=partnership.id, organisation_id=body.id)
    _add_people(rows, world)
    for name, text in people.texts.items():
        rows.add(models.ServiceText, name=name, text=text, changed_at=world.at)


def _add_people(rows: Rows, world: World) -> None:
    known: set[UUID] = set()

    def grant(
        person: Person, role: Role, organisation_id: UUID | None = None, partnership_id: UUID | None = None
    ) -> None:
        if person.id not in known:
            known.add(person.id)
            rows.add(models.Person, id=person.id, name=person.name, email=person.email)
        rows.add(
            models.Membership,
            id=make_id(world.at, "membership", person.email, role, str(organisation_id or partnership_id)),
            person_id=person.id,
            role=role.value,
            organisation_id=organisation_id,
            partnership_id=partnership_id,
        )

    for body in world.organisations:
        for person in body.people:
            grant(person, Role.LEAD, organisation_id=body.id)
        for person in body.contributors:
            grant(person, Role.CONTRIBUTOR, organisation_id=body.id)
        grant(body.certifier, Role.CERTIFIER, organisation_id=body.id)
    grant(world.department.people[0], Role.LEAD, organisation_id=world.department.id)
    for partnership in world.partnerships:
        grant(partnership.coordinator, Role.COORDINATOR, partnership_id=partnership.id)
    for person, role in world.team:
        grant(person, role)
