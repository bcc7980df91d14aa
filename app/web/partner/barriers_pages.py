"""The object of the page on which an organisation says what stands in the way of a gap."""

from dataclasses import dataclass

from app.web.pages import Choice, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class BarriersPage(Page):
    """Saying what stands in the way of a gap."""

    gap: str
    """The question that is under its target."""
    asked: str
    kinds: tuple[Choice, ...]
    none: Choice
    until: str
    """Until when it can be changed."""
    meanwhile: str
    """What a colleague has said since the page was opened; empty where nobody has."""
    mark: str
    action: str
