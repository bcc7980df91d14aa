"""Importing areas, organisations, partnerships and rounds: whole or not at all, on either database."""

from datetime import date

import pytest
from sqlalchemy import select

from app.catalogue import Catalogue
from app.domain.areas import AreaRecord
from app.services import Database
from app.services.setting_up.areas import import_areas
from app.services.setting_up.organisations import import_organisations
from app.services.setting_up.partnership_files import import_partnerships
from app.services.setting_up.round_files import import_rounds
from app.services.setting_up.tables import Faulty, Imported
from app.settings import ROOT
from app.store import areas
from app.store.models import (
    AuditEntry,
    Organisation,
    Partnership,
    PartnershipArea,
    PartnershipOrganisation,
    Round,
    RoundPartnership,
)
from tests.people import NOW
from tests.services.test_assessing import count_rows
from tests.statements import counted_statements

EXAMPLES = ROOT / "docs/examples/set-up"
MYSOCIETY = """\
local-authority-code,official-name,nice-name,gss-code,start-date,end-date,replaced-by,local-authority-type-name,former-gss-codes,current-authority,region
CBD,Cumberland Council,Cumberland,E06000063,2023-04-01,,,Unitary authority,,True,North West
WAF,Westmorland and Furness Council,Westmorland and Furness,E06000064,2023-04-01,,,Unitary authority,,True
CMA,Cumbria County Council,Cumbria,E10000006,,2023-04-01,"CBD,WAF",County,,False
ALL,Allerdale Borough Council,,E07000026,,2023-04-01,CBD,Non-metropolitan district,,False
GLG,Glasgow City Council,Glasgow City,S12000049,2005-06-18,,,Scottish unitary,"S12000046,S12000043",True,Scotland
GLA,Greater London Authority,Greater London,E61000001,,,,Strategic Regional Authority,,True
NIR-A,Derry City Council,Derry,,,2015-03-31,,NI district,,False
"""


def imported(result: Imported | Faulty) -> tuple[int, int, int]:
    assert isinstance(result, Imported), result
    return result.added, result.changed, result.same


def faults(result: Imported | Faulty) -> list[str]:
    assert isinstance(result, Faulty), result
    return list(map(str, result.faults))


def list_areas(database: Database) -> dict[str, AreaRecord]:
    with database.reading() as session:
        return areas.list_areas(session)


def count_all(database: Database) -> dict[str, int]:
    tables = (Organisation, Partnership, PartnershipArea, PartnershipOrganisation, Round, RoundPartnership, AuditEntry)
    return {table.__tablename__: count_rows(database, table) for table in tables}


# ---- Areas -----------------------------------------------------------------------------------------------------------


def test_the_list_of_authorities_imports_with_retired_and_recoded_ones(database: Database) -> None:
    result = import_areas(database, None, MYSOCIETY.encode(), NOW)
    assert imported(result) == (8, 0, 0)
    assert isinstance(result, Imported)
    assert result.notes == ("1 retired authorities without a code were left out (line 8)",)
    stored = list_areas(database)
    assert stored["E10000006"] == AreaRecord(
        "E10000006", "Cumbria", "county", None, date(2023, 4, 1), ("E06000063", "E06000064")
    )
    assert stored["E07000026"].name == "Allerdale Borough Council"
    assert stored["S12000046"] == AreaRecord(
        "S12000046", "Glasgow City", "council-area", successors=("S12000049",), region="Scotland"
    )
    assert stored["S12000043"].successors == ("S12000049",)
    assert stored["E61000001"].kind == "regional-authority"


def test_importing_the_same_areas_again_changes_nothing(database: Database) -> None:
    import_areas(database, None, MYSOCIETY.encode(), NOW)
    before = list_areas(database), count_all(database)
    assert imported(import_areas(database, None, MYSOCIETY.encode(), NOW)) == (0, 0, 8)
    assert (list_areas(database), count_all(database)) == before


