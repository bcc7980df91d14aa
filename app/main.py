"""The composition root: puts the service together from its settings. The only module that knows everyone."""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache, partial
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Scope

from app import api, catalogue
from app.catalogue import Catalogue
from app.delivery import Carrier, RefusedError, Security, Smtp, Terminal, read_address
from app.dependencies import LARGEST_BODY, find_network
from app.domain.errors import EnablersError
from app.domain.identity import IdentityProvider
from app.middleware import Gate, Manners
from app.outgoing import Poster
from app.services import demonstration, feeding, maintaining, verifying
from app.services.outside import Outside, OutsideError
from app.services.tokens import TokenKeys
from app.services.working import Means, Worker
from app.settings import PREFIX, Phase, Settings, SettingsError
from app.store.database import Database, DatabaseUrlError
from app.web import (
    account,
    audit,
    central,
    demonstration_mail,
    errors,
    information,
    paths,
    privacy,
    public,
    reference,
)
from app.web.partner import (
    assessments,
    barriers,
    comments,
    evidence,
    life,
    questions,
    reports,
    sections,
    submitting,
    trust,
)
from app.web.partnership import life as partnership_life
from app.web.people import doors as people
from app.web.releases import managing as releasing
from app.web.releases import reading as releases
from app.web.releases import statistics
from app.web.routing import gather
from app.web.systems import managing as systems
from app.web.templating import STATIC
from app.web.together import files as together_files
from app.web.together import meeting, over_time, plan, what_if, where_am_i
from app.web.together import report as together_report
from app.web.together import sharing as together_sharing

logger = logging.getLogger("enablers")
WORKER_STOPS_WITHIN_SECONDS: Final = 3
"""After that the process ends all the same; a mail that was on its way is sent again."""

PAGES: Final = gather(
    public,
    account,
    demonstration_mail,
    assessments,
    questions,
    barriers,
    sections,
    comments,
    trust,
    submitting,
    life,
    partnership_life,
    people,
    reports,
    together_report,
    meeting,
    what_if,
    over_time,
    where_am_i,
    together_files,
    together_sharing,
    evidence,
    plan,
    information,
    privacy,
    audit,
    central,
    releases,
    statistics,
    releasing,
    systems,
    reference,
)
ROUTES: Final = (*api.router.routes, *api.health.routes, *PAGES.routes, *evidence.uploads.routes)
"""Searched in this order, and machines ask most often. Made once: routers that an app includes are made anew for it."""


