"""The gap report of a submitted assessment."""

from dataclasses import dataclass

from app.catalogue import Catalogue
from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.errors import NotFoundError
from app.domain.gaps import GapReport, make_gap_report
from app.domain.records import AssessmentKey, Submission
from app.services import Database
from app.store import assessments


@dataclass(frozen=True, slots=True)
class SubmittedReport:
    """A gap report with what was frozen at submit."""

    submission: Submission
    report: GapReport


def get_report(
    database: Database, catalogue: Catalogue, actor: Actor, key: AssessmentKey, number: int | None = None
) -> SubmittedReport:
    """Report what was submitted last, or as which number, by the version it was answered with. One statement."""
    with database.reading() as session:
        submission = assessments.find_submission(session, key, number)
    if submission is None or not access.can(
        actor, Deed.SEE_ASSESSMENT, organisation_id=submission.record.organisation_id
    ):
        raise NotFoundError("There is no such report. A report is made when an assessment is submitted")
    questionnaire = catalogue.get_by_hash(submission.questionnaire_hash)
    return SubmittedReport(submission, make_gap_report(questionnaire, submission.answers))
