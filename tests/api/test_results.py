"""Pulling results: in order, nothing skipped or told twice, tombstones for what went, and only what one may."""

import base64
import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from pyarrow import parquet
from sqlalchemy import update

from app.catalogue import Catalogue
from app.domain.access import Actor, Role
from app.domain.assessment import AssessmentStatus
from app.domain.errors import NotAllowedError, SignInNeededError
from app.domain.gaps import make_gap_report
from app.domain.records import AssessmentKey
from app.domain.results import Wanted
from app.renderings import as_json, result_parquet
from app.renderings.result_parquet import PARTS_OF_GROUP
from app.renderings.result_table import ResultTable
from app.services import Database, api_clients, assessing, feeding, pulling
from app.services.api_clients import MadeToken
from app.store import assessments, results
from app.store.database import DatabaseUnavailableError
from app.store.models import Membership, Round, new_id
from tests.api.problems import read_problem
from tests.api_clients import KEYS, add_person, bearer, make_client, serving
from tests.people import NOW, World, answer_all, make_world
from tests.statements import counted_statements

PATH = "/api/v1/results"
PARQUET_TYPES = {"string": "string", "integer": "int64", "number": "double", "time": "timestamp[us, tz=UTC]"}


@dataclass
class Pulled:
    """A world with one submitted assessment, and a client that may read everything."""

    database: Database
    questionnaires: Catalogue
    world: World
    key: AssessmentKey
    administrator: Actor
    token: MadeToken
    http: TestClient

    def get(self, token: MadeToken | None = None, **query: str | int) -> dict[str, Any]:
        reply = self.http.get(PATH, params=query, headers=bearer(token or self.token))
        assert reply.status_code == 200, reply.text
        found: dict[str, Any] = reply.json()
        return found


def submit(
    database: Database, questionnaires: Catalogue, actor: Actor, world: World, organisation: UUID
) -> AssessmentKey:
    key = assessing.start(database, questionnaires, actor, world.partnership, world.round, organisation, NOW)
    answer_all(database, questionnaires, actor, key)
    assessing.submit(database, questionnaires, actor, key, NOW)
    return key


@pytest.fixture
def pulled(database: Database, questionnaires: Catalogue) -> Iterator[Pulled]:
    world = make_world(database, questionnaires.get("local-partners", 1))
    key = submit(database, questionnaires, world.officer, world, world.council)
    administrator = add_person(database, Role.CENTRAL_ADMINISTRATOR)
    with serving(database) as (http, _):
        token = make_client(database, administrator, "results:read", "releases:read")
        yield Pulled(database, questionnaires, world, key, administrator, token, http)


def test_a_result_says_all_it_takes_to_know_what_it_is(pulled: Pulled) -> None:
    (result,) = pulled.get()["items"]
    questionnaire = pulled.questionnaires.get("local-partners", 1)
    with pulled.database.reading() as session:
        submission = assessments.find_submission(session, pulled.key)
    assert submission is not None
    report = as_json.render(make_gap_report(questionnaire, submission.answers))
    assert result["enablers"] == report["enablers"]
    assert result["questionnaire"] == report["questionnaire"]
    assert [(each["id"], each["score"], each["weight"]) for each in result["questions"]] == [
        (each["id"], each["score"], each["weight"]) for each in report["questions"]
    ]
    assert {each["target"] for each in result["questions"]} == {75.0}
    assert (result["status"], result["submission"], result["method"]) == ("submitted", 1, "reform-enablers-1")
    assert result["organisation"] == str(pulled.world.council)


def test_what_is_answered_again_leaves_a_tombstone_and_comes_back(pulled: Pulled) -> None:
    first = pulled.get()
    assert first["next_cursor"] is None
    with pulled.database.writing() as session:
        assessments.set_status(session, pulled.key, AssessmentStatus.IN_PROGRESS, pulled.world.officer.person_id, NOW)
        feeding.note_moved(session, pulled.key, AssessmentStatus.IN_PROGRESS, NOW + timedelta(hours=1))
    assert pulled.get()["items"] == []  # nobody who begins now was told of it
    (tombstone,) = pulled.get(updated_since=first["as_of"])["items"]
    assert set(tombstone) == {"id", "position", "deleted_at"}
    assert tombstone["id"] == str(pulled.key.assessment_id)
    assessing.submit(pulled.database, pulled.questionnaires, pulled.world.officer, pulled.key, NOW + timedelta(hours=2))
    (again,) = pulled.get(updated_since=tombstone["deleted_at"])["items"]
    assert (again["id"], again["submission"]) == (tombstone["id"], 2)


