"""The two questions that cross-checks ask most: is an id the only one of its kind, and does a name name something."""

from collections.abc import Collection, Iterable

from app.catalogue.faults import shown, suggest
from app.catalogue.tree import Spot


def check_unique(parts: Iterable[Spot], where: str) -> None:
    """Add a fault for every id that stands there a second time."""
    first: dict[str, int] = {}
    for part in parts:
        part_id = part.word("id")
        if part_id is None:
            continue
        if part_id in first:
            part.fault("id", f"{shown(part_id)} stands among the {where} already, on line {first[part_id]}; rename one")
        first.setdefault(part_id, part.node.place_of("id")[0])


def check_known(spot: Spot, key: str, known: Collection[str], what: str) -> None:
    """Add a fault where the word under a key names nothing; where nothing is known, nothing is held against it."""
    word = spot.word(key)
    if word is not None and known and word not in known:
        spot.fault(key, f"{shown(word)} is no {what}; {suggest(word, known)}")


def check_each_known(spot: Spot, key: str, known: Collection[str], what: str) -> None:
    """Do the same for each word of the list under a key."""
    if known:
        for index, word in spot.words(key):
            if word.strip() and word not in known and not spot.faults.full:
                spot.fault(key, f"{shown(word)} is no {what}; {suggest(word, known)}", index)
