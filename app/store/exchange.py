"""Offers of help to other partnerships, asks for it, and what was proposed to whom."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from app.domain.access import Role
from app.domain.exchange import (
    ACCEPTED_BY,
    KINDS,
    LIVE,
    HelpAsk,
    HelpKind,
    HelpOffer,
    Need,
    Proposal,
    ProposalStatus,
    Side,
)
from app.domain.exchange_drafts import HelpValues
from app.store.models import (
    HelpAsk as AskRow,
)
from app.store.models import (
    HelpOffer as OfferRow,
)
from app.store.models import (
    HelpProposal,
    Membership,
    Partnership,
    PartnershipArea,
    PartnershipOrganisation,
    Person,
    Round,
    RoundPartnership,
)

LOCK: Final = 0x48454C50
"""What is held while offers and asks are brought together: any number that nobody else uses."""
LIVE_VALUES: Final = tuple(status.value for status in LIVE)


class Contact(NamedTuple):
    """Somebody to write to."""

    name: str
    email: str


def lock_exchange(session: Session) -> None:
    """Let nobody else propose, offer, ask or withdraw until the commit. SQLite has one writer as it is."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(LOCK)))


# ---- Offers and asks -------------------------------------------------------------------------------------------------


def list_offers(session: Session, partnerships: Collection[UUID] | None = None) -> tuple[HelpOffer, ...]:
    """List the offers that stand: all, or those of some partnerships with what they have withdrawn. One statement."""
    query = select(OfferRow, Round.questionnaire_hash).join(Round, Round.id == OfferRow.round_id)
    where = OfferRow.ended_at.is_(None) if partnerships is None else OfferRow.partnership_id.in_(partnerships)
    rows = session.execute(query.where(where).order_by(OfferRow.partnership_id, OfferRow.enabler_id))
    return tuple(
        HelpOffer(
            partnership_id=row.partnership_id,
            enabler_id=row.enabler_id,
            round_id=row.round_id,
            questionnaire_hash=questionnaire_hash,
            kinds=_read_kinds(row.kinds),
            at_a_time=row.at_a_time,
            words=row.words,
            version=row.version,
            offered_at=row.offered_at,
            ended_at=row.ended_at,
        )
        for row, questionnaire_hash in rows
    )


def list_asks(session: Session, partnerships: Collection[UUID] | None = None) -> tuple[HelpAsk, ...]:
    """List the asks that stand: all, or those of some partnerships with what they have withdrawn. One statement."""
    query = select(AskRow, Round.questionnaire_hash).join(Round, Round.id == AskRow.round_id)
    where = AskRow.ended_at.is_(None) if partnerships is None else AskRow.partnership_id.in_(partnerships)
    rows = session.execute(query.where(where).order_by(AskRow.partnership_id, AskRow.enabler_id))
    return tuple(
        HelpAsk(
            partnership_id=row.partnership_id,
            enabler_id=row.enabler_id,
            round_id=row.round_id,
            questionnaire_hash=questionnaire_hash,
            kinds=_read_kinds(row.kinds),
            words=row.words,
            need=Need(row.need),
            version=row.version,
            asked_at=row.asked_at,
            ended_at=row.ended_at,
        )
        for row, questionnaire_hash in rows
    )


def _read_kinds(text: str) -> frozenset[HelpKind]:
    return frozenset(HelpKind(word) for word in text.split())


def _write_kinds(kinds: Collection[HelpKind]) -> str:
    return " ".join(kind for kind in KINDS if kind in kinds)


def save_offer(
    session: Session,
    before: HelpOffer | None,
    key: tuple[UUID, str],
    round_id: UUID,
    values: HelpValues,
    person_id: UUID,
    now: datetime,
) -> None:
    """Store an offer, in the place of the one `before`. It has stood since then where that stands."""
    since = before.offered_at if before and before.is_open else now
    own: dict[str, Any] = {"at_a_time": values.at_a_time, "offered_by": person_id, "offered_at": since}
    _save(session, OfferRow, key, own | _make_columns(before, round_id, values), is_new=before is None)


def save_ask(
    session: Session,
    before: HelpAsk | None,
    key: tuple[UUID, str],
    round_id: UUID,
    values: HelpValues,
    need: Need,
    person_id: UUID,
    now: datetime,
) -> None:
    """Store an ask, in the place of the one `before`. It has stood since then where that stands."""
    since = before.asked_at if before and before.is_open else now
    own: dict[str, Any] = {"need": need.value, "asked_by": person_id, "asked_at": since}
    _save(session, AskRow, key, own | _make_columns(before, round_id, values), is_new=before is None)


