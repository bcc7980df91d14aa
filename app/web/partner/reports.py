"""The gap report: as a page, and the same object in other forms."""

from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Demonstration
from app.renderings import files
from app.renderings.files import MEDIA_TYPES, Form
from app.renderings.view import Fact, ReportView, make_report_view
from app.services import reporting
from app.services.reporting import SubmittedReport
from app.web import paths
from app.web.pages import Link, ReportPage
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.templating import INVENTED, ShowDep
from app.web.words import moment_words

router = APIRouter()


FORM_WORDS: Final = {
    Form.PDF: "PDF, for a board paper",
    Form.CSV: "CSV, for a spreadsheet",
    Form.JSON: "JSON, for other systems",
    Form.TEXT: "Plain text",
}


@router.get(ASSESSMENT + "/report")
def report_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    demonstration: Demonstration,
) -> HTMLResponse:
    """People of the organisation: where it stands, what is missing, and what to do about it."""
    submitted = reporting.get_report(database, catalogue, actor, key)
    view = _make_view(catalogue, submitted, demonstration=demonstration)
    return show(
        "report/report.html",
        ReportPage(
            title=f"Gap report: {view.subject}, {submitted.submission.record.round}",
            back=Link("Back to your assessments", paths.ASSESSMENTS),
            report=view,
            downloads=tuple(Link(words, paths.report(key, form)) for form, words in FORM_WORDS.items()),
        ),
    )


@router.get(ASSESSMENT + "/report.{form}")
def report_file(
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    form: Form,
    demonstration: Demonstration,
) -> Response:
    """People of the organisation: the report as a file."""
    submitted = reporting.get_report(database, catalogue, actor, key)
    content = files.render(
        form, submitted.report, lambda: _make_view(catalogue, submitted, demonstration=demonstration)
    )
    headers = {"Content-Disposition": f'attachment; filename="gap-report.{form}"', "Cache-Control": "no-store"}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _make_view(catalogue: Catalogue, submitted: SubmittedReport, *, demonstration: bool) -> ReportView:
    submission = submitted.submission
    record = submission.record
    context = [Fact("Partnership", record.partnership), Fact("Round", record.round)]
    context.append(Fact("Submitted", f"{moment_words(submission.submitted_at)}, by {submission.submitted_by}"))
    if demonstration:
        context.append(Fact("Demonstration", INVENTED))
    return make_report_view(
        submitted.report,
        subject=record.organisation,
        context=context,
        learning=catalogue.learning_of(submitted.report.questionnaire.framework.id),
        answers=submission.answers,
    )