def test_names_of_the_ons_leave_dates_and_successors_alone(database: Database) -> None:
    import_areas(database, None, MYSOCIETY.encode(), NOW)
    ons = (
        "\ufeffLAD24CD,LAD24NM,LAD24NMW,CTYUA24CD,CTYUA24NM,ObjectId\r\n"
        "E06000063,Cumberland!,,E10000006,Cumbria,1\r\n"
        "W06000015,Cardiff,Caerdydd,W06000015,Cardiff,2\r\n"
    )
    assert imported(import_areas(database, None, ons.encode(), NOW)) == (1, 1, 1)
    stored = list_areas(database)
    assert stored["E06000063"] == AreaRecord(
        "E06000063", "Cumberland!", "unitary", date(2023, 4, 1), region="North West"
    )
    assert stored["E10000006"].successors == ("E06000063", "E06000064")
    assert stored["W06000015"].kind == "unitary"


REGIONS = {
    "one that is new": (b"code,name,region\nE06000001,A,North  East \n", (0, 1, 0), "North East"),
    "the same": (b"code,name,region\nE06000001,A,Midlands\n", (0, 0, 1), "Midlands"),
    "none": (b"code,name,region\nE06000001,A,\n", (0, 0, 1), "Midlands"),
    "no such column": (b"code,name\nE06000001,B\n", (0, 1, 0), "Midlands"),
    "names of the ONS": (b"LAD24CD,LAD24NM\nE06000001,B\n", (0, 1, 0), "Midlands"),
    "a look-up of the ONS": (
        b"LAD24CD,LAD24NM,CAUTH24CD,CAUTH24NM,RGN24CD,RGN24NM\nE06000001,A,E47000001,A,E12000001,North East\n",
        (2, 1, 0),
        "North East",
    ),
    "mySociety, without one": (
        b"gss-code,official-name,local-authority-code,region\nE06000001,B,BBB,\n",
        (0, 1, 0),
        "Midlands",
    ),
}


@pytest.mark.parametrize("said", REGIONS)
def test_a_region_stays_until_a_file_names_another(database: Database, said: str) -> None:
    text, counts, region = REGIONS[said]
    import_areas(database, None, b"code,name,region\nE06000001,A,Midlands\n", NOW)
    assert imported(import_areas(database, None, text, NOW)) == counts
    assert list_areas(database)["E06000001"].region == region


AREA_FAULTS = {
    "x,y\n1,2\n": ["1: no column has codes of areas"],
    "LAD24CD,other\nE06000001,x\n": ["1: there is no column “LAD24NM”"],
    "gss-code,name\nE06000001,x\n": [
        "1: there is no column “official-name”",
        "1: there is no column “local-authority-code”",
    ],
    "code,name\nE06,A\nE06000001,\nQ00000001,B\n": [
        "2: “E06” is no code of nine characters, a letter and eight digits",
        "3: the name is missing",
        "4: what Q00000001 is, is not known",
    ],
    "code,name,kind\nQ00000001,B,Some kind!\n": ["2: the kind “some-kind!” cannot be used"],
    f"code,name,region\nE06000001,A,{'x' * 201}\nE06000002,A,x\u202ey\n": [
        "2: the region is longer than 200 characters",
        "3: the region has characters that cannot be shown",
    ],
    "code,name\nE06000001,A\nE06000001,B\n": ["3: E06000001 stands on line 2 as well"],
    "code,name,valid_from,valid_to\nE06000001,A,2020-01-01,2019-01-01\nE06000002,A,soon,\n": [
        "2: E06000001 ends before it begins",
        "3: valid_from “soon”",
    ],
    "code,name,successors\nE06000001,A,E06000009\nE06000002,B,E06000003\nE06000003,C,E06000002\n": [
        "2: the successor E06000009 of E06000001 is not known",
        "3: the successors of E06000002 replace one another",
        "4: the successors of E06000003 replace one another",
    ],
    MYSOCIETY.replace("CBD,WAF", "CBD,XYZ").replace("E61000001", "E6100001"): [
        "4: replaced-by names “XYZ”",
        "7: “E6100001” is no code of nine characters",
    ],
}


