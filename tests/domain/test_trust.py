"""What is shown of trust, and that no single rating can be worked back from it: attacks on it, and on worse rules."""

import random
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import combinations, product
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.trust import (
    LEAST_IN_RETURN,
    SETTLES,
    Rating,
    Returned,
    Sides,
    Standing,
    Trust,
    find_circle,
    find_trust,
    judge,
)
from app.domain.trust_question import TrustQuestion
from tests.domain.trust_attack import (
    Pair,
    find_extremes,
    find_given_away,
    find_limits,
    list_pairs,
    make_names,
)

CLOSES = datetime(2026, 11, 30, 17, tzinfo=UTC)
AFTER = CLOSES + timedelta(days=1)
IN_TIME = CLOSES - timedelta(days=1)
LEVELS = ("never", "seldom", "often", "always")
QUESTION = TrustQuestion.model_validate(
    {
        "schema_version": 1,
        "framework": "framework",
        "enabler": "trusting-relationships",
        "title": "Trust",
        "text": "How far?",
        "levels": [{"id": name, "label": name, "relies": name in {"often", "always"}} for name in LEVELS],
    }
)
ORGS = [UUID(int=number) for number in range(1, 13)]


def say(rater: int, subject: int | str, level: str, submitted_at: datetime = IN_TIME) -> Rating:
    return Rating(ORGS[rater], subject if isinstance(subject, str) else str(ORGS[subject]), level, submitted_at)


def all_say(number: int, level: Callable[[int, int], str]) -> list[Rating]:
    """Let organisations all rate one another."""
    return [say(a, b, level(a, b)) for a in range(number) for b in range(number) if a != b]


def show(ratings: list[Rating], closes_at: datetime = CLOSES) -> Trust:
    found = find_trust(QUESTION, ratings, closes_at, AFTER)
    assert found is not None
    return found


# ---- What is shown ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "standing"),
    [
        ([], None),
        (["always"] * 4, Standing.WITHHELD),
        (["never"] * 4, Standing.WITHHELD),
        (["always"] * 5, Standing.RELIED_ON),
        (["often"] * 3 + ["never"] * 2, Standing.RELIED_ON),
        (["always"] * 2 + ["seldom"] * 3, Standing.NOT_RELIED_ON),
        (["never"] * 5, Standing.NOT_RELIED_ON),
        (["always"] * 3 + ["never"] * 3, Standing.DIVIDED),
        (["always"] * 4 + ["never"] * 3, Standing.RELIED_ON),
    ],
)
def test_a_subject_is_told_in_a_word_from_five_raters(said: list[str], standing: Standing | None) -> None:
    ratings = [say(rater, "communities", level) for rater, level in enumerate(said)]
    assert show(ratings).standings.get("communities") is standing


def test_levels_of_one_side_show_the_same() -> None:
    high = all_say(9, lambda a, b: "always" if (a + b) % 3 else "never")
    low = all_say(9, lambda a, b: "often" if (a + b) % 3 else "seldom")
    assert show(high) == show(low)


@pytest.mark.parametrize(
    ("number", "relies", "returned"),
    [
        (7, lambda _, __: True, Returned.WITHHELD),
        (8, lambda _, __: True, Returned.MOSTLY),
        (8, lambda _, __: False, Returned.NOT_MOSTLY),
        (8, lambda a, b: a < b, Returned.NOT_MOSTLY),
        (9, lambda a, b: (a < 5) == (b < 5), Returned.MOSTLY),
        (12, lambda _, b: b < 6, Returned.NOT_MOSTLY),
    ],
)
def test_how_far_trust_is_returned_is_told_from_eight(
    number: int, relies: Callable[[int, int], bool], returned: Returned
) -> None:
    assert show(all_say(number, lambda a, b: "often" if relies(a, b) else "seldom")).returned is returned


def test_a_partner_who_left_others_out_is_left_out_of_what_is_returned() -> None:
    ratings = all_say(10, lambda a, b: "often" if a % 2 == b % 2 else "never")
    without = [each for each in ratings if not (each.rater == ORGS[0] and each.subject != str(ORGS[1]))]
    sides = {(str(each.rater), each.subject): each.level == "often" for each in without}
    assert find_circle(sides, {str(org) for org in ORGS[:10]}) == {str(org) for org in ORGS[1:10]}
    assert show(without).returned is not Returned.WITHHELD
    less = [each for each in without if each.rater not in {ORGS[1], ORGS[2]}]
    assert show(less).returned is Returned.WITHHELD