def _make_columns(before: HelpOffer | HelpAsk | None, round_id: UUID, values: HelpValues) -> dict[str, Any]:
    return {
        "round_id": round_id,
        "kinds": _write_kinds(values.kinds),
        "words": values.words,
        "version": before.version + 1 if before else 1,
        "ended_at": None,
    }


def _save(
    session: Session,
    table: type[OfferRow] | type[AskRow],
    key: tuple[UUID, str],
    columns: Mapping[str, Any],
    *,
    is_new: bool,
) -> None:
    if is_new:
        session.execute(insert(table).values(partnership_id=key[0], enabler_id=key[1], **columns))
    else:
        session.execute(update(table).where(*_is(table, key)).values(**columns))


def _is(table: type[OfferRow] | type[AskRow], key: tuple[UUID, str]) -> tuple[ColumnElement[bool], ...]:
    return table.partnership_id == key[0], table.enabler_id == key[1]


def end_offer(session: Session, key: tuple[UUID, str], now: datetime) -> bool:
    """Withdraw an offer; says whether it stood."""
    query = update(OfferRow).where(*_is(OfferRow, key), OfferRow.ended_at.is_(None)).values(ended_at=now)
    return session.scalar(query.returning(OfferRow.version)) is not None


def end_ask(session: Session, key: tuple[UUID, str], now: datetime) -> bool:
    """Withdraw an ask; says whether it stood."""
    query = update(AskRow).where(*_is(AskRow, key), AskRow.ended_at.is_(None)).values(ended_at=now)
    return session.scalar(query.returning(AskRow.version)) is not None


def renew_offer(session: Session, key: tuple[UUID, str], round_id: UUID) -> None:
    """Let an offer go by a newer round, which calls it strong, too."""
    session.execute(update(OfferRow).where(*_is(OfferRow, key)).values(round_id=round_id))


def renew_ask(session: Session, key: tuple[UUID, str], round_id: UUID, need: Need) -> None:
    """Let an ask go by a newer round, which calls it weak, too."""
    session.execute(update(AskRow).where(*_is(AskRow, key)).values(round_id=round_id, need=need.value))


def list_outdated(session: Session, now: datetime) -> tuple[UUID, ...]:
    """List the partnerships with something that stands and goes by a round before another that has closed."""
    found: set[UUID] = set()
    for table in (OfferRow, AskRow):
        basis, newer = aliased(Round), aliased(Round)
        is_newer = exists().where(
            RoundPartnership.partnership_id == table.partnership_id,
            RoundPartnership.round_id == newer.id,
            newer.confirmed_at.is_not(None),
            newer.closes_at <= now,
            newer.closes_at > basis.closes_at,
        )
        query = select(table.partnership_id).join(basis, basis.id == table.round_id)
        found.update(session.scalars(query.where(table.ended_at.is_(None), is_newer)))
    return tuple(sorted(found))


# ---- What is known of the places -------------------------------------------------------------------------------------


