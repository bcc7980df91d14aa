"""Whether two things go together: values from textbooks, the definition by brute force, and what may not matter."""

from collections.abc import Sequence
from fractions import Fraction
from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.association import (
    FEWEST,
    VERDICT_WORDS,
    Association,
    Interval,
    Pair,
    TooFewError,
    Verdict,
    associate,
    find_detectable,
    find_fewest_for_none,
    find_interval,
    find_rho,
    judge,
)
from tests.domain.strategies import law


def pair_up(firsts: Sequence[int | str], seconds: Sequence[int | str]) -> list[Pair]:
    return [(Fraction(first), Fraction(second)) for first, second in zip(firsts, seconds, strict=True)]


RHOS = {
    "the same order": ([1, 2, 3, 4], [10, 20, 30, 1000], 1.0),
    "opposite orders": ([1, 2, 3, 4], [4, 3, 2, 1], -1.0),
    "the example of the encyclopaedia: intelligence and television": (
        [106, 100, 86, 101, 99, 103, 97, 113, 112, 110],
        [7, 27, 2, 50, 28, 29, 20, 12, 6, 17],
        -29 / 165,
    ),
    "by hand: ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4": ([1, 2, 2, 3], [1, 2, 3, 4], 4.5 / sqrt(4.5 * 5)),
    "by hand: ranks 1.5, 1.5, 3.5, 3.5 and 1, 3, 3, 3": ([0, 0, 5, 5], [1, 2, 2, 2], 1 / sqrt(3)),
    "by hand: no order in common": ([1, 2, 3, 4], [2, 4, 1, 3], 0.0),
    "one alike everywhere": ([1, 2, 3, 4], [7, 7, 7, 7], None),
    "the other": ([7, 7, 7, 7], [1, 2, 3, 4], None),
    "both": ([7, 7], [7, 7], None),
}


@pytest.mark.parametrize("which", RHOS)
def test_rho_is_what_a_pencil_finds(which: str) -> None:
    firsts, seconds, expected = RHOS[which]
    found = find_rho(pair_up(firsts, seconds))
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-12))


def test_numbers_are_compared_exactly() -> None:
    almost = ["1/3", "0.3333333333333333333", "0.33333333333333333334", "0.1", "0.2"]
    assert find_rho(pair_up(almost, [4, 3, 5, 1, 2])) == 1


@pytest.mark.parametrize(
    ("count", "detectable"),
    [
        (4, 0.950),
        (5, 0.878),
        (10, 0.632),
        (11, 0.602),
        (20, 0.444),
        (21, 0.433),
        (25, 0.396),
        (30, 0.361),
        (50, 0.279),
        (100, 0.197),
        (150, 0.160),
        (1000, 0.062),
    ],
)
def test_the_smallest_rho_that_could_be_shown_is_that_of_the_tables(count: int, detectable: float) -> None:
    assert round(find_detectable(count), 3) == detectable


@pytest.mark.parametrize(
    ("count", "student"), [(4, "4.302653"), (12, "2.228139"), (20, "2.100922"), (32, "2.042272"), (122, "1.979930")]
)
def test_it_agrees_with_the_tables_of_students_t(count: int, student: str) -> None:
    t = float(student)
    assert find_detectable(count) == pytest.approx(t / sqrt(count - 2 + t * t), abs=1e-6)


INTERVALS = {
    (0.0, 28): (-0.3731, 0.3731),  # z is 0, with 1.96 / √25 = 0.3920 to either side
    (0.5, 30): (0.1481, 0.7395),  # z is 0.5493, with 1.96 × √(1.125 / 27) = 0.4001
    (-0.5, 30): (-0.7395, -0.1481),
    (0.3, 103): (0.1087, 0.4698),  # z is 0.3095, with 1.96 × √(1.045 / 100) = 0.2004
    (1.0, 20): (1.0, 1.0),
    (-1.0, 20): (-1.0, -1.0),
}


@pytest.mark.parametrize("rho_and_count", INTERVALS, ids=str)
def test_the_interval_is_that_of_bonett_and_wright(rho_and_count: tuple[float, int]) -> None:
    assert find_interval(*rho_and_count) == pytest.approx(INTERVALS[rho_and_count], abs=5e-5)


@pytest.mark.parametrize(
    ("interval", "verdict"),
    [
        ((0.01, 0.2), "association-shown"),
        ((-0.8, -0.1), "association-shown"),
        ((-0.2, 0.2), "no-association-shown"),
        ((-0.29, 0.0), "no-association-shown"),
        ((0.0, 0.29), "no-association-shown"),
        ((-0.3, 0.1), "too-few-to-tell"),
        ((-0.1, 0.3), "too-few-to-tell"),
        ((-0.5, 0.5), "too-few-to-tell"),
        (None, "undefined"),
    ],
)
def test_shown_not_shown_and_too_few_are_kept_apart(interval: tuple[float, float] | None, verdict: str) -> None:
    assert judge(Interval(*interval) if interval else None) == verdict


