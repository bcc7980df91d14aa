"""The demonstration as everybody meets it: each of its people, and somebody who has not signed in, following links."""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urldefrag, urljoin, urlsplit

from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from app.dependencies import SESSION_COOKIE
from app.services import Database, demonstration
from app.services.demonstration.words import load_people
from app.store.models import Attempts, AuditChain, AuditEntry, Base, SignInSession
from tests.sign_ins import sign_in

ADDRESS: Final = "http://127.0.0.1:8000"
NOBODY: Final = "nobody"
VISITORS: Final = (NOBODY, *(hat.name for hat in load_people().everyone if hat.suggestion))
"""Who is offered to step in as, by name; the first has not signed in."""
MOST_PAGES: Final = 300
"""A visitor who finds more than this goes round in circles."""
MOST_ALIKE: Final = 8
"""Addresses that differ in ids alone and are followed: an administrator's lists lead to hundreds of pages alike."""


ID: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b[A-Z][0-9]{8}\b")
BusinessData = dict[str, list[tuple[object, ...]]]
"""Table -> its rows."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One address that a visitor was led to, and what came back, redirections followed."""

    path: str
    response: Response

    @property
    def is_page(self) -> bool:
        return self.response.headers["content-type"].startswith("text/html")


def open_as(app: FastAPI, name: str) -> TestClient:
    """Give a client that browses as a visitor."""
    client = TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)
    if name != NOBODY:
        database: Database = app.state.database
        (person,) = (hat.person_id for hat in demonstration.list_hats(database) if hat.name == name)
        client.cookies.set(SESSION_COOKIE, sign_in(database, person))
    return client


def crawl(client: TestClient, start: str = "/") -> dict[str, Visit]:
    """Follow the links inside the service, breadth first: address -> visit; of many pages alike, the first few."""
    visits: dict[str, Visit] = {}
    alike: Counter[str] = Counter()
    waiting = deque([start])
    while waiting:
        path = waiting.popleft()
        shape = ID.sub("ID", path.partition("?")[0])
        if path in visits or alike[shape] == MOST_ALIKE:
            continue
        alike[shape] += 1
        assert len(visits) < MOST_PAGES, f"more than {MOST_PAGES} pages, such as {path}"
        visit = visits[path] = Visit(path, client.get(path))
        if visit.is_page:
            waiting.extend(find_links(visit))
    return visits


def find_links(visit: Visit) -> Iterator[str]:
    """Give the addresses inside the service that a page links to, without the place on the page."""
    for href in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', visit.response.text):
        target = urlsplit(urldefrag(urljoin(str(visit.response.url), unescape(href))).url)
        if f"{target.scheme}://{target.netloc}" == ADDRESS:
            yield target.path + (f"?{target.query}" if target.query else "")


def read_business_data(database: Database) -> BusinessData:
    """Give every row of every table but what looking leaves behind: sessions in use, wrong tokens, and the audit."""
    tables: Iterable[type[Base]] = (mapper.class_ for mapper in Base.registry.mappers)
    with database.reading() as session:
        return {
            table.__tablename__: sorted(
                (tuple(row) for row in session.execute(select(*table.__table__.columns))), key=repr
            )
            for table in tables
            if table not in {SignInSession, Attempts, AuditChain, AuditEntry}
        }
