"""Which ask goes with which offer. Pure, and the same whatever the order in which they come.

An ask and an offer can go together if they are about the same enabler, have a kind of help in common, and are of two
partnerships. The more alike their places, the better they fit: `POINTS` says what counts how much. Then the asks take
turns, barriers first and then whoever has waited longest; in its turn each takes the offer that fits best among those
that have room. After three turns, or when nothing is left, it is over.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from app.domain.exchange import HelpKind, Need
from app.domain.footprints import MIXED, SEVERAL_REGIONS, Footprint, SizeClass

MOST_PROPOSALS: Final = 3
"""The most live proposals of one ask: nobody can visit everybody."""


class Likeness(StrEnum):
    """What makes a place, or an offer, fit."""

    AREA_KIND = "area-kind"
    SIZE = "size"
    REGION = "region"
    MORE_KINDS = "more-kinds"
    """Each kind of help in common after the first."""


POINTS: Final[Mapping[Likeness, int]] = {
    Likeness.AREA_KIND: 4,  # who does what differs most between kinds of area
    Likeness.SIZE: 3,
    Likeness.REGION: 2,  # near enough to go there
    Likeness.MORE_KINDS: 1,
}
"""What each counts. What is not known of a place, or is mixed, is not alike."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of a partnership where a match is looked for."""

    area_kind: str = ""
    size: SizeClass | None = None
    region: str = ""
    organisations: frozenset[UUID] = frozenset()


class Pair(NamedTuple):
    """An ask and an offer about one enabler."""

    asking_id: UUID
    offering_id: UUID
    enabler: str


@dataclass(frozen=True, slots=True)
class Seeker:
    """An ask that stands."""

    partnership_id: UUID
    enabler: str
    """With its framework: equal ones mean the same."""
    kinds: frozenset[HelpKind]
    need: Need
    since: datetime


@dataclass(frozen=True, slots=True)
class Giver:
    """An offer that stands."""

    partnership_id: UUID
    enabler: str
    kinds: frozenset[HelpKind]
    at_a_time: int
    since: datetime


def make_place(footprint: Footprint, organisations: Iterable[UUID]) -> Place:
    """Take what counts out of a footprint; what is mixed is left out, as is what is not known."""
    return Place(
        area_kind="" if footprint.area_kind == MIXED else footprint.area_kind,
        size=footprint.size,
        region="" if footprint.region == SEVERAL_REGIONS else footprint.region,
        organisations=frozenset(organisations),
    )


def find_likeness(one: Place, other: Place) -> tuple[Likeness, ...]:
    """Say in what two places are alike, in the order of the table."""
    alike = {
        Likeness.AREA_KIND: bool(one.area_kind) and one.area_kind == other.area_kind,
        Likeness.SIZE: one.size is not None and one.size == other.size,
        Likeness.REGION: bool(one.region) and one.region == other.region,
    }
    return tuple(likeness for likeness, holds in alike.items() if holds)


def score_fit(seeker: Seeker, giver: Giver, places: Mapping[UUID, Place]) -> int:
    """Give the points of a pair that can go together."""
    here, there = _find_places(seeker.partnership_id, giver.partnership_id, places)
    more = len(seeker.kinds & giver.kinds) - 1
    return sum(POINTS[each] for each in find_likeness(here, there)) + more * POINTS[Likeness.MORE_KINDS]


def can_pair(seeker: Seeker, giver: Giver) -> bool:
    """Say whether an ask and an offer can go together."""
    return (
        seeker.enabler == giver.enabler
        and seeker.partnership_id != giver.partnership_id
        and not seeker.kinds.isdisjoint(giver.kinds)
    )


def share_organisation(one: Place, other: Place) -> bool:
    """Say whether an organisation is in both partnerships."""
    return not one.organisations.isdisjoint(other.organisations)


def propose(
    seekers: Iterable[Seeker],
    givers: Iterable[Giver],
    places: Mapping[UUID, Place],
    live: Collection[Pair] = (),
    resting: Collection[Pair] = (),
) -> tuple[Pair, ...]:
    """Find the pairs to propose besides those that are `live`; those that are `resting` are not proposed again.

    No offer is in more live pairs than it can help at a time, and no ask in more than three.
    """
    queue = sorted(seekers, key=_place_in_queue)
    offers = tuple(givers)
    room = {(each.partnership_id, each.enabler): each.at_a_time for each in offers}
    for pair in live:
        if (pair.offering_id, pair.enabler) in room:
            room[pair.offering_id, pair.enabler] -= 1
    turns = Counter((pair.asking_id, pair.enabler) for pair in live)
    closed = {*live, *resting}
    choices = {
        each: [offer for offer in rank(each, offers, places) if _pair(each, offer) not in closed] for each in queue
    }
    found: list[Pair] = []
    for turn in range(MOST_PROPOSALS):
        for seeker in queue:
            if turns[seeker.partnership_id, seeker.enabler] != turn:
                continue  # it has had this turn before, or nothing is left for it
            chosen = next((each for each in choices[seeker] if room[each.partnership_id, each.enabler] > 0), None)
            if chosen is not None:
                choices[seeker].remove(chosen)
                room[chosen.partnership_id, chosen.enabler] -= 1
                turns[seeker.partnership_id, seeker.enabler] += 1
                found.append(_pair(seeker, chosen))
    return tuple(found)


def rank(seeker: Seeker, givers: Iterable[Giver], places: Mapping[UUID, Place]) -> tuple[Giver, ...]:
    """Put the offers that can go with an ask in order: what fits best first.

    Of equal ones, those with whom no organisation is shared come first, as it could bring the two together by itself;
    then whoever has offered longest.
    """

    def order(giver: Giver) -> tuple[int, bool, datetime, UUID]:
        here, there = _find_places(seeker.partnership_id, giver.partnership_id, places)
        return -score_fit(seeker, giver, places), share_organisation(here, there), giver.since, giver.partnership_id

    return tuple(sorted((each for each in givers if can_pair(seeker, each)), key=order))


def _place_in_queue(seeker: Seeker) -> tuple[bool, datetime, UUID, str]:
    return seeker.need is not Need.BARRIER, seeker.since, seeker.partnership_id, seeker.enabler


def _pair(seeker: Seeker, giver: Giver) -> Pair:
    return Pair(seeker.partnership_id, giver.partnership_id, seeker.enabler)


def _find_places(one: UUID, other: UUID, places: Mapping[UUID, Place]) -> tuple[Place, Place]:
    return places.get(one, Place()), places.get(other, Place())
