"""Thousands of requests made of the description: what comes back is as it says, and never a fault of the service."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from app.catalogue import Catalogue
from app.domain.access import Role
from app.main import create_app
from app.services import assessing
from app.settings import Settings
from tests.api_clients import add_person, bearer, make_client
from tests.databases import sqlite_database
from tests.people import NOW, answer_all, make_world
from tests.servers import running_server

EXAMPLES = 100
"""Requests of each kind for each operation, at most: some have no more."""


@pytest.fixture(scope="module")
def described(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, questionnaires: Catalogue
) -> Iterator[Any]:
    """The description, of a service with something to read, and a token that may do everything."""
    with sqlite_database(sqlite_template, tmp_path_factory.mktemp("fuzzed")) as database:
        world = make_world(database, questionnaires.get("local-partners", 1))
        key = assessing.start(
            database, questionnaires, world.officer, world.partnership, world.round, world.council, NOW
        )
        answer_all(database, questionnaires, world.officer, key)
        assessing.submit(database, questionnaires, world.officer, key, NOW)
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
            found.config.update(headers=bearer(token))
            yield found


@pytest.mark.parametrize("mode", GenerationMode)
def test_every_operation_answers_as_described(described: Any, mode: GenerationMode) -> None:  # noqa: ANN401 - has no type
    sent: list[str] = []
    for found in described.get_all_operations():
        send(found.ok(), mode, sent)
    assert len(sent) > EXAMPLES


def send(operation: Any, mode: GenerationMode, sent: list[str]) -> None:  # noqa: ANN401 - has no type
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
        # That a cursor was given out by the service, or a questionnaire exists, no schema can say.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    with suppress(Unsatisfiable):  # nothing can be wrong where nothing is sent
        check()
