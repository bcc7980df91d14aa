"""What somebody sees and changes of their own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.access import Actor, Role
from app.domain.audit import Event
from app.domain.inviting import find_own_name_fault
from app.domain.organisations import tidy_name
from app.services import Database, auditing
from app.services.acting import acting
from app.services.sessions import ABSOLUTE_LIMIT, IDLE_LIMIT
from app.services.setting_up.refusals import Refused, refuse_field
from app.services.tokens import TokenKeys
from app.store import people, sign_ins


@dataclass(frozen=True, slots=True)
class Held:
    """One role, and the name of where it holds; empty for central roles."""

    role: Role
    place: str


@dataclass(frozen=True, slots=True)
class Device:
    """One device that somebody is signed in on."""

    since: datetime
    last_seen: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody's account."""

    name: str
    address: str
    wants_reminders: bool
    roles: Sequence[Held]
    devices: Sequence[Device]


def get_account(database: Database, actor: Actor, session_token: str, now: datetime, keys: TokenKeys) -> Account:
    """Get the actor's account; `session_token` is that of the device they are at."""
    here = keys.digests(session_token)
    with database.reading() as session:
        name, address, wants_reminders = people.get_contact(session, actor.person_id)
        roles = people.list_roles(session, actor.person_id)
        devices = sign_ins.list_sessions(
            session, actor.person_id, started_after=now - ABSOLUTE_LIMIT, seen_after=now - IDLE_LIMIT
        )
    return Account(
        name=name,
        address=address,
        wants_reminders=wants_reminders,
        roles=tuple(Held(Role(role), organisation or partnership or "") for role, organisation, partnership in roles),
        devices=tuple(Device(since, last_seen, digest in here) for digest, since, last_seen in devices),
    )


def change(database: Database, actor: Actor, name: str, now: datetime, *, wants_reminders: bool) -> Refused | None:
    """Change the actor's own name, which colleagues see beside what they answer, and whether they want reminders."""
    name = tidy_name(name)
    if fault := find_own_name_fault(name):
        return refuse_field("name", fault)
    with acting(database, actor) as session:
        old_name, _, old_wish = people.get_contact(session, actor.person_id)
        if (old_name, old_wish) == (name, wants_reminders):
            return None
        people.change(session, actor.person_id, name=name, wants_reminders=wants_reminders)
        auditing.record(
            session,
            Event.ACCOUNT_CHANGED,
            actor.person_id,
            now,
            subject=f"person {actor.person_id}",
            old=_describe(old_name, wants_reminders=old_wish),
            new=_describe(name, wants_reminders=wants_reminders),
        )
    return None


def _describe(name: str, *, wants_reminders: bool) -> str:
    return f"{name}; {'reminders' if wants_reminders else 'no reminders'}"
