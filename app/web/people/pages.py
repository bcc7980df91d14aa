"""One frozen object for each template about people and invitations."""

from dataclasses import dataclass

from app.web.pages import Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """One role of somebody, or one invitation to it."""

    name: str
    """Their name, or the address where no name is known."""
    address: str
    """Empty where it is the name."""
    role: str
    detail: str
    action: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonGroup:
    """Somebody with their roles, or with one invitation."""

    name: str
    address: str
    roles: tuple[PersonRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationsPage(Page):
    """The organisations whose people somebody manages."""

    organisations: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeoplePage(Page):
    """Who has a role in one place, and who is invited."""

    place: str
    lead: str
    members: tuple[PersonRow, ...]
    invitations: tuple[PersonRow, ...]
    nobody: str
    """What to do where there is nobody yet."""
    invite: Link
    import_: Link | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EverybodyPage(Page):
    """One page of everybody with a role, or of every invitation, with a search."""

    lead: str
    number: str
    """How many are shown, of how many; empty where there are none."""
    groups: tuple[PersonGroup, ...]
    invite: str
    import_: str
    other: Link
    """From the roles to the invitations, and back."""
    words: str
    """What was searched for."""
    action: str
    previous: str
    next: str
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """One role to offer."""

    value: str
    text: str
    hint: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitePage(Page):
    """Whom to invite, and to what."""

    place: str
    lead: str
    email: str
    name: str
    roles: tuple[RoleChoice, ...]
    """Empty where there is but one."""
    asks_place: bool
    """Whether organisation and partnership are asked for, too."""
    organisation: str
    organisations: tuple[str, ...]
    partnership: str
    partnerships: tuple[str, ...]
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPage(Page):
    """One invitation that waits."""

    address: str
    name: str
    role: str
    place: str
    inviter: str
    ends: str
    send_again: str
    """Empty, as is the next, where it is not theirs to do."""
    withdraw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePage(Page):
    """What happens when a role is taken away."""

    name: str
    address: str
    role: str
    place: str
    consequences: tuple[str, ...]
    action: str
    keep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptPage(Page):
    """What a link offers, and the button that takes it."""

    offer: str
    """Who invites, to what, in a sentence."""
    address: str
    asks_name: bool
    name: str
    until: str
    action: str