# ---- When it counts --------------------------------------------------------------------------------------------------


def test_nothing_is_shown_until_a_while_after_the_round_has_closed() -> None:
    ratings = all_say(9, lambda _, __: "always")
    settled = CLOSES + SETTLES  # what was sent in time may be stored until then
    assert find_trust(QUESTION, ratings, CLOSES, settled - timedelta(seconds=1)) is None
    assert find_trust(QUESTION, ratings, CLOSES, settled) is not None


def test_what_is_submitted_at_the_closing_or_later_changes_nothing() -> None:
    ratings = all_say(6, lambda a, b: LEVELS[(a * b) % 4])
    late = [say(11, subject, "never", CLOSES) for subject in range(6)]
    assert show([*ratings, *late]) == show(ratings)


def test_a_rating_of_oneself_or_of_an_unknown_level_counts_for_nothing() -> None:
    ratings = [say(rater, 9, "always") for rater in range(4)]
    for more in (say(9, 9, "always"), say(5, 9, "unknown")):
        assert show([*ratings, more]).standings[str(ORGS[9])] is Standing.WITHHELD


# ---- Attacks on the words of one subject: every world there is -------------------------------------------------------


def find_pinned(
    rule: Callable[[tuple[Any, ...]], object], sayings: tuple[object, ...], raters: int
) -> set[tuple[object, ...]]:
    """Give the worlds in which the first rater, who knows their own, can tell what some other said."""
    by_view: dict[tuple[object, object], list[tuple[object, ...]]] = {}
    for world in product(sayings, repeat=raters):
        by_view.setdefault((world[0], rule(world)), []).append(world)
    return {
        world
        for worlds in by_view.values()
        for world in worlds
        if any(len({other[place] for other in worlds}) == 1 for place in range(1, raters))
    }


def word_of(said: tuple[bool, ...]) -> Standing:
    return judge({(f"rater-{place}", "it"): side for place, side in enumerate(said)}).standings["it"]


@pytest.mark.parametrize("raters", range(1, 12))
def test_no_word_tells_any_rater_the_side_of_another(raters: int) -> None:
    if raters > 1:
        assert find_pinned(word_of, (False, True), raters) == set()


@pytest.mark.parametrize("raters", [3, 4])
def test_the_attack_finds_what_a_majority_of_three_or_four_gives_away(raters: int) -> None:
    def majority(said: tuple[bool, ...]) -> int:
        return (sum(said) * 2 > raters) - (sum(said) * 2 < raters)

    assert find_pinned(majority, (False, True), raters)


@pytest.mark.parametrize("raters", [3, 4, 5, 6])
def test_the_attack_finds_what_a_mean_gives_away(raters: int) -> None:
    """A mean of levels from three raters, and from six: somebody can tell what every other said."""

    def mean(said: tuple[int, ...]) -> Fraction:
        return Fraction(sum(said), raters)

    pinned = find_pinned(mean, (0, 1, 2, 3), raters)
    assert (0,) + (3,) * (raters - 1) in pinned


# ---- Attacks on everything that is shown -----------------------------------------------------------------------------


def make_world(number: int, relies: Callable[[int, int], bool]) -> dict[Pair, bool]:
    names = make_names(number)
    return {(a, b): relies(names.index(a), names.index(b)) for a, b in list_pairs(names)}


WORLDS: Mapping[str, Callable[[int, int], bool]] = {
    "all rely on all": lambda _, __: True,
    "nobody relies on anybody": lambda _, __: False,
    "one relies on nobody": lambda a, _: a != 0,
    "one relies on all, nobody else on anybody": lambda a, _: a == 0,
    "one stands alone": lambda _, b: b != 0,
    "all rely on one alone": lambda _, b: b == 0,
    "a single rating differs, high": lambda a, b: (a, b) != (1, 2),
    "a single rating differs, low": lambda a, b: (a, b) == (1, 2),
    "two camps": lambda a, b: (a < 4) == (b < 4),
    "each relies on those before": lambda a, b: a > b,
    "thresholds just met": lambda a, b: (b - a) % 9 <= 4,
    "thresholds just missed": lambda a, b: (b - a) % 9 <= 3,
}


