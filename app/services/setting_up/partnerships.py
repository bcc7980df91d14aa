"""Adding and changing partnerships by hand: their name, footprint and organisations."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.domain.organisations import find_name_fault, fold_name, tidy_name
from app.domain.set_up import Member, PartnershipRecord
from app.domain.uk_time import today
from app.services import Database, auditing
from app.services.acting import acting
from app.services.setting_up.references import Areas, Names
from app.services.setting_up.refusals import FieldFault, Refused, refuse_field
from app.services.setting_up.rights import check_set_up, check_stored
from app.store import areas, organisations, partnerships
from app.store.models import new_id


@dataclass(frozen=True, slots=True)
class WholePartnership:
    """One partnership with its footprint, as code and name, and its organisations."""

    id: UUID
    name: str
    areas: tuple[tuple[str, str], ...]
    members: tuple[Member, ...]

    @property
    def current(self) -> tuple[Member, ...]:
        """The organisations that have not left."""
        return tuple(member for member in self.members if member.left_at is None)

    def get_member(self, organisation_id: UUID) -> Member:
        """Give one that is a member now; raises `NotFoundError`."""
        for member in self.current:
            if member.organisation_id == organisation_id:
                return member
        raise NotFoundError("This organisation is not in the partnership")


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed, and what somebody should know of it."""

    notes: tuple[str, ...] = ()


def search(
    database: Database, actor: Actor, words: str, offset: int, limit: int
) -> tuple[tuple[PartnershipRecord, ...], int]:
    """Give one page of the partnerships whose name has these words, and how many there are in all."""
    check_set_up(actor)
    with database.reading() as session:
        return partnerships.search_partnerships(session, words, offset, limit)


def get(database: Database, actor: Actor, partnership_id: UUID) -> WholePartnership:
    """Give one partnership; raises `NotFoundError`."""
    check_set_up(actor)
    with database.reading() as session:
        found = _check_there(partnerships.find_partnership(session, partnership_id))
        return _load(session, found)


def add(database: Database, actor: Actor, name: str, now: datetime) -> PartnershipRecord | Refused:
    """Store a partnership, with nobody in it yet."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        tidied = _check_name(name, partnerships.list_partnerships(session))
        if isinstance(tidied, Refused):
            return tidied
        added = PartnershipRecord(new_id(), tidied)
        check_stored(stored=partnerships.add_partnerships(session, [added]))
        _record(session, Event.PARTNERSHIP_SAVED, person_id, added.id, now, new=tidied)
    return added


def rename(database: Database, actor: Actor, partnership_id: UUID, name: str, now: datetime) -> Changed | Refused:
    """Give a partnership another name."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        before = _check_there(partnerships.lock_partnership(session, partnership_id))
        others = [one for one in partnerships.list_partnerships(session) if one.id != partnership_id]
        tidied = _check_name(name, others)
        if isinstance(tidied, Refused):
            return tidied
        if tidied != before.name:
            partnerships.rename_partnership(session, partnership_id, tidied)
            _record(session, Event.PARTNERSHIP_SAVED, person_id, partnership_id, now, old=before.name, new=tidied)
    return Changed()


def set_areas(
    database: Database, actor: Actor, partnership_id: UUID, kept: Collection[str], typed: str, now: datetime
) -> Changed | Refused:
    """Let the footprint be the areas that stay ticked and those that are typed, as codes or names, one a line."""
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        _check_there(partnerships.lock_partnership(session, partnership_id))
        before = [code for code, _ in partnerships.list_footprint(session, partnership_id)]
        found = Areas(areas.list_areas(session), today(now)).find(_list_typed(typed))
        if found.faults:
            return Refused(tuple(FieldFault("areas", _sentence(text)) for text in found.faults))
        after = list(dict.fromkeys([*(code for code in before if code in kept), *found.codes]))
        if set(after) != set(before):
            partnerships.set_footprint(session, partnership_id, after)
            old, new = (f"areas {', '.join(sorted(codes)) or 'none'}" for codes in (before, after))
            _record(session, Event.PARTNERSHIP_SAVED, person_id, partnership_id, now, old=old, new=new)
    return Changed(found.notes)