@pytest.mark.parametrize("text", AREA_FAULTS, ids=range(len(AREA_FAULTS)))
def test_every_fault_of_an_area_file_is_told_and_nothing_stored(database: Database, text: str) -> None:
    found = faults(import_areas(database, None, text.encode(), NOW))
    assert [fault[: len(start)] for fault, start in zip(found, sorted(AREA_FAULTS[text]), strict=True)] == sorted(
        AREA_FAULTS[text]
    )
    assert list_areas(database) == {}
    assert count_rows(database, AuditEntry) == 0


def test_a_circle_with_what_is_stored_is_found(database: Database) -> None:
    import_areas(database, None, b"code,name,successors\nE06000001,A,E06000002\nE06000002,B,\n", NOW)
    found = faults(import_areas(database, None, b"code,name,successors\nE06000002,B,E06000001\n", NOW))
    assert found == ["2: the successors of E06000002 replace one another, so none is current; remove the wrong one"]


# ---- The examples, one after the other -------------------------------------------------------------------------------


def import_examples(database: Database, catalogue: Catalogue) -> list[tuple[int, int, int]]:
    files = {
        name: (EXAMPLES / f"{name}.csv").read_bytes() for name in ("areas", "organisations", "partnerships", "rounds")
    }
    return [
        imported(import_areas(database, None, files["areas"], NOW)),
        imported(import_organisations(database, None, files["organisations"], NOW)),
        imported(import_partnerships(database, None, files["partnerships"], NOW)),
        imported(import_rounds(database, catalogue, None, files["rounds"], NOW)),
    ]


def test_the_examples_of_the_docs_set_a_round_up(database: Database, questionnaires: Catalogue) -> None:
    assert import_examples(database, questionnaires) == [(4, 0, 0), (5, 0, 0), (2, 0, 0), (1, 0, 0)]
    assert count_all(database) == {
        "organisations": 5,
        "partnerships": 2,
        "partnership_areas": 2,  # two retired districts became one area
        "partnership_organisations": 5,
        "rounds": 1,
        "round_partnerships": 2,
        "audit_entries": 4,
    }


def test_importing_everything_again_changes_nothing(database: Database, questionnaires: Catalogue) -> None:
    import_examples(database, questionnaires)
    before = count_all(database)
    assert import_examples(database, questionnaires) == [(0, 0, 4), (0, 0, 5), (0, 0, 2), (0, 0, 1)]
    assert count_all(database) == before


def test_a_retired_area_is_replaced_and_told(database: Database, questionnaires: Catalogue) -> None:
    import_examples(database, questionnaires)
    result = import_partnerships(database, None, b"name,areas\nNew,X07000101;larkminster\n", NOW)
    assert isinstance(result, Imported)
    assert result.notes == ("New: X07000101 Pellworth is retired; X06000101 Pellworth and Garrowmere took its place",)


def test_a_draft_becomes_what_the_file_says(database: Database, questionnaires: Catalogue) -> None:
    import_examples(database, questionnaires)
    header = "title,questionnaire,opens,closes,threshold,partnerships\n"
    row = "autumn ROUND 2026,local-partners,2/11/2026 9am,2026-12-11 17:00,5,larkminster together\n"
    result = import_rounds(database, questionnaires, None, (header + row).encode(), NOW)
    assert imported(result) == (0, 1, 0)
    with database.reading() as session:
        (stored,) = session.scalars(select(Round))
    assert (stored.title, stored.withholding_threshold, stored.sign_off) == ("autumn ROUND 2026", 5, "nobody")
    assert count_rows(database, RoundPartnership) == 1


