"""Pulling while others write: whoever keeps what they are told ends with exactly what there is."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random
from threading import Event
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from app.catalogue import Catalogue
from app.domain.access import Role
from app.domain.assessment import AssessmentStatus
from app.domain.questionnaire import Questionnaire
from app.domain.records import AssessmentKey
from app.renderings import as_result
from app.services import Database, feeding
from app.services.api_clients import MadeToken
from app.store import results
from app.store.models import Assessment, Organisation, PartnershipOrganisation, Result, new_id
from tests.api_clients import add_person, bearer, make_client, serving
from tests.people import NOW, World, make_world

FEW, MANY = 300, 100_000
"""Assessments that are there from the beginning."""
WRITERS = 4
CHANGES = 40
"""Of each writer."""
CHUNK = 5_000
"""Rows that are stored at once."""


def fill(database: Database, world: World, questionnaire: Questionnaire, size: int) -> list[AssessmentKey]:
    """Store so many submitted assessments with their lines in the feed."""
    keys: list[AssessmentKey] = []
    while len(keys) < size:
        keys += add_some(database, world, questionnaire, min(CHUNK, size - len(keys)))
    return keys


def add_some(database: Database, world: World, questionnaire: Questionnaire, size: int) -> list[AssessmentKey]:
    keys = [AssessmentKey(world.partnership, new_id()) for _ in range(size)]
    with database.writing() as session:
        last, at = results.move(session, NOW, size)
        organisations = [new_id() for _ in keys]
        session.execute(
            insert(Organisation), [{"id": each, "name": str(each), "kind": "charity"} for each in organisations]
        )
        session.execute(
            insert(PartnershipOrganisation),
            [{"partnership_id": world.partnership, "organisation_id": each} for each in organisations],
        )
        session.execute(
            insert(Assessment),
            [
                {
                    "partnership_id": world.partnership,
                    "id": key.assessment_id,
                    "round_id": world.round,
                    "organisation_id": organisation,
                    "questionnaire_id": questionnaire.id,
                    "questionnaire_version": questionnaire.version,
                    "questionnaire_hash": questionnaire.hash,
                    "status": "submitted",
                    "started_at": NOW,
                    "started_by": world.officer.person_id,
                    "submitted_at": NOW,
                    "submitted_by": world.officer.person_id,
                }
                for key, organisation in zip(keys, organisations, strict=True)
            ],
        )
        results.add_many(
            session,
            [
                {
                    "partnership_id": world.partnership,
                    "assessment_id": key.assessment_id,
                    "position": last - size + 1 + place,
                    "round_id": world.round,
                    "organisation_id": organisation,
                    "questionnaire_id": questionnaire.id,
                    "updated_at": at,
                    "is_deleted": False,
                    "line": as_result.write_line(
                        {
                            "id": str(key.assessment_id),
                            "position": last - size + 1 + place,
                            "status": "submitted",
                            "updated_at": as_result.write_time(at),
                        }
                    ),
                }
                for place, (key, organisation) in enumerate(zip(keys, organisations, strict=True))
            ],
        )
    return keys


class Mirror:
    """What somebody keeps of what they are told."""

    def __init__(self, http: TestClient, token: MadeToken, limit: int) -> None:
        self.http = http
        self.token = token
        self.limit = limit
        self.kept: dict[str, dict[str, Any]] = {}
        self.as_of = ""

    def pull(self) -> None:
        """Follow the list to its end, as the documentation says."""
        query = {"limit": str(self.limit)} | ({"updated_since": self.as_of} if self.as_of else {})
        position = 0
        while True:
            reply = self.http.get("/api/v1/results", params=query, headers=bearer(self.token))
            assert reply.status_code == 200, reply.text
            page = reply.json()
            for item in page["items"]:
                assert item["position"] > position, "out of order"
                position = item["position"]
                self.keep(item)
            if page["next_cursor"] is None:
                self.as_of = page["as_of"]
                return
            query["cursor"] = page["next_cursor"]

    def keep(self, item: dict[str, Any]) -> None:
        """Keep a result; drop what a tombstone stands for."""
        if "deleted_at" in item:
            self.kept.pop(item["id"], None)
        else:
            self.kept[item["id"]] = item

    def take_all(self) -> None:
        """Read the stream of everything, and what has changed since it began."""
        reply = self.http.get("/api/v1/results", headers=bearer(self.token, Accept="application/x-ndjson"))
        for line in reply.iter_lines():
            self.keep(json.loads(line))
        address = reply.links["next"]["url"]
        while address:
            reply = self.http.get(address, headers=bearer(self.token))
            page = reply.json()
            for item in page["items"]:
                self.keep(item)
            address, self.as_of = reply.links.get("next", {}).get("url", ""), page["as_of"]


def change(database: Database, keys: list[AssessmentKey], seed: int, started: Event) -> None:
    """Sign off, take back and bring back at random, with a clock of one's own that is wrong."""
    chance = Random(seed)
    started.wait(60)
    for _ in range(CHANGES):
        key = chance.choice(keys)
        at = NOW + timedelta(seconds=chance.randint(-3600, 3600 * (seed + 1)))
        with database.writing() as session:
            position, moved_at = results.move(session, at)
            row = results.find(session, key)
            assert row is not None
            if row.is_deleted:
                values = {"id": str(key.assessment_id), "position": position, "status": "submitted"}
                values["updated_at"] = as_result.write_time(moved_at)
                row.position, row.updated_at, row.is_deleted = position, moved_at, False
                row.line = as_result.write_line(values)
            else:
                status = chance.choice((AssessmentStatus.SIGNED_OFF, AssessmentStatus.IN_PROGRESS))
                feeding.note_moved(session, key, status, at)


def read_truth(database: Database) -> dict[str, dict[str, Any]]:
    with database.reading() as session:
        lines = session.scalars(select(Result.line).where(Result.is_deleted.is_(False)))
        return {each["id"]: each for each in map(json.loads, lines)}


@pytest.mark.parametrize(("size", "limit"), [(FEW, 37), (MANY, 1000)])
def test_who_pulls_while_others_write_ends_with_what_there_is(
    database: Database, questionnaires: Catalogue, size: int, limit: int
) -> None:
    questionnaire = questionnaires.get("local-partners", 1)
    world = make_world(database, questionnaire)
    keys = fill(database, world, questionnaire, size)
    token = make_client(database, add_person(database, Role.CENTRAL_ADMINISTRATOR), "results:read")
    started = Event()
    with serving(database) as (http, _), ThreadPoolExecutor(WRITERS) as pool:
        paged, streamed = Mirror(http, token, limit), Mirror(http, token, limit)
        writing = [pool.submit(change, database, keys, seed, started) for seed in range(WRITERS)]
        started.set()
        streamed.take_all()
        while not all(each.done() for each in writing):
            paged.pull()
        assert all(each.result() is None for each in writing)
        truth = read_truth(database)
        for each in (paged, streamed):
            each.pull()
            assert each.kept == truth
