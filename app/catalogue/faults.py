"""What is wrong with a file, where, and what to do about it; gathered so that all of it can be said in one go."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import islice
from typing import Final

from app.domain.errors import EnablersError
from app.domain.values import REPLACEMENT, in_quotes, one_line

Place = tuple[int, int | None]
"""Line and column, both from 1; no column where a fault is of the whole line or file."""

WHOLE_FILE: Final[Place] = (1, None)
MOST_FAULTS: Final = 10_000
"""Faults listed of one file. A file with more is no questionnaire; listing on would only cost time and memory."""
SUGGESTED_LENGTH: Final = 80
MOST_SUGGESTED: Final = 5_000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file. `str(fault)` is the line to print."""

    file: str
    line: int
    column: int | None
    message: str

    def __str__(self) -> str:
        """Give `FILE:LINE: what is wrong and what to do`, or `FILE:LINE:COLUMN:` where known. It is one line."""
        file = "".join(character if character.isprintable() else REPLACEMENT for character in self.file)
        column = "" if self.column is None else f":{self.column}"
        return f"{file}:{self.line}{column}: {one_line(self.message)}"


class CatalogueError(EnablersError):
    """Files that cannot be used. `faults` holds everything wrong with all of them, by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Take the faults in any order."""
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.column or 0)))
        super().__init__("\n".join(map(str, self.faults)))


class FaultList:
    """The faults found in one file so far."""

    def __init__(self, file: object) -> None:
        """Take the file's path, as the person gave it."""
        self.file = str(file)
        self._faults: dict[tuple[Place, str], Fault] = {}

    def __bool__(self) -> bool:
        """Say whether anything is wrong."""
        return bool(self._faults)

    @property
    def full(self) -> bool:
        """Whether no more faults are taken."""
        return len(self._faults) >= MOST_FAULTS

    def add(self, place: Place, message: str) -> None:
        """Take a fault; the same one twice counts once."""
        if not self.full:
            self._faults.setdefault((place, message), Fault(self.file, *place, message))

    def all(self) -> list[Fault]:
        """Give the faults, and word of it where there are too many to list."""
        faults = list(self._faults.values())
        if self.full:
            faults.append(Fault(self.file, *WHOLE_FILE, f"has over {MOST_FAULTS:,} faults; mend these first"))
        return faults


def shown(value: object) -> str:
    """Give a value of a file as words for a message: on one line, and not too long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | Decimal | Fraction):
        return str(value)
    if isinstance(value, str):
        return in_quotes(value)
    return "a list" if isinstance(value, list | tuple) else "a mapping"


def suggest(word: str, known: Collection[str]) -> str:
    """Give “did you mean …?” where one of the known words is near, else the known words themselves."""
    near = find_near(word, known)
    if near is not None:
        return f"did you mean {shown(near)}?"
    return f"choose one of {one_line(join_words(known))}" if known else "there is none to choose from"


def find_near(word: str, known: Collection[str]) -> str | None:
    """Give a known word that a letter too many, too few, wrong, or two in the wrong order make out of `word`."""
    if len(word) > SUGGESTED_LENGTH or len(known) > MOST_SUGGESTED:
        return None
    spellings = _spellings(tuple(known))
    return next((spellings[spelling] for spelling in _one_letter_less(word.lower()) if spelling in spellings), None)


@lru_cache(maxsize=16)
def _spellings(known: tuple[str, ...]) -> dict[str, str]:
    """Give each word without any one of its letters -> the word: a look-up stays quick among thousands."""
    spellings: dict[str, str] = {}
    for word in known:
        if len(word) <= SUGGESTED_LENGTH:
            for spelling in _one_letter_less(word.lower()):
                spellings.setdefault(spelling, word)
    return spellings


def _one_letter_less(word: str) -> list[str]:
    return [word, *(word[:gap] + word[gap + 1 :] for gap in range(len(word)))]


def join_words(words: Iterable[str], most: int = 12) -> str:
    """Give words as one enumeration, the first few of many."""
    first = list(islice(words, most + 1))
    return ", ".join(first[:most]) + (", …" if len(first) > most else "")
