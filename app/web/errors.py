"""Errors raised on purpose, as pages. Routes have no try and except."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from app.domain.errors import (
    AnswerError,
    EnablersError,
    InvitationError,
    LinkSpentError,
    NotAllowedError,
    NotAllowedNowError,
    NotFoundError,
    SignInNeededError,
    TooManyAttemptsError,
)
from app.domain.evidence import LARGEST_FILE, MEGABYTE, EvidenceDamagedError
from app.domain.identity import IdentityError
from app.services import DatabaseUnavailableError
from app.web import paths
from app.web.navigation import list_entries
from app.web.pages import Link, MessagePage
from app.web.templating import Frame, make_frame, render

STATUS_OF: Final[dict[type[EnablersError], HTTPStatus]] = {
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NotAllowedNowError: HTTPStatus.CONFLICT,
    AnswerError: HTTPStatus.UNPROCESSABLE_ENTITY,
    InvitationError: HTTPStatus.UNPROCESSABLE_ENTITY,
    SignInNeededError: HTTPStatus.UNAUTHORIZED,
    LinkSpentError: HTTPStatus.GONE,
    TooManyAttemptsError: HTTPStatus.TOO_MANY_REQUESTS,
    DatabaseUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    EvidenceDamagedError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
TITLE_OF: Final = {
    HTTPStatus.BAD_REQUEST: "There is a problem with what was sent",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "There is a problem with what was sent",
    HTTPStatus.NOT_FOUND: "Page not found",
    HTTPStatus.METHOD_NOT_ALLOWED: "Page not found",
    HTTPStatus.UNAUTHORIZED: "Sign in again",
    HTTPStatus.FORBIDDEN: "You cannot see this page",
    HTTPStatus.CONFLICT: "This is not possible now",
    HTTPStatus.GONE: "This link no longer works",
    HTTPStatus.TOO_MANY_REQUESTS: "Wait a little",
    HTTPStatus.SERVICE_UNAVAILABLE: "The service cannot be reached at the moment",
    HTTPStatus.UNPROCESSABLE_ENTITY: "There is a problem with what was sent",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too large to send",
}
NOT_FOUND_WORDS: Final = (
    "If you typed the address, check it is right. If you pasted it, check you copied all of it.",
    "If you followed a link here, the page may belong to somebody else, or may no longer be there.",
)
WORDS_OF: Final = {
    HTTPStatus.NOT_FOUND: NOT_FOUND_WORDS,
    HTTPStatus.METHOD_NOT_ALLOWED: NOT_FOUND_WORDS,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: (
        f"Files of evidence can have up to {LARGEST_FILE // MEGABYTE} MB. Anything else, files included, up to 1 MB.",
        "Go back, and choose a smaller file or shorten the text. What you saved before is kept.",
    ),
}
"""What is said of the framework's own errors."""
TYPED: Final = {
    "note": "Note",
    "reason": "Reason",
    "evidence-link": "Link to evidence",
    "message": "Message",
    "comment": "Comment",
    "measure": "What will show that it worked",
}
"""The fields that people type into, and what they are called when their text is handed back."""


def show_error(request: Request, error: Exception) -> Response:
    """Render an error as a page with what was typed handed back; of an unforeseen one, not a word of its inside."""
    if isinstance(error, SignInNeededError) and getattr(request.state, "is_kept", False):
        return _show_kept(request)
    if isinstance(error, SignInNeededError) and not _typed(request):
        here = request.url.path if request.method == "GET" else paths.ASSESSMENTS
        return RedirectResponse(_sign_in(here), HTTPStatus.SEE_OTHER)
    if isinstance(error, IdentityError):
        return _show_not_signed_in(request, error)
    status, words = _explain(error)
    headers = error.headers if isinstance(error, HTTPException) and error.headers else {}
    if isinstance(error, TooManyAttemptsError):
        headers = {"Retry-After": str(int(error.retry_after.total_seconds()))}
    return _message(request, status, words, headers)


def _show_kept(request: Request) -> Response:
    """Tell somebody whose session has ended that their text waits for them."""
    page = MessagePage(
        title="You were signed out",
        paragraphs=(
            "What you typed is kept. It is not saved as an answer yet.",
            "Sign in again as the same person, and you will find it where you left it.",
        ),
        links=(Link("Sign in and go on", _sign_in(request.url.path)),),
    )
    return render(_frame(request), "public/message.html", page, HTTPStatus.UNAUTHORIZED)


def _show_not_signed_in(request: Request, error: IdentityError) -> Response:
    """Tell somebody who came back from a provider why they are not signed in, and how else they can be."""
    page = MessagePage(
        title="You are not signed in", paragraphs=(f"{error}.",), links=(Link("Go to the sign-in page", paths.SIGN_IN),)
    )
    return render(_frame(request), "public/message.html", page, HTTPStatus.FORBIDDEN)


def _explain(error: Exception) -> tuple[HTTPStatus, tuple[str, ...]]:
    match error:
        case NotFoundError():
            return HTTPStatus.NOT_FOUND, (f"{error}.", *NOT_FOUND_WORDS)
        case EnablersError() if status := _find_status(error):
            return status, (f"{error}.",)
        case RequestValidationError():  # an address that no page of ours leads to
            return HTTPStatus.NOT_FOUND, NOT_FOUND_WORDS
        case HTTPException():
            status = HTTPStatus(error.status_code)
            return status, WORDS_OF.get(status, (f"{error.detail}.",))
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR, ("Try again later. What you saved before is kept.",)


def _message(request: Request, status: HTTPStatus, words: tuple[str, ...], headers: Mapping[str, str]) -> Response:
    page = MessagePage(
        title=TITLE_OF.get(status, "There is a problem with the service"),
        paragraphs=words,
        links=_ways_on(request, status),
        typed=_typed(request),
    )
    response = render(_frame(request), "public/message.html", page, status)
    response.headers.update(headers)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "5"
    return response


def _frame(request: Request) -> Frame:
    return make_frame(
        request.url.path,
        getattr(request.state, "actor", None),
        demonstration=request.app.state.demonstration,
        phase=request.app.state.phase,
        known=hasattr(request.state, "actor"),
    )


def _find_status(error: EnablersError) -> HTTPStatus | None:
    return next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), None)


def _typed(request: Request) -> tuple[tuple[str, str], ...]:
    """Give the texts that were typed into the form that was posted."""
    fields: Mapping[str, str] = getattr(request.state, "typed", {})
    return tuple((TYPED[name], text) for name, text in fields.items() if name in TYPED and text.strip())


def _ways_on(request: Request, status: HTTPStatus) -> tuple[Link, ...]:
    if status is HTTPStatus.UNAUTHORIZED:
        return (Link("Sign in, and open the question again", _sign_in(request.url.path)),)
    if status in {HTTPStatus.GONE, HTTPStatus.TOO_MANY_REQUESTS}:
        return (Link("Ask for a new sign-in link", paths.SIGN_IN),)
    actor = getattr(request.state, "actor", None)
    entries = list_entries(actor) if actor else ()  # the first is where somebody is at home
    return (*(Link(entry.text, entry.path) for entry in entries[:1]), Link("Go to the start page", paths.START))


def _sign_in(go_to: str) -> str:
    return f"{paths.SIGN_IN}?next={quote(go_to)}"
