"""Reading a CSV file strictly, into rows that know their line. Every fault is kept; none stops the reading."""

import csv
import io
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.values import in_quotes, is_plain_text

MOST_BYTES: Final = 1_000_000
MOST_ROWS: Final = 20_000
MOST_COLUMNS: Final = 200
"""The list of authorities has forty; beyond this a file is no list of ours."""
DELIMITERS: Final = ",;\t"
NO_SPELLINGS: Final[Mapping[str, str]] = {}
_BYTE_ORDER_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What Excel files begin with, new and old."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong at a line of a file, and what to do. The header is line 1."""

    line: int
    text: str

    def __str__(self) -> str:
        """Give it as `LINE: what is wrong`, for the name of the file to stand before."""
        return f"{self.line}: {self.text}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row, by the name of its columns in lower case."""

    line: int
    cells: Mapping[str, str]

    def get(self, column: str) -> str:
        """Give a cell without the spaces around it; empty where the file has no such column."""
        return self.cells.get(column, "")

    def list(self, column: str, separator: str = ";") -> tuple[str, ...]:
        """Give the parts of a cell that holds a list."""
        return tuple(part for piece in self.get(column).split(separator) if (part := piece.strip()))


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that could be read, and what is wrong with the others."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    line: int = 1
    """Where the header stands."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """A file that was refused: every fault of it, in order of lines. Nothing of it was stored."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file: how many rows of the database are new, changed, or as they were."""

    added: int
    changed: int
    same: int
    notes: tuple[str, ...] = ()
    """What a person should know, one sentence each."""


def refuse(faults: Iterable[Fault]) -> Faulty:
    """Put faults into the order of lines, each once."""
    return Faulty(tuple(sorted(set(faults))))


def read_table(
    data: bytes, required: Collection[str], optional: Collection[str] = (), spellings: Mapping[str, str] = NO_SPELLINGS
) -> Table:
    """Read a table of known columns, in any order and letter case. Others are faults: then no row is read.

    `spellings` are other names that a column may have -> its name.
    """
    table = read_any_table(data, spellings)
    if not table.columns:
        return table
    faults = _find_faults_of_columns(table.columns, required, optional)
    if not faults:
        return table
    of_header = (fault for fault in table.faults if fault.line == table.line)
    return Table(table.columns, (), (*(Fault(table.line, text) for text in faults), *of_header), table.line)


def _find_faults_of_columns(
    columns: Collection[str], required: Collection[str], optional: Collection[str]
) -> tuple[str, ...]:
    known = (*required, *optional)
    told = f"The columns are: {', '.join(known)}"
    missing = [name for name in required if name not in columns]
    unknown = [name for name in columns if name and name not in known]
    if len(missing) == len(unknown) == 1:
        wrong, right = in_quotes(unknown[0]), f"“{missing[0]}”"
        return (f"there is no column {right}, and the column {wrong} is not known; rename {wrong} to {right}. {told}",)
    return (
        *(f"there is no column “{name}”; add it. {told}" for name in missing),
        *(f"the column {in_quotes(name)} is not known; take it out. {told}" for name in unknown),
    )


def read_any_table(data: bytes, spellings: Mapping[str, str] = NO_SPELLINGS) -> Table:
    """Read a table whatever its columns are, in UTF-8, with commas, semicolons or tabs between."""
    text = _decode(data)
    if isinstance(text, Fault):
        return Table((), (), (text,))
    records = _Records(text)
    lines = iter(records)
    line, header = next(lines, (1, []))
    columns = tuple(spellings.get(found, found) for name in header for found in (name.strip().lower(),))
    if len(columns) > MOST_COLUMNS:
        return Table((), (), (Fault(line, f"there are {len(columns):,} columns; no file here has so many"),))
    if not any(columns):
        return Table((), (), (*records.faults, Fault(line, "the file is empty; its first line names the columns")))
    faults = [
        Fault(line, f"the column {in_quotes(name)} is there twice; take one out")
        for name, times in sorted(Counter(columns).items())
        if name and times > 1
    ]
    at = line
    rows: list[Row] = []
    for line, cells in lines:
        if len(rows) == MOST_ROWS:
            faults.append(Fault(line, f"the file has more than {MOST_ROWS:,} rows; split it"))
            break
        fault = _find_fault(columns, cells)
        if fault:
            faults.append(Fault(line, fault))
        else:
            rows.append(Row(line, {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}))
    if not rows and not faults and not records.faults:
        faults.append(Fault(line, "the file has no rows below its header; add one for each thing to import"))
    return Table(columns, tuple(rows), (*faults, *records.faults), at)


def _decode(data: bytes) -> str | Fault:
    if data.startswith(_WORKBOOKS):
        return Fault(1, "this is an Excel workbook; save it as CSV UTF-8 (comma delimited)")
    if len(data) > MOST_BYTES:
        return Fault(1, f"the file is larger than {MOST_BYTES:,} bytes; split it")
    if data.startswith(_BYTE_ORDER_MARKS):
        return Fault(1, "the file is in UTF-16; save it as CSV UTF-8")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Fault(line, "there are characters that are not UTF-8; save the file as CSV UTF-8")


class _Records:
    """The records that are not blank, each with the line it begins on. A broken quotation ends the reading."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.faults: list[Fault] = []

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=_find_delimiter(self._text), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader, None)
            except csv.Error:
                self.faults.append(
                    Fault(
                        line, "a quotation mark is not closed, or stands inside a cell, or a cell is too long; mend it"
                    )
                )
                return
            if cells is None:
                return
            if any(cell.strip() for cell in cells):
                yield line, cells


def _find_delimiter(text: str) -> str:
    """Give what stands between most names of the header."""
    header = next((line for line in text.splitlines() if line.strip(f"{DELIMITERS} \"'")), "")
    return max(DELIMITERS, key=header.count)


def _find_fault(columns: tuple[str, ...], cells: list[str]) -> str:
    extra = [cell for cell in cells[len(columns) :] if cell.strip()]
    if extra:
        return f"there are {len(cells)} cells under {len(columns)} columns; put quotes around cells with separators"
    bad = next((cell for cell in cells if not is_plain_text(cell.replace("\r\n", "\n"))), None)
    if bad is not None:
        return f"{in_quotes(bad)} has a character that cannot be kept, such as a control character; type it again"
    return ""
