"""Somebody's assessments, starting one, and its task list."""

from datetime import datetime
from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.assessment import AssessmentStatus, find_progress, find_shown
from app.domain.questionnaire import Section
from app.domain.records import AssessmentKey, AssessmentRecord
from app.renderings.words import count
from app.services import assessing
from app.services.assessing import LoadedAssessment
from app.web import paths
from app.web.forms import NO_FIELDS
from app.web.navigation import find_home
from app.web.pages import AssessmentRow, AssessmentsPage, BeforeStartPage, Link, RoundGroup, Tag, Task, TasksPage
from app.web.templating import ShowDep
from app.web.words import moment_words

router = APIRouter()

NOT_STARTED = Tag(text="Not started", colour="grey")
IN_PROGRESS = Tag(text="In progress", colour="yellow")
SUBMITTED = Tag(text="Submitted", colour="green")


def get_key(partnership_id: UUID, assessment_id: UUID) -> AssessmentKey:
    """Take the key of an assessment from the path."""
    return AssessmentKey(partnership_id, assessment_id)


KeyDep = Annotated[AssessmentKey, Depends(get_key)]
ASSESSMENT = "/partnerships/{partnership_id}/assessments/{assessment_id}"
START = "/partnerships/{partnership_id}/rounds/{round_id}/organisations/{organisation_id}/start"


@router.get(paths.ASSESSMENTS)
def assessments_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, now: Now) -> Response:
    """Anyone signed in: the assessments of their organisations. Central teams are led to their rounds."""
    home = find_home(actor)
    if home != paths.ASSESSMENTS:
        return RedirectResponse(home, 303)
    records = assessing.list_assessments(database, actor)
    return show(
        "partner/assessments.html",
        AssessmentsPage(
            title="Your assessments",
            rounds=tuple(_group(list(group), now) for _, group in groupby(records, key=lambda record: record.round_id)),
        ),
    )


def _group(records: list[AssessmentRecord], now: datetime) -> RoundGroup:
    return RoundGroup(
        title=records[0].round,
        detail=_window_words(records[0], now),
        rows=tuple(_row(record, now) for record in records),
    )


def _window_words(record: AssessmentRecord, now: datetime) -> str:
    window = record.window
    if now < window.opens_at:
        return f"Opens at {moment_words(window.opens_at)}"
    return f"{'Closes' if now < window.closes_at else 'Closed'} at {moment_words(window.closes_at)}"


def _row(record: AssessmentRecord, now: datetime) -> AssessmentRow:
    is_open = record.window.is_open(now)
    action = None
    detail = ""
    if record.assessment_id is None:
        tag = NOT_STARTED
        if is_open:
            path = paths.start_assessment(record.partnership_id, record.round_id, record.organisation_id)
            action = Link("Start", path)
    elif record.status is AssessmentStatus.SUBMITTED:
        key = AssessmentKey(record.partnership_id, record.assessment_id)
        tag = SUBMITTED
        action = Link("See the report", paths.report(key))
        if record.submitted_at and record.submitted_by:
            detail = f"Submitted by {record.submitted_by} at {moment_words(record.submitted_at)}"
    else:
        key = AssessmentKey(record.partnership_id, record.assessment_id)
        tag = IN_PROGRESS
        action = Link("Continue" if is_open else "See the answers", paths.assessment(key))
        if not is_open:
            detail = "Not submitted before the round closed"
    return AssessmentRow(
        partnership=record.partnership, organisation=record.organisation, detail=detail, tag=tag, action=action
    )


@router.get(START)
def before_start_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    partnership_id: UUID,
    round_id: UUID,
    organisation_id: UUID,
) -> Response:
    """Leads of the organisation: what to know before the first question."""
    record = assessing.get_invitation(database, actor, partnership_id, round_id, organisation_id)
    if record.assessment_id is not None:
        return RedirectResponse(paths.assessment(AssessmentKey(partnership_id, record.assessment_id)), 303)
    questionnaire = catalogue.get_by_hash(record.questionnaire_hash)
    return show(
        "partner/before_start.html",
        BeforeStartPage(
            title="Before you start",
            back=Link("Back to your assessments", paths.ASSESSMENTS),
            organisation=record.organisation,
            partnership=record.partnership,
            questionnaire=questionnaire.title,
            summary=questionnaire.summary or "",
            questions=count(len(questionnaire.questions), "question"),
            closes=moment_words(record.window.ends_at),
            question_list=paths.question_list(questionnaire.id, questionnaire.version),
            action=paths.start_assessment(partnership_id, round_id, organisation_id),
        ),
    )


@router.post(START, dependencies=[NO_FIELDS])
def start_assessment(
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    now: Now,
    partnership_id: UUID,
    round_id: UUID,
    organisation_id: UUID,
) -> Response:
    """Leads of the organisation: starts its assessment, or goes to the one a colleague started."""
    key = assessing.start(database, catalogue, actor, partnership_id, round_id, organisation_id, now)
    return RedirectResponse(paths.assessment(key), 303)


@router.get(ASSESSMENT)
def tasks_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, key: KeyDep, now: Now
) -> HTMLResponse:
    """People of the organisation: the task list."""
    assessment = assessing.get_assessment(database, catalogue, actor, key)
    record = assessment.record
    answered = sum(question.id in assessment.stored for question in assessment.shown)
    return show(
        "partner/tasks.html",
        TasksPage(
            title=assessment.questionnaire.title,
            back=Link("Back to your assessments", paths.ASSESSMENTS),
            organisation=record.organisation,
            partnership=record.partnership,
            round=record.round,
            progress=f"{answered} of {count(len(assessment.shown), 'question')} answered",
            closes=moment_words(record.window.ends_at),
            tasks=tuple(_task(assessment, section) for section in assessment.questionnaire.sections),
            go_on=_find_way_on(assessment, now),
            check=paths.check_answers(key),
            question_list=paths.question_list(assessment.questionnaire.id, assessment.questionnaire.version),
            can_answer=assessing.can_answer(record, now),
        ),
    )


def _find_way_on(assessment: LoadedAssessment, now: datetime) -> Link | None:
    if assessment.record.status is AssessmentStatus.SUBMITTED:
        return Link("See the report", paths.report(assessment.key))
    if not assessing.can_answer(assessment.record, now):
        return None
    if not assessment.unanswered:
        return Link("Check your answers and submit", paths.check_answers(assessment.key))
    first = assessment.unanswered[0]
    number = assessment.shown.index(first) + 1
    verb = "Continue with" if assessment.stored else "Start with"
    return Link(f"{verb} question {number}", paths.question(assessment.key, first.id))


def _task(assessment: LoadedAssessment, section: Section) -> Task:
    shown = find_shown(assessment.questionnaire, assessment.answers)
    progress = find_progress(section, shown, assessment.answers)
    asked = [question.id for question in section.questions if question.id in shown]
    first = next((question for question in asked if question not in assessment.stored), asked[0] if asked else None)
    if progress.complete:
        tag = None
    elif progress.answered:
        tag = IN_PROGRESS
    else:
        tag = NOT_STARTED
    return Task(
        title=section.title,
        detail=f"{progress.answered} of {count(progress.shown, 'question')} answered",
        href=paths.question(assessment.key, first) if first else paths.assessment(assessment.key),
        tag=tag,
    )
