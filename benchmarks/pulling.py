"""What pulling all results costs, beside a bare stream of the same columns and beside COPY, on PostgreSQL.

100,000 results, or as many as `ENABLERS_BENCHMARK_RESULTS` says: the three take turns. Then ten times as many, which
are to come at about the same rate, in the same memory.
"""

import os
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final
from uuid import UUID

import psycopg
from sqlalchemy import select
from sqlalchemy.engine import make_url

from app.api.results import join_lines
from app.catalogue import load
from app.domain.access import Role
from app.domain.results import Wanted
from app.services import api_clients, maintaining, pulling
from app.services.tokens import TokenKeys
from app.store.database import Database
from app.store.models import Result
from tests.api_clients import add_person, make_client
from tests.people import make_world
from tests.postgres import running_postgresql

RESULTS: Final = "ENABLERS_BENCHMARK_RESULTS"
ROUNDS: Final = 3
MOST_TIMES_BARE: Final = 1.5
MOST_TIMES_COPY: Final = 2.5
MOST_GROWTH_MIB: Final = 32
LARGER: Final = 10
LEAST_RATE: Final = 0.8
"""Of ten times as many, beside that of the fewer."""
FILL: Final = """
SET session_replication_role = replica;
INSERT INTO results (partnership_id, assessment_id, position, round_id, organisation_id, questionnaire_id, updated_at,
  is_deleted, line)
SELECT md5('p' || n / 8)::uuid, md5('a' || n)::uuid, n, '{round}', md5('o' || n)::uuid, 'local-partners', now(), false,
  '{{"id":"' || md5('a' || n)::uuid || '","position":' || n || ',"rest":"' || repeat(md5(n::text), 150) || '"}}'
FROM generate_series({first}, {last}) n;
INSERT INTO feeds VALUES ('results', {last}, now()) ON CONFLICT (name) DO UPDATE SET position = {last};
SET session_replication_role = DEFAULT;
ANALYZE results
"""


def run() -> None:
    size = int(os.environ.get(RESULTS, "100000"))
    questionnaire = load(Path(__file__).parents[1] / "questionnaires").get("local-partners", 1)
    with running_postgresql() as server:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute("create database benchmark")
        url = make_url(server).set(database="benchmark")
        database = Database(url.render_as_string(hide_password=False))
        maintaining.upgrade(database)
        make_world(database, questionnaire)
        token = make_client(database, add_person(database, Role.CENTRAL_ADMINISTRATOR), "results:read").token
        plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
        fill(plain, 1, size)
        held = compare(database, plain, token, size)
        rate = size / take(lambda: stream_ours(database, token))
        fill(plain, size + 1, LARGER * size)
        held_larger = compare_larger(database, token, LARGER * size, rate)
        database.close()
    if not (held and held_larger):
        raise SystemExit("A bound does not hold")


def fill(plain: str, first: int, last: int) -> None:
    """Put results at these positions."""
    with psycopg.connect(plain, autocommit=True) as connection:
        for statement in FILL.format(round=UUID(int=9), first=first, last=last).split(";"):
            connection.execute(statement.encode())


def compare_larger(database: Database, token: str, size: int, rate: float) -> bool:
    """Stream many more; say whether they come at about the same rate, and in the same memory."""
    before = _read_memory()
    ratio = size / take(lambda: stream_ours(database, token)) / rate
    growth = _read_memory() - before
    print(
        f"{size:,} results: {ratio:.2f} × the rate of the fewer, at least {LEAST_RATE}; "
        f"memory grew by {growth:.0f} MiB, at most {MOST_GROWTH_MIB}"
    )
    return ratio >= LEAST_RATE and growth <= MOST_GROWTH_MIB


def take(job: Callable[[], object]) -> float:
    """Give the seconds that a job takes."""
    start = perf_counter()
    job()
    return perf_counter() - start


def _read_memory() -> float:
    """Give the most that this process ever used, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**10 if sys.platform == "linux" else 2**20)


def compare(database: Database, plain: str, token: str, size: int) -> bool:
    """Let the three take turns; say whether the bounds hold."""
    ways: dict[str, Callable[[], int]] = {
        "ours": lambda: stream_ours(database, token),
        "bare": lambda: stream_bare(database),
        "copy": lambda: copy(plain),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    sizes = {name: way() for name, way in ways.items()}  # once to warm up, and to see that all read the same
    before = _read_memory()
    for _ in range(ROUNDS):
        for name, way in ways.items():
            taken[name].append(take(way))
    growth = _read_memory() - before
    bare, copied = (
        median(ours / other for ours, other in zip(taken["ours"], taken[each], strict=True))
        for each in ("bare", "copy")
    )
    print(
        f"{size:,} results as NDJSON, {sizes['ours'] / 2**20:,.0f} MiB: {median(taken['ours']):.2f} s; "
        f"{bare:.2f} × a bare stream, at most {MOST_TIMES_BARE}; {copied:.2f} × COPY, at most {MOST_TIMES_COPY}; "
        f"memory grew by {growth:.0f} MiB, at most {MOST_GROWTH_MIB}"
    )
    return bare <= MOST_TIMES_BARE and copied <= MOST_TIMES_COPY and growth <= MOST_GROWTH_MIB


def stream_ours(database: Database, token: str) -> int:
    """Read what a client would get, and count its bytes."""
    keys, now = TokenKeys(), datetime.now(UTC) + timedelta(seconds=1)
    who = api_clients.authenticate(database, token, now, keys)
    _, parts = pulling.stream_results(database, keys, token, who, Wanted(tombstones_after=-1), now)
    return sum(map(len, join_lines(parts)))


def stream_bare(database: Database) -> int:
    """Read the same columns with SQLAlchemy Core, and count their characters."""
    query = select(Result.position, Result.line).order_by(Result.position)
    with database.reading() as session:
        rows = session.connection().execution_options(yield_per=500).execute(query)
        return sum(len(line) + 1 for _, line in rows)


def copy(plain: str) -> int:
    """Read the same columns with COPY, and count the bytes of the lines."""
    statement = "COPY (SELECT position, line FROM results ORDER BY position) TO STDOUT"
    with psycopg.connect(plain) as connection, connection.cursor().copy(statement) as copied:
        return sum(map(len, copied))
