"""What organisations say of how far they can rely on one another -> what may be shown of it. Exact and pure.

Nobody may work out what one organisation said: neither its level nor its side (whether it relies on the other), not
even somebody who knows all that their own organisation said, who rated whom, and everything that is shown here, in
every round and at every time. Hence:

*Sides alone.* Levels are turned into sides before anything else, so no level can ever be told from another of its side.

*A word from five raters.* Of a subject one word is shown: most rely on it, most do not, or views are divided, where
neither is more than half. Let n organisations rate it, and take the word “most”, which says that at least
m = ⌊n/2⌋ + 1 of them are on one side. Somebody who said the other thing themselves knows that these m are among the
n − 1 others. With three raters m = 2 of 2 others, with four m = 3 of 3: the side of every other is plain, and a mean
would even tell their levels. From five on m ≤ n − 2. Then of whichever other somebody thinks, the world in which it
said the opposite shows the same: either the word holds without it, or one more of the others can have changed to keep
the number; and “divided” comes from six on, with three or more on each side. So each word fits both sides of each other
organisation. Whether a word is shown is decided by the number of raters, never by what they said.

*Returned, from eight.* The pairs that rated each other are told in one word: whether pairs that rely on each other are
more than those where only one does. It is shown where at least eight organisations all rated one another, and is taken
from these. With six or seven, somebody who relies on nearly everybody, while most rely on nobody, can work out that a
certain partner does not rely on them. From eight on both words fit both sides of each single rating, whatever the
words on the subjects are and whatever somebody said themselves; `tests/domain/test_trust.py` has the search that finds
the first and does not find the second. Finer words, such as a third in between, give single ratings away.

*Once.* Only first submissions before the round closed for the first time count, ratings are frozen with the first
submission, and nothing is shown until what was sent before the closing has long been stored. So there is never a before
and after to compare.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final
from uuid import UUID

from app.domain.trust_question import TrustQuestion

LEAST_RATERS: Final = 5
"""How many others have to have rated a subject before anything is shown of it: see above."""
LEAST_IN_RETURN: Final = 8
"""How many organisations have to have rated one another before it is shown how far trust is returned: see above."""

SETTLES: Final = timedelta(minutes=15)
"""How long after the closing nothing is shown yet: what is sent in time may wait for others before it is stored."""

Sides = Mapping[tuple[str, str], bool]
"""Rater and subject -> whether the one relies on the other."""


class Standing(StrEnum):
    """How far a subject is relied on, as far as it may be shown."""

    RELIED_ON = "relied-on"
    """Most that rated it rely on it."""
    DIVIDED = "divided"
    NOT_RELIED_ON = "not-relied-on"
    """Most that rated it do not: it stands alone."""
    WITHHELD = "withheld"
    """Too few rated it."""


class Returned(StrEnum):
    """How far trust is returned, of the whole partnership."""

    MOSTLY = "mostly"
    """More pairs rely on each other than pairs in which only one does."""
    NOT_MOSTLY = "not-mostly"
    WITHHELD = "withheld"
    """Too few rated one another."""


@dataclass(frozen=True, slots=True)
class Rating:
    """What one organisation said of one subject."""

    rater: UUID
    subject: str
    """The id of an organisation, or of a subject of the framework."""
    level: str
    submitted_at: datetime
    """When its organisation submitted for the first time, with which the rating was frozen."""


@dataclass(frozen=True, slots=True)
class Trust:
    """All that may be shown of the ratings of a partnership in a round."""

    standings: Mapping[str, Standing]
    """Subject -> how far it is relied on; everything that was rated, and every organisation that rated."""
    returned: Returned


def find_trust(question: TrustQuestion, ratings: Iterable[Rating], closes_at: datetime, now: datetime) -> Trust | None:
    """Say what may be shown of some ratings; `None` until a while after the round has closed."""
    if now < closes_at + SETTLES:
        return None
    sides = {
        (str(rating.rater), rating.subject): rating.level in question.relying
        for rating in ratings
        if rating.submitted_at < closes_at and rating.level in question.labels and str(rating.rater) != rating.subject
    }
    return judge(sides)


def judge(sides: Sides) -> Trust:
    """Say what may be shown of some sides."""
    named = sorted({name for pair in sides for name in pair})
    raters = {rater for rater, _ in sides}
    found = {subject: [relies for (_, rated), relies in sides.items() if rated == subject] for subject in named}
    return Trust(
        standings={subject: _find_standing(said) for subject, said in found.items()},
        returned=_find_returned(sides, find_circle(sides, raters)),
    )


def _find_standing(said: list[bool]) -> Standing:
    relying, others = said.count(True), said.count(False)
    if len(said) < LEAST_RATERS:
        return Standing.WITHHELD
    if relying == others:
        return Standing.DIVIDED
    return Standing.RELIED_ON if relying > others else Standing.NOT_RELIED_ON


def find_circle(sides: Sides, raters: Iterable[str]) -> frozenset[str]:
    """Find organisations that all rated one another, by who rated whom alone.

    Whoever rated and was rated in return least leaves, until nobody is left out by anybody.
    """
    circle = set(raters)
    while True:
        pairs = [(a, b) for a, b in combinations(sorted(circle), 2) if (a, b) in sides and (b, a) in sides]
        degrees = Counter(name for pair in pairs for name in pair)
        if all(degrees[name] == len(circle) - 1 for name in circle):
            return frozenset(circle)
        circle.remove(min(circle, key=lambda name: (degrees[name], name)))


def _find_returned(sides: Sides, circle: frozenset[str]) -> Returned:
    if len(circle) < LEAST_IN_RETURN:
        return Returned.WITHHELD
    pairs = [sides[a, b] + sides[b, a] for a, b in combinations(sorted(circle), 2)]
    return Returned.MOSTLY if pairs.count(2) > pairs.count(1) else Returned.NOT_MOSTLY
