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
    LinkSpentError,
    NotAllowedError,
    NotAllowedNowError,
    NotFoundError,
    SignInNeededError,
)
from app.services import DatabaseUnavailableError
from app.web import paths
from app.web.pages import Link, MessagePage
from app.web.templating import make_frame, render

STATUS_OF: Final[dict[type[EnablersError], HTTPStatus]] = {
    NotAllowedError: HTTPStatus.FORBIDDEN,
    NotAllowedNowError: HTTPStatus.CONFLICT,
    AnswerError: HTTPStatus.UNPROCESSABLE_ENTITY,
    SignInNeededError: HTTPStatus.UNAUTHORIZED,
    LinkSpentError: HTTPStatus.GONE,
    DatabaseUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
}
TITLE_OF: Final = {
    HTTPStatus.NOT_FOUND: "Page not found",
    HTTPStatus.METHOD_NOT_ALLOWED: "Page not found",
    HTTPStatus.UNAUTHORIZED: "Sign in again",
    HTTPStatus.FORBIDDEN: "You cannot see this page",
    HTTPStatus.CONFLICT: "This is not possible now",
    HTTPStatus.GONE: "This link no longer works",
    HTTPStatus.SERVICE_UNAVAILABLE: "The service cannot be reached at the moment",
    HTTPStatus.UNPROCESSABLE_ENTITY: "There is a problem with what was sent",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "That is too long to send",
}
NOT_FOUND_WORDS: Final = (
    "If you typed the address, check it is right. If you pasted it, check you copied all of it.",
    "If you followed a link here, the page may belong to somebody else, or may no longer be there.",
)
TYPED: Final = {"note": "Note", "reason": "Reason", "evidence-link": "Link to evidence"}
"""The fields that people type into, and what they are called when their text is handed back."""


def show_error(request: Request, error: Exception) -> Response:
    """Render an error as a page with what was typed handed back; of an unforeseen one, not a word of its inside."""
    if isinstance(error, SignInNeededError) and not _typed(request):
        here = request.url.path if request.method == "GET" else paths.ASSESSMENTS
        return RedirectResponse(_sign_in(here), HTTPStatus.SEE_OTHER)
    status, words = _explain(error)
    headers = error.headers if isinstance(error, HTTPException) and error.headers else {}
    return _message(request, status, words, headers)


def _explain(error: Exception) -> tuple[HTTPStatus, tuple[str, ...]]:
    match error:
        case NotFoundError():
            return HTTPStatus.NOT_FOUND, (f"{error}.", *NOT_FOUND_WORDS)
        case EnablersError() if status := _find_status(error):
            return status, (f"{error}.",)
        case RequestValidationError():  # an address that no page of ours leads to
            return HTTPStatus.NOT_FOUND, NOT_FOUND_WORDS
        case HTTPException(status_code=HTTPStatus.NOT_FOUND | HTTPStatus.METHOD_NOT_ALLOWED):
            return HTTPStatus(error.status_code), NOT_FOUND_WORDS
        case HTTPException():
            return HTTPStatus(error.status_code), (f"{error.detail}.",)
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR, ("Try again later. What you saved before is kept.",)


def _message(request: Request, status: HTTPStatus, words: tuple[str, ...], headers: Mapping[str, str]) -> Response:
    page = MessagePage(
        title=TITLE_OF.get(status, "There is a problem with the service"),
        paragraphs=words,
        links=_ways_on(request, status),
        typed=_typed(request),
    )
    frame = make_frame(
        request.url.path,
        getattr(request.state, "actor", None),
        demonstration=request.app.state.demonstration,
        known=hasattr(request.state, "actor"),
    )
    response = render(frame, "public/message.html", page, status)
    response.headers.update(headers)
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = "5"
    return response


def _find_status(error: EnablersError) -> HTTPStatus | None:
    return next((STATUS_OF[kind] for kind in type(error).__mro__ if kind in STATUS_OF), None)


def _typed(request: Request) -> tuple[tuple[str, str], ...]:
    """Give the texts that were typed into the form that was posted."""
    fields: Mapping[str, str] = getattr(request.state, "typed", {})
    return tuple((TYPED[name], text) for name, text in fields.items() if name in TYPED and text.strip())


def _ways_on(request: Request, status: HTTPStatus) -> tuple[Link, ...]:
    if status is HTTPStatus.UNAUTHORIZED:
        return (Link("Sign in, and open the question again", _sign_in(request.url.path)),)
    if status is HTTPStatus.GONE:
        return (Link("Ask for a new sign-in link", paths.SIGN_IN),)
    return (Link("Go to your assessments", paths.ASSESSMENTS), Link("Go to the start page", paths.START))


def _sign_in(go_to: str) -> str:
    return f"{paths.SIGN_IN}?next={quote(go_to)}"