def test_pages_tell_everything_once_while_others_write(pulled: Pulled) -> None:
    """Whoever submits meanwhile comes at the end; nothing is skipped, and told twice only what has changed."""
    told = [pulled.get(limit=1)]
    assert told[0]["next_cursor"] is None
    other = submit(pulled.database, pulled.questionnaires, pulled.world.manager, pulled.world, pulled.world.trust)
    first = pulled.get(limit=1)
    second = pulled.get(limit=1, cursor=first["next_cursor"])
    assert [each["id"] for page in (first, second) for each in page["items"]] == [
        str(pulled.key.assessment_id),
        str(other.assessment_id),
    ]
    assert second["next_cursor"] is None
    with pulled.database.writing() as session:  # the first changes after it was told
        feeding.note_moved(session, pulled.key, AssessmentStatus.SIGNED_OFF, NOW)
    changed = pulled.get(limit=5, cursor=first["next_cursor"])["items"]
    assert [each["id"] for each in changed] == [str(other.assessment_id), str(pulled.key.assessment_id)]
    assert [each["position"] for each in changed] == sorted(each["position"] for each in changed)


def test_a_commit_that_comes_late_is_not_skipped(pulled: Pulled) -> None:
    """What is written holds the feed until its commit, and never has a time before what was told already."""
    as_of = pulled.get()["as_of"]
    with pulled.database.writing() as session:  # its clock is an hour behind
        feeding.note_moved(session, pulled.key, AssessmentStatus.SIGNED_OFF, NOW - timedelta(hours=1))
    (found,) = pulled.get(updated_since=as_of)["items"]
    assert found["status"] == "signed-off"
    assert found["updated_at"] >= as_of


def forge(told: str) -> str:
    """Write a cursor as whoever has read the program would."""
    check = sha256(f"{told} {{}}".encode()).hexdigest()[:16]
    return base64.urlsafe_b64encode(f"{told}{check}".encode()).decode().rstrip("=")


FORGED = ("[99999999999999999999, 0]", "[0, 9223372036854775808]", "[-5, 0]", "[true, 0]", "[1.5, 0]", '["x", 0]', "[]")


@pytest.mark.parametrize("cursor", ["x", "AAAA", "WzEsIDFd", "null", "0", "é", *map(forge, FORGED)])
def test_a_bad_cursor_is_an_error_and_no_empty_page(pulled: Pulled, cursor: str) -> None:
    reply = pulled.http.get(PATH, params={"cursor": cursor}, headers=bearer(pulled.token))
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["pointer"] == "/cursor"


def test_a_cursor_holds_for_its_own_filters_alone(pulled: Pulled) -> None:
    submit(pulled.database, pulled.questionnaires, pulled.world.manager, pulled.world, pulled.world.trust)
    cursor = pulled.get(limit=1, round=str(pulled.world.round))["next_cursor"]
    assert pulled.get(limit=1, round=str(pulled.world.round), cursor=cursor)["items"]
    assert pulled.http.get(PATH, params={"cursor": cursor}, headers=bearer(pulled.token)).status_code == 422


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=1001", "limit=ten", "limit=1&limit=2", "round=x", "round=&round=", "x=1"),
        "questionnaire=%00",
        *("updated_since=1", "updated_since=2026-01-01T00:00:00", "updated_since=2026-11-28T18:30:21+00:00"),
        *("updated_since=9999-12-31T23:59:59-23:59", "updated_since=0001-01-01T00:00:00%2B23:59"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_our_own_words(pulled: Pulled, query: str) -> None:
    problem = read_problem(pulled.http.get(f"{PATH}?{query}", headers=bearer(pulled.token)), 422)
    (fault,) = problem["errors"]
    assert fault["pointer"] == f"/{query.partition('=')[0]}"
    assert fault["in"] == "query"
    assert fault["detail"].startswith(("must ", "is ", "has "))


def test_a_forged_cursor_whose_numbers_could_be_positions_tells_what_its_token_reaches(pulled: Pulled) -> None:
    """So nobody gains by it, and there is no secret to keep for it."""
    theirs = make_client(pulled.database, pulled.world.manager, f"results:read:partnership={pulled.world.partnership}")
    assert pulled.get(theirs, cursor=forge("[0, 0]"))["items"] == []


def test_a_page_that_has_not_changed_is_not_sent_again(pulled: Pulled) -> None:
    first = pulled.http.get(PATH, headers=bearer(pulled.token))
    again = pulled.http.get(PATH, headers=bearer(pulled.token, **{"If-None-Match": first.headers["etag"]}))
    assert (again.status_code, again.content) == (304, b"")


def test_everything_in_one_stream_goes_on_where_it_ends(pulled: Pulled) -> None:
    reply = pulled.http.get(PATH, headers=bearer(pulled.token, Accept="application/x-ndjson"))
    assert reply.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line) for line in reply.text.splitlines()] == pulled.get()["items"]
    following = reply.links["next"]["url"]
    assert pulled.http.get(following, headers=bearer(pulled.token)).json()["items"] == []
    other = submit(pulled.database, pulled.questionnaires, pulled.world.manager, pulled.world, pulled.world.trust)
    (new,) = pulled.http.get(following, headers=bearer(pulled.token)).json()["items"]
    assert new["id"] == str(other.assessment_id)


