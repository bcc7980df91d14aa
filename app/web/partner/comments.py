"""The comments on a question, among the people of one organisation."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends
from fastapi.responses import RedirectResponse, Response

from app.dependencies import ActorDep, CatalogueDep, DatabaseDep, Now
from app.services import assessing, sharing
from app.services.sharing import Thread
from app.web import paths
from app.web.forms import Form, reads
from app.web.kept import KeptDep
from app.web.pages import FieldError, Link
from app.web.partner.assessments import KeyDep
from app.web.partner.questions import QUESTION
from app.web.partner.sharing_pages import CommentLine, CommentsPage
from app.web.routing import make_router
from app.web.templating import ShowDep
from app.web.words import moment_words

router = make_router()

COMMENTS = QUESTION + "/comments"
NOTHING = Form({})
CommentForm = Annotated[Form, Depends(reads("comment", "id", "kept", kept=True))]


@router.get(COMMENTS)
def comments_page(
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    kept: KeptDep,
    question_id: str,
) -> Response:
    """People of the organisation: what colleagues say about a question, in any status."""
    thread = sharing.get_thread(database, catalogue, actor, key, question_id)
    page = _make_page(thread, kept.find() or NOTHING, can_answer=assessing.can_answer(thread.record, now))
    return show("partner/comments.html", page)


@router.post(COMMENTS)
def add_comment(  # noqa: PLR0913, PLR0917 - also what was typed before signing in again
    form: CommentForm,  # first, so that what was typed is at hand whatever goes wrong
    show: ShowDep,
    database: DatabaseDep,
    catalogue: CatalogueDep,
    actor: ActorDep,
    key: KeyDep,
    now: Now,
    kept: KeptDep,
    question_id: str,
) -> Response:
    """People of the organisation: adds a comment."""
    fault = sharing.comment(database, catalogue, actor, key, question_id, form.get("comment"), _find_id(form), now)
    if not fault:
        kept.settle(form)
        return RedirectResponse(paths.comments(key, question_id), 303)
    thread = sharing.get_thread(database, catalogue, actor, key, question_id)
    page = _make_page(
        thread,
        form,
        can_answer=assessing.can_answer(thread.record, now),
        errors=(FieldError("comment", fault),),
    )
    return show("partner/comments.html", page, 422)


def _make_page(thread: Thread, form: Form, *, can_answer: bool, errors: tuple[FieldError, ...] = ()) -> CommentsPage:
    key, question = thread.key, thread.question
    if can_answer:
        back = Link("Back to the question", paths.question(key, question.id))
    else:
        back = Link("Back to the answers", paths.check_answers(key))
    return CommentsPage(
        title=f"Comments: {question.text} ({thread.record.round})",
        back=back,
        errors=errors,
        question=question.text,
        organisation=thread.record.organisation,
        comments=tuple(
            CommentLine(who=comment.author, when=moment_words(comment.written_at), text=comment.text)
            for comment in thread.comments
        ),
        text=form.get("comment"),
        is_kept=form.get("kept") == "yes",
        id=str(thread.next_id),
        action=paths.comments(key, question.id),
    )


def _find_id(form: Form) -> UUID | None:
    """Take the id that the form brought along; what is none is of no use to anybody."""
    try:
        return UUID(form.get("id"))
    except ValueError:
        return None
