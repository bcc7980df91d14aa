"""Check the answers, submit them, and be told so."""

from collections.abc import Mapping
from typing import Final

from fastapi.responses import RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.domain import access
from app.domain.access import Actor, Deed
from app.domain.assessment import AssessmentStatus
from app.domain.loaded import LoadedAssessment
from app.domain.questionnaire import Question
from app.domain.rounds import SignOff
from app.renderings.words import count
from app.services import assessing, evidence, life, sharing, trusting
from app.web import paths
from app.web.forms import NO_FIELDS
from app.web.pages import CheckedAnswer, CheckedSection, CheckPage, Link, SubmittedPage
from app.web.partner.assessments import ASSESSMENT, KeyDep
from app.web.partner.question_pages import describe_answer
from app.web.partner.statuses import find_colleagues, list_standing
from app.web.partner.trust_pages import link_trust
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.together import addresses
from app.web.words import moment_words

router = make_router()

CHECKED_FIRST: Final = (
    "Your gap report is made from your answers. A certifier of your organisation then reads them, and signs them off "
    "or requests changes. After you submit, the answers can be changed only if a certifier requests changes or the "
    "coordinator reopens the assessment."
)
AFTER_SUBMIT: Final = {
    SignOff.NOBODY: "The answers are then final, and your gap report is made from them.",
    SignOff.CERTIFIER: CHECKED_FIRST,
    SignOff.ANOTHER_PERSON: f"{CHECKED_FIRST} In this round that has to be somebody other than you.",
}
"""What submitting does, by who has to sign off."""


@router.get(ASSESSMENT + "/check-answers")
def check_page(
    show: ShowDep, database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, key: KeyDep, now: Now
) -> Response:
    """People of the organisation: all answers; with links to change them while that is possible."""
    assessment = assessing.get_assessment(database, catalogue, actor, key)
    record = assessment.record
    is_open = assessing.can_answer(record, now)
    submits = is_open and access.can(actor, Deed.SUBMIT, organisation_id=record.organisation_id)
    missing = assessment.unanswered
    mine = assessment.list_unanswered_by(actor) if is_open else ()
    asked = trusting.find_trust(database, catalogue, actor, key)
    lacks_certifier = submits and not life.can_be_signed_off(database, actor, key)
    return show(
        "partner/check.html",
        CheckPage(
            title="Check your answers before you submit" if submits else "Your answers",
            back=Link("Back to the list of sections", paths.assessment(key)),
            organisation=record.organisation,
            sections=make_sections(
                assessment,
                sharing.count_comments(database, actor, key),
                evidence.count_files(database, actor, key),
                actor if is_open else None,
            ),
            missing=count(len(missing), "question has", "questions have") if missing else "",
            first_missing=paths.question(key, mine[0].id) if mine else "",
            can_submit=assessing.can_submit(actor, assessment, now),
            who_submits="A lead of your organisation submits when every question has an answer."
            if is_open and not submits
            else "",
            after=AFTER_SUBMIT[record.sign_off],
            nobody=_tell_nobody(record.sign_off) if lacks_certifier else "",
            invite=find_colleagues(actor, record) if lacks_certifier else (),
            action=paths.submit(key),
            trust=link_trust(asked) if asked else None,
        ),
    )


def _tell_nobody(rule: SignOff) -> str:
    """Say before submitting that what is submitted would wait for somebody who is not there."""
    who = "a certifier who is somebody other than you" if rule is SignOff.ANOTHER_PERSON else "a certifier"
    return f"Nobody can sign off yet. Invite {who}: your answers wait for them once you have submitted."


def make_sections(
    assessment: LoadedAssessment,
    comments: Mapping[str, int],
    files: Mapping[str, int],
    answering: Actor | None = None,
) -> tuple[CheckedSection, ...]:
    """Put all answers into lines, section by section, with links to change those that are for `answering` to answer.

    `comments` and `files` say how many there are: question id -> number.
    """
    shown = {question.id for question in assessment.shown}
    return tuple(
        CheckedSection(
            title=section.title,
            answers=tuple(
                _make_answer(assessment, question, comments.get(question.id, 0), files.get(question.id, 0), answering)
                for question in section.questions
                if question.id in shown
            ),
        )
        for section in assessment.questionnaire.sections
        if any(question.id in shown for question in section.questions)
    )


def _make_answer(
    assessment: LoadedAssessment, question: Question, comments: int, files: int, answering: Actor | None
) -> CheckedAnswer:
    can_change = answering is not None and assessment.is_for(answering, question.id)
    change = f"{paths.question(assessment.key, question.id)}?return=check" if can_change else ""
    words = count(comments, "comment") if comments else "" if change else "Comment"
    thread = Link(words, paths.comments(assessment.key, question.id)) if words else None
    shown = Link(count(files, "file"), paths.evidence(assessment.key, question.id)) if files else None
    stored = assessment.stored.get(question.id)
    if stored is None:
        return CheckedAnswer(
            question=question.text, answer="Not answered yet", details=(), change=change, comments=thread, files=shown
        )
    first, *rest = describe_answer(assessment.questionnaire, question, stored.answer)
    details = [f"{line.name}: {line.text}" for line in rest]
    if stored.carried_round:
        details.append(f"Confirmed from {stored.carried_round}")
    return CheckedAnswer(
        question=question.text,
        answer=first.text,
        details=tuple(details),
        change=change,
        comments=thread,
        files=shown,
    )


@router.post(ASSESSMENT + "/submit", dependencies=[NO_FIELDS])
def submit(database: DatabaseDep, catalogue: CatalogueDep, actor: ActorDep, key: KeyDep, now: Now) -> Response:
    """Leads of the organisation: submits what is stored."""
    assessing.submit(database, catalogue, actor, key, now)
    return RedirectResponse(paths.submitted(key), 303)


@router.get(ASSESSMENT + "/submitted")
def submitted_page(show: ShowDep, database: DatabaseDep, actor: ActorDep, key: KeyDep, now: Now) -> Response:
    """People of the organisation: the confirmation, and what comes next."""
    standing = life.get_standing(database, actor, key)
    record = standing.record
    if record.submitted_at is None:
        return RedirectResponse(paths.assessment(key), 303)
    waits = record.status is AssessmentStatus.SUBMITTED and record.sign_off is not SignOff.NOBODY
    return show(
        "partner/submitted.html",
        SubmittedPage(
            title="Assessment submitted",
            organisation=record.organisation,
            partnership=record.partnership,
            when=moment_words(record.submitted_at),
            next_steps=list_standing(standing, now) if waits else (),
            invite=find_colleagues(actor, record) if waits and not standing.certifiers else (),
            report=paths.report(key),
            together=addresses.report(record.partnership_id, record.round_id),
            history=paths.history(key),
            assessments=paths.ASSESSMENTS,
        ),
    )
