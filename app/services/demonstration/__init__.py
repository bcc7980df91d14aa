"""The demonstration: invented places whose partnerships have assessed themselves, made from a fixed seed.

`words` what people say, from `data/` -> `places` who is who -> `readiness` what is hidden behind the answers ->
`answers` with their `notes`, at the times of `calendar` -> `rows` for every table, to which `trust` adds its own.
Chance comes from `draws` alone, so that two demonstrations made at the same moment are equal, ids included.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.catalogue import Catalogue
from app.services import Database
from app.services.demonstration.places import hat_email
from app.services.demonstration.rows import make_rows
from app.services.demonstration.trust import add_ratings
from app.services.demonstration.words import load_people, load_words
from app.store import bulk

__all__ = ["QUESTIONNAIRE", "Hat", "list_hats", "populate"]

QUESTIONNAIRE: Final = "local-partners"
"""Both rounds ask its newest published version."""


@dataclass(frozen=True, slots=True)
class Hat:
    """Somebody whom the start page of the demonstration offers to step in as."""

    person_id: UUID
    name: str
    what: str
    """What they are, and where: “Council officer, Larkminster City Council”."""
    suggestion: str
    """What to try, in a sentence or two."""


def populate(database: Database, catalogue: Catalogue, now: datetime) -> None:
    """Fill an empty database with the demonstration, in one transaction; do nothing where anything is in it."""
    with database.reading() as session:
        if not bulk.is_empty(session):
            return
    questionnaire = catalogue.get(QUESTIONNAIRE)
    rows = make_rows(load_words(), questionnaire, now, catalogue.barriers_of(questionnaire.framework.id))
    add_ratings(rows, catalogue.trust_of(questionnaire.framework.id), now)
    with database.writing() as session:
        if bulk.is_empty(session):
            bulk.insert_rows(session, rows)


def list_hats(database: Database) -> tuple[Hat, ...]:
    """List whom to offer first, in order; nobody where the database holds no demonstration."""
    people = load_people()
    offered = [hat for hat in people.everyone if hat.suggestion]
    emails = [hat_email(hat, people) for hat in offered]
    with database.reading() as session:
        found = bulk.find_people(session, emails)
    return tuple(
        Hat(found[email], hat.name, f"{hat.what}, {people.place_of(hat)}", hat.suggestion)
        for hat, email in zip(offered, emails, strict=True)
        if email in found
    )
