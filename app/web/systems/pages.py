"""The objects of the pages about other systems."""

from dataclasses import dataclass

from app.web.pages import Link, Page, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """One token, by its last characters."""

    name: str
    text: str
    """When it was made, when it ends, when it was used last."""
    end: str
    """Where it is ended; empty where it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemCard:
    """One system: what it may do, and its tokens."""

    name: str
    tag: Tag
    may: tuple[str, ...]
    made: str
    tokens: tuple[TokenRow, ...]
    next_token: str
    """Where it gets its next token; empty where that is for its maker, or over."""
    end: str
    """Where it is ended; empty where it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemsPage(Page):
    """One's own systems, or everybody's."""

    lead: str
    add: str
    working: tuple[SystemCard, ...]
    ended: tuple[SystemCard, ...]
    nothing: str
    """Said where there is none."""
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose."""

    id: str
    name: str
    value: str
    text: str
    hint: str
    checked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddSystemPage(Page):
    """The form that adds a system."""

    name: str
    deeds: tuple[Option, ...]
    places: tuple[tuple[str, tuple[Option, ...]], ...]
    """Groups with what to choose from in each."""
    lifetimes: tuple[Option, ...]
    id: str
    """Of the next system."""
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenPage(Page):
    """A token that was made, shown once, and how it is used."""

    name: str
    token: str
    until: str
    curl: str
    client_id: str
    """For systems that get access tokens for their credentials."""
    before: str
    """What becomes of the tokens before; empty where there are none."""
    systems: Link
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NextTokenPage(Page):
    """How long the next token of a system works."""

    name: str
    before: str
    lifetimes: tuple[Option, ...]
    seen: str
    """The newest token."""
    action: str
    keep: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPage(Page):
    """The question before something ends."""

    paragraphs: tuple[str, ...]
    button: str
    action: str
    keep: str
