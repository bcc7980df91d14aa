"""What is kept outside the database, so that no change to the database undoes it: heads of the audit, and erasures.

Two files of JSON lines that are only ever appended to, named after the database. Several processes may append at once.
"""

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self
from uuid import UUID

from app.domain.errors import EnablersError
from app.domain.values import one_line
from app.services import Database

HEADS: Final = "audit-heads.jsonl"
ERASURES: Final = "erasures.jsonl"


class OutsideError(EnablersError):
    """What is kept outside the database cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a chain of the audit at some moment."""

    chain: UUID
    number: int
    hash: str
    restored: bool = False
    """Whether an older backup was restored, so that what was kept of this chain and later entries holds no more."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Somebody was erased: by ids alone, of the person and of what was sent to them."""

    person_id: UUID | None
    """`None` for an address that nobody has signed in with yet."""
    rows: Mapping[str, Sequence[UUID]] = field(default_factory=dict)
    """Table -> ids of the rows that went, where they do not name the person by id."""


@dataclass(frozen=True, slots=True)
class Outside:
    """The folder, and the name of the database that its files are of."""

    folder: Path
    name: str

    @classmethod
    def of(cls, folder: Path, database: Database) -> Self:
        """Give the place for a database: several may share a folder."""
        return cls(folder, database.path.stem if database.path else str(database.url.database))

    @property
    def heads(self) -> Path:
        """The file of heads."""
        return self.folder / f"{self.name}.{HEADS}"

    @property
    def erasures(self) -> Path:
        """The file of erasures."""
        return self.folder / f"{self.name}.{ERASURES}"

    def prepare(self) -> None:
        """Make the folder, and see that it can be written to; raises `OutsideError`."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            if not os.access(self.folder, os.W_OK | os.X_OK):
                raise OutsideError(f"The folder {one_line(str(self.folder))} cannot be written to")
        except OSError as error:
            raise OutsideError(f"The folder {one_line(str(self.folder))} cannot be made ({error.strerror})") from None

    def add_heads(self, heads: Iterable[Head], now: datetime) -> None:
        """Keep heads; raises `OutsideError`."""
        at = now.astimezone(UTC).isoformat()
        _append(self.heads, [{**asdict(head), "chain": str(head.chain), "at": at} for head in heads])

    def list_heads(self) -> Iterator[Head]:
        """Go through every head that was ever kept, oldest first; raises `OutsideError` with file and line."""
        for place, line in _read(self.heads):
            try:
                head = Head(UUID(line["chain"]), line["number"], line["hash"], line["restored"])
            except (KeyError, TypeError, ValueError, AttributeError):
                raise _unreadable(place) from None
            if (type(head.number), type(head.hash), type(head.restored)) != (int, str, bool):
                raise _unreadable(place)
            yield head

    def add_erasure(self, erasure: Erasure, now: datetime) -> None:
        """Keep that somebody was erased; raises `OutsideError`."""
        rows = {table: [str(row) for row in ids] for table, ids in erasure.rows.items() if ids}
        person = str(erasure.person_id) if erasure.person_id else None
        _append(self.erasures, [{"person": person, "rows": rows, "at": now.astimezone(UTC).isoformat()}])

    def list_erasures(self) -> Iterator[Erasure]:
        """Go through every erasure, oldest first; raises `OutsideError` with file and line."""
        for place, line in _read(self.erasures):
            try:
                person = line["person"]
                rows = {str(table): tuple(map(UUID, ids)) for table, ids in line["rows"].items()}
                yield Erasure(UUID(person) if person is not None else None, rows)
            except (KeyError, TypeError, ValueError, AttributeError):
                raise _unreadable(place) from None


def _append(path: Path, lines: Sequence[Mapping[str, Any]]) -> None:
    """Append lines by one write, and wait until they are on the disk."""
    if not lines:
        return
    data = "".join(json.dumps(line) + "\n" for line in lines).encode()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)  # or a line that somebody else is writing would look torn
            if _is_torn(handle):  # the machine stopped while a line was written; ours begins on a new one
                data = b"\n" + data
            if os.write(handle, data) != len(data):
                raise OutsideError(f"{one_line(str(path))} cannot be written: the disk is full")
            os.fsync(handle)
        finally:
            os.close(handle)
        if is_new:
            _sync_folder(path.parent)
    except OSError as error:
        raise OutsideError(f"{one_line(str(path))} cannot be written ({error.strerror})") from None


def _is_torn(handle: int) -> bool:
    size = os.fstat(handle).st_size
    return size > 0 and os.pread(handle, 1, size - 1) != b"\n"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each line with where it stands; nothing where there is no such file yet."""
    try:
        with path.open("rb") as file:
            for number, data in enumerate(file, start=1):
                place = f"{one_line(str(path))}:{number}"
                if data.strip():
                    try:
                        yield place, json.loads(data)
                    except ValueError:
                        raise _unreadable(place) from None
    except FileNotFoundError:
        return
    except OSError as error:
        raise OutsideError(f"{one_line(str(path))} cannot be read ({error.strerror})") from None


def _unreadable(place: str) -> OutsideError:
    return OutsideError(
        f"{place}: this line cannot be read; if the machine stopped while it was written, remove it, "
        "else look for who changed it"
    )
