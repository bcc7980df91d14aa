"""Whether a DOCX, XLSX, PPTX, ODT or ODS is one: a sound zip, with the parts that make it what it says, and no macros.

Everything is unpacked once, a little at a time and within limits, so that no declared size is believed.
"""

import struct
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from itertools import pairwise
from typing import Final
from xml.etree import ElementTree as ET

from app.domain.evidence import MEDIA_TYPES, MEGABYTE, FileKind

MOST_PARTS: Final = 5_000
MOST_UNPACKED: Final = 100 * MEGABYTE
LARGEST_INDEX: Final = MEGABYTE
"""Bytes of the part that says what the others are."""
LARGEST_INNER: Final = 20 * MEGABYTE
DEEPEST: Final = 1
"""Packages within a package: a chart carries its table along, which carries nothing more."""

_STEP: Final = MEGABYTE
_LOCAL: Final = b"PK\x03\x04"
_CENTRAL: Final = b"PK\x01\x02"
_LOCAL_HEADER: Final = struct.Struct("<4s22xHH")
_ENCRYPTED: Final = 0x1
_UNPACKABLE: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_RUNNABLE: Final = (
    b"MZ",  # Windows
    b"\x7fELF",
    b"\xfe\xed\xfa",  # macOS
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"\xd0\xcf\x11\xe0",  # a compound file of old Office, as embedded objects and macros are
)
_TYPES: Final = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_MAIN: Final[Mapping[FileKind, str]] = {
    kind: f"{MEDIA_TYPES[kind]}.main+xml" for kind in (FileKind.DOCX, FileKind.XLSX, FileKind.PPTX)
}
_MACROS: Final = ("macroenabled", "vbaproject", "activex", "oleobject")
_ODF: Final = frozenset({FileKind.ODT, FileKind.ODS})
_ODF_SCRIPTS: Final = ("basic/", "scripts/")
_FORM_WORDS: Final[Mapping[FileKind, str]] = {
    FileKind.DOCX: "a Word document (DOCX)",
    FileKind.XLSX: "an Excel workbook (XLSX)",
    FileKind.PPTX: "a PowerPoint presentation (PPTX)",
    FileKind.ODT: "an OpenDocument text (ODT)",
    FileKind.ODS: "an OpenDocument spreadsheet (ODS)",
}
_DAMAGED: Final = "The selected file is damaged. Open it, save it again and choose the new file"
_ENCRYPTED_WORDS: Final = "The selected file needs a password. Save it without one and choose the new file"
_MACRO_WORDS: Final = "The selected file holds macros or embedded programs. Save it without them, or as a PDF"
_TOO_MUCH: Final = "The selected file unpacks to more than can be checked. Save it as a PDF and choose that"


