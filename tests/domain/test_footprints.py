"""What is known of the areas of a partnership together: tables by hand, and the laws."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.areas import AreaRecord, list_current
from app.domain.footprints import (
    MIXED,
    SEVERAL_REGIONS,
    SIZES,
    Covered,
    Footprint,
    PerHead,
    SizeClass,
    YearsApart,
    count_areas_once,
    cut_fifths,
    find_size,
    make_footprint,
)
from app.domain.indicators import DEPRIVATION, POPULATION, SPEND, UNIT_OF, Figure, Indicator
from tests.domain.strategies import law

Given = Mapping[str, tuple[int, Fraction | int | str]]
"""Area code -> year and figure."""

PEOPLE: Given = {"A": (2024, 100_000), "B": (2024, 300_000), "C": (2024, 50_000)}
SPENDING: Given = {"A": (2024, 50_000_000), "B": (2024, 90_000_000)}
SCORES: Given = {"A": (2025, 10), "B": (2025, 30), "C": (2025, 20), "D": (2025, 40), "E": (2025, "0.5")}


def area(code: str, kind: str = "unitary", region: str = "North") -> AreaRecord:
    return AreaRecord(code, code, kind, region=region)


def indicator(name: str, given: Given) -> Indicator:
    figures = {code: Figure(year, Fraction(value)) for code, (year, value) in given.items()}
    return Indicator(name, UNIT_OF.get(name, "things"), figures)


def indicators(**given: Given) -> dict[str, Indicator]:
    return {name: indicator(name, figures) for name, figures in given.items()}


def together(codes: str, known: Mapping[str, Indicator]) -> Footprint:
    return make_footprint(map(area, codes), known, cut_fifths(known.get(DEPRIVATION)))


def test_a_footprint_worked_out_by_hand() -> None:
    found = together("AB", indicators(population=PEOPLE, deprivation=SCORES, spend=SPENDING))
    assert found == Footprint(
        people={"A": Fraction(100_000), "B": Fraction(300_000)},
        area_kind="unitary",
        region="North",
        population=Fraction(400_000),
        size=SizeClass.OVER_300K,
        deprivation=Fraction(25),  # (10 × 100,000 + 30 × 300,000) / 400,000
        fifth=2,  # the borders are 35, 25, 15 and 5.25; on one it is of the more deprived fifth
        per_head={SPEND: PerHead(Fraction(350), "pounds", 2024, 2024)},  # not the mean of 500 and 300
    )


KINDS = {
    ("unitary", "unitary"): "unitary",
    ("unitary", "district"): MIXED,
    ("county",): "county",
    (): "",
}
REGIONS = {
    ("North", "North"): "North",
    ("North", "South"): SEVERAL_REGIONS,
    ("North", ""): "",
    ("North", "South", ""): SEVERAL_REGIONS,
    ("", ""): "",
    (): "",
}


@pytest.mark.parametrize("kinds", KINDS)
def test_areas_are_of_one_kind_or_mixed(kinds: tuple[str, ...]) -> None:
    areas = [area(f"A{number}", kind=kind) for number, kind in enumerate(kinds)]
    assert make_footprint(areas, {}, {}).area_kind == KINDS[kinds]


@pytest.mark.parametrize("regions", REGIONS)
def test_areas_lie_in_one_region_in_several_or_nobody_knows(regions: tuple[str, ...]) -> None:
    areas = [area(f"A{number}", region=region) for number, region in enumerate(regions)]
    assert make_footprint(areas, {}, {}).region == REGIONS[regions]


@pytest.mark.parametrize(
    ("population", "size"),
    [
        ("1", "under-150k"),
        ("149999.9", "under-150k"),
        ("150000", "150k-to-300k"),
        ("300000", "150k-to-300k"),
        ("300000.1", "over-300k"),
        ("9000000", "over-300k"),
    ],
)
def test_a_footprint_has_a_size_with_words(population: str, size: str) -> None:
    found = find_size(Fraction(population))
    assert found == size
    assert [each.words for each in SIZES if each.id is found]


MISSING = {
    "population of one area": (indicators(population={"A": (2024, 5)}, deprivation=SCORES, spend=SPENDING), {}),
    "population of all": (indicators(deprivation=SCORES, spend=SPENDING), {}),
    "the score of one": (
        indicators(population=PEOPLE, deprivation={"A": (2025, 1)}, spend=SPENDING),
        {"population": Fraction(400_000), "size": SizeClass.OVER_300K},
    ),
    "one edition of the index": (
        indicators(population=PEOPLE, deprivation={**SCORES, "A": (2019, 10)}, spend=SPENDING),
        {"population": Fraction(400_000), "size": SizeClass.OVER_300K},
    ),
    "everything": ({}, {}),
}


@pytest.mark.parametrize("which", MISSING)
def test_what_is_missing_of_one_area_is_missing_of_the_footprint(which: str) -> None:
    known, there = MISSING[which]
    found = together("AB", known)
    for name in ("population", "size", "deprivation", "fifth"):
        assert getattr(found, name) == there.get(name), name


PER_HEAD = {
    "all known": (indicators(population=PEOPLE, spend=SPENDING), PerHead(Fraction(350), "pounds", 2024, 2024)),
    "people of another year": (
        indicators(population={"A": (2023, 1), "B": (2023, 2)}, spend=SPENDING),
        PerHead(Fraction(140_000_000, 3), "pounds", 2024, 2023),
    ),
    "spending of two years": (
        indicators(population=PEOPLE, spend={"A": (2024, 5), "B": (2022, 5)}),
        YearsApart(SPEND, (2022, 2024)),
    ),
    "people of two years": (
        indicators(population={"A": (2024, 5), "B": (2021, 5)}, spend=SPENDING),
        YearsApart(POPULATION, (2021, 2024)),
    ),
    "spending of one area missing": (indicators(population=PEOPLE, spend={"A": (2024, 5)}), None),
    "people of one area missing": (indicators(population={"A": (2024, 5)}, spend=SPENDING), None),
    "no spending at all": (indicators(population=PEOPLE), None),
}


@pytest.mark.parametrize("which", PER_HEAD)
def test_sums_are_divided_and_years_are_not_mixed(which: str) -> None:
    known, expected = PER_HEAD[which]
    assert together("AB", known).per_head == {SPEND: expected}


def test_years_apart_are_said_in_words() -> None:
    said = str(YearsApart(SPEND, (2021, 2022, 2024)))
    assert said == "The figures of spend are of 2021, 2022 and 2024, and are not added up"


def test_any_total_can_be_divided() -> None:
    known = indicators(population=PEOPLE, homes={"A": (2024, 1), "B": (2024, 2)})
    found = make_footprint(map(area, "AB"), known, {}, ["homes", "nothing"])
    assert found.per_head == {"homes": PerHead(Fraction(3, 400_000), "things", 2024, 2024), "nothing": None}


# ---- Fifths ----------------------------------------------------------------------------------------------------------

FIFTHS = {
    "five": ("50 40 30 20 10", "1 2 3 4 5"),
    "six": ("60 50 40 30 20 10", "1 2 3 4 5 5"),
    "seven": ("70 60 50 40 30 20 10", "1 2 3 3 4 5 5"),
    "ten": ("10 9 8 7 6 5 4 3 2 1", "1 1 2 2 3 3 4 4 5 5"),
    "equal at a border": ("50 40 40 20 10", "1 2 2 4 5"),
    "all equal": ("7 7 7 7 7", "1 1 1 1 1"),
}


@pytest.mark.parametrize("which", FIFTHS)
def test_areas_are_cut_into_fifths_by_rank(which: str) -> None:
    scores, expected = (list(map(int, text.split())) for text in FIFTHS[which])
    known = indicator(DEPRIVATION, {str(number): (2025, score) for number, score in enumerate(scores)})
    cut = cut_fifths(known)[2025]
    assert [cut.place(Fraction(score)) for score in scores] == expected


def test_a_mean_between_two_fifths_is_of_the_nearer() -> None:
    cut = cut_fifths(indicator(DEPRIVATION, SCORES))[2025]
    assert [cut.place(Fraction(score)) for score in ("35.1", "35", "34.9", "25", "24.9", "5.25", "5.24")] == [
        *(1, 1, 2),
        *(2, 3, 4, 5),
    ]


def test_years_are_cut_for_themselves_and_few_areas_not_at_all() -> None:
    both = {**SCORES, **{f"W{number}": (2019, 100 * number) for number in range(5)}, "Z": (2015, 3)}
    cut = cut_fifths(indicator(DEPRIVATION, both))
    assert set(cut) == {2019, 2025}
    assert cut[2025] == cut_fifths(indicator(DEPRIVATION, SCORES))[2025]
    assert cut_fifths(None) == {}
    found = make_footprint([area("Z")], indicators(population={"Z": (2024, 1)}, deprivation=both), cut)
    assert (found.deprivation, found.fifth) == (Fraction(3), None)


# ---- Several footprints ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("footprints", "covered"),
    [
        ([], Covered(0, Fraction(0), 0)),
        (["AB"], Covered(2, Fraction(400_000), 0)),
        (["AB", "BC"], Covered(3, Fraction(450_000), 1)),
        (["AB", "AB", "AB"], Covered(2, Fraction(400_000), 2)),
        (["A", "", "C"], Covered(2, Fraction(150_000), 0)),
        (["A", "D"], Covered(2, None, 0)),
    ],
)
def test_each_area_is_counted_once_however_footprints_overlap(footprints: list[str], covered: Covered) -> None:
    known = indicators(population=PEOPLE)
    assert count_areas_once(together(codes, known) for codes in footprints) == covered


@pytest.mark.parametrize(
    ("codes", "main"),
    [("AB", "B"), ("CA", "A"), ("ABX", "B"), ("YX", "X"), ("C", "C")],
    ids=["the most people", "in any order", "one not known", "none known", "alone"],
)
def test_the_main_area_is_where_most_people_live(codes: str, main: str) -> None:
    assert make_footprint(map(area, codes), indicators(population=PEOPLE), {}).main_area == main


def test_codes_of_today_are_taken_each_once() -> None:
    areas = {
        code: AreaRecord(code, code, "unitary", successors=successors)
        for code, successors in {"A": (), "B": (), "X": ("A",), "Y": ("A", "B")}.items()
    }
    assert [each.code for each in list_current(["Y", "X", "A"], areas)] == ["A", "B"]
    assert list_current([], areas) == ()


# ---- Laws ------------------------------------------------------------------------------------------------------------

_CODES = [f"{number:02d}" for number in range(12)]
_people = st.integers(1, 400_000)
_scores = st.sampled_from([Fraction(number, 4) for number in range(0, 240, 7)])


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Indicator]:
    """All is known, of one year."""
    return indicators(
        population={code: (2024, draw(_people)) for code in _CODES},
        deprivation={code: (2025, draw(_scores)) for code in _CODES},
        spend={code: (2024, draw(st.integers(-5, 10**9))) for code in _CODES},
    )


_footprints = st.lists(st.sampled_from(_CODES), min_size=1, max_size=8)


def of(codes: Sequence[str], world: Mapping[str, Indicator]) -> Footprint:
    return make_footprint(map(area, codes), world, cut_fifths(world[DEPRIVATION]))


@given(st.data(), worlds(), _footprints)
@law()
def test_order_and_repetition_of_areas_make_no_difference(
    data: st.DataObject, world: dict[str, Indicator], codes: list[str]
) -> None:
    other = data.draw(st.permutations([*codes, codes[0]]))
    assert of(codes, world) == of(other, world)
    assert list(of(codes, world).people) == list(of(other, world).people)


@given(worlds(), st.lists(_footprints, max_size=5))
@law()
def test_footprints_cover_what_their_union_covers(world: dict[str, Indicator], footprints: list[list[str]]) -> None:
    found = count_areas_once(of(codes, world) for codes in footprints)
    union = sorted({code for codes in footprints for code in codes})
    assert found.areas == len(union)
    assert found.people == sum((world[POPULATION].figures[code].value for code in union), Fraction(0))
    assert found.shared == sum(sum(code in codes for codes in footprints) > 1 for code in union)
    assert count_areas_once(of(codes, world) for codes in reversed(footprints)) == found


@given(worlds(), _footprints)
@law()
def test_what_is_said_of_a_footprint_lies_between_its_areas(world: dict[str, Indicator], codes: list[str]) -> None:
    found, single = of(codes, world), [of([code], world) for code in codes]
    heads = [each.per_head[SPEND] for each in single]
    whole = found.per_head[SPEND]
    assert isinstance(whole, PerHead)
    assert min(head.value for head in heads if isinstance(head, PerHead)) <= whole.value
    assert whole.value <= max(head.value for head in heads if isinstance(head, PerHead))
    scores = [each.deprivation for each in single if each.deprivation is not None]
    assert found.deprivation is not None
    assert min(scores) <= found.deprivation <= max(scores)
    fifths = [each.fifth for each in single if each.fifth is not None]
    assert found.fifth is not None
    assert min(fifths) <= found.fifth <= max(fifths)


@given(st.sets(st.integers(0, 1000), min_size=5, max_size=60))
@law()
def test_without_equal_scores_fifths_are_as_large_as_one_another(scores: set[int]) -> None:
    cut = cut_fifths(indicator(DEPRIVATION, {str(score): (2025, score) for score in scores}))[2025]
    ordered = [cut.place(Fraction(score)) for score in sorted(scores, reverse=True)]
    sizes = [ordered.count(fifth) for fifth in range(1, 6)]
    assert max(sizes) - min(sizes) <= 1
    assert all(before <= after for before, after in pairwise(ordered))
    assert ordered == [-(-5 * rank // len(scores)) for rank in range(1, len(scores) + 1)]
