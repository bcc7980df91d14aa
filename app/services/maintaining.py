"""What an operator does with the database: make its tables, check it, hold its scores against a recomputation."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.catalogue import Catalogue
from app.domain.errors import EnablersError
from app.domain.records import Submission
from app.domain.scoring import score, summarise_scores
from app.services import Database
from app.store import assessments, migrations


class DatabaseBehindError(EnablersError):
    """The database has the tables of another version of this code."""


@dataclass(frozen=True, slots=True)
class Recomputation:
    """How many frozen submissions were scored anew, and which came out otherwise."""

    submissions: int
    differences: tuple[str, ...]


def upgrade(database: Database) -> str:
    """Make the tables, or bring them to this version; gives the revision."""
    migrations.upgrade(database)
    return str(migrations.find_revision(database))


def prepare(database: Database) -> None:
    """Make the tables of a new database; raises `DatabaseBehindError` for one that is at another revision."""
    if migrations.find_revision(database) is None:
        migrations.upgrade(database)
    check_revision(database)


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
    for submission in _list_submissions(database):
        count += 1
        scores = score(catalogue.get_by_hash(submission.questionnaire_hash), submission.answers)
        if summarise_scores(scores) != submission.scores:
            record = submission.record
            differences.append(f"{record.organisation}, {record.partnership}, {record.round}")
    return Recomputation(count, tuple(differences))


def _list_submissions(database: Database) -> Iterator[Submission]:
    with database.reading() as session:
        yield from assessments.list_submissions(session)