class HashedFiles(StaticFiles):
    """Built files, whose names change with their content, so that a browser asks once."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 - Starlette's own
        """Let browsers keep the file."""
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def create_app(settings: Settings, *, with_worker: bool = False) -> FastAPI:
    """Read the questionnaires, open the database and put the doors together; raises `EnablersError`.

    With a worker, the jobs of the clock run in a thread for as long as the app is served.
    """
    questionnaires = catalogue.load(settings.questionnaires)
    database = open_database(settings)
    outside = open_outside(settings, database)
    maintaining.prepare(database, outside, datetime.now(UTC))
    if settings.demonstration:
        demonstration.populate(database, questionnaires, datetime.now(UTC))
    feeding.catch_up(database, questionnaires, datetime.now(UTC))

    worker = Worker(make_means(settings, database, questionnaires)) if with_worker else None

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        app.state.describe_api()  # so that nobody waits for it
        if worker:
            worker.start()
        yield
        if worker:
            worker.stop(WORKER_STOPS_WITHIN_SECONDS)
        _keep_heads(database, outside)
        database.close()

    app = FastAPI(
        title="Reform enablers",
        routes=list(ROUTES),
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,  # a redirect would name the host that was asked for
        lifespan=lifespan,
    )
    app.state.clock = partial(datetime.now, UTC)
    app.state.database = database
    app.state.catalogue = questionnaires
    app.state.token_keys = TokenKeys(settings.secret_list)
    app.state.describe_api = cache(partial(api.describe, questionnaires))
    app.state.api_rates = api.Rates(per_token=settings.api_rate_per_token, per_network=settings.api_rate_per_network)
    app.state.demonstration = settings.demonstration
    app.state.public_statistics = settings.public_statistics
    app.state.phase = "" if settings.phase is Phase.NONE else settings.phase.value
    app.state.public_url = settings.public_url
    app.state.webhooks_to_loopback = settings.webhooks_to_loopback
    app.state.secure_cookies = settings.secure_cookies
    app.state.identity_provider = _make_identity_provider(settings)

    app.mount("/static", HashedFiles(directory=STATIC), name="static")

    for kind in (EnablersError, HTTPException, RequestValidationError, Exception):
        app.add_exception_handler(kind, _show)
    app.add_middleware(
        Gate,
        trusted_hosts=frozenset(host.strip() for host in settings.trusted_hosts.split(",")),
        public_url=settings.public_url,
        refuse=_refuse,
        largest_body=LARGEST_BODY,
        larger_bodies={evidence.UPLOADS: evidence.LARGEST_BODY},
        without_cookies=api.PREFIX,
    )
    app.add_middleware(
        Manners,
        https_only=settings.secure_cookies,
        show=_show,
        measure=partial(_measure, app.state.api_rates, demonstration=settings.demonstration),
    )
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)  # 9 takes twice as long to save 1%
    return app


def open_database(settings: Settings) -> Database:
    """Prepare the database that the settings name; raises `SettingsError`."""
    try:
        return Database(settings.database_url, pool_size=settings.database_pool_size)
    except DatabaseUrlError as error:
        raise SettingsError(f"{PREFIX}DATABASE_URL {error}") from None


def open_outside(settings: Settings, database: Database) -> Outside:
    """Give the place for what is kept outside a database; raises `SettingsError`."""
    outside = Outside.of(settings.outside, database)
    try:
        outside.prepare()
    except OutsideError as error:
        raise SettingsError(f"{PREFIX}OUTSIDE: {error}; name another") from None
    return outside


def _keep_heads(database: Database, outside: Outside) -> None:
    """Keep what the audit ends with; the service stops all the same where that is not possible."""
    try:
        verifying.write_heads(database, outside, datetime.now(UTC))
    except EnablersError as error:
        logger.warning("The heads of the audit were not kept: %s", error)


def make_means(settings: Settings, database: Database, questionnaires: Catalogue) -> Means:
    """Put together what the jobs of the clock work with; raises `SettingsError`."""
    return Means(
        database=database,
        catalogue=questionnaires,
        carrier=_make_carrier(settings),
        public_url=settings.public_url,
        outside=open_outside(settings, database),
        keeps_mails=settings.demonstration,
        poster=Poster(to_loopback=settings.webhooks_to_loopback),
    )


def _make_identity_provider(settings: Settings) -> IdentityProvider | None:
    """Give the provider that the settings name; raises `SettingsError` where its packages are not installed."""
    if not settings.oidc_issuer:
        return None
    try:
        from app.identity import OpenIdProvider  # noqa: PLC0415 - its packages are an extra
    except ImportError:
        raise SettingsError(
            f"{PREFIX}OIDC_ISSUER needs packages that are not installed; install requirements/extras.txt"
        ) from None
    return OpenIdProvider(
        name=settings.oidc_name,
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value(),
        back=settings.public_url + paths.BACK_FROM_PROVIDER,
    )


def _make_carrier(settings: Settings) -> Carrier:
    """Choose the way that mails go; those of a demonstration stay in the house, as nobody has their addresses."""
    if settings.demonstration or not settings.smtp_host:
        return Terminal()
    try:
        read_address(settings.mail_from)
    except RefusedError as error:
        raise SettingsError(f"{PREFIX}MAIL_FROM: {error}") from None
    return Smtp(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=Security(settings.smtp_security),
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value(),
        sender=settings.mail_from,
    )


def _show(request: Request, error: Exception) -> Response:
    """Render an error at the door that was asked."""
    if request.url.path.startswith(api.PREFIX):
        return api.show_problem(request, error)
    return errors.show_error(request, error)


def _refuse(request: Request, status: HTTPStatus, detail: str) -> Response:
    return _show(request, HTTPException(status, detail))


def _measure(rates: api.Rates, scope: Scope, *, demonstration: bool) -> tuple[Mapping[str, str], str]:
    """Count a request where its door counts any."""
    client = scope.get("client")
    return rates.measure(scope, find_network(client[0] if client else "", demonstration=demonstration))
