"""Sheets as XLSX, as ODS and as CSV: the same cells in each, and always the same bytes.

Here the exact numbers are rounded, to four decimals. Numbers, dates and truths stay what they are, so that sheets can
calculate with them; texts are neutralised, whatever they begin with, and are never formulas or links.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from app.renderings.as_csv import cell
from app.renderings.columns import Column
from app.renderings.numbers import as_digits
from app.renderings.sheets import Sheet, Value

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

MADE: Final = datetime(1980, 1, 1)  # noqa: DTZ001 - files in archives have no time zone
"""The oldest moment that an archive can name: the same report is the same file, whenever it is made."""
LONGEST_CELL: Final = 32_767
"""Characters that a cell of XLSX can hold. No text of ours comes near; what does is cut and ends in an ellipsis."""
DATE_FORMAT: Final = "yyyy-mm-dd"
NARROW: Final = 14
WIDE: Final = 44
LONG_TEXTS: Final = frozenset(
    {"question_text", "note", "reason", "agreed_reason", "minority_view", "action", "measure", "says", "rounded"}
)
BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"


def text_cell(text: str) -> str:
    """Give a text as a cell that no sheet takes for a formula."""
    neutral = cell(text)
    return neutral if len(neutral) <= LONGEST_CELL else f"{neutral[: LONGEST_CELL - 1]}…"


# ---- XLSX ------------------------------------------------------------------------------------------------------------


def render_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """Write an Excel workbook, in memory."""
    import xlsxwriter  # noqa: PLC0415 - only a workbook needs it

    output = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    workbook = xlsxwriter.Workbook(output, options)
    workbook.set_properties({"created": MADE})
    dates = workbook.add_format({"num_format": DATE_FORMAT})
    for sheet in sheets:
        _add_worksheet(workbook, sheet, dates)
    workbook.close()
    return output.getvalue()


def _add_worksheet(workbook: "Workbook", sheet: Sheet, dates: "Format") -> None:
    worksheet = workbook.add_worksheet(sheet.name.value)
    worksheet.freeze_panes(1, 0)
    bold = workbook.add_format({"bold": True})
    for place, column in enumerate(sheet.columns):
        worksheet.set_column(place, place, WIDE if column.id in LONG_TEXTS else NARROW)
        worksheet.write_string(0, place, column.id, bold)
    for line, row in enumerate(sheet.rows, start=1):
        for place, value in enumerate(row):
            _write(worksheet, line, place, value, dates)


def _write(worksheet: "Worksheet", line: int, place: int, value: Value, dates: "Format") -> None:
    match value:
        case None | "":
            return
        case str():
            worksheet.write_string(line, place, text_cell(value))
        case bool():
            worksheet.write_boolean(line, place, value)
        case int():
            worksheet.write_number(line, place, value)
        case Fraction():
            worksheet.write_number(line, place, Decimal(as_digits(value)))  # a float would get a 16th digit
        case date():
            worksheet.write_datetime(line, place, value, dates)


# ---- ODS -------------------------------------------------------------------------------------------------------------


def render_ods(sheets: Sequence[Sheet]) -> bytes:
    """Write an OpenDocument spreadsheet."""
    from stream_write_ods import stream_write_ods  # noqa: PLC0415 - only a workbook needs it

    encoders: tuple[tuple[type, tuple[Any, ...]], ...] = (
        (str, ("string", None, None, str)),
        (bool, ("boolean", "office:boolean-value", None, lambda value: str(value).lower())),
        (int, ("float", "office:value", None, str)),
        (Fraction, ("float", "office:value", None, as_digits)),
        (date, ("date", "office:date-value", "date", date.isoformat)),
        (type(None), (None, None, None, lambda _: None)),
    )
    tables = (
        (sheet.name.value, [column.id for column in sheet.columns], _list_neutral(sheet.rows)) for sheet in sheets
    )
    return b"".join(stream_write_ods(tables, encoders=encoders, get_modified_at=lambda: MADE))


def _list_neutral(rows: Sequence[Sequence[Value]]) -> Iterator[list[Value]]:
    for row in rows:
        yield [(text_cell(value) or None) if isinstance(value, str) else value for value in row]


# ---- CSV -------------------------------------------------------------------------------------------------------------


def render_csv(sheets: Sequence[Sheet]) -> bytes:
    """Write an archive of a CSV file a sheet: UTF-8 with a byte order mark, without which Excel garbles a ’ or é."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for sheet in sheets:
            member = zipfile.ZipInfo(f"{sheet.name.value}.csv", MADE.timetuple()[:6])
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, _write_csv(sheet.columns, sheet.rows).encode())
    return output.getvalue()


def _write_csv(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> str:
    output = io.StringIO()
    output.write(BYTE_ORDER_MARK)
    writer = csv.writer(output)  # its own line ending is the \r\n of RFC 4180
    writer.writerow([column.id for column in columns])
    writer.writerows([_digits(value) for value in row] for row in rows)
    return output.getvalue()


def _digits(value: Value) -> str:
    match value:
        case None:
            return ""
        case str():
            return text_cell(value)
        case bool():
            return str(value).lower()
        case Fraction():
            return as_digits(value)
        case date():
            return value.isoformat()
    return str(value)
