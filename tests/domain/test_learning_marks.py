"""Marks on the learning library: what rises, and what may be shown so that no single mark can be read off."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.learning import find_learning
from app.domain.learning_marks import (
    NOTHING,
    SHOWN_FROM,
    Item,
    ItemKind,
    MarkCount,
    ShownCount,
    find_shown,
    has_item,
    list_shown,
    raise_helpful,
)
from app.domain.rounds import LEAST_THRESHOLD
from tests.domain.strategies import law
from tests.domain.test_learning import make_library, make_point, make_resource

LIBRARY = make_library(
    [
        make_point("first", "one", ["low"], resources=["x", "y", "z"]),
        make_point("second", "one", ["low"]),
        make_point("third", "one", ["low"]),
        make_point("for-a", "one", ["low"], questions=["a"]),
        make_point("also-a", "one", ["low"], questions=["a"]),
    ],
    make_resource("x"),
    make_resource("y"),
    make_resource("z"),
)


def point(name: str) -> Item:
    return Item(ItemKind.POINT, name)


def resource(name: str) -> Item:
    return Item(ItemKind.RESOURCE, name)


def order(counts: dict[Item, int], question: str = "b") -> list[str]:
    shown = list_shown({item: MarkCount(number, number) for item, number in counts.items()})
    return [each.id for each in find_learning(raise_helpful(LIBRARY, shown), question, "one", "low")]


SHOWN = [(0, 0), (1, 0), (9, 0), (10, 10), (11, 10), (19, 10), (20, 20), (137, 130)]


@pytest.mark.parametrize(("number", "shown"), SHOWN)
def test_numbers_are_shown_from_the_threshold_and_in_whole_steps_of_it(number: int, shown: int) -> None:
    assert find_shown(MarkCount(number, number)) == ShownCount(shown, shown)
    assert find_shown(MarkCount(number, 0)) == ShownCount(shown, 0)


@pytest.mark.parametrize("threshold", [None, "10", 10.0, True, 0, 1, 4, LEAST_THRESHOLD - 1, 10**9])
def test_a_threshold_that_is_none_shows_nothing(threshold: object) -> None:
    assert find_shown(MarkCount(500, 500), threshold) == NOTHING
    assert list_shown({point("first"): MarkCount(500, 500)}, threshold) == {}


def test_ten_is_the_threshold_and_five_the_least() -> None:
    assert (SHOWN_FROM, LEAST_THRESHOLD) == (10, 5)
    assert find_shown(MarkCount(5, 5), LEAST_THRESHOLD) == ShownCount(5, 5)


ORDERS: list[tuple[dict[Item, int], list[str]]] = [
    ({}, ["first", "second", "third"]),
    ({point("third"): 9}, ["first", "second", "third"]),
    ({point("third"): 10}, ["third", "first", "second"]),
    ({point("third"): 19, point("second"): 11}, ["second", "third", "first"]),
    ({point("third"): 20, point("second"): 11}, ["third", "second", "first"]),
    ({point("first"): 30, point("third"): 30}, ["first", "third", "second"]),
    ({resource("third"): 90}, ["first", "second", "third"]),
]


@pytest.mark.parametrize(("counts", "expected"), ORDERS)
def test_what_more_found_helpful_comes_first_and_ties_keep_the_files_order(
    counts: dict[Item, int], expected: list[str]
) -> None:
    assert order(counts) == expected


def test_what_names_a_question_stays_before_what_is_general() -> None:
    assert order({point("third"): 50, point("also-a"): 10}, "a") == ["also-a", "for-a", "third", "first", "second"]


def test_resources_rise_in_their_point() -> None:
    shown = list_shown({resource("z"): MarkCount(12, 12), resource("y"): MarkCount(99, 0)})
    raised = raise_helpful(LIBRARY, shown)
    assert [each.id for each in raised.resources_of(raised.points[0])] == ["z", "x", "y"]


def test_to_have_used_something_is_not_to_have_found_it_helpful() -> None:
    shown = list_shown({point("third"): MarkCount(80, 9)})
    assert shown == {point("third"): ShownCount(80, 0)}
    assert raise_helpful(LIBRARY, shown).points == LIBRARY.points


def test_what_is_in_a_library_can_be_marked_and_nothing_else() -> None:
    assert has_item(LIBRARY, point("first"))
    assert has_item(LIBRARY, resource("x"))
    assert not has_item(LIBRARY, point("x"))
    assert not has_item(LIBRARY, resource("first"))


some_counts = st.dictionaries(st.sampled_from([point(each.id) for each in LIBRARY.points]), st.integers(0, 45))


@law()
@given(some_counts, st.sampled_from([point(each.id) for each in LIBRARY.points]))
def test_one_more_mark_changes_something_only_where_it_completes_a_step(counts: dict[Item, int], marked: Item) -> None:
    more = counts | {marked: counts.get(marked, 0) + 1}
    if more[marked] % SHOWN_FROM:
        assert order(more) == order(counts)
        assert list_shown({marked: MarkCount(more[marked], 0)}) == list_shown({marked: MarkCount(more[marked] - 1, 0)})


@law()
@given(some_counts)
def test_the_order_tells_no_more_than_the_numbers_that_are_shown(counts: dict[Item, int]) -> None:
    shown = list_shown({item: MarkCount(number, number) for item, number in counts.items()})
    raised = raise_helpful(LIBRARY, shown).points
    places = {each.id: place for place, each in enumerate(LIBRARY.points)}
    for one, other in pairwise(raised):
        before, after = (shown.get(point(each.id), NOTHING).helpful for each in (one, other))
        assert before > after or (before == after and places[one.id] < places[other.id])
    assert {each.id for each in raised} == set(places)
