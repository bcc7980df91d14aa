"""Bringing offers and asks together, inside a unit of work: what is proposed to whom, the mail about it, and its end.

Whoever calls has called `exchange.lock_exchange` first, and gives the entries that come back to `auditing.record_all`,
last. In the chain of the other partnership nobody is named: it is not to be read off who they are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue, QuestionnaireMissingError
from app.domain.access import Role
from app.domain.areas import list_current
from app.domain.audit import Event
from app.domain.exchange import (
    REST,
    HelpAsk,
    HelpOffer,
    Proposal,
    ProposalStatus,
    Side,
    find_basis,
    find_need,
    find_standing,
    find_standings,
)
from app.domain.footprints import make_footprint
from app.domain.inviting import Member
from app.domain.matching import Giver, Pair, Place, Seeker, make_place, propose
from app.services import exchange_letters, mailing
from app.services.auditing import NewEntry
from app.services.mailing import Letter
from app.services.together import make_report
from app.store import areas, exchange, indicators, memberships
from app.store import together as rounds_store
from app.store.models import new_id

Entries = tuple[NewEntry, ...]
Key = tuple[UUID, str]
"""Of an offer or an ask: partnership and enabler."""


def proposal_path(partnership_id: UUID, proposal: Proposal) -> str:
    """Give the page of a proposal for one of its partnerships."""
    return f"/partnerships/{partnership_id}/learning/proposals/{proposal.id}"


def note_proposal(
    event: Event, proposal: Proposal, by: tuple[UUID, UUID] | None, now: datetime, *, old: str = "", new: str = ""
) -> Entries:
    """Give the entries of something that was done to a proposal: one for the chain of each side.

    `by` is the partnership and the person who did it; `None` is the clock.
    """
    return tuple(
        NewEntry(
            event=event,
            actor_id=by[1] if by and by[0] == partnership_id else None,
            done_at=now,
            partnership_id=partnership_id,
            subject=f"proposal {proposal.id}",
            old=old,
            new=new,
        )
        for _, partnership_id in list_sides(proposal)
    )


def list_sides(proposal: Proposal) -> tuple[tuple[Side, UUID], ...]:
    """Give both sides with their partnerships."""
    return (Side.ASKING, proposal.asking_id), (Side.OFFERING, proposal.offering_id)


def load_places(session: Session, partnerships: Collection[UUID]) -> dict[UUID, Place]:
    """Load what is known of the places of some partnerships. Five statements."""
    known = areas.list_areas(session)
    newest = indicators.list_newest(session)
    members = exchange.list_organisations(session, partnerships)
    return {
        each: make_place(make_footprint(list_current(codes, known), newest, {}, per_head=()), members[each])
        for each, codes in exchange.list_footprints(session, partnerships).items()
    }


def list_coordinators(session: Session, partnerships: Collection[UUID]) -> dict[UUID, tuple[Member, ...]]:
    """Give who coordinates some partnerships, those that nobody does left out. One statement."""
    found: dict[UUID, list[Member]] = {}
    for member in memberships.list_members(session, partnerships=partnerships):
        if member.grant.role is Role.COORDINATOR and member.grant.partnership_id:
            found.setdefault(member.grant.partnership_id, []).append(member)
    return {each: tuple(members) for each, members in found.items()}


# ---- Proposing -------------------------------------------------------------------------------------------------------


def propose_all(session: Session, catalogue: Catalogue, now: datetime, enabler_id: str = "") -> Entries:
    """Propose what goes together, of one enabler alone where it is named, and write to both sides.

    A partnership that nobody coordinates is left out: there is nobody to say yes.
    """
    offers = [each for each in exchange.list_offers(session) if enabler_id in {"", each.enabler_id}]
    asks = [each for each in exchange.list_asks(session) if enabler_id in {"", each.enabler_id}]
    if not offers or not asks:
        return ()
    involved = {each.partnership_id for each in offers} | {each.partnership_id for each in asks}
    coordinators = list_coordinators(session, involved)
    enablers = {_key_of(each): _name_enabler(catalogue, each) for each in asks}
    rests = [each for each in exchange.list_closed_since(session, now - REST) if each.rests(now)]
    pairs = propose(
        _list_seekers(catalogue, asks, coordinators),
        _list_givers(catalogue, offers, coordinators),
        load_places(session, involved),
        live=_list_pairs(exchange.list_all_live(session), enablers),
        resting=_list_pairs(rests, enablers),
    )
    found = [_make_proposal(pair, now) for pair in pairs]
    exchange.add_proposals(session, found)
    names = exchange.list_names(session, involved)
    titles = {_key_of(each): find_title(catalogue, each) for each in asks}
    for each in found:
        for side, partnership_id in list_sides(each):
            title = titles[each.asking_id, each.enabler_id]
            letter = exchange_letters.proposed(side, names[partnership_id], title, proposal_path(partnership_id, each))
            _post(session, letter, coordinators[partnership_id], f"help:{each.id}:{side}", now)
    notes = (note_proposal(Event.HELP_PROPOSED, each, None, now, new=each.enabler_id) for each in found)
    return tuple(chain.from_iterable(notes))


def _list_seekers(catalogue: Catalogue, asks: Iterable[HelpAsk], there: Collection[UUID]) -> Iterator[Seeker]:
    for each in asks:
        enabler = _name_enabler(catalogue, each)
        if enabler and each.partnership_id in there:
            yield Seeker(each.partnership_id, enabler, each.kinds, each.need, each.asked_at)


def _list_givers(catalogue: Catalogue, offers: Iterable[HelpOffer], there: Collection[UUID]) -> Iterator[Giver]:
    for each in offers:
        enabler = _name_enabler(catalogue, each)
        if enabler and each.partnership_id in there:
            yield Giver(each.partnership_id, enabler, each.kinds, each.at_a_time, each.offered_at)


def _name_enabler(catalogue: Catalogue, each: HelpOffer | HelpAsk) -> str:
    """Name an enabler with its framework; empty where its questionnaire is not there to ask."""
    try:
        return f"{catalogue.get_by_hash(each.questionnaire_hash).framework.id}/{each.enabler_id}"
    except QuestionnaireMissingError:
        return ""


def find_title(catalogue: Catalogue, each: HelpAsk) -> str:
    """Give the title of the enabler that an ask is about; its id where its questionnaire is not there to ask."""
    try:
        framework = catalogue.get_by_hash(each.questionnaire_hash).framework
    except QuestionnaireMissingError:
        return each.enabler_id
    return next((str(one.title) for one in framework.enablers if one.id == each.enabler_id), each.enabler_id)


def _key_of(each: HelpOffer | HelpAsk) -> Key:
    return each.partnership_id, each.enabler_id


def _list_pairs(proposals: Iterable[Proposal], enablers: Mapping[Key, str]) -> tuple[Pair, ...]:
    """Give what proposals are about, those of asks that stand."""
    return tuple(
        Pair(each.asking_id, each.offering_id, enablers[each.asking_id, each.enabler_id])
        for each in proposals
        if (each.asking_id, each.enabler_id) in enablers
    )


def _make_proposal(pair: Pair, now: datetime) -> Proposal:
    enabler_id = pair.enabler.rpartition("/")[2]
    return Proposal(pair.asking_id, pair.offering_id, new_id(), enabler_id, ProposalStatus.PROPOSED, now)


def _post(session: Session, letter: Letter, people: Iterable[Member], key: str, now: datetime) -> None:
    """Write to those who want reminders, once."""
    for each in people:
        if each.wants_reminders and each.email:
            mailing.post(session, letter, each.email, each.person_id, now, key=f"{key}:{each.person_id}")


# ---- The end of it ---------------------------------------------------------------------------------------------------


def close(session: Session, proposals: Sequence[Proposal], by: tuple[UUID, UUID] | None, now: datetime) -> Entries:
    """End live proposals that are held, as something that they stand on was withdrawn."""
    for each in proposals:
        exchange.set_status(session, each, ProposalStatus.ENDED, now)
    ended = ProposalStatus.ENDED.value
    notes = (note_proposal(Event.HELP_ANSWERED, each, by, now, old=each.status.value, new=ended) for each in proposals)
    return tuple(chain.from_iterable(notes))


def close_waiting(session: Session, now: datetime) -> Entries:
    """Take for declined what has waited too long for two yeses."""
    late = [each for each in exchange.list_all_live(session) if each.waits_too_long(now)]
    held = (exchange.lock_proposal(session, each.asking_id, each.id) for each in late)
    still = [each for each in held if each and each.waits_too_long(now)]
    for each in still:
        exchange.set_status(session, each, ProposalStatus.DECLINED, now)
    declined = ProposalStatus.DECLINED.value
    notes = (note_proposal(Event.HELP_ANSWERED, each, None, now, old=each.status.value, new=declined) for each in still)
    return tuple(chain.from_iterable(notes))


def renew(session: Session, catalogue: Catalogue, partnership_id: UUID, now: datetime) -> Entries:
    """Let what a partnership offers and asks go by its newest closed round; what that no longer bears out ends.

    Of an enabler without a score there, everything stays as it was.
    """
    rounds = rounds_store.list_rounds(session, partnership_id)
    basis = find_basis(rounds, now)
    if basis is None:
        return ()
    standings = find_standings(make_report(catalogue, basis, rounds).settled)
    entries: list[NewEntry] = []
    for offer in exchange.list_offers(session, [partnership_id]):
        standing = find_standing(standings, offer.enabler_id)
        if not offer.is_open or standing is None:
            continue
        if standing.is_strong:
            exchange.renew_offer(session, _key_of(offer), basis.round_id)
        else:
            entries += withdraw(session, _key_of(offer), Side.OFFERING, None, now)
    for ask in exchange.list_asks(session, [partnership_id]):
        if not ask.is_open or find_standing(standings, ask.enabler_id) is None:
            continue
        need = find_need(standings, ask.enabler_id)
        if need:
            exchange.renew_ask(session, _key_of(ask), basis.round_id, need)
        else:
            entries += withdraw(session, _key_of(ask), Side.ASKING, None, now)
    return tuple(entries)


def withdraw(session: Session, key: Key, side: Side, person_id: UUID | None, now: datetime) -> Entries:
    """Withdraw an offer or an ask, and end at once whatever is live of it; nothing where it does not stand."""
    end = exchange.end_ask if side is Side.ASKING else exchange.end_offer
    if not end(session, key, now):
        return ()
    by = (key[0], person_id) if person_id else None
    closed = close(session, exchange.list_live_of(session, key, side), by, now)
    own = NewEntry(
        Event.HELP_WITHDRAWN, person_id, now, partnership_id=key[0], subject=f"enabler {key[1]}", old=side.value
    )
    return (own, *closed)
