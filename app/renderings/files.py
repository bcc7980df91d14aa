"""The gap report as a file: its forms, what each is called on the web, and its bytes."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from app.domain.gaps import GapReport
from app.renderings import as_csv, as_json, as_pdf, as_text
from app.renderings.shapes import ReportView


class Form(StrEnum):
    """The forms a report can be had in; the value is how the name of the file ends."""

    PDF = "pdf"
    CSV = "csv"
    JSON = "json"
    TEXT = "txt"


MEDIA_TYPES: Final[Mapping[Form, str]] = {
    Form.PDF: "application/pdf",
    Form.CSV: "text/csv; charset=utf-8",
    Form.JSON: "application/json",
    Form.TEXT: "text/plain; charset=utf-8",
}


def render(form: Form, report: GapReport, make_view: Callable[[], ReportView]) -> bytes:
    """Write a report in a form, text with the end of its last line; `make_view` is called for forms people read."""
    match form:
        case Form.JSON:
            return (json.dumps(as_json.render(report), ensure_ascii=False, indent=2) + "\n").encode()
        case Form.CSV:
            return as_csv.render(report).encode()
        case Form.TEXT:
            return as_text.render(make_view()).encode()
        case Form.PDF:
            return as_pdf.render(make_view())