def test_with_fewer_than_it_takes_no_interval_is_narrow_enough_to_say_none() -> None:
    fewest = find_fewest_for_none()
    assert fewest == 44
    assert judge(find_interval(0, fewest)) is Verdict.NONE_SHOWN
    rhos = [place / 100 for place in range(-99, 100)]
    assert Verdict.NONE_SHOWN not in {judge(find_interval(rho, fewest - 1)) for rho in rhos}


def test_every_verdict_has_words_and_none_says_cause() -> None:
    assert set(VERDICT_WORDS) == set(Verdict)
    assert "cause" not in "".join(words for verdict, words in VERDICT_WORDS.items() if verdict is not Verdict.SHOWN)


@pytest.mark.parametrize("count", [0, 1, FEWEST - 1])
def test_under_twenty_nothing_is_said(count: int) -> None:
    with pytest.raises(TooFewError, match=f"Only {count} can be compared, and it takes 20"):
        associate(pair_up(range(count), range(count)))


def test_twenty_pairs_are_enough() -> None:
    found = associate(pair_up(range(20), [*range(10, 20), *range(10)]))
    assert (found.count, found.verdict) == (20, Verdict.SHOWN)
    assert found.rho == pytest.approx(1 - 6 * 20 * 10**2 / (20 * 399))  # each of them ten places away
    assert round(found.detectable, 3) == 0.444


def test_what_is_the_same_everywhere_is_undefined_and_said_so() -> None:
    found = associate(pair_up(range(20), [3] * 20))
    assert found == Association(20, None, None, found.detectable, Verdict.UNDEFINED)


# ---- By brute force, and laws ----------------------------------------------------------------------------------------

_numbers = st.sampled_from([Fraction(number, 3) for number in range(-20, 21)])
_pairs = st.lists(st.tuples(_numbers, _numbers), min_size=2, max_size=40)
_many = st.lists(st.tuples(_numbers, _numbers), min_size=FEWEST, max_size=40)


def rank(values: Sequence[Fraction]) -> list[Fraction]:
    """Rank by counting: those below, and half of those that are equal, itself included, and a half."""
    return [
        Fraction(sum(other < value for other in values)) + Fraction(sum(other == value for other in values) + 1, 2)
        for value in values
    ]


@given(_pairs)
@law()
def test_rho_is_the_correlation_of_ranks_by_definition(pairs: list[Pair]) -> None:
    firsts, seconds = (rank([pair[side] for pair in pairs]) for side in (0, 1))
    middle = Fraction(len(pairs) + 1, 2)
    common = sum((first - middle) * (second - middle) for first, second in zip(firsts, seconds, strict=True))
    spreads = [sum((each - middle) ** 2 for each in ranks) for ranks in (firsts, seconds)]
    found = find_rho(pairs)
    if 0 in spreads:
        assert found is None
    else:
        assert found is not None
        assert -1 <= found <= 1
        assert isclose(found, float(common) / sqrt(spreads[0] * spreads[1]), abs_tol=1e-12)


@given(st.permutations(range(25)))
@law()
def test_without_ties_it_is_the_formula_of_squared_differences(order: list[int]) -> None:
    squares = sum((place - value) ** 2 for place, value in enumerate(order))
    found = find_rho(pair_up(range(25), order))
    assert found == pytest.approx(1 - 6 * squares / (25 * (25**2 - 1)), abs=1e-12)


@given(st.data(), _many)
@law()
def test_order_units_and_sides_make_no_difference(data: st.DataObject, pairs: list[Pair]) -> None:
    found = associate(pairs)
    assert associate(data.draw(st.permutations(pairs))) == found
    assert associate([(second, first) for first, second in pairs]) == found
    assert associate([(first**3 + 7, 2 * second - 1) for first, second in pairs]) == found


@given(_many)
@law()
def test_turning_one_side_round_turns_the_sign(pairs: list[Pair]) -> None:
    found, turned = associate(pairs), associate([(first, -second) for first, second in pairs])
    assert turned.verdict == found.verdict
    assert turned.detectable == found.detectable
    if found.rho is not None and found.interval is not None:
        assert turned.rho == -found.rho
        assert turned.interval == pytest.approx((-found.interval.high, -found.interval.low), abs=1e-12)


@given(_many)
@law()
def test_the_interval_holds_rho_and_more_pairs_show_smaller_ones(pairs: list[Pair]) -> None:
    found = associate(pairs)
    if found.rho is not None and found.interval is not None:
        assert -1 <= found.interval.low <= found.rho <= found.interval.high <= 1
    twice = associate([*pairs, *pairs])
    assert twice.detectable < found.detectable
    assert twice.rho == (found.rho if found.rho is None else pytest.approx(found.rho, abs=1e-12))