def test_a_table_has_the_columns_of_its_codebook(pulled: Pulled) -> None:
    reply = pulled.http.get(PATH, headers=bearer(pulled.token, Accept="text/csv"))
    header, row = csv.reader(io.StringIO(reply.text))
    columns = pulled.http.get("/api/v1/codebook").json()["items"]
    assert header == [column["name"] for column in columns]
    assert len(set(header)) == len(header)
    cells = dict(zip(header, row, strict=True))
    (result,) = pulled.get()["items"]
    for enabler in result["enablers"]:
        score = cells[f"{enabler['id']}.score"]
        assert (float(score) if score else None) == enabler["score"]
    for question in result["questions"]:
        assert cells[f"local-partners.{question['id']}.state"] == question["state"]
    assert cells["hash"] == result["questionnaire"]["hash"]


def test_a_parquet_file_has_the_same_columns_with_their_types(pulled: Pulled) -> None:
    accept = {"Accept": "application/vnd.apache.parquet"}
    reply = pulled.http.get(PATH, headers=bearer(pulled.token, **accept))
    assert reply.headers["content-type"] == accept["Accept"]
    table = parquet.read_table(io.BytesIO(reply.content))
    columns = pulled.http.get("/api/v1/codebook").json()["items"]
    assert [(field.name, field.metadata[b"meaning"].decode(), str(field.type)) for field in table.schema] == [
        (each["name"], each["meaning"], PARQUET_TYPES[each["type"]]) for each in columns
    ]
    told = csv.DictReader(io.StringIO(pulled.http.get(PATH, headers=bearer(pulled.token, Accept="text/csv")).text))
    (row,), (same,) = table.to_pylist(), told
    for name, cell in row.items():
        if isinstance(cell, datetime):
            assert cell == datetime.fromisoformat(same[name])
        else:
            assert ("" if cell is None else str(cell)) == same[name], name


def test_many_parts_make_several_row_groups_and_a_tombstone_is_a_row(questionnaires: Catalogue) -> None:
    table = ResultTable(entry.questionnaire for entry in questionnaires.entries)
    gone = json.dumps({"id": str(new_id()), "position": 7, "deleted_at": "2026-11-28T09:30:00.000001Z"})
    parts = [[gone] * 3] * (PARTS_OF_GROUP + 1)
    file = parquet.ParquetFile(io.BytesIO(b"".join(result_parquet.write(table, parts))))
    assert file.num_row_groups == 2
    rows = file.read(["position", "deleted_at", "status"]).to_pylist()
    assert rows == [{"position": 7, "deleted_at": datetime(2026, 11, 28, 9, 30, 0, 1, tzinfo=UTC), "status": None}] * (
        3 * len(parts)
    )
    assert b"".join(result_parquet.write(table, []))[:4] == b"PAR1"


def test_a_service_without_the_extra_says_what_else_there_is(pulled: Pulled, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_parquet, "can_write", lambda: False)
    reply = pulled.http.get(PATH, headers=bearer(pulled.token, Accept="application/vnd.apache.parquet"))
    assert "application/x-ndjson" in read_problem(reply, 406)["detail"]


def test_a_page_costs_few_statements(pulled: Pulled) -> None:
    pulled.get()
    with counted_statements(pulled.http.app.state.database) as statements:  # type: ignore[attr-defined]
        pulled.get()
    assert len(statements) <= 3  # who it is, where the feed ends, the page


# ---- Who may ---------------------------------------------------------------------------------------------------------


def test_without_a_token_that_holds_nothing_is_told(pulled: Pulled) -> None:
    for headers in ({}, bearer("enb_x"), bearer("x"), {"Authorization": "Basic eA=="}, {"Authorization": "Bearer"}):
        reply = pulled.http.get(PATH, headers=headers)
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"].startswith("Bearer")
        assert reply.headers["content-type"] == "application/problem+json"


