"""The demonstration as central teams meet it: who may release its rounds, and what its releases are made of."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, insert, select

from app.catalogue import Catalogue
from app.domain.access import Actor, Grant, Role
from app.domain.aggregate import Contribution
from app.domain.releases import Content
from app.services import Database, demonstration, maintaining, releasing
from app.services.demonstration.calendar import plan_rounds
from app.services.releasing.loading import load_plan
from app.store import releases as store
from app.store.models import Base, Membership, Round

NOW = datetime(2026, 11, 22, 16, 5, tzinfo=UTC)
AFTER = NOW + timedelta(days=90)
"""When the round that is open in the demonstration has closed."""


@dataclass(frozen=True)
class Centre:
    """The demonstration, and who may do what in it."""

    database: Database
    questionnaires: Catalogue
    administrator: Actor
    analyst: Actor
    closed: UUID
    opened: UUID

    def build(self, round_id: UUID, now: datetime = NOW) -> UUID:
        return releasing.build_release(self.database, self.questionnaires, self.administrator, round_id, now)

    def read(self, round_id: UUID, now: datetime = NOW) -> Content:
        return releasing.get_published(self.database, self.questionnaires, self.analyst, round_id, now).content

    def load(self, round_id: UUID, now: datetime = NOW) -> tuple[Contribution, ...]:
        with self.database.reading() as session:
            found = store.find_round(session, round_id)
            assert found is not None
            return load_plan(session, self.questionnaires, found, now).contributions


_MADE: list[tuple[Table, list[dict[str, Any]]]] = []


def read_demonstration(questionnaires: Catalogue) -> list[tuple[Table, list[dict[str, Any]]]]:
    """Give the rows of the demonstration, table by table; it is made once, as its audit takes some seconds."""
    if not _MADE:
        with tempfile.TemporaryDirectory() as folder:
            database = Database(f"sqlite:///{folder}/demonstration.db")
            maintaining.upgrade(database)
            demonstration.populate(database, questionnaires, NOW)
            with database.reading() as session:
                for table in Base.metadata.sorted_tables:
                    rows = [dict(row._mapping) for row in session.execute(select(table))]
                    if rows:
                        _MADE.append((table, rows))
            database.close()
    return _MADE


def make_centre(database: Database, questionnaires: Catalogue) -> Centre:
    """Fill an empty database with the demonstration."""
    with database.writing() as session:
        for table, rows in read_demonstration(questionnaires):
            for start in range(0, len(rows), 2000):
                session.execute(insert(table), rows[start : start + 2000])
    rounds = [plan.title for plan in plan_rounds(NOW)]
    with database.reading() as session:
        ids = dict(session.execute(select(Round.title, Round.id)).all())
        people = dict(
            session.execute(
                select(Membership.role, Membership.person_id).where(Membership.role.startswith("central"))
            ).all()
        )
    administrator, analyst = (
        Actor(people[role.value], role.value, frozenset({Grant(role)}))
        for role in (Role.CENTRAL_ADMINISTRATOR, Role.CENTRAL_ANALYST)
    )
    return Centre(database, questionnaires, administrator, analyst, *(ids[title] for title in rounds))
