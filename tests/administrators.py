"""A central administrator, and files to set up with, for tests of services and pages."""

from app.domain.access import Actor, Grant, Role
from app.store.database import Database
from app.store.models import Membership, Person, new_id


def make_administrator(database: Database, name: str = "Administrator") -> Actor:
    """Store a central administrator."""
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name=name, email=f"{name.lower()}@centre.example"))
        session.flush()
        session.add(Membership(person_id=person, role=Role.CENTRAL_ADMINISTRATOR))
    return Actor(person, name, frozenset({Grant(Role.CENTRAL_ADMINISTRATOR)}))
