"""Importing nearest neighbours: whole or not at all, in place of those before, on either database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.areas import NeighbouredArea
from app.domain.errors import NotAllowedNowError, NotFoundError
from app.services import Database
from app.services.setting_up import neighbours as service
from app.services.setting_up.areas import import_areas
from app.services.setting_up.neighbours import import_neighbours
from app.services.setting_up.tables import Faulty, Imported
from app.store import neighbours
from app.store.models import AuditEntry
from tests.administrators import make_administrator
from tests.people import NOW
from tests.services.test_assessing import count_rows
from tests.services.test_indicators import AREAS
from tests.services.test_set_up_files import faults, imported
from tests.statements import counted_statements

A, B, C = "E06000001", "E06000002", "E06000003"


@pytest.fixture(autouse=True)
def places(database: Database) -> None:
    assert isinstance(import_areas(database, None, AREAS.encode(), NOW), Imported)


def send(database: Database, *rows: str) -> Imported | Faulty:
    text = "area_code,neighbour_code,rank\n" + "".join(f"{row}\n" for row in rows)
    return import_neighbours(database, None, text.encode(), NOW)


def list_stored(database: Database) -> dict[str, tuple[str, ...]]:
    with database.reading() as session:
        return neighbours.list_neighbours(session)


def test_the_nearest_comes_first(database: Database) -> None:
    assert imported(send(database, f"{A},{B},20", f"{A},{C},3", f"{C},{A},1")) == (3, 0, 0)
    assert list_stored(database) == {A: (C, B), C: (A,)}


def test_the_areas_of_a_file_get_its_neighbours_and_others_keep_theirs(database: Database) -> None:
    rows = [f"{A},{B},1", f"{A},{C},2", f"{C},{A},1"]
    imported(send(database, *rows))
    assert imported(send(database, *rows)) == (0, 0, 3)
    assert count_rows(database, AuditEntry) == 2  # the areas, and the first file
    assert imported(send(database, f"{A},{B},2", f"{A},{C},1")) == (0, 2, 0)
    assert list_stored(database) == {A: (C, B), C: (A,)}
    result = send(database, f"{A},{B},2")
    assert imported(result) == (0, 0, 1)
    assert isinstance(result, Imported)
    assert result.notes == ("Taken away, since the file does not name them: 1",)
    assert list_stored(database) == {A: (B,), C: (A,)}


def test_retired_codes_are_brought_to_those_that_stand_for_them(database: Database) -> None:
    result = send(database, f"E07000002,{B},1", f"{B},E07000001,1")
    assert imported(result) == (2, 0, 0)
    assert isinstance(result, Imported)
    assert len(result.notes) == 2
    assert list_stored(database) == {A: (B,), B: (A,)}


def test_columns_have_several_spellings(database: Database) -> None:
    text = f"Code;Rank;Neighbour code\n{A};1;{B}\n"
    assert imported(import_neighbours(database, None, text.encode(), NOW)) == (1, 0, 0)


FAULTS = {
    "what is missing": (
        [",,x"],
        ["2: the rank “x” is no number from 1 to 999", "2: “” is no code of nine characters"],
    ),
    "unknown and divided areas": (
        [f"E06000009,{A},1", f"{A},E10000001,1"],
        ["2: there is no area “E06000009”", "3: E10000001 Wideshire was divided into"],
    ),
    "its own neighbour": (
        [f"{A},{A},1", f"E07000001,{A},2"],
        ["2: E06000001 Ashby is no neighbour of its own", "3: E06000001 Ashby is no neighbour of its own"],
    ),
    "a rank twice": (
        [f"{A},{B},1", f"{B},{A},1", f"{A},{C},1"],
        ["4: E06000001 Ashby has a neighbour of rank 1 on line 2 as well"],
    ),
    "a neighbour twice": (
        [f"{A},E07000003,1", f"{A},E07000004,2"],
        ["3: E06000003 Cotham is a neighbour of E06000001 Ashby on line 2 as well"],
    ),
    "a row twice": (
        [f"{A},{B},1", f"{A},{B},1"],
        ["3: E06000001 Ashby has a neighbour of rank 1 on line 2", "3: E06000002 Borrow is a neighbour of E06000001"],
    ),
    "ranks that are none": (
        [f"{A},{B},{rank}" for rank in ("0", "-1", "1.5", "1000", "", "first")],
        [
            f"{line}: the rank “{rank}” is no number"
            for line, rank in enumerate(("0", "-1", "1.5", "1000", "", "first"), 2)
        ],
    ),
}


@pytest.mark.parametrize("which", FAULTS)
def test_every_fault_is_told_with_its_line_and_nothing_stored(database: Database, which: str) -> None:
    imported(send(database, f"{C},{B},7"))
    before = count_rows(database, AuditEntry)
    rows, expected = FAULTS[which]
    found = faults(send(database, *rows))
    assert [fault[: len(start)] for fault, start in zip(found, expected, strict=True)] == expected
    assert list_stored(database) == {C: (B,)}
    assert count_rows(database, AuditEntry) == before


def test_of_many_at_once_one_file_stands_whole(database: Database) -> None:
    files = [(f"{A},{B},{rank}", f"{A},{C},{rank + 1}") for rank in range(1, 9)]

    def run(rows: tuple[str, str]) -> bool:
        try:
            return isinstance(send(database, *rows), Imported)
        except NotAllowedNowError:
            return False

    with ThreadPoolExecutor(4) as pool:
        assert any(pool.map(run, files))
    assert list_stored(database) == {A: (B, C)}


def test_statements_do_not_grow_with_the_rows(database: Database) -> None:
    codes = [f"E08{number:06d}" for number in range(300)]
    text = "code,name\n" + "".join(f"{code},{code}\n" for code in codes)
    assert isinstance(import_areas(database, None, text.encode(), NOW), Imported)

    def run(first: int, count: int) -> int:
        chosen = codes[first : first + count]
        rows = [f"{code},{other},{rank}" for code in chosen for rank, other in enumerate((A, B, C), 1)]
        with counted_statements(database) as statements:
            assert imported(send(database, *rows)) == (3 * count, 0, 0)
        return len(statements)

    assert run(0, 200) == run(200, 2)


# ---- Looking up and removing -----------------------------------------------------------------------------------------


def test_areas_are_found_with_their_neighbours_and_when_those_came(database: Database) -> None:
    administrator = make_administrator(database)
    imported(send(database, f"{A},{C},1", f"{A},{B},2", f"{C},{A},1"))
    later = NOW + timedelta(days=3)
    text = f"area_code,neighbour_code,rank\n{C},{B},1\n"
    assert isinstance(import_neighbours(database, None, text.encode(), later), Imported)
    ashby = NeighbouredArea(A, "Ashby", ("Cotham", "Borrow"), NOW)
    cotham = NeighbouredArea(C, "Cotham", ("Borrow",), later)
    with counted_statements(database) as statements:
        assert service.search(database, administrator, "", 0, 10) == ((ashby, cotham), 2)
    assert len(statements) == 3
    assert service.search(database, administrator, "cot", 0, 10) == ((cotham,), 1)
    assert service.search(database, administrator, A.lower(), 0, 10) == ((ashby,), 1)
    assert service.search(database, administrator, "", 1, 1) == ((cotham,), 2)
    assert service.search(database, administrator, "Borrow", 0, 10) == ((), 0)  # a neighbour, with none of its own
    assert service.get(database, administrator, A) == ashby


def test_the_neighbours_of_one_area_are_removed_and_that_is_written_down(database: Database) -> None:
    administrator = make_administrator(database)
    imported(send(database, f"{A},{C},1", f"{A},{B},2", f"{C},{A},1"))
    service.remove(database, administrator, A, NOW)
    assert list_stored(database) == {C: (A,)}
    with database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.event, last.old_text) == ("neighbours-removed", f"2 of {A} Ashby")
    before = count_rows(database, AuditEntry)
    for code in (A, B, "E99999999", "", "\0", A.lower()):
        with pytest.raises(NotFoundError):
            service.get(database, administrator, code)
        with pytest.raises(NotFoundError):
            service.remove(database, administrator, code, NOW)
    assert count_rows(database, AuditEntry) == before
    assert list_stored(database) == {C: (A,)}