FILE_FAULTS = {
    ("organisations", "name,kind\n,council\nA,dragon\nB,police\nb ,fire\n" + "x" * 201 + ",other\nA\u202eB,other\n"): [
        "2: the name is missing",
        "3: the kind “dragon” is not known",
        "5: “b” stands on line 4 as well",
        "6: the name is longer than 200 characters",
        "7: the name has characters that cannot be shown",
    ],
    ("partnerships", "name,areas,organisations\n,X06000102,\nP,Q;X99999999,Larkminster City Counsil\n"): [
        "2: the name is missing",
        "3: there is no area “Q”",
        "3: there is no area “X99999999”",
        "3: there is no organisation “Larkminster City Counsil”; the nearest is “Larkminster City Council”",
    ],
    (
        "rounds",
        """\
title,questionnaire,version,opens,closes,sign_off,threshold,partnerships
R,local-partners,9,2026-03-29 01:30,x,,,all
R,local-partners,1,2026-11-02 09:00,2026-11-01 09:00,me,4,Larkminster Together;Nowhere
,local-partners,,,2026-11-01 09:00,me,ten,Larkminster Together;all
""",
    ): [
        "2: closes “x”",
        "2: no questionnaire “local-partners 9” is published",
        "2: opens “2026-03-29 01:30”: clocks go forward",
        "3: closes “2026-11-01 09:00”: the round must close after it opens",
        "3: the round “R” stands on line 2 as well",
        "3: the sign_off “me” is not known; write one of nobody, certifier, another-person",
        "3: the threshold “4” is not from 5 to 1000; write a number from 5 to 1000, such as 10",
        "3: there is no partnership “Nowhere”",
        "4: opens is missing: write date and time",
        "4: partnerships: “all” must stand alone",
        "4: the sign_off “me” is not known",
        "4: the threshold “ten” is no number",
        "4: the title is missing",
    ],
}


@pytest.mark.parametrize(("kind", "text"), FILE_FAULTS, ids=[kind for kind, _ in FILE_FAULTS])
def test_every_fault_of_a_file_is_told_and_nothing_of_it_stored(
    database: Database, questionnaires: Catalogue, kind: str, text: str
) -> None:
    import_examples(database, questionnaires)
    before = count_all(database)
    data = text.encode()
    result = {
        "organisations": lambda: import_organisations(database, None, data, NOW),
        "partnerships": lambda: import_partnerships(database, None, data, NOW),
        "rounds": lambda: import_rounds(database, questionnaires, None, data, NOW),
    }[kind]()
    expected = FILE_FAULTS[kind, text]
    found = faults(result)
    assert [fault[: len(start)] for fault, start in zip(found, expected, strict=True)] == expected
    assert count_all(database) == before


def test_statements_do_not_grow_with_the_rows(database: Database, questionnaires: Catalogue) -> None:
    def run(partnerships: int) -> int:
        prefix = f"{partnerships} "
        names = [[f"{prefix}P{p} O{o}" for o in range(8)] for p in range(partnerships)]
        codes = [f"E{partnerships:02d}{p:06d}" for p in range(partnerships)]
        header = "title,questionnaire,opens,closes,partnerships\n"
        with counted_statements(database) as statements:
            text = "code,name,kind\n" + "".join(f"{code},{code},place\n" for code in codes)
            imported(import_areas(database, None, text.encode(), NOW))
            text = "name,kind\n" + "".join(f"{name},council\n" for inside in names for name in inside)
            imported(import_organisations(database, None, text.encode(), NOW))
            text = "name,areas,organisations\n" + "".join(
                f"{prefix}P{p},{codes[p]},{';'.join(inside)}\n" for p, inside in enumerate(names)
            )
            assert imported(import_partnerships(database, None, text.encode(), NOW)) == (partnerships, 0, 0)
            text = f"{header}{prefix},local-partners,2026-11-02 09:00,2026-12-02 09:00,all\n"
            imported(import_rounds(database, questionnaires, None, text.encode(), NOW))
        return len(statements)

    run(1)
    assert run(40) == run(2)
    assert run(40 + 2) <= 45


def test_hostile_names_are_kept_as_they_are(database: Database) -> None:
    names = ["=cmd|'/c calc'!A1", "<script>alert(1)</script>", "{{ 7 * 7 }}", "'; DROP TABLE organisations; --", "%s"]
    text = "name,kind\n" + "".join(f'"{name}",other\n' for name in names)
    assert imported(import_organisations(database, None, text.encode(), NOW)) == (5, 0, 0)
    with database.reading() as session:
        assert set(session.scalars(select(Organisation.name))) == set(names)
