"""Results as a Parquet file: the columns of `result_table` with their types, and what they mean beside their names.

PyArrow writes it; it is an extra, as it is large and few need it.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from app.renderings.result_table import ResultTable

if TYPE_CHECKING:
    import pyarrow as pa

PARTS_OF_GROUP: Final = 8
"""Parts that go out as one row group: more are read faster, and take more memory to write."""


def can_write() -> bool:
    """Say whether what writes it is installed."""
    return find_spec("pyarrow") is not None


def write(table: ResultTable, parts: Iterable[Sequence[str]]) -> Iterator[bytes]:
    """Write lines of results as a Parquet file, a piece at a time; it is whole with its last piece."""
    import pyarrow as pa  # noqa: PLC0415 - an extra
    from pyarrow import parquet  # noqa: PLC0415

    schema = _make_schema(table)
    pieces = _Pieces()
    with parquet.ParquetWriter(pa.PythonFile(pieces, mode="w"), schema, compression="zstd") as writer:
        group: list[pa.Table] = []
        for lines in parts:
            group.append(_make_part(table, schema, lines))
            if len(group) == PARTS_OF_GROUP:
                writer.write_table(pa.concat_tables(group))
                group.clear()
                yield pieces.take()
        if group:
            writer.write_table(pa.concat_tables(group))
    yield pieces.take()


class _Pieces:
    """A file that is handed on as it is written."""

    closed = False

    def __init__(self) -> None:
        self._written: list[bytes] = []
        self._place = 0

    def write(self, piece: bytes) -> int:
        self._written.append(bytes(piece))
        self._place += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._place

    def flush(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def take(self) -> bytes:
        """Give what was written since the last time."""
        piece = b"".join(self._written)
        self._written.clear()
        return piece


def _make_schema(table: ResultTable) -> "pa.Schema":
    import pyarrow as pa  # noqa: PLC0415

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "number": pa.float64(),
        "time": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema(
        pa.field(column.name, types[column.type], metadata={"meaning": column.meaning}) for column in table.columns
    )


def _make_part(table: ResultTable, schema: "pa.Schema", lines: Sequence[str]) -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415

    columns: list[Sequence[Any]] = list(zip(*map(table.make_row, lines), strict=True))
    for place, column in enumerate(table.columns):
        if column.type == "time":
            columns[place] = [None if cell is None else datetime.fromisoformat(cell) for cell in columns[place]]
    return pa.table([pa.array(cells, kind.type) for cells, kind in zip(columns, schema, strict=True)], schema=schema)
