"""What an operator asks of the releases."""

from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final
from uuid import UUID

import typer

from app.domain.errors import EnablersError

if TYPE_CHECKING:  # a command imports what it needs when it runs
    from app.domain.releases import ReleaseRecord

releases = typer.Typer(help="What all partnerships of a round say together.", no_args_is_help=True)
SHOWN: Final = {"withheld": "withheld", "mean": "shown without bands", "bands": "shown without quartiles"}


class LeakError(EnablersError):
    """A release that can be taken apart."""


@releases.command("list")
def list_releases() -> None:
    """List every release: its id, its round and how it stands."""
    from app.main import open_database
    from app.services import maintaining, releasing
    from app.settings import read_settings

    now = datetime.now(UTC)
    with closing(open_database(read_settings())) as database:
        maintaining.check_there(database)
        for each in releasing.list_all(database):
            typer.echo(f"{each.id}  {each.round}, release {each.number}: {_describe(each, now)}")


def _describe(record: "ReleaseRecord", now: datetime) -> str:
    if record.withdrawn_at:
        return "withdrawn"
    return "published" if record.is_published(now) else "approved" if record.approved_at else "to be checked"


@releases.command("audit")
def audit(release_id: Annotated[UUID, typer.Argument(metavar="ID", help="The release, as `list` names it.")]) -> None:
    """Audit a release anew, from what it is made of, and explain each cell that is withheld. Changes nothing.

    Ends with 1 where what it shows could be taken apart, or is not what the audit allows.
    """
    from app import catalogue
    from app.main import open_database
    from app.renderings.release_words import name_category, name_cut, name_measures
    from app.services import maintaining, releasing
    from app.settings import read_settings

    settings = read_settings()
    questionnaires = catalogue.load(settings.questionnaires)
    with closing(open_database(settings)) as database:
        maintaining.check_there(database)
        audited = releasing.audit_again(database, questionnaires, release_id)
    titles = name_measures(audited.questionnaire)
    for row in audited.withheld:
        where = f"{name_cut(row.key.cut)}: {name_category(*row.key)}"
        what = SHOWN.get(row.detail.name.lower(), "shown in part")
        typer.echo(f"{titles[row.measure]} – {where}: {what}. {row.reason.words}.")
    if audited.faults:
        raise LeakError("\n".join(audited.faults))
    typer.echo(f"{audited.cells} cells are shown. No partnership can be worked out from them.")
