"""Thousands of requests made of the description: what comes back is as it says, and never a fault of the service."""

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from sqlalchemy import update

from app.api.links import LINKS
from app.catalogue import Catalogue
from app.domain.access import Role
from app.domain.rounds import SignOff
from app.main import create_app
from app.services import Database, assessing
from app.services.api_clients import MadeToken
from app.settings import Settings
from app.store.models import Membership, Round, new_id
from tests.api_clients import add_person, bearer, make_client
from tests.databases import sqlite_database
from tests.people import NOW, answer_all, make_world
from tests.servers import running_server

EXAMPLES = 100
"""Requests of each kind for each operation, at most: some have no more."""
CHAINS, STEPS, ROUNDS = 20, 20, 10
"""How many chains of calls, how many calls each, and how often that is begun anew until every operation was reached."""
FRAMING: Final = frozenset({"connection", "content-length", "expect", "host", "transfer-encoding", "upgrade"})
READ_WHEN_CLOSED: Final = frozenset(
    {"list_partnerships", "read_partnership", "list_assessments", "list_actions", "read_partnership_report"}
)
"""Of a place; partnership reports are open to all when writing is over."""


def find_followers(begins: str) -> frozenset[str]:
    """The operations that can be reached from one by links, itself included."""
    found, new = set[str](), {begins}
    while new:
        found |= new
        new = {name for each in new for name in LINKS.get(each, ())} - found
    return frozenset(found)


FAMILIES: Final[Mapping[str, frozenset[str]]] = {
    "questionnaires": find_followers("list_questionnaires"),
    "rounds": find_followers("list_rounds"),
    "reading a place": READ_WHEN_CLOSED,
    "answering": find_followers("list_partnerships") - READ_WHEN_CLOSED | {"list_partnerships", "list_assessments"},
    "results": find_followers("list_results"),
    "webhooks": find_followers("make_webhook"),
}
"""Operations that can follow one another. Of all together, chains of twenty calls would reach few."""


@dataclass(frozen=True)
class Described:
    """The description, called with a token that reads everything, and a token of somebody who answers."""

    schema: Any
    reading: MadeToken
    answering: MadeToken
    app: FastAPI
    bodies: dict[str, Any]
    """By operation, those that name what there is, as no schema can."""


@pytest.fixture(scope="module")
def described(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, questionnaires: Catalogue
) -> Iterator[Described]:
    """The description of a service with something to read and to answer."""
    with sqlite_database(sqlite_template, tmp_path_factory.mktemp("fuzzed")) as database:
        questionnaire = questionnaires.get("local-partners", 1)
        world = make_world(database, questionnaire)
        key = assessing.start(
            database, questionnaires, world.officer, world.partnership, world.round, world.council, NOW
        )
        answer_all(database, questionnaires, world.officer, key)
        assessing.submit(database, questionnaires, world.officer, key, NOW)
        with database.writing() as session:  # the service has a clock of its own
            later = datetime.now(UTC) + timedelta(days=30)
            session.execute(update(Round).values(closes_at=later, sign_off=SignOff.CERTIFIER))
            manager = world.manager.person_id
            session.add_all(
                [
                    Membership(person_id=manager, role=Role.CERTIFIER, organisation_id=world.council),
                    Membership(person_id=manager, role=Role.COORDINATOR, partnership_id=world.partnership),
                ]
            )
        administrator = add_person(database, Role.CENTRAL_ADMINISTRATOR)
        token = make_client(database, administrator, "results:read", "releases:read", "admin:write")
        app = create_app(
            Settings(
                database_url=database.url.render_as_string(hide_password=False),
                api_rate_per_token=10**6,
                api_rate_per_network=10**6,
            )
        )
        with running_server(app) as address:
            found = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
            here = f"partnership={world.partnership}"
            yield Described(
                found,
                token,
                make_client(database, world.manager, f"assessments:write:{here}", f"results:read:{here}"),
                app,
                {
                    "start_assessment": {"round": str(world.round), "organisation": str(world.trust)},
                    "post_answers": {
                        "answers": {each.id: {"answer": "early", "version": 0} for each in questionnaire.questions}
                    },
                    "sign_off_assessment": {"submission": 1},
                    "request_changes": {"submission": 1, "reason": "The second answer is the one of last year"},
                    "reopen_assessment": {"submission": 1, "reason": "The trust has merged"},
                },
            )


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_operation_answers_as_described(described: Described, mode: GenerationMode) -> None:
    sent: list[str] = []
    for found in described.schema.get_all_operations():
        send(found.ok(), bearer(described.reading), mode, sent)
    assert len(sent) > EXAMPLES


def leave_framing(case: Case[Any]) -> None:
    """Take out headers that say where a request ends: what is no HTTP is refused before the service sees it."""
    for name in set(case.headers or ()):
        if name.lower() in FRAMING:
            del case.headers[name]


def send(operation: Any, headers: dict[str, str], mode: GenerationMode, sent: list[str]) -> None:  # noqa: ANN401 - has no type
    """Send what can be made of one operation, and check all there is to check of the replies."""

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def check(case: Case[Any]) -> None:
        sent.append(operation.label)
        leave_framing(case)
        # That a cursor was given out by the service, or a questionnaire exists, no schema can say.
        case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])

    with suppress(Unsatisfiable):  # nothing can be wrong where nothing is sent
        check()


@pytest.mark.parametrize("family", FAMILIES)
def test_calls_that_follow_one_another_answer_as_described(described: Described, tmp_path: Path, family: str) -> None:
    """What one call gives, the next is about: ids, cursors and versions that there are."""
    names = FAMILIES[family]
    done: Counter[str] = Counter()
    headers = bearer(described.answering)
    begun_with: Database = described.app.state.database
    schema = described.schema.include(operation_id=sorted(names))

    class Following(schema.as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            """Begin where the last chain began: the same calls are then answered alike."""
            path = tmp_path / f"{new_id()}.db"
            with closing(sqlite3.connect(str(begun_with.path))) as found, closing(sqlite3.connect(path)) as copy:
                found.backup(copy)
            database = described.app.state.database = Database(f"sqlite:///{path}")
            if names is READ_WHEN_CLOSED:
                with database.writing() as session:
                    session.execute(update(Round).values(closes_at=NOW))

        def teardown(self) -> None:
            described.app.state.database.close()

        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:  # noqa: ARG002 - of the machine
            return {"headers": headers}

        def before_call(self, case: Case[Any]) -> None:
            case.body = described.bodies.get(case.operation.definition.raw["operationId"], case.body)
            leave_framing(case)

        def validate_response(self, response: Any, case: Case[Any], **_: object) -> None:  # noqa: ANN401 - has no type
            if response.status_code < 400:
                done[case.operation.definition.raw["operationId"]] += 1
            # What was generated to be wrong may have been put right above; the test of each operation looks at that.
            excluded: list[Any] = [positive_data_acceptance, negative_data_rejection]
            case.validate_response(response, headers=headers, excluded_checks=excluded)

    try:
        for first in range(ROUNDS):
            Following._hypothesis_internal_use_seed = first  # what `hypothesis.seed` sets on a function
            Following.run(
                settings=settings(
                    max_examples=CHAINS,
                    stateful_step_count=STEPS,
                    deadline=None,
                    suppress_health_check=list(HealthCheck),
                    database=None,
                    phases=(Phase.explicit, Phase.generate),
                )
            )
            if done.keys() >= names:
                break
    finally:
        described.app.state.database = begun_with
    assert done.keys() == names
