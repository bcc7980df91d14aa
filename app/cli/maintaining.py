"""What an operator asks of an installation, in words."""

import platform
from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version

from app import catalogue
from app.domain.errors import EnablersError
from app.main import open_database
from app.services import Database, maintaining
from app.settings import read_settings


class RecomputationError(EnablersError):
    """Frozen submissions that do not come out again."""


def upgrade() -> str:
    """Bring the tables to this version."""
    with closing(open_database(read_settings())) as database:
        return f"The database is at {maintaining.upgrade(database)}."


def check() -> str:
    """Check that the database answers and is of this version."""
    with _database() as database:
        database.check()
        maintaining.check_revision(database)
    return "The database answers, and has the tables of this version."


def recompute() -> str:
    """Score every submission anew; raises `RecomputationError` naming those that differ."""
    questionnaires = catalogue.load(read_settings().questionnaires)
    with _database() as database:
        maintaining.check_revision(database)
        result = maintaining.recompute(database, questionnaires)
    if result.differences:
        differences = "\n".join(result.differences)
        raise RecomputationError(f"Not as they were frozen:\n{differences}")
    return f"{result.submissions} submissions scored anew, all as they were frozen."


def diagnose() -> str:
    """Say which versions, files and safety settings are in use; no secret is in it."""
    settings = read_settings()
    questionnaires = catalogue.load(settings.questionnaires)
    with _database() as database:
        facts = {
            "enablers": version("enablers"),
            "Python": platform.python_version(),
            "Database": database.url.render_as_string(hide_password=True),
            **database.describe(),
            "Mail": (
                f"{settings.smtp_host}:{settings.smtp_port} ({settings.smtp_security}), from {settings.mail_from}"
                if settings.smtp_host
                else "printed in the terminal"
            ),
            "Questionnaires": str(settings.questionnaires),
            "Versions": ", ".join(
                f"{entry.questionnaire.id}@{entry.questionnaire.version} ({entry.status})"
                for entry in questionnaires.entries
            ),
        }
    return "\n".join(f"{name}: {fact}" for name, fact in facts.items())


@contextmanager
def _database() -> Iterator[Database]:
    """Open the database that is there; only an upgrade makes one."""
    with closing(open_database(read_settings())) as database:
        maintaining.check_there(database)
        yield database
