"""The object of the page that sets a partnership beside what is released of its round."""

from dataclasses import dataclass

from app.renderings.view_where import WhereView
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class WherePage(Page):
    """One's own scores beside what is released."""

    caption: str
    notice: str
    """That a later release was withdrawn; empty where none was."""
    when: str
    """When there will be something to stand beside; empty where there is."""
    where: WhereView | None
    """`None` while nothing is released."""
