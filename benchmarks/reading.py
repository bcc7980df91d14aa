"""What gap reports and pages of results cost over HTTP, beside bare endpoints, on PostgreSQL.

The bare endpoints of the first two run the statements by which ours read what they give, captured from them, and send
their rows as JSON: nobody is asked for a token, nothing is scored. Beside a gap report of answers that are sent along,
the bare endpoint validates the same body and sends it back. Both apps run alike, each in a process of its own; the
client asks them in turns.
"""

import http.client
import json
import multiprocessing
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Final, NamedTuple

import psycopg
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from sqlalchemy import event, select, update
from sqlalchemy.engine import make_url

from app.api.schemas import GapReportRequest
from app.catalogue import load
from app.domain.access import Role
from app.main import create_app
from app.services import assessing, maintaining
from app.settings import Settings
from app.store.database import Database
from app.store.models import Result
from tests.api.test_syncing import fill
from tests.api_clients import add_person, bearer, make_client
from tests.people import NOW, answer_all, make_world
from tests.postgres import running_postgresql
from tests.servers import running_server

LEAST: Final = 0.5
"""The rate beside that of the bare endpoint."""
ROUNDS: Final = 9
RESULTS: Final = 2000
PAGES: Final = (100, 1000)
"""The length of a page that nobody asks for otherwise, and the longest."""
NOT_READING: Final = ("api_tokens", "audit", "BEGIN", "COMMIT", "ROLLBACK")
"""What statements have in them that find who asks, and note who pulled."""


class Asked(NamedTuple):
    """One kind of request, to either app."""

    name: str
    method: str
    path: str
    headers: dict[str, str]
    body: str = ""
    times: int = 100
    """Requests of a round."""


JSON: Final = {"Content-Type": "application/json"}
Statement = tuple[str, Any]


def run() -> None:
    with running_postgresql() as server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("create database benchmark")
        url = make_url(server).set(database="benchmark").render_as_string(hide_password=False)
        database = Database(url)
        maintaining.upgrade(database)
        held = [*_compare_all(database, url)]
        database.close()
    if not all(held):
        raise SystemExit("A bound does not hold")


def _compare_all(database: Database, url: str) -> Iterator[bool]:
    catalogue = load(Path(__file__).parents[1] / "questionnaires")
    questionnaire = catalogue.get("local-partners", 1)
    world = make_world(database, questionnaire)
    key = assessing.start(database, catalogue, world.officer, world.partnership, world.round, world.council, NOW)
    answer_all(database, catalogue, world.officer, key)
    assessing.submit(database, catalogue, world.officer, key, NOW)
    fill(database, world, questionnaire, RESULTS)
    with database.writing() as session:  # all as long as a result is
        whole = select(Result.line).where(Result.assessment_id == key.assessment_id).scalar_subquery()
        session.execute(update(Result).values(line=whole))
    administrator = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    own = make_client(database, world.officer, f"assessments:write:partnership={world.partnership}")
    everywhere = make_client(database, administrator, "results:read")
    one = f"/api/v1/partnerships/{key.partnership_id}/assessments/{key.assessment_id}/gap-report"
    answers = {each.id: questionnaire.scale_of(each).levels[1].id for each in questionnaire.questions}
    body = json.dumps({"questionnaire": "local-partners", "answers": answers})
    asked = (
        Asked("gap report of an assessment", "GET", one, bearer(own)),
        *(
            Asked(f"page of {size} results", "GET", f"/api/v1/results?limit={size}", bearer(everywhere))
            for size in PAGES
        ),
        Asked("gap report of answers sent along", "POST", "/api/v1/gap-reports", JSON, body, 1000),
    )
    statements = _capture(url, asked)
    with _process(serve_ours, url) as ours, _process(serve_bare, url, statements) as bare:
        for each in asked:
            yield _compare(each, ours, bare)


def _compare(asked: Asked, ours: int, bare: int) -> bool:
    connections = [http.client.HTTPConnection("127.0.0.1", port) for port in (ours, bare)]
    sizes = [len(_ask(connection, asked)) for connection in connections]
    ratios, rates = [], []
    for _ in range(ROUNDS):
        seconds = []
        for connection in connections:
            connection.close()  # a server lets go of who is silent for five seconds
            start = perf_counter()
            for _ in range(asked.times):
                _ask(connection, asked)
            seconds.append(perf_counter() - start)
        ratios.append(seconds[1] / seconds[0])
        rates.append(asked.times / seconds[0])
    print(
        f"{asked.name}, {sizes[0]:,} bytes beside {sizes[1]:,}: {median(rates):,.0f} a second; "
        f"{median(ratios):.2f} × the rate of the bare endpoint, at least {LEAST}"
    )
    return median(ratios) >= LEAST


def _ask(connection: http.client.HTTPConnection, asked: Asked) -> bytes:
    connection.request(asked.method, asked.path, asked.body or None, asked.headers)
    reply = connection.getresponse()
    content = reply.read()
    if reply.status != http.HTTPStatus.OK:
        raise RuntimeError(f"{asked.path}: {reply.status} {content[:300]!r}")
    return content


def _capture(url: str, asked: tuple[Asked, ...]) -> dict[str, list[Statement]]:
    """Give the statements by which the service reads for each path."""
    app = _make_ours(url)
    found: list[Statement] = []

    @event.listens_for(app.state.database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if not any(word in statement for word in NOT_READING):
            found.append((statement, parameters))

    statements = {}
    with running_server(app) as address:
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        for each in asked:
            _ask(connection, each)  # once before: who pulled is noted once an hour
            found.clear()
            _ask(connection, each)
            statements[each.path] = list(found)
        connection.close()
    for path, those in statements.items():
        print(f"{path.partition('?')[0].rpartition('/')[2]}: {len(those)} statements read")
    return statements


# ---- The two apps ----------------------------------------------------------------------------------------------------


def _make_ours(url: str) -> FastAPI:
    return create_app(Settings(database_url=url, api_rate_per_token=10**6, api_rate_per_network=10**6))


def serve_ours(told: Connection, url: str) -> None:
    """Serve the service until the other end of the pipe goes."""
    _serve(told, _make_ours(url))


def serve_bare(told: Connection, url: str, statements: Mapping[str, list[Statement]]) -> None:
    """Serve endpoints that do nothing but run statements, or check a body."""
    app, database = FastAPI(), Database(url)

    def read(request: Request) -> Response:
        path = f"{request.url.path}{'?' if request.url.query else ''}{request.url.query}"
        rows: list[Any] = []
        with database.reading() as session:
            for statement, parameters in statements[path]:
                rows += map(tuple, session.connection().exec_driver_sql(statement, parameters))
        return Response(json.dumps(rows, default=str), media_type="application/json")

    def echo(wanted: GapReportRequest) -> JSONResponse:
        return JSONResponse(wanted.model_dump())

    app.get("/api/v1/results")(read)
    app.get("/api/v1/partnerships/{partnership}/assessments/{assessment}/gap-report")(read)
    app.post("/api/v1/gap-reports")(echo)
    _serve(told, app)


def _serve(told: Connection, app: FastAPI) -> None:
    with running_server(app) as address:
        told.send(int(address.rpartition(":")[2]))
        told.recv()


@contextmanager
def _process(serve: Callable[..., None], *given: object) -> Iterator[int]:
    """Run an app in a process of its own, and give its port."""
    spawning = multiprocessing.get_context("spawn")
    here, there = spawning.Pipe()
    process = spawning.Process(target=serve, args=(there, *given), daemon=True)
    process.start()
    yield here.recv()
    here.send(None)
    process.join(20)
