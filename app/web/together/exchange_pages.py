"""What the pages on learning from others show, ready to print."""

from dataclasses import dataclass

from app.web.pages import Choice, Link, Page, Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One proposal in the list."""

    title: Link
    tag: Tag
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRow:
    """One offer or ask that stands."""

    title: str
    lines: tuple[str, ...]
    change: str
    """Where it is changed; empty for who may not."""
    withdraw: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestions:
    """Enablers that the report calls strong, or weak."""

    title: str
    links: tuple[Link, ...]
    """For whoever may act: each to its form."""
    names: tuple[str, ...]
    """For whoever only reads."""
    empty: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePage(Page):
    """What a partnership offers to others, asks of them, and is proposed."""

    partnership: str
    basis: str
    proposals: tuple[ProposalRow, ...]
    no_proposals: str
    offers: tuple[HelpRow, ...]
    asks: tuple[HelpRow, ...]
    suggestions: tuple[Suggestions, ...]
    reader: str
    """What whoever may not act is told; empty else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpFormPage(Page):
    """Offering help with an enabler, or asking for it."""

    caption: str
    heading: str
    tells: str
    """What it tells the other partnership."""
    theirs: tuple[tuple[str, str], ...]
    """What somebody else saved meanwhile: name and text; empty where nobody did."""
    kinds_label: str
    kinds: tuple[Choice, ...]
    counts: bool
    """Whether it asks how many can be helped at a time."""
    at_a_time: str
    most: int
    words_label: str
    words_hint: str
    words: str
    version: int
    is_kept: bool
    button: str
    action: str
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalPage(Page):
    """One proposal, for one of its sides."""

    caption: str
    heading: str
    over: str
    """What is said where it is over; then nothing else is there."""
    facts: tuple[tuple[str, str], ...]
    """Name and text."""
    words_title: str
    words: str
    contacts: tuple[Link, ...]
    """Whom to write to, once both have said yes."""
    no_contacts: str
    standing: str
    """What has been said so far, and how it ends; empty where it is one's turn."""
    consequence: str
    """What a yes does; empty where none can be said."""
    buttons: tuple[Choice, ...]
    """What can be said; none for who only reads."""
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkQuestion:
    """One point or resource to say something of."""

    name: str
    legend: str
    hint: str
    options: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkPage(Page):
    """Whether a point of the learning library, and its resources, helped an organisation."""

    caption: str
    organisation_id: str
    point_id: str
    questions: tuple[MarkQuestion, ...]
    action: str
    leave: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkRow:
    """One point of the learning library."""

    link: Link
    helpful: str
    """How many found it helpful, where that may be said."""
    tag: Tag | None
    """What the organisation says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkGroup:
    """The points of one enabler."""

    title: str
    count: str
    """How many there are, and how many of them the organisation has marked."""
    rows: tuple[MarkRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksPage(Page):
    """What an organisation says of the learning library."""

    caption: str
    organisations: tuple[Link, ...]
    """To choose from first, where there are several; then there are no groups yet."""
    groups: tuple[MarkGroup, ...]
