"""What the pages of one question show: the form, the question to read, and two answers to choose from."""

from app.domain.access import Actor, Deed, can
from app.domain.assessment import Answer
from app.domain.carrying import Carried, Source
from app.domain.loaded import LoadedAssessment
from app.domain.questionnaire import DONT_KNOW, NOT_APPLICABLE, Question, Questionnaire
from app.renderings.words import DONT_KNOW_WORDS, NOT_APPLICABLE_WORDS, count
from app.services.assessing import Conflict
from app.services.carrying import OpenedQuestion
from app.web import paths
from app.web.forms import AnswerForm
from app.web.pages import (
    AnswerLine,
    CarriedAnswer,
    Choice,
    ConflictPage,
    FieldError,
    Link,
    QuestionPage,
    ReadQuestionPage,
)
from app.web.words import date_words, moment_words


def make_question_page(
    opened: OpenedQuestion, actor: Actor, typed: AnswerForm, errors: tuple[FieldError, ...]
) -> QuestionPage:
    """Make the page with the form."""
    assessment, question = opened.assessment, opened.question
    questionnaire = assessment.questionnaire
    stored = assessment.stored.get(question.id)
    return QuestionPage(
        title=question.text,
        back=_find_way_back(assessment, question, returns_to_check=typed.returns_to_check),
        errors=errors,
        section=questionnaire.section_of[question.id].title,
        position=_describe_position(assessment, question),
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
        saved=_describe_saving(assessment, question),
        action=paths.question(assessment.key, question.id),
        skip=None if stored else Link("Skip this question for now", find_way_on(assessment, question.id, typed)),
        returns_to_check=typed.returns_to_check,
        is_kept=typed.is_kept,
        given=describe_given(assessment, question, actor),
        comments=_link_comments(opened),
        carried=_make_carried(opened, opened.carried) if opened.carried else None,
        changed=_describe_change(opened.changed) if opened.changed else "",
        save_for_files=f"Save, and see {count(opened.files, 'file')}" if opened.files else "Save, and add files",
    )


def make_read_page(opened: OpenedQuestion, actor: Actor, *, returns_to_check: bool) -> ReadQuestionPage:
    """Make the page without a form, for those whose question it is not."""
    assessment, question = opened.assessment, opened.question
    stored = assessment.stored.get(question.id)
    following = assessment.find_next(question.id)
    return ReadQuestionPage(
        title=question.text,
        back=_find_way_back(assessment, question, returns_to_check=returns_to_check),
        section=assessment.questionnaire.section_of[question.id].title,
        position=_describe_position(assessment, question),
        text=question.text,
        hint=question.hint or "",
        why=_explain_reading(assessment, question, actor),
        levels=tuple(
            AnswerLine(name=level.label, text=question.descriptors[level.id])
            for level in assessment.questionnaire.scale_of(question).levels
        ),
        answer=describe_answer(assessment.questionnaire, question, stored.answer) if stored else (),
        saved=_describe_saving(assessment, question),
        comments=_link_comments(opened),
        files=_link_files(opened),
        following=Link("Next question", paths.question(assessment.key, following.id)) if following else None,
    )


def make_conflict_page(conflict: Conflict, question_id: str, typed: AnswerForm) -> ConflictPage:
    """Make the page with a colleague's answer and one's own."""
    assessment, theirs = conflict.assessment, conflict.theirs
    question = assessment.questionnaire.questions_by_id[question_id]
    here = paths.question(assessment.key, question_id)
    return ConflictPage(
        title="Somebody else has answered this question",
        text=question.text,
        theirs_title=f"{theirs.author} saved this at {moment_words(theirs.answered_at)}",
        theirs=describe_answer(assessment.questionnaire, question, theirs.answer),
        mine=describe_answer(assessment.questionnaire, question, conflict.mine),
        hidden=(
            ("choice", typed.choice),
            ("reason", typed.reason),
            ("note", typed.note),
            ("evidence-kind", typed.evidence_kind),
            ("evidence-link", typed.evidence_link),
            ("version", str(theirs.version)),
            ("return", "check" if typed.returns_to_check else ""),
            ("kept", "yes" if typed.is_kept else ""),
        ),
        action=here,
        keep=find_way_on(assessment, question_id, typed),
    )


def find_way_on(assessment: LoadedAssessment, question_id: str, typed: AnswerForm) -> str:
    """Go to the next question of the section; at its end, or when leaving, to the task list."""
    if typed.adds_files:
        return paths.evidence(assessment.key, question_id)
    if typed.leaves:
        return paths.assessment(assessment.key)
    if typed.returns_to_check:
        return paths.check_answers(assessment.key)
    following = assessment.find_next(question_id)
    section_of = assessment.questionnaire.section_of
    if following is None or section_of[following.id] != section_of[question_id]:
        return paths.assessment(assessment.key)
    return paths.question(assessment.key, following.id)


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


def describe_given(assessment: LoadedAssessment, question: Question, actor: Actor) -> str:
    """Say to whom the section of a question was given; nothing where to nobody."""
    given = assessment.given.get(assessment.questionnaire.section_of[question.id].id)
    if given is None:
        return ""
    return "Given to you" if given.person_id == actor.person_id else f"Given to {given.person}"


def _explain_reading(assessment: LoadedAssessment, question: Question, actor: Actor) -> str:
    given = describe_given(assessment, question, actor)
    if given:
        return f"{given}. You can read this question, and comment on it."
    if can(actor, Deed.ANSWER_GIVEN, organisation_id=assessment.record.organisation_id):
        return "This section was not given to you. You can read this question, and comment on it."
    return "You can read this question, and comment on it. Contributors and leads of your organisation answer it."


def _describe_position(assessment: LoadedAssessment, question: Question) -> str:
    shown = assessment.shown
    return f"Question {shown.index(question) + 1} of {len(shown)}"


def _describe_saving(assessment: LoadedAssessment, question: Question) -> str:
    stored = assessment.stored.get(question.id)
    if stored is None:
        return ""
    verb = f"Confirmed from {stored.carried_round}" if stored.carried_round else "Saved"
    return f"{verb} by {stored.author} at {moment_words(stored.answered_at)}"


def _link_comments(opened: OpenedQuestion) -> Link:
    words = f"Comments from colleagues ({opened.comments})" if opened.comments else "Ask or tell colleagues something"
    return Link(words, paths.comments(opened.assessment.key, opened.question.id))


def _link_files(opened: OpenedQuestion) -> Link | None:
    if not opened.files:
        return None
    words = f"See {count(opened.files, 'file')} that colleagues added as evidence"
    return Link(words, paths.evidence(opened.assessment.key, opened.question.id))


def _make_carried(opened: OpenedQuestion, carried: Carried) -> CarriedAnswer:
    assessment, question = opened.assessment, opened.question
    return CarriedAnswer(
        intro=f"{_describe_source(carried.source)} answered ({date_words(carried.answered_at)}):",
        lines=describe_answer(assessment.questionnaire, question, carried.answer),
        action=paths.confirm_answer(assessment.key, question.id),
        mark=carried.mark,
    )


def _describe_source(source: Source) -> str:
    who = "your organisation" if source.is_own else f"{source.organisation}, which your organisation has replaced,"
    return f"In {source.round} {who}"


def _describe_change(source: Source) -> str:
    return f"This question has changed since {source.round}; answer it anew."


def _find_way_back(assessment: LoadedAssessment, question: Question, *, returns_to_check: bool) -> Link:
    if returns_to_check:
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
