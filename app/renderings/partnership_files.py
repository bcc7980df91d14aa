"""The partnership report as a file: its forms, what each is called on the web, and its bytes. All from one object."""

import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from app.domain.partnership_report import PartnershipReport, Shows
from app.renderings import as_partnership_json, as_pdf, as_text, as_workbook
from app.renderings.shapes import ReportView
from app.renderings.sheets import ActionRow, make_sheets


class PartnershipForm(StrEnum):
    """The forms a partnership report can be had in; the value is how its address ends."""

    PDF = "pdf"
    XLSX = "xlsx"
    ODS = "ods"
    CSV = "csv"
    JSON = "json"
    TEXT = "txt"


MEDIA_TYPES: Final[Mapping[PartnershipForm, str]] = {
    PartnershipForm.PDF: "application/pdf",
    PartnershipForm.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    PartnershipForm.ODS: "application/vnd.oasis.opendocument.spreadsheet",
    PartnershipForm.CSV: "application/zip",
    PartnershipForm.JSON: "application/json",
    PartnershipForm.TEXT: "text/plain; charset=utf-8",
}
NAME: Final = "partnership-report"
BOTH_VIEWS: Final = frozenset({PartnershipForm.XLSX, PartnershipForm.ODS, PartnershipForm.CSV})
"""Forms that have the numbers of both views side by side."""


def make_name(form: PartnershipForm, shows: Shows) -> str:
    """Name the file, without a word that anybody typed."""
    which = "-as-agreed" if shows is Shows.AGREED and form not in BOTH_VIEWS else ""
    end = "-csv.zip" if form is PartnershipForm.CSV else f".{form}"
    return f"{NAME}{which}{end}"


def render(
    form: PartnershipForm,
    report: PartnershipReport,
    shows: Shows,
    actions: Sequence[ActionRow],
    make_view: Callable[[], ReportView],
) -> bytes:
    """Write a report in a form; `make_view` gives the view that it shows, and is called for forms people read."""
    match form:
        case PartnershipForm.JSON:
            plain = as_partnership_json.render(report, shows, actions)
            return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()
        case PartnershipForm.XLSX:
            return as_workbook.render_xlsx(make_sheets(report, actions))
        case PartnershipForm.ODS:
            return as_workbook.render_ods(make_sheets(report, actions))
        case PartnershipForm.CSV:
            return as_workbook.render_csv(make_sheets(report, actions))
        case PartnershipForm.TEXT:
            return as_text.render(make_view()).encode()
        case PartnershipForm.PDF:
            return as_pdf.render(make_view())
