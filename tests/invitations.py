"""Inviting in tests: whom one needs besides the world, and the link that is mailed."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from app.domain.access import Actor, Grant, Role
from app.domain.audit import SERVICE
from app.domain.inviting import Offer, Within, make_offer
from app.services import Database, accepting, inviting
from app.services.inviting import Outcome
from app.services.mailing import MailKind
from app.services.tokens import TokenKeys
from app.store.models import AuditEntry, Invitation, Mail, Membership, Person, new_id
from tests.people import NOW, World

KEYS: Final = TokenKeys(["a secret of the tests, long enough"])
EVERYWHERE: Final = Within()


@dataclass(frozen=True)
class Staff:
    """People besides those of the world."""

    administrator: Actor
    coordinator: Actor
    contributor: Actor
    certifier: Actor


def make_staff(database: Database, world: World) -> Staff:
    """Store an administrator, the partnership's coordinator, and a contributor and a certifier of the council."""
    return Staff(
        administrator=add_person(database, "Administrator", Grant(Role.CENTRAL_ADMINISTRATOR)),
        coordinator=add_person(database, "Coordinator", Grant(Role.COORDINATOR, None, world.partnership)),
        contributor=add_person(database, "Contributor", Grant(Role.CONTRIBUTOR, world.council)),
        certifier=add_person(database, "Certifier", Grant(Role.CERTIFIER, world.council)),
    )


def add_person(database: Database, name: str, *grants: Grant) -> Actor:
    """Store a person with roles."""
    person = new_id()
    with database.writing() as session:
        session.add(Person(id=person, name=name, email=f"{name.lower().replace(' ', '.')}@harrow.example"))
        session.flush()
        session.add_all(
            Membership(
                person_id=person,
                role=grant.role.value,
                organisation_id=grant.organisation_id,
                partnership_id=grant.partnership_id,
            )
            for grant in grants
        )
    return Actor(person, name, frozenset(grants))


def offer_of(role: Role, world: World, email: str = "new@harrow.example", name: str = "") -> Offer:
    """Offer a role in the council, or in the partnership."""
    return make_offer(email, name, role, world.council, world.partnership)


def invite(
    database: Database,
    actor: Actor,
    offer: Offer,
    now: datetime = NOW,
    *,
    within: Within = EVERYWHERE,
    keys: TokenKeys = KEYS,
) -> Outcome:
    return inviting.invite(database, actor, offer, now, keys, within)


def accept(
    database: Database, token: str, name: str = "New Person", now: datetime = NOW, *, keys: TokenKeys = KEYS
) -> str | None:
    return accepting.accept(database, token, name, "", now, keys)


def list_tokens(database: Database) -> list[str]:
    """List the tokens that were mailed, in their order."""
    with database.reading() as session:
        paths = session.scalars(select(Mail.path).where(Mail.kind == MailKind.INVITATION).order_by(Mail.id)).all()
    return [path.removeprefix(f"{inviting.ACCEPT}/") for path in paths]


def list_invitations(database: Database) -> list[Invitation]:
    with database.reading() as session:
        return list(session.scalars(select(Invitation).order_by(Invitation.id)))


def list_grants(database: Database, email: str) -> list[Grant]:
    """List the roles of whoever has an address."""
    with database.reading() as session:
        rows = session.scalars(
            select(Membership).join(Person, Person.id == Membership.person_id).where(Person.email == email)
        ).all()
    return [Grant(Role(row.role), row.organisation_id, row.partnership_id) for row in rows]


def find_membership(database: Database, person: Actor, role: Role) -> UUID:
    """Give the id of somebody's one role of a kind."""
    with database.reading() as session:
        query = select(Membership.id).where(Membership.person_id == person.person_id, Membership.role == role)
        return session.scalars(query).one()


def list_events(database: Database, chain: UUID = SERVICE) -> list[str]:
    """List what a chain of the audit has, in order."""
    with database.reading() as session:
        query = select(AuditEntry.event).where(AuditEntry.partnership_id == chain).order_by(AuditEntry.number)
        return list(session.scalars(query))


def with_grants(actor: Actor, *grants: Grant) -> Actor:
    """Give somebody as they are with other roles."""
    return replace(actor, grants=frozenset(grants))
