"""The demonstration: invented places whose partnerships have assessed themselves, made from a fixed seed.

`words` what people say, from `data/` -> `places` who is who -> `readiness` what is hidden behind the answers ->
`answers` with their `notes`, at the times of `calendar` -> `rows` for every table, to which `trust` and `departments`
add their own.
Chance comes from `draws` alone, so that two demonstrations made at the same moment are equal, ids included.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from app.catalogue import Catalogue
from app.domain.access import Role
from app.services import Database, DatabaseUnavailableError, releasing
from app.services.demonstration import departments
from app.services.demonstration.calendar import RELEASED_AFTER, plan_earlier, plan_rounds
from app.services.demonstration.draws import make_id
from app.services.demonstration.places import hat_email
from app.services.demonstration.rows import make_rows
from app.services.demonstration.trust import add_ratings
from app.services.demonstration.words import load_people, load_words
from app.store import bulk, models
from app.store.bulk import Rows

__all__ = ["QUESTIONNAIRE", "Hat", "list_hats", "populate"]

QUESTIONNAIRE: Final = "local-partners"
"""The rounds of places ask its newest published version."""
ATTEMPTS: Final = 4
"""How often one waits for somebody else to have made it: on a slow machine that is longer than a turn may take."""


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
    words = load_words()
    framework = questionnaire.framework.id
    beside = catalogue.barriers_of(framework), catalogue.learning_of(framework)
    rows = make_rows(words, questionnaire, now, *beside)
    add_ratings(rows, catalogue.trust_of(questionnaire.framework.id), now)
    departments.add_departments(rows, words.departments, catalogue.get(departments.QUESTIONNAIRE), now)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with database.writing() as session:
                if bulk.is_empty(session) and bulk.insert_rows(session, rows):
                    _release(session, catalogue, rows, now)
        except DatabaseUnavailableError:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _release(session: Session, catalogue: Catalogue, rows: Rows, now: datetime) -> None:
    """Publish what all partnerships said together in the two rounds that have closed, some weeks after each."""
    ids = {row["title"]: row["id"] for row in rows.of(models.Round)}
    (by,) = (row["person_id"] for row in rows.of(models.Membership) if row["role"] == Role.CENTRAL_ADMINISTRATOR)
    for plan in (plan_earlier(now), plan_rounds(now)[0]):
        at = plan.closes_at + RELEASED_AFTER
        release_id = make_id(at, "release", plan.key)
        releasing.add_demonstration(session, catalogue, ids[plan.title], release_id, by, at)


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
