"""Importing indicators of areas: whole or not at all, exact, in one unit, on either database."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from sqlalchemy import select

from app.domain.access import Actor
from app.domain.errors import EnablersError, NotAllowedNowError, NotFoundError
from app.domain.indicators import UNIT_OF, Cell, Figure, IndicatorSummary, IndicatorYear
from app.services import Database
from app.services.setting_up import indicators as service
from app.services.setting_up.areas import import_areas
from app.services.setting_up.indicators import MAY_BE_MISSPELT, import_indicators
from app.services.setting_up.tables import Faulty, Imported
from app.store import indicators
from app.store.models import AuditEntry, IndicatorValue
from tests.administrators import make_administrator
from tests.people import NOW
from tests.services.test_assessing import count_rows
from tests.services.test_set_up_files import EXAMPLES, faults, imported
from tests.statements import counted_statements

AREAS = """\
code,name,kind,valid_to,successors
E06000001,Ashby,unitary,,
E06000002,Borrow,unitary,,
E06000003,Cotham,unitary,,
E07000001,Old Ashby,district,2020-03-31,E06000001
E07000002,Older Ashby,district,2010-03-31,E07000001
E07000003,West Cotham,district,2020-03-31,E06000003
E07000004,East Cotham,district,2020-03-31,E06000003
E10000001,Wideshire,county,2020-03-31,E06000001;E06000002
E10000002,Goneshire,county,2020-03-31,
"""
HEADER = "area_code,indicator,year,value,unit\n"


@pytest.fixture(autouse=True)
def places(database: Database) -> None:
    assert isinstance(import_areas(database, None, AREAS.encode(), NOW), Imported)


def send(database: Database, *rows: str, header: str = HEADER) -> Imported | Faulty:
    return import_indicators(database, None, (header + "".join(f"{row}\n" for row in rows)).encode(), NOW)


def list_stored(database: Database) -> dict[Cell, tuple[str, str]]:
    with database.reading() as session:
        return {
            Cell(row.indicator, row.area_code, row.year): (row.value, row.unit)
            for row in session.scalars(select(IndicatorValue))
        }


def test_values_are_stored_exactly_as_they_were_written(database: Database) -> None:
    result = send(
        database,
        "e06000001,Population,2024,100000,People",
        "E06000002,population,2024,0250000.00,people",
        "E06000001,Net  migration,2023,-12345678901234567.891,a 1000",
    )
    assert isinstance(result, Faulty)  # two spaces are no hyphen
    assert imported(
        send(
            database,
            "e06000001,Population,2024,100000,People",
            "E06000002,population,2024,0250000.00,people",
            "E06000001,Net migration,2023,-12345678901234567.891,a 1000",
        )
    ) == (3, 0, 0)
    assert list_stored(database) == {
        Cell("population", "E06000001", 2024): ("100000", "people"),
        Cell("population", "E06000002", 2024): ("250000", "people"),
        Cell("net-migration", "E06000001", 2023): ("-12345678901234567.891", "a 1000"),
    }


@pytest.mark.parametrize("name", ["area_code", "area code", "code", "Area Code"])
def test_the_column_of_the_code_has_several_spellings(database: Database, name: str) -> None:
    header = f"{name};indicator;year;value;unit\n"
    assert imported(send(database, "E06000001;spend;2024;1.5;pounds", header=header)) == (1, 0, 0)


def test_a_column_with_two_spellings_is_there_twice(database: Database) -> None:
    result = send(database, "E06000001,E06000001,spend,2024,1,pounds", header="code," + HEADER)
    assert faults(result) == ["1: the column “area_code” is there twice; take one out"]


def test_a_file_that_comes_again_changes_what_differs_and_says_so(database: Database) -> None:
    rows = ["E06000001,spend,2023,1.50,pounds", "E06000002,spend,2023,2,pounds"]
    assert imported(send(database, *rows)) == (2, 0, 0)
    before = list_stored(database)
    assert imported(send(database, *rows, rows[0].replace("1.50", "01.5"))) == (0, 0, 2)
    assert list_stored(database) == before
    assert count_rows(database, AuditEntry) == 2  # the areas, and the first file
    assert imported(send(database, rows[0].replace("1.50", "1.51"), "E06000003,spend,2023,3,POUNDS")) == (1, 1, 0)
    assert {cell.area_code: value for cell, value in list_stored(database).items()} == {
        "E06000001": ("1.51", "pounds"),
        "E06000002": ("2", "pounds"),
        "E06000003": ("3", "pounds"),
    }
    with database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.event, last.new_text) == ("indicators-imported", "1 added, 1 changed: spend")


RETIRED = {
    "one that was recoded": (
        "E07000001",
        "E06000001",
        "E07000001 Old Ashby is retired; E06000001 Ashby took its place",
    ),
    "one that was recoded twice": (
        "E07000002",
        "E06000001",
        "E07000002 Older Ashby is retired; E06000001 Ashby took its place",
    ),
    "one that became part of another": (
        "E07000003",
        "E06000003",
        (
            "E07000003 West Cotham is retired; E06000003 Cotham took its place, and that of E07000004 East Cotham; "
            "the figures have to be of all of it"
        ),
    ),
    "one that nothing followed": (
        "E10000002",
        "E10000002",
        "E10000002 Goneshire is retired, and no area is known to have taken its place",
    ),
}


@pytest.mark.parametrize("which", RETIRED)
def test_a_retired_code_is_brought_to_the_one_that_stands_for_it_and_told(database: Database, which: str) -> None:
    typed, code, note = RETIRED[which]
    result = send(database, f"{typed},spend,2019,5,pounds")
    assert imported(result) == (1, 0, 0)
    assert isinstance(result, Imported)
    assert note in result.notes
    assert list(list_stored(database)) == [Cell("spend", code, 2019)]


ONE_YEAR_EACH = {
    "indicators of different years": ["E06000001,spend,2022,5,pounds", "E06000002,population,2024,5,people"],
    "one year, written for several areas": ["E06000001,spend,2022,5,pounds", "E06000002,spend,2022,6,pounds"],
    "another year than the one stored": ["E06000003,journeys,2023,5,miles"],
    "another year of the area that is stored": ["E06000001,journeys,2023,5,miles"],
}


@pytest.mark.parametrize("which", ONE_YEAR_EACH)
def test_indicators_of_one_year_each_are_taken(database: Database, which: str) -> None:
    imported(send(database, "E06000001,journeys,2024,5,miles"))
    result = send(database, *ONE_YEAR_EACH[which])
    assert imported(result) == (len(ONE_YEAR_EACH[which]), 0, 0)
    assert isinstance(result, Imported)
    new = {line.split(",")[1] for line in ONE_YEAR_EACH[which]} - {"journeys", *UNIT_OF}
    assert result.notes == tuple(MAY_BE_MISSPELT.format(name=name) for name in sorted(new))


FAULTS = {
    "what is missing": (
        [",,,,x", "E06000001,spend,2024,,"],
        [
            "2: the indicator “” cannot be used",
            "2: the value is missing",
            "2: “” is no code of nine characters",
            "2: “” is not a year",
            "3: the unit is missing",
            "3: the value is missing",
        ],
    ),
    "unknown areas": (
        ["E06000009,spend,2024,1,pounds", "Ashby,spend,2024,1,pounds"],
        ["2: there is no area “E06000009”", "3: “Ashby” is no code of nine characters"],
    ),
    "an area that was divided": (
        ["E10000001,spend,2019,1,pounds"],
        ["2: E10000001 Wideshire was divided into E06000001 Ashby and E06000002 Borrow; write a row for each of them"],
    ),
    "units of known indicators": (
        ["E06000001,population,2024,5,thousands", "E06000001,deprivation,2024,5,rank", "E06000001,spend,2024,5,£"],
        [
            "2: population is in people, not in “thousands”",
            "3: deprivation is in score, not in “rank”",
            "4: spend is in pounds, not in “£”",
        ],
    ),
    "two units": (
        ["E06000001,homes,2024,5,flats", "E06000002,homes,2024,5,houses"],
        ["3: the unit is “houses”, and “flats” is on line 2"],
    ),
    "another unit than the one stored": (
        ["E06000003,journeys,2024,5,kilometres"],
        ["2: the unit is “kilometres”, and “miles” is stored"],
    ),
    "one cell with two values": (
        ["E06000001,spend,2024,5,pounds", "e06000001,Spend,2024,5.5,pounds", "E07000001,spend,2024,6,pounds"],
        [
            "3: spend of E06000001 Ashby in 2024 stands on line 2 as well, with another value",
            "4: spend of E06000001 Ashby in 2024 stands on line 2 as well, with another value",
        ],
    ),
    "areas that became one": (
        ["E07000003,spend,2019,5,pounds", "E07000004,spend,2019,6,pounds"],
        ["3: spend of E06000003 Cotham in 2019 stands on line 2 as well"],
    ),
    "years that are none": (
        ["E06000001,spend,1989,5,pounds", "E06000001,spend,2028,5,pounds", "E06000001,spend,2023/24,5,pounds"],
        [
            "2: “1989” is not a year from 1990 to 2027",
            "3: “2028” is not a year from 1990 to 2027",
            "4: “2023/24” is not a year from 1990 to 2027",
        ],
    ),
    "two years": (
        ["E06000001,spend,2022,5,pounds", "E06000001,population,2024,5,people", "E06000002,spend,2023,5,pounds"],
        ["4: “spend” is of 2023 here and of 2022 on line 2; figures of different years are not added up, so give each"],
    ),
    "two years of one area": (
        ["E06000001,spend,2023,5,pounds", "E06000001,Spend,2022,5,pounds"],
        ["3: “spend” is of 2022 here and of 2023 on line 2"],
    ),
    "every row of another year than the first": (
        [f"E0600000{area},spend,{year},5,pounds" for area, year in ((1, 2022), (2, 2023), (3, 2022), (3, 2024))],
        ["3: “spend” is of 2023 here and of 2022 on line 2", "5: “spend” is of 2024 here and of 2022 on line 2"],
    ),
    "a year that is none is not the one of the others": (
        ["E06000001,spend,1989,5,pounds", "E06000002,spend,2023,5,pounds", "E06000003,spend,2024,5,pounds"],
        ["2: “1989” is not a year from 1990 to 2027", "4: “spend” is of 2024 here and of 2023 on line 3"],
    ),
    "another year and another unit": (
        ["E06000001,homes,2022,5,flats", "E06000002,homes,2023,5,houses"],
        ["3: the unit is “houses”, and “flats” is on line 2", "3: “homes” is of 2023 here and of 2022 on line 2"],
    ),
    "values that are none": (
        [
            "E06000001,spend,2024,n/a,pounds",
            'E06000002,spend,2024,"1,000",pounds',
            "E06000003,population,2024,0,people",
        ],
        [
            "2: the value “n/a” is no number",
            "3: the value “1,000” has a comma",
            "4: the value “0” is no population",
        ],
    ),
    "the rows around a fault": (
        ["E06000001,spend,2024,5,pounds", "E06000002,spend,2024,NaN,pounds", "E06000003,spend,2024,5,pounds"],
        ["3: the value “NaN” is no number"],
    ),
}


@pytest.mark.parametrize("which", FAULTS)
def test_every_fault_is_told_with_its_line_and_nothing_stored(database: Database, which: str) -> None:
    imported(send(database, "E06000001,journeys,2024,5,miles"))
    before = list_stored(database), count_rows(database, AuditEntry)
    rows, expected = FAULTS[which]
    found = faults(send(database, *rows))
    assert [fault[: len(start)] for fault, start in zip(found, expected, strict=True)] == expected
    assert (list_stored(database), count_rows(database, AuditEntry)) == before


def test_other_columns_are_faults(database: Database) -> None:
    found = faults(send(database, "E06000001,spend,2024,5", header="area_code,indicator,year,amount\n"))
    assert [fault.partition(";")[0] for fault in found] == [
        "1: the column “amount” is not known",
        "1: there is no column “unit”",
        "1: there is no column “value”",
    ]


def test_the_newest_figures_of_all_areas_are_read_in_one_statement(database: Database) -> None:
    send(database, "E06000001,spend,2022,5,pounds", "E06000002,population,2021,100,people")
    send(database, "E06000001,spend,2024,5.25,pounds")
    send(database, "E06000002,spend,2023,7,pounds")
    with counted_statements(database) as statements, database.reading() as session:
        found = indicators.list_newest(session)
    assert len(statements) == 1
    assert {name: (each.unit, dict(each.figures)) for name, each in found.items()} == {
        "spend": ("pounds", {"E06000001": Figure(2024, Fraction(21, 4)), "E06000002": Figure(2023, Fraction(7))}),
        "population": ("people", {"E06000002": Figure(2021, Fraction(100))}),
    }


def test_what_there_is_of_each_indicator_can_be_looked_up(database: Database) -> None:
    administrator = make_administrator(database)
    rows = ["E06000002,spend-on-roads,2021,1,pounds", "E06000002,population,2021,100,people"]
    send(database, "E06000001,spend,2022,5,pounds")
    send(database, "E06000001,spend,2024,5,pounds", "E06000002,spend,2024,5,pounds", *rows)
    spend = IndicatorSummary("spend", "pounds", 2, 2022, 2024)
    roads = IndicatorSummary("spend-on-roads", "pounds", 1, 2021, 2021)
    assert service.search(database, administrator, "SPEND", 0, 10) == ((spend, roads), 2)
    assert service.search(database, administrator, "spend", 1, 1) == ((roads,), 2)
    assert service.search(database, administrator, "_pend", 0, 10) == ((), 0)


def test_statements_do_not_grow_with_the_rows(database: Database) -> None:
    def run(count: int) -> int:
        rows = [f"E06000001,i-{count}-{number},{1990 + number % 30},{number},x" for number in range(count)]
        with counted_statements(database) as statements:
            assert imported(send(database, *rows)) == (count, 0, 0)
            assert imported(send(database, *(row.replace(",x", ",X") for row in rows))) == (0, 0, count)
        return len(statements)

    assert run(1500) == run(3)


def test_of_two_who_bring_in_two_units_at_once_one_is_told_to_try_again(database: Database) -> None:
    def run(number: int) -> str:
        try:
            result = send(database, f"E0600000{number % 3 + 1},raced,{2000 + number},5,unit {number}")
        except EnablersError as error:
            return type(error).__name__
        return type(result).__name__

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(run, range(8)))
    assert ended.count("Imported") == 1
    assert set(ended) <= {"Imported", "Faulty", NotAllowedNowError.__name__}
    assert len(list_stored(database)) == 1


def test_the_example_of_the_docs_is_one(database: Database) -> None:
    import_areas(database, None, (EXAMPLES / "areas.csv").read_bytes(), NOW)
    result = import_indicators(database, None, (EXAMPLES / "indicators.csv").read_bytes(), NOW)
    assert imported(result) == (7, 0, 0)
    assert isinstance(result, Imported)
    assert all("was not there before" in note for note in result.notes)


# ---- Removing --------------------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(database: Database) -> Actor:
    return make_administrator(database)


def import_three_years(database: Database) -> None:
    for year in (2022, 2023, 2024):
        spend = [f"E0600000{area},spend,{year},{area},pounds" for area in (1, 2, 3)]
        imported(send(database, *spend, f"E06000001,population,{year},9,people"))


def test_a_year_of_an_indicator_is_removed_from_all_areas_and_nothing_else(
    database: Database, administrator: Actor
) -> None:
    import_three_years(database)
    before = list_stored(database)
    removal = service.get_removal(database, administrator, "spend", 2023)
    assert (removal.year, removal.others) == (IndicatorYear("spend", "pounds", 2023, 3), (2024, 2022))
    assert removal.releases == ()
    service.remove_year(database, administrator, "spend", 2023, NOW)
    gone = {cell for cell in before if (cell.indicator, cell.year) == ("spend", 2023)}
    assert len(gone) == 3
    assert list_stored(database) == {cell: value for cell, value in before.items() if cell not in gone}
    assert [each.year for each in service.get_years(database, administrator, "spend")] == [2024, 2022]
    with database.reading() as session:
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert last is not None
    assert (last.event, last.old_text, last.actor_id) == (
        "indicators-removed",
        "3 of spend, 2023, in pounds",
        administrator.person_id,
    )


def test_an_indicator_that_was_removed_may_come_again_in_another_unit(database: Database, administrator: Actor) -> None:
    imported(send(database, "E06000001,journeys,2024,5,miles"))
    service.remove_year(database, administrator, "journeys", 2024, NOW)
    with pytest.raises(NotFoundError):
        service.get_years(database, administrator, "journeys")
    assert imported(send(database, "E06000001,journeys,2024,8,kilometres")) == (1, 0, 0)


@pytest.mark.parametrize(
    ("indicator", "year"), [("spend", 2021), ("spending", 2024), ("\0", 2024), ("", 2024), ("Spend", 2024)]
)
def test_what_is_not_there_is_not_removed(database: Database, administrator: Actor, indicator: str, year: int) -> None:
    import_three_years(database)
    before = list_stored(database), count_rows(database, AuditEntry)
    with pytest.raises(NotFoundError):
        service.get_removal(database, administrator, indicator, year)
    with pytest.raises(NotFoundError):
        service.remove_year(database, administrator, indicator, year, NOW)
    assert (list_stored(database), count_rows(database, AuditEntry)) == before


def test_of_many_who_remove_a_year_one_does_and_what_comes_meanwhile_is_whole(
    database: Database, administrator: Actor
) -> None:
    import_three_years(database)
    rows = [f"E0600000{area},spend,2023,{area + 5},pounds" for area in (3, 1, 2)]

    def run(number: int) -> str:
        try:
            if number % 2:
                return type(send(database, *rows)).__name__
            service.remove_year(database, administrator, "spend", 2023, NOW)
        except EnablersError as error:
            return type(error).__name__
        return "removed"

    with ThreadPoolExecutor(4) as pool:
        ended = list(pool.map(run, range(8)))
    assert set(ended) <= {"removed", "Imported", NotFoundError.__name__, NotAllowedNowError.__name__}
    assert "removed" in ended
    left = [value for cell, value in list_stored(database).items() if cell[::2] == ("spend", 2023)]
    assert left == [] or sorted(left) == [(str(area + 5), "pounds") for area in (1, 2, 3)]
