"""Scores against spending: groups of as many each, and what follows from a rounded rho."""

from fractions import Fraction

import pytest

from app.domain.association import Verdict
from app.domain.footprints import PerHead, YearsApart
from app.domain.money import (
    Comparison,
    Money,
    Refusal,
    choose_year,
    compare,
    find_borders,
    find_spend,
    name_groups,
    place_in,
    read_group,
    read_money,
    round_border,
    round_to_hundredths,
    write_money,
)


def per_head(value: int, year: int) -> PerHead:
    return PerHead(Fraction(value), "pounds", year, year)


@pytest.mark.parametrize(
    ("count", "hundredths", "verdict", "detectable"),
    [
        (20, 0, Verdict.TOO_FEW, 0.444),
        (30, 36, Verdict.TOO_FEW, 0.361),
        (30, 39, Verdict.SHOWN, 0.361),
        (30, -39, Verdict.SHOWN, 0.361),
        (150, 0, Verdict.NONE_SHOWN, 0.160),
        (150, 20, Verdict.SHOWN, 0.160),
        (150, 15, Verdict.TOO_FEW, 0.160),
        (20, 100, Verdict.SHOWN, 0.444),
    ],
)
def test_all_that_is_said_follows_from_the_count_and_the_rounded_rho(
    count: int, hundredths: int, verdict: Verdict, detectable: float
) -> None:
    found = compare(count, hundredths)
    assert (found.count, found.rho, found.verdict, found.detectable) == (count, hundredths / 100, verdict, detectable)
    assert found.low <= found.rho <= found.high
    assert (found.low, found.high) == (round(found.low, 2), round(found.high, 2))


@pytest.mark.parametrize(
    ("number", "hundredths"), [(0.005, 1), (-0.005, -1), (0.0049, 0), (-0.0049, 0), (1.0, 100), (-0.996, -100)]
)
def test_opposite_orders_round_alike(number: float, hundredths: int) -> None:
    assert round_to_hundredths(number) == hundredths


@pytest.mark.parametrize(
    ("spends", "groups", "sizes"),
    [
        (range(10), 5, [2] * 5),
        (range(11), 3, [3, 4, 4]),
        ([1, 1, 1, 1, 2, 3], 3, [4, 2]),  # equal amounts are in one group
        ([1, 2, 2, 2, 2, 3], 2, [5, 1]),
        ([7] * 9, 3, [9]),
        ([5], 1, [1]),
    ],
)
def test_groups_hold_as_many_each_but_for_equal_amounts(spends: list[int], groups: int, sizes: list[int]) -> None:
    amounts = [Fraction(each) for each in spends]
    borders = find_borders(amounts, groups)
    places = [place_in(borders, each) for each in amounts]
    assert [places.count(place) for place in range(len(borders) + 1)] == sizes
    assert places == sorted(places)


def test_a_group_says_of_how_many_it_is_one() -> None:
    names = name_groups((Fraction(1), Fraction(2)))
    assert names == ("1-of-3", "2-of-3", "3-of-3")
    assert [read_group(name) for name in names] == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("border", "shown"), [(Fraction(1524), 1500), (Fraction(1525), 1550), (Fraction(3051, 2), 1550)]
)
def test_borders_are_rounded_to_fifty_pounds(border: Fraction, shown: int) -> None:
    assert round_border(border) == shown


def test_only_figures_of_the_commonest_year_are_compared_and_none_of_several() -> None:
    apart = YearsApart("spend", (2023, 2024))
    figures: list[PerHead | YearsApart | None] = [per_head(1, 2023), per_head(2, 2024), apart, None]
    assert choose_year(figures) == 2024  # the newest of equally common ones
    assert choose_year([*figures, per_head(3, 2023)]) == 2023
    assert choose_year([None, apart]) is None
    assert [find_spend(each, 2024) for each in figures] == [None, Fraction(2), None, None]
    assert find_spend(None, None) is None


@pytest.mark.parametrize(
    "money",
    [
        Money(None, None, (), {}),
        Money(2024, 0, (1500, 1600), {"a": compare(30, -36), "b": Refusal.TOO_FEW, "c": Refusal.WITHHELD}),
    ],
)
def test_what_is_frozen_is_read_as_it_was_written(money: Money) -> None:
    assert read_money(write_money(money)) == money
    assert all(isinstance(each, Comparison | Refusal) for each in money.enablers.values())
