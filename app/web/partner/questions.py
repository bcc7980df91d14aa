"""One question a page: show it, save its answer, and let a colleague's answer saved meanwhile be seen first."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain.assessment import Answer
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Question, Questionnaire
from app.renderings.words import DONT_KNOW_WORDS, NOT_APPLICABLE_WORDS
from app.services import assessing
from app.services.assessing import Conflict, LoadedAssessment, Refused
from app.web import paths
from app.web.forms import ANSWER_FIELDS, AnswerForm, Form, read_answer, reads
from app.web.pages import AnswerLine, Choice, ConflictPage, FieldError, Link, QuestionPage
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.templating import ShowDep
from app.web.words import moment_words

router = APIRouter()

QUESTION = ASSESSMENT + "/questions/{question_id}"
QuestionForm = Annotated[Form, Depends(reads(*ANSWER_FIELDS))]
NO_ANSWER = Answer(choice="")
ReturnQuery = Annotated[str, Query(alias="return", max_length=10)]


@router.get(QUESTION)
def question_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
    return_to: ReturnQuery = "",
) -> Response:
    """People of the organisation: one question."""
    assessment = assessing.get_assessment(database, catalogue, actor, key)
    question = assessment.get_question(question_id)
    if not assessing.can_answer(assessment.record, now):
        return RedirectResponse(paths.assessment(key), 303)
    stored = assessment.stored.get(question_id)
    given = stored.answer if stored else NO_ANSWER
    typed = AnswerForm(
        choice=given.choice,
        reason=given.reason,
        note=given.note,
        evidence_kind=given.evidence_kind,
        evidence_link=given.evidence_link,
        seen_version=stored.version if stored else 0,
        returns_to_check=return_to == "check",
        leaves=False,
    )
    return show("partner/question.html", _make_question_page(assessment, question, typed, ()))


@router.post(QUESTION)
def save_answer(
    form: QuestionForm,  # first, so that what was typed is at hand whatever goes wrong
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    question_id: str,
) -> Response:
    """Contributors of the organisation: saves an answer, then goes on to the next question."""
    typed = read_answer(form)
    if typed.leaves and typed.is_empty:
        return RedirectResponse(paths.assessment(key), 303)
    match assessing.answer(database, catalogue, actor, key, question_id, typed.answer, typed.seen_version, now):
        case Refused(assessment, faults):
            errors = tuple(FieldError(fault.part.replace("_", "-"), fault.text) for fault in faults)
            question = assessment.get_question(question_id)
            return show("partner/question.html", _make_question_page(assessment, question, typed, errors), 422)
        case Conflict() as conflict:
            return show("partner/conflict.html", _make_conflict_page(conflict, question_id, typed), 409)
        case saved:
            return RedirectResponse(_find_way_on(saved.assessment, question_id, typed), 303)


def _find_way_on(assessment: LoadedAssessment, question_id: str, typed: AnswerForm) -> str:
    """Go to the next question of the section; at its end, or when leaving, to the task list."""
    if typed.leaves:
        return paths.assessment(assessment.key)
    if typed.returns_to_check:
        return paths.check_answers(assessment.key)
    following = assessment.find_next(question_id)
    section_of = assessment.questionnaire.section_of
    if following is None or section_of[following.id] != section_of[question_id]:
        return paths.assessment(assessment.key)
    return paths.question(assessment.key, following.id)


def _make_question_page(
    assessment: LoadedAssessment, question: Question, typed: AnswerForm, errors: tuple[FieldError, ...]
) -> QuestionPage:
    questionnaire = assessment.questionnaire
    shown = assessment.shown
    stored = assessment.stored.get(question.id)
    return QuestionPage(
        title=question.text,
        back=_find_way_back(assessment, question, typed),
        errors=errors,
        section=questionnaire.section_of[question.id].title,
        position=f"Question {shown.index(question) + 1} of {len(shown)}",
        text=question.text,
        hint=question.hint or "",
        levels=tuple(
            Choice(
                value=level.id,
                label=level.label,
                descriptor=question.descriptors[level.id],
                checked=typed.choice == level.id,
            )
            for level in questionnaire.scale_of(question).levels
        ),
        dont_know=Choice(
            value=DONT_KNOW,
            label=DONT_KNOW_WORDS,
            descriptor="Nobody in your organisation could say. It lowers coverage, never the score.",
            checked=typed.choice == DONT_KNOW,
        ),
        not_applicable=Choice(
            value=NOT_APPLICABLE,
            label=NOT_APPLICABLE_WORDS,
            descriptor="It is left out of the score.",
            checked=typed.choice == NOT_APPLICABLE,
        )
        if question.not_applicable
        else None,
        reason=typed.reason,
        note=typed.note,
        evidence_kinds=tuple(
            Choice(value=kind.id, label=kind.label, descriptor="", checked=typed.evidence_kind == kind.id)
            for kind in questionnaire.framework.evidence
        ),
        evidence_suggested=_suggest_evidence(questionnaire, question),
        evidence_link=typed.evidence_link,
        more_open=bool(typed.note or typed.evidence_link or typed.evidence_kind),
        version=typed.seen_version,
        saved=f"Saved by {stored.author} at {moment_words(stored.answered_at)}" if stored else "",
        action=paths.question(assessment.key, question.id),
        skip=None if stored else Link("Skip this question for now", _find_way_on(assessment, question.id, typed)),
        returns_to_check=typed.returns_to_check,
    )


def _find_way_back(assessment: LoadedAssessment, question: Question, typed: AnswerForm) -> Link:
    if typed.returns_to_check:
        return Link("Back to check your answers", paths.check_answers(assessment.key))
    previous = assessment.find_previous(question.id)
    section_of = assessment.questionnaire.section_of
    if previous is None or section_of[previous.id] != section_of[question.id]:
        return Link("Back to the list of sections", paths.assessment(assessment.key))
    return Link("Back", paths.question(assessment.key, previous.id))


def _suggest_evidence(questionnaire: Questionnaire, question: Question) -> str:
    labels = [
        label[:1].lower() + label[1:]
        for kind in question.evidence
        if (label := questionnaire.framework.evidence_labels.get(kind))
    ]
    if not labels:
        return ""
    listed = " or ".join([", ".join(labels[:-1]), labels[-1]]) if len(labels) > 1 else labels[0]
    return f"What would show it: {listed}."


def _make_conflict_page(conflict: Conflict, question_id: str, typed: AnswerForm) -> ConflictPage:
    assessment, theirs = conflict.assessment, conflict.theirs
    question = assessment.questionnaire.questions_by_id[question_id]
    here = paths.question(assessment.key, question_id)
    return ConflictPage(
        title="Somebody else has answered this question",
        text=question.text,
        theirs_title=f"{theirs.author} saved this at {moment_words(theirs.answered_at)}",
        theirs=describe_answer(assessment.questionnaire, question, theirs.answer),
        mine=describe_answer(assessment.questionnaire, question, typed.answer),
        hidden=(
            ("choice", typed.choice),
            ("reason", typed.reason),
            ("note", typed.note),
            ("evidence-kind", typed.evidence_kind),
            ("evidence-link", typed.evidence_link),
            ("version", str(theirs.version)),
            ("return", "check" if typed.returns_to_check else ""),
        ),
        action=here,
        keep=_find_way_on(assessment, question_id, typed),
    )


def describe_answer(questionnaire: Questionnaire, question: Question, answer: Answer) -> tuple[AnswerLine, ...]:
    """Put an answer into lines: what was chosen first, then reason, note and evidence where there are any."""
    lines = [AnswerLine(name="Answer", text=describe_choice(questionnaire, question, answer))]
    if answer.reason:
        lines.append(AnswerLine(name="Reason", text=answer.reason))
    if answer.note:
        lines.append(AnswerLine(name="Note", text=answer.note))
    if answer.evidence_link:
        kind = questionnaire.framework.evidence_labels.get(answer.evidence_kind, "Evidence")
        lines.append(AnswerLine(name=kind, text=answer.evidence_link))
    return tuple(lines)


def describe_choice(questionnaire: Questionnaire, question: Question, answer: Answer) -> str:
    """Put what was chosen into words: the level with its descriptor, or the special answer."""
    if answer.choice == DONT_KNOW:
        return DONT_KNOW_WORDS
    if answer.choice == NOT_APPLICABLE:
        return NOT_APPLICABLE_WORDS
    labels = {level.id: level.label for level in questionnaire.scale_of(question).levels}
    return f"{labels[answer.choice]}: {question.descriptors[answer.choice]}"
