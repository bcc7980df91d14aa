"""Check the answers, submit them, and be told so."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.questionnaire import Question
from app.renderings.words import count
from app.services import assessing
from app.services.assessing import LoadedAssessment
from app.web import paths
from app.web.forms import NO_FIELDS
from app.web.pages import CheckedAnswer, CheckedSection, CheckPage, Link, SubmittedPage
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.partner.questions import describe_answer
from app.web.templating import ShowDep
from app.web.words import moment_words

router = APIRouter()


@router.get(ASSESSMENT + "/check-answers")
def check_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, key: KeyDep, now: Now
) -> Response:
    """People of the organisation: all answers; with links to change them while that is possible."""
    assessment = assessing.get_assessment(database, catalogue, actor, key)
    can_answer = assessing.can_answer(assessment.record, now)
    missing = assessment.unanswered
    return show(
        "partner/check.html",
        CheckPage(
            title="Check your answers before you submit" if can_answer else "Your answers",
            back=Link("Back to the list of sections", paths.assessment(key)),
            organisation=assessment.record.organisation,
            sections=_make_sections(assessment, can_answer=can_answer),
            missing=count(len(missing), "question has", "questions have") if missing else "",
            first_missing=paths.question(key, missing[0].id) if missing and can_answer else "",
            can_submit=can_answer and not missing,
            action=paths.submit(key),
        ),
    )


def _make_sections(assessment: LoadedAssessment, *, can_answer: bool) -> tuple[CheckedSection, ...]:
    shown = {question.id for question in assessment.shown}
    return tuple(
        CheckedSection(
            title=section.title,
            answers=tuple(
                _make_answer(assessment, question, can_answer=can_answer)
                for question in section.questions
                if question.id in shown
            ),
        )
        for section in assessment.questionnaire.sections
        if any(question.id in shown for question in section.questions)
    )


def _make_answer(assessment: LoadedAssessment, question: Question, *, can_answer: bool) -> CheckedAnswer:
    change = f"{paths.question(assessment.key, question.id)}?return=check" if can_answer else ""
    stored = assessment.stored.get(question.id)
    if stored is None:
        return CheckedAnswer(question=question.text, answer="Not answered yet", details=(), change=change)
    first, *rest = describe_answer(assessment.questionnaire, question, stored.answer)
    details = tuple(f"{line.name}: {line.text}" for line in rest)
    return CheckedAnswer(question=question.text, answer=first.text, details=details, change=change)


@router.post(ASSESSMENT + "/submit", dependencies=[NO_FIELDS])
def submit(database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, key: KeyDep, now: Now) -> Response:
    """Leads of the organisation: submits what is stored."""
    assessing.submit(database, catalogue, actor, key, now)
    return RedirectResponse(paths.submitted(key), 303)


@router.get(ASSESSMENT + "/submitted")
def submitted_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, key: KeyDep
) -> Response:
    """People of the organisation: the confirmation."""
    record = assessing.get_assessment(database, catalogue, actor, key).record
    if record.submitted_at is None:
        return RedirectResponse(paths.assessment(key), 303)
    return show(
        "partner/submitted.html",
        SubmittedPage(
            title="Assessment submitted",
            organisation=record.organisation,
            partnership=record.partnership,
            when=moment_words(record.submitted_at),
            report=paths.report(key),
            assessments=paths.ASSESSMENTS,
        ),
    )