def list_footprints(session: Session, partnerships: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Give the area codes of some partnerships, as they are stored. One statement."""
    found: dict[UUID, list[str]] = {each: [] for each in partnerships}
    rows = session.execute(
        select(PartnershipArea.partnership_id, PartnershipArea.area_code)
        .where(PartnershipArea.partnership_id.in_(partnerships))
        .order_by(PartnershipArea.area_code)
    )
    for row in rows:
        found[row.partnership_id].append(row.area_code)
    return {each: tuple(codes) for each, codes in found.items()}


def list_organisations(session: Session, partnerships: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Give the organisations of some partnerships that have not left. One statement."""
    found: dict[UUID, set[UUID]] = {each: set() for each in partnerships}
    rows = session.execute(
        select(PartnershipOrganisation.partnership_id, PartnershipOrganisation.organisation_id).where(
            PartnershipOrganisation.partnership_id.in_(partnerships), PartnershipOrganisation.left_at.is_(None)
        )
    )
    for row in rows:
        found[row.partnership_id].add(row.organisation_id)
    return {each: frozenset(organisations) for each, organisations in found.items()}


# ---- Proposals -------------------------------------------------------------------------------------------------------


def list_proposals(session: Session, partnership_id: UUID) -> tuple[Proposal, ...]:
    """List what is live of the proposals of a partnership, on either side, the oldest first. One statement."""
    own = or_(HelpProposal.partnership_id == partnership_id, HelpProposal.offering_id == partnership_id)
    return _list(session, own, HelpProposal.status.in_(LIVE_VALUES))


def list_all_live(session: Session) -> tuple[Proposal, ...]:
    """List every live proposal. One statement."""
    return _list(session, HelpProposal.status.in_(LIVE_VALUES))


def list_closed_since(session: Session, since: datetime) -> tuple[Proposal, ...]:
    """List the proposals that were closed after a moment. One statement."""
    return _list(session, HelpProposal.closed_at > since)


def list_live_of(session: Session, key: tuple[UUID, str], side: Side) -> tuple[Proposal, ...]:
    """List the live proposals of an ask or an offer, and hold them until the commit."""
    owner = HelpProposal.partnership_id if side is Side.ASKING else HelpProposal.offering_id
    where = owner == key[0], HelpProposal.enabler_id == key[1], HelpProposal.status.in_(LIVE_VALUES)
    held = select(HelpProposal.id).where(*where).order_by(HelpProposal.id).with_for_update()
    return _list(session, HelpProposal.id.in_(session.scalars(held).all()), *where)


def find_proposal(session: Session, partnership_id: UUID, proposal_id: UUID) -> Proposal | None:
    """Find a proposal of a partnership, on either side."""
    found = _list(session, *_is_proposal(partnership_id, proposal_id))
    return found[0] if found else None


def lock_proposal(session: Session, partnership_id: UUID, proposal_id: UUID) -> Proposal | None:
    """Find a proposal of a partnership, on either side, and hold it until the commit."""
    where = _is_proposal(partnership_id, proposal_id)
    if session.scalar(select(HelpProposal.id).where(*where).with_for_update()) is None:
        return None
    return find_proposal(session, partnership_id, proposal_id)


def _is_proposal(partnership_id: UUID, proposal_id: UUID) -> tuple[ColumnElement[bool], ...]:
    own = or_(HelpProposal.partnership_id == partnership_id, HelpProposal.offering_id == partnership_id)
    return own, HelpProposal.id == proposal_id


def _list(session: Session, *where: ColumnElement[bool]) -> tuple[Proposal, ...]:
    rows = session.scalars(select(HelpProposal).where(*where).order_by(HelpProposal.proposed_at, HelpProposal.id))
    return tuple(
        Proposal(
            asking_id=row.partnership_id,
            offering_id=row.offering_id,
            id=row.id,
            enabler_id=row.enabler_id,
            status=ProposalStatus(row.status),
            proposed_at=row.proposed_at,
            matched_at=row.matched_at,
            closed_at=row.closed_at,
        )
        for row in rows
    )


def add_proposals(session: Session, proposals: Iterable[Proposal]) -> None:
    """Store new proposals."""
    rows = [
        {
            "partnership_id": each.asking_id,
            "offering_id": each.offering_id,
            "id": each.id,
            "enabler_id": each.enabler_id,
            "status": each.status.value,
            "proposed_at": each.proposed_at,
        }
        for each in proposals
    ]
    if rows:
        session.execute(insert(HelpProposal), rows)


def set_status(
    session: Session,
    proposal: Proposal,
    status: ProposalStatus,
    now: datetime,
    accepted: tuple[Side, UUID] | None = None,
) -> None:
    """Bring a proposal that is held to a status; `accepted` says which side said yes just now, and who."""
    values: dict[str, Any] = {"status": status.value}
    if accepted:
        values["asking_by" if accepted[0] is Side.ASKING else "offering_by"] = accepted[1]
    if status is ProposalStatus.MATCHED:
        values["matched_at"] = now
    elif status not in ACCEPTED_BY.values():
        values["closed_at"] = now
    session.execute(
        update(HelpProposal)
        .where(
            HelpProposal.partnership_id == proposal.asking_id,
            HelpProposal.offering_id == proposal.offering_id,
            HelpProposal.id == proposal.id,
        )
        .values(**values)
    )


def list_names(session: Session, partnerships: Collection[UUID]) -> dict[UUID, str]:
    """Give the names of some partnerships. One statement."""
    rows = session.execute(select(Partnership.id, Partnership.name).where(Partnership.id.in_(partnerships)))
    return {row.id: row.name for row in rows}


def find_contacts(session: Session, proposal: Proposal, side: Side) -> tuple[Contact, ...]:
    """Give who said yes for a side of a match, if they still coordinate it; else whoever coordinates it now."""
    partnership_id = proposal.asking_id if side is Side.ASKING else proposal.offering_id
    column = HelpProposal.asking_by if side is Side.ASKING else HelpProposal.offering_by
    said_yes = select(column).where(HelpProposal.id == proposal.id).scalar_subquery()
    rows = session.execute(
        select(Person.id, Person.name, Person.email, (Person.id == said_yes).label("said_yes"))
        .join(Membership, Membership.person_id == Person.id)
        .where(
            Membership.partnership_id == partnership_id,
            Membership.role == Role.COORDINATOR.value,
            Person.email.is_not(None),
            Person.erased_at.is_(None),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    ).all()
    chosen = [row for row in rows if row.said_yes] or rows
    return tuple(Contact(row.name, row.email) for row in chosen)
