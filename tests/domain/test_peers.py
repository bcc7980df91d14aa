"""Groups of places most alike: tables by hand, and the laws."""

from collections.abc import Mapping, Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.areas import AreaRecord
from app.domain.peers import find_heirs, find_least, group_peers
from tests.domain.strategies import law

Neighbours = Mapping[str, Sequence[str]]

GROUPS: Mapping[str, tuple[str, Neighbours, int, tuple[str, ...]]] = {
    "two pairs, each nearest to the other": ("ABCD", {"A": "B", "B": "A", "C": "D", "D": "C"}, 2, ("AB", "CD")),
    "in both directions is closer than in one": ("ABCD", {"A": "BC", "C": "DA", "B": "D", "D": "B"}, 2, ("AC", "BD")),
    "of two ways in both directions the lower ranks": ("ABCD", {"A": "CB", "B": "A", "C": "A"}, 2, ("ABCD",)),
    "of equal ones the lowest code": ("ABCD", {"A": "CD", "C": "A", "D": "BA", "B": "D"}, 2, ("AC", "BD")),
    "a way through an area without a partnership is none": ("AC", {"A": "B", "B": "C", "C": "B"}, 1, ("A", "C")),
    "whoever has no neighbour goes to the smallest group": ("ABCDE", {"A": "B", "B": "A"}, 2, ("ABE", "CD")),
    "too few for two groups are all in one": ("ABC", {"A": "B", "B": "A"}, 2, ("ABC",)),
    "nobody is in none": ("", {}, 2, ()),
}


@pytest.mark.parametrize("name", GROUPS)
def test_groups_are_as_worked_out_by_hand(name: str) -> None:
    places, neighbours, least, groups = GROUPS[name]
    assert group_peers({place: place for place in places}, neighbours, least) == tuple(map(frozenset, groups))


def test_partnerships_of_one_area_are_together() -> None:
    assert group_peers({1: "A", 2: "A", 3: "B", 4: "B"}, {"A": "B"}, 2) == (frozenset({1, 2}), frozenset({3, 4}))


@pytest.mark.parametrize(("threshold", "least"), [(5, 7), (10, 15), (25, 37)])
def test_a_group_has_half_as_many_again_as_a_figure_needs(threshold: int, least: int) -> None:
    assert find_least(threshold) == least


def test_areas_of_today_stand_for_retired_ones() -> None:
    areas = [AreaRecord("A", "A", "unitary"), AreaRecord("B", "B", "unitary"), AreaRecord("C", "C", "unitary")]
    old = [AreaRecord("X", "X", "unitary", successors=("A", "B")), AreaRecord("Y", "Y", "unitary", successors=("C",))]
    neighbours = {"X": ("Y", "B"), "B": ("A",), "C": ("X",)}
    assert find_heirs(neighbours, [*areas, *old]) == {"A": ("C", "B"), "B": ("A",), "C": ("A", "B")}


World = tuple[dict[int, str], dict[str, tuple[str, ...]], int]
codes = st.text("ABCDEFGH", min_size=1, max_size=2)
worlds: st.SearchStrategy[World] = st.tuples(
    st.dictionaries(st.integers(0, 99), codes, max_size=40),
    st.dictionaries(codes, st.lists(codes, unique=True, max_size=6).map(tuple), max_size=30),
    st.integers(1, 20),
)


@law()
@given(worlds)
def test_every_place_is_in_one_group_and_every_group_is_large_enough_or_the_only_one(world: World) -> None:
    areas, _, least = world
    groups = group_peers(*world)
    assert sorted(place for group in groups for place in group) == sorted(areas)
    assert len(groups) <= 1 or min(map(len, groups)) >= least


@law()
@given(worlds, st.randoms())
def test_groups_do_not_depend_on_the_order_of_what_is_given(world: World, chance: Random) -> None:
    areas, neighbours, least = world
    places, links = list(areas.items()), list(neighbours.items())
    chance.shuffle(places)
    chance.shuffle(links)
    assert group_peers(dict(places), dict(links), least) == group_peers(*world)


@law()
@given(worlds)
def test_places_of_one_area_are_never_parted(world: World) -> None:
    areas = world[0]
    for group in group_peers(*world):
        inside = {areas[place] for place in group}
        assert group == {place for place, code in areas.items() if code in inside}
