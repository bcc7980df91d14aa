"""One frozen object for each template about a partnership, as its coordinators see it."""

from dataclasses import dataclass

from app.web.pages import Link, Page, Tag
from app.web.people.pages import PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipsPage(Page):
    """The partnerships that somebody coordinates."""

    partnerships: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRow:
    """One organisation, how far it has come, and who is there to answer."""

    name: Link
    people: str
    detail: str
    tag: Tag | None
    """`None` outside a round."""
    actions: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRows:
    """One round with the organisations of the partnership."""

    title: str
    detail: str
    summary: str
    report: str
    """The partnership report, once it is open to coordinators; else empty."""
    rows: tuple[OrganisationRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRow:
    """Another system that may pull results of the partnership."""

    name: str
    text: str
    """Whose it is, since when, and how much it may pull."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipPage(Page):
    """One partnership: who has come how far. No answers, no scores."""

    rounds: tuple[RoundRows, ...]
    """Those that are open, or will be."""
    closed: tuple[RoundRows, ...]
    organisations: tuple[OrganisationRow, ...]
    """Where there is no round that is open, or will be."""
    coordinators: str
    plan: str
    """The action plan; empty while no report is open to plan from, and for who is not of the partnership."""
    invite_organisation: str
    import_: str
    people: str
    systems: tuple[SystemRow, ...]
    waiting: int
    """How many have not accepted, and were not written to today."""
    send_again: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationPage(Page):
    """One organisation of a partnership: its leads, and who is invited to be one."""

    partnership: str
    leads: tuple[PersonRow, ...]
    invitations: tuple[PersonRow, ...]
    invite: str
    """Empty where it chooses its leads itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChoice:
    """One kind of organisation."""

    value: str
    text: str
    selected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InviteOrganisationPage(Page):
    """Which organisation joins, and who leads its assessment."""

    partnership: str
    name: str
    known: tuple[str, ...]
    """Organisations that are here already, to choose from."""
    kinds: tuple[KindChoice, ...]
    email: str
    lead: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindPage(Page):
    """Who gets a reminder."""

    round: str
    people: tuple[str, ...]
    closes: str
    action: str
    keep: str