@pytest.mark.parametrize("number", [6, 7, 8, 9])
@pytest.mark.parametrize("name", WORLDS)
def test_no_insider_works_a_rating_back_in_an_extreme_world(name: str, number: int) -> None:
    sides = make_world(number, WORLDS[name])
    for insider in make_names(number)[:3]:
        assert find_given_away(sides, insider) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(6, 9), st.sampled_from((0.03, 0.2, 0.35, 0.5, 0.65, 0.8, 0.97)), st.randoms(use_true_random=False))
def test_no_insider_works_a_rating_back_in_a_random_world(number: int, share: float, chance: random.Random) -> None:
    sides = make_world(number, lambda _, __: chance.random() < share)
    for insider in chance.sample(make_names(number), 2):
        assert find_given_away(sides, insider) == []


@settings(max_examples=25, deadline=None)
@given(st.integers(8, 10), st.sampled_from((0.2, 0.5, 0.8)), st.randoms(use_true_random=False))
def test_nor_where_some_left_others_out(number: int, share: float, chance: random.Random) -> None:
    """Here the search nearby alone has to find another world."""
    sides = make_world(number, lambda _, __: chance.random() < share)
    for pair in chance.sample(sorted(sides), chance.randint(1, 2 * number)):
        del sides[pair]
    assert find_given_away(sides, chance.choice(make_names(number)), tries=4000) == []


def with_returned_from(least: int) -> Callable[[Sides], Trust]:
    """Make the same rule with another number of organisations from which it is told how far trust is returned."""

    def rule(sides: Sides) -> Trust:
        names = sorted({rater for rater, _ in sides})
        pairs = [sides[a, b] + sides[b, a] for a, b in combinations(names, 2)]
        returned = Returned.MOSTLY if pairs.count(2) > pairs.count(1) else Returned.NOT_MOSTLY
        return Trust(judge(sides).standings, returned if len(names) >= least else Returned.WITHHELD)

    return rule


def test_the_attack_finds_what_a_word_on_returns_from_six_gives_away() -> None:
    """Nobody is relied on by most, yet trust is mostly returned: who relies on all but one knows what that one said."""
    both = {(0, 1), (0, 2), (1, 3), (2, 5), (4, 5)}
    relies = both | {(b, a) for a, b in both} | {(0, 3), (0, 4)}
    sides = make_world(6, lambda a, b: (a, b) in relies)
    assert find_given_away(sides, "org-0", with_returned_from(6), tries=10) == [("org-5", "org-0")]
    assert judge(sides).returned is Returned.WITHHELD
    assert find_given_away(sides, "org-0") == []


# ---- The word on returns, through all worlds: both words fit both sides of each rating an insider does not know ------


def list_views(number: int, chance: random.Random) -> Iterator[tuple[dict[str, Standing], dict[Pair, bool]]]:
    """Give words on all subjects with what the first organisation said: extremes first, then by chance."""
    names = make_names(number)
    words = [Standing.RELIED_ON, Standing.NOT_RELIED_ON] + [Standing.DIVIDED] * (number % 2)
    extremes = [
        ([word] + [other] * (number - 1), [side] * split + [not side] * (number - 1 - split))
        for word in words
        for other in words
        for side in (False, True)
        for split in (number - 1, number - 2)
    ]
    by_chance = [
        (
            chance.choices(words, chance.choice(((1, 1, 1), (5, 1, 1), (1, 5, 1)))[: len(words)], k=number),
            chance.choices((False, True), k=number - 1),
        )
        for _ in range(2)
    ]
    for standings, sides in [*extremes, *by_chance]:
        own = {(names[0], other): side for other, side in zip(names[1:], sides, strict=True)}
        yield dict(zip(names, standings, strict=True)), own


@pytest.mark.parametrize("number", [LEAST_IN_RETURN])
def test_both_words_on_returns_fit_both_sides_of_every_other_rating(number: int) -> None:
    names = make_names(number)
    for standings, own in list_views(number, random.Random(number)):
        limits = find_limits(standings, number - 1)
        alike: set[tuple[object, ...]] = set()
        for rater, subject in list_pairs(names):
            key = tuple((name == names[0], standings[name], own.get((names[0], name))) for name in (rater, subject))
            if rater == names[0] or key in alike:
                continue
            alike.add(key)
            for relies in (False, True):
                least, greatest = find_extremes(names, limits, own | {(rater, subject): relies}) or (0, 0)
                assert least <= 0 < greatest, (standings, own, rater, subject, relies)
