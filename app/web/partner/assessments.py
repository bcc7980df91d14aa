"""Somebody's assessments, starting one, and its task list."""

from datetime import datetime
from itertools import groupby
from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.access import Actor, Deed, can
from app.domain.assessment import AssessmentStatus, find_progress, find_shown
from app.domain.loaded import LoadedAssessment
from app.domain.progress import Stage
from app.domain.questionnaire import Section
from app.domain.records import AssessmentKey, AssessmentRecord
from app.domain.sharing import GivenSection
from app.renderings.words import count
from app.services import assessing, carrying, life, trusting
from app.services.carrying import OpenedTasks
from app.web import paths
from app.web.forms import NO_FIELDS
from app.web.navigation import find_home
from app.web.pages import AssessmentsPage, BeforeStartPage, Link, RoundGroup, Task, TasksPage
from app.web.partner.statuses import TAG_OF, describe_late_entry, make_notice, make_row
from app.web.partner.trust_pages import link_trust, make_task
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import moment_words

router = make_router()


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
            rounds=tuple(
                _group(list(group), actor, now) for _, group in groupby(records, key=lambda record: record.round_id)
            ),
        ),
    )


def _group(records: list[AssessmentRecord], actor: Actor, now: datetime) -> RoundGroup:
    return RoundGroup(
        title=records[0].round,
        detail=_window_words(records[0], now),
        rows=tuple(make_row(actor, record, now) for record in records),
    )


def _window_words(record: AssessmentRecord, now: datetime) -> str:
    window = record.window
    if now < window.opens_at:
        return f"Opens at {moment_words(window.opens_at)}"
    return f"{'Closes' if now < window.closes_at else 'Closed'} at {moment_words(window.closes_at)}"


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
    opened = carrying.open_tasks(database, catalogue, actor, key)
    assessment = opened.assessment
    record = assessment.record
    asked = trusting.find_trust(database, catalogue, actor, key)
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
            tasks=(
                *(_task(assessment, section, actor) for section in assessment.questionnaire.sections),
                *([make_task(asked)] if asked else []),
            ),
            go_on=_find_way_on(assessment, actor, now),
            advice=_advise(assessment, actor),
            waiting=_describe_waiting(opened, actor),
            notice=make_notice(actor, life.get_standing(database, actor, key), now) if record.submissions else None,
            late=describe_late_entry(record, now),
            history=paths.history(key),
            check=paths.check_answers(key),
            question_list=paths.question_list(assessment.questionnaire.id, assessment.questionnaire.version),
            can_answer=assessing.can_answer(record, now),
            trust=link_trust(asked) if asked else None,
        ),
    )


def _find_way_on(assessment: LoadedAssessment, actor: Actor, now: datetime) -> Link | None:
    """Give the next thing to do. What was given to colleagues comes last."""
    if assessment.record.status is not AssessmentStatus.IN_PROGRESS:
        return Link("See the report", paths.report(assessment.key))
    if not assessing.can_answer(assessment.record, now):
        return None
    if not assessment.unanswered and can(actor, Deed.SUBMIT, organisation_id=assessment.record.organisation_id):
        return Link("Check your answers and submit", paths.check_answers(assessment.key))
    mine = assessment.list_unanswered_by(actor)
    if not mine:
        return None
    first = next((each for each in mine if assessment.find_holder(each.id) in {None, actor.person_id}), mine[0])
    number = assessment.shown.index(first) + 1
    verb = "Continue with" if assessment.stored else "Start with"
    return Link(f"{verb} question {number}", paths.question(assessment.key, first.id))


def _advise(assessment: LoadedAssessment, actor: Actor) -> str:
    """Say what somebody can do who has nothing to answer, while answers may be given."""
    organisation_id = assessment.record.organisation_id
    if not can(actor, Deed.ANSWER_GIVEN, organisation_id=organisation_id):
        return "You can read every question and answer, and comment. A lead of your organisation submits."
    if any(given.person_id == actor.person_id for given in assessment.given.values()):
        return "Everything that was given to you is answered. A lead of your organisation submits."
    return (
        "No section has been given to you yet. A lead of your organisation can give you one; until then you can read "
        "every question and answer, and comment."
    )


def _describe_waiting(opened: OpenedTasks, actor: Actor) -> str:
    waiting = [question for question in opened.waiting if opened.assessment.is_for(actor, question)]
    if not waiting:
        return ""
    answers = count(len(waiting), "answer of an earlier round waits", "answers of an earlier round wait")
    return f"{answers} to be confirmed or changed, question by question. Until then they do not count."


def _task(assessment: LoadedAssessment, section: Section, actor: Actor) -> Task:
    shown = find_shown(assessment.questionnaire, assessment.answers)
    progress = find_progress(section, shown, assessment.answers)
    asked = [question.id for question in section.questions if question.id in shown]
    first = next((question for question in asked if question not in assessment.stored), asked[0] if asked else None)
    given = assessment.given.get(section.id)
    if progress.complete:
        tag = None
    elif progress.answered:
        tag = TAG_OF[Stage.IN_PROGRESS]
    else:
        tag = TAG_OF[Stage.NOT_STARTED]
    return Task(
        title=section.title,
        detail=f"{progress.answered} of {count(progress.shown, 'question')} answered",
        href=paths.question(assessment.key, first) if first else paths.assessment(assessment.key),
        tag=tag,
        given=_describe_given(given, actor),
        message=given.message if given and given.person_id == actor.person_id else "",
        give=_link_giving(assessment, section, actor),
    )


def _describe_given(given: GivenSection | None, actor: Actor) -> str:
    if given is None:
        return ""
    return f"Given to you by {given.given_by}" if given.person_id == actor.person_id else f"Given to {given.person}"


def _link_giving(assessment: LoadedAssessment, section: Section, actor: Actor) -> Link | None:
    if not can(actor, Deed.DELEGATE, organisation_id=assessment.record.organisation_id):
        return None
    words = "Give to somebody else, or take back" if section.id in assessment.given else "Give to a colleague"
    return Link(words, paths.section(assessment.key, section.id))
