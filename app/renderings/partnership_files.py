"""The partnership report as a file: its forms, what each is called on the web, and its bytes. All from one object."""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from app.domain.full_report import FullReport
from app.domain.partnership_report import Shows
from app.renderings import as_partnership_json, as_pdf, as_text, as_workbook
from app.renderings.partnership_view import PartnershipView
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


def render(form: PartnershipForm, full: FullReport, shows: Shows, make_view: Callable[[], PartnershipView]) -> bytes:
    """Write a report in a form; `make_view` gives the view that it shows, and is called for forms people read."""
    match form:
        case PartnershipForm.JSON:
            plain = as_partnership_json.render(full.report, shows, list_action_rows(full))
            return (json.dumps(plain, ensure_ascii=False, indent=2) + "\n").encode()
        case PartnershipForm.XLSX:
            return as_workbook.render_xlsx(make_sheets(full.report, list_action_rows(full)))
        case PartnershipForm.ODS:
            return as_workbook.render_ods(make_sheets(full.report, list_action_rows(full)))
        case PartnershipForm.CSV:
            return as_workbook.render_csv(make_sheets(full.report, list_action_rows(full)))
        case PartnershipForm.TEXT:
            return as_text.render_partnership(make_view()).encode()
        case PartnershipForm.PDF:
            return as_pdf.render_partnership(make_view())


def list_action_rows(full: FullReport) -> tuple[ActionRow, ...]:
    """Give the plan for a data file: each action with the ids of its question and enabler."""
    return tuple(
        ActionRow(
            enabler=section.enabler if (section := questionnaire.section_of.get(action.question_id)) else "",
            question=action.question_id,
            action=action.title,
            organisation=action.owner_organisation,
            owner=action.owner,
            due=action.due_on,
            status=action.status,
            department=action.department,
            measure=action.measure,
            note=action.notes[-1].text if action.notes else "",
        )
        for action in full.actions
        for questionnaire in (full.questionnaires[action.round_id],)
    )
