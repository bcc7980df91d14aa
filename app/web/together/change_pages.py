"""The objects of the pages that say what might change, and what has."""

from dataclasses import dataclass

from app.renderings.shapes_change import ChangeView
from app.renderings.view_what_if import WhatIfView
from app.web.pages import Link, Page


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortChoice:
    """One effort in a list to choose from."""

    value: str
    text: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EffortField:
    """A question that could be raised, and what that takes."""

    id: str
    """Of the field, and its name."""
    question: str
    hint: str
    choices: tuple[EffortChoice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfPage(Page):
    """Which questions to raise within an effort."""

    caption: str
    shows: str
    """Which of the two reports it is about."""
    other: Link | None
    """To the other; `None` where nothing was agreed."""
    action: str
    view: str
    """Sent along with the form; empty for the report of what each organisation answered."""
    budget: str
    """As typed."""
    fields: tuple[EffortField, ...]
    what_if: WhatIfView | None
    """`None` while there is something wrong with what was typed."""
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTimePage(Page):
    """A round beside each earlier one."""

    caption: str
    shows: str
    other: Link | None
    notices: tuple[str, ...]
    """What to know before reading: earlier rounds that are not shown, or that there are none."""
    change: ChangeView | None
    """`None` where there is nothing to compare with."""
