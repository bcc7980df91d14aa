"""The demonstration, made once for each worker at a fixed moment, and what each visitor finds in it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.catalogue import Catalogue
from app.main import create_app
from app.services import Database, demonstration
from app.settings import Settings
from app.store.models import Person
from tests.databases import sqlite_database
from tests.house.demonstration import BusinessData, Visit, crawl, open_as, read_business_data
from tests.people import NOW
from tests.sign_ins import ask_for_token

Explore = Callable[[str], dict[str, Visit]]


@pytest.fixture(scope="session")
def demonstration_app(
    sqlite_template: Path, questionnaires: Catalogue, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[FastAPI]:
    """The service in demonstration."""
    with sqlite_database(sqlite_template, tmp_path_factory.mktemp("house")) as database:
        demonstration.populate(database, questionnaires, NOW)
        url = database.url.render_as_string(hide_password=False)
        app = create_app(Settings(demonstration=True, database_url=url, secure_cookies=False))
        app.state.clock = lambda: NOW
        yield app
        app.state.database.close()


@dataclass(frozen=True, slots=True)
class Pristine:
    """The demonstration before anybody looked at it."""

    data: BusinessData
    token: str
    """Of a sign-in link that nobody has used."""


@pytest.fixture(scope="session")
def pristine(demonstration_app: FastAPI) -> Pristine:
    database: Database = demonstration_app.state.database
    with database.reading() as session:
        address = session.scalars(select(Person.email).order_by(Person.email)).first()
    token = ask_for_token(database, address or "")
    return Pristine(read_business_data(database), token)


@pytest.fixture(scope="session")
def explore(demonstration_app: FastAPI, pristine: Pristine) -> Explore:
    """Give all that a visitor finds by following links from the start page; crawled once."""
    del pristine  # taken before

    @lru_cache
    def visits_of(visitor: str) -> dict[str, Visit]:
        return crawl(open_as(demonstration_app, visitor))

    return visits_of
