"""From a path to the text of a file: its size, its encoding and its characters, before anybody parses it."""

import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from app.catalogue.faults import WHOLE_FILE, CatalogueError, Fault, FaultList

MOST_BYTES: Final = 1024 * 1024
NO_FILE: Final = "there is no such file; check the path"

LINE_BREAK: Final = re.compile(r"\r\n|\r|\n")
REFUSED_CHARACTER: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
"""Control characters, line separators that no editor counts, a byte order mark inside, and bytes that were no UTF-8."""
_WIDE_MARKS: Final = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def read_source(path: Path, faults: FaultList, *, most_bytes: int = MOST_BYTES, absence: str = NO_FILE) -> str | None:
    """Give the text of a file without refused characters, each line with one reported; `None` where it has none."""
    data = _read_bytes(path, faults, most_bytes, absence)
    return None if data is None else decode(data, faults)


def decode(data: bytes, faults: FaultList) -> str | None:
    """Give the text that the bytes of a file mean, as `read_source` does."""
    if data.startswith(_WIDE_MARKS) or _looks_wide(data):
        faults.add(WHOLE_FILE, "is not UTF-8 but looks like UTF-16 or UTF-32; save it as UTF-8")
        return None
    text = data.decode(errors="surrogateescape").removeprefix("\ufeff")
    return _without_refused_characters(text, faults) if REFUSED_CHARACTER.search(text) else text


def _read_bytes(path: Path, faults: FaultList, most_bytes: int, absence: str) -> bytes | None:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            faults.add(WHOLE_FILE, "is not a file; give the path of a file")
            return None
        with path.open("rb") as file:
            data = file.read(most_bytes + 1)
    except FileNotFoundError:
        faults.add(WHOLE_FILE, absence)
        return None
    except (OSError, ValueError) as error:
        faults.add(WHOLE_FILE, _unreadable(error))
        return None
    if len(data) > most_bytes:
        faults.add(WHOLE_FILE, f"is larger than {most_bytes // 1024**2} MB; split or shorten it")
        return None
    return data


@contextmanager
def folders_in_words(path: Path) -> Iterator[None]:
    """Raise `CatalogueError` where a folder on the way to files cannot be looked into: nobody can say what is there."""
    try:
        yield
    except OSError as error:
        where = path if error.filename is None else str(error.filename)
        raise CatalogueError([Fault(str(where), *WHOLE_FILE, _unreadable(error))]) from None


def _unreadable(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or "the path is not valid"
    return f"cannot be read ({reason}); check the path and its permissions"


def _looks_wide(data: bytes) -> bool:
    """Say whether every second byte is NUL at the start, as in UTF-16 without a mark."""
    start = data[:8]
    return len(start) >= 4 and (not any(start[::2]) or not any(start[1::2]))  # noqa: PLR2004


def _without_refused_characters(text: str, faults: FaultList) -> str:
    for line_number, line in enumerate(LINE_BREAK.split(text), start=1):
        if found := REFUSED_CHARACTER.search(line):
            faults.add((line_number, found.start() + 1), f"holds {_describe(found[0])}")
            if faults.full:
                break
    return REFUSED_CHARACTER.sub("", text)


def _describe(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004  # what surrogateescape makes of a byte
        return f"the byte {code - 0xDC00:#04x}, which is not UTF-8; save the file as UTF-8"
    return f"the character U+{code:04X}, which does not belong in a text; delete it"
