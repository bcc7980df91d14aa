"""Long lists, a page at a time, with a search."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import Query

from app.domain.values import one_line
from app.renderings.words import count
from app.web.central import addresses
from app.web.central.pages import ListedThing, ListPage
from app.web.pages import Link

ROWS: Final = 50
MOST_WORDS: Final = 200
BACK_TO_SET_UP: Final = Link("Back to the set-up", addresses.SET_UP)

WordsQuery = Annotated[str, Query(alias="search", max_length=MOST_WORDS)]
PageQuery = Annotated[int, Query(alias="page", ge=1, le=100_000)]


def tidy_words(words: str) -> str:
    """Give what somebody searches for, without what no database can look for."""
    return one_line(words)


@dataclass(frozen=True, slots=True)
class Listing:
    """What stays the same on every page of a list."""

    title: str
    lead: str
    things: str
    """Where the list is."""
    one: str
    """What a row is called."""
    columns: tuple[str, ...]
    add: Link | None
    empty: str
    """What to do where there is nothing yet."""
    imported: str = ""
    """What a row of a file is, where it is not what a row of the list is."""
    several: str = ""
    """What several rows are called, where it is not the one with an s."""


def make_list_page(listing: Listing, rows: Iterable[ListedThing], words: str, page: int, total: int) -> ListPage:
    """Put one page of a list together."""
    things, one = listing.things, listing.one

    def place(number: int) -> str:
        return f"{things}?{urlencode({'search': words, 'page': number} if words else {'page': number})}"

    first, last = (page - 1) * ROWS + 1, min(page * ROWS, total)
    shown = f", {first} to {last} shown" if total > ROWS and first <= total else ""
    if total:
        nothing = "There is no such page of this list."
    else:
        nothing = f"Nothing has “{words}” in it. Search for fewer letters." if words else listing.empty
    return ListPage(
        title=listing.title,
        back=BACK_TO_SET_UP,
        lead=listing.lead,
        add=listing.add,
        import_=Link(f"Import {listing.imported or one}s from a file", addresses.importing(things)),
        columns=listing.columns,
        rows=tuple(rows),
        search_label=f"Search for {'an' if one[0] in 'aeiou' else 'a'} {one}",
        words=words,
        action=things,
        total=f"{count(total, one, listing.several)}{' found' if words else ''}{shown}",
        previous=place(page - 1) if page > 1 else "",
        next=place(page + 1) if page * ROWS < total else "",
        empty=nothing,
    )
