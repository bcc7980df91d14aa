"""Whether a file is what its name says. A check of type and structure; no search for viruses.

A file that lies about its kind, is cut off, has something behind its end, or could run something is refused in words.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from typing import Final

from app.domain.evidence import FileKind
from app.services.checking_packages import find_package_fault

EMPTY: Final = "The selected file is empty"
_BLANK: Final = b"\x00\t\n\x0c\r "

_PDF_START: Final = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_END: Final = b"%%EOF"
_PDF_TAIL: Final = 2048
"""Bytes at the end in which a PDF says where to begin reading."""
_PDF_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_ACTIVE: Final = re.compile(
    rb"(?:(?<=[\s<>\[\](){}%])|(?<=/S)|(?<=/Type)|(?<= R))"
    rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)(?=[\s<>\[\](){}/%])"
)

_PNG_START: Final = b"\x89PNG\r\n\x1a\n"
_PNG_HEADER_LENGTH: Final = 13
_JPEG_START: Final = b"\xff\xd8\xff"
_JPEG_END: Final = b"\xff\xd9"
_JPEG_SCAN: Final = 0xDA
_JPEG_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE: Final = frozenset(range(0xD0, 0xD8)) | {0x01}
"""Markers that no length follows."""

_MARKUP: Final = re.compile(r"\s*<(?:!doctype|!--|\?xml|html|head|body|script|svg|iframe|math)\b", re.IGNORECASE)


def find_fault(kind: FileKind, content: bytes) -> str:
    """Say in a sentence why a file is not of the kind its name says, or not taken; empty where it is right."""
    return _CHECKS[kind](content) if content else EMPTY


def _find_pdf_fault(content: bytes) -> str:
    if not _PDF_START.match(content):
        return "The selected file is not a PDF, though its name ends like one"
    tail = content[-_PDF_TAIL:]
    if b"startxref" not in tail or not tail.rstrip(_BLANK).endswith(_PDF_END):
        return "The selected PDF is cut off, or something stands behind its end. Save it again and choose the new file"
    names = _PDF_ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), content)
    if _PDF_ACTIVE.search(names):
        return (
            "The selected PDF can run something, or has files inside. Print it to a new PDF and choose that, "
            "or attach the files one by one"
        )
    return ""


def _find_png_fault(content: bytes) -> str:
    if not content.startswith(_PNG_START):
        return "The selected file is not a PNG picture, though its name ends like one"
    broken = "The selected picture is cut off or damaged. Save it again as PNG and choose the new file"
    place = len(_PNG_START)
    kinds: list[bytes] = []
    while place + 12 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, place)
        end = place + 12 + length
        if end > len(content) or (not kinds and (kind, length) != (b"IHDR", _PNG_HEADER_LENGTH)):
            return broken
        if zlib.crc32(memoryview(content)[place + 4 : end - 4]) != struct.unpack_from(">I", content, end - 4)[0]:
            return broken
        kinds.append(kind)
        place = end
        if kind == b"IEND":
            break
    return "" if kinds[-1:] == [b"IEND"] and b"IDAT" in kinds and place == len(content) else broken


def _find_jpeg_fault(content: bytes) -> str:
    if not content.startswith(_JPEG_START):
        return "The selected file is not a JPEG picture, though its name ends like one"
    if _has_jpeg_frame(content) and content.rstrip(_BLANK).endswith(_JPEG_END):
        return ""
    return "The selected picture is cut off or damaged. Open it, save it again as JPEG and choose the new file"


def _has_jpeg_frame(content: bytes) -> bool:
    """Say whether the segments hold a frame before the first scan begins."""
    place, framed = 2, False
    while place + 4 <= len(content) and content[place] == 0xFF:  # noqa: PLR2004 - what each marker begins with
        marker = content[place + 1]
        if marker == _JPEG_SCAN:
            return framed
        if marker == 0xFF:  # noqa: PLR2004 - filling
            place += 1
        elif marker in _JPEG_BARE:
            place += 2
        else:
            framed = framed or marker in _JPEG_FRAMES
            (length,) = struct.unpack_from(">H", content, place + 2)
            place += 2 + max(length, 2)
    return False


def _find_text_fault(content: bytes, advice: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return f"The selected file is not text in UTF-8. {advice}"
    if any(unicodedata.category(sign) == "Cc" and sign not in "\t\n\r\f" for sign in set(text)):
        return f"The selected file is not plain text, though its name ends like it. {advice}"
    if _MARKUP.match(text):
        return "The selected file is a web page or drawing, though its name ends like plain text. Save it as a PDF"
    return ""


def _find_csv_fault(content: bytes) -> str:
    return _find_text_fault(content, "In a spreadsheet, save it as “CSV UTF-8”")


def _find_txt_fault(content: bytes) -> str:
    return _find_text_fault(content, "In an editor, save it as plain text with the encoding UTF-8")


def _package(kind: FileKind) -> Callable[[bytes], str]:
    return lambda content: find_package_fault(kind, content)


_CHECKS: Final[Mapping[FileKind, Callable[[bytes], str]]] = {
    FileKind.PDF: _find_pdf_fault,
    FileKind.PNG: _find_png_fault,
    FileKind.JPEG: _find_jpeg_fault,
    FileKind.CSV: _find_csv_fault,
    FileKind.TXT: _find_txt_fault,
    **{kind: _package(kind) for kind in (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX, FileKind.ODT, FileKind.ODS)},
}
