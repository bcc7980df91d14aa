"""Reads XLSX, ODS and CSV back without the libraries that wrote them: cells as text, number, truth or day."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Final
from xml.etree.ElementTree import Element, fromstring

Cell = str | Decimal | bool | date | None
Tables = dict[str, list[list[Cell]]]
"""Sheet -> rows of cells, the header included; the cells at the end of a row may be left out."""

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
FIRST_DAY: Final = date(1899, 12, 30)
OWN_FORMATS: Final = 164
"""From this number on, formats of numbers are the workbook's own: here, that of days."""


def parse(content: bytes) -> Element:
    """Parse what was written here a moment ago."""
    return fromstring(content)  # noqa: S314 - not from anybody else


def read_xlsx(content: bytes) -> Tables:
    """Read a workbook; raises `AssertionError` where it has a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        shared = [
            "".join(text.text or "" for text in item.iter(f"{MAIN}t"))
            for item in parse(archive.read("xl/sharedStrings.xml"))
        ]
        book = parse(archive.read("xl/workbook.xml"))
        names = [sheet.get("name", "") for sheet in book.iter(f"{MAIN}sheet")]
        styles = parse(archive.read("xl/styles.xml"))
        formats = [int(style.get("numFmtId", "0")) for style in styles.iterfind(f"{MAIN}cellXfs/{MAIN}xf")]
        days = {str(place) for place, number in enumerate(formats) if number >= OWN_FORMATS}
        sheets = [archive.read(f"xl/worksheets/sheet{place}.xml") for place in range(1, len(names) + 1)]
    return {name: _read_worksheet(parse(sheet), shared, days) for name, sheet in zip(names, sheets, strict=True)}


def _read_worksheet(sheet: Element, shared: list[str], days: set[str]) -> list[list[Cell]]:
    assert not list(sheet.iter(f"{MAIN}f"))
    assert not list(sheet.iter(f"{MAIN}hyperlink"))
    rows = []
    for row in sheet.iter(f"{MAIN}row"):
        cells: list[Cell] = []
        for cell in row.iter(f"{MAIN}c"):
            place = _place(cell.get("r", ""))
            cells += [None] * (place - len(cells))
            cells.append(_read_xlsx_cell(cell, shared, days))
        rows.append(cells)
    return rows


def _place(reference: str) -> int:
    letters = re.match("[A-Z]+", reference)
    assert letters
    place = 0
    for letter in letters[0]:
        place = 26 * place + ord(letter) - 64
    return place - 1


def _read_xlsx_cell(cell: Element, shared: list[str], days: set[str]) -> Cell:
    value = cell.findtext(f"{MAIN}v")
    if value is None:
        return None
    match cell.get("t"):
        case "s":
            return shared[int(value)]
        case "b":
            return value == "1"
    if cell.get("s") in days:
        return FIRST_DAY + timedelta(days=int(value))
    return Decimal(value)


def read_ods(content: bytes) -> Tables:
    """Read a spreadsheet; raises `AssertionError` where it has a formula or a link."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        root = parse(archive.read("content.xml"))
    assert not [each for each in root.iter() if each.get(f"{TABLE}formula") or each.tag == f"{TEXT}a"]
    return {
        table.get(f"{TABLE}name", ""): [
            [_read_ods_cell(cell) for cell in row.iter(f"{TABLE}table-cell")] for row in table.iter(f"{TABLE}table-row")
        ]
        for table in root.iter(f"{TABLE}table")
    }


def _read_ods_cell(cell: Element) -> Cell:
    match cell.get(f"{OFFICE}value-type"):
        case None:
            return None
        case "float":
            return Decimal(cell.get(f"{OFFICE}value", ""))
        case "boolean":
            return cell.get(f"{OFFICE}boolean-value") == "true"
        case "date":
            return date.fromisoformat(cell.get(f"{OFFICE}date-value", ""))
    return "".join(cell.itertext())


def read_csv(content: bytes) -> dict[str, list[list[str]]]:
    """Read the files of an archive, as texts."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {
            name.removesuffix(".csv"): list(csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
            for name in archive.namelist()
        }
