"""Small files of every kind that is taken, made here, and files that lie about what they are."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

OFFICE = "http://schemas.openxmlformats.org/package/2006/content-types"
MAIN = "application/vnd.openxmlformats-officedocument"
MAIN_PARTS = {
    "docx": ("word/document.xml", f"{MAIN}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{MAIN}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{MAIN}.presentationml.presentation.main+xml"),
}
ODF = {
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
EXE = b"MZ\x90\x00" + bytes(60)
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


def make_zip(parts: Mapping[str, bytes], *, stored: bool = False) -> bytes:
    """Pack parts in their order; the first one unpacked, as OpenDocument wants it."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(parts.items()):
            way = zipfile.ZIP_STORED if stored or not number else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, way)
    return packed.getvalue()


def office_parts(kind: str, *types: tuple[str, str], main: str = "") -> dict[str, bytes]:
    """Give the parts of an Office document, with more media types where they are named."""
    part, media_type = MAIN_PARTS[kind]
    stated = "".join(
        f'<Override PartName="/{name}" ContentType="{kind_of}"/>'
        for name, kind_of in ((part, main or media_type), *types)
    )
    index = f'<?xml version="1.0"?><Types xmlns="{OFFICE}">{stated}</Types>'
    return {"[Content_Types].xml": index.encode(), "_rels/.rels": b"<Relationships/>", part: b"<document/>"}


def make_office(kind: str, more: Mapping[str, bytes] | None = None) -> bytes:
    return make_zip({**office_parts(kind), **(more or {})})


def make_odf(kind: str, more: Mapping[str, bytes] | None = None, manifest: bytes = b"<manifest/>") -> bytes:
    parts = {"mimetype": ODF[kind], "content.xml": b"<document/>", "META-INF/manifest.xml": manifest}
    return make_zip({**parts, **(more or {})})


def make_pdf(more: bytes = b"") -> bytes:
    body = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R" + more + b">>\nendobj\n"
    return body + b"2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\ntrailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF\n"


def make_png(more: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"\x00\x00")) + chunk(b"IEND", b"") + more


def make_jpeg(more: bytes = b"") -> bytes:
    def segment(marker: int, content: bytes) -> bytes:
        return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content

    frame = segment(0xC0, bytes((8, 0, 1, 0, 1, 1, 1, 0x11, 0)))
    scan = segment(0xDA, bytes((1, 1, 0, 0, 63, 0))) + b"\x00\x3f"
    return b"\xff\xd8" + segment(0xE0, b"JFIF\x00" + bytes(9)) + frame + scan + b"\xff\xd9" + more


def _patch(content: bytes, offset_in_entry: int, value: bytes) -> bytes:
    """Overwrite bytes of the last entry of the directory."""
    place = content.rindex(b"PK\x01\x02") + offset_in_entry
    return content[:place] + value + content[place + len(value) :]


def make_lying_bomb() -> bytes:
    """Pack megabytes of nothing that are said to be one byte, with the checksum of that byte."""
    packed = make_office("docx", {"word/media.xml": bytes(2_000_000)})
    small = struct.pack("<I", zlib.crc32(b"\x00"))
    return _patch(_patch(packed, 16, small), 24, struct.pack("<I", 1))


HONEST: dict[str, bytes] = {
    "strategy.pdf": make_pdf(),
    "link.pdf": make_pdf(b"/URI(https://example.org/Launch)"),
    "picture.png": make_png(),
    "picture.jpg": make_jpeg(),
    "picture.jpeg": make_jpeg(),
    "figures.csv": "\ufeffPlace,Score\r\nLlanfair,£4\r\n".encode(),
    "notes.TXT": b"First line\nSecond\tline <b>not markup</b>\n",
    "strategy.docx": make_office("docx"),
    "figures.xlsx": make_office("xlsx"),
    "board.pptx": make_office("pptx", {"ppt/embeddings/chart.xlsx": make_office("xlsx")}),
    "strategy.odt": make_odf("odt"),
    "figures.ods": make_odf("ods"),
}
"""Name -> content that is what the name says."""