class _FaultError(Exception):
    """What is wrong, as a sentence; never leaves this module."""


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked, in bytes and parts."""

    room: int = MOST_UNPACKED
    parts: int = MOST_PARTS

    def take(self, size: int) -> None:
        self.room -= size
        if self.room < 0:
            raise _FaultError(_TOO_MUCH)


@dataclass(slots=True)
class _Package:
    """A package that was unpacked: the names of its parts, and the contents that say what it is."""

    names: tuple[str, ...]
    states_kind_first: bool
    """Whether it begins with its media type in clear, as OpenDocument files do."""
    index: dict[str, bytes] = field(default_factory=dict)


_INDEX: Final = frozenset({"[Content_Types].xml", "mimetype", "META-INF/manifest.xml"})


def find_package_fault(kind: FileKind, content: bytes) -> str:
    """Say in a sentence why content is not a package of a kind, or not taken; empty where it is right."""
    try:
        package = _unpack(content, _Budget(), depth=0)
        found = _identify(package)
    except _FaultError as fault:
        return str(fault)
    except zipfile.BadZipFile:
        return f"The selected file is not {_FORM_WORDS[kind]}, or is damaged"
    except (struct.error, zlib.error, UnicodeError, ValueError, NotImplementedError, OverflowError):
        return _DAMAGED
    return "" if found is kind else f"The selected file is not {_FORM_WORDS[kind]}, though its name ends like one"


def _unpack(content: bytes, budget: _Budget, *, depth: int) -> _Package:
    """Go through every part of a zip; raises `_FaultError` for what is not taken."""
    if not content.startswith(_LOCAL):
        raise zipfile.BadZipFile
    budget.parts -= content.count(_CENTRAL)  # before the directory is read, which a long one makes slow
    if budget.parts < 0:
        raise _FaultError(_TOO_MUCH)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        _check_directory(entries, has_comment=bool(archive.comment))
    first = min(entries, key=lambda entry: entry.header_offset)
    package = _Package(
        names=tuple(entry.filename for entry in entries),
        states_kind_first=first.filename == "mimetype" and first.compress_type == zipfile.ZIP_STORED,
    )
    for entry in entries:
        _unpack_part(content, entry, package, budget, depth)
    return package


def _check_directory(entries: Collection[zipfile.ZipInfo], *, has_comment: bool) -> None:
    names = [entry.filename for entry in entries]
    offsets = sorted((entry.header_offset, entry.header_offset + entry.compress_size) for entry in entries)
    overlapping = any(end > start for (_, end), (start, _) in pairwise(offsets))
    if has_comment or len(set(names)) < len(names) or overlapping or not offsets or offsets[0][0]:
        raise _FaultError(_DAMAGED)
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED:
            raise _FaultError(_ENCRYPTED_WORDS)
        if entry.compress_type not in _UNPACKABLE or _leaves_folder(entry.orig_filename):
            raise _FaultError(_DAMAGED)


def _leaves_folder(name: str) -> bool:
    parts = name.split("/")
    return "\\" in name or "\x00" in name or ":" in parts[0] or not parts[0] or ".." in parts


def _unpack_part(content: bytes, entry: zipfile.ZipInfo, package: _Package, budget: _Budget, depth: int) -> None:
    kept = _read_part(content, entry, budget)
    if entry.filename in _INDEX:
        package.index[entry.filename] = kept
    elif kept and (depth >= DEEPEST or _identify(_unpack(kept, budget, depth=depth + 1)) is None):
        raise _FaultError(_MACRO_WORDS)


def _read_part(content: bytes, entry: zipfile.ZipInfo, budget: _Budget) -> bytes:
    """Unpack one part, and give it back where it is an index or a package itself."""
    kept, checksum, size = bytearray(), 0, 0
    most = LARGEST_INDEX if entry.filename in _INDEX else 0
    for chunk in _inflate(content, entry):
        budget.take(len(chunk))
        if not size and chunk.startswith(_RUNNABLE):
            raise _FaultError(_MACRO_WORDS)
        if not size and chunk.startswith(_LOCAL):
            most = LARGEST_INNER
        checksum, size = zlib.crc32(chunk, checksum), size + len(chunk)
        if most:
            kept += chunk
        if len(kept) > most:
            raise _FaultError(_TOO_MUCH)
    if (checksum, size) != (entry.CRC, entry.file_size):
        raise _FaultError(_DAMAGED)
    return bytes(kept)


def _inflate(content: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Unpack one part in steps, from its own header on, which must say the same as the directory."""
    signature, name_length, extra_length = _LOCAL_HEADER.unpack_from(content, entry.header_offset)
    named = entry.header_offset + 30
    start = named + name_length + extra_length
    name = content[named : named + name_length]
    encoded = entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437")
    packed = content[start : start + entry.compress_size]
    if signature != _LOCAL or name != encoded or len(packed) < entry.compress_size:
        raise _FaultError(_DAMAGED)
    if entry.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    inflating = zlib.decompressobj(-zlib.MAX_WBITS)
    while not inflating.eof:
        chunk = inflating.decompress(packed, _STEP)
        packed = inflating.unconsumed_tail
        if not chunk and not inflating.eof:
            raise _FaultError(_DAMAGED)
        yield chunk
    if inflating.unused_data:
        raise _FaultError(_DAMAGED)


def _identify(package: _Package) -> FileKind | None:
    """Say which kind a package is by its parts; raises `_FaultError` where it holds macros."""
    if package.states_kind_first:
        return _identify_odf(package)
    return _identify_ooxml(package)


def _identify_odf(package: _Package) -> FileKind | None:
    manifest = package.index.get("META-INF/manifest.xml", b"")
    if b"encryption-data" in manifest:
        raise _FaultError(_ENCRYPTED_WORDS)
    if any(name.lower().startswith(_ODF_SCRIPTS) for name in package.names):
        raise _FaultError(_MACRO_WORDS)
    stated = package.index["mimetype"].decode("ascii")
    if not manifest or "content.xml" not in package.names:
        return None
    return next((kind for kind in _ODF if MEDIA_TYPES[kind] == stated), None)


def _identify_ooxml(package: _Package) -> FileKind | None:
    types = _read_types(package.index.get("[Content_Types].xml", b""))
    names = {name.lower() for name in package.names}
    stated = {part.lower(): media_type.lower() for part, media_type in types}
    if any(word in text for text in (*names, *stated.values()) for word in _MACROS):
        raise _FaultError(_MACRO_WORDS)
    return next(
        (
            kind
            for kind, main in _MAIN.items()
            if any(media_type == main and part.removeprefix("/") in names for part, media_type in stated.items())
        ),
        None,
    )


def _read_types(index: bytes) -> list[tuple[str, str]]:
    """Give part or extension -> media type, as the package states them."""
    text = index.decode("utf-8-sig")
    if not text or "<!" in text:  # no document type, hence no entities
        return []
    try:
        root = ET.fromstring(text)  # noqa: S314 - what could harm a parser was refused the line before
    except ET.ParseError:
        raise _FaultError(_DAMAGED) from None
    return [
        (element.get("PartName") or element.get("Extension") or "", element.get("ContentType") or "")
        for element in root
        if element.tag in {f"{_TYPES}Override", f"{_TYPES}Default"}
    ]
