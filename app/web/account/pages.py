"""What the pages of signing in and of one's own account show."""

from dataclasses import dataclass

from app.web.pages import Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPage(Page):
    """Where somebody gives an address."""

    email: str
    next: str
    provider: Link | None
    """Another way in, where there is one."""
    demonstration: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkSentPage(Page):
    """After an address was given; the same whether or not anybody has it."""

    demonstration: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UseLinkPage(Page):
    """The button that spends a one-time link."""

    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hat:
    """An invented person to step in as."""

    person_id: str
    who: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DemonstrationPage(Page):
    """Whom to step in as."""

    hats: tuple[Hat, ...]
    others: tuple[Hat, ...]
    next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """One device that somebody is signed in on."""

    since: str
    last_seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage(Page):
    """Somebody's own account."""

    name: str
    address: str
    roles: tuple[str, ...]
    reminders: str
    devices: tuple[DeviceRow, ...]
    change: str
    """Where name and preference are changed."""
    sign_out_everywhere: str
    systems: str
    """The other systems that act on their behalf; empty for whoever may not add any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeAccountPage(Page):
    """The form for one's own name and reminders."""

    name: str
    wants_reminders: bool
    action: str