LYING: dict[str, tuple[str, bytes, str]] = {
    "a page as PDF": ("a.pdf", HTML, "not a PDF"),
    "a page before a PDF": ("a.pdf", HTML + make_pdf(), "not a PDF"),
    "a PDF cut off": ("a.pdf", make_pdf()[:-10], "cut off"),
    "a PDF with a page behind it": ("a.pdf", make_pdf() + HTML, "behind its end"),
    "a PDF that runs a script": ("a.pdf", make_pdf(b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "can run"),
    "a PDF that hides its script": ("a.pdf", make_pdf(b"/OpenAction<</S /J#61vaScript>>"), "can run"),
    "a PDF that starts a program": ("a.pdf", make_pdf(b"/OpenAction<</S/Launch/F(a.exe)>>"), "can run"),
    "a PDF with files in it": ("a.pdf", make_pdf(b"/Names<</EmbeddedFiles 3 0 R>>"), "files inside"),
    "a program as PNG": ("a.png", EXE, "not a PNG"),
    "a picture of another kind": ("a.png", make_jpeg(), "not a PNG"),
    "a PNG cut off": ("a.png", make_png()[:-6], "cut off"),
    "a PNG with a page behind it": ("a.png", make_png(HTML), "cut off or damaged"),
    "a PNG with a damaged part": ("a.png", make_png().replace(b"IDAT", b"IDAt"), "cut off or damaged"),
    "a page as JPEG": ("a.jpg", HTML, "not a JPEG"),
    "a JPEG that is only a beginning": ("a.jpg", b"\xff\xd8\xff\xe0" + HTML + b"\xff\xd9", "cut off or damaged"),
    "a JPEG cut off": ("a.jpg", make_jpeg()[:-2], "cut off"),
    "a JPEG with a page behind it": ("a.jpg", make_jpeg(HTML), "cut off or damaged"),
    "a page as text": ("a.txt", HTML, "web page"),
    "a drawing as text": ("a.txt", b"\n " + SVG, "web page or drawing"),
    "a drawing as CSV": ("a.csv", b"<?xml version='1.0'?>" + SVG, "web page or drawing"),
    "a program as CSV": ("a.csv", EXE, "not text in UTF-8"),
    "text in another encoding": ("a.csv", "Place,£4".encode("cp1252"), "save it as “CSV UTF-8”"),
    "text with control characters": ("a.txt", b"one\x1b[31m", "not plain text"),
    "text with a zero": ("a.txt", b"one\x00two", "not plain text"),
    "a plain zip as DOCX": ("a.docx", make_zip({"readme.txt": b"hello"}), "not a Word document"),
    "a program as DOCX": ("a.docx", EXE, "not a Word document"),
    "a workbook as DOCX": ("a.docx", make_office("xlsx"), "not a Word document"),
    "an OpenDocument as DOCX": ("a.docx", make_odf("odt"), "not a Word document"),
    "a DOCX as OpenDocument": ("a.odt", make_office("docx"), "not an OpenDocument text"),
    "a document with its main part left out": (
        "a.docx",
        make_zip({k: v for k, v in office_parts("docx").items() if "document" not in k}),
        "not a Word document",
    ),
    "a DOCM as DOCX": (
        "a.docx",
        make_zip(office_parts("docx", main="application/vnd.ms-word.document.macroEnabled.main+xml")),
        "macros",
    ),
    "a macro that is not stated": ("a.xlsx", make_office("xlsx", {"xl/vbaProject.bin": b"code"}), "macros"),
    "a macro under another name": ("a.xlsx", make_office("xlsx", {"xl/a.bin": b"\xd0\xcf\x11\xe0code"}), "macros"),
    "a macro that is stated": (
        "a.xlsx",
        make_zip(office_parts("xlsx", ("xl/x.bin", "application/vnd.ms-office.vbaProject"))),
        "macros",
    ),
    "a program in a document": ("a.docx", make_office("docx", {"word/embeddings/a.bin": EXE}), "embedded programs"),
    "a zip in a document": ("a.docx", make_office("docx", {"word/a": make_zip({"a": b"a"})}), "embedded programs"),
    "a macro in a table in a document": (
        "a.docx",
        make_office("docx", {"word/embeddings/a.xlsx": make_office("xlsx", {"xl/vbaProject.bin": b"code"})}),
        "macros",
    ),
    "documents in documents in documents": (
        "a.docx",
        make_office("docx", {"word/a.docx": make_office("docx", {"word/a.docx": make_office("docx")})}),
        "macros or embedded",
    ),
    "macros in an OpenDocument": ("a.odt", make_odf("odt", {"Basic/Standard/Module1.xml": b"<x/>"}), "macros"),
    "an OpenDocument with a password": ("a.ods", make_odf("ods", manifest=b"<encryption-data/>"), "password"),
    "an OpenDocument whose kind is not first": (
        "a.odt",
        make_zip({"content.xml": b"<x/>", "mimetype": ODF["odt"], "META-INF/manifest.xml": b"<x/>"}),
        "not an OpenDocument text",
    ),
    "a zip with a password": ("a.docx", _patch(make_office("docx"), 8, b"\x01\x00"), "password"),
    "a part outside its folder": ("a.docx", make_office("docx", {"../../evil.xml": b"<x/>"}), "damaged"),
    "a part with an absolute name": ("a.docx", make_office("docx", {"/etc/evil.xml": b"<x/>"}), "damaged"),
    "a zip cut off": ("a.docx", make_office("docx")[:-30], "damaged"),
    "a zip behind something else": ("a.docx", EXE + make_office("docx"), "damaged"),
    "a bomb": ("a.docx", make_office("docx", {"word/media.xml": bytes(120_000_000)}), "more than can be checked"),
    "a bomb in a document": (
        "a.docx",
        make_office("docx", {"word/a.docx": make_office("docx", {"word/media.xml": bytes(120_000_000)})}),
        "more than can be checked",
    ),
    "a bomb that lies about its size": ("a.docx", make_lying_bomb(), "damaged"),
    "very many parts": ("a.docx", make_office("docx", {f"word/{n}": b"" for n in range(6_000)}), "more than can"),
    "an index with entities": (
        "a.docx",
        make_zip({**office_parts("docx"), "[Content_Types].xml": b'<!DOCTYPE x [<!ENTITY a "a">]><x>&a;</x>'}),
        "not a Word document",
    ),
    "an index that is no XML": ("a.docx", make_zip({**office_parts("docx"), "[Content_Types].xml": b"<a"}), "damaged"),
    "nothing": ("a.pdf", b"", "is empty"),
    "a drawing": ("a.svg", SVG, "must be a PDF"),
    "a page": ("a.html", HTML, "must be a PDF"),
    "a document of old Office": ("a.doc", b"\xd0\xcf\x11\xe0", "must be a PDF"),
    "a document with macros": ("a.docm", make_office("docx"), "must be a PDF"),
    "a program under two ends": ("a.pdf.exe", EXE, "must be a PDF"),
    "no end at all": ("pdf", make_pdf(), "must be a PDF"),
}
"""What it is -> name, content, and a piece of what is said of it."""
