"""One question a page: show it, save its answer, and let a colleague's answer saved meanwhile be seen first."""

from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.assessment import Answer
from app.services import assessing, carrying
from app.services.assessing import Conflict, Refused
from app.web import paths
from app.web.forms import ANSWER_FIELDS, NO_VERSION, AnswerForm, Form, read_answer, reads
from app.web.kept import KeptDep
from app.web.pages import FieldError
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.partner.question_pages import find_way_on, make_conflict_page, make_question_page, make_read_page
from app.web.routing import make_router
from app.web.templating import ShowDep

router = make_router()

QUESTION = ASSESSMENT + "/questions/{question_id}"
QuestionForm = Annotated[Form, Depends(reads(*ANSWER_FIELDS, kept=True))]
ConfirmForm = Annotated[Form, Depends(reads("mark", "return"))]
NO_ANSWER = Answer(choice="")
CHECK = "check"
ReturnQuery = Annotated[str, Query(alias="return", max_length=10)]


@router.get(QUESTION)
def question_page(  # noqa: PLR0913, PLR0917 - also what was typed before signing in again
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    kept: KeptDep,
    question_id: str,
    return_to: ReturnQuery = "",
) -> Response:
    """People of the organisation: one question; with a form for those whose section it is."""
    opened = carrying.open_question(database, catalogue, actor, key, question_id)
    assessment = opened.assessment
    if not assessing.can_answer(assessment.record, now):
        return RedirectResponse(paths.assessment(key), 303)
    if not assessment.is_for(actor, question_id):
        return show("partner/question_read.html", make_read_page(opened, actor, returns_to_check=return_to == CHECK))
    stored = assessment.stored.get(question_id)
    form = kept.find()
    typed = (
        read_answer(form)
        if form
        else _as_form(
            stored.answer if stored else NO_ANSWER,
            seen_version=stored.version if stored else 0,
            returns_to_check=return_to == CHECK,
        )
    )
    return show("partner/question.html", make_question_page(opened, actor, typed, ()))


@router.post(QUESTION)
def save_answer(  # noqa: PLR0913, PLR0917 - also what was typed before signing in again
    form: QuestionForm,  # first, so that what was typed is at hand whatever goes wrong
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    kept: KeptDep,
    question_id: str,
) -> Response:
    """Contributors of the organisation: saves an answer, then goes on to the next question."""
    typed = read_answer(form)
    if typed.leaves and typed.is_empty:
        return RedirectResponse(paths.assessment(key), 303)
    if typed.adds_files and typed.is_empty:
        return RedirectResponse(paths.evidence(key, question_id), 303)
    match assessing.answer(database, catalogue, actor, key, question_id, typed.answer, typed.seen_version, now):
        case Refused(faults=faults):
            errors = tuple(FieldError(fault.part.replace("_", "-"), fault.text) for fault in faults)
            opened = carrying.open_question(database, catalogue, actor, key, question_id)
            return show("partner/question.html", make_question_page(opened, actor, typed, errors), 422)
        case Conflict() as conflict:
            return show("partner/conflict.html", make_conflict_page(conflict, question_id, typed), 409)
        case saved:
            kept.settle(form)
            return RedirectResponse(find_way_on(saved.assessment, question_id, typed), 303)


@router.post(QUESTION + "/confirm")
def confirm_answer(
    form: ConfirmForm,
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
) -> Response:
    """Contributors of the organisation: confirms the answer of an earlier round, then goes on to the next question."""
    returns_to_check = form.get("return") == CHECK
    match carrying.confirm(database, catalogue, actor, key, question_id, form.get("mark"), now):
        case Conflict() as conflict:
            typed = _as_form(conflict.mine, seen_version=NO_VERSION, returns_to_check=returns_to_check)
            return show("partner/conflict.html", make_conflict_page(conflict, question_id, typed), 409)
        case saved:
            typed = _as_form(NO_ANSWER, seen_version=NO_VERSION, returns_to_check=returns_to_check)
            return RedirectResponse(find_way_on(saved.assessment, question_id, typed), 303)


def _as_form(answer: Answer, *, seen_version: int, returns_to_check: bool) -> AnswerForm:
    return AnswerForm(
        choice=answer.choice,
        reason=answer.reason,
        note=answer.note,
        evidence_kind=answer.evidence_kind,
        evidence_link=answer.evidence_link,
        seen_version=seen_version,
        returns_to_check=returns_to_check,
        leaves=False,
    )
