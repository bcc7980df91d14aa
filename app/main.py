"""The composition root: puts the service together from its settings. The only module that knows everyone."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware

from app import api, catalogue
from app.domain.errors import EnablersError
from app.middleware import Gate
from app.services import demonstration, maintaining
from app.settings import PREFIX, Settings, SettingsError
from app.store.database import Database, DatabaseUrlError
from app.web import account, central, errors, public, reference
from app.web.partner import assessments, questions, reports, submitting
from app.web.templating import STATIC

logger = logging.getLogger("enablers")


class HashedFiles(StaticFiles):
    """Built files, whose names change with their content, so that a browser asks once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - Starlette's own
        """Let browsers keep the file."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(settings: Settings) -> FastAPI:
    """Read the questionnaires, open the database and put the doors together; raises `EnablersError`."""
    questionnaires = catalogue.load(settings.questionnaires)
    database = open_database(settings)
    maintaining.prepare(database)
    if settings.demonstration:
        demonstration.populate(database, questionnaires, datetime.now(UTC))

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        database.close()

    app = FastAPI(
        title="Reform enablers",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # a redirect would name the host that was asked for
        lifespan=lifespan,
    )
    app.state.database = database
    app.state.catalogue = questionnaires
    app.state.api_description = api.describe(questionnaires)
    app.state.demonstration = settings.demonstration
    app.state.secure_cookies = settings.secure_cookies
    app.state.deliver_link = partial(_print_link, settings.public_url)

    # Routes are searched in this order, and machines ask most often. The limit is set here and not on the app: there it
    # stands before the Gate and every handler, and answers in plain text.
    app.include_router(api.router, max_body_size=api.MAX_BODY)
    app.include_router(api.health, include_in_schema=False, max_body_size=api.MAX_BODY)
    for door in (public, account, assessments, questions, submitting, reports, central, reference):
        app.include_router(door.router, include_in_schema=False, max_body_size=api.MAX_BODY)
    app.mount("/static", HashedFiles(directory=STATIC), name="static")

    for kind in (EnablersError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, _show)
    app.add_middleware(
        Gate,
        trusted_hosts=frozenset(host.strip() for host in settings.trusted_hosts.split(",")),
        refuse=_refuse,
        largest_body=api.MAX_BODY,
        without_cookies=api.PREFIX,
    )
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)  # 9 takes twice as long to save 1%
    return app


def open_database(settings: Settings) -> Database:
    """Prepare the database that the settings name; raises `SettingsError`."""
    try:
        return Database(settings.database_url, pool_size=settings.database_pool_size)
    except DatabaseUrlError as error:
        raise SettingsError(f"{PREFIX}DATABASE_URL {error}") from None


def _show(request: Request, error: Exception) -> Response:
    """Render an error at the door that was asked."""
    if request.url.path.startswith(api.PREFIX):
        return api.show_problem(request, error)
    return errors.show_error(request, error)


def _refuse(request: Request, status: HTTPStatus, detail: str) -> Response:
    return _show(request, HTTPException(status, detail))


def _print_link(address: str, email: str, link: str) -> None:
    """Hand a sign-in link over in the terminal, until the service can send mail."""
    logger.warning("Sign-in link for %s: %s%s", email, address, link)