def test_a_token_reads_what_its_scopes_reach_and_no_more(pulled: Pulled) -> None:
    world, database = pulled.world, pulled.database
    assert pulled.get(make_client(database, pulled.administrator, f"results:read:partnership={world.partnership}"))[
        "items"
    ]
    assert pulled.get(make_client(database, pulled.administrator, f"results:read:round={world.round}"))["items"]
    other = make_client(database, pulled.administrator, f"results:read:partnership={new_id()}")
    assert pulled.get(other)["items"] == []
    none = make_client(database, pulled.administrator, "releases:read")
    assert pulled.http.get(PATH, headers=bearer(none)).status_code == 403


def test_a_lead_reads_what_their_own_organisation_submitted(pulled: Pulled) -> None:
    scope = f"results:read:partnership={pulled.world.partnership}"
    mine = make_client(pulled.database, pulled.world.officer, scope)
    theirs = make_client(pulled.database, pulled.world.manager, scope)
    assert [each["organisation"] for each in pulled.get(mine)["items"]] == [str(pulled.world.council)]
    assert pulled.get(theirs)["items"] == []


def test_a_coordinator_reads_their_partnership_once_the_round_has_closed(pulled: Pulled) -> None:
    coordinator = add_person(pulled.database, Role.COORDINATOR, partnership_id=pulled.world.partnership)
    token = make_client(pulled.database, coordinator, f"results:read:partnership={pulled.world.partnership}")
    before = pulled.get(token)
    assert before["items"] == []
    with pulled.database.writing() as session:
        round_ = session.get_one(Round, pulled.world.round)
        round_.closed_at = NOW
        feeding.show_again(session, pulled.world.round, NOW)
    (found,) = pulled.get(token, updated_since=before["as_of"])["items"]
    assert found["id"] == str(pulled.key.assessment_id)


def test_whoever_loses_a_role_loses_it_for_their_clients(pulled: Pulled) -> None:
    with pulled.database.writing() as session:
        for each in session.query(Membership).filter_by(person_id=pulled.administrator.person_id):
            session.delete(each)
    assert pulled.http.get(PATH, headers=bearer(pulled.token)).status_code == 403


@pytest.mark.parametrize("is_revoked", [True, False])
def test_a_stream_breaks_off_where_its_token_loses_anything(
    pulled: Pulled, monkeypatch: pytest.MonkeyPatch, *, is_revoked: bool
) -> None:
    """It must not end as if that were all: whoever reads it would go on after its end, and miss the rest."""
    submit(pulled.database, pulled.questionnaires, pulled.world.manager, pulled.world, pulled.world.trust)
    monkeypatch.setattr(results, "BATCH", 1)
    monkeypatch.setattr(pulling, "ASKED_EVERY", 1)
    now = datetime.now(UTC)
    who = api_clients.authenticate(pulled.database, pulled.token.token, now, KEYS)
    end, parts = pulling.stream_results(
        pulled.database, KEYS, pulled.token.token, who, Wanted(tombstones_after=-1), now
    )
    assert end == 2
    assert len(next(parts)) == 1
    if is_revoked:
        api_clients.revoke(pulled.database, pulled.administrator, who.client_id, now)
    else:
        with pulled.database.writing() as session:
            session.execute(update(Membership).values(role=Role.LEAD, organisation_id=pulled.world.council))
    with pytest.raises(SignInNeededError if is_revoked else NotAllowedError):
        next(parts)


def test_streams_leave_connections_for_others(pulled: Pulled) -> None:
    now = datetime.now(UTC)
    who = api_clients.authenticate(pulled.database, pulled.token.token, now, KEYS)

    def begin() -> Iterator[Sequence[str]]:
        wanted = Wanted(tombstones_after=-1)
        return pulling.stream_results(pulled.database, KEYS, pulled.token.token, who, wanted, now)[1]

    begun = [begin() for _ in range(5)]
    with pytest.raises(DatabaseUnavailableError):
        begin()
    assert api_clients.authenticate(pulled.database, pulled.token.token, now, KEYS) == who
    assert len([*begun.pop()]) == 1  # one is read to its end
    begun[0] = begin()  # and one that nobody reads any more makes room
    begin()


def test_positions_are_taken_in_the_order_of_commits(pulled: Pulled) -> None:
    with pulled.database.writing() as session:
        first = results.move(session, NOW)
    with pulled.database.writing() as session:
        second = results.move(session, NOW - timedelta(days=1))
    assert second[0] == first[0] + 1
    assert second[1] >= first[1]
