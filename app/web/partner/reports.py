"""The gap report: as a page, and the same object in other forms."""

from datetime import datetime
from typing import Annotated, Final

from fastapi import Query
from fastapi.responses import HTMLResponse, Response

from app.catalogue import Catalogue
from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Demonstration, Now
from app.domain.records import AssessmentKey
from app.renderings import files
from app.renderings.files import MEDIA_TYPES, Form
from app.renderings.view import Fact, ReportView, make_report_view
from app.services import Database, releasing, reporting, typing_barriers
from app.services.reporting import SubmittedReport
from app.services.typing_barriers import GapBarriers
from app.web import paths
from app.web.pages import Link, ReportPage
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.partner.submissions import find_notice, list_facts
from app.web.routing import make_router
from app.web.templating import INVENTED, ShowDep
from app.web.together import addresses as together

router = make_router()

MOST_SUBMISSIONS: Final = 100_000
"""No assessment is submitted that often; a larger number names nothing."""
FORM_WORDS: Final = {
    Form.PDF: "PDF, for a board paper",
    Form.CSV: "CSV, for a spreadsheet",
    Form.JSON: "JSON, for other systems",
    Form.TEXT: "Plain text",
}


SubmissionQuery = Annotated[int | None, Query(ge=1, le=MOST_SUBMISSIONS)]


@router.get(ASSESSMENT + "/report")
def report_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    demonstration: Demonstration,
    submission: SubmissionQuery = None,
) -> HTMLResponse:
    """People of the organisation: where it stands, what is missing, and what to do about it."""
    submitted = reporting.get_report(database, catalogue, actor, key, submission)
    barriers = typing_barriers.list_of_report(database, catalogue, actor, key, submitted, now)
    view = _make_view(catalogue, submitted, barriers, demonstration=demonstration)
    number, of = submitted.submission.number, submitted.submission.of
    which = "" if submitted.is_newest else f", submission {number}"
    asked = None if submitted.is_newest else number
    return show(
        "report/report.html",
        ReportPage(
            title=f"Gap report: {view.subject}, {submitted.submission.record.round}{which}",
            back=Link("Back to your assessments", paths.ASSESSMENTS),
            report=view,
            notice=find_notice(submitted),
            others=tuple(
                Link(f"See the report of submission {other}", paths.report(key, submission=other))
                for other in range(1, of + 1)
                if other != number
            ),
            where=_find_where(database, submitted, now),
            downloads=tuple(Link(words, paths.report(key, form, asked)) for form, words in FORM_WORDS.items()),
            ways={f"gap-{question}": _link_saying(key, question, barriers) for question in barriers.open},
        ),
    )


@router.get(ASSESSMENT + "/report.{form}")
def report_file(
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    form: Form,
    now: Now,
    demonstration: Demonstration,
    submission: SubmissionQuery = None,
) -> Response:
    """People of the organisation: the report as a file."""
    submitted = reporting.get_report(database, catalogue, actor, key, submission)

    def make_view() -> ReportView:
        barriers = typing_barriers.list_of_report(database, catalogue, actor, key, submitted, now)
        return _make_view(catalogue, submitted, barriers, demonstration=demonstration)

    content = files.render(form, submitted.report, make_view)
    name = "gap-report" if submitted.is_newest else f"gap-report-submission-{submitted.submission.number}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "no-store"}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _find_where(database: Database, submitted: SubmittedReport, now: datetime) -> Link | None:
    """Lead to where the partnership stands, once its round is released."""
    record = submitted.submission.record
    place = record.partnership_id, record.round_id
    if not releasing.is_released_to(database, *place, record.organisation_id, now):
        return None
    return Link("Where is our partnership, beside all partnerships?", together.where(*place))


def _link_saying(key: AssessmentKey, question_id: str, barriers: GapBarriers) -> Link:
    words = "Change what stands in the way" if question_id in barriers.kinds else "Say what stands in the way"
    return Link(words, paths.barriers(key, question_id))


def _make_view(
    catalogue: Catalogue, submitted: SubmittedReport, barriers: GapBarriers, *, demonstration: bool
) -> ReportView:
    submission = submitted.submission
    record = submission.record
    context = [Fact("Partnership", record.partnership), Fact("Round", record.round), *list_facts(submitted)]
    if submitted.report.targets is not None:
        context.append(Fact("Targets", "Set by the round, in place of the questionnaire’s own"))
    if demonstration:
        context.append(Fact("Demonstration", INVENTED))
    return make_report_view(
        submitted.report,
        subject=record.organisation,
        context=context,
        learning=catalogue.learning_of(submitted.report.questionnaire.framework.id),
        answers=submission.answers,
        named=barriers.kinds,
    )
