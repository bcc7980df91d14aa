"""Learning from other partnerships: what a partnership offers, asks and is proposed; and offering, asking, withdrawing.

Saying yes and no to a proposal is in `consenting`, bringing offers and asks together in `proposing`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.exchange import (
    KINDS,
    HelpAsk,
    HelpKind,
    HelpOffer,
    Proposal,
    Side,
    Standing,
    can_exchange,
    check_ask,
    check_exchange,
    check_offer,
    check_see_exchange,
    find_standings,
)
from app.domain.exchange_drafts import HelpDraft, HelpFault, HelpValues, settle_ask, settle_offer
from app.domain.matching import Place
from app.domain.questionnaire import Enabler, Framework
from app.domain.together import Together
from app.services import Database, auditing
from app.services.acting import acting
from app.services.auditing import NewEntry
from app.services.proposing import Entries, close, load_places, propose_all, withdraw
from app.services.together import make_report
from app.store import exchange
from app.store import together as rounds_store

Saved = tuple[HelpFault, ...] | HelpOffer | HelpAsk
"""Faults, none where it is stored; or what somebody else has stored meanwhile."""


@dataclass(frozen=True, slots=True)
class SeenProposal:
    """A proposal as one side may see it: of the other, the name only once both have said yes."""

    proposal: Proposal
    side: Side
    enabler: Enabler
    place: Place
    """What kind of place the other is; its organisations are left out."""
    words: str
    """What the other wrote."""
    kinds: tuple[HelpKind, ...]
    """What both would do."""
    partner: str = ""
    """The name of the other partnership; empty before both have said yes."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a partnership may offer and ask, what it does, and what it is proposed."""

    basis: Together
    """The closed round that it goes by."""
    framework: Framework
    standings: tuple[Standing, ...]
    offers: Mapping[str, HelpOffer]
    """Enabler -> what stands."""
    asks: Mapping[str, HelpAsk]
    proposals: tuple[SeenProposal, ...]
    """Those that are live: what waits for the partnership first, then matches, then what waits for the others."""
    can_act: bool
    """Whether the reader coordinates the partnership."""


@dataclass(frozen=True, slots=True)
class HelpForm:
    """What the form of an offer or an ask needs to know."""

    basis: Together
    enabler: Enabler
    before: HelpOffer | HelpAsk | None
    """What was offered or asked last, also where it was withdrawn."""


@dataclass(frozen=True, slots=True)
class _Opened:
    basis: Together
    framework: Framework
    standings: tuple[Standing, ...]


def get_exchange(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, now: datetime
) -> Exchange:
    """Give what a partnership exchanges with others. Five statements, and nine more where something is proposed.

    Raises what `check_see_exchange` does: it is for coordinators and leads.
    """
    with database.reading() as session:
        rounds = rounds_store.list_rounds(session, partnership_id)
        opened = _open(catalogue, check_see_exchange(actor, rounds, now), rounds)
        offers, asks = exchange.list_offers(session, [partnership_id]), exchange.list_asks(session, [partnership_id])
        live = exchange.list_proposals(session, partnership_id)
        seen = see_proposals(session, opened.framework, partnership_id, live)
    return Exchange(
        basis=opened.basis,
        framework=opened.framework,
        standings=opened.standings,
        offers={each.enabler_id: each for each in offers if each.is_open},
        asks={each.enabler_id: each for each in asks if each.is_open},
        proposals=tuple(sorted(seen, key=_by_turn)),
        can_act=can_exchange(actor, partnership_id),
    )


def _by_turn(seen: SeenProposal) -> tuple[bool, bool]:
    return seen.proposal.is_answered_by(seen.side), not seen.proposal.is_matched


def _open(catalogue: Catalogue, basis: Together, rounds: Sequence[Together]) -> _Opened:
    report = make_report(catalogue, basis, rounds)
    return _Opened(basis, report.questionnaire.framework, find_standings(report.settled))


def see_proposals(
    session: Session, framework: Framework, partnership_id: UUID, proposals: Sequence[Proposal]
) -> tuple[SeenProposal, ...]:
    """Give proposals as a partnership may see them. Nine statements at most, however many there are."""
    if not proposals:
        return ()
    others = {each.other_of(each.side_of(partnership_id)) for each in proposals}
    everybody = {partnership_id, *others}
    offers = {(each.partnership_id, each.enabler_id): each for each in exchange.list_offers(session, everybody)}
    asks = {(each.partnership_id, each.enabler_id): each for each in exchange.list_asks(session, everybody)}
    places = load_places(session, everybody)
    matched = {each.other_of(each.side_of(partnership_id)) for each in proposals if each.is_matched}
    names = exchange.list_names(session, matched) if matched else {}
    enablers = {each.id: each for each in framework.enablers}
    found = []
    for each in proposals:
        side = each.side_of(partnership_id)
        offer, ask = offers.get((each.offering_id, each.enabler_id)), asks.get((each.asking_id, each.enabler_id))
        if offer is None or ask is None or each.enabler_id not in enablers:
            continue  # of a framework that this partnership's newest round does not ask by
        other = each.other_of(side)
        place = places[other]
        found.append(
            SeenProposal(
                proposal=each,
                side=side,
                enabler=enablers[each.enabler_id],
                place=Place(place.area_kind, place.size, place.region),
                words=offer.words if side is Side.ASKING else ask.words,
                kinds=tuple(kind for kind in KINDS if kind in offer.kinds & ask.kinds),
                partner=names.get(other, "") if each.is_matched else "",
            )
        )
    return tuple(found)


# ---- Offering and asking ---------------------------------------------------------------------------------------------


