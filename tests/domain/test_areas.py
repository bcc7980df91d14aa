"""Codes of areas, and which of them stand for retired ones."""

from datetime import date

import pytest

from app.domain.areas import AreaRecord, find_circular, find_current, find_kind, is_code

TODAY = date(2026, 11, 2)
SUCCESSORS = {"A": ("B",), "B": ("C", "D"), "D": ("C",), "E": ("F",), "F": ("E",), "G": ("E",)}


@pytest.mark.parametrize(
    ("code", "current"), [("C", ("C",)), ("A", ("C",)), ("B", ("C",)), ("Z", ("Z",)), ("E", ()), ("G", ())]
)
def test_a_retired_code_is_followed_to_the_codes_of_today(code: str, current: tuple[str, ...]) -> None:
    assert find_current(code, SUCCESSORS) == current


def test_a_place_that_was_divided_has_several_successors() -> None:
    assert find_current("X", {"X": ("Y", "Z")}) == ("Y", "Z")


def test_circles_are_found_with_what_leads_into_them_alone() -> None:
    assert find_circular(SUCCESSORS) == {"E", "F", "G"}
    assert find_circular({"A": ("A",)}) == {"A"}
    assert find_circular({"A": ("B",), "B": ()}) == frozenset()


def test_a_long_chain_is_no_circle() -> None:
    chain = {str(number): (str(number + 1),) for number in range(20_000)}
    assert find_circular(chain) == frozenset()
    assert find_current("0", chain) == ("20000",)


@pytest.mark.parametrize(
    ("area", "retired"),
    [
        (AreaRecord("E06000001", "A", "unitary"), False),
        (AreaRecord("E06000001", "A", "unitary", valid_to=TODAY), False),
        (AreaRecord("E06000001", "A", "unitary", valid_to=date(2026, 11, 1)), True),
        (AreaRecord("E06000001", "A", "unitary", successors=("E06000002",)), True),
    ],
)
def test_a_code_is_retired_after_its_last_day_or_with_a_successor(area: AreaRecord, *, retired: bool) -> None:
    assert area.is_retired(TODAY) is retired


@pytest.mark.parametrize(
    "text",
    ["E0600001", "e06000001", "E060000011", "E06 00001", "E0600000\N{ARABIC-INDIC DIGIT ONE}", "", "\nE06000001"],
)
def test_what_has_another_form_is_no_code(text: str) -> None:
    assert not is_code(text)


def test_the_first_characters_say_what_an_area_is() -> None:
    kinds = {code: find_kind(code) for code in ("E06000001", "E47000001", "S12000036", "Q99000001")}
    assert kinds == {
        "E06000001": "unitary",
        "E47000001": "combined-authority",
        "S12000036": "council-area",
        "Q99000001": "",
    }
