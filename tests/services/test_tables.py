"""Reading CSV files: what is taken, and every fault with its line."""

import pytest

from app.services.setting_up.tables import MOST_BYTES, MOST_ROWS, read_any_table, read_table

TAKEN = {
    "commas": b"name,kind\nA,council\n",
    "semicolons": b"name;kind\r\nA;council\r\n",
    "tabs": b"name\tkind\nA\tcouncil\n",
    "a byte order mark": b"\xef\xbb\xbfname,kind\nA,council\n",
    "quotes": b'"name","kind"\n"A","council"\n',
    "another order and case": b"KIND, Name \ncouncil, A \n",
    "blank lines": b"\n\nname,kind\n\n,\nA,council\n\n",
    "no last new line": b"name,kind\nA,council",
    "old line ends": b"name,kind\rA,council\r",
    "empty columns at the end": b"name,kind,,\nA,council,,\n",
}
FAULTS = {
    b"": ["1: the file is empty"],
    b"\n , \n": ["1: the file is empty"],
    b"name,kind\n": ["1: the file has no rows"],
    b"\xff\xfen\x00": ["1: the file is in UTF-16"],
    b"name,kind\nA,council\nCaf\xe9,council\n": ["3: there are characters that are not UTF-8"],
    b"name\nA\n": ["1: there is no column “kind”"],
    b"PK\x03\x04\xff": ["1: this is an Excel workbook; save it as CSV UTF-8 (comma delimited)"],
    b"\ncolour,name\nA,B\nC,D,E\n": [
        "2: there is no column “kind”, and the column “colour” is not known; rename “colour” to “kind”"
    ],
    b"name,kind,colour\nA,council,red\n": ["1: the column “colour” is not known"],
    b"name,kind,Name\nA,council,B\n": ["1: the column “name” is there twice"],
    b"name,kind\nA,B,C,D\n": ["2: there are 4 cells under 2 columns"],
    b'name,kind\n"A,council\nB,police\n': ["2: a quotation mark is not closed"],
    b'name,kind\nA,"x"y\n': ["2: a quotation mark is not closed"],
    b"name,kind\nA\x00,council\n": ["2: “A\N{REPLACEMENT CHARACTER}” has a character that cannot be kept"],
    b"colour,shape\nA,B,C\n": [
        "1: there is no column “name”",
        "1: there is no column “kind”",
        "1: the column “colour” is not known",
        "1: the column “shape” is not known",
    ],
    b'kind,name\nA,B,C\n\n"x\ny",\x07\n': [
        "2: there are 3 cells under 2 columns",
        "4: “\N{REPLACEMENT CHARACTER}” has a character",
    ],
    b"name,kind\n" + b"A,b\n" * (MOST_ROWS + 1): [f"{MOST_ROWS + 2}: the file has more than 20,000 rows"],
    b"x" * (MOST_BYTES + 1): ["1: the file is larger than 1,000,000 bytes"],
    b"name,kind\n" + b"A" * 200_000 + b",b\n": ["2: a quotation mark"],
}


@pytest.mark.parametrize("form", TAKEN)
def test_every_usual_form_of_a_file_is_read_alike(form: str) -> None:
    table = read_table(TAKEN[form], ("name", "kind"))
    assert table.faults == ()
    assert [dict(row.cells) for row in table.rows] == [{"name": "A", "kind": "council"}]


@pytest.mark.parametrize("data", FAULTS, ids=range(len(FAULTS)))
def test_every_fault_of_a_file_is_told_with_its_line(data: bytes) -> None:
    faults = list(map(str, read_table(data, ("name", "kind")).faults))
    assert len(faults) == len(FAULTS[data]), faults
    for fault, expected in zip(faults, FAULTS[data], strict=True):
        assert fault.startswith(expected)


def test_a_row_knows_the_line_it_begins_on() -> None:
    table = read_any_table(b'name\n\n"A\nB"\nC\n')
    assert [(row.line, row.get("name")) for row in table.rows] == [(3, "A\nB"), (5, "C")]


def test_a_list_in_a_cell_is_cut_at_semicolons() -> None:
    (row,) = read_any_table(b'name;parts\nA;"x; y ;;z"\n').rows
    assert row.list("parts") == ("x", "y", "z")
    assert row.list("name") == ("A",)
    assert row.list("missing") == ()


def test_a_file_of_very_many_columns_is_refused_at_once() -> None:
    table = read_any_table(",".join(f"c{number}" for number in range(120_000)).encode())
    assert [str(fault) for fault in table.faults] == ["1: there are 120,000 columns; no file here has so many"]


def test_a_column_that_is_there_twice_is_told_once() -> None:
    assert [str(fault) for fault in read_any_table(b"a,b,a,a\n1,2,3,4\n").faults] == [
        "1: the column “a” is there twice; take one out"
    ]
