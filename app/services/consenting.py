"""Saying yes and no to a proposal. Only once both sides have said yes does either learn who the other is."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Actor
from app.domain.audit import Event
from app.domain.errors import NotFoundError
from app.domain.exchange import (
    HelpAsk,
    Proposal,
    ProposalStatus,
    Reply,
    can_exchange,
    check_reply,
    check_see_exchange,
    list_replies,
)
from app.domain.matching import share_organisation
from app.domain.together import Together
from app.services import Database, auditing, exchange_letters, mailing
from app.services.acting import acting
from app.services.exchange import SeenProposal, check_act, see_proposals
from app.services.proposing import find_title, list_coordinators, list_sides, load_places, note_proposal, proposal_path
from app.store import exchange
from app.store import together as rounds_store
from app.store.exchange import Contact


@dataclass(frozen=True, slots=True)
class OpenedProposal:
    """One proposal for one of its sides."""

    basis: Together
    seen: SeenProposal | None
    """`None` once it is over: then nothing is left to be seen, not even why."""
    replies: tuple[Reply, ...]
    """What the reader can say; nothing for who only reads."""
    contacts: tuple[Contact, ...] = ()
    """Of the other side, once both have said yes."""
    shares_organisation: bool = False
    """Whether an organisation is in both; told once both have said yes, as it would say who they are."""


def get_proposal(
    database: Database, catalogue: Catalogue, actor: Actor, partnership_id: UUID, proposal_id: UUID, now: datetime
) -> OpenedProposal:
    """Give a proposal as one side may see it. Raises what `get_exchange` does, `NotFoundError` where there is none."""
    with database.reading() as session:
        rounds = rounds_store.list_rounds(session, partnership_id)
        basis = check_see_exchange(actor, rounds, now)
        proposal = exchange.find_proposal(session, partnership_id, proposal_id)
        if proposal is None:
            raise NotFoundError("There is no such page")
        framework = catalogue.get_by_hash(basis.questionnaire_hash).framework
        live = (proposal,) if proposal.is_live else ()
        seen = next(iter(see_proposals(session, framework, partnership_id, live)), None)
        if seen is None:
            return OpenedProposal(basis, None, ())
        replies = list_replies(proposal, seen.side) if can_exchange(actor, partnership_id) else ()
        if not proposal.is_matched:
            return OpenedProposal(basis, seen, replies)
        contacts = exchange.find_contacts(session, proposal, seen.side.other)
        return OpenedProposal(basis, seen, replies, contacts, _share_organisation(session, proposal))


def _share_organisation(session: Session, proposal: Proposal) -> bool:
    places = load_places(session, {proposal.asking_id, proposal.offering_id})
    return share_organisation(places[proposal.asking_id], places[proposal.offering_id])


def reply(
    database: Database,
    catalogue: Catalogue,
    actor: Actor,
    partnership_id: UUID,
    proposal_id: UUID,
    said: str,
    now: datetime,
) -> None:
    """Say yes, say no, or end a match, for a partnership that one coordinates; said twice, it is done once.

    With the second yes, both sides get an email. Raises `NotFoundError`, what `check_act` does, and
    `NotAllowedNowError` where this cannot be said any more.
    """
    with acting(database, actor) as session:
        check_act(session, actor, partnership_id, now)
        proposal = exchange.lock_proposal(session, partnership_id, proposal_id)
        if proposal is None or said not in set(Reply):
            raise NotFoundError("There is no such page")
        side, chosen = proposal.side_of(partnership_id), Reply(said)
        status = check_reply(proposal, chosen, side)
        if status is None:
            return
        accepted = (side, actor.person_id) if chosen is Reply.ACCEPT else None
        exchange.set_status(session, proposal, status, now, accepted)
        if status is ProposalStatus.MATCHED:
            _tell_matched(session, catalogue, proposal, now)
        by = partnership_id, actor.person_id
        event = Event.HELP_ANSWERED
        auditing.record_all(
            session, note_proposal(event, proposal, by, now, old=proposal.status.value, new=status.value)
        )


def _tell_matched(session: Session, catalogue: Catalogue, proposal: Proposal, now: datetime) -> None:
    """Write to whoever coordinates either side."""
    both = {proposal.asking_id, proposal.offering_id}
    names, coordinators = exchange.list_names(session, both), list_coordinators(session, both)
    title = find_title(catalogue, _get_ask(session, proposal))
    for side, partnership_id in list_sides(proposal):
        letter = exchange_letters.matched(names[partnership_id], title, proposal_path(partnership_id, proposal))
        for each in coordinators.get(partnership_id, ()):
            if each.email:
                key = f"help-matched:{proposal.id}:{side}:{each.person_id}"
                mailing.post(session, letter, each.email, each.person_id, now, key=key)


def _get_ask(session: Session, proposal: Proposal) -> HelpAsk:
    found = exchange.list_asks(session, [proposal.asking_id])
    return next(each for each in found if each.enabler_id == proposal.enabler_id)
