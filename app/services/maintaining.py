"""What an operator does with the database: make its tables, check it, hold its scores against a recomputation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.catalogue import Catalogue, QuestionnaireMissingError
from app.domain.errors import EnablersError
from app.domain.records import Submission
from app.domain.scoring import score, summarise_scores
from app.domain.values import one_line
from app.services import Database, privacy
from app.services.outside import Outside
from app.store import assessments, migrations


class DatabaseMissingError(EnablersError):
    """There is no database yet. Only an upgrade and the service make one."""


class DatabaseBehindError(EnablersError):
    """The database has the tables of another version of this code."""


@dataclass(frozen=True, slots=True)
class Recomputation:
    """How many frozen submissions were looked at, and which of them do not come out as they were, each with why."""

    submissions: int
    differences: tuple[str, ...]


def upgrade(database: Database) -> str:
    """Make the tables, or bring them to this version; gives the revision."""
    database.make_folder()
    migrations.upgrade(database)
    return str(migrations.find_revision(database))


def prepare(database: Database, outside: Outside, now: datetime) -> None:
    """Make the tables of a new database, and erase again whoever a restored backup has brought back.

    Raises `DatabaseBehindError` for a database that is at another revision, and `OutsideError`.
    """
    database.make_folder()
    if migrations.find_revision(database) is None:
        migrations.upgrade(database)
    check_revision(database)
    privacy.apply_erasures(database, outside, now)


def check_there(database: Database) -> None:
    """Raise `DatabaseMissingError` where connecting would make the database, perhaps of a mistyped path."""
    if database.is_missing():
        raise DatabaseMissingError(
            f"There is no database at {one_line(str(database.path))}; make it with: enablers database upgrade"
        )


def check_revision(database: Database) -> None:
    """Raise `DatabaseBehindError` unless the tables are those of this version."""
    revision, head = migrations.find_revision(database), migrations.find_head()
    if revision != head:
        raise DatabaseBehindError(
            f"The database is at {revision or 'no revision'} and this version needs {head}; "
            "back it up, then run: enablers database upgrade"
        )


def recompute(database: Database, catalogue: Catalogue) -> Recomputation:
    """Score every frozen submission anew, with the questionnaire version it was answered with, and compare."""
    count = 0
    differences = []
    with database.reading() as session:
        for submission in assessments.list_submissions(session):
            count += 1
            difference = _find_difference(submission, assessments.get_frozen_scores(session, submission), catalogue)
            if difference:
                record = submission.record
                named = one_line(f"{record.organisation}, {record.partnership}, {record.round}")
                differences.append(f"{named}: {difference}")
    return Recomputation(count, tuple(differences))


def _find_difference(submission: Submission, rows: Mapping[str, Any], catalogue: Catalogue) -> str:
    """Say how a submission, or its rows of scores, is not as it comes out; nothing where all agree."""
    try:
        questionnaire = catalogue.get_by_hash(submission.questionnaire_hash)
    except QuestionnaireMissingError as error:
        return str(error)
    scores = summarise_scores(score(questionnaire, submission.answers))
    return "" if scores == submission.scores == rows else "its scores come out otherwise"