def open_form(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    enabler_id: str,
    side: Side,
    now: datetime,
) -> HelpForm:
    """Give what the form of an offer or an ask needs.

    Raises what `check_exchange` does, `NotFoundError` where there is no such enabler, and `NotAllowedNowError` where
    the report does not bear it out.
    """
    with database.reading() as session:
        return _open_form(session, catalogue, actor, partnership_id, enabler_id, side, now)[0]


def _open_form(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    enabler_id: str,
    side: Side,
    now: datetime,
) -> tuple[HelpForm, _Opened]:
    rounds = rounds_store.list_rounds(session, partnership_id)
    opened = _open(catalogue, check_exchange(actor, rounds, now), rounds)
    enabler = next((each for each in opened.framework.enablers if each.id == enabler_id), None)
    if enabler is None:
        raise NotFoundError("There is no such enabler")
    check = check_ask if side is Side.ASKING else check_offer
    check(opened.standings, enabler_id)
    found: Sequence[HelpOffer | HelpAsk] = (
        exchange.list_asks(session, [partnership_id])
        if side is Side.ASKING
        else exchange.list_offers(session, [partnership_id])
    )
    before = next((each for each in found if each.enabler_id == enabler_id), None)
    return HelpForm(opened.basis, enabler, before), opened


def offer(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    enabler_id: str,
    draft: HelpDraft,
    seen_version: int,
    now: datetime,
) -> Saved:
    """Offer help with an enabler, or change what is offered, and propose what goes together now.

    Gives all that is wrong, nothing where it is stored, or what somebody else has stored meanwhile. Raises what
    `open_form` does.
    """
    key = partnership_id, enabler_id
    with acting(database, actor) as session:
        exchange.lock_exchange(session)
        form, opened = _open_form(session, catalogue, actor, *key, Side.OFFERING, now)
        values, before = settle_offer(draft), form.before
        if isinstance(values, tuple):
            return values
        if before and _is_same(before, values):
            return ()  # sent twice, stored once
        if before and before.version != seen_version:
            return before
        known = before if isinstance(before, HelpOffer) else None
        exchange.save_offer(session, known, key, opened.basis.round_id, values, actor.person_id, now)
        _settle(session, catalogue, actor, key, Side.OFFERING, Event.HELP_OFFERED, values, now)
        return ()


def ask(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    enabler_id: str,
    draft: HelpDraft,
    seen_version: int,
    now: datetime,
) -> Saved:
    """Ask for help with an enabler, or change what is asked. Gives and raises what `offer` does."""
    key = partnership_id, enabler_id
    with acting(database, actor) as session:
        exchange.lock_exchange(session)
        form, opened = _open_form(session, catalogue, actor, *key, Side.ASKING, now)
        values, before = settle_ask(draft), form.before
        if isinstance(values, tuple):
            return values
        if before and _is_same(before, values):
            return ()
        if before and before.version != seen_version:
            return before
        known = before if isinstance(before, HelpAsk) else None
        need = check_ask(opened.standings, enabler_id)
        exchange.save_ask(session, known, key, opened.basis.round_id, values, need, actor.person_id, now)
        _settle(session, catalogue, actor, key, Side.ASKING, Event.HELP_ASKED, values, now)
        return ()


def _is_same(before: HelpOffer | HelpAsk, values: HelpValues) -> bool:
    stored = before.is_open, before.kinds, before.words, before.at_a_time if isinstance(before, HelpOffer) else 0
    return stored == (True, values.kinds, values.words, values.at_a_time)


def _settle(
    session: Session,
    catalogue: Catalogue,
    actor: Actor,
    key: tuple[UUID, str],
    side: Side,
    event: Event,
    values: HelpValues,
    now: datetime,
) -> None:
    """End what has nothing in common any more, propose what goes together now, and write all of it down."""
    said = [*(kind for kind in KINDS if kind in values.kinds), *([str(values.at_a_time)] if values.at_a_time else [])]
    own = NewEntry(event, actor.person_id, now, partnership_id=key[0], subject=f"enabler {key[1]}", new=" ".join(said))
    ended = close(session, _list_without_common(session, key, side), (key[0], actor.person_id), now)
    auditing.record_all(session, (own, *ended, *propose_all(session, catalogue, now, key[1])))


def _list_without_common(session: Session, key: tuple[UUID, str], side: Side) -> list[Proposal]:
    """List what waits for an answer and has no kind of help in common any more."""
    live = [each for each in exchange.list_live_of(session, key, side) if not each.is_matched]
    if not live:
        return []
    everybody = {one for each in live for one in (each.asking_id, each.offering_id)}
    offers = {(each.partnership_id, each.enabler_id): each.kinds for each in exchange.list_offers(session, everybody)}
    asks = {(each.partnership_id, each.enabler_id): each.kinds for each in exchange.list_asks(session, everybody)}
    return [
        each
        for each in live
        if offers[each.offering_id, each.enabler_id].isdisjoint(asks[each.asking_id, each.enabler_id])
    ]


def take_back(
    database: Database, actor: Actor, partnership_id: UUID, enabler_id: str, side: Side, now: datetime
) -> None:
    """Withdraw an offer or an ask. Whatever is live of it ends at once, matches included; done twice, it is done once.

    Raises what `check_act` does.
    """
    with acting(database, actor) as session:
        check_act(session, actor, partnership_id, now)
        exchange.lock_exchange(session)
        entries: Entries = withdraw(session, (partnership_id, enabler_id), side, actor.person_id, now)
        auditing.record_all(session, entries)


def check_act(session: Session, actor: Actor, partnership_id: UUID, now: datetime) -> None:
    """Raise unless the actor coordinates a partnership, as `check_exchange` does. No round need be open or closed."""
    if not can_exchange(actor, partnership_id):
        check_exchange(actor, rounds_store.list_rounds(session, partnership_id), now)
