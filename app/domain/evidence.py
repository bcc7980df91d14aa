"""Files that show an answer to be true: which kinds are taken, how much, and under what name they are kept."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from app.domain.errors import EnablersError

MEGABYTE: Final = 1024 * 1024
"""As file managers count."""
LARGEST_FILE: Final = 5 * MEGABYTE
MOST_ON_QUESTION: Final = 10
"""Files."""
MOST_IN_ASSESSMENT: Final = 50 * MEGABYTE
NAME_LENGTH: Final = 200
NAMELESS: Final = "file"


class FileKind(StrEnum):
    """The kinds of file that are taken, by the end of their name."""

    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    CSV = "csv"
    TXT = "txt"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    ODT = "odt"
    ODS = "ods"


KIND_OF: Final[Mapping[str, FileKind]] = {**{kind.value: kind for kind in FileKind}, "jpg": FileKind.JPEG}
"""What a name ends with, in lower case -> the kind."""

_OOXML: Final = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES: Final[Mapping[FileKind, str]] = {
    FileKind.PDF: "application/pdf",
    FileKind.PNG: "image/png",
    FileKind.JPEG: "image/jpeg",
    FileKind.CSV: "text/csv",
    FileKind.TXT: "text/plain",
    FileKind.DOCX: f"{_OOXML}.wordprocessingml.document",
    FileKind.XLSX: f"{_OOXML}.spreadsheetml.sheet",
    FileKind.PPTX: f"{_OOXML}.presentationml.presentation",
    FileKind.ODT: "application/vnd.oasis.opendocument.text",
    FileKind.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}
WRONG_KIND: Final = "The selected file must be a PDF, PNG, JPEG, CSV, TXT, DOCX, XLSX, PPTX, ODT or ODS"
TOO_LARGE: Final = f"The selected file must be smaller than {LARGEST_FILE // MEGABYTE} MB"

# Controls, signs that turn the direction of what follows or cannot be seen, surrogates, and what is no character.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_FORBIDDEN_IN_NAMES: Final = re.compile(r'[<>:"|?*;]')


class EvidenceDamagedError(EnablersError):
    """A stored file is not what was uploaded."""


@dataclass(frozen=True, slots=True)
class EvidenceRecord:
    """What is known of one file, without its content."""

    id: UUID
    question_id: str
    name: str
    media_type: str
    size: int
    """Bytes."""
    sha256: str
    added_by: str
    """The name of the person."""
    added_at: datetime


def find_kind(name: str) -> FileKind | None:
    """Find the kind that a file name claims."""
    stem, dot, extension = name.rpartition(".")
    return KIND_OF.get(extension.lower()) if stem and dot else None


def clean_name(name: str) -> str:
    """Give a name that any system can keep: no path, nothing unseen, at most 200 characters, its end kept."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(" " if character.isspace() else character for character in base if _is_seen(character))
    stem, dot, extension = " ".join(_FORBIDDEN_IN_NAMES.sub("", seen).split()).rpartition(".")
    if not dot:
        return extension.strip(". ")[:NAME_LENGTH] or NAMELESS
    room = NAME_LENGTH - len(extension) - 1
    return f"{stem.strip('. ')[: max(room, 0)].rstrip('. ') or NAMELESS}.{extension}"[:NAME_LENGTH]


def _is_seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _UNSEEN


def find_limit_reached(on_question: int, in_assessment: int, size: int) -> str:
    """Say why a file of this size has no more room, given the files and bytes there are; empty where it has."""
    if on_question >= MOST_ON_QUESTION:
        return f"This question already has {MOST_ON_QUESTION} files. Remove one before you add another"
    if in_assessment + size > MOST_IN_ASSESSMENT:
        return (
            f"The files of this assessment would be larger than {MOST_IN_ASSESSMENT // MEGABYTE} MB together. "
            "Remove one before you add another"
        )
    return ""
