"""Setting up from the terminal: areas, indicators, organisations, partnerships and rounds, from CSV files."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.domain.errors import EnablersError
from app.domain.values import one_line

if TYPE_CHECKING:  # a command imports what it needs when it runs
    from app.services import Database
    from app.services.setting_up.tables import Faulty, Imported

areas = typer.Typer(help="Official areas.", no_args_is_help=True)
indicators = typer.Typer(help="Indicators of areas.", no_args_is_help=True)
neighbours = typer.Typer(help="Areas that are like one another.", no_args_is_help=True)
organisations = typer.Typer(help="Organisations.", no_args_is_help=True)
partnerships = typer.Typer(help="Partnerships of organisations.", no_args_is_help=True)
rounds = typer.Typer(help="Rounds of assessment.", no_args_is_help=True)

Csv = Annotated[Path, typer.Argument(readable=False, help="The CSV file; docs/set-up.md says what is in it.")]


@areas.callback()
@indicators.callback()
@neighbours.callback()
@organisations.callback()
@partnerships.callback()
@rounds.callback()
def _group() -> None:
    """Keep a group that has one command yet a group."""


class SetUpFileError(EnablersError):
    """A file with faults. Nothing of it was stored."""


@areas.command("import")
def import_areas(file: Csv) -> None:
    """Import areas: mySociety's list of authorities, names and codes of the ONS, or a file of your own."""
    from app.services.setting_up.areas import import_areas as run

    _import(file, lambda database, data, now: run(database, None, data, now))


@indicators.command("import")
def import_indicators(file: Csv) -> None:
    """Import indicators of areas: population, deprivation, spending and others."""
    from app.services.setting_up.indicators import import_indicators as run

    _import(file, lambda database, data, now: run(database, None, data, now))


@neighbours.command("import")
def import_neighbours(file: Csv) -> None:
    """Import the nearest statistical neighbours of areas, in place of those that the areas of the file had."""
    from app.services.setting_up.neighbours import import_neighbours as run

    _import(file, lambda database, data, now: run(database, None, data, now))


@organisations.command("import")
def import_organisations(file: Csv) -> None:
    """Import organisations, or change what kind they are."""
    from app.services.setting_up.organisations import import_organisations as run

    _import(file, lambda database, data, now: run(database, None, data, now))


@partnerships.command("import")
def import_partnerships(file: Csv) -> None:
    """Import partnerships with their areas and organisations; to those that are there, what is missing is added."""
    from app.services.setting_up.partnership_files import import_partnerships as run

    _import(file, lambda database, data, now: run(database, None, data, now))


@rounds.command("import")
def import_rounds(file: Csv) -> None:
    """Import rounds as drafts; an administrator confirms them in the browser."""
    from app.catalogue import load
    from app.services.setting_up.round_files import import_rounds as run
    from app.settings import read_settings

    catalogue = load(read_settings().questionnaires)
    _import(file, lambda database, data, now: run(database, catalogue, None, data, now))


def _import(file: Path, run: "Callable[[Database, bytes, datetime], Imported | Faulty]") -> None:
    """Import a file, all or nothing; raises `SetUpFileError` with every fault, each as `FILE:LINE: what is wrong`."""
    from app.services.setting_up.tables import Faulty

    data = file.read_bytes()
    with _opened() as database:
        result = run(database, data, datetime.now(UTC))
    if isinstance(result, Faulty):
        where = one_line(str(file))
        raise SetUpFileError("\n".join(f"{where}:{fault.line}: {one_line(fault.text)}" for fault in result.faults))
    typer.echo(f"{result.added} added, {result.changed} changed, {result.same} as they were.")
    for note in result.notes:
        typer.echo(f"{one_line(note)}.")


@contextmanager
def _opened() -> "Iterator[Database]":
    """Open the database that is there; only an upgrade, the service or the first invitation makes one."""
    from app.main import open_database
    from app.services import maintaining
    from app.settings import read_settings

    with closing(open_database(read_settings())) as database:
        maintaining.check_there(database)
        maintaining.check_revision(database)
        yield database
