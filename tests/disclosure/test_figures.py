"""The figures of a cell, rounded."""

from fractions import Fraction
from random import Random
from statistics import quantiles

import pytest

from app.disclosure.figures import QUARTERS, find_quartile, publish, publish_quartiles
from app.disclosure.problem import Detail, Rules

RULES = Rules(10)


@pytest.mark.parametrize(
    ("scores", "mean"),
    [
        ([Fraction(81, 2)] * 10, 41),  # 40.5, half up
        ([Fraction(404999, 10000)] * 10, 40),
        ([Fraction(0)] * 10, 0),
        ([Fraction(100)] * 10, 100),
        ([Fraction(1, 3), Fraction(2, 3)], 1),  # 0.5
    ],
)
def test_means_are_rounded_half_up_from_the_exact_number(scores: list[Fraction], mean: int) -> None:
    published = publish(scores, ["a"] * len(scores), Detail.MEAN, RULES)
    assert published is not None
    assert (published.count, published.mean, published.bands) == (len(scores), mean, None)


def test_each_detail_has_what_those_before_it_have() -> None:
    scores, bands = [Fraction(n) for n in range(40)], ["low"] * 25 + ["high"] * 15
    shown = [publish(scores, bands, detail, RULES) for detail in Detail]
    assert shown[0] is None
    assert [each.bands for each in shown[1:] if each] == [None, *[{"high": 15, "low": 25}] * 3]
    assert [each.quartiles for each in shown[1:] if each] == [(None,) * 3, (None,) * 3, *[(10, 20, 30)] * 2]


def test_quartiles_are_those_of_the_inclusive_method() -> None:
    chance = Random(5)
    for size in range(2, 60):
        numbers = sorted(Fraction(chance.randint(0, 400), 4) for _ in range(size))
        assert [find_quartile(numbers, quarter) for quarter in QUARTERS] == quantiles(numbers, method="inclusive")


def test_no_single_contributor_changes_a_quartile_that_is_shown() -> None:
    chance = Random(11)
    shown = 0
    for _ in range(40):
        scores = [Fraction(chance.randint(0, 100)) for _ in range(chance.randint(20, 60))]
        published = publish_quartiles(scores, Detail.STEADY_QUARTILES, 5)
        for place in range(len(scores)):
            for other in (0, 25, 50, 75, 100):
                moved = [*scores[:place], Fraction(other), *scores[place + 1 :]]
                for quarter, number in zip(QUARTERS, published, strict=True):
                    if number is not None:
                        shown += 1
                        assert abs(find_quartile(sorted(moved), quarter) - number) <= Fraction(5, 2)
    assert shown > 1000
