"""Which ask goes with which offer: tables by hand, the laws, and the rule worked out by trying everything."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain, combinations
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.exchange import MOST_AT_A_TIME, HelpKind, Need
from app.domain.footprints import MIXED, SEVERAL_REGIONS, Footprint, SizeClass
from app.domain.matching import (
    MOST_PROPOSALS,
    POINTS,
    Giver,
    Likeness,
    Pair,
    Place,
    Seeker,
    can_pair,
    find_likeness,
    make_place,
    propose,
    rank,
    score_fit,
    share_organisation,
)
from tests.domain.strategies import law

VISIT, SHADOWING, SECONDMENT, COACHING = HelpKind
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
SMALL, MIDDLE, LARGE = SizeClass
VALE, COAST, MOOR, FEN, DALE = (UUID(int=number) for number in range(1, 6))
PLAIN = Place("unitary", SMALL, "North")


def day(number: int) -> datetime:
    return START + timedelta(days=number)


def ask(who: UUID, *kinds: HelpKind, enabler: str = "one", need: Need = Need.UNDER_TARGET, since: int = 0) -> Seeker:
    return Seeker(who, enabler, frozenset(kinds or (VISIT,)), need, day(since))


def offer(who: UUID, *kinds: HelpKind, enabler: str = "one", at_a_time: int = 1, since: int = 0) -> Giver:
    return Giver(who, enabler, frozenset(kinds or (VISIT,)), at_a_time, day(since))


# ---- What fits -------------------------------------------------------------------------------------------------------


LIKENESS: list[tuple[Place, tuple[Likeness, ...]]] = [
    (PLAIN, (Likeness.AREA_KIND, Likeness.SIZE, Likeness.REGION)),
    (Place("county", SMALL, "North"), (Likeness.SIZE, Likeness.REGION)),
    (Place("unitary", LARGE, "North"), (Likeness.AREA_KIND, Likeness.REGION)),
    (Place("unitary", SMALL, "South"), (Likeness.AREA_KIND, Likeness.SIZE)),
    (Place("unitary", None, ""), (Likeness.AREA_KIND,)),
    (Place(), ()),
]


@pytest.mark.parametrize(("other", "alike"), LIKENESS)
def test_two_places_are_alike_in_what_is_known_of_both(other: Place, alike: tuple[Likeness, ...]) -> None:
    assert find_likeness(PLAIN, other) == find_likeness(other, PLAIN) == alike


def test_what_is_known_of_neither_is_not_alike() -> None:
    assert find_likeness(Place(), Place()) == ()


def test_what_is_mixed_counts_as_not_known() -> None:
    footprint = Footprint({}, MIXED, SEVERAL_REGIONS, None, MIDDLE, None, None, {})
    assert make_place(footprint, [VALE]) == Place("", MIDDLE, "", frozenset({VALE}))


FITS = [
    (ask(VALE), offer(COAST), PLAIN, 9),
    (ask(VALE), offer(COAST), Place("county", SMALL, "North"), 5),
    (ask(VALE), offer(COAST), Place("county", LARGE, "South"), 0),
    (ask(VALE, VISIT, COACHING), offer(COAST, COACHING, VISIT, SHADOWING), Place(), 1),
    (ask(VALE, *HelpKind), offer(COAST, *HelpKind), PLAIN, 12),
]


@pytest.mark.parametrize(("seeker", "giver", "there", "points"), FITS)
def test_points_add_up(seeker: Seeker, giver: Giver, there: Place, points: int) -> None:
    assert score_fit(seeker, giver, {VALE: PLAIN, COAST: there}) == points


def test_the_kind_of_area_counts_more_than_the_region_and_another_kind_of_help_least() -> None:
    assert (
        POINTS[Likeness.AREA_KIND] > POINTS[Likeness.SIZE] > POINTS[Likeness.REGION] > POINTS[Likeness.MORE_KINDS] > 0
    )


PAIRS = [
    (ask(VALE), offer(COAST), True),
    (ask(VALE), offer(VALE), False),
    (ask(VALE, enabler="two"), offer(COAST), False),
    (ask(VALE, COACHING), offer(COAST, VISIT, SHADOWING), False),
    (ask(VALE, COACHING, SECONDMENT), offer(COAST, VISIT, SECONDMENT), True),
]


@pytest.mark.parametrize(("seeker", "giver", "can"), PAIRS)
def test_a_pair_has_one_enabler_a_kind_in_common_and_two_partnerships(seeker: Seeker, giver: Giver, can: bool) -> None:  # noqa: FBT001
    assert can_pair(seeker, giver) is can
    assert propose([seeker], [giver], {}) == ((Pair(VALE, COAST, "one"),) if can else ())


def test_of_equal_offers_the_one_without_an_organisation_of_ours_comes_first_then_the_older() -> None:
    shared = UUID(int=99)
    here, there = replace(PLAIN, organisations=frozenset({shared})), PLAIN
    places = {VALE: here, COAST: here, MOOR: there, FEN: there}
    offers = [offer(COAST), offer(MOOR, since=2), offer(FEN, since=1)]
    assert [each.partnership_id for each in rank(ask(VALE), offers, places)] == [FEN, MOOR, COAST]
    assert share_organisation(here, here)
    assert not share_organisation(here, there)


# ---- Whose turn it is ------------------------------------------------------------------------------------------------


def test_a_barrier_goes_before_whoever_has_waited_longer_and_both_before_a_second_turn() -> None:
    seekers = [ask(VALE, since=0), ask(COAST, need=Need.BARRIER, since=5), ask(MOOR, since=1)]
    only_one = [offer(FEN, at_a_time=1)]
    assert propose(seekers, only_one, {}) == (Pair(COAST, FEN, "one"),)
    two = [offer(FEN, at_a_time=2), offer(DALE, at_a_time=2)]
    assert [(each.asking_id, each.offering_id) for each in propose(seekers, two, {})] == [
        (COAST, FEN),
        (VALE, FEN),
        (MOOR, DALE),
        (COAST, DALE),
    ]


def test_what_is_live_takes_up_room_and_turns_and_what_rests_is_not_proposed() -> None:
    seekers = [ask(VALE), ask(COAST)]
    offers = [offer(FEN, at_a_time=2), offer(DALE, at_a_time=1)]
    live = {Pair(VALE, FEN, "one")}
    assert propose(seekers, offers, {}, live) == (Pair(COAST, FEN, "one"), Pair(VALE, DALE, "one"))
    assert propose(seekers, offers, {}, live, {Pair(COAST, FEN, "one")}) == (Pair(COAST, DALE, "one"),)


def test_an_offer_whose_room_was_made_smaller_gets_no_more() -> None:
    live = {Pair(VALE, FEN, "one"), Pair(COAST, FEN, "one")}
    assert propose([ask(MOOR)], [offer(FEN, at_a_time=1)], {}, live) == ()


# ---- Laws ------------------------------------------------------------------------------------------------------------


WHO = [UUID(int=number) for number in range(1, 8)]
PLACES = {
    who: Place(("unitary", "county", "")[number % 3], (SMALL, LARGE, None)[number % 2], ("North", "South")[number // 4])
    for number, who in enumerate(WHO)
}
a_partnership, an_enabler = st.sampled_from(WHO), st.sampled_from(["one", "two"])
some_kinds = st.frozensets(st.sampled_from(list(HelpKind)), min_size=1)
a_day = st.integers(0, 3).map(day)
seekers_of = st.builds(Seeker, a_partnership, an_enabler, some_kinds, st.sampled_from(Need), a_day)
givers_of = st.builds(Giver, a_partnership, an_enabler, some_kinds, st.integers(1, 3), a_day)


def once(each: Seeker | Giver) -> tuple[UUID, str]:
    return each.partnership_id, each.enabler


some_seekers = st.lists(seekers_of, unique_by=once, max_size=10)
some_givers = st.lists(givers_of, unique_by=once, max_size=10)
some_pairs = st.frozensets(st.builds(Pair, a_partnership, a_partnership, an_enabler), max_size=6)


@law()
@given(some_seekers, some_givers, some_pairs, some_pairs)
def test_no_cap_is_exceeded_and_only_what_can_go_together_is_proposed(
    seekers: list[Seeker], givers: list[Giver], live: frozenset[Pair], resting: frozenset[Pair]
) -> None:
    found = propose(seekers, givers, PLACES, live, resting)
    assert len(set(found)) == len(found)
    assert not set(found) & (live | resting)
    helped = Counter((pair.offering_id, pair.enabler) for pair in (*live, *found))
    helping = Counter((pair.asking_id, pair.enabler) for pair in (*live, *found))
    asked, offered = {once(each): each for each in seekers}, {once(each): each for each in givers}
    for pair in found:
        seeker, giver = asked[pair.asking_id, pair.enabler], offered[pair.offering_id, pair.enabler]
        assert can_pair(seeker, giver)
        assert helped[once(giver)] <= giver.at_a_time <= MOST_AT_A_TIME
        assert helping[once(seeker)] <= MOST_PROPOSALS


@law()
@given(some_seekers, some_givers, some_pairs, st.randoms())
def test_the_order_in_which_they_come_changes_nothing(
    seekers: list[Seeker], givers: list[Giver], live: frozenset[Pair], chance: Random
) -> None:
    found = propose(seekers, givers, PLACES, live)
    others, more = list(seekers), list(givers)
    chance.shuffle(others)
    chance.shuffle(more)
    assert propose(others, more, PLACES, sorted(live, reverse=True)) == found


@law()
@given(some_seekers, some_givers, some_pairs)
def test_nobody_is_left_waiting_for_an_offer_that_has_room(
    seekers: list[Seeker], givers: list[Giver], live: frozenset[Pair]
) -> None:
    found = {*live, *propose(seekers, givers, PLACES, live)}
    helped = Counter((pair.offering_id, pair.enabler) for pair in found)
    helping = Counter((pair.asking_id, pair.enabler) for pair in found)
    for seeker in seekers:
        for giver in givers:
            both = Pair(seeker.partnership_id, giver.partnership_id, seeker.enabler)
            has_room = helped[once(giver)] < giver.at_a_time and helping[once(seeker)] < MOST_PROPOSALS
            assert both in found or not (has_room and can_pair(seeker, giver))


@law()
@given(some_seekers, some_givers)
def test_proposing_again_adds_nothing(seekers: list[Seeker], givers: list[Giver]) -> None:
    assert propose(seekers, givers, PLACES, propose(seekers, givers, PLACES)) == ()


# ---- The rule, by trying everything ----------------------------------------------------------------------------------


def try_everything(seekers: Sequence[Seeker], givers: Sequence[Giver]) -> frozenset[Pair]:
    """Find the best of all sets of pairs that keep within the caps.

    Best is what gives the first in the queue the best first offer; among those, the second, and so on; then the second
    offer of each, and the third. No turn is taken here: only sets are compared.
    """
    queue = sorted(
        seekers, key=lambda each: (each.need is not Need.BARRIER, each.since, each.partnership_id, each.enabler)
    )
    wishes = {once(each): [once(giver) for giver in rank(each, givers, PLACES)] for each in queue}
    pairs = [Pair(each.partnership_id, giver[0], each.enabler) for each in queue for giver in wishes[once(each)]]

    def keeps_caps(chosen: Sequence[Pair]) -> bool:
        helped = Counter((pair.offering_id, pair.enabler) for pair in chosen)
        helping = Counter((pair.asking_id, pair.enabler) for pair in chosen)
        return all(number <= MOST_PROPOSALS for number in helping.values()) and all(
            helped[once(giver)] <= giver.at_a_time for giver in givers
        )

    def worth(chosen: Sequence[Pair]) -> list[int]:
        got = {
            once(each): sorted(
                wishes[once(each)].index((pair.offering_id, pair.enabler))
                for pair in chosen
                if (pair.asking_id, pair.enabler) == once(each)
            )
            for each in queue
        }
        nothing = len(givers)
        return [
            got[once(each)][turn] if turn < len(got[once(each)]) else nothing
            for turn in range(MOST_PROPOSALS)
            for each in queue
        ]

    allowed = [chosen for chosen in list_subsets(pairs) if keeps_caps(chosen)]
    best = min(allowed, key=worth)
    return frozenset(best)


def list_subsets(pairs: Sequence[Pair]) -> Iterator[tuple[Pair, ...]]:
    return chain.from_iterable(combinations(pairs, size) for size in range(len(pairs) + 1))


@law(60)
@given(
    st.lists(
        st.builds(Seeker, a_partnership, st.just("one"), some_kinds, st.sampled_from(Need), a_day),
        unique_by=once,
        max_size=3,
    ),
    st.lists(
        st.builds(Giver, a_partnership, st.just("one"), some_kinds, st.integers(1, 2), a_day),
        unique_by=once,
        max_size=4,
    ),
)
def test_taking_turns_is_the_best_of_all_that_keep_within_the_caps(seekers: list[Seeker], givers: list[Giver]) -> None:
    assert frozenset(propose(seekers, givers, PLACES)) == try_everything(seekers, givers)
