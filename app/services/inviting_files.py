"""Inviting many people from a CSV file: all of it, or nothing and every fault of it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.domain.access import REACH, Actor, Deed, Grant, Reach, Role, check
from app.domain.inviting import (
    OFFERED_BY_COORDINATORS,
    OFFERED_IN,
    ROLE_NAMES,
    Offer,
    Setting,
    can_offer,
    clean_address,
    find_address_fault,
    find_name_fault,
    make_offer,
)
from app.domain.organisations import fold_name, tidy_name
from app.domain.values import in_quotes
from app.services import Database
from app.services.acting import acting
from app.services.inviting import BY_COMMAND, Inviter, Outcome, send_offers
from app.services.setting_up.references import Names
from app.services.setting_up.tables import Fault, Faulty, Row, Table, read_table, refuse
from app.services.tokens import TokenKeys
from app.store import memberships, organisations, partnerships

REQUIRED: Final = ("email", "role")
OPTIONAL: Final = ("organisation", "partnership", "name")
MOST_ROWS: Final = 1000
"""Each row is a mail: files are for a round, not for everybody there is."""
ROLES: Final[Mapping[str, Role]] = {
    fold_name(words): role for roles in OFFERED_IN.values() for role in roles for words in (role, ROLE_NAMES[role])
}


@dataclass(frozen=True, slots=True)
class ImportedInvitations:
    """What came of a file."""

    invited: int
    sent_again: int
    had_role: int
    left_alone: int = 0
    """They were invited before, and nothing was sent to them."""


def import_invitations(
    database: Database,
    actor: Actor,
    data: bytes,
    now: datetime,
    keys: TokenKeys,
    partnership_id: UUID | None = None,
    *,
    again: bool = False,
) -> ImportedInvitations | Faulty:
    """Invite everybody of a file: leads and coordinators of one partnership, or centrally anybody.

    `again` says whether those who were invited before and have not accepted get a new link; else theirs works on.
    """
    if partnership_id:
        check(actor, Deed.MANAGE_PARTNERSHIP, partnership_id=partnership_id)
    else:
        check(actor, Deed.SET_UP)
    inviter = Inviter(actor.person_id, actor.name, partnership_id, actor)
    return _import(database, data, inviter, actor, now, keys, again=again)


def import_by_command(
    database: Database, data: bytes, now: datetime, keys: TokenKeys, *, again: bool = False
) -> ImportedInvitations | Faulty:
    """Invite everybody of a file, as the operator; `again` as in `import_invitations`."""
    return _import(database, data, BY_COMMAND, None, now, keys, again=again)


def _import(
    database: Database,
    data: bytes,
    inviter: Inviter,
    actor: Actor | None,
    now: datetime,
    keys: TokenKeys,
    *,
    again: bool,
) -> ImportedInvitations | Faulty:
    table = read_table(data, REQUIRED, OPTIONAL)
    with acting(database, actor) as session:
        offers, faults = _read(session, table, inviter.partnership_id)
        faults += _find_repeats(offers)
        if actor and inviter.partnership_id:
            faults += _find_refusals(session, actor, offers)
        if table.faults or faults:
            return refuse([*table.faults, *faults])
        outcomes = send_offers(session, inviter, [offer for _, offer in offers], now, keys, again=again)
    counted = Counter(each.outcome for each in outcomes)
    return ImportedInvitations(
        invited=counted[Outcome.INVITED],
        sent_again=counted[Outcome.SENT_AGAIN],
        had_role=counted[Outcome.HAS_ROLE],
        left_alone=counted[Outcome.LEFT_ALONE],
    )


def _read(session: Session, table: Table, partnership_id: UUID | None) -> tuple[list[tuple[int, Offer]], list[Fault]]:
    """Read each row into an offer, at its line, or into its faults; of one partnership, or of all there is."""
    if not {*REQUIRED} <= {*table.columns}:
        return [], []
    if len(table.rows) > MOST_ROWS:
        return [], [Fault(table.rows[MOST_ROWS].line, f"the file invites more than {MOST_ROWS:,} people; split it")]
    reader = _load_reader(session, partnership_id)
    offers: list[tuple[int, Offer]] = []
    faults: list[Fault] = []
    for row in table.rows:
        read = reader.read(row)
        if isinstance(read, Offer):
            offers.append((row.line, read))
        else:
            faults += (Fault(row.line, text) for text in read)
    return offers, faults


def _load_reader(session: Session, partnership_id: UUID | None) -> "_Reader":
    """Load the names that a file may use: a coordinator's file, those of their own partnership."""
    everywhere = partnerships.list_members_everywhere(session)
    members = frozenset(pair for pair, left_at in everywhere.items() if left_at is None)
    return _Reader(
        Names(
            "organisation",
            (
                (each.id, each.name)
                for each in organisations.list_organisations(session)
                if partnership_id is None or (partnership_id, each.id) in members
            ),
        ),
        Names(
            "partnership",
            (
                (each.id, each.name)
                for each in partnerships.list_partnerships(session)
                if partnership_id in {None, each.id}
            ),
        ),
        members,
        partnership_id,
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads rows by the names that are known."""

    organisations: Names
    partnerships: Names
    members: frozenset[tuple[UUID, UUID]]
    """Partnership and organisation."""
    default: UUID | None
    """The partnership that is meant where none is named."""

    def read(self, row: Row) -> Offer | list[str]:
        """Read an offer, or what is wrong with the row."""
        email = clean_address(row.get("email"))
        faults = (
            [_explain("email address", row.get("email"), "like name@example.org")] if find_address_fault(email) else []
        )
        role = ROLES.get(fold_name(row.get("role")))
        if role is None:
            faults.append(_explain("role", row.get("role"), f"of {', '.join(dict.fromkeys(ROLES.values()))}"))
        organisation_id = self._find(row, role, Reach.ORGANISATION, self.organisations, faults)
        partnership_id = self._find(row, role, Reach.PARTNERSHIP, self.partnerships, faults)
        if organisation_id and partnership_id and (partnership_id, organisation_id) not in self.members:
            faults.append(
                f"{in_quotes(row.get('organisation'))} is not in {in_quotes(row.get('partnership'))}; "
                "let it join first, or mend the row"
            )
        name_fault = find_name_fault(tidy_name(row.get("name")))
        if name_fault:
            faults.append(name_fault[:1].lower() + name_fault[1:])
        if faults or role is None:
            return faults
        return make_offer(email, row.get("name"), role, organisation_id, partnership_id or self.default)

    def _find(self, row: Row, role: Role | None, reach: Reach, names: Names, faults: list[str]) -> UUID | None:
        """Find the place that a cell names, where its role has one; a partnership may stand beside an organisation."""
        name = row.get(reach.value)
        if role is None:
            return None
        has_it = REACH[role] is reach
        if not name:
            if has_it and not (reach is Reach.PARTNERSHIP and self.default):
                faults.append(f"a {ROLE_NAMES[role]} belongs to one {reach}; name it")
            return None
        if not has_it and not (reach is Reach.PARTNERSHIP and REACH[role] is Reach.ORGANISATION):
            faults.append(f"a {ROLE_NAMES[role]} belongs to no {reach}; leave that cell empty")
            return None
        found = names.find(name)
        if found is None:
            faults.append(names.explain(name))
        return found


def _explain(what: str, given: str, example: str) -> str:
    fault = f"{in_quotes(given)} is no {what}" if given else f"the {what} is missing"
    return f"{fault}; write one {example}"


def _find_repeats(offers: Sequence[tuple[int, Offer]]) -> Iterator[Fault]:
    first: dict[tuple[str, Grant], int] = {}
    for line, offer in offers:
        before = first.setdefault((offer.email, offer.grant), line)
        if before != line:
            yield Fault(line, f"invites the same person to the same role as line {before}; take one out")


def _find_refusals(session: Session, actor: Actor, offers: Sequence[tuple[int, Offer]]) -> Iterator[Fault]:
    """Find what a coordinator may not offer in their own partnership."""
    asked = {offer.grant.organisation_id for _, offer in offers if offer.grant.organisation_id}
    settings = memberships.load_settings(session, asked)
    for line, offer in offers:
        grant = offer.grant
        if can_offer(actor, offer, settings[grant.organisation_id] if grant.organisation_id else Setting()):
            continue
        if grant.role is OFFERED_BY_COORDINATORS:
            yield Fault(
                line, "somebody leads this organisation, is invited to, or has begun; ask them, or the central team"
            )
        else:
            yield Fault(line, f"coordinators invite leads and coordinators, and no {ROLE_NAMES[grant.role]}")
