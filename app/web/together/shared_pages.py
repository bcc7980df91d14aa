"""The objects of the pages about a report that is shared with somebody outside."""

from dataclasses import dataclass

from app.renderings.partnership_view import PartnershipView
from app.web.pages import Choice, Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRow:
    """One link to the report."""

    label: str
    made: str
    """By whom and when."""
    ends: str
    opened: str
    end: str
    """Where it is ended; empty where it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinksPage(Page):
    """The links to a report, and the form that makes another."""

    place: str
    links: tuple[LinkRow, ...]
    refusal: str
    """Why no link can be made now; empty where one can."""
    label: str
    lifetimes: tuple[Choice, ...]
    id: str
    """Of the next link."""
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLinkPage(Page):
    """A link that was made, shown once."""

    label: str
    until: str
    address: str
    links: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedReportPage(Page):
    """The report that a link opens. It leads nowhere else."""

    view: PartnershipView
    banner: str
    """With whom it is shared, by whom and until when."""
    views: tuple[Link, ...]
    """The same link with the other numbers; empty where nothing was agreed."""
    downloads: tuple[Link, ...]