def join(database: Database, actor: Actor, partnership_id: UUID, typed: str, now: datetime) -> Changed | Refused:
    """Let organisations join, or come back, by their names, one a line."""
    person_id = check_set_up(actor)
    names = _list_typed(typed)
    if not names:
        return refuse_field("organisations", "Enter the name of an organisation")
    with acting(database, actor) as session:
        partnership = _check_there(partnerships.lock_partnership(session, partnership_id))
        known = Names("organisation", ((one.id, one.name) for one in organisations.list_organisations(session)))
        found = {name: known.find(name) for name in names}
        faults = [FieldFault("organisations", _sentence(known.explain(name))) for name, one in found.items() if not one]
        if faults:
            return Refused(tuple(faults))
        joined = _let_join(session, partnership, {one for one in found.values() if one is not None})
        for organisation_id in joined:
            _record(
                session,
                Event.ORGANISATION_JOINED,
                person_id,
                partnership_id,
                now,
                subject=f"organisation {organisation_id}",
            )
    return Changed()


def let_leave(
    database: Database, actor: Actor, partnership_id: UUID, organisation_id: UUID, follower: str, now: datetime
) -> Changed | Refused:
    """Note that an organisation left, and by name which it became part of or was followed by, if any: that one joins.

    Nothing is deleted: what it submitted stays and counts as it was, what it had begun can be read by its people.
    """
    person_id = check_set_up(actor)
    with acting(database, actor) as session:
        partnership = _check_there(partnerships.lock_partnership(session, partnership_id))
        leaving = _load(session, partnership).get_member(organisation_id)
        successor: UUID | None = None
        if follower:
            known = Names("organisation", ((one.id, one.name) for one in organisations.list_organisations(session)))
            successor = known.find(follower)
            if successor is None:
                return refuse_field("follower", known.explain(follower))
            if successor == organisation_id:
                return refuse_field("follower", "Enter another organisation than the one that leaves")
        if not partnerships.leave(session, partnership_id, organisation_id, now, successor):
            raise NotAllowedNowError(f"{leaving.name} has left already")
        joined = _let_join(session, partnership, {successor}) if successor else ()
        _record(
            session,
            Event.ORGANISATION_LEFT,
            person_id,
            partnership_id,
            now,
            subject=f"organisation {organisation_id}" + (f" replaced-by {successor}" if successor else ""),
        )
        for one in joined:
            _record(session, Event.ORGANISATION_JOINED, person_id, partnership_id, now, subject=f"organisation {one}")
    return Changed()


def _let_join(session: Session, partnership: PartnershipRecord, wanted: Collection[UUID]) -> tuple[UUID, ...]:
    """Let organisations join or come back, and give those that were not there."""
    members = {member.organisation_id: member for member in partnerships.list_members(session, partnership.id)}
    new = [one for one in wanted if one not in members]
    back = [one for one in wanted if one in members and members[one].left_at is not None]
    partnerships.add_members(session, ((partnership.id, one) for one in new))
    for one in back:
        partnerships.take_back(session, partnership.id, one)
    return (*new, *back)


def _load(session: Session, partnership: PartnershipRecord) -> WholePartnership:
    return WholePartnership(
        partnership.id,
        partnership.name,
        partnerships.list_footprint(session, partnership.id),
        partnerships.list_members(session, partnership.id),
    )


def _check_name(name: str, others: Iterable[PartnershipRecord]) -> str | Refused:
    tidied = tidy_name(name)
    fault = find_name_fault(tidied)
    if fault:
        return refuse_field("name", fault)
    if fold_name(tidied) in {fold_name(other.name) for other in others}:
        return refuse_field("name", "There is a partnership of this name already")
    return tidied


def _check_there(partnership: PartnershipRecord | None) -> PartnershipRecord:
    if partnership is None:
        raise NotFoundError("There is no such partnership")
    return partnership


def _list_typed(typed: str) -> tuple[str, ...]:
    lines = (line.strip(" ,;\t") for line in typed.split("\n"))
    return tuple(dict.fromkeys(line for line in lines if line))


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _record(
    session: Session,
    event: Event,
    person_id: UUID | None,
    partnership_id: UUID,
    now: datetime,
    *,
    subject: str = "",
    old: str = "",
    new: str = "",
) -> None:
    subject = subject or f"partnership {partnership_id}"
    auditing.record(session, event, person_id, now, partnership_id=partnership_id, subject=subject, old=old, new=new)
